// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Withdrawing what has unbonded.

use crate::{Error, Event, Stakers, mock::*};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};

#[test]
fn only_what_is_over_is_released() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 500);
        unstake(ALICE, VAL_A, 200);
        forward(10);
        unstake(ALICE, VAL_A, 300);
        assert_noop!(
            Delegation::withdraw(signed(ALICE)),
            Error::<Test>::NothingToWithdraw
        );
        forward(UNBONDING - 11);
        assert_noop!(
            Delegation::withdraw(signed(ALICE)),
            Error::<Test>::NothingToWithdraw
        );
        forward(1);
        events();
        assert_ok!(Delegation::withdraw(signed(ALICE)));
        assert_eq!(
            events(),
            [Event::Withdrawn {
                who: ALICE,
                amount: 200
            }]
        );
        assert_eq!((held(ALICE), Stake::balance(&ALICE)), (300, ENDOWED - 300));
        forward(10);
        assert_ok!(Delegation::withdraw(signed(ALICE)));
        assert_eq!((held(ALICE), Stake::balance(&ALICE)), (0, ENDOWED));
        assert!(!Stakers::<Test>::contains_key(ALICE));
    });
}

#[test]
fn who_has_nothing_withdraws_nothing() {
    build_and_execute(|| {
        assert_noop!(
            Delegation::withdraw(signed(BOB)),
            Error::<Test>::NothingToWithdraw
        );
    });
}
