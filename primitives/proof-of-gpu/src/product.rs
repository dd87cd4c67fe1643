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

/// Blocks of low bytes in a chunk. Their entries' ninth bits fill one block, and
/// the packed words of one chunk stay within a first-level cache and a small
/// stack.
const CHUNK_BLOCKS: usize = 8;

/// Packed words in a chunk of one line.
const CHUNK_WORDS: usize = CHUNK_BLOCKS * BLOCK / 2;

/// One chunk of a line, packed.
type Words = [u64; CHUNK_WORDS];

/// The 8×8 entries of C from row `row` and column `column` on, row-major, k being
/// valid in a workload.
pub(crate) fn sub_tile_product(key: &Hash, row: u32, column: u32, k: u32) -> [i32; FOLDS] {
    let mut rows = lines(key, Matrix::A, row);
    let mut columns = lines(key, Matrix::B, column);
    let mut row_words = [[0; CHUNK_WORDS]; LINES];
    let mut column_words = [0; CHUNK_WORDS];
    let mut sums = [[0_u64; LINES]; LINES];

    let blocks = k / 64;
    let chunk_blocks = CHUNK_BLOCKS as u32;
    for chunk in 0..blocks.div_ceil(chunk_blocks) {
        let first = chunk * chunk_blocks;
        let count = (blocks - first).min(chunk_blocks) as usize;
        let at = Chunk {
            first,
            bits: blocks + chunk,
            count,
        };
        for (stream, words) in rows.iter_mut().zip(&mut row_words) {
            at.unpack::<0>(stream, words);
        }
        for (stream, sums) in columns.iter_mut().zip(&mut sums) {
            at.unpack::<32>(stream, &mut column_words);
            add_products(&row_words, &column_words, at.words(), sums);
        }
    }

    let mut product = [0; FOLDS];
    for (entries, i) in product.as_chunks_mut::<LINES>().0.iter_mut().zip(0..) {
        for (entry, sums) in entries.iter_mut().zip(&sums) {
            let [.., a, b, c, d] = sums[i].wrapping_add(1 << 31).to_le_bytes();
            *entry = i32::from_le_bytes([a, b, c, d]);
        }
    }
    product
}

/// The streams of the lines from `first` on.
fn lines(key: &Hash, matrix: Matrix, first: u32) -> [Keystream; LINES] {
    let mut index = first;
    core::array::from_fn(|_| {
        let stream = line(key, matrix, index);
        index = index.wrapping_add(1);
        stream
    })
}

/// Adds to `sums` the packed products of eight rows with one column.
fn add_products(rows: &[Words; LINES], column: &Words, words: usize, sums: &mut [u64; LINES]) {
    let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
    let [
        mut s0,
        mut s1,
        mut s2,
        mut s3,
        mut s4,
        mut s5,
        mut s6,
        mut s7,
    ] = *sums;
    for e in 0..words.min(CHUNK_WORDS) {
        let word = column[e];
        s0 = s0.wrapping_add(r0[e].wrapping_mul(word));
        s1 = s1.wrapping_add(r1[e].wrapping_mul(word));
        s2 = s2.wrapping_add(r2[e].wrapping_mul(word));
        s3 = s3.wrapping_add(r3[e].wrapping_mul(word));
        s4 = s4.wrapping_add(r4[e].wrapping_mul(word));
        s5 = s5.wrapping_add(r5[e].wrapping_mul(word));
        s6 = s6.wrapping_add(r6[e].wrapping_mul(word));
        s7 = s7.wrapping_add(r7[e].wrapping_mul(word));
    }
    *sums = [s0, s1, s2, s3, s4, s5, s6, s7];
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
    /// Packed words of the chunk in one line.
    fn words(&self) -> usize {
        self.count * BLOCK / 2
    }

    /// Packs the chunk's entries: from each eight of them those numbered e and
    /// e + 4, the latter in the upper half, or with `SWAP` = 32 in the lower one.
    fn unpack<const SWAP: u32>(&self, stream: &mut Keystream, words: &mut Words) {
        const LOW: u64 = 0x0000_00ff_0000_00ff;
        const NINTH: u64 = 0x0000_0100_0000_0100;
        let mut low = [[0; BLOCK]; CHUNK_BLOCKS];
        let low = &mut low[..self.count];
        let mut bits = [[0; BLOCK]];
        stream.seek(self.first);
        stream.read(low);
        stream.seek(self.bits);
        stream.read(&mut bits);
        let (eights, _) = low.as_flattened().as_chunks();
        let (words, _) = words.as_chunks_mut();
        for ((eight, bits), [w0, w1, w2, w3]) in eights.iter().zip(bits.as_flattened()).zip(words) {
            let low = u64::from_le_bytes(*eight).rotate_left(SWAP);
            // An entry is its byte, minus 256 where its ninth bit is not set: bits
            // j and j + 4, inverted, come to bits j and j + 32.
            let unset = u64::from(!bits.rotate_left(SWAP / 8));
            let unset = unset | unset << 28;
            *w0 = (low & LOW).wrapping_sub(unset << 8 & NINTH);
            *w1 = (low >> 8 & LOW).wrapping_sub(unset << 7 & NINTH);
            *w2 = (low >> 16 & LOW).wrapping_sub(unset << 6 & NINTH);
            *w3 = (low >> 24 & LOW).wrapping_sub(unset << 5 & NINTH);
        }
    }
}
