// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Reveals made for tests: honest, and wrong where the chain does not look.

use std::convert::Infallible;

use proof_of_gpu_primitives::{
    Hash, SoftwareSha256, Workload,
    prover::{CpuEngine, Folds, Proof, RoundEngine, open, prove},
    walk::{
        WalkParameters, joined_challenge,
        prover::{CpuFill, open_walk, prove_walk},
    },
};

use super::reveal::{Revealed, RevealedWalk};

/// The sub-tile that [`Lie::SubTile`] has wrong in every tile.
pub(crate) const WRONG_SUB_TILE: u32 = 42;

/// The tile that [`Lie::Tile`] has wrong in every round.
pub(crate) const WRONG_TILE: u32 = 5;

const SHAPE: Workload = Workload::new(128, 256, 64);
const ROUNDS: u32 = 13;
const SAMPLES: u32 = 8;

/// What a prover does not compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// Nothing: it is honest.
    None,
    /// One sub-tile of every tile.
    SubTile,
    /// One tile of every round.
    Tile,
}

struct Liar(CpuEngine, Lie);

impl RoundEngine for Liar {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let mut folds = self.0.round_leaves(key, round, workload)?;
        match self.1 {
            Lie::None => {}
            Lie::SubTile => folds
                .iter_mut()
                .for_each(|folds| folds[WRONG_SUB_TILE as usize] ^= 1),
            Lie::Tile => folds[WRONG_TILE as usize] = [7; 64],
        }
        Ok(folds)
    }
}

/// The proof behind [`revealed`].
pub(crate) fn proof(lie: Lie) -> Proof {
    let frame = empty();
    let mut engine = Liar(CpuEngine::new(), lie);
    prove(&mut engine, frame.challenge(), &SHAPE, ROUNDS, &mut |_| ()).expect("it computes")
}

/// A reveal that the chain accepts: of the sampling beacons one is taken whose samples
/// miss what is wrong, as would happen by chance.
pub(crate) fn revealed(lie: Lie) -> Revealed {
    let proof = proof(lie);
    let mut engine = Liar(CpuEngine::new(), lie);
    let beacon = (0..=u8::MAX)
        .map(|byte| [byte; 32])
        .find(|beacon| {
            proof
                .samples(beacon, SAMPLES)
                .iter()
                .all(|sample| match lie {
                    Lie::None => true,
                    Lie::SubTile => sample.sub_tile != WRONG_SUB_TILE,
                    Lie::Tile => sample.tile != WRONG_TILE,
                })
        })
        .expect("some samples miss it");
    Revealed {
        rounds: proof.rounds(),
        root: proof.root(),
        sampling_beacon: beacon,
        peaks: proof.peaks().to_vec(),
        openings: open(&mut engine, &proof, &beacon, SAMPLES).expect("it opens"),
        ..empty()
    }
}

/// A reveal of a walk and of the product after it, both honest.
pub(crate) fn walked() -> Revealed {
    let frame = empty();
    let parameters = WalkParameters {
        pages: 3,
        page_bits: 4,
        rounds: 16,
        lanes: 128,
        hops: 3,
        passes: 80,
    };
    let own = frame.challenge();
    let mut fill = CpuFill::new(&own, parameters, &mut |_| ()).expect("it is small");
    let walk = prove_walk(&mut fill, own, 10, &mut |_| ()).expect("it walks");
    let joined = joined_challenge::<SoftwareSha256>(&own, &walk.claim().root);
    let mut engine = CpuEngine::new();
    let product = prove(&mut engine, joined, &SHAPE, ROUNDS, &mut |_| ()).expect("it computes");
    let beacon = [0x77; 32];
    Revealed {
        rounds: product.rounds(),
        root: product.root(),
        sampling_beacon: beacon,
        peaks: product.peaks().to_vec(),
        openings: open(&mut engine, &product, &beacon, SAMPLES).expect("it opens"),
        walk: Some(RevealedWalk {
            parameters,
            batches: walk.claim().batches,
            root: walk.claim().root,
            samples: 3,
            peaks: walk.peaks().to_vec(),
            openings: open_walk(&mut fill, &walk, &beacon, 3).expect("it opens"),
        }),
        ..frame
    }
}

/// A reveal without rounds, of a window and a GPU.
pub(crate) fn empty() -> Revealed {
    Revealed {
        genesis_hash: [1; 32],
        window: 7,
        beacon: [2; 32],
        account: [3; 32],
        gpu: 1,
        workload: SHAPE,
        samples: SAMPLES,
        accepted: true,
        block: 99,
        block_hash: [4; 32],
        extrinsic: 2,
        ..Revealed::default()
    }
}
