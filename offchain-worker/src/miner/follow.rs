// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Follows one node's best blocks and carries out each GPU's next step.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tracing::{debug, error, info, warn};

use super::{
    Report, Settings, account,
    gpu::{Done, Opened, Sampling},
    ledger::Ledger,
    now::Now,
    outbox::{Call, Heard, News, Outbox},
    payloads,
    plan::{self, Steps},
    prover::Prover,
    rigs::Rigs,
    seen::Seen,
    stop::Stop,
    upkeep::Upkeep,
    windows::Tracker,
};
use crate::{
    exit::Failure,
    history::{History, Reason},
    signals,
    store::Store,
    telemetry::meters,
};
use ni_client::{
    Chain, ChainError, Courier, Nodes,
    amount::Amount,
    calls,
    events::Event,
    keys,
    types::{Phase, Window, variant_with_fields},
};

/// Slots without a higher block after which a node is left for the next, whatever was
/// asked of it meanwhile: less than the reveals' part of a window by far.
const SILENT_SLOTS: u32 = 5;

/// The same where there are other nodes to ask: less than the grace blocks.
const SILENT_SLOTS_AMONG_OTHERS: u32 = 3;

/// Shortest such silence.
const SHORTEST_SILENCE: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(3)];

/// How many times as long a light client may be silent, which asks several nodes itself.
const LIGHT: u32 = 2;

/// Most GPUs in one call where the chain does not say.
const USUAL_GPUS_PER_CALL: u32 = 16;

pub(super) struct Miner {
    settings: Settings,
    account: [u8; 32],
    rigs: Rigs,
    now: Now,
    outbox: Outbox,
    tracker: Tracker,
    ledger: Ledger,
    upkeep: Upkeep,
}

impl Miner {
    pub(super) fn new(
        settings: Settings,
        store: Store,
        chain: &Chain,
        provers: Vec<Box<dyn Prover>>,
        slot: Duration,
    ) -> Result<Self, Failure> {
        let account = settings.hotkey.public_key().0;
        let path = store.path().to_owned();
        let health = Arc::clone(&settings.health);
        let rigs = Rigs::start(provers, store, settings.hang_after, health)?;
        let gpus = rigs.all().iter().map(|gpu| gpu.index).collect();
        let ledger = Ledger::new(History::of_worker(&path), account, gpus);
        info!(
            hotkey = keys::address(&account),
            node = chain.url(),
            store = %path.display(),
            "mining"
        );
        Ok(Self {
            account,
            tracker: Tracker::new(rigs.count(), ledger.last()),
            rigs,
            now: Now::new(slot),
            outbox: Outbox::new(settings.hotkey.clone()),
            ledger,
            upkeep: Upkeep::new(&settings, slot),
            settings,
        })
    }

    /// What came of mining so far.
    pub(super) fn report(&self) -> Report {
        self.ledger.report()
    }

    /// How it was started.
    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Follows one connection until it breaks or there is nothing left to do.
    pub(super) async fn follow(
        &mut self,
        chain: &Chain,
        nodes: &mut Nodes,
    ) -> Result<Report, Stop> {
        let mut blocks = chain.best_blocks().await?;
        let courier = nodes.courier().clone();
        courier.warm();
        self.upkeep.look_again();
        let mut progress = Instant::now();
        loop {
            let silent_at = progress + self.silence(chain, nodes);
            let waits_until = self.waits_until();
            tokio::select! {
                block = tokio::time::timeout_at(silent_at.into(), blocks.next()) => {
                    let lost = |cause: &str| Stop::Lost(ChainError::Rpc(cause.to_owned()));
                    let block = block
                        .map_err(|_| lost("its head stands still"))?
                        .ok_or_else(|| lost("the node ended the subscription"))?
                        .map_err(|cause| lost(&cause.to_string()))?;
                    // A head told again is no news, and above all no progress.
                    if self.now.has_seen(block.hash()) {
                        continue;
                    }
                    let seen = Seen::read(chain, block.hash(), &self.account, self.rigs.count());
                    let seen = tokio::time::timeout_at(silent_at.into(), seen)
                        .await
                        .map_err(|_| ChainError::Timeout)??;
                    // First: blocks of a chain of another version are no success.
                    self.now.check_runtime(&seen)?;
                    if nodes.saw(seen.number)? {
                        progress = Instant::now();
                    }
                    self.saw(&seen);
                    self.ledger.tally(&seen).await?;
                    self.forget_absent(&seen);
                    let gpus = self.rigs.count();
                    self.upkeep.keep_up(chain, &seen, gpus, self.ledger.history()).await?;
                    self.now.seen = Some(seen);
                    if self.is_over() {
                        account::claim_pending(chain, &self.settings, self.rigs.count()).await;
                        return Ok(self.report());
                    }
                }
                done = self.rigs.next_done() => self.note(done)?,
                news = self.outbox.news() => {
                    self.hear(news);
                    continue;
                }
                () = until(waits_until) => {}
                () = signals::stopped() => {
                    info!("stopping; a commit already made is revealed by the next start");
                    return Ok(self.report());
                }
            }
            let Some(seen) = self.now.seen.take() else {
                continue;
            };
            let stepped = self.step(chain, &courier, &seen);
            self.now.seen = Some(seen);
            if stepped? && nodes.count() > 1 {
                return Err(Stop::Turn);
            }
        }
    }

