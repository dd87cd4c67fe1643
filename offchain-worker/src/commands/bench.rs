// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker bench`: how many operations a second a device proves.

use std::fmt;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use ni_shaders::{GpuProver, Stage};
use proof_of_gpu_primitives::prover::Proof;
use proof_of_gpu_primitives::{Hash, SoftwareSha256, Workload, verify_reveal};
use serde::Serialize;

use crate::cli::BenchArgs;
use crate::devices::{Device, KernelChoice};
use crate::exit::{Exit, Failure, OrExit};
use crate::miner::plan;
use crate::output;
use ni_client::types::Floor;
use ni_client::{Chain, ChainError};

/// The chain's own shape, which no software adapter finishes a round of in time.
const ON_GPU: Workload = Workload::new(16_384, 16_384, 4_096);

/// A shape that a CPU does several rounds of in a second.
const ON_CPU: Workload = Workload::new(512, 512, 512);

/// Any challenge will do.
const CHALLENGE: Hash = [0x5a; 32];

/// Rounds over which the shares of the stages are measured.
const STAGE_ROUNDS: u32 = 3;

/// What was measured, as `--json` prints it: the fastest path, and then each.
#[derive(Serialize)]
struct Measured {
    device: String,
    workload: String,
    #[serde(flatten)]
    fastest: Throughput,
    /// Every path that was measured, in the order of `devices`.
    paths: Vec<Throughput>,
    /// What tier of the chain the fastest path reaches: null below the lowest one,
    /// absent where no chain said what its tiers are.
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<Option<Reached>>,
}

/// What a device does by one path.
#[derive(Clone, Serialize)]
struct Throughput {
    /// The path: `portable` or `coop`, or `cpu` without a GPU interface.
    kernel: &'static str,
    /// The path's variant.
    variant: String,
    rounds: u32,
    seconds: f64,
    /// 10⁶ integer operations a second: rounds · 2mnk / seconds.
    mops: f64,
    /// The longest that the device was busy without a pause; absent without a GPU
    /// interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    longest_submission_ms: Option<f64>,
    /// Each stage's share of the time, in [0, 1]; absent without a GPU interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    stages: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The highest tier whose floor of throughput is reached.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Reached {
    /// Its row in the chain's table, from 0 on.
    number: usize,
    #[serde(rename = "floor_mops")]
    mops: u64,
    /// What it asks for of memory, which is not measured here; zero for nothing.
    #[serde(rename = "floor_gib")]
    gib: u32,
    #[serde(rename = "floor_gbps")]
    gbps: u32,
}

/// Rounds of one proof, at most.
const MOST_ROUNDS: u32 = (1 << 31) - 1;

/// Runs the command. A chain that does not say what its tiers are is told of, and
/// what was measured stands without.
///
/// # Errors
/// [`Exit::Device`] if the device fails, [`Exit::Refused`] if what it computed
/// does not verify.
pub async fn run(args: BenchArgs) -> Result<(), Failure> {
    let floors = match floors(&args.url).await {
        Ok(floors) => floors,
        Err(error) => {
            output::note(format_args!(
                "ni-worker: measuring without the tiers of a chain: {error}"
            ));
            None
        }
    };
    let measured = tokio::task::block_in_place(|| measure(&args, floors.as_deref()))?;
    if args.json {
        let json = serde_json::to_string(&measured);
        output::line(json.or_exit(Exit::Internal, "cannot write JSON")?);
    } else {
        print(&measured);
    }
    Ok(())
}

/// The floors of a chain's tiers, the lowest first; `None` where no node is named.
async fn floors(urls: &[String]) -> Result<Option<Vec<Floor>>, ChainError> {
    if urls.is_empty() {
        return Ok(None);
    }
    let chain = Chain::connect_to_any(urls).await?;
    let tiers = chain.best().await?.tiers().await?;
    Ok(Some(tiers.iter().map(|row| row.state.tier.floor).collect()))
}

/// Measures each path. One that fails is told of and left out, as in mining, unless
/// there is no other.
fn measure(args: &BenchArgs, floors: Option<&[Floor]>) -> Result<Measured, Failure> {
    let mut measured = Vec::new();
    let mut failures = Vec::new();
    for kernel in args.kernel.paths(args.device)? {
        match measure_path(args, kernel) {
            Ok(path) => measured.push(path),
            Err(failure) => failures.push(failure),
        }
    }
    let fastest = measured
        .iter()
        .max_by(|one, other| one.2.mops.total_cmp(&other.2.mops));
    let Some((device, workload, fastest)) = fastest.cloned() else {
        let none = || Failure::new(Exit::Device, "there is no kernel to measure");
        return Err(failures.into_iter().next().unwrap_or_else(none));
    };
    for failure in failures {
        output::note(format_args!("ni-worker: left out: {failure}"));
    }
    Ok(Measured {
        device,
        workload: workload.to_string(),
        // A miner is credited for what it does in the time that counts.
        tier: floors.map(|floors| reached(floors, fastest.mops * plan::WORKED)),
        fastest,
        paths: measured.into_iter().map(|(.., path)| path).collect(),
    })
}

