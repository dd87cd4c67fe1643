// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Work that was done before, or by somebody else.

use super::{ROUNDS, honest_window, proof_by, with_miners};
use crate::{
    arena::{Miner, Terms, Verdict, challenged},
    engines::{Remembering, honest},
};
use proof_of_gpu_primitives::prover::{Proof, open};

/// Commits to the proof of an earlier window once more, and reveals it.
///
/// # Panics
///
/// Where the chain does not take an honest proof.
#[must_use]
pub fn an_earlier_window() -> Verdict {
    with_miners(&Terms::default(), |arena, [miner]| {
        let window = arena.open();
        let mut engine = honest();
        let old = proof_by(&mut engine, &window, &miner, ROUNDS);
        let first = super::play_window(arena, &miner, &mut engine, &old);
        assert!(matches!(first, Verdict::Verified { .. }), "{first:?}");
        super::play_window(arena, &miner, &mut engine, &old)
    })
}

/// Takes the rounds of an earlier window and binds them to this window's challenge, so
/// that the commitment's own root is right.
///
/// # Panics
///
/// Where the chain does not take an honest proof.
#[must_use]
pub fn an_earlier_windows_rounds() -> Verdict {
    with_miners(&Terms::default(), |arena, [miner]| {
        let window = arena.open();
        let mut engine = Remembering::new();
        let old = proof_by(&mut engine, &window, &miner, ROUNDS);
        let first = super::play_window(arena, &miner, &mut engine, &old);
        assert!(matches!(first, Verdict::Verified { .. }), "{first:?}");
        let window = arena.open();
        let rebound = rebound(&old, &window, &miner);
        super::play_window(arena, &miner, &mut engine, &rebound)
    })
}

/// One GPU's rounds under two accounts in the same window: the second one's verdict.
///
/// # Panics
///
/// Where the chain does not take the first one's honest proof.
#[must_use]
pub fn another_accounts_rounds() -> Verdict {
    with_miners(&Terms::default(), |arena, [first, second]| {
        let window = arena.open();
        let mut engine = Remembering::new();
        let proofs = [
            proof_by(&mut engine, &window, &first, ROUNDS),
            // Its rounds are what the engine remembers.
            proof_by(&mut engine, &window, &second, ROUNDS),
        ];
        assert_eq!(proofs[0].round_roots(), proofs[1].round_roots());
        for (miner, proof) in [&first, &second].into_iter().zip(&proofs) {
            arena
                .commit(miner, 0, &window, (proof.rounds(), proof.root()))
                .expect("it commits");
        }
        let (window, beacon) = arena.revealing();
        let [verdict, copied] =
            [(&first, &proofs[0]), (&second, &proofs[1])].map(|(who, proof)| {
                let openings =
                    open(&mut engine, proof, &beacon, window.parameters.samples).expect("it opens");
                arena.reveal(who, 0, (window.id, beacon), proof.peaks(), openings)
            });
        assert!(matches!(verdict, Verdict::Verified { .. }), "{verdict:?}");
        copied
    })
}

/// What became of who copied a commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Of the reveal of whom it was copied from.
    pub original: Verdict,
    /// Of the copier's reveal, which is that reveal copied.
    pub copy: Verdict,
    /// Of a commit after that reveal, when the rounds' roots had become known.
    pub after: Result<(), String>,
}

/// Copies a rival's commitment as soon as it is in a block, and its reveal likewise. A
/// third one waits until that reveal and commits to what it shows.
///
/// # Panics
///
/// Where a commitment is refused.
#[must_use]
pub fn a_rivals_commitment() -> Copied {
    with_miners(&Terms::default(), |arena, [rival, copier, late]| {
        let window = arena.open();
        let mut engine = honest();
        let proof = proof_by(&mut engine, &window, &rival, ROUNDS);
        for miner in [&rival, &copier] {
            arena
                .commit(miner, 0, &window, (proof.rounds(), proof.root()))
                .expect("it commits");
        }
        let (window, beacon) = arena.revealing();
        let openings =
            open(&mut engine, &proof, &beacon, window.parameters.samples).expect("it opens");
        let [original, copy] = [&rival, &copier].map(|who| {
            let at = (window.id, beacon);
            arena.reveal(who, 0, at, proof.peaks(), openings.clone())
        });
        let rebound = rebound(&proof, &window, &late);
        let after = arena.commit(&late, 0, &window, (rebound.rounds(), rebound.root()));
        Copied {
            original,
            copy,
            after,
        }
    })
}

/// A GPU that has always been honest lies once; and then says it is rented to somebody
/// and does not commit. Its verdicts, and what the window without a commit paid it.
///
/// # Panics
///
/// Where an honest proof is not taken.
#[must_use]
pub fn a_good_name(windows: u32) -> (Verdict, i128) {
    with_miners(&Terms::default(), |arena, [miner, other]| {
        for _ in 0..windows {
            let verdict = honest_window(arena, &miner, ROUNDS);
            assert!(matches!(verdict, Verdict::Verified { .. }), "{verdict:?}");
        }
        arena.claim(&miner, 0);
        let before = crate::arena::wealth(&miner.owner);
        let verdict = honest_window(arena, &other, ROUNDS);
        assert!(matches!(verdict, Verdict::Verified { .. }), "{verdict:?}");
        arena.claim(&miner, 0);
        let unpaid = crate::arena::wealth(&miner.owner) - before;
        let window = arena.open();
        let mut nothing = crate::engines::Skipping::new(
            0..ROUNDS,
            crate::engines::Unit::Round,
            &window.parameters.workload,
        );
        let proof = proof_by(&mut nothing, &window, &miner, ROUNDS);
        let lie = super::play_window(arena, &miner, &mut nothing, &proof);
        (lie, unpaid)
    })
}

/// The same rounds, committed to under this miner's challenge in this window.
fn rebound(old: &Proof, window: &stateful::proof::CurrentWindowOf, miner: &Miner) -> Proof {
    Proof::from_round_roots(
        challenged(window, miner, 0),
        window.parameters.workload,
        old.round_roots().to_vec(),
    )
    .expect("so many rounds are allowed")
}
