// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `settings`, to be measured by `benchmarks/weights/run.sh settings`.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::ParityDbWeight},
};

/// What the calls and hooks of `settings` cost.
pub trait WeightInfo {
    /// Weight of `set_window`.
    fn set_window() -> Weight;
    /// Weight of `set_registration`.
    fn set_registration() -> Weight;
    /// Weight of `set_emission`.
    fn set_emission() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn set_window() -> Weight {
        Weight::from_parts(15_000_000, 1_600)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn set_registration() -> Weight {
        Weight::from_parts(15_000_000, 1_600)
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn set_emission() -> Weight {
        Weight::from_parts(15_000_000, 0).saturating_add(T::DbWeight::get().writes(1_u64))
    }
}

impl WeightInfo for () {
    fn set_window() -> Weight {
        Weight::from_parts(15_000_000, 1_600)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn set_registration() -> Weight {
        Weight::from_parts(15_000_000, 1_600)
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn set_emission() -> Weight {
        Weight::from_parts(15_000_000, 0).saturating_add(ParityDbWeight::get().writes(1_u64))
    }
}
