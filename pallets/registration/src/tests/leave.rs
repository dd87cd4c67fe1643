// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `leave`.

use crate::{Error, Event, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Perbill};

#[test]
fn nothing_is_proven_from_now_on_and_the_bonds_stay() {
    build_and_execute(|| {
        register_miner(2);
        events();
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        assert!((0..2).all(|gpu| !Registration::can_prove(&HOTKEY, gpu)));
        assert_eq!(held(ALICE), 2 * BOND);
        assert_eq!(Registration::owner_of(&HOTKEY), Some(ALICE));
        assert_eq!(
            events(),
            [Event::Departing {
                hotkey: HOTKEY,
                keep: 0,
                at: START + COOL_DOWN
            }]
        );
        assert_eq!(
            Registration::slash(&HOTKEY, 1, Perbill::from_percent(50), None),
            BOND / 2
        );
    });
}

#[test]
fn a_shrinking_hotkey_can_leave_altogether() {
    build_and_execute(|| {
        register_miner(3);
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 1));
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert_eq!(held(ALICE), 0);
    });
}

#[test]
fn once_is_enough() {
    build_and_execute(|| {
        register_miner(2);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        assert_noop!(
            Registration::leave(signed(ALICE), HOTKEY),
            Error::<Test>::AlreadyLeaving
        );
    });
}

#[test]
fn only_the_owner_leaves_what_is_registered() {
    build_and_execute(|| {
        assert_noop!(
            Registration::leave(signed(ALICE), HOTKEY),
            Error::<Test>::NotRegistered
        );
        register_miner(1);
        for who in [BOB, HOTKEY] {
            assert_noop!(
                Registration::leave(signed(who), HOTKEY),
                Error::<Test>::NotOwner
            );
        }
        assert_noop!(
            Registration::leave(RuntimeOrigin::root(), HOTKEY),
            DispatchError::BadOrigin
        );
    });
}
