// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Measures the kernels and stages of the prover on every adapter, against the naive
//! kernel, a good CPU library, the vendor's library where there is one, and a copy; and
//! writes a table and a plot. The program needs nothing but itself and a driver, so it
//! can be copied to a machine and run there.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use ni_shaders::cpu::engine;
use ni_shaders::stages::{Stages, Timer};
use ni_shaders::{Adapter, AdapterKind, Kernel, KernelPath, Stage};
use proof_of_gpu_primitives::Workload;

mod baseline;
mod plot;
mod report;
mod vendor;

use baseline::Baseline;
use report::{Bar, Device, StageTime};

/// The chain's own shape.
const ON_GPU: Workload = Workload::new(16_384, 16_384, 4_096);

/// A shape that a CPU multiplies several times a second.
const ON_CPU: Workload = Workload::new(512, 512, 512);

/// The longest side that the naive kernel is given: more would take it seconds.
const NAIVE: u32 = 2048;

/// Measures kernels and stages on every adapter, and writes a table and a plot of each.
#[derive(Parser)]
struct Args {
    /// Shape of a round [default: 512x512x512 on CPU adapters, 16384x16384x4096 on GPUs].
    #[arg(long)]
    workload: Option<Workload>,
    /// Passes over everything that is measured; of each the best one counts.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1000))]
    passes: u32,
    /// Folder for the tables and plots.
    #[arg(long, default_value = "benchmarks/kernels/results")]
    out: PathBuf,
}

fn main() -> Result<()> {
    let args = Args::parse();
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("cannot make the folder {}", args.out.display()))?;
    for adapter in ni_shaders::adapters()? {
        let device =
            measure(&adapter, &args).with_context(|| format!("cannot measure {}", adapter.name))?;
        let table = report::markdown(&device)?;
        let name = report::file_name(&device);
        std::fs::write(args.out.join(format!("{name}.md")), &table)?;
        plot::write(&device, &args.out.join(format!("{name}.svg")))?;
        println!(
            "{table}\nwritten to {}/{name}.md and .svg",
            args.out.display()
        );
    }
    Ok(())
}

/// One thing that is measured: what it is called, its operations, and how to run it once.
struct Runner<'a> {
    name: String,
    operations: f64,
    run: Box<dyn FnMut() -> Result<Duration> + 'a>,
    best: Duration,
    cpu: Duration,
}

impl<'a> Runner<'a> {
    fn new(
        name: impl Into<String>,
        workload: &Workload,
        run: impl FnMut() -> Result<Duration> + 'a,
    ) -> Self {
        #[allow(clippy::cast_precision_loss)] // Far below 2^53.
        let operations = workload.operations() as f64;
        Self {
            name: name.into(),
            operations,
            run: Box::new(run),
            best: Duration::MAX,
            cpu: Duration::ZERO,
        }
    }

    fn run(&mut self) -> Result<()> {
        let before = cpu_time();
        self.best = self.best.min((self.run)()?);
        self.cpu += cpu_time().saturating_sub(before);
        Ok(())
    }
}

