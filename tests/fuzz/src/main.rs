// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Tries inputs without an engine: a campaign by a seed, one input again, or the
//! seeds that a corpus begins with.

use std::{error::Error, fs, panic, path::PathBuf, process::ExitCode};

use clap::Parser;
use fuzz::{TARGETS, attempt, campaign, corpus, target};
use indicatif::{ProgressBar, ProgressStyle};

/// Gives hostile input to a target.
#[derive(Parser)]
enum Command {
    /// Alters the corpus of every target by a seed.
    Campaign {
        /// Inputs for each target.
        cases: u64,
        /// Decides them.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// One target alone.
        #[arg(long)]
        target: Option<String>,
    },
    /// Tries the input in a file again.
    Again {
        /// The target.
        target: String,
        /// The input.
        file: PathBuf,
    },
    /// Writes the inputs that a target's corpus begins with into a folder.
    Seeds {
        /// The target.
        target: String,
        /// The folder, which is made.
        folder: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Command::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}

fn known(name: &str) -> Result<&'static fuzz::Target, String> {
    target(name).ok_or_else(|| {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        format!("{name} is no target; these are: {}", names.join(", "))
    })
}

/// The worker's store turns them into errors, thousands in a campaign: a backtrace of each
/// would hide one that matters.
fn keep_the_databases_panics_quiet() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        let from_database = panic
            .location()
            .is_some_and(|location| location.file().contains("/redb-"));
        if !from_database {
            tell(panic);
        }
    }));
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Campaign {
            cases,
            seed,
            target,
        } => {
            keep_the_databases_panics_quiet();
            let one = target.as_deref().map(known).transpose()?;
            for target in TARGETS
                .iter()
                .filter(|each| one.is_none_or(|one| one.name == each.name))
            {
                let bar = ProgressBar::new(cases)
                    .with_message(target.name)
                    .with_style(ProgressStyle::with_template(
                        "{msg} {wide_bar} {pos}/{len}, {eta} left",
                    )?);
                let tally = campaign(target, &corpus(target), cases, seed, || bar.inc(1));
                bar.finish_and_clear();
                println!(
                    "{}: {} inputs, {} decoded, {} accepted",
                    target.name, tally.cases, tally.decoded, tally.accepted
                );
            }
        }
        Command::Again { target, file } => {
            let input = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            println!("{:?}", attempt(known(&target)?, &input));
        }
        Command::Seeds { target, folder } => {
            let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
            fs::create_dir_all(&folder).map_err(failed)?;
            for (number, seed) in (0..).zip((known(&target)?.seeds)()) {
                fs::write(folder.join(format!("seed-{number:03}")), seed).map_err(failed)?;
            }
        }
    }
    Ok(())
}
