// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_proof_of_gpu`, measured: do not edit, run `benchmarks/weights/run.sh pallet_proof_of_gpu`.
//!
//! Date: 2026-11-22. Host: `vm`, `AMD EPYC`. Steps: 10, repeats: 5.
//! The runtime's wasm is built as for production and executed as `Compiled`.
//!
//! But for `reveal_lane`, which is a bound until the next run: see there.
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
    /// Not measured yet by the pallet's benchmark: a bound from benchmarks/verifier-cost,
    /// where a lane of 20,556 rounds took 0.29 ms of wasm on free cores and 1.75 ms in the
    /// slowest of the medians, on cores with six times as much to do as they could. The
    /// latter is 86 ns a round, or 44 µs for each 512 of them; what does not grow with them
    /// is taken at three times an opening of the product.
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
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::IdleSince` (r:1 w:0)
    /// Proof: `ProofOfGpu::IdleSince` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::NextWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::NextWindow` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn on_initialize_idle() -> Weight {
        // Proof size in bytes, measured: `844`.
        // Shortest run: 35_102_000 picoseconds.
        Weight::from_parts(38_337_000, 3597)
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
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::IdleSince` (r:1 w:0)
    /// Proof: `ProofOfGpu::IdleSince` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::NextWindow` (r:1 w:1)
    /// Proof: `ProofOfGpu::NextWindow` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    fn on_initialize_open() -> Weight {
        // Proof size in bytes, measured: `818`.
        // Shortest run: 39_158_000 picoseconds.
        Weight::from_parts(41_161_000, 3597)
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
        // Proof size in bytes, measured: `756`.
        // Shortest run: 45_898_000 picoseconds.
        Weight::from_parts(66_940_000, 1651)
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
        // Proof size in bytes, measured: `764`.
        // Shortest run: 39_408_000 picoseconds.
        Weight::from_parts(65_518_000, 1651)
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
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:1)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1537), added: 2032, mode: `MaxEncodedLen`)
    /// Storage: `Emission::LastClose` (r:1 w:1)
    /// Proof: `Emission::LastClose` (`max_values`: Some(1), `max_size`: Some(4), added: 499, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Running` (r:1 w:0)
    /// Proof: `Emission::Running` (`max_values`: Some(1), `max_size`: Some(261), added: 756, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Rounds` (r:1 w:0)
    /// Proof: `Emission::Rounds` (`max_values`: None, `max_size`: Some(373), added: 2848, mode: `MaxEncodedLen`)
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
        // Proof size in bytes, measured: `2052`.
        // Shortest run: 126_428_000 picoseconds.
        Weight::from_parts(169_672_000, 3838)
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
        // Proof size in bytes, measured: `1574 + g * (63 ±0)`.
        // Shortest run: 81_942_000 picoseconds.
        Weight::from_parts(75_080_816, 4601)
            // Standard error: 1_923_008.
            .saturating_add(Weight::from_parts(43_869_766, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(g.into()))
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
        // Shortest run: 91_256_000 picoseconds.
        Weight::from_parts(119_077_000, 4601)
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
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1537), added: 2032, mode: `MaxEncodedLen`)
    fn reveal(s: u32) -> Weight {
        // Proof size in bytes, measured: `872`.
        // Shortest run: 144_245_000 picoseconds.
        Weight::from_parts(108_168_757, 3586)
            // Standard error: 2_978_884.
            .saturating_add(Weight::from_parts(12_968_044, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn reveal_columns(b: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 9_074_000 picoseconds.
        Weight::from_parts(17_056_490, 0)
            // Standard error: 115_039.
            .saturating_add(Weight::from_parts(2_028_181, 0).saturating_mul(b.into()))
    }

    fn reveal_path(h: u32) -> Weight {
        // Proof size in bytes, measured: `0`.
        // Shortest run: 8_693_000 picoseconds.
        Weight::from_parts(9_295_752, 0)
            // Standard error: 159_725.
            .saturating_add(Weight::from_parts(1_016_405, 0).saturating_mul(h.into()))
    }

    fn reveal_lane(b: u32) -> Weight {
        // A bound, not measured: see the trait.
        Weight::from_parts(28_000_000, 0)
            .saturating_add(Weight::from_parts(44_000_000, 0).saturating_mul(b.into()))
    }

    /// Storage: `ProofOfGpu::CurrentWindow` (r:1 w:0)
    /// Proof: `ProofOfGpu::CurrentWindow` (`max_values`: Some(1), `max_size`: Some(166), added: 661, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:16 w:16)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:16 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Tiers` (r:1 w:0)
    /// Proof: `Emission::Tiers` (`max_values`: Some(1), `max_size`: Some(1537), added: 2032, mode: `MaxEncodedLen`)
    fn confirm(g: u32) -> Weight {
        // Proof size in bytes, measured: `774 + g * (47 ±0)`.
        // Shortest run: 75_302_000 picoseconds.
        Weight::from_parts(37_569_757, 3022)
            // Standard error: 1_939_885.
            .saturating_add(Weight::from_parts(26_829_110, 0).saturating_mul(g.into()))
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
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn report_missed() -> Weight {
        // Proof size in bytes, measured: `1977`.
        // Shortest run: 150_023_000 picoseconds.
        Weight::from_parts(167_189_000, 4601)
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
        // Proof size in bytes, measured: `785 + g * (63 ±0)`.
        // Shortest run: 54_280_000 picoseconds.
        Weight::from_parts(83_544_674, 4601)
            // Standard error: 795_460.
            .saturating_add(Weight::from_parts(7_215_271, 0).saturating_mul(g.into()))
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
        // Proof size in bytes, measured: `469`.
        // Shortest run: 32_808_000 picoseconds.
        Weight::from_parts(34_512_000, 3576)
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
        // Proof size in bytes, measured: `425 + g * (47 ±0)`.
        // Shortest run: 28_032_000 picoseconds.
        Weight::from_parts(21_806_820, 1651)
            // Standard error: 470_267.
            .saturating_add(Weight::from_parts(10_592_818, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2586).saturating_mul(g.into()))
    }
}

impl WeightInfo for () {
    fn on_initialize_idle() -> Weight {
        Weight::from_parts(38_337_000, 3597)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn on_initialize_open() -> Weight {
        Weight::from_parts(41_161_000, 3597)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn on_initialize_sampling() -> Weight {
        Weight::from_parts(66_940_000, 1651)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn on_initialize_revealing() -> Weight {
        Weight::from_parts(65_518_000, 1651)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
    }

    fn on_initialize_close() -> Weight {
        Weight::from_parts(169_672_000, 3838)
            .saturating_add(ParityDbWeight::get().reads(13_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
    }

    fn commit(g: u32) -> Weight {
        Weight::from_parts(75_080_816, 4601)
            .saturating_add(Weight::from_parts(43_869_766, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(g.into()))
    }

    fn settle_missed() -> Weight {
        Weight::from_parts(119_077_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn reveal(s: u32) -> Weight {
        Weight::from_parts(108_168_757, 3586)
            .saturating_add(Weight::from_parts(12_968_044, 0).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn reveal_columns(b: u32) -> Weight {
        Weight::from_parts(17_056_490, 0)
            .saturating_add(Weight::from_parts(2_028_181, 0).saturating_mul(b.into()))
    }

    fn reveal_path(h: u32) -> Weight {
        Weight::from_parts(9_295_752, 0)
            .saturating_add(Weight::from_parts(1_016_405, 0).saturating_mul(h.into()))
    }

    fn reveal_lane(b: u32) -> Weight {
        // A bound, not measured: see the trait.
        Weight::from_parts(28_000_000, 0)
            .saturating_add(Weight::from_parts(44_000_000, 0).saturating_mul(b.into()))
    }

    fn confirm(g: u32) -> Weight {
        Weight::from_parts(37_569_757, 3022)
            .saturating_add(Weight::from_parts(26_829_110, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(g.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(g.into()))
    }

    fn report_missed() -> Weight {
        Weight::from_parts(167_189_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn check_commit(g: u32) -> Weight {
        Weight::from_parts(83_544_674, 4601)
            .saturating_add(Weight::from_parts(7_215_271, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2586).saturating_mul(g.into()))
    }

    fn check_reveal() -> Weight {
        Weight::from_parts(34_512_000, 3576)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn check_confirm(g: u32) -> Weight {
        Weight::from_parts(21_806_820, 1651)
            .saturating_add(Weight::from_parts(10_592_818, 0).saturating_mul(g.into()))
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(g.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
            .saturating_add(Weight::from_parts(0, 2586).saturating_mul(g.into()))
    }
}
