// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `register`.

use crate::{Error, Event, Hotkeys, Markets, Role, mock::*};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::{DispatchError, TokenError, traits::Zero};

#[test]
fn the_owner_pays_the_price_bonds_each_gpu_and_no_more() {
    build_and_execute(|| {
        // 1000, then a bump of 1.26 a slot, rounded up: 1260, 1588, 2001.
        let fee = 1_000 + 1_260 + 1_588 + 2_001;
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Miner,
            4,
            fee
        ));
        assert_eq!(Balances::balance(&ALICE), ENDOWED - fee - 4 * BOND);
        assert_eq!(held(ALICE), 4 * BOND);
        // The fee arrives to the last unit.
        assert_eq!(Balances::balance(&FEES), ENDOWED + fee);
        assert_eq!(Registration::owner_of(&HOTKEY), Some(ALICE));
        assert_eq!(Registration::bond_of(&HOTKEY, 3), BOND);
        assert_eq!(Registration::bond_of(&HOTKEY, 4), 0);
        assert_eq!(
            Markets::<Test>::get(Role::Miner).map(|market| market.slots),
            Some(4)
        );
        assert_eq!(
            events(),
            [Event::Registered {
                hotkey: HOTKEY,
                owner: ALICE,
                role: Role::Miner,
                slots: 4,
                fee,
                bond: BOND,
                expires_at: START + TERM,
            }]
        );
    });
}

#[test]
fn a_validator_has_one_slot_at_its_own_price_and_no_bond() {
    build_and_execute(|| {
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Validator,
            1,
            5_000
        ));
        assert_eq!(Balances::balance(&ALICE), ENDOWED - 5_000);
        assert_eq!(held(ALICE), 0);
        assert_eq!(Registration::owner_of(&HOTKEY), Some(ALICE));
        // The miners' price did not move.
        assert_eq!(Registration::price(Role::Miner), Some(FLOOR));
        assert_eq!(Registration::price(Role::Validator), Some(6_000));
        assert_noop!(
            Registration::register(signed(ALICE), 11, Role::Validator, 2, Balance::MAX),
            Error::<Test>::TooManySlots
        );
    });
}

#[test]
fn the_price_is_paid_exactly_or_nothing_happens() {
    build_and_execute(|| {
        assert_noop!(
            Registration::register(signed(ALICE), HOTKEY, Role::Miner, 2, 2_259),
            Error::<Test>::PriceAboveMaximum
        );
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Miner,
            2,
            2_260
        ));
        assert_eq!(Balances::balance(&FEES), ENDOWED + 2_260);
        // Dearer at once for the next one, who does not pay more than stated.
        assert_noop!(
            Registration::register(signed(BOB), 11, Role::Miner, 1, 1_587),
            Error::<Test>::PriceAboveMaximum
        );
        assert_ok!(Registration::register(
            signed(BOB),
            11,
            Role::Miner,
            1,
            1_000_000
        ));
        assert_eq!(Balances::balance(&FEES), ENDOWED + 2_260 + 1_588);
    });
}

#[test]
fn the_hotkey_has_an_account_without_a_balance() {
    build_and_execute(|| {
        assert!(!System::account_exists(&HOTKEY));
        register_miner(1);
        assert!(System::account_exists(&HOTKEY));
        assert_eq!(System::providers(&HOTKEY), 1);
        assert_eq!(Balances::total_balance(&HOTKEY), 0);
    });
}

#[test]
fn the_owner_may_be_its_own_hotkey() {
    build_and_execute(|| {
        assert_ok!(Registration::register(
            signed(ALICE),
            ALICE,
            Role::Miner,
            1,
            FLOOR
        ));
        assert_eq!(Registration::owner_of(&ALICE), Some(ALICE));
        assert_eq!(System::providers(&ALICE), 2);
    });
}

#[test]
fn a_hotkey_is_registered_once() {
    build_and_execute(|| {
        register_miner(1);
        for who in [ALICE, BOB] {
            for role in [Role::Miner, Role::Validator] {
                assert_noop!(
                    Registration::register(signed(who), HOTKEY, role, 1, Balance::MAX),
                    Error::<Test>::AlreadyRegistered
                );
            }
        }
        // A lapsed one is still taken, until it is withdrawn.
        forward(2 * TERM + COOL_DOWN);
        assert_noop!(
            Registration::register(signed(BOB), HOTKEY, Role::Miner, 1, Balance::MAX),
            Error::<Test>::AlreadyRegistered
        );
        assert_ok!(Registration::withdraw(signed(BOB), HOTKEY));
        assert_ok!(Registration::register(
            signed(BOB),
            HOTKEY,
            Role::Miner,
            1,
            Balance::MAX
        ));
    });
}

