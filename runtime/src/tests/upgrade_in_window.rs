// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! An upgrade at the worst block. What was signed for one version is invalid under the
//! next, so code that changed among the reveals would have called GPUs slashed, and anybody
//! may choose the block of authorised code. It waits for the window's close.

use super::{
    chain::{nonce, signed},
    window::{Network, commit, proof, reveal},
};
use crate::{
    BlockNumber, ProofOfGpu, Registration, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
    Scheduler, SignedPayload, System, TxExtension, UncheckedExtrinsic,
};
use codec::Encode;
use frame_support::{
    assert_ok,
    traits::schedule::{DispatchTime, v3::Anon},
};
use frame_system::SetCode;
use pallet_proof_of_gpu::{CurrentWindow, Event as ProofEvent, Phase, WaitingCode, Window};
use sp_core::storage::well_known_keys::CODE;
use sp_keyring::Sr25519Keyring::{Charlie, Dave};
use sp_runtime::{
    generic::Era,
    traits::{BlakeTwo256, Hash as _, TransactionExtension},
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// Stands for the code of a next version: nothing executes it here.
const NEXT: [u8; 64] = [0x5e; 64];

fn is_set(network: &mut Network) -> bool {
    network
        .chain
        .with(|| sp_io::storage::get(CODE).is_some_and(|code| *code == NEXT))
}

/// The two miners' commits, and the chain in their reveal phase.
fn revealing(network: &mut Network) -> (Window<BlockNumber>, [u8; 32], [RuntimeCall; 2]) {
    let window = network.until_open();
    let proofs = [Charlie, Dave].map(|hotkey| proof(network, hotkey, &window));
    network.block(|| {
        vec![
            signed(Charlie, nonce(Charlie), 0, commit(&window, &proofs[0])),
            signed(Dave, nonce(Dave), 0, commit(&window, &proofs[1])),
        ]
    });
    let beacon = network.until_revealing();
    let reveals = proofs.map(|proof| reveal(&window, &proof, beacon));
    (window, beacon, reveals)
}

/// Authorises the code, as a referendum of the upgrade track does.
fn authorise(network: &mut Network) {
    network.chain.with(|| {
        assert_ok!(System::authorize_upgrade_without_checks(
            RuntimeOrigin::root(),
            BlakeTwo256::hash(&NEXT)
        ));
    });
}

/// Anybody's transaction that sets the authorised code: it is not even signed.
fn apply() -> UncheckedExtrinsic {
    let code = NEXT.to_vec();
    let call = frame_system::Call::<Runtime>::apply_authorized_upgrade { code };
    UncheckedExtrinsic::new_bare(call.into())
}

fn verified(network: &mut Network) -> usize {
    let events = network.chain.events().into_iter();
    events
        .filter(|event| matches!(event, RuntimeEvent::ProofOfGpu(ProofEvent::Verified { .. })))
        .count()
}

#[test]
fn authorised_code_that_anybody_sets_among_the_reveals_waits_for_the_close() {
    let mut network = Network::new();
    let (_, _, [first, second]) = revealing(&mut network);
    authorise(&mut network);
    network.block(|| vec![apply()]);
    assert!(!is_set(&mut network));
    // It is used up: nobody can fill another block with it.
    assert_eq!(
        network.chain.validate(apply),
        Err(TransactionValidityError::Invalid(InvalidTransaction::Call))
    );

    // Whoever is called reveals by the version that was signed for.
    network.block(|| {
        vec![
            signed(Charlie, nonce(Charlie), 0, first),
            signed(Dave, nonce(Dave), 0, second),
        ]
    });
    assert_eq!(verified(&mut network), 2);
    assert!(!is_set(&mut network));
    network.until_closed();
    assert!(is_set(&mut network));
    assert!(network.chain.events().into_iter().any(|event| matches!(
        event,
        RuntimeEvent::ProofOfGpu(ProofEvent::CodeReleased { result: Ok(()), .. })
    )));
}

#[test]
fn between_windows_authorised_code_is_set_at_once() {
    let mut network = Network::new();
    network.until_open();
    network.until_closed();
    authorise(&mut network);
    network.block(|| vec![apply()]);
    assert!(is_set(&mut network));
}

/// A scheduled enactment whose block falls into a window is neither lost nor early.
#[test]
fn a_scheduled_enactment_inside_a_window_is_not_lost() {
    let mut network = Network::new();
    let (_, _, [first, _]) = revealing(&mut network);
    let due = network.chain.number() + 2;
    network.chain.with(|| {
        let code = NEXT.to_vec();
        let call = frame_system::Call::<Runtime>::set_code_without_checks { code };
        let call = <crate::Preimage as frame_support::traits::StorePreimage>::bound(
            RuntimeCall::from(call),
        )
        .unwrap();
        assert_ok!(<Scheduler as Anon<_, _, _>>::schedule(
            DispatchTime::At(due),
            None,
            0,
            frame_system::RawOrigin::Root.into(),
            call,
        ));
    });
    while network.chain.number() < due {
        network.block(Vec::new);
    }
    network.chain.with(|| {
        assert!(WaitingCode::<Runtime>::exists());
        let window = CurrentWindow::<Runtime>::get().unwrap();
        assert!(matches!(window.phase, Phase::Revealing { .. }));
    });
    assert!(!is_set(&mut network));
    network.block(|| vec![signed(Charlie, nonce(Charlie), 0, first)]);
    assert_eq!(verified(&mut network), 1);
    network.until_closed();
    assert!(is_set(&mut network));
}

/// `call` of Charlie's, signed for the version after this one.
fn signed_for_the_next_version(call: RuntimeCall) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce(Charlie)),
        frame_system::CheckWeight::new(),
        pallet_proof_of_gpu::extension::CheckProofCall::new(),
        pallet_skip_feeless_payment::SkipCheckIfFeeless::from(
            pallet_transaction_payment::ChargeTransactionPayment::from(0),
        ),
        frame_system::WeightReclaim::new(),
    );
    let mut implicit = extension.implicit().unwrap();
    implicit.1 += 1;
    let payload = SignedPayload::from_raw(call, extension, implicit);
    let signature = payload.using_encoded(|bytes| Charlie.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(
        call,
        Charlie.to_account_id().into(),
        signature.into(),
        extension,
    )
}

