// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the pallet keeps and is told.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{Perbill, Perquintill};
use tokenomics_primitives::{
    availability::Availability,
    pay::{Lottery, Terms},
    tiers::Tier,
};

/// The most rows any table has: [`tokenomics_primitives::tiers::MAX_TIERS`].
pub const MAX_TIERS: u32 = 16;

/// One value a tier, in the order of the table.
pub type ByTier<Value> = BoundedVec<Value, ConstU32<MAX_TIERS>>;

/// What governs the emission.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct EmissionParameters<Balance> {
    /// Scheduled a block before the first halving.
    pub base: Balance,
    /// The share of the recycle pool that drips out in one block.
    pub drip: Perquintill,
    /// The most blocks one round is paid for.
    pub max_round: u32,
    /// The weight at which a round in which nothing has faded earns its whole
    /// budget, in operations a second at a multiplier of one.
    pub reference_weight: u128,
    /// The part of a round that goes to the stakers; the rest goes to the
    /// miners.
    pub stakers_share: Perbill,
    /// A day in blocks: decay and availability are told a day.
    pub day: u32,
    /// A tier that has faded below this is retired.
    pub retired_below: Perbill,
}

/// Why parameters are refused.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ParameterError {
    /// A round is paid for no block at all.
    NoRound,
    /// A day has no blocks.
    NoDay,
    /// A round longer than a day: the availability controller counts a round as
    /// one day at most.
    RoundLongerThanDay,
    /// Any weight at all would earn the whole budget.
    NoReference,
}

impl<Balance> EmissionParameters<Balance> {
    /// Checks ranges and relations.
    ///
    /// # Errors
    /// The first thing wrong.
    pub fn validate(&self) -> Result<(), ParameterError> {
        if self.max_round == 0 {
            return Err(ParameterError::NoRound);
        }
        if self.day == 0 {
            return Err(ParameterError::NoDay);
        }
        if self.max_round > self.day {
            return Err(ParameterError::RoundLongerThanDay);
        }
        if self.reference_weight == 0 {
            return Err(ParameterError::NoReference);
        }
        Ok(())
    }
}

/// What one GPU was verified at in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedResult<AccountId> {
    /// The window.
    pub window: u32,
    /// The hotkey that committed.
    pub hotkey: AccountId,
    /// The number of its GPU.
    pub gpu: u32,
    /// The throughput credited, in MOPS.
    pub mops: u64,
    /// The memory credited, in GiB; zero where none was asked for.
    pub gib: u32,
    /// Its bandwidth, in GB/s; zero where none was asked for.
    pub gbps: u32,
    /// Whether the result was confirmed instead of revealed.
    pub confirmed: bool,
    /// The samples of the product that a reveal opens.
    pub samples: u32,
    /// The part of the bond a lie costs.
    pub slash_share: Perbill,
    /// The part of the slash that can go to a reporter.
    pub bounty_share: Perbill,
    /// How many reveals the window has room for.
    pub capacity: u32,
    /// How many commits it had.
    pub commits: u32,
}

impl<AccountId> VerifiedResult<AccountId> {
    /// The terms that bound this result's pay, with `bond` behind it.
    pub(crate) fn terms(&self, bond: u128) -> Terms {
        Terms {
            bond,
            slash_share: self.slash_share,
            bounty_share: self.bounty_share,
            samples: self.samples,
            lottery: self.confirmed.then_some(Lottery {
                capacity: self.capacity,
                commits: self.commits,
            }),
        }
    }
}

/// Why a verified result earns nothing.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Unearned {
    /// It reaches no tier's floor.
    BelowFloors,
    /// Its hotkey has no owner to be paid.
    NoOwner,
    /// The GPU has a result in this window already.
    Repeated,
    /// Its cap or the round's sum is out of range.
    OutOfRange,
}

/// A result that waits for its pay. A GPU has one at most.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct UnpaidResult<AccountId, Balance> {
    /// The window it was verified in.
    pub window: u32,
    /// Its row in the table that window had.
    pub tier: u8,
    /// What it was verified at, in MOPS.
    pub mops: u64,
    /// The base row, in which the rest counts.
    pub base: u8,
    /// What of `mops` is beyond the row's ratio times the verified bandwidth, in MOPS.
    pub rest: u64,
    /// The owner of the hotkey when it was verified, who is paid.
    pub owner: AccountId,
    /// The most it may be paid, by the bond that stood behind it then.
    pub cap: Balance,
}

impl<AccountId, Balance> UnpaidResult<AccountId, Balance> {
    /// The MOPS that count in its row. `None` with a rest larger than all, which no result
    /// is stored with.
    pub(crate) const fn counted(&self) -> Option<u64> {
        self.mops.checked_sub(self.rest)
    }
}

/// What the running window has verified so far.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RunningRound {
    /// The window.
    pub window: u32,
    /// MOPS that count, by tier.
    pub mops: ByTier<u128>,
}

/// A settled round that can still be claimed from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct RoundRecord<Balance> {
    /// The window.
    pub window: u32,
    /// The blocks it was paid for.
    pub blocks: u32,
    /// Drawn from the recycle pool, stakers' part included.
    pub drawn: Balance,
    /// Newly minted, stakers' part included.
    pub minted: Balance,
    /// The weight of all results, in operations a second at a multiplier of one.
    pub weight: u128,
    /// The weight that would have earned the whole budget.
    pub reference: u128,
    /// What a MOPS earns, by tier, in units of 2⁻⁶⁴.
    pub rates: ByTier<u128>,
    /// What the miners were credited with.
    pub credited: Balance,
    /// What they have been paid of it.
    pub claimed: Balance,
}

/// One row of the table and where its availability stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct TierState {
    /// The row.
    pub tier: Tier,
    /// Its availability.
    pub availability: Availability,
}

impl TierState {
    /// A row of a first table: all of its rows begin at their targets, and one that stays
    /// empty becomes scarce no later than any other.
    pub(crate) fn new(tier: Tier) -> Self {
        Self {
            tier,
            availability: Availability::at_target(tier.target),
        }
    }

    /// A row that is added to others: nobody was verified in it, so it is as scarce as can
    /// be, and holds none of them down.
    pub(crate) fn added(tier: Tier) -> Self {
        Self {
            tier,
            availability: Availability::unsupplied(),
        }
    }
}
