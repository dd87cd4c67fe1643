// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Changing a commission.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchResult, Perbill};

fn set(percent: u32) -> DispatchResult {
    Delegation::set_commission(signed(OWNER_A), VAL_A, Perbill::from_percent(percent))
}

#[test]
fn a_rise_is_limited_and_changes_are_apart() {
    build_and_execute(|| {
        assert_noop!(set(5), Error::<Test>::CommissionChangedTooSoon);
        forward(INTERVAL);
        assert_noop!(set(6), Error::<Test>::CommissionRisesTooFast);
        events();
        assert_ok!(set(5));
        let commission = Perbill::from_percent(5);
        assert_eq!(
            events(),
            [Event::CommissionSet {
                hotkey: VAL_A,
                commission
            }]
        );
        forward(INTERVAL - 1);
        assert_noop!(set(10), Error::<Test>::CommissionChangedTooSoon);
        assert_noop!(set(0), Error::<Test>::CommissionChangedTooSoon);
        forward(1);
        assert_ok!(set(10));
        forward(INTERVAL);
        assert_ok!(set(0));
    });
}

#[test]
fn it_touches_no_closed_round() {
    build_and_execute(|| {
        stake(ALICE, VAL_A, 1_000);
        activate();
        author(VAL_A, 1);
        reward(200_000);
        forward(INTERVAL);
        assert_ok!(set(5));
        author(VAL_A, 1);
        reward(200_000);
        assert_eq!(claim(ALICE, VAL_A), 100_000 + 95_000);
        assert_ok!(Delegation::claim_commission(signed(OWNER_A), VAL_A));
        assert_eq!(claim(OWNER_A, VAL_A), 195_000);
        assert_eq!(pot(), 0);
    });
}

#[test]
fn what_is_refused() {
    build_and_execute(|| {
        let zero = Perbill::zero();
        assert_noop!(
            Delegation::set_commission(signed(OWNER_C), VAL_C, zero),
            Error::<Test>::NotValidator
        );
        assert_noop!(
            Delegation::set_commission(signed(ALICE), VAL_A, zero),
            Error::<Test>::NotOwner
        );
        assert_noop!(set(51), Error::<Test>::CommissionTooHigh);
    });
}
