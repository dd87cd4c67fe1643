// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of the calls, of `on_initialize` and of the extension's checks.

use core::marker::PhantomData;

use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// What the benchmarks measure.
pub trait WeightInfo {
    /// A block that changes no phase.
    fn on_initialize_idle() -> Weight;
    /// A block that opens a window.
    fn on_initialize_open() -> Weight;
    /// A block that ends a window's commits.
    fn on_initialize_sampling() -> Weight;
    /// A block that draws a window's samples.
    fn on_initialize_revealing() -> Weight;
    /// A block that closes a window, its hook apart.
    fn on_initialize_close() -> Weight;
    /// A commit of `g` GPUs, none of which has an earlier one to settle.
    fn commit(g: u32) -> Weight;
    /// What one GPU's missed earlier commit, or the slash of a refused reveal, adds.
    fn settle_missed() -> Weight;
    /// A valid reveal of `s` samples of the smallest shape.
    fn reveal(s: u32) -> Weight;
    /// The verification of one sample of `b` times 64 columns.
    fn reveal_columns(b: u32) -> Weight;
    /// The verification of one sample with `h` path elements.
    fn reveal_path(h: u32) -> Weight;
    /// A confirmation of `g` GPUs.
    fn confirm(g: u32) -> Weight;
    /// A report of a missed reveal.
    fn report_missed() -> Weight;
    /// The extension on a commit of `g` GPUs.
    fn check_commit(g: u32) -> Weight;
    /// The extension on a reveal.
    fn check_reveal() -> Weight;
    /// The extension on a confirmation of `g` GPUs.
    fn check_confirm(g: u32) -> Weight;
}

/// Weights on a database of the runtime's choice.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn on_initialize_idle() -> Weight {
        Weight::from_parts(15_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn on_initialize_open() -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }
    fn on_initialize_sampling() -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    fn on_initialize_revealing() -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    fn on_initialize_close() -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }
    fn commit(g: u32) -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(Weight::from_parts(25_000_000, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().reads(4_u64).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().writes(2_u64).saturating_mul(g.into()))
    }
    fn settle_missed() -> Weight {
        Weight::from_parts(40_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    fn reveal(s: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(Weight::from_parts(110_000_000, 0).saturating_mul(s.into()))
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn reveal_columns(b: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(Weight::from_parts(6_000_000, 0).saturating_mul(b.into()))
    }
    fn reveal_path(h: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(Weight::from_parts(1_000_000, 0).saturating_mul(h.into()))
    }
    fn confirm(g: u32) -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(Weight::from_parts(20_000_000, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().reads(1_u64).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().writes(1_u64).saturating_mul(g.into()))
    }
    fn report_missed() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }
    fn check_commit(g: u32) -> Weight {
        Weight::from_parts(15_000_000, 0)
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().reads(4_u64).saturating_mul(g.into()))
    }
    fn check_reveal() -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
    fn check_confirm(g: u32) -> Weight {
        Weight::from_parts(15_000_000, 0)
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(g.into()))
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
            .saturating_add(T::DbWeight::get().reads(1_u64).saturating_mul(g.into()))
    }
}

impl WeightInfo for () {
    fn on_initialize_idle() -> Weight {
        Weight::from_parts(15_000_000, 0)
            .saturating_add(RocksDbWeight::get().reads(5_u64))
            .saturating_add(RocksDbWeight::get().writes(1_u64))
    }
    fn on_initialize_open() -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(RocksDbWeight::get().reads(6_u64))
            .saturating_add(RocksDbWeight::get().writes(4_u64))
    }
    fn on_initialize_sampling() -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(RocksDbWeight::get().reads(4_u64))
            .saturating_add(RocksDbWeight::get().writes(3_u64))
    }
    fn on_initialize_revealing() -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(RocksDbWeight::get().reads(4_u64))
            .saturating_add(RocksDbWeight::get().writes(3_u64))
    }
    fn on_initialize_close() -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(RocksDbWeight::get().reads(4_u64))
            .saturating_add(RocksDbWeight::get().writes(5_u64))
    }
    fn commit(g: u32) -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(Weight::from_parts(25_000_000, 0).saturating_mul(g.into()))
            .saturating_add(RocksDbWeight::get().reads(3_u64))
            .saturating_add(RocksDbWeight::get().writes(1_u64))
            .saturating_add(RocksDbWeight::get().reads(4_u64).saturating_mul(g.into()))
            .saturating_add(RocksDbWeight::get().writes(2_u64).saturating_mul(g.into()))
    }
    fn settle_missed() -> Weight {
        Weight::from_parts(40_000_000, 0)
            .saturating_add(RocksDbWeight::get().reads(3_u64))
            .saturating_add(RocksDbWeight::get().writes(3_u64))
    }
    fn reveal(s: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(Weight::from_parts(110_000_000, 0).saturating_mul(s.into()))
            .saturating_add(RocksDbWeight::get().reads(4_u64))
            .saturating_add(RocksDbWeight::get().writes(1_u64))
    }
    fn reveal_columns(b: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(Weight::from_parts(6_000_000, 0).saturating_mul(b.into()))
    }
    fn reveal_path(h: u32) -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(Weight::from_parts(1_000_000, 0).saturating_mul(h.into()))
    }
    fn confirm(g: u32) -> Weight {
        Weight::from_parts(25_000_000, 0)
            .saturating_add(Weight::from_parts(20_000_000, 0).saturating_mul(g.into()))
            .saturating_add(RocksDbWeight::get().reads(1_u64))
            .saturating_add(RocksDbWeight::get().reads(1_u64).saturating_mul(g.into()))
            .saturating_add(RocksDbWeight::get().writes(1_u64).saturating_mul(g.into()))
    }
    fn report_missed() -> Weight {
        Weight::from_parts(60_000_000, 0)
            .saturating_add(RocksDbWeight::get().reads(4_u64))
            .saturating_add(RocksDbWeight::get().writes(3_u64))
    }
    fn check_commit(g: u32) -> Weight {
        Weight::from_parts(15_000_000, 0)
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(g.into()))
            .saturating_add(RocksDbWeight::get().reads(4_u64))
            .saturating_add(RocksDbWeight::get().writes(1_u64))
            .saturating_add(RocksDbWeight::get().reads(4_u64).saturating_mul(g.into()))
    }
    fn check_reveal() -> Weight {
        Weight::from_parts(20_000_000, 0)
            .saturating_add(RocksDbWeight::get().reads(3_u64))
            .saturating_add(RocksDbWeight::get().writes(1_u64))
    }
    fn check_confirm(g: u32) -> Weight {
        Weight::from_parts(15_000_000, 0)
            .saturating_add(Weight::from_parts(10_000_000, 0).saturating_mul(g.into()))
            .saturating_add(RocksDbWeight::get().reads(2_u64))
            .saturating_add(RocksDbWeight::get().writes(1_u64))
            .saturating_add(RocksDbWeight::get().reads(1_u64).saturating_mul(g.into()))
    }
}
