// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A light client in this process, in place of a node: it verifies the chain's
//! headers and finality itself and asks any full node for proofs of the rest.

use std::{path::Path, sync::Arc, time::Duration};

use serde::Deserialize;
use subxt::{
    OnlineClient,
    backend::LegacyBackend,
    lightclient::LightClient,
    rpcs::{LegacyRpcMethods, RpcClient, rpc_params},
};
use tracing::info;

use super::{Chain, ChainError};

/// What the address of a light client begins with.
pub(super) const SCHEME: &str = "light:";

/// The address that stands for a light client of the chain in this file.
pub fn address(specification: &Path) -> String {
    format!("{SCHEME}{}", specification.display())
}

/// Whether this address stands for a light client.
pub fn is_light(url: &str) -> bool {
    url.starts_with(SCHEME)
}

/// Longest chain specification that is read.
const LONGEST: u64 = 64 << 20;

/// Longest wait for peers and the chain's head.
const SYNC: Duration = Duration::from_secs(180);

/// Time between two looks at how far it is.
const POLL: Duration = Duration::from_millis(500);

/// What a client says of its synchronisation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SystemHealth {
    peers: u64,
    is_syncing: bool,
}

impl Chain {
    /// Starts a light client of the chain that a specification describes, and
    /// waits until it has found the chain's head. It ends with the value.
    ///
    /// # Errors
    /// [`ChainError::Light`] where the file is no specification or its boot
    /// nodes do not answer, [`ChainError::WrongChain`] where it is no NI chain.
    pub async fn light(specification: &Path) -> Result<Self, ChainError> {
        let shown = specification.display();
        let failed = |cause: String| ChainError::Light(format!("{shown}: {cause}"));
        let size = std::fs::metadata(specification)
            .map_err(|error| failed(error.to_string()))?
            .len();
        if size > LONGEST {
            return Err(failed(format!("{size} bytes are too long")));
        }
        let text =
            std::fs::read_to_string(specification).map_err(|error| failed(error.to_string()))?;
        // Some editors put the mark of its encoding before a text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (_, rpc) = LightClient::relay_chain(text).map_err(|error| failed(error.to_string()))?;
        let rpc = RpcClient::new(rpc);
        tokio::time::timeout(SYNC, synced(&rpc))
            .await
            .map_err(|_| {
                failed(format!(
                    "no head of the chain found in {} s: do its bootNodes run, and are they \
                     reachable from here?",
                    SYNC.as_secs()
                ))
            })?
            .map_err(|error| failed(error.to_string()))?;
        let connecting = async {
            let backend = LegacyBackend::builder().build(rpc.clone());
            OnlineClient::from_backend(Arc::new(backend)).await
        };
        let client = tokio::time::timeout(SYNC, connecting)
            .await
            .map_err(|_| failed("its peers do not serve the runtime".to_owned()))?
            .map_err(|error| failed(error.to_string()))?;
        let chain = Self {
            url: address(specification).into(),
            client,
            methods: LegacyRpcMethods::new(rpc.clone()),
            rpc,
            courier: None,
        };
        chain.best().await?.check_protocol()?;
        Ok(chain)
    }
}

/// Waits until the light client has peers and has caught up with them.
async fn synced(rpc: &RpcClient) -> Result<(), subxt::rpcs::Error> {
    let mut peers = None;
    loop {
        let health: SystemHealth = rpc.request("system_health", rpc_params![]).await?;
        if peers.replace(health.peers) != Some(health.peers) {
            info!(peers = health.peers, "the light client looks for the chain");
        }
        if health.peers > 0 && !health.is_syncing {
            return Ok(());
        }
        tokio::time::sleep(POLL).await;
    }
}
