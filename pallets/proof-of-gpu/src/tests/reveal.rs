// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use frame_support::{
    assert_noop, assert_ok, dispatch::GetDispatchInfo, traits::UnfilteredDispatchable,
};
use proof_of_gpu_primitives::{Hash, Opening, VerifyError, prover::Proof};
use sp_runtime::{DispatchError, Perbill};

use super::{draw_lots, hollow, hollow_reveal};
use crate::{Call, Error, Event, Reason, VerifiedResult, WindowParameters, mock::*};

/// Ten rounds in the five milliseconds of a window are 1,048 MOPS.
const ROUNDS: u32 = 10;

/// Commits Alice's GPU 0 honestly and goes on to the reveal phase.
fn committed() -> Proof {
    run_to(OPENS);
    let proof = proof(&ALICE, 0, ROUNDS);
    commit(&ALICE, 0, &proof);
    run_to(REVEALS);
    proof
}

/// Reveals Alice's GPU 0 with something changed.
fn reveal_with(proof: &Proof, change: impl FnOnce(&mut Vec<Hash>, &mut Vec<Opening>)) {
    let (mut peaks, mut openings) = (proof.peaks().to_vec(), openings(proof));
    change(&mut peaks, &mut openings);
    reveal_parts(peaks, openings);
}

/// Reveals Alice's GPU 0 with these parts; that is `Ok` whatever they are.
fn reveal_parts(peaks: Vec<Hash>, openings: Vec<Opening>) {
    assert_ok!(ProofOfGpu::reveal(
        RuntimeOrigin::signed(ALICE),
        0,
        sampling_beacon(),
        0,
        peaks.try_into().expect("few enough peaks"),
        openings.try_into().expect("few enough openings"),
        Default::default(),
        Default::default(),
    ));
}

/// Reveals with something changed, and expects to be punished for it.
fn refused(reason: VerifyError, change: impl FnOnce(&mut Vec<Hash>, &mut Vec<Opening>)) {
    build_and_execute(|| {
        let proof = committed();
        events();
        reveal_with(&proof, change);
        assert_eq!(
            events(),
            vec![Event::Refused {
                hotkey: ALICE,
                gpu: 0,
                window: 0,
                reason: Reason::Product(reason),
                slashed: BOND / 2
            }]
        );
        assert!(resolved(&ALICE, 0));
        assert_eq!(bond(&ALICE, 0), BOND / 2);
        assert_eq!(last_verified(&ALICE, 0), None);
        assert_eq!(Verified::get(), vec![]);
        // It was used up: the honest reveal comes too late.
        assert_noop!(reveal(&ALICE, 0, &proof), Error::<Test>::AlreadyResolved);
    });
}

#[test]
fn a_valid_reveal_is_credited() {
    build_and_execute(|| {
        let proof = committed();
        events();
        reveal_with(&proof, |_, _| ());

        assert_eq!(
            events(),
            vec![Event::Verified {
                hotkey: ALICE,
                gpu: 0,
                window: 0,
                mops: 1_048,
                gib: 0,
                gbps: 0,
            }]
        );
        assert!(resolved(&ALICE, 0));
        assert_eq!(last_verified(&ALICE, 0), Some(1_048));
        assert_eq!(bond(&ALICE, 0), BOND);
        assert_eq!(
            Verified::get(),
            vec![VerifiedResult {
                window: 0,
                hotkey: ALICE,
                gpu: 0,
                mops: 1_048,
                gib: 0,
                gbps: 0,
                confirmed: false,
                samples: 4,
                slash_share: Perbill::from_percent(50),
                bounty_share: Perbill::from_percent(10),
                capacity: 100,
                commits: 1,
            }]
        );
    });
}

#[test]
fn is_taken_in_the_last_block() {
    build_and_execute(|| {
        let proof = committed();
        run_to(UNTIL);
        reveal_with(&proof, |_, _| ());
        assert_eq!(last_verified(&ALICE, 0), Some(1_048));
    });
}

#[test]
fn shapes_of_several_tiles_and_ranges_of_several_peaks() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| {
            parameters.workload = proof_of_gpu_primitives::Workload::new(128, 64, 128);
            parameters.samples = 8;
        });
        let proof = committed();
        assert_eq!(proof.peaks().len(), 2);
        assert_ok!(reveal(&ALICE, 0, &proof));
        // 10 rounds of 2 · 128 · 64 · 128 operations in 5 ms.
        assert_eq!(last_verified(&ALICE, 0), Some(4_194));
    });
}

#[test]
fn below_the_floor_is_verified_all_the_same() {
    build_and_execute(|| {
        Floor::set(2_000);
        // Enough in the first block, not over the whole window.
        let proof = committed();
        reveal_with(&proof, |_, _| ());
        assert_eq!(Verified::get()[0].mops, 1_048);
    });
}

#[test]
fn swapped_peaks_are_slashed() {
    refused(VerifyError::Root, |peaks, _| peaks.swap(0, 1));
}

