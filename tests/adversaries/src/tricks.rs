// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Tricks of miners, each in a window or a few of a chain of its own.
//!
//! Each function plays one and returns what the chain made of it; what it should have
//! made of it is for the tests to say and for the page to show.

pub mod clock;
pub mod crowds;
pub mod forged;
pub mod replay;
pub mod shares;

use crate::{
    arena::{Arena, Miner, Terms, Verdict, challenged},
    engines::honest,
};
use proof_of_gpu_primitives::{
    Workload,
    prover::{Proof, RoundEngine, open, prove},
};
use stateful::proof::CurrentWindowOf;
use std::convert::Infallible;

/// Rounds that are enough for the lowest tier of the smallest shape. A power of two: all
/// paths are as long, so that a lie has the size of a reveal wherever it is sampled.
pub const ROUNDS: u32 = 32;

/// Runs with so many registered miners of one GPU each.
pub fn with_miners<R, const N: usize>(
    terms: &Terms,
    play: impl FnOnce(&mut Arena, [Miner; N]) -> R,
) -> R {
    Arena::run(terms, |arena| {
        let miners: [Miner; N] =
            std::array::from_fn(|number| Miner::number(u8::try_from(number).unwrap_or(u8::MAX)));
        for miner in &miners {
            arena.register(miner, 1);
        }
        play(arena, miners)
    })
}

/// What an engine makes of a GPU's challenge.
///
/// # Panics
///
/// Where the protocol does not allow the shape.
pub fn proof_by(
    engine: &mut impl RoundEngine<Error = Infallible>,
    window: &CurrentWindowOf,
    miner: &Miner,
    rounds: u32,
) -> Proof {
    let workload: Workload = window.parameters.workload;
    prove(
        engine,
        challenged(window, miner, 0),
        &workload,
        rounds,
        &mut |_| (),
    )
    .expect("it proves")
}

/// Commits to a proof, waits for the samples, reveals, and ends the window.
///
/// # Panics
///
/// Where the commit is refused, or the prover cannot open what it committed to.
pub fn play_window(
    arena: &mut Arena,
    miner: &Miner,
    engine: &mut impl RoundEngine<Error = Infallible>,
    proof: &Proof,
) -> Verdict {
    let window = arena.open();
    arena
        .commit(miner, 0, &window, (proof.rounds(), proof.root()))
        .expect("it commits");
    let (window, beacon) = arena.revealing();
    let openings =
        open(engine, proof, &beacon, window.parameters.samples).expect("it opens its own proof");
    let verdict = arena.reveal(miner, 0, (window.id, beacon), proof.peaks(), openings);
    arena.close();
    verdict
}

/// An honest window of one miner.
///
/// # Panics
///
/// As [`play_window`].
pub fn honest_window(arena: &mut Arena, miner: &Miner, rounds: u32) -> Verdict {
    let window = arena.open();
    let mut engine = honest();
    let proof = proof_by(&mut engine, &window, miner, rounds);
    play_window(arena, miner, &mut engine, &proof)
}
