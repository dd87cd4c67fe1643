// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A reward shared by stake, in constant time and without losing a fraction.
//!
//! What one unit of stake has earned is counted in units of 2⁻¹²⁸, so that it can
//! be multiplied by any stake exactly. Dividing a reward by the stake leaves a
//! remainder, which the next reward takes up: over any number of rewards, what all
//! stakes earned and the remainder make up exactly what was paid in.

use crate::math::{Rounding, mul_div, product};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::U256;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{PerThing, Perbill};

/// A number in units of 2⁻¹²⁸: `whole + fraction · 2⁻¹²⁸`.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Deserialize,
    Encode,
    Eq,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    TypeInfo,
)]
pub struct Precise {
    /// The integer part. First, so that the order of values is that of numbers.
    pub whole: u128,
    /// The rest, in units of 2⁻¹²⁸.
    pub fraction: u128,
}

impl Precise {
    /// The sum, exact.
    ///
    /// `None` beyond 128 bits of integer part.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (fraction, carried) = self.fraction.overflowing_add(other.fraction);
        let whole = self
            .whole
            .checked_add(other.whole)?
            .checked_add(u128::from(carried))?;
        Some(Self { whole, fraction })
    }

    /// The difference, exact.
    ///
    /// `None` when `other` is the larger.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (fraction, borrowed) = self.fraction.overflowing_sub(other.fraction);
        let whole = self
            .whole
            .checked_sub(other.whole)?
            .checked_sub(u128::from(borrowed))?;
        Some(Self { whole, fraction })
    }

    /// The product with an integer, exact.
    ///
    /// `None` beyond 128 bits of integer part.
    #[must_use]
    pub fn checked_mul(self, factor: u128) -> Option<Self> {
        let of_fraction = product(self.fraction, factor);
        let carried = u128::try_from(of_fraction >> 128).ok()?;
        let whole = self.whole.checked_mul(factor)?.checked_add(carried)?;
        Some(Self {
            whole,
            fraction: of_fraction.low_u128(),
        })
    }
}

/// What one of `shares` gets of `reward` and of what the rewards before it left,
/// `remainder` units of 2⁻¹²⁸; and what is left now, in the same units.
///
/// Rounded down; what is left is less than `shares` units of 2⁻¹²⁸, and exactly
/// `reward + remainder · 2⁻¹²⁸ = each · shares + left · 2⁻¹²⁸`.
///
/// `None` without shares. One share gets less than 2¹²⁸ whole units, as the reward is
/// less.
#[must_use]
pub fn per_share(reward: u128, remainder: u128, shares: u128) -> Option<(Precise, u128)> {
    if shares == 0 {
        return None;
    }
    // At most (2^128 - 1) · 2^128 + 2^128 - 1, which is 2^256 - 1.
    let total = (U256::from(reward) << 128).checked_add(U256::from(remainder))?;
    let (each, left) = total.div_mod(U256::from(shares));
    let each = Precise {
        whole: u128::try_from(each >> 128).ok()?,
        fraction: each.low_u128(),
    };
    Some((each, u128::try_from(left).ok()?))
}

/// What `shares` earned while a share's earnings rose from `before` to `after`,
/// exact.
///
/// `None` when earnings fell, or beyond 128 bits.
#[must_use]
pub fn earned(shares: u128, before: Precise, after: Precise) -> Option<Precise> {
    after.checked_sub(before)?.checked_mul(shares)
}

/// What `points` of all `total` points get of `amount`. Rounded down, so the parts
/// of all never exceed the amount.
///
/// `None` without any points in total, or when the part is larger than all.
#[must_use]
pub fn part(amount: u128, points: u128, total: u128) -> Option<u128> {
    if points > total {
        return None;
    }
    mul_div(amount, points, total, Rounding::Down)
}

/// Divides `reward` into the commission at `rate` and the rest. The commission is
/// rounded down: what cannot be divided is the stakers'.
#[must_use]
pub fn commission(reward: u128, rate: Perbill) -> Option<(u128, u128)> {
    let commission = mul_div(
        reward,
        u128::from(rate.deconstruct()),
        u128::from(Perbill::ACCURACY),
        Rounding::Down,
    )?;
    Some((commission, reward.checked_sub(commission)?))
}
