// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Miners by the million, written straight into the state.

use crate::Size;
use ni_runtime::{AccountId, Runtime};
use pallet_delegation::Stakers;
use pallet_emission::Results;
use pallet_proof_of_gpu::{Commit, CurrentWindow, Gpus};
use pallet_registration::{Hotkeys, Markets, Role};
use sp_runtime::traits::{BlakeTwo256, Hash};

/// One of the crowd.
fn member(number: u32) -> AccountId {
    AccountId::new(BlakeTwo256::hash_of(&(b"crowd", number)).0)
}

/// Registers the crowd, each like `model`, a miner with a verified result.
///
/// # Panics
///
/// When the model is none.
pub(crate) fn register(size: Size, model: &AccountId) {
    let registration = Hotkeys::<Runtime>::get(model).expect("the model is registered");
    let state = Gpus::<Runtime>::get(model, 0).expect("the model has committed");
    let result = Results::<Runtime>::get(model, 0).expect("the model has a result");
    // Not by a reference at a time: each would leave an event.
    let account = frame_system::Account::<Runtime>::get(model);
    for number in 0..size.miners {
        let hotkey = member(number);
        frame_system::Account::<Runtime>::insert(&hotkey, &account);
        Hotkeys::<Runtime>::insert(&hotkey, &registration);
        Gpus::<Runtime>::insert(&hotkey, 0, &state);
        Results::<Runtime>::insert(&hotkey, 0, &result);
    }
    Markets::<Runtime>::mutate(Role::Miner, |market| {
        if let Some(market) = market {
            market.slots += size.miners * registration.slots();
        }
    });
}

/// Gives each of the crowd what `model` has staked.
pub(crate) fn stake(size: Size, model: &AccountId) {
    let staker = Stakers::<Runtime>::get(model);
    for number in 0..size.miners {
        Stakers::<Runtime>::insert(member(number), &staker);
    }
}

/// Lets part of the crowd commit to the running window.
///
/// # Panics
///
/// When no window is going on.
pub(crate) fn commit(size: Size) {
    let mut window = CurrentWindow::<Runtime>::get().expect("a window is going on");
    for number in 0..size.commits {
        Gpus::<Runtime>::mutate(member(number), 0, |state| {
            if let Some(state) = state {
                state.commit = Some(Commit {
                    window: window.id,
                    rounds: 100,
                    root: [number.to_le_bytes()[0]; 32],
                    walk: None,
                    resolved: false,
                    bond: 0,
                });
            }
        });
    }
    window.commits += size.commits;
    CurrentWindow::<Runtime>::put(window);
}
