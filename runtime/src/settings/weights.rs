// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `settings`, measured: do not edit, run `benchmarks/weights/run.sh settings`.
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

/// What the calls and hooks of `settings` cost.
pub trait WeightInfo {
    /// Weight of `set`.
    fn set() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Parameters::Parameters` (r:6 w:1)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Settings::EpochDuration` (r:1 w:0)
    /// Proof: `Settings::EpochDuration` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn set() -> Weight {
        // Proof size in bytes, measured: `713`.
        // Shortest run: 50_555_000 picoseconds.
        Weight::from_parts(60_329_000, 16632)
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
}

impl WeightInfo for () {
    fn set() -> Weight {
        Weight::from_parts(60_329_000, 16632)
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
}
