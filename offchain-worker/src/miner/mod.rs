// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A miner: follows a chain's windows, works in each on every GPU, commits,
//! reveals what is asked for, and sees to its pay.
//!
//! [`plan`] decides the next step of each GPU from the chain's state and from
//! what is at hand; this module carries the steps out, with bounded retries.
//! [`prover`] computes, on a thread for each GPU; [`pace`] says when to stop.

pub(crate) mod account;
mod gpu;
pub mod pace;
pub mod plan;
pub mod prover;
mod seen;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use proof_of_gpu_primitives::{ChallengeInput, SoftwareSha256, challenge};
use subxt_signer::sr25519::Keypair;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::{debug, error, info, warn};

use crate::{
    amount::Amount,
    chain::{
        Chain, ChainError, Included, calls,
        events::Event,
        keys,
        types::{Phase, Window, variant_with_fields},
    },
    exit::{Exit, Failure, OrExit},
    store::{Record, Store},
};
use gpu::{Done, Gpu, Opened, Working};
use pace::{BlockClock, Pace};
use plan::Step;
use prover::Prover;
use seen::Seen;

/// Blocks that a submitted call is given before it is sent again.
const RESEND_AFTER: u32 = 3;

/// Times that one call is submitted at most.
const ATTEMPTS: u32 = 5;

/// Longest pause between two attempts to reach a node.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Slots without a new best block after which the connection counts as lost.
const SILENT_SLOTS: u32 = 20;

/// How to mine.
pub struct Settings {
    /// Addresses of nodes, tried in turn.
    pub urls: Vec<String>,
    /// Signs proofs; needs no balance.
    pub hotkey: Keypair,
    /// Pays for the registration and for claims.
    pub owner: Option<Keypair>,
    /// Register the hotkey where it is not registered.
    pub register: Option<Registering>,
    /// The store's file; `None` for one named after chain and hotkey in the
    /// user's data folder.
    pub store: Option<PathBuf>,
    /// Windows after which to stop; 0 never stops.
    pub windows: u32,
}

/// How to register a hotkey.
#[derive(Clone, Copy, Debug, Default)]
pub struct Registering {
    /// GPU slots; `None` for one a prover.
    pub slots: Option<u32>,
    /// The highest fee to pay, in the smallest unit; `None` for whatever it is.
    pub max_price: Option<u128>,
}

/// What came of mining.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Windows committed in, and over.
    pub windows: u32,
    /// Results verified or confirmed, one a GPU and window.
    pub credited: u32,
    /// Reveals that the chain refused.
    pub refused: u32,
}

/// A call that is sent once, unless it gets lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Call {
    Commit { window: u32, gpu: u32 },
    Reveal { window: u32, gpu: u32 },
    Confirm { window: u32 },
}

/// A call that was submitted.
#[derive(Clone, Copy, Debug)]
struct Sent {
    at: u32,
    attempts: u32,
    failed: bool,
}

/// Mines until stopped, or until `settings.windows` are over.
///
/// A connection that breaks is taken up again, with pauses of up to half a
/// minute, for as long as it takes; only the first one has to succeed.
///
/// # Errors
/// [`Exit::Node`] where no node can be reached at first or the chain is another
/// one, [`Exit::Account`] where the hotkey is not registered as a miner,
/// [`Exit::File`] where the store cannot be used, [`Exit::Device`] once every
/// GPU has failed.
pub async fn run(settings: Settings, provers: Vec<Box<dyn Prover>>) -> Result<Report, Failure> {
    let mut chain = Chain::connect_to_any(&settings.urls)
        .await
        .or_exit(Exit::Node, "cannot mine")?;
    let genesis = chain.genesis_hash();
    // Before anything else: with one key only one worker may run.
    let store = open_store(&settings, &genesis)?;
    account::ensure_registered(&chain, &settings, provers.len()).await?;
    let slot = chain
        .slot_duration_ms()
        .await
        .or_exit(Exit::Node, "cannot mine")?;
    let mut miner = Miner::new(
        settings,
        store,
        &chain,
        provers,
        Duration::from_millis(slot),
    )?;
    let mut pause = Duration::from_secs(1);
    loop {
        let connected = Instant::now();
        match miner.follow(&chain).await {
            Ok(report) => return Ok(report),
            Err(Stop::Failed(failure)) => return Err(failure),
            Err(Stop::Lost(cause)) => warn!(%cause, "lost the node, trying again"),
        }
        if connected.elapsed() > LONGEST_PAUSE {
            pause = Duration::from_secs(1);
        }
        chain = loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = tokio::signal::ctrl_c() => return Ok(miner.report),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            match Chain::connect_to_any(&miner.settings.urls).await {
                Ok(chain) if chain.genesis_hash() == genesis => break chain,
                Ok(chain) => {
                    return Err(Failure::new(
                        Exit::Node,
                        format!("{} now serves another chain", chain.url()),
                    ));
                }
                Err(cause) => warn!(%cause, "still no node, trying again"),
            }
        };
    }
}

