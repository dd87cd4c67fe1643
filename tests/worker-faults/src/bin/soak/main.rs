// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Leaves two workers running on a development chain for as long as asked for,
//! and does to them what months would: bad answers, dropped connections, a node
//! that is killed, and to one of them being killed itself.
//!
//! Ends with a failure where memory or files grow, where a window is not
//! accounted for as the chain has it, where the metrics differ from the chain,
//! where the prover is idle or works for too little of the time that counts, or where a
//! commit lies outside the grace blocks.

mod report;

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use test_network::{Follower, Miner, Node, Prover, until_stopped};
use worker_faults::{
    proxy::{Fault, Proxy},
    wait,
    worker::Worker,
};

use report::{Report, Shown};

/// What befalls the workers, one after the other, again and again.
const TROUBLES: [Trouble; 8] = [
    Trouble::Node(Fault::Close),
    Trouble::Kill,
    Trouble::Node(Fault::Nonsense),
    Trouble::Node(Fault::Hang),
    Trouble::Restart,
    Trouble::Node(Fault::FarHead),
    Trouble::Kill,
    Trouble::Node(Fault::Noise),
];

/// Blocks between two troubles: not a divisor of a window's, so that each falls
/// on another part of it.
const PAUSE: u64 = 17;

/// Blocks for which a node is bad.
const BAD: u64 = 4;

/// Blocks of a window's phases: the production chain's, and not the development chain's,
/// which a fault and the time to notice it would cover, and of which two slots are a part
/// that counts.
const WORK: u32 = 40;
const GRACE_BLOCKS: u32 = 4;
const REVEAL: u32 = 12;

/// Blocks from a window's opening to those in which a commit is to stand.
const GRACE: RangeInclusive<u64> = 41..=43;

/// Least of the counted time that the steady worker has to work in the usual window, in
/// thousandths.
const WORKED: u64 = 930;

/// Most that memory may grow from the second quarter to the last, in percent.
const GROWTH: u64 = 10;

/// Most of the work time that the prover may be idle in the usual window, in
/// thousandths.
const IDLE: u16 = 50;

#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// The node answers so for some blocks.
    Node(Fault),
    /// One worker is killed and started again.
    Kill,
    /// The node is killed and started again.
    Restart,
}

impl Trouble {
    fn name(self) -> String {
        match self {
            Self::Kill => "a worker is killed and started again".to_owned(),
            Self::Restart => "the node is killed and started again".to_owned(),
            Self::Node(fault) => format!("the node: {}", fault.name()),
        }
    }
}

/// Leaves workers running with faults injected, and checks that they come to no harm.
#[derive(Parser)]
struct Arguments {
    /// How long.
    #[arg(long, default_value_t = 30, env = "MINUTES")]
    minutes: u64,
    /// The adapter that the steady worker proves with, from `ni-worker devices`.
    #[arg(long, default_value_t = 0)]
    device: u32,
    /// Writes what came of it to this folder, as a page and a plot.
    #[arg(long, value_name = "FOLDER")]
    page: Option<PathBuf>,
    /// When, where and of what the page is made.
    #[arg(long, default_value = "by hand", requires = "page")]
    made: String,
}

