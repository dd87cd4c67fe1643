// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Products and quotients that need more than 128 bits on the way.

use primitive_types::U256;

/// Which integer a quotient becomes when it is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// The integer below.
    Down,
    /// The integer above.
    Up,
}

/// `a · b`, exact: two 128-bit factors always fit 256 bits.
#[must_use]
pub fn product(a: u128, b: u128) -> U256 {
    // (2^128 - 1)^2 < 2^256: this multiplication cannot overflow.
    U256::from(a) * U256::from(b)
}

/// `numerator / denominator`, rounded as asked.
///
/// `None` when the denominator is zero or the quotient needs more than 128
/// bits.
#[must_use]
pub fn quotient(numerator: U256, denominator: U256, rounding: Rounding) -> Option<u128> {
    if denominator.is_zero() {
        return None;
    }
    let (whole, rest) = numerator.div_mod(denominator);
    let rounded = match rounding {
        Rounding::Up if !rest.is_zero() => whole.checked_add(U256::one())?,
        _ => whole,
    };
    u128::try_from(rounded).ok()
}

/// `a · b / denominator`, rounded once, as asked.
///
/// `None` when the denominator is zero or the quotient needs more than 128
/// bits.
#[must_use]
pub fn mul_div(a: u128, b: u128, denominator: u128, rounding: Rounding) -> Option<u128> {
    quotient(product(a, b), U256::from(denominator), rounding)
}
