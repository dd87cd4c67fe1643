// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Measures what the on-chain verifier costs in wasm: the crate that the runtime
//! uses, compiled for the runtime's target with the runtime's profile, under the
//! executor's wasmtime with the executor's settings.
//!
//!     make verifier-cost
//!
//! builds the guest module first. It prints the cost of one sample at k = 256, 1024
//! and 4096, and of one sampled lane of the memory walk.

mod guest;

use std::{
    num::NonZeroUsize,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use codec::Encode;
use proof_of_gpu_primitives::{
    Hash, Workload,
    prover::{CpuEngine, open, prove},
    walk::{
        WalkParameters,
        prover::{CpuFill, open_walk, prove_walk},
    },
};

use guest::{Guest, Proof};

/// Openings of one reveal, as production asks for.
const SAMPLES: u32 = 16;

/// Hops of a lane, as production asks for.
const HOPS: u32 = WalkParameters::production(1).hops;

/// Reveals verified in one measurement, and measurements taken.
const REPEAT: u32 = 4;
const MEASUREMENTS: u32 = 40;

fn main() -> Result<()> {
    let mut guest = Guest::build()?;
    println!("verifier in wasm, reveals of {SAMPLES} samples");
    println!("    k   ms a sample: best  median");
    for k in [256, 1_024, 4_096] {
        let (best, median) = measure(&mut guest, Proof::Product, &reveal(k)?)?;
        println!(
            "{k:>5} {:>18.3} {:>7.3}",
            milliseconds(best),
            milliseconds(median)
        );
    }
    println!("memory walk, reveals of {SAMPLES} lanes of {HOPS} hops");
    println!("rounds an entry   ms a lane: best  median");
    for rounds in [256, WalkParameters::production(1).rounds] {
        let reveal = walk_reveal(rounds)?;
        let (best, median) = measure(&mut guest, Proof::Walk, &reveal)?;
        println!(
            "{rounds:>15} {:>17.3} {:>7.3}",
            milliseconds(best),
            milliseconds(median)
        );
    }
    Ok(())
}

/// An encoded reveal with all that it is checked against: the guest's input.
fn reveal(k: u32) -> Result<Vec<u8>> {
    let workload = Workload::new(512, 512, k);
    let (challenge, beacon): (Hash, Hash) = ([0xc4; 32], [0x5e; 32]);
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let mut engine = CpuEngine::with_threads(threads);
    let proof = prove(&mut engine, challenge, &workload, 5, &mut |_| ())?;
    let openings = open(&mut engine, &proof, &beacon, SAMPLES)?;
    let claim = proof.claim();
    Ok((
        challenge,
        workload,
        claim.rounds,
        claim.root,
        beacon,
        proof.peaks(),
        openings,
    )
        .encode())
}

/// An encoded reveal of a walk over a small fill, with all that it is checked against:
/// what a lane costs depends on its hops and on an entry's rounds alone.
fn walk_reveal(rounds: u32) -> Result<Vec<u8>> {
    let (challenge, beacon): (Hash, Hash) = ([0xc4; 32], [0x5e; 32]);
    let parameters = WalkParameters {
        pages: 1,
        page_bits: 8,
        rounds,
        lanes: 1 << 10,
        ..WalkParameters::production(1)
    };
    let mut fill = CpuFill::new(&challenge, parameters, &mut |_| ())?;
    let proof = prove_walk(&mut fill, challenge, 5, &mut |_| ())?;
    let openings = open_walk(&mut fill, &proof, &beacon, SAMPLES)?;
    let claim = proof.claim();
    Ok((
        challenge,
        parameters,
        claim.batches,
        claim.root,
        beacon,
        proof.peaks(),
        openings,
    )
        .encode())
}

/// Best and median time of one sample.
fn measure(guest: &mut Guest, proof: Proof, reveal: &[u8]) -> Result<(Duration, Duration)> {
    guest.verify(proof, reveal, REPEAT)?;
    let mut times = Vec::new();
    for _ in 0..MEASUREMENTS {
        let start = Instant::now();
        guest.verify(proof, reveal, REPEAT)?;
        times.push(start.elapsed() / (REPEAT * SAMPLES));
    }
    times.sort();
    let best = times.first().copied().context("no measurement")?;
    let median = times
        .get(times.len() / 2)
        .copied()
        .context("no measurement")?;

    // What is measured is a verification that can fail.
    let mut altered = reveal.to_vec();
    if let Some(byte) = altered.last_mut() {
        *byte ^= 1;
    }
    ensure!(
        guest.verify(proof, &altered, 1).is_err(),
        "an altered reveal is accepted"
    );
    Ok((best, median))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
