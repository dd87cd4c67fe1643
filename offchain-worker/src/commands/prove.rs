// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker prove`: a proof without a chain, into a file.

use indicatif::{ProgressBar, ProgressStyle};
use proof_of_gpu_primitives::{bundle::Bundle, walk::bundle::WalkBundle};

use crate::audit::evidence;
use crate::cli::ProveArgs;
use crate::devices::Device;
use crate::exit::Failure;
use crate::files::Target;
use crate::output;
use crate::walks::{Step, walk};

/// Runs the command.
///
/// # Errors
/// [`Exit::Device`](crate::exit::Exit::Device) if the device fails,
/// [`Exit::File`](crate::exit::Exit::File) if the bundle cannot be written.
pub fn run(args: &ProveArgs) -> Result<(), Failure> {
    let mut device = Device::open(args.device, args.kernel)?;
    let out = Target {
        path: &args.out,
        what: "bundle",
        is_ours: |text| evidence::read(text).is_ok(),
        force: args.force,
    };
    // Before hours of work.
    out.check()?;

    let bar = ProgressBar::new(args.rounds.into()).with_style(style());
    let sampling = args.sampling_beacon.zip(args.samples);
    let walk = args
        .walk
        .map(|size| {
            walk(&device, &args.challenge, size, sampling, &mut |step| {
                show(&bar, step);
            })
        })
        .transpose()?;
    let challenge = walk
        .as_ref()
        .map_or(args.challenge, WalkBundle::product_challenge);

    bar.set_message("proving");
    bar.set_length(args.rounds.into());
    bar.set_position(0);
    let proof = device.prove(&challenge, &args.workload, args.rounds, &mut |done| {
        bar.set_position(done.into());
    })?;
    let product = match sampling {
        Some((sampling_beacon, samples)) => {
            bar.set_message("opening");
            let openings = device.openings(&proof, &sampling_beacon, samples)?;
            Bundle::opened(&proof, sampling_beacon, openings)
        }
        None => Bundle::commitment(&proof),
    };
    bar.finish_and_clear();

    let openings = product.openings.len();
    let (json, walked) = match walk {
        Some(walk) => {
            let walked = format!("a walk of {} bytes, ", walk.claim.parameters.fill_bytes());
            let joined = WalkBundle {
                product: Some(product),
                ..walk
            };
            (joined.to_json(), walked)
        }
        None => (product.to_json(), String::new()),
    };
    out.write(json.as_bytes())?;
    output::line(format_args!(
        "{walked}{} rounds of {} on {}: root 0x{}, {openings} openings, in {}",
        proof.rounds(),
        args.workload,
        device.name(),
        hex::encode(proof.root()),
        args.out.display()
    ));
    Ok(())
}

/// Shows how far the walk is.
fn show(bar: &ProgressBar, step: Step) {
    let (message, done, total) = match step {
        Step::Fill(done, total) => ("filling memory", done, total),
        Step::Walk(done, total) => ("walking", done, total),
        Step::Open => {
            bar.set_message("opening the walk");
            return;
        }
    };
    bar.set_message(message);
    bar.set_length(total);
    bar.set_position(done);
}

/// A bar, shown on terminals only.
fn style() -> ProgressStyle {
    ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
