// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Computes again what a reveal is about, far beyond what the chain checks.
//!
//! Of the 64 sub-tiles of an opened tile the chain computes one. But an opening says
//! more: its folds are those of the whole tile, and its paths commit to every other tile
//! of the round and give the round's key. So from what is revealed anybody can compute
//! every opened round again, whole, and compare:
//!
//! - a fold of an opened tile that is not the product's is a lie about that sub-tile;
//! - a sibling on a tile path that is not the hash of the tiles below it is a lie about
//!   one of those tiles. Which one cannot be told: their true leaves were never shown.
//!
//! Of rounds that were not opened only the roots are committed to, and none is known:
//! nothing can be said about them.

#![allow(
    clippy::cast_possible_truncation,
    reason = "the codec's derive casts the variants' indices, which are few"
)]

use std::{collections::BTreeMap, fmt};

use codec::{Decode, Encode};
use proof_of_gpu_primitives::{
    Claim, FOLDS, Hash, SUB_TILE, SoftwareSha256, TILE, Workload,
    bundle::{Bundle, BundleOpening},
    matrix::{fill_column, fill_row},
    prover::{Folds, RoundEngine},
    range::Place,
    round_key, tile,
};

/// Where what was revealed is not what the product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Contradiction {
    /// A fold of an opened tile.
    SubTile {
        /// The round.
        round: u32,
        /// The tile in the round.
        tile: u32,
        /// The sub-tile in the tile.
        sub_tile: u32,
        /// The fold revealed.
        claimed: u32,
        /// The fold of the product.
        computed: u32,
    },
    /// The hash of tiles next to an opened one, at least one of which is wrong.
    Tiles {
        /// The round.
        round: u32,
        /// The first of the tiles.
        first: u32,
        /// The last of them.
        last: u32,
        /// Their hash as revealed.
        claimed: Hash,
        /// Their hash by the product.
        computed: Hash,
    },
}

impl Contradiction {
    /// The round that it is about.
    pub const fn round(&self) -> u32 {
        match self {
            Self::SubTile { round, .. } | Self::Tiles { round, .. } => *round,
        }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SubTile {
                round,
                tile,
                sub_tile,
                claimed,
                computed,
            } => write!(
                f,
                "round {round}, tile {tile}, sub-tile {sub_tile}: the reveal says fold \
                 {claimed:#010x}, the product has {computed:#010x}"
            ),
            Self::Tiles {
                round,
                first,
                last,
                claimed,
                computed,
            } => write!(
                f,
                "round {round}, tiles {first} to {last}: the reveal commits to 0x{}, the \
                 product has 0x{}",
                hex::encode(claimed),
                hex::encode(computed)
            ),
        }
    }
}

/// What an opened round is known by.
#[derive(Clone, Debug)]
pub struct OpenedRound<'a> {
    /// Its number.
    pub round: u32,
    /// Its key, derived from the peaks and a mountain path.
    pub key: Hash,
    /// The openings of it, at least one.
    openings: Vec<&'a BundleOpening>,
}

/// The rounds that a bundle opens, in order. Meaningful for a bundle that the protocol's
/// verifier accepts: the paths are then as long as they must be, and lead to the root.
pub fn opened_rounds(bundle: &Bundle) -> Vec<OpenedRound<'_>> {
    let mut rounds = BTreeMap::<u32, Vec<&BundleOpening>>::new();
    for opening in &bundle.openings {
        rounds
            .entry(opening.sample.round)
            .or_default()
            .push(opening);
    }
    rounds
        .into_iter()
        .filter_map(|(round, openings)| {
            let path = &openings.first()?.opening.mountain_path;
            let Claim {
                challenge, rounds, ..
            } = &bundle.claim;
            let key = key_of(challenge, *rounds, &bundle.peaks, round, path)?;
            Some(OpenedRound {
                round,
                key,
                openings,
            })
        })
        .collect()
}

/// The key of an opened round of so many. The peaks before it are those left of its
/// mountain, then the left siblings on its path from the highest down.
pub(super) fn key_of(
    challenge: &Hash,
    rounds: u32,
    peaks: &[Hash],
    round: u32,
    path: &[Hash],
) -> Option<Hash> {
    let place = Place::of(round, rounds)?;
    let mut before: Vec<_> = peaks.get(..place.peak)?.to_vec();
    let siblings = (0..place.height).zip(path).rev();
    before.extend(
        siblings
            .filter(|(level, _)| place.is_right(*level))
            .map(|(_, sibling)| *sibling),
    );
    Some(round_key::<SoftwareSha256>(challenge, round, &before))
}

