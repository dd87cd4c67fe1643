// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_registration`, measured: do not edit, run `benchmarks/weights/run.sh pallet_registration`.
//!
//! Date: 2026-11-22. Host: `vm`, `AMD EPYC`. Steps: 20, repeats: 10.
//! The runtime's wasm is built as for production and executed as `Compiled`.

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
    /// Storage: `Settings::Registration` (r:1 w:0)
    /// Proof: `Settings::Registration` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Markets` (r:1 w:1)
    /// Proof: `Registration::Markets` (`max_values`: None, `max_size`: Some(33), added: 2508, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:3 w:3)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    fn register(_s: u32) -> Weight {
        // Proof size in bytes, measured: `1171`.
        // Shortest run: 165_176_000 picoseconds.
        Weight::from_parts(247_381_176, 8799)
            .saturating_add(T::DbWeight::get().reads(8_u64))
            .saturating_add(T::DbWeight::get().writes(7_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Registration` (r:1 w:0)
    /// Proof: `Settings::Registration` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Markets` (r:1 w:0)
    /// Proof: `Registration::Markets` (`max_values`: None, `max_size`: Some(33), added: 2508, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    fn renew(s: u32) -> Weight {
        // Proof size in bytes, measured: `1198 + s * (16 ±0)`.
        // Shortest run: 155_331_000 picoseconds.
        Weight::from_parts(158_473_642, 6196)
            // Standard error: 32_024.
            .saturating_add(Weight::from_parts(278_606, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    fn top_up() -> Weight {
        // Proof size in bytes, measured: `1425`.
        // Shortest run: 86_569_000 picoseconds.
        Weight::from_parts(137_795_000, 4601)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Registration` (r:1 w:0)
    /// Proof: `Settings::Registration` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    fn shrink() -> Weight {
        // Proof size in bytes, measured: `1490`.
        // Shortest run: 24_617_000 picoseconds.
        Weight::from_parts(40_971_000, 4601)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Registration` (r:1 w:0)
    /// Proof: `Settings::Registration` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    fn leave() -> Weight {
        // Proof size in bytes, measured: `1490`.
        // Shortest run: 24_196_000 picoseconds.
        Weight::from_parts(29_544_000, 4601)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Settings::Registration` (r:1 w:0)
    /// Proof: `Settings::Registration` (`max_values`: Some(1), `max_size`: Some(112), added: 607, mode: `MaxEncodedLen`)
    /// Storage: `ProofOfGpu::Gpus` (r:64 w:64)
    /// Proof: `ProofOfGpu::Gpus` (`max_values`: None, `max_size`: Some(111), added: 2586, mode: `MaxEncodedLen`)
    /// Storage: `Emission::Results` (r:64 w:0)
    /// Proof: `Emission::Results` (`max_values`: None, `max_size`: Some(121), added: 2596, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Markets` (r:1 w:1)
    /// Proof: `Registration::Markets` (`max_values`: None, `max_size`: Some(33), added: 2508, mode: `MaxEncodedLen`)
    fn withdraw(s: u32) -> Weight {
        // Proof size in bytes, measured: `900 + s * (16 ±0)`.
        // Shortest run: 108_792_000 picoseconds.
        Weight::from_parts(95_504_964, 6196)
            // Standard error: 43_292.
            .saturating_add(Weight::from_parts(11_548_841, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().reads((2_u64).saturating_mul(s.into())))
            .saturating_add(T::DbWeight::get().writes(5_u64))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(s.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(s.into()))
    }

    /// Storage: `Registration::Hotkeys` (r:1 w:1)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Balances::Holds` (r:1 w:1)
    /// Proof: `Balances::Holds` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Supply::Totals` (r:1 w:1)
    /// Proof: `Supply::Totals` (`max_values`: Some(1), `max_size`: Some(384), added: 879, mode: `MaxEncodedLen`)
    fn slash() -> Weight {
        // Proof size in bytes, measured: `2015`.
        // Shortest run: 87_850_000 picoseconds.
        Weight::from_parts(93_529_000, 6196)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
}

impl WeightInfo for () {
    fn register(_s: u32) -> Weight {
        Weight::from_parts(247_381_176, 8799)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }

    fn renew(s: u32) -> Weight {
        Weight::from_parts(158_473_642, 6196)
            .saturating_add(Weight::from_parts(278_606, 0).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn top_up() -> Weight {
        Weight::from_parts(137_795_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn shrink() -> Weight {
        Weight::from_parts(40_971_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn leave() -> Weight {
        Weight::from_parts(29_544_000, 4601)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn withdraw(s: u32) -> Weight {
        Weight::from_parts(95_504_964, 6196)
            .saturating_add(Weight::from_parts(11_548_841, 0).saturating_mul(s.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().reads((2_u64).saturating_mul(s.into())))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(s.into())))
            .saturating_add(Weight::from_parts(0, 2596).saturating_mul(s.into()))
    }

    fn slash() -> Weight {
        Weight::from_parts(93_529_000, 6196)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }
}
