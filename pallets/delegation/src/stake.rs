// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the calls do to candidates, stake and queues.

use crate::{
    Balance, BlockNumberOf, Config, CurrentState, Error, Event, HoldReason, Pallet, Ranked,
    Ranking, StakeLocks, Staker, Stakers, State, Unbonding, Validator, ValidatorOf,
    ValidatorRecords, Validators,
};
use frame_support::{
    ensure,
    traits::{
        Get,
        fungible::{Mutate, MutateHold},
        tokens::Preservation,
    },
};
use sp_runtime::{
    ArithmeticError, DispatchError, DispatchResult, Perbill,
    traits::{AccountIdConversion, BlockNumberProvider, CheckedAdd, CheckedSub, Zero},
};
use sp_staking::SessionIndex;
use tokenomics_primitives::rewards::Precise;

impl<T: Config> Pallet<T> {
    /// The account that holds what was paid in and not yet claimed.
    pub fn pot() -> T::AccountId {
        T::PalletId::get().into_account_truncating()
    }

    /// Whose validator a hotkey is, as a candidate or for what is still bound to it: its
    /// lease may be over. For whoever gives a hotkey to an owner, so that stake to it
    /// finds its validator again. One read.
    pub fn owner_on_record(hotkey: &T::AccountId) -> Option<T::AccountId> {
        ValidatorRecords::<T>::get(hotkey).map(|validator| validator.owner)
    }

    /// Whether a validator's lease runs and is that of the owner whose self-stake stands
    /// for it.
    pub(crate) fn is_leased(hotkey: &T::AccountId, validator: &ValidatorOf<T>) -> bool {
        T::Validators::owner_of(hotkey).as_ref() == Some(&validator.owner)
    }

    /// All that is staked, active or pending but not unbonding.
    pub fn total_staked() -> Balance {
        Ranked::<T>::get().staked
    }

    /// The current block, as [`Config::BlockNumberProvider`] counts.
    pub(crate) fn now() -> BlockNumberOf<T> {
        T::BlockNumberProvider::current_block_number()
    }

    pub(crate) fn pay(who: &T::AccountId, amount: Balance) -> DispatchResult {
        T::Rewards::transfer(&Self::pot(), who, amount, Preservation::Preserve)?;
        Ok(())
    }

    /// Holds `amount` of the account's and adds it to its stake and to what all
    /// have staked; the validator and the ranking are for the caller to write.
    pub(crate) fn do_stake(
        who: &T::AccountId,
        validator: &T::AccountId,
        record: &mut ValidatorOf<T>,
        ranking: &mut Ranking<T>,
        amount: Balance,
        state: &State,
    ) -> DispatchResult {
        let mut staker = Stakers::<T>::get(who);
        Self::add(&mut staker, validator, record, amount, state)?;
        ensure!(
            Self::staked_to(&staker, validator)? >= T::Parameters::get().min_stake,
            Error::<T>::StakeTooLow
        );
        T::Stake::hold(&HoldReason::Stake.into(), who, amount)?;
        let staked = staker.staked().ok_or(ArithmeticError::Overflow)?;
        staker.note_stake(staked, Self::now())?;
        ranking.staked = ranking
            .staked
            .checked_add(amount)
            .ok_or(ArithmeticError::Overflow)?;
        Stakers::<T>::insert(who, staker);
        Self::deposit_event(Event::Staked {
            who: who.clone(),
            validator: validator.clone(),
            amount,
            from: record.pending_from,
        });
        Ok(())
    }