impl OpenedRound<'_> {
    /// The tiles that were opened.
    pub fn tiles(&self) -> usize {
        self.openings.len()
    }

    /// Computes every sub-tile of the opened tiles, on this thread, and compares.
    pub fn check_tiles(&self, workload: &Workload) -> Vec<Contradiction> {
        let mut found = Vec::new();
        for opening in &self.openings {
            let tile = opening.sample.tile;
            let computed = tile_folds(&self.key, tile, workload);
            self.compare_folds(opening, &computed, &mut found);
        }
        tidy(found)
    }

    /// Computes the whole round on an engine, and compares.
    ///
    /// # Errors
    /// The engine's own, in words.
    pub fn check_round<E: RoundEngine>(
        &self,
        engine: &mut E,
        workload: &Workload,
    ) -> Result<Vec<Contradiction>, String>
    where
        E::Error: fmt::Display,
    {
        let folds = engine
            .round_leaves(&self.key, self.round, workload)
            .map_err(|error| error.to_string())?;
        let leaves: Vec<_> = (0..)
            .zip(&folds)
            .map(|(number, folds)| tile::leaf::<SoftwareSha256>(self.round, number, folds))
            .collect();
        let levels = tile::tree::<SoftwareSha256>(leaves)
            .filter(|_| folds.len() == workload.tiles() as usize)
            .ok_or_else(|| {
                format!(
                    "the engine gave {} tiles where a round has {}",
                    folds.len(),
                    workload.tiles()
                )
            })?;
        let mut found = Vec::new();
        for opening in &self.openings {
            let number = opening.sample.tile;
            if let Some(folds) = folds.get(number as usize) {
                self.compare_folds(opening, folds, &mut found);
            }
            let path = (0_u32..).zip(opening.opening.tile_path.iter());
            for ((height, sibling), level) in path.zip(&levels) {
                let beside = (number >> height) ^ 1;
                match level.get(beside as usize) {
                    Some(computed) if computed != sibling => found.push(Contradiction::Tiles {
                        round: self.round,
                        first: beside << height,
                        last: ((beside + 1) << height) - 1,
                        claimed: *sibling,
                        computed: *computed,
                    }),
                    _ => {}
                }
            }
        }
        Ok(tidy(found))
    }

    fn compare_folds(
        &self,
        opening: &BundleOpening,
        computed: &Folds,
        found: &mut Vec<Contradiction>,
    ) {
        let pairs = opening.opening.folds.iter().zip(computed);
        for (sub_tile, (claimed, computed)) in (0..).zip(pairs) {
            if claimed != computed {
                found.push(Contradiction::SubTile {
                    round: self.round,
                    tile: opening.sample.tile,
                    sub_tile,
                    claimed: *claimed,
                    computed: *computed,
                });
            }
        }
    }
}

/// In order, each once, and without tiles among which narrower ones, or a sub-tile, are
/// already known to be wrong.
fn tidy(mut found: Vec<Contradiction>) -> Vec<Contradiction> {
    found.sort_unstable();
    found.dedup();
    let range = |one: &Contradiction| match *one {
        Contradiction::SubTile { tile, .. } => (tile, tile),
        Contradiction::Tiles { first, last, .. } => (first, last),
    };
    let all = found.clone();
    found.retain(|one| {
        let (first, last) = range(one);
        matches!(one, Contradiction::SubTile { .. })
            || !all.iter().any(|other| {
                let (from, to) = range(other);
                other != one && first <= from && to <= last
            })
    });
    found
}

/// Folds of one tile of a round, computed without the rest of the round.
fn tile_folds(key: &Hash, tile: u32, workload: &Workload) -> Folds {
    let depth = workload.k as usize;
    let across = workload.n / TILE;
    let lines = |first: u32, fill: fn(&Hash, u32, &mut [i16])| {
        let mut lines = vec![0; TILE as usize * depth];
        for (number, line) in (first..).zip(lines.chunks_mut(depth)) {
            fill(key, number, line);
        }
        lines
    };
    let rows = lines(tile / across * TILE, fill_row);
    let columns = lines(tile % across * TILE, fill_column);
    let mut folds = [0; FOLDS];
    for (number, fold) in folds.iter_mut().enumerate() {
        let side = SUB_TILE as usize;
        let rows = rows.chunks(depth).skip(number / side * side).take(side);
        let mut entries = [0; FOLDS];
        for (row, entries) in rows.zip(entries.chunks_mut(side)) {
            let columns = columns.chunks(depth).skip(number % side * side);
            for (entry, column) in entries.iter_mut().zip(columns) {
                // At most k·2¹⁶ ≤ 2²⁸: it cannot wrap.
                *entry = row
                    .iter()
                    .zip(column)
                    .map(|(a, b)| i32::from(*a) * i32::from(*b))
                    .sum();
            }
        }
        *fold = tile::fold(&entries);
    }
    folds
}

