// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the tests share: the golden vectors, a small walk, and a prover that lies.

use std::convert::Infallible;

use proof_of_gpu_primitives::{
    Hash, Opening, SoftwareSha256, VerifyError,
    prover::Folds,
    walk::{
        WalkClaim, WalkError, WalkParameters,
        bundle::WalkBundle,
        check_walk_size,
        prover::{BatchEngine, CpuFill, WalkProof, open_walk, prove_walk},
        verify_walk,
    },
};
use serde_json::Value;

/// The golden vectors, from the second implementation.
pub(crate) fn golden() -> Value {
    let text = include_str!("../../../../docs/vectors/memory-walk-v2.json");
    serde_json::from_str(text).expect("JSON")
}

/// Bundles that must be refused.
pub(crate) fn refused() -> Vec<Value> {
    let text = include_str!("../../../../docs/vectors/memory-walk-v2-refused.json");
    serde_json::from_str(text).expect("a list")
}

/// A 0x-prefixed hash.
pub(crate) fn hash(value: &Value) -> Hash {
    let digits = value.as_str().and_then(|text| text.strip_prefix("0x"));
    let mut hash = [0; 32];
    hex::decode_to_slice(digits.expect("0x"), &mut hash).expect("64 digits");
    hash
}

pub(crate) fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().expect("a list").iter().map(hash).collect()
}

pub(crate) fn numbers(value: &Value) -> Vec<u32> {
    serde_json::from_value(value.clone()).expect("a list of numbers")
}

/// A walk that is quick to make: 48 entries, 128 lanes of three hops.
pub(crate) const SMALL: WalkParameters = WalkParameters {
    pages: 3,
    page_bits: 4,
    rounds: 16,
    lanes: 128,
    hops: 3,
    passes: 8,
};

pub(crate) const CHALLENGE: Hash = [0xc4; 32];

pub(crate) fn fill(parameters: WalkParameters) -> CpuFill {
    CpuFill::new(&CHALLENGE, parameters, &mut |_| ()).expect("small")
}

/// Computes the mark of a lane, given the batch's key and the lane's number.
pub(crate) type Walking = dyn Fn(&Hash, u32) -> u32;

/// An engine that may walk otherwise than the protocol says. What it commits to is
/// consistent: leaves, trees, range, keys and root follow from its marks.
pub(crate) struct Cheat {
    pub(crate) walk_challenge: Hash,
    pub(crate) parameters: WalkParameters,
    pub(crate) walking: Box<Walking>,
}

impl BatchEngine for Cheat {
    type Error = Infallible;

    fn walk_challenge(&self) -> Hash {
        self.walk_challenge
    }

    fn parameters(&self) -> WalkParameters {
        self.parameters
    }

    fn batch(&mut self, key: &Hash, _: u32) -> Result<Vec<Folds>, Infallible> {
        Ok((0..self.parameters.groups())
            .map(|group| {
                core::array::from_fn(|lane| {
                    let lane = u32::try_from(lane).expect("below 64");
                    (self.walking)(key, 64 * group + lane)
                })
            })
            .collect())
    }
}

/// A reveal that can be altered piece by piece.
#[derive(Clone)]
pub(crate) struct Reveal {
    pub(crate) claim: WalkClaim,
    pub(crate) sampling_beacon: Hash,
    pub(crate) peaks: Vec<Hash>,
    pub(crate) openings: Vec<Opening>,
    pub(crate) samples: u32,
}

impl Reveal {
    /// The reveal of what an engine walks.
    pub(crate) fn of<E: BatchEngine<Error = Infallible>>(
        engine: &mut E,
        batches: u32,
        samples: u32,
    ) -> Self {
        let proof = prove_walk(engine, CHALLENGE, batches, &mut |_| ()).expect("walks");
        Self::opened(engine, &proof, samples)
    }

    pub(crate) fn opened<E: BatchEngine<Error = Infallible>>(
        engine: &mut E,
        proof: &WalkProof,
        samples: u32,
    ) -> Self {
        let sampling_beacon = [0x5a; 32];
        Self {
            claim: proof.claim(),
            sampling_beacon,
            peaks: proof.peaks().to_vec(),
            openings: open_walk(engine, proof, &sampling_beacon, samples).expect("opens"),
            samples,
        }
    }

    /// The verdict, with the same look at the size as the product's.
    pub(crate) fn verify(&self) -> Result<(), WalkError> {
        let verdict = verify_walk::<SoftwareSha256>(
            &self.claim,
            &self.sampling_beacon,
            &self.peaks,
            &self.openings,
            self.samples,
        );
        let size = self.size();
        match verdict {
            Ok(())
            | Err(WalkError::Mark { .. } | WalkError::Commitment(VerifyError::Peak { .. })) => {
                assert_eq!(size, Ok(()));
            }
            Err(WalkError::Commitment(VerifyError::Root)) => {}
            refused => assert_eq!(size, refused),
        }
        verdict
    }

    /// The verdict on its size alone.
    pub(crate) fn size(&self) -> Result<(), WalkError> {
        check_walk_size::<SoftwareSha256>(
            &self.claim,
            &self.sampling_beacon,
            &self.peaks,
            &self.openings,
            self.samples,
        )
    }
}

/// The bundle that a vector holds among other fields.
pub(crate) fn bundle(vector: &Value) -> WalkBundle {
    WalkBundle::from_json(vector.to_string().as_bytes()).expect("a bundle")
}
