// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is governed: prices, terms and bonds.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{FixedU128, traits::Zero};

/// Between what a slot's price moves, in the token's smallest unit.
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
pub struct PriceBounds<Balance> {
    /// The price when nobody buys, and before anybody did. Above zero: a price of
    /// zero cannot be raised by a factor.
    pub floor: Balance,
    /// The most a slot ever costs. At least the floor.
    pub ceiling: Balance,
}

/// Everything governed. A change of prices, terms and bonds applies to what is bought
/// after it, one of the half-life to the time since the last sale too. A departure keeps
/// the cool-down of its announcement; a lease that lapses has that of now. What is stored
/// lies between the bounds of its own time and is brought between the current ones when
/// it is read.
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
pub struct RegistrationParameters<Balance, BlockNumber> {
    /// The price of a miner's GPU slot.
    pub miner: PriceBounds<Balance>,
    /// The price of a validator's slot.
    pub validator: PriceBounds<Balance>,
    /// The factor on the price at each slot sold. At least one.
    pub bump: FixedU128,
    /// The blocks in which the price halves while nothing is sold. Above zero.
    pub half_life: BlockNumber,
    /// The most slots one call can buy. Above zero.
    pub slots_per_call: u32,
    /// The blocks a lease runs. Above zero.
    pub term: BlockNumber,
    /// What is held for each GPU, in the token's smallest unit. Above zero.
    pub bond: Balance,
    /// The blocks between the announcement of a departure, or a lapse, and the
    /// return of the bonds.
    pub cool_down: BlockNumber,
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
    /// A price's floor is zero.
    ZeroFloor,
    /// A price's floor is above its ceiling.
    FloorAboveCeiling,
    /// The bump is below one.
    BumpBelowOne,
    /// The half-life is zero.
    ZeroHalfLife,
    /// A call can buy no slot.
    ZeroSlotsPerCall,
    /// The term is zero.
    ZeroTerm,
    /// The bond is zero.
    ZeroBond,
}

impl<Balance: Ord + Zero, BlockNumber: Zero> RegistrationParameters<Balance, BlockNumber> {
    /// Whether the parameters fit together, to be asked before they are set.
    pub fn validate(&self) -> Result<(), ParametersError> {
        for bounds in [&self.miner, &self.validator] {
            if bounds.floor.is_zero() {
                return Err(ParametersError::ZeroFloor);
            }
            if bounds.floor > bounds.ceiling {
                return Err(ParametersError::FloorAboveCeiling);
            }
        }
        if self.bump < FixedU128::from_u32(1) {
            return Err(ParametersError::BumpBelowOne);
        }
        if self.half_life.is_zero() {
            return Err(ParametersError::ZeroHalfLife);
        }
        if self.slots_per_call.is_zero() {
            return Err(ParametersError::ZeroSlotsPerCall);
        }
        if self.term.is_zero() {
            return Err(ParametersError::ZeroTerm);
        }
        if self.bond.is_zero() {
            return Err(ParametersError::ZeroBond);
        }
        Ok(())
    }
}
