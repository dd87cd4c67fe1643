// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Proves rounds on a GPU, and opens them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use proof_of_gpu_primitives::prover::{self, Folds, Proof, ProveError, RoundEngine};
use proof_of_gpu_primitives::range::Range;
use proof_of_gpu_primitives::{Hash, MAX_ROUNDS, Opening, SoftwareSha256, Workload, round_key};

use crate::adapter::Adapter;
use crate::choice::{self, Options};
use crate::error::{GpuError, Stage};
use crate::kernel::Kernel;
use crate::layout::{State, Words, hash, words};
use crate::schedule::{Allowance, Cutter, MOST_ROUNDS, Piece};
use crate::stages::Stages;
use crate::workspace::{KEPT_ROOTS, Workspace};

/// Submissions under way at once: while the host looks at one the device works
/// on the other.
const IN_FLIGHT: usize = 2;

/// An open device that has passed its self-test.
#[derive(Debug)]
pub struct GpuProver {
    stages: Stages,
    kernel: Kernel,
    allowance: Mutex<Allowance>,
    longest: Mutex<Duration>,
}

impl GpuProver {
    /// Opens an adapter, compiles the shaders, compares every stage with its twin and,
    /// unless the options name a kernel, chooses the fastest one that passes. A kernel
    /// that fails is not used, and the log says why.
    ///
    /// # Errors
    /// [`GpuError::Unsupported`], [`GpuError::SelfTest`], or a fault of the device.
    pub fn new(adapter: &Adapter, options: &Options) -> Result<Self, GpuError> {
        let (stages, kernel) = choice::open(adapter, options)?;
        Ok(Self {
            stages,
            kernel,
            allowance: Mutex::default(),
            longest: Mutex::default(),
        })
    }

    /// The kernel that multiplies matrices of a shape.
    #[must_use]
    pub fn kernel(&self, workload: &Workload) -> Kernel {
        if self.kernel.fits(workload) {
            self.kernel
        } else {
            Kernel::UNIVERSAL
        }
    }

