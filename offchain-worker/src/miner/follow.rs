// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Follows one node's best blocks and carries out each GPU's next step.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use proof_of_gpu_primitives::{ChallengeInput, Hash, SoftwareSha256, challenge};
use subxt::{ext::scale_encode::EncodeAsFields, transactions::DynamicPayload};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::{debug, error, info, warn};

use super::{
    Report, Settings, account,
    gpu::{Done, Gpu, Opened, Sampling, Working},
    nodes::Nodes,
    pace::{BlockClock, Deadline, Pace},
    plan::{self, Step},
    prover::Prover,
    seen::Seen,
    send::{Call, Sent},
    upkeep::Upkeep,
    windows::{Closed, Tracker},
};
use crate::{
    exit::{Exit, Failure, OrExit},
    history::{History, Outcome, Reason},
    signals,
    store::{Finished, Record, Store, WalkRecord},
    telemetry::meters,
};
use ni_client::{
    Chain, ChainError, Included, Submitted, calls, keys,
    types::{Phase, Window},
};

/// Slots without a higher block after which a node is left for the next, whatever was
/// asked of it meanwhile: less than the reveals' part of a window by far.
const SILENT_SLOTS: u32 = 5;

/// Shortest such silence.
const SHORTEST_SILENCE: Duration = Duration::from_secs(5);

/// How many times as long a light client may be silent, which asks several nodes itself.
const LIGHT: u32 = 2;

/// Why following a chain ended before it was to.
pub(super) enum Stop {
    /// The connection broke.
    Lost(ChainError),
    /// Going on makes no sense.
    Failed(Failure),
}

impl From<ChainError> for Stop {
    fn from(cause: ChainError) -> Self {
        Self::Lost(cause)
    }
}

