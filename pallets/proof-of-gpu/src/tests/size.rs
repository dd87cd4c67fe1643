// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is feeless has one size: a reveal of any other is refused before the pool, and
//! costs nobody anything.

use codec::Encode;
use frame_support::{assert_noop, assert_ok, traits::UnfilteredDispatchable};
use proof_of_gpu_primitives::{Hash, MAX_MOUNTAIN_PATH, MAX_PEAKS, MAX_TILE_PATH, Opening};
use proptest::prelude::*;

use super::{hollow, hollow_reveal, hollow_walk};
use crate::{Call, Error, Event, GpuClaim, mock::*};

/// The lists of a reveal.
struct Parts<'a> {
    peaks: &'a mut Vec<Hash>,
    openings: &'a mut Vec<Opening>,
}

/// The call with the product's lists changed, or the walk's.
fn with(call: &Call<Test>, of_walk: bool, change: impl FnOnce(Parts<'_>)) -> Call<Test> {
    let mut call = call.clone();
    let Call::reveal {
        peaks,
        openings,
        walk_peaks,
        walk_openings,
        ..
    } = &mut call
    else {
        panic!("a reveal");
    };
    let apply = |peaks: &mut Vec<Hash>, openings: &mut Vec<Opening>| {
        change(Parts { peaks, openings });
    };
    if of_walk {
        let (mut shown, mut opened) = (walk_peaks.to_vec(), walk_openings.to_vec());
        apply(&mut shown, &mut opened);
        *walk_peaks = shown.try_into().expect("as many as the type allows");
        *walk_openings = opened.try_into().expect("as many as the type allows");
    } else {
        let (mut shown, mut opened) = (peaks.to_vec(), openings.to_vec());
        apply(&mut shown, &mut opened);
        *peaks = shown.try_into().expect("as many as the type allows");
        *openings = opened.try_into().expect("as many as the type allows");
    }
    call
}

/// Commits Alice's GPU 0 to what nothing stands behind, and goes on to the reveal phase of
/// a window that asks for both proofs, of shapes that have paths.
fn committed() -> Call<Test> {
    Parameters::mutate(|parameters| {
        parameters.workload = proof_of_gpu_primitives::Workload::new(128, 256, 64);
        parameters.walk = Some(crate::WalkRules {
            lanes: 256,
            ..RULES
        });
    });
    run_to(OPENS);
    let claim = GpuClaim {
        walk: Some(hollow_walk()),
        ..hollow(0, 0b1011)
    };
    assert_ok!(commit_claims(&ALICE, vec![claim]));
    run_to(REVEALS);
    hollow_reveal(&ALICE, 0)
}

fn dispatch(call: Call<Test>) -> frame_support::dispatch::DispatchResultWithPostInfo {
    call.dispatch_bypass_filter(RuntimeOrigin::signed(ALICE))
}

fn refused(call: Call<Test>) {
    assert_noop!(dispatch(call), Error::<Test>::WrongSize);
    assert_eq!(bond(&ALICE, 0), BOND);
}

/// The twin: a lie of the right size is taken, judged and punished.
#[test]
fn a_lie_of_the_right_size_is_slashed() {
    build_and_execute(|| {
        let lie = committed();
        events();
        assert_ok!(dispatch(lie));
        assert!(matches!(events()[..], [Event::Refused { .. }]));
        assert_eq!(bond(&ALICE, 0), BOND / 2);
    });
}

#[test]
fn any_other_size_is_refused_and_costs_nothing() {
    build_and_execute(|| {
        let right = committed();
        for of_walk in [false, true] {
            refused(with(&right, of_walk, |parts| parts.peaks.push([0; 32])));
            refused(with(&right, of_walk, |parts| {
                parts.peaks.resize(MAX_PEAKS, [0; 32]);
            }));
            refused(with(&right, of_walk, |parts| parts.peaks.clear()));
            refused(with(&right, of_walk, |parts| {
                let more = parts.openings[0].clone();
                parts.openings.push(more);
            }));
            refused(with(&right, of_walk, |parts| {
                parts.openings.pop();
            }));
            refused(with(&right, of_walk, |parts| parts.openings.clear()));
            for place in [0, 2] {
                for length in 0..=MAX_TILE_PATH {
                    let call = with(&right, of_walk, |parts| {
                        let path = &mut parts.openings[place].tile_path;
                        if path.len() == length {
                            parts.peaks.clear();
                        }
                        *path = vec![[1; 32]; length].try_into().expect("short enough");
                    });
                    refused(call);
                }
                for length in 0..=MAX_MOUNTAIN_PATH {
                    let call = with(&right, of_walk, |parts| {
                        let path = &mut parts.openings[place].mountain_path;
                        if path.len() == length {
                            parts.peaks.clear();
                        }
                        *path = vec![[1; 32]; length].try_into().expect("short enough");
                    });
                    refused(call);
                }
            }
            // All of it, as long as the types allow.
            refused(with(&right, of_walk, |parts| {
                parts.peaks.resize(MAX_PEAKS, [0; 32]);
                for opening in parts.openings {
                    opening.tile_path = vec![[1; 32]; MAX_TILE_PATH].try_into().expect("short");
                    opening.mountain_path =
                        vec![[1; 32]; MAX_MOUNTAIN_PATH].try_into().expect("short");
                }
            }));
        }
        // Nothing was used up.
        assert!(!resolved(&ALICE, 0));
        assert_ok!(dispatch(right));
        assert!(resolved(&ALICE, 0));
    });
}

/// An honest one is as long as any lie that is taken.
#[test]
fn an_honest_reveal_has_that_size() {
    build_and_execute(|| {
        run_to(OPENS);
        let proof = proof(&ALICE, 0, 11);
        commit(&ALICE, 0, &proof);
        run_to(REVEALS);
        let honest = reveal_call(0, &proof);
        assert_eq!(
            honest.encoded_size(),
            hollow_reveal(&ALICE, 0).encoded_size()
        );
        assert_ok!(dispatch(honest));
        assert!(last_verified(&ALICE, 0).is_some());
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However the lists are filled: what is taken is as long, to the byte, as a hollow
    /// reveal of the same commit.
    #[test]
    fn whatever_is_taken_has_one_size(
        rounds in 1..5_000u32,
        peaks in 0..14usize,
        openings in 0..9usize,
        heights in prop::collection::vec(0..13usize, 9),
        tiles in 0..4usize,
        honest in prop::collection::vec(any::<bool>(), 4),
    ) {
        build_and_execute(|| {
            Parameters::mutate(|parameters| {
                parameters.workload = proof_of_gpu_primitives::Workload::new(128, 128, 64);
            });
            run_to(OPENS);
            assert_ok!(commit_claims(&ALICE, vec![hollow(0, rounds)]));
            run_to(REVEALS);
            let right = hollow_reveal(&ALICE, 0);
            let call = with(&right, false, |parts| {
                if !honest[0] {
                    parts.peaks.resize(peaks, [3; 32]);
                }
                if !honest[1] {
                    let more = parts.openings[0].clone();
                    parts.openings.resize(openings.min(8), more);
                }
                for (opening, height) in parts.openings.iter_mut().zip(&heights) {
                    if !honest[2] {
                        opening.mountain_path =
                            vec![[1; 32]; *height].try_into().expect("short enough");
                    }
                    if !honest[3] {
                        opening.tile_path =
                            vec![[1; 32]; tiles].try_into().expect("short enough");
                    }
                }
            });
            let size = call.encoded_size();
            if dispatch(call).is_ok() {
                assert_eq!(size, right.encoded_size());
            }
        });
    }
}
