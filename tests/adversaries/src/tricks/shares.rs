// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! One GPU posing as several, several as one, and a fast one as a slow one. All of this
//! is honest work: what differs is how it is presented, and so what it is paid.

use super::{play_window, proof_by, with_miners};
use crate::{
    arena::{Arena, BOUNTY, Miner, SLASH, Terms, Verdict, input, wealth},
    engines::{Pooled, honest},
};
use ni_runtime::Balance;
use proof_of_gpu_primitives::{
    SoftwareSha256, Workload, challenge,
    prover::{open, prove},
};
use sp_runtime::PerThing;

/// Rounds in a window of a GPU of the highest tier here, of 16,000 MOPS.
pub const WHOLE: u32 = 310;

/// Somebody's slots, by the rounds that each makes.
pub type Slots<'a> = &'a [u32];

/// What these are paid for a window in which nobody else proves, with this bond a slot.
///
/// # Panics
///
/// Where a reveal is not verified.
#[must_use]
pub fn paid(owners: &[Slots<'_>], bond: Option<Balance>) -> i128 {
    let mut terms = Terms::default();
    terms.bond = bond.unwrap_or(terms.bond);
    Arena::run(&terms, |arena| {
        let miners: Vec<Miner> = (0..).zip(owners).map(|(n, _)| Miner::number(n)).collect();
        for (miner, slots) in miners.iter().zip(owners) {
            arena.register(miner, u32::try_from(slots.len()).expect("a few"));
        }
        let wealths = || -> i128 { miners.iter().map(|miner| wealth(&miner.owner)).sum() };
        let before = wealths();
        let window = arena.open();
        let mut proofs = Vec::new();
        for (miner, slots) in miners.iter().zip(owners) {
            for (gpu, rounds) in (0..).zip(*slots) {
                let challenge = challenge::<SoftwareSha256>(&input(&window, miner, gpu));
                let workload = &window.parameters.workload;
                let proof = prove(&mut honest(), challenge, workload, *rounds, &mut |_| ())
                    .expect("it proves");
                arena
                    .commit(miner, gpu, &window, (proof.rounds(), proof.root()))
                    .expect("it commits");
                proofs.push((miner, gpu, proof));
            }
        }
        let (window, beacon) = arena.revealing();
        for (miner, gpu, proof) in &proofs {
            let openings =
                open(&mut honest(), proof, &beacon, window.parameters.samples).expect("it opens");
            let at = (window.id, beacon);
            let verdict = arena.reveal(miner, *gpu, at, proof.peaks(), openings);
            assert!(matches!(verdict, Verdict::Verified { .. }), "{verdict:?}");
        }
        arena.close();
        for (miner, gpu, _) in &proofs {
            arena.claim(miner, *gpu);
        }
        wealths() - before
    })
}

/// What one GPU earns by being presented otherwise, in parts of what it earns whole.
#[derive(Clone, Copy, Debug)]
pub struct Presented {
    /// Under two accounts, its time shared between them.
    pub two_identities: f64,
    /// In two slots of one account.
    pub sliced: f64,
    /// Doing half of what it can.
    pub throttled: f64,
    /// Two GPUs of half its throughput as one like it, in parts of what the two earn.
    pub pooled: f64,
    /// In one slot whose bond backs three tenths of its pay.
    pub unbacked: f64,
    /// In two slots with such a bond each.
    pub unbacked_sliced: f64,
}

/// Presents it in all those ways.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn presented() -> Presented {
    let half = WHOLE / 2;
    let whole = paid(&[&[WHOLE]], None);
    let part = |earned: i128, of: i128| earned as f64 / of as f64;
    // cap = bond · slash · (1 − bounty) / samples.
    let backs = f64::from((SLASH * BOUNTY.left_from_one()).deconstruct()) / 1e9;
    let samples = f64::from(Terms::default().samples);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let small = (0.3 * whole as f64 * samples / backs) as Balance;
    Presented {
        two_identities: part(paid(&[&[half], &[half]], None), whole),
        sliced: part(paid(&[&[half, half]], None), whole),
        throttled: part(paid(&[&[half]], None), whole),
        pooled: part(whole, paid(&[&[half], &[half]], None)),
        unbacked: part(paid(&[&[WHOLE]], Some(small)), whole),
        unbacked_sliced: part(paid(&[&[half, half]], Some(small)), whole),
    }
}

/// Two cards prove as one: each computes half of every round.
#[must_use]
pub fn two_cards_as_one() -> Verdict {
    let terms = Terms {
        workload: Workload::new(128, 128, 64),
        ..Terms::default()
    };
    with_miners(&terms, |arena, [miner]| {
        let window = arena.open();
        let mut engine = Pooled { cards: 2 };
        let proof = proof_by(&mut engine, &window, &miner, super::ROUNDS);
        play_window(arena, &miner, &mut engine, &proof)
    })
}
