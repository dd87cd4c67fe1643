// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The verifier.

use crate::{
    Hash, MAX_ROUNDS, Opening, SUB_TILE, Sha256, TILE, VerifyError, Workload,
    product::sub_tile_product,
    range::{Place, commitment_root},
    sampling::{Sample, samples},
    tile::{fold, leaf, node},
};

/// What a reveal is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Challenge of the GPU in the window.
    pub challenge: Hash,
    /// Shape of the rounds.
    pub workload: Workload,
    /// Rounds committed to.
    pub rounds: u32,
    /// The commitment's root.
    pub root: Hash,
}

/// Whether so many rounds can be committed to.
///
/// # Errors
///
/// [`VerifyError::NoRounds`], [`VerifyError::TooManyRounds`].
pub fn check_rounds(rounds: u32) -> Result<(), VerifyError> {
    match rounds {
        0 => Err(VerifyError::NoRounds),
        1..=MAX_ROUNDS => Ok(()),
        _ => Err(VerifyError::TooManyRounds),
    }
}

/// Whether a reveal has the number of openings that is asked for, at least one.
///
/// # Errors
///
/// [`VerifyError::NoOpenings`], [`VerifyError::TooFewOpenings`],
/// [`VerifyError::TooManyOpenings`].
pub fn check_openings(openings: usize, samples: u32) -> Result<(), VerifyError> {
    if openings == 0 || samples == 0 {
        return Err(VerifyError::NoOpenings);
    }
    match openings.cmp(&(samples as usize)) {
        core::cmp::Ordering::Less => Err(VerifyError::TooFewOpenings),
        core::cmp::Ordering::Equal => Ok(()),
        core::cmp::Ordering::Greater => Err(VerifyError::TooManyOpenings),
    }
}

/// Checks a reveal of `samples` openings against its claim.
///
/// In this order: the shape, the number of rounds, of openings and of peaks; the
/// root; the length of every path; then for one opening after the other the leaf
/// and its paths up to the peak, and the sampled sub-tile's 64 dot products and
/// their fold. All work is bounded by the claim's shape and the number of samples.
///
/// # Errors
///
/// The first check that fails, as a [`VerifyError`].
pub fn verify_reveal<H: Sha256>(
    claim: &Claim,
    sampling_beacon: &Hash,
    peaks: &[Hash],
    openings: &[Opening],
    samples: u32,
) -> Result<(), VerifyError> {
    claim.workload.validate()?;
    let commitment = Commitment::of_product(claim);
    commitment.check::<H>(sampling_beacon, peaks, openings, samples)?;
    let sampled = commitment.sampled::<H>(sampling_beacon, openings, samples);
    for (index, sample, opening) in sampled {
        let key = commitment.round_key::<H>(peaks, sample, opening, index)?;
        check_product(claim, &key, sample, opening, index)?;
    }
    Ok(())
}

/// Checks that a reveal has exactly the size that its claim and the drawn samples ask
/// for, and nothing of what it says.
///
/// That is the number of openings, of peaks, and the length of every path: whatever
/// passes has one length in bytes, the same for everybody with this claim. It takes two
/// hashes and the samples' keystream, so it can stand before a pool; [`verify_reveal`]
/// checks the same again.
///
/// # Errors
///
/// The first of the lengths that is wrong, as a [`VerifyError`].
pub fn check_size<H: Sha256>(
    claim: &Claim,
    sampling_beacon: &Hash,
    peaks: &[Hash],
    openings: &[Opening],
    samples: u32,
) -> Result<(), VerifyError> {
    claim.workload.validate()?;
    Commitment::of_product(claim).check_size::<H>(sampling_beacon, peaks, openings, samples)
}

/// A commitment to rounds of tiles of 64 numbers each, whatever these are: what the
/// product and the memory walk have in common.
pub(crate) struct Commitment {
    /// What the keys, the samples and the root are bound to.
    pub(crate) challenge: Hash,
    /// Tiles of a round: a power of two, at most 65536.
    pub(crate) tiles: u32,
    /// Rounds committed to.
    pub(crate) rounds: u32,
    /// The root.
    pub(crate) root: Hash,
}

impl Commitment {
    /// That of a product whose shape is valid.
    const fn of_product(claim: &Claim) -> Self {
        Self {
            challenge: claim.challenge,
            tiles: claim.workload.tiles(),
            rounds: claim.rounds,
            root: claim.root,
        }
    }

