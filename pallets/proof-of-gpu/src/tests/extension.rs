// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use core::cmp::Reverse;

use codec::Encode;
use frame_support::{
    assert_ok, assert_storage_noop,
    dispatch::{GetDispatchInfo, PostDispatchInfo},
    pallet_prelude::{InvalidTransaction, TransactionValidityError, ValidTransaction},
    traits::fungible::{Inspect, Mutate},
    weights::Weight,
};
use pallet_skip_feeless_payment::SkipCheckIfFeeless;
use pallet_transaction_payment::ChargeTransactionPayment;
use proof_of_gpu_primitives::{MAX_ROUNDS, Refusal};
use proptest::prelude::*;
use sp_runtime::{
    DispatchResultWithInfo,
    traits::{DispatchTransaction, Dispatchable, TransactionExtension},
    transaction_validity::TransactionSource,
};

use super::{draw_lots, hollow, hollow_reveal, hollow_walk, set_verified};
use crate::{
    Call, CurrentWindow, Error, GpuClaim, Gpus, Phase, Window,
    extension::{CONFIRM_PRIORITY, CheckProofCall, PRIORITY, ProofCallKind, tag},
    mock::*,
    randomness::turn,
};

const FUNDS: Balance = 1_000_000_000_000_000_000;

fn extensions(nonce: u32, tip: Balance) -> Extensions {
    (
        frame_system::CheckNonce::from(nonce),
        CheckProofCall::new(),
        SkipCheckIfFeeless::from(ChargeTransactionPayment::from(tip)),
    )
}

fn info(call: &RuntimeCall, extensions: &Extensions) -> frame_support::dispatch::DispatchInfo {
    let mut info = call.get_dispatch_info();
    info.extension_weight = extensions.weight(call);
    info
}

/// What the pool says of a call after the current block: it validates on its
/// state, with the number of the block to come.
fn pooled_with(
    hotkey: &AccountId,
    call: impl Into<RuntimeCall>,
    nonce: u32,
    tip: Balance,
) -> Result<ValidTransaction, TransactionValidityError> {
    let call = call.into();
    let extensions = extensions(nonce, tip);
    let info = info(&call, &extensions);
    let block = System::block_number();
    System::set_block_number(block + 1);
    let validity = extensions.validate_only(
        RuntimeOrigin::signed(hotkey.clone()),
        &call,
        &info,
        call.encoded_size(),
        TransactionSource::External,
        0,
    );
    System::set_block_number(block);
    validity.map(|(valid, _, _)| valid)
}

fn pooled(
    hotkey: &AccountId,
    call: impl Into<RuntimeCall>,
) -> Result<ValidTransaction, TransactionValidityError> {
    pooled_with(hotkey, call, System::account_nonce(hotkey), 0)
}

/// Applies a call as a transaction of the current block.
fn applied(
    hotkey: &AccountId,
    call: impl Into<RuntimeCall>,
) -> Result<DispatchResultWithInfo<PostDispatchInfo>, TransactionValidityError> {
    let call = call.into();
    let extensions = extensions(System::account_nonce(hotkey), 0);
    let info = info(&call, &extensions);
    let length = call.encoded_size();
    extensions.dispatch_transaction(
        RuntimeOrigin::signed(hotkey.clone()),
        call,
        &info,
        length,
        0,
    )
}

fn custom(error: Error<Test>) -> TransactionValidityError {
    InvalidTransaction::Custom(error.code()).into()
}

fn commit_call(claims: Vec<GpuClaim>) -> Call<Test> {
    let (window, beacon) = CurrentWindow::<Test>::get()
        .map(|window| (window.id, window.beacon))
        .unwrap_or_default();
    Call::commit {
        window,
        beacon,
        claims: claims.try_into().expect("few enough GPUs"),
    }
}

fn in_window(window: u32, claims: Vec<GpuClaim>) -> Call<Test> {
    let Call::commit { beacon, claims, .. } = commit_call(claims) else {
        panic!("a commit");
    };
    Call::commit {
        window,
        beacon,
        claims,
    }
}

