// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What computes: a GPU, or any engine that computes single rounds.

use std::{
    fmt::Display,
    thread,
    time::{Duration, Instant},
};

use ni_shaders::GpuProver;
use proof_of_gpu_primitives::{
    Hash, Opening, SoftwareSha256, Workload,
    prover::{self, Proof, RoundEngine},
    range::Range,
    round_key, tile,
};
use thiserror::Error;

use super::{
    memory::{Load, Memory},
    pace::{self, Pace},
};

/// Why a prover could not prove or open.
#[derive(Clone, Debug, Error)]
#[error("{device}: {cause}")]
pub struct ProverError {
    /// The device.
    pub device: String,
    /// What it said.
    pub cause: String,
}

/// Something that computes rounds, on a thread of its own.
pub trait Prover: Send {
    /// The device's name.
    fn name(&self) -> String;

    /// Whether it computes on the CPU, so that there is nothing to compare it with.
    fn is_exact(&self) -> bool {
        false
    }

    /// The memory that is walked through where a window asks for it: the host's, unless
    /// the device has its own.
    fn memory(&self) -> Memory {
        Memory::host(Load::FULL)
    }

    /// Computes rounds of a challenge, one after the other, until `pace` says
    /// to stop. `None` where not a single round was done by then, or the work
    /// was abandoned.
    ///
    /// # Errors
    /// Whatever befell the device.
    fn prove(
        &mut self,
        challenge: &Hash,
        workload: &Workload,
        pace: &Pace,
    ) -> Result<Option<Proof>, ProverError>;

    /// Runs the sampled rounds of a proof again and opens the samples.
    ///
    /// # Errors
    /// Whatever befell the device, or that it no longer computes the same.
    fn open(
        &mut self,
        proof: &Proof,
        sampling_beacon: &Hash,
        samples: u32,
    ) -> Result<Vec<Opening>, ProverError>;
}

/// Calls `run` with numbers of rounds until the pace's deadline, measuring how
/// long a round takes. False where the work was abandoned.
fn paced<E>(pace: &Pace, load: Load, mut run: impl FnMut(u32) -> Result<(), E>) -> Result<bool, E> {
    let mut round = None;
    loop {
        if pace.is_abandoned() {
            return Ok(false);
        }
        let rounds = pace::batch(pace.left(), round);
        if rounds == 0 {
            if pace.wait() {
                continue;
            }
            return Ok(true);
        }
        let start = Instant::now();
        run(rounds)?;
        let worked = start.elapsed();
        pace.ran(worked);
        thread::sleep(load.rest(worked).min(pace.left()));
        // A slow batch counts at once, a quick one by and by: a round that
        // does not fit would be lost.
        let last = start.elapsed() / rounds;
        round = Some(round.map_or(last, |round: Duration| last.max((round * 3 + last) / 4)));
    }
}

/// Proves on a GPU, where the key and the range stay between rounds.
pub struct DeviceProver {
    device: GpuProver,
    name: String,
    load: Load,
    memory: Memory,
}

impl DeviceProver {
    /// A prover on this device, working this share of the time, with this memory.
    pub fn new(name: String, device: GpuProver, load: Load, memory: Memory) -> Self {
        Self {
            device,
            name,
            load,
            memory,
        }
    }

    fn failed(&self, cause: &dyn Display) -> ProverError {
        ProverError {
            device: self.name.clone(),
            cause: cause.to_string(),
        }
    }
}

impl Prover for DeviceProver {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn memory(&self) -> Memory {
        self.memory.clone()
    }

    fn prove(
        &mut self,
        challenge: &Hash,
        workload: &Workload,
        pace: &Pace,
    ) -> Result<Option<Proof>, ProverError> {
        let mut session = self
            .device
            .start(challenge, workload)
            .map_err(|error| self.failed(&error))?;
        let mut done = 0_u32;
        let wanted = paced(pace, self.load, |rounds| {
            session.run(rounds)?;
            done = done.saturating_add(rounds);
            Ok(())
        })
        .map_err(|error: ni_shaders::GpuError| self.failed(&error))?;
        if !wanted || done == 0 {
            return Ok(None);
        }
        session
            .finish()
            .map(Some)
            .map_err(|error| self.failed(&error))
    }

    fn open(
        &mut self,
        proof: &Proof,
        sampling_beacon: &Hash,
        samples: u32,
    ) -> Result<Vec<Opening>, ProverError> {
        self.device
            .open(proof, sampling_beacon, samples)
            .map_err(|error| self.failed(&error))
    }
}

/// Proves with an engine that computes single rounds, such as the CPU's.
pub struct EngineProver<Engine> {
    engine: Engine,
    name: String,
    load: Load,
    memory: Memory,
}

impl<Engine> EngineProver<Engine> {
    /// A prover with this engine, working this share of the time.
    pub fn new(name: impl Into<String>, engine: Engine, load: Load) -> Self {
        Self {
            engine,
            name: name.into(),
            load,
            memory: Memory::host(load),
        }
    }