    /// When finished work is committed without that of the other GPUs, where that is ahead.
    fn waits_until(&self) -> Option<Instant> {
        let window = self.now.seen.as_ref().and_then(Seen::to_work_in)?;
        if window.phase != Phase::Open {
            return None;
        }
        let at = self.now.waits_until(window)?;
        (at > Instant::now()).then_some(at)
    }

    /// How long a node may show no higher block.
    fn silence(&self, chain: &Chain, nodes: &Nodes) -> Duration {
        let (slots, shortest) = if nodes.count() > 1 {
            (SILENT_SLOTS_AMONG_OTHERS, SHORTEST_SILENCE[1])
        } else {
            (SILENT_SLOTS, SHORTEST_SILENCE[0])
        };
        let silence = self.now.block_time() * slots;
        let times = if chain.is_light() { LIGHT } else { 1 };
        silence.max(shortest) * times
    }

    /// What a GPU's thread reports next.
    pub(super) async fn next_done(&mut self) -> Done {
        self.rigs.next_done().await
    }

    /// Takes note of what a GPU's thread has done.
    ///
    /// # Errors
    /// Where the work cannot be stored, or no GPU is left.
    pub(super) fn note(&mut self, done: Done) -> Result<(), Stop> {
        self.rigs.note(done, &mut self.tracker)
    }

    /// There is no node for the moment.
    pub(super) fn lost_the_node(&self) {
        self.rigs.wait_for_blocks();
    }

    /// Takes note of a new best block.
    fn saw(&mut self, seen: &Seen) {
        let at = Instant::now();
        self.now.saw(seen.number, at);
        let to_work_in = seen.to_work_in();
        if let Some(window) = to_work_in.filter(|window| window.phase == Phase::Open) {
            if let Some(deadline) = self.now.end_of_work(window) {
                self.rigs.move_to(deadline);
            }
            let tried = self.outbox.has_commit(window.id) || self.rigs.is_working_in(window.id);
            self.now.learn_from(window, seen, tried);
        }
        let current = seen.window.as_ref().map(|window| window.id);
        if let Some(window) = self.now.commits_in(seen) {
            self.ledger.window_over();
            info!(window, "window over");
        }
        // Of another beacon the chain has seen none of them: a window that opens again
        // after a reorganisation is committed to at once.
        if self.now.begins_anew(to_work_in) {
            self.outbox.clear();
        }
        debug!(block = seen.number, window = ?current, "best block");
        meters::set(meters::BEST_BLOCK, f64::from(seen.number));
        self.settings.health.block(seen.number, current);
        let before = self.tracker.current();
        let closed = self.tracker.saw(to_work_in, seen.number, &seen.states, at);
        self.ledger.close(closed);
        if self.tracker.current().is_some_and(|id| before != Some(id)) {
            meters::count(meters::WINDOWS_SEEN);
        }
        let Some(window) = &seen.window else { return };
        for gpu in self.rigs.all() {
            if let Some(called) = plan::is_called(window, &self.account, gpu.index) {
                self.tracker.called(window.id, gpu.index, called);
            }
        }
    }