fn confirm_call(gpus: Vec<u32>) -> Call<Test> {
    Call::confirm {
        window: 0,
        gpus: gpus.try_into().expect("few enough GPUs"),
    }
}

fn empty_reveal(sampling_beacon: [u8; 32], gpu: u32) -> Call<Test> {
    Call::reveal {
        window: 0,
        sampling_beacon,
        gpu,
        peaks: Default::default(),
        openings: Default::default(),
        walk_peaks: Default::default(),
        walk_openings: Default::default(),
    }
}

/// Sees a call refused before the pool and in a block, whether its signer has funds
/// or not, and nothing changed by it.
fn refused(hotkey: &AccountId, call: Call<Test>, error: Error<Test>) {
    let expected = custom(error);
    for funds in [0, FUNDS] {
        Balances::set_balance(hotkey, funds);
        assert_storage_noop!({
            assert_eq!(pooled(hotkey, call.clone()), Err(expected));
            assert_eq!(applied(hotkey, call.clone()).map(|_| ()), Err(expected));
        });
    }
}

#[test]
fn refuses_commits_that_would_fail() {
    build_and_execute(|| {
        System::inc_providers(&CAROL);
        run_to(OPENS - 2);
        refused(
            &ALICE,
            commit_call(vec![hollow(0, 1)]),
            Error::NotCurrentWindow,
        );
        run_to(OPENS);
        let Window { id, beacon, .. } = window();
        let wrong = |window, beacon| Call::commit {
            window,
            beacon,
            claims: vec![hollow(0, 1)].try_into().expect("one GPU"),
        };
        refused(&ALICE, wrong(id + 1, beacon), Error::NotCurrentWindow);
        refused(&ALICE, wrong(id, [1; 32]), Error::WrongBeacon);
        refused(&ALICE, commit_call(vec![]), Error::NoGpus);
        refused(
            &ALICE,
            commit_call(vec![hollow(1, 1), hollow(0, 1)]),
            Error::NotAscending,
        );
        refused(
            &ALICE,
            commit_call(vec![hollow(0, 0)]),
            Error::RoundsOutOfRange,
        );
        refused(
            &ALICE,
            commit_call(vec![hollow(GPUS, 1)]),
            Error::NotRegistered,
        );
        refused(
            &CAROL,
            commit_call(vec![hollow(0, 1)]),
            Error::NotRegistered,
        );
        Floor::set(1_000);
        refused(&ALICE, commit_call(vec![hollow(0, 1)]), Error::BelowFloor);
        Floor::set(0);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        refused(
            &ALICE,
            commit_call(vec![hollow(0, 1)]),
            Error::AlreadyCommitted,
        );

        let honest = window();
        CurrentWindow::<Test>::put(Window {
            commits: u32::MAX,
            ..honest.clone()
        });
        refused(
            &ALICE,
            commit_call(vec![hollow(1, 1)]),
            Error::TooManyCommits,
        );
        CurrentWindow::<Test>::put(honest);
        run_to(DEADLINE + 1);
        refused(&ALICE, commit_call(vec![hollow(1, 1)]), Error::NotOpen);
    });
}

