// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The command line.

mod keys;

pub use keys::{ImportKeyArgs, KeyArgs, KeysCommand, NewKeyArgs, OwnerArgs, ShowKeyArgs};

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use proof_of_gpu_primitives::{Hash, Workload};

use crate::amount::Amount;
use crate::devices::{DeviceChoice, KernelChoice};
use crate::exit::Exit;
use crate::keystore::{EXPOSED, phrase};

/// Proves GPUs to an NI chain, and is paid for it.
///
/// Start with `ni-worker devices` to see which GPUs it finds, then
/// `ni-worker bench` to see what they are worth.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to log, for example `info` or `ni_worker=debug` (to standard error).
    #[arg(long, env = "NI_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// The subcommand.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 a check said no (a bundle or a self-test); \
    2 wrong command line; 3 no such device, no driver, or the device failed; \
    4 node unreachable or another chain; 5 a file cannot be read or written; \
    6 account missing, unregistered or empty; \
    7 a key cannot be opened (wrong password, or no keystore); 70 a fault of the worker itself.";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the adapters and the kernels each can run.
    Devices(DevicesArgs),
    /// Measure how many operations a second a device proves. First every stage
    /// is compared with its CPU twin; last one round is opened and verified.
    /// What tier the throughput earns is a matter of the chain: see `status`.
    Bench(BenchArgs),
    /// Prove rounds of a challenge, without a chain, into a bundle.
    Prove(ProveArgs),
    /// Check a bundle: exit code 0, or 1 and the check that failed.
    Verify(VerifyArgs),
    /// Make, import and show keys, in encrypted files.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Prove every window of a chain: commit, reveal, claim the pay.
    Mine(MineArgs),
    /// Check what the miners of a chain reveal, far beyond what the chain itself
    /// checks; report missed reveals; publish what the own device reaches.
    Audit(Box<AuditArgs>),
    /// Show a chain's window, supply, tiers and one's own GPUs.
    Status(StatusArgs),
}

