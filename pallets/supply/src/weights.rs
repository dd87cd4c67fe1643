// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_supply`, measured: do not edit, run `benchmarks/weights/run.sh pallet_supply`.
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

/// What the calls and hooks of `pallet_supply` cost.
pub trait WeightInfo {
    /// Weight of `burn`.
    fn burn() -> Weight;
    /// Weight of `start_round`.
    fn start_round() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn burn() -> Weight {
        // Proof size in bytes, measured: `453`.
        // Shortest run: 48_743_000 picoseconds.
        Weight::from_parts(85_136_000, 1869)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:0)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn start_round() -> Weight {
        // Proof size in bytes, measured: `627`.
        // Shortest run: 19_108_000 picoseconds.
        Weight::from_parts(34_781_000, 3593)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
}

impl WeightInfo for () {
    fn burn() -> Weight {
        Weight::from_parts(85_136_000, 1869)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn start_round() -> Weight {
        Weight::from_parts(34_781_000, 3593)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
}
