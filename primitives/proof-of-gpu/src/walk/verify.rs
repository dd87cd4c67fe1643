// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The verifier of walks.

use super::{WalkError, WalkParameters, entry, walk, walk_challenge};
use crate::{Hash, Opening, Sha256, check_rounds, verify::Commitment};

/// What a walk's reveal is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkClaim {
    /// Challenge of the GPU in the window, from which the walk's own is derived.
    pub challenge: Hash,
    /// Size of the walk.
    pub parameters: WalkParameters,
    /// Batches committed to.
    pub batches: u32,
    /// The commitment's root.
    pub root: Hash,
}

impl WalkClaim {
    /// Whether such a claim can be committed to: its size is allowed, and its batches
    /// are enough for it.
    ///
    /// # Errors
    ///
    /// As [`WalkParameters::validate`]; [`WalkError::Commitment`] for no batches or 2³¹
    /// and more; [`WalkError::TooFewBatches`].
    pub fn validate(&self) -> Result<(), WalkError> {
        self.parameters.validate()?;
        check_rounds(self.batches)?;
        if u64::from(self.batches) < self.parameters.min_batches() {
            return Err(WalkError::TooFewBatches);
        }
        Ok(())
    }

    /// What it commits to, where its size is valid.
    fn commitment<H: Sha256>(&self) -> Commitment {
        Commitment {
            challenge: walk_challenge::<H>(&self.challenge, &self.parameters),
            tiles: self.parameters.groups(),
            rounds: self.batches,
            root: self.root,
        }
    }
}

/// Checks that a walk's reveal has exactly the size that its claim and the drawn samples
/// ask for, as [`check_size`](crate::check_size) does a product's.
///
/// # Errors
///
/// The first of the lengths that is wrong, as a [`WalkError`].
pub fn check_walk_size<H: Sha256>(
    claim: &WalkClaim,
    sampling_beacon: &Hash,
    peaks: &[Hash],
    openings: &[Opening],
    samples: u32,
) -> Result<(), WalkError> {
    claim.validate()?;
    let commitment = claim.commitment::<H>();
    commitment.check_size::<H>(sampling_beacon, peaks, openings, samples)?;
    Ok(())
}

/// Checks a reveal of `samples` lanes against its claim.
///
/// In this order: the size and the number of batches; of openings and of peaks; the
/// root; the length of every path; then for one opening after the other the leaf and
/// its paths up to the peak, and the sampled lane, every entry on it computed anew.
/// That is at most 2¹⁵ rounds of the permutation a sample besides the hops' own, all
/// bounds being checked before.
///
/// In the openings `folds` are the marks of a group, and `tile_path` leads from the
/// group to the batch's root.
///
/// # Errors
///
/// The first check that fails, as a [`WalkError`].
pub fn verify_walk<H: Sha256>(
    claim: &WalkClaim,
    sampling_beacon: &Hash,
    peaks: &[Hash],
    openings: &[Opening],
    samples: u32,
) -> Result<(), WalkError> {
    claim.validate()?;
    let parameters = &claim.parameters;
    let commitment = claim.commitment::<H>();
    let challenge = commitment.challenge;
    commitment.check::<H>(sampling_beacon, peaks, openings, samples)?;
    let sampled = commitment.sampled::<H>(sampling_beacon, openings, samples);
    for (opening, sample, shown) in sampled {
        let key = commitment.round_key::<H>(peaks, sample, shown, opening)?;
        let lane = (sample.tile << 6) | sample.sub_tile;
        let mark = walk(&key, lane, parameters, |number| {
            entry(&challenge, number, parameters.rounds)
        });
        if shown.folds.get(sample.sub_tile as usize) != Some(&mark) {
            return Err(WalkError::Mark { opening });
        }
    }
    Ok(())
}
