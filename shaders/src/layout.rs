// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The bytes that stages pass to each other.

use proof_of_gpu_primitives::{Hash, Workload};

use crate::error::GpuError;

/// A hash as the shaders hold it: eight big-endian words.
pub type Words = [u32; 8];

/// Mountain heights that a range can have.
pub(crate) const HEIGHTS: usize = 31;

/// What stays on the GPU between rounds; the twin of `State` in
/// `wgsl/shared/state.wgsl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct State {
    /// The challenge.
    pub challenge: Words,
    /// The key of the round that is next.
    pub key: Words,
    /// The number of that round.
    pub round: u32,
    /// The peak of height h, where bit h of `round` is set; anything elsewhere.
    pub peaks: [Words; HEIGHTS],
}

impl State {
    /// The state before round `round` with the given key and no peaks: right
    /// for round 0, and enough to run a later round on its own.
    #[must_use]
    pub fn new(challenge: &Hash, key: &Hash, round: u32) -> Self {
        Self {
            challenge: words(challenge),
            key: words(key),
            round,
            peaks: [[0; 8]; HEIGHTS],
        }
    }
}

/// A hash's words.
#[must_use]
pub fn words(hash: &Hash) -> Words {
    let mut words = Words::default();
    for (word, bytes) in words.iter_mut().zip(hash.as_chunks().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    words
}

/// The hash of the given words.
#[must_use]
pub fn hash(words: &Words) -> Hash {
    let mut hash = Hash::default();
    for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(words) {
        *bytes = word.to_be_bytes();
    }
    hash
}

/// The f16 of a whole number of at most eleven bits, which is exact.
#[must_use]
pub fn half(entry: i16) -> u16 {
    let size = entry.unsigned_abs();
    if size == 0 {
        return 0;
    }
    debug_assert!(size <= 2048, "{entry} is not exact in f16");
    let exponent = size.ilog2();
    // Ten bits of mantissa below the leading one; the exponent's bias is 15.
    let mantissa = (u32::from(size) << 10 >> exponent) & 0x3ff;
    let sign = if entry < 0 { 0x8000 } else { 0 };
    let bits = sign | ((exponent + 15) << 10) | mantissa;
    u16::try_from(bits).unwrap_or(u16::MAX)
}

/// The whole number that an f16 from [`half`] stands for.
#[must_use]
pub fn whole(half: u16) -> i32 {
    let exponent = i32::from((half >> 10) & 0x1f) - 15;
    if exponent < 0 {
        return 0;
    }
    let size = (i32::from(half & 0x3ff) | 0x400) << exponent >> 10;
    if half & 0x8000 == 0 { size } else { -size }
}

/// Packs lines (rows of A or columns of B) of k entries each as `generate` lays them
/// out: the four words from 4 · ((k / 8) · lines + i) on hold entries k to k + 7 of
/// line i. The depth must be a multiple of eight.
#[must_use]
pub fn pack(lines: &[Vec<i16>]) -> Vec<u32> {
    let depth = lines.first().map_or(0, Vec::len);
    let mut packed = vec![0; lines.len() * depth / 2];
    for (number, line) in lines.iter().enumerate() {
        for (group, entries) in line.as_chunks::<8>().0.iter().enumerate() {
            let words = &mut packed[(group * lines.len() + number) * 4..][..4];
            for (word, entries) in words.iter_mut().zip(entries.as_chunks().0) {
                let [low, high] = entries.map(half);
                *word = u32::from(low) | (u32::from(high) << 16);
            }
        }
    }
    packed
}

/// The lines that [`pack`] packed, so many of them.
#[must_use]
pub fn unpack(packed: &[u32], lines: usize) -> Vec<Vec<i32>> {
    let mut unpacked = vec![Vec::new(); lines];
    for group in packed.chunks_exact(lines * 4) {
        for (line, words) in unpacked.iter_mut().zip(group.as_chunks::<4>().0) {
            for word in words {
                let [b0, b1, b2, b3] = word.to_le_bytes();
                line.push(whole(u16::from_le_bytes([b0, b1])));
                line.push(whole(u16::from_le_bytes([b2, b3])));
            }
        }
    }
    unpacked
}

/// Bytes of each buffer that a shape takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) a: u64,
    pub(crate) b: u64,
    pub(crate) folds: u64,
    pub(crate) nodes: u64,
}

impl Sizes {
    pub(crate) fn of(workload: &Workload) -> Self {
        let tiles = u64::from(workload.tiles());
        let line = u64::from(workload.k) * 2;
        Self {
            a: u64::from(workload.m) * line,
            b: u64::from(workload.n) * line,
            folds: tiles * 256,
            nodes: (tiles + tiles.div_ceil(256) + 1) * 32,
        }
    }

    pub(crate) fn largest(&self) -> u64 {
        self.a.max(self.b).max(self.folds).max(self.nodes)
    }

    /// Whether every buffer of the workload can be bound under a limit.
    pub(crate) fn check(&self, workload: Workload, limit: u64) -> Result<(), GpuError> {
        let needed = self.largest();
        if needed > limit {
            return Err(GpuError::TooLarge {
                workload,
                needed,
                limit,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_hold_every_entry_exactly() {
        for entry in -2048..=2048 {
            assert_eq!(whole(half(entry)), i32::from(entry));
        }
        assert_eq!(half(1), 0x3c00);
        assert_eq!(half(-2), 0xc000);
        assert_eq!(half(255), 0x5bf8);
        assert_eq!(half(-256), 0xdc00);
    }

    #[test]
    fn lines_survive_packing() {
        let lines: Vec<Vec<i16>> = (0..3)
            .map(|line| (0..16).map(|k| line * 16 + k - 20).collect())
            .collect();
        let packed = pack(&lines);
        let unpacked = unpack(&packed, 3);
        for (line, unpacked) in lines.iter().zip(&unpacked) {
            let line: Vec<_> = line.iter().map(|entry| i32::from(*entry)).collect();
            assert_eq!(&line, unpacked);
        }
        // Entries 8 and 9 of line 2: group 1, its third vector, first word.
        let word = packed[(3 + 2) * 4];
        assert_eq!(word & 0xffff, u32::from(half(lines[2][8])));
        assert_eq!(word >> 16, u32::from(half(lines[2][9])));
    }

    #[test]
    fn hashes_survive_the_words() {
        let bytes: Hash = core::array::from_fn(|i| u8::try_from(i * 7).unwrap());
        assert_eq!(hash(&words(&bytes)), bytes);
        assert_eq!(words(&bytes)[0], 0x00_07_0e_15);
    }

    #[test]
    fn the_largest_shapes_fit_the_smallest_binding_limit() {
        for (m, n, k) in [(16384, 16384, 4096), (16384, 64, 4096), (64, 16384, 4096)] {
            let workload = Workload::new(m, n, k);
            let sizes = Sizes::of(&workload);
            assert_eq!(sizes.largest(), 128 << 20);
            assert!(sizes.check(workload, 128 << 20).is_ok());
        }
    }

    #[test]
    fn a_shape_above_the_limit_is_an_error_that_tells_both_sizes() {
        let workload = Workload::new(1024, 64, 4096);
        let error = Sizes::of(&workload)
            .check(workload, (8 << 20) - 1)
            .expect_err("too large");
        assert_eq!(
            error.to_string(),
            "workload 1024x64x4096 is too large for this adapter: it needs a buffer of 8388608 \
             bytes, the limit is 8388607"
        );
        assert!(Sizes::of(&workload).check(workload, 8 << 20).is_ok());
    }
}
