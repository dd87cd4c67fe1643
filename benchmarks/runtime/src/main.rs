// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Reads the measured weights, asks the runtime, and writes the page.

use clap::Parser;
use runtime_report::{fits, page};
use std::{error::Error, fs, path::PathBuf, process::ExitCode};

/// What every call and hook costs, and how many GPUs a chain holds.
#[derive(Parser)]
struct Arguments {
    /// The page to write.
    page: PathBuf,
    /// The weights.rs files.
    #[arg(required = true)]
    weights: Vec<PathBuf>,
    /// When, where and of what it was made.
    #[arg(long)]
    made: String,
}

fn main() -> ExitCode {
    match write(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let files = fits::read(&arguments.weights)?;
    let page = page::page(&files, &arguments.made)?;
    let path = &arguments.page;
    fs::write(path, page).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(())
}
