// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The parts of a node and how they are put together.

use crate::rpc;
use futures::FutureExt;
use ni_runtime::{BlockNumber, RuntimeApi, configs::system::BLOCK_LENGTH, opaque::Block};
use sc_client_api::Backend as _;
use sc_consensus_babe::{BabeLink, BabeWorkerHandle, SlotProportion};
use sc_consensus_grandpa::SharedVoterState;
use sc_network::{NetworkBackend, config::FullNetworkConfiguration};
use sc_service::{
    Configuration, Error, PartialComponents, TFullBackend, TFullClient, TaskManager, WarpSyncConfig,
};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_inherents::CreateInherentDataProviders;
use sp_runtime::traits::Block as BlockT;
use std::{sync::Arc, time::Duration};

/// Executes the runtime's wasm with the SDK's host functions.
type Executor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
/// Executes, stores and answers.
pub(crate) type Client = TFullClient<Block, RuntimeApi, Executor>;
/// Where blocks and states are kept.
pub(crate) type Backend = TFullBackend<Block>;
/// Builds on the longest fork that finality allows.
pub(crate) type SelectChain = sc_consensus::LongestChain<Backend, Block>;

/// What each block must carry besides transactions: its slot and its time.
type Inherents = Arc<
    dyn CreateInherentDataProviders<
            Block,
            (),
            InherentDataProviders = (
                sp_consensus_babe::inherents::InherentDataProvider,
                sp_timestamp::InherentDataProvider,
            ),
        >,
>;
type GrandpaImport = sc_consensus_grandpa::GrandpaBlockImport<Backend, Block, Client, SelectChain>;
type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, Client, SelectChain>;
type BabeImport =
    sc_consensus_babe::BabeBlockImport<Block, Client, GrandpaImport, Inherents, SelectChain>;

/// Bytes of a block that is made: what the runtime lets its transactions have, but for so
/// much that the block, in hex, is within the 10 MiB that clients of JSON-RPC take of an
/// answer. The proposer's own default is 4 MiB, and would keep out a fifth of the reveals
/// that the windows' parameters count on.
const BLOCK_SIZE: usize = BLOCK_LENGTH as usize - 64 * 1024;

/// Finality proofs are kept at least every so many blocks.
const JUSTIFICATION_PERIOD: BlockNumber = 512;
/// How long a GRANDPA message may take through the network.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);
/// The part of a slot in which a block is made; the rest is for its way through
/// the network.
const PROPOSAL_PORTION: f32 = 0.5;

/// The consensus part of [`partial`].
pub(crate) struct Consensus {
    import: BabeImport,
    babe: BabeLink<Block>,
    babe_worker: BabeWorkerHandle<Block>,
    grandpa: GrandpaLink,
    inherents: Inherents,
    telemetry: Option<Telemetry>,
}

/// All that reading and importing blocks needs, without a network.
pub(crate) type Partial = PartialComponents<
    Client,
    Backend,
    SelectChain,
    sc_consensus::DefaultImportQueue<Block>,
    TransactionPoolHandle<Block, Client>,
    Consensus,
>;

/// Opens the database and builds what imports blocks into it.
pub(crate) fn partial(config: &Configuration) -> Result<Partial, Error> {
    let telemetry = config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| -> Result<_, sc_telemetry::Error> {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()?;
    let (client, backend, keystore_container, task_manager) =
        sc_service::new_full_parts::<Block, RuntimeApi, Executor>(
            config,
            telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
            sc_service::new_wasm_executor(&config.executor),
            Vec::new(),
        )?;
    let client = Arc::new(client);
    let telemetry = telemetry.map(|(worker, telemetry)| {
        task_manager
            .spawn_handle()
            .spawn("telemetry", None, worker.run());
        telemetry
    });
    let select_chain = SelectChain::new(backend.clone());
    let transaction_pool = Arc::new(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );

    let (grandpa_import, grandpa) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry.as_ref().map(Telemetry::handle),
    )?;
    let justification_import = grandpa_import.clone();

    let babe_config = sc_consensus_babe::configuration(&*client)?;
    let slot_duration = babe_config.slot_duration();
    let inherents: Inherents = Arc::new(move |_parent, ()| async move {
        let time = sp_timestamp::InherentDataProvider::from_system_time();
        let slot =
            sp_consensus_babe::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
                *time,
                slot_duration,
            );
        Ok((slot, time))
    });
    let (import, babe) = sc_consensus_babe::block_import(
        babe_config,
        grandpa_import,
        client.clone(),
        inherents.clone(),
        select_chain.clone(),
        OffchainTransactionPoolFactory::new(transaction_pool.clone()),
    )?;
    let (import_queue, babe_worker) =
        sc_consensus_babe::import_queue(sc_consensus_babe::ImportQueueParams {
            link: babe.clone(),
            block_import: import.clone(),
            justification_import: Some(Box::new(justification_import)),
            client: client.clone(),
            slot_duration,
            spawner: &task_manager.spawn_essential_handle(),
            registry: config.prometheus_registry(),
            telemetry: telemetry.as_ref().map(Telemetry::handle),
        })?;

    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        keystore_container,
        select_chain,
        import_queue,
        transaction_pool,
        other: Consensus {
            import,
            babe,
            babe_worker,
            grandpa,
            inherents,
            telemetry,
        },
    })
}

