// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `burn`.

use crate::{BurnSource, Error, Event, mock::*};
use frame_support::{
    assert_noop, assert_ok,
    traits::{fungible::Inspect, tokens::Preservation},
};
use sp_runtime::{DispatchError, TokenError};

#[test]
fn destroys_the_callers_own_and_writes_it_down() {
    build_and_execute(|| {
        assert_ok!(Supply::burn(RuntimeOrigin::signed(ALICE), 3 * NI));
        assert_eq!(Balances::balance(&ALICE), ENDOWED - 3 * NI);
        assert_eq!(Balances::total_issuance(), GENESIS - 3 * NI);
        assert_eq!(Supply::burned(), 3 * NI);
        // What is burned is not minted again: the cap is on what was ever minted.
        assert_eq!(Supply::minted(), GENESIS);
        assert_eq!(
            events(),
            [Event::Burned {
                source: BurnSource::Voluntary,
                amount: 3 * NI
            }]
        );
    });
}

#[test]
fn everything_spendable_can_be_burned_and_no_more() {
    build_and_execute(|| {
        let spendable = Balances::reducible_balance(
            &ALICE,
            Preservation::Preserve,
            frame_support::traits::tokens::Fortitude::Polite,
        );
        assert_noop!(
            Supply::burn(RuntimeOrigin::signed(ALICE), spendable + 1),
            TokenError::FundsUnavailable
        );
        assert_ok!(Supply::burn(RuntimeOrigin::signed(ALICE), spendable));
        assert_eq!(Balances::balance(&ALICE), ED);
    });
}

#[test]
fn nothing_is_refused() {
    build_and_execute(|| {
        assert_noop!(
            Supply::burn(RuntimeOrigin::signed(ALICE), 0),
            Error::<Test>::NothingToBurn
        );
    });
}

#[test]
fn only_a_signed_origin_burns() {
    build_and_execute(|| {
        assert_noop!(
            Supply::burn(RuntimeOrigin::root(), 1),
            DispatchError::BadOrigin
        );
        assert_noop!(
            Supply::burn(RuntimeOrigin::none(), 1),
            DispatchError::BadOrigin
        );
    });
}
