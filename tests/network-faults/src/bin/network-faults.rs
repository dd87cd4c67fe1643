// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Breaks a network of four validators on purpose, in one way after the other, and
//! writes down what came of it. Ends with a failure where something did not hold.

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use network_faults::{
    agree::{self, Agreement},
    figures::{Figures, Watch},
    lab::{Lab, WITNESS},
    report::{self, Entry, Verdict},
    scenarios::{Outcome, Scenario},
    unshown::Unshown,
};
use test_network::until_stopped;

/// The longest that one attempt at a fault may take.
const BOUND: Duration = Duration::from_secs(600);

/// How often a fault is tried that could not be shown.
const ATTEMPTS: u32 = 2;

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
        .and_then(|runtime| runtime.block_on(until_stopped(run(&arguments))));
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
    bar.enable_steady_tick(Duration::from_secs(1));
    let mut runner = Runner {
        keep: arguments.keep,
        bar,
        lab: None,
    };
    let mut entries = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let slot_ms = arguments.slot_ms * scenario.slots();
        entries.push(runner.entry(scenario, slot_ms).await);
        runner.bar.inc(1);
    }
    runner.bar.finish_and_clear();
    runner.end(arguments.keep);
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

/// What goes from one fault to the next.
struct Runner {
    keep: bool,
    bar: ProgressBar,
    /// The network, with the length of its slots in ms; none where the last was broken.
    lab: Option<(Lab, u64)>,
}

impl Runner {
    /// Does one fault, again on another network where nothing could be shown.
    async fn entry(&mut self, scenario: Scenario, slot_ms: u64) -> Entry {
        let title = scenario.title();
        let mut attempt = 1;
        loop {
            let start = Instant::now();
            self.say(title);
            let done = tokio::time::timeout(BOUND, self.attempt(scenario, slot_ms)).await;
            let (verdict, figures) = done.unwrap_or_else(|_| {
                let long = format!("it was not over within {} s", BOUND.as_secs());
                (Verdict::Failed(long), None)
            });
            let entry = Entry {
                scenario,
                seconds: start.elapsed().as_secs(),
                slot_ms,
                verdict,
                figures,
            };
            tell(
                &self.bar,
                &format!("{title}: {} after {} s", entry.word(), entry.seconds),
            );
            match &entry.verdict {
                Verdict::Held { .. } | Verdict::Skipped(_) => return entry,
                Verdict::Failed(why) | Verdict::Unshown(why) => tell(&self.bar, why),
            }
            // What comes next begins with a network that is whole.
            self.end(true);
            let again = matches!(entry.verdict, Verdict::Unshown(_)) && attempt < ATTEMPTS;
            if !again {
                return entry;
            }
            attempt += 1;
        }
    }

    /// Does one fault once, on the network that is there if its slots are as long.
    async fn attempt(&mut self, scenario: Scenario, slot_ms: u64) -> (Verdict, Option<Figures>) {
        if self.lab.as_ref().is_some_and(|(_, has)| *has != slot_ms) {
            self.end(self.keep);
        }
        if self.lab.is_none() {
            self.say("starting four validators and two workers");
            match Lab::start(slot_ms).await {
                Ok(lab) => self.lab = Some((lab, slot_ms)),
                Err(error) => return (wrong(&error), None),
            }
            self.say(scenario.title());
        }
        let Some((lab, _)) = &mut self.lab else {
            return (Verdict::Failed("no network".to_owned()), None);
        };
        let watch = match Watch::start(lab).await {
            Ok(watch) => watch,
            Err(error) => return (wrong(&error), None),
        };
        let (verdict, blocks) = match one(scenario, lab).await {
            Ok((Outcome::Skipped(why), _)) => return (Verdict::Skipped(why), None),
            Ok((Outcome::Held(seen), agreement)) => {
                let blocks = lab.readers[WITNESS].blocks();
                (Verdict::Held { seen, agreement }, blocks)
            }
            Err(error) => {
                let verdict = match wrong(&error) {
                    Verdict::Failed(why) => {
                        Verdict::Failed(format!("{why}; {}", lab.standing().await))
                    }
                    other => other,
                };
                // What is left of it may not answer.
                let _ = lab.refresh().await;
                (verdict, lab.follower.blocks())
            }
        };
        (verdict, watch.end(lab, blocks).await.ok())
    }

    /// Ends the network that is there.
    fn end(&mut self, keep: bool) {
        if let Some((mut lab, _)) = self.lab.take()
            && keep
        {
            let logs = lab.network.keep();
            tell(&self.bar, &format!("the logs are in {}", logs.display()));
        }
    }

    /// Says what is being done.
    fn say(&self, what: &'static str) {
        self.bar.set_message(what);
        if self.bar.is_hidden() {
            eprintln!("{what} ...");
        }
    }
}

/// What an error means for a fault.
fn wrong(error: &anyhow::Error) -> Verdict {
    match Unshown::of(error) {
        Some(Unshown(reason)) => Verdict::Unshown(reason.clone()),
        None => Verdict::Failed(format!("{error:#}")),
    }
}

/// Says something beside the bar, or without one where nobody would see it.
fn tell(bar: &ProgressBar, text: &str) {
    if bar.is_hidden() {
        eprintln!("{text}");
    } else {
        bar.println(text);
    }
}

/// Does a fault, and compares everything after it.
async fn one(scenario: Scenario, lab: &mut Lab) -> anyhow::Result<(Outcome, Agreement)> {
    let outcome = scenario.run(lab).await?;
    let agreement = agree::check(lab).await?;
    Ok((outcome, agreement))
}
