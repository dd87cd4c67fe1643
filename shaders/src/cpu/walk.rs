// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Walks lanes through a fill that is computed entry by entry.

use proof_of_gpu_primitives::{
    Hash,
    walk::{WalkParameters, entry, walk as walk_lane},
};

/// Marks of every lane of the batch of a key, in order.
#[must_use]
pub fn walk(walk_challenge: &Hash, key: &Hash, parameters: &WalkParameters) -> Vec<u32> {
    (0..parameters.lanes)
        .map(|lane| {
            walk_lane(key, lane, parameters, |number| {
                entry(walk_challenge, number, parameters.rounds)
            })
        })
        .collect()
}
