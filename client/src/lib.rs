// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
//!
//! Names and shapes are taken from the chain's own metadata, so that a program
//! keeps running over an upgrade that does not touch what it uses.

pub mod amount;
pub mod calls;
mod courier;
mod error;
pub mod events;
pub mod extrinsics;
mod foresight;
pub mod keys;
mod letter;
mod light;
mod nodes;
mod protocol;
pub mod reports;
pub mod types;
mod view;

pub use courier::{Courier, Fate};
pub use error::{ChainError, Reason};
pub use letter::Letter;
pub use nodes::Nodes;
pub use view::View;

use std::{path::Path, sync::Arc, time::Duration};

use subxt::{
    OnlineClient, OnlineClientAtBlock, SubstrateConfig,
    backend::LegacyBackend,
    client::{Blocks, OnlineClientAtBlockImpl},
    config::RpcConfigFor,
    dynamic,
    ext::{scale_decode::DecodeAsType, scale_encode::EncodeAsFields},
    rpcs::{LegacyRpcMethods, RpcClient},
    transactions::{
        DynamicPayload, SubmittableTransaction, TransactionProgress, TransactionStatus,
    },
    utils::{AccountId32, H256},
};
use subxt_signer::sr25519::Keypair;

use events::Event;
use letter::Moment;
use types::Bytes32;

pub use light::{address as light_address, is_light};

/// How subxt talks to an NI chain.
pub type NiConfig = SubstrateConfig;

/// Longest time that one request may take. Shorter than the grace blocks of a
/// window, so that another node can still take the commit.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longest time that the connection itself may take.
const CONNECTING: Duration = Duration::from_secs(20);

/// Longest wait for a call to reach a block: past its mortality at the slowest
/// pace of blocks.
const INCLUSION: Duration = Duration::from_secs(900);

/// Blocks that a signed call stays valid for.
const MORTALITY: u64 = 64;

/// Furthest that the finalized block may lie behind the best one for a call
/// to be anchored to it rather than to the best block.
const FINALITY_LAG: u64 = 32;

/// A connection to one node of the chain. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Chain {
    url: Arc<str>,
    client: OnlineClient<NiConfig>,
    methods: LegacyRpcMethods<RpcConfigFor<NiConfig>>,
    rpc: RpcClient,
    /// The way to the other nodes, where there are any.
    courier: Option<Courier>,
}

/// A call that reached a block and was dispatched without an error.
#[derive(Clone, Debug)]
pub struct Included {
    /// The block's hash.
    pub block: H256,
    /// What this call emitted, of the events that the worker knows.
    pub events: Vec<Event>,
}

/// A call that is signed, and not yet sent.
pub struct SignedCall {
    name: String,
    transaction: SubmittableTransaction<NiConfig, OnlineClientAtBlockImpl<NiConfig>>,
}

/// A call in the node's pool, to be waited for.
pub struct Submitted {
    call: String,
    progress: TransactionProgress<NiConfig, OnlineClientAtBlockImpl<NiConfig>>,
}

/// The part of BABE's configuration that a worker needs.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct BabeConfiguration {
    slot_duration: u64,
}

impl Chain {
    /// Connects to a node and makes sure that it serves an NI chain. An address
    /// such as `light:FILE` stands for a light client of the chain that the file
    /// specifies, see [`Self::light`].
    ///
    /// # Errors
    /// [`ChainError::Unreachable`] where nothing answers at `url`,
    /// [`ChainError::WrongChain`] where what answers is no NI chain.
    pub async fn connect(url: &str) -> Result<Self, ChainError> {
        if let Some(specification) = url.strip_prefix(light::SCHEME) {
            return Self::light(Path::new(specification)).await;
        }
        let unreachable = |cause: String| ChainError::Unreachable {
            url: url.to_owned(),
            cause,
        };
        let connecting = async {
            let rpc = RpcClient::from_insecure_url(url)
                .await
                .map_err(|error| unreachable(error.to_string()))?;
            Self::over(url, rpc).await
        };
        tokio::time::timeout(CONNECTING, connecting)
            .await
            .map_err(|_| unreachable(format!("no answer in {} s", CONNECTING.as_secs())))?
    }