/// Opens the device for one path and measures that: the device's name, the shape, and
/// what it does.
fn measure_path(
    args: &BenchArgs,
    kernel: KernelChoice,
) -> Result<(String, Workload, Throughput), Failure> {
    let mut device = Device::open(args.device, kernel)?;
    let workload = args
        .workload
        .unwrap_or(if device.is_cpu() { ON_CPU } else { ON_GPU });
    let time = Duration::from_secs(args.seconds);
    let (kernel, variant) = device.kernel(&workload);
    let bar = Bar::new(kernel, time);
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
    let throughput = Throughput {
        kernel,
        variant,
        rounds: proof.rounds(),
        seconds: spent.as_secs_f64(),
        mops: operations / spent.as_secs_f64() / 1e6,
        longest_submission_ms: longest.map(|time| time.as_secs_f64() * 1e3),
        stages,
    };
    Ok((device.name().to_owned(), workload, throughput))
}

/// The highest of the tiers whose floor of throughput is reached.
fn reached(floors: &[Floor], mops: f64) -> Option<Reached> {
    #[allow(clippy::cast_precision_loss)] // A floor is a round number far below 2⁵³.
    let is_reached = |floor: &&Floor| floor.mops as f64 <= mops;
    let number = floors
        .iter()
        .take_while(is_reached)
        .count()
        .checked_sub(1)?;
    let floor = floors.get(number)?;
    Some(Reached {
        number,
        mops: floor.mops,
        gib: floor.gib,
        gbps: floor.gbps,
    })
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

fn print(measured: &Measured) {
    output::line(format_args!("device    {}", measured.device));
    output::line(format_args!("workload  {}", measured.workload));
    for path in &measured.paths {
        output::line(format_args!("kernel    {} ({})", path.kernel, path.variant));
        output::line(format_args!(
            "rounds    {} in {:.2} s",
            path.rounds, path.seconds
        ));
        output::line(format_args!("MOPS      {:.0}", path.mops));
        if let Some(longest) = path.longest_submission_ms {
            output::line(format_args!("longest   {longest:.1} ms in one submission"));
        }
        for (stage, share) in path.stages.iter().flatten() {
            output::line(format_args!(
                "{stage:<9} {:5.1} %",
                share.as_f64().unwrap_or_default() * 100.0
            ));
        }
    }
    match &measured.tier {
        None => output::line("tier      not known: --url names a node whose chain says it"),
        Some(None) => output::line("tier      none: below the floor of the lowest"),
        Some(Some(tier)) => output::line(format_args!("tier      {tier}")),
    }
}

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, from {} MOPS", self.number, self.mops)?;
        if self.gib > 0 || self.gbps > 0 {
            let (gib, gbps) = (self.gib, self.gbps);
            write!(
                f,
                ", if {gib} GiB at {gbps} GB/s are verified too, which is not measured here"
            )?;
        }
        Ok(())
    }
}

/// A bar of time, shown on terminals only.
struct Bar(ProgressBar);

impl Bar {
    fn new(kernel: &'static str, time: Duration) -> Self {
        let style = ProgressStyle::with_template("measuring {prefix} {wide_bar} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let length = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self(
            ProgressBar::new(length)
                .with_style(style)
                .with_prefix(kernel),
        )
    }

    fn show(&self, elapsed: Duration, rounds: u32) {
        self.0
            .set_position(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX));
        self.0.set_message(format!("{rounds} rounds"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tier_is_the_highest_whose_throughput_is_reached() {
        let floor = |mops, gib| Floor {
            mops,
            gib,
            gbps: gib * 10,
        };
        let floors = [floor(10, 0), floor(100, 0), floor(1_000, 80)];
        let number = |mops| reached(&floors, mops).map(|tier| tier.number);
        assert_eq!(number(9.99), None);
        assert_eq!(number(10.0), Some(0));
        assert_eq!(number(99.99), Some(0));
        assert_eq!(number(100.0), Some(1));
        assert_eq!(number(1e9), Some(2));
        assert_eq!(reached(&[], 1e9), None);
    }

    #[test]
    fn what_a_tier_asks_for_and_was_not_measured_is_said() {
        let tier = |gib, gbps| Reached {
            number: 3,
            mops: 500,
            gib,
            gbps,
        };
        assert_eq!(tier(0, 0).to_string(), "3, from 500 MOPS");
        for (gib, gbps) in [(80, 0), (0, 2_000)] {
            let text = tier(gib, gbps).to_string();
            assert!(text.contains("not measured"), "{text}");
        }
    }
}
