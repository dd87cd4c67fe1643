// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_proof_of_gpu`, measured: do not edit, run `benchmarks/weights/run.sh pallet_proof_of_gpu`.
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

/// What the calls and hooks of `pallet_proof_of_gpu` cost.
pub trait WeightInfo {
    /// Weight of `on_initialize_idle`.
    fn on_initialize_idle() -> Weight;
    /// Weight of `on_initialize_open`.
    fn on_initialize_open() -> Weight;
    /// Weight of `on_initialize_sampling`.
    fn on_initialize_sampling() -> Weight;
    /// Weight of `on_initialize_revealing`.
    fn on_initialize_revealing() -> Weight;
    /// Weight of `on_initialize_close`.
    fn on_initialize_close() -> Weight;
    /// Weight of `commit`.
    ///
    /// `g` was measured from 1 to 16.
    fn commit(g: u32) -> Weight;
    /// Weight of `settle_missed`.
    fn settle_missed() -> Weight;
    /// Weight of `reveal`.
    ///
    /// `s` was measured from 1 to 32.
    fn reveal(s: u32) -> Weight;
    /// Weight of `reveal_columns`.
    ///
    /// `b` was measured from 1 to 64.
    fn reveal_columns(b: u32) -> Weight;
    /// Weight of `reveal_path`.
    ///
    /// `h` was measured from 0 to 16.
    fn reveal_path(h: u32) -> Weight;
    /// Weight of `reveal_lane`.
    ///
    /// `b` was measured from 1 to 64.
    fn reveal_lane(b: u32) -> Weight;
    /// Weight of `confirm`.
    ///
    /// `g` was measured from 1 to 16.
    fn confirm(g: u32) -> Weight;
    /// Weight of `report_missed`.
    fn report_missed() -> Weight;
    /// Weight of `check_commit`.
    ///
    /// `g` was measured from 1 to 16.
    fn check_commit(g: u32) -> Weight;
    /// Weight of `check_reveal`.
    fn check_reveal() -> Weight;
    /// Weight of `check_confirm`.
    ///
    /// `g` was measured from 1 to 16.
    fn check_confirm(g: u32) -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Babe::AuthorVrfRandomness` (r:1 w:0)
    /// Proof: `Babe::AuthorVrfRandomness` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    /// Storage: `Babe::CurrentSlot` (r:1 w:0)
    /// Proof: `Babe::CurrentSlot` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Settings::SlotDuration` (r:1 w:0)
    /// Proof: `Settings::SlotDuration` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:1)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::IdleSince` (r:1 w:0)
    /// Proof: `ProofOfGpu::IdleSince` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::NextWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::NextWindow` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn on_initialize_idle() -> Weight {
        // Proof size in bytes, measured: `870`.
        // Shortest run: 32_549_000 picoseconds.
        Weight::from_parts(65_077_000, 3597)
            .saturating_add(T::DbWeight::get().reads(8_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Babe::AuthorVrfRandomness` (r:1 w:0)
    /// Proof: `Babe::AuthorVrfRandomness` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    /// Storage: `Babe::CurrentSlot` (r:1 w:0)
    /// Proof: `Babe::CurrentSlot` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Settings::SlotDuration` (r:1 w:0)
    /// Proof: `Settings::SlotDuration` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:1)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::IdleSince` (r:1 w:0)
    /// Proof: `ProofOfGpu::IdleSince` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::NextWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::NextWindow` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn on_initialize_open() -> Weight {
        // Proof size in bytes, measured: `844`.
        // Shortest run: 43_034_000 picoseconds.
        Weight::from_parts(79_398_000, 3597)
            .saturating_add(T::DbWeight::get().reads(8_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }

    /// Storage: `Babe::AuthorVrfRandomness` (r:1 w:0)
    /// Proof: `Babe::AuthorVrfRandomness` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    /// Storage: `Babe::CurrentSlot` (r:1 w:0)
    /// Proof: `Babe::CurrentSlot` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Settings::SlotDuration` (r:1 w:0)
    /// Proof: `Settings::SlotDuration` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:1)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    fn on_initialize_sampling() -> Weight {
        // Proof size in bytes, measured: `757`.
        // Shortest run: 46_359_000 picoseconds.
        Weight::from_parts(82_232_000, 1676)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }

    /// Storage: `Babe::AuthorVrfRandomness` (r:1 w:0)
    /// Proof: `Babe::AuthorVrfRandomness` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    /// Storage: `Babe::CurrentSlot` (r:1 w:0)
    /// Proof: `Babe::CurrentSlot` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Settings::SlotDuration` (r:1 w:0)
    /// Proof: `Settings::SlotDuration` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:1)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    fn on_initialize_revealing() -> Weight {
        // Proof size in bytes, measured: `765`.
        // Shortest run: 38_807_000 picoseconds.
        Weight::from_parts(56_845_000, 1676)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
    }

    /// Storage: `Babe::AuthorVrfRandomness` (r:1 w:0)
    /// Proof: `Babe::AuthorVrfRandomness` (`max_values`: Some(1), `max_size`: Some(33), added: 528, mode: `MaxEncodedLen`)
    /// Storage: `Babe::CurrentSlot` (r:1 w:0)
    /// Proof: `Babe::CurrentSlot` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Settings::SlotDuration` (r:1 w:0)
    /// Proof: `Settings::SlotDuration` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:1)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:1)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1601), added: 2096, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LastClose` (r:1 w:1)
    /// Proof: `Emission::LastClose` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Running` (r:1 w:0)
    /// Proof: `Emission::Running` (`max_values`: Some(1), `max_size`: Some(261), added: 756, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:0)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(373), added: 2848, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `Emission::NextTiers` (r:1 w:0)
    /// Proof: `Emission::NextTiers` (`max_values`: Some(1), `max_size`: Some(961), added: 1456, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:0)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::IdleSince` (r:0 w:1)
    /// Proof: `ProofOfGpu::IdleSince` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Records` (r:0 w:1)
    /// Proof: `ProofOfGpu::Records` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LowestFloor` (r:0 w:1)
    /// Proof: `Emission::LowestFloor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn on_initialize_close() -> Weight {
        // Proof size in bytes, measured: `2065`.
        // Shortest run: 123_103_000 picoseconds.
        Weight::from_parts(156_413_000, 3838)
            .saturating_add(T::DbWeight::get().reads(13_u64))
            .saturating_add(T::DbWeight::get().writes(8_u64))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:0)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LowestFloor` (r:1 w:0)
    /// Proof: `Emission::LowestFloor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:16)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(176), added: 2651, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Records` (r:1 w:0)
    /// Proof: `ProofOfGpu::Records` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:16 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    fn commit(g: u32) -> Weight {
        // Proof size in bytes, measured: `1650 + g * (63 ±0)`.
        // Shortest run: 90_745_000 picoseconds.
        Weight::from_parts(125_000_000, 4601)
            // Standard error: 1_787_262.
            .saturating_add(Weight::from_parts(33_500_000, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2651).saturating_mul(g.into()))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn settle_missed() -> Weight {
        // Proof size in bytes, measured: `906`.
        // Shortest run: 71_978_000 picoseconds.
        Weight::from_parts(83_995_000, 4601)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:1 w:1)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(176), added: 2651, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:1 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:0)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1601), added: 2096, mode: `MaxEncodedLen`)
    fn reveal(s: u32) -> Weight {
        // Proof size in bytes, measured: `894`.
        // Shortest run: 77_876_000 picoseconds.
        Weight::from_parts(112_000_000, 3625)
            // Standard error: 618_502.
            .saturating_add(Weight::from_parts(10_600_000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn reveal_columns(b: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 12_849_000 picoseconds.
        Weight::from_parts(32_380_792, 0)
            // Standard error: 121_674.
            .saturating_add(Weight::from_parts(2_913_871, 0).saturating_mul(b.into()))
    }

    fn reveal_path(h: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 9_694_000 picoseconds.
        Weight::from_parts(12_757_984, 0)
            // Standard error: 56_122.
            .saturating_add(Weight::from_parts(1_332_481, 0).saturating_mul(h.into()))
    }

    fn reveal_lane(b: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 14_501_000 picoseconds.
        Weight::from_parts(15_663_000, 0)
            // Standard error: 122_272.
            .saturating_add(Weight::from_parts(11_048_081, 0).saturating_mul(b.into()))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:16)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(176), added: 2651, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:16 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:0)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1601), added: 2096, mode: `MaxEncodedLen`)
    fn confirm(g: u32) -> Weight {
        // Proof size in bytes, measured: `862 + g * (47 ±0)`.
        // Shortest run: 73_079_000 picoseconds.
        Weight::from_parts(50_498_451, 3086)
            // Standard error: 1_729_716.
            .saturating_add(Weight::from_parts(39_547_257, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2651).saturating_mul(g.into()))
    }

    /// Storage: `ProofOfGpu::Records` (r:1 w:0)
    /// Proof: `ProofOfGpu::Records` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:1 w:1)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(176), added: 2651, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn report_missed() -> Weight {
        // Proof size in bytes, measured: `2027`.
        // Shortest run: 132_277_000 picoseconds.
        Weight::from_parts(186_287_000, 4601)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:0)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LowestFloor` (r:1 w:0)
    /// Proof: `Emission::LowestFloor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:0)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(176), added: 2651, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::ProofCalls` (r:1 w:1)
    /// Proof: `ProofOfGpu::ProofCalls` (`max_values`: Some(1), `max_size`: Some(24), added: 519, mode: `MaxEncodedLen`)
    fn check_commit(g: u32) -> Weight {
        // Proof size in bytes, measured: `861 + g * (63 ±0)`.
        // Shortest run: 55_703_000 picoseconds.
        Weight::from_parts(93_000_000, 4601)
            // Standard error: 829_564.
            .saturating_add(Weight::from_parts(9_972_700, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2651).saturating_mul(g.into()))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:1 w:0)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(176), added: 2651, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::ProofCalls` (r:1 w:1)
    /// Proof: `ProofOfGpu::ProofCalls` (`max_values`: Some(1), `max_size`: Some(24), added: 519, mode: `MaxEncodedLen`)
    fn check_reveal() -> Weight {
        // Proof size in bytes, measured: `479`.
        // Shortest run: 30_655_000 picoseconds.
        Weight::from_parts(82_000_000, 3625)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(191), added: 686, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:0)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(176), added: 2651, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::ProofCalls` (r:1 w:1)
    /// Proof: `ProofOfGpu::ProofCalls` (`max_values`: Some(1), `max_size`: Some(24), added: 519, mode: `MaxEncodedLen`)
    fn check_confirm(g: u32) -> Weight {
        // Proof size in bytes, measured: `501 + g * (47 ±0)`.
        // Shortest run: 31_166_000 picoseconds.
        Weight::from_parts(34_000_000, 1676)
            // Standard error: 350_781.
            .saturating_add(Weight::from_parts(10_166_784, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2651).saturating_mul(g.into()))
    }
}