#[test]
fn registering_anothers_account_changes_nothing_for_it() {
    build_and_execute(|| {
        // Bob's account as Alice's hotkey: he keeps what he has and can use it.
        assert_ok!(Registration::register(
            signed(ALICE),
            BOB,
            Role::Miner,
            1,
            FLOOR
        ));
        assert_eq!(Balances::balance(&BOB), ENDOWED);
        assert_eq!(held(BOB), 0);
        assert_ok!(Registration::register(
            signed(BOB),
            HOTKEY,
            Role::Miner,
            1,
            Balance::MAX
        ));
        assert_ok!(Balances::transfer_allow_death(signed(BOB), ALICE, 1));
    });
}

#[test]
fn the_number_of_slots_is_bounded() {
    build_and_execute(|| {
        let register =
            |slots| Registration::register(signed(ALICE), HOTKEY, Role::Miner, slots, Balance::MAX);
        assert_noop!(register(0), Error::<Test>::NoSlots);
        assert_noop!(register(5), Error::<Test>::TooManySlots);
        assert_noop!(register(u32::MAX), Error::<Test>::TooManySlots);
        // What a hotkey can have is the limit even when a call could buy more.
        Parameters::mutate(|parameters| parameters.slots_per_call = MAX_SLOTS + 1);
        assert_noop!(register(MAX_SLOTS + 1), Error::<Test>::TooManySlots);
        assert_ok!(register(MAX_SLOTS));
        assert_eq!(
            Hotkeys::<Test>::get(HOTKEY).map(|registration| registration.slots()),
            Some(MAX_SLOTS)
        );
    });
}

#[test]
fn who_cannot_pay_or_bond_registers_nothing() {
    build_and_execute(|| {
        // The account is kept alive: its minimum balance pays nothing.
        set_free(ALICE, FLOOR + BOND + ED - 1);
        assert_noop!(
            Registration::register(signed(ALICE), HOTKEY, Role::Miner, 1, FLOOR),
            TokenError::FundsUnavailable
        );
        set_free(ALICE, FLOOR + ED - 1);
        assert_noop!(
            Registration::register(signed(ALICE), HOTKEY, Role::Miner, 1, FLOOR),
            TokenError::FundsUnavailable
        );
        assert_noop!(
            Registration::register(signed(99), HOTKEY, Role::Miner, 1, FLOOR),
            TokenError::FundsUnavailable
        );
    });
    build_and_execute(|| {
        set_free(ALICE, FLOOR + BOND + ED);
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Miner,
            1,
            FLOOR
        ));
        assert_eq!(Balances::balance(&ALICE), ED);
    });
}

#[test]
fn parameters_that_do_not_fit_together_sell_nothing() {
    build_and_execute(|| {
        register_miner(1);
        let valid = Parameters::get();
        let register = || Registration::register(signed(BOB), 11, Role::Miner, 1, Balance::MAX);
        Parameters::mutate(|parameters| parameters.half_life = 0);
        assert_noop!(register(), Error::<Test>::InvalidParameters);
        Parameters::mutate(|parameters| {
            parameters.half_life = HALF_LIFE;
            parameters.bump = Zero::zero();
        });
        assert_noop!(register(), Error::<Test>::InvalidParameters);
        Parameters::set(valid);
    });
}

#[test]
fn only_a_signed_origin_registers() {
    build_and_execute(|| {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(
                Registration::register(origin, HOTKEY, Role::Miner, 1, FLOOR),
                DispatchError::BadOrigin
            );
        }
    });
}

/// The rival waits until a validator's registration is freed and takes the hotkey, with
/// all that is bound to it.
#[test]
fn a_hotkey_that_is_kept_for_its_owner_is_nobody_else_s() {
    build_and_execute(|| {
        Kept::mutate(|kept| kept.insert(HOTKEY, ALICE));
        for role in [Role::Miner, Role::Validator] {
            assert_noop!(
                Registration::register(signed(BOB), HOTKEY, role, 1, Balance::MAX),
                Error::<Test>::NotOwner
            );
        }
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Validator,
            1,
            5_000
        ));
        // The twin: what is kept for nobody is anybody's.
        assert_ok!(Registration::register(
            signed(BOB),
            11,
            Role::Miner,
            1,
            FLOOR
        ));
    });
}
