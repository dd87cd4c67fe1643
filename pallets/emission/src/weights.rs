// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_emission`, measured: do not edit, run `benchmarks/weights/run.sh pallet_emission`.
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
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(130), added: 2605, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:1)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(373), added: 2848, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn claim() -> Weight {
        // Proof size in bytes, measured: `717`.
        // Shortest run: 97_295_000 picoseconds.
        Weight::from_parts(141_581_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `Emission::NextTiers` (r:0 w:1)
    /// Proof: `Emission::NextTiers` (`max_values`: Some(1), `max_size`: Some(1025), added: 1520, mode: `MaxEncodedLen`)
    fn set_tiers(t: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 10_215_000 picoseconds.
        Weight::from_parts(15_581_637, 0)
            // Standard error: 6_399.
            .saturating_add(Weight::from_parts(43_693, 0).saturating_mul(t.into()))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Emission::Results` (r:1 w:1)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(130), added: 2605, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:0)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1665), added: 2160, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Running` (r:1 w:1)
    /// Proof: `Emission::Running` (`max_values`: Some(1), `max_size`: Some(261), added: 756, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:1)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(373), added: 2848, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn note_result() -> Weight {
        // Proof size in bytes, measured: `2886`.
        // Shortest run: 121_030_000 picoseconds.
        Weight::from_parts(199_247_000, 6196)
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `Emission::Results` (r:1 w:1)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(130), added: 2605, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:1)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(373), added: 2848, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn pay_pending() -> Weight {
        // Proof size in bytes, measured: `717`.
        // Shortest run: 98_927_000 picoseconds.
        Weight::from_parts(156_924_000, 6196)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:1)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1665), added: 2160, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LastClose` (r:1 w:1)
    /// Proof: `Emission::LastClose` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Running` (r:1 w:1)
    /// Proof: `Emission::Running` (`max_values`: Some(1), `max_size`: Some(261), added: 756, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:1)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(373), added: 2848, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:3 w:3)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::CurrentState` (r:1 w:1)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Emission::NextTiers` (r:1 w:1)
    /// Proof: `Emission::NextTiers` (`max_values`: Some(1), `max_size`: Some(1025), added: 1520, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LowestFloor` (r:0 w:1)
    /// Proof: `Emission::LowestFloor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn settle(t: u32) -> Weight {
        // Proof size in bytes, measured: `1907 + t * (176 ±0)`.
        // Shortest run: 253_096_000 picoseconds.
        Weight::from_parts(394_631_780, 8799)
            // Standard error: 281_468.
            .saturating_add(Weight::from_parts(7_280_255, 0).saturating_mul(t.into()))
            .saturating_add(T::DbWeight::get().reads(11_u64))
            .saturating_add(T::DbWeight::get().writes(11_u64))
    }
}

impl WeightInfo for () {
    fn claim() -> Weight {
        Weight::from_parts(141_581_000, 6196)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn set_tiers(t: u32) -> Weight {
        Weight::from_parts(15_581_637, 0)
            .saturating_add(Weight::from_parts(43_693, 0).saturating_mul(t.into()))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn note_result() -> Weight {
        Weight::from_parts(199_247_000, 6196)
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn pay_pending() -> Weight {
        Weight::from_parts(156_924_000, 6196)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn settle(t: u32) -> Weight {
        Weight::from_parts(394_631_780, 8799)
            .saturating_add(Weight::from_parts(7_280_255, 0).saturating_mul(t.into()))
            .saturating_add(ParityDbWeight::get().reads(11_u64))
            .saturating_add(ParityDbWeight::get().writes(11_u64))
    }
}
