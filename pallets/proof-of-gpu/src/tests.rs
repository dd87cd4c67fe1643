// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call, for the memory walk in all of them, for leaving, for the window, its randomness and its
//! parameters, for the extension and for the invariants.

mod commit;
mod confirm;
mod extension;
mod invariants;
mod leave;
mod parameters;
mod randomness;
mod report_missed;
mod reveal;
mod size;
mod upgrade;
mod walk;
mod window;

use frame_support::assert_ok;
use proof_of_gpu_primitives::{
    Hash, Opening, SoftwareSha256, range::Place, sampling::samples, walk::walk_challenge,
};

use crate::{Call, GpuClaim, Gpus, Pallet, Score, WalkCommit, mock::*};

/// A claim that nothing stands behind.
fn hollow(gpu: u32, rounds: u32) -> GpuClaim {
    GpuClaim {
        gpu,
        rounds,
        root: [0xab; 32],
        walk: None,
    }
}

/// A walk that nothing stands behind.
fn hollow_walk() -> WalkCommit {
    WalkCommit {
        pages: 2,
        batches: 40,
        root: [0xcd; 32],
    }
}

/// A reveal of exactly the size that this GPU's commit and the samples ask for, that shows
/// nothing true.
fn hollow_reveal(hotkey: &AccountId, gpu: u32) -> Call<Test> {
    let window = window();
    let commit = Gpus::<Test>::get(hotkey, gpu)
        .and_then(|state| state.commit)
        .expect("the GPU has committed");
    let claims = Pallet::<Test>::claims(hotkey, gpu, &window, &commit);
    let (peaks, openings) = hollow_parts(
        &claims.product.challenge,
        &commit.root,
        commit.rounds,
        window.parameters.workload.tiles(),
        window.parameters.samples,
    );
    let (walk_peaks, walk_openings) = claims
        .walk
        .zip(window.parameters.walk)
        .map(|(claim, rules)| {
            hollow_parts(
                &walk_challenge::<SoftwareSha256>(&claim.challenge, &claim.parameters),
                &claim.root,
                claim.batches,
                claim.parameters.groups(),
                rules.samples,
            )
        })
        .unwrap_or_default();
    Call::reveal {
        window: window.id,
        sampling_beacon: sampling_beacon(),
        gpu,
        peaks: peaks.try_into().expect("few enough peaks"),
        openings: openings.try_into().expect("few enough openings"),
        walk_peaks: walk_peaks.try_into().expect("few enough peaks"),
        walk_openings: walk_openings.try_into().expect("few enough openings"),
    }
}

fn hollow_parts(
    challenge: &Hash,
    root: &Hash,
    rounds: u32,
    tiles: u32,
    count: u32,
) -> (Vec<Hash>, Vec<Opening>) {
    let peaks = (0..rounds.count_ones()).map(|_| [0xee; 32]).collect();
    let path = |length: u32| (0..length).map(|_| [0xdd; 32]).collect::<Vec<_>>();
    let beacon = sampling_beacon();
    let openings = samples::<SoftwareSha256>(&beacon, challenge, root, rounds, tiles, count)
        .map(|sample| {
            let place = Place::of(sample.round, rounds).expect("it was drawn from them");
            Opening {
                folds: [7; 64],
                tile_path: path(tiles.ilog2()).try_into().expect("short enough"),
                mountain_path: path(place.height).try_into().expect("short enough"),
            }
        })
        .collect();
    (peaks, openings)
}

/// Commits all GPUs of Alice and Bob, eight, with claims that nothing stands
/// behind.
fn commit_all(rounds: u32) {
    for hotkey in [ALICE, BOB] {
        assert_ok!(commit_claims(
            &hotkey,
            (0..GPUS).map(|gpu| hollow(gpu, rounds)).collect()
        ));
    }
}

/// Whether the lottery of the window that is going on calls this GPU.
fn called(hotkey: &AccountId, gpu: u32) -> bool {
    let window = window();
    Pallet::<Test>::is_called(
        hotkey,
        gpu,
        &sampling_beacon(),
        window.commits,
        window.parameters.capacity,
    )
}

/// Sets a capacity of three, makes eight commits, and goes on to the reveal
/// phase of window 0. Returns one of Alice's GPUs that is called and two that are
/// not.
fn draw_lots(rounds: u32) -> (u32, [u32; 2]) {
    Parameters::set(crate::WindowParameters {
        capacity: 3,
        ..parameters()
    });
    run_to(OPENS);
    commit_all(rounds);
    run_to(REVEALS);
    let (yes, no): (Vec<u32>, Vec<u32>) = (0..GPUS).partition(|gpu| called(&ALICE, *gpu));
    (yes[0], [no[0], no[1]])
}

/// Gives a GPU that has committed a verified throughput, as from an earlier window.
fn set_verified(hotkey: &AccountId, gpu: u32, mops: u64) {
    Gpus::<Test>::mutate(hotkey, gpu, |state| {
        let score = Score {
            mops,
            ..Score::default()
        };
        state.as_mut().expect("the GPU has committed").last_verified = Some(score);
    });
}
