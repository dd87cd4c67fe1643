// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How a tier's weight follows its supply: scarce hardware earns more,
//! abundant less.
//!
//! The factor moves towards target / average supply, within a band and no
//! faster than a rate a day. Where there never was any supply it is the highest, and
//! where there is none any more it becomes so: an empty tier is as scarce as can be.

use crate::math::{Rounding, mul_div, product, quotient};
use codec::{Decode, Encode, MaxEncodedLen};
use primitive_types::U256;
use scale_info::TypeInfo;
use sp_arithmetic::{FixedPointNumber, FixedU128};

/// The lowest factor.
pub const LOWEST: FixedU128 = FixedU128::from_rational(1, 2);
/// The highest factor.
pub const HIGHEST: FixedU128 = FixedU128::from_u32(2);
/// The days over which a supply is averaged.
pub const AVERAGED_DAYS: u32 = 30;

/// ln(9/8) in units of 10⁻¹⁸, rounded down. 1 + x·ln(9/8) ≤ (9/8)^x, so a day
/// moves the factor by at most 9/8 or 8/9 however it is divided into rounds.
const RATE: u128 = 117_783_035_656_383_454;

/// Where the controller of one tier stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Availability {
    /// The average supply, in MOPS verified a round, rounded down.
    pub average: u128,
    /// What that cuts off, in units of 2⁻⁶⁴ MOPS. Without it a supply that is off by
    /// less than a round can move a whole MOPS would never be seen.
    pub fraction: u64,
    /// The factor on the tier's weight, from [`LOWEST`] to [`HIGHEST`].
    pub factor: FixedU128,
}

impl Availability {
    /// Where a tier starts: as if it always had been at its target.
    #[must_use]
    pub const fn at_target(target: u128) -> Self {
        Self {
            average: target,
            fraction: 0,
            factor: FixedU128::from_u32(1),
        }
    }

    /// Where a tier starts that is added to others: nobody was ever verified in it. An
    /// empty tier so never stands below another, and holds none down.
    #[must_use]
    pub const fn unsupplied() -> Self {
        Self {
            average: 0,
            fraction: 0,
            factor: HIGHEST,
        }
    }

    /// Where the controller stands `elapsed_blocks` later, `supply` having been
    /// measured for them.
    ///
    /// The average is exponential: each block replaces its part of
    /// [`AVERAGED_DAYS`] days, all of them at most; rounded down to 2⁻⁶⁴ MOPS. The
    /// factor then moves towards target / average (rounded down; the highest when there
    /// is no supply), by (1 + ln(9/8)·days) at most, where a round counts as one
    /// day at most; rounded towards where it was.
    ///
    /// `None` only when `day` is zero.
    #[must_use]
    pub fn next(&self, supply: u128, target: u128, elapsed_blocks: u64, day: u32) -> Option<Self> {
        if day == 0 {
            return None;
        }
        let period = u64::from(day).checked_mul(u64::from(AVERAGED_DAYS))?;
        let replaced = elapsed_blocks.min(period);
        let kept = period.checked_sub(replaced)?;
        // In units of 2⁻⁶⁴: below 2^192, times a period below 2^37.
        let before = (U256::from(self.average) << 64) | U256::from(self.fraction);
        let sum = before
            .checked_mul(U256::from(kept))?
            .checked_add((U256::from(supply) << 64).checked_mul(U256::from(replaced))?)?;
        let exact = sum.checked_div(U256::from(period))?;
        let average = u128::try_from(exact >> 64).ok()?;
        let fraction = u64::try_from(exact & U256::from(u64::MAX)).ok()?;

        // Below 2^252. No supply, or so little that the quotient is out of range, is
        // scarce.
        let wanted = quotient(product(target, FixedU128::DIV) << 64, exact, Rounding::Down)
            .map_or(HIGHEST, FixedU128::from_inner)
            .clamp(LOWEST, HIGHEST);
        let moved = u128::from(elapsed_blocks.min(u64::from(day)));
        let step =
            FixedU128::DIV.checked_add(mul_div(RATE, moved, u128::from(day), Rounding::Down)?)?;
        let inner = self.factor.into_inner();
        let up = mul_div(inner, step, FixedU128::DIV, Rounding::Down)?;
        let down = mul_div(inner, FixedU128::DIV, step, Rounding::Up)?;
        let factor = wanted.clamp(FixedU128::from_inner(down), FixedU128::from_inner(up));
        Some(Self {
            average,
            fraction,
            factor,
        })
    }
}
