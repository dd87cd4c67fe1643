// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The sampled sub-tile's product, the verifier's main cost: 16 keystreams and 64
//! dot products of length k, in portable integer code that is quick in wasm.
//!
//! Two entries of a line are packed into a 64-bit word, one in each half: a row's
//! word is x + y·2³² and the same entries of a column make y' + x'·2³², so that
//! the upper half of the words' product is x·x' + y·y' plus what the lower half
//! x·y' carries into it. Words are sums of signed numbers modulo 2⁶⁴, not
//! concatenations, so the entries keep their signs.
//!
//! Summed over a line, the lower halves come to at most k/2·2¹⁶ ≤ 2²⁷ in absolute
//! value and the upper ones to k·2¹⁶ ≤ 2²⁸: adding 2³¹ at the end undoes the
//! carry exactly, and nothing is lost on the way although all of it wraps.

use crate::{
    FOLDS, Hash, SUB_TILE,
    keystream::{BLOCK, Keystream},
    matrix::{Matrix, line},
};

/// Lines (rows or columns) of a sub-tile.
const LINES: usize = SUB_TILE as usize;

/// Rows multiplied at a time: with four sums the loop fits the registers of the
/// machines that wasm runs on.
const LANES: usize = 4;

/// Blocks of low bytes in a chunk. Their entries' ninth bits fill one block, and
/// the packed words of one chunk stay within a first-level cache and a small
/// stack.
const CHUNK: u32 = 8;
const CHUNK_BLOCKS: usize = CHUNK as usize;

/// Packed words in a chunk of one line.
const CHUNK_WORDS: usize = CHUNK_BLOCKS * BLOCK / 2;
// More would be zeros: the sums stay right, and take longer.
const _: () = assert!(2 * CHUNK_WORDS == CHUNK_BLOCKS * BLOCK);

/// The 8×8 entries of C from row `row` and column `column` on, row-major, k being
/// valid in a workload.
pub(crate) fn sub_tile_product(key: &Hash, row: u32, column: u32, k: u32) -> [i32; FOLDS] {
    let mut rows = lines(key, Matrix::A, row);
    let mut columns = lines(key, Matrix::B, column);
    let mut row_words = [[[0; LANES]; CHUNK_WORDS]; LINES / LANES];
    let mut column_words = [[0; 1]; CHUNK_WORDS];
    let mut sums = [[[0; LANES]; LINES / LANES]; LINES];

    let blocks = k / 64;
    for index in 0..blocks.div_ceil(CHUNK) {
        let first = index * CHUNK;
        let chunk = Chunk {
            first,
            bits: blocks + index,
            count: (blocks - first).min(CHUNK) as usize,
        };
        for (streams, words) in rows.chunks_mut(LANES).zip(&mut row_words) {
            for (lane, stream) in streams.iter_mut().enumerate() {
                chunk.unpack::<LANES, 0>(stream, words, lane);
            }
        }
        for (stream, sums) in columns.iter_mut().zip(&mut sums) {
            chunk.unpack::<1, 32>(stream, &mut column_words, 0);
            let (column, _) = column_words.split_at(chunk.count * BLOCK / 2);
            for (rows, sums) in row_words.iter().zip(sums) {
                add_products(rows, column, sums);
            }
        }
    }

    let mut product = [0; FOLDS];
    for (j, sums) in sums.iter().enumerate() {
        for (i, sum) in sums.as_flattened().iter().enumerate() {
            product[i * LINES + j] = entry(*sum);
        }
    }
    product
}

/// The streams of the lines from `first` on.
fn lines(key: &Hash, matrix: Matrix, first: u32) -> [Keystream; LINES] {
    let mut index = first;
    core::array::from_fn(|_| {
        let stream = line(key, matrix, index);
        // Wraps only past the last line there can be, which is never read.
        index = index.wrapping_add(1);
        stream
    })
}

/// Adds to `sums` the packed products of some rows with one column.
///
/// Kept apart from its caller: within that function the sums would not stay in
/// registers.
#[inline(never)]
fn add_products(rows: &[[u64; LANES]], column: &[[u64; 1]], sums: &mut [u64; LANES]) {
    let [mut s0, mut s1, mut s2, mut s3] = *sums;
    for ([r0, r1, r2, r3], [word]) in rows.iter().zip(column) {
        s0 = s0.wrapping_add(r0.wrapping_mul(*word));
        s1 = s1.wrapping_add(r1.wrapping_mul(*word));
        s2 = s2.wrapping_add(r2.wrapping_mul(*word));
        s3 = s3.wrapping_add(r3.wrapping_mul(*word));
    }
    *sums = [s0, s1, s2, s3];
}

/// Where a chunk of every line is in its keystream.
struct Chunk {
    /// Its first block of low bytes.
    first: u32,
    /// Its block of ninth bits.
    bits: u32,
    /// Its number of blocks of low bytes, at most [`CHUNK_BLOCKS`].
    count: usize,
}

