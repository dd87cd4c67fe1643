// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `mint`: exactly up to the cap, ever.

use crate::{Error, Event, MintReason, mock::*};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        Imbalance,
        fungible::{Inspect, Unbalanced},
    },
};
use sp_runtime::ArithmeticError;

#[test]
fn gives_a_credit_of_exactly_the_amount() {
    build_and_execute(|| {
        mint_to(ALICE, 7 * NI);
        assert_eq!(Balances::balance(&ALICE), ENDOWED + 7 * NI);
        assert_eq!(Balances::total_issuance(), GENESIS + 7 * NI);
        assert_eq!(Supply::minted(), GENESIS + 7 * NI);
        assert_eq!(events(), [Event::Minted { amount: 7 * NI }]);
    });
}

#[test]
fn nothing_is_no_movement() {
    build_and_execute(|| {
        let credit = Supply::mint(0, MintReason::Emission).expect("nothing is under the cap");
        assert_eq!(credit.peek(), 0);
        assert_eq!(events(), []);
    });
}

#[test]
fn the_cap_is_reached_exactly_and_never_passed() {
    build_and_execute(|| {
        let left = CAP - GENESIS;
        assert_noop!(
            Supply::mint(left + 1, MintReason::Emission).map(|credit| credit.peek()),
            Error::<Test>::CapExceeded
        );
        mint_to(ALICE, left);
        assert_eq!(Supply::minted(), Supply::cap());
        assert_noop!(
            Supply::mint(1, MintReason::Emission).map(|credit| credit.peek()),
            Error::<Test>::CapExceeded
        );
    });
}

#[test]
fn burning_makes_no_room_under_the_cap() {
    build_and_execute(|| {
        mint_to(ALICE, CAP - GENESIS);
        assert_ok!(Supply::burn(RuntimeOrigin::signed(ALICE), NI));
        assert_noop!(
            Supply::mint(1, MintReason::Emission).map(|credit| credit.peek()),
            Error::<Test>::CapExceeded
        );
    });
}

#[test]
fn an_amount_no_balance_can_hold_is_an_error() {
    build_and_execute(|| {
        assert_noop!(
            Supply::mint(Balance::MAX, MintReason::Emission).map(|credit| credit.peek()),
            ArithmeticError::Overflow
        );
    });
    // So is one the issuance has no room for, though the cap has.
    build_and_execute(|| {
        let issued = Balances::total_issuance();
        Balances::set_total_issuance(Balance::MAX);
        assert_noop!(
            Supply::mint(1, MintReason::Emission).map(|credit| credit.peek()),
            ArithmeticError::Overflow
        );
        Balances::set_total_issuance(issued);
    });
}
