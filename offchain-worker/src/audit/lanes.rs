// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Walks again what a walk's reveal shows.
//!
//! Of the 64 lanes of an opened group the chain walks one; the opening commits to the
//! marks of all. They are walked here without a fill, every entry computed when a lane
//! comes to it. The batch's other lanes are not: a batch reads as many entries as the
//! fill of a GPU has, and to compute them takes a GPU.

use std::fmt;

use proof_of_gpu_primitives::{
    FOLDS, SoftwareSha256,
    walk::{bundle::WalkBundle, entry, walk, walk_challenge},
};

use super::recompute::key_of;

/// A mark that the lane does not end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongLane {
    /// The batch.
    pub batch: u32,
    /// The lane in the batch.
    pub lane: u32,
    /// The mark revealed.
    pub claimed: u32,
    /// The mark that the lane ends with.
    pub computed: u32,
}

impl fmt::Display for WrongLane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            batch,
            lane,
            claimed,
            computed,
        } = self;
        write!(
            f,
            "batch {batch}, lane {lane}: the reveal says mark {claimed:#010x}, the walk ends \
             with {computed:#010x}"
        )
    }
}

/// Walks every lane of the opened groups and compares. `progress` is told the number of
/// openings done. Meaningful for a bundle that the protocol's verifier accepts.
pub fn check_lanes(bundle: &WalkBundle, progress: &mut dyn FnMut(u64)) -> Vec<WrongLane> {
    let parameters = &bundle.claim.parameters;
    let challenge = walk_challenge::<SoftwareSha256>(&bundle.claim.challenge, parameters);
    let mut found = Vec::new();
    for (done, opened) in (1..).zip(&bundle.openings) {
        let (batch, group) = (opened.sample.round, opened.sample.tile);
        let path = &opened.opening.mountain_path;
        let key = key_of(&challenge, bundle.claim.batches, &bundle.peaks, batch, path);
        let first = group.saturating_mul(u32::try_from(FOLDS).unwrap_or(u32::MAX));
        for (lane, claimed) in (first..).zip(opened.opening.folds) {
            let computed = key.map(|key| {
                walk(&key, lane, parameters, |number| {
                    entry(&challenge, number, parameters.rounds)
                })
            });
            match computed {
                Some(computed) if computed != claimed => found.push(WrongLane {
                    batch,
                    lane,
                    claimed,
                    computed,
                }),
                _ => {}
            }
        }
        progress(done);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use proof_of_gpu_primitives::{
        Hash,
        prover::Folds,
        walk::{
            WalkParameters,
            prover::{BatchEngine, CpuFill, WalkProof, open_walk, prove_walk},
        },
    };

    use super::*;

    const SIZE: WalkParameters = WalkParameters {
        pages: 3,
        page_bits: 4,
        rounds: 16,
        lanes: 128,
        hops: 3,
        passes: 80,
    };
    const CHALLENGE: Hash = [5; 32];
    const WRONG: usize = 17;

    /// Walks all lanes but one of every group.
    struct Lazy(CpuFill, bool);

    impl BatchEngine for Lazy {
        type Error = Infallible;

        fn walk_challenge(&self) -> Hash {
            self.0.walk_challenge()
        }

        fn parameters(&self) -> WalkParameters {
            self.0.parameters()
        }

        fn batch(&mut self, key: &Hash, batch: u32) -> Result<Vec<Folds>, Infallible> {
            let mut marks = self.0.batch(key, batch)?;
            if self.1 {
                marks.iter_mut().for_each(|marks| marks[WRONG] ^= 1);
            }
            Ok(marks)
        }
    }

    /// A bundle that the verifier accepts, of a prover that left lanes out or did not.
    fn bundle(lazy: bool) -> WalkBundle {
        let fill = CpuFill::new(&CHALLENGE, SIZE, &mut |_| ()).expect("it is small");
        let mut engine = Lazy(fill, lazy);
        let batches = u32::try_from(SIZE.min_batches()).expect("few");
        let proof: WalkProof =
            prove_walk(&mut engine, CHALLENGE, batches, &mut |_| ()).expect("it walks");
        let beacon = (0..=u8::MAX)
            .map(|byte| [byte; 32])
            .find(|beacon| {
                let sampled = proof.samples(beacon, 5);
                sampled.iter().all(|one| one.sub_tile as usize != WRONG)
            })
            .expect("some samples miss it");
        let openings = open_walk(&mut engine, &proof, &beacon, 5).expect("it opens");
        WalkBundle::opened(&proof, beacon, openings)
    }

    #[test]
    fn an_honest_walk_has_no_wrong_lane() {
        let bundle = bundle(false);
        assert_eq!(bundle.verify(), Ok(()));
        assert!(bundle.claim.batches > 1);
        let mut told = 0;
        assert_eq!(check_lanes(&bundle, &mut |done| told = done), []);
        assert_eq!(told, 5);
    }

    #[test]
    fn a_lane_that_was_not_walked_is_named_though_the_verifier_did_not_look() {
        let bundle = bundle(true);
        assert_eq!(bundle.verify(), Ok(()));
        let found = check_lanes(&bundle, &mut |_| ());
        assert_eq!(found.len(), 5);
        for (wrong, opened) in found.iter().zip(&bundle.openings) {
            assert_eq!(wrong.batch, opened.sample.round);
            assert_eq!(
                wrong.lane as usize,
                opened.sample.tile as usize * 64 + WRONG
            );
            assert_eq!(wrong.claimed, wrong.computed ^ 1);
        }
    }
}
