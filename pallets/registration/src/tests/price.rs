// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The price: raised by sales, halved by time, between the bounds, and what is
//! quoted is what is paid.

use crate::{Role, mock::*};
use frame_support::{assert_ok, traits::fungible::Inspect};

fn buy(hotkey: AccountId) {
    assert_ok!(Registration::register(
        signed(BOB),
        hotkey,
        Role::Miner,
        1,
        Balance::MAX
    ));
}

#[test]
fn begins_at_the_floor_and_rises_with_each_slot() {
    build_and_execute(|| {
        assert_eq!(Registration::price(Role::Miner), Some(1_000));
        buy(11);
        assert_eq!(Registration::price(Role::Miner), Some(1_260));
        buy(12);
        assert_eq!(Registration::price(Role::Miner), Some(1_588));
    });
}

#[test]
fn slots_in_one_call_cost_what_they_cost_one_by_one() {
    let mut one_by_one = 0;
    build_and_execute(|| {
        for hotkey in 11..15 {
            buy(hotkey);
        }
        one_by_one = Balances::balance(&FEES);
    });
    build_and_execute(|| {
        register_miner(4);
        assert_eq!(Balances::balance(&FEES), one_by_one);
    });
}

#[test]
fn halves_with_each_half_life_down_to_the_floor() {
    build_and_execute(|| {
        register_miner(4);
        assert_eq!(Registration::price(Role::Miner), Some(2_522));
        forward(HALF_LIFE);
        assert_eq!(Registration::price(Role::Miner), Some(1_261));
        forward(HALF_LIFE);
        assert_eq!(Registration::price(Role::Miner), Some(FLOOR));
        forward(1_000_000 * HALF_LIFE);
        assert_eq!(Registration::price(Role::Miner), Some(FLOOR));
    });
}

#[test]
fn is_never_above_the_ceiling() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| parameters.miner.ceiling = 1_300);
        // 1000, 1260, 1300, 1300.
        register_miner(4);
        assert_eq!(Balances::balance(&FEES), ENDOWED + 4_860);
        assert_eq!(Registration::price(Role::Miner), Some(1_300));
    });
}

#[test]
fn a_change_of_the_bounds_applies_at_once() {
    build_and_execute(|| {
        register_miner(4);
        Parameters::mutate(|parameters| parameters.miner.ceiling = 2_000);
        assert_eq!(Registration::price(Role::Miner), Some(2_000));
        assert_eq!(Registration::quote(Role::Miner, 2), Some(4_000));
        Parameters::mutate(|parameters| {
            parameters.miner.floor = 9_000;
            parameters.miner.ceiling = 10_000;
        });
        assert_eq!(Registration::price(Role::Miner), Some(9_000));
    });
}

#[test]
fn what_is_quoted_is_what_is_paid() {
    build_and_execute(|| {
        buy(11);
        forward(HALF_LIFE / 3);
        let quote = Registration::quote(Role::Miner, 3).expect("three can be bought");
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Miner,
            3,
            quote
        ));
        assert_eq!(Balances::balance(&FEES), ENDOWED + FLOOR + quote);
    });
}

#[test]
fn what_cannot_be_bought_is_not_quoted() {
    build_and_execute(|| {
        assert_eq!(Registration::quote(Role::Miner, 0), None);
        assert_eq!(Registration::quote(Role::Miner, 5), None);
        assert_eq!(Registration::quote(Role::Validator, 2), None);
        assert_eq!(Registration::quote(Role::Validator, 1), Some(5_000));
    });
}
