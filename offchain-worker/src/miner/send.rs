// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A miner's calls: each is sent once, and again where it gets lost.

use std::time::Instant;

use tracing::{error, info, warn};

use super::{
    follow::{Miner, Stop},
    gpu::Opened,
    plan,
    seen::Seen,
};
use crate::{
    history::Reason,
    store::Finished,
    telemetry::meters::{self, Stage},
};
use ni_client::{
    Chain, ChainError, Included, Submitted,
    amount::Amount,
    calls,
    events::Event,
    types::{Window, variant_with_fields},
};

/// Blocks that a submitted call is given before it is sent again.
const RESEND_AFTER: u32 = 3;

/// Times that one call is submitted at most.
const ATTEMPTS: u32 = 5;

/// A call that is sent once, unless it gets lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Call {
    Commit { window: u32, gpu: u32 },
    Reveal { window: u32, gpu: u32 },
    Confirm { window: u32 },
}

/// A call that was submitted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    at: u32,
    attempts: u32,
    failed: bool,
    when: Instant,
}

impl Call {
    const fn stage(&self) -> Stage {
        match self {
            Self::Commit { .. } => Stage::Commit,
            Self::Reveal { .. } | Self::Confirm { .. } => Stage::Reveal,
        }
    }
}

impl Miner {
    pub(super) async fn commit(
        &mut self,
        chain: &Chain,
        seen: &Seen,
        window: &Window,
        gpus: &[u32],
    ) -> Result<(), Stop> {
        let best = seen.number;
        let [gpu, ..] = gpus else { return Ok(()) };
        let call = Call::Commit {
            window: window.id,
            gpu: *gpu,
        };
        if !self.may_send(call, best) {
            return Ok(());
        }
        let (moment, floor) = seen.view.moment_and_floor().await?;
        let mut claims = Vec::with_capacity(gpus.len());
        for gpu in self.gpus.iter_mut().filter(|gpu| gpus.contains(&gpu.index)) {
            let Some((_, Finished { walk, product })) = &gpu.finished else {
                continue;
            };
            let so_far = plan::mops(window, product.rounds(), moment);
            // One claim below it would have the whole call refused.
            if so_far.is_some_and(|mops| mops < floor) {
                warn!(
                    window = window.id,
                    gpu = gpu.index,
                    mops = so_far,
                    floor,
                    "too slow for the lowest tier, not committing"
                );
                self.tracker.hindered(window.id, gpu.index, Reason::TooSlow);
                gpu.finished = None;
                gpu.idle_in = Some((window.id, window.beacon));
                continue;
            }
            claims.push(calls::GpuClaim {
                gpu: gpu.index,
                rounds: product.rounds(),
                root: product.root(),
                walk: walk.as_ref().map(|walk| walk.claim().into()),
            });
        }
        if claims.is_empty() {
            return Ok(());
        }
        let rounds: u64 = claims.iter().map(|claim| u64::from(claim.rounds)).sum();
        info!(
            window = window.id,
            gpus = claims.len(),
            rounds,
            best,
            "committing"
        );
        let payload = calls::commit(window.id, window.beacon, claims);
        let sent = self.submit(chain, &payload).await;
        self.watch(call, best, sent)
    }

    pub(super) async fn reveal(
        &mut self,
        chain: &Chain,
        best: u32,
        window: &Window,
        index: u32,
    ) -> Result<(), Stop> {
        let call = Call::Reveal {
            window: window.id,
            gpu: index,
        };
        if !self.may_send(call, best) {
            return Ok(());
        }
        let Some(gpu) = self.gpus.iter().find(|gpu| gpu.index == index) else {
            return Ok(());
        };
        let (Some((_, work)), Some((sampling_beacon, Opened::Ready(openings)))) =
            (&gpu.finished, &gpu.opened)
        else {
            return Ok(());
        };
        info!(window = window.id, gpu = index, best, "revealing");
        let product = calls::Shown {
            peaks: work.product.peaks(),
            openings: &openings.product,
        };
        let walk = calls::Shown {
            peaks: work.walk.as_ref().map_or(&[], |walk| walk.peaks()),
            openings: &openings.walk,
        };
        let payload = calls::reveal(window.id, *sampling_beacon, index, product, walk);
        let sent = self.submit(chain, &payload).await;
        self.watch(call, best, sent)
    }