/// Opens the store of the settings' hotkey.
fn open_store(settings: &Settings, genesis: &[u8; 32]) -> Result<Store, Failure> {
    let path = match &settings.store {
        Some(path) => path.clone(),
        None => account::default_store(genesis, &settings.hotkey.public_key().0)?,
    };
    Store::open(&path).or_exit(Exit::File, "cannot keep commits")
}

/// Why following a chain ended before it was to.
enum Stop {
    /// The connection broke.
    Lost(ChainError),
    /// Going on makes no sense.
    Failed(Failure),
}

impl From<ChainError> for Stop {
    fn from(cause: ChainError) -> Self {
        match cause {
            ChainError::WrongChain(_) => Self::Failed(Failure::new(Exit::Node, cause)),
            cause => Self::Lost(cause),
        }
    }
}

struct Miner {
    settings: Settings,
    account: [u8; 32],
    store: Store,
    gpus: Vec<Gpu>,
    clock: BlockClock,
    slot: Duration,
    seen: Option<Seen>,
    sent: HashMap<Call, Sent>,
    outcomes: UnboundedSender<(Call, Result<Included, ChainError>)>,
    outcomes_received: UnboundedReceiver<(Call, Result<Included, ChainError>)>,
    done: UnboundedReceiver<Done>,
    /// The window in which the chain holds a commit of this miner.
    in_window: Option<u32>,
    report: Report,
}

