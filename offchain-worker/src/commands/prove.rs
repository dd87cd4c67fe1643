// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker prove`: a proof without a chain, into a file.

use std::fs::{self, File};

use indicatif::{ProgressBar, ProgressStyle};
use proof_of_gpu_primitives::bundle::Bundle;

use crate::cli::ProveArgs;
use crate::devices::Device;
use crate::exit::{Exit, Failure, OrExit};

/// Runs the command.
///
/// # Errors
/// [`Exit::Device`] if the device fails, [`Exit::File`] if the bundle cannot be
/// written.
pub fn run(args: &ProveArgs) -> Result<(), Failure> {
    let mut device = Device::open(args.device, args.kernel)?;
    let cannot_write = format!("cannot write {}", args.out.display());
    // Before hours of work, and without losing what is there.
    File::options()
        .create(true)
        .append(true)
        .open(&args.out)
        .or_exit(Exit::File, cannot_write.clone())?;

    let bar = ProgressBar::new(args.rounds.into()).with_style(style());
    bar.set_message("proving");
    let proof = device.prove(&args.challenge, &args.workload, args.rounds, &mut |done| {
        bar.set_position(done.into());
    })?;
    let bundle = match (args.sampling_beacon, args.samples) {
        (Some(sampling_beacon), Some(samples)) => {
            bar.set_message("opening");
            let openings = device.openings(&proof, &sampling_beacon, samples)?;
            Bundle::opened(&proof, sampling_beacon, openings)
        }
        _ => Bundle::commitment(&proof),
    };
    bar.finish_and_clear();

    fs::write(&args.out, bundle.to_json()).or_exit(Exit::File, cannot_write)?;
    println!(
        "{} rounds of {} on {}: root 0x{}, {} openings, in {}",
        proof.rounds(),
        args.workload,
        device.name(),
        hex::encode(proof.root()),
        bundle.openings.len(),
        args.out.display()
    );
    Ok(())
}

/// A bar of rounds, shown on terminals only.
fn style() -> ProgressStyle {
    ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} rounds, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
