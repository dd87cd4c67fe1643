// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The prover on a CPU, with a library's f32 product.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::thread;

use gemm::Parallelism;
use proof_of_gpu_primitives::prover::{Folds, RoundEngine};
use proof_of_gpu_primitives::{FOLDS, Hash, Workload, matrix, tile::fold};

/// Rows and columns of a tile.
const TILE: usize = 64;

/// Entries of C that are computed before they are folded: 4 MiB, which a last-level
/// cache keeps.
const BLOCK: usize = 1 << 20;

/// Operations of a round below which threads cost more than they gain.
const SMALL: u128 = 1 << 25;

/// Computes rounds on the machine's own cores, several times as fast as
/// [`CpuEngine`](proof_of_gpu_primitives::prover::CpuEngine), which stays the twin that
/// needs no library and knows no rounding.
///
/// Sums are f32. Partial sums of a round's own entries stay below 2²⁴ but for a chance
/// of 10⁻³⁰, in any order, so that nothing is rounded, fused or not, however the library
/// blocks the product.
#[derive(Debug)]
pub struct GemmEngine {
    threads: NonZeroUsize,
    a: Vec<f32>,
    b: Vec<f32>,
    c: Vec<f32>,
}

impl Default for GemmEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl GemmEngine {
    /// An engine on all of the machine's cores.
    #[must_use]
    pub fn new() -> Self {
        Self::with_threads(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// An engine on that many threads.
    #[must_use]
    pub const fn with_threads(threads: NonZeroUsize) -> Self {
        Self {
            threads,
            a: Vec::new(),
            b: Vec::new(),
            c: Vec::new(),
        }
    }
}

/// Runs `work` on even shares of the items, each of whole pieces.
fn share<T: Send>(
    threads: NonZeroUsize,
    items: &mut [T],
    piece: usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    if threads == NonZeroUsize::MIN {
        return work(0, items);
    }
    let pieces = (items.len() / piece).div_ceil(threads.get()).max(1);
    thread::scope(|scope| {
        for (number, share) in items.chunks_mut(pieces * piece).enumerate() {
            let work = &work;
            scope.spawn(move || work(number * pieces, share));
        }
    });
}

/// Fills lines (rows of A, columns of B) of k entries.
fn fill(
    threads: NonZeroUsize,
    lines: &mut Vec<f32>,
    count: u32,
    depth: usize,
    line: impl Fn(u32, &mut [i16]) + Sync,
) {
    lines.resize(count as usize * depth, 0.0);
    share(threads, lines, depth, |first, lines| {
        let mut entries = vec![0_i16; depth];
        for (number, values) in (first..).zip(lines.chunks_exact_mut(depth)) {
            // Below the count, which is a u32.
            line(u32::try_from(number).unwrap_or(u32::MAX), &mut entries);
            for (value, entry) in values.iter_mut().zip(&entries) {
                *value = f32::from(*entry);
            }
        }
    });
}

/// C = A · Bᵀ on that many threads: rows of A, and columns of B, of `depth` entries lie
/// one after the other, C row by row.
///
/// # Panics
/// If the lengths do not match.
#[allow(unsafe_code)]
pub fn multiply(threads: NonZeroUsize, a: &[f32], b: &[f32], c: &mut [f32], depth: usize) {
    let (m, n) = (a.len() / depth, b.len() / depth);
    assert!(
        a.len() == m * depth && b.len() == n * depth && c.len() == m * n,
        "matrices of {m}x{depth}, {depth}x{n} and {} entries do not match",
        c.len()
    );
    let stride = |entries: usize| isize::try_from(entries).unwrap_or(isize::MAX);
    let (rows, k) = (stride(n), stride(depth));
    // Safety: the library reads and writes what the sizes and strides span, which the
    // assertion above holds to the slices; C is borrowed mutably and nothing else is
    // written.
    unsafe {
        gemm::gemm(
            m,
            n,
            depth,
            c.as_mut_ptr(),
            1,
            rows,
            false,
            a.as_ptr(),
            1,
            k,
            b.as_ptr(),
            k,
            1,
            0.0_f32,
            1.0_f32,
            false,
            false,
            false,
            match threads.get() {
                1 => Parallelism::None,
                threads => Parallelism::Rayon(threads),
            },
        );
    }
}

/// The folds of the tiles in a row of tiles, whose 64 rows of C have n entries.
fn fold_tiles(rows: &[f32], n: usize, tiles: &mut [Folds]) {
    for (number, tile) in tiles.iter_mut().enumerate() {
        for (sub_tile, sub_tile_fold) in tile.iter_mut().enumerate() {
            let (top, left) = (sub_tile / 8 * 8, number * TILE + sub_tile % 8 * 8);
            let mut entries = [0; FOLDS];
            for (row, entries) in entries.as_chunks_mut::<8>().0.iter_mut().enumerate() {
                let values = &rows[(top + row) * n + left..][..8];
                for (entry, value) in entries.iter_mut().zip(values) {
                    // Whole and below 2²⁴ in size.
                    #[allow(clippy::cast_possible_truncation)]
                    let whole = *value as i32;
                    *entry = whole;
                }
            }
            *sub_tile_fold = fold(&entries);
        }
    }
}

impl RoundEngine for GemmEngine {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        _round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let Workload { m, n, k } = *workload;
        let depth = k as usize;
        let threads = if workload.operations() < SMALL {
            NonZeroUsize::MIN
        } else {
            self.threads
        };
        fill(threads, &mut self.a, m, depth, |i, row| {
            matrix::fill_row(key, i, row);
        });
        fill(threads, &mut self.b, n, depth, |j, column| {
            matrix::fill_column(key, j, column);
        });

        let columns = n as usize;
        let mut folds = vec![[0; FOLDS]; workload.tiles() as usize];
        // Whole rows of tiles, at least one.
        let rows = (BLOCK / columns / TILE * TILE).clamp(TILE, m as usize);
        let tiles = rows / TILE * (columns / TILE);
        for (a, folds) in self.a.chunks(rows * depth).zip(folds.chunks_mut(tiles)) {
            self.c.resize(a.len() / depth * columns, 0.0);
            multiply(threads, a, &self.b, &mut self.c, depth);
            let c = &self.c;
            share(threads, folds, columns / TILE, |first, folds| {
                let first = first * TILE * columns;
                let rows = c[first..].chunks_exact(TILE * columns);
                for (rows, tiles) in rows.zip(folds.chunks_exact_mut(columns / TILE)) {
                    fold_tiles(rows, columns, tiles);
                }
            });
        }
        Ok(folds)
    }
}