    /// As [`Self::connect`], over a connection that there is already.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn over(url: &str, rpc: RpcClient) -> Result<Self, ChainError> {
        let backend = LegacyBackend::builder().build(rpc.clone());
        let client = OnlineClient::from_backend(Arc::new(backend))
            .await
            .map_err(|error| ChainError::Unreachable {
                url: url.to_owned(),
                cause: error.to_string(),
            })?;
        let chain = Self {
            url: url.into(),
            client,
            methods: LegacyRpcMethods::new(rpc.clone()),
            rpc,
            courier: None,
        };
        chain.best().await?.check_protocol()?;
        Ok(chain)
    }

    /// Connects to the first of several nodes that answers and whose best block is of now.
    /// Calls then go to all of them, see [`Self::call`].
    ///
    /// # Errors
    /// As [`Nodes::connect`].
    pub async fn connect_to_any(urls: &[String]) -> Result<Self, ChainError> {
        Nodes::new(urls.to_vec()).first().await
    }

    /// The same connection, with the way to the other nodes.
    pub(crate) fn with(self, courier: &Courier) -> Self {
        Self {
            courier: Some(courier.clone()),
            ..self
        }
    }

    /// The same connection, without the way to the others.
    pub(crate) fn alone(&self) -> Self {
        Self {
            courier: None,
            ..self.clone()
        }
    }

    /// Another node, with the way to all of them that this one has.
    #[must_use]
    pub fn same_way_as(&self, other: Self) -> Self {
        Self {
            courier: self.courier.clone(),
            ..other
        }
    }

    /// This node, and all others that were named with it, can be reached and have a block
    /// of today: to ask them what one alone is not to be believed.
    pub async fn all(&self) -> Vec<Self> {
        let mut all = vec![self.alone()];
        if let Some(courier) = &self.courier {
            for chain in courier.connections().await {
                let is_other =
                    chain.url() != self.url() && chain.genesis_hash() == self.genesis_hash();
                if is_other && nodes::is_of_today(&chain).await {
                    all.push(chain);
                }
            }
        }
        all
    }

    /// Whether both are clones of one connection.
    pub(crate) fn is_same_connection(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.url, &other.url)
    }

    /// The address it was connected to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether it is a light client.
    pub fn is_light(&self) -> bool {
        is_light(&self.url)
    }

    /// Block 0's hash.
    pub fn genesis_hash(&self) -> [u8; 32] {
        self.client.genesis_hash().0
    }

    /// The underlying RPC client, for methods outside the runtime.
    pub fn rpc(&self) -> &RpcClient {
        &self.rpc
    }

    /// The state at the best block now.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub async fn best(&self) -> Result<View, ChainError> {
        let hash = within(self.methods.chain_get_block_hash(None)).await?;
        let hash = hash.ok_or_else(|| ChainError::Rpc("the node names no best block".into()))?;
        self.at(hash).await
    }

    /// The state at the last finalized block now.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub async fn finalized(&self) -> Result<View, ChainError> {
        let hash = within(self.methods.chain_get_finalized_head()).await?;
        self.at(hash).await
    }

    /// The state at the block with this hash.
    ///
    /// # Errors
    /// [`ChainError::Rpc`] where the node does not know the block, has pruned
    /// its state or does not answer.
    pub async fn at(&self, hash: H256) -> Result<View, ChainError> {
        let at = within(self.client.at_block(hash)).await?;
        Ok(View::new(at))
    }

    /// The state at the best chain's block of this number.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub async fn at_number(&self, number: u64) -> Result<View, ChainError> {
        let at = within(self.client.at_block(number)).await?;
        Ok(View::new(at))
    }

    /// Every new best block's header from now on.
    ///
    /// # Errors
    /// [`ChainError::Rpc`] where the node refuses the subscription.
    pub async fn best_blocks(&self) -> Result<Blocks<NiConfig>, ChainError> {
        within(self.client.stream_best_blocks()).await
    }

    /// Every finalized block's header from now on.
    ///
    /// # Errors
    /// [`ChainError::Rpc`] where the node refuses the subscription.
    pub async fn finalized_blocks(&self) -> Result<Blocks<NiConfig>, ChainError> {
        within(self.client.stream_blocks()).await
    }

    /// The hash of the best chain's block of this number, whether its state is kept or
    /// not.
    ///
    /// # Errors
    /// [`ChainError::Rpc`], also where there is no such block yet.
    pub async fn hash_of(&self, number: u64) -> Result<H256, ChainError> {
        let hash = within(self.methods.chain_get_block_hash(Some(number.into()))).await?;
        hash.ok_or_else(|| ChainError::Rpc(format!("the node has no block {number}")))
    }

    /// How long the chain's slots last, in milliseconds.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`] where the chain has no BABE.
    pub async fn slot_duration_ms(&self) -> Result<u64, ChainError> {
        let call =
            dynamic::runtime_api_call::<(), BabeConfiguration>("BabeApi", "configuration", ());
        let best = self.best().await?;
        let configuration = tokio::time::timeout(PATIENCE, best.inner().runtime_apis().call(call))
            .await
            .map_err(|_| ChainError::Timeout)?
            .map_err(|error| ChainError::WrongChain(error.to_string()))?;
        Ok(configuration.slot_duration)
    }

    /// The next nonce of an account, counting its calls in the node's pool.
    ///
    /// # Errors
    /// [`ChainError::Rpc`].
    pub async fn next_nonce(&self, account: &[u8; 32]) -> Result<u64, ChainError> {
        let account = AccountId32(*account);
        within(self.methods.system_account_next_index(&account)).await
    }

    /// The block to anchor calls to: the last finalized one, so that they
    /// survive a reorganisation, unless it lies far behind.
    ///
    /// # Errors
    /// As [`Self::at`].
    pub async fn anchor(&self) -> Result<View, ChainError> {
        let best = self.best().await?;
        self.anchor_of(&best).await
    }

    async fn anchor_of(&self, best: &View) -> Result<View, ChainError> {
        let finalized = self.finalized().await?;
        let lag = best.number().saturating_sub(finalized.number());
        Ok(if lag <= FINALITY_LAG {
            finalized
        } else {
            best.clone()
        })
    }

    /// Signs a call that stays valid for 64 blocks after `anchor`, for that block's
    /// runtime. `tip` is in the chain's smallest unit.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`] where the chain has no such call.
    pub fn sign<Fields: EncodeAsFields>(
        &self,
        anchor: &View,
        call: &DynamicPayload<Fields>,
        signer: &Keypair,
        nonce: u64,
        tip: u128,
    ) -> Result<SignedCall, ChainError> {
        Moment::of(anchor).sign(call, signer, nonce, tip)
    }

    /// Signs a call with the account's next nonce and puts it into this node's
    /// pool.
    ///
    /// # Errors
    /// As [`Self::sign`] and [`SignedCall::submit`].
    pub async fn submit<Fields: EncodeAsFields>(
        &self,
        call: &DynamicPayload<Fields>,
        signer: &Keypair,
    ) -> Result<Submitted, ChainError> {
        let (terms, moment) = self.terms(&signer.public_key().0).await?;
        moment.sign(call, signer, terms.nonce, 0)?.submit().await
    }

    /// Puts signed bytes into this node's pool and watches them there.
    pub(crate) async fn submit_bytes(
        &self,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Submitted, ChainError> {
        let best = self.best().await?;
        let call = SignedCall {
            name: name.to_owned(),
            transaction: best.inner().transactions().from_bytes(bytes),
        };
        call.submit().await
    }

    /// Signs a call, submits it and waits until it stands in a best block.
    ///
    /// The same bytes go to every node that was named. Where nodes do not agree on what is
    /// to be signed, the account's lowest number is tried first, and a higher one only once
    /// all signed with it has been refused or has expired: so no call is made twice,
    /// whatever a node says. What all nodes but one refuse is not waited for: that one may
    /// be lying. Of two nodes that do not agree either may be, and it is waited for.
    ///
    /// # Errors
    /// As [`Self::submit`] and [`Submitted::included`].
    pub async fn call<Fields: EncodeAsFields>(
        &self,
        call: &DynamicPayload<Fields>,
        signer: &Keypair,
    ) -> Result<Included, ChainError> {
        let all = self.all().await;
        if all.len() == 1 {
            return self.submit(call, signer).await?.included().await;
        }
        let mut signed = Vec::new();
        let mut last = ChainError::Timeout;
        for chain in &all {
            match chain.terms(&signer.public_key().0).await {
                Ok((terms, _)) if signed.iter().any(|(known, _)| *known == terms) => {}
                Ok((terms, moment)) => {
                    signed.push((terms, moment.sign(call, signer, terms.nonce, 0)?));
                }
                Err(cause) => last = cause,
            }
        }
        signed.sort_by_key(|(terms, _)| terms.nonce);
        for variants in signed.chunk_by(|(one, _), (other, _)| one.nonce == other.nonce) {
            let mut watched = tokio::task::JoinSet::new();
            for (_, variant) in variants {
                let mut taken = Vec::new();
                let mut impossible = 0;
                for chain in &all {
                    let bytes = variant.encoded().to_vec();
                    match chain.submit_bytes(&variant.name, bytes).await {
                        Ok(submitted) => taken.push(submitted),
                        Err(ChainError::Refused {
                            reason: Reason::Known,
                            ..
                        }) => {}
                        Err(cause) => {
                            impossible += usize::from(is_impossible(&cause));
                            last = cause;
                        }
                    }
                }
                if !is_one_nodes_word(impossible, all.len()) {
                    for submitted in taken {
                        watched.spawn(submitted.included());
                    }
                }
            }
            while let Some(ended) = watched.join_next().await {
                match ended {
                    Ok(Err(cause @ ChainError::Failed { .. })) => return Err(cause),
                    Ok(Ok(included)) => return Ok(included),
                    Ok(Err(cause)) => last = cause,
                    Err(cause) => last = ChainError::Rpc(cause.to_string()),
                }
            }
        }
        Err(last)
    }

    /// Puts a signed call into the pools of all nodes that were named, and does not wait for
    /// a block.
    ///
    /// # Errors
    /// That of the last node, where none takes it.
    pub async fn spread(&self, signed: &SignedCall) -> Result<(), ChainError> {
        let mut taken = false;
        let mut last = ChainError::Timeout;
        for chain in self.all().await {
            let bytes = signed.encoded().to_vec();
            match chain.submit_bytes(&signed.name, bytes).await {
                Ok(_) => taken = true,
                Err(ChainError::Refused {
                    reason: Reason::Known,
                    ..
                }) => taken = true,
                Err(cause) => last = cause,
            }
        }
        if taken { Ok(()) } else { Err(last) }
    }

    /// What the chain would take for a call, by the node that says the least: the chain
    /// takes what is right, whatever a node says.
    ///
    /// # Errors
    /// [`ChainError::Rpc`] where no node says.
    pub async fn fee(&self, signed: &SignedCall) -> Result<u128, ChainError> {
        let mut least = None;
        let mut last = ChainError::Timeout;
        for chain in self.all().await {
            let asked = async {
                let best = chain.best().await?;
                let transactions = best.inner().transactions();
                let transaction = transactions.from_bytes(signed.encoded().to_vec());
                within(transaction.partial_fee_estimate()).await
            };
            match asked.await {
                Ok(fee) => least = Some(least.map_or(fee, |least: u128| least.min(fee))),
                Err(cause) => last = cause,
            }
        }
        least.ok_or(last)
    }
}

