// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each trick fails, and costs what it should; beside each, what is honest passes.

use adversaries::{
    arena::Verdict,
    tricks::{clock, crowds, forged, replay, shares},
};
use ni_runtime::Runtime;
use pallet_proof_of_gpu::{Call, Error, GpuClaim, Reason};
use proof_of_gpu_primitives::VerifyError;

/// Why a reveal was refused, having cost something.
fn refused(verdict: &Verdict) -> VerifyError {
    match verdict {
        Verdict::Refused {
            reason: Reason::Product(reason),
            slashed,
        } if *slashed > 0 => *reason,
        other => panic!("it should have been slashed: {other:?}"),
    }
}

fn is_product(reason: VerifyError) -> bool {
    matches!(reason, VerifyError::Product { .. })
}

#[test]
fn matrices_of_ones_own_are_slashed() {
    let mut ways = forged::WAYS.into_iter();
    let (name, honest) = ways.next().expect("the honest way comes first");
    let verdict = forged::computed_by(honest);
    assert!(
        matches!(verdict, Verdict::Verified { .. }),
        "{name}: {verdict:?}"
    );
    for (name, way) in ways {
        let reason = refused(&forged::computed_by(way));
        assert!(is_product(reason), "{name}: {reason}");
    }
}

#[test]
fn a_shape_of_ones_own_is_never_taken() {
    // The shape is in the length of the paths: the pool refuses both, and both are missed.
    for verdict in forged::another_shape() {
        let Verdict::NotTaken(error) = verdict else {
            panic!("it has another size: {verdict:?}");
        };
        assert!(error.contains("WrongSize"), "{error}");
    }
}

#[test]
fn work_of_an_earlier_window_is_slashed() {
    assert_eq!(refused(&replay::an_earlier_window()), VerifyError::Root);
    let reason = refused(&replay::an_earlier_windows_rounds());
    assert!(is_product(reason), "{reason}");
}

#[test]
fn one_gpus_work_under_two_accounts_is_slashed() {
    let reason = refused(&replay::another_accounts_rounds());
    assert!(is_product(reason), "{reason}");
}

#[test]
fn a_copied_commitment_is_slashed_and_what_it_hides_comes_too_late() {
    let copied = replay::a_rivals_commitment();
    assert!(matches!(copied.original, Verdict::Verified { .. }));
    assert_eq!(refused(&copied.copy), VerifyError::Root);
    assert_eq!(copied.after, Err("NotOpen".into()));
}

#[test]
fn a_good_name_exempts_from_nothing_and_a_rented_gpu_earns_nothing() {
    let (lie, unpaid) = replay::a_good_name(3);
    assert!(is_product(refused(&lie)));
    assert_eq!(unpaid, 0);
}

#[test]
fn calls_at_the_wrong_time_never_reach_a_block() {
    let times = clock::wrong_times();
    assert_eq!(times.commit_in_time, Ok(()));
    assert_eq!(times.reveal_in_time, Ok(()));
    let code = |error: Error<Runtime>| Err(error.code());
    assert_eq!(times.commit_early, code(Error::NotCurrentWindow));
    assert_eq!(times.commit_late, code(Error::NotOpen));
    assert_eq!(times.reveal_early, code(Error::NotRevealing));
    assert_eq!(times.reveal_late, code(Error::NotCurrentWindow));
    assert_eq!(times.cost, 0, "what is refused costs nothing");
    assert!(times.missed > 0, "what is missed does");
}

#[test]
fn the_clock_is_the_chains() {
    // A call names no time: were there such a field, this would not compile.
    let claim = GpuClaim {
        gpu: 0,
        rounds: 1,
        root: [0; 32],
        walk: None,
    };
    let commit = Call::<Runtime>::commit {
        window: 0,
        beacon: [0; 32],
        claims: vec![claim].try_into().expect("one fits"),
    };
    assert!(matches!(commit, Call::commit { .. }));
    // Nor does it matter when it comes.
    let [first, last] = clock::first_and_last(64, 0);
    assert_eq!(first, last);
    assert!(first > 0);
    // Empty slots are time, for both.
    let slower = clock::first_and_last(64, 4);
    assert_eq!(slower[0], slower[1]);
    assert!(slower[0] < first);
}

#[test]
fn no_way_to_present_a_gpu_gains_but_what_is_written_down() {
    let presented = shares::presented();
    assert!(presented.two_identities <= 1.0);
    assert!(presented.sliced <= 1.0);
    assert!(presented.throttled <= 0.5);
    // Cards that share a host count as one large one. Without a measured memory all rows
    // of a table have the same multiplier, so its tier pays no more but what is rounded off.
    assert!(presented.pooled <= 1.0 + 1e-6);
    // Written down: slots that post further bonds are paid what these back.
    assert!(presented.unbacked_sliced > presented.unbacked);
    // But to the NI bonded no more, and never more than its share.
    assert!(presented.unbacked_sliced <= 2.0 * presented.unbacked + 1e-6);
    assert!(presented.unbacked_sliced <= 1.0);
}

#[test]
fn two_cards_can_prove_as_one() {
    // Not a defence: protocol version 1 does not tell them apart.
    assert!(matches!(
        shares::two_cards_as_one(),
        Verdict::Verified { .. }
    ));
}

#[test]
fn free_calls_are_free_once() {
    let (first, [commit, reveal, sized_otherwise]) = crowds::all_that_is_free();
    refused(&first);
    assert_eq!(commit, "AlreadyCommitted");
    assert_eq!(reveal, "AlreadyResolved");
    // Garbage of another size is no reveal: it is never taken, and settles nothing.
    assert_eq!(sized_otherwise, "WrongSize");
}

#[test]
fn spam_never_reaches_a_block() {
    let spam = crowds::spam(1, 900);
    assert_eq!(spam.taken, 0, "{spam:?}");
    assert_eq!(spam.refused.values().sum::<u32>(), spam.sent);
    assert!(spam.refused.len() >= 5, "of every kind: {spam:?}");
    assert!(!spam.changed);
    // Within a batch they pay as any call does.
    assert!(spam.in_a_batch.contains("Payment"), "{}", spam.in_a_batch);
    assert!(spam.fee > 0);
}

#[test]
fn filling_the_grace_blocks_costs_more_than_all_rounds_pay() {
    let crowd = crowds::filling_the_grace_blocks(119);
    // Mean windows of half an hour pay miners some eighty NI.
    assert!(crowd.slashed > 100.0 * 80.0, "{crowd:?}");
    assert!(crowd.bonds > 100_000.0, "{crowd:?}");
}