    /// Starts a proof, without rounds yet.
    ///
    /// # Errors
    /// An invalid or too large workload, or a fault of the device.
    pub fn start(&self, challenge: &Hash, workload: &Workload) -> Result<Session<'_>, GpuError> {
        let runner = Runner::new(self, workload)?;
        let key = round_key::<SoftwareSha256>(challenge, 0, &[]);
        runner.write_state(&State::new(challenge, &key, 0));
        Ok(Session {
            runner,
            challenge: *challenge,
            range: Range::new(),
            round_roots: Vec::new(),
            round_time: None,
        })
    }

    /// Proves `rounds` rounds. `progress` is told the number of rounds done.
    ///
    /// # Errors
    /// Those of [`Self::start`] and [`Session::run`].
    pub fn prove(
        &self,
        challenge: &Hash,
        workload: &Workload,
        rounds: u32,
        progress: &mut dyn FnMut(u32),
    ) -> Result<Proof, GpuError> {
        let mut session = self.start(challenge, workload)?;
        session.run_with(rounds, progress)?;
        session.finish()
    }

    /// Opens the samples that a sampling beacon asks for, computing only the
    /// sampled rounds once more.
    ///
    /// # Errors
    /// [`GpuError::NotReproduced`] if a round comes out otherwise than it was
    /// committed to, [`GpuError::Protocol`] for no samples, or a fault of the
    /// device.
    pub fn open(
        &self,
        proof: &Proof,
        sampling_beacon: &Hash,
        samples: u32,
    ) -> Result<Vec<Opening>, GpuError> {
        let mut engine = self.engine();
        prover::open(&mut engine, proof, sampling_beacon, samples).map_err(|error| match error {
            ProveError::Refused(error) => error.into(),
            ProveError::NotReproduced { round } => GpuError::NotReproduced { round },
            ProveError::Engine(error) => error,
            ProveError::Tiles { .. } => GpuError::Driver(error.to_string()),
        })
    }

    /// The device as an engine that computes single rounds from their keys.
    #[must_use]
    pub const fn engine(&self) -> Engine<'_> {
        Engine {
            prover: self,
            runner: None,
        }
    }

    /// How long each stage takes in `rounds` rounds of a shape, by the device's
    /// own clock where it has one for this, by the host's otherwise.
    ///
    /// # Errors
    /// An invalid or too large workload, or a fault of the device.
    pub fn stage_times(&self, workload: &Workload, rounds: u32) -> Result<StageTimes, GpuError> {
        let runner = Runner::new(self, workload)?;
        runner.write_state(&State::new(&Hash::default(), &Hash::default(), 0));
        let clock = Clock::new(&self.stages);
        let mut times = StageTimes::default();
        let mut cutter = runner.cutter();
        let allowance = self.allowance().operations();
        for _ in 0..rounds {
            loop {
                let (piece, _) = cutter.cut(allowance);
                for dispatch in runner.workspace.piece(piece, 0) {
                    let time = clock.time(&self.stages, &runner.workspace, &dispatch)?;
                    times.0[dispatch.stage() as usize] += time;
                }
                if piece == Piece::Finish {
                    break;
                }
            }
        }
        Ok(times)
    }

    /// The longest that a submission of rounds took since this was last asked.
    #[must_use]
    pub fn take_longest_submission(&self) -> Duration {
        let mut longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut longest)
    }

    fn allowance(&self) -> Allowance {
        *self
            .allowance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Time spent in each stage.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageTimes([Duration; Stage::ALL.len()]);

impl StageTimes {
    /// The time spent in a stage.
    #[must_use]
    pub const fn of(&self, stage: Stage) -> Duration {
        self.0[stage as usize]
    }

    /// A stage's share of the whole, in [0, 1].
    #[must_use]
    pub fn share(&self, stage: Stage) -> f64 {
        let total: Duration = self.0.iter().sum();
        if total.is_zero() {
            0.0
        } else {
            self.of(stage).as_secs_f64() / total.as_secs_f64()
        }
    }
}

/// Measures one dispatch.
struct Clock {
    queries: Option<(wgpu::QuerySet, wgpu::Buffer)>,
}

impl Clock {
    fn new(stages: &Stages) -> Self {
        let gpu = &stages.gpu;
        let queries = gpu.timestamps.then(|| {
            let queries = gpu.device.create_query_set(&wgpu::QuerySetDescriptor {
                label: Some("stage times"),
                ty: wgpu::QueryType::Timestamp,
                count: 2,
            });
            let usage = wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC;
            (queries, gpu.buffer("stage times", 16, usage))
        });
        Self { queries }
    }

    fn time(
        &self,
        stages: &Stages,
        workspace: &Workspace,
        dispatch: &crate::workspace::Dispatch,
    ) -> Result<Duration, GpuError> {
        let gpu = &stages.gpu;
        let dispatch = std::slice::from_ref(dispatch);
        let Some((queries, resolved)) = &self.queries else {
            let start = Instant::now();
            gpu.wait(stages.submit(workspace, dispatch))?;
            return Ok(start.elapsed());
        };
        let mut encoder = gpu.encoder();
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: None,
                timestamp_writes: Some(wgpu::ComputePassTimestampWrites {
                    query_set: queries,
                    beginning_of_pass_write_index: Some(0),
                    end_of_pass_write_index: Some(1),
                }),
            });
            workspace.encode(&mut pass, dispatch);
        }
        encoder.resolve_query_set(queries, 0..2, resolved, 0);
        gpu.wait(gpu.queue.submit([encoder.finish()]))?;
        let [ticks] = gpu.read::<u64, 1>([(resolved, 2)])?;
        let ticks = ticks[1].saturating_sub(ticks[0]);
        #[allow(clippy::cast_precision_loss)] // A dispatch takes far fewer than 2^53 ticks.
        let nanoseconds = ticks as f64 * f64::from(gpu.queue.get_timestamp_period());
        Ok(Duration::from_secs_f64(nanoseconds / 1e9))
    }
}

/// Rounds of one shape on their way through the device.
#[derive(Debug)]
struct Runner<'a> {
    prover: &'a GpuProver,
    workspace: Workspace,
}

impl<'a> Runner<'a> {
    fn new(prover: &'a GpuProver, workload: &Workload) -> Result<Self, GpuError> {
        workload.validate()?;
        let workspace = prover.stages.workspace(workload, prover.kernel(workload))?;
        Ok(Self { prover, workspace })
    }

    fn write_state(&self, state: &State) {
        let queue = &self.prover.stages.gpu.queue;
        queue.write_buffer(&self.workspace.state, 0, bytemuck::bytes_of(state));
    }

    fn cutter(&self) -> Cutter {
        Cutter::new(&self.workspace.workload, self.workspace.kernel)
    }

