// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! One GPU of a miner: its thread, its work in progress and what came of it.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use proof_of_gpu_primitives::{
    Hash, Opening, SoftwareSha256, Workload, prover::Proof, verify_reveal,
};
use tokio::sync::mpsc::UnboundedSender;
use tracing::{error, warn};

use super::{
    pace::Pace,
    plan::Holding,
    prover::{Prover, ProverError},
    walking::Walker,
    watchdog::{self, Watch},
};
use crate::{
    store::{Finished, Record, product_challenge},
    telemetry::meters::{self, Stage},
};
use ni_client::types::WalkRules;

/// Samples that the CPU checks of what a device did.
const SPOT_SAMPLES: u32 = 4;

/// Time of a round from which on only one is checked: each is computed once more for it.
const LONG_ROUND: Duration = Duration::from_millis(20);

/// What a GPU's thread is told to do.
enum Order {
    Work {
        challenge: Hash,
        workload: Workload,
        walk: Option<WalkRules>,
        pace: Arc<Pace>,
    },
    Open {
        whose: u32,
        work: Box<Finished>,
        sampling: Sampling,
    },
}

/// What is to be opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sampling {
    pub(super) beacon: Hash,
    /// Samples of the product.
    pub(super) samples: u32,
    /// Lanes of the walk before it.
    pub(super) lanes: u32,
}

/// Openings of finished work.
#[derive(Clone, Debug)]
pub(super) struct Openings {
    pub(super) product: Vec<Opening>,
    /// None without a walk.
    pub(super) walk: Vec<Opening>,
}

/// What a GPU's thread reports.
pub(super) enum Done {
    /// Work ended; `None` where it made no round or was abandoned.
    Worked {
        gpu: u32,
        result: Result<Option<Box<Finished>>, ProverError>,
    },
    /// Samples of the work of GPU `gpu` are open, by the thread of GPU `by`.
    Opened {
        gpu: u32,
        by: u32,
        sampling_beacon: Hash,
        result: Result<Openings, ProverError>,
    },
    /// The GPU's thread does not come back.
    Hung { gpu: u32, silence: Duration },
}

/// Work in progress.
pub(super) struct Working {
    pub(super) window: u32,
    pub(super) beacon: Hash,
    pub(super) challenge: Hash,
    pub(super) workload: Workload,
    pub(super) walk: Option<WalkRules>,
    pub(super) pace: Arc<Pace>,
}

/// Openings of the finished work.
pub(super) enum Opened {
    /// By the thread of this GPU.
    InPreparation(u32),
    Ready(Openings),
}

/// One GPU.
pub(super) struct Gpu {
    pub(super) index: u32,
    pub(super) name: String,
    orders: std::sync::mpsc::Sender<Order>,
    /// Closed with this value, which ends the watchdog.
    _alive: std::sync::mpsc::Sender<()>,
    pub(super) working: Option<Working>,
    pub(super) finished: Option<(Record, Finished)>,
    pub(super) opened: Option<(Hash, Opened)>,
    /// Window and beacon for which it made no round, and is not to try again.
    pub(super) idle_in: Option<(u32, Hash)>,
    /// The window of which it warned that its commit is not its own.
    warned_of: Option<u32>,
    /// Taken out of service after a failure.
    pub(super) lost: bool,
}

impl Gpu {
    /// Starts the GPU's thread and its watchdog, which end with this value. A
    /// thread that is silent for longer than `patience` counts as hung.
    pub(super) fn start(
        index: u32,
        mut prover: Box<dyn Prover>,
        finished: Option<(Record, Finished)>,
        patience: Duration,
        reports: UnboundedSender<Done>,
    ) -> std::io::Result<Self> {
        let name = prover.name();
        let mut walker = Walker::new(prover.memory());
        let (orders, received) = std::sync::mpsc::channel();
        let (alive, ended) = std::sync::mpsc::channel();
        let watch = Arc::new(Watch::default());
        let to = reports.clone();
        watchdog::start(index, Arc::clone(&watch), patience, ended, move |silence| {
            // Nobody listens any more once the miner has ended.
            let _ = to.send(Done::Hung {
                gpu: index,
                silence,
            });
        })?;
        thread::Builder::new()
            .name(format!("gpu-{index}"))
            .spawn(move || {
                for order in received {
                    let report = carry_out(index, &mut *prover, &mut walker, &watch, order);
                    if reports.send(report).is_err() {
                        break;
                    }
                }
            })?;
        Ok(Self {
            index,
            name,
            orders,
            _alive: alive,
            working: None,
            finished,
            opened: None,
            idle_in: None,
            warned_of: None,
            lost: false,
        })
    }

