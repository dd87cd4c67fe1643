// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A validator that votes for two blocks in one round of finality: it loses as one
//! that signs two blocks of a slot does.

use super::{
    chain::{Chain, nonce, signed},
    equivocation::{
        SELF_STAKE, assert_authors_alone_bring, assert_slashes_later, assert_slashes_once, chain,
        is_candidate, staked,
    },
};
use crate::{BlockNumber, Grandpa, Hash, Historical, Runtime, RuntimeCall, UncheckedExtrinsic};
use finality_grandpa::{Equivocation as TwoVotes, Message, Precommit, Prevote};
use frame_support::traits::KeyOwnerProofSystem;
use sp_consensus_grandpa::{
    AuthorityId, AuthoritySignature, Equivocation, EquivocationProof, KEY_TYPE, RoundNumber, SetId,
    localized_payload,
};
use sp_keyring::{
    Ed25519Keyring::{self, Alice, Bob},
    Sr25519Keyring,
};
use sp_session::MembershipProof;

/// The round in which the votes are cast.
const ROUND: RoundNumber = 5;

type Proof = EquivocationProof<Hash, BlockNumber>;
type Evidence = (Box<Proof>, MembershipProof);

/// Which of a round's two votes are cast twice.
#[derive(Clone, Copy)]
enum Stage {
    Prevote,
    Precommit,
}

fn prevote(contents: u8) -> Prevote<Hash, BlockNumber> {
    Prevote::new(Hash::repeat_byte(contents), 3)
}

fn precommit(contents: u8) -> Precommit<Hash, BlockNumber> {
    Precommit::new(Hash::repeat_byte(contents), 3)
}

fn sign(
    who: Ed25519Keyring,
    set: SetId,
    message: &Message<Hash, BlockNumber>,
) -> AuthoritySignature {
    who.sign(&localized_payload(ROUND, set, message)).into()
}

/// Votes by `who` for two blocks in one round of the authorities `set`.
fn votes(who: Ed25519Keyring, set: SetId, stage: Stage, contents: [u8; 2]) -> Proof {
    let identity = AuthorityId::from(who.public());
    let equivocation = match stage {
        Stage::Prevote => {
            let signed = |vote: Prevote<_, _>| {
                let signature = sign(who, set, &Message::Prevote(vote.clone()));
                (vote, signature)
            };
            Equivocation::Prevote(TwoVotes {
                round_number: ROUND,
                identity,
                first: signed(prevote(contents[0])),
                second: signed(prevote(contents[1])),
            })
        }
        Stage::Precommit => {
            let signed = |vote: Precommit<_, _>| {
                let signature = sign(who, set, &Message::Precommit(vote.clone()));
                (vote, signature)
            };
            Equivocation::Precommit(TwoVotes {
                round_number: ROUND,
                identity,
                first: signed(precommit(contents[0])),
                second: signed(precommit(contents[1])),
            })
        }
    };
    EquivocationProof::new(set, equivocation)
}

/// Two votes of the present set by `who`, and that it is a validator.
fn evidence(chain: &mut Chain, who: Ed25519Keyring, stage: Stage, contents: [u8; 2]) -> Evidence {
    chain.with(|| {
        let proof = votes(who, Grandpa::current_set_id(), stage, contents);
        let owner = Historical::prove((KEY_TYPE, AuthorityId::from(who.public()))).unwrap();
        (Box::new(proof), owner)
    })
}

fn report((equivocation_proof, key_owner_proof): Evidence) -> pallet_grandpa::Call<Runtime> {
    pallet_grandpa::Call::report_equivocation {
        equivocation_proof,
        key_owner_proof,
    }
}

fn unsigned((equivocation_proof, key_owner_proof): Evidence) -> UncheckedExtrinsic {
    let call = pallet_grandpa::Call::report_equivocation_unsigned {
        equivocation_proof,
        key_owner_proof,
    };
    UncheckedExtrinsic::new_bare(call.into())
}

#[test]
fn two_votes_of_either_kind_slash_the_self_stake() {
    for stage in [Stage::Prevote, Stage::Precommit] {
        let mut chain = chain();
        let evidence = evidence(&mut chain, Bob, stage, [1, 2]);
        let known = pallet_grandpa::Error::<Runtime>::DuplicateOffenceReport;
        assert_slashes_once(&mut chain, report(evidence), known);
    }
}

#[test]
fn votes_of_an_earlier_set_can_be_reported_sessions_later() {
    let mut chain = chain();
    let evidence = evidence(&mut chain, Bob, Stage::Precommit, [1, 2]);
    assert_slashes_later(&mut chain, report(evidence));
}

#[test]
fn a_validators_own_report_needs_no_signature_and_enters_no_pool_from_outside() {
    let mut chain = chain();
    let evidence = evidence(&mut chain, Bob, Stage::Prevote, [1, 2]);
    assert_authors_alone_bring(&mut chain, &unsigned(evidence));
}

#[test]
fn votes_that_prove_nothing_are_refused_and_slash_nobody() {
    let mut chain = chain();
    // One vote twice.
    let same = evidence(&mut chain, Bob, Stage::Prevote, [1, 1]);
    // Votes of a set that is not: not what was signed, and no set of that session.
    let mut foreign = evidence(&mut chain, Bob, Stage::Prevote, [1, 2]);
    let set = chain.with(Grandpa::current_set_id);
    foreign.0 = Box::new(votes(Bob, set + 1, Stage::Prevote, [1, 2]));
    // Another's key.
    let mut others = evidence(&mut chain, Bob, Stage::Prevote, [1, 2]);
    others.1 = evidence(&mut chain, Alice, Stage::Prevote, [1, 2]).1;
    // A validator of a later session than that set's, and of one that is not.
    let mut early = evidence(&mut chain, Bob, Stage::Prevote, [1, 2]);
    early.1.session += 1;
    let mut nobodys = evidence(&mut chain, Bob, Stage::Prevote, [1, 2]);
    nobodys.1.session += 100;
    type Error = pallet_grandpa::Error<Runtime>;
    for (evidence, error) in [
        (same, Error::InvalidEquivocationProof),
        (foreign, Error::InvalidEquivocationProof),
        (others, Error::InvalidKeyOwnershipProof),
        (early, Error::InvalidEquivocationProof),
        (nobodys, Error::InvalidKeyOwnershipProof),
    ] {
        let who = Sr25519Keyring::Charlie;
        let call = RuntimeCall::from(report(evidence));
        let result = chain.block(|| vec![signed(who, nonce(who), 0, call)]);
        assert_eq!(result, [Ok(Err(error.into()))]);
    }
    chain.with(|| {
        assert_eq!(staked(Sr25519Keyring::BobStash), SELF_STAKE);
        assert!(is_candidate(Sr25519Keyring::Bob));
    });
}
