// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Claiming what was earned.

use crate::{Balance, Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_core::U256;
use sp_runtime::{Perbill, TokenError};

#[test]
fn a_claim_pays_once() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 3_000);
        activate();
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
                activate();
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
        activate();
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
        activate();
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

/// Of an exact share, a sum of reward · stake / active over rounds, the whole units and
/// the rest as a fraction of the common denominator.
fn exact(stake: Balance, rounds: &[(Balance, Balance)]) -> (U256, U256, U256) {
    let common = rounds
        .iter()
        .fold(U256::one(), |all, (_, active)| all * U256::from(*active));
    let sum = rounds.iter().fold(U256::zero(), |sum, (reward, active)| {
        sum + U256::from(*reward) * U256::from(stake) * (common / U256::from(*active))
    });
    (sum / common, sum % common, common)
}

/// Ten thousand delegators, a commission that changes, and a slash while half of them
/// unbond: each claim by itself is its exact share, rounded down to a unit.
#[test]
fn each_of_ten_thousand_claims_is_less_than_a_unit_off() {
    const TENTH: Balance = 10;
    let mut candidates = two();
    candidates[0].3 = Perbill::from_percent(10);
    genesis(candidates).execute_with(|| {
        let stakers = 10_000..20_000u64;
        // From one unit to some 10¹², in no order.
        let stake_of =
            |who: AccountId| 10u128.pow(u32::try_from(who % 13).unwrap()) + u128::from(who % 97);
        for who in stakers.clone() {
            endow(who, 2 * 10u128.pow(12));
            stake(who, VAL_A, stake_of(who));
            set_balance(who, ED);
        }
        let all: Balance = stakers.clone().map(stake_of).sum();
        activate();

        // By round what the stakers share, and the stake that shares it.
        let mut rounds = Vec::new();
        let mut commission = 0;
        let mut round = |reward_of: Balance, percent: Balance, active: Balance| {
            author(VAL_A, 1);
            reward(reward_of);
            // Touched, so that the round is settled at the rate it was earned at.
            author(VAL_A, 1);
            let cut = reward_of * percent / 100;
            rounds.push((reward_of - cut, active));
            commission += cut;
            rounds.clone()
        };
        round(10u128.pow(15) + 7, TENTH, all + SELF_STAKE);

        // Half of them leave, and while they unbond their validator's owner is slashed
        // and its commission falls.
        let leaves = |who: &AccountId| who.is_multiple_of(2);
        for who in stakers.clone().filter(leaves) {
            unstake(who, VAL_A, stake_of(who));
        }
        let left: Balance = stakers.clone().filter(leaves).map(stake_of).sum();
        forward(INTERVAL);
        assert_eq!(
            Delegation::slash(&VAL_A, 0, Perbill::from_percent(33)),
            SELF_STAKE * 33 / 100
        );
        let active = all - left + SELF_STAKE * 67 / 100;
        let set = |percent| {
            let percent = Perbill::from_percent(percent);
            Delegation::set_commission(signed(OWNER_A), VAL_A, percent)
        };
        assert_ok!(set(3));
        round(10u128.pow(15) + 1_000_003, 3, active);
        // Some claim between two rewards, and then again.
        let mut claimed: std::collections::BTreeMap<AccountId, Balance> = stakers
            .clone()
            .filter(|who| who % 3 == 0)
            .map(|who| (who, claim(who, VAL_A)))
            .collect();
        forward(INTERVAL);
        assert_ok!(set(8));
        let stayed = round(999_999_999_999_989, 8, active);

        for who in stakers.clone() {
            let got = claimed.remove(&who).unwrap_or(0) + claim(who, VAL_A);
            let shared = if leaves(&who) {
                &stayed[..1]
            } else {
                &stayed[..]
            };
            let (units, rest, common) = exact(stake_of(who), shared);
            // What a reward leaves undivided is in the next, which shares it among
            // others: less than 10⁻²⁰ units, which count where the share is as near
            // to a whole number as that.
            let near = common / U256::from(10u128.pow(20)) + U256::one();
            let up = rest + near >= common;
            let down = rest < near;
            let possible = [
                units.as_u128(),
                units.as_u128() + u128::from(up),
                units.as_u128().saturating_sub(u128::from(down)),
            ];
            assert!(
                possible.contains(&got),
                "{who} got {got} of {units} and {rest} / {common}"
            );
        }
        let before = Balances::balance(&OWNER_A);
        assert_ok!(Delegation::claim_commission(signed(OWNER_A), VAL_A));
        let paid = Balances::balance(&OWNER_A) - before;
        assert_eq!(paid, commission, "commissions are exact");
        Delegation::do_try_state().expect("all of them were paid");

        // Those who left get all of their stake back: none of it was slashed.
        forward(UNBONDING);
        for who in stakers.filter(leaves) {
            assert_ok!(Delegation::withdraw(signed(who)));
            assert_eq!((held(who), staked(who)), (0, 0));
        }
        Delegation::do_try_state().expect("half of them have left");
    });
}

#[test]
fn claims_of_one_validator_leave_the_other_s() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 1_000);
        stake(ALICE, VAL_B, 1_000);
        activate();
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
        activate();
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
