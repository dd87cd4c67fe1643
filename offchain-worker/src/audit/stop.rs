// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Why an auditor stops following a node.

use super::store::AuditStoreError;
use crate::exit::{Exit, Failure};
use ni_client::ChainError;

/// Why following a chain ended before it was to.
pub(super) enum Stop {
    /// The connection broke.
    Lost(ChainError),
    /// Going on makes no sense.
    Failed(Failure),
}

impl From<ChainError> for Stop {
    fn from(cause: ChainError) -> Self {
        Self::Lost(cause)
    }
}

impl From<AuditStoreError> for Stop {
    fn from(cause: AuditStoreError) -> Self {
        Self::Failed(Failure::new(Exit::File, cause))
    }
}