impl Miner {
    fn new(
        settings: Settings,
        store: Store,
        chain: &Chain,
        provers: Vec<Box<dyn Prover>>,
        slot: Duration,
    ) -> Result<Self, Failure> {
        let account = settings.hotkey.public_key().0;
        let (reports, done) = unbounded_channel();
        let mut gpus = Vec::with_capacity(provers.len());
        for (index, prover) in (0..).zip(provers) {
            let finished = match store.last(index) {
                Ok(Some(record)) => match record.proof() {
                    Ok(proof) => Some((record, proof)),
                    Err(cause) => {
                        warn!(%cause, gpu = index, "ignoring what was stored");
                        None
                    }
                },
                Ok(None) => None,
                Err(cause) => return Err(Failure::new(Exit::File, cause)),
            };
            if let Some((record, proof)) = &finished {
                let window = record.window;
                info!(
                    gpu = index,
                    window,
                    rounds = proof.rounds(),
                    "found stored work"
                );
            }
            let gpu = Gpu::start(index, prover, finished, reports.clone())
                .or_exit(Exit::Internal, "cannot start a GPU's thread")?;
            info!(gpu = index, device = gpu.name, "ready");
            gpus.push(gpu);
        }
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
            gpus,
            clock: BlockClock::new(slot),
            slot,
            seen: None,
            sent: HashMap::new(),
            outcomes,
            outcomes_received,
            done,
            in_window: None,
            report: Report::default(),
        })
    }

    /// Follows one connection until it breaks or there is nothing left to do.
    async fn follow(&mut self, chain: &Chain) -> Result<Report, Stop> {
        let mut blocks = chain.best_blocks().await?;
        loop {
            let silence =
                (self.clock.block_time().max(self.slot) * SILENT_SLOTS).max(LONGEST_PAUSE);
            tokio::select! {
                block = tokio::time::timeout(silence, blocks.next()) => {
                    let lost = |cause: &str| Stop::Lost(ChainError::Rpc(cause.to_owned()));
                    let block = block
                        .map_err(|_| lost("no new block for long"))?
                        .ok_or_else(|| lost("the node ended the subscription"))?
                        .map_err(|cause| lost(&cause.to_string()))?;
                    let seen = Seen::read(chain, block.hash(), &self.account, self.gpus.len())
                        .await?;
                    self.saw(seen);
                    if self.is_over() {
                        account::claim_pending(chain, &self.settings, self.gpus.len()).await;
                        return Ok(self.report);
                    }
                }
                Some(done) = self.done.recv() => self.note(done)?,
                Some((call, outcome)) = self.outcomes_received.recv() => {
                    self.settle(call, outcome);
                }
                _ = tokio::signal::ctrl_c() => {
                    info!("stopping; a commit already made is revealed by the next start");
                    return Ok(self.report);
                }
            }
            self.step(chain).await?;
        }
    }

    /// Takes note of a new best block.
    fn saw(&mut self, seen: Seen) {
        self.clock.saw(seen.number, Instant::now());
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
            info!(window, credited = self.report.credited, "window over");
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
        self.sent.retain(|call, _| Some(call.window()) == current);
        debug!(block = seen.number, window = ?current, "best block");
        self.seen = Some(seen);
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
        for (gpu, state) in self.gpus.iter_mut().zip(&seen.states) {
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
                (Step::Work, Some(window))
                    if !gpu.lost && gpu.idle_in != Some((window.id, window.beacon)) =>
                {
                    let Some(deadline) = self.clock.expected(plan::last_work_block(window)) else {
                        continue;
                    };
                    gpu.work(working(chain, &self.account, gpu.index, window, deadline));
                    info!(window = window.id, gpu = gpu.index, "working");
                }
                (Step::Abandon, _) => gpu.abandon(),
                (Step::Commit, Some(_)) => commits.push(gpu.index),
                (Step::Open, Some(window)) if !gpu.lost => {
                    if let Phase::Revealing {
                        sampling_beacon, ..
                    } = &window.phase
                    {
                        gpu.open(*sampling_beacon, window.parameters.samples);
                    }
                }
                (Step::Reveal, Some(_)) => reveals.push(gpu.index),
                (Step::Confirm, Some(_)) => confirms.push(gpu.index),
                (Step::Foreign, Some(window)) => gpu.warn_of_foreign_commit(window.id),
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
        if !confirms.is_empty() {
            let call = Call::Confirm { window: window.id };
            if self.may_send(call, seen.number) {
                let payload = calls::confirm(window.id, confirms);
                let sent = chain.submit(&payload, &self.settings.hotkey).await;
                self.watch(call, seen.number, sent)?;
            }
        }
        Ok(())
    }

    async fn commit(
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
        let (moment, floor) = chain.at(seen.hash).await?.moment_and_floor().await?;
        let mut claims = Vec::with_capacity(gpus.len());
        for gpu in self.gpus.iter_mut().filter(|gpu| gpus.contains(&gpu.index)) {
            let Some((_, proof)) = &gpu.finished else {
                continue;
            };
            let so_far = plan::gops(window, proof.rounds(), moment);
            // One claim below it would have the whole call refused.
            if so_far.is_some_and(|gops| gops < floor) {
                warn!(
                    window = window.id,
                    gpu = gpu.index,
                    gops = so_far,
                    floor,
                    "too slow for the lowest tier, not committing"
                );
                gpu.finished = None;
                gpu.idle_in = Some((window.id, window.beacon));
                continue;
            }
            claims.push(calls::GpuClaim {
                gpu: gpu.index,
                rounds: proof.rounds(),
                root: proof.root(),
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
        let sent = chain.submit(&payload, &self.settings.hotkey).await;
        self.watch(call, best, sent)
    }

    async fn reveal(
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
        let (Some((_, proof)), Some((sampling_beacon, Opened::Ready(openings)))) =
            (&gpu.finished, &gpu.opened)
        else {
            return Ok(());
        };
        info!(window = window.id, gpu = index, best, "revealing");
        let payload = calls::reveal(window.id, *sampling_beacon, index, proof.peaks(), openings);
        let sent = chain.submit(&payload, &self.settings.hotkey).await;
        self.watch(call, best, sent)
    }

    /// Whether a call is to be sent now: the first time, again where it
    /// failed, and again where the chain shows nothing of it for some blocks.
    fn may_send(&self, call: Call, best: u32) -> bool {
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
    fn watch(
        &mut self,
        call: Call,
        best: u32,
        submitted: Result<crate::chain::Submitted, ChainError>,
    ) -> Result<(), Stop> {
        let sent = self.sent.entry(call).or_insert(Sent {
            at: best,
            attempts: 0,
            failed: false,
        });
        *sent = Sent {
            at: best,
            attempts: sent.attempts + 1,
            failed: false,
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
    fn settle(&mut self, call: Call, outcome: Result<Included, ChainError>) {
        let events = match outcome {
            Ok(included) => included.events,
            Err(cause) => {
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
                    gpu, window, gops, ..
                } => {
                    self.report.credited += 1;
                    info!(window, gpu, gops, "verified");
                }
                Event::Confirmed {
                    gpu, window, gops, ..
                } => {
                    self.report.credited += 1;
                    info!(window, gpu, gops, "confirmed");
                }
                Event::Refused {
                    gpu,
                    window,
                    reason,
                    slashed,
                    ..
                } => {
                    self.report.refused += 1;
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
                } => info!(window, gpu, amount = %Amount(amount), "paid"),
                _ => {}
            }
        }
    }

    /// Takes note of what a GPU's thread has done.
    fn note(&mut self, done: Done) -> Result<(), Stop> {
        match done {
            Done::Worked { gpu, result } => {
                let Some(gpu) = self.gpus.iter_mut().find(|other| other.index == gpu) else {
                    return Ok(());
                };
                let Some(working) = gpu.working.take() else {
                    return Ok(());
                };
                match result {
                    Ok(Some(proof)) if !working.pace.is_abandoned() => {
                        let record = Record {
                            window: working.window,
                            gpu: gpu.index,
                            beacon: working.beacon,
                            challenge: working.challenge,
                            workload: working.workload,
                            round_roots: proof.round_roots().to_vec(),
                        };
                        // On disk before the chain hears of it: whatever happens
                        // then, it can be revealed.
                        self.store
                            .keep(&record)
                            .map_err(|cause| Stop::Failed(Failure::new(Exit::File, cause)))?;
                        info!(
                            window = record.window,
                            gpu = gpu.index,
                            rounds = proof.rounds(),
                            "work done"
                        );
                        gpu.opened = None;
                        gpu.finished = Some((record, proof));
                    }
                    Ok(Some(_)) => {}
                    Ok(None) if working.pace.is_abandoned() => {}
                    Ok(None) => {
                        warn!(
                            window = working.window,
                            gpu = gpu.index,
                            "not one round was done in time: too slow a device, or too late a start"
                        );
                        // Finished with nothing: do not start again in this window.
                        gpu.idle_in = Some((working.window, working.beacon));
                    }
                    Err(cause) => {
                        gpu.lost = true;
                        error!(%cause, gpu = gpu.index, "taken out of service");
                    }
                }
            }
            Done::Opened {
                gpu,
                sampling_beacon,
                result,
            } => {
                let Some(gpu) = self.gpus.iter_mut().find(|other| other.index == gpu) else {
                    return Ok(());
                };
                match result {
                    Ok(openings) => gpu.opened = Some((sampling_beacon, Opened::Ready(openings))),
                    Err(cause) => {
                        gpu.lost = true;
                        error!(%cause, gpu = gpu.index, "cannot reveal, taken out of service");
                    }
                }
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
}

impl Call {
    const fn window(&self) -> u32 {
        match self {
            Self::Commit { window, .. }
            | Self::Reveal { window, .. }
            | Self::Confirm { window } => *window,
        }
    }
}

/// The work of one GPU in a window.
fn working(
    chain: &Chain,
    account: &[u8; 32],
    gpu: u32,
    window: &Window,
    deadline: Instant,
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
        pace: Arc::new(Pace::new(deadline)),
    }
}
