// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A proof of either version, as a bundle.

use proof_of_gpu_primitives::{
    Hash, PROTOCOL_VERSION,
    bundle::{Bundle, BundleError, MAX_JSON},
    walk::{
        WALK_VERSION,
        bundle::{WalkBundle, WalkBundleError},
    },
};
use serde::Deserialize;

/// A bundle of either version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proven {
    /// Version 1: a product.
    Product(Bundle),
    /// Version 2: a walk, and perhaps the product after it.
    Walk(WalkBundle),
}

impl Proven {
    /// Reads a bundle; one that names no version is of version 1.
    ///
    /// # Errors
    /// What is unreadable about it, as for [`Bundle::from_json`].
    pub fn from_json(text: &[u8]) -> Result<Self, BundleError> {
        #[derive(Deserialize)]
        struct Version {
            #[serde(default)]
            version: Option<u32>,
        }
        if text.len() > MAX_JSON {
            return Err(BundleError::TooLarge);
        }
        let version = serde_json::from_slice(text)
            .ok()
            .and_then(|Version { version }| version);
        match version {
            None | Some(PROTOCOL_VERSION) => Bundle::from_json(text).map(Self::Product),
            Some(WALK_VERSION) => match WalkBundle::from_json(text) {
                Ok(bundle) => Ok(Self::Walk(bundle)),
                Err(WalkBundleError::Unreadable(error)) => Err(error),
                Err(error) => Err(BundleError::Malformed(error.to_string())),
            },
            Some(other) => Err(BundleError::Malformed(format!(
                "of version {other}, and this worker knows 1 and 2; a newer one may know it"
            ))),
        }
    }

    /// The bundle as JSON, indented, with a newline at the end.
    pub fn to_json(&self) -> String {
        match self {
            Self::Product(product) => product.to_json(),
            Self::Walk(walk) => walk.to_json(),
        }
    }

    /// The product, if there is one.
    pub const fn product(&self) -> Option<&Bundle> {
        match self {
            Self::Product(product) => Some(product),
            Self::Walk(walk) => walk.product.as_ref(),
        }
    }

    /// The walk, if there is one.
    pub const fn walk(&self) -> Option<&WalkBundle> {
        match self {
            Self::Product(_) => None,
            Self::Walk(walk) => Some(walk),
        }
    }

    /// The challenge of the GPU in its window, which all of it is bound to.
    pub const fn challenge(&self) -> Hash {
        match self {
            Self::Product(product) => product.claim.challenge,
            Self::Walk(walk) => walk.claim.challenge,
        }
    }
}
