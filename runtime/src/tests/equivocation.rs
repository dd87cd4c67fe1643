// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A validator that signs two blocks of one slot: reported by anybody, it loses of
//! its own stake, and nobody else does.

use super::chain::{Chain, nonce, signed};
use crate::{
    Assets, Babe, Balance, Buyback, Delegation, Hash, Header, Historical, Runtime, RuntimeCall,
    RuntimeEvent, Session, TAO_UNIT, UncheckedExtrinsic,
    configs::market::{AssetKind, TAO},
};
use frame_support::{assert_ok, traits::KeyOwnerProofSystem};
use pallet_delegation::{Event, Ranked, Stakers};
use sp_consensus_babe::{
    AuthorityId, EquivocationProof, KEY_TYPE,
    digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest},
};
use sp_core::Pair;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, BobStash, Charlie, Ferdie};
use sp_runtime::{
    Digest, DigestItem, DispatchError,
    traits::Header as _,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use sp_session::MembershipProof;

/// What a validator of the preset has staked, and what it must have.
pub(super) const SELF_STAKE: Balance = 1_000 * TAO_UNIT;
pub(super) const REQUIRED: Balance = 100 * TAO_UNIT;
/// What Ferdie stakes to it.
const DELEGATED: Balance = 500 * TAO_UNIT;

/// Two validators, of which Bob has a delegator, in a session in which that stake is
/// active.
pub(super) fn chain() -> Chain {
    let mut chain = Chain::new("local_testnet");
    let stake = pallet_delegation::Call::stake {
        validator: Bob.to_account_id(),
        amount: DELEGATED,
    };
    assert_ok!(chain.send(Ferdie, stake));
    chain.next_session();
    chain
}

/// A header that `who` sealed for the present slot, of a block with these contents.
fn sealed(who: Sr25519Keyring, contents: u8) -> Header {
    let index = Babe::authorities()
        .iter()
        .position(|(authority, _)| *authority == AuthorityId::from(who.public()))
        .unwrap();
    let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
        authority_index: index.try_into().unwrap(),
        slot: Babe::current_slot(),
    });
    let digest = Digest {
        logs: vec![DigestItem::babe_pre_digest(claim)],
    };
    let mut header = Header::new(
        crate::System::block_number(),
        Hash::repeat_byte(contents),
        Default::default(),
        Default::default(),
        digest,
    );
    let signature = who.pair().sign(header.hash().as_bytes());
    header
        .digest_mut()
        .push(DigestItem::babe_seal(signature.into()));
    header
}

pub(super) type Evidence = (Box<EquivocationProof<Header>>, MembershipProof);

/// Two blocks of the present slot by `who`, and that it is a validator.
pub(super) fn evidence(chain: &mut Chain, who: Sr25519Keyring, contents: [u8; 2]) -> Evidence {
    chain.with(|| {
        let proof = EquivocationProof {
            offender: who.public().into(),
            slot: Babe::current_slot(),
            first_header: sealed(who, contents[0]),
            second_header: sealed(who, contents[1]),
        };
        let owner = Historical::prove((KEY_TYPE, AuthorityId::from(who.public()))).unwrap();
        (Box::new(proof), owner)
    })
}

pub(super) fn report(
    (equivocation_proof, key_owner_proof): Evidence,
) -> pallet_babe::Call<Runtime> {
    pallet_babe::Call::report_equivocation {
        equivocation_proof,
        key_owner_proof,
    }
}

fn unsigned((equivocation_proof, key_owner_proof): Evidence) -> UncheckedExtrinsic {
    let call = pallet_babe::Call::report_equivocation_unsigned {
        equivocation_proof,
        key_owner_proof,
    };
    UncheckedExtrinsic::new_bare(call.into())
}

pub(super) fn staked(who: Sr25519Keyring) -> Balance {
    Stakers::<Runtime>::get(who.to_account_id())
        .staked()
        .unwrap()
}

pub(super) fn is_candidate(who: Sr25519Keyring) -> bool {
    Ranked::<Runtime>::get().contains(&who.to_account_id())
}

/// Bob was slashed, its owner alone paid, and what it paid is revenue.
pub(super) fn assert_slashed(chain: &mut Chain, amount: Balance) {
    let expected = Event::Slashed {
        hotkey: Bob.to_account_id(),
        owner: BobStash.to_account_id(),
        amount,
    };
    assert!(chain.events().contains(&RuntimeEvent::Delegation(expected)));
    chain.with(|| {
        assert_eq!(staked(BobStash), SELF_STAKE - amount);
        assert_eq!(staked(Ferdie), DELEGATED, "delegators are not slashed");
        assert!(!is_candidate(Bob));
        assert!(is_candidate(Alice));
        assert_eq!(Buyback::pending(&AssetKind::WithId(TAO)), amount);
        assert_eq!(Assets::balance(TAO, Buyback::account()), amount);
        assert_eq!(
            Delegation::total_staked(),
            2 * SELF_STAKE + DELEGATED - amount
        );
    });
}

