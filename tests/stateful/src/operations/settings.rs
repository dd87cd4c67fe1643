// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Hyperparameters: those a run begins with, and changes of them.

use super::Operation;
use crate::World;
use frame_support::traits::Get;
use ni_runtime::{
    AccountId, Balance, NI, RuntimeCall, Settings, TAO_UNIT, USD_UNIT,
    configs::market::{TAO, USD},
    settings,
    settings::{
        DelegationParameters, EmissionParameters, RegistrationParameters, RuntimeParameters,
        WindowParameters, parameters,
    },
};
use pallet_governance::Origin;
use pallet_registration::PriceBounds;
use proof_of_gpu_primitives::Workload;
use sp_runtime::{FixedU128, Perbill, Permill, Perquintill};

/// What happens to hyperparameters.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "set window",
        weight: 3,
        run: set_window,
    },
    Operation {
        name: "set registration",
        weight: 3,
        run: set_registration,
    },
    Operation {
        name: "set emission",
        weight: 3,
        run: set_emission,
    },
    Operation {
        name: "set buyback",
        weight: 2,
        run: set_buyback,
    },
    Operation {
        name: "set delegation",
        weight: 2,
        run: set_delegation,
    },
];

/// Makes a call by the origin that a referendum would have, as if one had been won.
pub(super) fn govern(world: &mut World, origin: Origin, call: impl Into<RuntimeCall>) -> bool {
    world.dispatch(origin.into(), call.into())
}

/// The changes to the development preset: these accounts, with some TAO and dollars
/// besides, and slots so short that a software GPU reaches 1,000 MOPS by some forty of the
/// smallest rounds. `epoch` slots are an epoch, and so a session.
#[must_use]
pub fn genesis(balances: &[(AccountId, Balance)], epoch: u64) -> serde_json::Value {
    let assets: Vec<_> = balances
        .iter()
        .flat_map(|(who, _)| {
            [
                (TAO, who.clone(), 20_000 * TAO_UNIT),
                (USD, who.clone(), 50_000 * USD_UNIT),
            ]
        })
        .collect();
    serde_json::json!({
        "balances": { "balances": balances },
        "assets": { "accounts": assets },
        "settings": {
            "slotDuration": 2,
            "epochDuration": epoch,
            // Longer than an equivocation can be reported.
            "delegation": { "unbonding": 184 * epoch },
        },
    })
}

/// Puts the parameters in place that a run begins with.
///
/// # Panics
///
/// When they are refused.
pub fn begin() {
    set(WindowParameters {
        workload: Workload::new(64, 64, 64),
        samples: 3,
        walk: None,
        min_gap: 1,
        max_gap: 4,
        open_chance: Perbill::from_percent(40),
        work: 8,
        grace: 2,
        sampling: 8,
        reveal: 6,
        capacity: 6,
        slash_share: Perbill::from_percent(50),
        bounty_share: Perbill::from_percent(10),
    });
    set(RegistrationParameters {
        miner: PriceBounds {
            floor: NI / 10,
            ceiling: 1_000 * NI,
        },
        validator: PriceBounds {
            floor: NI,
            ceiling: 1_000 * NI,
        },
        bump: FixedU128::from_rational(126, 100),
        half_life: 40,
        slots_per_call: 4,
        term: 800,
        bond: 4_000 * NI,
        cool_down: 60,
    });
    set(EmissionParameters {
        base: 5_000 * NI,
        drip: Perquintill::from_rational(1u64, 2_000),
        max_round: 200,
        reference_weight: 40_000_000_000,
        stakers_share: Perbill::from_percent(50),
        day: 1_000,
        retired_below: Perbill::from_percent(5),
    });
    set(DelegationParameters {
        self_stake: 100 * TAO_UNIT,
        commission_interval: 20,
        ..parameters::Delegation::get()
    });
}

/// Sets one pallet's parameters.
fn set(parameters: impl Into<RuntimeParameters>) {
    Settings::begin_with(parameters.into()).expect("good parameters");
}

/// The parameters of the next window.
#[must_use]
pub fn window() -> WindowParameters {
    parameters::Window::get()
}

/// Changes parameters, which are good or bad ones.
fn change(world: &mut World, good: bool, parameters: impl Into<RuntimeParameters>) {
    let parameters = parameters.into();
    // A set that is guarded in part by the thresholds of new code, another by chance.
    let origin = match parameters {
        RuntimeParameters::Emission(_) | RuntimeParameters::Delegation(_) => Origin::Upgrade,
        _ if world.rng.percent(50) => Origin::Upgrade,
        _ => Origin::Parameters,
    };
    let changed = govern(world, origin, settings::Call::set { parameters });
    if good && changed {
        world.report.reach("parameters change");
    }
    if !good && !changed {
        world.report.reach("bad parameters are refused");
    }
}

