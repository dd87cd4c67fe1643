// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What one verified result weighs and is paid.

use crate::math::{Rounding, mul_div, product, quotient};
use primitive_types::U256;
use sp_arithmetic::{FixedU128, PerThing, Perbill};

/// What divides a [`FixedU128`] times MOPS into a weight.
const WEIGHT_UNIT: u128 = 1_000_000_000_000;

/// One unit a MOPS, as a [`rate`].
const RATE_UNIT: u128 = 1 << 64;

/// The weight of `mops` of one tier: mops · effective multiplier, in operations
/// a second at a multiplier of one (so 10⁶ a MOPS). Rounded down.
///
/// `None` beyond 128 bits.
#[must_use]
pub fn weight(mops: u128, effective: FixedU128) -> Option<u128> {
    mul_div(mops, effective.into_inner(), WEIGHT_UNIT, Rounding::Down)
}

/// What a tier's `credit` is a MOPS, over all the `mops` the tier was verified
/// at, in units of 2⁻⁶⁴. Rounded down: what is cut off stays in the round.
///
/// `None` without any MOPS or beyond 128 bits.
#[must_use]
pub fn rate(credit: u128, mops: u128) -> Option<u128> {
    mul_div(credit, RATE_UNIT, mops, Rounding::Down)
}

/// What a result of `mops` earns at `rate`, before the cap. Rounded down, so
/// the shares of a tier never exceed its credit.
///
/// `None` beyond 128 bits.
#[must_use]
pub fn share(rate: u128, mops: u64) -> Option<u128> {
    mul_div(rate, u128::from(mops), RATE_UNIT, Rounding::Down)
}

/// What stands behind a result: the terms under which a lie would have been
/// slashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The bond behind the GPU.
    pub bond: u128,
    /// The part of the bond a lie costs.
    pub slash_share: Perbill,
    /// The part of that which may go back to a friend as a bounty.
    pub bounty_share: Perbill,
    /// The samples a reveal opens.
    pub samples: u32,
    /// `Some` for a result that was confirmed without a reveal.
    pub lottery: Option<Lottery>,
}

/// The chance by which a result that was not revealed might have been called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lottery {
    /// How many reveals the chain has room for in a window.
    pub capacity: u32,
    /// How many commits the window had.
    pub commits: u32,
}

/// The most a result may be paid so that no lie pays: (slash − bounty) /
/// samples, times the chance min(1, capacity / commits) when it was confirmed.
/// Rounded down, once.
///
/// `None` without samples, or for a lottery without commits.
#[must_use]
pub fn cap(terms: &Terms) -> Option<u128> {
    let accuracy = u128::from(Perbill::ACCURACY);
    let (called, of) = match terms.lottery {
        Some(Lottery { capacity, commits }) => (capacity.min(commits), commits),
        None => (1, 1),
    };
    // Above the line at most 2^128 · 10^18 · 2^32, below it 10^18 · 2^64.
    let above = product(terms.bond, u128::from(terms.slash_share.deconstruct()))
        .checked_mul(U256::from(terms.bounty_share.left_from_one().deconstruct()))?
        .checked_mul(U256::from(called))?;
    let below = product(accuracy.checked_mul(accuracy)?, u128::from(terms.samples))
        .checked_mul(U256::from(of))?;
    quotient(above, below, Rounding::Down)
}