impl WeightInfo for () {
    fn on_initialize_idle() -> Weight {
        Weight::from_parts(65_077_000, 3597)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn on_initialize_open() -> Weight {
        Weight::from_parts(79_398_000, 3597)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn on_initialize_sampling() -> Weight {
        Weight::from_parts(82_232_000, 1676)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn on_initialize_revealing() -> Weight {
        Weight::from_parts(56_845_000, 1676)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn on_initialize_close() -> Weight {
        Weight::from_parts(156_413_000, 3838)
            .saturating_add(ParityDbWeight::get().reads(13_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
    }

    fn commit(g: u32) -> Weight {
        Weight::from_parts(125_000_000, 4601)
            .saturating_add(Weight::from_parts(33_500_000, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2651).saturating_mul(g.into()))
    }

    fn settle_missed() -> Weight {
        Weight::from_parts(83_995_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn reveal(s: u32) -> Weight {
        Weight::from_parts(112_000_000, 3625)
            .saturating_add(Weight::from_parts(10_600_000, 0).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn reveal_columns(b: u32) -> Weight {
        Weight::from_parts(32_380_792, 0)
            .saturating_add(Weight::from_parts(2_913_871, 0).saturating_mul(b.into()))
    }

    fn reveal_path(h: u32) -> Weight {
        Weight::from_parts(12_757_984, 0)
            .saturating_add(Weight::from_parts(1_332_481, 0).saturating_mul(h.into()))
    }

    fn reveal_lane(b: u32) -> Weight {
        Weight::from_parts(15_663_000, 0)
            .saturating_add(Weight::from_parts(11_048_081, 0).saturating_mul(b.into()))
    }

    fn confirm(g: u32) -> Weight {
        Weight::from_parts(50_498_451, 3086)
            .saturating_add(Weight::from_parts(39_547_257, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2651).saturating_mul(g.into()))
    }

    fn report_missed() -> Weight {
        Weight::from_parts(186_287_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn check_commit(g: u32) -> Weight {
        Weight::from_parts(93_000_000, 4601)
            .saturating_add(Weight::from_parts(9_972_700, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2651).saturating_mul(g.into()))
    }

    fn check_reveal() -> Weight {
        Weight::from_parts(82_000_000, 3625)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn check_confirm(g: u32) -> Weight {
        Weight::from_parts(34_000_000, 1676)
            .saturating_add(Weight::from_parts(10_166_784, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2651).saturating_mul(g.into()))
    }
}
