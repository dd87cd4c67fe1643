// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_buyback`, estimated from the reads and writes of each call.

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
    /// Weight of averaging the prices of `n` assets, in every block.
    fn sample(n: u32) -> Weight;
    /// Weight of one slice that is swapped and burned.
    fn slice() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn deposit_revenue() -> Weight {
        Weight::from_parts(120_000_000, 9_000)
            .saturating_add(T::DbWeight::get().reads(8_u64))
            .saturating_add(T::DbWeight::get().writes(7_u64))
    }

    fn enable_asset() -> Weight {
        Weight::from_parts(30_000_000, 5_000)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn disable_asset() -> Weight {
        Weight::from_parts(30_000_000, 5_000)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn note_revenue() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    fn sample(n: u32) -> Weight {
        Weight::from_parts(10_000_000, 3_000)
            .saturating_add(Weight::from_parts(30_000_000, 8_000).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().reads(3_u64.saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn slice() -> Weight {
        Weight::from_parts(300_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(11_u64))
            .saturating_add(T::DbWeight::get().writes(8_u64))
    }
}

impl WeightInfo for () {
    fn deposit_revenue() -> Weight {
        Weight::from_parts(120_000_000, 9_000)
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }

    fn enable_asset() -> Weight {
        Weight::from_parts(30_000_000, 5_000)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn disable_asset() -> Weight {
        Weight::from_parts(30_000_000, 5_000)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn note_revenue() -> Weight {
        Weight::from_parts(60_000_000, 6_000)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn sample(n: u32) -> Weight {
        Weight::from_parts(10_000_000, 3_000)
            .saturating_add(Weight::from_parts(30_000_000, 8_000).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().reads(3_u64.saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn slice() -> Weight {
        Weight::from_parts(300_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(11_u64))
            .saturating_add(ParityDbWeight::get().writes(8_u64))
    }
}
