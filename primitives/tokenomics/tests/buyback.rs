// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The buyback's arithmetic against exact numbers, and the sandwich that gains
//! nothing.

mod model;

use model::{Exact, exact, is_ceiling_of, is_floor_of};
use proptest::prelude::*;
use sp_arithmetic::{FixedPointNumber, FixedU128, Perbill, Permill};
use tokenomics_primitives::buyback::{
    HIGHEST_PRICE, LOWEST_PRICE, averaged, depth, least, output, price, slice,
};

const FEE: Permill = Permill::from_parts(3_000);

fn unit() -> Exact {
    exact(FixedU128::DIV)
}

fn part(part: Perbill) -> Exact {
    exact(u128::from(part.deconstruct())) / exact(1_000_000_000)
}

fn inner_price() -> impl Strategy<Value = FixedU128> {
    (LOWEST_PRICE.into_inner()..=HIGHEST_PRICE.into_inner()).prop_map(FixedU128::from_inner)
}

/// From a unit to beyond any supply, small ones as likely as large ones.
fn amount() -> impl Strategy<Value = u128> {
    (0u32..100, any::<u128>()).prop_map(|(bits, value)| (value >> (127 - bits)).max(1))
}

fn perbill() -> impl Strategy<Value = Perbill> {
    (0u32..=1_000_000_000).prop_map(Perbill::from_parts)
}

fn permill() -> impl Strategy<Value = Permill> {
    (0u32..=1_000_000).prop_map(Permill::from_parts)
}

/// What a pool holds after `paid` was paid in and what that got out.
fn after(reserves: (u128, u128), paid: u128, fee: Permill) -> ((u128, u128), u128) {
    let got = output(paid, reserves.0, reserves.1, fee).unwrap();
    ((reserves.0 + paid, reserves.1 - got), got)
}

/// What somebody gets back who pays `paid` in before a swap of `victim` and pays
/// out of it again after it.
fn sandwich(reserves: (u128, u128), paid: u128, victim: u128, fee: Permill) -> u128 {
    let (reserves, bought) = after(reserves, paid, fee);
    let ((asset, native), _) = after(reserves, victim, fee);
    after((native, asset), bought, fee).1
}

