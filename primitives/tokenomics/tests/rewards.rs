// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Rewards by share against exact rational numbers.

mod model;

use model::{Exact, exact, is_floor_of, power_of_two};
use proptest::prelude::*;
use sp_arithmetic::Perbill;
use tokenomics_primitives::rewards::{Precise, commission, earned, part, per_share};

/// A precise number as an exact one.
fn value(precise: Precise) -> Exact {
    exact(precise.whole) + exact(precise.fraction) / power_of_two(128)
}

fn precise() -> impl Strategy<Value = Precise> {
    let part = || prop_oneof![Just(0), Just(u128::MAX), 0..1_000u128, any::<u128>()];
    (part(), part()).prop_map(|(whole, fraction)| Precise { whole, fraction })
}

/// From one unit to ten to the eighteenth, and everything.
fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![
        4 => (0u32..=18, 1u128..10).prop_map(|(zeros, digit)| digit * 10u128.pow(zeros)),
        1 => any::<u128>(),
        1 => Just(0),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn sums_and_differences_are_exact(a in precise(), b in precise()) {
        let limit = power_of_two(128);
        match a.checked_add(b) {
            Some(sum) => prop_assert_eq!(value(sum), value(a) + value(b)),
            None => prop_assert!(value(a) + value(b) >= limit),
        }
        match a.checked_sub(b) {
            Some(difference) => prop_assert_eq!(value(difference), value(a) - value(b)),
            None => prop_assert!(value(a) < value(b)),
        }
        prop_assert_eq!(a.cmp(&b), value(a).cmp(&value(b)));
    }

    #[test]
    fn products_are_exact(a in precise(), factor in amount()) {
        match a.checked_mul(factor) {
            Some(times) => prop_assert_eq!(value(times), value(a) * exact(factor)),
            None => prop_assert!(value(a) * exact(factor) >= power_of_two(128)),
        }
    }

    #[test]
    fn nothing_of_a_reward_is_lost(reward in amount(), remainder in any::<u128>(), shares in amount()) {
        prop_assume!(shares > 0);
        let (each, left) = per_share(reward, remainder, shares).expect("there are shares");
        prop_assert!(left < shares);
        let unit = power_of_two(128);
        prop_assert_eq!(
            exact(reward) + exact(remainder) / unit.clone(),
            value(each) * exact(shares) + exact(left) / unit
        );
    }

    #[test]
    fn over_many_rewards_what_was_earned_and_the_remainder_are_what_was_paid_in(
        stakes in prop::collection::vec(amount().prop_filter("staked", |stake| (1..1u128 << 100).contains(stake)), 1..8),
        rewards in prop::collection::vec(0..10u128.pow(18), 1..30),
    ) {
        let shares: u128 = stakes.iter().sum();
        let (mut acc, mut remainder) = (Precise::default(), 0);
        for reward in &rewards {
            let (each, left) = per_share(*reward, remainder, shares).expect("there are shares");
            acc = acc.checked_add(each).expect("small");
            remainder = left;
        }
        let paid_in: u128 = rewards.iter().sum();
        let mut total = exact(remainder) / power_of_two(128);
        for stake in stakes {
            let got = earned(stake, Precise::default(), acc).expect("small");
            total += value(got);
            // A claim pays the whole part: less than one unit below the exact share
            // of all rewards, never above it.
            let share = exact(paid_in) * exact(stake) / exact(shares);
            prop_assert!(exact(got.whole) <= share);
            prop_assert!(exact(got.whole) + exact(1) > share.clone() - exact(stake) / power_of_two(128));
            prop_assert!(share - value(got) < exact(1));
        }
        prop_assert_eq!(total, exact(paid_in));
    }

    #[test]
    fn a_part_is_rounded_down(amount in amount(), points in amount(), total in amount()) {
        match part(amount, points, total) {
            Some(part) => prop_assert!(is_floor_of(part, &(exact(amount) * exact(points) / exact(total)))),
            None => prop_assert!(total == 0 || points > total),
        }
    }

    #[test]
    fn parts_never_exceed_the_amount(
        amount in amount(), points in prop::collection::vec(0..u128::MAX / 16, 1..16),
    ) {
        let total: u128 = points.iter().sum();
        prop_assume!(total > 0);
        let mut left = amount;
        for points in &points {
            left = left.checked_sub(part(amount, *points, total).expect("of the total")).expect("never more");
        }
        prop_assert!(left < points.len() as u128);
    }

    #[test]
    fn commission_and_rest_are_the_reward(reward in amount(), parts in 0u32..=1_000_000_000) {
        let rate = Perbill::from_parts(parts);
        let (cut, rest) = commission(reward, rate).expect("a part of 128 bits");
        prop_assert_eq!(cut.checked_add(rest), Some(reward));
        let model = exact(reward) * exact(u128::from(parts)) / exact(1_000_000_000);
        prop_assert!(is_floor_of(cut, &model));
    }
}

#[test]
fn the_edges() {
    let one = Precise {
        whole: 1,
        fraction: 0,
    };
    assert_eq!(per_share(1, 0, 0), None, "no shares");
    assert_eq!(per_share(0, 0, 1), Some((Precise::default(), 0)));
    let most = Precise {
        whole: u128::MAX,
        fraction: u128::MAX,
    };
    assert_eq!(per_share(u128::MAX, u128::MAX, 1), Some((most, 0)));
    assert_eq!(earned(1, one, Precise::default()), None, "earnings fell");
    assert_eq!(earned(u128::MAX, Precise::default(), most), None);
    assert_eq!(most.checked_add(one), None);
    assert_eq!(part(1, 1, 0), None, "no points");
    assert_eq!(part(1, 2, 1), None, "more points than there are");
    assert_eq!(commission(7, Perbill::from_percent(50)), Some((3, 4)));
    assert_eq!(commission(7, Perbill::one()), Some((7, 0)));
    assert_eq!(commission(7, Perbill::zero()), Some((0, 7)));
}

/// A third of a unit each, three times, is a unit: nothing is lost on the way, as
/// it would be without the remainder and the fraction.
#[test]
fn a_unit_among_three_is_not_lost() {
    let (mut acc, mut remainder) = (Precise::default(), 0);
    for _ in 0..3 {
        let (each, left) = per_share(1, remainder, 3).expect("there are shares");
        acc = acc.checked_add(each).expect("small");
        remainder = left;
    }
    let got = earned(1, Precise::default(), acc).expect("small");
    assert_eq!((got.whole, remainder), (1, 0));
    let lossy: u128 = (0..3).map(|_| part(1, 1, 3).expect("of three")).sum();
    assert_eq!(lossy, 0, "rounding each reward by itself loses all of it");
}