/// Memory and files at one block, in KiB and bytes.
#[derive(Clone, Copy, Debug)]
struct Sample {
    block: u64,
    memory: u64,
    store: u64,
    history: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = tokio::runtime::Runtime::new()
        .context("cannot start the asynchronous runtime")
        .and_then(|runtime| runtime.block_on(until_stopped(soak(&arguments))))
        .and_then(|report| tell(&report, &arguments));
    match outcome {
        Ok(problems) if problems.is_empty() => {
            println!("everything held");
            ExitCode::SUCCESS
        }
        Ok(problems) => {
            for problem in problems {
                eprintln!("soak: {problem}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn sample(worker: &Worker, block: u64) -> anyhow::Result<Sample> {
    let id = worker.id().context("the steady worker has ended")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let memory = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next())
        .context("the system does not tell a process's memory")?
        .parse()?;
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    Ok(Sample {
        block,
        memory,
        store: size(&worker.store()),
        history: size(&worker.history_file()),
    })
}

/// Prints what came of it, writes it down where that is asked for, and returns what
/// did not hold.
fn tell(report: &Report, arguments: &Arguments) -> anyhow::Result<Vec<String>> {
    let page = report.page(&arguments.made)?;
    println!("{page}");
    if let Some(folder) = &arguments.page {
        let cannot = || format!("cannot write to {}", folder.display());
        std::fs::create_dir_all(folder).with_context(cannot)?;
        std::fs::write(folder.join("README.md"), &page).with_context(cannot)?;
        report.draw(&folder.join("sizes.svg"))?;
    }
    Ok(report.problems())
}

/// Blocks that a bond stays: more than a window and the gap before it.
const COOL_DOWN_BLOCKS: u64 = 100;

async fn soak(arguments: &Arguments) -> anyhow::Result<Report> {
    let length = Duration::from_secs(arguments.minutes * 60);
    let files = tempfile::tempdir()?;
    let changes = [
        ("/settings/window/work", json!(WORK)),
        ("/settings/window/grace", json!(GRACE_BLOCKS)),
        ("/settings/window/reveal", json!(REVEAL)),
        // A bond stays longer than the window that it answers for.
        ("/settings/registration/cool_down", json!(COOL_DOWN_BLOCKS)),
    ];
    let chain = test_network::adapted(files.path(), &changes)?;
    let mut node = Node::start_with(&["--dev", &format!("--chain={}", chain.display())]).await?;
    let folder = node.folder().to_owned();
    let proxy = Proxy::start(node.url()).await?;
    let mut follower = Follower::start(node.connect().await?).await?;
    let steady = Miner::new("steady", "//Bob", Prover::Gpu(arguments.device));
    let steady = Worker::start(steady, &[proxy.url()], &folder)?;
    let killed = Miner::new("killed", "//Charlie", Prover::Cpu).at_load(40);
    let mut killed = Worker::start(killed, &[proxy.url()], &folder)?;
    let everyone = [steady.miner().account()?, killed.miner().account()?];
    wait::registered(&mut follower, &everyone).await?;

    let start = Instant::now();
    let bar = ProgressBar::new(length.as_secs()).with_style(ProgressStyle::with_template(
        "{wide_bar} {pos}/{len} s, {msg}",
    )?);
    let mut samples = Vec::new();
    let mut troubles = BTreeMap::<String, u32>::new();
    for trouble in TROUBLES.iter().cycle() {
        if start.elapsed() >= length {
            break;
        }
        let next = follower.last().number + PAUSE;
        wait::block(&mut follower, next).await?;
        samples.push(sample(&steady, next)?);
        bar.set_position(start.elapsed().as_secs());
        bar.set_message(format!("block {next}, {trouble:?}"));
        *troubles.entry(trouble.name()).or_default() += 1;
        match trouble {
            Trouble::Node(fault) => {
                proxy.inject(*fault);
                let next = follower.last().number + BAD;
                wait::block(&mut follower, next).await?;
                proxy.inject(Fault::None);
            }
            Trouble::Kill => killed.restart().await?,
            Trouble::Restart => {
                node.restart_after(Duration::ZERO).await?;
                follower.follow(node.connect().await?).await?;
            }
        }
    }
    bar.finish_and_clear();
    // Two windows in peace, of which the second pays for the first.
    for _ in 0..2 {
        let (window, _) = wait::opening(&mut follower).await?;
        wait::closing(&mut follower, window).await?;
    }
    let (_, opened) = wait::opening(&mut follower).await?;
    wait::block(&mut follower, opened + GRACE.end() + 1).await?;
    let page = steady.page("/metrics").await?;
    let shown = |name: &str| worker_faults::worker::value(&page, name, "{gpu=\"0\"}");
    let shown = Shown {
        credited: shown("ni_worker_windows_credited_total"),
        rewards: shown("ni_worker_rewards_units_total"),
    };
    let workers = [steady.end(&follower).await?, killed.end(&follower).await?];
    Ok(Report {
        seconds: start.elapsed().as_secs(),
        blocks: follower.last().number,
        troubles,
        samples,
        shown,
        workers,
    })
}
