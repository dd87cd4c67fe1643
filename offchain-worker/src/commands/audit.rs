// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker audit`.

use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use ni_shaders::adapters;
use serde_json::Value;

use crate::{
    audit::{self, Settings, calibration, export, lease::Watched},
    cli::AuditArgs,
    devices::{Card, Device, DeviceChoice, every_gpu},
    exit::{Exit, Failure, OrExit},
    keystore::{self, password::PasswordSource},
    output,
    telemetry::server,
};
use ni_client::{Chain, amount::Amount, keys, types::Role};

/// Runs the command.
///
/// # Errors
/// A key that is none, a device that cannot prove, and those of [`audit::run`].
pub async fn run(args: AuditArgs) -> Result<(), Failure> {
    if args.calibrations {
        return calibrations(&args).await;
    }
    let signer = match (args.owner.open(args.dev)?, &args.key) {
        (Some(owner), _) => Some(owner),
        (None, Some(key)) => {
            let password = PasswordSource::of_key(args.password_file);
            Some(keystore::signer(key, args.dev, &password)?)
        }
        (None, None) => None,
    };
    let lease = match &args.key {
        Some(key) => Some(Watched {
            hotkey: keystore::account(key, args.dev)?,
            renewal: signer
                .clone()
                .filter(|_| args.renew)
                .map(|payer| (payer, args.max_price.map(|Amount(price)| price))),
        }),
        None => None,
    };
    let (choice, kernel) = (args.device.first().copied(), args.kernel);
    // Opening a device compiles its shaders and tests them: not beside the asynchronous
    // tasks.
    let device = tokio::task::spawn_blocking(move || {
        Device::open(choice.unwrap_or_else(usual_device), kernel)
    })
    .await
    .or_exit(Exit::Internal, "cannot open the device")??;
    let settings = Settings {
        urls: args.node.url,
        signer,
        lease,
        store: args.store,
        evidence: args.evidence,
        kept_evidence: args.keep_evidence,
        rounds: args.rounds.into(),
        share: args.share,
        report: !args.no_reports,
        calibrate_every: args.calibrate_every,
        calibrate_seconds: args.calibrate_seconds,
        export: args.export,
        alert: args.alert_command,
        from: args.from,
        windows: args.windows,
        health: Arc::default(),
    };
    if let Some(address) = args.server.metrics {
        server::install(address, Arc::clone(&settings.health)).await?;
        audit::meters::start();
    }
    let summary = audit::run(settings, device).await?;
    tracing::info!(
        windows = summary.windows,
        honest = summary.honest,
        alarming = summary.alarming,
        missed = summary.missed,
        "audited"
    );
    Ok(())
}

/// The first GPU, or the CPU where there is none: a driver in software is no faster.
fn usual_device() -> DeviceChoice {
    let adapters = adapters().unwrap_or_default();
    let cards: Vec<_> = adapters.iter().map(Card::of).collect();
    let first = every_gpu(&cards).into_iter().next();
    first.map_or(DeviceChoice::Cpu, DeviceChoice::Index)
}

/// Lists what was published lately.
async fn calibrations(args: &AuditArgs) -> Result<(), Failure> {
    let cannot = "cannot read calibrations";
    let chain = Chain::connect_to_any(&args.node.url)
        .await
        .or_exit(Exit::Node, cannot)?;
    let bar = ProgressBar::new(args.blocks.into()).with_style(
        ProgressStyle::with_template("reading {wide_bar} {pos}/{len} blocks, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let found =
        calibration::recent(&chain, args.blocks, &|read| bar.set_position(read.into())).await;
    bar.finish_and_clear();
    let found = found.or_exit(
        Exit::Node,
        "cannot read calibrations; a node without an archive has few blocks' state: ask for \
         fewer with --blocks",
    )?;
    if args.json {
        let lines: Vec<_> = found.iter().map(export::calibration).collect();
        output::line(Value::from(lines));
        return Ok(());
    }
    if found.is_empty() {
        output::line(format_args!(
            "no calibration in the last {} blocks",
            args.blocks
        ));
        return Ok(());
    }
    let mut table = output::table([
        "block",
        "signed by",
        "as",
        "device",
        "driver",
        "kernel",
        "workload",
        "rounds",
        "ms",
        "MOPS",
    ]);
    for one in &found {
        let calibration = &one.calibration;
        table.add_row([
            one.block.to_string(),
            keys::address(&one.signer),
            match one.role {
                Some(Role::Validator) => "validator",
                Some(Role::Miner) => "miner",
                None => "not registered",
            }
            .to_owned(),
            calibration.device.to_string(),
            calibration.driver.to_string(),
            calibration.kernel.to_string(),
            calibration.workload.to_string(),
            calibration.rounds.to_string(),
            calibration.ms.to_string(),
            calibration.mops.to_string(),
        ]);
    }
    output::line(table);
    output::line("What the signers say of their own devices: the chain has verified none of it.");
    Ok(())
}