    pub(crate) fn do_join(
        hotkey: T::AccountId,
        owner: &T::AccountId,
        self_stake: Balance,
        commission: Perbill,
    ) -> DispatchResult {
        let parameters = T::Parameters::get();
        let mut ranking = Ranked::<T>::get();
        ensure!(!ranking.contains(&hotkey), Error::<T>::AlreadyCandidate);
        let state = Self::state();
        let mut record = match ValidatorRecords::<T>::get(&hotkey) {
            Some(mut record) => {
                Self::touch(&hotkey, &mut record, &state)?;
                if record.owner != *owner {
                    Self::take_over(&mut record, owner)?;
                }
                if record.commission != commission {
                    Self::change_commission(&mut record, commission)?;
                }
                record
            }
            None => Self::fresh(owner, commission, &state)?,
        };
        record.required = parameters.self_stake;
        if !self_stake.is_zero() {
            Self::do_stake(
                owner,
                &hotkey,
                &mut record,
                &mut ranking,
                self_stake,
                &state,
            )?;
        }
        ensure!(
            Self::staked_to(&Stakers::<T>::get(owner), &hotkey)? >= record.required,
            Error::<T>::SelfStakeTooLow
        );
        let total = record.total().ok_or(ArithmeticError::Overflow)?;
        let evicted = ranking
            .insert(hotkey.clone(), total)
            .map_err(|()| Error::<T>::TotalTooLow)?;
        Ranked::<T>::put(ranking);
        ValidatorRecords::<T>::insert(&hotkey, record);
        if let Some(hotkey) = evicted {
            Self::deposit_event(Event::Evicted { hotkey });
        }
        Self::deposit_event(Event::Joined {
            hotkey,
            owner: owner.clone(),
            total,
            commission,
        });
        Ok(())
    }

    /// A candidate of the genesis: its stake is active in the first session.
    pub(crate) fn found(
        hotkey: T::AccountId,
        owner: &T::AccountId,
        self_stake: Balance,
        commission: Perbill,
    ) -> DispatchResult {
        Self::do_join(hotkey.clone(), owner, self_stake, commission)?;
        ValidatorRecords::<T>::mutate_extant(&hotkey, |record| {
            record.pending_from = SessionIndex::zero();
        });
        Ok(())
    }

    pub(crate) fn fresh(
        owner: &T::AccountId,
        commission: Perbill,
        state: &State,
    ) -> Result<ValidatorOf<T>, DispatchError> {
        ensure!(
            commission <= T::Parameters::get().max_commission,
            Error::<T>::CommissionTooHigh
        );
        Ok(Validator {
            owner: owner.clone(),
            required: 0,
            commission,
            commission_changed: Self::now(),
            commission_due: 0,
            active: 0,
            pending: 0,
            pending_from: 0,
            cohort: 0,
            pending_stakers: 0,
            stakers: 0,
            own_unbondings: 0,
            round: state.round,
            blocks: 0,
            earned: Precise::default(),
            remainder: 0,
            offences: Default::default(),
        })
    }

    /// Gives a validator a new owner; its commission so far is the former's.
    pub(crate) fn take_over(record: &mut ValidatorOf<T>, owner: &T::AccountId) -> DispatchResult {
        ensure!(
            record.own_unbondings.is_zero(),
            Error::<T>::FormerOwnerUnbonding
        );
        let due = core::mem::take(&mut record.commission_due);
        if !due.is_zero() {
            let mut former = Stakers::<T>::get(&record.owner);
            former.due = former
                .due
                .checked_add(Precise {
                    whole: due,
                    fraction: 0,
                })
                .ok_or(ArithmeticError::Overflow)?;
            Stakers::<T>::insert(&record.owner, former);
        }
        record.owner = owner.clone();
        Ok(())
    }

    pub(crate) fn change_commission(
        record: &mut ValidatorOf<T>,
        commission: Perbill,
    ) -> DispatchResult {
        let parameters = T::Parameters::get();
        ensure!(
            commission <= parameters.max_commission,
            Error::<T>::CommissionTooHigh
        );
        let now = Self::now();
        let earliest = record
            .commission_changed
            .checked_add(&parameters.commission_interval)
            .ok_or(ArithmeticError::Overflow)?;
        ensure!(now >= earliest, Error::<T>::CommissionChangedTooSoon);
        let rise = commission.checked_sub(&record.commission);
        ensure!(
            rise.is_none_or(|rise| rise <= parameters.max_commission_rise),
            Error::<T>::CommissionRisesTooFast
        );
        record.commission = commission;
        record.commission_changed = now;
        Ok(())
    }

