// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Where amounts move: fees, bonds and slashes. And what other pallets ask.

use crate::{
    BalanceOf, Config, CreditOf, Error, Event, HoldReason, Hotkeys, Leaving, Pallet, Registration,
    WeightInfo, usize_of,
};
use frame_support::{
    ensure,
    traits::{
        Imbalance, OnUnbalanced,
        fungible::{Balanced, BalancedHold, MutateHold},
        tokens::{Fortitude, Precision, Preservation},
    },
    weights::Weight,
};
use sp_runtime::{
    ArithmeticError, DispatchError, DispatchResult, Perbill,
    traits::{CheckedAdd, CheckedSub, Zero},
};

/// The largest part of a slash a reporter gets. More would make it worth while to
/// report oneself.
pub const MAX_BOUNTY: Perbill = Perbill::from_percent(10);

impl<T: Config> Pallet<T> {
    /// Who owns the hotkey, and is paid what it earns.
    pub fn owner_of(hotkey: &T::AccountId) -> Option<T::AccountId> {
        Hotkeys::<T>::get(hotkey).map(|registration| registration.owner)
    }

    /// Who owns the hotkey, if it is registered as a validator, its lease runs and it
    /// is not leaving. One read.
    pub fn validator_owner(hotkey: &T::AccountId) -> Option<T::AccountId> {
        Hotkeys::<T>::get(hotkey)
            .filter(|registration| registration.can_validate(Self::now()))
            .map(|registration| registration.owner)
    }

    /// Whether the GPU may prove now: its hotkey is registered as a miner, the lease
    /// runs, the slot exists and is not leaving, and its bond is at least what was
    /// required when it was last registered or renewed.
    pub fn can_prove(hotkey: &T::AccountId, gpu: u32) -> bool {
        Hotkeys::<T>::get(hotkey)
            .is_some_and(|registration| registration.can_prove(gpu, Self::now()))
    }

    /// What is on hold for the GPU; zero for one that is not registered.
    pub fn bond_of(hotkey: &T::AccountId, gpu: u32) -> BalanceOf<T> {
        Hotkeys::<T>::get(hotkey)
            .and_then(|registration| registration.bond_of(gpu))
            .unwrap_or_else(Zero::zero)
    }

    /// Take `share` of the GPU's bond, rounded up, give the reporter the bounty's
    /// part of it, at most [`MAX_BOUNTY`] and rounded down, and send the rest to
    /// [`Config::Slashes`]. Returns what was taken in all.
    ///
    /// Lapsed and leaving slots are slashed like others. Nothing is taken, and zero
    /// returned, when there is no bond. A reporter whose account cannot take the
    /// bounty gets none.
    pub fn slash(
        hotkey: &T::AccountId,
        gpu: u32,
        share: Perbill,
        bounty: Option<(&T::AccountId, Perbill)>,
    ) -> BalanceOf<T> {
        let Some(mut registration) = Hotkeys::<T>::get(hotkey) else {
            return Zero::zero();
        };
        let owner = registration.owner.clone();
        let Some(bond) = usize_of(gpu)
            .ok()
            .and_then(|gpu| registration.bonds.get_mut(gpu))
        else {
            return Zero::zero();
        };
        // By invariant 1 at least the bond is on hold, so all of the share is taken;
        // what is written down is what was.
        let (mut credit, _) =
            T::Currency::slash(&HoldReason::Bond.into(), &owner, share.mul_ceil(*bond));
        let amount = credit.peek();
        if amount.is_zero() {
            return amount;
        }
        *bond = bond.checked_sub(&amount).unwrap_or_else(Zero::zero);
        Hotkeys::<T>::insert(hotkey, registration);

        let mut paid = BalanceOf::<T>::zero();
        if let Some((reporter, part)) = bounty {
            let reward = credit.extract(part.min(MAX_BOUNTY).mul_floor(amount));
            paid = reward.peek();
            if let Err(refused) = T::Currency::resolve(reporter, reward) {
                paid = Zero::zero();
                credit.subsume(refused);
            }
        }
        T::Slashes::on_unbalanced(credit);
        Self::deposit_event(Event::Slashed {
            hotkey: hotkey.clone(),
            gpu,
            amount,
            bounty: paid,
        });
        amount
    }

    /// Take the fee, to the last unit. The owner's account is kept alive.
    pub(crate) fn pay(owner: &T::AccountId, fee: BalanceOf<T>) -> DispatchResult {
        let credit: CreditOf<T> = T::Currency::withdraw(
            owner,
            fee,
            Precision::Exact,
            Preservation::Preserve,
            Fortitude::Polite,
        )?;
        T::Fees::on_unbalanced(credit);
        Ok(())
    }

    /// Add to what is held of the owner's balance.
    pub(crate) fn hold(owner: &T::AccountId, amount: BalanceOf<T>) -> DispatchResult {
        if amount.is_zero() {
            return Ok(());
        }
        T::Currency::hold(&HoldReason::Bond.into(), owner, amount)
    }

    /// What the withdrawal of so many slots weighs, with what their leaving does elsewhere.
    pub(crate) fn withdraw_weight(slots: u32) -> Weight {
        // Saturated, it would be too heavy.
        <T as Config>::WeightInfo::withdraw(slots)
            .saturating_add(T::Leaving::weight().saturating_mul(slots.into()))
    }

    /// Let the GPUs from `keep` on go and return their bonds to the owner. The loop
    /// runs at most `MaxSlots` times.
    pub(crate) fn unbond(
        hotkey: &T::AccountId,
        registration: &mut Registration<T>,
        keep: u32,
    ) -> Result<BalanceOf<T>, DispatchError> {
        let mut returned = BalanceOf::<T>::zero();
        for (gpu, bond) in (0..).zip(&registration.bonds).skip(usize_of(keep)?) {
            ensure!(T::Leaving::may_leave(hotkey, gpu), Error::<T>::Unresolved);
            T::Leaving::on_left(hotkey, gpu);
            returned = returned
                .checked_add(bond)
                .ok_or(ArithmeticError::Overflow)?;
        }
        registration.bonds.truncate(usize_of(keep)?);
        // Slashed to nothing, there is no hold left to release from.
        if !returned.is_zero() {
            T::Currency::release(
                &HoldReason::Bond.into(),
                &registration.owner,
                returned,
                Precision::Exact,
            )?;
        }
        Ok(returned)
    }
}
