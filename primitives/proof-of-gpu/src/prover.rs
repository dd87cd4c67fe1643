// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The prover: what is common to every device, over a [`RoundEngine`] that computes
//! the rounds. [`CpuEngine`] is the engine that needs no device.

use alloc::{collections::BTreeMap, vec::Vec};

use crate::{
    FOLDS, Hash, Opening, Path, SoftwareSha256, VerifyError, Workload, check_rounds,
    range::{self, Place, Range, commitment_root},
    round_key,
    sampling::{Sample, samples},
    tile::{self, leaf},
    verify::Claim,
};

mod cpu;

pub use cpu::CpuEngine;

/// Folds of one tile.
pub type Folds = [u32; FOLDS];

/// Computes rounds.
pub trait RoundEngine {
    /// Why the engine could not.
    type Error;

    /// The folds of every tile of a round, in tile order, from the round's key.
    ///
    /// `workload` is valid. `round` is for the engine's own reports; the product
    /// depends on the key alone.
    ///
    /// # Errors
    ///
    /// The engine's own.
    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Self::Error>;
}

/// Why no proof or no openings came out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// The protocol does not allow the shape or the number of rounds or samples.
    #[error(transparent)]
    Refused(#[from] VerifyError),
    /// The engine gave another number of tiles than the shape has.
    #[error("the engine gave {found} tiles where the workload has {expected}")]
    Tiles {
        /// Tiles of the workload.
        expected: u32,
        /// Tiles that the engine gave.
        found: usize,
    },
    /// A sampled round, computed again, has another root than the committed one.
    #[error("round {round}, computed again, is not the one committed to")]
    NotReproduced {
        /// The round.
        round: u32,
    },
    /// The engine failed.
    #[error("{0}")]
    Engine(E),
}

/// A proof before its sampling: a commitment and what is needed to open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    challenge: Hash,
    workload: Workload,
    root: Hash,
    peaks: Vec<Hash>,
    round_roots: Vec<Hash>,
    rounds: u32,
}

impl Proof {
    /// The proof over rounds that an engine has already computed, their roots in
    /// order. Engines that keep the range and the keys to themselves use this.
    ///
    /// # Errors
    ///
    /// [`VerifyError`] if the protocol does not allow the shape or so many rounds.
    pub fn from_round_roots(
        challenge: Hash,
        workload: Workload,
        round_roots: Vec<Hash>,
    ) -> Result<Self, VerifyError> {
        workload.validate()?;
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
            workload,
            root,
            peaks,
            round_roots,
            rounds,
        })
    }

    /// What the proof commits to, as a verifier knows it.
    pub const fn claim(&self) -> Claim {
        Claim {
            challenge: self.challenge,
            workload: self.workload,
            rounds: self.rounds,
            root: self.root,
        }
    }

    /// Rounds computed.
    pub const fn rounds(&self) -> u32 {
        self.rounds
    }

    /// The commitment.
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Peaks of the range over all rounds, oldest first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Roots of the rounds, in order.
    pub fn round_roots(&self) -> &[Hash] {
        &self.round_roots
    }

    /// The first `count` samples that a sampling beacon asks of this proof.
    pub fn samples(&self, sampling_beacon: &Hash, count: u32) -> Vec<Sample> {
        samples::<SoftwareSha256>(
            sampling_beacon,
            &self.challenge,
            &self.root,
            self.rounds,
            self.workload.tiles(),
            count,
        )
        .collect()
    }

    /// Keys of the rounds, in order.
    pub fn round_keys(&self) -> impl Iterator<Item = Hash> {
        let mut range = Range::new();
        (0..).zip(&self.round_roots).map(move |(round, root)| {
            let key = round_key::<SoftwareSha256>(&self.challenge, round, range.peaks());
            // Never full: the proof holds no more roots than a range can.
            let _ = range.append::<SoftwareSha256>(*root);
            key
        })
    }

    /// Siblings from a round's root up to the peak that covers it; `None` if the
    /// proof has no such round.
    pub fn mountain_path(&self, round: u32) -> Option<Vec<Hash>> {
        let Place {
            height, position, ..
        } = Place::of(round, self.rounds)?;
        let first = (round - position) as usize;
        let covered = self.round_roots.get(first..first + (1 << height))?;
        let levels = tile::levels(covered.to_vec(), range::parent::<SoftwareSha256>)?;
        Some(tile::tree_path(&levels, position as usize))
    }
}

/// Computes `rounds` rounds on an engine and commits to them. `progress` is told the
/// number of rounds done after each.
///
/// # Errors
///
/// [`ProveError`].
pub fn prove<E: RoundEngine>(
    engine: &mut E,
    challenge: Hash,
    workload: &Workload,
    rounds: u32,
    progress: &mut dyn FnMut(u32),
) -> Result<Proof, ProveError<E::Error>> {
    workload.validate()?;
    check_rounds(rounds)?;
    let mut range = Range::new();
    let mut round_roots = Vec::new();
    for round in 0..rounds {
        let key = round_key::<SoftwareSha256>(&challenge, round, range.peaks());
        let folds = engine_round(engine, &key, round, workload)?;
        let root = round_levels(round, &folds).1;
        range
            .append::<SoftwareSha256>(root)
            .map_err(|_| VerifyError::TooManyRounds)?;
        round_roots.push(root);
        progress(round + 1);
    }
    Ok(Proof::from_round_roots(challenge, *workload, round_roots)?)
}

/// Opens the samples that a sampling beacon asks for, computing each sampled round
/// once more.
///
/// # Errors
///
/// [`ProveError`]; [`VerifyError::NoOpenings`] within it for no samples.
pub fn open<E: RoundEngine>(
    engine: &mut E,
    proof: &Proof,
    sampling_beacon: &Hash,
    samples: u32,
) -> Result<Vec<Opening>, ProveError<E::Error>> {
    if samples == 0 {
        return Err(VerifyError::NoOpenings.into());
    }
    let mut by_round = BTreeMap::<u32, Vec<(u32, u32)>>::new();
    for (index, sample) in (0..).zip(proof.samples(sampling_beacon, samples)) {
        by_round
            .entry(sample.round)
            .or_default()
            .push((index, sample.tile));
    }
    let mut openings = Vec::new();
    for ((round, key), root) in (0..).zip(proof.round_keys()).zip(&proof.round_roots) {
        let Some(sampled) = by_round.get(&round) else {
            continue;
        };
        let folds = engine_round(engine, &key, round, &proof.workload)?;
        let (levels, recomputed) = round_levels(round, &folds);
        if recomputed != *root {
            return Err(ProveError::NotReproduced { round });
        }
        let mountain_path = proof.mountain_path(round).unwrap_or_default();
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
fn engine_round<E: RoundEngine>(
    engine: &mut E,
    key: &Hash,
    round: u32,
    workload: &Workload,
) -> Result<Vec<Folds>, ProveError<E::Error>> {
    let folds = engine
        .round_leaves(key, round, workload)
        .map_err(ProveError::Engine)?;
    let expected = workload.tiles();
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
