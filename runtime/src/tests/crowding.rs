// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Proof calls are feeless and come before all else. So nobody may take more room with
//! one than it needs, and nobody may choose to be first: called liars, who lose their bond
//! anyway, would keep honest reveals out of the blocks, to be slashed as well.

use super::{
    chain::{Chain, nonce, signed},
    window::{Network, Size, commit, largest_reveal, phase, proof, reveal},
};
use crate::{
    NI, Registration, Runtime, RuntimeCall, RuntimeEvent, SignedPayload, System, TxExtension,
    UncheckedExtrinsic, settings,
};
use codec::{Compact, DecodeAll, Encode};
use pallet_proof_of_gpu::{
    Call as ProofCall, CurrentWindow, Error, Event as ProofEvent, GpuClaim, WindowParameters,
};
use proof_of_gpu_primitives::{
    MAX_MOUNTAIN_PATH, MAX_PEAKS, MAX_TILE_PATH, Opening, SoftwareSha256, range::Place,
    sampling::samples,
};
use sp_keyring::Sr25519Keyring::{self, Bob, Charlie, Dave};
use sp_runtime::{
    generic::Era,
    transaction_validity::{InvalidTransaction, TransactionValidityError, ValidTransaction},
};

/// Liars that the lottery calls, and honest miners.
const LIARS: u32 = 900;
const HONEST: u32 = 900;

/// A reveal as long as the call's types allow, whatever the window asks for.
fn padded(window: u32, sampling_beacon: [u8; 32]) -> RuntimeCall {
    let opening = Opening {
        folds: [0; 64],
        tile_path: vec![[0; 32]; MAX_TILE_PATH].try_into().unwrap(),
        mountain_path: vec![[0; 32]; MAX_MOUNTAIN_PATH].try_into().unwrap(),
    };
    ProofCall::reveal {
        window,
        sampling_beacon,
        gpu: 0,
        peaks: vec![[0; 32]; MAX_PEAKS].try_into().unwrap(),
        openings: vec![opening; 32].try_into().unwrap(),
        walk_peaks: Default::default(),
        walk_openings: Default::default(),
    }
    .into()
}

/// A production window that calls so many, and no more than it may.
fn production() -> WindowParameters {
    WindowParameters {
        capacity: LIARS + HONEST,
        ..settings::defaults::window()
    }
}

/// The twin: padded reveals, all of them before honest ones, leave no room for these. That
/// is why they are refused.
#[test]
fn padded_reveals_would_crowd_out_honest_ones() {
    let parameters = production();
    Chain::new("development").with(|| {
        let honest = Size::of(largest_reveal(&parameters));
        let long = Size::of(padded(0, [0; 32]));
        assert!(long.bytes > 2 * honest.bytes);
        let [liars, landed] = phase(parameters.reveal_blocks(), (LIARS, long), (HONEST, honest));
        assert_eq!(liars, LIARS);
        assert!(landed < HONEST, "{landed} honest reveals would land");
    });
}

/// A liar's reveal is as long as the longest that an honest miner may have to send, at
/// most. With all liars before them, every honest reveal lands.
#[test]
fn as_many_liars_before_them_leave_honest_reveals_their_place() {
    let parameters = production();
    Chain::new("development").with(|| {
        let longest = Size::of(largest_reveal(&parameters));
        let landed = phase(
            parameters.reveal_blocks(),
            (LIARS, longest),
            (HONEST, longest),
        );
        assert_eq!(landed, [LIARS, HONEST]);
    });
}

/// No number of rounds that a window takes makes a longer reveal than the one that blocks
/// are counted by: neither by its peaks nor by the height of its mountains.
#[test]
fn no_commit_makes_a_longer_reveal_than_capacity_counts_on() {
    let parameters = production();
    let most = parameters.most_rounds();
    let (peaks, height) = (most.ilog2(), most.ilog2());
    for rounds in (1..=most)
        .step_by(9_973)
        .chain([most - 1, most, (1 << peaks) - 1])
    {
        assert!(rounds.count_ones() <= peaks, "{rounds}");
        assert!(rounds.ilog2() <= height, "{rounds}");
    }
    // The bound that settings are checked by is the same.
    Chain::new("development").with(|| {
        let held = crate::ProofOfGpu::reveals_held(&parameters, most);
        assert!(u64::from(settings::defaults::window().capacity) * 5 <= held * 4);
    });
}

