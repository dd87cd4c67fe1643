// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Multiplies A by B and folds every 8x8 sub-tile.

use proof_of_gpu_primitives::{FOLDS, Workload, tile::fold};

use crate::layout::unpack;

/// Rows and columns of a tile.
const TILE: usize = 64;

/// The folds, 64 a tile in tile order, of the product of A and B as `generate`
/// lays them out.
#[must_use]
pub fn multiply(a: &[u32], b: &[u32], workload: &Workload) -> Vec<u32> {
    let (rows, columns) = (
        unpack(a, workload.m as usize),
        unpack(b, workload.n as usize),
    );
    let mut folds = Vec::with_capacity(workload.tiles() as usize * FOLDS);
    for rows in rows.chunks_exact(TILE) {
        for columns in columns.chunks_exact(TILE) {
            folds.extend(tile(rows, columns));
        }
    }
    folds
}

/// The folds of one tile, from its 64 rows of A and its 64 columns of B.
#[must_use]
pub fn tile(rows: &[Vec<i32>], columns: &[Vec<i32>]) -> [u32; FOLDS] {
    let dot = |row: &[i32], column: &[i32]| -> i32 {
        row.iter()
            .zip(column)
            .map(|(a, b)| a.wrapping_mul(*b))
            .fold(0, i32::wrapping_add)
    };
    core::array::from_fn(|sub_tile| {
        let (top, left) = (sub_tile / 8 * 8, sub_tile % 8 * 8);
        fold(&core::array::from_fn(|entry| {
            dot(&rows[top + entry / 8], &columns[left + entry % 8])
        }))
    })
}
