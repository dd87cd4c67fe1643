// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Computes entries of a memory walk's fill.

use proof_of_gpu_primitives::{
    Hash,
    walk::{Entry, entry},
};

/// `count` entries from the first one on, by so many rounds, under a walk's challenge.
#[must_use]
pub fn fill(walk_challenge: &Hash, rounds: u32, first: u32, count: u32) -> Vec<Entry> {
    (first..first.saturating_add(count))
        .map(|number| entry(walk_challenge, number, rounds))
        .collect()
}
