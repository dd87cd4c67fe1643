// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `can_prove`: each condition alone makes the difference.

use crate::{Role, mock::*};
use frame_support::assert_ok;
use sp_runtime::Perbill;

#[test]
fn a_registered_slot_with_a_whole_bond_in_a_running_lease() {
    build_and_execute(|| {
        register_miner(2);
        assert!(Registration::can_prove(&HOTKEY, 0));
        assert!(Registration::can_prove(&HOTKEY, 1));
    });
}

#[test]
fn not_a_slot_there_is_not() {
    build_and_execute(|| {
        register_miner(2);
        assert!(!Registration::can_prove(&HOTKEY, 2));
        assert!(!Registration::can_prove(&HOTKEY, u32::MAX));
    });
}

#[test]
fn not_an_unregistered_hotkey_nor_the_owner() {
    build_and_execute(|| {
        assert!(!Registration::can_prove(&HOTKEY, 0));
        register_miner(1);
        assert!(!Registration::can_prove(&ALICE, 0));
    });
}

#[test]
fn not_a_validator() {
    build_and_execute(|| {
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Validator,
            1,
            5_000
        ));
        assert!(!Registration::can_prove(&HOTKEY, 0));
    });
}

#[test]
fn to_the_last_block_of_the_lease() {
    build_and_execute(|| {
        register_miner(1);
        forward(TERM - 1);
        assert!(Registration::can_prove(&HOTKEY, 0));
        forward(1);
        assert!(!Registration::can_prove(&HOTKEY, 0));
    });
}

#[test]
fn not_with_a_unit_missing_of_the_bond() {
    build_and_execute(|| {
        register_miner(1);
        assert_eq!(
            Registration::slash(&HOTKEY, 0, Perbill::from_parts(1), None),
            1
        );
        assert!(!Registration::can_prove(&HOTKEY, 0));
        assert_ok!(Registration::top_up(signed(ALICE), HOTKEY, 0));
        assert!(Registration::can_prove(&HOTKEY, 0));
    });
}

#[test]
fn a_higher_requirement_waits_for_the_renewal() {
    build_and_execute(|| {
        register_miner(1);
        Parameters::mutate(|parameters| parameters.bond = 100 * BOND);
        assert!(Registration::can_prove(&HOTKEY, 0));
    });
}
