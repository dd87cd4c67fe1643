// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Multiplies A by B and folds every 8x8 sub-tile.

use proof_of_gpu_primitives::{FOLDS, Workload, tile};

use crate::layout::whole;

/// Rows and columns of a tile.
const TILE: usize = 64;

/// The folds, 64 a tile in tile order, of the product of A and B as `generate`
/// lays them out.
#[must_use]
pub fn multiply(a: &[u32], b: &[u32], workload: &Workload) -> Vec<u32> {
    let (m, n) = (workload.m as usize, workload.n as usize);
    let (a, b) = (unpack(a), unpack(b));
    let mut folds = Vec::with_capacity(workload.tiles() as usize * FOLDS);
    for top in (0..m).step_by(TILE) {
        for left in (0..n).step_by(TILE) {
            let mut product = [[0_i32; TILE]; TILE];
            for (a, b) in a.chunks_exact(m).zip(b.chunks_exact(n)) {
                for (row, a) in product.iter_mut().zip(&a[top..top + TILE]) {
                    for (sum, b) in row.iter_mut().zip(&b[left..left + TILE]) {
                        *sum += a.0 * b.0 + a.1 * b.1;
                    }
                }
            }
            for sub_tile in 0..FOLDS {
                let (row, column) = (sub_tile / 8 * 8, sub_tile % 8 * 8);
                folds.push(tile::fold(&core::array::from_fn(|entry| {
                    product[row + entry / 8][column + entry % 8]
                })));
            }
        }
    }
    folds
}

/// The two entries of each word.
fn unpack(packed: &[u32]) -> Vec<(i32, i32)> {
    let halves = |word: &u32| {
        let [b0, b1, b2, b3] = word.to_le_bytes();
        (
            whole(u16::from_le_bytes([b0, b1])),
            whole(u16::from_le_bytes([b2, b3])),
        )
    };
    packed.iter().map(halves).collect()
}
