// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The checks of the invariants of the crate's documentation.

use crate::{BalanceOf, Config, HoldReason, Hotkeys, Markets, Pallet, Role};
use alloc::collections::BTreeMap;
use frame_support::{
    ensure,
    traits::{Get, fungible::InspectHold},
};
use sp_runtime::{
    TryRuntimeError,
    traits::{CheckedAdd, Zero},
};

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the crate's documentation. Walks over every
    /// registration: for tests and `try-runtime` only.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let parameters = T::Parameters::get();
        ensure!(
            parameters.validate().is_ok(),
            "invariant 7: the parameters are invalid"
        );

        let mut bonds = BTreeMap::<T::AccountId, BalanceOf<T>>::new();
        let mut miners = 0u32;
        let mut validators = 0u32;
        for (hotkey, registration) in Hotkeys::<T>::iter() {
            let held = bonds
                .entry(registration.owner.clone())
                .or_insert_with(Zero::zero);
            for bond in &registration.bonds {
                *held = held
                    .checked_add(bond)
                    .ok_or("invariant 1: the bonds overflow")?;
            }
            ensure!(
                registration.bonds.is_empty() == (registration.role == Role::Validator),
                "invariant 2: a miner without bonds or a validator with some"
            );
            let count = match registration.role {
                Role::Miner => &mut miners,
                Role::Validator => &mut validators,
            };
            *count = count
                .checked_add(registration.slots())
                .ok_or("invariant 3: the slots overflow")?;
            ensure!(
                frame_system::Pallet::<T>::providers(&hotkey) > 0,
                "invariant 5: a registered hotkey has no provider reference"
            );
            ensure!(
                registration
                    .departure
                    .is_none_or(|departure| departure.keep < registration.slots()),
                "invariant 6: a departure keeps as many slots as there are"
            );
        }
        let held = |who: &T::AccountId| T::Currency::balance_on_hold(&HoldReason::Bond.into(), who);
        for (owner, bonds) in &bonds {
            ensure!(
                held(owner) == *bonds,
                "invariant 1: an owner's hold is not the sum of its bonds"
            );
        }
        for who in frame_system::Account::<T>::iter_keys() {
            ensure!(
                bonds.contains_key(&who) || held(&who).is_zero(),
                "invariant 1: a bond is held of who owns no hotkey"
            );
        }
        for (role, slots, bounds) in [
            (Role::Miner, miners, parameters.miner),
            (Role::Validator, validators, parameters.validator),
        ] {
            ensure!(
                Markets::<T>::get(role).map_or(0, |market| market.slots) == slots,
                "invariant 3: a role's count of slots is not the sum of its registrations"
            );
            let price =
                Self::price(role).ok_or("invariant 4: a market was last changed in the future")?;
            ensure!(
                bounds.floor <= price && price <= bounds.ceiling,
                "invariant 4: a price is not between its floor and its ceiling"
            );
        }
        Ok(())
    }
}
