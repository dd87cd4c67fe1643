// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The price against an exact rational model.

mod model;

use model::{Exact, exact, is_ceiling_of, power_of_two};
use proptest::prelude::*;
use sp_arithmetic::{FixedPointNumber, FixedU128};
use tokenomics_primitives::price::{bumped, cost_of_slots, decayed};

const BUMP: FixedU128 = FixedU128::from_rational(126, 100);

/// The chord the documentation speaks of, in exact rationals; its knots come
/// from integer roots here, not from a table.
fn model_decayed(price: u128, elapsed: u64, half_life: u64) -> Exact {
    let x = exact(u128::from(elapsed)) / exact(u128::from(half_life)) * exact(16);
    let whole = x.floor();
    let segment = (whole.clone() % exact(16)).to_integer();
    let segment = u32::try_from(segment).unwrap();
    let halvings = u32::try_from((whole.clone() / exact(16)).floor().to_integer()).unwrap();
    let rest = x - whole;
    let from = model::knot(segment);
    let to = model::knot(segment + 1);
    exact(price) * (from.clone() - (from - to) * rest) / power_of_two(halvings)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn decay_is_the_exact_chord_rounded_up(
        price in any::<u128>(),
        half_life in prop_oneof![1u64..100, 1u64..200_000, any::<u64>().prop_map(|h| h.max(1))],
        halvings in 0u64..140,
        rest in any::<u64>(),
    ) {
        let elapsed = half_life.saturating_mul(halvings).saturating_add(rest % half_life);
        let got = decayed(price, 0, elapsed, half_life).unwrap();
        prop_assert!(is_ceiling_of(got, &model_decayed(price, elapsed, half_life)));
    }

    #[test]
    fn decay_never_rises_with_time_and_keeps_the_floor(
        price in any::<u128>(),
        floor in any::<u64>().prop_map(u128::from),
        half_life in 1u64..100_000,
        elapsed in 0u64..10_000_000,
    ) {
        let now = decayed(price, floor, elapsed, half_life).unwrap();
        let next = decayed(price, floor, elapsed + 1, half_life).unwrap();
        prop_assert!(next <= now);
        prop_assert!(next >= floor);
    }

    #[test]
    fn one_block_is_one_small_step(price in 1u128 << 40..1u128 << 100, elapsed in 0u64..200_000) {
        // A segment falls by at most 1/16 of ln 2 of the price.
        let half_life = 14_400;
        let now = decayed(price, 0, elapsed, half_life).unwrap();
        let next = decayed(price, 0, elapsed + 1, half_life).unwrap();
        prop_assert!(now - next <= now / 20_000 + 2);
    }

    #[test]
    fn a_whole_half_life_halves(price in any::<u128>(), n in 0u32..127, half_life in 1u64..1 << 50) {
        let got = decayed(price, 0, u64::from(n) * half_life, half_life).unwrap();
        prop_assert_eq!(got, price.div_ceil(1u128 << n));
    }

    #[test]
    fn a_bump_is_exact_and_rounded_up(price in any::<u64>(), bump in 1_000_000u64..4_000_000) {
        let bump_fixed = FixedU128::from_rational(u128::from(bump), 1_000_000);
        let got = bumped(u128::from(price), bump_fixed, u128::MAX).unwrap();
        let model = exact(u128::from(price)) * exact(u128::from(bump)) / exact(1_000_000);
        prop_assert!(is_ceiling_of(got, &model));
    }

    #[test]
    fn slots_bought_together_cost_what_they_cost_one_by_one(
        price in any::<u64>(), first in 0u32..16, second in 0u32..16, ceiling in any::<u64>(),
    ) {
        let (price, ceiling) = (u128::from(price), u128::from(ceiling));
        let (all, after_all) = cost_of_slots(price, first + second, BUMP, ceiling).unwrap();
        let (a, between) = cost_of_slots(price, first, BUMP, ceiling).unwrap();
        let (b, after) = cost_of_slots(between, second, BUMP, ceiling).unwrap();
        prop_assert_eq!((all, after_all), (a + b, after));
        prop_assert!(after <= ceiling);
    }
}

#[test]
fn known_prices() {
    let half_life = 1_600;
    assert_eq!(decayed(1_000_000, 0, 0, half_life), Some(1_000_000));
    assert_eq!(decayed(1_000_000, 0, 800, half_life), Some(707_107));
    assert_eq!(decayed(1_000_000, 0, 1_600, half_life), Some(500_000));
    assert_eq!(decayed(1_000_000, 0, 2_400, half_life), Some(353_554));
    assert_eq!(decayed(1_000_000, 400_000, 2_400, half_life), Some(400_000));
    assert_eq!(bumped(1_000_000_000, BUMP, u128::MAX), Some(1_260_000_000));
    assert_eq!(
        cost_of_slots(100, 3, BUMP, 1_000),
        Some((100 + 126 + 159, 201))
    );
}

#[test]
fn the_edges() {
    assert_eq!(decayed(1, 0, 1, 0), None, "no half-life");
    assert_eq!(decayed(0, 0, 1, 1), Some(0));
    assert_eq!(decayed(0, 7, 1, 1), Some(7));
    assert_eq!(decayed(u128::MAX, 0, 0, u64::MAX), Some(u128::MAX));
    assert_eq!(decayed(u128::MAX, 0, 127, 1), Some(2));
    assert_eq!(decayed(u128::MAX, 0, 128, 1), Some(1));
    assert_eq!(decayed(u128::MAX, 0, u64::MAX, 1), Some(1));
    assert_eq!(decayed(u128::MAX, 0, u64::MAX, u64::MAX), Some(1 << 127));

    assert_eq!(
        bumped(1, FixedU128::from_inner(FixedU128::DIV - 1), 9),
        None,
        "below one"
    );
    assert_eq!(bumped(1, FixedU128::from_u32(1), 9), Some(1));
    assert_eq!(bumped(1, BUMP, 9), Some(2), "rounded up");
    assert_eq!(
        bumped(u128::MAX, BUMP, u128::MAX),
        Some(u128::MAX),
        "beyond the range"
    );
    assert_eq!(bumped(10, BUMP, 5), Some(5), "a lowered ceiling");

    assert_eq!(cost_of_slots(10, 0, BUMP, 100), Some((0, 10)));
    assert_eq!(cost_of_slots(10, 0, BUMP, 5), Some((0, 5)));
    assert_eq!(cost_of_slots(10, 2, BUMP, 5), Some((10, 5)));
    assert_eq!(
        cost_of_slots(u128::MAX, 2, BUMP, u128::MAX),
        None,
        "the total overflows"
    );
    assert_eq!(
        cost_of_slots(1, 1, FixedU128::from_inner(1), 9),
        None,
        "below one"
    );
}