/// The twin: set as other chains set it, the code changes among the reveals. Every reveal
/// whose version is not the chain's is refused for its signature: that is no attempt at
/// cheating, costs nothing, and leaves the commit to be revealed, which whoever does not
/// sign again in time has missed.
#[test]
fn a_reveal_that_is_signed_for_another_version_is_refused_and_not_punished() {
    let mut network = Network::new();
    let (window, _, [honest, _]) = revealing(&mut network);
    network.chain.with(|| {
        sp_io::storage::start_transaction();
        assert_ok!(<() as SetCode<Runtime>>::set_code(NEXT.to_vec()));
        assert!(sp_io::storage::get(CODE).is_some_and(|code| *code == NEXT));
        let phase = CurrentWindow::<Runtime>::get().unwrap().phase;
        assert!(matches!(phase, Phase::Revealing { .. }));
        sp_io::storage::rollback_transaction();
    });

    let call = honest.clone();
    assert_eq!(
        network.chain.validate(|| signed_for_the_next_version(call)),
        Err(TransactionValidityError::Invalid(
            InvalidTransaction::BadProof
        ))
    );
    let call = honest.clone();
    let bond = |network: &mut Network| {
        network
            .chain
            .with(|| Registration::bond_of(&Charlie.to_account_id(), 0))
    };
    let full = bond(&mut network);
    let results = network
        .chain
        .block(|| vec![signed_for_the_next_version(call)]);
    assert_eq!(
        results,
        [Err(TransactionValidityError::Invalid(
            InvalidTransaction::BadProof
        ))]
    );
    assert_eq!(bond(&mut network), full);
    network.chain.with(|| {
        assert!(!ProofOfGpu::may_leave(&Charlie.to_account_id(), 0));
        assert_eq!(
            CurrentWindow::<Runtime>::get().map(|current| current.id),
            Some(window.id)
        );
    });
    // Signed again it is taken.
    network.block(|| vec![signed(Charlie, nonce(Charlie), 0, honest)]);
    assert_eq!(verified(&mut network), 1);
}
