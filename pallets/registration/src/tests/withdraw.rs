// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `withdraw`.

use crate::{Call, Config, Error, Event, Hotkeys, Markets, Role, WeightInfo, mock::*};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::GetDispatchInfo,
    traits::{Get, fungible::Inspect},
};
use sp_runtime::{DispatchError, Perbill, TokenError};

#[test]
fn after_the_cool_down_all_is_as_before_but_the_fee() {
    build_and_execute(|| {
        register_miner(2);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN);
        events();
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert_eq!(held(ALICE), 0);
        assert_eq!(Balances::balance(&ALICE), ENDOWED - 2_260);
        assert!(!Hotkeys::<Test>::contains_key(HOTKEY));
        assert!(!System::account_exists(&HOTKEY));
        assert_eq!(
            Markets::<Test>::get(Role::Miner).map(|market| market.slots),
            Some(0)
        );
        // The hook runs while the owner is still known.
        assert_eq!(
            Left::get(),
            [(HOTKEY, 0, Some(ALICE)), (HOTKEY, 1, Some(ALICE))]
        );
        assert_eq!(
            events(),
            [Event::Withdrawn {
                hotkey: HOTKEY,
                owner: ALICE,
                slots: 0,
                returned: 2 * BOND
            }]
        );
    });
}

#[test]
fn what_leaving_does_elsewhere_is_charged_for_each_slot() {
    build_and_execute(|| {
        register_miner(2);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN);
        let own = |slots| <Test as Config>::WeightInfo::withdraw(slots);
        let call = Call::<Test>::withdraw { hotkey: HOTKEY };
        let most = <Test as Config>::MaxSlots::get();
        assert_eq!(
            call.get_dispatch_info().call_weight,
            own(most) + LEAVING_WEIGHT * u64::from(most)
        );
        let made = Registration::withdraw(signed(ALICE), HOTKEY);
        let charged = made.expect("the cool-down is over").actual_weight;
        assert_eq!(charged, Some(own(2) + LEAVING_WEIGHT * 2));
    });
}

#[test]
fn a_validator_leaves_too() {
    build_and_execute(|| {
        assert_ok!(Registration::register(
            signed(ALICE),
            HOTKEY,
            Role::Validator,
            1,
            5_000
        ));
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert!(!System::account_exists(&HOTKEY));
        assert_eq!(Left::get(), []);
        assert_eq!(
            Markets::<Test>::get(Role::Validator).map(|market| market.slots),
            Some(0)
        );
    });
}

#[test]
fn shrinking_returns_the_bonds_of_the_slots_that_left() {
    build_and_execute(|| {
        register_miner(4);
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 1));
        Registration::slash(&HOTKEY, 2, Perbill::from_percent(30), None);
        forward(COOL_DOWN);
        events();
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert_eq!(held(ALICE), BOND);
        assert!(Registration::can_prove(&HOTKEY, 0));
        assert_eq!(Left::get().len(), 3);
        assert_eq!(System::providers(&HOTKEY), 1);
        assert_eq!(
            events(),
            [Event::Withdrawn {
                hotkey: HOTKEY,
                owner: ALICE,
                slots: 1,
                returned: 3 * BOND - 3_000
            }]
        );
        // What stays is a registration like any other.
        assert_noop!(
            Registration::withdraw(signed(ALICE), HOTKEY),
            Error::<Test>::NotLeaving
        );
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
    });
}

#[test]
fn not_before_the_cool_down() {
    build_and_execute(|| {
        register_miner(1);
        assert_noop!(
            Registration::withdraw(signed(ALICE), HOTKEY),
            Error::<Test>::NotLeaving
        );
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN - 1);
        assert_noop!(
            Registration::withdraw(signed(ALICE), HOTKEY),
            Error::<Test>::CoolingDown
        );
        forward(1);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
    });
}

#[test]
fn the_cool_down_is_the_one_at_the_announcement() {
    build_and_execute(|| {
        register_miner(1);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        Parameters::mutate(|parameters| parameters.cool_down = 10 * COOL_DOWN);
        forward(COOL_DOWN);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
    });
}

/// Its end for a lease that lapses now would be beyond the last block there can be.
#[test]
fn a_cool_down_without_end_does_not_hold_who_has_announced_it_before() {
    build_and_execute(|| {
        register_miner(1);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        Parameters::mutate(|parameters| parameters.cool_down = u64::MAX);
        assert_noop!(
            Registration::withdraw(signed(BOB), HOTKEY),
            Error::<Test>::NotOwner
        );
        forward(COOL_DOWN);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert_eq!(held(ALICE), 0);
    });
}

#[test]
fn not_while_a_gpu_that_leaves_has_something_to_answer_for() {
    build_and_execute(|| {
        register_miner(3);
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 1));
        forward(COOL_DOWN);
        Unresolved::set([(HOTKEY, 2)].into());
        assert_noop!(
            Registration::withdraw(signed(ALICE), HOTKEY),
            Error::<Test>::Unresolved
        );
        // One that stays is in nobody's way.
        Unresolved::set([(HOTKEY, 0)].into());
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
    });
}

