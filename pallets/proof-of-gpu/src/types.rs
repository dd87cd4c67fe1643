// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the pallet stores and takes.

// The derived codecs cast the numbers of variants.
#![allow(clippy::cast_possible_truncation)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use proof_of_gpu_primitives::{Hash, MAX_ROUNDS, VerifyError, Workload, walk::WalkError};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Perbill;

use crate::walk::{Score, WalkCommit, WalkRules};

/// How many blocks of work a window has for each block of grace, at least. All of both
/// count as time, for everybody, and a GPU that commits early in the grace blocks does not
/// work in the rest: with a long grace it would pay to commit in the last block alone.
pub const WORK_TO_GRACE: u64 = 4;

/// Fewest blocks between the last commit and the beacon that draws the samples.
pub const MIN_SAMPLING: u32 = 8;

/// Rounds that no GPU makes from one block to the next, whatever their shape, nor batches
/// of a walk: each waits for the hash of the one before it. A hundred a millisecond for
/// slots of 6 s, and still fifty where every second slot is empty.
pub const MOST_ROUNDS_PER_BLOCK: u32 = 600_000;

/// Largest share of a slash that may go to whoever reported the offence.
pub const MAX_BOUNTY_SHARE: Perbill = Perbill::from_percent(10);

/// Gives a [`Workload`] its form in JSON where the primitives' own needs `std`.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Workload", deny_unknown_fields)]
struct WorkloadFields {
    m: u32,
    n: u32,
    k: u32,
}

/// How windows go. Copied when a window opens, so no change touches a live one.
#[derive(
    Clone,
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
pub struct WindowParameters {
    /// Shape of one round.
    #[serde(with = "WorkloadFields")]
    pub workload: Workload,
    /// Openings in a reveal.
    pub samples: u32,
    /// The memory walk that comes before the product, version 2 of the protocol; without
    /// it a window asks for version 1, the product alone.
    #[serde(default)]
    pub walk: Option<WalkRules>,
    /// Fewest blocks from a window's close to the next one's opening.
    pub min_gap: u32,
    /// Most blocks from a window's close to the next one's opening.
    pub max_gap: u32,
    /// Chance that a block between the two gaps opens a window.
    pub open_chance: Perbill,
    /// Blocks meant for the work.
    pub work: u32,
    /// Blocks after them in which commits are still taken, at most a quarter as many.
    pub grace: u32,
    /// Blocks between the last commit and the beacon that draws the samples.
    pub sampling: u32,
    /// Blocks of the phase of reveals and confirmations: the first begins it, and finds
    /// none in the pool.
    pub reveal: u32,
    /// Reveals that the reveal phase holds; where more GPUs commit, so many of
    /// them are called on average.
    pub capacity: u32,
    /// Share of the bond that an offence costs.
    pub slash_share: Perbill,
    /// Share of that slash that goes to whoever reports a missed reveal.
    pub bounty_share: Perbill,
}

impl WindowParameters {
    /// Blocks for which the pool can hold reveals and confirmations: it learns of the
    /// phase from the first.
    #[must_use]
    pub const fn reveal_blocks(&self) -> u32 {
        self.reveal.saturating_sub(1)
    }

    /// Rounds, and batches of a walk, that no GPU makes in a window of these parameters:
    /// its blocks of work and grace, and the slot before them, from whose start on the
    /// beacon was known, each at [`MOST_ROUNDS_PER_BLOCK`]. No commit may claim more, so no
    /// path in a reveal is longer than their binary logarithm.
    #[must_use]
    pub const fn most_rounds(&self) -> u32 {
        // Clamps: a range holds no more whatever the length of the window.
        let blocks = self.work.saturating_add(self.grace).saturating_add(1);
        let rounds = blocks.saturating_mul(MOST_ROUNDS_PER_BLOCK);
        if rounds < MAX_ROUNDS {
            rounds
        } else {
            MAX_ROUNDS
        }
    }

    /// Whether a window can be run by these parameters.
    ///
    /// # Errors
    ///
    /// The first [`ParametersError`] found.
    pub fn validate(&self) -> Result<(), ParametersError> {
        self.workload
            .validate()
            .map_err(ParametersError::Workload)?;
        if self.samples == 0 {
            return Err(ParametersError::NoSamples);
        }
        if let Some(walk) = &self.walk {
            walk.validate().map_err(ParametersError::Walk)?;
            if walk.samples == 0 {
                return Err(ParametersError::NoSamples);
            }
        }
        if self.min_gap > self.max_gap {
            return Err(ParametersError::Gaps);
        }
        // The pool takes no reveal before its phase has begun, which it does with its first
        // block: that one holds none.
        if self.work == 0 || self.grace == 0 || self.reveal < 2 {
            return Err(ParametersError::EmptyPhase);
        }
        if u64::from(self.grace) * WORK_TO_GRACE > u64::from(self.work) {
            return Err(ParametersError::GraceTooLong);
        }
        if self.sampling < MIN_SAMPLING {
            return Err(ParametersError::SamplingTooShort);
        }
        self.work
            .checked_add(self.grace)
            .and_then(|length| length.checked_add(self.sampling))
            .and_then(|length| length.checked_add(self.reveal))
            .ok_or(ParametersError::TooLong)?;
        if self.capacity == 0 {
            return Err(ParametersError::NoCapacity);
        }
        if self.slash_share.is_zero() {
            return Err(ParametersError::NoSlash);
        }
        if self.bounty_share > MAX_BOUNTY_SHARE {
            return Err(ParametersError::BountyTooLarge);
        }
        Ok(())
    }
}

