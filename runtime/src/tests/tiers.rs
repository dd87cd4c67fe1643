// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The tier table for real GPUs.

use crate::settings::{
    defaults::{self, DAY},
    tiers::{ROWS, table},
};
use sp_runtime::{FixedU128, traits::Zero};
use tokenomics_primitives::tiers::{self, Floor, TableError, Tier};

/// What is left of a row so many days after genesis.
fn left(tier: &Tier, days: u32) -> FixedU128 {
    tiers::fading(tier.decay, u64::from(days * DAY), DAY).unwrap()
}

#[test]
fn a_genesis_can_begin_with_it() {
    assert_eq!(tiers::check(&table(), 0), Ok(()));
    // The check can fail: of rows upside down the second has the lower floor.
    let upside_down: Vec<_> = table().into_iter().rev().collect();
    assert_eq!(tiers::check(&upside_down, 0), Err(TableError::FloorOrder));
}

#[test]
fn a_card_at_two_fifths_of_its_peak_reaches_its_row_and_below_the_floor_it_does_not() {
    let table = table();
    for (row, (card, peak, ..)) in ROWS.into_iter().enumerate() {
        let verified = |mops| Floor {
            mops,
            gib: 0,
            gbps: 0,
        };
        let reached = tiers::tier_of(&table, &verified(peak * 1_000 * 2 / 5));
        assert!(reached >= Some(row), "{card}");
        let floor = table[row].floor.mops;
        assert_eq!(
            tiers::tier_of(&table, &verified(floor)),
            Some(row),
            "{card}"
        );
        let below = tiers::tier_of(&table, &verified(floor - 1));
        assert_eq!(below, row.checked_sub(1), "{card}");
    }
}

#[test]
fn a_mops_is_worth_more_in_each_higher_row_on_every_day_until_the_rows_retire() {
    let table = table();
    let even = vec![FixedU128::from_u32(1); table.len()];
    let minimum = defaults::emission().retired_below;
    for days in [0, 1, 365, 730, 1_825] {
        let now = u64::from(days * DAY);
        let worth = tiers::effective(&table, &even, now, DAY, minimum).unwrap();
        let paid: Vec<_> = worth[..table.len()]
            .iter()
            .filter(|row| !row.is_zero())
            .collect();
        assert!(paid.len() > 1, "after {days} days");
        assert!(
            paid.is_sorted_by(|lower, higher| lower < higher),
            "{worth:?}"
        );
    }
}

#[test]
fn rows_halve_when_the_text_says() {
    let table = table();
    let half = FixedU128::from_rational(1, 2);
    let month = 365 / 12;
    let oldest = &table[0];
    assert!(left(oldest, 14 * month) > half && left(oldest, 16 * month) < half);
    let newest_but_one = &table[ROWS.len() - 2];
    assert!(left(newest_but_one, 35 * month) > half && left(newest_but_one, 41 * month) < half);
}
