// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Too early, too late, and whose clock it is.

use super::{ROUNDS, proof_by, with_miners};
use crate::{
    arena::{Terms, Verdict, commit, report, reveal, wealth},
    engines::honest,
};
use proof_of_gpu_primitives::prover::open;
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

/// What a pool says of a call: the number of the reason for which it refuses it.
pub type Pooled = Result<(), u8>;

fn pooled<Valid>(verdict: Result<Valid, TransactionValidityError>) -> Pooled {
    match verdict {
        Ok(_) => Ok(()),
        Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(code))) => Err(code),
        // No other check refuses these calls.
        Err(_) => Err(u8::MAX),
    }
}

/// What became of calls at the wrong time.
#[derive(Clone, Debug)]
pub struct Times {
    /// A commit to the window before it opens.
    pub commit_early: Pooled,
    /// A commit in time.
    pub commit_in_time: Pooled,
    /// A commit in the block after the deadline.
    pub commit_late: Pooled,
    /// A reveal while the samples are not drawn.
    pub reveal_early: Pooled,
    /// A reveal in time.
    pub reveal_in_time: Pooled,
    /// The same reveal when the window is over.
    pub reveal_late: Pooled,
    /// What all of this has cost who tried.
    pub cost: i128,
    /// What the reveal that never came costs who had committed, when it is reported.
    pub missed: i128,
}

/// Tries each call at the right and at the wrong time.
///
/// # Panics
///
/// Where the chain does not take what is in time.
#[must_use]
pub fn wrong_times() -> Times {
    // The pool looks at a call for the next block, in which reveals must still be taken.
    let terms = Terms {
        reveal: 2,
        ..Terms::default()
    };
    with_miners(&terms, |arena, [miner, reporter]| {
        let before = wealth(&miner.owner);
        let window = arena.open();
        let proof = proof_by(&mut honest(), &window, &miner, ROUNDS);
        let committing = commit(&window, 0, proof.rounds(), proof.root());
        let commit_early = {
            let mut next = window.clone();
            next.id += 1;
            pooled(arena.pooled(&miner.hotkey, commit(&next, 0, ROUNDS, proof.root())))
        };
        let commit_in_time = pooled(arena.pooled(&miner.hotkey, committing.clone()));
        arena.by(&miner.hotkey, committing).expect("it is in time");
        while pallet_proof_of_gpu::Pallet::<ni_runtime::Runtime>::window()
            .is_some_and(|now| now.deadline > ni_runtime::System::block_number())
        {
            arena.step();
        }
        // The next block is the one after the deadline.
        let late = commit(&window, 0, ROUNDS, [1; 32]);
        let commit_late = pooled(arena.pooled(&reporter.hotkey, late));
        let blind = reveal((window.id, [0; 32]), 0, proof.peaks(), Vec::new());
        let reveal_early = pooled(arena.pooled(&miner.hotkey, blind));
        let (window, beacon) = arena.revealing();
        let openings =
            open(&mut honest(), &proof, &beacon, window.parameters.samples).expect("it opens");
        let revealing = reveal((window.id, beacon), 0, proof.peaks(), openings);
        let reveal_in_time = pooled(arena.pooled(&miner.hotkey, revealing.clone()));
        arena.close();
        let reveal_late = pooled(arena.pooled(&miner.hotkey, revealing));
        let cost = before - wealth(&miner.owner);
        arena
            .send(&reporter.owner, report(&miner, 0, window.id))
            .expect("it is reported");
        Times {
            commit_early,
            commit_in_time,
            commit_late,
            reveal_early,
            reveal_in_time,
            reveal_late,
            cost,
            missed: before - wealth(&miner.owner),
        }
    })
}

/// The throughput, in MOPS, of as many rounds committed to in the first and in the last
/// block of a window, with so many empty slots between.
///
/// # Panics
///
/// Where a reveal is not verified.
#[must_use]
pub fn first_and_last(rounds: u32, empty: u64) -> [u64; 2] {
    let terms = Terms {
        open: 8,
        ..Terms::default()
    };
    with_miners(&terms, |arena, [first, last]| {
        let window = arena.open();
        let mut engine = honest();
        let proofs = [&first, &last].map(|who| proof_by(&mut engine, &window, who, rounds));
        arena
            .commit(&first, 0, &window, (rounds, proofs[0].root()))
            .expect("the first block");
        arena.skip(empty);
        while ni_runtime::System::block_number() < window.deadline {
            arena.step();
        }
        arena
            .commit(&last, 0, &window, (rounds, proofs[1].root()))
            .expect("the last block");
        let (window, beacon) = arena.revealing();
        [(&first, &proofs[0]), (&last, &proofs[1])].map(|(who, proof)| {
            let openings =
                open(&mut engine, proof, &beacon, window.parameters.samples).expect("it opens");
            match arena.reveal(who, 0, (window.id, beacon), proof.peaks(), openings) {
                Verdict::Verified { mops } => mops,
                other => panic!("an honest reveal: {other:?}"),
            }
        })
    })
}
