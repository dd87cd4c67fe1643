// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What to do next for one GPU, decided from the chain's state and from what
//! the worker holds, and from nothing else: so a restart, a lost call or a
//! reorganisation all lead back to the right step.

use proof_of_gpu_primitives::{Hash, Sha256 as _, SoftwareSha256, sampling};

use ni_client::types::{Bytes32, GpuState, Phase, Window};

/// Blocks before the end of a reveal phase at which a confirmation waits no longer.
const LAST_CONFIRM: u32 = 2;

/// What a worker holds for one GPU.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holding {
    /// Window and beacon of the work in progress.
    pub working: Option<(u32, Hash)>,
    /// Window, beacon and root of the last finished work.
    pub finished: Option<(u32, Hash, Hash)>,
    /// Sampling beacon of the openings in preparation or at hand.
    pub opened: Option<Hash>,
}

/// The next step of one GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing until the next block.
    Wait,
    /// Start working on the window.
    Work,
    /// Give up the work in progress: its window is over or was reorganised.
    Abandon,
    /// Commit the finished work.
    Commit,
    /// Prepare the openings.
    Open,
    /// Send the reveal.
    Reveal,
    /// Confirm the last verified throughput.
    Confirm,
    /// The chain holds a commit in this window that this worker cannot reveal.
    Foreign,
}

/// The block that a commit is to stand in: the last but one that takes any, so that one
/// is left for a commit that gets lost.
pub fn aim(window: &Window) -> u32 {
    window.deadline.saturating_sub(1).max(window.opened_at)
}

/// The share of the time that the chain counts in which a miner works at least, on a
/// chain of the usual windows: what it can be credited of what its device does.
pub const WORKED: f64 = 0.93;

/// The block from whose arrival on it is too late to begin.
pub fn last_work_block(window: &Window) -> u32 {
    aim(window).saturating_sub(1)
}

/// The throughput that so many rounds have shown by `moment`, in milliseconds
/// since 1970: the most that they can come to be worth, as time goes on until
/// the deadline. `None` where no time has passed.
pub fn mops(window: &Window, rounds: u32, moment: u64) -> Option<u64> {
    let elapsed = moment
        .checked_sub(window.opened_moment)
        .filter(|ms| *ms > 0)?;
    let workload = proof_of_gpu_primitives::Workload::from(window.parameters.workload);
    let operations = u128::from(rounds).checked_mul(workload.operations())?;
    u64::try_from(operations / (u128::from(elapsed) * 1_000)).ok()
}

/// Whether a commit of this GPU is called to reveal; `None` before that is
/// drawn.
pub fn is_called(window: &Window, account: &Bytes32, gpu: u32) -> Option<bool> {
    let Phase::Revealing {
        sampling_beacon, ..
    } = &window.phase
    else {
        return None;
    };
    Some(sampling::is_called::<SoftwareSha256>(
        sampling_beacon,
        account,
        gpu,
        window.commits,
        window.parameters.capacity,
    ))
}

/// The first block of the reveal phase that this account uses, so that an
/// honest network's reveals spread over the first two thirds of those that take any: the
/// phase begins with its first block, which holds none.
fn reveal_from(until: u32, reveal: u32, account: &Bytes32) -> u32 {
    let hash = SoftwareSha256::hash(account);
    let draw = u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]]);
    let blocks = reveal.saturating_sub(1);
    let spread = (blocks * 2 / 3).max(1);
    (until + 1).saturating_sub(blocks) + draw % spread
}

/// Whether a reveal that is not ready yet may still get into a block. Until then the same
/// account's confirmation waits: it would have the lower nonce, and a reveal that has to
/// wait for a confirmation comes after everybody else's.
pub fn may_still_reveal(window: &Window, best: u32) -> bool {
    match window.phase {
        Phase::Revealing { until, .. } => best + LAST_CONFIRM < until,
        Phase::Open | Phase::Sampling { .. } => false,
    }
}

/// What a miner's GPUs are to do next, by their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Start working on the window.
    pub work: Vec<u32>,
    /// Give up the work in progress.
    pub abandon: Vec<u32>,
    /// Commit the finished work.
    pub commit: Vec<u32>,
    /// Prepare the openings.
    pub open: Vec<u32>,
    /// Send the reveal.
    pub reveal: Vec<u32>,
    /// Confirm the last verified throughput.
    pub confirm: Vec<u32>,
    /// The chain holds a commit that is not this worker's.
    pub foreign: Vec<u32>,
}

