// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How much slower a memory walk is for a prover that keeps only a part of its fill:
//! on this machine's cores, with production's rounds, hops and passes.
//!
//! Prints the time of fill and walk together for the whole fill and for three parts of
//! it, each as a ratio to the whole fill's, which is what to read; the seconds are this
//! machine's.

use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use proof_of_gpu_primitives::walk::{
    ENTRY_BYTES, WalkParameters,
    prover::{CpuFill, WalkProof, prove_walk},
};

const CHALLENGE: [u8; 32] = [0xc4; 32];

/// Parts of the fill that are kept, in eighths.
const KEPT: [(u64, &str); 4] = [(8, "all"), (7, "7/8"), (6, "3/4"), (4, "1/2")];

/// Walks with the whole fill and with parts of it, and compares how long that takes.
#[derive(Parser)]
struct Arguments {
    /// The fill's size in MiB, a power of two.
    #[arg(default_value_t = 16, value_parser = size)]
    mib: u32,
}

fn size(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|mib: &u32| mib.is_power_of_two() && *mib <= 1_024)
        .ok_or_else(|| "a power of two, at most 1024, for example 32".to_owned())
}

fn main() -> Result<()> {
    let Arguments { mib } = Arguments::parse();
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

    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}%, {eta} left")?;
    let mut whole: Option<(f64, u64, WalkProof)> = None;
    for (kept, name) in KEPT {
        let kept = parameters.entries() * kept / 8;
        let bar = ProgressBar::new(kept).with_style(style.clone());
        bar.set_message(format!("{name}: fill"));
        let start = Instant::now();
        let mut fill = CpuFill::keeping(&CHALLENGE, parameters, kept, &mut |done| {
            bar.set_position(done);
        })?;
        let filled = start.elapsed().as_secs_f64();
        bar.reset();
        bar.set_length(batches.into());
        bar.set_message(format!("{name}: walk"));
        let proof = prove_walk(&mut fill, CHALLENGE, batches, &mut |done| {
            bar.set_position(done.into());
        })?;
        let total = start.elapsed().as_secs_f64();
        bar.finish_and_clear();
        let rounds = fill.work().rounds();
        let (first, first_rounds, first_proof) =
            whole.get_or_insert_with(|| (total, rounds, proof.clone()));
        ensure!(
            proof == *first_proof,
            "what is computed anew differs from what was kept"
        );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sizes_that_can_be_walked_are_taken() {
        assert_eq!(size("16"), Ok(16));
        for other in ["0", "3", "2048", "-1", "", "16 MiB"] {
            assert!(size(other).is_err(), "{other}");
        }
    }
}
