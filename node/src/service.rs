// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How a node is started: its network, its RPC and its part in consensus.

use crate::{
    parts::{
        self, Authoring, Backend, Client, Consensus, GrandpaLink, ImportQueue,
        JUSTIFICATION_PERIOD, Pool, SelectChain,
    },
    rpc,
};
use futures::FutureExt;
use ni_runtime::{configs::system::BLOCK_LENGTH, opaque::Block};
use sc_client_api::Backend as _;
use sc_consensus::JustificationSyncLink;
use sc_consensus_babe::{BabeWorkerHandle, SlotProportion, SyncOracle};
use sc_consensus_grandpa::SharedVoterState;
use sc_network::{
    NetworkBackend, NotificationService, ProtocolName, config::FullNetworkConfiguration,
    service::traits::NetworkService,
};
use sc_service::{Configuration, Error, PartialComponents, Role, TaskManager, WarpSyncConfig};
use sc_telemetry::{Telemetry, TelemetryHandle};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use sp_runtime::traits::Block as BlockT;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

/// Bytes of a block that is made: what the runtime lets its transactions have, but for so
/// much that the block, in hex, is within the 10 MiB that clients of JSON-RPC take of an
/// answer. The proposer's own default is 4 MiB, and would keep out a fifth of the reveals
/// that the windows' parameters count on.
const BLOCK_SIZE: usize = BLOCK_LENGTH as usize - 64 * 1024;

/// How long a GRANDPA message may take through the network.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);
/// The part of a slot in which a block is made; the rest is for its way through
/// the network.
const PROPOSAL_PORTION: f32 = 0.5;

/// What the parts of a running node have in common.
struct Common {
    role: Role,
    client: Arc<Client>,
    backend: Arc<Backend>,
    select_chain: SelectChain,
    pool: Arc<Pool>,
    keystore: KeystorePtr,
    prometheus: Option<Registry>,
    telemetry: Option<TelemetryHandle>,
}