/// A rival who frees another's hotkey a day after its lease is over makes its owner
/// buy the slots anew, at the price of a sale and not of a renewal.
#[test]
fn a_stranger_frees_no_hotkey_for_a_term_in_which_its_owner_can_renew() {
    build_and_execute(|| {
        register_miner(2);
        let refused = || {
            assert_noop!(
                Registration::withdraw(signed(BOB), HOTKEY),
                Error::<Test>::NotOwner
            );
        };
        for blocks in [TERM, COOL_DOWN, TERM - 1] {
            forward(blocks);
            refused();
        }
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, 2 * FLOOR));
        assert!(Registration::can_prove(&HOTKEY, 1));
        forward(1);
        refused();
        // Had it announced its departure, it were no stranger's before either.
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(TERM + COOL_DOWN);
        refused();
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
    });
}

#[test]
fn a_lapsed_lease_is_withdrawn_by_its_owner_after_the_cool_down() {
    build_and_execute(|| {
        register_miner(2);
        forward(TERM + COOL_DOWN - 1);
        assert_noop!(
            Registration::withdraw(signed(ALICE), HOTKEY),
            Error::<Test>::CoolingDown
        );
        forward(1);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert_eq!(held(ALICE), 0);
    });
}

#[test]
fn a_forgotten_lease_is_withdrawn_by_anybody_for_its_owner() {
    build_and_execute(|| {
        register_miner(2);
        forward(TERM);
        assert!(!Registration::can_prove(&HOTKEY, 0));
        forward(COOL_DOWN + TERM - 1);
        assert_noop!(
            Registration::withdraw(signed(BOB), HOTKEY),
            Error::<Test>::NotOwner
        );
        forward(1);
        Unresolved::set([(HOTKEY, 1)].into());
        assert_noop!(
            Registration::withdraw(signed(BOB), HOTKEY),
            Error::<Test>::Unresolved
        );
        Unresolved::set(Default::default());
        assert_ok!(Registration::withdraw(signed(BOB), HOTKEY));
        assert_eq!(Balances::balance(&ALICE), ENDOWED - 2_260);
        assert_eq!(Balances::balance(&BOB), ENDOWED);
        assert!(!Hotkeys::<Test>::contains_key(HOTKEY));
    });
}

#[test]
fn a_lapse_takes_all_slots_whatever_was_to_stay() {
    build_and_execute(|| {
        register_miner(3);
        forward(TERM - 1);
        assert_ok!(Registration::shrink(signed(ALICE), HOTKEY, 2));
        forward(1 + COOL_DOWN);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert!(!Hotkeys::<Test>::contains_key(HOTKEY));
        assert_eq!(held(ALICE), 0);
    });
}

#[test]
fn bonds_slashed_to_nothing_do_not_keep_the_hotkey() {
    build_and_execute(|| {
        register_miner(1);
        Registration::slash(&HOTKEY, 0, Perbill::one(), None);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert!(!System::account_exists(&HOTKEY));
    });
}

#[test]
fn other_hotkeys_of_the_owner_keep_their_bonds() {
    build_and_execute(|| {
        register_miner(2);
        assert_ok!(Registration::register(
            signed(ALICE),
            11,
            Role::Miner,
            1,
            Balance::MAX
        ));
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN);
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert_eq!(held(ALICE), BOND);
        assert!(Registration::can_prove(&11, 0));
    });
}

#[test]
fn a_hotkey_whose_account_is_needed_leaves_once_it_has_a_balance() {
    build_and_execute(|| {
        register_miner(1);
        // Something else, such as a hold of the hotkey's own, needs the account.
        assert_ok!(System::inc_consumers(&HOTKEY));
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN);
        assert_noop!(
            Registration::withdraw(signed(ALICE), HOTKEY),
            DispatchError::ConsumerRemaining
        );
        assert_ok!(Balances::transfer_keep_alive(signed(ALICE), HOTKEY, ED));
        assert_ok!(Registration::withdraw(signed(ALICE), HOTKEY));
        assert_eq!(System::providers(&HOTKEY), 1);
    });
}

#[test]
fn an_owner_without_a_balance_is_not_paid_less_than_the_minimum() {
    build_and_execute(|| {
        // An owner that is its own hotkey can spend its last unit; almost all of
        // the bond is slashed.
        assert_ok!(Registration::register(
            signed(ALICE),
            ALICE,
            Role::Miner,
            1,
            FLOOR
        ));
        Registration::slash(&ALICE, 0, Perbill::from_percent(99), None);
        assert_ok!(Registration::leave(signed(ALICE), ALICE));
        set_free(ALICE, 0);
        forward(COOL_DOWN);
        assert_noop!(
            Registration::withdraw(signed(ALICE), ALICE),
            TokenError::CannotCreate
        );
        assert_ok!(Balances::transfer_keep_alive(signed(BOB), ALICE, ED));
        assert_ok!(Registration::withdraw(signed(ALICE), ALICE));
        assert_eq!(Balances::balance(&ALICE), ED + BOND / 100);
    });
}

#[test]
fn only_signed_and_only_what_is_registered() {
    build_and_execute(|| {
        assert_noop!(
            Registration::withdraw(signed(ALICE), HOTKEY),
            Error::<Test>::NotRegistered
        );
        register_miner(1);
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        forward(COOL_DOWN);
        assert_noop!(
            Registration::withdraw(signed(BOB), HOTKEY),
            Error::<Test>::NotOwner
        );
        assert_noop!(
            Registration::withdraw(RuntimeOrigin::root(), HOTKEY),
            DispatchError::BadOrigin
        );
    });
}
