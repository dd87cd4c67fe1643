// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The `ni-worker` binary; everything is in the library beside it.

use clap::Parser;

fn main() -> std::process::ExitCode {
    ni_worker::main(ni_worker::cli::Cli::parse())
}
