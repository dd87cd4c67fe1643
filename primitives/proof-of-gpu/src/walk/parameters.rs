// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The size of a walk.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use super::{ENTRY_BYTES, WalkError};
use crate::{FOLDS, MAX_TILE_PATH};

/// Most pages of a fill.
pub const MAX_PAGES: u32 = 512;

/// Largest page, as the binary logarithm of its entries: 1 GiB.
pub const MAX_PAGE_BITS: u32 = 23;

const MIN_ROUNDS: u32 = 8;
const MAX_ROUNDS: u32 = 4_096;

/// Most entries that a lane reads.
pub const MAX_HOPS: u32 = 64;

/// Most rounds of the permutation for all the entries of a lane.
pub const MAX_LANE_ROUNDS: u32 = 1 << 15;

const MIN_LANES: u32 = 64;
const MAX_LANES: u32 = MIN_LANES << MAX_TILE_PATH;
const MAX_PASSES: u32 = 1_024;

// An entry's number has 32 bits.
const _: () = assert!((MAX_PAGES as u64) << MAX_PAGE_BITS == 1 << 32);
const _: () = assert!(MIN_LANES as usize == FOLDS);

/// Size of a walk.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize))]
pub struct WalkParameters {
    /// Pages of the fill, 1 to 512. GiB in production.
    pub pages: u32,
    /// Binary logarithm of a page's entries, at most 23.
    pub page_bits: u32,
    /// Rounds of the permutation that an entry takes: 8 to 4096.
    pub rounds: u32,
    /// Lanes of a batch: a power of two from 64 to 2²².
    pub lanes: u32,
    /// Hops of a lane, 1 to 64; with the rounds at most 2¹⁵ for a lane's entries.
    pub hops: u32,
    /// How often an entry is read on average, at least: up to 1024.
    pub passes: u32,
}

impl WalkParameters {
    /// What a network of datacentre GPUs asks for, by GiB of fill.
    pub const fn production(gib: u32) -> Self {
        Self {
            pages: gib,
            page_bits: MAX_PAGE_BITS,
            rounds: 1_280,
            lanes: 1 << 20,
            hops: 16,
            passes: 32,
        }
    }

    /// Whether the protocol allows this size.
    ///
    /// # Errors
    ///
    /// [`WalkError::Pages`], [`WalkError::PageBits`], [`WalkError::Rounds`],
    /// [`WalkError::Lanes`], [`WalkError::Hops`] or [`WalkError::Passes`], the first
    /// that applies.
    pub fn validate(&self) -> Result<(), WalkError> {
        if !(1..=MAX_PAGES).contains(&self.pages) {
            return Err(WalkError::Pages);
        }
        if self.page_bits > MAX_PAGE_BITS {
            return Err(WalkError::PageBits);
        }
        if !(MIN_ROUNDS..=MAX_ROUNDS).contains(&self.rounds) {
            return Err(WalkError::Rounds);
        }
        if !self.lanes.is_power_of_two() || !(MIN_LANES..=MAX_LANES).contains(&self.lanes) {
            return Err(WalkError::Lanes);
        }
        // Saturated it is above the bound, and refused.
        let lane_rounds = self.rounds.saturating_mul(self.hops);
        if !(1..=MAX_HOPS).contains(&self.hops) || lane_rounds > MAX_LANE_ROUNDS {
            return Err(WalkError::Hops);
        }
        if self.passes > MAX_PASSES {
            return Err(WalkError::Passes);
        }
        Ok(())
    }

    /// Entries of a page; 0 for a page larger than any may be.
    pub const fn page_entries(&self) -> u32 {
        if self.page_bits > MAX_PAGE_BITS {
            return 0;
        }
        1 << self.page_bits
    }

    /// Entries of the fill, at most 2³² for a valid size.
    pub const fn entries(&self) -> u64 {
        self.pages as u64 * self.page_entries() as u64
    }

    /// Bytes of the fill, at most 2³⁹ for a valid size; clamped at 64 bits for others.
    pub const fn fill_bytes(&self) -> u64 {
        self.entries().saturating_mul(ENTRY_BYTES as u64)
    }

    /// Groups of 64 lanes in a batch, at most 65536 for a valid size.
    pub const fn groups(&self) -> u32 {
        self.lanes / MIN_LANES
    }

    /// Entries that so many batches read.
    pub const fn reads(&self, batches: u32) -> u128 {
        batches as u128 * self.lanes as u128 * self.hops as u128
    }

    /// Bytes that so many batches read: what bandwidth is counted by. At most 2¹⁰³, so
    /// nothing saturates.
    pub const fn bytes_read(&self, batches: u32) -> u128 {
        self.reads(batches).saturating_mul(ENTRY_BYTES as u128)
    }

    /// The least number of batches that reads the fill as often as is asked for: at
    /// least 1. For a valid size below 2³¹ unless the lanes are few for the fill.
    pub const fn min_batches(&self) -> u64 {
        // A clamp: a valid size has at most 2³² entries and 1024 passes.
        let reads = self.entries().saturating_mul(self.passes as u64);
        let batch = self.lanes as u64 * self.hops as u64;
        if reads == 0 || batch == 0 {
            return 1;
        }
        reads.div_ceil(batch)
    }
}
