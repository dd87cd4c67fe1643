// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The arithmetic of stake: settling rounds, activating cohorts, adding and
//! removing stake. Nothing here moves a token.

use crate::{
    Balance, Cohort, Cohorts, Config, CurrentState, Delegation, Error, Pallet, Pending, Ranking,
    Rounds, Staker, Stakers, State, ValidatorOf, ValidatorRecords,
};
use frame_support::ensure;
use sp_runtime::{ArithmeticError, DispatchError};
use tokenomics_primitives::rewards::{Precise, commission, earned, part, per_share};

/// A round as it is to be written back once one more has its part.
pub(crate) type Settlement = Option<(u32, Option<crate::Round>)>;

/// A cohort as it is to be written back once one more of its stakers was touched.
pub(crate) type Departure = Option<(u32, Option<Cohort>)>;

impl<T: Config> Pallet<T> {
    /// Gives `validator` its part of the round it last made points in, if that is
    /// closed and paid something, and returns the round to be written back.
    ///
    /// NOTE: this function has no side-effects on storage.
    pub(crate) fn settle(validator: &mut ValidatorOf<T>) -> Result<Settlement, DispatchError> {
        let points = Self::points(validator)?;
        if points == 0 {
            return Ok(None);
        }
        let Some(mut round) = Rounds::<T>::get(validator.round) else {
            return Ok(None);
        };
        let points_left = round
            .points_left
            .checked_sub(points)
            .ok_or(DispatchError::Corruption)?;
        // Who comes last takes what rounding down the others' parts has left: less
        // than one unit for each of them.
        let reward = if points_left == 0 {
            round.amount_left
        } else {
            part(round.amount, points, round.points).ok_or(ArithmeticError::Overflow)?
        };
        round.amount_left = round
            .amount_left
            .checked_sub(reward)
            .ok_or(DispatchError::Corruption)?;
        round.points_left = points_left;
        let (cut, rest) =
            commission(reward, validator.commission).ok_or(ArithmeticError::Overflow)?;
        let (each, remainder) = per_share(rest, validator.remainder, validator.active)
            .ok_or(ArithmeticError::Overflow)?;
        validator.commission_due = validator
            .commission_due
            .checked_add(cut)
            .ok_or(ArithmeticError::Overflow)?;
        validator.earned = validator
            .earned
            .checked_add(each)
            .ok_or(ArithmeticError::Overflow)?;
        validator.remainder = remainder;
        validator.blocks = 0;
        let left = (points_left > 0).then_some(round);
        Ok(Some((validator.round, left)))
    }

    /// The points that the validator has in the round it was last brought to.
    pub(crate) fn points(validator: &ValidatorOf<T>) -> Result<u128, DispatchError> {
        validator
            .active
            .checked_mul(validator.blocks.into())
            .ok_or(ArithmeticError::Overflow.into())
    }

    /// Brings a validator to the running round: settles the one before and makes the
    /// stake active that was staked in an earlier session.
    ///
    /// Stake becomes active only with a round, before its validator has a point in it,
    /// so within a round active stake never grows.
    pub(crate) fn touch(
        hotkey: &T::AccountId,
        validator: &mut ValidatorOf<T>,
        state: &State,
    ) -> Result<(), DispatchError> {
        if validator.round == state.round {
            return Ok(());
        }
        if let Some((number, round)) = Self::settle(validator)? {
            Rounds::<T>::set(number, round);
        }
        validator.round = state.round;
        validator.blocks = 0;
        if validator.pending_stakers > 0 && validator.pending_from <= state.began {
            let next = validator
                .cohort
                .checked_add(1)
                .ok_or(ArithmeticError::Overflow)?;
            let cohort = Cohort {
                earned: validator.earned,
                stakers: validator.pending_stakers,
            };
            Cohorts::<T>::insert(hotkey, validator.cohort, cohort);
            validator.active = validator.total().ok_or(ArithmeticError::Overflow)?;
            validator.pending = 0;
            validator.pending_stakers = 0;
            validator.cohort = next;
        }
        Ok(())
    }

    /// A validator's record, brought to now.
    pub(crate) fn touched(
        hotkey: &T::AccountId,
        state: &State,
    ) -> Result<ValidatorOf<T>, DispatchError> {
        let mut validator = ValidatorRecords::<T>::get(hotkey).ok_or(Error::<T>::NotValidator)?;
        Self::touch(hotkey, &mut validator, state)?;
        Ok(validator)
    }