pub(super) struct Miner {
    pub(super) settings: Settings,
    pub(super) account: [u8; 32],
    store: Store,
    pub(super) history: History,
    /// Those with a device, and after them, as long as it may have to be revealed, those
    /// whose work is in the store and whose device is gone since.
    pub(super) gpus: Vec<Gpu>,
    /// How many have a device.
    devices: usize,
    clock: BlockClock,
    pub(super) slot: Duration,
    /// When the node in use has been silent for too long, unless a higher block comes.
    silent_at: Instant,
    seen: Option<Seen>,
    /// The runtime's version that was last seen.
    runtime: Option<u32>,
    /// The beacon of the window in progress.
    beacon: Option<Hash>,
    /// What was sent in it.
    pub(super) sent: HashMap<Call, Sent>,
    pub(super) outcomes: UnboundedSender<(Call, Result<Included, ChainError>)>,
    outcomes_received: UnboundedReceiver<(Call, Result<Included, ChainError>)>,
    // One end is kept, so that the other never finds the channel closed.
    _reports: UnboundedSender<Done>,
    done: UnboundedReceiver<Done>,
    /// The window in which the chain holds a commit of this miner.
    in_window: Option<u32>,
    pub(super) tracker: Tracker,
    /// Windows that are over and not in the history yet.
    pub(super) closed: Vec<Closed>,
    /// Window and GPU of results that are not settled yet.
    pub(super) unpaid: Vec<(u32, u32)>,
    pub(super) report: Report,
    pub(super) upkeep: Upkeep,
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
        let (reports, done) = unbounded_channel();
        let devices = provers.len();
        let mut gpus = Vec::with_capacity(devices);
        for (index, prover) in (0..).zip(provers) {
            let gpu = Gpu::start(
                index,
                prover,
                stored(&store, index)?,
                settings.hang_after,
                reports.clone(),
            )
            .or_exit(Exit::Internal, "cannot start a GPU's thread")?;
            info!(gpu = index, device = gpu.name, "ready");
            gpus.push(gpu);
        }
        let kept = store
            .gpus()
            .map_err(|cause| Failure::new(Exit::File, cause))?;
        for index in (0..kept).skip(devices) {
            gpus.push(Gpu::absent(index, stored(&store, index)?));
        }
        let history = History::of_worker(store.path());
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
            .filter(|(_, gpu)| gpus.iter().any(|held| held.index == *gpu))
            .collect();
        let mut sums = Vec::with_capacity(gpus.len());
        for gpu in &gpus {
            let totals = history.totals(gpu.index).unwrap_or_default();
            sums.push((gpu.index, totals));
        }
        meters::start(&sums);
        settings
            .health
            .start(gpus.iter().take(devices).map(|gpu| gpu.name.clone()));
        let (outcomes, outcomes_received) = unbounded_channel();
        info!(
            hotkey = keys::address(&account),
            node = chain.url(),
            store = %store.path().display(),
            "mining"
        );
        Ok(Self {
            settings,
            account,
            store,
            history,
            tracker: Tracker::new(gpus.len(), last),
            gpus,
            devices,
            clock: BlockClock::new(slot),
            slot,
            silent_at: Instant::now(),
            seen: None,
            runtime: None,
            beacon: None,
            sent: HashMap::new(),
            outcomes,
            outcomes_received,
            _reports: reports,
            done,
            in_window: None,
            closed: Vec::new(),
            unpaid,
            report: Report::default(),
            upkeep: Upkeep::default(),
        })
    }

    /// Follows one connection until it breaks or there is nothing left to do.
    pub(super) async fn follow(
        &mut self,
        chain: &Chain,
        nodes: &mut Nodes,
    ) -> Result<Report, Stop> {
        let mut blocks = chain.best_blocks().await?;
        self.upkeep.look_again();
        let mut progress = Instant::now();
        loop {
            self.silent_at = progress + self.silence(chain);
            tokio::select! {
                block = tokio::time::timeout_at(self.silent_at.into(), blocks.next()) => {
                    let lost = |cause: &str| Stop::Lost(ChainError::Rpc(cause.to_owned()));
                    let block = block
                        .map_err(|_| lost("its head stands still"))?
                        .ok_or_else(|| lost("the node ended the subscription"))?
                        .map_err(|cause| lost(&cause.to_string()))?;
                    // A head told again is no news, and above all no progress.
                    if self.seen.as_ref().is_some_and(|seen| seen.view.hash() == block.hash()) {
                        continue;
                    }
                    let seen = Seen::read(chain, block.hash(), &self.account, self.gpus.len());
                    let seen = tokio::time::timeout_at(self.silent_at.into(), seen)
                        .await
                        .map_err(|_| ChainError::timeout())??;
                    if nodes.saw(seen.number)? {
                        progress = Instant::now();
                        self.silent_at = progress + self.silence(chain);
                    }
                    self.check_runtime(&seen)?;
                    self.saw(&seen);
                    self.tally(&seen).await?;
                    self.forget_absent(&seen);
                    self.keep_up(chain, &seen).await?;
                    self.seen = Some(seen);
                    if self.is_over() {
                        account::claim_pending(chain, &self.settings, self.gpus.len()).await;
                        return Ok(self.report);
                    }
                }
                Some(done) = self.done.recv() => self.note(done)?,
                Some((call, outcome)) = self.outcomes_received.recv() => {
                    self.settle(call, outcome);
                }
                () = signals::stopped() => {
                    info!("stopping; a commit already made is revealed by the next start");
                    return Ok(self.report);
                }
            }
            self.step(chain).await?;
        }
    }

    /// How long a node may show no higher block.
    fn silence(&self, chain: &Chain) -> Duration {
        let slots = self.clock.block_time().max(self.slot) * SILENT_SLOTS;
        let times = if chain.is_light() { LIGHT } else { 1 };
        slots.max(SHORTEST_SILENCE) * times
    }

    /// Signs a call with the hotkey and puts it into the node's pool, if the node takes
    /// it before it has been silent for too long.
    pub(super) async fn submit<Fields: EncodeAsFields>(
        &self,
        chain: &Chain,
        call: &DynamicPayload<Fields>,
    ) -> Result<Submitted, ChainError> {
        let submitted = chain.submit(call, &self.settings.hotkey);
        tokio::time::timeout_at(self.silent_at.into(), submitted)
            .await
            .map_err(|_| ChainError::timeout())?
    }

    /// What a GPU's thread reports next.
    pub(super) async fn next_done(&mut self) -> Done {
        match self.done.recv().await {
            Some(done) => done,
            // This value holds a sender.
            None => std::future::pending().await,
        }
    }

    /// Makes sure, after each upgrade, that the chain still speaks this
    /// worker's protocol.
    fn check_runtime(&mut self, seen: &Seen) -> Result<(), Stop> {
        let version = seen.view.runtime_version();
        let before = self.runtime.replace(version);
        if before == Some(version) {
            return Ok(());
        }
        if let Some(before) = before {
            info!(before, now = version, "the chain's runtime was upgraded");
        }
        seen.view
            .check_protocol()
            .map_err(|cause| Stop::Failed(Failure::new(Exit::Node, cause)))
    }

    /// Takes note of a new best block.
    fn saw(&mut self, seen: &Seen) {
        let now = Instant::now();
        self.clock.saw(seen.number, now);
        if let Some(window) = seen
            .window
            .as_ref()
            .filter(|window| window.phase == Phase::Open)
            && let Some(deadline) = self.clock.expected(plan::last_work_block(window))
        {
            for working in self.gpus.iter().filter_map(|gpu| gpu.working.as_ref()) {
                working.pace.move_to(deadline);
            }
        }
        let current = seen.window.as_ref().map(|window| window.id);
        if let Some(window) = self.in_window.filter(|window| Some(*window) != current) {
            self.report.windows += 1;
            self.in_window = None;
            info!(window, "window over");
        }
        if let Some(window) = current
            && seen.states.iter().any(|state| {
                state
                    .commit
                    .as_ref()
                    .is_some_and(|commit| commit.window == window)
            })
        {
            self.in_window = Some(window);
        }
        // Of another beacon the chain has seen none of them: a window that opens again
        // after a reorganisation is committed to at once.
        let beacon = seen.window.as_ref().map(|window| window.beacon);
        if self.beacon != beacon {
            self.beacon = beacon;
            self.sent.clear();
        }
        debug!(block = seen.number, window = ?current, "best block");
        meters::set(meters::BEST_BLOCK, f64::from(seen.number));
        self.settings.health.block(seen.number, current);
        let before = self.tracker.current();
        let closed = self
            .tracker
            .saw(seen.window.as_ref(), seen.number, &seen.states, now);
        self.closed.extend(closed);
        if self.tracker.current().is_some_and(|id| before != Some(id)) {
            meters::count(meters::WINDOWS_SEEN);
        }
        let Some(window) = &seen.window else { return };
        for gpu in &self.gpus {
            if let Some(called) = plan::is_called(window, &self.account, gpu.index) {
                self.tracker.called(window.id, gpu.index, called);
            }
        }
    }

    /// Forgets the GPUs without a device once another window than that of their work has
    /// come: then nothing of it can be called any more.
    fn forget_absent(&mut self, seen: &Seen) {
        let Some(window) = &seen.window else { return };
        let may_be_called = |gpu: &Gpu| {
            let work = gpu.finished.as_ref();
            work.is_some_and(|(record, _)| record.window == window.id)
        };
        if self.gpus.len() > self.devices && !self.gpus.iter().skip(self.devices).any(may_be_called)
        {
            self.gpus.truncate(self.devices);
            self.tracker.watch(self.devices);
            let gpus = &self.gpus;
            self.unpaid
                .retain(|(_, gpu)| gpus.iter().any(|held| held.index == *gpu));
        }
    }

    fn is_over(&self) -> bool {
        self.settings.windows != 0 && self.report.windows >= self.settings.windows
    }

    /// Carries out the next step of every GPU.
    async fn step(&mut self, chain: &Chain) -> Result<(), Stop> {
        let Some(seen) = self.seen.take() else {
            return Ok(());
        };
        let outcome = self.step_on(chain, &seen).await;
        self.seen = Some(seen);
        outcome
    }

    async fn step_on(&mut self, chain: &Chain, seen: &Seen) -> Result<(), Stop> {
        let (mut commits, mut reveals, mut confirms) = (Vec::new(), Vec::new(), Vec::new());
        let mut unopened = false;
        for (index, state) in (0..self.gpus.len()).zip(&seen.states) {
            let gpu = &mut self.gpus[index];
            let window = seen.window.as_ref();
            let holding = gpu.holding();
            let step = plan::next(
                window,
                seen.number,
                &self.account,
                gpu.index,
                state,
                &holding,
            );
            match (step, window) {
                (Step::Work, Some(window)) if gpu.lost => {
                    self.tracker.hindered(window.id, gpu.index, Reason::Device);
                }
                (Step::Work, Some(window))
                    if let Some(reason) = self.upkeep.hindrance(gpu.index, seen.number) =>
                {
                    self.tracker.hindered(window.id, gpu.index, reason);
                }
                (Step::Work, Some(window)) if gpu.idle_in != Some((window.id, window.beacon)) => {
                    let Some(deadline) = self.clock.expected(plan::last_work_block(window)) else {
                        continue;
                    };
                    gpu.work(working(chain, &self.account, gpu.index, window, deadline));
                    self.tracker.started(window.id, gpu.index);
                    info!(window = window.id, gpu = gpu.index, "working");
                }
                (Step::Abandon, _) => gpu.abandon(),
                (Step::Commit, Some(_)) => commits.push(gpu.index),
                (Step::Open, Some(window)) => {
                    unopened = true;
                    if let Phase::Revealing {
                        sampling_beacon, ..
                    } = &window.phase
                    {
                        let sampling = Sampling {
                            beacon: *sampling_beacon,
                            samples: window.parameters.samples,
                            lanes: window.parameters.walk.map_or(0, |walk| walk.samples),
                        };
                        self.open(index, sampling);
                    }
                }
                (Step::Reveal, Some(_)) => {
                    unopened |= matches!(gpu.opened, Some((_, Opened::InPreparation(_))));
                    reveals.push(gpu.index);
                }
                (Step::Confirm, Some(_)) => confirms.push(gpu.index),
                (Step::Foreign, Some(window)) => {
                    self.tracker.hindered(window.id, gpu.index, Reason::Foreign);
                    gpu.warn_of_foreign_commit(window.id);
                }
                _ => {}
            }
        }
        let Some(window) = &seen.window else {
            return Ok(());
        };
        // One call for all GPUs, unless waiting for the slowest would be too late.
        let unfinished = self.gpus.iter().any(|gpu| gpu.working.is_some());
        if !commits.is_empty() && (!unfinished || seen.number + 2 >= window.deadline) {
            self.commit(chain, seen, window, &commits).await?;
        }
        for gpu in reveals {
            self.reveal(chain, seen.number, window, gpu).await?;
        }
        let waiting = unopened && plan::may_still_reveal(window, seen.number);
        if !confirms.is_empty() && !waiting {
            let call = Call::Confirm { window: window.id };
            if self.may_send(call, seen.number) {
                let payload = calls::confirm(window.id, confirms);
                let sent = self.submit(chain, &payload).await;
                self.watch(call, seen.number, sent)?;
            }
        }
        Ok(())
    }

    /// Has samples of a GPU's work opened: by that GPU, or by any other where it
    /// is out of service.
    fn open(&mut self, index: usize, sampling: Sampling) {
        let Some((_, work)) = &self.gpus[index].finished else {
            return;
        };
        let whose = self.gpus[index].index;
        let own = Some(&self.gpus[index]).filter(|gpu| !gpu.lost);
        let Some(opener) = own.or_else(|| self.gpus.iter().find(|gpu| gpu.is_free())) else {
            return;
        };
        let by = opener.index;
        if !opener.open(whose, work.clone(), sampling) {
            self.lose(by, "its thread has ended");
            return;
        }
        if by != whose {
            info!(gpu = whose, by, "another GPU opens its samples");
        }
        self.gpus[index].opened = Some((sampling.beacon, Opened::InPreparation(by)));
    }

    /// Takes a GPU out of service.
    fn lose(&mut self, index: u32, cause: &str) {
        let window = self.tracker.current();
        for gpu in &mut self.gpus {
            if gpu.index == index && !gpu.lost {
                gpu.lost = true;
                let device = &gpu.name;
                error!(gpu = index, device, cause, "GPU taken out of service");
                meters::set_gpu(meters::GPU_UP, index, 0.0);
                self.settings.health.gpu_lost(index, cause);
                if let Some(working) = gpu.working.take() {
                    working.pace.abandon();
                    self.tracker.hindered(working.window, index, Reason::Device);
                }
                if let (Some(window), None) = (window, &gpu.finished) {
                    self.tracker.hindered(window, index, Reason::Device);
                }
            }
            // What it was opening, another may open.
            if matches!(gpu.opened, Some((_, Opened::InPreparation(by))) if by == index) {
                gpu.opened = None;
            }
        }
    }

    fn gpu(&mut self, index: u32) -> Option<&mut Gpu> {
        self.gpus.iter_mut().find(|gpu| gpu.index == index)
    }

    /// Takes note of what a GPU's thread has done.
    ///
    /// # Errors
    /// Where the work cannot be stored, or no GPU is left.
    pub(super) fn note(&mut self, done: Done) -> Result<(), Stop> {
        match done {
            Done::Worked { gpu, result } => {
                let Some(working) = self.gpu(gpu).and_then(|gpu| gpu.working.take()) else {
                    return Ok(());
                };
                match result {
                    Ok(work) => self.worked(gpu, working, work)?,
                    Err(cause) => {
                        self.tracker.hindered(working.window, gpu, Reason::Device);
                        self.lose(gpu, &cause.to_string());
                    }
                }
            }
            Done::Opened {
                gpu,
                by,
                sampling_beacon,
                result,
            } => match result {
                Ok(openings) => {
                    if let Some(gpu) = self.gpu(gpu) {
                        gpu.opened = Some((sampling_beacon, Opened::Ready(openings)));
                    }
                }
                Err(cause) => self.lose(by, &cause.to_string()),
            },
            Done::Hung { gpu, silence } => {
                let silence = silence.as_secs();
                self.lose(gpu, &format!("it hangs: no sign of life for {silence} s"));
            }
        }
        if self.gpus.iter().all(|gpu| gpu.lost) {
            return Err(Stop::Failed(Failure::new(
                Exit::Device,
                "no GPU is left: see the log for what befell each, and `ni-worker devices`",
            )));
        }
        Ok(())
    }

    /// Takes note of work that ended without a fault.
    fn worked(
        &mut self,
        index: u32,
        working: Working,
        work: Option<Box<Finished>>,
    ) -> Result<(), Stop> {
        let (window, beacon) = (working.window, working.beacon);
        if working.pace.is_abandoned() {
            return Ok(());
        }
        let Some(work) = work else {
            warn!(
                window,
                gpu = index,
                "not one round was done in time: too slow a device, or too late a start"
            );
            self.tracker.hindered(window, index, Reason::NoRound);
            if let Some(gpu) = self.gpu(index) {
                // Finished with nothing: do not start again in this window.
                gpu.idle_in = Some((window, beacon));
            }
            return Ok(());
        };
        let record = Record {
            window,
            gpu: index,
            beacon,
            challenge: working.challenge,
            workload: working.workload,
            round_roots: work.product.round_roots().to_vec(),
            walk: work.walk.as_ref().map(|walk| WalkRecord {
                parameters: walk.claim().parameters,
                batch_roots: walk.batch_roots().to_vec(),
            }),
        };
        // On disk before the chain hears of it: whatever happens then, it can
        // be revealed.
        self.store
            .keep(&record)
            .map_err(|cause| Stop::Failed(Failure::new(Exit::File, cause)))?;
        let rounds = work.product.rounds();
        info!(window, gpu = index, rounds, "work done");
        meters::count_gpu(meters::ROUNDS, index, rounds.into());
        let busy = working.pace.signs().busy;
        self.tracker.worked(window, index, rounds, busy);
        if let Some(gpu) = self.gpu(index) {
            gpu.opened = None;
            gpu.finished = Some((record, *work));
        }
        Ok(())
    }
}

