// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Accounts for every window: each ends as credited, or as missed for a reason.
//!
//! What the chain says at the window's end decides; what befell the worker on
//! the way only explains.

use std::time::{Duration, Instant};

use proof_of_gpu_primitives::Hash;

use super::{pace::Signs, plan};
use crate::history::{Outcome, Reason};
use ni_client::types::{GpuState, Phase, Window};

/// Most windows that are made up for at once, after a long absence.
const MADE_UP: u32 = 100;

/// What one GPU did in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// Rounds of the work that was finished.
    pub(super) rounds: u32,
    /// Time spent computing.
    busy: Duration,
    /// Whether work was started.
    worked: bool,
    /// Whether the chain holds a commit of this window.
    pub(super) committed: bool,
    /// Whether the commit is called to reveal; `None` before the reveal phase.
    pub(super) called: Option<bool>,
    /// The first thing that went wrong.
    cause: Option<Reason>,
}

/// A window that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Closed {
    /// The window.
    pub(super) window: u32,
    /// The window's work time as far as it was seen.
    work_time: Option<Duration>,
    /// What each GPU did.
    pub(super) gpus: Vec<Progress>,
}

/// What the chain says about a GPU when a window is over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Verdict {
    /// Window, tier, throughput and pay of its unpaid result.
    pub(super) pending: Option<(u32, u32, u64, Option<u128>)>,
    /// Window of its last commit, and whether that is resolved.
    pub(super) commit: Option<(u32, bool)>,
    /// Throughput of its last valid reveal.
    pub(super) last_verified: Option<u64>,
}

struct Current {
    id: u32,
    beacon: Hash,
    deadline: u32,
    work_from: Option<Instant>,
    work_until: Option<Instant>,
    gpus: Vec<Progress>,
}

/// Follows the windows.
pub(super) struct Tracker {
    gpus: usize,
    /// The last window that is accounted for.
    last: Option<u32>,
    current: Option<Current>,
}

impl Tracker {
    /// Goes on after the last window that is in the history.
    pub(super) fn new(gpus: usize, last: Option<u32>) -> Self {
        Self {
            gpus,
            last,
            current: None,
        }
    }

    /// Watches so many GPUs from the next window on.
    pub(super) fn watch(&mut self, gpus: usize) {
        self.gpus = gpus;
    }

    /// Takes note of a best block's window. Returns the windows that are over,
    /// the oldest first, those included that were never seen.
    pub(super) fn saw(
        &mut self,
        window: Option<&Window>,
        best: u32,
        states: &[GpuState],
        now: Instant,
    ) -> Vec<Closed> {
        let mut closed = Vec::new();
        let id = window.map(|window| window.id);
        if let Some(current) = self.current.take_if(|current| Some(current.id) != id) {
            // After a reorganisation to before its opening the window is not
            // over: it will open again.
            if id.map_or(best > current.deadline, |id| id > current.id) {
                self.last = Some(current.id);
                closed.push(Closed {
                    window: current.id,
                    work_time: current
                        .work_from
                        .zip(current.work_until)
                        .map(|(from, until)| until.saturating_duration_since(from)),
                    gpus: current.gpus,
                });
            }
        }
        let Some(window) = window else { return closed };
        // A chain that began again counts from zero.
        self.last = self.last.filter(|last| *last < window.id);
        if let Some(last) = self.last {
            let first = (last + 1).max(window.id.saturating_sub(MADE_UP));
            for missed in first..window.id {
                closed.push(Closed {
                    window: missed,
                    work_time: None,
                    gpus: vec![Progress::default(); self.gpus],
                });
            }
        }
        self.last = window.id.checked_sub(1).or(self.last);
        self.update(window, best, states, now);
        closed
    }