    /// A GPU without a device, for what it finished when it had one.
    pub(super) fn absent(index: u32, finished: Option<(Record, Finished)>) -> Self {
        Self {
            index,
            name: "none".to_owned(),
            orders: std::sync::mpsc::channel().0,
            _alive: std::sync::mpsc::channel().0,
            working: None,
            finished,
            opened: None,
            idle_in: None,
            warned_of: None,
            lost: true,
        }
    }

    /// What the planner needs to know.
    pub(super) fn holding(&self) -> Holding {
        Holding {
            working: self
                .working
                .as_ref()
                .map(|working| (working.window, working.beacon)),
            finished: self
                .finished
                .as_ref()
                .map(|(record, work)| (record.window, record.beacon, work.product.root())),
            opened: self.opened.as_ref().map(|(beacon, _)| *beacon),
        }
    }

    /// Starts work.
    pub(super) fn work(&mut self, working: Working) {
        let order = Order::Work {
            challenge: working.challenge,
            workload: working.workload,
            walk: working.walk,
            pace: Arc::clone(&working.pace),
        };
        self.lost |= self.orders.send(order).is_err();
        self.working = Some(working);
    }

    /// Gives up the work in progress, once.
    pub(super) fn abandon(&self) {
        if let Some(working) = &self.working
            && !working.pace.is_abandoned()
        {
            working.pace.abandon();
            let window = working.window;
            warn!(window, gpu = self.index, "giving up the work");
        }
    }

    /// Says, once a window, that the chain holds a commit that is not in the store.
    pub(super) fn warn_of_foreign_commit(&mut self, window: u32) {
        if self.warned_of.replace(window) != Some(window) {
            error!(
                window,
                gpu = self.index,
                "the chain holds a commit that this worker's store does not know: another \
                 worker uses this key, or the store was lost"
            );
        }
    }

    /// Starts opening finished work, which may be another GPU's. False where this
    /// one's thread is gone.
    pub(super) fn open(&self, whose: u32, work: Finished, sampling: Sampling) -> bool {
        let order = Order::Open {
            whose,
            work: Box::new(work),
            sampling,
        };
        self.orders.send(order).is_ok()
    }

    /// Whether it can be given something to do.
    pub(super) fn is_free(&self) -> bool {
        !self.lost && self.working.is_none()
    }
}

/// Carries an order out, under the eyes of the watchdog.
fn carry_out(
    index: u32,
    prover: &mut dyn Prover,
    walker: &mut Walker,
    watch: &Watch,
    order: Order,
) -> Done {
    let start = Instant::now();
    let done = match order {
        Order::Work {
            challenge,
            workload,
            walk,
            pace,
        } => {
            watch.begin(Some(Arc::clone(&pace)), 1);
            let result = walk_and_prove(prover, walker, &challenge, &workload, walk, &pace);
            meters::stage(Stage::Work, start.elapsed());
            Done::Worked { gpu: index, result }
        }
        Order::Open {
            whose,
            work,
            sampling,
        } => {
            watch.begin(None, sampling.samples.saturating_add(sampling.lanes));
            let result = open(prover, walker, &work, &sampling);
            meters::stage(Stage::Open, start.elapsed());
            Done::Opened {
                gpu: whose,
                by: index,
                sampling_beacon: sampling.beacon,
                result,
            }
        }
    };
    watch.end();
    done
}

/// Walks through memory, where that is asked for, and computes the product after it.
fn walk_and_prove(
    prover: &mut dyn Prover,
    walker: &mut Walker,
    challenge: &Hash,
    workload: &Workload,
    walk: Option<WalkRules>,
    pace: &Pace,
) -> Result<Option<Box<Finished>>, ProverError> {
    let walk = match walk {
        None => None,
        Some(rules) => match walker.walk(challenge, &rules, pace)? {
            None => return Ok(None),
            walk => walk,
        },
    };
    let challenge = product_challenge(challenge, walk.as_ref());
    let Some(product) = prover.prove(&challenge, workload, pace)? else {
        return Ok(None);
    };
    spot_check(prover, &product, pace)?;
    Ok(Some(Box::new(Finished { walk, product })))
}

