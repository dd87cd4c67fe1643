// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Staking.

use crate::{Error, Event, Ranked, Stakers, mock::*};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::{Perbill, TokenError};

#[test]
fn stake_is_held_and_ranked() {
    build_and_execute(|| {
        stake(ALICE, VAL_B, 500);
        assert_eq!(held(ALICE), 500);
        assert_eq!(Stake::balance(&ALICE), ENDOWED - 500);
        assert_eq!(Delegation::total_staked(), 2_500);
        assert_eq!(Ranked::<Test>::get().candidates[0].hotkey, VAL_B);
        assert_eq!(
            events(),
            [Event::Staked {
                who: ALICE,
                validator: VAL_B,
                amount: 500,
                from: 1
            }]
        );
    });
}

#[test]
fn stake_earns_nothing_for_the_session_it_was_staked_in() {
    build_and_execute(|| {
        activate();
        author(VAL_A, 2);
        stake(ALICE, VAL_A, 1_000);
        author(VAL_A, 2);
        reward(100_000);
        author(VAL_A, 3);
        reward(100_000);
        assert_eq!(claim(ALICE, VAL_A), 0);
        assert_eq!(claim(OWNER_A, VAL_A), 200_000);
        // The twin: from the next session it earns like the other.
        activate();
        author(VAL_A, 1);
        reward(100_000);
        assert_eq!(claim(ALICE, VAL_A), 50_000);
        assert_eq!(claim(OWNER_A, VAL_A), 50_000);
    });
}

#[test]
fn a_round_that_a_session_ends_in_is_for_who_was_there_when_it_began() {
    build_and_execute(|| {
        activate();
        author(VAL_A, 2);
        stake(ALICE, VAL_A, 1_000);
        next_session();
        author(VAL_B, 2);
        author(VAL_A, 2);
        reward(300_000);
        // Points: A 4,000, of both sessions, and B 2,000.
        assert_eq!(claim(ALICE, VAL_A), 0);
        assert_eq!(claim(OWNER_A, VAL_A), 200_000);
        assert_eq!(claim(OWNER_B, VAL_B), 100_000);
        // The twin: with the first round of the session she is there.
        author(VAL_B, 1);
        author(VAL_A, 1);
        reward(300_000);
        assert_eq!(claim(ALICE, VAL_A), 100_000);
        assert_eq!(claim(OWNER_A, VAL_A), 100_000);
        assert_eq!(claim(OWNER_B, VAL_B), 100_000);
    });
}

/// The rival stakes a unit in each session before its first round, so that what others
/// have staked there counts as staked anew.
#[test]
fn nobody_s_stake_waits_for_another_s() {
    build_and_execute(|| {
        activate();
        stake(ALICE, VAL_A, 1_000);
        for _ in 0..3 {
            next_session();
            stake(BOB, VAL_A, 1);
        }
        reward(1);
        author(VAL_A, 1);
        reward(2_002);
        assert_eq!(claim(ALICE, VAL_A), 1_000);
        // Staked in the same round, his is active with hers, and with no earlier one.
        assert_eq!(staked(BOB), 3);
        author(VAL_A, 1);
        stake(BOB, VAL_A, 500);
        reward(2_003);
        author(VAL_A, 1);
        reward(2_003);
        assert_eq!(claim(ALICE, VAL_A), 2_000);
        assert_eq!(claim(BOB, VAL_A), 9);
        next_session();
        reward(1);
        author(VAL_A, 1);
        reward(2_502);
        assert_eq!(claim(BOB, VAL_A), 503);
    });
}

#[test]
fn more_stake_of_one_account_is_active_by_parts() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 1_000);
        activate();
        author(VAL_A, 1);
        stake(ALICE, VAL_A, 2_000);
        reward(100_000);
        assert_eq!(claim(ALICE, VAL_A), 50_000, "her first thousand of two");
        activate();
        author(VAL_A, 1);
        // A third cohort, while the second has not been touched.
        stake(ALICE, VAL_A, 4_000);
        reward(100_000);
        assert_eq!(claim(ALICE, VAL_A), 75_000, "three thousand of four");
        activate();
        author(VAL_A, 1);
        reward(80_000);
        assert_eq!(claim(ALICE, VAL_A), 70_000, "seven thousand of eight");
        assert_eq!(claim(OWNER_A, VAL_A), 85_000);
        assert_eq!(pot(), 0);
    });
}

#[test]
fn untouched_for_many_sessions_a_stake_earns_them_all() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 3_000);
        for _ in 0..20 {
            activate();
            author(VAL_A, 3);
            stake(BOB, VAL_A, 1);
            reward(4_000_000);
        }
        let got = claim(ALICE, VAL_A);
        // 3,000 of 4,000 and a few of Bob's, which are one more each session.
        let share = |bob: u128| 4_000_000 * 3_000 / (4_000 + bob);
        let model: u128 = (0..20).map(share).sum();
        assert!(got >= model && got <= model + 20, "{got} against {model}");
    });
}

#[test]
fn what_is_refused() {
    build_and_execute(|| {
        let stake = |validator, amount| Delegation::stake(signed(ALICE), validator, amount);
        assert_noop!(stake(VAL_A, 0), Error::<Test>::ZeroAmount);
        assert_noop!(stake(VAL_C, 10), Error::<Test>::NotCandidate);
        assert_noop!(stake(VAL_A, ENDOWED), TokenError::FundsUnavailable);
        Parameters::mutate(|parameters| parameters.min_stake = 100);
        assert_noop!(stake(VAL_A, 99), Error::<Test>::StakeTooLow);
        assert_ok!(stake(VAL_A, 100));
        assert_ok!(stake(VAL_A, 1));
        // As many validators as an account can stake to.
        let spread: Vec<_> = Stakers::<Test>::get(ALICE).delegations.into_inner();
        assert_eq!(spread.len(), 1);
        assert_ok!(stake(VAL_B, 100));
        assert_ok!(Delegation::join(
            signed(OWNER_C),
            VAL_C,
            1_000,
            Perbill::zero()
        ));
        assert_ok!(stake(VAL_C, 100));
        assert_ok!(Delegation::leave(signed(OWNER_C), VAL_C));
        assert_ok!(Delegation::join(signed(6), 16, 1_000, Perbill::zero()));
        assert_noop!(stake(16, 100), Error::<Test>::TooManyDelegations);
    });
}

/// Who stakes to a validator that is not chosen waits in vain, and then again until its
/// stake has unbonded.
#[test]
fn a_candidate_whose_lease_is_over_takes_no_stake() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 500);
        let lapsed = |who| {
            assert_noop!(
                Delegation::stake(signed(who), VAL_A, 5),
                Error::<Test>::NotRegistered
            );
        };
        Owners::mutate(|owners| owners.remove(&VAL_A));
        assert!(Ranked::<Test>::get().contains(&VAL_A));
        lapsed(BOB);
        lapsed(ALICE);
        lapsed(OWNER_A);
        // Nor when another has the lease than the one whose self-stake stands for it.
        Owners::mutate(|owners| owners.insert(VAL_A, OWNER_C));
        lapsed(BOB);
        // It is not too late to leave, and what is on record stays its owner's.
        unstake(ALICE, VAL_A, 500);
        assert_eq!(Delegation::owner_on_record(&VAL_A), Some(OWNER_A));
        Owners::mutate(|owners| owners.insert(VAL_A, OWNER_A));
        stake(BOB, VAL_A, 5);
    });
}
