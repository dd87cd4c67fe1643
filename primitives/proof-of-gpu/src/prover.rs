// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The prover: what is common to every device, over a [`RoundEngine`] that computes
//! the rounds. [`CpuEngine`] is the engine that needs no device.

use alloc::vec::Vec;

use crate::{FOLDS, Hash, Opening, VerifyError, Workload, sampling::Sample, verify::Claim};

pub(crate) mod chain;
mod cpu;

pub use cpu::CpuEngine;

use chain::Chain;

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
    workload: Workload,
    chain: Chain,
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
        let chain = Chain::new(challenge, round_roots)?;
        Ok(Self { workload, chain })
    }

    /// What the proof commits to, as a verifier knows it.
    pub const fn claim(&self) -> Claim {
        Claim {
            challenge: self.chain.challenge,
            workload: self.workload,
            rounds: self.chain.rounds,
            root: self.chain.root,
        }
    }

    /// Rounds computed.
    pub const fn rounds(&self) -> u32 {
        self.chain.rounds
    }

    /// The commitment.
    pub const fn root(&self) -> Hash {
        self.chain.root
    }

    /// Peaks of the range over all rounds, oldest first.
    pub fn peaks(&self) -> &[Hash] {
        &self.chain.peaks
    }

    /// Roots of the rounds, in order.
    pub fn round_roots(&self) -> &[Hash] {
        &self.chain.round_roots
    }

    /// The first `count` samples that a sampling beacon asks of this proof.
    pub fn samples(&self, sampling_beacon: &Hash, count: u32) -> Vec<Sample> {
        self.chain
            .samples(sampling_beacon, self.workload.tiles(), count)
    }

    /// Keys of the rounds, in order.
    pub fn round_keys(&self) -> impl Iterator<Item = Hash> {
        self.chain.round_keys()
    }

    /// Siblings from a round's root up to the peak that covers it; `None` if the
    /// proof has no such round.
    pub fn mountain_path(&self, round: u32) -> Option<Vec<Hash>> {
        self.chain.mountain_path(round)
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
    let compute = |key: &Hash, round| engine.round_leaves(key, round, workload);
    let chain = chain::run(challenge, workload.tiles(), rounds, compute, progress)?;
    Ok(Proof {
        workload: *workload,
        chain,
    })
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
    let workload = &proof.workload;
    let compute = |key: &Hash, round| engine.round_leaves(key, round, workload);
    chain::open(
        &proof.chain,
        workload.tiles(),
        sampling_beacon,
        samples,
        compute,
    )
}
