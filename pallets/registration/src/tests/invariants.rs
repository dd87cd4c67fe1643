// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each invariant of the crate's documentation, broken by force: the check must
//! say so and name it.

use crate::{Departure, HoldReason, Hotkeys, Markets, Registration as Entry, Role, mock::*};
use frame_support::{
    assert_ok,
    traits::{
        fungible::{MutateHold, UnbalancedHold},
        tokens::Precision,
    },
};
use sp_runtime::DispatchError;

/// Runs `break_it` on a chain with a miner and a validator of Alice's and returns
/// what the check then says.
fn broken_by(break_it: impl FnOnce()) -> DispatchError {
    new_test_ext().execute_with(|| {
        register_miner(2);
        assert_ok!(Registration::register(
            signed(ALICE),
            11,
            Role::Validator,
            1,
            5_000
        ));
        Registration::do_try_state().expect("the invariants hold before");
        break_it();
        Registration::do_try_state().expect_err("the check sees it")
    })
}

fn other(message: &'static str) -> DispatchError {
    DispatchError::Other(message)
}

fn mutate(hotkey: AccountId, change: impl FnOnce(&mut Entry<Test>)) {
    Hotkeys::<Test>::mutate(hotkey, |entry| {
        change(entry.as_mut().expect("it is registered"));
    });
}

#[test]
fn invariant_1_what_is_held_is_what_is_bonded() {
    let reason: RuntimeHoldReason = HoldReason::Bond.into();
    let message = other("invariant 1: an owner's hold is not the sum of its bonds");
    assert_eq!(
        broken_by(|| mutate(HOTKEY, |entry| entry.bonds[1] += 1)),
        message
    );
    assert_eq!(
        broken_by(|| Balances::hold(&reason, &ALICE, 1).expect("she has it")),
        message
    );
    assert_eq!(
        broken_by(|| Balances::set_balance_on_hold(&reason, &ALICE, BOND).expect("forced")),
        message
    );
    assert_eq!(
        broken_by(|| {
            assert_ok!(Balances::release(&reason, &ALICE, 1, Precision::Exact));
        }),
        message
    );
    // Of somebody who owns no hotkey, and of who owns none any more.
    let message = other("invariant 1: a bond is held of who owns no hotkey");
    assert_eq!(
        broken_by(|| Balances::hold(&reason, &BOB, 1).expect("he has it")),
        message
    );
    assert_eq!(
        broken_by(|| {
            for hotkey in [HOTKEY, 11] {
                Hotkeys::<Test>::remove(hotkey);
            }
        }),
        message
    );
    assert_eq!(
        broken_by(|| mutate(HOTKEY, |entry| entry.bonds[1] = Balance::MAX)),
        other("invariant 1: the bonds overflow")
    );
}

#[test]
fn invariant_2_bonds_are_for_miners() {
    let message = other("invariant 2: a miner without bonds or a validator with some");
    assert_eq!(
        broken_by(|| mutate(HOTKEY, |entry| entry.bonds.clear())),
        message
    );
    assert_eq!(
        broken_by(|| mutate(11, |entry| entry.role = Role::Miner)),
        message
    );
    assert_eq!(
        broken_by(|| mutate(11, |entry| entry.bonds.try_push(0).expect("there is room"))),
        message
    );
}

#[test]
fn invariant_3_the_slots_are_counted() {
    let message = other("invariant 3: a role's count of slots is not the sum of its registrations");
    for role in [Role::Miner, Role::Validator] {
        let change = || {
            Markets::<Test>::mutate(role, |market| {
                market.as_mut().expect("it has sold").slots += 1;
            });
        };
        assert_eq!(broken_by(change), message);
    }
    assert_eq!(broken_by(|| Hotkeys::<Test>::remove(11)), message);
}

#[test]
fn invariant_4_markets_lie_in_the_past() {
    let error = broken_by(|| {
        Markets::<Test>::mutate(Role::Miner, |market| {
            market.as_mut().expect("it has sold").changed_at = START + 1;
        });
    });
    assert_eq!(
        error,
        other("invariant 4: a market was last changed in the future")
    );
}

#[test]
fn invariant_5_hotkeys_have_a_provider() {
    let error = broken_by(|| {
        assert_ok!(System::dec_providers(&HOTKEY).map(|_| ()));
    });
    assert_eq!(
        error,
        other("invariant 5: a registered hotkey has no provider reference")
    );
}

#[test]
fn invariant_6_departures_leave_fewer() {
    for (hotkey, keep) in [(HOTKEY, 2), (11, 1)] {
        let error = broken_by(|| {
            mutate(hotkey, |entry| {
                entry.departure = Some(Departure { keep, at: 0 })
            });
        });
        assert_eq!(
            error,
            other("invariant 6: a departure keeps as many slots as there are")
        );
    }
}

#[test]
fn invariant_7_parameters_are_valid() {
    let error = broken_by(|| Parameters::mutate(|parameters| parameters.bond = 0));
    assert_eq!(error, other("invariant 7: the parameters are invalid"));
}
