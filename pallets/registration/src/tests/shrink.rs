// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `shrink`.

use crate::{Error, Event, Role, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Perbill};

#[test]
fn the_highest_slots_prove_nothing_from_now_on() {
    build_and_execute(|| {
        register_miner(4);
        events();
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 3));
        assert!(Registration::can_prove(&HOTKEY, 2));
        assert!(!Registration::can_prove(&HOTKEY, 3));
        // The bond stays where it can be slashed.
        assert_eq!(held(ALICE), 4 * BOND);
        assert_eq!(Registration::slash(&HOTKEY, 3, Perbill::one(), None), BOND);
        assert!(matches!(
            events()[..],
            [
                Event::Departing { hotkey: HOTKEY, keep: 3, at },
                Event::Slashed { .. }
            ] if at == START + COOL_DOWN
        ));
    });
}

#[test]
fn shrinking_further_begins_the_cool_down_anew() {
    build_and_execute(|| {
        register_miner(4);
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 3));
        forward(COOL_DOWN - 1);
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 1));
        forward(1);
        assert_noop!(
            Registration::withdraw(signed(ALICE), HOTKEY),
            Error::<Test>::CoolingDown
        );
        forward(COOL_DOWN - 1);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert_eq!(held(ALICE), BOND);
    });
}

#[test]
fn there_must_be_fewer_slots_than_before_and_one_at_least() {
    build_and_execute(|| {
        register_miner(3);
        let shrink = |keep| Registration::shrink(signed(ALICE), HOTKEY, keep);
        assert_noop!(shrink(0), Error::<Test>::NoSlots);
        assert_noop!(shrink(3), Error::<Test>::NotSmaller);
        assert_noop!(shrink(u32::MAX), Error::<Test>::NotSmaller);
        assert_ok!(shrink(2));
        // What has begun to leave does not come back.
        assert_noop!(shrink(2), Error::<Test>::NotSmaller);
        assert_noop!(shrink(3), Error::<Test>::NotSmaller);
        assert_ok!(Registration::register(
            signed(ALICE),
            11,
            Role::Validator,
            1,
            5_000
        ));
        assert_noop!(
            Registration::shrink(signed(ALICE), 11, 1),
            Error::<Test>::NotSmaller
        );
    });
}

#[test]
fn only_the_owner_shrinks_what_is_registered() {
    build_and_execute(|| {
        assert_noop!(
            Registration::shrink(signed(ALICE), HOTKEY, 1),
            Error::<Test>::NotRegistered
        );
        register_miner(2);
        assert_noop!(
            Registration::shrink(signed(BOB), HOTKEY, 1),
            Error::<Test>::NotOwner
        );
        assert_noop!(
            Registration::shrink(RuntimeOrigin::root(), HOTKEY, 1),
            DispatchError::BadOrigin
        );
    });
}
