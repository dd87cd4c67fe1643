// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! NI that changes hands, and NI that is burned.

use super::Operation;
use crate::World;
use ni_runtime::{AccountId, Balances, EXISTENTIAL_DEPOSIT, NI, Supply};
use pallet_balances::Call as BalancesCall;
use pallet_supply::Call as SupplyCall;

/// What happens to balances.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "transfer",
        weight: 20,
        run: transfer,
    },
    Operation {
        name: "transfer that leaves dust",
        weight: 6,
        run: leave_dust,
    },
    Operation {
        name: "burn",
        weight: 8,
        run: burn,
    },
];

/// Accounts that come and go.
fn passer_by(world: &mut World) -> AccountId {
    AccountId::new([0x70 + u8::try_from(world.rng.below(4)).unwrap_or(0); 32])
}

fn transfer(world: &mut World) -> bool {
    let from = world.any_owner();
    let to = match world.rng.below(8) {
        0 => Supply::pool_account(),
        1 => world.any_hotkey().account,
        2 => passer_by(world),
        _ => world.any_owner().account,
    };
    let free = Balances::free_balance(&from.account);
    let value = match world.rng.below(8) {
        // What nobody has, and what no account can begin with.
        0 => free + 1 + world.rng.below(NI),
        1 => world.rng.below(EXISTENTIAL_DEPOSIT),
        _ => EXISTENTIAL_DEPOSIT + world.rng.below((free / 50).max(1)),
    };
    let dest = to.into();
    match world.rng.below(3) {
        0 => world.call(&from, BalancesCall::transfer_allow_death { dest, value }),
        _ => world.call(&from, BalancesCall::transfer_keep_alive { dest, value }),
    };
    true
}

/// An account is opened, and emptied but for less than the minimum balance.
fn leave_dust(world: &mut World) -> bool {
    let owner = world.any_owner();
    let hotkey = world.any_hotkey();
    if ni_runtime::System::providers(&hotkey.account) > 0 {
        return false;
    }
    let opened = world.call(
        &owner,
        BalancesCall::transfer_keep_alive {
            dest: hotkey.account.clone().into(),
            value: 3 * EXISTENTIAL_DEPOSIT,
        },
    );
    let dust = 1 + world.rng.below(EXISTENTIAL_DEPOSIT - 1);
    if opened {
        world.call(
            &hotkey,
            BalancesCall::transfer_allow_death {
                dest: owner.account.into(),
                value: 3 * EXISTENTIAL_DEPOSIT - dust,
            },
        );
    }
    true
}

fn burn(world: &mut World) -> bool {
    let who = world.any_owner();
    let free = Balances::free_balance(&who.account);
    let amount = match world.rng.below(8) {
        0 => 0,
        1 => free,
        _ => 1 + world.rng.below(free / 1_000),
    };
    world.call(&who, SupplyCall::burn { amount });
    true
}