fn set_window(world: &mut World) -> bool {
    let mut parameters = window();
    let rng = &mut world.rng;
    match rng.below(5) {
        0 => parameters.samples = rng.within(1, 5),
        1 => {
            parameters.min_gap = rng.within(0, 3);
            parameters.max_gap = parameters.min_gap + rng.within(0, 4);
        }
        2 => parameters.capacity = rng.within(2, 20),
        3 => {
            parameters.grace = rng.within(1, 2);
            parameters.work = 4 * parameters.grace + rng.within(0, 4);
            parameters.reveal = rng.within(3, 8);
        }
        _ => {
            parameters.slash_share = Perbill::from_percent(rng.within(1, 100));
            parameters.bounty_share = Perbill::from_percent(rng.within(0, 10));
        }
    }
    let good = !rng.percent(20);
    if !good {
        match rng.below(5) {
            0 => parameters.samples = 1_000,
            1 => parameters.min_gap = parameters.max_gap + 1,
            2 => parameters.capacity = 0,
            3 => parameters.sampling = 7,
            _ => parameters.max_gap = 1_000,
        }
    }
    change(world, good, parameters);
    true
}

fn set_registration(world: &mut World) -> bool {
    let mut parameters = parameters::Registration::get();
    let rng = &mut world.rng;
    match rng.below(4) {
        0 => parameters.half_life = rng.within(10, 100),
        1 => parameters.bond = (1 + rng.below(8_000)) * NI,
        2 => parameters.term = rng.within(400, 1_200),
        _ => {
            parameters.miner.floor = 1 + rng.below(NI);
            parameters.slots_per_call = rng.within(2, 6);
        }
    }
    let good = !rng.percent(20);
    if !good {
        match rng.below(4) {
            0 => parameters.miner.floor = parameters.miner.ceiling + 1,
            1 => parameters.half_life = 0,
            2 => parameters.bond = 0,
            _ => parameters.cool_down = 3,
        }
    }
    change(world, good, parameters);
    true
}

fn set_emission(world: &mut World) -> bool {
    let mut parameters = parameters::Emission::get();
    let rng = &mut world.rng;
    match rng.below(4) {
        0 => {
            let base = parameters.base;
            parameters.base = 2 * base / 3 + 1 + rng.below(5 * base / 6);
        }
        1 => parameters.drip = Perquintill::from_rational(1u64, u64::from(rng.within(20, 20_000))),
        2 => parameters.stakers_share = Perbill::from_percent(rng.within(0, 90)),
        _ => {
            let reference = parameters.reference_weight;
            parameters.reference_weight = reference / 2 + 1 + rng.below(3 * reference / 2);
        }
    }
    let good = !rng.percent(20);
    if !good {
        match rng.below(3) {
            0 => parameters.max_round = 0,
            1 => parameters.reference_weight = 0,
            _ => parameters.day = parameters.max_round - 1,
        }
    }
    change(world, good, parameters);
    true
}

/// What registering is asked for now.
#[must_use]
pub fn registration() -> RegistrationParameters {
    parameters::Registration::get()
}

fn set_buyback(world: &mut World) -> bool {
    let mut parameters = parameters::Buyback::get();
    let rng = &mut world.rng;
    match rng.below(4) {
        0 => parameters.period = rng.within(3, 20),
        1 => parameters.pace = Perbill::from_percent(rng.within(5, 100)),
        2 => parameters.tolerance = Perbill::from_percent(rng.within(1, 10)),
        _ => parameters.depth_limit = Permill::from_parts(rng.within(100, 3_000)),
    }
    let good = !rng.percent(20);
    if !good {
        match rng.below(3) {
            0 => parameters.period = 0,
            1 => parameters.pace = Perbill::zero(),
            _ => parameters.depth_limit = Permill::from_parts(3_001),
        }
    }
    change(world, good, parameters);
    true
}

fn set_delegation(world: &mut World) -> bool {
    let mut parameters = parameters::Delegation::get();
    let rng = &mut world.rng;
    match rng.below(4) {
        0 => parameters.validators = rng.within(1, 6),
        1 => parameters.commission_interval = rng.within(5, 60),
        2 => parameters.unbonding = rng.within(1_020, 1_400),
        _ => parameters.min_stake = (1 + rng.below(20)) * TAO_UNIT / 10,
    }
    let good = !rng.percent(20);
    if !good {
        match rng.below(3) {
            0 => parameters.validators = 0,
            1 => parameters.unbonding = 5,
            _ => parameters.min_stake = parameters.self_stake + 1,
        }
    }
    change(world, good, parameters);
    true
}