    /// What a delegation has earned since it was last settled. With it, the
    /// delegation is brought to its validator's present: stake of a cohort that has
    /// become active is active. The second value is that cohort, no longer needed
    /// for this delegation.
    ///
    /// NOTE: this function has no side-effects on storage but reads.
    pub(crate) fn catch_up(
        delegation: &mut Delegation<T::AccountId>,
        validator: &ValidatorOf<T>,
    ) -> Result<(Precise, Departure), DispatchError> {
        let overflow = ArithmeticError::Overflow;
        let mut gained =
            earned(delegation.active, delegation.earned, validator.earned).ok_or(overflow)?;
        delegation.earned = validator.earned;
        let activated = delegation
            .pending
            .filter(|pending| pending.cohort < validator.cohort);
        let Some(pending) = activated else {
            return Ok((gained, None));
        };
        let mut cohort = Cohorts::<T>::get(&delegation.validator, pending.cohort)
            .ok_or(DispatchError::Corruption)?;
        let more = earned(pending.amount, cohort.earned, validator.earned).ok_or(overflow)?;
        gained = gained.checked_add(more).ok_or(overflow)?;
        delegation.active = delegation.amount().ok_or(overflow)?;
        delegation.pending = None;
        cohort.stakers = cohort
            .stakers
            .checked_sub(1)
            .ok_or(DispatchError::Corruption)?;
        let left = (cohort.stakers > 0).then_some(cohort);
        Ok((gained, Some((pending.cohort, left))))
    }

    /// Catches the delegation at `position` up and adds what it earned to what is
    /// due to the account.
    fn settle_delegation(
        staker: &mut Staker<T>,
        position: usize,
        validator: &ValidatorOf<T>,
    ) -> Result<(), DispatchError> {
        let delegation = staker
            .delegations
            .get_mut(position)
            .ok_or(Error::<T>::NotStaked)?;
        let (gained, cohort) = Self::catch_up(delegation, validator)?;
        if let Some((number, left)) = cohort {
            Cohorts::<T>::set(&delegation.validator, number, left);
        }
        staker.due = staker
            .due
            .checked_add(gained)
            .ok_or(ArithmeticError::Overflow)?;
        Ok(())
    }

    /// Where an account's stake to a validator stands in its list.
    pub(crate) fn position(staker: &Staker<T>, hotkey: &T::AccountId) -> Option<usize> {
        staker
            .delegations
            .iter()
            .position(|delegation| delegation.validator == *hotkey)
    }

    /// What an account has staked to a validator.
    pub(crate) fn staked_to(
        staker: &Staker<T>,
        hotkey: &T::AccountId,
    ) -> Result<Balance, DispatchError> {
        staker
            .delegations
            .iter()
            .find(|delegation| delegation.validator == *hotkey)
            .map_or(Some(0), Delegation::amount)
            .ok_or(ArithmeticError::Overflow.into())
    }

    /// Adds `amount` to what the account has staked to a validator that is brought
    /// to now: pending, to be active from the session on that follows the one in which
    /// the running round began. So all that is pending at one time becomes active at
    /// one time, and more stake makes none wait longer.
    pub(crate) fn add(
        staker: &mut Staker<T>,
        hotkey: &T::AccountId,
        validator: &mut ValidatorOf<T>,
        amount: Balance,
        state: &State,
    ) -> Result<(), DispatchError> {
        let overflow = ArithmeticError::Overflow;
        let position = match Self::position(staker, hotkey) {
            Some(position) => {
                Self::settle_delegation(staker, position, validator)?;
                position
            }
            None => {
                let fresh = Delegation {
                    validator: hotkey.clone(),
                    active: 0,
                    earned: validator.earned,
                    pending: None,
                };
                staker
                    .delegations
                    .try_push(fresh)
                    .map_err(|_| Error::<T>::TooManyDelegations)?;
                validator.stakers = validator.stakers.checked_add(1).ok_or(overflow)?;
                staker.delegations.len().checked_sub(1).ok_or(overflow)?
            }
        };
        let delegation = staker
            .delegations
            .get_mut(position)
            .ok_or(DispatchError::Corruption)?;
        match &mut delegation.pending {
            Some(pending) => {
                pending.amount = pending.amount.checked_add(amount).ok_or(overflow)?;
            }
            None => {
                delegation.pending = Some(Pending {
                    cohort: validator.cohort,
                    amount,
                });
                validator.pending_stakers =
                    validator.pending_stakers.checked_add(1).ok_or(overflow)?;
            }
        }
        validator.pending = validator.pending.checked_add(amount).ok_or(overflow)?;
        validator.pending_from = state.began.checked_add(1).ok_or(overflow)?;
        Ok(())
    }

