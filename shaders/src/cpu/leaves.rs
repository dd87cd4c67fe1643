// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Hashes each tile's 64 folds, with the round and the tile's number, into its leaf.

use proof_of_gpu_primitives::{FOLDS, SoftwareSha256, tile};

use crate::layout::{Words, words};

/// The leaves of a round's tiles, 64 folds each.
#[must_use]
pub fn leaves(round: u32, folds: &[u32]) -> Vec<Words> {
    let (tiles, _) = folds.as_chunks::<FOLDS>();
    (0..)
        .zip(tiles)
        .map(|(number, folds)| words(&tile::leaf::<SoftwareSha256>(round, number, folds)))
        .collect()
}
