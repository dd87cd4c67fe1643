// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The availability controller: rate, band and where it settles.

mod model;

use model::{exact, power_of_two};
use proptest::prelude::*;
use sp_arithmetic::FixedU128;
use tokenomics_primitives::availability::{AVERAGED_DAYS, Availability, HIGHEST, LOWEST};

const DAY: u32 = 14_400;
const TARGET: u128 = 1_000_000;

fn days(mut state: Availability, supply: u128, days: u32, rounds_a_day: u32) -> Availability {
    for _ in 0..days * rounds_a_day {
        state = state
            .next(supply, TARGET, u64::from(DAY / rounds_a_day), DAY)
            .unwrap();
    }
    state
}

proptest! {
    #[test]
    fn the_average_is_exact_and_rounded_down(
        average in any::<u128>(), fraction in any::<u64>(), supply in any::<u128>(),
        elapsed in 0u64..1_000_000,
    ) {
        let one = power_of_two(64);
        let state = Availability { average, fraction, factor: FixedU128::from_u32(1) };
        let average = exact(average) * one.clone() + exact(u128::from(fraction));
        let got = state.next(supply, TARGET, elapsed, DAY).unwrap();
        let period = u128::from(DAY * AVERAGED_DAYS);
        let part = exact(u128::from(elapsed).min(period)) / exact(period);
        let model = average * (exact(1) - part.clone()) + exact(supply) * one.clone() * part;
        let got = exact(got.average) * one + exact(u128::from(got.fraction));
        prop_assert_eq!(got, model.floor());
    }

    #[test]
    fn a_day_moves_the_factor_within_the_rate_and_the_band(
        average in any::<u64>(),
        factor in LOWEST.into_inner()..=HIGHEST.into_inner(),
        supplies in prop::collection::vec(any::<u64>(), 1..50),
    ) {
        // A day in equal rounds, whatever is measured in them.
        let rounds = u64::try_from(supplies.len()).unwrap();
        let start = Availability {
            average: u128::from(average),
            fraction: 0,
            factor: FixedU128::from_inner(factor),
        };
        let mut state = start;
        for supply in supplies {
            state = state.next(u128::from(supply), TARGET, u64::from(DAY) / rounds, DAY).unwrap();
            prop_assert!(state.factor >= LOWEST && state.factor <= HIGHEST);
        }
        let (before, after) = (exact(start.factor.into_inner()), exact(state.factor.into_inner()));
        // One unit of 10⁻¹⁸ a round for rounding.
        let slack = exact(u128::from(rounds));
        prop_assert!(after <= before.clone() * exact(9) / exact(8) + slack.clone());
        prop_assert!(after >= before * exact(8) / exact(9) - slack);
    }

    #[test]
    fn scarcity_raises_and_glut_lowers(supply in 0u128..4_000_000, rounds in 1u32..100) {
        let start = Availability::at_target(TARGET);
        let after = days(start, supply, 1, rounds);
        prop_assert_eq!(supply < TARGET, after.factor > start.factor);
        prop_assert_eq!(supply > TARGET, after.factor < start.factor);
    }

    #[test]
    fn so_it_does_where_the_target_is_a_few_mops(supply in 0u128..12, rounds in 1u32..600) {
        const FEW: u128 = 4;
        let blocks = u64::from(DAY / rounds);
        let start = Availability::at_target(FEW);
        let mut after = start;
        for _ in 0..rounds {
            after = after.next(supply, FEW, blocks, DAY).unwrap();
        }
        prop_assert_eq!(supply < FEW, after.factor > start.factor);
        prop_assert_eq!(supply > FEW, after.factor < start.factor);
        // A day is one of thirty: the average cannot have gone further.
        let average = exact(after.average) + exact(u128::from(after.fraction)) / power_of_two(64);
        let moved = (exact(supply) - exact(FEW)) / exact(30);
        prop_assert!((average - exact(FEW)).pow(2) <= moved.pow(2) + exact(1) / power_of_two(50));
    }
}

#[test]
fn it_settles_at_target_over_supply() {
    let start = Availability::at_target(TARGET);
    assert_eq!(
        days(start, TARGET, 100, 48),
        start,
        "at its target nothing moves"
    );
    let near = |got: Availability, percent: u128| {
        let wanted = FixedU128::from_rational(percent, 100).into_inner();
        got.factor.into_inner().abs_diff(wanted) < wanted / 100
    };
    assert!(near(days(start, TARGET * 5 / 4, 300, 48), 80));
    assert!(near(days(start, TARGET * 4 / 5, 300, 48), 125));
    assert_eq!(days(start, 0, 300, 48).factor, HIGHEST);
    assert_eq!(days(start, TARGET * 100, 300, 48).factor, LOWEST);
}

#[test]
fn a_day_comes_close_to_its_full_rate() {
    let start = Availability {
        average: 1,
        fraction: 0,
        factor: FixedU128::from_u32(1),
    };
    let up = days(start, 0, 1, 48).factor;
    assert!(up > FixedU128::from_rational(1_124, 1_000), "{up:?}");
    let start = Availability {
        average: u128::from(u64::MAX),
        ..start
    };
    let down = days(start, u128::from(u64::MAX), 1, 48).factor;
    assert!(down < FixedU128::from_rational(890, 1_000), "{down:?}");
}

#[test]
fn the_edges() {
    let start = Availability::at_target(TARGET);
    assert_eq!(start.next(1, TARGET, 1, 0), None, "no day");
    assert_eq!(
        start.next(1, TARGET, 0, DAY),
        Some(start),
        "no time, no move"
    );
    // A long silence counts as one day for the factor.
    let long = start.next(0, TARGET, u64::MAX, DAY).unwrap();
    assert_eq!(long.average, 0);
    assert!(long.factor < FixedU128::from_rational(9, 8));
    let full = Availability {
        average: u128::MAX,
        fraction: u64::MAX,
        factor: LOWEST,
    };
    assert_eq!(
        full.next(u128::MAX, u128::MAX, 7, DAY).unwrap().average,
        u128::MAX
    );
    let empty = Availability {
        average: 0,
        fraction: 1,
        factor: HIGHEST,
    };
    assert_eq!(
        empty.next(0, u128::MAX, 1, DAY).unwrap(),
        Availability {
            fraction: 0,
            ..empty
        },
        "the last of a supply is gone, and what there is not is scarce"
    );
}