/// A reveal of the size that Dave's commit and the samples ask for, and nothing true in it.
fn sized(network: &mut Network, sampling_beacon: [u8; 32], claim: &GpuClaim) -> RuntimeCall {
    let (id, count, tiles, challenge) = network.chain.with(|| {
        let window = CurrentWindow::<Runtime>::get().unwrap();
        let workload = window.parameters.workload;
        (
            window.id,
            window.parameters.samples,
            workload.tiles(),
            crate::ProofOfGpu::challenge(&Dave.to_account_id(), 0, &window),
        )
    });
    let path = |length: u32| vec![[9; 32]; usize::try_from(length).unwrap()];
    let openings: Vec<_> = samples::<SoftwareSha256>(
        &sampling_beacon,
        &challenge,
        &claim.root,
        claim.rounds,
        tiles,
        count,
    )
    .map(|sample| Opening {
        folds: [0; 64],
        tile_path: path(tiles.ilog2()).try_into().unwrap(),
        mountain_path: path(Place::of(sample.round, claim.rounds).unwrap().height)
            .try_into()
            .unwrap(),
    })
    .collect();
    ProofCall::reveal {
        window: id,
        sampling_beacon,
        gpu: 0,
        peaks: path(claim.rounds.count_ones()).try_into().unwrap(),
        openings: openings.try_into().unwrap(),
        walk_peaks: Default::default(),
        walk_openings: Default::default(),
    }
    .into()
}

/// `call` of Dave's with its lists changed.
fn changed(
    call: &RuntimeCall,
    change: impl FnOnce(&mut Vec<[u8; 32]>, &mut Vec<Opening>),
) -> RuntimeCall {
    let RuntimeCall::ProofOfGpu(ProofCall::reveal {
        window,
        sampling_beacon,
        gpu,
        peaks,
        openings,
        ..
    }) = call.clone()
    else {
        panic!("a reveal");
    };
    let (mut peaks, mut openings) = (peaks.into_inner(), openings.into_inner());
    change(&mut peaks, &mut openings);
    ProofCall::reveal {
        window,
        sampling_beacon,
        gpu,
        peaks: peaks.try_into().unwrap(),
        openings: openings.try_into().unwrap(),
        walk_peaks: Default::default(),
        walk_openings: Default::default(),
    }
    .into()
}

/// A liar's commit beside an honest one, and the chain in their reveal phase.
fn lied(network: &mut Network) -> (GpuClaim, [u8; 32], RuntimeCall) {
    let window = network.until_open();
    let honest = proof(network, Charlie, &window);
    let claim = GpuClaim {
        gpu: 0,
        rounds: window.parameters.most_rounds(),
        root: [7; 32],
        walk: None,
    };
    let lie = ProofCall::commit {
        window: window.id,
        beacon: window.beacon,
        claims: vec![claim].try_into().unwrap(),
    };
    network.block(|| {
        vec![
            signed(Charlie, 0, 0, commit(&window, &honest)),
            signed(Dave, 0, 0, lie),
        ]
    });
    let beacon = network.until_revealing();
    (claim, beacon, reveal(&window, &honest, beacon))
}

