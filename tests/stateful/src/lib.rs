// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Random calls, failures and jumps in time on the assembled runtime.
//!
//! A run is decided by its seed. In each step one of the [`operations`] is drawn by
//! its weight: it makes calls as some account would, good ones mostly and some that
//! must be refused, or lets time pass. After every step the invariants of all our
//! pallets are checked (their `do_try_state`), and a [`ledger`] kept from events
//! alone is held against the state. The first thing that does not hold ends the run
//! with a [`Violation`] that says how to repeat it.
//!
//! Calls are dispatched natively with a signed origin; some are sent as signed
//! transactions instead, with every transaction extension, as the network would.
//! Blocks are made as a node makes them, hooks included. When time jumps, the next
//! block has a number that is so much higher: for the runtime the blocks between
//! were empty of everything, so leases, half-lives and windows pass in a moment.
//!
//! `cargo run -p stateful -- --steps 100000 --seed 1` makes a long run and prints
//! what was tried and reached.

pub mod chain;
pub mod ledger;
pub mod memory;
mod operations;
mod report;
mod rng;
mod world;

pub use operations::{Operation, proof, settings};
pub use report::{DRIVEN, PATHS, Report, Tried};
pub use rng::Rng;
pub use world::{Actor, Violation, World};

use memory::Memory;

/// Makes `steps` steps from the genesis state, decided by `seed`.
///
/// # Errors
///
/// The first [`Violation`].
pub fn run(seed: u64, steps: u64) -> Result<Report, Box<Violation>> {
    run_with(seed, steps, |_, _| ())
}

/// As [`run`], and tells `watch` of every step before its invariants are checked.
///
/// # Errors
///
/// The first [`Violation`].
pub fn run_with(
    seed: u64,
    steps: u64,
    mut watch: impl FnMut(u64, &mut World),
) -> Result<Report, Box<Violation>> {
    Memory::default().execute_with(|| {
        let mut world = World::new(seed);
        for step in 1..=steps {
            world.act();
            watch(step, &mut world);
            world.check(step)?;
        }
        Ok(world.finish(steps))
    })
}
