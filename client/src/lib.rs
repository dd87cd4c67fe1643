// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
//!
//! Names and shapes are taken from the chain's own metadata, so that a program
//! keeps running over an upgrade that does not touch what it uses.

pub mod amount;
pub mod calls;
mod error;
pub mod events;
pub mod extrinsics;
pub mod keys;
mod light;
mod protocol;
pub mod reports;
pub mod types;
mod view;

pub use error::ChainError;
pub use view::View;

use std::{path::Path, sync::Arc, time::Duration};

use subxt::{
    OnlineClient, OnlineClientAtBlock, SubstrateConfig,
    backend::LegacyBackend,
    client::{Blocks, OnlineClientAtBlockImpl},
    config::{DefaultExtrinsicParamsBuilder, RpcConfigFor},
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
        };
        chain.best().await?.check_protocol()?;
        Ok(chain)
    }

    /// Connects to the first of several nodes that answers.
    ///
    /// # Errors
    /// As [`Self::connect`], of the last one tried.
    pub async fn connect_to_any(urls: &[String]) -> Result<Self, ChainError> {
        let mut last = ChainError::Rpc("no address of a node was given".into());
        for url in urls {
            match Self::connect(url).await {
                Ok(chain) => return Ok(chain),
                Err(cause) => last = cause,
            }
        }
        Err(last)
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
            .map_err(|_| ChainError::timeout())?
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
        let finalized = self.finalized().await?;
        let lag = best.number().saturating_sub(finalized.number());
        Ok(if lag <= FINALITY_LAG { finalized } else { best })
    }

    /// Signs a call that stays valid for 64 blocks after `anchor`, and returns
    /// its bytes. `tip` is in the chain's smallest unit.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`] where the chain has no such call.
    pub async fn sign<Fields: EncodeAsFields>(
        &self,
        anchor: &View,
        call: &DynamicPayload<Fields>,
        signer: &Keypair,
        nonce: u64,
        tip: u128,
    ) -> Result<SignedCall, ChainError> {
        let name = format!("{}.{}", call.pallet_name(), call.call_name());
        let parameters = DefaultExtrinsicParamsBuilder::<NiConfig>::new()
            .nonce(nonce)
            .mortal(MORTALITY)
            .tip(tip)
            .build();
        let mut transactions = anchor.inner().transactions();
        let signing = transactions.create_signed(call, signer, parameters);
        let transaction = tokio::time::timeout(PATIENCE, signing)
            .await
            .map_err(|_| ChainError::timeout())?
            .map_err(|error| ChainError::from_submission(&name, error))?;
        Ok(SignedCall { name, transaction })
    }

    /// Signs a call with the account's next nonce and puts it into the node's
    /// pool.
    ///
    /// # Errors
    /// As [`Self::sign`] and [`SignedCall::submit`].
    pub async fn submit<Fields: EncodeAsFields>(
        &self,
        call: &DynamicPayload<Fields>,
        signer: &Keypair,
    ) -> Result<Submitted, ChainError> {
        let nonce = self.next_nonce(&signer.public_key().0).await?;
        let anchor = self.anchor().await?;
        self.sign(&anchor, call, signer, nonce, 0)
            .await?
            .submit()
            .await
    }

    /// Signs a call, submits it and waits until it stands in a best block.
    ///
    /// # Errors
    /// As [`Self::submit`] and [`Submitted::included`].
    pub async fn call<Fields: EncodeAsFields>(
        &self,
        call: &DynamicPayload<Fields>,
        signer: &Keypair,
    ) -> Result<Included, ChainError> {
        self.submit(call, signer).await?.included().await
    }
}

impl SignedCall {
    /// The signed bytes, as nodes exchange them.
    pub fn encoded(&self) -> &[u8] {
        self.transaction.encoded()
    }

    /// What the chain would take for it now, in the smallest unit.
    ///
    /// # Errors
    /// [`ChainError::Rpc`].
    pub async fn fee(&self) -> Result<u128, ChainError> {
        within(self.transaction.partial_fee_estimate()).await
    }

    /// Puts it into the node's pool and watches it there.
    ///
    /// # Errors
    /// [`ChainError::Refused`] where the pool refuses it, with its reason.
    pub async fn submit(self) -> Result<Submitted, ChainError> {
        let progress = tokio::time::timeout(PATIENCE, self.transaction.submit_and_watch())
            .await
            .map_err(|_| ChainError::timeout())?
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
            .map_err(|_| ChainError::timeout())?
    }

    async fn until_included(mut self) -> Result<Included, ChainError> {
        let dropped = |message: String| ChainError::Dropped {
            call: self.call.clone(),
            message,
        };
        while let Some(status) = self.progress.next().await {
            let status = status.map_err(|error| ChainError::Rpc(error.to_string()))?;
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
            let emitted =
                within(block.wait_for_success())
                    .await
                    .map_err(|error| ChainError::Failed {
                        call: self.call.clone(),
                        message: error.to_string(),
                    })?;
            let mut events = Vec::new();
            for event in emitted.iter() {
                let event = event.map_err(|error| ChainError::Rpc(error.to_string()))?;
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

/// A client at one block.
pub(crate) type At = OnlineClientAtBlock<NiConfig>;

/// Runs a request, within [`PATIENCE`].
async fn within<T, E: std::fmt::Display>(
    request: impl Future<Output = Result<T, E>>,
) -> Result<T, ChainError> {
    tokio::time::timeout(PATIENCE, request)
        .await
        .map_err(|_| ChainError::timeout())?
        .map_err(|error| ChainError::Rpc(error.to_string()))
}