    /// The same with other memory, or less of it.
    #[must_use]
    pub fn with_memory(self, memory: Memory) -> Self {
        Self { memory, ..self }
    }
}

impl<Engine> Prover for EngineProver<Engine>
where
    Engine: RoundEngine + Send,
    Engine::Error: Display,
{
    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn memory(&self) -> Memory {
        self.memory.clone()
    }

    fn prove(
        &mut self,
        challenge: &Hash,
        workload: &Workload,
        pace: &Pace,
    ) -> Result<Option<Proof>, ProverError> {
        let device = self.name.clone();
        let failed = |cause: String| ProverError {
            device: device.clone(),
            cause,
        };
        let mut range = Range::new();
        let mut round_roots = Vec::new();
        let engine = &mut self.engine;
        let wanted = paced(pace, self.load, |rounds| {
            for _ in 0..rounds {
                let round = range.rounds();
                let key = round_key::<SoftwareSha256>(challenge, round, range.peaks());
                let folds = engine
                    .round_leaves(&key, round, workload)
                    .map_err(|error| failed(error.to_string()))?;
                let leaves = (0..)
                    .zip(&folds)
                    .map(|(number, folds)| tile::leaf::<SoftwareSha256>(round, number, folds))
                    .collect();
                let root = tile::tree::<SoftwareSha256>(leaves)
                    .and_then(|levels| levels.last()?.first().copied())
                    .ok_or_else(|| failed("a round without tiles".into()))?;
                range
                    .append::<SoftwareSha256>(root)
                    .map_err(|error| failed(error.to_string()))?;
                round_roots.push(root);
            }
            Ok(())
        })?;
        if !wanted || round_roots.is_empty() {
            return Ok(None);
        }
        Proof::from_round_roots(*challenge, *workload, round_roots)
            .map(Some)
            .map_err(|error| failed(error.to_string()))
    }

    fn open(
        &mut self,
        proof: &Proof,
        sampling_beacon: &Hash,
        samples: u32,
    ) -> Result<Vec<Opening>, ProverError> {
        prover::open(&mut self.engine, proof, sampling_beacon, samples).map_err(|error| {
            ProverError {
                device: self.name.clone(),
                cause: error.to_string(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proof_of_gpu_primitives::{prover::CpuEngine, verify_reveal};

    use super::{pace::Deadline, *};

    const CHALLENGE: Hash = [5; 32];
    const SHAPE: Workload = Workload::new(64, 128, 64);

    fn prover() -> EngineProver<CpuEngine> {
        EngineProver::new("cpu", CpuEngine::new(), Load::FULL)
    }

    #[test]
    fn proves_until_the_deadline_what_a_verifier_accepts() {
        let mut prover = prover();
        let pace = Pace::until(Instant::now() + Duration::from_millis(200));
        let proof = prover
            .prove(&CHALLENGE, &SHAPE, &pace)
            .expect("the CPU does not fail")
            .expect("200 ms are enough for a round");
        assert!(proof.rounds() > 0);
        let openings = prover
            .open(&proof, &[6; 32], 4)
            .expect("the CPU does not fail");
        let verdict =
            verify_reveal::<SoftwareSha256>(&proof.claim(), &[6; 32], proof.peaks(), &openings, 4);
        assert_eq!(verdict, Ok(()));
    }

    #[test]
    fn no_time_makes_no_proof() {
        let pace = Pace::until(Instant::now());
        let proof = prover().prove(&CHALLENGE, &SHAPE, &pace);
        assert!(proof.expect("the CPU does not fail").is_none());
    }

    #[test]
    fn a_deadline_that_may_still_move_is_waited_for() {
        let expected = |left| Deadline {
            at: Instant::now() + left,
            is_final: false,
        };
        let pace = Pace::new(expected(Duration::ZERO));
        let proof = thread::scope(|scope| {
            let proving = scope.spawn(|| prover().prove(&CHALLENGE, &SHAPE, &pace));
            // It has signalled that it waits, and has not ended.
            let begun = pace.signs().last;
            while pace.signs().last == begun {
                assert!(!proving.is_finished());
                thread::yield_now();
            }
            // The block is late, and there is time for a round.
            pace.move_to(expected(Duration::from_millis(200)));
            while pace.signs().busy.is_zero() {
                assert!(!proving.is_finished());
                thread::yield_now();
            }
            pace.move_to(Deadline {
                at: Instant::now(),
                is_final: true,
            });
            proving.join()
        });
        let proof = proof
            .expect("no panic")
            .expect("the CPU does not fail")
            .expect("there was time for a round");
        assert!(proof.rounds() > 0);
    }

    #[test]
    fn abandoned_work_ends_without_a_proof() {
        let pace = Pace::new(Deadline {
            at: Instant::now(),
            is_final: false,
        });
        pace.abandon();
        let proof = prover().prove(&CHALLENGE, &SHAPE, &pace);
        assert!(proof.expect("the CPU does not fail").is_none());
    }
}