    fn forget_absent(&mut self, seen: &Seen) {
        if let Some(window) = &seen.window
            && self.rigs.forget_absent(window.id)
        {
            self.tracker.watch(self.rigs.count());
            self.ledger.watch(self.rigs.count());
        }
    }

    fn is_over(&self) -> bool {
        self.settings.windows != 0 && self.report().windows >= self.settings.windows
    }

    /// Carries out the next step of every GPU. True where a call that was sent before is in
    /// no block, for the first time.
    fn step(&mut self, chain: &Chain, courier: &Courier, seen: &Seen) -> Result<bool, Stop> {
        let holdings = self.rigs.holdings();
        let gpus = self
            .rigs
            .all()
            .iter()
            .zip(&seen.states)
            .zip(&holdings)
            .map(|((gpu, state), holding)| (gpu.index, state, holding));
        let steps = plan::all(seen.to_work_in(), seen.number, &self.account, gpus);
        for gpu in &steps.abandon {
            if let Some(gpu) = self.rigs.get(*gpu) {
                gpu.abandon();
            }
        }
        let Some(window) = seen.to_work_in() else {
            return Ok(false);
        };
        for gpu in &steps.work {
            self.begin(chain, *gpu, window, seen.number);
        }
        for gpu in &steps.foreign {
            self.tracker.hindered(window.id, *gpu, Reason::Foreign);
            if let Some(gpu) = self.rigs.get_mut(*gpu) {
                gpu.warn_of_foreign_commit(window.id);
            }
        }
        if let Phase::Revealing {
            sampling_beacon, ..
        } = &window.phase
        {
            let sampling = Sampling {
                beacon: *sampling_beacon,
                samples: window.parameters.samples,
                lanes: window.parameters.walk.map_or(0, |walk| walk.samples),
            };
            for gpu in &steps.open {
                self.rigs.open(*gpu, sampling, &mut self.tracker);
            }
        }
        Ok(self.send(courier, seen, window, &steps))
    }

    /// Begins work in a window, unless that would come to nothing.
    fn begin(&mut self, chain: &Chain, index: u32, window: &Window, best: u32) {
        let Some(gpu) = self.rigs.get(index) else {
            return;
        };
        let hindrance = if gpu.lost {
            Some(Reason::Device)
        } else {
            self.upkeep.hindrance(index, best)
        };
        if let Some(reason) = hindrance {
            self.tracker.hindered(window.id, index, reason);
            return;
        }
        if gpu.idle_in == Some((window.id, window.beacon)) {
            return;
        }
        let Some(deadline) = self.now.end_of_work(window) else {
            return;
        };
        let genesis = chain.genesis_hash();
        self.rigs
            .work(index, genesis, &self.account, window, deadline);
        self.tracker.started(window.id, index);
        info!(window = window.id, gpu = index, "working");
    }

    /// Sends the calls that are due. True where one of them was sent before and is in no
    /// block, for the first time.
    fn send(&mut self, courier: &Courier, seen: &Seen, window: &Window, steps: &Steps) -> bool {
        let best = seen.number;
        let most = seen
            .view
            .constant("ProofOfGpu", "MaxGpusPerCall")
            .unwrap_or(USUAL_GPUS_PER_CALL);
        let mut overdue = false;
        // One call for all GPUs, unless waiting for the slowest would be too late.
        let waited = self.now.waits_until(window);
        let waited = waited.is_some_and(|until| until <= Instant::now());
        if !self.rigs.is_any_working() || plan::commits_without_the_rest(window, best, waited) {
            for gpus in self.outbox.commits(window.id, &steps.commit, most) {
                overdue |= self.commit(courier, seen, window, &gpus);
            }
        }
        for gpu in &steps.reveal {
            overdue |= self.reveal(courier, best, window, *gpu);
        }
        let in_preparation = |gpu: &u32| {
            let gpu = self.rigs.get(*gpu);
            gpu.is_some_and(|gpu| matches!(gpu.opened, Some((_, Opened::InPreparation(_)))))
        };
        let unopened = !steps.open.is_empty() || steps.reveal.iter().any(in_preparation);
        if unopened && plan::may_still_reveal(window, best) {
            return overdue;
        }
        for gpus in plan::calls(&steps.confirm, most) {
            let call = Call::Confirm {
                window: window.id,
                gpu: gpus[0],
            };
            if self.outbox.may_send(call, best) {
                let payload = calls::confirm(window.id, gpus.to_vec());
                overdue |= self.outbox.send(courier, call, gpus, payload, best);
            }
        }
        overdue
    }