proptest! {
    #[test]
    fn a_price_is_the_quotient_rounded_down(asset in amount(), native in amount()) {
        let got = price(asset, native).unwrap();
        let model = exact(native) * unit() / exact(asset);
        if model < exact(LOWEST_PRICE.into_inner()) {
            prop_assert_eq!(got, LOWEST_PRICE);
        } else if model > exact(HIGHEST_PRICE.into_inner()) {
            prop_assert_eq!(got, HIGHEST_PRICE);
        } else {
            prop_assert!(is_floor_of(got.into_inner(), &model));
        }
    }

    #[test]
    fn an_average_moves_by_its_part_of_the_clamped_sample(
        average in inner_price(), sample in inner_price(), clamp in perbill(), blocks in 1u32..,
    ) {
        let got = averaged(average, sample, clamp, blocks).unwrap().into_inner();
        let average = average.into_inner();
        let room = exact(average) * part(clamp);
        let room = room.floor();
        let (low, high) = (exact(average) - room.clone(), exact(average) + room);
        let sample = exact(sample.into_inner()).clamp(low, high);
        let step = (sample.clone() - exact(average)) / exact(u128::from(blocks));
        if sample >= exact(average) {
            prop_assert!(is_ceiling_of(got - average, &step));
            prop_assert!(exact(got) <= sample);
        } else {
            prop_assert!(is_ceiling_of(average - got, &-step));
            prop_assert!(exact(got) >= sample);
        }
        prop_assert!((LOWEST_PRICE.into_inner()..=HIGHEST_PRICE.into_inner()).contains(&got));
    }

    #[test]
    fn false_blocks_move_the_average_no_further_than_stated(
        average in inner_price(), samples in prop::collection::vec(inner_price(), 1..40),
        clamp in perbill(), blocks in 1u32..2_000,
    ) {
        let mut moved = average;
        for sample in &samples {
            moved = averaged(moved, *sample, clamp, blocks).unwrap();
        }
        let rate = part(clamp) / exact(u128::from(blocks));
        let (mut high, mut low) = (exact(average.into_inner()), exact(average.into_inner()));
        for _ in &samples {
            // A unit a block for rounding.
            high = high * (exact(1) + rate.clone()) + exact(1);
            low = low * (exact(1) - rate.clone()) - exact(1);
        }
        prop_assert!(exact(moved.into_inner()) <= high);
        prop_assert!(exact(moved.into_inner()) >= low);
    }

    #[test]
    fn a_lasting_price_is_reached_exactly(
        average in 1_000_000u128..10_000_000, sample in 1_000_000u128..10_000_000,
        clamp in 1_000u32..1_000_000_000, blocks in 1u32..20,
    ) {
        let sample = FixedU128::from_inner(sample);
        let mut average = FixedU128::from_inner(average);
        let mut before = u128::MAX;
        while average != sample {
            average = averaged(average, sample, Perbill::from_parts(clamp), blocks).unwrap();
            let distance = average.into_inner().abs_diff(sample.into_inner());
            prop_assert!(distance < before, "each block comes nearer");
            before = distance;
            if clamp < 1_000_000 {
                // Slow by so narrow a clamp: that it comes nearer is all there is to see.
                break;
            }
        }
    }

    #[test]
    fn depth_and_slice_round_down(
        pending in amount(), min_slice in amount(), lowest in amount(),
        limit in permill(), pace in perbill(),
    ) {
        let deep = depth(lowest, limit);
        let model = exact(lowest) * exact(u128::from(limit.deconstruct())) / exact(1_000_000);
        prop_assert!(is_floor_of(deep, &model));
        let got = slice(pending, pace, min_slice, deep);
        let paced = (exact(pending) * part(pace)).floor();
        let model = paced.max(exact(min_slice)).min(exact(pending)).min(exact(deep));
        prop_assert_eq!(exact(got), model);
    }

    #[test]
    fn the_least_is_rounded_up_once(
        amount in amount(), average in inner_price(), tolerance in perbill(),
    ) {
        let model = exact(amount) * exact(average.into_inner()) / unit()
            * (exact(1) - part(tolerance));
        match least(amount, average, tolerance) {
            Some(got) => prop_assert!(is_ceiling_of(got, &model)),
            None => prop_assert!(model > exact(u128::MAX)),
        }
    }

    #[test]
    fn a_pool_pays_by_its_constant_product(
        amount in 1u128..1 << 90, asset in 1u128..1 << 90, native in 1u128..1 << 90,
        fee in permill(),
    ) {
        let kept = exact(1) - exact(u128::from(fee.deconstruct())) / exact(1_000_000);
        let paid = exact(amount) * kept;
        let model = exact(native) * paid.clone() / (exact(asset) + paid);
        let got = output(amount, asset, native, fee).unwrap();
        prop_assert!(is_floor_of(got, &model));
        let ((asset_after, native_after), _) = after((asset, native), amount, fee);
        prop_assert!(
            exact(asset_after) * exact(native_after) >= exact(asset) * exact(native),
            "the product never falls"
        );
    }

    #[test]
    fn a_sandwich_within_the_depth_gains_nothing(
        asset in 1u128..1 << 90, native in 1u128..1 << 90,
        paid in amount(), fee in 1u32..1_000_000, share in perbill(),
    ) {
        let fee = Permill::from_parts(fee);
        let paid = paid.min(1 << 91);
        // At the limit and anywhere below it.
        for victim in [depth(asset, fee), share.mul_floor(depth(asset, fee))] {
            prop_assert!(sandwich((asset, native), paid, victim, fee) <= paid);
        }
    }

    #[test]
    fn the_stated_condition_is_exact(
        a in 1u32..1_000_000, v in 1u32..1_000_000, fee in 1u32..1_000_000,
    ) {
        // In real numbers, with reserves of a million and one: the quotient of what
        // comes back to what was paid in is above one exactly where the doc says.
        let r = exact(1_000_000);
        let (a, v) = (exact(u128::from(a)), exact(u128::from(v)));
        let g = exact(1) - exact(u128::from(fee)) / exact(1_000_000);
        let s = exact(1);
        let x = s.clone() * g.clone() * a.clone() / (r.clone() + g.clone() * a.clone());
        let (r1, s1) = (r.clone() + a.clone(), s - x.clone());
        let s2 = s1.clone() * r1.clone() / (r1.clone() + g.clone() * v.clone());
        let r2 = r1.clone() + v.clone();
        let back = r2 * g.clone() * x.clone() / (s2 + g.clone() * x);
        let condition = g.clone() * g.clone() * (exact(1) + v.clone() / r)
            * (exact(1) + g * v / r1);
        prop_assert_eq!(back > a, condition > exact(1));
    }
}