#[test]
fn refuses_reveals_and_confirmations_that_would_fail() {
    build_and_execute(|| {
        let (called, [uncalled, other]) = draw_lots(1);
        let beacon = sampling_beacon();
        set_verified(&ALICE, uncalled, 1);
        refused(&ALICE, empty_reveal([1; 32], called), Error::WrongBeacon);
        refused(&ALICE, empty_reveal(beacon, GPUS), Error::NoCommit);
        refused(&ALICE, empty_reveal(beacon, uncalled), Error::NotCalled);
        refused(&ALICE, confirm_call(vec![called]), Error::Called);
        refused(&ALICE, confirm_call(vec![other]), Error::NothingVerified);
        refused(&ALICE, confirm_call(vec![]), Error::NoGpus);
        refused(
            &ALICE,
            confirm_call(vec![uncalled, uncalled]),
            Error::NotAscending,
        );

        refused(&ALICE, empty_reveal(beacon, called), Error::WrongSize);
        assert_ok!(applied(&ALICE, hollow_reveal(&ALICE, called)));
        refused(&ALICE, empty_reveal(beacon, called), Error::AlreadyResolved);
        assert_ok!(applied(&ALICE, confirm_call(vec![uncalled])));
        refused(&ALICE, confirm_call(vec![uncalled]), Error::AlreadyResolved);

        run_to(CLOSES);
        refused(
            &ALICE,
            empty_reveal(beacon, called),
            Error::NotCurrentWindow,
        );
    });
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        refused(&ALICE, empty_reveal([0; 32], 0), Error::NotRevealing);
        refused(&ALICE, confirm_call(vec![0]), Error::NotRevealing);
    });
}

#[test]
fn refuses_in_the_pool_what_the_next_block_no_longer_takes() {
    build_and_execute(|| {
        run_to(DEADLINE - 1);
        assert_ok!(pooled(&ALICE, commit_call(vec![hollow(0, 1)])));
        run_to(DEADLINE);
        let late = commit_call(vec![hollow(0, 1)]);
        assert_eq!(pooled(&ALICE, late.clone()), Err(custom(Error::NotOpen)));
        // The block itself still takes it.
        assert_ok!(applied(&ALICE, late));
    });
}

#[test]
fn every_error_has_a_code_of_its_own() {
    use Error::*;
    let errors: [Error<Test>; 23] = [
        NotCurrentWindow,
        NotOpen,
        WrongBeacon,
        NoGpus,
        NotAscending,
        RoundsOutOfRange,
        BelowFloor,
        NotRegistered,
        AlreadyCommitted,
        TooManyCommits,
        NotRevealing,
        NoCommit,
        AlreadyResolved,
        NotCalled,
        Called,
        NothingVerified,
        NotClosed,
        NoRecord,
        WalkMissing,
        WalkNotAsked,
        WalkOutOfRange,
        TooManyRounds,
        WrongSize,
    ];
    for (refusal, error) in Refusal::ALL.into_iter().zip(errors) {
        assert_eq!(error.refusal(), Some(refusal));
        assert_eq!(error.code(), refusal.number());
        assert_eq!(format!("{error:?}"), format!("{refusal:?}"));
    }
}

#[test]
fn lets_through_before_any_tip_and_for_as_long_as_the_phase() {
    build_and_execute(|| {
        run_to(OPENS);
        let valid = pooled(&ALICE, commit_call(vec![hollow(0, 1), hollow(2, 1)])).expect("sound");
        let place = turn(&window().beacon, ALICE.as_ref());
        assert_eq!(valid.priority, PRIORITY - u64::from(place));
        // Blocks 5 to 8 still take it.
        assert_eq!(valid.longevity, 4);
        assert!(valid.propagate);
        for gpu in [0, 2] {
            assert!(
                valid
                    .provides
                    .contains(&tag(ProofCallKind::Commit, &ALICE, gpu, 0))
            );
        }
        // Those two and the nonce.
        assert_eq!(valid.provides.len(), 3);

        Balances::set_balance(&BOB, FUNDS);
        for tip in [0, 1_000, 1_000_000] {
            let remark = frame_system::Call::<Test>::remark { remark: vec![] };
            let tipped = pooled_with(&BOB, remark, 0, tip).expect("funded");
            // The pool's order: by priority, then by what expires first.
            assert!(
                (tipped.priority, Reverse(tipped.longevity))
                    < (valid.priority, Reverse(valid.longevity))
            );
        }
        // The twin: one that is worth all the priority there is would come first. Blocks
        // of this chain hold so many transactions that a small tip each is; on a chain with
        // blocks of a size, that many times a tip for each has to be 2⁶⁴ of its units.
        let remark = frame_system::Call::<Test>::remark { remark: vec![] };
        let tipped = pooled_with(&BOB, remark, 0, FUNDS / 2).expect("funded");
        assert_eq!(tipped.priority, u64::MAX);
    });
}

