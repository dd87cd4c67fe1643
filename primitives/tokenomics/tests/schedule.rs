// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The halving schedule against its definition.

mod model;

use model::{exact, power_of_two};
use proptest::prelude::*;
use tokenomics_primitives::schedule::{halvings, rate};

const CAP: u128 = 21_000_000_000_000_000;
const BASE: u128 = 1_000_000_000;

/// minted·2ⁿ ≥ cap·(2ⁿ − 1), in exact numbers.
fn reached(minted: u128, cap: u128, n: u32) -> bool {
    exact(minted) * power_of_two(n) >= exact(cap) * (power_of_two(n) - exact(1))
}

proptest! {
    #[test]
    fn halvings_are_the_largest_n_of_the_definition(cap in 1u128.., part in any::<u128>()) {
        let minted = part % cap;
        let n = halvings(minted, cap).unwrap();
        prop_assert!(reached(minted, cap, n));
        prop_assert!(!reached(minted, cap, n + 1));
    }

    #[test]
    fn the_rate_never_rises_with_what_is_minted(a in 0..=CAP, b in 0..=CAP) {
        let (less, more) = (a.min(b), a.max(b));
        prop_assert!(rate(BASE, more, CAP) <= rate(BASE, less, CAP));
    }
}

#[test]
fn every_boundary_is_exact_to_the_unit() {
    for n in 1..=54u32 {
        // The least that is minted when the n-th halving comes.
        let boundary = CAP - (CAP >> n);
        assert_eq!(halvings(boundary, CAP), Some(n), "at boundary {n}");
        assert_eq!(
            halvings(boundary - 1, CAP),
            Some(n - 1),
            "one unit before boundary {n}"
        );
        assert_eq!(rate(BASE, boundary, CAP), (BASE >> n).max(1));
        assert_eq!(rate(BASE, boundary - 1, CAP), (BASE >> (n - 1)).max(1));
        if boundary + 1 < CAP - (CAP >> (n + 1)) {
            assert_eq!(
                halvings(boundary + 1, CAP),
                Some(n),
                "one unit after boundary {n}"
            );
        }
    }
    assert_eq!(CAP >> 55, 0, "there is no boundary after these");
}

#[test]
fn the_edges() {
    assert_eq!(halvings(0, CAP), Some(0));
    assert_eq!(halvings(CAP, CAP), None, "nothing is left");
    assert_eq!(halvings(CAP + 1, CAP), None);
    assert_eq!(halvings(0, 0), None);
    assert_eq!(halvings(u128::MAX - 1, u128::MAX), Some(127));
    assert_eq!(rate(BASE, 0, CAP), BASE);
    assert_eq!(rate(BASE, CAP, CAP), 1, "the one unit goes on");
    assert_eq!(rate(0, 0, CAP), 1);
    assert_eq!(rate(u128::MAX, u128::MAX - 1, u128::MAX), 1);
}
