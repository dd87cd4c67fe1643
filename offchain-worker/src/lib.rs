// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The off-chain worker: benchmarks a GPU, proves its work, verifies proofs,
//! and mines on an NI chain.
//!
//! [`cli`] holds the command line, [`commands`] one file per subcommand,
//! [`exit`] the documented exit codes and [`devices`] the choice of a device;
//! [`walks`] is the memory walk on one. [`environment`] is where variables are read,
//! [`output`] writes what commands print, with the [`redaction`] of keys in addresses, and
//! [`signals`] stops them.
//! [`miner`] is what `mine` runs, over [`ni_client`], and
//! [`store`] and [`history`], which outlive a crash, each in a [`database`]; [`keystore`] opens the keys
//! that sign; [`config`] is the settings file, [`preflight`] the checks before the
//! first run; [`telemetry`] shows how it does, and [`audit`] is what `audit` runs.

pub mod audit;
pub mod cli;
pub mod commands;
pub mod config;
pub mod database;
pub mod devices;
pub mod environment;
pub mod exit;
mod files;
pub mod history;
pub mod keystore;
pub mod miner;
pub mod output;
pub mod preflight;
pub mod redaction;
pub mod signals;
pub mod store;
pub mod telemetry;
pub mod walks;

use std::{ffi::OsString, io::IsTerminal, process::ExitCode};

use tracing_subscriber::EnvFilter;

use cli::{Cli, Command};
use exit::{Exit, Failure, OrExit};

/// Reads the command line, runs the command, and turns a failure into a message on
/// standard error and one of the exit codes of [`exit::Exit`].
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    keep_drivers_quiet();
    let done = match signals::install() {
        Ok(()) => cli::parse(arguments).map(run_quietly),
        Err(error) => Ok(Err(error).or_exit(Exit::Internal, "cannot take signals")),
    };
    match done {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            output::note(format_args!("ni-worker: {failure}"));
            failure.exit().into()
        }
        Err(code) => code,
    }
}

/// Runs the command; what it could not print is told at its end.
fn run_quietly(cli: Cli) -> Result<(), Failure> {
    start_logging(&cli);
    keystore::forbid_core_files();
    run(cli)?;
    output::finish()
}

/// Dispatches to the subcommand. The commands that talk to a chain run on an
/// asynchronous runtime, the others on this thread.
///
/// # Errors
/// Whatever the command failed with, with its exit code.
pub fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Devices(args) => commands::devices::run(&args),
        Command::Bench(args) => on_runtime(commands::bench::run(args)),
        Command::Prove(args) => commands::prove::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Check(args) => on_runtime(commands::check::run(args, cli.config)),
        Command::Register(args) => on_runtime(commands::register::register(args)),
        Command::Claim(args) => on_runtime(commands::register::claim(args)),
        Command::Config(command) => commands::config::run(&command),
        Command::Completions(args) => {
            commands::config::completions(&args);
            Ok(())
        }
        Command::Man(args) => commands::config::man(&args),
        Command::Keys(command) => commands::keys::run(&command),
        Command::Mine(args) => on_runtime(commands::mine::run(args, cli.config)),
        Command::Audit(args) => on_runtime(commands::audit::run(*args)),
        Command::Status(args) => on_runtime(commands::status::run(args)),
    }
}

fn on_runtime(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .or_exit(Exit::Internal, "cannot start the asynchronous runtime")?
        .block_on(command)
}

/// Without a desktop session Mesa's device-select layer prints an error about a
/// missing `XDG_RUNTIME_DIR` into every command's output. All it does is to order
/// devices for desktops, so it is left on there and off elsewhere.
#[allow(unsafe_code)]
fn keep_drivers_quiet() {
    if environment::variable("XDG_RUNTIME_DIR").is_none() {
        // Safety: this is the first thing the process does; no other thread can
        // be reading the environment.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}

/// Logs go to standard error: for people on a terminal, as JSON otherwise.
fn start_logging(cli: &Cli) {
    let filter = cli.log.clone().filter(|filter| !filter.is_empty());
    let filter = filter.unwrap_or_else(|| {
        let level = if matches!(cli.command, Command::Mine(_) | Command::Audit(_)) {
            "info"
        } else {
            "warn"
        };
        format!("warn,ni_worker={level},ni_shaders={level}")
    });
    let filter = EnvFilter::builder().parse_lossy(filter);
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Where they cannot be written they are lost; telling of it would fail likewise.
        .log_internal_errors(false)
        .with_writer(redaction::Stderr);
    // A second initialisation in one process (tests) keeps the first.
    let _ = if std::io::stderr().is_terminal() {
        logs.try_init()
    } else {
        logs.json().try_init()
    };
}
