// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a miner knows of the chain and of the window in progress.

use std::time::{Duration, Instant};

use proof_of_gpu_primitives::Hash;
use subxt::utils::H256;
use tracing::info;

use super::{
    pace::{BlockClock, Deadline, Lead},
    plan,
    seen::Seen,
};
use ni_client::{ChainError, types::Window};

/// What a miner knows of the chain and of the window in progress.
pub(super) struct Now {
    clock: BlockClock,
    slot: Duration,
    lead: Lead,
    pub(super) seen: Option<Seen>,
    /// The runtime's version that was last seen.
    runtime: Option<u32>,
    /// The beacon of the window to work in.
    beacon: Option<Hash>,
    /// The window in which the chain holds a commit of this miner.
    in_window: Option<u32>,
    /// The window whose commit was looked for in the block that it was sent for.
    landed: Option<u32>,
}

impl Now {
    /// Of a chain whose slots last this long.
    pub(super) fn new(slot: Duration) -> Self {
        Self {
            clock: BlockClock::new(slot),
            slot,
            lead: Lead::new(slot),
            seen: None,
            runtime: None,
            beacon: None,
            in_window: None,
            landed: None,
        }
    }

    /// Notes that a block was seen.
    pub(super) fn saw(&mut self, number: u32, at: Instant) {
        self.clock.saw(number, at);
    }

    /// The usual time between blocks, at least a slot.
    pub(super) fn block_time(&self) -> Duration {
        self.clock.block_time().max(self.slot)
    }

    /// Whether the window to work in is of another beacon than before.
    pub(super) fn begins_anew(&mut self, window: Option<&Window>) -> bool {
        let beacon = window.map(|window| window.beacon);
        let before = std::mem::replace(&mut self.beacon, beacon);
        before != beacon
    }

    /// Whether this is the block that was seen last.
    pub(super) fn has_seen(&self, hash: H256) -> bool {
        let seen = self.seen.as_ref();
        seen.is_some_and(|seen| seen.view.hash() == hash)
    }

    /// Makes sure, after each upgrade, that the chain still speaks this worker's protocol.
    /// One node's word is not enough to end for: it is left, and every other one asked.
    pub(super) fn check_runtime(&mut self, seen: &Seen) -> Result<(), ChainError> {
        let version = seen.view.runtime_version();
        let before = self.runtime;
        if before == Some(version) {
            return Ok(());
        }
        seen.view.check_protocol()?;
        self.runtime = Some(version);
        if let Some(before) = before {
            info!(before, now = version, "the chain's runtime was upgraded");
        }
        Ok(())
    }

    /// When work in a window is to end.
    pub(super) fn end_of_work(&self, window: &Window) -> Option<Deadline> {
        self.clock.end_of_work(plan::aim(window), self.lead.time())
    }

    /// Until when finished work waits for that of other GPUs, so that one call commits all:
    /// half of the time that is left from the end of work to the block.
    pub(super) fn waits_until(&self, window: &Window) -> Option<Instant> {
        let end = self.end_of_work(window)?;
        Some(end.at + self.lead.time() / 2)
    }

    /// Learns from the block that a commit was to stand in whether it was sent in time.
    /// `tried` says that one was sent, or would have been had the work ended by then.
    pub(super) fn learn_from(&mut self, window: &Window, seen: &Seen, tried: bool) {
        self.learn(window, seen.number, tried, seen.commits_in(window.id));
    }

    fn learn(&mut self, window: &Window, best: u32, tried: bool, committed: bool) {
        let aim = plan::aim(window);
        if best < aim || self.landed.replace(window.id) == Some(window.id) {
            return;
        }
        // A later block tells nothing of that one, and an idle window nothing at all.
        if best == aim && tried {
            self.lead.landed(committed);
        }
    }

    /// Notes in which window the chain holds a commit. Returns one that is over.
    pub(super) fn commits_in(&mut self, seen: &Seen) -> Option<u32> {
        let current = seen.window.as_ref().map(|window| window.id);
        let over = self.in_window.take_if(|window| Some(*window) != current);
        if let Some(window) = current.filter(|window| seen.commits_in(*window)) {
            self.in_window = Some(window);
        }
        over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ni_client::types::{Phase, Shape, WindowParameters};

    const SLOT: Duration = Duration::from_secs(6);

    /// Its commits are to stand in block 112.
    fn window(id: u32) -> Window {
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
            beacon: [1; 32],
            opened_at: 100,
            opened_moment: 50_000,
            deadline: 113,
            commits: 0,
            phase: Phase::Open,
        }
    }

    #[test]
    fn the_lead_learns_only_from_the_block_that_a_commit_was_sent_for() {
        let mut now = Now::new(SLOT);
        let usual = now.lead.time();
        // Nothing was sent, or the block was not seen.
        now.learn(&window(1), 112, false, false);
        now.learn(&window(2), 113, true, false);
        now.learn(&window(3), 111, true, false);
        assert_eq!(now.lead.time(), usual);
        // Once a window.
        now.learn(&window(3), 112, true, false);
        now.learn(&window(3), 112, true, false);
        assert_eq!(now.lead.time(), usual * 2);
        now.learn(&window(4), 112, true, true);
        assert!(now.lead.time() < usual * 2);
    }

    #[test]
    fn finished_work_waits_for_the_rest_until_there_is_still_time_to_send_it() {
        let mut now = Now::new(SLOT);
        assert_eq!(now.waits_until(&window(1)), None);
        let at = Instant::now();
        now.saw(111, at);
        let lead = now.lead.time();
        assert_eq!(now.waits_until(&window(1)), Some(at + SLOT - lead / 2));
    }
}
