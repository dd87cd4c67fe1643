// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Rounds of tiles that follow each other by their keys, whatever is computed in
//! them: what the provers of the product and of the memory walk have in common.

use alloc::{collections::BTreeMap, vec::Vec};

use super::{Folds, ProveError};
use crate::{
    Hash, Opening, Path, SoftwareSha256, VerifyError, check_rounds,
    range::{self, Place, Range, commitment_root},
    round_key,
    sampling::{Sample, samples},
    tile::{self, leaf},
};

/// Roots of rounds, and the commitment to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chain {
    pub(crate) challenge: Hash,
    pub(crate) root: Hash,
    pub(crate) peaks: Vec<Hash>,
    pub(crate) round_roots: Vec<Hash>,
    pub(crate) rounds: u32,
}

impl Chain {
    /// The chain of the rounds of these roots.
    pub(crate) fn new(challenge: Hash, round_roots: Vec<Hash>) -> Result<Self, VerifyError> {
        let rounds = u32::try_from(round_roots.len()).map_err(|_| VerifyError::TooManyRounds)?;
        check_rounds(rounds)?;
        let mut range = Range::new();
        for root in &round_roots {
            range
                .append::<SoftwareSha256>(*root)
                .map_err(|_| VerifyError::TooManyRounds)?;
        }
        let peaks = range.peaks().to_vec();
        let root = commitment_root::<SoftwareSha256>(&challenge, rounds, &peaks);
        Ok(Self {
            challenge,
            root,
            peaks,
            round_roots,
            rounds,
        })
    }

    /// The first `count` samples that a sampling beacon asks for.
    pub(crate) fn samples(&self, sampling_beacon: &Hash, tiles: u32, count: u32) -> Vec<Sample> {
        samples::<SoftwareSha256>(
            sampling_beacon,
            &self.challenge,
            &self.root,
            self.rounds,
            tiles,
            count,
        )
        .collect()
    }

    /// Keys of the rounds, in order.
    pub(crate) fn round_keys(&self) -> impl Iterator<Item = Hash> {
        let mut range = Range::new();
        (0..).zip(&self.round_roots).map(move |(round, root)| {
            let key = round_key::<SoftwareSha256>(&self.challenge, round, range.peaks());
            // Never full: the chain holds no more roots than a range can.
            let _ = range.append::<SoftwareSha256>(*root);
            key
        })
    }

    /// Siblings from a round's root up to the peak that covers it; `None` for a
    /// round that is not in the chain.
    pub(crate) fn mountain_path(&self, round: u32) -> Option<Vec<Hash>> {
        let Place {
            height, position, ..
        } = Place::of(round, self.rounds)?;
        let first = (round - position) as usize;
        let covered = self.round_roots.get(first..first + (1 << height))?;
        let levels = tile::levels(covered.to_vec(), range::parent::<SoftwareSha256>)?;
        Some(tile::tree_path(&levels, position as usize))
    }
}

/// Runs rounds, each `compute`d from its key and number, and commits to them.
/// `progress` is told the number of rounds done after each.
pub(crate) fn run<E>(
    challenge: Hash,
    tiles: u32,
    rounds: u32,
    mut compute: impl FnMut(&Hash, u32) -> Result<Vec<Folds>, E>,
    progress: &mut dyn FnMut(u32),
) -> Result<Chain, ProveError<E>> {
    check_rounds(rounds)?;
    let mut range = Range::new();
    let mut round_roots = Vec::new();
    for round in 0..rounds {
        let key = round_key::<SoftwareSha256>(&challenge, round, range.peaks());
        let folds = checked(tiles, compute(&key, round))?;
        let root = round_levels(round, &folds).1;
        range
            .append::<SoftwareSha256>(root)
            .map_err(|_| VerifyError::TooManyRounds)?;
        round_roots.push(root);
        progress(round + 1);
    }
    Ok(Chain::new(challenge, round_roots)?)
}

/// Opens the samples that a sampling beacon asks for, each sampled round `compute`d
/// once more.
pub(crate) fn open<E>(
    chain: &Chain,
    tiles: u32,
    sampling_beacon: &Hash,
    samples: u32,
    mut compute: impl FnMut(&Hash, u32) -> Result<Vec<Folds>, E>,
) -> Result<Vec<Opening>, ProveError<E>> {
    if samples == 0 {
        return Err(VerifyError::NoOpenings.into());
    }
    let mut by_round = BTreeMap::<u32, Vec<(u32, u32)>>::new();
    for (index, sample) in (0..).zip(chain.samples(sampling_beacon, tiles, samples)) {
        by_round
            .entry(sample.round)
            .or_default()
            .push((index, sample.tile));
    }
    let mut openings = Vec::new();
    for ((round, key), root) in (0..).zip(chain.round_keys()).zip(&chain.round_roots) {
        let Some(sampled) = by_round.get(&round) else {
            continue;
        };
        let folds = checked(tiles, compute(&key, round))?;
        let (levels, recomputed) = round_levels(round, &folds);
        if recomputed != *root {
            return Err(ProveError::NotReproduced { round });
        }
        let mountain_path = chain.mountain_path(round).unwrap_or_default();
        for &(opening, tile) in sampled {
            let tile = tile as usize;
            let tile_path = Path::try_from(tile::tree_path(&levels, tile))
                .map_err(|_| VerifyError::TilePathLength { opening })?;
            let mountain_path = Path::try_from(mountain_path.clone())
                .map_err(|_| VerifyError::MountainPathLength { opening })?;
            openings.push((
                opening,
                Opening {
                    folds: folds[tile],
                    tile_path,
                    mountain_path,
                },
            ));
        }
    }
    openings.sort_by_key(|(index, _)| *index);
    Ok(openings.into_iter().map(|(_, opening)| opening).collect())
}

/// One round's folds, of the right number.
fn checked<E>(expected: u32, folds: Result<Vec<Folds>, E>) -> Result<Vec<Folds>, ProveError<E>> {
    let folds = folds.map_err(ProveError::Engine)?;
    if folds.len() != expected as usize {
        return Err(ProveError::Tiles {
            expected,
            found: folds.len(),
        });
    }
    Ok(folds)
}

/// The tree over a round's tiles, and its root.
fn round_levels(round: u32, folds: &[Folds]) -> (Vec<Vec<Hash>>, Hash) {
    let leaves = (0..)
        .zip(folds)
        .map(|(tile, folds)| leaf::<SoftwareSha256>(round, tile, folds))
        .collect();
    let levels = tile::tree::<SoftwareSha256>(leaves).unwrap_or_default();
    let root = levels
        .last()
        .and_then(|top| top.first())
        .copied()
        .unwrap_or_default();
    (levels, root)
}