/// Starts a node: network, RPC and, as far as its role says, authoring and
/// finality. It runs until the task manager that is returned is dropped.
///
/// # Errors
/// Where the database cannot be opened, or a part does not start.
pub(crate) fn full<Network: NetworkBackend<Block, <Block as BlockT>::Hash>>(
    config: Configuration,
) -> Result<TaskManager, Error> {
    let (common, mut task_manager, import_queue, consensus) = Common::open(&config)?;
    let Consensus {
        authoring,
        babe_worker,
        grandpa,
        mut telemetry,
    } = consensus;
    let voter_state = SharedVoterState::empty();
    let sources = common.sources(babe_worker, &grandpa, &voter_state);

    let metrics = Network::register_notification_metrics(common.prometheus.as_ref());
    let mut net_config =
        FullNetworkConfiguration::<_, _, Network>::new(&config.network, common.prometheus.clone());
    let protocol = sc_consensus_grandpa::protocol_standard_name(
        &common.client.chain_info().genesis_hash,
        &config.chain_spec,
    );
    let (grandpa_peers, notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<_, Network>(
        protocol.clone(),
        metrics.clone(),
        net_config.peer_store_handle(),
    );
    net_config.add_notification_protocol(grandpa_peers);
    let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
        sc_service::build_network(sc_service::BuildNetworkParams {
            config: &config,
            net_config,
            client: common.client.clone(),
            transaction_pool: common.pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(common.warp_sync(&grandpa)),
            block_relay: None,
            metrics,
            gap_sync_body_policy: None,
        })?;
    let voting = Voting {
        link: grandpa,
        protocol,
        notifications,
        state: voter_state,
        name: config.network.node_name.clone(),
    };
    let (force_authoring, finalise) = (config.force_authoring, !config.disable_grandpa);
    let offchain_workers = config.offchain_worker.enabled;
    sc_service::spawn_tasks(sc_service::SpawnTasksParams {
        config,
        client: common.client.clone(),
        backend: common.backend.clone(),
        task_manager: &mut task_manager,
        keystore: common.keystore.clone(),
        transaction_pool: common.pool.clone(),
        rpc_builder: Box::new(move |executor| rpc::module(&sources, executor)),
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;
    if offchain_workers {
        common.run_offchain_workers(&task_manager, network.clone())?;
    }
    if common.role.is_authority() {
        common.author(
            &task_manager,
            authoring,
            force_authoring,
            sync_service.clone(),
        )?;
    }
    if finalise {
        let voter = voting.parameters(&common, network, sync_service);
        task_manager.spawn_essential_handle().spawn_blocking(
            "grandpa-voter",
            None,
            sc_consensus_grandpa::run_grandpa_voter(voter)?,
        );
    }
    Ok(task_manager)
}

impl Common {
    /// Opens the database, and all that is made of it.
    fn open(config: &Configuration) -> Result<(Self, TaskManager, ImportQueue, Consensus), Error> {
        let PartialComponents {
            client,
            backend,
            task_manager,
            keystore_container,
            select_chain,
            import_queue,
            transaction_pool,
            other: consensus,
        } = parts::partial(config)?;
        let common = Self {
            role: config.role,
            client,
            backend,
            select_chain,
            pool: transaction_pool,
            keystore: keystore_container.keystore(),
            prometheus: config.prometheus_registry().cloned(),
            telemetry: consensus.telemetry.as_ref().map(Telemetry::handle),
        };
        Ok((common, task_manager, import_queue, consensus))
    }

    /// What the RPC answers from.
    fn sources(
        &self,
        babe: BabeWorkerHandle<Block>,
        grandpa: &GrandpaLink,
        voter_state: &SharedVoterState,
    ) -> rpc::Sources {
        rpc::Sources {
            client: self.client.clone(),
            pool: self.pool.clone(),
            select_chain: self.select_chain.clone(),
            keystore: self.keystore.clone(),
            babe,
            authority_set: grandpa.shared_authority_set().clone(),
            voter_state: voter_state.clone(),
            justifications: grandpa.justification_stream(),
            finality_proofs: sc_consensus_grandpa::FinalityProofProvider::new_for_service(
                self.backend.clone(),
                Some(grandpa.shared_authority_set().clone()),
            ),
        }
    }

    /// How others catch up: by GRANDPA's proofs.
    fn warp_sync(&self, grandpa: &GrandpaLink) -> WarpSyncConfig<Block> {
        WarpSyncConfig::WithProvider(Arc::new(
            sc_consensus_grandpa::warp_proof::NetworkProvider::new(
                self.backend.clone(),
                grandpa.shared_authority_set().clone(),
                Vec::new(),
            ),
        ))
    }

    /// Where the runtime's own transactions go.
    fn offchain_pool(&self) -> OffchainTransactionPoolFactory<Block> {
        OffchainTransactionPoolFactory::new(self.pool.clone())
    }

    fn run_offchain_workers(
        &self,
        task_manager: &TaskManager,
        network: Arc<dyn NetworkService>,
    ) -> Result<(), Error> {
        let workers = sc_offchain::OffchainWorkers::new(sc_offchain::OffchainWorkerOptions {
            runtime_api_provider: self.client.clone(),
            keystore: Some(self.keystore.clone()),
            offchain_db: self.backend.offchain_storage(),
            transaction_pool: Some(self.offchain_pool()),
            network_provider: Arc::new(network),
            is_validator: self.role.is_authority(),
            enable_http_requests: false,
            custom_extensions: |_| Vec::new(),
        })?;
        task_manager.spawn_handle().spawn(
            "offchain-workers-runner",
            "offchain-worker",
            workers
                .run(self.client.clone(), task_manager.spawn_handle())
                .boxed(),
        );
        Ok(())
    }

    /// Makes blocks in the slots that this node's keys own.
    fn author<Syncing>(
        &self,
        task_manager: &TaskManager,
        authoring: Authoring,
        force_authoring: bool,
        sync: Syncing,
    ) -> Result<(), Error>
    where
        Syncing: SyncOracle + JustificationSyncLink<Block> + Clone + Send + Sync + 'static,
    {
        let Authoring {
            import,
            babe,
            inherents,
        } = authoring;
        let mut proposer = sc_basic_authorship::ProposerFactory::new(
            task_manager.spawn_handle(),
            self.client.clone(),
            self.pool.clone(),
            self.prometheus.as_ref(),
            self.telemetry.clone(),
        );
        proposer.set_default_block_size_limit(BLOCK_SIZE);
        let author = sc_consensus_babe::start_babe(sc_consensus_babe::BabeParams {
            keystore: self.keystore.clone(),
            client: self.client.clone(),
            select_chain: self.select_chain.clone(),
            env: proposer,
            block_import: import,
            sync_oracle: sync.clone(),
            justification_sync_link: sync,
            create_inherent_data_providers: inherents,
            force_authoring,
            // Windows are counted in blocks: they go on while finality lags.
            backoff_authoring_blocks: None::<()>,
            babe_link: babe,
            block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
            max_block_proposal_slot_portion: None,
            telemetry: self.telemetry.clone(),
        })?;
        task_manager.spawn_essential_handle().spawn_blocking(
            "babe-proposer",
            Some("block-authoring"),
            author,
        );
        Ok(())
    }
}

/// What a GRANDPA voter starts from.
struct Voting {
    link: GrandpaLink,
    protocol: ProtocolName,
    notifications: Box<dyn NotificationService>,
    state: SharedVoterState,
    name: String,
}

impl Voting {
    /// How the voter runs. Who has no authority's role only follows the votes.
    fn parameters<Syncing>(
        self,
        common: &Common,
        network: Arc<dyn NetworkService>,
        sync: Syncing,
    ) -> sc_consensus_grandpa::GrandpaParams<
        Block,
        Client,
        Arc<dyn NetworkService>,
        Syncing,
        SelectChain,
        impl sc_consensus_grandpa::VotingRule<Block, Client> + Clone + use<Syncing>,
    > {
        sc_consensus_grandpa::GrandpaParams {
            config: sc_consensus_grandpa::Config {
                gossip_duration: GOSSIP_DURATION,
                justification_generation_period: JUSTIFICATION_PERIOD,
                name: Some(self.name),
                observer_enabled: false,
                keystore: common.role.is_authority().then(|| common.keystore.clone()),
                local_role: common.role,
                telemetry: common.telemetry.clone(),
                protocol_name: self.protocol,
            },
            link: self.link,
            network,
            sync,
            notification_service: self.notifications,
            voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
            prometheus_registry: common.prometheus.clone(),
            shared_voter_state: self.state,
            telemetry: common.telemetry.clone(),
            offchain_tx_pool_factory: common.offchain_pool(),
        }
    }
}
