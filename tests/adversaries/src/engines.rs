// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Provers that do not compute what they claim. Each computes rounds in the place of
//! the honest engine; everything else about its proofs is as it should be, so what is
//! refused is refused for what it computed.

use proof_of_gpu_primitives::{
    FOLDS, Hash, TILE, Workload,
    matrix::{fill_column, fill_row},
    prover::{Folds, RoundEngine},
    tile::fold,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
};

/// What is skipped at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Whole rounds: these are not computed.
    Round,
    /// Tiles of 64×64 entries, made up after they were computed.
    Tile,
    /// Sub-tiles of 8×8 entries, made up after they were computed.
    SubTile,
}

impl Unit {
    /// How many sub-tiles one is.
    #[must_use]
    pub const fn sub_tiles(self, workload: &Workload) -> u32 {
        match self {
            Self::Round => workload.tiles() * 64,
            Self::Tile => 64,
            Self::SubTile => 1,
        }
    }
}

/// An honest engine on the thread that asks: one card. The library's own spends more on
/// its threads than on rounds of the smallest shape.
#[must_use]
pub const fn honest() -> Pooled {
    Pooled { cards: 1 }
}

/// Makes up some of the sub-tiles and computes the others.
#[derive(Clone, Debug)]
pub struct Skipping {
    engine: Pooled,
    /// Numbers of those made up, counted through tiles and rounds.
    made_up: BTreeSet<u64>,
}

impl Skipping {
    /// One that makes up the `units` of these numbers.
    pub fn new(units: impl IntoIterator<Item = u32>, unit: Unit, workload: &Workload) -> Self {
        let size = u64::from(unit.sub_tiles(workload));
        let made_up = units
            .into_iter()
            .flat_map(|number| (0..size).map(move |within| u64::from(number) * size + within))
            .collect();
        Self {
            engine: honest(),
            made_up,
        }
    }

    /// How many sub-tiles it makes up.
    #[must_use]
    pub fn count(&self) -> usize {
        self.made_up.len()
    }

    /// Whether it made up this sub-tile.
    #[must_use]
    pub fn skipped(&self, workload: &Workload, round: u32, tile: u32, sub_tile: u32) -> bool {
        let first = (u64::from(round) * u64::from(workload.tiles()) + u64::from(tile)) * 64;
        self.made_up.contains(&(first + u64::from(sub_tile)))
    }
}

impl RoundEngine for Skipping {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let size = u64::from(Unit::Round.sub_tiles(workload));
        let first = u64::from(round) * size;
        let skipped: Vec<u64> = self.made_up.range(first..first + size).copied().collect();
        let mut folds = if skipped.len() as u64 == size {
            vec![[0; FOLDS]; workload.tiles() as usize]
        } else {
            self.engine.round_leaves(key, round, workload)?
        };
        // The same each time, or it could not open its own commitment.
        let [a, b, c, d, ..] = *key;
        let guess = u32::from_le_bytes([a, b, c, d]);
        for number in skipped {
            let within = usize::try_from(number - first).unwrap_or_default();
            let fold = &mut folds[within / FOLDS][within % FOLDS];
            // Never right by chance.
            *fold = if *fold == guess { !guess } else { guess };
        }
        Ok(folds)
    }
}

/// How a line of a matrix is made.
pub type Fill = fn(key: &Hash, line: u32, entries: &mut [i16]);

/// How a tile is multiplied out of whole rows and columns.
pub type Multiply = fn(rows: &[Vec<i16>], columns: &[Vec<i16>]) -> Vec<Vec<i32>>;

/// Computes rounds of one tile its own way.
#[derive(Clone, Copy, Debug)]
pub struct Tile {
    /// Rows of A.
    pub rows: Fill,
    /// Columns of B.
    pub columns: Fill,
    /// Their product.
    pub multiply: Multiply,
    /// Added to each entry of the product.
    pub off_by: i32,
}

impl Tile {
    /// The protocol's own way, and so honest.
    pub const PROTOCOL: Self = Self {
        rows: fill_row,
        columns: fill_column,
        multiply,
        off_by: 0,
    };

    /// Every entry the same: the product is known without a multiplication.
    pub const CONSTANT: Self = Self {
        rows: |key, _, row| row.fill(i16::from(key[0])),
        columns: |key, _, column| column.fill(i16::from(key[1])),
        ..Self::PROTOCOL
    };

