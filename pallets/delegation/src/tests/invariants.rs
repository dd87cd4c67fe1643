// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each invariant of the crate's documentation, broken by force: the check must
//! say so and name it.

use crate::{
    Cohorts, CurrentState, HoldReason, Ranked, Rounds, Staker, Stakers, Validator,
    ValidatorRecords, mock::*,
};
use frame_support::{
    assert_ok,
    traits::{fungible::MutateHold, tokens::Precision},
};
use sp_runtime::DispatchError;

/// Runs `break_it` on a chain with every kind of record and returns what the check
/// then says.
fn broken_by(break_it: impl FnOnce()) -> DispatchError {
    genesis(two()).execute_with(|| {
        stake(ALICE, VAL_A, 500);
        stake(BOB, VAL_A, 100);
        activate();
        author(VAL_A, 1);
        author(VAL_B, 2);
        stake(ALICE, VAL_A, 50);
        forward(10);
        stake(ALICE, VAL_B, 60);
        unstake(BOB, VAL_A, 10);
        reward(1_000_000);
        reward(5);
        author(VAL_B, 1);
        assert_ok!(Delegation::leave(signed(OWNER_B), VAL_B));
        unstake(OWNER_B, VAL_B, 10);
        Delegation::do_try_state().expect("the invariants hold before");
        break_it();
        Delegation::do_try_state().expect_err("the check sees it")
    })
}

fn other(message: &'static str) -> DispatchError {
    DispatchError::Other(message)
}

fn staker(who: AccountId, change: impl FnOnce(&mut Staker<Test>)) {
    Stakers::<Test>::mutate(who, change);
}

fn validator(hotkey: AccountId, change: impl FnOnce(&mut Validator<AccountId, BlockNumber>)) {
    ValidatorRecords::<Test>::mutate(hotkey, |record| {
        change(record.as_mut().expect("there is one"));
    });
}

#[test]
fn invariant_1_what_is_held_is_staked_and_unbonding() {
    let message = other("1: what is on hold is not what is staked and unbonding");
    let reason: RuntimeHoldReason = HoldReason::Stake.into();
    assert_eq!(
        broken_by(|| {
            assert_ok!(Stake::hold(&reason, &ALICE, 1));
        }),
        message
    );
    assert_eq!(
        broken_by(|| {
            assert_ok!(Stake::release(&reason, &BOB, 1, Precision::Exact));
        }),
        message
    );
    // Of an account that has never staked, and of one whose record is lost.
    let nobody = other("1: stake is on hold of an account without a record");
    assert_eq!(
        broken_by(|| {
            assert_ok!(Stake::hold(&reason, &OWNER_C, 1));
        }),
        nobody
    );
    assert_eq!(broken_by(|| Stakers::<Test>::remove(ALICE)), nobody);
    assert_eq!(
        broken_by(|| staker(BOB, |staker| staker.unbonding[0].amount += 1)),
        message
    );
    assert_eq!(
        broken_by(|| staker(BOB, |staker| staker.unbonding[0].amount = u128::MAX)),
        other("1: an account's stake overflows")
    );
}

#[test]
fn invariant_2_a_validator_s_record_is_the_sum_of_its_stakers() {
    let message = other("2: a validator's stake is not that of its stakers");
    assert_eq!(
        broken_by(|| validator(VAL_A, |record| record.active += 1)),
        message
    );
    assert_eq!(
        broken_by(|| validator(VAL_A, |record| record.pending -= 1)),
        message
    );
    let message = other("2: a validator's stakers are not counted");
    assert_eq!(
        broken_by(|| validator(VAL_A, |record| record.stakers += 1)),
        message
    );
    assert_eq!(
        broken_by(|| validator(VAL_A, |record| record.pending_stakers = 0)),
        message
    );
    assert_eq!(
        broken_by(|| validator(VAL_B, |record| record.own_unbondings = 0)),
        message
    );
    assert_eq!(
        broken_by(|| ValidatorRecords::<Test>::remove(VAL_A)),
        other("2: stake to a validator without a record")
    );
    assert_eq!(
        broken_by(|| staker(BOB, |staker| {
            staker.unbonding[0].own = true;
            staker.unbonding[0].validator = VAL_C;
        })),
        other("2: unbonding self-stake of a validator without a record")
    );
}

