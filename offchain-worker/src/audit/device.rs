// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The auditor's device: one thread that judges reveals and proves, one thing at a time,
//! for a share of the time.

use std::{
    fmt::Display,
    io,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use ni_shaders::cpu::engine::GemmEngine;
use proof_of_gpu_primitives::{
    Hash, Workload,
    prover::{self, Proof, RoundEngine},
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{
    calibration::{Calibration, Name, throughput},
    reveal::Revealed,
    verdict::{JudgeError, Verdict, judge},
};
use crate::devices::Device;

/// Most rounds of a calibration.
const MOST_ROUNDS: u32 = 1 << 20;

/// Something to compute.
#[derive(Clone, Debug)]
pub enum Job {
    /// A reveal to be judged.
    Judge {
        /// Its number in the store.
        number: u64,
        /// The reveal.
        revealed: Box<Revealed>,
        /// Opened rounds to be computed again, at most.
        rounds: usize,
    },
    /// Rounds to be proved for so long.
    Calibrate {
        /// The window whose challenge it is.
        window: u32,
        /// The challenge.
        challenge: Hash,
        /// Shape of the rounds.
        workload: Workload,
        /// How long.
        time: Duration,
    },
}

/// What came of a [`Job`].
#[derive(Clone, Debug)]
pub enum Done {
    /// A reveal was judged.
    Judged {
        /// Its number in the store.
        number: u64,
        /// The reveal.
        revealed: Box<Revealed>,
        /// The verdict.
        verdict: Result<Verdict, JudgeError>,
    },
    /// The device was measured.
    Calibrated(Result<Calibration, JudgeError>),
}

/// The device's thread. It ends with its handle, after what it is at.
#[derive(Debug)]
pub struct Worker {
    /// The device's name.
    pub name: String,
    jobs: Sender<Job>,
    done: UnboundedReceiver<Done>,
}

impl Worker {
    /// Starts the thread, which works this share of the time, in percent.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(device: Device, share: u8) -> io::Result<Self> {
        let (jobs, waiting) = channel();
        let (results, done) = unbounded_channel();
        let name = device.name().to_owned();
        thread::Builder::new()
            .name("audit".into())
            .spawn(move || run(device, share, &waiting, &results))?;
        Ok(Self { name, jobs, done })
    }

    /// Gives it something to do. Lost where the thread has ended, as [`Self::done`] then
    /// tells.
    pub fn give(&self, job: Job) {
        let _ = self.jobs.send(job);
    }

    /// What has come of the oldest job by now, if anything.
    pub fn done_already(&mut self) -> Option<Done> {
        self.done.try_recv().ok()
    }

    /// Waits for what comes of the oldest job; `None` once the thread has ended.
    pub async fn done(&mut self) -> Option<Done> {
        self.done.recv().await
    }
}

fn run(device: Device, share: u8, jobs: &Receiver<Job>, done: &UnboundedSender<Done>) {
    let share = share.clamp(1, 100);
    match device {
        Device::Cpu(mut engine) => {
            let mut prover = GemmEngine::new();
            let names = |_: &Workload| ["cpu", "", "cpu"].map(Name::of);
            serve(jobs, done, share, &mut engine, true, |job| {
                measure(job, names, |challenge, workload, rounds| {
                    prover::prove(&mut prover, *challenge, workload, rounds, &mut |_| ())
                        .map_err(|error| error.to_string())
                })
            });
        }
        Device::Gpu(gpu, adapter) => {
            let names = |workload: &Workload| {
                let kernel = gpu.kernel(workload);
                let kernel = format!("{} {kernel}", kernel.path().name());
                [adapter.name.as_str(), &adapter.driver, &kernel].map(Name::of)
            };
            // One engine for all jobs: it keeps the buffers of the last shape.
            let mut engine = gpu.engine();
            serve(jobs, done, share, &mut engine, false, |job| {
                measure(job, names, |challenge, workload, rounds| {
                    gpu.prove(challenge, workload, rounds, &mut |_| ())
                        .map_err(|error| error.to_string())
                })
            });
        }
    }
}

fn serve<E: RoundEngine>(
    jobs: &Receiver<Job>,
    done: &UnboundedSender<Done>,
    share: u8,
    engine: &mut E,
    exact: bool,
    mut measure: impl FnMut(&Measurement) -> Result<Calibration, JudgeError>,
) where
    E::Error: Display,
{
    while let Ok(job) = jobs.recv() {
        let start = Instant::now();
        let result = match job {
            Job::Judge {
                number,
                revealed,
                rounds,
            } => Done::Judged {
                number,
                verdict: judge(&revealed, engine, exact, rounds),
                revealed,
            },
            Job::Calibrate {
                window,
                challenge,
                workload,
                time,
            } => Done::Calibrated(measure(&Measurement {
                window,
                challenge,
                workload,
                time,
            })),
        };
        let worked = start.elapsed();
        if done.send(result).is_err() {
            return;
        }
        thread::sleep(worked * u32::from(100 - share) / u32::from(share));
    }
}

/// What to measure.
struct Measurement {
    window: u32,
    challenge: Hash,
    workload: Workload,
    time: Duration,
}

/// Proves as many rounds as fit the time, going by how long the first one takes once the
/// device is warm.
fn measure(
    what: &Measurement,
    names: impl Fn(&Workload) -> [Name; 3],
    mut prove: impl FnMut(&Hash, &Workload, u32) -> Result<Proof, String>,
) -> Result<Calibration, JudgeError> {
    let Measurement {
        window,
        challenge,
        workload,
        time,
    } = what;
    let mut timed = |rounds: u32| {
        let start = Instant::now();
        let proof = prove(challenge, workload, rounds).map_err(JudgeError::Device)?;
        Ok((proof, start.elapsed()))
    };
    // The first warms it up; a few tell how long one takes.
    timed(1)?;
    let (_, four) = timed(4)?;
    let fitting = 4 * time.as_nanos() / four.as_nanos().max(1);
    let rounds = u32::try_from(fitting)
        .unwrap_or(u32::MAX)
        .clamp(1, MOST_ROUNDS);
    let (proof, spent) = timed(rounds)?;
    let ms = u64::try_from(spent.as_millis()).unwrap_or(u64::MAX).max(1);
    let [device, driver, kernel] = names(workload);
    Ok(Calibration {
        window: *window,
        device,
        driver,
        kernel,
        workload: *workload,
        rounds,
        ms,
        mops: throughput(rounds, workload, ms),
        root: proof.root(),
    })
}

#[cfg(test)]
mod tests {
    use proof_of_gpu_primitives::prover::CpuEngine;

    use super::*;
    use crate::audit::{
        fabricated::{self, Lie},
        verdict::Finding,
    };

    #[tokio::test]
    async fn it_judges_and_measures_one_after_the_other() {
        let device = Device::Cpu(GemmEngine::new());
        let mut worker = Worker::start(device, 100).expect("a thread");
        let revealed = Box::new(fabricated::revealed(Lie::SubTile));
        worker.give(Job::Judge {
            number: 3,
            revealed: revealed.clone(),
            rounds: 1,
        });
        let workload = Workload::new(64, 64, 64);
        worker.give(Job::Calibrate {
            window: 8,
            challenge: [1; 32],
            workload,
            time: Duration::from_millis(20),
        });
        let Some(Done::Judged {
            number,
            revealed: of,
            verdict,
        }) = worker.done().await
        else {
            panic!("a verdict comes first");
        };
        assert_eq!((number, &of), (3, &revealed));
        let verdict = verdict.expect("the CPU does not fail");
        assert!(matches!(verdict.finding, Finding::Dishonest(_)));

        let Some(Done::Calibrated(Ok(measured))) = worker.done().await else {
            panic!("then the measurement");
        };
        assert_eq!((measured.window, measured.workload), (8, workload));
        assert!(measured.rounds >= 1 && measured.ms >= 1);
        // What it commits to can be computed again.
        let again = prover::prove(
            &mut CpuEngine::new(),
            [1; 32],
            &workload,
            measured.rounds,
            &mut |_| (),
        );
        assert_eq!(again.expect("it computes").root(), measured.root);
        assert_eq!(Calibration::from_remark(&measured.remark()), Some(measured));
    }
}
