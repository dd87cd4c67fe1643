// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_buyback`, measured: do not edit, run `benchmarks/weights/run.sh pallet_buyback`.
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

/// What the calls and hooks of `pallet_buyback` cost.
pub trait WeightInfo {
    /// Weight of `deposit_revenue`.
    fn deposit_revenue() -> Weight;
    /// Weight of `enable_asset`.
    fn enable_asset() -> Weight;
    /// Weight of `disable_asset`.
    fn disable_asset() -> Weight;
    /// Weight of `note_revenue`.
    fn note_revenue() -> Weight;
    /// Weight of `sample`.
    ///
    /// `n` was measured from 0 to 8.
    fn sample(n: u32) -> Weight;
    /// Weight of `slice`.
    fn slice() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Bridge::Gateway` (r:1 w:0)
    /// Proof: `Bridge::Gateway` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Receipts` (r:1 w:1)
    /// Proof: `Buyback::Receipts` (`max_values`: None, `max_size`: Some(56), added: 2531, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Markets` (r:1 w:0)
    /// Proof: `Buyback::Markets` (`max_values`: Some(1), `max_size`: Some(729), added: 1224, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:1 w:1)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:2 w:2)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::BalancesOnHold` (r:1 w:0)
    /// Proof: `AssetsHolder::BalancesOnHold` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Ledgers` (r:1 w:1)
    /// Proof: `Buyback::Ledgers` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    fn deposit_revenue() -> Weight {
        // Proof size in bytes, measured: `2331`.
        // Shortest run: 127_079_000 picoseconds.
        Weight::from_parts(195_381_000, 6208)
            .saturating_add(T::DbWeight::get().reads(9_u64))
            .saturating_add(T::DbWeight::get().writes(6_u64))
    }

    /// Storage: `Assets::Asset` (r:1 w:0)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Markets` (r:1 w:1)
    /// Proof: `Buyback::Markets` (`max_values`: Some(1), `max_size`: Some(729), added: 1224, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    fn enable_asset() -> Weight {
        // Proof size in bytes, measured: `1406`.
        // Shortest run: 43_635_000 picoseconds.
        Weight::from_parts(63_484_000, 3675)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Buyback::Markets` (r:1 w:1)
    /// Proof: `Buyback::Markets` (`max_values`: Some(1), `max_size`: Some(729), added: 1224, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Ledgers` (r:1 w:0)
    /// Proof: `Buyback::Ledgers` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    fn disable_asset() -> Weight {
        // Proof size in bytes, measured: `799`.
        // Shortest run: 26_249_000 picoseconds.
        Weight::from_parts(52_238_000, 3550)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Ledgers` (r:1 w:1)
    /// Proof: `Buyback::Ledgers` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Totals` (r:1 w:1)
    /// Proof: `Buyback::Totals` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn note_revenue() -> Weight {
        // Proof size in bytes, measured: `674`.
        // Shortest run: 64_085_000 picoseconds.
        Weight::from_parts(70_845_000, 3593)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `Buyback::Markets` (r:1 w:1)
    /// Proof: `Buyback::Markets` (`max_values`: Some(1), `max_size`: Some(729), added: 1224, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:8 w:0)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:8 w:0)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:8 w:0)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::BalancesOnHold` (r:8 w:0)
    /// Proof: `AssetsHolder::BalancesOnHold` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
    /// Storage: `Babe::AuthorVrfRandomness` (r:1 w:0)
    /// Proof: `Babe::AuthorVrfRandomness` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    fn sample(n: u32) -> Weight {
        // Proof size in bytes, measured: `1263 + n * (354 ±0)`.
        // Shortest run: 5_518_000 picoseconds.
        Weight::from_parts(20_709_117, 3597)
            // Standard error: 1_178_497.
            .saturating_add(Weight::from_parts(64_027_250, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2685).saturating_mul(n.into()))
    }

    /// Storage: `Buyback::Ledgers` (r:1 w:1)
    /// Proof: `Buyback::Ledgers` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:1 w:1)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:2 w:2)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::BalancesOnHold` (r:2 w:0)
    /// Proof: `AssetsHolder::BalancesOnHold` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
    /// Storage: `AssetConversion::PoolFees` (r:1 w:0)
    /// Proof: `AssetConversion::PoolFees` (`max_values`: None, `max_size`: Some(30), added: 2505, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Totals` (r:1 w:1)
    /// Proof: `Buyback::Totals` (`max_values`: Some(1), `max_size`: Some(32), added: 527, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn slice() -> Weight {
        // Proof size in bytes, measured: `1936`.
        // Shortest run: 294_097_000 picoseconds.
        Weight::from_parts(316_380_000, 6208)
            .saturating_add(T::DbWeight::get().reads(11_u64))
            .saturating_add(T::DbWeight::get().writes(8_u64))
    }
}

impl WeightInfo for () {
    fn deposit_revenue() -> Weight {
        Weight::from_parts(195_381_000, 6208)
            .saturating_add(ParityDbWeight::get().reads(9_u64))
            .saturating_add(ParityDbWeight::get().writes(6_u64))
    }

    fn enable_asset() -> Weight {
        Weight::from_parts(63_484_000, 3675)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn disable_asset() -> Weight {
        Weight::from_parts(52_238_000, 3550)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn note_revenue() -> Weight {
        Weight::from_parts(70_845_000, 3593)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn sample(n: u32) -> Weight {
        Weight::from_parts(20_709_117, 3597)
            .saturating_add(Weight::from_parts(64_027_250, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((4_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2685).saturating_mul(n.into()))
    }

    fn slice() -> Weight {
        Weight::from_parts(316_380_000, 6208)
            .saturating_add(ParityDbWeight::get().reads(11_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
    }
}
