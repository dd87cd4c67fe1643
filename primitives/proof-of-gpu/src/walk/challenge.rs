// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a walk is bound to, and what the product after it is bound to.

use super::{WALK_VERSION, WalkParameters};
use crate::hash::{Hash, Sha256, pair};

/// Challenge of the walk of one GPU in one window, `challenge` being the GPU's:
/// H('WALK' ‖ le(2) ‖ χ ‖ le(pages) ‖ le(page bits) ‖ le(rounds) ‖ le(lanes) ‖
/// le(hops) ‖ le(passes)).
pub fn walk_challenge<H: Sha256>(challenge: &Hash, parameters: &WalkParameters) -> Hash {
    let mut bytes = [0; 64];
    bytes[..4].copy_from_slice(b"WALK");
    bytes[4..8].copy_from_slice(&WALK_VERSION.to_le_bytes());
    bytes[8..40].copy_from_slice(challenge);
    let numbers = [
        parameters.pages,
        parameters.page_bits,
        parameters.rounds,
        parameters.lanes,
        parameters.hops,
        parameters.passes,
    ];
    for (bytes, number) in bytes[40..].as_chunks_mut().0.iter_mut().zip(numbers) {
        *bytes = number.to_le_bytes();
    }
    H::hash(&bytes)
}

/// Challenge of the product of a GPU that has walked first: H('JOIN' ‖ χ ‖ root of the
/// walk). So the product cannot start before the walk has ended, and the two cannot
/// be done side by side on two devices.
pub fn joined_challenge<H: Sha256>(challenge: &Hash, walk_root: &Hash) -> Hash {
    pair::<H>(b"JOIN", challenge, walk_root)
}