    /// Takes `amount` out of what the account has staked to a validator that is
    /// brought to now: of what is pending first, for that earns nothing yet.
    ///
    /// What was active has earned nothing in the running round: its points go.
    pub(crate) fn remove(
        staker: &mut Staker<T>,
        hotkey: &T::AccountId,
        validator: &mut ValidatorOf<T>,
        amount: Balance,
        state: &mut State,
    ) -> Result<(), DispatchError> {
        let position = Self::position(staker, hotkey).ok_or(Error::<T>::NotStaked)?;
        Self::settle_delegation(staker, position, validator)?;
        let delegation = staker
            .delegations
            .get_mut(position)
            .ok_or(DispatchError::Corruption)?;
        let mut rest = amount;
        if let Some(pending) = &mut delegation.pending {
            let taken = rest.min(pending.amount);
            pending.amount = less(pending.amount, taken)?;
            validator.pending = less(validator.pending, taken)?;
            rest = less(rest, taken)?;
            if pending.amount == 0 {
                delegation.pending = None;
                validator.pending_stakers = validator
                    .pending_stakers
                    .checked_sub(1)
                    .ok_or(DispatchError::Corruption)?;
            }
        }
        ensure!(rest <= delegation.active, Error::<T>::NotEnoughStaked);
        let points = rest
            .checked_mul(validator.blocks.into())
            .ok_or(ArithmeticError::Overflow)?;
        state.points = less(state.points, points)?;
        delegation.active = less(delegation.active, rest)?;
        validator.active = less(validator.active, rest)?;
        if delegation.active == 0 && delegation.pending.is_none() {
            staker.delegations.remove(position);
            validator.stakers = validator
                .stakers
                .checked_sub(1)
                .ok_or(DispatchError::Corruption)?;
        }
        Ok(())
    }

    /// Writes an account's record, or removes it when nothing is left in it.
    pub(crate) fn put_staker(who: &T::AccountId, staker: Staker<T>) {
        let nothing =
            staker.delegations.is_empty() && staker.unbonding.is_empty() && staker.due.whole == 0;
        if nothing {
            Stakers::<T>::remove(who);
        } else {
            Stakers::<T>::insert(who, staker);
        }
    }

    /// Writes a validator's record, or removes it when it is no candidate and
    /// nothing is bound to it any more.
    pub(crate) fn put_validator(
        hotkey: &T::AccountId,
        validator: ValidatorOf<T>,
        ranking: &Ranking<T>,
    ) {
        let bound = validator.stakers > 0
            || validator.own_unbondings > 0
            || validator.commission_due > 0
            || ranking.contains(hotkey);
        if bound {
            ValidatorRecords::<T>::insert(hotkey, validator);
        } else {
            ValidatorRecords::<T>::remove(hotkey);
        }
    }

    /// What `who` could claim now of what it has staked to `hotkey`, and of what is
    /// due to it from stake that has changed.
    pub(crate) fn settled_claim(
        staker: &mut Staker<T>,
        hotkey: &T::AccountId,
    ) -> Result<Departure, DispatchError> {
        let Some(position) = Self::position(staker, hotkey) else {
            return Ok(None);
        };
        let mut validator = ValidatorRecords::<T>::get(hotkey).ok_or(DispatchError::Corruption)?;
        // Not written back: whoever touches the validator comes to the same, or,
        // when it is then the last of its round, to some units more.
        Self::settle(&mut validator)?;
        let delegation = staker
            .delegations
            .get_mut(position)
            .ok_or(DispatchError::Corruption)?;
        let (gained, cohort) = Self::catch_up(delegation, &validator)?;
        staker.due = staker
            .due
            .checked_add(gained)
            .ok_or(ArithmeticError::Overflow)?;
        Ok(cohort)
    }

    /// Where the chain stands.
    pub(crate) fn state() -> State {
        CurrentState::<T>::get()
    }
}

/// A difference that the ledger's own invariants keep from being negative.
fn less(from: u128, amount: u128) -> Result<u128, DispatchError> {
    from.checked_sub(amount).ok_or(DispatchError::Corruption)
}
