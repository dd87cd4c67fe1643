// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Products that are not the protocol's: the reference network's own weaknesses.

use super::{ROUNDS, play_window, proof_by, with_miners};
use crate::{
    arena::{Terms, Verdict, challenged, input},
    engines::{Tile, honest},
};
use proof_of_gpu_primitives::{
    SoftwareSha256, Workload, challenge,
    prover::{Proof, prove},
};

/// Ways to compute a tile, by name, the honest one first.
pub const WAYS: [(&str, Tile); 6] = [
    ("the protocol's own product", Tile::PROTOCOL),
    ("matrices of one value each", Tile::CONSTANT),
    ("matrices whose entries depend on i + j", Tile::HANKEL),
    (
        "the short cut for such matrices on the protocol's",
        Tile::SHORT_CUT,
    ),
    ("entries of eight bits", Tile::EIGHT_BITS),
    ("a product off by one in each entry", Tile::OFF_BY_ONE),
];

/// A window in which all rounds are computed this way.
#[must_use]
pub fn computed_by(way: Tile) -> Verdict {
    with_miners(&Terms::default(), |arena, [miner]| {
        let window = arena.open();
        let mut engine = way;
        let proof = proof_by(&mut engine, &window, &miner, ROUNDS);
        play_window(arena, &miner, &mut engine, &proof)
    })
}

/// The smallest shape where the window asks for four tiles a round: first under the
/// challenge that goes with that shape, then with its rounds bound to the right one.
///
/// # Panics
///
/// Where the prover cannot open what it committed to.
#[must_use]
pub fn another_shape() -> [Verdict; 2] {
    let small = Workload::new(64, 64, 64);
    let terms = Terms {
        workload: Workload::new(128, 128, 64),
        ..Terms::default()
    };
    with_miners(&terms, |arena, [miner, second]| {
        let window = arena.open();
        let own = {
            let mut input = input(&window, &miner, 0);
            input.workload = small;
            challenge::<SoftwareSha256>(&input)
        };
        let mut engine = honest();
        let proof = prove(&mut engine, own, &small, ROUNDS, &mut |_| ()).expect("it proves");
        let first = play_window(arena, &miner, &mut engine, &proof);
        let window = arena.open();
        let right = challenged(&window, &second, 0);
        let mut engine = honest();
        let proof: Proof =
            prove(&mut engine, right, &small, ROUNDS, &mut |_| ()).expect("it proves");
        [first, play_window(arena, &second, &mut engine, &proof)]
    })
}
