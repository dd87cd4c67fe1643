// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Exact rational numbers to hold the integer arithmetic against.
#![allow(dead_code, reason = "each test file uses its own part of the model")]

use num_bigint::BigInt;
use num_rational::Ratio;

/// An exact number.
pub(crate) type Exact = Ratio<BigInt>;

/// An integer as an exact number.
pub(crate) fn exact(value: u128) -> Exact {
    Exact::from_integer(BigInt::from(value))
}

/// 2ⁿ.
pub(crate) fn power_of_two(n: u32) -> Exact {
    Exact::from_integer(BigInt::from(1) << n)
}

/// 2^(−i/16) to the nearest 2⁻³², by integer roots.
pub(crate) fn knot(i: u32) -> Exact {
    // The 16th root of 2^(16·(32+32) − i) is 2^(64 − i/16), rounded down.
    let root = (BigInt::from(1) << (1024 - i)).nth_root(16);
    let nearest: BigInt = (root + (BigInt::from(1) << 31)) >> 32;
    Exact::new(nearest, BigInt::from(1) << 32)
}

/// Whether `value` is `model` rounded up: not below it, and less than one
/// above.
pub(crate) fn is_ceiling_of(value: u128, model: &Exact) -> bool {
    let value = exact(value);
    value >= *model && value < model + exact(1)
}

/// Whether `value` is `model` rounded down: not above it, and less than one
/// below.
pub(crate) fn is_floor_of(value: u128, model: &Exact) -> bool {
    let value = exact(value);
    value <= *model && value > model - exact(1)
}
