// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a node is made of: its database, its transactions, and what imports blocks.

use crate::pool;
use ni_runtime::{BlockNumber, RuntimeApi, opaque::Block};
use sc_consensus_babe::{BabeLink, BabeWorkerHandle};
use sc_service::{Configuration, Error, PartialComponents, TFullBackend, TFullClient, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool::TransactionPoolHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_inherents::CreateInherentDataProviders;
use std::sync::Arc;

/// Executes the runtime's wasm with the SDK's host functions.
type Executor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
/// Executes, stores and answers.
pub(crate) type Client = TFullClient<Block, RuntimeApi, Executor>;
/// Where blocks and states are kept.
pub(crate) type Backend = TFullBackend<Block>;
/// Builds on the longest fork that finality allows.
pub(crate) type SelectChain = sc_consensus::LongestChain<Backend, Block>;
/// Checks and imports the blocks that come.
pub(crate) type ImportQueue = sc_consensus::DefaultImportQueue<Block>;
/// The transactions that wait.
pub(crate) type Pool = TransactionPoolHandle<Block, Client>;

/// What each block must carry besides transactions: its slot and its time.
pub(crate) type Inherents = Arc<
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
/// What a GRANDPA voter starts from.
pub(crate) type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, Client, SelectChain>;
type BabeImport =
    sc_consensus_babe::BabeBlockImport<Block, Client, GrandpaImport, Inherents, SelectChain>;

/// Finality proofs are kept at least every so many blocks.
pub(crate) const JUSTIFICATION_PERIOD: BlockNumber = 512;

/// What an author of blocks starts from.
pub(crate) struct Authoring {
    pub(crate) import: BabeImport,
    pub(crate) babe: BabeLink<Block>,
    pub(crate) inherents: Inherents,
}

/// The consensus part of [`partial`].
pub(crate) struct Consensus {
    pub(crate) authoring: Authoring,
    pub(crate) babe_worker: BabeWorkerHandle<Block>,
    pub(crate) grandpa: GrandpaLink,
    pub(crate) telemetry: Option<Telemetry>,
}

/// All that reading and importing blocks needs, without a network.
pub(crate) type Partial =
    PartialComponents<Client, Backend, SelectChain, ImportQueue, Pool, Consensus>;

/// Opens the database and builds what imports blocks into it.
///
/// # Errors
/// Where the database, the keystore or the chain's consensus cannot be opened.
pub(crate) fn partial(config: &Configuration) -> Result<Partial, Error> {
    let telemetry = telemetry(config)?;
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
            pool::Spawner::new(&task_manager),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    );
    let (import_queue, other) = consensus(
        config,
        &client,
        &select_chain,
        &transaction_pool,
        &task_manager,
        telemetry,
    )?;
    Ok(PartialComponents {
        client,
        backend,
        task_manager,
        keystore_container,
        select_chain,
        import_queue,
        transaction_pool,
        other,
    })
}

/// Telemetry with its worker, where the configuration names endpoints.
fn telemetry(
    config: &Configuration,
) -> Result<Option<(TelemetryWorker, Telemetry)>, sc_telemetry::Error> {
    config
        .telemetry_endpoints
        .clone()
        .filter(|endpoints| !endpoints.is_empty())
        .map(|endpoints| {
            let worker = TelemetryWorker::new(16)?;
            let telemetry = worker.handle().new_telemetry(endpoints);
            Ok((worker, telemetry))
        })
        .transpose()
}

/// Checks and imports blocks by BABE's rules and GRANDPA's.
fn consensus(
    config: &Configuration,
    client: &Arc<Client>,
    select_chain: &SelectChain,
    pool: &Arc<Pool>,
    task_manager: &TaskManager,
    telemetry: Option<Telemetry>,
) -> Result<(ImportQueue, Consensus), Error> {
    let (grandpa_import, grandpa) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        client,
        select_chain.clone(),
        telemetry.as_ref().map(Telemetry::handle),
    )?;
    let justification_import = grandpa_import.clone();
    let babe_config = sc_consensus_babe::configuration(&**client)?;
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
        OffchainTransactionPoolFactory::new(pool.clone()),
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
    let consensus = Consensus {
        authoring: Authoring {
            import,
            babe,
            inherents,
        },
        babe_worker,
        grandpa,
        telemetry,
    };
    Ok((import_queue, consensus))
}

/// Takes back what BABE and GRANDPA remember of the latest `blocks` blocks.
///
/// # Errors
/// Where the database refuses it.
pub(crate) fn revert_consensus(
    client: Arc<Client>,
    backend: Arc<Backend>,
    blocks: BlockNumber,
) -> sc_cli::Result<()> {
    sc_consensus_babe::revert(client.clone(), backend, blocks)?;
    sc_consensus_grandpa::revert(client, blocks)?;
    Ok(())
}
