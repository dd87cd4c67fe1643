// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What happens without a call: authors, sessions, rewards and offences.

use crate::{
    Balance, Config, CreditOf, CurrentState, Elected, Event, OnSlashed, Pallet, Ranked, Round,
    Rounds, StakeLocks, Staker, Stakers, State, ValidatorOf, ValidatorRecords, WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{
    BoundedVec,
    dispatch::DispatchClass,
    pallet_prelude::Weight,
    storage::with_storage_layer,
    traits::{
        Get, Imbalance, OnUnbalanced, ValidatorRegistration,
        fungible::{Balanced, MutateHold},
        tokens::{Fortitude, Precision, Restriction},
    },
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult, Perbill};
use sp_staking::{
    SessionIndex,
    offence::{OffenceDetails, OnOffenceHandler},
};
use tokenomics_primitives::math::{Rounding, mul_div};

impl<T: Config> Pallet<T> {
    /// Counts a block for its author: its points grow by its active stake.
    ///
    /// # Errors
    /// Only what is impossible while the invariants hold, or points beyond 128 bits.
    fn count_block(author: &T::AccountId) -> DispatchResult {
        let Some(mut validator) = ValidatorRecords::<T>::get(author) else {
            return Ok(());
        };
        let mut state = Self::state();
        Self::touch(author, &mut validator, &state)?;
        validator.blocks = validator
            .blocks
            .checked_add(1)
            .ok_or(ArithmeticError::Overflow)?;
        // A validator's points must fit as well as the sum.
        Self::points(&validator)?;
        state.points = state
            .points
            .checked_add(validator.active)
            .ok_or(ArithmeticError::Overflow)?;
        CurrentState::<T>::put(state);
        ValidatorRecords::<T>::insert(author, validator);
        Ok(())
    }

    /// Shares out the stakers' part of a round by the points made since the last one,
    /// and begins the next round. Without any point it is kept for that. Weighs
    /// [`WeightInfo::reward_round`].
    pub fn reward_round(credit: CreditOf<T>) {
        let amount = credit.peek();
        if amount == 0 {
            return;
        }
        if let Err(refused) = T::Rewards::resolve(&Self::pot(), credit) {
            Self::deposit_event(Event::RoundRefused { amount });
            T::Refused::on_unbalanced(refused);
            return;
        }
        let mut state = Self::state();
        match Self::close(&mut state, amount) {
            Ok(event) => {
                CurrentState::<T>::put(state);
                Self::deposit_event(event);
            }
            // The pot keeps it: there is nobody to ask for a retry.
            Err(error) => Self::deposit_event(Event::RoundFailed {
                amount,
                error: error.into(),
            }),
        }
    }

    /// Ends the running round and begins the next, in which the stake of sessions before
    /// is active. A round nobody has a point in ends too: stake might wait for it.
    pub(crate) fn close(state: &mut State, amount: Balance) -> Result<Event<T>, ArithmeticError> {
        let amount = state
            .carried
            .checked_add(amount)
            .ok_or(ArithmeticError::Overflow)?;
        let number = state.round;
        let points = core::mem::take(&mut state.points);
        state.round = number.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        state.began = state.session;
        if points == 0 {
            state.carried = amount;
            return Ok(Event::RoundCarried { amount });
        }
        let round = Round {
            amount,
            points,
            amount_left: amount,
            points_left: points,
        };
        Rounds::<T>::insert(number, round);
        state.carried = 0;
        Ok(Event::RoundRewarded {
            round: number,
            amount,
            points,
        })
    }

    /// The candidates that would be chosen now, in the order of their accounts: the
    /// first by stake that have session keys and, if `leased`, a running lease of
    /// the owner whose self-stake stands for them.
    pub fn choose(leased: bool) -> Vec<T::AccountId> {
        let limit = T::Parameters::get().validators.min(T::MaxValidators::get());
        let mut chosen: Vec<_> = Ranked::<T>::get()
            .candidates
            .into_iter()
            .map(|candidate| candidate.hotkey)
            .filter(|hotkey| {
                T::Keys::is_registered(hotkey)
                    && (!leased
                        || ValidatorRecords::<T>::get(hotkey)
                            .is_some_and(|validator| Self::is_leased(hotkey, &validator)))
            })
            // A limit beyond what can be indexed limits nothing.
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .collect();
        chosen.sort();
        chosen
    }

    /// The set for the session being planned, if it is another than the last.
    fn plan(planned: SessionIndex, leased: bool) -> Option<Vec<T::AccountId>> {
        let chosen = Self::choose(leased);
        let elected = BoundedVec::try_from(chosen.clone()).ok()?;
        if elected.is_empty() || elected == Elected::<T>::get() {
            return None;
        }
        let validators = u32::try_from(elected.len()).ok()?;
        Elected::<T>::put(elected);
        Self::deposit_event(Event::ValidatorsChosen {
            session: planned,
            validators,
        });
        Some(chosen)
    }

    /// Takes `share` of a validator's required self-stake, or the least the
    /// parameters say, from what its owner has staked to it or is unbonding from
    /// it, and removes it from the candidates. Nobody else's stake is touched. Of
    /// what was taken for offences of the same session before only the rest is taken, and
    /// where there is none nothing is done. Returns what was taken. Weighs
    /// [`Self::slash_weight`].
    pub fn slash(hotkey: &T::AccountId, session: SessionIndex, share: Perbill) -> Balance {
        let result = with_storage_layer(|| Self::try_slash(hotkey, session, share));
        result.unwrap_or_else(|error| {
            Ranked::<T>::mutate(|ranking| ranking.remove(hotkey));
            Self::deposit_event(Event::SlashFailed {
                hotkey: hotkey.clone(),
                error,
            });
            0
        })
    }

    /// What a slash weighs, with what it does to the owner's votes.
    pub fn slash_weight() -> Weight {
        // Saturated, it would be too heavy.
        <T as Config>::WeightInfo::slash().saturating_add(T::Locks::on_stake_reduced_weight())
    }

    fn try_slash(
        hotkey: &T::AccountId,
        session: SessionIndex,
        share: Perbill,
    ) -> Result<Balance, DispatchError> {
        let mut state = Self::state();
        let mut validator: ValidatorOf<T> = Self::touched(hotkey, &state)?;
        let share = validator.note_offence(session, share, T::Parameters::get().min_slash);
        if share.is_zero() {
            return Ok(0);
        }
        let owner = validator.owner.clone();
        let mut staker = Stakers::<T>::get(&owner);
        let mut ranking = Ranked::<T>::get();
        let asked = mul_div(
            validator.required,
            share.deconstruct().into(),
            Perbill::one().deconstruct().into(),
            Rounding::Up,
        )
        .ok_or(ArithmeticError::Overflow)?;

        let staked = Self::staked_to(&staker, hotkey)?.min(asked);
        if staked > 0 {
            Self::remove(&mut staker, hotkey, &mut validator, staked, &mut state)?;
        }
        let rest = asked.checked_sub(staked).ok_or(DispatchError::Corruption)?;
        let unbonding = Self::slash_unbonding(&mut staker, hotkey, &mut validator, rest)?;
        let taken = staked
            .checked_add(unbonding)
            .ok_or(ArithmeticError::Overflow)?;

        let destination = T::SlashDestination::get();
        if taken > 0 {
            T::Stake::transfer_on_hold(
                &crate::HoldReason::Stake.into(),
                &owner,
                &destination,
                taken,
                Precision::Exact,
                Restriction::Free,
                Fortitude::Force,
            )?;
        }
        ranking.staked = ranking
            .staked
            .checked_sub(staked)
            .ok_or(DispatchError::Corruption)?;
        ranking.remove(hotkey);
        let total = staker.staked().ok_or(ArithmeticError::Overflow)?;
        if staked > 0 {
            staker.note_stake(total, Self::now())?;
        }
        Self::put_validator(hotkey, validator, &ranking);
        Ranked::<T>::put(ranking);
        CurrentState::<T>::put(state);
        Self::put_staker(&owner, staker);
        if staked > 0 {
            T::Locks::on_stake_reduced(&owner, total);
        }
        Self::deposit_event(Event::Slashed {
            hotkey: hotkey.clone(),
            owner,
            amount: taken,
        });
        if taken > 0 {
            T::OnSlashed::on_slashed(taken);
        }
        Ok(taken)
    }

    /// Takes up to `asked` out of the self-stake of `hotkey` that is unbonding, what
    /// is due last first.
    fn slash_unbonding(
        staker: &mut Staker<T>,
        hotkey: &T::AccountId,
        validator: &mut ValidatorOf<T>,
        asked: Balance,
    ) -> Result<Balance, DispatchError> {
        let mut rest = asked;
        let mut emptied = 0u32;
        for entry in staker.unbonding.iter_mut().rev() {
            if entry.own && entry.validator == *hotkey {
                let taken = rest.min(entry.amount);
                entry.amount = entry
                    .amount
                    .checked_sub(taken)
                    .ok_or(DispatchError::Corruption)?;
                rest = rest.checked_sub(taken).ok_or(DispatchError::Corruption)?;
                if entry.amount == 0 {
                    emptied = emptied.checked_add(1).ok_or(ArithmeticError::Overflow)?;
                }
            }
        }
        staker.unbonding.retain(|entry| entry.amount > 0);
        validator.own_unbondings = validator
            .own_unbondings
            .checked_sub(emptied)
            .ok_or(DispatchError::Corruption)?;
        asked.checked_sub(rest).ok_or(DispatchError::Corruption)
    }

    fn charge(weight: Weight) {
        frame_system::Pallet::<T>::register_extra_weight_unchecked(
            weight,
            DispatchClass::Mandatory,
        );
    }
}

impl<T: Config> OnUnbalanced<CreditOf<T>> for Pallet<T> {
    fn on_nonzero_unbalanced(credit: CreditOf<T>) {
        Self::reward_round(credit);
    }
}

impl<T: Config> pallet_authorship::EventHandler<T::AccountId, BlockNumberFor<T>> for Pallet<T> {
    fn note_author(author: T::AccountId) {
        if let Err(error) = with_storage_layer(|| Self::count_block(&author)) {
            Self::deposit_event(Event::BlockNotCounted { author, error });
        }
        Self::charge(<T as Config>::WeightInfo::note_author());
    }
}

impl<T: Config> pallet_session::SessionManager<T::AccountId> for Pallet<T> {
    /// The set of the session being planned. `None`, which leaves the set as it is,
    /// when it is the same as the last, and when nobody can be chosen. Whether a
    /// set whose keys changed is to be given anew is for the runtime to say.
    fn new_session(planned: SessionIndex) -> Option<Vec<T::AccountId>> {
        let plan = Self::plan(planned, true);
        Self::charge(<T as Config>::WeightInfo::new_session(
            T::MaxCandidates::get(),
        ));
        plan
    }

    /// At genesis leases are not asked for.
    fn new_session_genesis(planned: SessionIndex) -> Option<Vec<T::AccountId>> {
        Self::plan(planned, false).or_else(|| {
            let elected = Elected::<T>::get().into_inner();
            (!elected.is_empty()).then_some(elected)
        })
    }

    /// The running round goes on: its points are shared with its reward, whatever
    /// sessions it spans.
    fn start_session(started: SessionIndex) {
        CurrentState::<T>::mutate(|state| state.session = started);
    }

    fn end_session(_ended: SessionIndex) {}
}

impl<T: Config> pallet_session::historical::SessionManager<T::AccountId, ()> for Pallet<T> {
    fn new_session(planned: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
        <Self as pallet_session::SessionManager<_>>::new_session(planned).map(identify)
    }

    fn new_session_genesis(planned: SessionIndex) -> Option<Vec<(T::AccountId, ())>> {
        <Self as pallet_session::SessionManager<_>>::new_session_genesis(planned).map(identify)
    }

    fn start_session(started: SessionIndex) {
        <Self as pallet_session::SessionManager<_>>::start_session(started)
    }

    fn end_session(ended: SessionIndex) {
        <Self as pallet_session::SessionManager<_>>::end_session(ended)
    }
}

/// Gives every validator its identification: nothing beyond its account.
fn identify<AccountId>(validators: Vec<AccountId>) -> Vec<(AccountId, ())> {
    validators
        .into_iter()
        .map(|validator| (validator, ()))
        .collect()
}

impl<T: Config, Reporter, Identification>
    OnOffenceHandler<Reporter, (T::AccountId, Identification), Weight> for Pallet<T>
{
    fn on_offence(
        offenders: &[OffenceDetails<Reporter, (T::AccountId, Identification)>],
        shares: &[Perbill],
        session: SessionIndex,
    ) -> Weight {
        for (offence, share) in offenders.iter().zip(shares) {
            Self::slash(&offence.offender.0, session, *share);
            // Who reports has paid for a report and not for what comes of it.
            Self::charge(Self::slash_weight());
        }
        // The offences pallet drops what is returned; one that did not would count twice
        // what is registered above.
        Weight::zero()
    }
}
