// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Plays every adversary and writes the page and the plot.

use adversaries::{
    findings::{Authors, Skippers, Tricks},
    page, plot,
};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use std::{error::Error, fs, path::PathBuf, process::ExitCode, thread};

/// Dishonest miners and block authors: how often they are caught, and what they gain.
#[derive(Parser)]
struct Arguments {
    /// Where page and plot go.
    folder: PathBuf,
    /// When, where and of what they were made, for the page.
    #[arg(long)]
    made: String,
    /// Windows for each number of samples.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    windows: u32,
    /// Windows that authors play for.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    drawn: u32,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match make(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", arguments.folder.display());
            ExitCode::FAILURE
        }
    }
}

fn make(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(&arguments.folder)?;
    let tricks = Tricks::play();
    let authors = Authors::play(arguments.drawn);
    let runs = Skippers::runs(arguments.windows);
    let all = runs.iter().map(|run| u64::from(run.windows)).sum();
    let bar = ProgressBar::new(all).with_style(ProgressStyle::with_template(
        "{wide_bar} {percent}% of {len} windows, {eta} left",
    )?);
    let threads = thread::available_parallelism()?.get();
    let skippers = Skippers::play(arguments.windows, threads, || bar.inc(1));
    bar.finish_and_clear();
    plot::draw(&arguments.folder.join("caught.svg"), &skippers.sub_tiles)?;
    let page = page::page(&skippers, &tricks, &authors, &arguments.made)?;
    fs::write(arguments.folder.join("README.md"), page)?;
    Ok(())
}
