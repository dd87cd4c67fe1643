// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Time that passes: blocks, slots without one, and long stretches.

use super::Operation;
use crate::World;
use ni_runtime::{BlockNumber, Runtime, System, configs::proof::CLAIM_ROUNDS};
use pallet_proof_of_gpu::{CurrentWindow, IdleSince, Phase};

/// What time does.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "block",
        weight: 90,
        run: block,
    },
    Operation {
        name: "empty slots",
        weight: 4,
        run: empty_slots,
    },
    Operation {
        name: "jump to the window's next phase",
        weight: 5,
        run: next_phase,
    },
    Operation {
        name: "the sampling passes",
        weight: 200,
        run: pass_sampling,
    },
    Operation {
        name: "jump over half-lives, leases and sessions",
        weight: 1,
        run: long_jump,
    },
];

fn block(world: &mut World) -> bool {
    world.next_block(1);
    true
}

fn empty_slots(world: &mut World) -> bool {
    let slots = world.rng.within(1, 12);
    world.chain.skip(slots.into());
    world.next_block(1);
    true
}

/// The first block in which the present phase can end.
fn phase_ends() -> BlockNumber {
    match CurrentWindow::<Runtime>::get() {
        None => IdleSince::<Runtime>::get() + super::settings::window().max_gap,
        Some(window) => match window.phase {
            Phase::Open => window.deadline + 1,
            Phase::Sampling { .. } => window.deadline + 1 + window.parameters.sampling,
            Phase::Revealing { until, .. } => until + 1,
        },
    }
}

impl World {
    /// Lets so many windows pass in which nobody proves anything: as many as are
    /// claimed from, and whatever is still unpaid expires.
    pub fn pass_windows(&mut self, windows: u32) {
        for _ in 0..4 * windows {
            to_next_phase(self);
        }
    }
}

fn to_next_phase(world: &mut World) {
    let ahead = phase_ends().saturating_sub(System::block_number());
    world.next_block(ahead.max(1));
}

fn next_phase(world: &mut World) -> bool {
    to_next_phase(world);
    true
}

/// Nothing can be done about a window while the samples are drawn.
fn pass_sampling(world: &mut World) -> bool {
    let sampling = CurrentWindow::<Runtime>::get()
        .is_some_and(|window| matches!(window.phase, Phase::Sampling { .. }));
    if sampling {
        to_next_phase(world);
    }
    sampling
}

fn long_jump(world: &mut World) -> bool {
    match world.rng.below(30) {
        0 => world.pass_windows(CLAIM_ROUNDS + 1),
        1..=3 => {
            let blocks = world.rng.within(400, 900);
            world.next_block(blocks);
        }
        _ => {
            let blocks = world.rng.within(20, 200);
            world.next_block(blocks);
        }
    }
    true
}
