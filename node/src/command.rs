// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What each subcommand does.

use crate::{
    cli::{Cli, Subcommand},
    service,
};
use frame_benchmarking_cli::{BenchmarkCmd, SUBSTRATE_REFERENCE_HARDWARE};
use ni_runtime::opaque::Block;
use sc_cli::{CliConfiguration, SubstrateCli};
use sc_network::{Litep2pNetworkBackend, NetworkWorker, config::NetworkBackendType};
use sc_service::PartialComponents;
use sp_runtime::traits::{Block as BlockT, HashingFor};

/// Reads the command line and does what it says.
pub(crate) fn run() -> sc_cli::Result<()> {
    let cli = Cli::from_args();
    match &cli.subcommand {
        None => run_node(&cli),
        Some(Subcommand::Key(command)) => command.run(&cli),
        Some(Subcommand::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?),
        Some(Subcommand::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = service::partial(&config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(command)) => {
            cli.create_runner(command)?.async_run(|config| {
                let PartialComponents {
                    client,
                    task_manager,
                    ..
                } = service::partial(&config)?;
                Ok((command.run(client, config.database), task_manager))
            })
        }
        Some(Subcommand::ExportState(command)) => cli.create_runner(command)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                ..
            } = service::partial(&config)?;
            Ok((command.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(command)) => {
            cli.create_runner(command)?.async_run(|config| {
                let PartialComponents {
                    client,
                    task_manager,
                    import_queue,
                    ..
                } = service::partial(&config)?;
                Ok((command.run(client, import_queue), task_manager))
            })
        }
        Some(Subcommand::PurgeChain(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run(config.database)),
        Some(Subcommand::Revert(command)) => cli.create_runner(command)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                backend,
                ..
            } = service::partial(&config)?;
            let revert_consensus = Box::new(service::revert_consensus);
            Ok((
                command.run(client, backend, Some(revert_consensus)),
                task_manager,
            ))
        }),
        Some(Subcommand::ChainInfo(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run::<Block>(&config)),
        Some(Subcommand::Benchmark(command)) => benchmark(&cli, command),
    }
}

fn run_node(cli: &Cli) -> sc_cli::Result<()> {
    let mut run = cli.run.clone();
    // Whoever runs by a well-known account has no identity to lose.
    if run.get_keyring().is_some() {
        run.network_params
            .node_key_params
            .unsafe_force_node_key_generation = true;
    }
    cli.create_runner(&run)?
        .run_node_until_exit(|config| async move {
            match config.network.network_backend {
                NetworkBackendType::Libp2p => {
                    service::full::<NetworkWorker<Block, <Block as BlockT>::Hash>>(config)
                }
                NetworkBackendType::Litep2p => service::full::<Litep2pNetworkBackend>(config),
            }
            .map_err(sc_cli::Error::Service)
        })
}

/// Benchmarks take the runtime from a file (`--runtime`) or from a chain
/// (`--chain`); the node itself needs no feature for them.
fn benchmark(cli: &Cli, command: &BenchmarkCmd) -> sc_cli::Result<()> {
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
            let PartialComponents { client, .. } = service::partial(&config)?;
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
