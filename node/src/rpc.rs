// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the node answers besides the SDK's own RPC: nonces and dry runs, fees,
//! and how authoring and finality go.

use crate::parts::{Backend, Client, Pool, SelectChain};
use jsonrpsee::RpcModule;
use ni_runtime::{AccountId, Balance, BlockNumber, Hash, Nonce, opaque::Block};
use pallet_transaction_payment::RuntimeDispatchInfo;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_grandpa::{
    FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sp_keystore::KeystorePtr;
use std::sync::Arc;
use substrate_frame_rpc_system::{System, SystemApiServer};

/// What the answers are made from.
pub(crate) struct Sources {
    /// The chain.
    pub(crate) client: Arc<Client>,
    /// The transactions that wait.
    pub(crate) pool: Arc<Pool>,
    /// Which fork is built on.
    pub(crate) select_chain: SelectChain,
    /// This node's keys, to say which slots it may author.
    pub(crate) keystore: KeystorePtr,
    /// BABE's epochs.
    pub(crate) babe: BabeWorkerHandle<Block>,
    /// GRANDPA's voters.
    pub(crate) authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// GRANDPA's votes in the current round.
    pub(crate) voter_state: SharedVoterState,
    /// What was finalised.
    pub(crate) justifications: GrandpaJustificationStream<Block>,
    /// Proofs of what was finalised earlier.
    pub(crate) finality_proofs: Arc<FinalityProofProvider<Backend, Block>>,
}

/// All methods as one module.
///
/// # Errors
/// Where two parts have a method of the same name.
pub(crate) fn module(
    sources: &Sources,
    executor: SubscriptionTaskExecutor,
) -> Result<RpcModule<()>, sc_service::Error> {
    let Sources { client, pool, .. } = sources;
    let mut module = RpcModule::new(());
    let merged: Result<(), jsonrpsee::server::RegisterMethodError> = (|| {
        module.merge(SystemApiServer::<Hash, AccountId, Nonce>::into_rpc(
            System::new(client.clone(), pool.clone()),
        ))?;
        module.merge(TransactionPaymentApiServer::<
            Hash,
            RuntimeDispatchInfo<Balance>,
        >::into_rpc(TransactionPayment::<_, Block>::new(
            client.clone(),
        )))?;
        module.merge(
            Babe::new(
                client.clone(),
                sources.babe.clone(),
                sources.keystore.clone(),
                sources.select_chain.clone(),
            )
            .into_rpc(),
        )?;
        module.merge(
            Grandpa::new(
                executor,
                sources.authority_set.clone(),
                sources.voter_state.clone(),
                sources.justifications.clone(),
                sources.finality_proofs.clone(),
            )
            .into_rpc(),
        )?;
        Ok(())
    })();
    merged.map_err(|error| sc_service::Error::Application(error.into()))?;
    Ok(module)
}
