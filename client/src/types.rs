// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's types, each with the fields that a worker reads.
//!
//! They are matched by name with the chain's metadata, so fields may be added
//! to the chain without breaking a worker.

use std::collections::BTreeMap;

use proof_of_gpu_primitives::{
    Workload,
    walk::{WalkClaim, WalkParameters},
};
use subxt::ext::{
    scale_decode::DecodeAsType,
    scale_encode::EncodeAsType,
    scale_value::{Composite, Value, ValueDef},
};

/// A hash or an account, as raw bytes.
pub type Bytes32 = [u8; 32];

/// The shape of a round's product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Shape {
    /// Rows of the product.
    pub m: u32,
    /// Columns of the product.
    pub n: u32,
    /// Terms of each entry.
    pub k: u32,
}

impl From<Shape> for Workload {
    fn from(shape: Shape) -> Self {
        Self::new(shape.m, shape.n, shape.k)
    }
}

/// The memory walk that a window asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
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
}

/// What a commit says of its walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub struct WalkCommit {
    /// Pages filled.
    pub pages: u32,
    /// Batches walked.
    pub batches: u32,
    /// The commitment's root.
    pub root: Bytes32,
}

impl From<WalkClaim> for WalkCommit {
    fn from(claim: WalkClaim) -> Self {
        Self {
            pages: claim.parameters.pages,
            batches: claim.batches,
            root: claim.root,
        }
    }
}

/// What a GPU has shown in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Score {
    /// Throughput, in MOPS.
    pub mops: u64,
    /// Memory held, in GiB; zero without a walk.
    pub gib: u32,
    /// Its bandwidth, in GB/s; zero without a walk.
    pub gbps: u32,
}

/// The rules that a window was opened with. Lengths are in blocks.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct WindowParameters {
    /// The shape of each round.
    pub workload: Shape,
    /// Openings of a reveal.
    pub samples: u32,
    /// The walk before the product, where one is asked for.
    pub walk: Option<WalkRules>,
    /// Blocks for the work itself.
    pub work: u32,
    /// Blocks after the work in which commits are still taken.
    pub grace: u32,
    /// Blocks between the last commit and the sampling beacon.
    pub sampling: u32,
    /// Blocks in which reveals are taken.
    pub reveal: u32,
    /// Reveals that the reveal phase has room for.
    pub capacity: u32,
}

/// Where a window stands.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Phase {
    /// GPUs work and commit.
    Open,
    /// Commits are closed and the sampling beacon is being made.
    Sampling {
        /// Time that the work took, in milliseconds.
        elapsed_ms: u64,
    },
    /// Called GPUs reveal, the others confirm.
    Revealing {
        /// Time that the work took, in milliseconds.
        elapsed_ms: u64,
        /// What the samples are drawn from.
        sampling_beacon: Bytes32,
        /// The last block for reveals.
        until: u32,
    },
}

/// The window in progress.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Window {
    /// Its number, counted from the chain's first.
    pub id: u32,
    /// Its rules.
    pub parameters: WindowParameters,
    /// What the challenges are drawn from.
    pub beacon: Bytes32,
    /// The block that opened it.
    pub opened_at: u32,
    /// When its beacon became known, in milliseconds since 1970.
    pub opened_moment: u64,
    /// The last block for commits.
    pub deadline: u32,
    /// Commits so far, one a GPU.
    pub commits: u32,
    /// Where it stands.
    pub phase: Phase,
}

/// The chain's randomness and its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct BeaconState {
    /// The accumulated randomness.
    pub acc: Bytes32,
    /// Start of the block's slot, in milliseconds since 1970.
    pub moment: u64,
}

/// A GPU's commit on chain.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Commit {
    /// The window it was made in.
    pub window: u32,
    /// Rounds claimed.
    pub rounds: u32,
    /// The commitment's root.
    pub root: Bytes32,
    /// The walk before them, where the window asks for one.
    pub walk: Option<WalkCommit>,
    /// Whether it was revealed, confirmed or punished.
    pub resolved: bool,
}

/// What the chain knows about one GPU of a hotkey.
#[derive(Clone, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct GpuState {
    /// Its last commit.
    pub commit: Option<Commit>,
    /// What its last valid reveal has shown.
    pub last_verified: Option<Score>,
}

/// What a hotkey is registered as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub enum Role {
    /// Proves GPUs.
    Miner,
    /// Authors blocks.
    Validator,
}

