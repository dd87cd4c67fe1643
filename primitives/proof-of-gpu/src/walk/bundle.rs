// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A walk with its openings as JSON, and the product after it: a bundle of version 2.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use std::io::Read;

use super::{
    WalkClaim, WalkError, joined_challenge, prover::WalkProof, verify_walk, walk_challenge,
};
use crate::{
    Hash, Opening, SoftwareSha256, VerifyError,
    bundle::{Bundle, BundleError, MAX_JSON, first_elsewhere, read_text, without_samples},
    sampling::samples,
};

mod json;

pub use crate::bundle::BundleOpening;

/// Why a bundle is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WalkBundleError {
    /// The text cannot be read, is too long, or is no bundle.
    #[error(transparent)]
    Unreadable(BundleError),
    /// There is no sampling beacon, so there is nothing to verify yet.
    #[error("the bundle has no sampling beacon: it is a commitment without openings")]
    NotSampled,
    /// The walk does not hold.
    #[error("the walk: {0}")]
    Refused(#[from] WalkError),
    /// An opening says that it is of another position than the sampled one.
    #[error("the walk: opening {opening}: it names another position than the sampled one")]
    Position {
        /// Index of the opening.
        opening: u32,
    },
    /// The product is of another challenge than the one that follows from the walk.
    #[error("the product does not follow from this walk: its challenge is another")]
    NotJoined,
    /// The product was sampled with another beacon than the walk.
    #[error("the product is sampled with another beacon than the walk")]
    Beacon,
    /// The product does not hold.
    #[error("the product: {0}")]
    Product(BundleError),
}

/// A commitment to a walk, and once it is sampled its openings; perhaps with the
/// product that was computed after it.
///
/// In JSON it is one object with `version` (2), `challenge`, `parameters`, `batches`,
/// `root`, `peaks`, `sampling_beacon`, `openings` (each `batch`, `group`, `lane`,
/// `marks`, `group_path`, `mountain_path`) and `product`, a bundle of version 1: hashes
/// as 0x-prefixed hexadecimal, the rest as numbers. Fields of other names are passed
/// over, and the last three may be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkBundle {
    /// What is claimed.
    pub claim: WalkClaim,
    /// Peaks of the range over all batches, oldest first.
    pub peaks: Vec<Hash>,
    /// What the samples are drawn from; none before the sampling.
    pub sampling_beacon: Option<Hash>,
    /// The openings in the samples' order: `round` is the batch, `tile` the group,
    /// `sub_tile` the lane in it.
    pub openings: Vec<BundleOpening>,
    /// The product that follows the walk.
    pub product: Option<Bundle>,
}

impl WalkBundle {
    /// The commitment of a walk, without openings and product.
    pub fn commitment(proof: &WalkProof) -> Self {
        Self {
            claim: proof.claim(),
            peaks: proof.peaks().to_vec(),
            sampling_beacon: None,
            openings: Vec::new(),
            product: None,
        }
    }

    /// A walk with its openings for a sampling beacon.
    pub fn opened(proof: &WalkProof, sampling_beacon: Hash, openings: Vec<Opening>) -> Self {
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

    /// Challenge of the product that follows this walk.
    pub fn product_challenge(&self) -> Hash {
        joined_challenge::<SoftwareSha256>(&self.claim.challenge, &self.claim.root)
    }

    /// Reads a bundle from JSON, taking no more memory than the bounds allow.
    ///
    /// # Errors
    ///
    /// [`WalkBundleError::Unreadable`].
    pub fn from_json(text: &[u8]) -> Result<Self, WalkBundleError> {
        if text.len() > MAX_JSON {
            return Err(WalkBundleError::Unreadable(BundleError::TooLarge));
        }
        json::read(text)
            .map_err(|error| WalkBundleError::Unreadable(BundleError::Malformed(error.to_string())))
    }

    /// Reads a bundle's JSON from a file or stream, and no more of it than
    /// [`MAX_JSON`] bytes and one.
    ///
    /// # Errors
    ///
    /// [`WalkBundleError::Unreadable`].
    pub fn read(source: impl Read) -> Result<Self, WalkBundleError> {
        Self::from_json(&read_text(source).map_err(WalkBundleError::Unreadable)?)
    }

    /// The bundle as JSON, indented, with a newline at the end. The same bundle
    /// always gives the same bytes.
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// Verifies the walk, with as many samples as there are openings, the positions
    /// that the openings name, and the product if there is one.
    ///
    /// # Errors
    ///
    /// All but [`WalkBundleError::Unreadable`], the first that applies.
    pub fn verify(&self) -> Result<(), WalkBundleError> {
        let sampling_beacon = self.sampling_beacon.ok_or(WalkBundleError::NotSampled)?;
        let claim = &self.claim;
        let openings = without_samples(&self.openings);
        let count = u32::try_from(openings.len())
            .map_err(|_| WalkError::from(VerifyError::TooManyOpenings))?;
        verify_walk::<SoftwareSha256>(claim, &sampling_beacon, &self.peaks, &openings, count)?;
        let derived = samples::<SoftwareSha256>(
            &sampling_beacon,
            &walk_challenge::<SoftwareSha256>(&claim.challenge, &claim.parameters),
            &claim.root,
            claim.batches,
            claim.parameters.groups(),
            count,
        );
        if let Some(opening) = first_elsewhere(&self.openings, derived) {
            return Err(WalkBundleError::Position { opening });
        }
        let Some(product) = &self.product else {
            return Ok(());
        };
        if product.claim.challenge != self.product_challenge() {
            return Err(WalkBundleError::NotJoined);
        }
        if product.sampling_beacon != self.sampling_beacon {
            return Err(WalkBundleError::Beacon);
        }
        product.verify().map_err(WalkBundleError::Product)
    }
}
