// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The call `authorize_upgrade`.

use crate::{Origin, mock::*};
use frame_support::{assert_noop, assert_ok, traits::schedule::DispatchTime};
use sp_core::H256;
use sp_runtime::DispatchError;

fn authorized() -> bool {
    System::authorized_upgrade().is_some()
}

#[test]
fn only_in_the_name_of_an_upgrade() {
    build_and_execute(|| {
        for origin in [
            RuntimeOrigin::root(),
            RuntimeOrigin::none(),
            signed(ALICE),
            Origin::Parameters.into(),
            Origin::Tiers.into(),
            Origin::Assets.into(),
            Origin::Revoke.into(),
        ] {
            assert_noop!(
                Governance::authorize_upgrade(origin, H256::repeat_byte(1)),
                DispatchError::BadOrigin
            );
        }
        assert!(!authorized());
        let code_hash = H256::repeat_byte(1);
        assert_ok!(Governance::authorize_upgrade(
            Origin::Upgrade.into(),
            code_hash
        ));
        assert!(authorized());
        System::assert_last_event(
            frame_system::Event::UpgradeAuthorized {
                code_hash,
                check_version: true,
            }
            .into(),
        );
    });
}

#[test]
fn a_referendum_authorizes_one() {
    build_and_execute(|| {
        let call = crate::Call::authorize_upgrade {
            code_hash: H256::repeat_byte(2),
        };
        let poll = submit(Origin::Upgrade, call.clone(), DispatchTime::After(0));
        // The same call on a lesser track is dispatched and refused.
        let lesser = submit(Origin::Parameters, call, DispatchTime::After(0));
        for who in [ALICE, BOB] {
            vote(who, lesser, crate::Side::Aye);
        }
        let end = run_to_end(lesser);
        run_to(end + MIN_ENACTMENT);
        assert!(approved(lesser) && !authorized());
        for who in [ALICE, BOB] {
            vote(who, poll, crate::Side::Aye);
        }
        let end = run_to_end(poll);
        assert!(approved(poll) && !authorized());
        run_to(end + MIN_ENACTMENT);
        assert!(authorized());
    });
}