#[test]
fn reveals_and_confirmations_of_one_gpu_exclude_each_other() {
    build_and_execute(|| {
        let (called, [uncalled, _]) = draw_lots(1);
        set_verified(&ALICE, uncalled, 1);
        let reveal = pooled(&ALICE, hollow_reveal(&ALICE, called)).expect("sound");
        assert!(
            reveal
                .provides
                .contains(&tag(ProofCallKind::Answer, &ALICE, called, 0))
        );
        assert_eq!(reveal.longevity, UNTIL - REVEALS);
        let confirm = pooled(&ALICE, confirm_call(vec![uncalled])).expect("sound");
        assert!(
            confirm
                .provides
                .contains(&tag(ProofCallKind::Answer, &ALICE, uncalled, 0))
        );
        // The pool takes the reveal first, whichever was signed to expire first, and
        // wherever in their bands the two are.
        let place = u64::from(turn(&sampling_beacon(), ALICE.as_ref()));
        assert_eq!(reveal.priority, PRIORITY - place);
        assert_eq!(confirm.priority, CONFIRM_PRIORITY - place);
        assert!(CONFIRM_PRIORITY < PRIORITY - u64::from(u32::MAX));
        assert_eq!(reveal.longevity, confirm.longevity);
    });
}

/// Who comes first among calls of a kind is drawn, by another draw in each window, and not
/// by what a call says or how long it was signed for.
#[test]
fn a_place_among_equals_is_drawn() {
    build_and_execute(|| {
        run_to(OPENS);
        let place = |hotkey: &AccountId, claims| {
            pooled(hotkey, commit_call(claims)).expect("sound").priority
        };
        let alices = place(&ALICE, vec![hollow(0, 1)]);
        assert_eq!(place(&ALICE, vec![hollow(1, 9), hollow(2, 7)]), alices);
        let bobs = place(&BOB, vec![hollow(0, 1)]);
        assert_ne!(alices, bobs);
        run_to(OPENS + PERIOD);
        assert_ne!(
            pooled(&ALICE, in_window(1, vec![hollow(0, 1)]))
                .expect("sound")
                .priority,
            alices
        );
    });
}

/// All 32 bits of a place are drawn: of a thousand hotkeys no two have the same, and each
/// is first about as often as the other.
#[test]
fn places_are_spread() {
    let beacon = [7; 32];
    let places: Vec<u32> = (0..1_000u32)
        .map(|number| {
            let mut hotkey = [0; 32];
            hotkey[..4].copy_from_slice(&number.to_le_bytes());
            turn(&beacon, &hotkey)
        })
        .collect();
    let distinct: std::collections::BTreeSet<_> = places.iter().collect();
    assert_eq!(distinct.len(), places.len());
    let front = places.iter().filter(|place| **place < 1 << 31).count();
    assert!((400..600).contains(&front), "{front}");
}

#[test]
fn tags_differ_by_what_they_name() {
    let base = tag(ProofCallKind::Commit, &ALICE, 0, 0);
    for other in [
        tag(ProofCallKind::Answer, &ALICE, 0, 0),
        tag(ProofCallKind::Commit, &BOB, 0, 0),
        tag(ProofCallKind::Commit, &ALICE, 1, 0),
        tag(ProofCallKind::Commit, &ALICE, 0, 1),
    ] {
        assert_ne!(base, other);
    }
}

#[test]
fn proof_calls_are_free_for_funded_and_for_empty_hotkeys() {
    build_and_execute(|| {
        run_to(OPENS);
        for (hotkey, funds) in [(ALICE, 0), (BOB, FUNDS)] {
            Balances::set_balance(&hotkey, funds);
            assert_ok!(applied(&hotkey, commit_call(vec![hollow(0, 1)])).expect("let through"));
            assert_eq!(Balances::balance(&hotkey), funds);
        }
        assert_eq!(window().commits, 2);
    });
}

