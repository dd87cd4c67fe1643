// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker status`.

use crate::cli::StatusArgs;
use crate::exit::{Exit, Failure};

/// Runs the command.
///
/// # Errors
/// Always, until the chain client is there.
pub async fn run(_args: StatusArgs) -> Result<(), Failure> {
    Err(Failure::new(Exit::Internal, "the chain client is being written"))
}
