// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! After the cap the pool alone pays, settled round by round for years: what it holds,
//! under which conditions, and that it never runs dry or overpays.
//!
//! A round of b blocks pays e · min(pool, ⌊pool · drip · b'⌋), with b' = b up to
//! `max_round` and e the proportion that was earned; the part m · u of it that is the
//! miners' and nobody claims comes back when the round expires. So with a steady
//! inflow F a block the pool settles where F · b = e · (1 − m · u) · drip · b' · pool,
//! at
//!
//! > F / drip · b / b' · 1 / e · 1 / (1 − m · u),
//!
//! and is at most that and what one round brings. Where no round is longer than
//! `max_round`, all is earned and all is claimed, that is F / drip and one round.

use crate::{Rounds, mock::*};
use frame_support::assert_ok;
use sp_runtime::Perbill;

/// What the pool pays a block, one part in so many.
const DRIP: u128 = 500_000;
/// What comes in a block.
const INFLOW: Balance = 1_000_000;
/// Where the pool settles at the plain bound.
const LEVEL: Balance = INFLOW * DRIP;

/// How a year goes after the cap.
#[derive(Clone, Copy)]
struct Year {
    /// The blocks of its rounds, in turn.
    blocks: &'static [u64],
    /// The MOPS verified in a round, of the 100,000 that earn everything.
    mops: u64,
    /// Of so many rounds, one is never claimed. None if zero.
    unclaimed: u32,
    days: u64,
}

const STEADY: Year = Year {
    blocks: &[ROUND],
    mops: 100_000,
    unclaimed: 0,
    days: 365,
};

/// What the pool held at most and at the end, above what a single round brought at
/// most; checked on the way: each round pays something when there is enough, nothing
/// is minted and nothing paid that was not in the pool.
fn settled(year: Year, from: Balance) -> (Balance, Balance) {
    let mut result = (0, 0);
    // Only the newest row, so that nothing fades and the reference earns everything.
    genesis(vec![base(1_000, 100, 1, 100_000)]).execute_with(|| {
        mint_to_nobody(21_000_000 * NI - Minted::get());
        Parameters::mutate(|all| {
            all.max_round = 1_000;
            all.stakers_share = Perbill::from_percent(50);
        });
        // Without it the availability would move the weight.
        crate::Tiers::<Test>::mutate(|table| table[0].tier.target = u128::from(year.mops));
        crate::Tiers::<Test>::mutate(|table| table[0].availability.average = year.mops.into());
        recycle(from);
        let longest = *year.blocks.iter().max().unwrap();
        let mut window = 0;
        let end = System::block_number() + year.days * u64::from(DAY);
        while System::block_number() < end {
            let blocks = year.blocks[usize::try_from(window).unwrap() % year.blocks.len()];
            window += 1;
            recycle(INFLOW * u128::from(blocks));
            let before = pool();
            // A GPU for each round of the ring, so that a result stays for as long as
            // it can be claimed; its next result pays or forfeits the one before.
            let hotkey = u64::from(window % 5);
            note(hotkey, window, year.mops);
            let pool_before_settling = pool();
            settle_after(window, blocks);
            let round = Emission::round(window);
            let paid = round.map_or(0, |round| {
                assert_eq!(round.minted, 0, "the cap is reached");
                round.drawn
            });
            assert!(paid <= pool_before_settling);
            let counted = u128::from(blocks.min(1_000));
            if before >= DRIP.div_ceil(counted) * 100_000 / u128::from(year.mops) {
                assert!(paid > 0, "a round of a pool of {before} pays nothing");
            }
            let lapses = year.unclaimed > 0 && window % year.unclaimed == 0;
            if !lapses {
                assert_ok!(Emission::claim(RuntimeOrigin::signed(ANYBODY), hotkey, 0));
            }
            result.0 = result.0.max(pool());
            if window % 1_000 == 0 {
                check();
            }
        }
        result.1 = pool();
        assert_eq!(Minted::get(), Cap::get(), "not a unit was minted");
        assert!(Rounds::<Test>::iter().count() <= 3);
        check();
        // One round's inflow is what the bound leaves.
        let one_round = INFLOW * u128::from(longest);
        result = (result.0 - one_round.min(result.0), result.1);
    });
    result
}

