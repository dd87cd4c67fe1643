// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a window asks of a memory walk, what is claimed of one, and what it scores.

// The derived codecs cast the numbers of variants.
#![allow(clippy::cast_possible_truncation)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use proof_of_gpu_primitives::{
    Hash,
    walk::{HOP_ROUNDS, START_ROUNDS, WalkClaim, WalkError, WalkParameters},
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Bytes of a GiB, as a power of two.
const GIB_BITS: u32 = 30;

/// The walk that a window asks for: everything but its size, which is the miner's claim.
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
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WalkRules {
    /// Binary logarithm of a page's entries.
    pub page_bits: u32,
    /// Rounds of the permutation that an entry takes.
    pub rounds: u32,
    /// Lanes of a batch.
    pub lanes: u32,
    /// Entries that a lane reads.
    pub hops: u32,
    /// How often an entry is read on average, at least.
    pub passes: u32,
    /// Lanes that a reveal opens.
    pub samples: u32,
}

impl WalkRules {
    /// The protocol's parameters of a walk through so many pages by these rules.
    pub const fn parameters(&self, pages: u32) -> WalkParameters {
        WalkParameters {
            pages,
            page_bits: self.page_bits,
            rounds: self.rounds,
            lanes: self.lanes,
            hops: self.hops,
            passes: self.passes,
        }
    }

    /// Whether the protocol allows a walk by these rules: through one page, at least.
    ///
    /// # Errors
    ///
    /// Those of [`WalkParameters::validate`].
    pub fn validate(&self) -> Result<(), WalkError> {
        self.parameters(1).validate()
    }

    /// Rounds of the permutation that verifying one sample takes.
    pub const fn lane_rounds(&self) -> u32 {
        // A clamp: valid rules stay far below 32 bits.
        self.rounds
            .saturating_add(HOP_ROUNDS)
            .saturating_mul(self.hops)
            .saturating_add(START_ROUNDS + HOP_ROUNDS)
    }
}

/// What a commit says of its walk.
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
pub struct WalkCommit {
    /// Pages filled.
    pub pages: u32,
    /// Batches walked.
    pub batches: u32,
    /// Commitment to every one of them.
    pub root: Hash,
}

impl WalkCommit {
    /// As the verifier takes it, `challenge` being that of the GPU in the window.
    pub const fn claim(&self, rules: &WalkRules, challenge: Hash) -> WalkClaim {
        WalkClaim {
            challenge,
            parameters: rules.parameters(self.pages),
            batches: self.batches,
            root: self.root,
        }
    }
}

/// What a GPU has shown in a window.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Score {
    /// Throughput in MOPS.
    pub mops: u64,
    /// Memory held, in GiB; zero without a walk.
    pub gib: u32,
    /// Bandwidth of that memory, in GB/s; zero without a walk.
    pub gbps: u32,
}

impl Score {
    /// The lower of two, each part by itself.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self {
            mops: self.mops.min(other.mops),
            gib: self.gib.min(other.gib),
            gbps: self.gbps.min(other.gbps),
        }
    }
}

/// Memory that a walk of these parameters holds, in whole GiB.
pub(crate) fn memory(parameters: &WalkParameters) -> u32 {
    // At most 512: a fill has 2³⁹ bytes at most.
    u32::try_from(parameters.fill_bytes() >> GIB_BITS).unwrap_or(u32::MAX)
}

/// Bandwidth of so many batches in `elapsed_ms` milliseconds, in GB/s:
/// ⌊batches · lanes · hops · 128 / (ms · 10⁶)⌋, and zero where no time has passed.
pub(crate) fn bandwidth(parameters: &WalkParameters, batches: u32, elapsed_ms: u64) -> u32 {
    // At most 2³¹ · 2²² · 2⁶ · 2⁷ bytes: within u128. A clamp at 2³² − 1 GB/s, which no
    // memory reaches.
    u128::from(elapsed_ms)
        .checked_mul(1_000_000)
        .and_then(|time| parameters.bytes_read(batches).checked_div(time))
        .map_or(0, |gbps| u32::try_from(gbps).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: WalkRules = WalkRules {
        page_bits: 23,
        rounds: 1_280,
        lanes: 1 << 20,
        hops: 16,
        passes: 32,
        samples: 4,
    };

    #[test]
    fn memory_is_pages_of_a_gib_and_less_of_smaller_ones() {
        assert_eq!(memory(&RULES.parameters(80)), 80);
        assert_eq!(memory(&RULES.parameters(512)), 512);
        let half = WalkRules {
            page_bits: 22,
            ..RULES
        };
        assert_eq!(memory(&half.parameters(1)), 0);
        assert_eq!(memory(&half.parameters(5)), 2);
    }

    #[test]
    fn bandwidth_is_rounded_down_and_needs_time() {
        let walk = RULES.parameters(80);
        // 2²⁰ lanes of 16 hops read 2³¹ bytes a batch.
        assert_eq!(bandwidth(&walk, 1_000, 1_000), 2_147);
        assert_eq!(bandwidth(&walk, 1, 3_000), 0);
        assert_eq!(bandwidth(&walk, 1_000, 0), 0);
        assert_eq!(bandwidth(&walk, (1 << 31) - 1, 1), u32::MAX);
        assert_eq!(bandwidth(&walk, 1, u64::MAX), 0);
    }

    #[test]
    fn a_sample_of_production_takes_what_the_protocol_says() {
        assert_eq!(RULES.lane_rounds(), 20_556);
    }

    #[test]
    fn the_lower_of_two_scores_is_so_in_each_part() {
        let score = |mops, gib, gbps| Score { mops, gib, gbps };
        assert_eq!(score(1, 20, 3).min(score(10, 2, 3)), score(1, 2, 3));
    }
}
