// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_governance`, measured: do not edit, run `benchmarks/weights/run.sh pallet_governance`.
//!
//! Date: 2026-11-23. Host: `vm`, `AMD EPYC`. Steps: 20, repeats: 10.
//! The runtime's wasm is built as for production and executed as `Compiled`.
//!
//! Weights are added and multiplied with saturation, which can only make them too
//! large: one that reaches the end of its range is refused as too heavy for a block.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::ParityDbWeight},
};

/// What the calls and hooks of `pallet_governance` cost.
pub trait WeightInfo {
    /// Weight of `vote`.
    ///
    /// `v` was measured from 1 to 32.
    fn vote(v: u32) -> Weight;
    /// Weight of `remove_vote`.
    fn remove_vote() -> Weight;
    /// Weight of `clear_expired`.
    ///
    /// `v` was measured from 1 to 32.
    fn clear_expired(v: u32) -> Weight;
    /// Weight of `authorize_upgrade`.
    fn authorize_upgrade() -> Weight;
    /// Weight of `settle_deposits`.
    fn settle_deposits() -> Weight;
    /// Weight of `locked`.
    fn locked() -> Weight;
    /// Weight of `on_stake_reduced`.
    fn on_stake_reduced() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Governance::Votes` (r:1 w:1)
    /// Proof: `Governance::Votes` (`max_values`: None, `max_size`: Some(977), added: 3452, mode: `MaxEncodedLen`)
    /// Storage: `Referenda::ReferendumInfoFor` (r:32 w:1)
    /// Proof: `Referenda::ReferendumInfoFor` (`max_values`: None, `max_size`: Some(350), added: 2825, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Periods` (r:1 w:0)
    /// Proof: `Settings::Periods` (`max_values`: Some(1), `max_size`: Some(16), added: 511, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Stakers` (r:1 w:0)
    /// Proof: `Delegation::Stakers` (`max_values`: None, `max_size`: Some(2867), added: 5342, mode: `MaxEncodedLen`)
    /// Storage: `Scheduler::Agenda` (r:2 w:2)
    /// Proof: `Scheduler::Agenda` (`max_values`: None, `max_size`: Some(107022), added: 109497, mode: `MaxEncodedLen`)
    /// Storage: `Scheduler::Retries` (r:0 w:1)
    /// Proof: `Scheduler::Retries` (`max_values`: None, `max_size`: Some(30), added: 2505, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:0)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Storage: `Governance::Backed` (r:0 w:1)
    fn vote(v: u32) -> Weight {
        // Proof size in bytes, measured: `792 + v * (189 ±0)`.
        // Shortest run: 89_193_000 picoseconds.
        // The last three accesses and 20 µs for them are estimated.
        Weight::from_parts(169_717_360, 219984)
            // Standard error: 292_221.
            .saturating_add(Weight::from_parts(6_895_472, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(6_u64))
            .saturating_add(Weight::from_parts(0, 2825).saturating_mul(v.into()))
    }

    /// Storage: `Governance::Votes` (r:1 w:1)
    /// Proof: `Governance::Votes` (`max_values`: None, `max_size`: Some(977), added: 3452, mode: `MaxEncodedLen`)
    /// Storage: `Referenda::ReferendumInfoFor` (r:1 w:1)
    /// Proof: `Referenda::ReferendumInfoFor` (`max_values`: None, `max_size`: Some(350), added: 2825, mode: `MaxEncodedLen`)
    /// Storage: `Scheduler::Agenda` (r:2 w:2)
    /// Proof: `Scheduler::Agenda` (`max_values`: None, `max_size`: Some(107022), added: 109497, mode: `MaxEncodedLen`)
    /// Storage: `Scheduler::Retries` (r:0 w:1)
    /// Proof: `Scheduler::Retries` (`max_values`: None, `max_size`: Some(30), added: 2505, mode: `MaxEncodedLen`)
    fn remove_vote() -> Weight {
        // Proof size in bytes, measured: `2236`.
        // Shortest run: 97_085_000 picoseconds.
        Weight::from_parts(118_186_000, 219984)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `Governance::Votes` (r:1 w:1)
    /// Proof: `Governance::Votes` (`max_values`: None, `max_size`: Some(977), added: 3452, mode: `MaxEncodedLen`)
    /// Storage: `Referenda::ReferendumInfoFor` (r:32 w:0)
    /// Proof: `Referenda::ReferendumInfoFor` (`max_values`: None, `max_size`: Some(350), added: 2825, mode: `MaxEncodedLen`)
    fn clear_expired(v: u32) -> Weight {
        // Proof size in bytes, measured: `264 + v * (86 ±0)`.
        // Shortest run: 35_372_000 picoseconds.
        Weight::from_parts(33_842_278, 4442)
            // Standard error: 400_186.
            .saturating_add(Weight::from_parts(11_890_128, 0).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2825).saturating_mul(v.into()))
    }

    /// Storage: `System::AuthorizedUpgrade` (r:0 w:1)
    /// Proof: `System::AuthorizedUpgrade` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    fn authorize_upgrade() -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 9_935_000 picoseconds.
        Weight::from_parts(19_379_000, 0).saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Governance::Backed` (r:1 w:1)
    /// Storage: `Referenda::ReferendumInfoFor` (r:1 w:1)
    /// Storage: `System::Account` (r:2 w:2)
    /// Storage: `Supply::Totals` (r:1 w:1)
    fn settle_deposits() -> Weight {
        // Not measured yet: more than any of the pallet's calls of as many accesses took.
        Weight::from_parts(150_000_000, 3694)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `Governance::Votes` (r:1 w:0)
    /// Proof: `Governance::Votes` (`max_values`: None, `max_size`: Some(977), added: 3452, mode: `MaxEncodedLen`)
    /// Storage: `Referenda::ReferendumInfoFor` (r:32 w:0)
    /// Proof: `Referenda::ReferendumInfoFor` (`max_values`: None, `max_size`: Some(350), added: 2825, mode: `MaxEncodedLen`)
    fn locked() -> Weight {
        // Proof size in bytes, measured: `5837`.
        // Shortest run: 198_625_000 picoseconds.
        Weight::from_parts(297_613_000, 91390).saturating_add(T::DbWeight::get().reads(33_u64))
    }

    /// Storage: `Governance::Votes` (r:1 w:1)
    /// Proof: `Governance::Votes` (`max_values`: None, `max_size`: Some(977), added: 3452, mode: `MaxEncodedLen`)
    /// Storage: `Referenda::ReferendumInfoFor` (r:32 w:32)
    /// Proof: `Referenda::ReferendumInfoFor` (`max_values`: None, `max_size`: Some(350), added: 2825, mode: `MaxEncodedLen`)
    /// Storage: `Scheduler::Agenda` (r:2 w:2)
    /// Proof: `Scheduler::Agenda` (`max_values`: None, `max_size`: Some(107022), added: 109497, mode: `MaxEncodedLen`)
    /// Storage: `Scheduler::Retries` (r:0 w:32)
    /// Proof: `Scheduler::Retries` (`max_values`: None, `max_size`: Some(30), added: 2505, mode: `MaxEncodedLen`)
    fn on_stake_reduced() -> Weight {
        // Proof size in bytes, measured: `6329`.
        // Shortest run: 1_663_365_000 picoseconds.
        Weight::from_parts(1_914_999_000, 219984)
            .saturating_add(T::DbWeight::get().reads(35_u64))
            .saturating_add(T::DbWeight::get().writes(67_u64))
    }
}

impl WeightInfo for () {
    fn vote(v: u32) -> Weight {
        Weight::from_parts(169_717_360, 219984)
            .saturating_add(Weight::from_parts(6_895_472, 0).saturating_mul(v.into()))
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
            .saturating_add(Weight::from_parts(0, 2825).saturating_mul(v.into()))
    }

    fn remove_vote() -> Weight {
        Weight::from_parts(118_186_000, 219984)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn clear_expired(v: u32) -> Weight {
        Weight::from_parts(33_842_278, 4442)
            .saturating_add(Weight::from_parts(11_890_128, 0).saturating_mul(v.into()))
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(v.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2825).saturating_mul(v.into()))
    }

    fn authorize_upgrade() -> Weight {
        Weight::from_parts(19_379_000, 0).saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn settle_deposits() -> Weight {
        Weight::from_parts(150_000_000, 3694)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn locked() -> Weight {
        Weight::from_parts(297_613_000, 91390).saturating_add(ParityDbWeight::get().reads(33_u64))
    }

    fn on_stake_reduced() -> Weight {
        Weight::from_parts(1_914_999_000, 219984)
            .saturating_add(ParityDbWeight::get().reads(35_u64))
            .saturating_add(ParityDbWeight::get().writes(67_u64))
    }
}
