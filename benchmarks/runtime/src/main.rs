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
    let mut files: Vec<page::File> = Vec::new();
    for path in &arguments.weights {
        let name = path.display();
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        let fits = fits::parse(&text).map_err(|error| format!("{name}: {error}"))?;
        let measured = fits::measured(&text).ok_or_else(|| format!("{name}: no date"))?;
        // pallets/NAME/src/weights.rs, or runtime/src/NAME/weights.rs.
        let folder = path
            .iter()
            .rev()
            .skip(1)
            .filter_map(|part| part.to_str())
            .find(|part| *part != "src")
            .ok_or_else(|| format!("{name} is in no pallet's folder"))?;
        files.push((folder.to_owned(), measured.to_owned(), fits));
    }
    let page = page::page(&files, &arguments.made)?;
    let path = &arguments.page;
    fs::write(path, page).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(())
}
