// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker verify`: a bundle, checked without a chain.

use std::fs::File;

use proof_of_gpu_primitives::bundle::{Bundle, BundleError};

use crate::cli::VerifyArgs;
use crate::exit::{Exit, Failure, OrExit};

/// Runs the command.
///
/// # Errors
/// [`Exit::Refused`] and the check that failed, also where the file cannot be
/// read or is no bundle: it is not proof then, for whatever reason.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let refused = format!("{} is refused", args.file.display());
    let bundle = File::open(&args.file)
        .map_err(|error| BundleError::Unreadable(error.to_string()))
        .and_then(Bundle::read)
        .and_then(|bundle| bundle.verify().map(|()| bundle))
        .or_exit(Exit::Refused, refused)?;
    println!(
        "{} is accepted: {} rounds of {}, {} openings",
        args.file.display(),
        bundle.claim.rounds,
        bundle.claim.workload,
        bundle.openings.len()
    );
    Ok(())
}
