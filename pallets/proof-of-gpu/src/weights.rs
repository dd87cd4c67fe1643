// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_proof_of_gpu`, measured: do not edit, run `benchmarks/weights/run.sh pallet_proof_of_gpu`.
//!
//! Date: 2026-11-22. Host: `vm`, `AMD EPYC`. Steps: 20, repeats: 10.
//! The runtime's wasm is built as for production and executed as `Compiled`.

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
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Window` (r:1 w:0)
    /// Proof: `Settings::Window` (`max_values`: Some(1), `max_size`: Some(56), added: 551, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::IdleSince` (r:1 w:0)
    /// Proof: `ProofOfGpu::IdleSince` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::NextWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::NextWindow` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn on_initialize_idle() -> Weight {
        // Proof size in bytes, measured: `512`.
        // Shortest run: 25_377_000 picoseconds.
        Weight::from_parts(39_338_000, 1651)
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
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Window` (r:1 w:0)
    /// Proof: `Settings::Window` (`max_values`: Some(1), `max_size`: Some(56), added: 551, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::IdleSince` (r:1 w:0)
    /// Proof: `ProofOfGpu::IdleSince` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::NextWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::NextWindow` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn on_initialize_open() -> Weight {
        // Proof size in bytes, measured: `486`.
        // Shortest run: 29_033_000 picoseconds.
        Weight::from_parts(46_399_000, 1651)
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
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    fn on_initialize_sampling() -> Weight {
        // Proof size in bytes, measured: `654`.
        // Shortest run: 51_596_000 picoseconds.
        Weight::from_parts(68_982_000, 1651)
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
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    fn on_initialize_revealing() -> Weight {
        // Proof size in bytes, measured: `662`.
        // Shortest run: 54_831_000 picoseconds.
        Weight::from_parts(67_361_000, 1651)
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
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Emission` (r:1 w:0)
    /// Proof: `Settings::Emission` (`max_values`: Some(1), `max_size`: Some(56), added: 551, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:1)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1409), added: 1904, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LastClose` (r:1 w:1)
    /// Proof: `Emission::LastClose` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Running` (r:1 w:0)
    /// Proof: `Emission::Running` (`max_values`: Some(1), `max_size`: Some(261), added: 756, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:0)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(357), added: 2832, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `Emission::NextTiers` (r:1 w:0)
    /// Proof: `Emission::NextTiers` (`max_values`: Some(1), `max_size`: Some(897), added: 1392, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:0)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::IdleSince` (r:0 w:1)
    /// Proof: `ProofOfGpu::IdleSince` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Records` (r:0 w:1)
    /// Proof: `ProofOfGpu::Records` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LowestFloor` (r:0 w:1)
    /// Proof: `Emission::LowestFloor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    fn on_initialize_close() -> Weight {
        // Proof size in bytes, measured: `1624`.
        // Shortest run: 146_037_000 picoseconds.
        Weight::from_parts(179_567_000, 3822)
            .saturating_add(T::DbWeight::get().reads(13_u64))
            .saturating_add(T::DbWeight::get().writes(8_u64))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:0)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LowestFloor` (r:1 w:0)
    /// Proof: `Emission::LowestFloor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:16)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Records` (r:1 w:0)
    /// Proof: `ProofOfGpu::Records` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:16 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    fn commit(g: u32) -> Weight {
        // Proof size in bytes, measured: `1501 + g * (63 ±0)`.
        // Shortest run: 75_242_000 picoseconds.
        Weight::from_parts(108_866_276, 4601)
            // Standard error: 623_376.
            .saturating_add(Weight::from_parts(28_235_315, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(g.into()))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn settle_missed() -> Weight {
        // Proof size in bytes, measured: `832`.
        // Shortest run: 79_488_000 picoseconds.
        Weight::from_parts(84_516_000, 4601)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:1 w:1)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `System::BlockHash` (r:1 w:0)
    /// Proof: `System::BlockHash` (`max_values`: None, `max_size`: Some(44), added: 2519, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:1 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:0)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1409), added: 1904, mode: `MaxEncodedLen`)
    fn reveal(s: u32) -> Weight {
        // Proof size in bytes, measured: `811`.
        // Shortest run: 98_937_000 picoseconds.
        Weight::from_parts(100_611_587, 3586)
            // Standard error: 116_178.
            .saturating_add(Weight::from_parts(13_108_133, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn reveal_columns(b: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 16_194_000 picoseconds.
        Weight::from_parts(16_446_582, 0)
            // Standard error: 25_756.
            .saturating_add(Weight::from_parts(3_294_056, 0).saturating_mul(b.into()))
    }

    fn reveal_path(h: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 16_634_000 picoseconds.
        Weight::from_parts(18_087_584, 0)
            // Standard error: 35_786.
            .saturating_add(Weight::from_parts(991_919, 0).saturating_mul(h.into()))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:16)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:16 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:0)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1409), added: 1904, mode: `MaxEncodedLen`)
    fn confirm(g: u32) -> Weight {
        // Proof size in bytes, measured: `714 + g * (47 ±0)`.
        // Shortest run: 84_345_000 picoseconds.
        Weight::from_parts(66_255_685, 2894)
            // Standard error: 563_364.
            .saturating_add(Weight::from_parts(36_352_347, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(g.into()))
    }

    /// Storage: `ProofOfGpu::Records` (r:1 w:0)
    /// Proof: `ProofOfGpu::Records` (`max_values`: None, `max_size`: Some(64), added: 2539, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:1 w:1)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn report_missed() -> Weight {
        // Proof size in bytes, measured: `1866`.
        // Shortest run: 171_905_000 picoseconds.
        Weight::from_parts(229_482_000, 4601)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Beacon` (r:1 w:0)
    /// Proof: `ProofOfGpu::Beacon` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LowestFloor` (r:1 w:0)
    /// Proof: `Emission::LowestFloor` (`max_values`: Some(1), `max_size`: Some(8), added: 503, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:0)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::ProofCalls` (r:1 w:1)
    /// Proof: `ProofOfGpu::ProofCalls` (`max_values`: Some(1), `max_size`: Some(24), added: 519, mode: `MaxEncodedLen`)
    fn check_commit(g: u32) -> Weight {
        // Proof size in bytes, measured: `712 + g * (63 ±0)`.
        // Shortest run: 44_566_000 picoseconds.
        Weight::from_parts(48_043_417, 4601)
            // Standard error: 236_147.
            .saturating_add(Weight::from_parts(9_586_081, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2586).saturating_mul(g.into()))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:1 w:0)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::ProofCalls` (r:1 w:1)
    /// Proof: `ProofOfGpu::ProofCalls` (`max_values`: Some(1), `max_size`: Some(24), added: 519, mode: `MaxEncodedLen`)
    fn check_reveal() -> Weight {
        // Proof size in bytes, measured: `432`.
        // Shortest run: 23_775_000 picoseconds.
        Weight::from_parts(28_933_000, 3576)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:0)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::ProofCalls` (r:1 w:1)
    /// Proof: `ProofOfGpu::ProofCalls` (`max_values`: Some(1), `max_size`: Some(24), added: 519, mode: `MaxEncodedLen`)
    fn check_confirm(g: u32) -> Weight {
        // Proof size in bytes, measured: `389 + g * (47 ±0)`.
        // Shortest run: 24_907_000 picoseconds.
        Weight::from_parts(25_112_146, 1651)
            // Standard error: 49_105.
            .saturating_add(Weight::from_parts(6_206_879, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2586).saturating_mul(g.into()))
    }
}