fn measure(adapter: &Adapter, args: &Args) -> Result<Device> {
    let cpu = adapter.kind == AdapterKind::Cpu;
    let workload = args.workload.unwrap_or(if cpu { ON_CPU } else { ON_GPU });
    workload.validate()?;
    let kernels: Vec<_> = adapter
        .usable_kernels()
        .filter(|kernel| kernel.fits(&workload))
        .collect();
    if kernels.is_empty() {
        bail!("it can run no kernel of this shape");
    }
    let path = match kernels
        .iter()
        .any(|kernel| kernel.path() == KernelPath::Coop)
    {
        true => KernelPath::Coop,
        false => KernelPath::Portable,
    };
    let stages = Stages::new(adapter, path)?;
    let timers = kernels
        .iter()
        .map(|kernel| Ok((*kernel, stages.timer(&workload, *kernel)?)))
        .collect::<Result<Vec<(Kernel, Timer<'_>)>>>()?;
    let small = Workload::new(
        workload.m.min(NAIVE),
        workload.n.min(NAIVE),
        workload.k.min(NAIVE),
    );
    let baseline = Baseline::new(adapter.index, small)?;
    let mut product = CpuProduct::new(small);

    let mut runners: Vec<_> = timers
        .iter()
        .map(|(kernel, timer)| {
            Runner::new(kernel.to_string(), &workload, || {
                Ok(timer.time(Stage::Multiply)?)
            })
        })
        .collect();
    runners.push(Runner::new("naive", &small, || baseline.product()));
    runners.push(Runner::new("gemm on the host's CPU", &small, || {
        Ok(product.time())
    }));

    let bar = ProgressBar::new(args.passes.into()).with_style(ProgressStyle::with_template(
        "{msg} {wide_bar} {pos}/{len} passes, {eta} left",
    )?);
    bar.set_message(adapter.name.clone());
    let mut copy = 0_f64;
    // One after the other in every pass, so that what else the machine does meets all.
    for _ in 0..args.passes {
        for runner in &mut runners {
            runner.run()?;
        }
        copy = copy.max(baseline.copy()?);
        bar.inc(1);
    }
    let bars: Vec<_> = runners
        .iter()
        .map(|runner| Bar {
            name: runner.name.clone(),
            gops: runner.operations / runner.best.as_secs_f64() / 1e9,
            // Of a GPU the host's time says nothing.
            gops_by_cpu_time: (cpu && !runner.cpu.is_zero()).then(|| {
                f64::from(args.passes) * runner.operations / runner.cpu.as_secs_f64() / 1e9
            }),
        })
        .collect();
    drop(runners);

    let fastest = fastest(&bars[..timers.len()], cpu);
    let (kernel, timer) = &timers[fastest];
    let stages = stage_times(timer, args.passes)?;
    bar.finish_and_clear();
    Ok(Device {
        name: adapter.name.clone(),
        driver: adapter.driver.clone(),
        kind: adapter.kind.to_string(),
        workload,
        small,
        passes: args.passes,
        bars,
        kernel: kernel.to_string(),
        stages,
        copy,
        vendor: if cpu {
            Err("the adapter is a CPU".into())
        } else {
            vendor::ceilings(&workload)
        },
    })
}

/// The fastest of some kernels: by the processor's own time on a CPU adapter, which other
/// programs take less part in.
fn fastest(bars: &[Bar], cpu: bool) -> usize {
    let speed = |bar: &Bar| bar.gops_by_cpu_time.filter(|_| cpu).unwrap_or(bar.gops);
    (0..bars.len())
        .max_by(|a, b| speed(&bars[*a]).total_cmp(&speed(&bars[*b])))
        .unwrap_or(0)
}

fn stage_times(timer: &Timer<'_>, passes: u32) -> Result<Vec<StageTime>> {
    let mut times: Vec<_> = Stage::ALL
        .into_iter()
        .map(|stage| StageTime {
            name: stage.name(),
            best: Duration::MAX,
        })
        .collect();
    for _ in 0..passes {
        for (stage, time) in Stage::ALL.into_iter().zip(&mut times) {
            time.best = time.best.min(timer.time(stage)?);
        }
    }
    Ok(times)
}

/// The CPU prover's product, alone.
struct CpuProduct {
    a: Vec<f32>,
    b: Vec<f32>,
    c: Vec<f32>,
    depth: usize,
}

impl CpuProduct {
    fn new(workload: Workload) -> Self {
        let Workload { m, n, k } = workload;
        let ones = |lines: u32| vec![1.0; lines as usize * k as usize];
        Self {
            a: ones(m),
            b: ones(n),
            c: vec![0.0; m as usize * n as usize],
            depth: k as usize,
        }
    }

    fn time(&mut self) -> Duration {
        let threads = std::thread::available_parallelism().unwrap_or(std::num::NonZeroUsize::MIN);
        let start = Instant::now();
        engine::multiply(threads, &self.a, &self.b, &mut self.c, self.depth);
        start.elapsed()
    }
}

/// Processor time of this program so far, all threads, in steps of 10 ms; zero where the
/// system does not tell.
fn cpu_time() -> Duration {
    let read = || {
        let text = std::fs::read_to_string("/proc/self/stat").ok()?;
        // The name may hold anything but ends with the last parenthesis.
        let (_, rest) = text.rsplit_once(')')?;
        let mut fields = rest.split_whitespace().skip(11);
        let ticks = |field: Option<&str>| field?.parse::<u64>().ok();
        Some((ticks(fields.next())? + ticks(fields.next())?) * 10)
    };
    Duration::from_millis(read().unwrap_or(0))
}