    /// Runs `rounds` rounds, at most [`KEPT_ROOTS`], or of the last one only what
    /// comes before its end. `progress` is told how many of them are done.
    fn run(
        &self,
        rounds: u32,
        with_end: bool,
        progress: &mut dyn FnMut(u32),
    ) -> Result<(), GpuError> {
        let stages = &self.prover.stages;
        let mut allowance = self.prover.allowance();
        let mut cutter = self.cutter();
        let mut in_flight = VecDeque::new();
        let mut encoded = 0;
        let mut last_end = Instant::now();
        let mut longest = Duration::ZERO;
        while encoded < rounds || !in_flight.is_empty() {
            while encoded < rounds && in_flight.len() < IN_FLIGHT {
                let most = allowance.operations();
                let (mut operations, first) = (0, encoded);
                let mut dispatches = Vec::new();
                while encoded < rounds && encoded - first < MOST_ROUNDS {
                    if operations >= most && !cutter.at_the_end() {
                        break;
                    }
                    let (piece, cost) = cutter.cut(most.saturating_sub(operations));
                    operations += cost;
                    if piece == Piece::Finish {
                        encoded += 1;
                        if encoded == rounds && !with_end {
                            break;
                        }
                    }
                    dispatches.extend(self.workspace.piece(piece, encoded.saturating_sub(1)));
                }
                let submission = stages.submit(&self.workspace, &dispatches);
                in_flight.push_back((submission, operations, encoded, Instant::now()));
            }
            if let Some((submission, operations, done, submitted)) = in_flight.pop_front() {
                stages.gpu.wait(submission)?;
                let now = Instant::now();
                let time = now - submitted.max(last_end);
                allowance.learn(operations, time);
                longest = longest.max(time);
                last_end = now;
                progress(done);
            }
        }
        *self
            .prover
            .allowance
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = allowance;
        let mut known = self
            .prover
            .longest
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *known = longest.max(*known);
        Ok(())
    }
}

/// A proof under way.
///
/// After an error the session's device may be in any state: drop it, and open
/// the prover anew if the error was the device's.
#[derive(Debug)]
pub struct Session<'a> {
    runner: Runner<'a>,
    challenge: Hash,
    range: Range,
    round_roots: Vec<Hash>,
    round_time: Option<Duration>,
}

impl Session<'_> {
    /// Rounds done so far.
    #[must_use]
    pub const fn rounds(&self) -> u32 {
        self.range.rounds()
    }

    /// The time that one round took lately; none before the first.
    #[must_use]
    pub const fn round_time(&self) -> Option<Duration> {
        self.round_time
    }

    /// Runs `rounds` rounds more and returns the number done so far.
    ///
    /// # Errors
    /// [`GpuError::TooManyRounds`], [`GpuError::Diverged`], or a fault of the
    /// device.
    pub fn run(&mut self, rounds: u32) -> Result<u32, GpuError> {
        self.run_with(rounds, &mut |_| ())
    }

    /// As [`Self::run`]; `progress` is told the number of rounds done so far.
    ///
    /// # Errors
    /// Those of [`Self::run`].
    pub fn run_with(
        &mut self,
        rounds: u32,
        progress: &mut dyn FnMut(u32),
    ) -> Result<u32, GpuError> {
        let mut left = rounds;
        while left > 0 {
            let batch = left.min(KEPT_ROOTS);
            self.batch(batch, progress)?;
            left -= batch;
        }
        Ok(self.rounds())
    }

    /// Runs rounds as long as one more is expected to end before the deadline,
    /// going by how long those before it took, and returns the number done so
    /// far. The first round of a session is always run.
    ///
    /// # Errors
    /// Those of [`Self::run`].
    pub fn run_until(
        &mut self,
        deadline: Instant,
        progress: &mut dyn FnMut(u32),
    ) -> Result<u32, GpuError> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let fitting = match self.round_time {
                None => 1,
                Some(time) => left.as_nanos() / time.as_nanos().max(1),
            };
            // Half of what fits: the rest is estimated anew, so that a slower
            // stretch does not carry the last batch past the deadline.
            let batch = u32::try_from(fitting.div_ceil(2))
                .unwrap_or(u32::MAX)
                .min(KEPT_ROOTS);
            let batch = batch.min(MAX_ROUNDS - self.rounds());
            if batch == 0 {
                return Ok(self.rounds());
            }
            self.batch(batch, progress)?;
        }
    }

    /// The proof over the rounds done.
    ///
    /// # Errors
    /// [`GpuError::NoRounds`].
    pub fn finish(self) -> Result<Proof, GpuError> {
        if self.round_roots.is_empty() {
            return Err(GpuError::NoRounds);
        }
        let workload = self.runner.workspace.workload;
        Ok(Proof::from_round_roots(
            self.challenge,
            workload,
            self.round_roots,
        )?)
    }

    /// Runs up to [`KEPT_ROOTS`] rounds and reads their roots back.
    fn batch(&mut self, rounds: u32, progress: &mut dyn FnMut(u32)) -> Result<(), GpuError> {
        let before = self.rounds();
        if rounds > MAX_ROUNDS - before {
            return Err(GpuError::TooManyRounds);
        }
        let start = Instant::now();
        self.runner
            .run(rounds, true, &mut |done| progress(before + done))?;
        let workspace = &self.runner.workspace;
        let [roots, state] = self.runner.prover.stages.gpu.read::<u32, 2>([
            (&workspace.roots, rounds as usize * 8),
            (&workspace.state, size_of::<State>() / 4),
        ])?;
        for root in roots.as_chunks().0 {
            let root = hash(root);
            self.range
                .append::<SoftwareSha256>(root)
                .map_err(|_| GpuError::TooManyRounds)?;
            self.round_roots.push(root);
        }
        self.round_time = Some(start.elapsed() / rounds);
        let key = round_key::<SoftwareSha256>(&self.challenge, self.rounds(), self.range.peaks());
        let derived: &State = bytemuck::from_bytes(bytemuck::cast_slice(&state));
        let expected: Words = words(&key);
        if (derived.key, derived.round) != (expected, self.rounds()) {
            return Err(GpuError::Diverged {
                round: self.rounds(),
            });
        }
        Ok(())
    }
}

