// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The `ni-worker` binary; everything is in the library beside it.

fn main() -> std::process::ExitCode {
    match ni_worker::cli::parse(std::env::args_os()) {
        Ok(cli) => ni_worker::main(cli),
        Err(code) => code,
    }
}
