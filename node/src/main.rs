// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The NI chain's node: executes the runtime's wasm, authors blocks by BABE and
//! finalises them by GRANDPA.
// The SDK's own error is what is large.
#![allow(clippy::result_large_err)]

#[cfg(feature = "benchmark")]
mod benchmark;
mod chain_spec;
mod cli;
mod command;
mod failure;
mod parts;
mod pool;
mod ports;
mod rpc;
mod service;

use sc_cli::SubstrateCli;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::from_args();
    match command::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {}", failure::told(&cli, &error));
            ExitCode::FAILURE
        }
    }
}
