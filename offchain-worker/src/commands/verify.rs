// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker verify`: a bundle, checked without a chain.

use std::fs::File;
use std::io::Read;

use proof_of_gpu_primitives::{
    bundle::{Bundle, BundleError, MAX_JSON},
    walk::{
        WALK_VERSION,
        bundle::{WalkBundle, WalkBundleError},
    },
};
use serde::Deserialize;

use crate::cli::VerifyArgs;
use crate::exit::{Exit, Failure, OrExit};

/// What tells the versions of bundles apart; version 1 need not name itself.
#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    version: Option<u32>,
}

/// Runs the command.
///
/// # Errors
/// [`Exit::Refused`] and the check that failed, also where the file cannot be
/// read or is no bundle: it is not proof then, for whatever reason.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let file = args.file.display();
    let refused = format!("{file} is refused");
    let text = read(args).or_exit(Exit::Refused, refused.clone())?;
    let version = serde_json::from_slice(&text)
        .ok()
        .and_then(|Version { version }| version);
    let shown = if version == Some(WALK_VERSION) {
        walk(&text).or_exit(Exit::Refused, refused)?
    } else {
        product(&text).or_exit(Exit::Refused, refused)?
    };
    println!("{file} is accepted: {shown}");
    Ok(())
}

/// The file's bytes, and no more of them than a bundle can have and one.
fn read(args: &VerifyArgs) -> Result<Vec<u8>, BundleError> {
    let mut text = Vec::new();
    File::open(&args.file)
        .and_then(|file| file.take(MAX_JSON as u64 + 1).read_to_end(&mut text))
        .map_err(|error| BundleError::Unreadable(error.to_string()))?;
    Ok(text)
}

/// What a bundle of version 1 shows.
fn product(text: &[u8]) -> Result<String, BundleError> {
    let bundle = Bundle::from_json(text)?;
    bundle.verify()?;
    Ok(rounds(&bundle))
}

/// What a bundle of version 2 shows.
fn walk(text: &[u8]) -> Result<String, WalkBundleError> {
    let bundle = WalkBundle::from_json(text)?;
    bundle.verify()?;
    let walked = format!(
        "a walk of {} batches through {} bytes, {} openings",
        bundle.claim.batches,
        bundle.claim.parameters.fill_bytes(),
        bundle.openings.len()
    );
    Ok(match &bundle.product {
        Some(product) => format!("{walked}; then {}", rounds(product)),
        None => walked,
    })
}

fn rounds(bundle: &Bundle) -> String {
    format!(
        "{} rounds of {}, {} openings",
        bundle.claim.rounds,
        bundle.claim.workload,
        bundle.openings.len()
    )
}