    /// Checks the numbers of rounds, openings and peaks, the root, and the length of
    /// every path.
    pub(crate) fn check<H: Sha256>(
        &self,
        sampling_beacon: &Hash,
        peaks: &[Hash],
        openings: &[Opening],
        samples: u32,
    ) -> Result<(), VerifyError> {
        self.check_counts(peaks, openings, samples)?;
        if commitment_root::<H>(&self.challenge, self.rounds, peaks) != self.root {
            return Err(VerifyError::Root);
        }
        self.check_all_paths::<H>(sampling_beacon, openings, samples)
    }

    /// As [`Self::check`], but for the root.
    pub(crate) fn check_size<H: Sha256>(
        &self,
        sampling_beacon: &Hash,
        peaks: &[Hash],
        openings: &[Opening],
        samples: u32,
    ) -> Result<(), VerifyError> {
        self.check_counts(peaks, openings, samples)?;
        self.check_all_paths::<H>(sampling_beacon, openings, samples)
    }

    fn check_counts(
        &self,
        peaks: &[Hash],
        openings: &[Opening],
        samples: u32,
    ) -> Result<(), VerifyError> {
        check_rounds(self.rounds)?;
        check_openings(openings.len(), samples)?;
        if peaks.len() != self.rounds.count_ones() as usize {
            return Err(VerifyError::PeakCount);
        }
        Ok(())
    }

    fn check_all_paths<H: Sha256>(
        &self,
        sampling_beacon: &Hash,
        openings: &[Opening],
        samples: u32,
    ) -> Result<(), VerifyError> {
        for (index, sample, opening) in self.sampled::<H>(sampling_beacon, openings, samples) {
            self.check_paths(sample, opening, index)?;
        }
        Ok(())
    }

    /// The openings with their indices and the positions that they must be of.
    pub(crate) fn sampled<'a, H: Sha256>(
        &self,
        sampling_beacon: &Hash,
        openings: &'a [Opening],
        count: u32,
    ) -> impl Iterator<Item = (u32, Sample, &'a Opening)> + use<'a, H> {
        let positions = samples::<H>(
            sampling_beacon,
            &self.challenge,
            &self.root,
            self.rounds,
            self.tiles,
            count,
        );
        (0..)
            .zip(positions)
            .zip(openings)
            .map(|((index, sample), opening)| (index, sample, opening))
    }

    /// Refuses paths that are not exactly as long as the sampled position asks for.
    fn check_paths(
        &self,
        sample: Sample,
        opening: &Opening,
        index: u32,
    ) -> Result<(), VerifyError> {
        if opening.tile_path.len() != self.tiles.trailing_zeros() as usize {
            return Err(VerifyError::TilePathLength { opening: index });
        }
        match Place::of(sample.round, self.rounds) {
            Some(place) if opening.mountain_path.len() == place.height as usize => Ok(()),
            _ => Err(VerifyError::MountainPathLength { opening: index }),
        }
    }

    /// Checks that an opening, whose paths have the right lengths, is what was
    /// committed to at the sampled position, and returns the key of that round.
    pub(crate) fn round_key<H: Sha256>(
        &self,
        peaks: &[Hash],
        sample: Sample,
        opening: &Opening,
        index: u32,
    ) -> Result<Hash, VerifyError> {
        let Sample { round, tile, .. } = sample;
        let wrong_peak = VerifyError::Peak { opening: index };
        let place = Place::of(round, self.rounds).ok_or(wrong_peak)?;

        let leaf = leaf::<H>(round, tile, &opening.folds);
        let round_root =
            (0_u32..)
                .zip(opening.tile_path.iter())
                .fold(leaf, |below, (level, sibling)| {
                    if (tile >> level) & 1 == 1 {
                        node::<H>(sibling, &below)
                    } else {
                        node::<H>(&below, sibling)
                    }
                });
        let peak = place.climb::<H>(round_root, &opening.mountain_path);
        if peaks.get(place.peak) != Some(&peak) {
            return Err(wrong_peak);
        }
        Ok(place.round_key::<H>(&self.challenge, round, peaks, &opening.mountain_path))
    }
}

/// Checks the sampled sub-tile's product under the round's key.
fn check_product(
    claim: &Claim,
    key: &Hash,
    sample: Sample,
    opening: &Opening,
    index: u32,
) -> Result<(), VerifyError> {
    let Sample { tile, sub_tile, .. } = sample;
    let tiles_across = claim.workload.n / TILE;
    let row = (tile / tiles_across) * TILE + (sub_tile / SUB_TILE) * SUB_TILE;
    let column = (tile % tiles_across) * TILE + (sub_tile % SUB_TILE) * SUB_TILE;
    let product = sub_tile_product(key, row, column, claim.workload.k);
    if opening.folds.get(sub_tile as usize) != Some(&fold(&product)) {
        return Err(VerifyError::Product { opening: index });
    }
    Ok(())
}
