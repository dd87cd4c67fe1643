// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The budget of a round against an exact rational model, and over a century.

mod model;

use model::{Exact, exact, is_floor_of};
use proptest::prelude::*;
use sp_arithmetic::{PerThing, Perquintill};
use tokenomics_primitives::budget::{Budget, Rules, Supply, earned, full, proportion_base};
use tokenomics_primitives::schedule;

const CAP: u128 = 21_000_000_000_000_000;
/// Two parts in a million a block: half the pool in some 24 days.
const DRIP: Perquintill = Perquintill::from_parts(2_000_000_000_000);
const RULES: Rules = Rules {
    base: 1_000_000_000,
    cap: CAP,
    drip: DRIP,
};
const BLOCKS_A_YEAR: u128 = 5_259_600;

fn dripping(pool: u128, drip: Perquintill, blocks: u32) -> Exact {
    exact(pool) * exact(u128::from(drip.deconstruct())) * exact(u128::from(blocks))
        / exact(u128::from(Perquintill::ACCURACY))
}

#[test]
fn a_budget_is_earned_against_the_reference_or_what_weighs_more_unfaded() {
    assert_eq!(proportion_base(7, 5), 7);
    assert_eq!(proportion_base(5, 7), 7);
    assert_eq!(proportion_base(0, 0), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_budget_is_what_the_text_says(
        minted in 0..=CAP,
        pool in prop_oneof![0..=CAP, any::<u128>()],
        drip in 0..=Perquintill::ACCURACY,
        blocks in 0u32..10_000,
    ) {
        let rules = Rules { drip: Perquintill::from_parts(drip), ..RULES };
        let budget = full(&rules, &Supply { minted, pool }, blocks).unwrap();
        let scheduled = schedule::rate(rules.base, minted, CAP) * u128::from(blocks);
        let drips = dripping(pool, rules.drip, blocks).floor();
        let drawn = exact(pool).min(drips.max(exact(scheduled)));
        prop_assert_eq!(exact(budget.drawn), drawn.clone());
        let minting = (exact(scheduled) - drawn).max(exact(0)).min(exact(CAP - minted));
        prop_assert_eq!(exact(budget.minted), minting);
    }

    #[test]
    fn the_pool_displaces_minting_one_for_one(
        minted in 0..CAP / 2, pool in 0..1u128 << 45, blocks in 1u32..10_000,
    ) {
        let scheduled = RULES.base * u128::from(blocks);
        let budget = full(&RULES, &Supply { minted, pool }, blocks).unwrap();
        if pool >= scheduled {
            prop_assert_eq!(budget.minted, 0);
            prop_assert!(budget.drawn >= scheduled);
        } else {
            prop_assert_eq!(budget.drawn, pool);
            prop_assert_eq!(budget.total(), Some(scheduled));
        }
    }

    #[test]
    fn what_is_earned_is_the_exact_proportion_rounded_down(
        drawn in any::<u64>().prop_map(u128::from),
        minted in any::<u64>().prop_map(u128::from),
        weight in any::<u64>().prop_map(u128::from),
        reference in any::<u64>().prop_map(u128::from),
    ) {
        let budget = Budget { drawn, minted };
        let got = earned(&budget, weight, reference).unwrap();
        if weight == 0 {
            prop_assert_eq!(got, Budget::default());
        } else if weight >= reference {
            prop_assert_eq!(got, budget);
        } else {
            let model = exact(drawn + minted) * exact(weight) / exact(reference);
            prop_assert!(is_floor_of(got.drawn + got.minted, &model));
            // Minting goes first.
            prop_assert!(got.minted == 0 || got.drawn == drawn);
            prop_assert!(got.drawn <= drawn && got.minted <= minted);
        }
    }
}

#[test]
fn self_funding() {
    let scheduled = 300 * RULES.base;
    let at = |pool| full(&RULES, &Supply { minted: 0, pool }, 300).unwrap();
    assert_eq!(
        at(0),
        Budget {
            drawn: 0,
            minted: scheduled
        },
        "no fees: everything is minted"
    );
    assert_eq!(
        at(1),
        Budget {
            drawn: 1,
            minted: scheduled - 1
        }
    );
    assert_eq!(
        at(scheduled - 1),
        Budget {
            drawn: scheduled - 1,
            minted: 1
        }
    );
    assert_eq!(
        at(scheduled),
        Budget {
            drawn: scheduled,
            minted: 0
        },
        "fees pay it all"
    );
    assert_eq!(
        at(scheduled + 1),
        Budget {
            drawn: scheduled,
            minted: 0
        }
    );
    // A full pool drips more than is scheduled.
    let pool = 1_000_000_000 * RULES.base;
    assert_eq!(
        at(pool),
        Budget {
            drawn: pool * 600 / 1_000_000,
            minted: 0
        }
    );
}

#[test]
fn what_is_not_earned_is_first_not_minted() {
    let budget = Budget {
        drawn: 60,
        minted: 40,
    };
    assert_eq!(
        earned(&budget, 80, 100),
        Some(Budget {
            drawn: 60,
            minted: 20
        })
    );
    assert_eq!(
        earned(&budget, 60, 100),
        Some(Budget {
            drawn: 60,
            minted: 0
        })
    );
    assert_eq!(
        earned(&budget, 59, 100),
        Some(Budget {
            drawn: 59,
            minted: 0
        })
    );
    assert_eq!(
        earned(&budget, 0, 0),
        Some(Budget::default()),
        "nothing verified"
    );
    assert_eq!(earned(&budget, 1, 0), Some(budget));
    assert_eq!(
        earned(
            &Budget {
                drawn: u128::MAX,
                minted: 1
            },
            1,
            2
        ),
        None
    );
}

#[test]
fn the_cap_is_reached_exactly_and_never_passed() {
    // A small cap, so that every halving is gone through round by round.
    let rules = Rules {
        base: 1_000,
        cap: 1_000_000_007,
        drip: DRIP,
    };
    let mut minted = 17;
    let mut rounds = 0u32;
    while minted < rules.cap {
        let budget = full(&rules, &Supply { minted, pool: 0 }, 1 << 14).unwrap();
        assert_eq!(budget.drawn, 0);
        assert!(budget.minted > 0, "the rate is at least one unit");
        minted += budget.minted;
        assert!(minted <= rules.cap);
        rounds += 1;
    }
    assert!(rounds > 1, "one round alone does not show the cut");
    let after = full(&rules, &Supply { minted, pool: 0 }, 1 << 14).unwrap();
    assert_eq!(after, Budget::default());
    let over = full(
        &rules,
        &Supply {
            minted: minted + 1,
            pool: 0,
        },
        1,
    )
    .unwrap();
    assert_eq!(over.minted, 0);
}

/// After the cap: a hundred years on the pool alone, with a steady inflow.
#[test]
fn a_century_on_the_pool_alone() {
    let blocks = 300u32;
    let rounds = 100 * BLOCKS_A_YEAR / u128::from(blocks);
    for inflow_a_block in [0u128, 1, 1_000_000, 2_000_000_000] {
        let inflow = inflow_a_block * u128::from(blocks);
        let mut pool = 50_000 * RULES.base;
        let start = pool;
        let (mut paid, mut fed) = (0u128, 0u128);
        // What flows in at most drips out when the pool holds F / drip.
        let level =
            inflow_a_block * u128::from(Perquintill::ACCURACY) / u128::from(DRIP.deconstruct());
        for _ in 0..rounds {
            let budget = full(&RULES, &Supply { minted: CAP, pool }, blocks).unwrap();
            assert_eq!(budget.minted, 0, "nothing is minted after the cap");
            assert!(budget.drawn <= pool, "never more than there is");
            assert!(
                budget.drawn > 0 || pool == 0,
                "a pool that holds anything pays"
            );
            pool = pool - budget.drawn + inflow;
            paid += budget.drawn;
            fed += inflow;
            assert!(pool <= level.max(start) + inflow);
        }
        assert_eq!(start + fed, paid + pool);
        // From above it stops within what drips less than one unit a round.
        let grain = Perquintill::ACCURACY / (DRIP.deconstruct() * u64::from(blocks)) + 1;
        assert!(
            pool <= level + inflow + u128::from(grain),
            "the pool settles at its level"
        );
    }
}

#[test]
fn the_edges() {
    assert_eq!(
        full(&RULES, &Supply { minted: 0, pool: 0 }, 0),
        Some(Budget::default())
    );
    let steep = Rules {
        base: u128::MAX,
        cap: u128::MAX,
        drip: Perquintill::one(),
    };
    assert_eq!(
        full(&steep, &Supply { minted: 0, pool: 0 }, 2),
        None,
        "beyond 128 bits"
    );
    let all = full(
        &steep,
        &Supply {
            minted: u128::MAX,
            pool: u128::MAX,
        },
        u32::MAX,
    );
    assert_eq!(
        all,
        Some(Budget {
            drawn: u128::MAX,
            minted: 0
        })
    );
}
