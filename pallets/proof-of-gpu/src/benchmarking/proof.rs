// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Proofs of one round, made where there is no prover: in wasm.

use alloc::{vec, vec::Vec};

use proof_of_gpu_primitives::{
    Claim, FOLDS, Hash, Opening, Path, SUB_TILE, TILE, Workload,
    matrix::{fill_column, fill_row},
    range::commitment_root,
    round_key,
    sampling::samples,
    tile::{fold, leaf, tree, tree_path},
    walk::{WalkClaim, WalkParameters, entry, walk, walk_challenge},
};

use crate::randomness::HostSha256;

/// A claim of one round, and a reveal of it.
pub(super) struct Prepared {
    pub(super) claim: Claim,
    pub(super) peaks: Vec<Hash>,
    pub(super) openings: Vec<Opening>,
}

impl Prepared {
    /// An honest one: everything is computed. For shapes of a single tile, so that
    /// little is. `None` for others.
    pub(super) fn honest(
        challenge: Hash,
        workload: Workload,
        sampling_beacon: &Hash,
        count: u32,
    ) -> Option<Self> {
        if workload.tiles() != 1 {
            return None;
        }
        let key = round_key::<HostSha256>(&challenge, 0, &[]);
        let folds = tile_folds(&key, workload.k)?;
        Self::from_folds(challenge, workload, vec![folds], sampling_beacon, count)
    }

    /// One of 2^`height` tiles whose folds are made up: its paths fit, its product
    /// does not.
    pub(super) fn hollow(challenge: Hash, height: u32, sampling_beacon: &Hash) -> Option<Self> {
        let across = height / 2;
        let workload = Workload::new(TILE << (height - across), TILE << across, TILE);
        let tiles = usize::try_from(workload.tiles()).ok()?;
        Self::from_folds(
            challenge,
            workload,
            vec![[0; FOLDS]; tiles],
            sampling_beacon,
            1,
        )
    }

    fn from_folds(
        challenge: Hash,
        workload: Workload,
        folds: Vec<[u32; FOLDS]>,
        sampling_beacon: &Hash,
        count: u32,
    ) -> Option<Self> {
        let leaves = (0..)
            .zip(&folds)
            .map(|(tile, folds)| leaf::<HostSha256>(0, tile, folds));
        let levels = tree::<HostSha256>(leaves.collect())?;
        // The range over one round is its root.
        let peaks = levels.last()?.clone();
        let root = commitment_root::<HostSha256>(&challenge, 1, &peaks);
        let tiles = workload.tiles();
        let openings = samples::<HostSha256>(sampling_beacon, &challenge, &root, 1, tiles, count)
            .map(|sample| {
                let tile = usize::try_from(sample.tile).ok()?;
                Some(Opening {
                    folds: *folds.get(tile)?,
                    tile_path: Path::try_from(tree_path(&levels, tile)).ok()?,
                    mountain_path: Path::default(),
                })
            })
            .collect::<Option<_>>()?;
        Some(Self {
            claim: Claim {
                challenge,
                workload,
                rounds: 1,
                root,
            },
            peaks,
            openings,
        })
    }
}

/// A claim of a walk of one batch of one group, and a reveal of it.
pub(super) struct PreparedWalk {
    pub(super) claim: WalkClaim,
    pub(super) peaks: Vec<Hash>,
    pub(super) openings: Vec<Opening>,
}

impl PreparedWalk {
    /// Honest: every lane is walked. `None` for parameters of more than one group, or that
    /// ask for more than a batch.
    pub(super) fn honest(challenge: Hash, parameters: WalkParameters, count: u32) -> Option<Self> {
        if parameters.groups() != 1 || parameters.min_batches() != 1 {
            return None;
        }
        let walk_challenge = walk_challenge::<HostSha256>(&challenge, &parameters);
        let key = round_key::<HostSha256>(&walk_challenge, 0, &[]);
        let mut folds = [0; FOLDS];
        for (lane, mark) in (0..).zip(&mut folds) {
            *mark = walk(&key, lane, &parameters, |number| {
                entry(&walk_challenge, number, parameters.rounds)
            });
        }
        let peaks = vec![leaf::<HostSha256>(0, 0, &folds)];
        let root = commitment_root::<HostSha256>(&walk_challenge, 1, &peaks);
        let opening = Opening {
            folds,
            tile_path: Path::default(),
            mountain_path: Path::default(),
        };
        let openings = usize::try_from(count).ok()?;
        Some(Self {
            claim: WalkClaim {
                challenge,
                parameters,
                batches: 1,
                root,
            },
            peaks,
            openings: vec![opening; openings],
        })
    }
}

/// The folds of a round of one tile, of depth `k`.
fn tile_folds(key: &Hash, k: u32) -> Option<[u32; FOLDS]> {
    let depth = usize::try_from(k).ok()?;
    let lines = |fill: fn(&Hash, u32, &mut [i16])| -> Vec<Vec<i16>> {
        (0..TILE)
            .map(|index| {
                let mut line = vec![0; depth];
                fill(key, index, &mut line);
                line
            })
            .collect()
    };
    let (rows, columns) = (lines(fill_row), lines(fill_column));
    let side = usize::try_from(SUB_TILE).ok()?;
    let mut folds = [0; FOLDS];
    for (number, slot) in folds.iter_mut().enumerate() {
        let (row, column) = (number / side * side, number % side * side);
        let mut product = [0i32; FOLDS];
        for (entry, sum) in product.iter_mut().enumerate() {
            let (row, column) = (
                rows.get(row + entry / side)?,
                columns.get(column + entry % side)?,
            );
            *sum = row
                .iter()
                .zip(column)
                .map(|(a, b)| i32::from(*a) * i32::from(*b))
                .sum();
        }
        *slot = fold(&product);
    }
    Some(folds)
}
