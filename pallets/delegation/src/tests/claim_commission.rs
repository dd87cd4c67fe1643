// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Claiming a commission.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::{Perbill, TokenError};

#[test]
fn the_commission_is_the_owner_s_and_the_rest_is_shared() {
    let candidates = vec![(VAL_A, OWNER_A, 1_000, Perbill::from_percent(20))];
    genesis(candidates).execute_with(|| {
        stake(ALICE, VAL_A, 3_000);
        activate();
        author(VAL_A, 1);
        reward(100_003);
        events();
        assert_ok!(Delegation::claim_commission(signed(OWNER_A), VAL_A));
        assert_eq!(
            events(),
            [Event::CommissionClaimed {
                hotkey: VAL_A,
                owner: OWNER_A,
                amount: 20_000
            }]
        );
        assert_eq!(Balances::balance(&OWNER_A), ED + 20_000);
        assert_eq!(claim(ALICE, VAL_A), 60_002, "three quarters of 80,003");
        assert_eq!(claim(OWNER_A, VAL_A), 20_000);
        check();
    });
}

#[test]
fn an_owner_whose_account_cannot_live_waits() {
    let candidates = vec![(VAL_A, OWNER_A, 1_000, Perbill::from_percent(20))];
    genesis(candidates).execute_with(|| {
        set_balance(OWNER_A, 0);
        activate();
        author(VAL_A, 1);
        reward(5 * (ED - 1));
        // It has to be settled to be due.
        author(VAL_A, 1);
        let claim = || Delegation::claim_commission(signed(OWNER_A), VAL_A);
        assert_noop!(claim(), TokenError::BelowMinimum);
        reward(5);
        assert_ok!(claim());
        assert_eq!(Balances::balance(&OWNER_A), ED, "nothing of it was lost");
        check();
    });
}

#[test]
fn what_is_refused() {
    build_and_execute(|| {
        let claim = |who, hotkey| Delegation::claim_commission(signed(who), hotkey);
        assert_noop!(claim(OWNER_C, VAL_C), Error::<Test>::NotValidator);
        assert_noop!(claim(ALICE, VAL_A), Error::<Test>::NotOwner);
        assert_noop!(claim(OWNER_A, VAL_A), Error::<Test>::NothingToClaim);
    });
}
