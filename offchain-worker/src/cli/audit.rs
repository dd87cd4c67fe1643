// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Arguments of `audit`.

use std::path::PathBuf;

use clap::Args;

use super::{NodeArgs, OwnerArgs, ServerArgs};
use crate::devices::{DeviceChoice, KernelChoice};
use ni_client::amount::Amount;

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// The nodes to ask.
    #[command(flatten)]
    pub node: NodeArgs,
    /// The validator's hotkey: a key's file, from `ni-worker keys new`, or with
    /// --dev a development key such as //Alice. Without a key nothing is sent to
    /// the chain.
    #[arg(
        long,
        env = "NI_KEY",
        hide_env_values = true,
        value_name = "FILE|//NAME"
    )]
    pub key: Option<String>,
    /// File whose first line is the password of --key [default: the variable
    /// NI_PASSWORD, else a prompt].
    #[arg(long, env = "NI_PASSWORD_FILE", value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Take development keys. Anybody can derive them: for test chains only.
    #[arg(long)]
    pub dev: bool,
    /// Who signs and pays for reports and calibrations instead of the hotkey.
    #[command(flatten)]
    pub owner: OwnerArgs,
    /// Renew the lease of --key, a validator's, before it ends. --owner pays, or
    /// the hotkey where it registered itself. Without, the log says in time what
    /// to do.
    #[arg(long, requires = "key")]
    pub renew: bool,
    /// The highest fee to renew it for [default: twice what it costs at the time].
    #[arg(long, value_name = "NI", requires = "renew")]
    pub max_price: Option<Amount>,
    /// What computes rounds again: a number from `ni-worker devices`, or `cpu`
    /// [default: the first GPU, or `cpu` where there is none]. Of several, as
    /// a settings file may have them for `mine`, the first.
    #[arg(long, value_name = "N|cpu")]
    pub device: Vec<DeviceChoice>,
    /// Which kernel multiplies.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
    /// Opened rounds of each reveal to compute again, whole, at most; drawn from
    /// the system's randomness. Opened tiles are all computed again.
    #[arg(long, default_value_t = 4, value_name = "N")]
    pub rounds: u16,
    /// The share of the time that the device works, in percent.
    #[arg(long, default_value_t = 50, value_name = "PERCENT",
          value_parser = clap::value_parser!(u8).range(1..=100))]
    pub share: u8,
    /// Do not report missed reveals.
    #[arg(long)]
    pub no_reports: bool,
    /// Measure the own device once in so many windows and publish the result; 0
    /// never does. Needs a key.
    #[arg(long, default_value_t = 24, value_name = "WINDOWS")]
    pub calibrate_every: u32,
    /// How long to measure it.
    #[arg(long, default_value_t = 10, value_name = "S",
          value_parser = clap::value_parser!(u32).range(1..=3_600))]
    pub calibrate_seconds: u32,
    /// Append what is seen to this file, as lines of JSON.
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
    /// Run this program with the path of each piece of evidence; no shell.
    #[arg(long, value_name = "PROGRAM")]
    pub alert_command: Option<PathBuf>,
    /// File that keeps what was found [default: one per chain and key in the
    /// user's data folder].
    #[arg(long, value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Folder for evidence [default: beside the store].
    #[arg(long, value_name = "PATH")]
    pub evidence: Option<PathBuf>,
    /// Files of evidence to keep; the oldest make room.
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    pub keep_evidence: usize,
    /// The block to begin at, where the store knows none [default: the opening of
    /// the window in progress].
    #[arg(long, value_name = "BLOCK")]
    pub from: Option<u64>,
    /// Where it shows how it is.
    #[command(flatten)]
    pub server: ServerArgs,
    /// Stop after so many windows, once all is judged; 0 never stops.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub windows: u32,
    /// List the calibrations that were published lately, and end.
    #[arg(long)]
    pub calibrations: bool,
    /// Finalized blocks to look through for calibrations.
    #[arg(long, default_value_t = 240, value_name = "N", requires = "calibrations",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub blocks: u32,
    /// Print calibrations as a list in JSON.
    #[arg(long, requires = "calibrations")]
    pub json: bool,
}
