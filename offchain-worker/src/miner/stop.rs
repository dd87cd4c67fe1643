// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Why a miner stops following a node.

use crate::exit::Failure;
use ni_client::ChainError;

/// Why following a chain ended before it was to.
pub(super) enum Stop {
    /// The connection broke.
    Lost(ChainError),
    /// A call is in no block although the node took it: another node is to be asked.
    Turn,
    /// Going on makes no sense.
    Failed(Failure),
}

impl From<ChainError> for Stop {
    fn from(cause: ChainError) -> Self {
        Self::Lost(cause)
    }
}