#[cfg(test)]
mod tests {
    use proof_of_gpu_primitives::prover::CpuEngine;

    use super::*;
    use crate::audit::{
        fabricated::{self, Lie},
        reveal::Revealed,
    };

    fn whole(revealed: &Revealed) -> Vec<Contradiction> {
        opened_rounds(&revealed.bundle())
            .iter()
            .flat_map(|round| {
                round
                    .check_round(&mut CpuEngine::new(), &revealed.workload)
                    .expect("the CPU does not fail")
            })
            .collect()
    }

    fn tiles(revealed: &Revealed) -> Vec<Contradiction> {
        opened_rounds(&revealed.bundle())
            .iter()
            .flat_map(|round| round.check_tiles(&revealed.workload))
            .collect()
    }

    #[test]
    fn one_tile_alone_comes_out_as_in_its_round() {
        let workload = Workload::new(128, 256, 64);
        let key = [3; 32];
        let Ok(round) = CpuEngine::new().round_leaves(&key, 0, &workload);
        for (number, folds) in (0..).zip(&round) {
            assert_eq!(tile_folds(&key, number, &workload), *folds, "tile {number}");
        }
    }

    #[test]
    fn an_honest_reveal_has_no_contradiction() {
        let revealed = fabricated::revealed(Lie::None);
        assert_eq!(whole(&revealed), []);
        assert_eq!(tiles(&revealed), []);
    }

    #[test]
    fn keys_from_openings_are_those_that_were_proved_with() {
        let revealed = fabricated::revealed(Lie::None);
        let proof = fabricated::proof(Lie::None);
        let keys: Vec<_> = proof.round_keys().collect();
        let bundle = revealed.bundle();
        let opened = opened_rounds(&bundle);
        // Several mountains, and within them more than one place.
        assert!(opened.len() > 3, "{}", opened.len());
        for round in opened {
            assert_eq!(round.key, keys[round.round as usize], "{}", round.round);
        }
    }

    #[test]
    fn a_wrong_sub_tile_that_the_chain_did_not_sample_is_named() {
        let revealed = fabricated::revealed(Lie::SubTile);
        // The chain is taken in.
        assert_eq!(revealed.verify(), Ok(()));
        let found = tiles(&revealed);
        assert!(!found.is_empty());
        for one in &found {
            let Contradiction::SubTile { sub_tile, .. } = one else {
                panic!("{one}");
            };
            assert_eq!(*sub_tile, fabricated::WRONG_SUB_TILE);
        }
        // Every opened tile has it, once.
        let mut opened: Vec<_> = revealed
            .bundle()
            .openings
            .iter()
            .map(|one| (one.sample.round, one.sample.tile))
            .collect();
        opened.sort_unstable();
        opened.dedup();
        assert_eq!(found.len(), opened.len());
        let named: Vec<_> = whole(&revealed)
            .into_iter()
            .filter(|one| matches!(one, Contradiction::SubTile { .. }))
            .collect();
        assert_eq!(named, found);
    }

    #[test]
    fn a_wrong_tile_that_was_not_opened_is_narrowed_down() {
        let revealed = fabricated::revealed(Lie::Tile);
        assert_eq!(revealed.verify(), Ok(()));
        // The opened tiles themselves are right: only the whole round shows it.
        assert_eq!(tiles(&revealed), []);
        let found = whole(&revealed);
        assert!(!found.is_empty());
        for one in found {
            let Contradiction::Tiles { first, last, .. } = one else {
                panic!("{one}");
            };
            assert!((first..=last).contains(&fabricated::WRONG_TILE));
        }
    }

    #[test]
    fn wider_ranges_than_known_are_left_out() {
        let range = |first, last| Contradiction::Tiles {
            round: 1,
            first,
            last,
            claimed: [0; 32],
            computed: [1; 32],
        };
        let sub_tile = Contradiction::SubTile {
            round: 1,
            tile: 9,
            sub_tile: 0,
            claimed: 0,
            computed: 1,
        };
        let found = vec![
            range(0, 7),
            range(2, 2),
            range(8, 15),
            sub_tile,
            range(2, 2),
        ];
        assert_eq!(tidy(found), [sub_tile, range(2, 2)]);
    }
}
