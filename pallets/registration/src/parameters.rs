// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is governed: prices, terms and bonds.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{FixedPointNumber, FixedU128, traits::Zero};
use tokenomics_primitives::math::{Rounding, mul_div};

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
    /// The factor on the price at each slot sold. At least one, by which no price ever
    /// rises. With the half-life it says how many slots a steady price admits: see
    /// [`Self::slots_admitted`].
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

impl<Balance, BlockNumber: Copy + TryInto<u64>> RegistrationParameters<Balance, BlockNumber> {
    /// How many slots of a role `blocks` admit while the price is in balance: sold evenly,
    /// so many raise it by what the blocks lower it, `bump` to their number being two to
    /// the number of half-lives. Rounded down.
    ///
    /// More raise the price, without an end but the ceiling, at which any number is sold;
    /// fewer let it fall, down to the floor. In a half-life's time the number is also how
    /// many, sold at once, double the price: the size of a wave that it lets in cheaply.
    ///
    /// A price falls in straight lines above the exponential, so that up to 2.2% fewer are
    /// admitted where they are sold one by one.
    ///
    /// `None` where nothing limits the number, as a sale hardly raises the price (by 10⁻¹⁵
    /// of it), or where the half-life is zero.
    pub fn slots_admitted(&self, blocks: BlockNumber) -> Option<u64> {
        let blocks = u128::from(blocks.try_into().ok()?);
        let half_life = u128::from(self.half_life.try_into().ok()?);
        // Below 2⁶⁴ · 2⁷ · 2⁴⁸.
        let doublings = half_life.checked_mul(binary_logarithm(self.bump)?)?;
        let admitted = blocks.checked_mul(LOGARITHM)?.checked_div(doublings)?;
        u64::try_from(admitted).ok()
    }
}

/// Into how many parts a doubling is divided in a logarithm.
const LOGARITHM: u128 = 1 << LOGARITHM_BITS;
const LOGARITHM_BITS: u32 = 48;
/// One, as a number that is squared.
const ONE: u128 = 1 << 63;

/// How many doublings make a factor, in [`LOGARITHM`] parts of one, rounded down. `None`
/// for a factor below one.
fn binary_logarithm(factor: FixedU128) -> Option<u128> {
    let inner = factor.into_inner();
    let whole = inner.checked_div(FixedU128::DIV)?.checked_ilog2()?;
    let mut doublings = u128::from(whole).checked_mul(LOGARITHM)?;
    // From one to below two: each squaring doubles its logarithm, and what is then two or
    // more has a bit of it.
    let scale = FixedU128::DIV.checked_mul(1u128.checked_shl(whole)?)?;
    let mut rest = mul_div(inner, ONE, scale, Rounding::Down)?;
    for bit in (0..LOGARITHM_BITS).rev() {
        // Below 2¹²⁸.
        rest = rest.checked_mul(rest)? >> 63;
        if rest >= 2 * ONE {
            rest >>= 1;
            doublings |= 1 << bit;
        }
    }
    Some(doublings)
}