/// A report slashes Bob, and a second one of the same is refused and takes nothing.
pub(super) fn assert_slashes_once(
    chain: &mut Chain,
    report: impl Into<RuntimeCall>,
    known: impl Into<DispatchError>,
) {
    let report = report.into();
    assert_ok!(chain.send(Charlie, report.clone()));
    // One of two: the whole of what is required.
    assert_slashed(chain, REQUIRED);
    assert_eq!(chain.send(Charlie, report), Err(known.into()));
    chain.with(|| assert_eq!(staked(BobStash), SELF_STAKE - REQUIRED));
}

/// A report without a signature enters no pool from outside; in a block it slashes
/// Bob, once.
pub(super) fn assert_authors_alone_bring(chain: &mut Chain, report: &UncheckedExtrinsic) {
    assert_eq!(
        chain.validate(|| report.clone()),
        Err(InvalidTransaction::Call.into())
    );
    let done = chain.block(|| vec![report.clone()]);
    assert_eq!(done, [Ok(Ok(()))]);
    assert_slashed(chain, REQUIRED);
    let stale: TransactionValidityError = InvalidTransaction::Stale.into();
    assert_eq!(chain.block(|| vec![report.clone()]), [Err(stale)]);
}

/// Three sessions later a report slashes Bob still.
pub(super) fn assert_slashes_later(chain: &mut Chain, report: impl Into<RuntimeCall>) {
    for _ in 0..3 {
        chain.next_session();
    }
    assert_ok!(chain.send(Charlie, report));
    assert_slashed(chain, REQUIRED);
}

#[test]
fn a_report_slashes_the_self_stake_which_buys_ni() {
    let mut chain = chain();
    let evidence = evidence(&mut chain, Bob, [1, 2]);
    let known = pallet_babe::Error::<Runtime>::DuplicateOffenceReport;
    assert_slashes_once(&mut chain, report(evidence), known);

    for _ in 0..2 {
        chain.next_session();
    }
    chain.with(|| assert_eq!(Session::validators(), [Alice.to_account_id()]));
    chain.blocks(60);
    chain.with(|| {
        let ledger = Buyback::ledger(AssetKind::WithId(TAO));
        assert_eq!(ledger.received, REQUIRED);
        assert!(ledger.spent > 0 && ledger.burned > 0, "it buys NI");
    });
}

#[test]
fn a_validators_own_report_needs_no_signature_and_enters_no_pool_from_outside() {
    let mut chain = chain();
    let evidence = evidence(&mut chain, Bob, [1, 2]);
    assert_authors_alone_bring(&mut chain, &unsigned(evidence));
}

#[test]
fn it_can_be_reported_sessions_later() {
    let mut chain = chain();
    let evidence = evidence(&mut chain, Bob, [1, 2]);
    assert_slashes_later(&mut chain, report(evidence));
}

#[test]
fn what_proves_nothing_is_refused_and_slashes_nobody() {
    let mut chain = chain();
    // One block twice.
    let mut same = evidence(&mut chain, Bob, [1, 2]);
    same.0.second_header = same.0.first_header.clone();
    // Another's key.
    let mut others = evidence(&mut chain, Bob, [1, 2]);
    others.1 = evidence(&mut chain, Alice, [1, 2]).1;
    others.0.offender = Alice.public().into();
    // A validator that is none.
    let mut nobodys = evidence(&mut chain, Bob, [1, 2]);
    nobodys.1.session += 1;
    type Error = pallet_babe::Error<Runtime>;
    for (evidence, error) in [
        (same, Error::InvalidEquivocationProof),
        (others, Error::InvalidEquivocationProof),
        (nobodys, Error::InvalidKeyOwnershipProof),
    ] {
        let call = RuntimeCall::from(report(evidence));
        let result = chain.block(|| vec![signed(Charlie, nonce(Charlie), 0, call)]);
        assert_eq!(result, [Ok(Err(error.into()))]);
    }
    chain.with(|| {
        assert_eq!(staked(BobStash), SELF_STAKE);
        assert!(is_candidate(Bob));
    });
}

#[test]
fn one_slot_costs_a_validator_once() {
    let mut chain = chain();
    let first = evidence(&mut chain, Bob, [1, 2]);
    let again = evidence(&mut chain, Bob, [3, 4]);
    assert_ok!(chain.send(Charlie, report(first)));
    assert_eq!(
        chain.send(Charlie, report(again)),
        Err(pallet_babe::Error::<Runtime>::DuplicateOffenceReport.into())
    );
    chain.with(|| assert_eq!(staked(BobStash), SELF_STAKE - REQUIRED));
}