/// Takes back what BABE and GRANDPA remember of the latest `blocks` blocks.
pub(crate) fn revert_consensus(
    client: Arc<Client>,
    backend: Arc<Backend>,
    blocks: BlockNumber,
) -> sc_cli::Result<()> {
    sc_consensus_babe::revert(client.clone(), backend, blocks)?;
    sc_consensus_grandpa::revert(client, blocks)?;
    Ok(())
}

/// Starts a node: network, RPC and, as far as its role says, authoring and
/// finality. It runs until the task manager that is returned is dropped.
pub(crate) fn full<Network: NetworkBackend<Block, <Block as BlockT>::Hash>>(
    config: Configuration,
) -> Result<TaskManager, Error> {
    let PartialComponents {
        client,
        backend,
        mut task_manager,
        keystore_container,
        select_chain,
        import_queue,
        transaction_pool,
        other:
            Consensus {
                import,
                babe,
                babe_worker,
                grandpa,
                inherents,
                mut telemetry,
            },
    } = partial(&config)?;

    let role = config.role;
    let name = config.network.node_name.clone();
    let force_authoring = config.force_authoring;
    let finalise = !config.disable_grandpa;
    let offchain_workers = config.offchain_worker.enabled;
    let prometheus = config.prometheus_registry().cloned();
    let keystore = keystore_container.keystore();
    let voter_state = SharedVoterState::empty();
    let offchain_pool = OffchainTransactionPoolFactory::new(transaction_pool.clone());

    let metrics = Network::register_notification_metrics(prometheus.as_ref());
    let mut net_config =
        FullNetworkConfiguration::<_, _, Network>::new(&config.network, prometheus.clone());
    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(
        &client.chain_info().genesis_hash,
        &config.chain_spec,
    );
    let (grandpa_peers, grandpa_notifications) =
        sc_consensus_grandpa::grandpa_peers_set_config::<_, Network>(
            grandpa_protocol.clone(),
            metrics.clone(),
            net_config.peer_store_handle(),
        );
    net_config.add_notification_protocol(grandpa_peers);
    let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
        backend.clone(),
        grandpa.shared_authority_set().clone(),
        Vec::new(),
    ));
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;

    let sources = rpc::Sources {
        client: client.clone(),
        pool: transaction_pool.clone(),
        select_chain: select_chain.clone(),
        keystore: keystore.clone(),
        babe: babe_worker,
        authority_set: grandpa.shared_authority_set().clone(),
        voter_state: voter_state.clone(),
        justifications: grandpa.justification_stream(),
        finality_proofs: sc_consensus_grandpa::FinalityProofProvider::new_for_service(
            backend.clone(),
            Some(grandpa.shared_authority_set().clone()),
        ),
    };
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: client.clone(),
        backend: backend.clone(),
        task_manager: &mut task_manager,
        keystore: keystore.clone(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder: Box::new(move |executor| rpc::module(&sources, executor)),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;
    let telemetry = telemetry.as_ref().map(Telemetry::handle);

    if offchain_workers {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: client.clone(),
            keystore: Some(keystore.clone()),
            offchain_db: backend.offchain_storage(),
            transaction_pool: Some(offchain_pool.clone()),
            network_provider: Arc::new(network.clone()),
            is_validator: role.is_authority(),
            enable_http_requests: false,
            custom_extensions: |_| Vec::new(),
        })?;
        task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            "offchain-worker",
            workers
                .run(client.clone(), task_manager.spawn_handle())
                .boxed(),
        );
    }

    if role.is_authority() {
        let mut proposer = sc_basic_authorship::ProposerFactory::new(
            task_manager.spawn_handle(),
            client.clone(),
            transaction_pool.clone(),
            prometheus.as_ref(),
            telemetry.clone(),
        );
        proposer.set_default_block_size_limit(BLOCK_SIZE);
        let author = sc_consensus_babe::start_babe(sc_consensus_babe::BabeParams {
            keystore: keystore.clone(),
            client,
            select_chain,
            env: proposer,
            block_import: import,
            sync_oracle: sync_service.clone(),
            justification_sync_link: sync_service.clone(),
            create_inherent_data_providers: inherents,
            force_authoring,
            // Windows are counted in blocks: they go on while finality lags.
            backoff_authoring_blocks: None::<()>,
            babe_link: babe,
            block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
            max_block_proposal_slot_portion: None,
            telemetry: telemetry.clone(),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking(
            "babe-proposer",
            Some("block-authoring"),
            author,
        );
    }

    if finalise {
        let voter = sc_consensus_grandpa::run_grandpa_voter(sc_consensus_grandpa::GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: GOSSIP_DURATION,
                justification_generation_period: JUSTIFICATION_PERIOD,
                name: Some(name),
                observer_enabled: false,
                keystore: role.is_authority().then_some(keystore),
                local_role: role,
                telemetry: telemetry.clone(),
                protocol_name: grandpa_protocol,
            },
            link: grandpa,
            network,
            sync: sync_service,
            notification_service: grandpa_notifications,
            voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
            prometheus_registry: prometheus,
            shared_voter_state: voter_state,
            telemetry,
            offchain_tx_pool_factory: offchain_pool,
        })?;
        task_manager
            .spawn_essential_handle()
            .spawn_blocking("grandpa-voter", None, voter);
    }

    Ok(task_manager)
}
