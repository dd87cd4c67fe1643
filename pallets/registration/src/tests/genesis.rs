// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{Error, Hotkeys, Market, Markets, Registration as Lease, Role, mock::*};
use frame_support::{BoundedVec, assert_noop, assert_ok};

const SECOND: AccountId = 11;

#[test]
fn validators_are_registered_from_the_first_block_on() {
    genesis(vec![(HOTKEY, ALICE), (SECOND, BOB)]).execute_with(|| {
        let lease = Lease {
            owner: ALICE,
            role: Role::Validator,
            expires_at: TERM,
            departure: None,
            bond: 0,
            bonds: BoundedVec::new(),
        };
        assert_eq!(Hotkeys::<Test>::get(HOTKEY), Some(lease));
        assert_eq!(Registration::validator_owner(&HOTKEY), Some(ALICE));
        assert_eq!(Registration::validator_owner(&SECOND), Some(BOB));
        assert_eq!([HOTKEY, SECOND].map(|who| System::providers(&who)), [1, 1]);
        assert_eq!(
            Markets::<Test>::get(Role::Validator),
            Some(Market {
                price: 5_000,
                changed_at: 0,
                slots: 2
            })
        );
        assert_eq!(Markets::<Test>::get(Role::Miner), None);
        assert_ok!(Registration::do_try_state());

        // Their leases run like others, and end.
        assert_noop!(
            Registration::register(signed(BOB), HOTKEY, Role::Validator, 1, Balance::MAX),
            Error::<Test>::AlreadyRegistered
        );
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, 5_000));
        forward(TERM);
        assert_eq!(Registration::validator_owner(&HOTKEY), Some(ALICE));
        assert_eq!(Registration::validator_owner(&SECOND), None, "lapsed");
        forward(COOL_DOWN + TERM);
        assert_ok!(Registration::withdraw(signed(REPORTER), SECOND));
        assert_ok!(Registration::do_try_state());
    });
}

#[test]
fn none_at_all_is_a_genesis_too() {
    build_and_execute(|| {
        assert_eq!(Hotkeys::<Test>::iter().count(), 0);
        assert_eq!(Markets::<Test>::iter().count(), 0);
    });
}

#[test]
#[should_panic(expected = "a hotkey is registered twice at genesis")]
fn a_hotkey_cannot_be_registered_twice() {
    genesis(vec![(HOTKEY, ALICE), (HOTKEY, BOB)]);
}
