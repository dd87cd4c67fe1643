// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_delegation`: reads and writes counted, times estimated.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::ParityDbWeight},
};

/// What the calls and hooks of `pallet_delegation` cost.
pub trait WeightInfo {
    /// Weight of `join`.
    fn join() -> Weight;
    /// Weight of `leave`.
    fn leave() -> Weight;
    /// Weight of `stake`.
    fn stake() -> Weight;
    /// Weight of `unstake`.
    fn unstake() -> Weight;
    /// Weight of `withdraw` with `u` unbondings.
    fn withdraw(u: u32) -> Weight;
    /// Weight of `claim`.
    fn claim() -> Weight;
    /// Weight of `set_commission`.
    fn set_commission() -> Weight;
    /// Weight of `claim_commission`.
    fn claim_commission() -> Weight;
    /// Weight of `note_author`.
    fn note_author() -> Weight;
    /// Weight of `new_session` with `n` candidates.
    fn new_session(n: u32) -> Weight;
    /// Weight of `reward_round`.
    fn reward_round() -> Weight;
    /// Weight of `slash`.
    fn slash() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn join() -> Weight {
        Weight::from_parts(90_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(13_u64))
            .saturating_add(T::DbWeight::get().writes(10_u64))
    }

    fn leave() -> Weight {
        Weight::from_parts(30_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    fn stake() -> Weight {
        Weight::from_parts(120_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(11_u64))
            .saturating_add(T::DbWeight::get().writes(10_u64))
    }

    fn unstake() -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(9_u64))
            .saturating_add(T::DbWeight::get().writes(7_u64))
    }

    fn withdraw(u: u32) -> Weight {
        Weight::from_parts(110_000_000, 12_000)
            .saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(u64::from(u)))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
            .saturating_add(T::DbWeight::get().reads(1_u64.saturating_mul(u64::from(u))))
            .saturating_add(T::DbWeight::get().writes(1_u64.saturating_mul(u64::from(u))))
    }

    fn claim() -> Weight {
        Weight::from_parts(90_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    fn set_commission() -> Weight {
        Weight::from_parts(40_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }

    fn claim_commission() -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(7_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    fn note_author() -> Weight {
        Weight::from_parts(40_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    fn new_session(n: u32) -> Weight {
        Weight::from_parts(30_000_000, 12_000)
            .saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(u64::from(n)))
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(2_u64))
            .saturating_add(T::DbWeight::get().reads(4_u64.saturating_mul(u64::from(n))))
    }

    fn reward_round() -> Weight {
        Weight::from_parts(40_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }

    fn slash() -> Weight {
        Weight::from_parts(150_000_000, 12_000)
            .saturating_add(T::DbWeight::get().reads(14_u64))
            .saturating_add(T::DbWeight::get().writes(13_u64))
    }
}

impl WeightInfo for () {
    fn join() -> Weight {
        Weight::from_parts(90_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(13_u64))
            .saturating_add(ParityDbWeight::get().writes(10_u64))
    }

    fn leave() -> Weight {
        Weight::from_parts(30_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn stake() -> Weight {
        Weight::from_parts(120_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(11_u64))
            .saturating_add(ParityDbWeight::get().writes(10_u64))
    }

    fn unstake() -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(9_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }

    fn withdraw(u: u32) -> Weight {
        Weight::from_parts(110_000_000, 12_000)
            .saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(u64::from(u)))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
            .saturating_add(ParityDbWeight::get().reads(1_u64.saturating_mul(u64::from(u))))
            .saturating_add(ParityDbWeight::get().writes(1_u64.saturating_mul(u64::from(u))))
    }

    fn claim() -> Weight {
        Weight::from_parts(90_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn set_commission() -> Weight {
        Weight::from_parts(40_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn claim_commission() -> Weight {
        Weight::from_parts(80_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(7_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn note_author() -> Weight {
        Weight::from_parts(40_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn new_session(n: u32) -> Weight {
        Weight::from_parts(30_000_000, 12_000)
            .saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(u64::from(n)))
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
            .saturating_add(ParityDbWeight::get().reads(4_u64.saturating_mul(u64::from(n))))
    }

    fn reward_round() -> Weight {
        Weight::from_parts(40_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn slash() -> Weight {
        Weight::from_parts(150_000_000, 12_000)
            .saturating_add(ParityDbWeight::get().reads(14_u64))
            .saturating_add(ParityDbWeight::get().writes(13_u64))
    }
}