impl SignedCall {
    /// The signed bytes, as nodes exchange them.
    pub fn encoded(&self) -> &[u8] {
        self.transaction.encoded()
    }

    /// Puts it into the node's pool and watches it there.
    ///
    /// # Errors
    /// [`ChainError::Refused`] where the pool refuses it, with its reason.
    pub async fn submit(self) -> Result<Submitted, ChainError> {
        let progress = tokio::time::timeout(PATIENCE, self.transaction.submit_and_watch())
            .await
            .map_err(|_| ChainError::Timeout)?
            .map_err(|error| ChainError::from_submission(&self.name, error))?;
        Ok(Submitted {
            call: self.name,
            progress,
        })
    }
}

impl Submitted {
    /// Waits until the call stands in a best block, and for what it did there.
    ///
    /// Ends by itself: a call that no block takes outlives its mortality and
    /// is dropped from the pool; and where the node hangs, after 15 minutes.
    ///
    /// # Errors
    /// [`ChainError::Failed`] where it was dispatched with an error,
    /// [`ChainError::Dropped`] where it left the pool without a block,
    /// [`ChainError::Rpc`] where the node does not say.
    pub async fn included(self) -> Result<Included, ChainError> {
        tokio::time::timeout(INCLUSION, self.until_included())
            .await
            .map_err(|_| ChainError::Timeout)?
    }