#[test]
fn the_pool_refuses_a_reveal_of_any_other_size() {
    let mut network = Network::new();
    let (claim, beacon, honest) = lied(&mut network);
    let right = sized(&mut network, beacon, &claim);
    let id = network
        .chain
        .with(|| CurrentWindow::<Runtime>::get().unwrap().id);
    let long = |length: usize| vec![[1; 32]; length];
    let mut wrong = vec![
        padded(id, beacon),
        changed(&right, |peaks, _| peaks.push([0; 32])),
        changed(&right, |peaks, _| peaks.resize(MAX_PEAKS, [0; 32])),
        changed(&right, |peaks, _| peaks.clear()),
        changed(&right, |_, openings| openings.clear()),
        changed(&right, |_, openings| openings.push(openings[0].clone())),
        changed(&right, |_, openings| {
            openings.resize(32, openings[0].clone())
        }),
        changed(&right, |_, openings| {
            openings.pop();
        }),
    ];
    for place in [0, 1] {
        wrong.push(changed(&right, |_, openings| {
            openings[place].tile_path = long(MAX_TILE_PATH).try_into().unwrap();
        }));
        wrong.push(changed(&right, |_, openings| {
            openings[place].mountain_path = long(MAX_MOUNTAIN_PATH).try_into().unwrap();
        }));
        wrong.push(changed(&right, |_, openings| {
            let one_more = openings[place].mountain_path.len() + 1;
            openings[place].mountain_path = long(one_more).try_into().unwrap();
        }));
    }
    let code = Error::<Runtime>::WrongSize.code();
    for call in wrong {
        let validity = network.chain.validate(|| signed(Dave, 1, 0, call));
        assert_eq!(validity, Err(InvalidTransaction::Custom(code).into()));
    }
    // One that shows a walk is refused as well: this window asks for none.
    let RuntimeCall::ProofOfGpu(ProofCall::reveal { .. }) = &right else {
        panic!("a reveal");
    };
    let mut walked = right.clone();
    if let RuntimeCall::ProofOfGpu(ProofCall::reveal { walk_peaks, .. }) = &mut walked {
        *walk_peaks = long(1).try_into().unwrap();
    }
    let code = Error::<Runtime>::WalkNotAsked.code();
    assert_eq!(
        network.chain.validate(|| signed(Dave, 1, 0, walked)),
        Err(InvalidTransaction::Custom(code).into())
    );

    // What is of the right size is taken and judged: the lie is slashed, and the honest
    // one in the same block is verified.
    let full = network
        .chain
        .with(|| Registration::bond_of(&Dave.to_account_id(), 0));
    network.block(|| vec![signed(Dave, 1, 0, right), signed(Charlie, 1, 0, honest)]);
    let events = network.chain.events();
    assert!(events.iter().any(|event| matches!(
        event,
        RuntimeEvent::ProofOfGpu(ProofEvent::Refused { slashed, .. }) if *slashed == full / 2
    )));
    assert!(
        events
            .iter()
            .any(|event| matches!(event, RuntimeEvent::ProofOfGpu(ProofEvent::Verified { .. })))
    );
}

/// As [`signed`], for a time and with a tip.
fn signed_for(
    who: Sr25519Keyring,
    nonce: u32,
    (era, tip): (Era, u128),
    call: RuntimeCall,
) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_proof_of_gpu::extension::CheckProofCall::new(),
        pallet_skip_feeless_payment::SkipCheckIfFeeless::from(
            pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        ),
        frame_system::WeightReclaim::new(),
    );
    let payload = SignedPayload::new(call, extension).unwrap();
    let signature = payload.using_encoded(|bytes| who.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(
        call,
        who.to_account_id().into(),
        signature.into(),
        extension,
    )
}

/// Whether a pool puts `one` before `other`: by priority, then by what expires first.
fn before(one: &ValidTransaction, other: &ValidTransaction) -> bool {
    (one.priority, core::cmp::Reverse(one.longevity))
        > (other.priority, core::cmp::Reverse(other.longevity))
}

/// A liar cannot have its reveal put first, neither by signing it for a shorter time nor by
/// a tip, which is not even charged: its place is drawn.
#[test]
fn neither_a_shorter_time_nor_a_tip_puts_a_reveal_first() {
    let mut network = Network::new();
    let (claim, beacon, honest) = lied(&mut network);
    let lie = sized(&mut network, beacon, &claim);
    let mut valid = |who, era, tip, call: &RuntimeCall| {
        network
            .chain
            .validate(|| {
                // From the last block whose hash is known.
                let born = u64::from(System::block_number()) - 1;
                let era = match era {
                    0 => Era::Immortal,
                    period => Era::mortal(period, born),
                };
                signed_for(who, nonce(who), (era, tip), call.clone())
            })
            .unwrap()
    };
    let honest = valid(Charlie, 0, 0, &honest);
    let plain = valid(Dave, 0, 0, &lie);
    assert_ne!(honest.priority, plain.priority);
    for (era, tip) in [(4, 0), (64, 0), (0, 50_000 * NI), (4, 50_000 * NI)] {
        let tried = valid(Dave, era, tip, &lie);
        assert_eq!(tried.priority, plain.priority);
        assert_eq!(before(&tried, &honest), before(&plain, &honest));
    }
    // The twin: of one place, the shorter time would have come first.
    let short = valid(Dave, 4, 0, &lie);
    assert!(short.longevity < plain.longevity);
    let level = ValidTransaction {
        priority: honest.priority,
        ..short
    };
    assert!(before(&level, &honest));
}

