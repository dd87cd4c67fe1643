// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Leaving the candidates.

use crate::{Error, Event, Ranked, ValidatorRecords, mock::*};
use frame_support::{assert_noop, assert_ok};

#[test]
fn stake_stays_and_can_leave() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 50);
        assert_noop!(
            Delegation::unstake(signed(OWNER_A), VAL_A, 1),
            Error::<Test>::SelfStakeTooLow
        );
        events();
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        assert_eq!(events(), [Event::Left { hotkey: VAL_A }]);
        assert!(!Ranked::<Test>::get().contains(&VAL_A));
        assert_eq!(Delegation::total_staked(), 2_050);
        unstake(OWNER_A, VAL_A, 1_000);
        unstake(ALICE, VAL_A, 50);
        assert!(
            ValidatorRecords::<Test>::contains_key(VAL_A),
            "self-stake is unbonding"
        );
        forward(UNBONDING);
        assert_ok!(Delegation::withdraw(signed(OWNER_A)));
        assert!(
            !ValidatorRecords::<Test>::contains_key(VAL_A),
            "nothing is left"
        );
    });
}

#[test]
fn who_may_not_leave() {
    build_and_execute(|| {
        assert_noop!(
            Delegation::leave(signed(OWNER_C), VAL_C),
            Error::<Test>::NotValidator
        );
        assert_noop!(
            Delegation::leave(signed(ALICE), VAL_A),
            Error::<Test>::NotOwner
        );
        assert_ok!(Delegation::leave(signed(OWNER_A), VAL_A));
        assert_noop!(
            Delegation::leave(signed(OWNER_A), VAL_A),
            Error::<Test>::NotCandidate
        );
    });
}