    async fn until_included(mut self) -> Result<Included, ChainError> {
        let dropped = |message: String| ChainError::Dropped {
            call: self.call.clone(),
            message,
        };
        while let Some(status) = self.progress.next().await {
            let status = status.map_err(|error| ChainError::from_request(&error))?;
            let block = match status {
                TransactionStatus::InBestBlock(block)
                | TransactionStatus::InFinalizedBlock(block) => block,
                TransactionStatus::Error { message }
                | TransactionStatus::Invalid { message }
                | TransactionStatus::Dropped { message } => return Err(dropped(message)),
                TransactionStatus::Validated
                | TransactionStatus::Broadcasted
                | TransactionStatus::NoLongerInBestBlock => continue,
            };
            let emitted = tokio::time::timeout(PATIENCE, block.wait_for_success())
                .await
                .map_err(|_| ChainError::Timeout)?
                .map_err(|error| ChainError::from_events(&self.call, error))?;
            let mut events = Vec::new();
            for event in emitted.iter() {
                let event = event.map_err(|error| ChainError::from_request(&error))?;
                events.extend(Event::decode(&event)?);
            }
            return Ok(Included {
                block: block.block_hash(),
                events,
            });
        }
        Err(dropped("the node stopped watching it".into()))
    }
}

/// Whether a node says that no block can take these signed bytes.
const fn is_impossible(cause: &ChainError) -> bool {
    matches!(
        cause,
        ChainError::Refused {
            reason: Reason::Outdated | Reason::BadSignature,
            ..
        }
    )
}