    /// Entries that depend on the sum of row and column only, as in the reference
    /// network's generator, and so the short cut.
    pub const HANKEL: Self = Self {
        rows: |key, i, row| hankel(key, 0x41, i, row),
        columns: |key, j, column| hankel(key, 0x42, j, column),
        multiply: short_cut,
        ..Self::PROTOCOL
    };

    /// The protocol's matrices, multiplied by the short cut.
    pub const SHORT_CUT: Self = Self {
        multiply: short_cut,
        ..Self::PROTOCOL
    };

    /// The protocol's entries without the lowest bit: eight bits, for which hardware is
    /// faster.
    pub const EIGHT_BITS: Self = Self {
        rows: |key, i, row| {
            fill_row(key, i, row);
            row.iter_mut().for_each(|entry| *entry &= !1);
        },
        ..Self::PROTOCOL
    };

    /// Right but for one in each entry, which a tolerance would let pass.
    pub const OFF_BY_ONE: Self = Self {
        off_by: 1,
        ..Self::PROTOCOL
    };
}

/// A line of a matrix whose entry (i, j) depends on i + j.
fn hankel(key: &Hash, matrix: u8, line: u32, entries: &mut [i16]) {
    let [a, b, c, d, ..] = *key;
    for (number, entry) in (line..).zip(entries) {
        let mut z = u32::from_le_bytes([a, b, c, d]) ^ number.wrapping_mul(0x9e37_79b9);
        z ^= u32::from(matrix) << 16;
        z = (z ^ (z >> 16)).wrapping_mul(0x85eb_ca6b);
        z = (z ^ (z >> 13)).wrapping_mul(0xc2b2_ae35);
        let [_, byte, ..] = z.to_le_bytes();
        *entry = i16::from(byte);
    }
}

fn dot(row: &[i16], column: &[i16]) -> i32 {
    // Nothing wraps, sums being at most 2²⁸; said so, it vectorises in checked builds.
    row.iter().zip(column).fold(0_i32, |sum, (a, b)| {
        sum.wrapping_add(i32::from(*a).wrapping_mul(i32::from(*b)))
    })
}

/// The product, every entry by itself.
#[must_use]
pub fn multiply(rows: &[Vec<i16>], columns: &[Vec<i16>]) -> Vec<Vec<i32>> {
    rows.iter()
        .map(|row| columns.iter().map(|column| dot(row, column)).collect())
        .collect()
}

/// What the product would be if a row went on where the one above it does, and columns
/// likewise: then an entry is the one above and left of it, less its first product and
/// with a last one. Two multiplications an entry instead of k.
#[must_use]
pub fn short_cut(rows: &[Vec<i16>], columns: &[Vec<i16>]) -> Vec<Vec<i32>> {
    let mut product = vec![vec![0; columns.len()]; rows.len()];
    for (i, row) in rows.iter().enumerate() {
        for (j, column) in columns.iter().enumerate() {
            product[i][j] = match (i.checked_sub(1), j.checked_sub(1)) {
                (Some(above), Some(left)) => {
                    let ends = |from: &[i16], to: &[i16]| {
                        let last = from.len() - 1;
                        (i32::from(from[0]), i32::from(to[last]))
                    };
                    let (first_row, last_row) = ends(&rows[above], row);
                    let (first_column, last_column) = ends(&columns[left], column);
                    product[above][left] - first_row * first_column + last_row * last_column
                }
                _ => dot(row, column),
            };
        }
    }
    product
}

/// The folds of a tile of these entries.
#[must_use]
pub fn folds_of(tile: &[Vec<i32>]) -> Folds {
    std::array::from_fn(|number| {
        let (a, b) = (number / 8, number % 8);
        let entries: [i32; FOLDS] =
            std::array::from_fn(|entry| tile[8 * a + entry / 8][8 * b + entry % 8]);
        fold(&entries)
    })
}

/// Lines of a matrix from the first on.
#[must_use]
pub fn lines(fill: Fill, key: &Hash, first: u32, count: u32, k: u32) -> Vec<Vec<i16>> {
    (first..first + count)
        .map(|number| {
            let mut line = vec![0; k as usize];
            fill(key, number, &mut line);
            line
        })
        .collect()
}

impl RoundEngine for Tile {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        _round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let rows = lines(self.rows, key, 0, TILE, workload.k);
        let columns = lines(self.columns, key, 0, TILE, workload.k);
        let mut tile = (self.multiply)(&rows, &columns);
        for entry in tile.iter_mut().flatten() {
            *entry += self.off_by;
        }
        Ok(vec![folds_of(&tile)])
    }
}

