// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The sessions of validators, their keys, and proofs of them.

use super::chain::{Chain, signed};
use crate::{
    Babe, Grandpa, Historical, Runtime, RuntimeCall, RuntimeOrigin, Session, SessionKeys,
    configs::consensus::ValidatorOf,
};
use codec::Encode;
use frame_support::{assert_ok, traits::KeyOwnerProofSystem};
use pallet_governance::Origin;
use pallet_session::historical::HistoricalSessions;
use sp_consensus_babe::KEY_TYPE;
use sp_core::Pair;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::traits::{Convert, Dispatchable, OpaqueKeys};

/// Whether Alice's BABE key can be proven for the present session, checked when
/// `later` sessions have passed.
fn proven(chain: &mut Chain, later: u32) -> bool {
    let key = || (KEY_TYPE, Alice.public().to_vec());
    let proof = chain.with(|| Historical::prove(key())).unwrap();
    for _ in 0..later {
        chain.next_session();
    }
    chain
        .with(|| Historical::check_proof(key(), proof))
        .is_some()
}

#[test]
fn the_set_stays_and_finality_keeps_its_set() {
    let mut chain = Chain::new("local_testnet");
    chain.empty();
    let (validators, set) = chain.with(|| (Session::validators(), Grandpa::current_set_id()));
    for _ in 0..4 {
        chain.next_session();
    }
    chain.with(|| {
        assert_eq!(Session::validators(), validators);
        assert_eq!(Babe::authorities().len(), 2);
        assert_eq!(
            Grandpa::current_set_id(),
            set,
            "nothing changed for GRANDPA"
        );
    });
}

#[test]
fn a_key_can_be_proven_after_its_session() {
    for started in 0..3 {
        let mut chain = Chain::new("local_testnet");
        chain.empty();
        for _ in 0..started {
            chain.next_session();
        }
        assert!(proven(&mut chain, 2), "of session {started}");
    }
}

#[test]
fn the_history_is_pruned() {
    let mut chain = Chain::new("development");
    chain.empty();
    for _ in 0..170 {
        chain.next_session();
    }
    chain.with(|| {
        assert!(!HistoricalSessions::<Runtime>::contains_key(1));
        assert!(HistoricalSessions::<Runtime>::contains_key(2));
    });
}

/// New keys of a validator and the proof that they are its own.
pub(super) fn new_keys(owner: sp_keyring::Sr25519Keyring) -> (SessionKeys, Vec<u8>) {
    let babe = sp_core::sr25519::Pair::from_seed(&[9; 32]);
    let grandpa = sp_core::ed25519::Pair::from_seed(&[9; 32]);
    let keys = SessionKeys {
        babe: babe.public().into(),
        grandpa: grandpa.public().into(),
    };
    let statement = [b"POP_".as_slice(), &owner.to_account_id().encode()].concat();
    let proof = (babe.sign(&statement), grandpa.sign(&statement)).encode();
    assert!(keys.ownership_proof_is_valid(&owner.to_account_id().encode(), &proof));
    (keys, proof)
}

#[test]
fn a_validator_changes_its_keys_and_both_old_and_new_can_be_proven() {
    let mut chain = Chain::new("local_testnet");
    chain.empty();
    let old = chain
        .with(|| Historical::prove((KEY_TYPE, Bob.public().to_vec())))
        .unwrap();
    let (keys, proof) = new_keys(Bob);
    let set = pallet_session::Call::set_keys {
        keys: keys.clone(),
        proof,
    };
    assert_eq!(chain.block(|| vec![signed(Bob, 0, 0, set)]), [Ok(Ok(()))]);
    chain.next_session();
    chain.next_session();
    chain.with(|| {
        assert!(Babe::authorities().iter().any(|(key, _)| *key == keys.babe));
        assert!(Historical::check_proof((KEY_TYPE, Bob.public().to_vec()), old).is_some());
    });
    let of_new = || (KEY_TYPE, keys.babe.encode());
    let new = chain.with(|| Historical::prove(of_new())).unwrap();
    chain.next_session();
    assert!(
        chain
            .with(|| Historical::check_proof(of_new(), new))
            .is_some()
    );
}

#[test]
fn who_is_no_validator_sets_no_keys() {
    let mut chain = Chain::new("development");
    let (keys, proof) = new_keys(Bob);
    let set = pallet_session::Call::set_keys { keys, proof };
    let refused = pallet_session::Error::<Runtime>::NoAssociatedValidatorId;
    assert_eq!(
        chain.block(|| vec![signed(Bob, 0, 0, set)]),
        [Ok(Err(refused.into()))]
    );
    chain.with(|| {
        assert_eq!(ValidatorOf::convert(Bob.to_account_id()), None);
        assert_eq!(
            ValidatorOf::convert(Alice.to_account_id()),
            Some(Alice.to_account_id())
        );
    });
}

/// Who may note a stall names the set that finalises without a proof of finality. New
/// code can, as it can do anything, and no other decision.
#[test]
fn finality_that_has_stalled_is_mended_by_new_code_only() {
    let mut chain = Chain::new("local_testnet");
    chain.empty();
    let note = || {
        RuntimeCall::Grandpa(pallet_grandpa::Call::note_stalled {
            delay: 3,
            best_finalized_block_number: 1,
        })
    };
    let tracks = [
        Origin::Parameters,
        Origin::Tiers,
        Origin::Assets,
        Origin::Upgrade,
    ];
    chain.with(|| {
        let signed = RuntimeOrigin::signed(Alice.to_account_id());
        for origin in tracks.into_iter().map(RuntimeOrigin::from).chain([signed]) {
            assert!(note().dispatch(origin).is_err());
        }
        assert_eq!(Grandpa::stalled(), None);
    });
    // What the migration of new code does.
    let set = chain.with(|| {
        assert_ok!(Grandpa::note_stalled(RuntimeOrigin::root(), 3, 1));
        Grandpa::current_set_id()
    });
    chain.next_session();
    chain.with(|| {
        let change = Grandpa::pending_change().expect("the session forces a change");
        assert_eq!(change.forced, Some(1));
        assert_eq!(change.next_authorities.len(), 2);
        assert_eq!(Grandpa::current_set_id(), set + 1);
    });
    chain.blocks(3);
    chain.with(|| {
        assert!(Grandpa::pending_change().is_none(), "it was enacted");
        assert_eq!(Grandpa::grandpa_authorities().len(), 2);
    });
}
