// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Appends a round's root to the mountain range and derives the next round's key.

use proof_of_gpu_primitives::{SoftwareSha256, range, round_key};

use crate::layout::{State, Words, hash, words};

/// The state after a round with the given root. `state.round` must be below
/// 2³¹ − 1, as it is in every proof.
#[must_use]
pub fn advance(state: &State, root: &Words) -> State {
    let mut next = *state;
    let height = state.round.trailing_ones() as usize;
    let peak = state.peaks[..height]
        .iter()
        .fold(hash(root), |right, left| {
            range::parent::<SoftwareSha256>(&hash(left), &right)
        });
    next.peaks[height] = words(&peak);
    next.round += 1;
    let peaks: Vec<_> = (0..next.peaks.len())
        .rev()
        .filter(|height| (next.round >> height) & 1 == 1)
        .map(|height| hash(&next.peaks[height]))
        .collect();
    next.key = words(&round_key::<SoftwareSha256>(
        &hash(&state.challenge),
        next.round,
        &peaks,
    ));
    next
}
