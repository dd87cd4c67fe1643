// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Unstaking.

use crate::{Error, Event, Stakers, mock::*};
use frame_support::{assert_noop, assert_ok};

#[test]
fn stake_unbonds() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 500);
        events();
        unstake(ALICE, VAL_A, 200);
        assert_eq!((staked(ALICE), held(ALICE)), (300, 500));
        assert_eq!(Delegation::total_staked(), 2_300);
        let at = 1 + UNBONDING;
        assert_eq!(
            events(),
            [Event::Unstaked {
                who: ALICE,
                validator: VAL_A,
                amount: 200,
                at
            }]
        );
        unstake(ALICE, VAL_A, 300);
        let staker = Stakers::<Test>::get(ALICE);
        assert_eq!(staker.unbonding.len(), 1, "of one block: one entry");
        assert_eq!(staker.unbonding[0].amount, 500);
        assert!(staker.delegations.is_empty());
    });
}

#[test]
fn just_after_a_reward_everything_earned_stays_due() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 1_000);
        activate();
        author(VAL_A, 4);
        reward(100_001);
        unstake(ALICE, VAL_A, 1_000);
        author(VAL_A, 4);
        reward(100_000);
        assert_eq!(claim(ALICE, VAL_A), 50_000, "of the first reward only");
        assert_eq!(claim(OWNER_A, VAL_A), 150_000);
        assert_eq!(pot(), 1, "the two halves of a unit");
    });
}

#[test]
fn just_before_a_reward_it_takes_its_points_along() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 1_000);
        activate();
        author(VAL_A, 4);
        author(VAL_B, 4);
        unstake(ALICE, VAL_A, 1_000);
        reward(100_000);
        assert_eq!(claim(ALICE, VAL_A), 0);
        assert_eq!(claim(OWNER_A, VAL_A), 50_000, "both have 4,000 points");
        assert_eq!(claim(OWNER_B, VAL_B), 50_000);
    });
}

#[test]
fn what_is_pending_leaves_first() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 1_000);
        activate();
        author(VAL_A, 1);
        stake(ALICE, VAL_A, 300);
        unstake(ALICE, VAL_A, 300);
        reward(100_000);
        assert_eq!(claim(ALICE, VAL_A), 50_000, "all that was active is");
        unstake(ALICE, VAL_A, 500);
        activate();
        author(VAL_A, 1);
        reward(90_000);
        assert_eq!(claim(ALICE, VAL_A), 30_000);
    });
}

#[test]
fn locked_stake_stays() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 1_000);
        stake(ALICE, VAL_B, 1_000);
        Locked::set(1_500);
        assert_noop!(
            Delegation::unstake(signed(ALICE), VAL_A, 501),
            Error::<Test>::StakeLocked
        );
        unstake(ALICE, VAL_A, 500);
        Locked::set(0);
        unstake(ALICE, VAL_A, 500);
    });
}

#[test]
fn what_is_refused() {
    build_and_execute(|| {
        let unstake = |who, validator, amount| Delegation::unstake(signed(who), validator, amount);
        stake(ALICE, VAL_A, 500);
        assert_noop!(unstake(ALICE, VAL_A, 0), Error::<Test>::ZeroAmount);
        assert_noop!(unstake(ALICE, VAL_C, 1), Error::<Test>::NotValidator);
        assert_noop!(unstake(ALICE, VAL_B, 1), Error::<Test>::NotStaked);
        assert_noop!(unstake(ALICE, VAL_A, 501), Error::<Test>::NotEnoughStaked);
        assert_noop!(unstake(OWNER_A, VAL_A, 1), Error::<Test>::SelfStakeTooLow);
        assert_noop!(
            unstake(OWNER_A, VAL_A, 1_000),
            Error::<Test>::SelfStakeTooLow
        );
        Parameters::mutate(|parameters| parameters.min_stake = 400);
        assert_noop!(unstake(ALICE, VAL_A, 101), Error::<Test>::StakeTooLow);
        assert_ok!(unstake(ALICE, VAL_A, 100));
        assert_ok!(unstake(ALICE, VAL_A, 400));
        Parameters::mutate(|parameters| parameters.min_stake = 1);
        stake(ALICE, VAL_A, 500);
        for _ in 0..2 {
            forward(1);
            assert_ok!(unstake(ALICE, VAL_A, 1));
        }
        forward(1);
        assert_noop!(unstake(ALICE, VAL_A, 1), Error::<Test>::TooManyUnbondings);
        forward(UNBONDING);
        assert_ok!(Delegation::withdraw(signed(ALICE)));
        assert_ok!(unstake(ALICE, VAL_A, 1));
    });
}

#[test]
fn an_owner_s_surplus_can_leave_a_candidate() {
    build_and_execute(|| {
        stake(OWNER_A, VAL_A, 10);
        unstake(OWNER_A, VAL_A, 10);
        assert_eq!(staked(OWNER_A), SELF_STAKE);
    });
}