/// Why [`WindowParameters`] are refused.
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
pub enum ParametersError {
    /// The protocol does not allow this shape.
    Workload(VerifyError),
    /// A reveal would open nothing, of the product or of a walk.
    NoSamples,
    /// `min_gap` is above `max_gap`.
    Gaps,
    /// `work` or `grace` is zero, or `reveal` below two.
    EmptyPhase,
    /// `sampling` is below [`MIN_SAMPLING`].
    SamplingTooShort,
    /// The phases together pass 2³² − 1 blocks.
    TooLong,
    /// `capacity` is zero.
    NoCapacity,
    /// `slash_share` is zero: lies would be free.
    NoSlash,
    /// `bounty_share` is above [`MAX_BOUNTY_SHARE`].
    BountyTooLarge,
    /// The protocol does not allow walks by these rules.
    Walk(WalkError),
    /// `grace` is above a quarter of `work`.
    GraceTooLong,
}

/// What is wrong with a reveal.
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
pub enum Reason {
    /// The product does not hold.
    Product(VerifyError),
    /// The memory walk does not hold.
    Walk(WalkError),
}

/// The accumulated randomness and the clock, as of the current block.
#[derive(
    Clone,
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
pub struct BeaconState {
    /// acc_n = H('BEAC' ‖ acc_{n−1} ‖ r_n), from 32 zero bytes.
    pub acc: Hash,
    /// Start of the block's slot in milliseconds since the Unix epoch; zero
    /// until the pallet has seen its first block.
    pub moment: u64,
}

/// What a window is waiting for.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Phase<BlockNumber> {
    /// Commits, up to the window's deadline.
    Open,
    /// The beacon that draws the samples.
    Sampling {
        /// Time that every GPU had, in milliseconds.
        elapsed_ms: u64,
    },
    /// Reveals and confirmations.
    Revealing {
        /// Time that every GPU had, in milliseconds.
        elapsed_ms: u64,
        /// Draws the samples and whom the lottery calls.
        sampling_beacon: Hash,
        /// The last block that takes reveals and confirmations.
        until: BlockNumber,
    },
}

/// The window that is going on.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Window<BlockNumber> {
    /// Its number, counted from zero.
    pub id: u32,
    /// Parameters as they were when it opened.
    pub parameters: WindowParameters,
    /// The accumulator of the block that opened it; part of every challenge.
    pub beacon: Hash,
    /// The block that opened it.
    pub opened_at: BlockNumber,
    /// Start of the slot of the block before that one, from which on the beacon
    /// was known, in milliseconds since the Unix epoch.
    pub opened_moment: u64,
    /// The last block that takes commits.
    pub deadline: BlockNumber,
    /// Start of the deadline block's slot, once that block is past.
    pub deadline_moment: Option<u64>,
    /// GPUs that have committed.
    pub commits: u32,
    /// Where it stands.
    pub phase: Phase<BlockNumber>,
}

/// What remains of a closed window: all it takes to tell a missed reveal, and
/// what it costs.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct WindowRecord {
    /// The window's number.
    pub id: u32,
    /// Drew whom the lottery called.
    pub sampling_beacon: Hash,
    /// GPUs that had committed.
    pub commits: u32,
    /// The capacity that the lottery was held for.
    pub capacity: u32,
    /// Share of the bond that a missed reveal costs.
    pub slash_share: Perbill,
    /// Share of that slash that goes to whoever reports it.
    pub bounty_share: Perbill,
}

/// What a GPU has committed to, most recently.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Commit {
    /// The window.
    pub window: u32,
    /// Rounds claimed.
    pub rounds: u32,
    /// Commitment to every one of them.
    pub root: Hash,
    /// The walk before them, where the window asks for one.
    pub walk: Option<WalkCommit>,
    /// Whether it has been verified, refused, confirmed, or reported as missed.
    pub resolved: bool,
    /// The bond behind the GPU once the commit was in place: what a lie in it risked.
    pub bond: u128,
}

/// State of one GPU of one hotkey.
#[derive(
    Clone,
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
pub struct GpuState {
    /// Its last commit.
    pub commit: Option<Commit>,
    /// What its last valid reveal has shown.
    pub last_verified: Option<Score>,
}

/// One GPU's line in a `commit`.
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
pub struct GpuClaim {
    /// The slot it is registered in.
    pub gpu: u32,
    /// Rounds computed.
    pub rounds: u32,
    /// Commitment to every one of them.
    pub root: Hash,
    /// The walk before them, where the window asks for one.
    pub walk: Option<WalkCommit>,
}

/// What proof calls at top level have taken of one block.
#[derive(
    Clone,
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
pub struct BlockUse<BlockNumber> {
    /// The block.
    pub block: BlockNumber,
    /// Proof calls in it.
    pub calls: u32,
    /// Their declared weight.
    pub weight: Weight,
}

/// A result that counts, as given to [`crate::OnVerified`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedResult<AccountId> {
    /// The window.
    pub window: u32,
    /// The account that committed.
    pub hotkey: AccountId,
    /// Index of the GPU among the account's.
    pub gpu: u32,
    /// Throughput in MOPS. May be below the lowest tier's floor, see
    /// [`crate::Config::Floor`].
    pub mops: u64,
    /// Memory held, in GiB; zero where the window asks for no walk.
    pub gib: u32,
    /// Bandwidth of that memory, in GB/s; zero where the window asks for no walk.
    pub gbps: u32,
    /// Whether it was only confirmed: the lottery did not call this GPU.
    pub confirmed: bool,
    /// Openings of the product in one of the window's reveals.
    pub samples: u32,
    /// Share of the bond that an offence in this window costs.
    pub slash_share: Perbill,
    /// Share of that slash that a reporter gets.
    pub bounty_share: Perbill,
    /// The capacity that the lottery was held for.
    pub capacity: u32,
    /// GPUs that had committed.
    pub commits: u32,
}
