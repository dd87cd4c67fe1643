// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The numbered invariants of the crate's documentation, checked against state.

use crate::{
    Balance, Cohorts, Config, HoldReason, Pallet, Ranked, Round, Rounds, Stakers, ValidatorRecords,
};
use alloc::collections::BTreeMap;
use frame_support::{
    ensure,
    traits::{
        Get,
        fungible::{Inspect, InspectHold},
    },
};
use sp_runtime::TryRuntimeError;
use tokenomics_primitives::rewards::Precise;

/// What the stakers' records say of one validator.
#[derive(Default)]
struct Sums {
    active: Balance,
    pending: Balance,
    stakers: u32,
    pending_stakers: u32,
    own_unbondings: u32,
}

/// A sum, or the name of the invariant it belongs to.
fn add(to: &mut u128, amount: u128, message: &'static str) -> Result<(), TryRuntimeError> {
    *to = to.checked_add(amount).ok_or(message)?;
    Ok(())
}

/// One more.
fn count(number: &mut u32) -> Result<(), TryRuntimeError> {
    *number = number.checked_add(1).ok_or("2: a number overflows")?;
    Ok(())
}

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the crate's documentation.
    ///
    /// # Errors
    /// The first that does not hold, by its number.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut sums = BTreeMap::<T::AccountId, Sums>::new();
        let mut cohorts = BTreeMap::<(T::AccountId, u32), u32>::new();
        let mut staked = 0;
        for (who, staker) in Stakers::<T>::iter() {
            let mut own_stake = 0;
            for delegation in &staker.delegations {
                let hotkey = &delegation.validator;
                let validator = ValidatorRecords::<T>::get(hotkey)
                    .ok_or("2: stake to a validator without a record")?;
                let sum = sums.entry(hotkey.clone()).or_default();
                let amount = delegation.amount().ok_or("2: a stake overflows")?;
                ensure!(amount > 0, "2: a delegation of nothing");
                add(&mut own_stake, amount, "2: an account's stake overflows")?;
                count(&mut sum.stakers)?;
                add(&mut sum.active, delegation.active, "2: a sum overflows")?;
                if let Some(pending) = delegation.pending {
                    if pending.cohort < validator.cohort {
                        add(&mut sum.active, pending.amount, "2: a sum overflows")?;
                        let pointing = cohorts.entry((hotkey.clone(), pending.cohort)).or_default();
                        count(pointing)?;
                    } else {
                        add(&mut sum.pending, pending.amount, "2: a sum overflows")?;
                        count(&mut sum.pending_stakers)?;
                    }
                }
            }
            let mut held = own_stake;
            for entry in &staker.unbonding {
                add(&mut held, entry.amount, "1: an account's stake overflows")?;
                if entry.own {
                    let sum = sums.entry(entry.validator.clone()).or_default();
                    count(&mut sum.own_unbondings)?;
                }
            }
            ensure!(
                T::Stake::balance_on_hold(&HoldReason::Stake.into(), &who) == held,
                "1: what is on hold is not what is staked and unbonding"
            );
            add(&mut staked, own_stake, "3: all stake overflows")?;
            let rising = staker
                .checkpoints
                .windows(2)
                .all(|pair| pair[0].since < pair[1].since && pair[0].stake < pair[1].stake);
            ensure!(rising, "7: an account's checkpoints do not rise");
            let last = staker.checkpoints.last().map_or(0, |last| last.stake);
            ensure!(
                last <= own_stake,
                "7: a checkpoint is above an account's stake"
            );
        }
        for who in frame_system::Account::<T>::iter_keys() {
            ensure!(
                Stakers::<T>::contains_key(&who)
                    || T::Stake::balance_on_hold(&HoldReason::Stake.into(), &who) == 0,
                "1: stake is on hold of an account without a record"
            );
        }
        Self::check_validators(sums)?;
        Self::check_ranking(staked)?;
        Self::check_rounds()?;
        for (hotkey, number, cohort) in Cohorts::<T>::iter() {
            ensure!(
                cohorts.remove(&(hotkey, number)) == Some(cohort.stakers),
                "6: a cohort has another number of stakers"
            );
        }
        ensure!(cohorts.is_empty(), "6: a cohort is missing");
        Self::check_pot()?;
        ensure!(
            T::Parameters::get().validate().is_ok(),
            "8: the parameters are not valid"
        );
        Ok(())
    }

    fn check_validators(mut sums: BTreeMap<T::AccountId, Sums>) -> Result<(), TryRuntimeError> {
        for (hotkey, validator) in ValidatorRecords::<T>::iter() {
            let sum = sums.remove(&hotkey).unwrap_or_default();
            ensure!(
                validator.active == sum.active && validator.pending == sum.pending,
                "2: a validator's stake is not that of its stakers"
            );
            ensure!(
                validator.stakers == sum.stakers
                    && validator.pending_stakers == sum.pending_stakers
                    && validator.own_unbondings == sum.own_unbondings,
                "2: a validator's stakers are not counted"
            );
        }
        ensure!(
            sums.is_empty(),
            "2: unbonding self-stake of a validator without a record"
        );
        Ok(())
    }

    fn check_ranking(staked: Balance) -> Result<(), TryRuntimeError> {
        let ranking = Ranked::<T>::get();
        ensure!(
            ranking.staked == staked,
            "3: all stake is not the sum of the stakers'"
        );
        let sorted = ranking
            .candidates
            .windows(2)
            .all(|pair| pair[0].total >= pair[1].total);
        ensure!(sorted, "3: the candidates are not sorted");
        for (place, candidate) in ranking.candidates.iter().enumerate() {
            let again = ranking.candidates.iter().skip(place).skip(1);
            ensure!(
                again
                    .into_iter()
                    .all(|other| other.hotkey != candidate.hotkey),
                "3: a candidate stands twice"
            );
            let total = ValidatorRecords::<T>::get(&candidate.hotkey)
                .and_then(|validator| validator.total());
            ensure!(
                total == Some(candidate.total),
                "3: a candidate's total is not its record's"
            );
        }
        Ok(())
    }

    fn check_rounds() -> Result<(), TryRuntimeError> {
        let state = Self::state();
        ensure!(
            state.began <= state.session,
            "4: the running round began in a session to come"
        );
        let mut running = 0;
        let mut open: BTreeMap<u32, Round> = Rounds::<T>::iter().collect();
        for round in open.values() {
            ensure!(
                round.amount_left <= round.amount
                    && round.points_left <= round.points
                    && round.points_left > 0,
                "4: a round has more left than it had, or nothing"
            );
        }
        for validator in ValidatorRecords::<T>::iter_values() {
            ensure!(
                validator.pending_stakers == 0
                    || state.began.checked_add(1) >= Some(validator.pending_from),
                "4: pending stake waits too long"
            );
            let points =
                Self::points(&validator).map_err(|_| "4: a validator's points overflow")?;
            if validator.round == state.round {
                add(&mut running, points, "4: the points overflow")?;
            } else if let Some(round) = open.get_mut(&validator.round) {
                round.points_left = round
                    .points_left
                    .checked_sub(points)
                    .ok_or("4: a closed round has too few points left")?;
            }
        }
        ensure!(
            running == state.points,
            "4: the running round's points are not the validators'"
        );
        ensure!(
            open.values().all(|round| round.points_left == 0),
            "4: a closed round has points left that nobody has"
        );
        Ok(())
    }

    /// What is due counts to the last fraction: every validator is settled as far as
    /// it can be without a write, for a claim may have run ahead of its record.
    fn check_pot() -> Result<(), TryRuntimeError> {
        const MESSAGE: &str = "5: what is owed overflows";
        let mut left: BTreeMap<u32, Round> = Rounds::<T>::iter().collect();
        let mut settled = BTreeMap::new();
        let mut owed = Self::state().carried;
        for (hotkey, mut validator) in ValidatorRecords::<T>::iter() {
            let settlement =
                Self::settle(&mut validator).map_err(|_| "5: a validator cannot be settled")?;
            if let Some((number, after)) = settlement {
                let taken = Rounds::<T>::get(number)
                    .map(|before| before.amount_left)
                    .and_then(|before| {
                        before.checked_sub(after.map_or(0, |after| after.amount_left))
                    })
                    .ok_or("5: a round pays more than it has")?;
                let round = left.get_mut(&number).ok_or("5: a round is missing")?;
                round.amount_left = round
                    .amount_left
                    .checked_sub(taken)
                    .ok_or("5: a round pays more than it has")?;
            }
            add(&mut owed, validator.commission_due, MESSAGE)?;
            settled.insert(hotkey, validator);
        }
        for round in left.values() {
            add(&mut owed, round.amount_left, MESSAGE)?;
        }
        let mut precise = Precise::default();
        for staker in Stakers::<T>::iter_values() {
            precise = precise.checked_add(staker.due).ok_or(MESSAGE)?;
            for mut delegation in staker.delegations {
                let validator = settled
                    .get(&delegation.validator)
                    .ok_or("2: stake to a validator without a record")?;
                let (gained, _) = Self::catch_up(&mut delegation, validator)
                    .map_err(|_| "5: a delegation cannot be settled")?;
                precise = precise.checked_add(gained).ok_or(MESSAGE)?;
            }
        }
        add(&mut owed, precise.whole, MESSAGE)?;
        add(&mut owed, u128::from(precise.fraction > 0), MESSAGE)?;
        let pot = T::Rewards::balance(&Self::pot());
        let endowment = T::Rewards::minimum_balance();
        ensure!(
            owed == 0 || pot.checked_sub(endowment).is_some_and(|held| held >= owed),
            "5: the pot does not hold what is owed"
        );
        Ok(())
    }
}
