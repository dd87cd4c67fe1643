// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `top_up`.

use crate::{Error, Event, Role, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, Perbill, TokenError};

#[test]
fn restores_one_gpu_to_what_is_required() {
    build_and_execute(|| {
        register_miner(3);
        for gpu in 1..3 {
            Registration::slash(&HOTKEY, gpu, Perbill::from_percent(25), None);
        }
        assert!(!Registration::can_prove(&HOTKEY, 1));
        events();
        assert_ok!(Registration::top_up(signed(ALICE), HOTKEY, 1));
        assert!(Registration::can_prove(&HOTKEY, 1));
        assert!(!Registration::can_prove(&HOTKEY, 2));
        assert_eq!(Registration::bond_of(&HOTKEY, 1), BOND);
        assert_eq!(held(ALICE), 3 * BOND - 2_500);
        assert_eq!(
            events(),
            [Event::ToppedUp {
                hotkey: HOTKEY,
                gpu: 1,
                added: 2_500
            }]
        );
    });
}

#[test]
fn restores_to_what_was_required_when_the_lease_was_paid() {
    build_and_execute(|| {
        register_miner(1);
        Registration::slash(&HOTKEY, 0, Perbill::one(), None);
        Parameters::mutate(|parameters| parameters.bond = 2 * BOND);
        assert_ok!(Registration::top_up(signed(ALICE), HOTKEY, 0));
        assert_eq!(held(ALICE), BOND);
        assert!(Registration::can_prove(&HOTKEY, 0));
    });
}

#[test]
fn a_whole_bond_takes_nothing_more() {
    build_and_execute(|| {
        register_miner(1);
        assert_noop!(
            Registration::top_up(signed(ALICE), HOTKEY, 0),
            Error::<Test>::BondSufficient
        );
        // Nor does one above what is required by now.
        Parameters::mutate(|parameters| parameters.bond = BOND - 1);
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, Balance::MAX));
        assert_noop!(
            Registration::top_up(signed(ALICE), HOTKEY, 0),
            Error::<Test>::BondSufficient
        );
    });
}

#[test]
fn only_slots_that_stay_can_be_topped_up() {
    build_and_execute(|| {
        register_miner(2);
        assert_noop!(
            Registration::top_up(signed(ALICE), HOTKEY, 2),
            Error::<Test>::NoSuchSlot
        );
        Registration::slash(&HOTKEY, 1, Perbill::one(), None);
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 1));
        assert_noop!(
            Registration::top_up(signed(ALICE), HOTKEY, 1),
            Error::<Test>::NoSuchSlot
        );
        // A validator has a slot and no GPU.
        assert_ok!(Registration::register(
            signed(ALICE),
            11,
            Role::Validator,
            1,
            5_000
        ));
        assert_noop!(
            Registration::top_up(signed(ALICE), 11, 0),
            Error::<Test>::NoSuchSlot
        );
    });
}

#[test]
fn only_the_owner_tops_up_what_is_registered() {
    build_and_execute(|| {
        assert_noop!(
            Registration::top_up(signed(ALICE), HOTKEY, 0),
            Error::<Test>::NotRegistered
        );
        register_miner(1);
        Registration::slash(&HOTKEY, 0, Perbill::one(), None);
        assert_noop!(
            Registration::top_up(signed(BOB), HOTKEY, 0),
            Error::<Test>::NotOwner
        );
        assert_noop!(
            Registration::top_up(RuntimeOrigin::none(), HOTKEY, 0),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn who_cannot_bond_tops_up_nothing() {
    build_and_execute(|| {
        register_miner(2);
        Registration::slash(&HOTKEY, 0, Perbill::one(), None);
        set_free(ALICE, BOND + ED - 1);
        assert_noop!(
            Registration::top_up(signed(ALICE), HOTKEY, 0),
            TokenError::FundsUnavailable
        );
    });
}
