// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Weights of `pallet_delegation`, measured: do not edit, run `benchmarks/weights/run.sh pallet_delegation`.
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
    /// Weight of `withdraw`.
    ///
    /// `u` was measured from 1 to 16.
    fn withdraw(u: u32) -> Weight;
    /// Weight of `claim`.
    fn claim() -> Weight;
    /// Weight of `set_commission`.
    fn set_commission() -> Weight;
    /// Weight of `claim_commission`.
    fn claim_commission() -> Weight;
    /// Weight of `note_author`.
    fn note_author() -> Weight;
    /// Weight of `new_session`.
    ///
    /// `n` was measured from 1 to 200.
    fn new_session(n: u32) -> Weight;
    /// Weight of `reward_round`.
    fn reward_round() -> Weight;
    /// Weight of `slash`.
    fn slash() -> Weight;
}

/// Weights with the database costs of the runtime `T`.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    /// Storage: `Registration::Hotkeys` (r:1 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Session::NextKeys` (r:1 w:0)
    /// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:1)
    /// Proof: `Delegation::Ranked` (`max_values`: Some(1), `max_size`: Some(9618), added: 10113, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::CurrentState` (r:1 w:0)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:1 w:1)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Rounds` (r:1 w:1)
    /// Proof: `Delegation::Rounds` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Stakers` (r:1 w:1)
    /// Proof: `Delegation::Stakers` (`max_values`: None, `max_size`: Some(2867), added: 5342, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Cohorts` (r:1 w:1)
    /// Proof: `Delegation::Cohorts` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:1 w:1)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:1 w:1)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::BalancesOnHold` (r:1 w:1)
    /// Proof: `AssetsHolder::BalancesOnHold` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::Holds` (r:1 w:1)
    /// Proof: `AssetsHolder::Holds` (`max_values`: None, `max_size`: Some(141), added: 2616, mode: `MaxEncodedLen`)
    fn join() -> Weight {
        // Proof size in bytes, measured: `17118`.
        // Shortest run: 456_489_000 picoseconds.
        Weight::from_parts(531_481_000, 20583)
            .saturating_add(T::DbWeight::get().reads(13_u64))
            .saturating_add(T::DbWeight::get().writes(9_u64))
    }

    /// Storage: `Delegation::ValidatorRecords` (r:1 w:0)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:1)
    /// Proof: `Delegation::Ranked` (`max_values`: Some(1), `max_size`: Some(9618), added: 10113, mode: `MaxEncodedLen`)
    fn leave() -> Weight {
        // Proof size in bytes, measured: `10864`.
        // Shortest run: 95_202_000 picoseconds.
        Weight::from_parts(133_268_000, 11103)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(1_u64))
    }

    /// Storage: `Delegation::Ranked` (r:1 w:1)
    /// Proof: `Delegation::Ranked` (`max_values`: Some(1), `max_size`: Some(9618), added: 10113, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::CurrentState` (r:1 w:0)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:1 w:1)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Rounds` (r:1 w:1)
    /// Proof: `Delegation::Rounds` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Stakers` (r:1 w:1)
    /// Proof: `Delegation::Stakers` (`max_values`: None, `max_size`: Some(2867), added: 5342, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Cohorts` (r:1 w:2)
    /// Proof: `Delegation::Cohorts` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:1 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:1 w:1)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:1 w:1)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::BalancesOnHold` (r:1 w:1)
    /// Proof: `AssetsHolder::BalancesOnHold` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::Holds` (r:1 w:1)
    /// Proof: `AssetsHolder::Holds` (`max_values`: None, `max_size`: Some(141), added: 2616, mode: `MaxEncodedLen`)
    fn stake() -> Weight {
        // Proof size in bytes, measured: `16041`.
        // Shortest run: 313_707_000 picoseconds.
        Weight::from_parts(375_469_000, 11103)
            .saturating_add(T::DbWeight::get().reads(12_u64))
            .saturating_add(T::DbWeight::get().writes(10_u64))
    }

    /// Storage: `Delegation::CurrentState` (r:1 w:1)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:1 w:1)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Rounds` (r:1 w:1)
    /// Proof: `Delegation::Rounds` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Stakers` (r:1 w:1)
    /// Proof: `Delegation::Stakers` (`max_values`: None, `max_size`: Some(2867), added: 5342, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:1)
    /// Proof: `Delegation::Ranked` (`max_values`: Some(1), `max_size`: Some(9618), added: 10113, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Cohorts` (r:1 w:2)
    /// Proof: `Delegation::Cohorts` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `Governance::Votes` (r:1 w:0)
    /// Proof: `Governance::Votes` (`max_values`: None, `max_size`: Some(977), added: 3452, mode: `MaxEncodedLen`)
    /// Storage: `Referenda::ReferendumInfoFor` (r:32 w:0)
    /// Proof: `Referenda::ReferendumInfoFor` (`max_values`: None, `max_size`: Some(350), added: 2825, mode: `MaxEncodedLen`)
    fn unstake() -> Weight {
        // Proof size in bytes, measured: `15767`.
        // Shortest run: 444_261_000 picoseconds.
        Weight::from_parts(744_868_000, 91390)
            .saturating_add(T::DbWeight::get().reads(40_u64))
            .saturating_add(T::DbWeight::get().writes(7_u64))
    }

    /// Storage: `Delegation::Stakers` (r:1 w:1)
    /// Proof: `Delegation::Stakers` (`max_values`: None, `max_size`: Some(2867), added: 5342, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:16 w:16)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:0)
    /// Proof: `Delegation::Ranked` (`max_values`: Some(1), `max_size`: Some(9618), added: 10113, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:1 w:1)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:1 w:1)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::Holds` (r:1 w:1)
    /// Proof: `AssetsHolder::Holds` (`max_values`: None, `max_size`: Some(141), added: 2616, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::BalancesOnHold` (r:1 w:1)
    /// Proof: `AssetsHolder::BalancesOnHold` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
    fn withdraw(u: u32) -> Weight {
        // Proof size in bytes, measured: `1941 + u * (139 ±0)`.
        // Shortest run: 118_366_000 picoseconds.
        Weight::from_parts(135_028_399, 11103)
            // Standard error: 524_728.
            .saturating_add(Weight::from_parts(18_035_552, 0).saturating_mul(u.into()))
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().reads((1_u64).saturating_mul(u.into())))
            .saturating_add(T::DbWeight::get().writes(5_u64))
            .saturating_add(T::DbWeight::get().writes((1_u64).saturating_mul(u.into())))
            .saturating_add(Weight::from_parts(0, 2703).saturating_mul(u.into()))
    }

    /// Storage: `Delegation::Stakers` (r:1 w:1)
    /// Proof: `Delegation::Stakers` (`max_values`: None, `max_size`: Some(2867), added: 5342, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:1 w:0)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Rounds` (r:1 w:0)
    /// Proof: `Delegation::Rounds` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Cohorts` (r:1 w:1)
    /// Proof: `Delegation::Cohorts` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    fn claim() -> Weight {
        // Proof size in bytes, measured: `3391`.
        // Shortest run: 221_509_000 picoseconds.
        Weight::from_parts(283_331_000, 6332)
            .saturating_add(T::DbWeight::get().reads(5_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }

    /// Storage: `Delegation::CurrentState` (r:1 w:0)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:1 w:1)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Rounds` (r:1 w:1)
    /// Proof: `Delegation::Rounds` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Cohorts` (r:0 w:1)
    /// Proof: `Delegation::Cohorts` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    fn set_commission() -> Weight {
        // Proof size in bytes, measured: `1718`.
        // Shortest run: 111_256_000 picoseconds.
        Weight::from_parts(168_320_000, 3693)
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }

    /// Storage: `Delegation::CurrentState` (r:1 w:0)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:1 w:1)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Rounds` (r:1 w:1)
    /// Proof: `Delegation::Rounds` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:0)
    /// Proof: `Delegation::Ranked` (`max_values`: Some(1), `max_size`: Some(9618), added: 10113, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:2 w:2)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Cohorts` (r:0 w:1)
    /// Proof: `Delegation::Cohorts` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    fn claim_commission() -> Weight {
        // Proof size in bytes, measured: `12233`.
        // Shortest run: 211_284_000 picoseconds.
        Weight::from_parts(299_246_000, 11103)
            .saturating_add(T::DbWeight::get().reads(6_u64))
            .saturating_add(T::DbWeight::get().writes(5_u64))
    }

    /// Storage: `Delegation::ValidatorRecords` (r:1 w:1)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::CurrentState` (r:1 w:1)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Rounds` (r:1 w:1)
    /// Proof: `Delegation::Rounds` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Cohorts` (r:0 w:1)
    /// Proof: `Delegation::Cohorts` (`max_values`: None, `max_size`: Some(96), added: 2571, mode: `MaxEncodedLen`)
    fn note_author() -> Weight {
        // Proof size in bytes, measured: `1442`.
        // Shortest run: 92_457_000 picoseconds.
        Weight::from_parts(112_798_000, 3693)
            .saturating_add(T::DbWeight::get().reads(3_u64))
            .saturating_add(T::DbWeight::get().writes(4_u64))
    }

    /// Storage: `Delegation::CurrentState` (r:1 w:1)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:0)
    /// Proof: `Delegation::Ranked` (`max_values`: Some(1), `max_size`: Some(9618), added: 10113, mode: `MaxEncodedLen`)
    /// Storage: `Session::NextKeys` (r:200 w:0)
    /// Proof: `Session::NextKeys` (`max_values`: None, `max_size`: None, mode: `Measured`)
    /// Storage: `Delegation::ValidatorRecords` (r:200 w:0)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Registration::Hotkeys` (r:200 w:0)
    /// Proof: `Registration::Hotkeys` (`max_values`: None, `max_size`: Some(1136), added: 3611, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Elected` (r:1 w:1)
    /// Proof: `Delegation::Elected` (`max_values`: Some(1), `max_size`: Some(3202), added: 3697, mode: `MaxEncodedLen`)
    fn new_session(n: u32) -> Weight {
        // Proof size in bytes, measured: `1163 + n * (356 ±0)`.
        // Shortest run: 58_277_000 picoseconds.
        Weight::from_parts(60_150_000, 11103)
            // Standard error: 404_034.
            .saturating_add(Weight::from_parts(25_753_364, 0).saturating_mul(n.into()))
            .saturating_add(T::DbWeight::get().reads(4_u64))
            .saturating_add(T::DbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(T::DbWeight::get().writes(2_u64))
            .saturating_add(Weight::from_parts(0, 3611).saturating_mul(n.into()))
    }

    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::CurrentState` (r:1 w:1)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Rounds` (r:0 w:1)
    /// Proof: `Delegation::Rounds` (`max_values`: None, `max_size`: Some(76), added: 2551, mode: `MaxEncodedLen`)
    fn reward_round() -> Weight {
        // Proof size in bytes, measured: `423`.
        // Shortest run: 43_966_000 picoseconds.
        Weight::from_parts(49_263_000, 3593)
            .saturating_add(T::DbWeight::get().reads(2_u64))
            .saturating_add(T::DbWeight::get().writes(3_u64))
    }

    /// Storage: `Delegation::CurrentState` (r:1 w:1)
    /// Proof: `Delegation::CurrentState` (`max_values`: Some(1), `max_size`: Some(40), added: 535, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::ValidatorRecords` (r:1 w:1)
    /// Proof: `Delegation::ValidatorRecords` (`max_values`: None, `max_size`: Some(228), added: 2703, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Stakers` (r:1 w:1)
    /// Proof: `Delegation::Stakers` (`max_values`: None, `max_size`: Some(2867), added: 5342, mode: `MaxEncodedLen`)
    /// Storage: `Delegation::Ranked` (r:1 w:1)
    /// Proof: `Delegation::Ranked` (`max_values`: Some(1), `max_size`: Some(9618), added: 10113, mode: `MaxEncodedLen`)
    /// Storage: `Parameters::Parameters` (r:1 w:0)
    /// Proof: `Parameters::Parameters` (`max_values`: None, `max_size`: Some(132), added: 2607, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::Holds` (r:1 w:1)
    /// Proof: `AssetsHolder::Holds` (`max_values`: None, `max_size`: Some(141), added: 2616, mode: `MaxEncodedLen`)
    /// Storage: `AssetsHolder::BalancesOnHold` (r:1 w:1)
    /// Proof: `AssetsHolder::BalancesOnHold` (`max_values`: None, `max_size`: Some(84), added: 2559, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Asset` (r:1 w:1)
    /// Proof: `Assets::Asset` (`max_values`: None, `max_size`: Some(210), added: 2685, mode: `MaxEncodedLen`)
    /// Storage: `Assets::Account` (r:1 w:1)
    /// Proof: `Assets::Account` (`max_values`: None, `max_size`: Some(134), added: 2609, mode: `MaxEncodedLen`)
    /// Storage: `System::Account` (r:1 w:1)
    /// Proof: `System::Account` (`max_values`: None, `max_size`: Some(128), added: 2603, mode: `MaxEncodedLen`)
    /// Storage: `Governance::Votes` (r:1 w:1)
    /// Proof: `Governance::Votes` (`max_values`: None, `max_size`: Some(977), added: 3452, mode: `MaxEncodedLen`)
    /// Storage: `Buyback::Ledgers` (r:1 w:1)
    /// Proof: `Buyback::Ledgers` (`max_values`: None, `max_size`: Some(85), added: 2560, mode: `MaxEncodedLen`)
    fn slash() -> Weight {
        // Proof size in bytes, measured: `18215`.
        // Shortest run: 289_350_000 picoseconds.
        Weight::from_parts(320_016_000, 11103)
            .saturating_add(T::DbWeight::get().reads(12_u64))
            .saturating_add(T::DbWeight::get().writes(11_u64))
    }
}

