// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker verify`: a bundle, checked without a chain.

use std::fs::File;

use proof_of_gpu_primitives::bundle::{Bundle, BundleError};
use serde_json::json;

use crate::cli::VerifyArgs;
use crate::exit::{Exit, Failure, OrExit};

/// Runs the command.
///
/// # Errors
/// [`Exit::Refused`] and the check that failed, also where the file cannot be
/// read or is no bundle: it is not proof then, for whatever reason.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let name = args.file.display();
    let verified = check(args);
    if args.json {
        let refused = verified.as_ref().err().map(ToString::to_string);
        let claim = verified.as_ref().ok().map(|bundle| &bundle.claim);
        let openings = verified.as_ref().ok().map(|bundle| bundle.openings.len());
        let report = json!({
            "file": name.to_string(),
            "accepted": verified.is_ok(),
            "refused": refused,
            "workload": claim.map(|claim| claim.workload.to_string()),
            "rounds": claim.map(|claim| claim.rounds),
            "openings": openings,
        });
        println!("{report}");
    }
    let bundle = verified.or_exit(Exit::Refused, format!("{name} is refused"))?;
    if !args.json {
        println!(
            "{name} is accepted: {} rounds of {}, {} openings",
            bundle.claim.rounds,
            bundle.claim.workload,
            bundle.openings.len()
        );
    }
    Ok(())
}

fn check(args: &VerifyArgs) -> Result<Bundle, BundleError> {
    let file =
        File::open(&args.file).map_err(|error| BundleError::Unreadable(error.to_string()))?;
    let bundle = Bundle::read(file)?;
    bundle.verify()?;
    Ok(bundle)
}
