// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's types, each with the fields that a worker reads.
//!
//! They are matched by name with the chain's metadata, so fields may be added
//! to the chain without breaking a worker.

use std::collections::BTreeMap;

use proof_of_gpu_primitives::Workload;
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

/// The rules that a window was opened with. Lengths are in blocks.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct WindowParameters {
    /// The shape of each round.
    pub workload: Shape,
    /// Openings of a reveal.
    pub samples: u32,
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
    /// Whether it was revealed, confirmed or punished.
    pub resolved: bool,
}

/// What the chain knows about one GPU of a hotkey.
#[derive(Clone, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct GpuState {
    /// Its last commit.
    pub commit: Option<Commit>,
    /// Throughput of its last valid reveal, in GOPS.
    pub last_verified: Option<u64>,
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
    /// What each GPU's bond must be for it to prove.
    pub bond: u128,
    /// What is held, one bond a GPU slot.
    pub bonds: Vec<u128>,
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
        self.recycled.values().sum()
    }

    /// Destroyed, in all.
    pub fn total_burned(&self) -> u128 {
        self.burned.values().sum()
    }
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
        self.genesis + self.all.emitted
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
    /// Verified throughput, in GOPS.
    pub gops: u64,
}

/// A row of the tier table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Tier {
    /// The least that a GPU of it was verified at.
    pub floor: Floor,
    /// What a GOPS weighs before fading and availability, times 10¹⁸.
    pub multiplier: u128,
    /// The supply at which it is neither scarce nor abundant, in GOPS a round.
    pub target: u128,
}

/// How scarce a tier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Availability {
    /// The average supply, in GOPS a round.
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

/// A GPU's result that waits for its pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct UnpaidResult {
    /// The window it was verified in.
    pub window: u32,
    /// Its row in the tier table.
    pub tier: u32,
    /// What it was verified at.
    pub gops: u64,
    /// The most that it may be paid.
    pub cap: u128,
}

/// A settled round.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct RoundRecord {
    /// Its window.
    pub window: u32,
    /// What a GOPS earns, by tier, in units of 2⁻⁶⁴.
    pub rates: Vec<u128>,
}

impl RoundRecord {
    /// What a result of this round is paid, rounded down; `None` where the
    /// amount is out of range.
    pub fn pay(&self, result: &UnpaidResult) -> Option<u128> {
        let tier = usize::try_from(result.tier).ok()?;
        let rate = self.rates.get(tier).copied().unwrap_or_default();
        let gops = u128::from(result.gops);
        // The product may pass 128 bits: the rate's halves are taken apart.
        let fraction = (rate & u128::from(u64::MAX)) * gops;
        let whole = (rate >> 64).checked_mul(gops)?;
        Some(whole.checked_add(fraction >> 64)?.min(result.cap))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pay_is_the_rate_rounded_down_and_capped() {
        let round = RoundRecord {
            window: 1,
            rates: vec![0, (3 << 64) + (1 << 63)],
        };
        let mut result = UnpaidResult {
            window: 1,
            tier: 1,
            gops: 5,
            cap: 1_000,
        };
        assert_eq!(round.pay(&result), Some(17));
        result.cap = 16;
        assert_eq!(round.pay(&result), Some(16));
        result.tier = 0;
        assert_eq!(round.pay(&result), Some(0));
        result.tier = 9;
        assert_eq!(round.pay(&result), Some(0));
        let huge = RoundRecord {
            window: 1,
            rates: vec![u128::MAX],
        };
        result.tier = 0;
        result.gops = u64::MAX;
        result.cap = u128::MAX;
        // (2¹²⁸ − 1)·(2⁶⁴ − 1)/2⁶⁴, rounded down.
        assert_eq!(huge.pay(&result), Some(u128::MAX - (1 << 64)));
    }
}
