// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Revenue that the runtime had transferred to the pot.

use crate::{Error, Event, mock::*};
use frame_support::{
    assert_noop, assert_ok,
    traits::{fungibles::Mutate, tokens::Preservation},
};

fn send(asset: Kind, amount: Balance) {
    assert_ok!(NativeAndAssets::transfer(
        asset,
        &ATTACKER,
        &pot(),
        amount,
        Preservation::Preserve
    ));
}

#[test]
fn what_came_is_noted_and_spent() {
    build_and_execute(|| {
        send(TAO, 50 * NI);
        assert_ok!(Buyback::note_revenue(TAO, 50 * NI));
        assert_eq!(Buyback::pending(&TAO), 50 * NI);
        assert_eq!(
            events(),
            [Event::RevenueNoted {
                asset: TAO,
                amount: 50 * NI
            }]
        );
        forward(3 * PERIOD);
        assert!(Buyback::ledger(TAO).spent > 0);
    });
}

#[test]
fn nothing_is_noted_twice_or_unseen() {
    build_and_execute(|| {
        assert_noop!(Buyback::note_revenue(TAO, 1), Error::<Test>::NotReceived);
        assert_noop!(Buyback::note_revenue(NATIVE, 1), Error::<Test>::NotReceived);
        send(TAO, 50 * NI);
        assert_ok!(Buyback::note_revenue(TAO, 30 * NI));
        assert_noop!(
            Buyback::note_revenue(TAO, 20 * NI + 1),
            Error::<Test>::NotReceived
        );
        assert_ok!(Buyback::note_revenue(TAO, 20 * NI));
        assert_noop!(Buyback::note_revenue(TAO, 1), Error::<Test>::NotReceived);
    });
}

#[test]
fn ni_is_burned_and_the_endowment_stays() {
    build_and_execute(|| {
        send(NATIVE, 7 * NI);
        assert_noop!(
            Buyback::note_revenue(NATIVE, 7 * NI + 1),
            Error::<Test>::NotReceived
        );
        assert_ok!(Buyback::note_revenue(NATIVE, 7 * NI));
        assert_eq!(balance(NATIVE, pot()), ED);
        assert_eq!(Buyback::totals().burned, 7 * NI);
    });
}

#[test]
fn an_asset_that_is_not_enabled_is_pending() {
    build_and_execute(|| {
        assert_ok!(Buyback::disable_asset(RuntimeOrigin::root(), TAO));
        send(TAO, 50 * NI);
        assert_ok!(Buyback::note_revenue(TAO, 50 * NI));
        assert_eq!(Buyback::pending(&TAO), 50 * NI);
    });
}

#[test]
fn nothing_is_no_news() {
    build_and_execute(|| {
        assert_ok!(Buyback::note_revenue(TAO, 0));
        assert_ok!(Buyback::note_revenue(NATIVE, 0));
        assert_eq!(events(), []);
    });
}
