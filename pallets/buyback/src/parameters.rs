// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is governed: how fast revenue is spent, and at which prices.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{Perbill, Permill, traits::Zero};

/// The smallest [`BuybackParameters::sample_clamp`], a millionth: of the lowest
/// price that is still a unit.
pub const MIN_SAMPLE_CLAMP: Perbill = Perbill::from_parts(1_000);

/// Everything governed, for all assets alike.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Deserialize,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    Serialize,
    TypeInfo,
)]
pub struct BuybackParameters {
    /// The blocks in which each asset has one slice. Above zero.
    pub period: u32,
    /// The part of what is pending that a slice spends, unless the asset's minimum
    /// is more. Above zero. At less than one, p, a steady revenue leaves (1 − p) / p
    /// periods of itself pending, where that is more than the minimum slice; at one,
    /// only what came in since the last slice, and what the pool is not deep enough
    /// for.
    pub pace: Perbill,
    /// The most a slice may be of the pool's reserve of the asset. Above zero and
    /// at most the pool's fee, so that a sandwich gains nothing.
    pub depth_limit: Permill,
    /// How far what a slice buys may fall short of the average price. Below one,
    /// and above the liquidity fee plus the depth limit, which a slice at the very
    /// average falls short by.
    pub tolerance: Perbill,
    /// How far from the average a block's price may count. From
    /// [`MIN_SAMPLE_CLAMP`] to below one.
    pub sample_clamp: Perbill,
    /// The blocks over which the price is averaged. Above zero.
    pub averaged_blocks: u32,
}

/// Why parameters are refused.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub enum ParametersError {
    /// The period is zero.
    ZeroPeriod,
    /// The pace is zero.
    ZeroPace,
    /// The depth limit is zero.
    ZeroDepthLimit,
    /// The depth limit is above the liquidity fee.
    DepthLimitAboveFee,
    /// The tolerance is at most the liquidity fee plus the depth limit.
    ToleranceTooNarrow,
    /// The tolerance is one: any price would do.
    ToleranceTooWide,
    /// The sample clamp is below [`MIN_SAMPLE_CLAMP`].
    SampleClampTooNarrow,
    /// The sample clamp is one: a single block could bring the average to zero.
    SampleClampTooWide,
    /// The average is over no block.
    ZeroAveragedBlocks,
}

impl BuybackParameters {
    /// Whether the parameters fit together and with the `liquidity_fee` of the
    /// pools, to be asked before they are set.
    ///
    /// # Errors
    /// The first relation that does not hold.
    pub fn validate(&self, liquidity_fee: Permill) -> Result<(), ParametersError> {
        if self.period.is_zero() {
            return Err(ParametersError::ZeroPeriod);
        }
        if self.pace.is_zero() {
            return Err(ParametersError::ZeroPace);
        }
        if self.depth_limit.is_zero() {
            return Err(ParametersError::ZeroDepthLimit);
        }
        if self.depth_limit > liquidity_fee {
            return Err(ParametersError::DepthLimitAboveFee);
        }
        // In parts of 10⁹ that 64 bits hold: both are at most 10⁶ times 10³.
        let short = [liquidity_fee, self.depth_limit]
            .map(|part| u64::from(part.deconstruct()) * 1_000)
            .into_iter()
            .sum::<u64>();
        if u64::from(self.tolerance.deconstruct()) <= short {
            return Err(ParametersError::ToleranceTooNarrow);
        }
        if self.tolerance.is_one() {
            return Err(ParametersError::ToleranceTooWide);
        }
        if self.sample_clamp < MIN_SAMPLE_CLAMP {
            return Err(ParametersError::SampleClampTooNarrow);
        }
        if self.sample_clamp.is_one() {
            return Err(ParametersError::SampleClampTooWide);
        }
        if self.averaged_blocks.is_zero() {
            return Err(ParametersError::ZeroAveragedBlocks);
        }
        Ok(())
    }
}