#[test]
fn reports_pay() {
    build_and_execute(|| {
        run_to(OPENS);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
        run_to(CLOSES);
        let report = || Call::<Test>::report_missed {
            hotkey: ALICE,
            gpu: 0,
            window: 0,
        };
        Balances::set_balance(&BOB, 0);
        assert_eq!(
            pooled(&BOB, report()),
            Err(InvalidTransaction::Payment.into())
        );
        Balances::set_balance(&BOB, FUNDS);
        assert_ok!(applied(&BOB, report()).expect("let through"));
        assert!(Balances::balance(&BOB) < FUNDS);
        // The second one pays as well, for nothing.
        let left = Balances::balance(&BOB);
        assert_eq!(
            applied(&BOB, report())
                .expect("let through")
                .map_err(|failure| failure.error),
            Err(Error::<Test>::AlreadyResolved.into())
        );
        assert!(Balances::balance(&BOB) < left);
    });
}

#[test]
fn of_two_conflicting_ones_in_a_block_the_second_is_refused() {
    build_and_execute(|| {
        run_to(OPENS);
        let first = commit_call(vec![hollow(0, 1)]);
        let second = commit_call(vec![hollow(0, 2), hollow(1, 2)]);
        // Each is sound alone, and the pool holds one: they provide the same tag.
        let tags = |call: &Call<Test>| pooled(&ALICE, call.clone()).expect("sound").provides;
        let shared = tag(ProofCallKind::Commit, &ALICE, 0, 0);
        assert!(tags(&first).contains(&shared) && tags(&second).contains(&shared));

        assert_ok!(applied(&ALICE, first).expect("let through"));
        assert_storage_noop!(assert_eq!(
            applied(&ALICE, second).map(|_| ()),
            Err(custom(Error::AlreadyCommitted))
        ));
    });
}

#[test]
fn of_two_reveals_in_a_block_the_second_is_refused() {
    build_and_execute(|| {
        run_to(OPENS);
        let proof = proof(&ALICE, 0, 1);
        commit(&ALICE, 0, &proof);
        run_to(REVEALS);
        let honest = reveal_call(0, &proof);
        let empty = empty_reveal(sampling_beacon(), 0);
        assert_ok!(applied(&ALICE, honest).expect("let through"));
        assert_eq!(
            applied(&ALICE, empty).map(|_| ()),
            Err(custom(Error::AlreadyResolved))
        );
        assert_eq!(bond(&ALICE, 0), BOND);
    });
}

#[test]
fn so_many_a_block() {
    build_and_execute(|| {
        MaxProofCalls::set(2);
        run_to(OPENS);
        let call = |gpu| commit_call(vec![hollow(gpu, 1)]);
        assert_ok!(applied(&ALICE, call(0)).expect("let through"));
        assert_ok!(applied(&ALICE, call(1)).expect("let through"));
        assert_storage_noop!(assert_eq!(
            applied(&ALICE, call(2)).map(|_| ()),
            Err(InvalidTransaction::ExhaustsResources.into())
        ));
        // It stays in the pool, and the next block has room.
        assert_ok!(pooled(&ALICE, call(2)));
        // Other calls are not concerned.
        Balances::set_balance(&BOB, FUNDS);
        let remark = frame_system::Call::<Test>::remark { remark: vec![] };
        assert_ok!(applied(&BOB, remark).expect("let through"));
        next_block();
        assert_ok!(applied(&ALICE, call(2)).expect("let through"));
    });
}

