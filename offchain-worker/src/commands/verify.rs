// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker verify`: a bundle, checked without a chain.

use std::{fs::File, io::Read};

use indicatif::{ProgressBar, ProgressStyle};
use proof_of_gpu_primitives::{
    Workload,
    bundle::{Bundle, BundleError, MAX_JSON},
};
use serde_json::json;
use thiserror::Error;

use crate::audit::{
    evidence::{self, Evidence},
    recompute::{Contradiction, OpenedRound, opened_rounds},
};
use crate::cli::VerifyArgs;
use crate::devices::Device;
use crate::exit::{Exit, Failure, OrExit};

/// Why a bundle is not accepted.
#[derive(Debug, Error)]
enum Refusal {
    /// It is no bundle, or the protocol refuses it.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Its evidence is of something else.
    #[error("its evidence names an account, a GPU or a window that its challenge is not of")]
    Evidence,
    /// It is wrong where the protocol does not look.
    #[error("{0}")]
    Contradicted(String),
    /// Nothing was found out.
    #[error("{0}")]
    Failed(Failure),
}

/// Runs the command: the protocol's checks; what evidence in the bundle says, computed
/// again; and with `--full` all that was opened.
///
/// # Errors
/// [`Exit::Refused`] and the check that failed, also where the file cannot be
/// read or is no bundle: it is not proof then, for whatever reason.
/// [`Exit::Device`] where the device cannot compute a round.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let name = args.file.display();
    let verified = match check(args) {
        Err(Refusal::Failed(failure)) => return Err(failure),
        verified => verified,
    };
    if args.json {
        let refused = verified.as_ref().err().map(ToString::to_string);
        let bundle = verified.as_ref().ok().map(|(bundle, _)| bundle);
        let report = json!({
            "file": name.to_string(),
            "accepted": verified.is_ok(),
            "refused": refused,
            "workload": bundle.map(|bundle| bundle.claim.workload.to_string()),
            "rounds": bundle.map(|bundle| bundle.claim.rounds),
            "openings": bundle.map(|bundle| bundle.openings.len()),
        });
        println!("{report}");
    }
    let (bundle, evidence) = verified.or_exit(Exit::Refused, format!("{name} is refused"))?;
    if args.json {
        return Ok(());
    }
    let full = if args.full {
        ", computed again with their whole rounds"
    } else {
        ""
    };
    println!(
        "{name} is accepted: {} rounds of {}, {} openings{full}",
        bundle.claim.rounds,
        bundle.claim.workload,
        bundle.openings.len()
    );
    if let Some(evidence) = evidence {
        println!(
            "The evidence in it is unfounded: \"{}\" is not so.",
            evidence.finding.escape_debug()
        );
    }
    Ok(())
}

fn check(args: &VerifyArgs) -> Result<(Bundle, Option<Evidence>), Refusal> {
    let (bundle, evidence) = read(args)?;
    bundle.verify()?;
    let mut check = Check {
        args,
        workload: bundle.claim.workload,
        device: None,
    };
    let rounds = opened_rounds(&bundle);
    if let Some(evidence) = &evidence {
        check.evidence(evidence, &bundle, &rounds)?;
    }
    if args.full {
        check.everything(&rounds)?;
    }
    Ok((bundle, evidence))
}

fn read(args: &VerifyArgs) -> Result<(Bundle, Option<Evidence>), BundleError> {
    let unreadable = |error: std::io::Error| BundleError::Unreadable(error.to_string());
    let mut text = Vec::new();
    File::open(&args.file)
        .map_err(unreadable)?
        .take(MAX_JSON as u64 + 1)
        .read_to_end(&mut text)
        .map_err(unreadable)?;
    evidence::read(&text)
}

/// Computes again.
struct Check<'a> {
    args: &'a VerifyArgs,
    workload: Workload,
    /// Opened when the first whole round is to be computed.
    device: Option<Device>,
}

impl Check<'_> {
    /// Computes again what the evidence says is wrong.
    fn evidence(
        &mut self,
        evidence: &Evidence,
        bundle: &Bundle,
        rounds: &[OpenedRound<'_>],
    ) -> Result<(), Refusal> {
        if !evidence.is_of(bundle) {
            return Err(Refusal::Evidence);
        }
        let named = |round: &&OpenedRound<'_>, tiles: bool| {
            evidence.contradictions.iter().any(|place| {
                let (number, tile) = place.round_and_tile();
                number == round.round && tile.is_some() == tiles
            })
        };
        for round in rounds.iter().filter(|round| named(round, true)) {
            self.refuse(&round.check_tiles(&self.workload))?;
        }
        for round in rounds.iter().filter(|round| named(round, false)) {
            self.whole(round)?;
        }
        Ok(())
    }

    /// Computes everything again: first what is quick.
    fn everything(&mut self, rounds: &[OpenedRound<'_>]) -> Result<(), Refusal> {
        for round in rounds {
            self.refuse(&round.check_tiles(&self.workload))?;
        }
        let bar = ProgressBar::new(rounds.len() as u64).with_style(
            ProgressStyle::with_template("computing {wide_bar} {pos}/{len} rounds, {eta} left")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        for round in rounds {
            self.whole(round)?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(())
    }

    fn whole(&mut self, round: &OpenedRound<'_>) -> Result<(), Refusal> {
        let device = match &mut self.device {
            Some(device) => device,
            None => self
                .device
                .insert(Device::open(self.args.device, self.args.kernel).map_err(Refusal::Failed)?),
        };
        let found = match device {
            Device::Cpu(engine) => round.check_round(engine, &self.workload),
            Device::Gpu(gpu, _) => round.check_round(&mut gpu.engine(), &self.workload),
        };
        let found = found.map_err(|cause| Refusal::Failed(Failure::new(Exit::Device, cause)))?;
        self.refuse(&found)
    }

    fn refuse(&self, found: &[Contradiction]) -> Result<(), Refusal> {
        match found {
            [] => Ok(()),
            [first, others @ ..] => {
                let more = match others.len() {
                    0 => String::new(),
                    more => format!(" (and {more} more)"),
                };
                Err(Refusal::Contradicted(format!("{first}{more}")))
            }
        }
    }
}
