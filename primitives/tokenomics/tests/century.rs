// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Rounds in a row: a chain that lives on its fees, before the cap and for a century
//! after it, over arbitrary drips, rounds and inflows.

use proptest::prelude::*;
use sp_arithmetic::{PerThing, Perquintill};
use tokenomics_primitives::budget::{Rules, Supply, full};
use tokenomics_primitives::schedule;

const CAP: u128 = 21_000_000_000_000_000;
const BASE: u128 = 1_000_000_000;
const BLOCKS_A_YEAR: u64 = 5_259_600;
const CENTURY: u64 = 100 * BLOCKS_A_YEAR;
/// The shortest round, in blocks, of which a century has 200,000 at most.
const SHORTEST: u32 = 2_630;

fn accuracy() -> u128 {
    u128::from(Perquintill::ACCURACY)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// After the cap nothing is minted, and the pool alone pays: something in every
    /// round in which its drip is a unit or more, never more than it holds, and it
    /// never grows past what a steady inflow F lets drip out again, F / drip, and one
    /// round's inflow.
    #[test]
    fn the_pool_alone_pays_for_a_century(
        // From a drip that takes a day to one that takes ten years.
        drip in (1_000u64..50_000_000).prop_map(|blocks| Perquintill::from_rational(1u64, blocks)),
        round in SHORTEST..14_400,
        inflow_a_block in prop_oneof![Just(0u128), 1u128..1_000, 1u128..10_000_000_000],
        start in prop_oneof![Just(0u128), 1u128..1_000_000, 1u128..CAP],
    ) {
        let rules = Rules { base: BASE, cap: CAP, drip };
        let inflow = inflow_a_block * u128::from(round);
        // F / drip, rounded up.
        let level = (inflow_a_block * accuracy()).div_ceil(u128::from(drip.deconstruct()));
        let rounds = CENTURY / u64::from(round);
        let (mut pool, mut paid, mut fed) = (start, 0u128, 0u128);
        // What stays since less than a unit of it drips in a round.
        let grain = (accuracy() / (u128::from(drip.deconstruct()) * u128::from(round))) + 1;
        for _ in 0..rounds {
            let budget = full(&rules, &Supply { minted: CAP, pool }, round).unwrap();
            prop_assert_eq!(budget.minted, 0);
            prop_assert!(budget.drawn <= pool);
            // 1 / (drip · blocks) is the least pool of which a unit drips.
            if pool >= grain {
                prop_assert!(budget.drawn > 0);
            }
            pool -= budget.drawn;
            pool += inflow;
            paid += budget.drawn;
            fed += inflow;
            prop_assert!(pool <= level.max(start) + inflow);
        }
        prop_assert_eq!(start + fed, paid + pool);
        // What a pool that was fuller holds above its level falls by drip · round in
        // each round: after so many time constants nothing of it is left.
        let constants = u128::from(drip.deconstruct()) * u128::from(CENTURY) / accuracy();
        if constants > 60 {
            prop_assert!(pool <= level + inflow + grain, "{} above {}", pool, level);
        }
    }

    /// Whatever comes in, a round pays what is scheduled: out of fees as far as they
    /// go, minted for the rest; and the cap is never passed.
    #[test]
    fn fees_displace_minting_to_the_unit(
        // What the rounds' fees are, in thousandths of what is scheduled.
        fees in prop::collection::vec(prop_oneof![Just(0u128), 0u128..1_000, 1_000u128..3_000], 1..300),
        minted in prop_oneof![0..CAP, CAP - (1 << 40)..CAP],
        blocks in 1u32..2_000,
    ) {
        // A drip so slow that it never is more than the schedule.
        let rules = Rules { base: BASE, cap: CAP, drip: Perquintill::from_parts(1) };
        let (mut minted, mut pool) = (minted, 0u128);
        for fee in fees {
            let scheduled = schedule::rate(BASE, minted, CAP) * u128::from(blocks);
            pool += scheduled * fee / 1_000;
            let budget = full(&rules, &Supply { minted, pool }, blocks).unwrap();
            let total = budget.drawn + budget.minted;
            if pool >= scheduled {
                prop_assert_eq!((budget.drawn, budget.minted), (scheduled, 0));
            } else {
                prop_assert_eq!(budget.drawn, pool);
                prop_assert_eq!(total, scheduled.min(pool + (CAP - minted)));
            }
            pool -= budget.drawn;
            minted += budget.minted;
            prop_assert!(minted <= CAP);
        }
    }
}

/// From nothing to the cap with a tenth of it minted anew as fees: every halving is
/// passed, and the last unit minted is the cap's.
#[test]
fn the_cap_is_reached_exactly_while_fees_flow() {
    let rules = Rules {
        base: BASE,
        cap: CAP / 1_000,
        drip: Perquintill::from_rational(1u64, 432_000u64),
    };
    let (mut minted, mut pool, mut rounds) = (0u128, 0u128, 0u32);
    let mut halvings = 0;
    while minted < rules.cap {
        let now = schedule::halvings(minted, rules.cap).unwrap();
        // At the end a round of one unit a block is more than a halving.
        let last = schedule::rate(rules.base, minted, rules.cap) == 1;
        assert!(
            now == halvings || now == halvings + 1 || last,
            "no halving is skipped"
        );
        halvings = now;
        let budget = full(&rules, &Supply { minted, pool }, 300).unwrap();
        pool -= budget.drawn;
        // A tenth comes back as fees, the rest is kept.
        pool += (budget.drawn + budget.minted) / 10;
        minted += budget.minted;
        rounds += 1;
        assert!(rounds < 10_000_000, "the cap is reached");
    }
    assert_eq!(minted, rules.cap);
    assert!(halvings > 20);
}

/// The bound on the pool is no empty one: with half the drip it is passed.
#[test]
fn a_slower_drip_than_said_would_be_seen() {
    let inflow = 2_000_000u128;
    let said = Perquintill::from_rational(1u64, 10_000u64);
    let slower = Rules {
        base: BASE,
        cap: CAP,
        drip: Perquintill::from_rational(1u64, 20_000u64),
    };
    let level = inflow * accuracy() / u128::from(said.deconstruct());
    let mut pool = 0;
    for _ in 0..2_000 {
        let budget = full(&slower, &Supply { minted: CAP, pool }, 300).unwrap();
        pool = pool - budget.drawn + inflow * 300;
    }
    assert!(pool > level + inflow * 300);
}
