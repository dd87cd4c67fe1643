// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A long run, or one seed again.

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use stateful::run_with;
use std::process::ExitCode;

/// Drives the assembled runtime with random calls and jumps in time, checks every
/// invariant after each step, and prints what was tried and reached.
#[derive(Parser)]
struct Arguments {
    /// How many steps.
    #[arg(long, default_value_t = 100_000)]
    steps: u64,
    /// Decides the run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Fails unless at least so many calls in a hundred succeed, each call is made
    /// at least so often (below), and every path is taken.
    #[arg(long)]
    demand: bool,
    /// How often each call must be made, with --demand.
    #[arg(long, default_value_t = 500)]
    each: u64,
}

/// The part of all calls that must succeed, in percent.
const SUCCEEDING: u64 = 60;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut bar = ProgressBar::new(arguments.steps);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} steps, {eta} left") {
        bar = bar.with_style(style);
    }
    let outcome = run_with(arguments.seed, arguments.steps, |step, _| {
        bar.set_position(step)
    });
    bar.finish_and_clear();
    let report = match outcome {
        Ok(report) => report,
        Err(violation) => {
            eprintln!("{violation}");
            return ExitCode::FAILURE;
        }
    };
    println!("seed {}: {report}", arguments.seed);
    if !arguments.demand {
        return ExitCode::SUCCESS;
    }
    let (calls, succeeded) = report.total();
    let mut wanting: Vec<String> = report
        .wanting(arguments.each)
        .into_iter()
        .map(|(call, made)| format!("{call} was made {made} times only"))
        .collect();
    wanting.extend(
        report
            .missing()
            .into_iter()
            .map(|path| format!("never: {path}")),
    );
    if succeeded * 100 < calls * SUCCEEDING {
        wanting.push(format!("only {succeeded} of {calls} calls succeeded"));
    }
    for what in &wanting {
        eprintln!("{what}");
    }
    if wanting.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