/// A hotkey's registration.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Registration {
    /// The account that paid, and that is paid.
    pub owner: Bytes32,
    /// What it is registered as.
    pub role: Role,
    /// The first block in which the lease is over.
    pub expires_at: u32,
    /// The slots that are leaving.
    pub departure: Option<Departure>,
    /// What each GPU's bond must be for it to prove.
    pub bond: u128,
    /// What is held, one bond a GPU slot.
    pub bonds: Vec<u128>,
}

impl Registration {
    /// Whether the GPU's slot, if there is one, is not leaving.
    pub fn is_staying(&self, gpu: u32) -> bool {
        self.departure.is_none_or(|departure| gpu < departure.keep)
    }
}

/// An announced retreat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Departure {
    /// How many slots stay: those with a lower index.
    pub keep: u32,
    /// The first block in which the bonds can be withdrawn.
    pub at: u32,
}

/// Free and reserved balance of an account, in the smallest unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct AccountData {
    /// Spendable, apart from locks.
    pub free: u128,
    /// Held: bonds among them.
    pub reserved: u128,
}

/// An account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct AccountInfo {
    /// Calls that it has made.
    pub nonce: u32,
    /// Its balance.
    pub data: AccountData,
}

/// Everything that moved since genesis or in a round, in the smallest unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Movements {
    /// Minted by the emission schedule.
    pub emitted: u128,
    /// Taken out of the recycle pool.
    pub drawn: u128,
    /// Put into the recycle pool, by source.
    pub recycled: BTreeMap<String, u128>,
    /// Destroyed, by source.
    pub burned: BTreeMap<String, u128>,
}

impl Movements {
    /// Put into the recycle pool, in all.
    pub fn total_recycled(&self) -> u128 {
        sum(&self.recycled)
    }

    /// Destroyed, in all.
    pub fn total_burned(&self) -> u128 {
        sum(&self.burned)
    }
}

/// The sum of all; the highest there is where a lying node's are too many for it.
fn sum(by_source: &BTreeMap<String, u128>) -> u128 {
    by_source
        .values()
        .fold(0, |sum, amount| sum.saturating_add(*amount))
}

/// The chain's ledger of its supply, in the smallest unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct SupplyTotals {
    /// Issued at genesis.
    pub genesis: u128,
    /// What the recycle pool's account held at genesis.
    pub endowment: u128,
    /// Since genesis.
    pub all: Movements,
}

impl SupplyTotals {
    /// Ever minted, genesis included.
    pub fn minted(&self) -> u128 {
        self.genesis.saturating_add(self.all.emitted)
    }

    /// What the recycle pool can pay.
    pub fn pool(&self) -> u128 {
        self.all.total_recycled().saturating_sub(self.all.drawn)
    }
}

/// A tier's floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Floor {
    /// Verified throughput, in MOPS.
    pub mops: u64,
    /// Verified memory, in GiB; zero asks for none.
    pub gib: u32,
    /// Verified bandwidth of that memory, in GB/s; zero asks for none.
    pub gbps: u32,
}

/// A row of the tier table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Tier {
    /// The least that a GPU of it was verified at.
    pub floor: Floor,
    /// What a MOPS weighs before fading and availability, times 10¹⁸.
    pub multiplier: u128,
    /// The supply at which it is neither scarce nor abundant, in MOPS a round.
    pub target: u128,
}

/// How scarce a tier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Availability {
    /// The average supply, in MOPS a round.
    pub average: u128,
    /// The factor on the tier's weight, times 10¹⁸.
    pub factor: u128,
}

/// A row of the tier table, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct TierState {
    /// The row.
    pub tier: Tier,
    /// How scarce it is.
    pub availability: Availability,
}

/// The name of an enum's variant that was decoded without knowing its type;
/// the value's text where it is no variant.
pub fn variant(value: &Value<()>) -> String {
    match &value.value {
        ValueDef::Variant(variant) => variant.name.clone(),
        _ => value.to_string(),
    }
}

/// A variant with its fields, as `Name { field: value }`.
pub fn variant_with_fields(value: &Value<()>) -> String {
    match &value.value {
        ValueDef::Variant(variant) => match &variant.values {
            Composite::Named(fields) if fields.is_empty() => variant.name.clone(),
            Composite::Unnamed(fields) if fields.is_empty() => variant.name.clone(),
            _ => value.to_string(),
        },
        _ => value.to_string(),
    }
}
