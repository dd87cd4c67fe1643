// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `draw`: what was recycled and not drawn yet, and not a unit more.

use crate::{Error, Event, Recycle, RegistrationFees, mock::*};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        Imbalance, OnUnbalanced,
        fungible::{Balanced, Inspect},
    },
};

fn recycle(amount: Balance) {
    Recycle::<Test, RegistrationFees>::on_unbalanced(credit_from(ALICE, amount));
}

#[test]
fn pays_out_of_the_pool_and_leaves_the_issuance() {
    build_and_execute(|| {
        recycle(10 * NI);
        events();
        let credit = Supply::draw(4 * NI).expect("the pool has it");
        assert_ok!(Balances::resolve(&BOB, credit).map_err(|credit| credit.peek()));
        assert_eq!(Supply::pool(), 6 * NI);
        assert_eq!(Supply::drawn(), 4 * NI);
        assert_eq!(Supply::recycled(), 10 * NI);
        assert_eq!(Balances::balance(&Supply::pool_account()), ED + 6 * NI);
        assert_eq!(Balances::total_issuance(), GENESIS);
        assert_eq!(events(), [Event::Drawn { amount: 4 * NI }]);
    });
}

#[test]
fn the_pool_is_emptied_to_its_endowment_and_no_further() {
    build_and_execute(|| {
        assert_noop!(
            Supply::draw(1).map(|credit| credit.peek()),
            Error::<Test>::PoolExhausted
        );
        recycle(5);
        assert_noop!(
            Supply::draw(6).map(|credit| credit.peek()),
            Error::<Test>::PoolExhausted
        );
        let credit = Supply::draw(5).expect("the pool has it");
        assert_ok!(Balances::resolve(&BOB, credit).map_err(|credit| credit.peek()));
        assert_eq!(Supply::pool(), 0);
        assert_eq!(Balances::balance(&Supply::pool_account()), ED);
        // An empty pool takes a single unit again.
        recycle(1);
        assert_eq!(Supply::pool(), 1);
    });
}

#[test]
fn nothing_is_no_movement() {
    build_and_execute(|| {
        assert_eq!(Supply::draw(0).expect("nothing is in the pool").peek(), 0);
        assert_eq!(events(), []);
    });
}

#[test]
fn what_was_sent_unasked_is_not_there_before_the_round_ends() {
    build_and_execute(|| {
        assert_ok!(Balances::transfer_keep_alive(
            RuntimeOrigin::signed(ALICE),
            Supply::pool_account(),
            NI
        ));
        assert_eq!(Supply::pool(), 0);
        assert_noop!(
            Supply::draw(1).map(|credit| credit.peek()),
            Error::<Test>::PoolExhausted
        );
    });
}
