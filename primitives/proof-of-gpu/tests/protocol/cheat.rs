// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A prover that lies, and lies consistently: whatever it alters goes into leaves,
//! trees, range, keys and root as if it were true.

use proof_of_gpu_primitives::{
    Claim, Hash, Opening, Path, SoftwareSha256, Workload,
    prover::{CpuEngine, Folds, Proof, RoundEngine},
    range::Range,
    round_key, tile,
};

use crate::support::Reveal;

type Folding = dyn Fn(u32, &Hash, &mut Vec<Folds>);

/// What the cheat does otherwise than the protocol says.
pub(crate) struct Cheat {
    /// Alters a round's folds, given its number and key.
    pub(crate) folds: Box<Folding>,
    /// The round and tile that a leaf says it is of.
    pub(crate) place: fn(u32, u32) -> (u32, u32),
    /// The key that a round is computed from.
    pub(crate) key: fn(&Hash, u32, &[Hash]) -> Hash,
}

impl Default for Cheat {
    /// A cheat that does nothing wrong.
    fn default() -> Self {
        Self {
            folds: Box::new(|_, _, _| ()),
            place: |round, tile| (round, tile),
            key: round_key::<SoftwareSha256>,
        }
    }
}

/// One round as the cheat has it.
struct Round {
    folds: Vec<Folds>,
    levels: Vec<Vec<Hash>>,
}

/// A commitment of the cheat's, to be opened for any sampling beacon.
pub(crate) struct Committed {
    rounds: Vec<Round>,
    proof: Proof,
}

impl Cheat {
    /// Commits to some rounds.
    pub(crate) fn commit(&self, challenge: Hash, workload: Workload, rounds: u32) -> Committed {
        let mut range = Range::new();
        let mut committed = Vec::new();
        let mut roots = Vec::new();
        for round in 0..rounds {
            let key = (self.key)(&challenge, round, range.peaks());
            let Ok(mut folds) = CpuEngine::new().round_leaves(&key, round, &workload);
            (self.folds)(round, &key, &mut folds);
            let leaves = (0..)
                .zip(&folds)
                .map(|(tile, folds)| {
                    let (round, tile) = (self.place)(round, tile);
                    tile::leaf::<SoftwareSha256>(round, tile, folds)
                })
                .collect();
            let levels = tile::tree::<SoftwareSha256>(leaves).expect("a power of two");
            let root = levels[levels.len() - 1][0];
            range.append::<SoftwareSha256>(root).expect("not full");
            roots.push(root);
            committed.push(Round { folds, levels });
        }
        let proof = Proof::from_round_roots(challenge, workload, roots).expect("valid");
        Committed {
            rounds: committed,
            proof,
        }
    }
}

impl Committed {
    /// The reveal for a sampling beacon.
    pub(crate) fn reveal(&self, sampling_beacon: Hash, samples: u32) -> Reveal {
        let openings = self
            .proof
            .samples(&sampling_beacon, samples)
            .into_iter()
            .map(|sample| self.opening(sample.round, sample.tile))
            .collect();
        Reveal {
            claim: self.claim(),
            sampling_beacon,
            peaks: self.proof.peaks().to_vec(),
            openings,
            samples,
        }
    }

    /// The opening of a tile, sampled or not.
    pub(crate) fn opening(&self, round: u32, tile: u32) -> Opening {
        let Round { folds, levels } = &self.rounds[round as usize];
        let path = tile::tree_path(levels, tile as usize);
        let mountain = self
            .proof
            .mountain_path(round)
            .expect("a round of the proof");
        Opening {
            folds: folds[tile as usize],
            tile_path: Path::try_from(path).expect("short"),
            mountain_path: Path::try_from(mountain).expect("short"),
        }
    }

    pub(crate) fn claim(&self) -> Claim {
        self.proof.claim()
    }

    pub(crate) fn proof(&self) -> &Proof {
        &self.proof
    }
}