#[test]
fn at_the_depth_the_margin_is_what_the_polynomial_says() {
    for parts in [1u128, 3_000, 100_000, 500_000, 999_999] {
        let f = exact(parts) / exact(1_000_000);
        let g = exact(1) - f.clone();
        let left = g.clone() * g.clone() * (exact(1) + f.clone()) * (exact(1) + g * f.clone());
        let power = |n: u32| (0..n).fold(exact(1), |product, _| product * f.clone());
        let polynomial = exact(1) - exact(3) * power(2) + power(3) + exact(2) * power(4) - power(5);
        assert_eq!(left, polynomial);
        assert!(left < exact(1));
    }
}

#[test]
fn a_sandwich_of_twice_the_depth_gains() {
    let reserves = (10u128.pow(15), 2 * 10u128.pow(15));
    let limit = depth(reserves.0, FEE);
    let gains = |victim| {
        (0..60).any(|shift| {
            let paid = 10u128.pow(15) >> shift;
            paid > 0 && sandwich(reserves, paid, victim, FEE) > paid
        })
    };
    assert!(!gains(limit));
    assert!(gains(2 * limit), "so the limit is not idle");
}

#[test]
fn the_edges() {
    assert_eq!(price(0, 1), None);
    assert_eq!(price(1, 0), Some(LOWEST_PRICE));
    assert_eq!(price(1, u128::MAX), Some(HIGHEST_PRICE));
    let one = FixedU128::from_u32(1);
    assert_eq!(averaged(one, one, Perbill::one(), 0), None, "no blocks");
    assert_eq!(averaged(one, one, Perbill::zero(), 1), Some(one));
    assert_eq!(
        averaged(one, FixedU128::from_u32(9), Perbill::from_percent(10), 1),
        Some(FixedU128::from_rational(11, 10))
    );
    // An average from outside the range is brought into it first.
    let zero = FixedU128::from_inner(0);
    assert_eq!(averaged(zero, zero, Perbill::one(), 1), Some(LOWEST_PRICE));
    assert_eq!(
        averaged(
            FixedU128::from_inner(u128::MAX),
            HIGHEST_PRICE,
            Perbill::one(),
            1
        ),
        Some(HIGHEST_PRICE)
    );
    assert_eq!(depth(u128::MAX, Permill::one()), u128::MAX);
    assert_eq!(depth(333, FEE), 0);
    assert_eq!(slice(10, Perbill::zero(), 0, 10), 0);
    assert_eq!(slice(u128::MAX, Perbill::one(), 0, u128::MAX), u128::MAX);
    assert_eq!(
        least(u128::MAX, FixedU128::from_u32(2), Perbill::zero()),
        None
    );
    assert_eq!(
        least(u128::MAX, HIGHEST_PRICE, Perbill::one()),
        Some(0),
        "a tolerance of one asks for nothing"
    );
    assert_eq!(output(1, 0, 1, FEE), None);
    assert_eq!(output(1, 1, 0, FEE), None);
    assert_eq!(
        output(u128::MAX, 1, u128::MAX, FEE),
        None,
        "beyond 256 bits"
    );
    assert_eq!(output(0, 5, 5, FEE), Some(0));
}
