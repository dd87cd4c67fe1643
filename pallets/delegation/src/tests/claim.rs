// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Claiming what was earned.

use crate::{Balance, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_core::U256;
use sp_runtime::TokenError;

#[test]
fn a_claim_pays_once() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 3_000);
        next_session();
        author(VAL_A, 1);
        reward(4_000);
        assert_eq!(Delegation::claimable(ALICE, VAL_A), 3_000);
        events();
        assert_ok!(Delegation::claim(signed(ALICE), VAL_A));
        assert_eq!(Balances::balance(&ALICE), ED + 3_000);
        assert_eq!(
            events(),
            [Event::Claimed {
                who: ALICE,
                validator: VAL_A,
                amount: 3_000
            }]
        );
        assert_noop!(
            Delegation::claim(signed(ALICE), VAL_A),
            Error::<Test>::NothingToClaim
        );
        assert_eq!(Delegation::claimable(ALICE, VAL_A), 0);
    });
}

#[test]
fn claiming_often_or_once_comes_to_the_same() {
    let run = |often: bool| {
        let mut paid = 0;
        build_and_execute(|| {
            stake(ALICE, VAL_A, 333);
            for _ in 0..50 {
                next_session();
                author(VAL_A, 1);
                reward(7);
                if often {
                    paid += claim(ALICE, VAL_A);
                }
            }
            paid += claim(ALICE, VAL_A);
        });
        paid
    };
    assert_eq!(run(true), run(false));
    assert_eq!(run(false), 50 * 7 * 333 / 1_333);
}

/// From one unit to ten to the eighteenth, each within one unit of its exact share
/// of all that was paid in, and together not more than that.
#[test]
fn tiny_stakes_beside_huge_ones() {
    let mut candidates = two();
    candidates[0].2 = 10u128.pow(18);
    genesis(candidates).execute_with(|| {
        let stakes = [
            (3, 1u128),
            (4, 10),
            (5, 10u128.pow(6)),
            (6, 10u128.pow(9)),
            (7, 10u128.pow(15)),
            (8, 10u128.pow(18)),
        ];
        for (who, amount) in stakes {
            stake(who, VAL_A, amount);
        }
        next_session();
        let mut paid_in = 0;
        for round in 1..=100u128 {
            author(VAL_A, 3);
            let amount = 10u128.pow(16) + round * 7_919;
            reward(amount);
            paid_in += amount;
        }
        let total: Balance =
            10u128.pow(18) + stakes.iter().map(|(_, amount)| amount).sum::<Balance>();
        let mut paid = 0;
        for (who, amount) in stakes.into_iter().chain([(OWNER_A, 10u128.pow(18))]) {
            let got = claim(who, VAL_A);
            let share = U256::from(paid_in) * U256::from(amount);
            let all = U256::from(total);
            assert!(
                U256::from(got) * all <= share,
                "{who} got more than its share"
            );
            assert!(
                U256::from(got + 1) * all > share,
                "{who} lost a unit or more"
            );
            paid += got;
        }
        assert!(paid <= paid_in);
        assert_eq!(pot(), paid_in - paid);
        assert!(pot() < 7, "less than a unit for each of them");
        check();
    });
}

#[test]
fn ten_thousand_stakers() {
    genesis(two()).execute_with(|| {
        let stakers = 10_000..20_000u64;
        for who in stakers.clone() {
            endow(who, 1_000_000);
            stake(who, VAL_A, u128::from(who % 97) + 1);
            set_balance(who, ED);
        }
        next_session();
        author(VAL_A, 1);
        author(VAL_B, 1);
        reward(1_000_000_007);
        let mut paid = 0;
        for who in stakers.clone().step_by(2) {
            paid += claim(who, VAL_A);
        }
        Delegation::do_try_state().expect("half of them were paid");
        author(VAL_A, 2);
        reward(1_000_003);
        for who in stakers.clone() {
            paid += claim(who, VAL_A);
        }
        paid += claim(OWNER_A, VAL_A) + claim(OWNER_B, VAL_B);
        Delegation::do_try_state().expect("all of them were paid");
        let paid_in = 1_000_000_007 + 1_000_003;
        assert!(
            paid <= paid_in && paid_in - paid <= 10_002,
            "{paid} of {paid_in}"
        );
        for who in stakers {
            unstake(who, VAL_A, u128::from(who % 97) + 1);
        }
        Delegation::do_try_state().expect("all of them have left");
    });
}

#[test]
fn claims_of_one_validator_leave_the_other_s() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 1_000);
        stake(ALICE, VAL_B, 1_000);
        next_session();
        author(VAL_A, 1);
        author(VAL_B, 1);
        reward(80_000);
        assert_eq!(claim(ALICE, VAL_A), 20_000);
        assert_eq!(claim(ALICE, VAL_B), 20_000);
    });
}

#[test]
fn an_account_that_cannot_live_waits() {
    build_and_execute(|| {
        set_balance(ALICE, 0);
        stake(ALICE, VAL_A, 1_000);
        next_session();
        author(VAL_A, 1);
        reward(2 * ED - 2);
        assert_noop!(
            Delegation::claim(signed(ALICE), VAL_A),
            TokenError::BelowMinimum
        );
        author(VAL_A, 1);
        reward(2);
        assert_eq!(claim(ALICE, VAL_A), ED);
    });
}

#[test]
fn who_has_nothing_claims_nothing() {
    build_and_execute(|| {
        assert_noop!(
            Delegation::claim(signed(BOB), VAL_A),
            Error::<Test>::NothingToClaim
        );
        assert_noop!(
            Delegation::claim(signed(BOB), 99),
            Error::<Test>::NothingToClaim
        );
    });
}
