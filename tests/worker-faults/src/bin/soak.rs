// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Leaves two workers running on a development chain for as long as asked for,
//! and does to them what months would: bad answers, dropped connections, a node
//! that is killed, and to one of them being killed itself.
//!
//! Ends with a failure where memory or files grow, where a window is not
//! accounted for as the chain has it, where the metrics differ from the chain,
//! or where a commit lies outside the grace blocks.

use std::{
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use ni_worker::history::{Entry, Outcome};
use test_network::{Follower, Miner, Node, Prover};
use worker_faults::{
    proxy::{Fault, Proxy},
    wait,
    worker::{Remains, Worker},
};

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

/// Blocks from a development window's opening to its first and last grace block.
const GRACE: std::ops::RangeInclusive<u64> = 6..=8;

/// Most that memory may grow from the second quarter to the last, in percent.
const GROWTH: u64 = 10;

#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// The node answers so for some blocks.
    Node(Fault),
    /// One worker is killed and started again.
    Kill,
    /// The node is killed and started again.
    Restart,
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
}

/// Memory and files at one moment, in KiB and bytes.
#[derive(Clone, Copy, Debug)]
struct Sample {
    memory: u64,
    store: u64,
    history: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = tokio::runtime::Runtime::new()
        .context("cannot start the asynchronous runtime")
        .and_then(|runtime| runtime.block_on(soak(&arguments)));
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

fn sample(worker: &Worker) -> anyhow::Result<Sample> {
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
        memory,
        store: size(&worker.store()),
        history: size(&worker.history_file()),
    })
}

async fn soak(arguments: &Arguments) -> anyhow::Result<Vec<String>> {
    let length = Duration::from_secs(arguments.minutes * 60);
    let mut node = Node::start().await?;
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
    let mut troubles = 0_u32;
    for trouble in TROUBLES.iter().cycle() {
        if start.elapsed() >= length {
            break;
        }
        let next = follower.last().number + PAUSE;
        wait::block(&mut follower, next).await?;
        samples.push(sample(&steady)?);
        bar.set_position(start.elapsed().as_secs());
        bar.set_message(format!("block {next}, {trouble:?}"));
        troubles += 1;
        match trouble {
            Trouble::Node(fault) => {
                proxy.inject(*fault);
                let next = follower.last().number + BAD;
                wait::block(&mut follower, next).await?;
                proxy.inject(Fault::None);
            }
            Trouble::Kill => killed.restart().await?,
            Trouble::Restart => {
                node.restart().await?;
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
    let (credited, rewards) = (
        shown("ni_worker_windows_credited_total"),
        shown("ni_worker_rewards_units_total"),
    );
    let workers = [steady.end(&follower).await?, killed.end(&follower).await?];
    let mut problems = growth(&samples);
    let seconds = start.elapsed().as_secs();
    println!(
        "{seconds} s, {} blocks, {troubles} troubles",
        follower.last().number
    );
    for worker in &workers {
        problems.extend(judge(worker));
    }
    problems.extend(metrics(&workers[0], credited, rewards));
    if let (Some(first), Some(last)) = (samples.first(), samples.last()) {
        println!(
            "steady: memory {} to {} KiB, store {} to {} bytes, history {} to {} bytes",
            first.memory, last.memory, first.store, last.store, first.history, last.history
        );
    }
    Ok(problems)
}

/// What grows that should not.
fn growth(samples: &[Sample]) -> Vec<String> {
    let quarter = samples.len() / 4;
    if quarter == 0 {
        return vec!["too short to tell whether memory grows: give it more --minutes".to_owned()];
    }
    let median = |samples: &[Sample], of: fn(&Sample) -> u64| {
        let mut values: Vec<_> = samples.iter().map(of).collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    let second = &samples[quarter..2 * quarter];
    let last = &samples[samples.len() - quarter..];
    let all: [(&str, fn(&Sample) -> u64); 3] = [
        ("memory", |sample| sample.memory),
        ("the store", |sample| sample.store),
        ("the history", |sample| sample.history),
    ];
    all.iter()
        .filter_map(|(what, of)| {
            let (before, after) = (median(second, *of), median(last, *of));
            (after > before + before * GROWTH / 100)
                .then(|| format!("{what} grew from {before} to {after}"))
        })
        .collect()
}

/// Prints how a worker did, and returns what was wrong.
fn judge(worker: &Remains) -> Vec<String> {
    let mut problems = worker.books.faults(0);
    problems.extend(worker.differences());
    for ((window, _), on_chain) in &worker.books.gpus {
        let Some(opened) = worker.books.opened.get(window) else {
            continue;
        };
        for commit in &on_chain.commits {
            let offset = commit - opened;
            if !GRACE.contains(&offset) {
                problems.push(format!(
                    "window {window}: the commit lies {offset} blocks after the opening"
                ));
            }
        }
    }
    let credited = |entry: &&Entry| matches!(entry.outcome, Outcome::Credited { .. });
    let mut idle: Vec<_> = worker
        .history
        .iter()
        .filter(credited)
        .filter_map(|entry| entry.idle_permille)
        .collect();
    idle.sort_unstable();
    println!(
        "{}: {} windows, {} credited; idle within the work time: median {} ‰, worst {} ‰",
        worker.name,
        worker.history.len(),
        worker.history.iter().filter(credited).count(),
        idle.get(idle.len() / 2).copied().unwrap_or_default(),
        idle.last().copied().unwrap_or_default(),
    );
    for entry in &worker.history {
        if let Outcome::Missed(reason) = entry.outcome {
            println!("  window {} missed: {}", entry.window, reason.meaning());
        }
    }
    problems
        .into_iter()
        .map(|problem| format!("{}: {problem}", worker.name))
        .collect()
}

/// Where the metrics are not what the chain says.
fn metrics(worker: &Remains, credited: Option<f64>, rewards: Option<f64>) -> Vec<String> {
    let mut problems = Vec::new();
    let first = worker.history.first().map_or(0, |entry| entry.window);
    let on_chain = worker
        .books
        .gpus
        .iter()
        .filter(|((window, _), gpu)| {
            *window >= first && worker.books.closed.contains_key(window) && !gpu.credits.is_empty()
        })
        .count();
    if credited != Some(on_chain as f64) {
        problems.push(format!(
            "metrics: {credited:?} windows credited, {on_chain} on chain"
        ));
    }
    let paid = worker.books.paid(0);
    if rewards != Some(paid as f64) {
        problems.push(format!("metrics: {rewards:?} paid, {paid} on chain"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(memory: impl Fn(u64) -> u64) -> Vec<Sample> {
        (0..16)
            .map(|number| Sample {
                memory: memory(number),
                store: 5,
                history: 5,
            })
            .collect()
    }

    #[test]
    fn growth_is_told_from_noise() {
        assert!(growth(&samples(|number| 1_000 + number % 3)).is_empty());
        let grown = growth(&samples(|number| 1_000 + 50 * number));
        assert_eq!(grown.len(), 1);
        assert!(grown[0].starts_with("memory grew"), "{grown:?}");
        assert_eq!(growth(&samples(|_| 1)[..3]).len(), 1);
    }
}