    fn update(&mut self, window: &Window, best: u32, states: &[GpuState], now: Instant) {
        let gpus = self.gpus;
        let current = self
            .current
            .take()
            .filter(|current| current.beacon == window.beacon)
            .unwrap_or_else(|| Current {
                id: window.id,
                beacon: window.beacon,
                deadline: window.deadline,
                work_from: None,
                work_until: None,
                gpus: vec![Progress::default(); gpus],
            });
        let current = self.current.insert(current);
        if window.phase == Phase::Open && best < plan::last_work_block(window) {
            current.work_from.get_or_insert(now);
        } else if best >= plan::aim(window) && current.work_from.is_some() {
            current.work_until.get_or_insert(now);
        }
        for (gpu, state) in current.gpus.iter_mut().zip(states) {
            let commit = state.commit.as_ref();
            gpu.committed = commit.is_some_and(|commit| commit.window == window.id);
            if current.work_from.is_none() && !gpu.committed {
                gpu.cause.get_or_insert(Reason::Late);
            }
        }
    }

    fn gpu(&mut self, window: u32, gpu: u32) -> Option<&mut Progress> {
        let current = self
            .current
            .as_mut()
            .filter(|current| current.id == window)?;
        current.gpus.get_mut(usize::try_from(gpu).ok()?)
    }

    /// Work was started.
    pub(super) fn started(&mut self, window: u32, gpu: u32) {
        if let Some(gpu) = self.gpu(window, gpu) {
            gpu.worked = true;
        }
    }

    /// Work ended, with these signs of life.
    pub(super) fn worked(&mut self, window: u32, gpu: u32, rounds: u32, signs: Signs) {
        let Some(progress) = self.gpu(window, gpu) else {
            return;
        };
        progress.rounds = rounds;
        progress.busy = signs.busy;
        if let Some(current) = &mut self.current {
            let until = current.work_until.get_or_insert(signs.last);
            *until = (*until).max(signs.last);
        }
    }

    /// Something went wrong. Only the first counts.
    pub(super) fn hindered(&mut self, window: u32, gpu: u32, cause: Reason) {
        if let Some(gpu) = self.gpu(window, gpu) {
            gpu.cause.get_or_insert(cause);
        }
    }

    /// Whether the commit is called to reveal became known.
    pub(super) fn called(&mut self, window: u32, gpu: u32, called: bool) {
        if let Some(gpu) = self.gpu(window, gpu) {
            gpu.called = Some(called);
        }
    }

    /// The window in progress.
    pub(super) fn current(&self) -> Option<u32> {
        self.current.as_ref().map(|current| current.id)
    }
}

impl Closed {
    /// The share of the work time that a GPU did not compute, in thousandths.
    pub(super) fn idle_permille(&self, gpu: &Progress) -> Option<u16> {
        let whole = self.work_time.filter(|time| !time.is_zero())?;
        if gpu.rounds == 0 {
            return None;
        }
        let idle = whole.saturating_sub(gpu.busy).as_nanos() * 1000 / whole.as_nanos();
        u16::try_from(idle).ok()
    }

