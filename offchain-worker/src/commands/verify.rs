// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker verify`: a bundle, checked without a chain.

use std::{fs::File, io::Read};

use indicatif::{ProgressBar, ProgressStyle};
use proof_of_gpu_primitives::{
    Workload,
    bundle::{BundleError, MAX_JSON},
    walk::bundle::{WalkBundle, WalkBundleError},
};
use serde_json::{Value, json};
use thiserror::Error;

use crate::audit::{
    evidence::{self, Evidence, Proven},
    lanes::check_lanes,
    recompute::{OpenedRound, opened_rounds},
};
use crate::cli::VerifyArgs;
use crate::devices::Device;
use crate::exit::{Exit, Failure, OrExit};
use crate::keystore::password::utf8;
use crate::output;

/// Why a bundle is not accepted.
#[derive(Debug, Error)]
enum Refusal {
    /// It is no bundle, or the protocol refuses it.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The protocol refuses its walk, or the product after it.
    #[error(transparent)]
    Walk(#[from] WalkBundleError),
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
/// [`Exit::Refused`] and the check that failed, also where the file is no bundle.
/// [`Exit::File`] where it cannot be read, which says nothing of what it holds, and
/// [`Exit::Device`] where the device cannot compute a round.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let name = args.file.display();
    let verified = match check(args) {
        Err(Refusal::Failed(failure)) => return Err(failure),
        verified => verified,
    };
    if args.json {
        let refused = verified.as_ref().err().map(ToString::to_string);
        let proven = verified.as_ref().ok().map(|(proven, _)| proven);
        let product = proven.and_then(Proven::product);
        let report = json!({
            "file": name.to_string(),
            "accepted": verified.is_ok(),
            "refused": refused,
            "workload": product.map(|bundle| bundle.claim.workload.to_string()),
            "rounds": product.map(|bundle| bundle.claim.rounds),
            "openings": product.map(|bundle| bundle.openings.len()),
            "walk": proven.and_then(Proven::walk).map(walk_report),
        });
        output::line(report);
    }
    let (proven, evidence) = verified.or_exit(Exit::Refused, format!("{name} is refused"))?;
    if args.json {
        return Ok(());
    }
    output::line(format_args!(
        "{name} is accepted: {}",
        describe(&proven, args.full)
    ));
    if let Some(evidence) = evidence {
        output::line(format_args!(
            "The evidence in it is unfounded: \"{}\" is not so.",
            evidence.finding.escape_debug()
        ));
    }
    Ok(())
}

/// A walk, for programs.
fn walk_report(bundle: &WalkBundle) -> Value {
    let claim = &bundle.claim;
    let parameters = &claim.parameters;
    json!({
        "pages": parameters.pages,
        "page_bits": parameters.page_bits,
        "entry_rounds": parameters.rounds,
        "lanes": parameters.lanes,
        "hops": parameters.hops,
        "passes": parameters.passes,
        "fill_bytes": parameters.fill_bytes(),
        "batches": claim.batches,
        "walk_openings": bundle.openings.len(),
    })
}

/// What a bundle that was accepted shows, for people.
fn describe(proven: &Proven, full: bool) -> String {
    let walked = proven.walk().map(|bundle| {
        let full = if full {
            ", their groups of 64 lanes walked again but not the batches' other lanes"
        } else {
            ""
        };
        format!(
            "a walk of {} batches through {} bytes, {} openings{full}",
            bundle.claim.batches,
            bundle.claim.parameters.fill_bytes(),
            bundle.openings.len()
        )
    });
    let computed = proven.product().map(|bundle| {
        let full = if full {
            ", computed again with their whole rounds"
        } else {
            ""
        };
        format!(
            "{} rounds of {}, {} openings{full}",
            bundle.claim.rounds,
            bundle.claim.workload,
            bundle.openings.len()
        )
    });
    let parts: Vec<_> = walked.into_iter().chain(computed).collect();
    parts.join("; then ")
}

fn check(args: &VerifyArgs) -> Result<(Proven, Option<Evidence>), Refusal> {
    let (proven, evidence) = read(args)?;
    match &proven {
        Proven::Product(bundle) => bundle.verify()?,
        Proven::Walk(bundle) => bundle.verify()?,
    }
    if evidence.as_ref().is_some_and(|one| !one.is_of(&proven)) {
        return Err(Refusal::Evidence);
    }
    if let (true, Some(bundle)) = (args.full, proven.walk()) {
        check_walk(bundle)?;
    }
    if let Some(bundle) = proven.product() {
        let mut check = Check {
            args,
            workload: bundle.claim.workload,
            device: None,
        };
        let rounds = opened_rounds(bundle);
        if let Some(evidence) = &evidence {
            check.evidence(evidence, &rounds)?;
        }
        if args.full {
            check.everything(&rounds)?;
        }
    }
    Ok((proven, evidence))
}

fn read(args: &VerifyArgs) -> Result<(Proven, Option<Evidence>), Refusal> {
    let mut bytes = Vec::new();
    File::open(&args.file)
        .and_then(|file| file.take(MAX_JSON as u64 + 1).read_to_end(&mut bytes))
        .or_exit(Exit::File, format!("cannot read {}", args.file.display()))
        .map_err(Refusal::Failed)?;
    let text = utf8(&bytes).map_err(|what| BundleError::Unreadable(what.to_owned()))?;
    Ok(evidence::read(text.as_bytes())?)
}

/// Walks every lane of the opened groups again.
fn check_walk(bundle: &WalkBundle) -> Result<(), Refusal> {
    let bar = bar(bundle.openings.len(), "walking again", "groups");
    let found = check_lanes(bundle, &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    refuse(&found)
}

/// A bar, shown on terminals only.
fn bar(length: usize, doing: &str, unit: &str) -> ProgressBar {
    let template = format!("{doing} {{wide_bar}} {{pos}}/{{len}} {unit}, {{eta}} left");
    ProgressBar::new(length as u64).with_style(
        ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar()),
    )
}

/// Refuses if anything was found, by the first of it.
fn refuse(found: &[impl ToString]) -> Result<(), Refusal> {
    let [first, others @ ..] = found else {
        return Ok(());
    };
    let more = match others.len() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Err(Refusal::Contradicted(first.to_string() + &more))
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
    fn evidence(&mut self, evidence: &Evidence, rounds: &[OpenedRound<'_>]) -> Result<(), Refusal> {
        let named = |round: &&OpenedRound<'_>, tiles: bool| {
            evidence.contradictions.iter().any(|place| {
                let (number, tile) = place.round_and_tile();
                number == round.round && tile.is_some() == tiles
            })
        };
        for round in rounds.iter().filter(|round| named(round, true)) {
            refuse(&round.check_tiles(&self.workload))?;
        }
        for round in rounds.iter().filter(|round| named(round, false)) {
            self.whole(round)?;
        }
        Ok(())
    }

    /// Computes everything again: first what is quick.
    fn everything(&mut self, rounds: &[OpenedRound<'_>]) -> Result<(), Refusal> {
        for round in rounds {
            refuse(&round.check_tiles(&self.workload))?;
        }
        let bar = bar(rounds.len(), "computing", "rounds");
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
        refuse(&found)
    }
}
