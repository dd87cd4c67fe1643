// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `bridge`, measured: do not edit, run `benchmarks/weights/run.sh bridge`.
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

/// What the calls and hooks of `bridge` cost.
pub trait WeightInfo {
    /// Weight of `mint`.
    fn mint() -> Weight;
    /// Weight of `redeem`.
    fn redeem() -> Weight;
    /// Weight of `set_operator`.
    fn set_operator() -> Weight;
    /// Weight of `set_gateway`.
    fn set_gateway() -> Weight;
    /// Weight of `set_limit`.
    fn set_limit() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Bridge::Operator` (r:1 w:0)
    /// Proof: `Bridge::Operator` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Bridge::Assets` (r:1 w:1)
    /// Proof: `Bridge::Assets` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:1 w:1)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:1 w:1)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:0)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    fn mint() -> Weight {
        // Proof size in bytes, measured: `1132`.
        // Shortest run: 65_367_000 picoseconds.
        // The last two reads and 20 µs for them are estimated.
        Weight::from_parts(94_060_000, 3675)
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `Bridge::Assets` (r:1 w:1)
    /// Proof: `Bridge::Assets` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:1 w:1)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:1 w:1)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::BalancesOnHold` (r:1 w:1)
    /// Proof: `AssetsHolder::BalancesOnHold` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::Holds` (r:1 w:1)
    /// Proof: `AssetsHolder::Holds` (`max_values`: None, `max_size`: Some(141), added: 2616, mode: `MaxEncodedLen`)
    fn redeem() -> Weight {
        // Proof size in bytes, measured: `1513`.
        // Shortest run: 111_566_000 picoseconds.
        Weight::from_parts(127_059_000, 3675)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }

    /// Storage: `Bridge::Operator` (r:0 w:1)
    /// Proof: `Bridge::Operator` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    fn set_operator() -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 7_902_000 picoseconds.
        Weight::from_parts(9_694_000, 0).saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Bridge::Gateway` (r:0 w:1)
    /// Proof: `Bridge::Gateway` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    fn set_gateway() -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 8_042_000 picoseconds.
        Weight::from_parts(9_525_000, 0).saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Bridge::Assets` (r:1 w:1)
    /// Proof: `Bridge::Assets` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Periods` (r:1 w:0)
    fn set_limit() -> Weight {
        // Proof size in bytes, measured: `316`.
        // Shortest run: 14_342_000 picoseconds.
        // The last read and 10 µs for it are estimated.
        Weight::from_parts(29_779_000, 3561)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
}

impl WeightInfo for () {
    fn mint() -> Weight {
        Weight::from_parts(94_060_000, 3675)
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn redeem() -> Weight {
        Weight::from_parts(127_059_000, 3675)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }

    fn set_operator() -> Weight {
        Weight::from_parts(9_694_000, 0).saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn set_gateway() -> Weight {
        Weight::from_parts(9_525_000, 0).saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn set_limit() -> Weight {
        Weight::from_parts(29_779_000, 3561)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
}