/// What a GPU had finished when the worker ended, in its last window.
fn stored(store: &Store, gpu: u32) -> Result<Option<(Record, Finished)>, Failure> {
    let record = store
        .last(gpu)
        .map_err(|cause| Failure::new(Exit::File, cause))?;
    let Some(record) = record else {
        return Ok(None);
    };
    match record.proof() {
        Ok(work) => {
            info!(
                gpu,
                window = record.window,
                rounds = work.product.rounds(),
                walked = work.walk.is_some(),
                "found stored work"
            );
            Ok(Some((record, work)))
        }
        Err(cause) => {
            warn!(%cause, gpu, "ignoring what was stored");
            Ok(None)
        }
    }
}

/// The work of one GPU in a window.
fn working(
    chain: &Chain,
    account: &[u8; 32],
    gpu: u32,
    window: &Window,
    deadline: Deadline,
) -> Working {
    let workload = window.parameters.workload.into();
    let challenge = challenge::<SoftwareSha256>(&ChallengeInput {
        genesis_hash: chain.genesis_hash(),
        window: window.id,
        beacon: window.beacon,
        account: *account,
        gpu,
        workload,
    });
    Working {
        window: window.id,
        beacon: window.beacon,
        challenge,
        workload,
        walk: window.parameters.walk,
        pace: Arc::new(Pace::new(deadline)),
    }
}