/// Computes single rounds from their keys; keeps the buffers of the last shape.
#[derive(Debug)]
pub struct Engine<'a> {
    prover: &'a GpuProver,
    runner: Option<Runner<'a>>,
}

impl RoundEngine for Engine<'_> {
    type Error = GpuError;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, GpuError> {
        let runner = match self.runner.take() {
            Some(runner) if runner.workspace.workload == *workload => runner,
            _ => Runner::new(self.prover, workload)?,
        };
        runner.write_state(&State::new(&Hash::default(), key, round));
        runner.run(1, false, &mut |_| ())?;
        let workspace = &runner.workspace;
        let [folds] = self
            .prover
            .stages
            .gpu
            .read([(&workspace.folds, workload.tiles() as usize)])?;
        self.runner = Some(runner);
        Ok(folds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::adapters;
    use crate::kernel::KernelPath;
    use crate::source::Shader;

    const WORKLOAD: Workload = Workload::new(64, 64, 64);

    /// A prover that had no self-test, with one shader's text changed.
    fn untested(shader: Shader, from: &str, to: &str) -> GpuProver {
        let adapters = adapters().expect("an adapter; `make setup` installs a software one");
        let (from, to) = (from.to_owned(), to.to_owned());
        let stages = Stages::with_sources(&adapters[0], KernelPath::Portable, move |each| {
            let wgsl = each.wgsl();
            if each == shader {
                wgsl.replacen(&from, &to, 1)
            } else {
                wgsl
            }
        });
        GpuProver {
            stages: stages.expect("the shader compiles"),
            kernel: Kernel::UNIVERSAL,
            allowance: Mutex::default(),
            longest: Mutex::default(),
        }
    }

    #[test]
    fn a_key_that_does_not_follow_from_the_roots_ends_the_session() {
        let gpu = untested(Shader::Advance, "0x53454544u", "0x53454545u");
        let result = gpu.prove(&[1; 32], &WORKLOAD, 3, &mut |_| ());
        assert!(
            matches!(result, Err(GpuError::Diverged { round: 3 })),
            "{result:?}"
        );
        // The same device as it should be.
        let gpu = untested(Shader::Advance, "0x53454544u", "0x53454544u");
        assert!(gpu.prove(&[1; 32], &WORKLOAD, 3, &mut |_| ()).is_ok());
    }

    #[test]
    fn a_device_that_is_gone_is_an_error() {
        let gpu = untested(Shader::Tree, "", "");
        let mut session = gpu.start(&[1; 32], &WORKLOAD).expect("starts");
        session.run(1).expect("runs while the device is there");
        gpu.stages.gpu.device.destroy();
        let result = session.run(1);
        assert!(matches!(result, Err(GpuError::Lost(_))), "{result:?}");
        assert!(matches!(
            gpu.start(&[1; 32], &WORKLOAD),
            Err(GpuError::Lost(_))
        ));
        assert!(matches!(
            gpu.stage_times(&WORKLOAD, 1),
            Err(GpuError::Lost(_))
        ));
    }

    #[test]
    fn a_shader_that_does_not_compile_is_an_error() {
        let adapters = adapters().expect("an adapter; `make setup` installs a software one");
        let result =
            Stages::with_sources(&adapters[0], KernelPath::Portable, |_| "no shader".into());
        assert!(matches!(result, Err(GpuError::Driver(_))));
    }
}