#[test]
fn so_much_weight_a_block() {
    build_and_execute(|| {
        run_to(OPENS);
        let call = |gpu| commit_call(vec![hollow(gpu, 1)]);
        let one = info(&call(0).into(), &extensions(0, 0)).total_weight();
        MaxProofWeight::set(one * 2 - Weight::from_parts(1, 0));
        assert_ok!(applied(&ALICE, call(0)).expect("let through"));
        assert_eq!(
            applied(&ALICE, call(1)).map(|_| ()),
            Err(InvalidTransaction::ExhaustsResources.into())
        );
        MaxProofWeight::set(one * 2);
        assert_ok!(applied(&ALICE, call(1)).expect("let through"));
    });
}

#[test]
fn proof_calls_are_signed() {
    build_and_execute(|| {
        run_to(OPENS);
        let call = RuntimeCall::from(commit_call(vec![hollow(0, 1)]));
        let info = call.get_dispatch_info();
        for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
            assert_eq!(
                CheckProofCall::<Test>::new()
                    .validate(
                        origin,
                        &call,
                        &info,
                        0,
                        (),
                        &sp_runtime::traits::TxBaseImplication(()),
                        TransactionSource::External
                    )
                    .map(|_| ()),
                Err(InvalidTransaction::BadSigner.into())
            );
        }
    });
}

#[test]
fn other_calls_are_left_alone() {
    build_and_execute(|| {
        let remark = RuntimeCall::from(frame_system::Call::<Test>::remark { remark: vec![] });
        let extension = CheckProofCall::<Test>::new();
        assert_eq!(extension.weight(&remark), Weight::zero());
        let info = remark.get_dispatch_info();
        let (valid, _, _) = extension
            .validate_only(
                RuntimeOrigin::signed(CAROL),
                &remark,
                &info,
                0,
                TransactionSource::External,
                0,
            )
            .expect("not a proof call");
        assert_eq!(valid, ValidTransaction::default());
    });
}

#[test]
fn is_charged_and_encodes_to_nothing() {
    build_and_execute(|| {
        let extension = CheckProofCall::<Test>::default();
        assert_eq!(extension.encode(), Vec::<u8>::new());
        assert_eq!(format!("{extension:?}"), "CheckProofCall");
        let calls: [Call<Test>; 3] = [
            commit_call(vec![]),
            empty_reveal([0; 32], 0),
            confirm_call(vec![]),
        ];
        for call in calls {
            assert!(extension.weight(&call.into()).ref_time() > 0);
        }
    });
}

/// Mostly sensible values, so that calls get past the first checks.
fn a_call() -> impl Strategy<Value = Call<Test>> {
    let window = prop_oneof![4 => Just(0), 1 => any::<u32>()];
    let honest = prop_oneof![4 => Just(true), 1 => Just(false)];
    let gpu = prop_oneof![8 => 0..GPUS + 1, 1 => any::<u32>()];
    let rounds = prop_oneof![
        8 => 1..20u32,
        1 => Just(0),
        1 => Just(parameters().most_rounds() + 1),
        1 => Just(MAX_ROUNDS + 1),
    ];
    let gpus = prop::collection::vec(gpu.clone(), 0..4);
    let walked = prop::bool::weighted(0.2);
    let claims = prop::collection::vec((gpu.clone(), rounds, walked), 0..4);
    prop_oneof![
        (window.clone(), honest.clone(), claims).prop_map(|(window, honest, claims)| {
            Call::commit {
                window,
                beacon: if honest { [0; 32] } else { [9; 32] },
                claims: claims
                    .into_iter()
                    .map(|(gpu, rounds, walked)| GpuClaim {
                        walk: walked.then(hollow_walk),
                        ..hollow(gpu, rounds)
                    })
                    .collect::<Vec<_>>()
                    .try_into()
                    .expect("few enough GPUs"),
            }
        }),
        (window.clone(), gpu, walked).prop_map(|(window, gpu, walked)| Call::reveal {
            window,
            sampling_beacon: [0; 32],
            gpu,
            peaks: Default::default(),
            openings: Default::default(),
            walk_peaks: vec![[0; 32]; usize::from(walked)]
                .try_into()
                .expect("few enough peaks"),
            walk_openings: Default::default(),
        }),
        (window, gpus).prop_map(|(window, gpus)| Call::confirm {
            window,
            gpus: gpus.try_into().expect("few enough GPUs"),
        }),
    ]
}

