// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Entries and lanes.

use super::{
    WalkParameters,
    permutation::{State, permute},
};
use crate::Hash;

/// An entry of the fill.
pub type Entry = State;

/// Rounds between a lane's key and its first hop.
pub const START_ROUNDS: u32 = 8;

/// Rounds after each hop, and once more before the mark.
pub const HOP_ROUNDS: u32 = 4;

const FILL: u32 = u32::from_le_bytes(*b"FILL");
const LANE: u32 = u32::from_le_bytes(*b"LANE");

/// Entry of the given number under a walk's challenge, by so many rounds.
pub fn entry(walk_challenge: &Hash, number: u32, rounds: u32) -> Entry {
    let mut state = seeded(walk_challenge, number, FILL);
    permute(&mut state, rounds);
    state
}

/// The state of a lane between two hops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane(State);

impl Lane {
    /// The lane of the given number in the batch of the given key, before its first hop.
    pub fn new(batch_key: &Hash, number: u32) -> Self {
        let mut state = seeded(batch_key, number, LANE);
        permute(&mut state, START_ROUNDS);
        Self(state)
    }

    /// Number of the entry that the lane reads next, below the fill's entries for
    /// valid parameters.
    pub fn next(&self, parameters: &WalkParameters) -> u32 {
        // Valid parameters let nothing wrap; others are refused before.
        let page = (u64::from(self.0[0]) * u64::from(parameters.pages)).to_be_bytes();
        let page = u32::from_be_bytes([page[0], page[1], page[2], page[3]]);
        let slot = self.0[1] & parameters.page_entries().wrapping_sub(1);
        page.wrapping_mul(parameters.page_entries()) | slot
    }

    /// Takes in an entry, all of it.
    pub fn absorb(&mut self, entry: &Entry) {
        for (word, read) in self.0.iter_mut().zip(entry) {
            *word ^= read;
        }
        permute(&mut self.0, HOP_ROUNDS);
    }

    /// The mark of a lane that has made all its hops.
    pub fn mark(mut self) -> u32 {
        permute(&mut self.0, HOP_ROUNDS);
        self.0[0]
    }
}

/// Mark of a lane, given what reads the entry of a number.
pub fn walk(
    batch_key: &Hash,
    number: u32,
    parameters: &WalkParameters,
    mut read: impl FnMut(u32) -> Entry,
) -> u32 {
    let mut lane = Lane::new(batch_key, number);
    for _ in 0..parameters.hops {
        lane.absorb(&read(lane.next(parameters)));
    }
    lane.mark()
}

/// Key, number and tag in the first ten words, the rest zero.
fn seeded(key: &Hash, number: u32, tag: u32) -> State {
    let mut state = [0; 32];
    for (word, bytes) in state.iter_mut().zip(key.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    state[8] = number;
    state[9] = tag;
    state
}
