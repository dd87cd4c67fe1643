// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Writes down what became of each window, and what was paid for it.

use std::time::{SystemTime, UNIX_EPOCH};

use tracing::{info, warn};

use super::{
    follow::{Miner, Stop},
    seen::Seen,
    windows::Verdict,
};
use crate::{
    history::{Entry, Outcome},
    telemetry::meters,
};
use ni_client::{ChainError, amount::Amount, types::Bytes32};

impl Miner {
    /// Accounts for the windows that are over, and looks for pay that was not
    /// settled before.
    pub(super) async fn tally(&mut self, seen: &Seen) -> Result<(), Stop> {
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
        self.show_sums();
        Ok(())
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
    pub(super) fn show_sums(&self) {
        for gpu in &self.gpus {
            match self.history.totals(gpu.index) {
                Ok(totals) => meters::sums(gpu.index, &totals),
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