/// Whether no more than one node may hold what so many of all say is impossible. It takes
/// two to say so: of two nodes that do not agree either may be lying.
const fn is_one_nodes_word(impossible: usize, nodes: usize) -> bool {
    impossible >= 2 && impossible + 1 >= nodes
}

/// A client at one block.
pub(crate) type At = OnlineClientAtBlock<NiConfig>;

/// Runs a request, within [`PATIENCE`].
async fn within<T, E: std::fmt::Display>(
    request: impl Future<Output = Result<T, E>>,
) -> Result<T, ChainError> {
    tokio::time::timeout(PATIENCE, request)
        .await
        .map_err(|_| ChainError::Timeout)?
        .map_err(|error| ChainError::from_request(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_nodes_but_one_refuse_is_not_waited_for() {
        assert!(is_one_nodes_word(2, 3));
        assert!(is_one_nodes_word(3, 3));
        assert!(is_one_nodes_word(4, 5));
        assert!(!is_one_nodes_word(3, 5));
        // A single liar may say so of what the only other node takes.
        assert!(!is_one_nodes_word(1, 2));
        assert!(!is_one_nodes_word(0, 1));
        assert!(is_one_nodes_word(2, 2));
    }

    #[test]
    fn impossible_is_what_other_bytes_are_needed_for() {
        let refused = |reason| ChainError::Refused {
            call: "Miners.register".into(),
            reason,
        };
        assert!(is_impossible(&refused(Reason::Outdated)));
        assert!(is_impossible(&refused(Reason::BadSignature)));
        for later in [Reason::Payment, Reason::Outbid, Reason::Banned] {
            assert!(!is_impossible(&refused(later)));
        }
        assert!(!is_impossible(&ChainError::Timeout));
    }
}
