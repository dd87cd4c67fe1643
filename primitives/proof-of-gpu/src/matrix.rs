// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The matrices of a round: one keystream for each row of A and each column of
//! B, so that no entry follows from others and the product has no short cut.

use crate::{
    Hash,
    keystream::{BLOCK, Keystream},
};

/// Which matrix a line belongs to; the number is the first word of the nonce.
#[derive(Clone, Copy)]
pub(crate) enum Matrix {
    /// A, made of rows.
    A = 0x41,
    /// B, made of columns.
    B = 0x42,
}

/// The keystream that line `index` of `matrix` is made from.
pub(crate) fn line(key: &Hash, matrix: Matrix, index: u32) -> Keystream {
    Keystream::new(key, [matrix as u32, index, 0])
}

/// Fills `row` with row `i` of A under a round's key: k entries in [−256, 255],
/// k being the slice's length. k must be a multiple of 64, as it is in every valid
/// workload: entries past the last such multiple are left as they are.
pub fn fill_row(key: &Hash, i: u32, row: &mut [i16]) {
    fill(line(key, Matrix::A, i), row);
}

/// Fills `column` with column `j` of B under a round's key: k entries in
/// [−256, 255], k being the slice's length. k must be a multiple of 64, as it is in
/// every valid workload: entries past the last such multiple are left as they are.
pub fn fill_column(key: &Hash, j: u32, column: &mut [i16]) {
    fill(line(key, Matrix::B, j), column);
}

/// Entry e is byte e of the stream plus 256 times bit e mod 8 of byte k + e/8,
/// minus 256. So the stream is k/64 blocks of low bytes, then blocks of ninth
/// bits, each for the entries of eight blocks.
fn fill(mut stream: Keystream, entries: &mut [i16]) {
    let (blocks, _) = entries.as_chunks_mut::<BLOCK>();
    let mut bytes = [[0; BLOCK]; 8];
    for entries in blocks.chunks_mut(8) {
        let bytes = &mut bytes[..entries.len()];
        stream.read(bytes);
        for (entry, byte) in entries
            .as_flattened_mut()
            .iter_mut()
            .zip(bytes.as_flattened())
        {
            *entry = i16::from(*byte);
        }
    }
    for entries in blocks.chunks_mut(8) {
        let bits = &mut bytes[..1];
        stream.read(bits);
        let (groups, _) = entries.as_flattened_mut().as_chunks_mut::<8>();
        for (group, bits) in groups.iter_mut().zip(bits.as_flattened()) {
            for (shift, entry) in group.iter_mut().enumerate() {
                *entry += 256 * i16::from((bits >> shift) & 1) - 256;
            }
        }
    }
}
