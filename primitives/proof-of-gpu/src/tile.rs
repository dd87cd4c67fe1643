// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Folds, leaves and the tree of one round.

use alloc::vec::Vec;

use crate::{
    FOLDS,
    hash::{Hash, Sha256, pair},
};

/// Fold of a sub-tile: xxHash32, seed 0, of its 64 entries as little-endian i32,
/// row-major.
pub fn fold(entries: &[i32; FOLDS]) -> u32 {
    let mut bytes = [0; 4 * FOLDS];
    for (bytes, entry) in bytes.as_chunks_mut().0.iter_mut().zip(entries) {
        *bytes = entry.to_le_bytes();
    }
    xxhash_rust::xxh32::xxh32(&bytes, 0)
}

/// Leaf of a tile: the hash of its place and of its folds, sub-tile 8a + b being
/// the one in sub-row a and sub-column b.
pub fn leaf<H: Sha256>(round: u32, tile: u32, folds: &[u32; FOLDS]) -> Hash {
    let mut bytes = [0; 12 + 4 * FOLDS];
    bytes[..4].copy_from_slice(b"LEAF");
    bytes[4..8].copy_from_slice(&round.to_le_bytes());
    bytes[8..12].copy_from_slice(&tile.to_le_bytes());
    for (bytes, fold) in bytes[12..].as_chunks_mut().0.iter_mut().zip(folds) {
        *bytes = fold.to_le_bytes();
    }
    H::hash(&bytes)
}

/// Inner node of a round's tree.
pub fn node<H: Sha256>(left: &Hash, right: &Hash) -> Hash {
    pair::<H>(b"NODE", left, right)
}

/// Every level of the binary tree over a round's leaves in tile order, from the
/// leaves up to the root, which is the last level's only element.
///
/// `None` if the number of leaves is not a power of two; in a valid workload it
/// always is.
pub fn tree<H: Sha256>(leaves: Vec<Hash>) -> Option<Vec<Vec<Hash>>> {
    levels(leaves, node::<H>)
}

/// Siblings of leaf `index`, bottom up, in the levels that [`tree`] returns. Empty
/// levels or an index out of range give a shorter path.
pub fn tree_path(levels: &[Vec<Hash>], index: usize) -> Vec<Hash> {
    levels
        .iter()
        .take_while(|level| level.len() > 1)
        .enumerate()
        .map_while(|(height, level)| level.get((index >> height) ^ 1).copied())
        .collect()
}

/// Levels of a perfect binary tree, with the given parent function.
pub(crate) fn levels(
    leaves: Vec<Hash>,
    parent: impl Fn(&Hash, &Hash) -> Hash,
) -> Option<Vec<Vec<Hash>>> {
    if !leaves.len().is_power_of_two() {
        return None;
    }
    let mut levels = Vec::new();
    let mut level = leaves;
    while level.len() > 1 {
        let (pairs, _) = level.as_chunks();
        let above = pairs
            .iter()
            .map(|[left, right]| parent(left, right))
            .collect();
        levels.push(core::mem::replace(&mut level, above));
    }
    levels.push(level);
    Some(levels)
}
