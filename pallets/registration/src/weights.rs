// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_registration`, measured: do not edit, run `benchmarks/weights/run.sh pallet_registration`.
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

/// What the calls and hooks of `pallet_registration` cost.
pub trait WeightInfo {
    /// Weight of `register`.
    ///
    /// `s` was measured from 1 to 64.
    fn register(s: u32) -> Weight;
    /// Weight of `renew`.
    ///
    /// `s` was measured from 1 to 64.
    fn renew(s: u32) -> Weight;
    /// Weight of `top_up`.
    fn top_up() -> Weight;
    /// Weight of `shrink`.
    fn shrink() -> Weight;
    /// Weight of `leave`.
    fn leave() -> Weight;
    /// Weight of `withdraw`.
    ///
    /// `s` was measured from 1 to 64.
    fn withdraw(s: u32) -> Weight;
    /// Weight of `slash`.
    fn slash() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Markets` (r:1 w:1)
    /// Proof: `Registration::Markets` (`max_values`: None, `max_size`: Some(33), added: 2508, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:1 w:0)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:3 w:3)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    fn register(s: u32) -> Weight {
        // Proof size in bytes, measured: `1377`.
        // Shortest run: 196_502_000 picoseconds.
        Weight::from_parts(321_933_393, 8799)
            // Standard error: 59_240.
            .saturating_add(Weight::from_parts(121_721, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(9_u64))
            .saturating_add(T::DbWeight::get().writes(7_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Markets` (r:1 w:0)
    /// Proof: `Registration::Markets` (`max_values`: None, `max_size`: Some(33), added: 2508, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    fn renew(s: u32) -> Weight {
        // Proof size in bytes, measured: `1454 + s * (16 ±0)`.
        // Shortest run: 187_128_000 picoseconds.
        Weight::from_parts(284_057_034, 6196)
            // Standard error: 64_813.
            .saturating_add(Weight::from_parts(282_375, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    fn top_up() -> Weight {
        // Proof size in bytes, measured: `1462`.
        // Shortest run: 99_598_000 picoseconds.
        Weight::from_parts(153_178_000, 4601)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    fn shrink() -> Weight {
        // Proof size in bytes, measured: `1637`.
        // Shortest run: 44_626_000 picoseconds.
        Weight::from_parts(57_045_000, 4601)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    fn leave() -> Weight {
        // Proof size in bytes, measured: `1637`.
        // Shortest run: 44_987_000 picoseconds.
        Weight::from_parts(57_886_000, 4601)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:64 w:64)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(160), added: 2635, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:64 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Markets` (r:1 w:1)
    /// Proof: `Registration::Markets` (`max_values`: None, `max_size`: Some(33), added: 2508, mode: `MaxEncodedLen`)
    fn withdraw(s: u32) -> Weight {
        // Proof size in bytes, measured: `1121 + s * (16 ±0)`.
        // Shortest run: 171_625_000 picoseconds.
        Weight::from_parts(187_185_526, 6196)
            // Standard error: 107_396.
            .saturating_add(Weight::from_parts(18_721_361, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(s.into())))
            .saturating_add(T::DbWeight::get().writes(5_u64))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(s.into())))
            .saturating_add(Weight::from_parts(0, 2635).saturating_mul(s.into()))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn slash() -> Weight {
        // Proof size in bytes, measured: `2089`.
        // Shortest run: 121_832_000 picoseconds.
        Weight::from_parts(158_826_000, 6196)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
}

impl WeightInfo for () {
    fn register(s: u32) -> Weight {
        Weight::from_parts(321_933_393, 8799)
            .saturating_add(Weight::from_parts(121_721, 0).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(9_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }

    fn renew(s: u32) -> Weight {
        Weight::from_parts(284_057_034, 6196)
            .saturating_add(Weight::from_parts(282_375, 0).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn top_up() -> Weight {
        Weight::from_parts(153_178_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn shrink() -> Weight {
        Weight::from_parts(57_045_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn leave() -> Weight {
        Weight::from_parts(57_886_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn withdraw(s: u32) -> Weight {
        Weight::from_parts(187_185_526, 6196)
            .saturating_add(Weight::from_parts(18_721_361, 0).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(s.into())))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(s.into())))
            .saturating_add(Weight::from_parts(0, 2635).saturating_mul(s.into()))
    }

    fn slash() -> Weight {
        Weight::from_parts(158_826_000, 6196)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }
}
