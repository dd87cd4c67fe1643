// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{Role, mock::*};
use frame_support::assert_ok;

fn register_validator() {
    assert_ok!(Registration::register(
        signed(ALICE),
        HOTKEY,
        Role::Validator,
        1,
        Balance::MAX
    ));
}

#[test]
fn is_the_owner_while_the_lease_runs() {
    build_and_execute(|| {
        assert_eq!(Registration::validator_owner(&HOTKEY), None, "nobody's");
        register_validator();
        forward(TERM - 1);
        assert_eq!(Registration::validator_owner(&HOTKEY), Some(ALICE));
        forward(1);
        assert_eq!(Registration::validator_owner(&HOTKEY), None, "lapsed");
        assert_eq!(Registration::owner_of(&HOTKEY), Some(ALICE));
        assert_ok!(Registration::renew(signed(ALICE), HOTKEY, Balance::MAX));
        assert_eq!(Registration::validator_owner(&HOTKEY), Some(ALICE));
    });
}

#[test]
fn is_nobody_once_it_leaves() {
    build_and_execute(|| {
        register_validator();
        assert_ok!(Registration::leave(signed(ALICE), HOTKEY));
        assert_eq!(Registration::validator_owner(&HOTKEY), None);
    });
}

#[test]
fn a_miner_is_no_validator() {
    build_and_execute(|| {
        register_miner(1);
        assert_eq!(Registration::validator_owner(&HOTKEY), None);
        assert_eq!(Registration::owner_of(&HOTKEY), Some(ALICE));
    });
}
