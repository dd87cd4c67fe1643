// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The prover of walks: what is common to every device, over a [`BatchEngine`] that
//! holds the fill. [`CpuFill`] is the engine that needs no device.

use alloc::vec::Vec;

use super::{WalkClaim, WalkError, WalkParameters, walk_challenge};
use crate::{
    Hash, Opening, SoftwareSha256, VerifyError,
    prover::{
        Folds, ProveError,
        chain::{self, Chain},
    },
    sampling::Sample,
};

mod cpu;

pub use cpu::{CpuFill, FillError, Work};

/// Walks batches over a fill that it holds.
pub trait BatchEngine {
    /// Why the engine could not.
    type Error;

    /// Challenge of the walk that the fill is of.
    fn walk_challenge(&self) -> Hash;

    /// Size of the walk that the fill is of.
    fn parameters(&self) -> WalkParameters;

    /// The marks of a batch's lanes, 64 by 64 in the lanes' order, from the batch's
    /// key. `batch` is for the engine's own reports.
    ///
    /// # Errors
    ///
    /// The engine's own.
    fn batch(&mut self, key: &Hash, batch: u32) -> Result<Vec<Folds>, Self::Error>;
}

/// Why no walk or no openings came out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WalkProveError<E> {
    /// The protocol does not allow the walk.
    #[error(transparent)]
    Refused(#[from] WalkError),
    /// The engine holds the fill of another challenge or size.
    #[error("the fill is of another walk")]
    AnotherFill,
    /// The engine failed, or gave something else than a batch.
    #[error(transparent)]
    Engine(#[from] ProveError<E>),
}

/// A walk before its sampling: a commitment and what is needed to open it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkProof {
    challenge: Hash,
    parameters: WalkParameters,
    chain: Chain,
}

impl WalkProof {
    /// The proof over batches that an engine has already walked, their roots in order.
    ///
    /// # Errors
    ///
    /// [`WalkError`] if the protocol does not allow the size or so many batches.
    pub fn from_batch_roots(
        challenge: Hash,
        parameters: WalkParameters,
        batch_roots: Vec<Hash>,
    ) -> Result<Self, WalkError> {
        let walk_challenge = walk_challenge::<SoftwareSha256>(&challenge, &parameters);
        let proof = Self {
            challenge,
            parameters,
            chain: Chain::new(walk_challenge, batch_roots)?,
        };
        proof.claim().validate()?;
        Ok(proof)
    }

    /// What the proof commits to, as a verifier knows it.
    pub const fn claim(&self) -> WalkClaim {
        WalkClaim {
            challenge: self.challenge,
            parameters: self.parameters,
            batches: self.chain.rounds,
            root: self.chain.root,
        }
    }

    /// Peaks of the range over all batches, oldest first.
    pub fn peaks(&self) -> &[Hash] {
        &self.chain.peaks
    }

    /// Roots of the batches, in order.
    pub fn batch_roots(&self) -> &[Hash] {
        &self.chain.round_roots
    }

    /// Keys of the batches, in order.
    pub fn batch_keys(&self) -> impl Iterator<Item = Hash> {
        self.chain.round_keys()
    }

    /// The first `count` samples that a sampling beacon asks of this walk: `round` is
    /// the batch, `tile` the group and `sub_tile` the lane in it.
    pub fn samples(&self, sampling_beacon: &Hash, count: u32) -> Vec<Sample> {
        self.chain
            .samples(sampling_beacon, self.parameters.groups(), count)
    }
}

/// Walks `batches` batches on an engine that holds the fill of `challenge` and
/// `parameters`, and commits to them. `progress` is told the number of batches done
/// after each.
///
/// # Errors
///
/// [`WalkProveError`].
pub fn prove_walk<E: BatchEngine>(
    engine: &mut E,
    challenge: Hash,
    batches: u32,
    progress: &mut dyn FnMut(u32),
) -> Result<WalkProof, WalkProveError<E::Error>> {
    let parameters = engine.parameters();
    // Before the work and not only after it: the root alone is missing.
    let claim = WalkClaim {
        challenge,
        parameters,
        batches,
        root: Hash::default(),
    };
    claim.validate()?;
    let walk_challenge = walk_challenge::<SoftwareSha256>(&challenge, &parameters);
    if engine.walk_challenge() != walk_challenge {
        return Err(WalkProveError::AnotherFill);
    }
    let compute = |key: &Hash, batch| engine.batch(key, batch);
    let groups = parameters.groups();
    let chain = chain::run(walk_challenge, groups, batches, compute, progress)?;
    Ok(WalkProof {
        challenge,
        parameters,
        chain,
    })
}

/// Opens the samples that a sampling beacon asks for, walking each sampled batch once
/// more.
///
/// # Errors
///
/// [`WalkProveError`]; [`VerifyError::NoOpenings`] within it for no samples.
pub fn open_walk<E: BatchEngine>(
    engine: &mut E,
    proof: &WalkProof,
    sampling_beacon: &Hash,
    samples: u32,
) -> Result<Vec<Opening>, WalkProveError<E::Error>> {
    if samples == 0 {
        return Err(WalkError::from(VerifyError::NoOpenings).into());
    }
    if engine.walk_challenge() != proof.chain.challenge {
        return Err(WalkProveError::AnotherFill);
    }
    let compute = |key: &Hash, batch| engine.batch(key, batch);
    let groups = proof.parameters.groups();
    Ok(chain::open(
        &proof.chain,
        groups,
        sampling_beacon,
        samples,
        compute,
    )?)
}
