// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `renew`.

use crate::{Error, Event, Hotkeys, Role, mock::*};
use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
use sp_runtime::{DispatchError, Perbill, TokenError};

fn expires_at() -> Option<BlockNumber> {
    Hotkeys::<Test>::get(HOTKEY).map(|registration| registration.expires_at)
}

#[test]
fn each_slot_pays_the_price_of_the_day() {
    build_and_execute(|| {
        register_miner(3);
        let fees = Balances::balance(&FEES);
        let free = Balances::balance(&ALICE);
        // 1000·1.26³, rounded up at each slot.
        let fee = 3 * 2_001;
        assert_noop!(
            Registration::renew(signed(ALICE), HOTKEY, fee - 1),
            Error::<Test>::PriceAboveMaximum
        );
        events();
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, fee));
        assert_eq!(Balances::balance(&FEES), fees + fee);
        assert_eq!(Balances::balance(&ALICE), free - fee);
        assert_eq!(held(ALICE), 3 * BOND);
        // A renewal sells no slot.
        assert_eq!(Registration::price(Role::Miner), Some(2_001));
        assert_eq!(
            events(),
            [Event::Renewed {
                hotkey: HOTKEY,
                fee,
                added: 0,
                expires_at: START + 2 * TERM
            }]
        );
    });
}

/// A renewal is no sale: however often the leases of a role are renewed, the price is
/// what it would be without, while as many new slots would have raised it each time.
#[test]
fn renewals_move_no_price() {
    let price_after = |renewed: bool| {
        let mut price = None;
        build_and_execute(|| {
            register_miner(3);
            for _ in 0..4 {
                forward(TERM);
                if renewed {
                    assert_ok!(Registration::renew(signed(ALICE), HOTKEY, Balance::MAX));
                }
            }
            // Shortly after a sale, so that the price is off its floor.
            assert_ok!(Registration::register(
                signed(BOB),
                11,
                Role::Miner,
                2,
                Balance::MAX
            ));
            if renewed {
                forward(TERM / 2);
                assert_ok!(Registration::renew(signed(ALICE), HOTKEY, Balance::MAX));
                assert_ok!(Registration::renew(signed(BOB), 11, Balance::MAX));
            } else {
                forward(TERM / 2);
            }
            price = Registration::price(Role::Miner);
            let count = |market: crate::Market<Balance, BlockNumber>| market.slots;
            assert_eq!(crate::Markets::<Test>::get(Role::Miner).map(count), Some(5));
        });
        price
    };
    assert!(price_after(true).is_some());
    assert_eq!(price_after(true), price_after(false));
    // The twin: a sale does move it.
    build_and_execute(|| {
        register_miner(1);
        let before = Registration::price(Role::Miner);
        assert_ok!(Registration::register(
            signed(BOB),
            11,
            Role::Miner,
            1,
            Balance::MAX
        ));
        assert!(Registration::price(Role::Miner) > before);
    });
}

#[test]
fn a_validator_renews_without_a_bond() {
    build_and_execute(|| {
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Validator,
            1,
            5_000
        ));
        forward(TERM / 2);
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, 5_000));
        assert_eq!(held(ALICE), 0);
        assert_eq!(expires_at(), Some(START + 2 * TERM));
    });
}

#[test]
fn a_running_lease_goes_on_from_its_end_and_a_lapsed_one_from_now() {
    build_and_execute(|| {
        register_miner(1);
        forward(TERM - 1);
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, FLOOR));
        assert_eq!(expires_at(), Some(START + 2 * TERM));
        forward(2 * TERM);
        assert!(!Registration::can_prove(&HOTKEY, 0));
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, FLOOR));
        assert_eq!(expires_at(), Some(System::block_number() + TERM));
        assert!(Registration::can_prove(&HOTKEY, 0));
    });
}