/// Arguments of `devices`.
#[derive(Debug, Args)]
pub struct DevicesArgs {
    /// Print JSON: a list of adapters.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Number of the adapter from `ni-worker devices`, or `cpu`.
    #[arg(long, default_value = "0", value_name = "N|cpu")]
    pub device: DeviceChoice,
    /// How long to measure, after the self-test.
    #[arg(long, default_value_t = 10, value_name = "S",
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub seconds: u64,
    /// Shape of a round's product [default: 16384x16384x4096 on a GPU,
    /// 512x512x512 on a CPU].
    #[arg(long, value_name = "MxNxK")]
    pub workload: Option<Workload>,
    /// Which kernel multiplies.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
    /// Print one JSON object:
    /// {"device","kernel","workload","rounds","seconds","gops",...}.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `prove`.
#[derive(Debug, Args)]
pub struct ProveArgs {
    /// The challenge, 32 bytes in hexadecimal.
    #[arg(long, value_name = "HEX", value_parser = parse_hash)]
    pub challenge: Hash,
    /// Shape of a round's product.
    #[arg(long, value_name = "MxNxK")]
    pub workload: Workload,
    /// How many rounds to prove.
    #[arg(long, value_name = "R", value_parser = clap::value_parser!(u32).range(1..=i64::from(i32::MAX)))]
    pub rounds: u32,
    /// What the samples are drawn from, 32 bytes in hexadecimal. Without it
    /// the bundle has no openings, and `verify` says that it shows nothing.
    #[arg(long, value_name = "HEX", value_parser = parse_hash, requires = "samples")]
    pub sampling_beacon: Option<Hash>,
    /// How many samples to open.
    #[arg(long, value_name = "Q", requires = "sampling_beacon",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub samples: Option<u32>,
    /// Number of the adapter from `ni-worker devices`, or `cpu`.
    #[arg(long, default_value = "0", value_name = "N|cpu")]
    pub device: DeviceChoice,
    /// Which kernel multiplies.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
    /// Where to write the bundle.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The bundle, in JSON.
    pub file: PathBuf,
    /// Compute all that was opened again: every sub-tile of the opened tiles, and
    /// then every opened round, whole. Evidence that comes with a bundle is
    /// computed again in any case.
    #[arg(long)]
    pub full: bool,
    /// What computes whole rounds: a number from `ni-worker devices`, or `cpu`.
    #[arg(long, default_value = "cpu", value_name = "N|cpu")]
    pub device: DeviceChoice,
    /// Which kernel multiplies.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
}

/// Arguments of `mine`.
#[derive(Debug, Args)]
pub struct MineArgs {
    /// WebSocket address of a node; repeat it for nodes to fall back to.
    #[arg(
        long,
        env = "NI_URL",
        value_delimiter = ',',
        default_value = "ws://127.0.0.1:9944",
        value_name = "URL"
    )]
    pub url: Vec<String>,
    /// Who signs the proofs.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Who pays for the registration and is paid.
    #[command(flatten)]
    pub owner: OwnerArgs,
    /// Register the hotkey first if it is not registered, or renew its lease.
    #[arg(long)]
    pub register: bool,
    /// GPU slots to register [default: one a device].
    #[arg(long, value_name = "N", requires = "register",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub slots: Option<u32>,
    /// The highest fee to register for, bonds not counted [default: twice what
    /// it costs at the time].
    #[arg(long, value_name = "NI", requires = "register")]
    pub max_price: Option<Amount>,
    /// Device to prove with, in the order of the GPU slots; repeat it for
    /// several [default: every GPU, or every adapter where there is none].
    #[arg(long, value_name = "N|cpu")]
    pub device: Vec<DeviceChoice>,
    /// The share of the time that each device works, in percent.
    #[arg(long, default_value_t = 100, value_name = "PERCENT",
          value_parser = clap::value_parser!(u8).range(1..=100))]
    pub load: u8,
    /// File that keeps commits until they are revealed [default: one per chain
    /// and hotkey in the user's data folder].
    #[arg(long, value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Stop after committing in this many windows; 0 never stops.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub windows: u32,
    /// Which kernel multiplies.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
}

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// WebSocket address of a node; repeat it for nodes to fall back to.
    #[arg(
        long,
        env = "NI_URL",
        value_delimiter = ',',
        default_value = "ws://127.0.0.1:9944",
        value_name = "URL"
    )]
    pub url: Vec<String>,
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
    /// What computes rounds again: a number from `ni-worker devices`, or `cpu`
    /// [default: the first GPU, or `cpu` where there is none].
    #[arg(long, value_name = "N|cpu")]
    pub device: Option<DeviceChoice>,
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

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// WebSocket address of a node; repeat it for nodes to fall back to.
    #[arg(
        long,
        env = "NI_URL",
        value_delimiter = ',',
        default_value = "ws://127.0.0.1:9944",
        value_name = "URL"
    )]
    pub url: Vec<String>,
    /// Show the GPUs of this hotkey (SS58).
    #[arg(long, value_name = "SS58", conflicts_with = "key")]
    pub hotkey: Option<String>,
    /// Show the GPUs of this hotkey: a key's file, of which only the address
    /// is read, or with --dev a development key such as //Alice.
    #[arg(
        long,
        env = "NI_KEY",
        hide_env_values = true,
        value_name = "FILE|//NAME"
    )]
    pub key: Option<String>,
    /// Take development keys.
    #[arg(long)]
    pub dev: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Reads a command line, the program's name first. Prints the help that is
/// asked for, and what is wrong; a secret among the arguments is not repeated,
/// so it is looked for before anything else looks at them.
///
/// # Errors
/// The code to end with: 0 after help, 2 for a wrong command line.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, ExitCode> {
    let arguments: Vec<_> = arguments.into_iter().collect();
    let text: Vec<_> = arguments
        .iter()
        .skip(1)
        .map(|argument| argument.to_string_lossy())
        .collect();
    if phrase::exposed(text.iter().map(AsRef::as_ref)) {
        eprintln!("ni-worker: {EXPOSED}");
        return Err(Exit::Usage.into());
    }
    Cli::try_parse_from(&arguments).map_err(|error| {
        // Standard output or error may be closed; there is nobody to tell then.
        let _ = error.print();
        match error.exit_code() {
            0 => ExitCode::SUCCESS,
            _ => Exit::Usage.into(),
        }
    })
}

/// Reads 32 bytes of hexadecimal, with or without `0x`.
fn parse_hash(text: &str) -> Result<Hash, String> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let mut hash = Hash::default();
    hex::decode_to_slice(digits, &mut hash)
        .map(|()| hash)
        .map_err(|_| format!("expected 64 hexadecimal digits, not {}", digits.len()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn hashes_are_64_digits_with_or_without_prefix() {
        let digits = "ab".repeat(32);
        assert_eq!(parse_hash(&digits), Ok([0xab; 32]));
        assert_eq!(parse_hash(&format!("0x{digits}")), Ok([0xab; 32]));
        for wrong in [
            "",
            "0x",
            "0xab",
            &digits[1..],
            &format!("{digits}00"),
            &"zz".repeat(32),
        ] {
            assert!(parse_hash(wrong).is_err(), "{wrong} was taken");
        }
    }
}