    /// Whether a call is to be sent now: the first time, again where it
    /// failed, and again where the chain shows nothing of it for some blocks.
    pub(super) fn may_send(&self, call: Call, best: u32) -> bool {
        self.sent.get(&call).is_none_or(|sent| {
            let waited = best.saturating_sub(sent.at);
            let due = if sent.failed {
                waited >= 1
            } else {
                waited >= RESEND_AFTER
            };
            due && sent.attempts < ATTEMPTS
        })
    }

    /// Follows a submitted call to its block, beside everything else.
    pub(super) fn watch(
        &mut self,
        call: Call,
        best: u32,
        submitted: Result<Submitted, ChainError>,
    ) -> Result<(), Stop> {
        let sent = self.sent.entry(call).or_insert(Sent {
            at: best,
            attempts: 0,
            failed: false,
            when: Instant::now(),
        });
        *sent = Sent {
            at: best,
            attempts: sent.attempts + 1,
            failed: false,
            when: Instant::now(),
        };
        match submitted {
            Ok(submitted) => {
                let outcomes = self.outcomes.clone();
                tokio::spawn(async move {
                    // Nobody listens any more once the miner has ended.
                    let _ = outcomes.send((call, submitted.included().await));
                });
                Ok(())
            }
            Err(cause @ ChainError::Refused { .. }) => {
                sent.failed = true;
                self.upkeep.look_again();
                warn!(%cause, attempt = sent.attempts, "the node did not take a call");
                Ok(())
            }
            Err(cause) => {
                sent.failed = true;
                Err(cause.into())
            }
        }
    }

    /// Takes note of what became of a call.
    pub(super) fn settle(&mut self, call: Call, outcome: Result<Included, ChainError>) {
        let events = match outcome {
            Ok(included) => {
                if let Some(sent) = self.sent.get(&call) {
                    meters::stage(call.stage(), sent.when.elapsed());
                }
                included.events
            }
            Err(cause) => {
                meters::count(meters::RPC_ERRORS);
                if let Some(sent) = self.sent.get_mut(&call) {
                    sent.failed = true;
                }
                warn!(%cause, ?call, "a call was lost");
                return;
            }
        };
        for event in events {
            match event {
                Event::Committed {
                    gpu,
                    window,
                    rounds,
                    ..
                } => {
                    info!(window, gpu, rounds, "committed");
                }
                Event::Verified {
                    gpu,
                    window,
                    mops,
                    gib,
                    gbps,
                    ..
                } => {
                    info!(window, gpu, mops, gib, gbps, "verified");
                }
                Event::Confirmed {
                    gpu,
                    window,
                    mops,
                    gib,
                    gbps,
                    ..
                } => {
                    info!(window, gpu, mops, gib, gbps, "confirmed");
                }
                Event::Refused {
                    gpu,
                    window,
                    reason,
                    slashed,
                    ..
                } => {
                    self.report.refused += 1;
                    self.upkeep.look_again();
                    self.tracker.hindered(window, gpu, Reason::Refused);
                    let reason = variant_with_fields(&reason);
                    let slashed = Amount(slashed);
                    error!(window, gpu, %reason, %slashed, "refused: the bond was slashed");
                }
                Event::Missed {
                    gpu,
                    window,
                    slashed,
                    ..
                } => {
                    self.upkeep.look_again();
                    error!(
                        window,
                        gpu,
                        slashed = %Amount(slashed),
                        "an earlier reveal was missed: slashed"
                    );
                }
                Event::Paid {
                    gpu,
                    window,
                    amount,
                    ..
                } => {
                    info!(window, gpu, amount = %Amount(amount), "paid");
                    self.note_pay(window, gpu, amount);
                }
                _ => {}
            }
        }
    }
}
