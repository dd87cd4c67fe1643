// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is governed.

use crate::Balance;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{Perbill, traits::Zero};

/// Everything governed. A change applies to what is done after it.
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
pub struct DelegationParameters<BlockNumber> {
    /// What an owner must have staked to its own validator for it to be a
    /// candidate, in the staked token's smallest unit. Above zero.
    pub self_stake: Balance,
    /// The least one account can have staked to one validator. Above zero.
    pub min_stake: Balance,
    /// How many candidates are chosen for a session. Above zero.
    pub validators: u32,
    /// The blocks between unstaking and withdrawing. Above zero, and longer than an
    /// equivocation can be reported.
    pub unbonding: BlockNumber,
    /// The highest commission that can be set.
    pub max_commission: Perbill,
    /// The most by which a change can raise a commission.
    pub max_commission_rise: Perbill,
    /// The blocks between two changes of a commission. Above zero.
    pub commission_interval: BlockNumber,
    /// The least share of the required self-stake that an offence costs. Above zero.
    pub min_slash: Perbill,
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
    /// No self-stake is required.
    ZeroSelfStake,
    /// Nothing can be staked.
    ZeroMinStake,
    /// The least stake is above the required self-stake.
    MinStakeAboveSelfStake,
    /// No validator is chosen.
    ZeroValidators,
    /// Unbonding takes no time.
    ZeroUnbonding,
    /// A commission could be raised any number of times at once.
    ZeroCommissionInterval,
    /// An offence could cost nothing.
    ZeroMinSlash,
}

impl<BlockNumber: Zero> DelegationParameters<BlockNumber> {
    /// Whether the parameters fit together, to be asked before they are set.
    pub fn validate(&self) -> Result<(), ParametersError> {
        if self.self_stake.is_zero() {
            return Err(ParametersError::ZeroSelfStake);
        }
        if self.min_stake.is_zero() {
            return Err(ParametersError::ZeroMinStake);
        }
        if self.min_stake > self.self_stake {
            return Err(ParametersError::MinStakeAboveSelfStake);
        }
        if self.validators.is_zero() {
            return Err(ParametersError::ZeroValidators);
        }
        if self.unbonding.is_zero() {
            return Err(ParametersError::ZeroUnbonding);
        }
        if self.commission_interval.is_zero() {
            return Err(ParametersError::ZeroCommissionInterval);
        }
        if self.min_slash.is_zero() {
            return Err(ParametersError::ZeroMinSlash);
        }
        Ok(())
    }
}
