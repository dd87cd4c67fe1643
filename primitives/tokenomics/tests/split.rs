// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The split by largest remainder against an exact rational model.

mod model;

use model::exact;
use proptest::prelude::*;
use tokenomics_primitives::split::largest_remainder;

fn weights() -> impl Strategy<Value = [u128; 16]> {
    prop::array::uniform16(prop_oneof![Just(0u128), 1u128..100, 0u128..1 << 120])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn parts_sum_to_the_total_and_keep_quota(
        total in prop_oneof![0u128..1_000, any::<u128>()], weights in weights(),
    ) {
        let sum: u128 = weights.iter().sum();
        prop_assume!(sum > 0);
        let parts = largest_remainder(total, &weights).unwrap();
        prop_assert_eq!(parts.iter().fold(exact(0), |all, part| all + exact(*part)), exact(total));
        for (part, weight) in parts.iter().zip(weights) {
            let share = exact(total) * exact(weight) / exact(sum);
            prop_assert!(exact(*part) > share.clone() - exact(1));
            prop_assert!(exact(*part) < share + exact(1));
            prop_assert!(weight > 0 || *part == 0);
        }
    }

    #[test]
    fn a_larger_weight_never_gets_less(total in 0u128..1_000_000, weights in weights()) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let parts = largest_remainder(total, &weights).unwrap();
        for (part, weight) in parts.iter().zip(weights) {
            for (other, heavier) in parts.iter().zip(weights) {
                prop_assert!(weight >= heavier || part <= other);
            }
        }
    }
}

#[test]
fn known_splits() {
    assert_eq!(
        largest_remainder(101, &[1, 1]),
        Some([51, 50]),
        "the first of equals first"
    );
    assert_eq!(largest_remainder(10, &[1, 1, 1]), Some([4, 3, 3]));
    assert_eq!(largest_remainder(10, &[15, 15, 70]), Some([2, 1, 7]));
    assert_eq!(largest_remainder(2, &[0, 1, 0, 9]), Some([0, 0, 0, 2]));
    assert_eq!(largest_remainder(0, &[1, 2]), Some([0, 0]));
}

#[test]
fn the_edges() {
    assert_eq!(largest_remainder(10, &[0, 0]), None, "no weight");
    assert_eq!(largest_remainder::<0>(10, &[]), None, "no part");
    assert_eq!(
        largest_remainder(10, &[u128::MAX, 1]),
        None,
        "the sum overflows"
    );
    assert_eq!(
        largest_remainder(u128::MAX, &[u128::MAX]),
        Some([u128::MAX])
    );
    assert_eq!(
        largest_remainder(u128::MAX, &[u128::MAX / 2, u128::MAX / 2]),
        Some([1 << 127, (1 << 127) - 1])
    );
}
