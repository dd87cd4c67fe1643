// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_emission`, measured: do not edit, run `benchmarks/weights/run.sh pallet_emission`.
//!
//! Date: 2026-11-22. Host: `vm`, `AMD EPYC`. Steps: 20, repeats: 10.
//! The runtime's wasm is built as for production and executed as `Compiled`.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::ParityDbWeight},
};

/// What the calls and hooks of `pallet_emission` cost.
pub trait WeightInfo {
    /// Weight of `claim`.
    fn claim() -> Weight;
    /// Weight of `set_tiers`.
    ///
    /// `t` was measured from 1 to 16.
    fn set_tiers(t: u32) -> Weight;
    /// Weight of `note_result`.
    fn note_result() -> Weight;
    /// Weight of `pay_pending`.
    fn pay_pending() -> Weight;
    /// Weight of `settle`.
    ///
    /// `t` was measured from 1 to 16.
    fn settle(t: u32) -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Emission::Results` (r:1 w:1)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:1)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(357), added: 2832, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn claim() -> Weight {
        // Proof size in bytes, measured: `701`.
        // Shortest run: 91_846_000 picoseconds.
        Weight::from_parts(95_492_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `Emission::NextTiers` (r:0 w:1)
    /// Proof: `Emission::NextTiers` (`max_values`: Some(1), `max_size`: Some(897), added: 1392, mode: `MaxEncodedLen`)
    fn set_tiers(t: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 9_143_000 picoseconds.
        Weight::from_parts(10_109_672, 0)
            // Standard error: 2_417.
            .saturating_add(Weight::from_parts(32_598, 0).saturating_mul(t.into()))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Emission::Results` (r:1 w:1)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:0)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1409), added: 1904, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Running` (r:1 w:1)
    /// Proof: `Emission::Running` (`max_values`: Some(1), `max_size`: Some(261), added: 756, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:1)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(357), added: 2832, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn note_result() -> Weight {
        // Proof size in bytes, measured: `2641`.
        // Shortest run: 116_934_000 picoseconds.
        Weight::from_parts(121_300_000, 6196)
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `Emission::Results` (r:1 w:1)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:1)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(357), added: 2832, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn pay_pending() -> Weight {
        // Proof size in bytes, measured: `701`.
        // Shortest run: 87_370_000 picoseconds.
        Weight::from_parts(90_525_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `Settings::Emission` (r:1 w:0)
    /// Proof: `Settings::Emission` (`max_values`: Some(1), `max_size`: Some(56), added: 551, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:1)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1409), added: 1904, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LastClose` (r:1 w:1)
    /// Proof: `Emission::LastClose` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Running` (r:1 w:1)
    /// Proof: `Emission::Running` (`max_values`: Some(1), `max_size`: Some(261), added: 756, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:1)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(357), added: 2832, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:3 w:3)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `Emission::NextTiers` (r:1 w:1)
    /// Proof: `Emission::NextTiers` (`max_values`: Some(1), `max_size`: Some(897), added: 1392, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LowestFloor` (r:0 w:1)
    /// Proof: `Emission::LowestFloor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn settle(t: u32) -> Weight {
        // Proof size in bytes, measured: `1409 + t * (160 ±0)`.
        // Shortest run: 207_148_000 picoseconds.
        Weight::from_parts(211_145_585, 8799)
            // Standard error: 51_472.
            .saturating_add(Weight::from_parts(3_078_325, 0).saturating_mul(t.into()))
            .saturating_add(T::DbWeight::get().reads(10_u64))
            .saturating_add(T::DbWeight::get().writes(10_u64))
    }
}

impl WeightInfo for () {
    fn claim() -> Weight {
        Weight::from_parts(95_492_000, 6196)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn set_tiers(t: u32) -> Weight {
        Weight::from_parts(10_109_672, 0)
            .saturating_add(Weight::from_parts(32_598, 0).saturating_mul(t.into()))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn note_result() -> Weight {
        Weight::from_parts(121_300_000, 6196)
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn pay_pending() -> Weight {
        Weight::from_parts(90_525_000, 6196)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn settle(t: u32) -> Weight {
        Weight::from_parts(211_145_585, 8799)
            .saturating_add(Weight::from_parts(3_078_325, 0).saturating_mul(t.into()))
            .saturating_add(ParityDbWeight::get().reads(10_u64))
            .saturating_add(ParityDbWeight::get().writes(10_u64))
    }
}
