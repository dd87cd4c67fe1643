// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How many storage keys the calls write, in the case that writes the most: the
//! crate's documentation lists them.

use crate::mock::*;
use frame_support::StorageHasher;
use sp_runtime::DispatchResult;
use std::collections::BTreeSet;

/// A closed round that neither validator has taken its part of, a cohort of Alice's
/// that became active before, and another of Bob's that is due.
fn busy() {
    stake(ALICE, VAL_A, 500);
    stake(BOB, VAL_A, 500);
    activate();
    author(VAL_A, 1);
    author(VAL_B, 1);
    stake(BOB, VAL_A, 500);
    reward(1_000_000);
    activate();
}

/// The keys that `call` writes after `prepare`, but those of events.
fn written(prepare: fn(), call: fn() -> DispatchResult) -> BTreeSet<Vec<u8>> {
    let mut ext = genesis(two());
    ext.execute_with(prepare);
    ext.commit_all().expect("no transaction is open");
    ext.execute_with(|| assert_eq!(call(), Ok(())));
    let system = frame_support::Twox128::hash(b"System");
    let account = frame_support::Twox128::hash(b"Account");
    let keys = ext
        .overlayed_changes()
        .changes()
        .map(|(key, _)| key.clone())
        .filter(|key| !key.starts_with(&system) || key[16..].starts_with(&account))
        .filter(|key| !key.starts_with(b":"))
        .collect();
    ext.execute_with(check);
    keys
}

#[test]
fn a_stake_writes_ten_keys_at_most_and_seven_usually() {
    let call = || Delegation::stake(signed(ALICE), VAL_A, 1);
    assert_eq!(written(busy, call).len(), 10);
    let settled = || {
        busy();
        author(VAL_A, 1);
        stake(ALICE, VAL_A, 1);
    };
    assert_eq!(written(settled, call).len(), 7);
}

#[test]
fn a_claim_writes_four_keys_at_most() {
    let call = || Delegation::claim(signed(ALICE), VAL_A);
    assert_eq!(written(busy, call).len(), 4);
}