/// What a transaction has besides the lists of its call is bounded, whatever its signer
/// writes into the fields: the largest tip, number and time make it no longer than the
/// capacity counts on.
#[test]
fn the_envelope_of_a_reveal_is_bounded() {
    const COUNTED: usize = 320;
    Chain::new("development").with(|| {
        let call = RuntimeCall::from(ProofCall::reveal {
            window: u32::MAX,
            sampling_beacon: [0; 32],
            gpu: u32::MAX,
            peaks: Default::default(),
            openings: Default::default(),
            walk_peaks: Default::default(),
            walk_openings: Default::default(),
        });
        let longest = signed_for(Dave, u32::MAX, (Era::Immortal, u128::MAX), call);
        // A mortal one has a byte more, so has a signature of another kind, and the length
        // of a longer one up to three.
        assert!(longest.encoded_size() + 5 <= COUNTED);
    });
}

/// The bytes of a call have one form: no list has two lengths, and nothing may follow.
#[test]
fn no_call_has_a_second_encoding() {
    let window = 5u32;
    let claim = GpuClaim {
        gpu: 0,
        rounds: 1,
        root: [1; 32],
        walk: None,
    };
    // Each with the place of its first list's length.
    let calls: [(RuntimeCall, usize); 3] = [
        (
            ProofCall::commit {
                window,
                beacon: [2; 32],
                claims: vec![claim].try_into().unwrap(),
            }
            .into(),
            2 + 4 + 32,
        ),
        (
            ProofCall::reveal {
                window,
                sampling_beacon: [2; 32],
                gpu: 0,
                peaks: vec![[3; 32]].try_into().unwrap(),
                openings: Default::default(),
                walk_peaks: Default::default(),
                walk_openings: Default::default(),
            }
            .into(),
            2 + 4 + 32 + 4,
        ),
        (
            ProofCall::confirm {
                window,
                gpus: vec![0].try_into().unwrap(),
            }
            .into(),
            2 + 4,
        ),
    ];
    for (call, place) in calls {
        let bytes = call.encode();
        assert_eq!(RuntimeCall::decode_all(&mut &bytes[..]), Ok(call.clone()));
        assert_eq!(bytes[place], 1 << 2, "a list of one");
        // One in two and in four bytes.
        for long in [vec![(1 << 2) | 1, 0], vec![(1 << 2) | 2, 0, 0, 0]] {
            let mut other = bytes[..place].to_vec();
            other.extend(long);
            other.extend(&bytes[place + 1..]);
            assert!(RuntimeCall::decode_all(&mut &other[..]).is_err());
        }
        let mut followed = bytes.clone();
        followed.push(0);
        assert!(RuntimeCall::decode_all(&mut &followed[..]).is_err());

        // Nor does a transaction have room for more than it says.
        Chain::new("development").with(|| {
            let whole = signed(Dave, 0, 0, call).encode();
            assert!(UncheckedExtrinsic::decode_all(&mut &whole[..]).is_ok());
            let Compact(length) = Compact::<u32>::decode_prefix(&whole);
            let body = &whole[whole.len() - usize::try_from(length).unwrap()..];
            let mut stuffed = Compact(length + 1).encode();
            stuffed.extend(body);
            stuffed.push(0);
            assert!(UncheckedExtrinsic::decode_all(&mut &stuffed[..]).is_err());
        });
    }
}

/// The length in front of a transaction.
trait DecodePrefix: Sized {
    fn decode_prefix(bytes: &[u8]) -> Self;
}

impl DecodePrefix for Compact<u32> {
    fn decode_prefix(bytes: &[u8]) -> Self {
        codec::Decode::decode(&mut &bytes[..]).unwrap()
    }
}

/// In a batch a proof call is not feeless: it pays by its length, before the pool.
#[test]
fn a_batch_of_proof_calls_pays() {
    let mut network = Network::new();
    let everything = pallet_balances::Call::transfer_all {
        dest: Bob.to_account_id().into(),
        keep_alive: false,
    };
    network.block(|| vec![signed(Dave, 0, 0, everything)]);
    let window = network.until_open();
    let honest = proof(&mut network, Dave, &window);
    let alone = commit(&window, &honest);
    let batch = pallet_utility::Call::<Runtime>::batch_all {
        calls: vec![alone.clone()],
    };
    assert_eq!(
        network.chain.validate(|| signed(Dave, 1, 0, batch)),
        Err(TransactionValidityError::Invalid(
            InvalidTransaction::Payment
        ))
    );
    assert!(network.chain.validate(|| signed(Dave, 1, 0, alone)).is_ok());
}