    /// Queues an unbonding, or adds it to the one of the same validator and
    /// block. Whether the queue is longer than before.
    pub(crate) fn unbond(
        staker: &mut Staker<T>,
        validator: &T::AccountId,
        own: bool,
        amount: Balance,
        at: BlockNumberOf<T>,
    ) -> Result<bool, DispatchError> {
        let same = staker
            .unbonding
            .iter_mut()
            .find(|entry| entry.at == at && entry.own == own && entry.validator == *validator);
        if let Some(entry) = same {
            entry.amount = entry
                .amount
                .checked_add(amount)
                .ok_or(ArithmeticError::Overflow)?;
            return Ok(false);
        }
        staker
            .unbonding
            .try_push(Unbonding {
                validator: validator.clone(),
                own,
                amount,
                at,
            })
            .map_err(|_| Error::<T>::TooManyUnbondings)?;
        Ok(true)
    }

    pub(crate) fn forget_own_unbonding(hotkey: &T::AccountId) -> DispatchResult {
        let mut record = ValidatorRecords::<T>::get(hotkey).ok_or(DispatchError::Corruption)?;
        record.own_unbondings = record
            .own_unbondings
            .checked_sub(1)
            .ok_or(DispatchError::Corruption)?;
        Self::put_validator(hotkey, record, &Ranked::<T>::get());
        Ok(())
    }

    /// See [`unstake`](Pallet::unstake); `amount` is above zero.
    pub(crate) fn do_unstake(
        who: T::AccountId,
        validator: T::AccountId,
        amount: Balance,
    ) -> DispatchResult {
        let mut state = Self::state();
        let mut record = Self::touched(&validator, &state)?;
        let mut staker = Stakers::<T>::get(&who);
        let mut ranking = Ranked::<T>::get();
        let parameters = T::Parameters::get();

        let before = Self::staked_to(&staker, &validator)?;
        ensure!(!before.is_zero(), Error::<T>::NotStaked);
        let after = before
            .checked_sub(amount)
            .ok_or(Error::<T>::NotEnoughStaked)?;
        ensure!(
            after.is_zero() || after >= parameters.min_stake,
            Error::<T>::StakeTooLow
        );
        let own = record.owner == who;
        let candidate = ranking.contains(&validator);
        ensure!(
            !(own && candidate) || after >= record.required,
            Error::<T>::SelfStakeTooLow
        );

        Self::remove(&mut staker, &validator, &mut record, amount, &mut state)?;
        let staked = staker.staked().ok_or(ArithmeticError::Overflow)?;
        ensure!(staked >= T::Locks::locked(&who), Error::<T>::StakeLocked);
        let now = Self::now();
        staker.note_stake(staked, now)?;
        let at = now
            .checked_add(&parameters.unbonding)
            .ok_or(ArithmeticError::Overflow)?;
        let added = Self::unbond(&mut staker, &validator, own, amount, at)?;
        if own && added {
            record.own_unbondings = record
                .own_unbondings
                .checked_add(1)
                .ok_or(ArithmeticError::Overflow)?;
        }
        ranking.staked = ranking
            .staked
            .checked_sub(amount)
            .ok_or(DispatchError::Corruption)?;
        if candidate {
            let total = record.total().ok_or(ArithmeticError::Overflow)?;
            ranking.update(&validator, total);
        }

        CurrentState::<T>::put(state);
        Self::put_validator(&validator, record, &ranking);
        Ranked::<T>::put(ranking);
        Self::put_staker(&who, staker);
        Self::deposit_event(Event::Unstaked {
            who,
            validator,
            amount,
            at,
        });
        Ok(())
    }
}
