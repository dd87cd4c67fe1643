// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A proof with its openings as JSON, to be verified without a chain.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use std::io::Read;

use crate::{
    Claim, Hash, Opening, SoftwareSha256, VerifyError,
    prover::Proof,
    sampling::{Sample, samples},
    verify_reveal,
};

pub(crate) mod json;

/// Longest JSON text that is read, in bytes.
pub const MAX_JSON: usize = 16 << 20;

/// Most openings in a bundle.
pub const MAX_OPENINGS: usize = 1024;

/// Why a bundle is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The text cannot be read.
    #[error("the bundle cannot be read: {0}")]
    Unreadable(String),
    /// The text is longer than [`MAX_JSON`].
    #[error("the bundle has more than the {MAX_JSON} bytes that are read")]
    TooLarge,
    /// The text is not JSON of the bundle's form, or a list in it is too long.
    #[error("not a bundle: {0}")]
    Malformed(String),
    /// There is no sampling beacon, so there is nothing to verify yet.
    #[error("the bundle has no sampling beacon: it is a commitment without openings")]
    NotSampled,
    /// The proof does not hold.
    #[error(transparent)]
    Refused(#[from] VerifyError),
    /// An opening says that it is of another position than the sampled one.
    #[error("opening {opening}: it names another position than the sampled one")]
    Position {
        /// Index of the opening.
        opening: u32,
    },
}

/// An opening and the position that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleOpening {
    /// The position. A reveal on chain leaves it out; here it is for the reader,
    /// and checked.
    pub sample: Sample,
    /// What is shown of it.
    pub opening: Opening,
}

/// A commitment, and once it is sampled its openings.
///
/// In JSON it is one object with `challenge`, `workload` (`m`, `n`, `k`), `rounds`,
/// `root`, `peaks`, `sampling_beacon` and `openings` (each `round`, `tile`,
/// `sub_tile`, `folds`, `tile_path`, `mountain_path`): hashes as 0x-prefixed
/// hexadecimal, the rest as numbers. Fields of other names are passed over, and
/// the last two fields may be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// What is claimed.
    pub claim: Claim,
    /// Peaks of the range over all rounds, oldest first.
    pub peaks: Vec<Hash>,
    /// What the samples are drawn from; none before the sampling.
    pub sampling_beacon: Option<Hash>,
    /// The openings in the samples' order.
    pub openings: Vec<BundleOpening>,
}

impl Bundle {
    /// The commitment of a proof, without openings.
    pub fn commitment(proof: &Proof) -> Self {
        Self {
            claim: proof.claim(),
            peaks: proof.peaks().to_vec(),
            sampling_beacon: None,
            openings: Vec::new(),
        }
    }

    /// A proof with its openings for a sampling beacon.
    pub fn opened(proof: &Proof, sampling_beacon: Hash, openings: Vec<Opening>) -> Self {
        let count = u32::try_from(openings.len()).unwrap_or(u32::MAX);
        let openings = proof
            .samples(&sampling_beacon, count)
            .into_iter()
            .zip(openings)
            .map(|(sample, opening)| BundleOpening { sample, opening })
            .collect();
        Self {
            sampling_beacon: Some(sampling_beacon),
            openings,
            ..Self::commitment(proof)
        }
    }

    /// Reads a bundle from JSON, taking no more memory than the bounds allow.
    ///
    /// # Errors
    ///
    /// [`BundleError::TooLarge`], [`BundleError::Malformed`].
    pub fn from_json(text: &[u8]) -> Result<Self, BundleError> {
        if text.len() > MAX_JSON {
            return Err(BundleError::TooLarge);
        }
        json::read(text).map_err(|error| BundleError::Malformed(error.to_string()))
    }

    /// Reads a bundle's JSON from a file or stream, and no more of it than
    /// [`MAX_JSON`] bytes and one.
    ///
    /// # Errors
    ///
    /// [`BundleError::Unreadable`], [`BundleError::TooLarge`],
    /// [`BundleError::Malformed`].
    pub fn read(source: impl Read) -> Result<Self, BundleError> {
        Self::from_json(&read_text(source)?)
    }

    /// The bundle as JSON, indented, with a newline at the end. The same bundle
    /// always gives the same bytes.
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// Verifies the bundle: the reveal by the protocol, with as many samples as
    /// there are openings, and then the positions that the openings name.
    ///
    /// # Errors
    ///
    /// [`BundleError::NotSampled`], [`BundleError::Refused`],
    /// [`BundleError::Position`], the first that applies.
    pub fn verify(&self) -> Result<(), BundleError> {
        let sampling_beacon = self.sampling_beacon.ok_or(BundleError::NotSampled)?;
        let claim = &self.claim;
        let openings = without_samples(&self.openings);
        let count = u32::try_from(openings.len()).map_err(|_| VerifyError::TooManyOpenings)?;
        verify_reveal::<SoftwareSha256>(claim, &sampling_beacon, &self.peaks, &openings, count)?;
        let derived = samples::<SoftwareSha256>(
            &sampling_beacon,
            &claim.challenge,
            &claim.root,
            claim.rounds,
            claim.workload.tiles(),
            count,
        );
        match first_elsewhere(&self.openings, derived) {
            Some(opening) => Err(BundleError::Position { opening }),
            None => Ok(()),
        }
    }
}

/// All of a source, or one byte more than a bundle may have.
pub(crate) fn read_text(source: impl Read) -> Result<Vec<u8>, BundleError> {
    let mut text = Vec::new();
    source
        .take(MAX_JSON as u64 + 1)
        .read_to_end(&mut text)
        .map_err(|error| BundleError::Unreadable(error.to_string()))?;
    Ok(text)
}

/// The openings as a reveal has them.
pub(crate) fn without_samples(openings: &[BundleOpening]) -> Vec<Opening> {
    openings.iter().map(|one| one.opening.clone()).collect()
}

/// The number of the first opening that names another place than was drawn for it.
pub(crate) fn first_elsewhere(
    openings: &[BundleOpening],
    drawn: impl Iterator<Item = Sample>,
) -> Option<u32> {
    (0..)
        .zip(drawn.zip(openings))
        .find(|(_, (drawn, named))| *drawn != named.sample)
        .map(|(opening, _)| opening)
}