/// The next steps of all GPUs: of each number, what the chain knows of it and what the
/// worker holds for it.
pub fn all<'a>(
    window: Option<&Window>,
    best: u32,
    account: &Bytes32,
    gpus: impl IntoIterator<Item = (u32, &'a GpuState, &'a Holding)>,
) -> Steps {
    let mut steps = Steps::default();
    for (gpu, state, holding) in gpus {
        let list = match next(window, best, account, gpu, state, holding) {
            Step::Wait => continue,
            Step::Work => &mut steps.work,
            Step::Abandon => &mut steps.abandon,
            Step::Commit => &mut steps.commit,
            Step::Open => &mut steps.open,
            Step::Reveal => &mut steps.reveal,
            Step::Confirm => &mut steps.confirm,
            Step::Foreign => &mut steps.foreign,
        };
        list.push(gpu);
    }
    steps
}

/// Whether finished work is committed although other GPUs are at work: once they should have
/// ended, unless there are blocks to spare; and in any case for the last block.
pub fn commits_without_the_rest(window: &Window, best: u32, should_have_ended: bool) -> bool {
    match window.deadline.saturating_sub(best) {
        0 | 1 => true,
        2 => should_have_ended,
        _ => false,
    }
}

/// A list of GPUs in calls of at most so many each. A GPU is always of the same call, so
/// that one which is sent again is about the same GPUs.
pub fn calls(gpus: &[u32], most: u32) -> impl Iterator<Item = &[u32]> {
    let most = most.max(1);
    gpus.chunk_by(move |one, other| one / most == other / most)
}

