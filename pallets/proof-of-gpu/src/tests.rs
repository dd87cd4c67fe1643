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
mod walk;
mod window;

use frame_support::assert_ok;

use crate::{GpuClaim, Gpus, Pallet, Score, WalkCommit, mock::*};

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
