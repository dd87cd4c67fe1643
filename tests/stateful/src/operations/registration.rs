// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Leases and bonds.

use super::{Operation, settings};
use crate::{Actor, World};
use ni_runtime::{AccountId, NI, ProofOfGpu, Runtime, System};
use pallet_registration::{Call, Hotkeys, Pallet, Registration, Role};

/// What happens to registrations.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "register",
        weight: 14,
        run: register,
    },
    Operation {
        name: "renew",
        weight: 10,
        run: renew,
    },
    Operation {
        name: "top up",
        weight: 14,
        run: top_up,
    },
    Operation {
        name: "shrink",
        weight: 4,
        run: shrink,
    },
    Operation {
        name: "leave",
        weight: 3,
        run: leave,
    },
    Operation {
        name: "withdraw",
        weight: 12,
        run: withdraw,
    },
];

type Registered = (AccountId, Registration<Runtime>);

/// One of the registered hotkeys that `which` picks.
fn registered(
    world: &mut World,
    which: impl Fn(&Registration<Runtime>) -> bool,
) -> Option<Registered> {
    let all: Vec<Registered> = Hotkeys::<Runtime>::iter()
        .filter(|(_, registration)| which(registration))
        .collect();
    world.rng.pick(&all).cloned()
}

/// As a rule the owner, sometimes another.
fn owner_or_other(world: &mut World, registration: &Registration<Runtime>) -> Actor {
    if world.rng.percent(6) {
        return world.any_owner();
    }
    match world.actor(&registration.owner) {
        Some(owner) => owner,
        None => world.any_owner(),
    }
}

fn register(world: &mut World) -> bool {
    let owner = world.any_owner();
    let free: Vec<Actor> = world
        .hotkeys
        .iter()
        .filter(|hotkey| !Hotkeys::<Runtime>::contains_key(&hotkey.account))
        .cloned()
        .collect();
    let picked = world.rng.pick(&free).cloned();
    let hotkey = match picked {
        Some(hotkey) if !world.rng.percent(6) => hotkey,
        // All are registered: one more try is one too many.
        None if !world.rng.percent(4) => return false,
        _ => world.any_hotkey(),
    };
    let role = if world.rng.percent(15) {
        Role::Validator
    } else {
        Role::Miner
    };
    let slots = match (role, world.rng.below(20)) {
        (_, 0) => 0,
        (_, 1) => 1_000,
        (Role::Validator, _) => 1,
        (Role::Miner, _) => world.rng.within(1, 3),
    };
    let quote = Pallet::<Runtime>::quote(role, slots).unwrap_or(NI);
    let max_price = match world.rng.below(20) {
        0 => quote.saturating_sub(1),
        1..=9 => quote,
        _ => 2 * quote,
    };
    world.call(
        &owner,
        Call::register {
            hotkey: hotkey.account,
            role,
            slots,
            max_price,
        },
    );
    true
}

fn renew(world: &mut World) -> bool {
    let now = System::block_number();
    let term = settings::registration().term;
    let eager = world.rng.percent(8);
    let soon = registered(world, |registration| {
        eager || registration.staying() > 0 && registration.expires_at <= now + term / 2
    });
    let Some((hotkey, registration)) = soon else {
        return false;
    };
    let owner = owner_or_other(world, &registration);
    let price = Pallet::<Runtime>::price(registration.role).unwrap_or(NI);
    let max_price = match world.rng.below(20) {
        0 => price.saturating_sub(1),
        _ => price * u128::from(registration.staying().max(1)),
    };
    let renewed = world.call(&owner, Call::renew { hotkey, max_price });
    if renewed && registration.expires_at <= now {
        world.report.reach("a lapsed lease is begun anew");
    }
    true
}

fn top_up(world: &mut World) -> bool {
    let any = world.rng.percent(4);
    let below = registered(world, |registration| {
        registration.role == Role::Miner
            && (any || (0..registration.staying()).any(|gpu| lacks(registration, gpu)))
    });
    let Some((hotkey, registration)) = below else {
        return false;
    };
    let lacking: Vec<u32> = (0..registration.staying())
        .filter(|gpu| lacks(&registration, *gpu))
        .collect();
    let gpu = match world.rng.pick(&lacking).copied() {
        Some(gpu) => gpu,
        None => world.rng.within(0, 4),
    };
    let owner = owner_or_other(world, &registration);
    world.call(&owner, Call::top_up { hotkey, gpu });
    true
}

fn lacks(registration: &Registration<Runtime>, gpu: u32) -> bool {
    registration
        .bond_of(gpu)
        .is_some_and(|bond| bond < registration.bond)
}

fn shrink(world: &mut World) -> bool {
    let any = world.rng.percent(15);
    let Some((hotkey, registration)) =
        registered(world, |registration| any || registration.staying() > 1)
    else {
        return false;
    };
    let owner = owner_or_other(world, &registration);
    let keep = if any {
        world.rng.within(0, 4)
    } else {
        world.rng.within(1, registration.staying() - 1)
    };
    world.call(&owner, Call::shrink { hotkey, keep });
    true
}

fn leave(world: &mut World) -> bool {
    let any = world.rng.percent(15);
    let Some((hotkey, registration)) =
        registered(world, |registration| any || registration.staying() > 0)
    else {
        return false;
    };
    let owner = owner_or_other(world, &registration);
    world.call(&owner, Call::leave { hotkey });
    true
}

fn withdraw(world: &mut World) -> bool {
    let now = System::block_number();
    let terms = settings::registration();
    let (cool_down, term) = (terms.cool_down, terms.term);
    let eager = world.rng.percent(6);
    let prompt = world.rng.percent(20);
    let over = |registration: &Registration<Runtime>| now >= registration.expires_at + cool_down;
    let forgotten =
        |registration: &Registration<Runtime>| now >= registration.expires_at + cool_down + term;
    let due = registered(world, |registration| {
        eager
            || forgotten(registration)
            || prompt && over(registration)
            || registration
                .departure
                .is_some_and(|departure| departure.at <= now)
    });
    let Some((hotkey, registration)) = due else {
        return false;
    };
    // A commit that is called and never reported keeps the bond where it is.
    let keep = match registration.departure {
        Some(departure) if !over(&registration) => departure.keep,
        _ => 0,
    };
    let held = (keep..registration.slots()).any(|gpu| !ProofOfGpu::may_leave(&hotkey, gpu));
    if held && !world.rng.percent(10) {
        return false;
    }
    let who = if forgotten(&registration) {
        world.any_owner()
    } else {
        owner_or_other(world, &registration)
    };
    let withdrawn = world.call(&who, Call::withdraw { hotkey });
    if withdrawn && who.account != registration.owner {
        world.report.reach("a forgotten hotkey is freed by another");
    }
    true
}
