// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker bench`: how many operations a second a device proves.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use ni_shaders::{GpuProver, Stage};
use proof_of_gpu_primitives::prover::Proof;
use proof_of_gpu_primitives::{Hash, SoftwareSha256, Workload, verify_reveal};
use serde::Serialize;

use crate::cli::BenchArgs;
use crate::devices::Device;
use crate::exit::{Exit, Failure, OrExit};

/// The chain's own shape, which no software adapter finishes a round of in time.
const ON_GPU: Workload = Workload::new(16_384, 16_384, 4_096);

/// A shape that a CPU does several rounds of in a second.
const ON_CPU: Workload = Workload::new(512, 512, 512);

/// Any challenge will do.
const CHALLENGE: Hash = [0x5a; 32];

/// Rounds over which the shares of the stages are measured.
const STAGE_ROUNDS: u32 = 3;

/// What was measured, as `--json` prints it.
#[derive(Serialize)]
struct Measured<'a> {
    device: &'a str,
    /// The path: `portable` or `coop`, or `cpu` without a GPU interface.
    kernel: &'static str,
    workload: String,
    rounds: u32,
    seconds: f64,
    /// 10⁹ integer operations a second: rounds · 2mnk / seconds.
    gops: f64,
    /// The path's variant.
    variant: String,
    /// The longest that the device was busy without a pause; absent without a GPU
    /// interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    longest_submission_ms: Option<f64>,
    /// Each stage's share of the time, in [0, 1]; absent without a GPU interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    stages: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Rounds of one proof, at most.
const MOST_ROUNDS: u32 = (1 << 31) - 1;

/// Runs the command.
///
/// # Errors
/// [`Exit::Device`] if the device fails, [`Exit::Refused`] if what it computed
/// does not verify.
pub fn run(args: &BenchArgs) -> Result<(), Failure> {
    let mut device = Device::open(args.device, args.kernel)?;
    let workload = args
        .workload
        .unwrap_or(if device.is_cpu() { ON_CPU } else { ON_GPU });
    let time = Duration::from_secs(args.seconds);
    let bar = Bar::new(time);
    let (proof, spent) = match &mut device {
        Device::Gpu(gpu, _) => {
            on_gpu(gpu, &workload, time, &bar).or_exit(Exit::Device, "the device failed")?
        }
        Device::Cpu(_) => on_cpu(&mut device, &workload, time, &bar)?,
    };
    bar.0.finish_and_clear();
    let (longest, stages) = match &device {
        Device::Gpu(gpu, _) => (
            Some(gpu.take_longest_submission()),
            Some(shares(gpu, &workload)?),
        ),
        Device::Cpu(_) => (None, None),
    };
    check(&mut device, &proof)?;

    #[allow(clippy::cast_precision_loss)] // For people, to four digits.
    let operations = (workload.operations() * u128::from(proof.rounds())) as f64;
    let (kernel, variant) = device.kernel(&workload);
    let measured = Measured {
        device: device.name(),
        kernel,
        workload: workload.to_string(),
        rounds: proof.rounds(),
        seconds: spent.as_secs_f64(),
        gops: operations / spent.as_secs_f64() / 1e9,
        variant,
        longest_submission_ms: longest.map(|time| time.as_secs_f64() * 1e3),
        stages,
    };
    if args.json {
        let json = serde_json::to_string(&measured);
        println!("{}", json.or_exit(Exit::Internal, "cannot write JSON")?);
    } else {
        print(&measured);
    }
    Ok(())
}

/// Rounds of one proof for about `time`, after a warm-up of a tenth of it.
fn on_gpu(
    gpu: &GpuProver,
    workload: &Workload,
    time: Duration,
    bar: &Bar,
) -> Result<(Proof, Duration), ni_shaders::GpuError> {
    // The warm-up raises the clocks and settles the length of submissions.
    gpu.start(&CHALLENGE, workload)?
        .run_until(Instant::now() + time / 10, &mut |_| ())?;
    let _ = gpu.take_longest_submission();
    let mut session = gpu.start(&CHALLENGE, workload)?;
    let start = Instant::now();
    session.run_until(start + time, &mut |rounds| {
        bar.show(start.elapsed(), rounds)
    })?;
    let spent = start.elapsed();
    Ok((session.finish()?, spent))
}

/// The same on the CPU, where a proof has as many rounds as the one before says will
/// fit, until one takes at least half of the time: the first rounds start threads.
fn on_cpu(
    device: &mut Device,
    workload: &Workload,
    time: Duration,
    bar: &Bar,
) -> Result<(Proof, Duration), Failure> {
    let mut rounds = 1;
    loop {
        let start = Instant::now();
        let proof = device.prove(&CHALLENGE, workload, rounds, &mut |rounds| {
            bar.show(start.elapsed(), rounds);
        })?;
        let spent = start.elapsed();
        if spent * 2 >= time || rounds == MOST_ROUNDS {
            return Ok((proof, spent));
        }
        let fitting = time.as_nanos() * u128::from(rounds) / spent.as_nanos().max(1);
        let fitting = u32::try_from(fitting).unwrap_or(MOST_ROUNDS);
        rounds = fitting.clamp(rounds + 1, MOST_ROUNDS);
    }
}

/// Opens a sample of what was measured and verifies it: a fast wrong answer is
/// no throughput.
fn check(device: &mut Device, proof: &Proof) -> Result<(), Failure> {
    let openings = device.openings(proof, &CHALLENGE, 1)?;
    verify_reveal::<SoftwareSha256>(&proof.claim(), &CHALLENGE, proof.peaks(), &openings, 1)
        .or_exit(Exit::Refused, "what the device computed does not verify")
}

fn shares(
    gpu: &GpuProver,
    workload: &Workload,
) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let times = gpu
        .stage_times(workload, STAGE_ROUNDS)
        .or_exit(Exit::Device, "the device failed")?;
    Ok(Stage::ALL
        .into_iter()
        .map(|stage| (stage.name().to_owned(), times.share(stage).into()))
        .collect())
}

fn print(measured: &Measured<'_>) {
    println!("device    {}", measured.device);
    println!("kernel    {} ({})", measured.kernel, measured.variant);
    println!("workload  {}", measured.workload);
    println!("rounds    {} in {:.2} s", measured.rounds, measured.seconds);
    println!("GOPS      {:.2}", measured.gops);
    if let Some(longest) = measured.longest_submission_ms {
        println!("longest   {longest:.1} ms in one submission");
    }
    for (stage, share) in measured.stages.iter().flatten() {
        println!(
            "{stage:<9} {:5.1} %",
            share.as_f64().unwrap_or_default() * 100.0
        );
    }
}

/// A bar of time, shown on terminals only.
struct Bar(ProgressBar);

impl Bar {
    fn new(time: Duration) -> Self {
        let style = ProgressStyle::with_template("measuring {wide_bar} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let length = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self(ProgressBar::new(length).with_style(style))
    }

    fn show(&self, elapsed: Duration, rounds: u32) {
        self.0
            .set_position(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX));
        self.0.set_message(format!("{rounds} rounds"));
    }
}