impl WeightInfo for () {
    fn on_initialize_idle() -> Weight {
        Weight::from_parts(39_338_000, 1651)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn on_initialize_open() -> Weight {
        Weight::from_parts(46_399_000, 1651)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn on_initialize_sampling() -> Weight {
        Weight::from_parts(68_982_000, 1651)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn on_initialize_revealing() -> Weight {
        Weight::from_parts(67_361_000, 1651)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn on_initialize_close() -> Weight {
        Weight::from_parts(179_567_000, 3822)
            .saturating_add(ParityDbWeight::get().reads(13_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
    }

    fn commit(g: u32) -> Weight {
        Weight::from_parts(108_866_276, 4601)
            .saturating_add(Weight::from_parts(28_235_315, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(g.into()))
    }

    fn settle_missed() -> Weight {
        Weight::from_parts(84_516_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn reveal(s: u32) -> Weight {
        Weight::from_parts(100_611_587, 3586)
            .saturating_add(Weight::from_parts(13_108_133, 0).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn reveal_columns(b: u32) -> Weight {
        Weight::from_parts(16_446_582, 0)
            .saturating_add(Weight::from_parts(3_294_056, 0).saturating_mul(b.into()))
    }

    fn reveal_path(h: u32) -> Weight {
        Weight::from_parts(18_087_584, 0)
            .saturating_add(Weight::from_parts(991_919, 0).saturating_mul(h.into()))
    }

    fn confirm(g: u32) -> Weight {
        Weight::from_parts(66_255_685, 2894)
            .saturating_add(Weight::from_parts(36_352_347, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(g.into()))
    }

    fn report_missed() -> Weight {
        Weight::from_parts(229_482_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn check_commit(g: u32) -> Weight {
        Weight::from_parts(48_043_417, 4601)
            .saturating_add(Weight::from_parts(9_586_081, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2586).saturating_mul(g.into()))
    }

    fn check_reveal() -> Weight {
        Weight::from_parts(28_933_000, 3576)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn check_confirm(g: u32) -> Weight {
        Weight::from_parts(25_112_146, 1651)
            .saturating_add(Weight::from_parts(6_206_879, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2586).saturating_mul(g.into()))
    }
}
