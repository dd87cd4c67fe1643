// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a miner reads of each best block.

use subxt::utils::H256;

use ni_client::{
    Chain, ChainError, View,
    types::{Bytes32, GpuState, Window},
};

/// The part of the chain's state that a miner acts on.
pub(super) struct Seen {
    /// The block's state.
    pub(super) view: View,
    /// The block's number.
    pub(super) number: u32,
    /// The window in progress.
    pub(super) window: Option<Window>,
    /// The miner's GPUs, in order.
    pub(super) states: Vec<GpuState>,
}

impl Seen {
    /// Reads it at the block with this hash.
    pub(super) async fn read(
        chain: &Chain,
        hash: H256,
        account: &Bytes32,
        gpus: usize,
    ) -> Result<Self, ChainError> {
        let view = chain.at(hash).await?;
        let number = u32::try_from(view.number())
            .map_err(|_| ChainError::WrongChain("a block number above 2^32".into()))?;
        let mut states = Vec::with_capacity(gpus);
        for (gpu, _) in (0..).zip(0..gpus) {
            states.push(view.gpu(account, gpu).await?);
        }
        let window = view.window().await?;
        Ok(Self {
            view,
            number,
            window,
            states,
        })
    }
}
