// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The prover on the CPU, and what it costs to keep less than the fill. All by counts,
//! which are the same on every machine.

use proof_of_gpu_primitives::{
    VerifyError,
    walk::{
        HOP_ROUNDS, START_ROUNDS, WalkError, WalkParameters, entry,
        prover::{
            BatchEngine, CpuFill, FillError, WalkProof, WalkProveError, Work, open_walk, prove_walk,
        },
    },
};

use crate::support::{CHALLENGE, Reveal, SMALL, fill};

#[test]
fn a_fill_is_its_entries_in_order() {
    let mut reported = Vec::new();
    let fill = CpuFill::new(&CHALLENGE, SMALL, &mut |done| reported.push(done)).expect("small");
    assert_eq!(reported, [48]);
    assert_eq!(fill.kept().len(), 48);
    for (number, kept) in (0..).zip(fill.kept()) {
        assert_eq!(*kept, entry(&fill.walk_challenge(), number, SMALL.rounds));
    }
}

#[test]
fn what_is_not_kept_is_computed_with_the_same_result() {
    let whole = Reveal::of(&mut fill(SMALL), 7, 6);
    for kept in [0, 1, 24, 47] {
        let mut part = CpuFill::keeping(&CHALLENGE, SMALL, kept, &mut |_| ()).expect("small");
        assert_eq!(part.kept().len() as u64, kept);
        let reveal = Reveal::of(&mut part, 7, 6);
        assert_eq!(reveal.claim, whole.claim);
        assert_eq!(reveal.openings, whole.openings);
    }
}

#[test]
fn work_is_counted() {
    let mut fill = fill(SMALL);
    prove_walk(&mut fill, CHALLENGE, 7, &mut |_| ()).expect("walks");
    let lanes = 7 * u64::from(SMALL.lanes);
    let hops = lanes * u64::from(SMALL.hops);
    let expected = Work {
        fill_rounds: 48 * u64::from(SMALL.rounds),
        missing_rounds: 0,
        lane_rounds: lanes * u64::from(START_ROUNDS + HOP_ROUNDS) + hops * u64::from(HOP_ROUNDS),
        reads: hops,
    };
    assert_eq!(fill.work(), expected);
    // Each hop reads an entry that was kept, or computes one that was not.
    let mut half = CpuFill::keeping(&CHALLENGE, SMALL, 24, &mut |_| ()).expect("small");
    prove_walk(&mut half, CHALLENGE, 7, &mut |_| ()).expect("walks");
    let computed = half.work().missing_rounds / u64::from(SMALL.rounds);
    assert!(computed > 0 && half.work().reads > 0);
    assert_eq!(half.work().reads + computed, hops);
}

/// Rounds that the card with the most arithmetic for its bandwidth may compute while it
/// reads one entry, by the analysis in docs/memory-walk.md.
const ROUNDS_A_READ: u64 = 110;

/// Work with production's rounds, hops and passes, over a fill of 1024 entries.
fn work(kept: u64) -> Work {
    let parameters = WalkParameters {
        pages: 1,
        page_bits: 10,
        lanes: 256,
        ..WalkParameters::production(1)
    };
    let mut fill = CpuFill::keeping(&CHALLENGE, parameters, kept, &mut |_| ()).expect("small");
    let batches = u32::try_from(parameters.min_batches()).expect("few");
    prove_walk(&mut fill, CHALLENGE, batches, &mut |_| ()).expect("walks");
    fill.work()
}

#[test]
fn keeping_half_costs_four_times_as_much_or_more() {
    let (whole, half) = (work(1024), work(512));
    assert_eq!(half.fill_rounds, whole.fill_rounds / 2);
    assert_eq!(whole.missing_rounds, 0);
    // By arithmetic alone, as on a device whose memory costs nothing but the fill.
    assert!(half.rounds() >= 4 * whole.rounds(), "{half:?} {whole:?}");
    // On the worst card: the honest prover's reads wait for memory, and the cheat's
    // are hidden behind its arithmetic.
    let honest = whole.rounds() + whole.reads * ROUNDS_A_READ;
    assert!(half.rounds() >= 4 * honest, "{half:?} {whole:?}");
}

#[test]
fn fewer_passes_would_not_be_enough() {
    // The twin: with the fill read four times, what it costs to make hides the cheat.
    let parameters = WalkParameters {
        pages: 1,
        page_bits: 10,
        lanes: 256,
        passes: 4,
        ..WalkParameters::production(1)
    };
    let [whole, half] = [1024, 512].map(|kept| {
        let mut fill = CpuFill::keeping(&CHALLENGE, parameters, kept, &mut |_| ()).expect("small");
        prove_walk(&mut fill, CHALLENGE, 1, &mut |_| ()).expect("walks");
        fill.work()
    });
    assert!(half.rounds() < 4 * whole.rounds(), "{half:?} {whole:?}");
}

#[test]
fn refusals_come_before_the_work() {
    let mut fill = fill(SMALL);
    let before = fill.work();
    for (challenge, batches, expected) in [
        (CHALLENGE, 0, WalkError::from(VerifyError::NoRounds).into()),
        ([0; 32], 7, WalkProveError::AnotherFill),
    ] {
        let found = prove_walk(&mut fill, challenge, batches, &mut |_| ());
        assert_eq!(found, Err(expected));
    }
    let many = WalkParameters {
        passes: 1_000,
        ..SMALL
    };
    let mut thorough = crate::support::fill(many);
    let found = prove_walk(&mut thorough, CHALLENGE, 124, &mut |_| ());
    assert_eq!(found, Err(WalkError::TooFewBatches.into()));
    assert_eq!(fill.work(), before);

    let refused = CpuFill::new(
        &CHALLENGE,
        WalkParameters { pages: 0, ..SMALL },
        &mut |_| (),
    );
    assert_eq!(refused.err(), Some(FillError::Refused(WalkError::Pages)));
}

#[test]
fn opening_wants_samples_and_the_fill_that_was_walked() {
    let mut honest = fill(SMALL);
    let proof = prove_walk(&mut honest, CHALLENGE, 7, &mut |_| ()).expect("walks");
    let none = open_walk(&mut honest, &proof, &[1; 32], 0);
    assert_eq!(none, Err(WalkError::from(VerifyError::NoOpenings).into()));
    let mut other = CpuFill::new(&[0; 32], SMALL, &mut |_| ()).expect("small");
    let foreign = open_walk(&mut other, &proof, &[1; 32], 6);
    assert_eq!(foreign, Err(WalkProveError::AnotherFill));
}

#[test]
fn a_proof_from_batch_roots_is_the_provers() {
    let proof = prove_walk(&mut fill(SMALL), CHALLENGE, 7, &mut |_| ()).expect("walks");
    let roots = proof.batch_roots().to_vec();
    let again = WalkProof::from_batch_roots(CHALLENGE, SMALL, roots);
    assert_eq!(again, Ok(proof));
    let none = WalkProof::from_batch_roots(CHALLENGE, SMALL, Vec::new());
    assert_eq!(none, Err(VerifyError::NoRounds.into()));
}
