// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a miner reads of each best block.

use subxt::utils::H256;
use tracing::debug;

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
    /// The window that the next block opens, where none is in progress.
    ahead: Option<Window>,
    /// The start of the block's slot, in milliseconds since 1970.
    pub(super) moment: u64,
    /// The floor of the lowest tier, in MOPS.
    pub(super) floor: u64,
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
        // First, since work can begin with it.
        let window = view.window().await?;
        let ahead = match &window {
            Some(_) => None,
            None => ahead(&view).await?,
        };
        let (moment, floor) = view.moment_and_floor().await?;
        let mut states = Vec::with_capacity(gpus);
        for (gpu, _) in (0..).zip(0..gpus) {
            states.push(view.gpu(account, gpu).await?);
        }
        Ok(Self {
            view,
            number,
            window,
            ahead,
            moment,
            floor,
            states,
        })
    }

    /// Whether the chain holds a commit of this miner to a window.
    pub(super) fn commits_in(&self, window: u32) -> bool {
        let mut commits = self.states.iter().filter_map(|state| state.commit.as_ref());
        commits.any(|commit| commit.window == window)
    }

    /// The window to work in: that in progress, or the one that the next block opens.
    pub(super) fn to_work_in(&self) -> Option<&Window> {
        self.window.as_ref().or(self.ahead.as_ref())
    }
}

/// The window that the next block opens. A chain that does not tell what it takes to know
/// is mined on all the same: from the opening on.
async fn ahead(view: &View) -> Result<Option<Window>, ChainError> {
    match view.next_window().await {
        Err(ChainError::WrongChain(cause)) => {
            debug!(cause, "the next window cannot be foreseen");
            Ok(None)
        }
        ahead => ahead,
    }
}
