// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-node benchmark`.

use crate::{cli::Cli, parts};
use frame_benchmarking_cli::{BenchmarkCmd, SUBSTRATE_REFERENCE_HARDWARE};
use ni_runtime::opaque::Block;
use sc_cli::{CliConfiguration, SubstrateCli};
use sc_service::PartialComponents;
use sp_runtime::traits::HashingFor;

/// Benchmarks take the runtime from a file (`--runtime`) or from a chain
/// (`--chain`); the node itself needs no feature for them.
pub(crate) fn run(cli: &Cli, command: &BenchmarkCmd) -> sc_cli::Result<()> {
    let chain = command.shared_params().chain.as_deref();
    let chain = || chain.map(|id| cli.load_spec(id)).transpose();
    match command {
        BenchmarkCmd::Pallet(pallet) => {
            start_logging(command)?;
            pallet.run_with_spec::<HashingFor<Block>, ()>(chain()?)
        }
        BenchmarkCmd::Overhead(overhead) => {
            start_logging(command)?;
            overhead.run_with_default_builder_and_spec::<Block, ()>(chain()?)
        }
        BenchmarkCmd::Block(block) => cli.create_runner(command)?.sync_run(|config| {
            let PartialComponents { client, .. } = parts::partial(&config)?;
            block.run(client)
        }),
        BenchmarkCmd::Machine(machine) => cli
            .create_runner(command)?
            .sync_run(|config| machine.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone())),
        BenchmarkCmd::Storage(_) | BenchmarkCmd::Extrinsic(_) => Err(
            "not offered: storage weights are the SDK's for ParityDB, and extrinsics are measured \
             by `benchmark pallet`"
                .into(),
        ),
    }
}

/// What a runner does first. A benchmark of a runtime in a file has no chain to
/// make a runner for.
fn start_logging(command: &BenchmarkCmd) -> sc_cli::Result<()> {
    command.init(&Cli::support_url(), &Cli::impl_version(), |_| ())
}
