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

    /// Learns from the block that a commit was sent for whether it was sent in time.
    pub(super) fn learn_from(&mut self, window: &Window, seen: &Seen) {
        if seen.number < plan::aim(window) || self.landed == Some(window.id) {
            return;
        }
        self.landed = Some(window.id);
        let committed = seen.commits_in(window.id);
        self.lead.landed(committed);
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