/// Puts the chain's own beacons where a generated call has zeros.
fn with_beacons(call: Call<Test>) -> Call<Test> {
    let current = CurrentWindow::<Test>::get();
    match call {
        Call::commit {
            window,
            beacon: [0, ..],
            claims,
        } => Call::commit {
            window,
            beacon: current.map(|window| window.beacon).unwrap_or_default(),
            claims,
        },
        Call::reveal {
            window,
            gpu,
            peaks,
            openings,
            walk_peaks,
            walk_openings,
            ..
        } => Call::reveal {
            window,
            sampling_beacon: match current.map(|window| window.phase) {
                Some(Phase::Revealing {
                    sampling_beacon, ..
                }) => sampling_beacon,
                _ => [0; 32],
            },
            gpu,
            peaks,
            openings,
            walk_peaks,
            walk_openings,
        },
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The checks are complete: what they let through dispatches `Ok`, what they
    /// refuse would have been an `Err`.
    #[test]
    fn lets_through_exactly_what_succeeds(
        asked in any::<bool>(),
        calls in prop::collection::vec(
            (0..3u64, any::<bool>(), prop::bool::weighted(0.7), a_call()),
            1..40,
        ),
    ) {
        build_and_execute(|| {
            MaxProofCalls::set(u32::MAX);
            Parameters::mutate(|parameters| {
                parameters.capacity = 2;
                parameters.walk = asked.then_some(RULES);
            });
            Bonds::remove((&BOB, 1));
            run_to(OPENS);
            for (blocks, alice, sized, call) in calls {
                run_to(System::block_number() + blocks);
                let hotkey = if alice { ALICE } else { BOB };
                for gpu in 0..GPUS {
                    if Gpus::<Test>::contains_key(&hotkey, gpu) && gpu > 1 {
                        set_verified(&hotkey, gpu, 1);
                    }
                }
                let mut call = with_beacons(call);
                if let Call::reveal { gpu, .. } = &call
                    && sized
                    && Gpus::<Test>::contains_key(&hotkey, *gpu)
                    && CurrentWindow::<Test>::get()
                        .is_some_and(|window| matches!(window.phase, Phase::Revealing { .. }))
                {
                    call = hollow_reveal(&hotkey, *gpu);
                }
                let direct = frame_support::storage::with_transaction(|| {
                    let result = RuntimeCall::from(call.clone())
                        .dispatch(RuntimeOrigin::signed(hotkey.clone()));
                    sp_runtime::TransactionOutcome::Rollback(
                        Ok::<_, sp_runtime::DispatchError>(result.is_ok()),
                    )
                })
                .expect("the transaction is not nested too deep");
                match applied(&hotkey, call) {
                    Ok(result) => assert!(result.is_ok() && direct),
                    Err(_) => assert!(!direct),
                }
            }
        });
    }
}

#[test]
fn the_tests_own_constants_go_together() {
    new_test_ext().execute_with(ProofOfGpu::check_constants);
}

#[test]
#[should_panic(expected = "above the cap on proof calls")]
fn the_cap_on_weight_holds_the_largest_call() {
    new_test_ext().execute_with(|| {
        // Holds the reveal, but not the checks before it. Its time alone is the cap: by
        // proof size, or by time on another machine, another call is the largest.
        let largest = ProofOfGpu::largest_reveal_weight();
        MaxProofWeight::set(largest.set_proof_size(u64::MAX));
        ProofOfGpu::check_constants();
    });
}

#[test]
#[should_panic(expected = "proof calls have to land")]
fn the_cap_on_calls_is_not_zero() {
    new_test_ext().execute_with(|| {
        MaxProofCalls::set(0);
        ProofOfGpu::check_constants();
    });
}
