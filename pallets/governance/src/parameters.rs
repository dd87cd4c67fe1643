// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is governed of the votes themselves.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::traits::Zero;

/// Everything governed. A change applies to ongoing polls as well.
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
pub struct GovernanceParameters<Balance> {
    /// What the support of a poll is measured against while less than this is staked,
    /// in the stake's smallest unit. Above zero.
    pub support_floor: Balance,
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
    /// The support floor is zero: the first unit staked could decide anything.
    ZeroSupportFloor,
}

impl<Balance: Zero> GovernanceParameters<Balance> {
    /// Whether the parameters are sound, to be asked before they are set.
    pub fn validate(&self) -> Result<(), ParametersError> {
        if self.support_floor.is_zero() {
            return Err(ParametersError::ZeroSupportFloor);
        }
        Ok(())
    }
}