#[test]
fn an_altered_fold_is_slashed() {
    refused(VerifyError::Peak { opening: 2 }, |_, openings| {
        openings[2].folds[5] ^= 1
    });
}

#[test]
fn tiles_that_were_skipped_are_slashed() {
    build_and_execute(|| {
        run_to(OPENS);
        // Everything fits together, but nothing was multiplied.
        let skipped = {
            let challenge = crate::Pallet::<Test>::challenge(&ALICE, 0, &window());
            let workload = window().parameters.workload;
            proof_of_gpu_primitives::prover::prove(
                &mut Idler,
                challenge,
                &workload,
                ROUNDS,
                &mut |_| (),
            )
            .expect("a valid shape")
        };
        commit(&ALICE, 0, &skipped);
        run_to(REVEALS);
        events();
        let openings =
            proof_of_gpu_primitives::prover::open(&mut Idler, &skipped, &sampling_beacon(), 4)
                .expect("it opens what it committed to");
        reveal_parts(skipped.peaks().to_vec(), openings);
        assert_eq!(
            events(),
            vec![Event::Refused {
                hotkey: ALICE,
                gpu: 0,
                window: 0,
                reason: Reason::Product(VerifyError::Product { opening: 0 }),
                slashed: BOND / 2,
            }]
        );
    });
}

/// An engine that makes up its folds.
struct Idler;

impl proof_of_gpu_primitives::prover::RoundEngine for Idler {
    type Error = core::convert::Infallible;

    fn round_leaves(
        &mut self,
        _: &Hash,
        _: u32,
        workload: &proof_of_gpu_primitives::Workload,
    ) -> Result<Vec<[u32; 64]>, Self::Error> {
        Ok((0..workload.tiles()).map(|tile| [tile; 64]).collect())
    }
}

#[test]
fn a_root_copied_from_another_is_slashed() {
    build_and_execute(|| {
        run_to(OPENS);
        // Of one mountain: whatever is drawn of it has the same size.
        let alices = proof(&ALICE, 0, 8);
        commit(&ALICE, 0, &alices);
        commit(&BOB, 0, &alices);
        run_to(REVEALS);
        events();
        assert_ok!(reveal(&BOB, 0, &alices));
        assert_eq!(
            events(),
            vec![Event::Refused {
                hotkey: BOB,
                gpu: 0,
                window: 0,
                reason: Reason::Product(VerifyError::Root),
                slashed: BOND / 2,
            }]
        );
        // It does the owner no harm.
        assert_ok!(reveal(&ALICE, 0, &alices));
        assert_eq!(last_verified(&ALICE, 0), Some(838));
    });
}

#[test]
fn without_a_commit() {
    build_and_execute(|| {
        let proof = committed();
        assert_noop!(reveal(&ALICE, 1, &proof), Error::<Test>::NoCommit);
        // Nor on the strength of another hotkey's.
        assert_noop!(reveal(&BOB, 0, &proof), Error::<Test>::NoCommit);
    });
}

#[test]
fn of_a_commit_to_an_earlier_window() {
    build_and_execute(|| {
        let old = committed();
        run_to(OPENS + PERIOD);
        assert_ok!(commit_claims(&BOB, vec![hollow(0, 1)]));
        run_to(REVEALS + PERIOD);
        assert_noop!(reveal(&ALICE, 0, &old), Error::<Test>::NoCommit);
        assert_noop!(
            ProofOfGpu::reveal(
                RuntimeOrigin::signed(ALICE),
                0,
                sampling_beacon(),
                0,
                Default::default(),
                Default::default(),
                Default::default(),
                Default::default()
            ),
            Error::<Test>::NotCurrentWindow
        );
    });
}

#[test]
fn outside_its_phase() {
    build_and_execute(|| {
        let early = |expected: Error<Test>| {
            assert_noop!(
                ProofOfGpu::reveal(
                    RuntimeOrigin::signed(ALICE),
                    0,
                    [0; 32],
                    0,
                    Default::default(),
                    Default::default(),
                    Default::default(),
                    Default::default()
                ),
                expected
            );
        };
        early(Error::NotCurrentWindow);
        run_to(OPENS);
        let proof = proof(&ALICE, 0, ROUNDS);
        commit(&ALICE, 0, &proof);
        early(Error::NotRevealing);
        run_to(REVEALS - 1);
        early(Error::NotRevealing);
        run_to(UNTIL);
        let late = reveal_call(0, &proof);
        // The window waits for an output to close; the phase is over even so.
        block_with(None, 1);
        assert_noop!(
            late.clone()
                .dispatch_bypass_filter(RuntimeOrigin::signed(ALICE)),
            Error::<Test>::NotRevealing
        );
        run_to(CLOSES + 1);
        assert_noop!(
            late.dispatch_bypass_filter(RuntimeOrigin::signed(ALICE)),
            Error::<Test>::NotCurrentWindow
        );
    });
}

