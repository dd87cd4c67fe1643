// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Compares the weights that the runtime charges with those of another measurement.

use clap::Parser;
use runtime_report::{again, fits};
use std::{fs, path::PathBuf, process::ExitCode};

/// What the runtime charges beside what was measured again.
#[derive(Parser)]
struct Arguments {
    /// The page to write.
    page: PathBuf,
    /// The weights.rs files that the runtime is compiled with.
    #[arg(required = true)]
    charged: Vec<PathBuf>,
    /// Those of the other measurement.
    #[arg(long, required = true, num_args = 1..)]
    measured: Vec<PathBuf>,
    /// When, where and of what it was made.
    #[arg(long)]
    made: String,
}

fn main() -> ExitCode {
    match compare(&Arguments::parse()) {
        Ok(problems) if problems.is_empty() => ExitCode::SUCCESS,
        Ok(problems) => {
            eprintln!("{}", problems.join("\n"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(arguments: &Arguments) -> Result<Vec<String>, String> {
    let charged = fits::read(&arguments.charged)?;
    let measured = fits::read(&arguments.measured)?;
    let (page, problems) = again::page(&charged, &measured, &arguments.made);
    let path = &arguments.page;
    fs::write(path, page).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(problems)
}
