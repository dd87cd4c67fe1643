// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Runs every scenario and writes data, plots and tables.

use clap::Parser;
use economics::{Outcome, Pace, Scenario, YEAR, ni_a_block, pages, plots, run_with, scenario::ALL};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    error::Error,
    fs,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Twenty years of the economy on the assembled runtime, in every scenario.
#[derive(Parser)]
struct Arguments {
    /// Where data, plots and tables go.
    folder: PathBuf,
    /// When, where and of what they were made, for the page.
    #[arg(long)]
    made: String,
    /// Years.
    #[arg(long, default_value_t = 20)]
    years: u32,
    /// Days that a round stands for.
    #[arg(long, default_value_t = 5)]
    days: u32,
    /// Only this scenario, by its name.
    #[arg(long)]
    only: Option<String>,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match make(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("a supply does not add up: see results.md");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{}: {error}", arguments.folder.display());
            ExitCode::FAILURE
        }
    }
}

/// Runs all scenarios, and says whether every supply adds up.
fn make(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let pace = Pace {
        days: arguments.days,
    };
    let wanted = |scenario: &Scenario| {
        let only = arguments.only.as_deref();
        only.is_none_or(|only| only == scenario.name())
    };
    let scenarios: Vec<Scenario> = ALL.into_iter().filter(wanted).collect();
    if scenarios.is_empty() {
        let names: Vec<&str> = ALL.iter().map(|scenario| scenario.name()).collect();
        return Err(format!("there is no such scenario; there are {}", names.join(", ")).into());
    }
    let all = u64::from(arguments.years * YEAR) * scenarios.len() as u64;
    let bar = ProgressBar::new(all).with_style(ProgressStyle::with_template(
        "{wide_bar} {percent}% of {len} days, {eta} left",
    )?);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Outcome>> = Mutex::default();
    let work = || {
        while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
            let watch = |_: u32, _: Scenario| bar.inc(u64::from(arguments.days));
            let outcome = run_with(*scenario, arguments.years, pace, ni_a_block(), watch);
            if let Ok(mut done) = done.lock() {
                done.push(outcome);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..arguments.threads {
            scope.spawn(work);
        }
    });
    bar.finish_and_clear();
    let mut outcomes = done.into_inner()?;
    outcomes.sort_by_key(|outcome| outcome.scenario);

    fs::create_dir_all(arguments.folder.join("data"))?;
    for outcome in &outcomes {
        let name = format!("{}.csv", outcome.scenario.name());
        fs::write(
            arguments.folder.join("data").join(name),
            pages::data(outcome),
        )?;
    }
    plots::draw(&arguments.folder, &outcomes)?;
    let page = pages::results(&outcomes, &arguments.made);
    fs::write(arguments.folder.join("results.md"), page)?;
    Ok(outcomes.len() == scenarios.len() && outcomes.iter().all(|outcome| outcome.audit.holds()))
}