/// Gives the rounds that it remembers, whatever it is asked for.
#[derive(Clone, Debug, Default)]
pub struct Remembering {
    rounds: BTreeMap<u32, Vec<Folds>>,
}

impl Remembering {
    /// Computes honestly and remembers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl RoundEngine for Remembering {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        if let Some(folds) = self.rounds.get(&round) {
            return Ok(folds.clone());
        }
        let folds = honest().round_leaves(key, round, workload)?;
        self.rounds.insert(round, folds.clone());
        Ok(folds)
    }
}

/// Several cards that prove as one: each computes a share of every round's rows of
/// tiles, and all that goes between them is the round's key and the folds.
#[derive(Clone, Copy, Debug)]
pub struct Pooled {
    /// How many cards, a power of two.
    pub cards: u32,
}

impl RoundEngine for Pooled {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        _round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let Workload { m, n, k } = *workload;
        let columns = lines(fill_column, key, 0, n, k);
        let rows_a_card = m / self.cards;
        let mut folds = Vec::new();
        for card in 0..self.cards {
            for first in (card * rows_a_card..(card + 1) * rows_a_card).step_by(TILE as usize) {
                let rows = lines(fill_row, key, first, TILE, k);
                for columns in columns.chunks(TILE as usize) {
                    folds.push(folds_of(&multiply(&rows, columns)));
                }
            }
        }
        Ok(folds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proof_of_gpu_primitives::prover::{CpuEngine, prove};

    const KEY: Hash = [7; 32];

    fn root(engine: &mut impl RoundEngine<Error = Infallible>, workload: &Workload) -> Hash {
        prove(engine, KEY, workload, 3, &mut |_| ())
            .expect("it proves")
            .root()
    }

    #[test]
    fn who_makes_nothing_up_is_honest() {
        let one_tile = Workload::new(64, 64, 128);
        let four_tiles = Workload::new(128, 128, 64);
        for shape in [one_tile, four_tiles] {
            let expected = root(&mut CpuEngine::new(), &shape);
            let mut nothing = Skipping::new([], Unit::Tile, &shape);
            assert_eq!(root(&mut nothing, &shape), expected);
            let mut one = Skipping::new([5], Unit::SubTile, &shape);
            assert_ne!(root(&mut one, &shape), expected);
        }
        let mut protocol = Tile::PROTOCOL;
        assert_eq!(
            root(&mut protocol, &one_tile),
            root(&mut CpuEngine::new(), &one_tile)
        );
        assert_eq!(
            root(&mut Pooled { cards: 2 }, &four_tiles),
            root(&mut CpuEngine::new(), &four_tiles)
        );
    }

    #[test]
    fn the_short_cut_is_right_where_entries_depend_on_the_sum_only() {
        for k in [64, 256] {
            let [rows, columns] =
                [Tile::HANKEL.rows, Tile::HANKEL.columns].map(|fill| lines(fill, &KEY, 0, TILE, k));
            assert_eq!(short_cut(&rows, &columns), multiply(&rows, &columns));
            // And nowhere right, but in the first row and column, for the protocol's.
            let rows = lines(fill_row, &KEY, 0, TILE, k);
            let columns = lines(fill_column, &KEY, 0, TILE, k);
            let [guessed, right] = [short_cut, multiply].map(|by| by(&rows, &columns));
            let inner = (1..64).flat_map(|i| (1..64).map(move |j| (i, j)));
            let same = inner.filter(|(i, j)| guessed[*i][*j] == right[*i][*j]);
            assert!(same.count() < 10, "a difference that is zero is luck");
        }
    }

    #[test]
    fn a_unit_is_so_many_sub_tiles() {
        let shape = Workload::new(128, 128, 64);
        for (unit, sub_tiles) in [(Unit::Round, 256), (Unit::Tile, 64), (Unit::SubTile, 1)] {
            let engine = Skipping::new([1], unit, &shape);
            assert_eq!(engine.count(), sub_tiles);
        }
        let engine = Skipping::new([5], Unit::Tile, &shape);
        assert!(engine.skipped(&shape, 1, 1, 0) && engine.skipped(&shape, 1, 1, 63));
        assert!(!engine.skipped(&shape, 1, 0, 63) && !engine.skipped(&shape, 1, 2, 0));
    }
}