#[test]
fn a_lease_runs_two_terms_from_now_at_most() {
    build_and_execute(|| {
        register_miner(1);
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, Balance::MAX));
        assert_noop!(
            Registration::renew(signed(ALICE), HOTKEY, Balance::MAX),
            Error::<Test>::RenewedTooEarly
        );
        forward(TERM - 1);
        assert_noop!(
            Registration::renew(signed(ALICE), HOTKEY, Balance::MAX),
            Error::<Test>::RenewedTooEarly
        );
        forward(1);
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, Balance::MAX));
    });
}

#[test]
fn the_required_bond_becomes_the_current_one() {
    build_and_execute(|| {
        register_miner(2);
        assert_eq!(
            Registration::slash(&HOTKEY, 0, Perbill::from_percent(40), None),
            4_000
        );
        Parameters::mutate(|parameters| parameters.bond = BOND + 5);
        // Not before the renewal.
        assert!(Registration::can_prove(&HOTKEY, 1));
        events();
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, Balance::MAX));
        assert_eq!(held(ALICE), 2 * (BOND + 5));
        assert!((0..2).all(|gpu| Registration::can_prove(&HOTKEY, gpu)));
        assert!(matches!(
            events()[..],
            [Event::Renewed { added: 4_010, .. }]
        ));
    });
}

#[test]
fn a_bond_above_what_is_required_stays() {
    build_and_execute(|| {
        register_miner(1);
        Parameters::mutate(|parameters| parameters.bond = BOND / 2);
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, Balance::MAX));
        assert_eq!(Registration::bond_of(&HOTKEY, 0), BOND);
        // Half of it is enough now.
        Registration::slash(&HOTKEY, 0, Perbill::from_percent(50), None);
        assert!(Registration::can_prove(&HOTKEY, 0));
    });
}

#[test]
fn slots_that_leave_are_neither_paid_for_nor_topped_up() {
    build_and_execute(|| {
        register_miner(3);
        Registration::slash(&HOTKEY, 2, Perbill::one(), None);
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 1));
        forward(10 * HALF_LIFE);
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, FLOOR));
        assert_eq!(held(ALICE), 2 * BOND);
        assert!(Registration::can_prove(&HOTKEY, 0));
        assert!(!Registration::can_prove(&HOTKEY, 1));
    });
}

#[test]
fn what_leaves_altogether_is_not_renewed() {
    build_and_execute(|| {
        register_miner(1);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        assert_noop!(
            Registration::renew(signed(ALICE), HOTKEY, Balance::MAX),
            Error::<Test>::AlreadyLeaving
        );
    });
}

#[test]
fn only_the_owner_renews_what_is_registered() {
    build_and_execute(|| {
        assert_noop!(
            Registration::renew(signed(ALICE), HOTKEY, Balance::MAX),
            Error::<Test>::NotRegistered
        );
        register_miner(1);
        assert_noop!(
            Registration::renew(signed(BOB), HOTKEY, Balance::MAX),
            Error::<Test>::NotOwner
        );
        assert_noop!(
            Registration::renew(RuntimeOrigin::root(), HOTKEY, Balance::MAX),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn who_cannot_pay_or_bond_renews_nothing() {
    build_and_execute(|| {
        register_miner(1);
        Registration::slash(&HOTKEY, 0, Perbill::from_percent(10), None);
        set_free(ALICE, 1_260 + ED - 1);
        assert_noop!(
            Registration::renew(signed(ALICE), HOTKEY, Balance::MAX),
            TokenError::FundsUnavailable
        );
    });
    build_and_execute(|| {
        register_miner(1);
        Registration::slash(&HOTKEY, 0, Perbill::from_percent(10), None);
        set_free(ALICE, 1_260 + 1_000 + ED - 1);
        assert_noop!(
            Registration::renew(signed(ALICE), HOTKEY, Balance::MAX),
            TokenError::FundsUnavailable
        );
    });
}

#[test]
fn parameters_that_do_not_fit_together_renew_nothing() {
    build_and_execute(|| {
        register_miner(1);
        let valid = Parameters::get();
        Parameters::mutate(|parameters| parameters.half_life = 0);
        assert_noop!(
            Registration::renew(signed(ALICE), HOTKEY, Balance::MAX),
            Error::<Test>::InvalidParameters
        );
        Parameters::set(valid);
    });
}
