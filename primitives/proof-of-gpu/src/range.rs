// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The Merkle mountain range over the roots of the rounds, and the commitment.

use crate::{
    MAX_MOUNTAIN_PATH, MAX_PEAKS, MAX_ROUNDS,
    hash::{Hash, Sha256, over_peaks, pair},
};

/// A Merkle mountain range, of which only the peaks are kept.
///
/// With R roots in it there is one mountain for each one in R's binary form: the
/// highest is the oldest, and a mountain of height h covers 2ʰ rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    rounds: u32,
    peaks: [Hash; MAX_PEAKS],
}

/// A range cannot hold more than [`MAX_ROUNDS`] roots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the range holds the most rounds that it can")]
pub struct RangeFull;

impl Default for Range {
    fn default() -> Self {
        Self::new()
    }
}

impl Range {
    /// The range over no rounds.
    pub const fn new() -> Self {
        Self {
            rounds: 0,
            peaks: [[0; 32]; MAX_PEAKS],
        }
    }

    /// Appends the root of the next round.
    ///
    /// # Errors
    ///
    /// [`RangeFull`] after [`MAX_ROUNDS`] rounds.
    pub fn append<H: Sha256>(&mut self, round_root: Hash) -> Result<(), RangeFull> {
        let rounds = self
            .rounds
            .checked_add(1)
            .filter(|rounds| *rounds <= MAX_ROUNDS);
        let rounds = rounds.ok_or(RangeFull)?;
        // Each trailing one of the count is a mountain as high as the one that the
        // new root has become by then.
        let merges = self.rounds.trailing_ones() as usize;
        let kept = self.peaks().len() - merges;
        let merged = self.peaks[kept..kept + merges]
            .iter()
            .rev()
            .fold(round_root, |right, left| parent::<H>(left, &right));
        self.peaks[kept] = merged;
        self.rounds = rounds;
        Ok(())
    }

    /// The peaks, oldest (and highest) first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks[..self.rounds.count_ones() as usize]
    }

    /// Rounds appended so far.
    pub const fn rounds(&self) -> u32 {
        self.rounds
    }
}

/// Parent of two equally high peaks.
pub fn parent<H: Sha256>(left: &Hash, right: &Hash) -> Hash {
    pair::<H>(b"MMRN", left, right)
}

/// What a commitment to `rounds` rounds is, `peaks` being those of the range over
/// all of them, oldest first.
pub fn commitment_root<H: Sha256>(challenge: &Hash, rounds: u32, peaks: &[Hash]) -> Hash {
    over_peaks::<H>(b"ROOT", challenge, rounds, peaks.iter())
}

/// Where a round is in a range over more rounds than its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index of the peak that covers the round, the oldest being 0.
    pub peak: usize,
    /// Height of that peak's mountain, which covers 2^height rounds: at most 30.
    pub height: u32,
    /// Number of the round within the mountain.
    pub position: u32,
}

impl Place {
    /// The place of `round` in a range over `rounds` rounds; `None` if it is not in
    /// it, or if no range can hold so many.
    pub fn of(round: u32, rounds: u32) -> Option<Self> {
        if round >= rounds || rounds > MAX_ROUNDS {
            return None;
        }
        // The covering mountain is that of the highest bit in which they differ:
        // above it the two agree, so those mountains are all older.
        let height = (round ^ rounds).ilog2();
        Some(Self {
            peak: (rounds >> height).count_ones() as usize - 1,
            height,
            position: round & ((1 << height) - 1),
        })
    }

    /// Whether the round's ancestor at `level` above it is a right child.
    pub const fn is_right(&self, level: u32) -> bool {
        (self.position >> level) & 1 == 1
    }

    /// Key of the round at this place: the peaks before it are those left of its
    /// mountain, then the left siblings on its path from the highest down.
    pub(crate) fn round_key<H: Sha256>(
        &self,
        challenge: &Hash,
        round: u32,
        peaks: &[Hash],
        path: &[Hash],
    ) -> Hash {
        let older = peaks.iter().take(self.peak);
        let siblings = (0..self.height)
            .zip(path)
            .rev()
            .filter(|(level, _)| self.is_right(*level))
            .map(|(_, sibling)| sibling);
        over_peaks::<H>(b"SEED", challenge, round, older.chain(siblings))
    }

    /// The peak that a round's root and its path lead to.
    pub(crate) fn climb<H: Sha256>(&self, round_root: Hash, path: &[Hash]) -> Hash {
        (0..self.height)
            .zip(path)
            .fold(round_root, |node, (level, sibling)| {
                if self.is_right(level) {
                    parent::<H>(sibling, &node)
                } else {
                    parent::<H>(&node, sibling)
                }
            })
    }
}

const _: () = assert!(MAX_ROUNDS.ilog2() as usize == MAX_MOUNTAIN_PATH);
const _: () = assert!(MAX_ROUNDS.count_ones() as usize == MAX_PEAKS);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SoftwareSha256;

    #[test]
    fn a_full_range_takes_no_more() {
        let mut range = Range {
            rounds: MAX_ROUNDS - 1,
            peaks: [[7; 32]; MAX_PEAKS],
        };
        assert_eq!(range.append::<SoftwareSha256>([1; 32]), Ok(()));
        assert_eq!(range.peaks().len(), MAX_PEAKS);
        let full = range.clone();
        assert_eq!(range.append::<SoftwareSha256>([1; 32]), Err(RangeFull));
        assert_eq!(range, full);
    }
}