    fn commit(&mut self, courier: &Courier, seen: &Seen, window: &Window, gpus: &[u32]) -> bool {
        let best = seen.number;
        let call = |gpu| Call::Commit {
            window: window.id,
            gpu,
        };
        if !self.outbox.may_send(call(gpus[0]), best) {
            return false;
        }
        let mut claims = Vec::with_capacity(gpus.len());
        let finished = gpus.iter().filter_map(|gpu| self.rigs.get(*gpu));
        let made: Vec<_> = finished.filter_map(payloads::claim).collect();
        for claim in made {
            let so_far = payloads::too_slow(window, &claim, seen.moment, seen.floor);
            if so_far.is_none() {
                claims.push(claim);
                continue;
            }
            warn!(
                window = window.id,
                gpu = claim.gpu,
                mops = so_far,
                floor = seen.floor,
                "too slow for the lowest tier, not committing"
            );
            self.tracker.hindered(window.id, claim.gpu, Reason::TooSlow);
            if let Some(gpu) = self.rigs.get_mut(claim.gpu) {
                gpu.finished = None;
                gpu.idle_in = Some((window.id, window.beacon));
            }
        }
        let Some(first) = claims.first().map(|claim| claim.gpu) else {
            return false;
        };
        let rounds: u64 = claims.iter().map(|claim| u64::from(claim.rounds)).sum();
        info!(
            window = window.id,
            gpus = claims.len(),
            rounds,
            best,
            "committing"
        );
        let of: Vec<_> = claims.iter().map(|claim| claim.gpu).collect();
        let payload = payloads::commit(window, claims);
        self.outbox.send(courier, call(first), &of, payload, best)
    }

    fn reveal(&mut self, courier: &Courier, best: u32, window: &Window, index: u32) -> bool {
        let call = Call::Reveal {
            window: window.id,
            gpu: index,
        };
        if !self.outbox.may_send(call, best) {
            return false;
        }
        let gpu = self.rigs.get(index);
        let Some(payload) = gpu.and_then(|gpu| payloads::reveal(window, gpu)) else {
            return false;
        };
        info!(window = window.id, gpu = index, best, "revealing");
        self.outbox.send(courier, call, &[index], payload, best)
    }

    /// Takes note of what became of a call.
    fn hear(&mut self, news: News) {
        match self.outbox.hear(news) {
            Heard::Nothing => {}
            Heard::Included(events) => self.emitted(events),
            Heard::Refused => self.upkeep.look_again(),
        }
    }

    /// Takes note of what a call did.
    fn emitted(&mut self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::Committed {
                    gpu,
                    window,
                    rounds,
                    ..
                } => info!(window, gpu, rounds, "committed"),
                Event::Verified {
                    gpu,
                    window,
                    mops,
                    gib,
                    gbps,
                    ..
                } => info!(window, gpu, mops, gib, gbps, "verified"),
                Event::Confirmed {
                    gpu,
                    window,
                    mops,
                    gib,
                    gbps,
                    ..
                } => info!(window, gpu, mops, gib, gbps, "confirmed"),
                Event::Refused {
                    gpu,
                    window,
                    reason,
                    slashed,
                    ..
                } => {
                    self.ledger.refused();
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
                    let slashed = Amount(slashed);
                    error!(window, gpu, %slashed, "an earlier reveal was missed: slashed");
                }
                Event::Paid {
                    gpu,
                    window,
                    amount,
                    ..
                } => {
                    info!(window, gpu, amount = %Amount(amount), "paid");
                    self.ledger.note_pay(window, gpu, amount);
                }
                _ => {}
            }
        }
    }
}

/// Waits for a time; for ever where there is none.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
