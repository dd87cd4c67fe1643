// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `slash`: what is taken, who gets it, and that nothing is lost on the way.

use crate::{Event, MAX_BOUNTY, Role, mock::*};
use frame_support::{assert_ok, traits::fungible::Inspect};
use sp_runtime::Perbill;

#[test]
fn the_share_is_taken_from_the_hold_and_goes_to_the_sink() {
    build_and_execute(|| {
        register_miner(2);
        events();
        let taken = Registration::slash(&HOTKEY, 1, Perbill::from_percent(30), None);
        assert_eq!(taken, 3_000);
        assert_eq!(held(ALICE), 2 * BOND - 3_000);
        assert_eq!(Registration::bond_of(&HOTKEY, 0), BOND);
        assert_eq!(Registration::bond_of(&HOTKEY, 1), BOND - 3_000);
        assert_eq!(Balances::balance(&SLASHES), ENDOWED + 3_000);
        assert!(Registration::can_prove(&HOTKEY, 0));
        assert!(!Registration::can_prove(&HOTKEY, 1));
        assert_eq!(
            events(),
            [Event::Slashed {
                hotkey: HOTKEY,
                gpu: 1,
                amount: 3_000,
                bounty: 0
            }]
        );
    });
}

#[test]
fn a_share_is_of_what_is_left_of_the_bond() {
    build_and_execute(|| {
        register_miner(1);
        let half = Perbill::from_percent(50);
        assert_eq!(Registration::slash(&HOTKEY, 0, half, None), 5_000);
        assert_eq!(Registration::slash(&HOTKEY, 0, half, None), 2_500);
        assert_eq!(Registration::slash(&HOTKEY, 0, Perbill::one(), None), 2_500);
        assert_eq!(Registration::slash(&HOTKEY, 0, Perbill::one(), None), 0);
        assert_eq!(held(ALICE), 0);
    });
}

#[test]
fn the_slash_is_rounded_up_and_the_bounty_down() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| parameters.bond = 999);
        register_miner(1);
        let share = Perbill::from_percent(10);
        let taken = Registration::slash(&HOTKEY, 0, share, Some((&REPORTER, share)));
        // 99.9 and then 10 of 100.
        assert_eq!(taken, 100);
        assert_eq!(Balances::balance(&REPORTER), ENDOWED + 10);
        let taken = Registration::slash(&HOTKEY, 0, share, Some((&REPORTER, share)));
        // 89.9 and then 9 of 90.
        assert_eq!(taken, 90);
        let taken = Registration::slash(&HOTKEY, 0, share, Some((&REPORTER, share)));
        // 80.9 and then 8.1 of 81.
        assert_eq!(taken, 81);
        assert_eq!(Balances::balance(&REPORTER), ENDOWED + 10 + 9 + 8);
    });
}

#[test]
fn the_bounty_is_a_tenth_at_most() {
    build_and_execute(|| {
        register_miner(1);
        events();
        let bounty = Some((&REPORTER, Perbill::one()));
        assert_eq!(
            Registration::slash(&HOTKEY, 0, Perbill::one(), bounty),
            BOND
        );
        assert_eq!(
            Balances::balance(&REPORTER),
            ENDOWED + MAX_BOUNTY.mul_floor(BOND)
        );
        assert_eq!(Balances::balance(&SLASHES), ENDOWED + BOND - BOND / 10);
        assert_eq!(
            events(),
            [Event::Slashed {
                hotkey: HOTKEY,
                gpu: 0,
                amount: BOND,
                bounty: BOND / 10
            }]
        );
    });
}

#[test]
fn a_bounty_nobody_can_take_goes_to_the_sink() {
    build_and_execute(|| {
        register_miner(1);
        events();
        // A tenth of 4,000 is below the minimum balance of an account that is not.
        let bounty = Some((&99, MAX_BOUNTY));
        assert_eq!(
            Registration::slash(&HOTKEY, 0, Perbill::from_percent(40), bounty),
            4_000
        );
        assert_eq!(Balances::balance(&99), 0);
        assert_eq!(Balances::balance(&SLASHES), ENDOWED + 4_000);
        assert_eq!(
            events(),
            [Event::Slashed {
                hotkey: HOTKEY,
                gpu: 0,
                amount: 4_000,
                bounty: 0
            }]
        );
    });
}

#[test]
fn where_there_is_no_bond_nothing_is_taken() {
    build_and_execute(|| {
        assert_eq!(Registration::slash(&HOTKEY, 0, Perbill::one(), None), 0);
        register_miner(1);
        assert_ok!(Registration::register(
            signed(ALICE),
            11,
            Role::Validator,
            1,
            5_000
        ));
        events();
        assert_eq!(Registration::slash(&HOTKEY, 1, Perbill::one(), None), 0);
        assert_eq!(
            Registration::slash(&HOTKEY, u32::MAX, Perbill::one(), None),
            0
        );
        assert_eq!(Registration::slash(&HOTKEY, 0, Perbill::zero(), None), 0);
        assert_eq!(Registration::slash(&11, 0, Perbill::one(), None), 0);
        assert_eq!(held(ALICE), BOND);
        assert_eq!(events(), []);
    });
}

#[test]
fn lapsed_and_leaving_slots_are_slashed_like_others() {
    build_and_execute(|| {
        register_miner(2);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        assert_eq!(Registration::slash(&HOTKEY, 0, Perbill::one(), None), BOND);
        forward(TERM + COOL_DOWN);
        assert_eq!(Registration::slash(&HOTKEY, 1, Perbill::one(), None), BOND);
    });
}

#[test]
fn an_owner_with_nothing_else_is_slashed_to_the_last_unit() {
    build_and_execute(|| {
        assert_ok!(Registration::register(
            signed(ALICE),
            ALICE,
            Role::Miner,
            1,
            FLOOR
        ));
        set_free(ALICE, 0);
        assert_eq!(Registration::slash(&ALICE, 0, Perbill::one(), None), BOND);
        assert_eq!(Balances::total_balance(&ALICE), 0);
        assert_eq!(Balances::balance(&SLASHES), ENDOWED + BOND);
    });
}