/// The next step of GPU `gpu` of `account`, `best` being the best block's
/// number and `state` what the chain knows about the GPU there.
pub fn next(
    window: Option<&Window>,
    best: u32,
    account: &Bytes32,
    gpu: u32,
    state: &GpuState,
    holding: &Holding,
) -> Step {
    let current = window.filter(|window| window.phase == Phase::Open);
    if let Some(working) = holding.working {
        return match current {
            Some(window) if working == (window.id, window.beacon) => Step::Wait,
            _ => Step::Abandon,
        };
    }
    let Some(window) = window else {
        return Step::Wait;
    };
    let commit = state
        .commit
        .as_ref()
        .filter(|commit| commit.window == window.id);
    let finished = holding
        .finished
        .filter(|(id, beacon, _)| (*id, *beacon) == (window.id, window.beacon));
    match &window.phase {
        Phase::Open => match (commit, finished) {
            (Some(_), _) => Step::Wait,
            // Before that the window is only foreseen.
            (None, Some(_)) if best >= window.opened_at && best < window.deadline => Step::Commit,
            (None, None) if best < last_work_block(window) => Step::Work,
            (None, _) => Step::Wait,
        },
        Phase::Sampling { .. } => Step::Wait,
        Phase::Revealing {
            sampling_beacon,
            until,
            ..
        } => {
            let Some(commit) = commit.filter(|commit| !commit.resolved) else {
                return Step::Wait;
            };
            if best >= *until {
                return Step::Wait;
            }
            let called = is_called(window, account, gpu).unwrap_or_default();
            let due = best + 1 >= reveal_from(*until, window.parameters.reveal, account);
            if !called {
                return match state.last_verified {
                    Some(_) if due => Step::Confirm,
                    _ => Step::Wait,
                };
            }
            match finished {
                Some((_, _, root)) if root == commit.root => match holding.opened {
                    Some(beacon) if beacon == *sampling_beacon => {
                        if due {
                            Step::Reveal
                        } else {
                            Step::Wait
                        }
                    }
                    _ => Step::Open,
                },
                _ => Step::Foreign,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use ni_client::types::{Commit, Score, Shape, WindowParameters};

    const ACCOUNT: Bytes32 = [7; 32];
    const BEACON: Hash = [1; 32];
    const SAMPLING: Hash = [2; 32];
    const ROOT: Hash = [3; 32];

    fn window(phase: Phase) -> Window {
        Window {
            id: 4,
            parameters: WindowParameters {
                workload: Shape {
                    m: 64,
                    n: 64,
                    k: 64,
                },
                samples: 16,
                walk: None,
                work: 10,
                grace: 4,
                sampling: 8,
                reveal: 6,
                capacity: 10,
            },
            beacon: BEACON,
            opened_at: 100,
            opened_moment: 50_000,
            deadline: 113,
            commits: 1,
            phase,
        }
    }

    fn revealing() -> Window {
        window(Phase::Revealing {
            elapsed_ms: 14_000,
            sampling_beacon: SAMPLING,
            until: 127,
        })
    }

    fn committed(resolved: bool) -> GpuState {
        GpuState {
            commit: Some(Commit {
                window: 4,
                rounds: 9,
                root: ROOT,
                walk: None,
                resolved,
            }),
            last_verified: None,
        }
    }

    const FINISHED: Holding = Holding {
        working: None,
        finished: Some((4, BEACON, ROOT)),
        opened: None,
    };

    fn step(window: &Window, best: u32, state: &GpuState, holding: &Holding) -> Step {
        next(Some(window), best, &ACCOUNT, 0, state, holding)
    }

    #[test]
    fn works_then_commits_then_waits() {
        let open = window(Phase::Open);
        let fresh = GpuState::default();
        assert_eq!((aim(&open), last_work_block(&open)), (112, 111));
        assert_eq!(step(&open, 100, &fresh, &Holding::default()), Step::Work);
        let working = Holding {
            working: Some((4, BEACON)),
            ..Holding::default()
        };
        assert_eq!(step(&open, 105, &fresh, &working), Step::Wait);
        assert_eq!(step(&open, 109, &fresh, &FINISHED), Step::Commit);
        assert_eq!(step(&open, 112, &fresh, &FINISHED), Step::Commit);
        assert_eq!(step(&open, 110, &committed(false), &FINISHED), Step::Wait);
    }

    #[test]
    fn a_window_that_is_foreseen_is_worked_in_and_not_yet_committed_to() {
        let ahead = window(Phase::Open);
        let fresh = GpuState::default();
        assert_eq!(step(&ahead, 99, &fresh, &Holding::default()), Step::Work);
        let working = Holding {
            working: Some((4, BEACON)),
            ..Holding::default()
        };
        assert_eq!(step(&ahead, 99, &fresh, &working), Step::Wait);
        // After a reorganisation to before the opening.
        assert_eq!(step(&ahead, 99, &fresh, &FINISHED), Step::Wait);
        // The next block does not open it.
        assert_eq!(
            next(None, 100, &ACCOUNT, 0, &fresh, &working),
            Step::Abandon
        );
    }

    #[test]
    fn more_gpus_than_a_call_takes_are_of_several_calls() {
        let gpus: Vec<u32> = (0..40).collect();
        let lengths: Vec<_> = calls(&gpus, 16).map(<[u32]>::len).collect();
        assert_eq!(lengths, [16, 16, 8]);
        // Where some are done, the others stay together.
        let rest: Vec<u32> = gpus.into_iter().filter(|gpu| gpu % 3 == 0).collect();
        let calls: Vec<_> = calls(&rest, 16).collect();
        assert_eq!(calls[1], [18, 21, 24, 27, 30]);
        assert_eq!(super::calls(&[], 16).count(), 0);
    }

    #[test]
    fn a_gpu_that_hangs_leaves_the_others_a_block_for_a_lost_commit() {
        let open = window(Phase::Open);
        let commits = |best, ended| commits_without_the_rest(&open, best, ended);
        // The deadline is 113: from the end of work on, and not before.
        assert!(!commits(110, true));
        assert!(!commits(111, false));
        assert!(commits(111, true));
        assert!(commits(112, false));
    }

    #[test]
    fn every_gpu_is_planned_for_at_once() {
        let open = window(Phase::Open);
        let (fresh, done) = (GpuState::default(), committed(false));
        let working = Holding {
            working: Some((3, BEACON)),
            ..Holding::default()
        };
        let none = Holding::default();
        let gpus = [
            (0, &fresh, &none),
            (1, &fresh, &FINISHED),
            (2, &done, &FINISHED),
            (3, &fresh, &working),
        ];
        let steps = all(Some(&open), 105, &ACCOUNT, gpus);
        let expected = Steps {
            work: vec![0],
            commit: vec![1],
            abandon: vec![3],
            ..Steps::default()
        };
        assert_eq!(steps, expected);
    }

    #[test]
    fn comes_too_late_without_harm() {
        let open = window(Phase::Open);
        let fresh = GpuState::default();
        assert_eq!(step(&open, 110, &fresh, &Holding::default()), Step::Work);
        assert_eq!(step(&open, 111, &fresh, &Holding::default()), Step::Wait);
        assert_eq!(step(&open, 113, &fresh, &FINISHED), Step::Wait);
    }

    #[test]
    fn a_reorganised_opening_starts_again() {
        let mut open = window(Phase::Open);
        open.beacon = [9; 32];
        let fresh = GpuState::default();
        let working = Holding {
            working: Some((4, BEACON)),
            ..Holding::default()
        };
        assert_eq!(step(&open, 103, &fresh, &working), Step::Abandon);
        // What was finished on the other fork is not committed on this one.
        assert_eq!(step(&open, 103, &fresh, &FINISHED), Step::Work);
        assert_eq!(
            next(None, 103, &ACCOUNT, 0, &fresh, &working),
            Step::Abandon
        );
    }

    #[test]
    fn opens_at_once_and_reveals_within_the_first_two_thirds() {
        let revealing = revealing();
        let state = committed(false);
        assert_eq!(step(&revealing, 122, &state, &FINISHED), Step::Open);
        let opened = Holding {
            opened: Some(SAMPLING),
            ..FINISHED
        };
        let revealed_at = (122..127)
            .find(|best| step(&revealing, *best, &state, &opened) == Step::Reveal)
            .expect("some block is due");
        assert!(revealed_at <= 125, "revealed after block {revealed_at}");
        assert_eq!(step(&revealing, 126, &state, &opened), Step::Reveal);
        assert_eq!(step(&revealing, 127, &state, &opened), Step::Wait);
        assert_eq!(step(&revealing, 126, &committed(true), &opened), Step::Wait);
        // Openings for another sampling beacon are of a fork.
        let other = Holding {
            opened: Some([8; 32]),
            ..FINISHED
        };
        assert_eq!(step(&revealing, 126, &state, &other), Step::Open);
    }

    #[test]
    fn a_confirmation_waits_for_a_reveal_as_long_as_there_may_be_one() {
        let revealing = revealing();
        assert!(may_still_reveal(&revealing, 122));
        assert!(may_still_reveal(&revealing, 124));
        // Blocks 126 and 127 are left for it.
        assert!(!may_still_reveal(&revealing, 125));
        assert!(!may_still_reveal(&window(Phase::Open), 101));
    }

    #[test]
    fn accounts_spread_over_the_blocks_that_take_reveals() {
        let firsts = |reveal| {
            let accounts = (0..=255).map(|byte| [byte; 32]);
            let firsts: BTreeSet<_> = accounts
                .map(|account| reveal_from(127, reveal, &account))
                .collect();
            firsts
        };
        // The phase of six begins with block 122.
        assert_eq!(firsts(6), (123..=125).collect());
        assert_eq!(firsts(12), (117..=123).collect());
        assert_eq!(firsts(2), [127].into());
    }

    #[test]
    fn throughput_is_told_as_the_chain_tells_it() {
        let open = window(Phase::Open);
        // 2·64³ = 524,288 operations a round.
        assert_eq!(mops(&open, 2_000, 51_000), Some(1_048));
        assert_eq!(mops(&open, 1_907, 51_000), Some(999));
        assert_eq!(mops(&open, 1_908, 51_000), Some(1_000));
        assert_eq!(mops(&open, 1, 50_000), None);
        assert_eq!(mops(&open, 1, 49_000), None);
    }

    #[test]
    fn a_commit_of_somebody_else_is_not_revealed() {
        let revealing = revealing();
        let state = committed(false);
        assert_eq!(
            step(&revealing, 122, &state, &Holding::default()),
            Step::Foreign
        );
        let another = Holding {
            finished: Some((4, BEACON, [9; 32])),
            ..Holding::default()
        };
        assert_eq!(step(&revealing, 122, &state, &another), Step::Foreign);
    }

    #[test]
    fn confirms_only_what_was_once_verified() {
        let mut revealing = revealing();
        // Nobody is called where there is room for none.
        revealing.parameters.capacity = 0;
        let mut state = committed(false);
        assert_eq!(step(&revealing, 126, &state, &FINISHED), Step::Wait);
        state.last_verified = Some(Score {
            mops: 50,
            ..Score::default()
        });
        assert_eq!(step(&revealing, 126, &state, &FINISHED), Step::Confirm);
    }
}
