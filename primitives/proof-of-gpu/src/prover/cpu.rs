// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A prover in plain Rust, written so that the compiler vectorises it.

use core::{convert::Infallible, num::NonZeroUsize};
use std::thread;

use super::{Folds, RoundEngine};
use crate::{
    FOLDS, Hash, SUB_TILE, TILE, Workload,
    matrix::{fill_column, fill_row},
    tile::fold,
};

const SIDE: usize = TILE as usize;
const SUB_SIDE: usize = SUB_TILE as usize;

/// Entries of a line that are multiplied at a time: 64 rows and 64 columns of them
/// stay in a second-level cache.
const CHUNK: usize = 256;

/// Computes rounds on the machine's own cores.
#[derive(Clone, Copy, Debug)]
pub struct CpuEngine {
    threads: NonZeroUsize,
}

impl Default for CpuEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl CpuEngine {
    /// An engine on all of the machine's cores.
    pub fn new() -> Self {
        Self::with_threads(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// An engine on that many threads.
    pub const fn with_threads(threads: NonZeroUsize) -> Self {
        Self { threads }
    }

    /// Runs `work` on even shares of the items.
    fn share<T: Send>(&self, items: &mut [T], work: impl Fn(&mut [T]) + Sync) {
        let size = items.len().div_ceil(self.threads.get()).max(1);
        thread::scope(|scope| {
            for share in items.chunks_mut(size) {
                scope.spawn(|| work(share));
            }
        });
    }
}

impl RoundEngine for CpuEngine {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        _round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let Workload { m, n, k } = *workload;
        let depth = k as usize;
        let tiles_across = (n / TILE) as usize;

        let mut columns = vec![0; n as usize * depth];
        let mut lines: Vec<_> = (0..).zip(columns.chunks_mut(depth)).collect();
        self.share(&mut lines, |lines| {
            for (j, column) in lines {
                fill_column(key, *j, column);
            }
        });
        drop(lines);

        let mut folds = vec![[0; FOLDS]; workload.tiles() as usize];
        let mut tile_rows: Vec<_> = (0..m)
            .step_by(SIDE)
            .zip(folds.chunks_mut(tiles_across))
            .collect();
        self.share(&mut tile_rows, |tile_rows| {
            let mut rows = vec![0; SIDE * depth];
            for (first, tiles) in tile_rows {
                for (i, row) in (*first..).zip(rows.chunks_mut(depth)) {
                    fill_row(key, i, row);
                }
                for (tile, columns) in tiles.iter_mut().zip(columns.chunks(SIDE * depth)) {
                    *tile = tile_folds(&rows, columns, depth);
                }
            }
        });
        Ok(folds)
    }
}

/// Folds of one tile from its 64 rows and 64 columns of `depth` entries each.
fn tile_folds(rows: &[i16], columns: &[i16], depth: usize) -> Folds {
    let mut product = [[0; SIDE]; SIDE];
    for start in (0..depth).step_by(CHUNK) {
        let chunk = start..depth.min(start + CHUNK);
        for (entries, row) in product.iter_mut().zip(rows.chunks(depth)) {
            let row = &row[chunk.clone()];
            let (fours, _) = entries.as_chunks_mut::<4>();
            for (entries, columns) in fours.iter_mut().zip(columns.chunks(4 * depth)) {
                let column = |index: usize| &columns[index * depth..][chunk.clone()];
                add_products(entries, row, [column(0), column(1), column(2), column(3)]);
            }
        }
    }

    let mut folds = [0; FOLDS];
    for (number, sub_tile_fold) in folds.iter_mut().enumerate() {
        let (a, b) = (number / SUB_SIDE, number % SUB_SIDE);
        let mut entries = [0; FOLDS];
        let sub_rows = &product[a * SUB_SIDE..][..SUB_SIDE];
        for (entries, row) in entries
            .as_chunks_mut::<SUB_SIDE>()
            .0
            .iter_mut()
            .zip(sub_rows)
        {
            entries.copy_from_slice(&row[b * SUB_SIDE..][..SUB_SIDE]);
        }
        *sub_tile_fold = fold(&entries);
    }
    folds
}

/// Adds to four entries the products of a row's chunk with four columns'. Nothing
/// wraps, sums being at most k·2¹⁶ ≤ 2²⁸; said so, the loop vectorises in checked
/// builds too.
fn add_products(entries: &mut [i32; 4], row: &[i16], columns: [&[i16]; 4]) {
    for (entry, column) in entries.iter_mut().zip(columns) {
        let dot = row.iter().zip(column).fold(0_i32, |sum, (a, b)| {
            sum.wrapping_add(i32::from(*a).wrapping_mul(i32::from(*b)))
        });
        *entry = entry.wrapping_add(dot);
    }
}
