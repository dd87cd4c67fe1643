// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Writes down what became of each window, and what was paid for it.

use std::time::{SystemTime, UNIX_EPOCH};

use tracing::{info, warn};

use super::{
    Report,
    seen::Seen,
    windows::{Closed, Verdict},
};
use crate::{
    history::{Entry, History, Outcome},
    telemetry::meters,
};
use ni_client::{ChainError, amount::Amount, types::Bytes32};

/// What became of windows, in the history and in the metrics.
pub(super) struct Ledger {
    history: History,
    account: Bytes32,
    /// Numbers of the GPUs that are accounted for.
    gpus: Vec<u32>,
    last: Option<u32>,
    /// Windows that are over and not in the history yet.
    closed: Vec<Closed>,
    /// Window and GPU of results that are not settled yet.
    unpaid: Vec<(u32, u32)>,
    report: Report,
}

impl Ledger {
    /// Goes on after what the history has of these GPUs.
    pub(super) fn new(history: History, account: Bytes32, gpus: Vec<u32>) -> Self {
        // No proof depends on it.
        let before = history.entries().unwrap_or_else(|cause| {
            warn!(%cause, "mining without the history of windows");
            Vec::new()
        });
        let last = before.last().map(|entry| entry.window);
        let unpaid = before
            .iter()
            .filter(|entry| Some(entry.window) == last)
            .filter(|entry| matches!(entry.outcome, Outcome::Credited { pay: None, .. }))
            .map(|entry| (entry.window, entry.gpu))
            .filter(|(_, gpu)| gpus.contains(gpu))
            .collect();
        let totals = |gpu| history.totals(gpu).unwrap_or_default();
        let sums: Vec<_> = gpus.iter().map(|gpu| (*gpu, totals(*gpu))).collect();
        meters::start(&sums);
        Self {
            history,
            account,
            gpus,
            last,
            closed: Vec::new(),
            unpaid,
            report: Report::default(),
        }
    }

    /// The last window that the history had at first.
    pub(super) fn last(&self) -> Option<u32> {
        self.last
    }

    /// What is written down, the oldest first.
    pub(super) fn history(&self) -> &History {
        &self.history
    }

    /// What came of mining so far.
    pub(super) fn report(&self) -> Report {
        self.report
    }

    /// A window is over in which there was a commit.
    pub(super) fn window_over(&mut self) {
        self.report.windows += 1;
    }

    /// A reveal was refused.
    pub(super) fn refused(&mut self) {
        self.report.refused += 1;
    }

    /// Windows that are over are to be accounted for.
    pub(super) fn close(&mut self, closed: Vec<Closed>) {
        self.closed.extend(closed);
    }

    /// Only the first so many GPUs are left.
    pub(super) fn watch(&mut self, gpus: usize) {
        self.gpus.truncate(gpus);
        let gpus = &self.gpus;
        self.unpaid.retain(|(_, gpu)| gpus.contains(gpu));
    }

    /// Accounts for the windows that are over, and looks for pay that was not
    /// settled before.
    pub(super) async fn tally(&mut self, seen: &Seen) -> Result<(), ChainError> {
        if self.closed.is_empty() && self.unpaid.is_empty() {
            return Ok(());
        }
        let verdicts = verdicts(seen, &self.account, self.gpus.len()).await?;
        let at = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let mut entries = Vec::new();
        let mut counted = Vec::new();
        for closed in &self.closed {
            for ((gpu, progress), verdict) in (0..).zip(&closed.gpus).zip(&verdicts) {
                entries.push(Entry {
                    window: closed.window,
                    gpu,
                    at,
                    rounds: progress.rounds,
                    idle_permille: closed.idle_permille(progress),
                    outcome: closed.outcome(progress, verdict),
                });
                counted.push((progress.committed, progress.called));
            }
        }
        let new = if entries.is_empty() {
            Vec::new()
        } else {
            self.history.keep(&entries).unwrap_or_else(|cause| {
                warn!(%cause, "cannot write down what became of windows");
                entries.clone()
            })
        };
        for (entry, (committed, called)) in entries.iter().zip(counted) {
            if new.contains(entry) {
                self.show(entry, committed, called);
            }
        }
        self.closed.clear();
        self.settle(&verdicts);
        self.show_sums();
        Ok(())
    }