impl Chunk {
    /// Reads a line's chunk and packs it into the given lane of `words`.
    fn unpack<const WIDTH: usize, const SWAP: u32>(
        &self,
        stream: &mut Keystream,
        words: &mut [[u64; WIDTH]; CHUNK_WORDS],
        lane: usize,
    ) {
        let mut low = [[0; BLOCK]; CHUNK_BLOCKS];
        let low = &mut low[..self.count.min(CHUNK_BLOCKS)];
        let mut bits = [[0; BLOCK]];
        stream.seek(self.first);
        stream.read(low);
        stream.seek(self.bits);
        stream.read(&mut bits);
        let [bits] = &bits;
        pack::<WIDTH, SWAP>(low, bits, words, lane);
    }
}

/// Packs entries, given as blocks of low bytes and one block of ninth bits, into
/// the given lane of `words`: from each 64 entries those numbered e and e + 32, the
/// latter in the upper half, or with `SWAP` = 32 in the lower one.
#[inline(always)]
fn pack<const WIDTH: usize, const SWAP: u32>(
    low: &[[u8; BLOCK]],
    bits: &[u8; BLOCK],
    words: &mut [[u64; WIDTH]; CHUNK_WORDS],
    lane: usize,
) {
    const LOW: u64 = 0x0000_00ff_0000_00ff;
    const NINTH: u64 = 0x0000_0100_0000_0100;
    let mut fours = words.as_chunks_mut::<4>().0.iter_mut();
    for (block, bits) in low.iter().zip(bits.as_chunks().0) {
        // An entry is its byte, minus 256 where its ninth bit is not set.
        let mut unset = (!u64::from_le_bytes(*bits)).rotate_left(SWAP);
        let (first, second) = block.as_chunks::<4>().0.split_at(8);
        for ((first, second), four) in first.iter().zip(second).zip(&mut fours) {
            let first = u64::from(u32::from_le_bytes(*first));
            let second = u64::from(u32::from_le_bytes(*second));
            let low = (first | second << 32).rotate_left(SWAP);
            let packed: [u64; 4] = [
                (low & LOW).wrapping_sub(unset << 8 & NINTH),
                (low >> 8 & LOW).wrapping_sub(unset << 7 & NINTH),
                (low >> 16 & LOW).wrapping_sub(unset << 6 & NINTH),
                (low >> 24 & LOW).wrapping_sub(unset << 5 & NINTH),
            ];
            for (words, packed) in four.iter_mut().zip(packed) {
                words[lane % WIDTH] = packed;
            }
            unset = unset.rotate_right(4);
        }
    }
}

/// The upper half of a sum, the carry from the lower half undone.
fn entry(sum: u64) -> i32 {
    let [.., a, b, c, d] = sum.wrapping_add(1 << 31).to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries as the keystream would hold them.
    fn encode(entries: &[i16; CHUNK_BLOCKS * BLOCK]) -> ([[u8; BLOCK]; CHUNK_BLOCKS], [u8; BLOCK]) {
        let mut low = [[0; BLOCK]; CHUNK_BLOCKS];
        let mut bits = [0; BLOCK];
        for (e, entry) in entries.iter().enumerate() {
            let unsigned = u16::try_from(entry + 256).expect("an entry");
            let [byte, ninth] = unsigned.to_le_bytes();
            low.as_flattened_mut()[e] = byte;
            bits[e / 8] |= ninth << (e % 8);
        }
        (low, bits)
    }

    /// The dot product of two lines that repeat the given entries eight times, so
    /// that they are as long as lines can be.
    fn packed_dot(row: &[i16; 512], column: &[i16; 512]) -> i32 {
        let mut row_words = [[0; LANES]; CHUNK_WORDS];
        let mut column_words = [[0; 1]; CHUNK_WORDS];
        let (low, bits) = encode(row);
        for lane in 0..LANES {
            pack::<LANES, 0>(&low, &bits, &mut row_words, lane);
        }
        let (low, bits) = encode(column);
        pack::<1, 32>(&low, &bits, &mut column_words, 0);
        let mut sums = [0; LANES];
        for _ in 0..8 {
            add_products(&row_words, &column_words, &mut sums);
        }
        let [first, rest @ ..] = sums.map(entry);
        assert_eq!(rest, [first; LANES - 1]);
        first
    }

    fn dot(row: &[i16; 512], column: &[i16; 512]) -> i32 {
        8 * row
            .iter()
            .zip(column)
            .map(|(a, b)| i32::from(*a) * i32::from(*b))
            .sum::<i32>()
    }

    #[test]
    fn sums_are_exact_at_the_extremes() {
        let low = [-256; 512];
        let high = [255; 512];
        let mixed = core::array::from_fn(|e| if e % 64 < 32 { -256 } else { 255 });
        let alternating = core::array::from_fn(|e| if e % 2 == 0 { 255 } else { -256 });
        let zero = [0; 512];
        let minus_one = [-1; 512];
        let lines = [low, high, mixed, alternating, zero, minus_one];
        for row in &lines {
            for column in &lines {
                assert_eq!(packed_dot(row, column), dot(row, column));
            }
        }
        assert_eq!(packed_dot(&low, &low), 1 << 28);
    }

    #[test]
    fn every_entry_meets_its_own_partner() {
        let column = core::array::from_fn(|e| match i16::try_from(e) {
            Ok(e) if e % 2 == 1 => -e / 2,
            _ => 255,
        });
        for e in 0..512 {
            let mut row = [0; 512];
            row[e] = -3;
            assert_eq!(packed_dot(&row, &column), dot(&row, &column), "entry {e}");
        }
    }
}
