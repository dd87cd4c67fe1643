// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each invariant, broken.

use frame_support::{BoundedVec, assert_ok, weights::Weight};
use sp_runtime::TryRuntimeError;

use super::hollow;
use crate::{
    Beacon, BlockUse, Commit, CurrentWindow, GpuState, Gpus, IdleSince, NextWindow, Pallet, Phase,
    ProofCalls, Records, Score, WaitingCode, WalkCommit, Window, WindowRecord, mock::*,
};

/// Runs to `block`, with a commit of Alice's GPU 0 to every window on the way,
/// finds the invariants in order, breaks one, and sees `expected` said.
fn broken(block: BlockNumber, change: impl FnOnce(), expected: &'static str) {
    new_test_ext().execute_with(|| {
        while System::block_number() < block {
            next_block();
            let opened = CurrentWindow::<Test>::get().map(|window| window.opened_at);
            if opened == Some(System::block_number()) {
                assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
            }
        }
        assert_ok!(Pallet::<Test>::do_try_state());
        change();
        assert_eq!(
            Pallet::<Test>::do_try_state(),
            Err(TryRuntimeError::Other(expected))
        );
    });
}

fn change_window(change: impl FnOnce(&mut Window<BlockNumber>)) {
    CurrentWindow::<Test>::mutate(|window| change(window.as_mut().expect("one is going on")));
}

fn change_commit(change: impl FnOnce(&mut Commit)) {
    Gpus::<Test>::mutate(ALICE, 0, |state| {
        let state = state.as_mut().expect("the GPU has a state");
        change(state.commit.as_mut().expect("it has committed"));
    });
}

#[test]
fn hold_in_every_block() {
    build_and_execute(|| {
        assert_ok!(Pallet::<Test>::do_try_state());
        for block in 1..5 * PERIOD {
            next_block();
            if CurrentWindow::<Test>::get().is_some_and(|window| window.opened_at == block) {
                assert_ok!(commit_claims(&ALICE, vec![hollow(0, 1)]));
            }
            assert_ok!(Pallet::<Test>::do_try_state());
        }
    });
}

#[test]
fn one_the_windows_id() {
    broken(
        OPENS,
        || NextWindow::<Test>::put(2),
        "1: the current window is not the one before the next",
    );
}

#[test]
fn one_the_windows_parameters() {
    broken(
        OPENS,
        || change_window(|window| window.parameters.samples = 9),
        "1: the current window's parameters are not valid",
    );
}

#[test]
fn two_the_deadline() {
    broken(
        OPENS,
        || change_window(|window| window.deadline += 1),
        "2: the deadline is not where the opening puts it",
    );
}

#[test]
fn two_an_early_sampling() {
    broken(
        OPENS,
        || change_window(|window| window.phase = Phase::Sampling { elapsed_ms: 1 }),
        "2: sampling before the deadline has passed",
    );
}

#[test]
fn two_an_early_reveal_phase() {
    let phase = || Phase::Revealing {
        elapsed_ms: 1,
        sampling_beacon: [0; 32],
        until: UNTIL,
    };
    broken(
        DEADLINE + 1,
        || change_window(|window| window.phase = phase()),
        "2: revealing before the sampling has ended",
    );
}

#[test]
fn two_a_short_reveal_phase() {
    let phase = || Phase::Revealing {
        elapsed_ms: 1,
        sampling_beacon: [0; 32],
        until: UNTIL - 1,
    };
    broken(
        REVEALS,
        || change_window(|window| window.phase = phase()),
        "2: the reveal phase is too short",
    );
}

#[test]
fn three_a_record_in_the_wrong_place() {
    broken(
        CLOSES,
        || Records::<Test>::swap(0, 1),
        "3: a record is not of a closed window, or in the wrong place",
    );
}

#[test]
fn three_a_record_of_a_window_that_has_not_closed() {
    broken(
        OPENS + PERIOD,
        || {
            let record = Records::<Test>::get(0).expect("window 0 has closed");
            Records::<Test>::insert(1, WindowRecord { id: 1, ..record });
        },
        "3: a record is not of a closed window, or in the wrong place",
    );
}

#[test]
fn three_a_missing_record() {
    broken(
        CLOSES + 3 * PERIOD,
        || Records::<Test>::remove(1),
        "3: a window that closed lately has no record",
    );
}