/// Has the CPU compute a few sub-tiles of what a device did, before the chain is told of
/// it: a device that computes wrongly would lose its bond.
fn spot_check(prover: &mut dyn Prover, product: &Proof, pace: &Pace) -> Result<(), ProverError> {
    if prover.is_exact() {
        return Ok(());
    }
    let device = prover.name();
    let failed = |cause: String| ProverError { device, cause };
    let mut beacon = Hash::default();
    if let Err(error) = getrandom::fill(&mut beacon) {
        return Err(failed(error.to_string()));
    }
    let round = pace.signs().busy / product.rounds().max(1);
    let samples = if round > LONG_ROUND { 1 } else { SPOT_SAMPLES };
    let openings = prover.open(product, &beacon, samples)?;
    verify_reveal::<SoftwareSha256>(
        &product.claim(),
        &beacon,
        product.peaks(),
        &openings,
        samples,
    )
    .map_err(|error| {
        failed(format!(
            "it computes wrongly, and nothing of it is committed: {error}"
        ))
    })
}

/// Opens samples of the product, and of the walk where there is one.
fn open(
    prover: &mut dyn Prover,
    walker: &Walker,
    work: &Finished,
    sampling: &Sampling,
) -> Result<Openings, ProverError> {
    let product = prover.open(&work.product, &sampling.beacon, sampling.samples)?;
    let walk = match &work.walk {
        None => Vec::new(),
        Some(walk) => walker.open(walk, &sampling.beacon, sampling.lanes)?,
    };
    Ok(Openings { product, walk })
}

impl Drop for Gpu {
    fn drop(&mut self) {
        if let Some(working) = &self.working {
            working.pace.abandon();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::memory::{Load, Memory},
        *,
    };
    use proof_of_gpu_primitives::prover::{self, CpuEngine, Folds, RoundEngine};

    const SHAPE: Workload = Workload::new(64, 128, 64);

    /// A device that is not the CPU: its folds are wrong by so much.
    struct Device(u32);

    impl RoundEngine for Device {
        type Error = <CpuEngine as RoundEngine>::Error;

        fn round_leaves(
            &mut self,
            key: &Hash,
            round: u32,
            workload: &Workload,
        ) -> Result<Vec<Folds>, Self::Error> {
            let mut leaves = CpuEngine::new().round_leaves(key, round, workload)?;
            for fold in leaves.iter_mut().flatten() {
                *fold ^= self.0;
            }
            Ok(leaves)
        }
    }

    impl Prover for Device {
        fn name(&self) -> String {
            "a device".into()
        }

        fn prove(
            &mut self,
            challenge: &Hash,
            workload: &Workload,
            _: &Pace,
        ) -> Result<Option<Proof>, ProverError> {
            let proof = prover::prove(self, *challenge, workload, 2, &mut |_| ());
            Ok(Some(proof.expect("the CPU does not fail")))
        }

        fn open(
            &mut self,
            proof: &Proof,
            sampling_beacon: &Hash,
            samples: u32,
        ) -> Result<Vec<Opening>, ProverError> {
            let openings = prover::open(self, proof, sampling_beacon, samples);
            Ok(openings.expect("it computes the same again"))
        }
    }

    #[test]
    fn nothing_is_finished_that_a_device_computed_wrongly() {
        let work = |wrong_by| {
            let mut device = Device(wrong_by);
            let mut walker = Walker::new(Memory::host(Load::FULL));
            let pace = Pace::until(Instant::now());
            walk_and_prove(&mut device, &mut walker, &[5; 32], &SHAPE, None, &pace)
        };
        let honest = work(0).expect("it computes rightly");
        assert_eq!(honest.map(|work| work.product.rounds()), Some(2));
        let Err(error) = work(1) else {
            panic!("wrong work would be committed");
        };
        assert!(error.to_string().contains("computes wrongly"), "{error}");
    }
}
