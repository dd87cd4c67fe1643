// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Breaks a network of four validators on purpose, in one way after the other, and
//! writes down what came of it. Ends with a failure where something did not hold.

use std::{path::PathBuf, process::ExitCode, time::Instant};

use anyhow::Context;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use network_faults::{
    agree,
    lab::Lab,
    report::{self, Entry},
    scenarios::{Outcome, Scenario},
};

/// Breaks a network of four validators on purpose, and looks at who goes on.
#[derive(Parser)]
struct Arguments {
    /// Where to write the report; without it, it is printed.
    report: Option<PathBuf>,
    /// When, where and of what the report is made, for the page to say.
    #[arg(long, default_value = "by hand")]
    made: String,
    /// Only these faults; all without it.
    #[arg(long, value_enum)]
    only: Vec<Scenario>,
    /// A slot's length, in ms.
    #[arg(long, default_value_t = 1_000)]
    slot_ms: u64,
    /// Leave the network's folder behind, with every log.
    #[arg(long)]
    keep: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = tokio::runtime::Runtime::new()
        .context("cannot start the asynchronous runtime")
        .and_then(|runtime| runtime.block_on(run(&arguments)));
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("network-faults: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the scenarios; whether all held.
async fn run(arguments: &Arguments) -> anyhow::Result<bool> {
    let scenarios: Vec<_> = Scenario::ALL
        .into_iter()
        .filter(|scenario| arguments.only.is_empty() || arguments.only.contains(scenario))
        .collect();
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {elapsed}, {msg}")?;
    let bar = ProgressBar::new(scenarios.len() as u64).with_style(style);
    let mut lab: Option<Lab> = None;
    let mut entries = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let start = Instant::now();
        if lab.is_none() {
            bar.set_message("starting four validators and two workers");
            lab = Some(Lab::start(arguments.slot_ms).await?);
        }
        let Some(network) = &mut lab else { continue };
        bar.set_message(scenario.title());
        let verdict = one(scenario, network).await;
        let entry = Entry {
            scenario,
            seconds: start.elapsed().as_secs(),
            verdict: match verdict {
                Ok(verdict) => Ok(verdict),
                Err(error) => {
                    let standing = network.standing().await;
                    tell(
                        &bar,
                        &format!("{}: {error:#}; {standing}", scenario.title()),
                    );
                    // What comes next begins with a network that is whole.
                    if let Some(broken) = lab.take() {
                        drop_or_keep(broken, true);
                    }
                    Err(format!("{error:#}"))
                }
            },
        };
        let word = if entry.is_well() { "well" } else { "failed" };
        let title = scenario.title();
        tell(&bar, &format!("{title}: {word} after {} s", entry.seconds));
        bar.inc(1);
        entries.push(entry);
    }
    bar.finish_and_clear();
    if let Some(lab) = lab {
        drop_or_keep(lab, arguments.keep);
    }
    let page = report::page(&entries, arguments.slot_ms, &arguments.made);
    match &arguments.report {
        Some(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(path, page).with_context(|| path.display().to_string())?;
            println!("wrote {}", path.display());
        }
        None => println!("{page}"),
    }
    Ok(entries.iter().all(Entry::is_well))
}

/// Says something beside the bar, or without one where nobody would see it.
fn tell(bar: &ProgressBar, text: &str) {
    if bar.is_hidden() {
        eprintln!("{text}");
    } else {
        bar.println(text);
    }
}

async fn one(
    scenario: Scenario,
    lab: &mut Lab,
) -> anyhow::Result<(Outcome, Option<agree::Agreement>)> {
    let outcome = scenario.run(lab).await?;
    let agreement = match outcome {
        Outcome::Held(_) => Some(agree::check(lab).await?),
        Outcome::Skipped(_) => None,
    };
    Ok((outcome, agreement))
}

/// Ends a network; its folder stays where it is to be looked at.
fn drop_or_keep(mut lab: Lab, keep: bool) {
    if keep {
        println!("the logs are in {}", lab.network.keep().display());
    }
}