    /// Notes what was paid for results that were not settled before.
    fn settle(&mut self, verdicts: &[Verdict]) {
        let settled: Vec<_> = self
            .unpaid
            .iter()
            .filter_map(|(window, gpu)| {
                let verdict = verdicts.get(usize::try_from(*gpu).ok()?)?;
                match verdict.pending {
                    Some((pending, _, _, amount)) if pending == *window => {
                        amount.map(|amount| (*window, *gpu, Some(amount)))
                    }
                    // Paid; the call's own event says how much, where it was ours.
                    _ => Some((*window, *gpu, None)),
                }
            })
            .collect();
        for (window, gpu, amount) in settled {
            self.unpaid.retain(|unpaid| *unpaid != (window, gpu));
            if let Some(amount) = amount {
                self.note_pay(window, gpu, amount);
            }
        }
    }

    /// Tells an entry to the log and the metrics.
    fn show(&mut self, entry: &Entry, committed: bool, called: Option<bool>) {
        let Entry { window, gpu, .. } = *entry;
        if let Some(idle) = entry.idle_permille {
            meters::set_gpu(meters::GPU_IDLE, gpu, f64::from(idle) / 1000.0);
        }
        let credited = matches!(entry.outcome, Outcome::Credited { .. });
        if committed || credited {
            meters::count_gpu(meters::COMMITTED, gpu, 1);
        }
        match entry.outcome {
            Outcome::Credited { mops, tier, pay } => {
                self.report.credited += 1;
                let idle = entry.idle_permille;
                info!(window, gpu, mops, tier, idle_permille = idle, "credited");
                meters::set_gpu(meters::MOPS, gpu, mops as f64);
                match called {
                    Some(true) => meters::count_gpu(meters::REVEALED, gpu, 1),
                    Some(false) => meters::count_gpu(meters::CONFIRMED, gpu, 1),
                    None => {}
                }
                if pay.is_none() {
                    self.unpaid.push((window, gpu));
                }
            }
            Outcome::Missed(reason) => {
                warn!(
                    window,
                    gpu,
                    reason = reason.name(),
                    "missed: {}",
                    reason.meaning()
                );
            }
        }
    }

    /// Notes the pay of a window, once.
    pub(super) fn note_pay(&mut self, window: u32, gpu: u32, amount: u128) {
        match self.history.paid(window, gpu, amount) {
            Ok(true) => {
                info!(window, gpu, amount = %Amount(amount), "earned");
                self.show_sums();
            }
            Ok(false) => {}
            Err(cause) => warn!(%cause, window, gpu, "cannot write down what was earned"),
        }
    }

    /// Shows every GPU's sums in the metrics.
    fn show_sums(&self) {
        for gpu in &self.gpus {
            match self.history.totals(*gpu) {
                Ok(totals) => meters::sums(*gpu, &totals),
                Err(cause) => warn!(%cause, "cannot read the history"),
            }
        }
    }
}

/// What the chain says about each GPU.
async fn verdicts(seen: &Seen, account: &Bytes32, gpus: usize) -> Result<Vec<Verdict>, ChainError> {
    let mut verdicts = Vec::with_capacity(gpus);
    for (gpu, _) in (0..).zip(0..gpus) {
        let report = seen.view.gpu_report(account, gpu).await?;
        verdicts.push(report.map_or_else(Verdict::default, |report| {
            Verdict {
                pending: report
                    .pending
                    .map(|pay| (pay.window, pay.tier, pay.mops, pay.amount)),
                commit: report.commit.map(|commit| (commit.window, commit.resolved)),
                last_verified: report.last_verified.map(|score| score.mops),
            }
        }));
    }
    Ok(verdicts)
}