#[test]
fn a_year_of_steady_fees_keeps_the_pool_at_what_its_drip_pays() {
    // From nothing, and from where it settles.
    for from in [0, LEVEL] {
        let (most, end) = settled(STEADY, from);
        assert!(most <= LEVEL, "{most} of {LEVEL}");
        assert!(end > LEVEL - LEVEL / 100, "{end} of {LEVEL}");
    }
}

#[test]
fn gaps_shares_unearned_and_pay_unclaimed_raise_it_by_what_they_hold_back() {
    let level = |blocks: (u128, u128), earned: (u128, u128), kept: (u128, u128)| {
        LEVEL * blocks.0 / blocks.1 * earned.1 / earned.0 * kept.1 / kept.0
    };
    let half_unclaimed = Year {
        unclaimed: 1,
        ..STEADY
    };
    let cases = [
        // Every fourth round is five thousand blocks late, of which a thousand count.
        (
            Year {
                blocks: &[ROUND, ROUND, ROUND, 5_000],
                ..STEADY
            },
            level((5_900, 1_900), (1, 1), (1, 1)),
        ),
        // A quarter of the reference is verified.
        (
            Year {
                mops: 25_000,
                days: 550,
                ..STEADY
            },
            level((1, 1), (1, 4), (1, 1)),
        ),
        // No miner claims: half of what is paid comes back.
        (half_unclaimed, level((1, 1), (1, 1), (1, 2))),
        // All at once, one round in four unclaimed.
        (
            Year {
                blocks: &[ROUND, ROUND, ROUND, 5_000],
                mops: 50_000,
                unclaimed: 3,
                days: 3 * 365,
            },
            level((5_900, 1_900), (1, 2), (5, 6)),
        ),
    ];
    for (case, (year, level)) in cases.into_iter().enumerate() {
        let (most, end) = settled(year, 0);
        // What was paid and comes back is on its way for the rounds of the ring, and
        // what a late round brings at once is not spread over the others: neither is
        // more than some rounds' inflow.
        let some_rounds = 4 * INFLOW * u128::from(*year.blocks.iter().max().unwrap());
        assert!(
            most <= level + some_rounds,
            "case {case}: {most} of {level}"
        );
        assert!(
            end > level - level / 20,
            "case {case}: {end} of {level}, which is reached"
        );
        // The twin: the plain bound is not one here.
        assert!(end > LEVEL + INFLOW * 5_000, "case {case}: {end}");
    }
}

/// Years without any fee: every round pays in which the pool has anything, the drip of
/// it while that is more than the schedule, which asks for a unit a block even after the
/// cap, and then that.
#[test]
fn a_pool_without_fees_pays_in_every_round_to_its_last_units() {
    let mut paid = 0u32;
    genesis(vec![base(1_000, 100, 1, 100_000)]).execute_with(|| {
        mint_to_nobody(21_000_000 * NI - Minted::get());
        recycle(1_000 * NI);
        for window in 1..=30_000 {
            let before = pool();
            note(1, window, 100_000);
            settle(window);
            let drawn = Emission::round(window).map_or(0, |round| round.drawn);
            let asked = (before * 300 / DRIP).max(300).min(before);
            // What rounding left unpaid comes back when its round expires.
            assert!(
                (asked..=asked + 2).contains(&drawn),
                "round {window} of a pool of {before} pays {drawn}"
            );
            paid += u32::from(drawn > 0);
        }
        assert!(pool() < 300, "{} is left", pool());
        assert_eq!(Minted::get(), Cap::get());
        check();
    });
    assert!(paid > 25_000, "{paid} rounds");
}
