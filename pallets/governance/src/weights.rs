// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_governance`, estimated from the reads and writes of each call.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::ParityDbWeight},
};

/// What the calls and hooks of `pallet_governance` cost.
pub trait WeightInfo {
    /// Weight of `vote`.
    ///
    /// `v` is the number of votes the account has, expired ones among them.
    fn vote(v: u32) -> Weight;
    /// Weight of `remove_vote`.
    fn remove_vote() -> Weight;
    /// Weight of `clear_expired`.
    ///
    /// `v` is the number of votes the account has.
    fn clear_expired(v: u32) -> Weight;
    /// Weight of `authorize_upgrade`.
    fn authorize_upgrade() -> Weight;
    /// Weight of `locked`.
    fn locked() -> Weight;
    /// Weight of `on_stake_reduced`.
    fn on_stake_reduced() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn vote(v: u32) -> Weight {
        Weight::from_parts(120_000_000, 42_428)
            .saturating_add(Weight::from_parts(12_000_000, 3366).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(8_u64))
            .saturating_add(T::DbWeight::get().reads(v.into()))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    fn remove_vote() -> Weight {
        Weight::from_parts(120_000_000, 42_428)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    fn clear_expired(v: u32) -> Weight {
        Weight::from_parts(30_000_000, 4500)
            .saturating_add(Weight::from_parts(12_000_000, 3366).saturating_mul(v.into()))
            .saturating_add(T::DbWeight::get().reads(1_u64))
            .saturating_add(T::DbWeight::get().reads(v.into()))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn authorize_upgrade() -> Weight {
        Weight::from_parts(15_000_000, 0).saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn locked() -> Weight {
        Weight::from_parts(220_000_000, 60_000).saturating_add(T::DbWeight::get().reads(17_u64))
    }

    fn on_stake_reduced() -> Weight {
        Weight::from_parts(1_500_000_000, 120_000)
            .saturating_add(T::DbWeight::get().reads(21_u64))
            .saturating_add(T::DbWeight::get().writes(21_u64))
    }
}

impl WeightInfo for () {
    fn vote(v: u32) -> Weight {
        Weight::from_parts(120_000_000, 42_428)
            .saturating_add(Weight::from_parts(12_000_000, 3366).saturating_mul(v.into()))
            .saturating_add(ParityDbWeight::get().reads(8_u64))
            .saturating_add(ParityDbWeight::get().reads(v.into()))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn remove_vote() -> Weight {
        Weight::from_parts(120_000_000, 42_428)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn clear_expired(v: u32) -> Weight {
        Weight::from_parts(30_000_000, 4500)
            .saturating_add(Weight::from_parts(12_000_000, 3366).saturating_mul(v.into()))
            .saturating_add(ParityDbWeight::get().reads(1_u64))
            .saturating_add(ParityDbWeight::get().reads(v.into()))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn authorize_upgrade() -> Weight {
        Weight::from_parts(15_000_000, 0).saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn locked() -> Weight {
        Weight::from_parts(220_000_000, 60_000).saturating_add(ParityDbWeight::get().reads(17_u64))
    }

    fn on_stake_reduced() -> Weight {
        Weight::from_parts(1_500_000_000, 120_000)
            .saturating_add(ParityDbWeight::get().reads(21_u64))
            .saturating_add(ParityDbWeight::get().writes(21_u64))
    }
}
