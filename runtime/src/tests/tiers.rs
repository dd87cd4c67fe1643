// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The tier table for real GPUs.

use super::chain::Chain;
use crate::{
    Emission, Runtime, Settings,
    settings::{
        self, WindowParameters,
        defaults::{self, DAY},
        parameters,
        tiers::{CARDS, expected, table},
    },
};
use frame_support::{assert_noop, assert_ok, traits::Get as _};
use pallet_emission::{ByTier, Error};
use sp_runtime::{FixedU128, Perbill};
use tokenomics_primitives::tiers::{self, Floor, Tier};

/// What merging cards may gain: nothing.
const NOTHING: (u128, u128) = (1, 1);

/// What cards of a peak in TFLOPS weigh, verified at what is expected of them.
fn weigh(table: &[Tier], worth: &[FixedU128], peak: u64) -> u128 {
    let verified = Floor {
        mops: expected(peak),
        gib: 0,
        gbps: 0,
    };
    tiers::standing(table, &verified).map_or(0, |standing| {
        // Six decimals of a worth.
        let of =
            |row: usize, mops: u64| worth[row].into_inner() / 1_000_000_000_000 * u128::from(mops);
        of(standing.row, standing.mops) + of(standing.base, standing.rest)
    })
}

/// What two to sixteen cards of any two kinds weigh as one, to what they weigh each for
/// itself: at most, over all of them, after so many days, at these availabilities.
fn most_gained(table: &[Tier], days: u32, availabilities: &[FixedU128]) -> (u128, u128) {
    let now = u64::from(days * DAY);
    let minimum = defaults::emission().retired_below;
    let worth = tiers::effective(table, availabilities, now, DAY, minimum).unwrap();
    let mut most = NOTHING;
    for (_, one) in CARDS {
        for (_, other) in CARDS {
            for others in 1..16u64 {
                let together = weigh(table, &worth, one + others * other);
                let alone =
                    weigh(table, &worth, one) + u128::from(others) * weigh(table, &worth, other);
                if together * most.1 > most.0 * alone {
                    most = (together, alone);
                }
            }
        }
    }
    most
}

/// One availability for each row, of those given in turn.
fn in_turn(rows: usize, percents: &[u128]) -> Vec<FixedU128> {
    let all = percents.iter().cycle().take(rows);
    all.map(|percent| FixedU128::from_rational(*percent, 100))
        .collect()
}

/// A row for each card, as the table once had them, with multipliers in percent.
fn rows(multiplier: impl Fn(u128) -> u128) -> Vec<Tier> {
    let terms = [
        (100, 1_500),
        (105, 1_300),
        (110, 1_150),
        (120, 1_000),
        (125, 900),
        (140, 700),
        (150, 600),
        (175, 500),
    ];
    let only = table()[0];
    CARDS
        .into_iter()
        .zip(terms)
        .map(|((_, peak), (percent, millionths))| Tier {
            floor: Floor {
                mops: expected(peak) / 2,
                ..only.floor
            },
            multiplier: FixedU128::from_rational(multiplier(percent), 100),
            decay: Perbill::from_parts(millionths * 1_000),
            ..only
        })
        .collect()
}

#[test]
fn a_genesis_can_begin_with_it() {
    assert_eq!(tiers::check(&table(), 0), Ok(()));
    assert!(defaults::window().walk.is_none(), "nothing asks for memory");
    assert!(!table().iter().any(Tier::asks_for_memory));
}

#[test]
fn every_card_at_half_of_what_is_expected_reaches_it_and_less_than_the_weakest_does_not() {
    let table = table();
    let reached = |mops| {
        let verified = Floor {
            mops,
            gib: 0,
            gbps: 0,
        };
        tiers::tier_of(&table, &verified)
    };
    for (card, peak) in CARDS {
        assert_eq!(reached(expected(peak) / 2), Some(0), "{card}");
    }
    assert!(CARDS.is_sorted_by_key(|(_, peak)| *peak), "weakest first");
    assert_eq!(reached(expected(CARDS[0].1) / 2 - 1), None);
}

/// With and without a walk: the row names no ratio, so no bandwidth changes anything.
#[test]
fn merged_cards_gain_nothing_at_any_age_and_availability() {
    for days in [0, 365, 3 * 365] {
        for percent in [50, 100, 200] {
            let one = in_turn(1, &[percent]);
            assert_eq!(most_gained(&table(), days, &one), NOTHING);
        }
    }
}

/// The twins. With the multipliers that rows once had, sixteen of the weakest cards weighed
/// as one what eight in ten more do. With equal ones nothing was gained at first; after a
/// year, or where some rows are scarce and others abundant, more than ever.
#[test]
fn merged_cards_would_gain_where_there_are_more_rows() {
    let tenths = |(together, alone): (u128, u128)| together * 10 / alone;
    let even = in_turn(8, &[100]);
    assert_eq!(tenths(most_gained(&rows(|percent| percent), 0, &even)), 17);
    let equal = rows(|_| 100);
    assert_eq!(tenths(most_gained(&equal, 0, &even)), 10);
    assert!(tenths(most_gained(&equal, 365, &even)) > 14);
    let uneven = in_turn(8, &[50, 50, 50, 200]);
    assert!(tenths(most_gained(&equal, 0, &uneven)) > 10);
}

/// Neither windows nor a table get where a multiplier is paid that nobody could verify.
#[test]
fn multipliers_that_differ_need_a_walk() {
    let mut chain = Chain::new("development");
    chain.with(|| {
        let tiers = || pallet_governance::Origin::Tiers.into();
        let set = |rows: Vec<Tier>| Emission::set_tiers(tiers(), ByTier::truncate_from(rows));
        let two = |ratio, percent| {
            let only = table()[0];
            let above = Tier {
                floor: Floor {
                    mops: 2 * only.floor.mops,
                    ..only.floor
                },
                multiplier: FixedU128::from_rational(percent, 100),
                mops_per_gbps: ratio,
                decay: Perbill::from_parts(1),
                ..only
            };
            vec![only, above]
        };
        // The development chain's windows ask for a walk.
        assert_noop!(set(two(0, 101)), Error::<Runtime>::RatioMissing);
        assert_ok!(set(two(1_000, 101)));
        assert!(Emission::asks_for_memory());
        let window = WindowParameters {
            walk: None,
            ..parameters::Window::get()
        };
        assert_eq!(
            Settings::begin_with(window.clone().into()),
            Err(settings::Error::WalkNeeded)
        );
        // A table without a ratio gives the windows free again.
        assert_ok!(set(two(0, 100)));
        assert!(!Emission::asks_for_memory());
        assert_ok!(Settings::begin_with(window.into()));
        assert_noop!(set(two(1_000, 101)), Error::<Runtime>::MemoryFloor);
    });
}