#[test]
fn four_the_clock() {
    broken(
        OPENS,
        || Beacon::<Test>::mutate(|beacon| beacon.moment = GENESIS_MOMENT),
        "4: the clock has run backwards",
    );
}

#[test]
fn four_the_deadlines_moment() {
    broken(
        DEADLINE + 1,
        || change_window(|window| window.deadline_moment = None),
        "4: the deadline's moment is unknown after the deadline",
    );
}

#[test]
fn five_a_state_without_a_commit() {
    broken(
        OPENS,
        || {
            Gpus::<Test>::insert(
                BOB,
                0,
                GpuState {
                    commit: None,
                    last_verified: Some(Score::default()),
                },
            )
        },
        "5: a GPU's state has no commit",
    );
}

#[test]
fn five_a_commit_to_a_window_to_come() {
    broken(
        OPENS,
        || change_commit(|commit| commit.window = 1),
        "5: a commit is to a window that has not opened",
    );
}

#[test]
fn five_a_commit_of_an_impossible_walk() {
    for (pages, batches) in [(0, 1), (513, 1), (1, 0), (1, 1 << 31)] {
        broken(
            OPENS,
            || {
                change_commit(|commit| {
                    commit.walk = Some(WalkCommit {
                        pages,
                        batches,
                        root: [0; 32],
                    });
                })
            },
            "5: a commit is of an impossible walk",
        );
    }
}

#[test]
fn five_a_commit_of_no_rounds() {
    broken(
        OPENS,
        || change_commit(|commit| commit.rounds = 0),
        "5: a commit is of an impossible number of rounds",
    );
}

#[test]
fn six_more_commits_than_counted() {
    broken(
        OPENS,
        || change_window(|window| window.commits = 0),
        "6: more GPUs have committed to the current window than it counts",
    );
}

#[test]
fn seven_a_commit_resolved_early() {
    broken(
        DEADLINE + 1,
        || change_commit(|commit| commit.resolved = true),
        "7: a commit is resolved before its reveal phase",
    );
}

#[test]
fn eleven_a_commit_of_more_rounds_than_there_is_time_for() {
    broken(
        OPENS,
        || change_commit(|commit| commit.rounds = parameters().most_rounds() + 1),
        "11: a commit is of more rounds or batches than its window has time for",
    );
}

#[test]
fn twelve_code_that_waits_for_no_window() {
    let put = || WaitingCode::<Test>::put(BoundedVec::truncate_from(vec![1]));
    for block in [OPENS - 1, CLOSES] {
        broken(
            block,
            put,
            "12: code waits for no window, or for one that is overdue",
        );
    }
}

#[test]
fn eight_idle_since_the_future() {
    broken(
        CLOSES,
        || IdleSince::<Test>::put(CLOSES + 1),
        "8: the last window closed in the future",
    );
}

#[test]
fn eight_a_window_opened_before_the_last_closed() {
    broken(
        OPENS + PERIOD,
        || IdleSince::<Test>::put(OPENS + PERIOD),
        "8: the current window opened before the last one closed",
    );
}

#[test]
fn nine_proof_calls_in_the_future() {
    broken(
        OPENS,
        || {
            ProofCalls::<Test>::put(BlockUse {
                block: OPENS + 1,
                calls: 1,
                weight: Weight::zero(),
            })
        },
        "9: proof calls were counted in the future",
    );
}

#[test]
fn nine_proof_calls_past_their_caps() {
    for used in [
        BlockUse {
            block: OPENS,
            calls: 5,
            weight: Weight::zero(),
        },
        BlockUse {
            block: OPENS,
            calls: 1,
            weight: Weight::MAX,
        },
    ] {
        broken(
            OPENS,
            || ProofCalls::<Test>::put(used),
            "9: proof calls have taken more than their caps",
        );
    }
}

#[test]
fn ten_a_commit_whose_walk_is_not_what_the_window_asks_for() {
    let said = "10: a commit's walk is not what its window asks for";
    let walked = || change_commit(|commit| commit.walk = Some(super::hollow_walk()));
    broken(OPENS, walked, said);
    let ask = |window: &mut Window<BlockNumber>| window.parameters.walk = Some(RULES);
    broken(OPENS, || change_window(ask), said);
    // The rules ask for more batches than it has.
    broken(
        OPENS,
        || {
            change_window(|window| {
                window.parameters.walk = Some(crate::WalkRules { passes: 1, ..RULES });
            });
            walked();
        },
        said,
    );
}
