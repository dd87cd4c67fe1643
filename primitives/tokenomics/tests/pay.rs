// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weight, rate, share and cap against an exact rational model.

mod model;

use model::{exact, is_floor_of};
use proptest::prelude::*;
use sp_arithmetic::{FixedPointNumber, FixedU128, Perbill};
use tokenomics_primitives::pay::{Lottery, Terms, cap, rate, share, weight};

/// What a [`Perbill`] is told in, and an NI's smallest units.
const BILLION: u128 = 1_000_000_000;
/// The weight of a MOPS at a multiplier of one.
const MILLION: u128 = 1_000_000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_weight_is_exact_and_rounded_down(
        mops in 0u128..1 << 60, effective in 0u128..2_000_000 * FixedU128::DIV,
    ) {
        let got = weight(mops, FixedU128::from_inner(effective)).unwrap();
        let model = exact(mops) * exact(effective) / exact(FixedU128::DIV) * exact(MILLION);
        prop_assert!(is_floor_of(got, &model));
    }

    #[test]
    fn shares_never_exceed_the_credit_and_lose_less_than_a_unit_and_a_bit(
        credit in 0u128..1 << 60,
        mops in prop::collection::vec(1u64..1 << 40, 1..20),
    ) {
        let all: u128 = mops.iter().map(|mops| u128::from(*mops)).sum();
        let rate = rate(credit, all).unwrap();
        prop_assert!(is_floor_of(rate, &(exact(credit) * exact(1 << 64) / exact(all))));
        let mut paid = 0;
        for mops in &mops {
            let got = share(rate, *mops).unwrap();
            let fair = exact(credit) * exact(u128::from(*mops)) / exact(all);
            prop_assert!(exact(got) <= fair);
            // One unit for the share, and mops / 2⁶⁴ for the rate.
            prop_assert!(exact(got + 2) > fair);
            paid += got;
        }
        prop_assert!(paid <= credit);
    }

    #[test]
    fn slicing_a_result_never_gains(rate in any::<u64>(), a in any::<u32>(), b in any::<u32>()) {
        let rate = u128::from(rate);
        let (a, b) = (u64::from(a), u64::from(b));
        prop_assert!(share(rate, a).unwrap() + share(rate, b).unwrap() <= share(rate, a + b).unwrap());
    }

    #[test]
    fn a_cap_is_exact_and_rounded_down(
        bond in any::<u64>(),
        slash in 0u32..=1_000_000_000,
        bounty in 0u32..=1_000_000_000,
        samples in 1u32..1_000,
        capacity in any::<u32>(),
        commits in 1u32..,
        confirmed in any::<bool>(),
    ) {
        let terms = Terms {
            bond: u128::from(bond),
            slash_share: Perbill::from_parts(slash),
            bounty_share: Perbill::from_parts(bounty),
            samples,
            lottery: confirmed.then_some(Lottery { capacity, commits }),
        };
        let taken = exact(u128::from(bond)) * exact(u128::from(slash)) / exact(BILLION);
        let lost = taken * exact(u128::from(1_000_000_000 - bounty)) / exact(BILLION);
        let mut model = lost / exact(u128::from(samples));
        if confirmed && commits > capacity {
            model = model * exact(u128::from(capacity)) / exact(u128::from(commits));
        }
        prop_assert!(is_floor_of(cap(&terms).unwrap(), &model));
    }
}

#[test]
fn a_liar_loses_in_expectation_at_every_share_of_lies() {
    // A lie about a share φ of the work passes a reveal with (1 − φ)^16, and
    // gains φ of the cap; caught, it costs the slash less the bounty. Not called,
    // which happens with 1 − p, it gains φ of the lower cap of a confirmed result.
    let terms = Terms {
        bond: 1_000_000 * BILLION,
        slash_share: Perbill::from_percent(50),
        bounty_share: Perbill::from_percent(10),
        samples: 16,
        lottery: None,
    };
    let revealed = exact(cap(&terms).unwrap());
    let loss = exact(terms.bond) * exact(45) / exact(100);
    for percent in 1..=100u128 {
        let lie = exact(percent) / exact(100);
        let mut passes = exact(1);
        for _ in 0..16 {
            passes *= exact(1) - lie.clone();
        }
        for capacity in [1, 10, 50, 99, 100u32] {
            let commits = 100;
            let lottery = Some(Lottery { capacity, commits });
            let confirmed = exact(cap(&Terms { lottery, ..terms }).unwrap());
            let called = exact(u128::from(capacity)) / exact(u128::from(commits));
            let gain = lie.clone()
                * ((exact(1) - called.clone()) * confirmed
                    + called.clone() * passes.clone() * revealed.clone());
            let cost = called * (exact(1) - passes.clone()) * loss.clone();
            assert!(gain < cost, "a lie of {percent}%, {capacity}% called");
        }
    }
}

#[test]
fn known_caps() {
    let terms = Terms {
        bond: 16_000,
        slash_share: Perbill::from_percent(50),
        bounty_share: Perbill::from_percent(10),
        samples: 16,
        lottery: None,
    };
    assert_eq!(cap(&terms), Some(450));
    let drawn = |capacity, commits| {
        cap(&Terms {
            lottery: Some(Lottery { capacity, commits }),
            ..terms
        })
    };
    assert_eq!(
        drawn(100, 50),
        Some(450),
        "all are called: certain to be checked"
    );
    assert_eq!(drawn(100, 1_000), Some(45));
    assert_eq!(drawn(0, 1_000), Some(0));
    assert_eq!(drawn(1, 0), None, "no commits");
    assert_eq!(
        cap(&Terms {
            samples: 0,
            ..terms
        }),
        None,
        "no samples"
    );
    let largest = Terms {
        bond: u128::MAX,
        slash_share: Perbill::one(),
        bounty_share: Perbill::zero(),
        samples: 1,
        lottery: Some(Lottery {
            capacity: u32::MAX,
            commits: u32::MAX,
        }),
    };
    assert_eq!(cap(&largest), Some(u128::MAX));
}

#[test]
fn the_edges() {
    assert_eq!(weight(u128::MAX, FixedU128::from_u32(1)), None);
    assert_eq!(weight(3, FixedU128::from_u32(2)), Some(6 * MILLION));
    assert_eq!(rate(1, 0), None, "nobody to credit");
    assert_eq!(rate(u128::MAX, 1), None);
    assert_eq!(rate(10, 4), Some(5 << 63));
    assert_eq!(share(5 << 63, 3), Some(7));
    assert_eq!(share(u128::MAX, u64::MAX), Some(u128::MAX - (1 << 64)));
}