#[test]
fn invariant_3_the_candidates_are_sorted() {
    let ranking =
        |change: fn(&mut crate::Ranking<Test>)| broken_by(move || Ranked::<Test>::mutate(change));
    assert_eq!(
        ranking(|ranking| ranking.staked += 1),
        other("3: all stake is not the sum of the stakers'")
    );
    assert_eq!(
        ranking(|ranking| ranking.candidates[0].total -= 1),
        other("3: a candidate's total is not its record's")
    );
    let again = |total: u128| {
        broken_by(move || {
            Ranked::<Test>::mutate(|ranking| {
                let mut twin = ranking.candidates[0].clone();
                twin.total += total;
                ranking.candidates.try_push(twin).expect("there is room");
            });
        })
    };
    assert_eq!(again(1), other("3: the candidates are not sorted"));
    assert_eq!(again(0), other("3: a candidate stands twice"));
}

#[test]
fn invariant_4_points_are_accounted_for() {
    assert_eq!(
        broken_by(|| CurrentState::<Test>::mutate(|state| state.began = state.session + 1)),
        other("4: the running round began in a session to come")
    );
    assert_eq!(
        broken_by(|| validator(VAL_A, |record| record.pending_from += 1)),
        other("4: pending stake waits too long")
    );
    assert_eq!(
        broken_by(|| CurrentState::<Test>::mutate(|state| state.points += 1)),
        other("4: the running round's points are not the validators'")
    );
    let round = |change: fn(&mut crate::Round)| {
        broken_by(move || {
            let (number, _) = Rounds::<Test>::iter().next().expect("one is open");
            Rounds::<Test>::mutate(number, |round| change(round.as_mut().expect("it is open")));
        })
    };
    let message = other("4: a round has more left than it had, or nothing");
    assert_eq!(round(|round| round.points_left = 0), message);
    assert_eq!(round(|round| round.amount_left = round.amount + 1), message);
    assert_eq!(
        round(|round| round.points_left -= 1),
        other("4: a closed round has too few points left")
    );
    assert_eq!(
        round(|round| round.points_left += 1),
        other("4: a closed round has points left that nobody has")
    );
    assert_eq!(
        broken_by(|| validator(VAL_B, |record| record.blocks += 1)),
        other("4: the running round's points are not the validators'")
    );
}

#[test]
fn invariant_5_the_pot_holds_what_is_owed() {
    let message = other("5: the pot does not hold what is owed");
    assert_eq!(
        broken_by(|| set_balance(Delegation::pot(), ED + 1_000_003)),
        message
    );
    assert_eq!(
        broken_by(|| staker(BOB, |staker| staker.due.whole += 2)),
        message
    );
    assert_eq!(
        broken_by(|| CurrentState::<Test>::mutate(|state| state.carried += 2)),
        message
    );
    assert_eq!(
        broken_by(|| validator(VAL_B, |record| record.commission_due += 2)),
        message
    );
    assert_eq!(
        broken_by(|| validator(VAL_B, |record| record.earned.whole += 1)),
        message
    );
}

#[test]
fn invariant_6_cohorts_are_counted() {
    assert_eq!(
        broken_by(|| Cohorts::<Test>::mutate(VAL_A, 0, |cohort| {
            cohort.as_mut().expect("of Bob").stakers += 1;
        })),
        other("6: a cohort has another number of stakers")
    );
    assert_eq!(
        broken_by(|| {
            let cohort = Cohorts::<Test>::iter_values().next().expect("of Bob");
            Cohorts::<Test>::insert(VAL_A, 7, cohort);
        }),
        other("6: a cohort has another number of stakers")
    );
    assert_eq!(
        broken_by(|| {
            let all: Vec<_> = Cohorts::<Test>::iter_keys().collect();
            for (hotkey, number) in all {
                Cohorts::<Test>::remove(hotkey, number);
            }
        }),
        other("6: a cohort is missing")
    );
}

#[test]
fn invariant_7_checkpoints_rise() {
    let message = other("7: an account's checkpoints do not rise");
    assert_eq!(
        broken_by(|| staker(ALICE, |staker| staker.checkpoints[1].since = 0)),
        message
    );
    assert_eq!(
        broken_by(|| staker(ALICE, |staker| staker.checkpoints[0].stake = 9_000)),
        message
    );
    assert_eq!(
        broken_by(|| staker(ALICE, |staker| {
            let last = staker.checkpoints.len() - 1;
            staker.checkpoints[last].stake += 1;
        })),
        other("7: a checkpoint is above an account's stake")
    );
}

#[test]
fn invariant_8_the_parameters_are_valid() {
    assert_eq!(
        broken_by(|| Parameters::mutate(|parameters| parameters.unbonding = 0)),
        other("8: the parameters are not valid")
    );
}
