// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How much slower a memory walk is for a prover that keeps only a part of its fill:
//! on this machine's cores, with production's rounds, hops and passes.
//!
//!     cargo run -p proof-of-gpu-primitives --example keep_half -- 32
//!
//! takes the fill's size in MiB, a power of two, 32 if none is given. It prints the
//! time of fill and walk together for the whole fill and for three parts of it, each
//! as a ratio to the whole fill's, which is what to read; the seconds are this machine's.

use std::{env, error::Error, time::Instant};

use proof_of_gpu_primitives::walk::{
    ENTRY_BYTES, WalkParameters,
    prover::{CpuFill, WalkProof, prove_walk},
};

const CHALLENGE: [u8; 32] = [0xc4; 32];

fn main() -> Result<(), Box<dyn Error>> {
    let mib: u32 = match env::args().nth(1) {
        Some(text) => text
            .parse()
            .map_err(|_| format!("{text}: not a number of MiB, for example 32"))?,
        None => 32,
    };
    if !mib.is_power_of_two() || mib > 1_024 {
        return Err(format!("{mib} MiB: a power of two, at most 1024, for example 32").into());
    }
    let entries = (mib << 20) / ENTRY_BYTES;
    let parameters = WalkParameters {
        pages: 1,
        page_bits: entries.trailing_zeros(),
        // As many lanes for the size of the fill as production has at 64 GiB.
        lanes: (entries >> 9).max(64),
        ..WalkParameters::production(1)
    };
    let batches = u32::try_from(parameters.min_batches())?;
    println!("{mib} MiB, {batches} batches of {} lanes", parameters.lanes);
    println!("kept   fill s    walk s    ratio   rounds");

    let mut whole: Option<(f64, u64, WalkProof)> = None;
    for (kept, name) in [(8, "all"), (7, "7/8"), (6, "3/4"), (4, "1/2")] {
        let start = Instant::now();
        let kept = parameters.entries() * kept / 8;
        let mut fill = CpuFill::keeping(&CHALLENGE, parameters, kept, &mut |done| {
            eprint!("\r{name}: fill {:>3}%", 100 * done / kept.max(1));
        })?;
        let filled = start.elapsed().as_secs_f64();
        let proof = prove_walk(&mut fill, CHALLENGE, batches, &mut |done| {
            eprint!(
                "\r{name}: walk {:>3}%",
                100 * u64::from(done) / u64::from(batches)
            );
        })?;
        let total = start.elapsed().as_secs_f64();
        eprint!("\r                \r");
        let rounds = fill.work().rounds();
        let (first, first_rounds, first_proof) =
            whole.get_or_insert_with(|| (total, rounds, proof.clone()));
        if proof != *first_proof {
            return Err("what is computed anew differs from what was kept".into());
        }
        println!(
            "{name} {filled:>9.2} {:>9.2} {:>8.2} {:>8.2}",
            total - filled,
            total / *first,
            ratio(rounds, *first_rounds),
        );
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "a ratio of counts, for reading")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
