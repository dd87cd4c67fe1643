// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Hyperparameters: who sets them, and what they have to fit.

use super::{
    consensus::AnswerableFor,
    market::LiquidityFee,
    proof::{MAX_SAMPLES, MAX_WALK_SAMPLES},
};
use crate::{
    Balance, Delegation, Emission, ProofOfGpu, Runtime, RuntimeEvent,
    settings::{self, RuntimeParameters, Surroundings, WindowParameters},
};
use pallet_governance::{EnsureParameters, EnsureUpgrade};
use sp_runtime::Permill;

impl pallet_parameters::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeParameters = RuntimeParameters;
    type AdminOrigin = settings::EnsureChecked;
    type WeightInfo = ();
}

impl settings::Config for Runtime {
    type ParametersOrigin = EnsureParameters;
    type UpgradeOrigin = EnsureUpgrade;
    type Surroundings = Neighbours;
    type WeightInfo = settings::weights::SubstrateWeight<Runtime>;
}

/// The pallets whose hyperparameters these are.
pub struct Neighbours;

impl Surroundings for Neighbours {
    fn answerable_for() -> u64 {
        AnswerableFor::get()
    }

    fn liquidity_fee() -> Permill {
        LiquidityFee::get()
    }

    fn max_samples() -> u32 {
        MAX_SAMPLES
    }

    fn max_walk_samples() -> u32 {
        MAX_WALK_SAMPLES
    }

    fn asks_for_memory() -> bool {
        Emission::asks_for_memory()
    }

    fn total_staked() -> Balance {
        Delegation::total_staked()
    }

    fn reveals_held(parameters: &WindowParameters, rounds: u32) -> u64 {
        ProofOfGpu::reveals_held(parameters, rounds)
    }
}
