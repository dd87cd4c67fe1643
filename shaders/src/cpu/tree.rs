// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Reduces a round's leaves to the root of their binary tree.

use proof_of_gpu_primitives::{SoftwareSha256, tile};

use crate::layout::{Words, hash, words};

/// The root over a power of two of leaves; `None` for any other number.
#[must_use]
pub fn tree(leaves: &[Words]) -> Option<Words> {
    let levels = tile::tree::<SoftwareSha256>(leaves.iter().map(hash).collect())?;
    levels.last()?.first().map(words)
}
