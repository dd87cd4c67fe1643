// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Who sends too much: calls that are free, and commits of GPUs that are not there.

use super::{ROUNDS, proof_by, with_miners};
use crate::{
    arena::{Terms, Verdict, commit, reveal, wealth},
    engines::honest,
};
use ni_runtime::{Balance, NI, RuntimeCall, System, settings::defaults};
use pallet_proof_of_gpu::{Call, CurrentWindow};
use proof_of_gpu_primitives::{Opening, prover::open};
use sp_runtime::{
    FixedU128,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use stateful::{Actor, Rng};
use std::collections::BTreeMap;

/// What became of calls that cost nothing to send.
#[derive(Clone, Debug, Default)]
pub struct Spam {
    /// Sent.
    pub sent: u32,
    /// Refused before the pool, by the number of the reason; those that are not signed
    /// by somebody registered among them.
    pub refused: BTreeMap<u8, u32>,
    /// Taken in, of which there must not be any.
    pub taken: u32,
    /// What the chain's state changed by it, in accounts and commits.
    pub changed: bool,
    /// What a hotkey without a balance is told when it packs a proof call into a batch.
    pub in_a_batch: String,
    /// What a batch costs who can pay, in NI.
    pub fee: Balance,
}

/// Sends so many calls that would fail, in every phase of a window, from accounts that
/// are registered and accounts that are not.
///
/// # Panics
///
/// Where an honest commit is refused.
#[must_use]
pub fn spam(seed: u64, calls: u32) -> Spam {
    with_miners(&Terms::default(), |arena, [miner, other]| {
        let mut spam = Spam::default();
        let mut rng = Rng::new(seed);
        let strangers: Vec<Actor> = (0..8).map(|number| Actor::new(21, number)).collect();
        let before = [&miner, &other].map(|who| wealth(&who.owner));
        let window = arena.open();
        // One of them has committed, so that its second commit is one too many.
        arena
            .commit(&miner, 0, &window, (ROUNDS, [9; 32]))
            .expect("it commits");
        for phase in 0..3 {
            for _ in 0..calls / 3 {
                let call = failing(&mut rng, &window, phase);
                let who = match rng.below(3) {
                    0 => rng.pick(&strangers).cloned().expect("there are some"),
                    // Its own call must fail too: it has committed, and has no proof.
                    _ => miner.hotkey.clone(),
                };
                spam.sent += 1;
                match arena.pooled(&who, call) {
                    Ok(_) => spam.taken += 1,
                    Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(code))) => {
                        *spam.refused.entry(code).or_default() += 1;
                    }
                    Err(_) => *spam.refused.entry(0).or_default() += 1,
                }
            }
            match phase {
                0 => {
                    // Into the sampling.
                    while System::block_number() <= window.deadline {
                        arena.step();
                    }
                }
                1 => {
                    arena.revealing();
                }
                _ => {}
            }
        }
        let after = [&miner, &other].map(|who| wealth(&who.owner));
        let commits = CurrentWindow::<ni_runtime::Runtime>::get().map(|window| window.commits);
        spam.changed = before != after || commits != Some(1);

        let batch = pallet_utility::Call::batch {
            calls: vec![commit(&window, 0, ROUNDS, [1; 32])],
        };
        spam.in_a_batch = arena
            .send(&other.hotkey, batch.clone())
            .err()
            .unwrap_or_default();
        let before = wealth(&other.owner);
        // The batch itself succeeds, and says that its call failed.
        let sent = arena.send(&other.owner, batch);
        assert!(sent.is_ok(), "{sent:?}");
        spam.fee = Balance::try_from(before - wealth(&other.owner)).unwrap_or(0);
        spam
    })
}

/// A call that must fail now. Phases: 0 takes commits, 1 draws samples, 2 takes reveals.
fn failing(rng: &mut Rng, window: &stateful::proof::CurrentWindowOf, phase: u32) -> RuntimeCall {
    let mut root = [0; 32];
    root[..8].copy_from_slice(&rng.bits().to_le_bytes());
    match rng.below(4) {
        // Late, of a stranger, or once more.
        0 => commit(window, 0, ROUNDS, root),
        // Of another fork.
        1 => {
            let mut other = window.clone();
            other.beacon = root;
            commit(&other, 0, ROUNDS, root)
        }
        // Early, or under another beacon.
        2 => reveal((window.id, root), 0, &[root], Vec::new()),
        _ => {
            let gpu = if phase == 2 { rng.within(1, 60) } else { 0 };
            Call::confirm {
                window: window.id,
                gpus: frame_support::BoundedVec::truncate_from(vec![gpu]),
            }
            .into()
        }
    }
}

/// A registered GPU sends what can be sent for nothing: a commit, and a reveal of
/// garbage. What the chain made of the reveal, and what it tells a second of each and a
/// reveal of another size.
///
/// # Panics
///
/// Where the first of each is refused.
#[must_use]
pub fn all_that_is_free() -> (Verdict, [String; 3]) {
    with_miners(&Terms::default(), |arena, [miner]| {
        let window = arena.open();
        arena
            .commit(&miner, 0, &window, (ROUNDS, [9; 32]))
            .expect("it commits");
        let again = arena.commit(&miner, 0, &window, (ROUNDS, [8; 32]));
        let mut engine = honest();
        let proof = proof_by(&mut engine, &window, &miner, ROUNDS);
        let (window, beacon) = arena.revealing();
        let sized = open(&mut engine, &proof, &beacon, window.parameters.samples)
            .expect("it opens what it never committed to");
        let mut garbage = |openings: &[Opening]| {
            let at = (window.id, beacon);
            arena.reveal(&miner, 0, at, &[[1; 32]], openings.to_vec())
        };
        let unsized_one = why(garbage(&[]));
        let first = garbage(&sized);
        let second = why(garbage(&sized));
        (
            first,
            [again.err().unwrap_or_default(), second, unsized_one],
        )
    })
}

/// Why a reveal was not taken, or what it came to.
fn why(verdict: Verdict) -> String {
    match verdict {
        Verdict::NotTaken(why) => why,
        other => format!("{other:?}"),
    }
}

/// What it takes to fill the production chain's grace blocks with one's own commits.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// GPUs that it takes, at the most a hotkey.
    pub gpus: u32,
    /// Bonds, in NI.
    pub bonds: f64,
    /// What the slots cost when bought at once, in NI.
    pub leases: f64,
    /// What one window costs if none of them proves: those that are called are slashed,
    /// in NI.
    pub slashed: f64,
}

/// By the production chain's parameters, where so many commits of sixteen GPUs fit a
/// block.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn filling_the_grace_blocks(commits_a_block: u32) -> Crowd {
    let window = defaults::window();
    let registration = defaults::registration();
    let gpus = commits_a_block * window.grace * 16;
    let in_ni = |amount: Balance| amount as f64 / NI as f64;
    let (mut price, mut leases) = (FixedU128::from_inner(registration.miner.floor), 0.0);
    let ceiling = FixedU128::from_inner(registration.miner.ceiling);
    for _ in 0..gpus {
        leases += in_ni(price.into_inner());
        price = (price * registration.bump).min(ceiling);
    }
    let called = window.capacity.min(gpus);
    Crowd {
        gpus,
        bonds: f64::from(gpus) * in_ni(registration.bond),
        leases,
        slashed: f64::from(called) * in_ni(window.slash_share * registration.bond),
    }
}
