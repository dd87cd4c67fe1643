// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A miner's GPUs: what each is told to do, what it has done, and which are out of service.

use std::{sync::Arc, time::Duration};

use proof_of_gpu_primitives::{ChallengeInput, SoftwareSha256, challenge};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::{error, info, warn};

use super::{
    gpu::{Done, Gpu, Opened, Sampling, Working},
    pace::{Deadline, Pace},
    plan::Holding,
    prover::Prover,
    stop::Stop,
    windows::Tracker,
};
use crate::{
    exit::{Exit, Failure, OrExit},
    history::Reason,
    store::{Finished, Record, Store, WalkRecord},
    telemetry::{health::Health, meters},
};
use ni_client::types::{Bytes32, Window};

/// The GPUs, the store of their work, and what their threads report.
pub(super) struct Rigs {
    /// Those with a device, and after them, as long as it may have to be revealed, those
    /// whose work is in the store and whose device is gone since.
    gpus: Vec<Gpu>,
    /// How many have a device.
    devices: usize,
    store: Store,
    health: Arc<Health>,
    // One end is kept, so that the other never finds the channel closed.
    _reports: UnboundedSender<Done>,
    done: UnboundedReceiver<Done>,
}

impl Rigs {
    /// Starts a thread for each prover, and takes up what the store has of each.
    pub(super) fn start(
        provers: Vec<Box<dyn Prover>>,
        store: Store,
        hang_after: Duration,
        health: Arc<Health>,
    ) -> Result<Self, Failure> {
        let (reports, done) = unbounded_channel();
        let devices = provers.len();
        let mut gpus = Vec::with_capacity(devices);
        for (index, prover) in (0..).zip(provers) {
            let finished = stored(&store, index)?;
            let gpu = Gpu::start(index, prover, finished, hang_after, reports.clone())
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
        health.start(gpus.iter().take(devices).map(|gpu| gpu.name.clone()));
        Ok(Self {
            gpus,
            devices,
            store,
            health,
            _reports: reports,
            done,
        })
    }

    /// How many GPUs there are, those without a device too.
    pub(super) fn count(&self) -> usize {
        self.gpus.len()
    }

    /// Every GPU, in order.
    pub(super) fn all(&self) -> &[Gpu] {
        &self.gpus
    }

    /// A GPU by its number.
    pub(super) fn get(&self, index: u32) -> Option<&Gpu> {
        self.gpus.iter().find(|gpu| gpu.index == index)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, index: u32) -> Option<&mut Gpu> {
        self.gpus.iter_mut().find(|gpu| gpu.index == index)
    }

    /// What the planner needs to know of each.
    pub(super) fn holdings(&self) -> Vec<Holding> {
        self.gpus.iter().map(Gpu::holding).collect()
    }

    /// Whether any is at work.
    pub(super) fn is_any_working(&self) -> bool {
        self.gpus.iter().any(|gpu| gpu.working.is_some())
    }

    /// Whether any is at work in this window.
    pub(super) fn is_working_in(&self, window: u32) -> bool {
        let mut working = self.gpus.iter().filter_map(|gpu| gpu.working.as_ref());
        working.any(|working| working.window == window)
    }

    /// Moves the end of all work in progress.
    pub(super) fn move_to(&self, deadline: Deadline) {
        for working in self.gpus.iter().filter_map(|gpu| gpu.working.as_ref()) {
            working.pace.move_to(deadline);
        }
    }

    /// No block is seen any more: work that is at its end waits until there is one again.
    pub(super) fn wait_for_blocks(&self) {
        for working in self.gpus.iter().filter_map(|gpu| gpu.working.as_ref()) {
            working.pace.hold();
        }
    }

    /// Starts work on a window.
    pub(super) fn work(
        &mut self,
        index: u32,
        genesis_hash: Bytes32,
        account: &Bytes32,
        window: &Window,
        deadline: Deadline,
    ) {
        let workload = window.parameters.workload.into();
        let challenge = challenge::<SoftwareSha256>(&ChallengeInput {
            genesis_hash,
            window: window.id,
            beacon: window.beacon,
            account: *account,
            gpu: index,
            workload,
        });
        if let Some(gpu) = self.get_mut(index) {
            gpu.work(Working {
                window: window.id,
                beacon: window.beacon,
                challenge,
                workload,
                walk: window.parameters.walk,
                pace: Arc::new(Pace::new(deadline)),
            });
        }
    }

    /// What a GPU's thread reports next.
    pub(super) async fn next_done(&mut self) -> Done {
        match self.done.recv().await {
            Some(done) => done,
            // This value holds a sender.
            None => std::future::pending().await,
        }
    }

    /// Forgets the GPUs without a device once another window than that of their work has
    /// come: then nothing of it can be called any more. True where some were forgotten.
    pub(super) fn forget_absent(&mut self, window: u32) -> bool {
        let may_be_called = |gpu: &Gpu| {
            let work = gpu.finished.as_ref();
            work.is_some_and(|(record, _)| record.window == window)
        };
        let absent = self.gpus.iter().skip(self.devices);
        if self.gpus.len() == self.devices || absent.into_iter().any(may_be_called) {
            return false;
        }
        self.gpus.truncate(self.devices);
        true
    }

    /// Has samples of a GPU's work opened: by that GPU, or by any other where it
    /// is out of service.
    pub(super) fn open(&mut self, whose: u32, sampling: Sampling, tracker: &mut Tracker) {
        let Some(owner) = self.get(whose) else { return };
        let Some((_, work)) = &owner.finished else {
            return;
        };
        let own = Some(owner).filter(|gpu| !gpu.lost);
        let Some(opener) = own.or_else(|| self.gpus.iter().find(|gpu| gpu.is_free())) else {
            return;
        };
        let by = opener.index;
        if !opener.open(whose, work.clone(), sampling) {
            self.lose(by, "its thread has ended", tracker);
            return;
        }
        if by != whose {
            info!(gpu = whose, by, "another GPU opens its samples");
        }
        if let Some(owner) = self.get_mut(whose) {
            owner.opened = Some((sampling.beacon, Opened::InPreparation(by)));
        }
    }

    /// Takes a GPU out of service.
    fn lose(&mut self, index: u32, cause: &str, tracker: &mut Tracker) {
        let window = tracker.current();
        for gpu in &mut self.gpus {
            if gpu.index == index && !gpu.lost {
                gpu.lost = true;
                let device = &gpu.name;
                error!(gpu = index, device, cause, "GPU taken out of service");
                meters::set_gpu(meters::GPU_UP, index, 0.0);
                self.health.gpu_lost(index, cause);
                if let Some(working) = gpu.working.take() {
                    working.pace.abandon();
                    tracker.hindered(working.window, index, Reason::Device);
                }
                if let (Some(window), None) = (window, &gpu.finished) {
                    tracker.hindered(window, index, Reason::Device);
                }
            }
            // What it was opening, another may open.
            if matches!(gpu.opened, Some((_, Opened::InPreparation(by))) if by == index) {
                gpu.opened = None;
            }
        }
    }

    /// Takes note of what a GPU's thread has done.
    ///
    /// # Errors
    /// Where the work cannot be stored, or no GPU is left.
    pub(super) fn note(&mut self, done: Done, tracker: &mut Tracker) -> Result<(), Stop> {
        match done {
            Done::Worked { gpu, result } => {
                let Some(working) = self.get_mut(gpu).and_then(|gpu| gpu.working.take()) else {
                    return Ok(());
                };
                match result {
                    Ok(work) => self.worked(gpu, working, work, tracker)?,
                    Err(cause) => {
                        tracker.hindered(working.window, gpu, Reason::Device);
                        self.lose(gpu, &cause.to_string(), tracker);
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
                    if let Some(gpu) = self.get_mut(gpu) {
                        gpu.opened = Some((sampling_beacon, Opened::Ready(openings)));
                    }
                }
                Err(cause) => self.lose(by, &cause.to_string(), tracker),
            },
            Done::Hung { gpu, silence } => {
                let silence = silence.as_secs();
                let cause = format!("it hangs: no sign of life for {silence} s");
                self.lose(gpu, &cause, tracker);
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
        tracker: &mut Tracker,
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
            tracker.hindered(window, index, Reason::NoRound);
            if let Some(gpu) = self.get_mut(index) {
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
        let signs = working.pace.signs();
        let busy_ms = u64::try_from(signs.busy.as_millis()).unwrap_or(u64::MAX);
        info!(window, gpu = index, rounds, busy_ms, "work done");
        meters::count_gpu(meters::ROUNDS, index, rounds.into());
        tracker.worked(window, index, rounds, signs);
        if let Some(gpu) = self.get_mut(index) {
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