    /// What became of a GPU's window.
    pub(super) fn outcome(&self, gpu: &Progress, chain: &Verdict) -> Outcome {
        if let Some((window, tier, mops, pay)) = chain.pending
            && window == self.window
        {
            return Outcome::Credited {
                mops,
                tier: Some(tier),
                pay,
            };
        }
        let commit = chain.commit.filter(|(window, _)| *window == self.window);
        match (commit, gpu.cause) {
            (Some(_), Some(Reason::Refused)) => Outcome::Missed(Reason::Refused),
            // Resolved, and paid already: anyone may have claimed for it.
            (Some((_, true)), _) => Outcome::Credited {
                mops: chain.last_verified.unwrap_or_default(),
                tier: None,
                pay: None,
            },
            (Some((_, false)), cause) => Outcome::Missed(cause.unwrap_or(
                if gpu.called == Some(false) && chain.last_verified.is_none() {
                    Reason::NotCalled
                } else if gpu.committed {
                    Reason::NotRevealed
                } else {
                    Reason::Offline
                },
            )),
            (None, Some(cause)) => Outcome::Missed(cause),
            // A window that was not seen, or a commit that a reorganisation undid.
            (None, None) if gpu.worked || gpu.committed => Outcome::Missed(Reason::NotCommitted),
            (None, None) if self.work_time.is_some() => Outcome::Missed(Reason::NotCommitted),
            (None, None) => Outcome::Missed(Reason::Offline),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ni_client::types::{Commit, Shape, WindowParameters};

    fn window(id: u32, beacon: u8, phase: Phase) -> Window {
        Window {
            id,
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
            beacon: [beacon; 32],
            opened_at: 100,
            opened_moment: 50_000,
            deadline: 113,
            commits: 1,
            phase,
        }
    }

    const SAMPLING: Phase = Phase::Sampling { elapsed_ms: 1 };

    fn committed(window: u32) -> GpuState {
        GpuState {
            commit: Some(Commit {
                window,
                rounds: 9,
                root: [3; 32],
                walk: None,
                resolved: false,
            }),
            last_verified: None,
        }
    }

    fn verdict(window: u32, resolved: bool) -> Verdict {
        Verdict {
            commit: Some((window, resolved)),
            last_verified: Some(70),
            ..Verdict::default()
        }
    }

    #[test]
    fn a_window_from_opening_to_credit() {
        let mut tracker = Tracker::new(1, None);
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let fresh = [GpuState::default()];
        assert!(tracker.saw(None, 99, &fresh, at(0)).is_empty());
        let open = window(4, 1, Phase::Open);
        assert!(tracker.saw(Some(&open), 100, &fresh, at(1)).is_empty());
        tracker.started(4, 0);
        assert!(tracker.saw(Some(&open), 109, &fresh, at(10)).is_empty());
        let signs = Signs {
            last: at(11),
            busy: Duration::from_millis(9_800),
            longest: Duration::ZERO,
        };
        tracker.worked(4, 0, 9, signs);
        let sampling = window(4, 1, SAMPLING);
        assert!(
            tracker
                .saw(Some(&sampling), 114, &[committed(4)], at(15))
                .is_empty()
        );
        assert_eq!(tracker.current(), Some(4));
        let closed = tracker.saw(None, 130, &[committed(4)], at(30));
        let [closed] = closed.as_slice() else {
            panic!("{closed:?}")
        };
        let gpu = &closed.gpus[0];
        // 9.8 of ten seconds.
        assert_eq!(closed.idle_permille(gpu), Some(20));
        let pending = Verdict {
            pending: Some((4, 2, 55, None)),
            ..verdict(4, true)
        };
        assert_eq!(
            closed.outcome(gpu, &pending),
            Outcome::Credited {
                mops: 55,
                tier: Some(2),
                pay: None
            }
        );
        // Paid before anyone looked.
        assert!(matches!(
            closed.outcome(gpu, &verdict(4, true)),
            Outcome::Credited { mops: 70, .. }
        ));
        assert_eq!(
            closed.outcome(gpu, &verdict(4, false)),
            Outcome::Missed(Reason::NotRevealed)
        );
        // The commit that the chain holds is of an earlier window.
        assert_eq!(
            closed.outcome(gpu, &verdict(3, true)),
            Outcome::Missed(Reason::NotCommitted)
        );
    }

    #[test]
    fn windows_that_were_not_seen_are_accounted_for() {
        let mut tracker = Tracker::new(2, Some(4));
        let fresh = [GpuState::default(), GpuState::default()];
        let now = Instant::now();
        let closed = tracker.saw(Some(&window(8, 1, Phase::Open)), 100, &fresh, now);
        let missed: Vec<_> = closed.iter().map(|closed| closed.window).collect();
        assert_eq!(missed, [5, 6, 7]);
        let unseen = &closed[2];
        let gpu = &unseen.gpus[1];
        assert_eq!(
            unseen.outcome(gpu, &Verdict::default()),
            Outcome::Missed(Reason::Offline)
        );
        // It was committed, and the worker was killed.
        assert_eq!(
            unseen.outcome(gpu, &verdict(7, false)),
            Outcome::Missed(Reason::Offline)
        );
        assert!(matches!(
            unseen.outcome(gpu, &verdict(7, true)),
            Outcome::Credited { .. }
        ));
        // From one window straight into the next: each once.
        let closed = tracker.saw(Some(&window(9, 1, Phase::Open)), 140, &fresh, now);
        let over: Vec<_> = closed.iter().map(|closed| closed.window).collect();
        assert_eq!(over, [8]);
        let closed = tracker.saw(Some(&window(11, 1, Phase::Open)), 190, &fresh, now);
        let over: Vec<_> = closed.iter().map(|closed| closed.window).collect();
        assert_eq!(over, [9, 10]);
    }

    #[test]
    fn a_first_start_makes_nothing_up_and_a_long_absence_is_bounded() {
        let fresh = [GpuState::default()];
        let now = Instant::now();
        let mut tracker = Tracker::new(1, None);
        let closed = tracker.saw(Some(&window(800, 1, Phase::Open)), 100, &fresh, now);
        assert!(closed.is_empty());
        let mut tracker = Tracker::new(1, Some(3));
        let closed = tracker.saw(Some(&window(9_000, 1, Phase::Open)), 100, &fresh, now);
        assert_eq!(closed.len(), 100);
        assert_eq!(closed.last().map(|closed| closed.window), Some(8_999));
        // A chain that began again.
        let mut tracker = Tracker::new(1, Some(900));
        let closed = tracker.saw(Some(&window(2, 1, Phase::Open)), 100, &fresh, now);
        assert!(closed.is_empty());
    }

    #[test]
    fn the_first_hindrance_explains_a_miss() {
        let mut tracker = Tracker::new(1, None);
        let fresh = [GpuState::default()];
        let now = Instant::now();
        tracker.saw(Some(&window(4, 1, Phase::Open)), 100, &fresh, now);
        tracker.hindered(4, 0, Reason::Device);
        tracker.hindered(4, 0, Reason::NoRound);
        tracker.hindered(3, 0, Reason::Late);
        tracker.hindered(4, 7, Reason::Late);
        let closed = tracker.saw(None, 130, &fresh, now);
        assert_eq!(
            closed[0].outcome(&closed[0].gpus[0], &Verdict::default()),
            Outcome::Missed(Reason::Device)
        );
    }

    #[test]
    fn a_reorganised_opening_starts_the_account_anew() {
        let mut tracker = Tracker::new(1, None);
        let fresh = [GpuState::default()];
        let now = Instant::now();
        tracker.saw(Some(&window(4, 1, Phase::Open)), 100, &fresh, now);
        tracker.hindered(4, 0, Reason::NoRound);
        // Another beacon: what hindered the first does not count.
        assert!(
            tracker
                .saw(Some(&window(4, 2, Phase::Open)), 100, &fresh, now)
                .is_empty()
        );
        let closed = tracker.saw(None, 130, &fresh, now);
        assert_eq!(closed[0].gpus[0].cause, None);
    }

    #[test]
    fn a_reorganisation_to_before_the_opening_closes_nothing() {
        let mut tracker = Tracker::new(1, Some(3));
        let fresh = [GpuState::default()];
        let now = Instant::now();
        tracker.saw(Some(&window(4, 1, Phase::Open)), 100, &fresh, now);
        assert!(tracker.saw(None, 99, &fresh, now).is_empty());
        assert!(
            tracker
                .saw(Some(&window(4, 2, Phase::Open)), 101, &fresh, now)
                .is_empty()
        );
        let closed = tracker.saw(None, 130, &fresh, now);
        assert_eq!(closed.len(), 1);
    }
}
