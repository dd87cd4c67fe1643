// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What each subcommand does.

use crate::{
    cli::{Cli, Subcommand},
    parts, ports, service,
};
use ni_runtime::opaque::Block;
use sc_cli::SubstrateCli;
use sc_network::{Litep2pNetworkBackend, NetworkWorker, config::NetworkBackendType};
use sc_service::PartialComponents;
use sp_runtime::traits::Block as BlockT;

/// Does what the command line says.
///
/// # Errors
/// Where it cannot.
pub(crate) fn run(cli: &Cli) -> sc_cli::Result<()> {
    match &cli.subcommand {
        None => run_node(cli),
        Some(Subcommand::Key(command)) => command.run(cli),
        Some(Subcommand::ExportChainSpec(command)) => command.run(cli.load_spec(&command.chain)?),
        Some(Subcommand::CheckBlock(command)) => cli.create_runner(command)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                import_queue,
                ..
            } = parts::partial(&config)?;
            Ok((command.run(client, import_queue), task_manager))
        }),
        Some(Subcommand::ExportBlocks(command)) => {
            cli.create_runner(command)?.async_run(|config| {
                let PartialComponents {
                    client,
                    task_manager,
                    ..
                } = parts::partial(&config)?;
                Ok((command.run(client, config.database), task_manager))
            })
        }
        Some(Subcommand::ExportState(command)) => cli.create_runner(command)?.async_run(|config| {
            let PartialComponents {
                client,
                task_manager,
                ..
            } = parts::partial(&config)?;
            Ok((command.run(client, config.chain_spec), task_manager))
        }),
        Some(Subcommand::ImportBlocks(command)) => {
            cli.create_runner(command)?.async_run(|config| {
                let PartialComponents {
                    client,
                    task_manager,
                    import_queue,
                    ..
                } = parts::partial(&config)?;
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
            } = parts::partial(&config)?;
            let revert_consensus = Box::new(parts::revert_consensus);
            Ok((
                command.run(client, backend, Some(revert_consensus)),
                task_manager,
            ))
        }),
        Some(Subcommand::ChainInfo(command)) => cli
            .create_runner(command)?
            .sync_run(|config| command.run::<Block>(&config)),
        #[cfg(feature = "benchmark")]
        Some(Subcommand::Benchmark(command)) => crate::benchmark::run(cli, command),
        #[cfg(not(feature = "benchmark"))]
        Some(Subcommand::Benchmark(_)) => Err(
            "this node was built without it: `cargo build --package ni-node --features benchmark`"
                .into(),
        ),
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
    let mut runner = cli.create_runner(&run)?;
    ports::claim(runner.config_mut())?;
    runner.run_node_until_exit(|config| async move {
        match config.network.network_backend {
            NetworkBackendType::Libp2p => {
                service::full::<NetworkWorker<Block, <Block as BlockT>::Hash>>(config)
            }
            NetworkBackendType::Litep2p => service::full::<Litep2pNetworkBackend>(config),
        }
        .map_err(sc_cli::Error::Service)
    })
}