#[test]
fn another_forks_sampling_beacon_is_refused_and_not_punished() {
    build_and_execute(|| {
        let proof = committed();
        assert_noop!(
            ProofOfGpu::reveal(
                RuntimeOrigin::signed(ALICE),
                0,
                [7; 32],
                0,
                proof.peaks().to_vec().try_into().expect("few enough peaks"),
                openings(&proof).try_into().expect("few enough openings"),
                Default::default(),
                Default::default(),
            ),
            Error::<Test>::WrongBeacon
        );
        assert_eq!(bond(&ALICE, 0), BOND);
    });
}

#[test]
fn twice() {
    build_and_execute(|| {
        let proof = committed();
        reveal_with(&proof, |_, _| ());
        assert_noop!(reveal(&ALICE, 0, &proof), Error::<Test>::AlreadyResolved);
        assert_eq!(Verified::get().len(), 1);
    });
}

#[test]
fn when_not_called() {
    build_and_execute(|| {
        let (_, [uncalled, _]) = draw_lots(1);
        assert_noop!(
            ProofOfGpu::reveal(
                RuntimeOrigin::signed(ALICE),
                0,
                sampling_beacon(),
                uncalled,
                Default::default(),
                Default::default(),
                Default::default(),
                Default::default()
            ),
            Error::<Test>::NotCalled
        );
    });
}

#[test]
fn is_signed() {
    build_and_execute(|| {
        let proof = committed();
        assert_noop!(
            reveal_call(0, &proof).dispatch_bypass_filter(RuntimeOrigin::root()),
            DispatchError::BadOrigin
        );
    });
}

#[test]
fn with_the_bond_and_the_slot_gone() {
    build_and_execute(|| {
        let proof = committed();
        Bonds::remove((&ALICE, 0));
        reveal_with(&proof, |_, _| ());
        assert_eq!(last_verified(&ALICE, 0), Some(1_048));
    });
}

#[test]
fn only_a_valid_reveal_changes_what_was_verified() {
    build_and_execute(|| {
        let proof = committed();
        reveal_with(&proof, |_, _| ());
        run_to(OPENS + PERIOD);
        assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1_000)]));
        assert_eq!(last_verified(&ALICE, 0), Some(1_048));
        run_to(REVEALS + PERIOD);
        assert_ok!(hollow_reveal(&ALICE, 0).dispatch_bypass_filter(RuntimeOrigin::signed(ALICE)));
        assert_eq!(last_verified(&ALICE, 0), Some(1_048));
        assert_eq!(bond(&ALICE, 0), BOND / 2);

        run_to(OPENS + 2 * PERIOD);
        let better = crate::mock::proof(&ALICE, 0, 2 * ROUNDS);
        commit(&ALICE, 0, &better);
        run_to(REVEALS + 2 * PERIOD);
        assert_ok!(reveal(&ALICE, 0, &better));
        assert_eq!(last_verified(&ALICE, 0), Some(2_097));
    });
}

#[test]
fn parameters_changed_in_mid_window_do_not_touch_it() {
    build_and_execute(|| {
        run_to(OPENS);
        let proof = proof(&ALICE, 0, ROUNDS);
        commit(&ALICE, 0, &proof);
        Parameters::set(WindowParameters {
            workload: proof_of_gpu_primitives::Workload::new(128, 128, 64),
            samples: 8,
            capacity: 1,
            slash_share: Perbill::one(),
            ..parameters()
        });
        run_to(REVEALS);
        assert_ok!(reveal(&ALICE, 0, &proof));
        let VerifiedResult {
            mops,
            samples,
            slash_share,
            capacity,
            ..
        } = &Verified::get()[0];
        assert_eq!((*mops, *samples, *capacity), (1_048, 4, 100));
        assert_eq!(*slash_share, Perbill::from_percent(50));
    });
}

#[test]
fn gives_back_what_a_smaller_shape_saves() {
    build_and_execute(|| {
        let proof = committed();
        let declared = reveal_call(0, &proof).get_dispatch_info().call_weight;
        let actual = reveal(&ALICE, 0, &proof).expect("in order").actual_weight;
        let columns = <() as crate::WeightInfo>::reveal_columns(64)
            - <() as crate::WeightInfo>::reveal_columns(1);
        assert_eq!(actual, Some(declared - columns * 4));
    });
}

#[test]
fn more_and_longer_openings_weigh_more() {
    build_and_execute(|| {
        let proof = committed();
        let weight = |openings: Vec<Opening>| {
            let openings = openings.try_into().expect("few enough openings");
            Call::<Test>::reveal {
                window: 0,
                sampling_beacon: [0; 32],
                gpu: 0,
                peaks: Default::default(),
                openings,
                walk_peaks: Default::default(),
                walk_openings: Default::default(),
            }
            .get_dispatch_info()
            .call_weight
            .ref_time()
        };
        let four = openings(&proof);
        let mut five = four.clone();
        five.push(four[0].clone());
        let mut longer = four.clone();
        longer[0].tile_path = vec![[0; 32]; 16].try_into().expect("short enough");
        assert!(weight(five) > weight(four.clone()));
        assert!(weight(longer) > weight(four));
    });
}
