// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The `ni-worker` binary; everything is in the library beside it.

fn main() -> std::process::ExitCode {
    ni_worker::main(std::env::args_os())
}
