// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! From what an older version stored.

use crate::{
    CurrentState, Pallet, State,
    migrations::{StateV2, V2ToV3},
    mock::*,
};
use codec::Encode;
use frame_support::{
    storage::unhashed,
    traits::{GetStorageVersion, OnRuntimeUpgrade, StorageVersion},
};

/// A chain of version 2, in a session in which blocks were authored.
fn version_2() -> StateV2 {
    activate();
    author(VAL_A, 2);
    stake(ALICE, VAL_A, 1_000);
    let state = Delegation::state();
    let before = StateV2 {
        session: state.session,
        round: state.round,
        points: state.points,
        carried: state.carried,
    };
    unhashed::put_raw(&CurrentState::<Test>::hashed_key(), &before.encode());
    StorageVersion::new(2).put::<Pallet<Test>>();
    before
}

#[test]
fn a_round_of_version_2_began_with_its_session() {
    build_and_execute(|| {
        let before = version_2();
        V2ToV3::<Test>::on_runtime_upgrade();
        assert_eq!(
            Delegation::on_chain_storage_version(),
            Delegation::in_code_storage_version()
        );
        assert_eq!(
            Delegation::state(),
            State {
                session: before.session,
                round: before.round,
                began: before.session,
                points: before.points,
                carried: before.carried,
            }
        );
        // What was pending is active with the first round of the next session.
        reward(1_000);
        author(VAL_A, 1);
        reward(1_000);
        assert_eq!(claim(ALICE, VAL_A), 0);
        next_session();
        author(VAL_A, 1);
        reward(1_000);
        author(VAL_A, 1);
        reward(2_000);
        assert_eq!(claim(ALICE, VAL_A), 1_000);
        assert_eq!(claim(OWNER_A, VAL_A), 4_000);
    });
}

#[test]
fn another_version_is_left_as_it_is() {
    build_and_execute(|| {
        activate();
        let before = Delegation::state();
        V2ToV3::<Test>::on_runtime_upgrade();
        assert_eq!(Delegation::state(), before);
        assert_eq!(Delegation::on_chain_storage_version(), 3);
    });
}