impl WeightInfo for () {
    fn join() -> Weight {
        Weight::from_parts(531_481_000, 20583)
            .saturating_add(ParityDbWeight::get().reads(13_u64))
            .saturating_add(ParityDbWeight::get().writes(9_u64))
    }

    fn leave() -> Weight {
        Weight::from_parts(133_268_000, 11103)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(1_u64))
    }

    fn stake() -> Weight {
        Weight::from_parts(375_469_000, 11103)
            .saturating_add(ParityDbWeight::get().reads(12_u64))
            .saturating_add(ParityDbWeight::get().writes(10_u64))
    }

    fn unstake() -> Weight {
        Weight::from_parts(744_868_000, 91390)
            .saturating_add(ParityDbWeight::get().reads(40_u64))
            .saturating_add(ParityDbWeight::get().writes(7_u64))
    }

    fn withdraw(u: u32) -> Weight {
        Weight::from_parts(135_028_399, 11103)
            .saturating_add(Weight::from_parts(18_035_552, 0).saturating_mul(u.into()))
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().reads((1_u64).saturating_mul(u.into())))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
            .saturating_add(ParityDbWeight::get().writes((1_u64).saturating_mul(u.into())))
            .saturating_add(Weight::from_parts(0, 2703).saturating_mul(u.into()))
    }

    fn claim() -> Weight {
        Weight::from_parts(283_331_000, 6332)
            .saturating_add(ParityDbWeight::get().reads(5_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn set_commission() -> Weight {
        Weight::from_parts(168_320_000, 3693)
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn claim_commission() -> Weight {
        Weight::from_parts(299_246_000, 11103)
            .saturating_add(ParityDbWeight::get().reads(6_u64))
            .saturating_add(ParityDbWeight::get().writes(5_u64))
    }

    fn note_author() -> Weight {
        Weight::from_parts(112_798_000, 3693)
            .saturating_add(ParityDbWeight::get().reads(3_u64))
            .saturating_add(ParityDbWeight::get().writes(4_u64))
    }

    fn new_session(n: u32) -> Weight {
        Weight::from_parts(60_150_000, 11103)
            .saturating_add(Weight::from_parts(25_753_364, 0).saturating_mul(n.into()))
            .saturating_add(ParityDbWeight::get().reads(4_u64))
            .saturating_add(ParityDbWeight::get().reads((3_u64).saturating_mul(n.into())))
            .saturating_add(ParityDbWeight::get().writes(2_u64))
            .saturating_add(Weight::from_parts(0, 3611).saturating_mul(n.into()))
    }

    fn reward_round() -> Weight {
        Weight::from_parts(49_263_000, 3593)
            .saturating_add(ParityDbWeight::get().reads(2_u64))
            .saturating_add(ParityDbWeight::get().writes(3_u64))
    }

    fn slash() -> Weight {
        Weight::from_parts(320_016_000, 11103)
            .saturating_add(ParityDbWeight::get().reads(12_u64))
            .saturating_add(ParityDbWeight::get().writes(11_u64))
    }
}
