// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The prover's assembling code, over engines that work, fail and lie.

use core::num::NonZeroUsize;

use proof_of_gpu_primitives::{
    Hash, MAX_ROUNDS, VerifyError, Workload,
    prover::{CpuEngine, Folds, Proof, ProveError, RoundEngine, open, prove},
};

const CHALLENGE: Hash = [0xc4; 32];
const SMALL: Workload = Workload::new(128, 64, 128);

#[test]
fn the_number_of_threads_changes_nothing() {
    let workload = Workload::new(256, 128, 320);
    let leaves = |threads| {
        let threads = NonZeroUsize::new(threads).expect("not zero");
        let Ok(leaves) = CpuEngine::with_threads(threads).round_leaves(&CHALLENGE, 0, &workload);
        leaves
    };
    let one = leaves(1);
    assert_eq!(one.len(), 8);
    for threads in [2, 3, 4, 64] {
        assert_eq!(leaves(threads), one);
    }
}

#[test]
fn folds_depend_on_the_key_and_not_on_the_round() {
    let mut engine = CpuEngine::default();
    let Ok(first) = engine.round_leaves(&CHALLENGE, 0, &SMALL);
    let Ok(same) = engine.round_leaves(&CHALLENGE, 9, &SMALL);
    let Ok(other) = engine.round_leaves(&[0xc5; 32], 0, &SMALL);
    assert_eq!(first, same);
    assert_ne!(first, other);
    assert_ne!(first[0], first[1]);
}

#[test]
fn what_the_protocol_does_not_allow_is_not_started() {
    let mut engine = CpuEngine::new();
    let mut never = |_| panic!("no round is computed");
    let refused = |error| Err(ProveError::Refused(error));
    let shape = Workload::new(128, 64, 100);
    assert_eq!(
        prove(&mut engine, CHALLENGE, &shape, 1, &mut never),
        refused(VerifyError::Depth)
    );
    assert_eq!(
        prove(&mut engine, CHALLENGE, &SMALL, 0, &mut never),
        refused(VerifyError::NoRounds)
    );
    assert_eq!(
        prove(&mut engine, CHALLENGE, &SMALL, MAX_ROUNDS + 1, &mut never),
        refused(VerifyError::TooManyRounds)
    );
    let of_roots = |workload, roots| Proof::from_round_roots(CHALLENGE, workload, roots);
    assert_eq!(of_roots(SMALL, Vec::new()), Err(VerifyError::NoRounds));
    assert_eq!(of_roots(shape, vec![[0; 32]]), Err(VerifyError::Depth));
}

#[test]
fn no_samples_are_no_openings() {
    let mut engine = CpuEngine::new();
    let proof = prove(&mut engine, CHALLENGE, &SMALL, 2, &mut |_| ()).expect("proves");
    let found = open(&mut engine, &proof, &[1; 32], 0);
    assert_eq!(found, Err(ProveError::Refused(VerifyError::NoOpenings)));
}

/// Does as the CPU engine until a given call, then something else.
struct Faulty {
    good_calls: u32,
    then: fn(Vec<Folds>) -> Result<Vec<Folds>, String>,
}

impl RoundEngine for Faulty {
    type Error = String;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, String> {
        let Ok(folds) = CpuEngine::new().round_leaves(key, round, workload);
        match self.good_calls.checked_sub(1) {
            Some(left) => {
                self.good_calls = left;
                Ok(folds)
            }
            None => (self.then)(folds),
        }
    }
}

#[test]
fn an_engine_that_fails_ends_the_proof() {
    let mut done = Vec::new();
    let mut engine = Faulty {
        good_calls: 2,
        then: |_| Err("device lost".to_owned()),
    };
    let found = prove(&mut engine, CHALLENGE, &SMALL, 5, &mut |rounds| {
        done.push(rounds)
    });
    assert_eq!(found, Err(ProveError::Engine("device lost".to_owned())));
    assert_eq!(done, [1, 2]);
}

#[test]
fn an_engine_that_gives_another_number_of_tiles_is_found_out() {
    let shorten = |mut folds: Vec<Folds>| {
        folds.pop();
        Ok(folds)
    };
    let mut engine = Faulty {
        good_calls: 0,
        then: shorten,
    };
    let found = prove(&mut engine, CHALLENGE, &SMALL, 5, &mut |_| ());
    assert_eq!(
        found,
        Err(ProveError::Tiles {
            expected: 2,
            found: 1
        })
    );
}

#[test]
fn an_engine_that_does_not_repeat_itself_is_found_out() {
    let proof = prove(&mut CpuEngine::new(), CHALLENGE, &SMALL, 3, &mut |_| ()).expect("proves");
    let flip = |mut folds: Vec<Folds>| {
        folds[1][63] ^= 1;
        Ok(folds)
    };
    let first = proof.samples(&[1; 32], 1)[0].round;
    let mut engine = Faulty {
        good_calls: 0,
        then: flip,
    };
    let found = open(&mut engine, &proof, &[1; 32], 1);
    assert_eq!(found, Err(ProveError::NotReproduced { round: first }));
    let mut honest = Faulty {
        good_calls: 1,
        then: flip,
    };
    assert!(open(&mut honest, &proof, &[1; 32], 1).is_ok());
}

#[test]
fn a_sampled_round_is_computed_once_however_often_it_is_drawn() {
    let proof = prove(&mut CpuEngine::new(), CHALLENGE, &SMALL, 2, &mut |_| ()).expect("proves");
    let mut engine = Faulty {
        good_calls: 2,
        then: |_| Err("a third call".to_owned()),
    };
    let openings = open(&mut engine, &proof, &[1; 32], 40).expect("two rounds, two calls");
    assert_eq!(openings.len(), 40);
}
