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

/// Entries multiplied without a branch; every depth is a multiple of it. With 64
/// the compiler (rustc 1.95) no longer finds the vector instructions.
const STEP: usize = 32;

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
        let mut blocks: Vec<_> = (0..n)
            .step_by(SIDE)
            .zip(columns.chunks_mut(SIDE * depth))
            .collect();
        self.share(&mut blocks, |blocks| {
            for (first, block) in blocks {
                fill_block(block, depth, *first, |j, column| {
                    fill_column(key, j, column)
                });
            }
        });
        drop(blocks);

        let mut folds = vec![[0; FOLDS]; workload.tiles() as usize];
        let mut tile_rows: Vec<_> = (0..m)
            .step_by(SIDE)
            .zip(folds.chunks_mut(tiles_across))
            .collect();
        self.share(&mut tile_rows, |tile_rows| {
            let mut rows = vec![0; SIDE * depth];
            for (first, tiles) in tile_rows {
                fill_block(&mut rows, depth, *first, |i, row| fill_row(key, i, row));
                for (tile, columns) in tiles.iter_mut().zip(columns.chunks(SIDE * depth)) {
                    *tile = tile_folds(&rows, columns);
                }
            }
        });
        Ok(folds)
    }
}

/// Fills a block with 64 lines from the given one on, chunk by chunk: first the
/// first chunk of every line, then the second ones. (Whole lines one after the other
/// are a power of two apart, and evict each other from the caches.)
fn fill_block(block: &mut [i16], depth: usize, first: u32, fill: impl Fn(u32, &mut [i16])) {
    let mut line = vec![0; depth];
    for (index, number) in (0..SIDE).zip(first..) {
        fill(number, &mut line);
        for (chunks, chunk) in block.chunks_mut(SIDE * CHUNK).zip(line.chunks(CHUNK)) {
            chunks[index * chunk.len()..][..chunk.len()].copy_from_slice(chunk);
        }
    }
}

/// Folds of one tile from its blocks of 64 rows and 64 columns.
fn tile_folds(rows: &[i16], columns: &[i16]) -> Folds {
    let mut product = [[0; SIDE]; SIDE];
    for (rows, columns) in rows.chunks(SIDE * CHUNK).zip(columns.chunks(SIDE * CHUNK)) {
        let length = rows.len() / SIDE;
        for (entries, row) in product.iter_mut().zip(rows.chunks(length)) {
            for (entry, column) in entries.iter_mut().zip(columns.chunks(length)) {
                *entry += dot(row, column);
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

/// The product of two pieces of lines, a multiple of [`STEP`] entries long. Nothing
/// wraps, sums being at most k·2¹⁶ ≤ 2²⁸; said so, it vectorises in checked builds
/// too.
fn dot(row: &[i16], column: &[i16]) -> i32 {
    let (rows, columns) = (row.as_chunks::<STEP>().0, column.as_chunks::<STEP>().0);
    let mut sum = 0_i32;
    for (row, column) in rows.iter().zip(columns) {
        let mut step = 0_i32;
        for (a, b) in row.iter().zip(column) {
            step = step.wrapping_add(i32::from(*a).wrapping_mul(i32::from(*b)));
        }
        sum = sum.wrapping_add(step);
    }
    sum
}
