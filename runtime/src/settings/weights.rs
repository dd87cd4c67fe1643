// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `settings`, measured: do not edit, run `benchmarks/weights/run.sh settings`.
//!
//! Date: 2026-11-22. Host: `vm`, `AMD EPYC`. Steps: 20, repeats: 10.
//! The runtime's wasm is built as for production and executed as `Compiled`.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::ParityDbWeight},
};

/// What the calls and hooks of `settings` cost.
pub trait WeightInfo {
    /// Weight of `set_window`.
    fn set_window() -> Weight;
    /// Weight of `set_registration`.
    fn set_registration() -> Weight;
    /// Weight of `set_emission`.
    fn set_emission() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Settings::Registration` (r:1 w:0)
    /// Proof: `Settings::Registration` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Window` (r:0 w:1)
    /// Proof: `Settings::Window` (`max_values`: Some(1), `max_size`: Some(56), added: 551, mode: `MaxEncodedLen`)
    fn set_window() -> Weight {
        // Proof size in bytes, measured: `223`.
        // Shortest run: 12_408_000 picoseconds.
        Weight::from_parts(22_894_000, 1597)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Settings::Window` (r:1 w:0)
    /// Proof: `Settings::Window` (`max_values`: Some(1), `max_size`: Some(56), added: 551, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Registration` (r:0 w:1)
    /// Proof: `Settings::Registration` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    fn set_registration() -> Weight {
        // Proof size in bytes, measured: `166`.
        // Shortest run: 11_947_000 picoseconds.
        Weight::from_parts(20_140_000, 1541)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Settings::Emission` (r:0 w:1)
    /// Proof: `Settings::Emission` (`max_values`: Some(1), `max_size`: Some(56), added: 551, mode: `MaxEncodedLen`)
    fn set_emission() -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 9_294_000 picoseconds.
        Weight::from_parts(19_058_000, 0).saturating_add(T::DbWeight::get().writes(1_u64))
    }
}

impl WeightInfo for () {
    fn set_window() -> Weight {
        Weight::from_parts(22_894_000, 1597)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn set_registration() -> Weight {
        Weight::from_parts(20_140_000, 1541)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn set_emission() -> Weight {
        Weight::from_parts(19_058_000, 0).saturating_add(ParityDbWeight::get().writes(1_u64))
    }
}
