// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The command line.

mod audit;
mod chain;
mod keys;

pub use audit::AuditArgs;
pub use chain::{ChainArgs, HotkeyArgs, NodeArgs, ServerArgs};
pub use keys::{ImportKeyArgs, KeyArgs, KeysCommand, NewKeyArgs, OwnerArgs, ShowKeyArgs};

use std::{ffi::OsString, fs::File, path::PathBuf, process::ExitCode};

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use proof_of_gpu_primitives::{Hash, Workload};

use crate::config;
use crate::devices::{DeviceChoice, KernelChoice};
use crate::environment::{self, Variables};
use crate::exit::{Exit, Failure, OrExit};
use crate::keystore::{password::read_text, phrase};
use crate::miner::memory::USUAL_SHARE;
use crate::output;
use crate::redaction;
use crate::walks::WalkSize;
use ni_client::amount::Amount;

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
    /// Settings to start from: a TOML file, as `ni-worker config init` writes it.
    /// Flags and variables of the environment go before it.
    #[arg(long, env = "NI_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The subcommand.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 a check said no (a bundle, or what `bench` measured); \
    2 wrong command line; 3 no such device, no driver, or the device or its self-test failed; \
    4 node unreachable or another chain; 5 a file cannot be read or written, \
    or an address not listened at; \
    6 account missing, unregistered or empty; \
    7 a key cannot be opened (wrong password, or no keystore); 70 a fault of the worker itself; \
    130 stopped by a signal before it was done (`mine` and `audit` end with 0 once they \
    follow the chain).";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the adapters and the kernels each can run.
    Devices(DevicesArgs),
    /// Measure how many operations a second a device proves, by each kernel that
    /// it can run, and with --url what tier of a chain that is. First every stage
    /// is compared with its CPU twin; last one round is opened and verified.
    Bench(BenchArgs),
    /// Prove rounds of a challenge, without a chain, into a bundle.
    Prove(ProveArgs),
    /// Check a bundle: exit code 0, or 1 and the check that failed.
    Verify(VerifyArgs),
    /// See that everything is in place to mine, in order, and what to do where
    /// it is not: settings, Vulkan, devices, keys, node, chain, hotkey, owner,
    /// bonds. Sends nothing. The exit code is that of the first that fails.
    Check(CheckArgs),
    /// Register a hotkey with GPU slots, renew its lease or restore its bonds.
    /// The owner signs and pays; the hotkey's key is not needed, only its
    /// address, so this runs on any machine.
    Register(RegisterArgs),
    /// Have what a hotkey's GPUs have earned paid to its owner. Whoever signs
    /// pays the fee. `mine` claims by itself; this is for one without the
    /// owner's key.
    Claim(ClaimArgs),
    /// Write a settings file.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print completions for a shell.
    Completions(CompletionsArgs),
    /// Print the manual page, or write those of all commands.
    Man(ManArgs),
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
    /// How long to measure each kernel, after its self-test.
    #[arg(long, default_value_t = 10, value_name = "S",
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub seconds: u64,
    /// Shape of a round's product [default: 16384x16384x4096 on a GPU,
    /// 512x512x512 on a CPU].
    #[arg(long, value_name = "MxNxK")]
    pub workload: Option<Workload>,
    /// Which kernel multiplies; `auto` measures each that the device can run.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
    /// A node whose chain says what tier the throughput reaches; repeat it for nodes
    /// to fall back to [default: none, and no tier].
    #[arg(long, env = "NI_URL", value_delimiter = ',', value_name = "URL",
          value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub url: Vec<String>,
    /// Print one JSON object:
    /// {"device","kernel","workload","rounds","seconds","mops",...}.
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
    /// Walk through so many GiB of the device's memory first, as version 2 of the
    /// protocol does, and bind the rounds to it. Six numbers instead of one,
    /// PAGES,PAGE_BITS,ROUNDS,LANES,HOPS,PASSES, give every parameter.
    #[arg(long, value_name = "GIB")]
    pub walk: Option<WalkSize>,
    /// What the samples are drawn from, 32 bytes in hexadecimal. Without it
    /// the bundle has no openings, and `verify` says that it shows nothing.
    #[arg(long, value_name = "HEX", value_parser = parse_hash, requires = "samples")]
    pub sampling_beacon: Option<Hash>,
    /// How many samples to open; of the walk as many lanes.
    #[arg(long, value_name = "Q", requires = "sampling_beacon",
          value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub samples: Option<u32>,
    /// Number of the adapter from `ni-worker devices`, or `cpu`.
    #[arg(long, default_value = "0", value_name = "N|cpu")]
    pub device: DeviceChoice,
    /// Which kernel multiplies. The fastest is remembered in the cache folder, or in the
    /// file that NI_KERNEL_MEMORY names; NI_KERNEL_MEMORY=off times them at every start.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
    /// Where to write the bundle. A bundle that is there is replaced, any other file
    /// only with --force.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Replace the file of --out whatever it is.
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The bundle, in JSON.
    pub file: PathBuf,
    /// Compute all that was opened again: every sub-tile of the opened tiles, and
    /// then every opened round, whole; of a memory walk every lane of the opened
    /// groups, but not the batches' other lanes. Evidence that comes with a bundle
    /// is computed again in any case.
    #[arg(long)]
    pub full: bool,
    /// What computes whole rounds: a number from `ni-worker devices`, or `cpu`.
    #[arg(long, default_value = "cpu", value_name = "N|cpu")]
    pub device: DeviceChoice,
    /// Which kernel multiplies.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
    /// Print one JSON object, also where the bundle is refused:
    /// {"file","accepted","refused","workload","rounds","openings","walk"}.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `mine`.
#[derive(Debug, Args)]
pub struct MineArgs {
    /// How to reach the chain.
    #[command(flatten)]
    pub chain: ChainArgs,
    /// Who signs the proofs.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Who pays for the registration and is paid.
    #[command(flatten)]
    pub owner: OwnerArgs,
    /// Register the hotkey first if it is not registered; while mining, renew its
    /// lease before it ends and restore bonds that were slashed for a missed reveal.
    /// The owner pays, whose key is needed.
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
    /// How many GiB of each device's memory to walk through at most, where the chain
    /// asks for it [default: four fifths of a GPU's, half of what the host has left].
    #[arg(long, value_name = "GIB", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub walk_gib: Option<u32>,
    /// The share of the time to work that the memory walk takes, in percent: the rest
    /// is for the product.
    #[arg(long, default_value_t = USUAL_SHARE, value_name = "PERCENT",
          value_parser = clap::value_parser!(u8).range(1..=90))]
    pub walk_share: u8,
    /// File that keeps commits until they are revealed [default: one per chain
    /// and hotkey in the user's data folder].
    #[arg(long, value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Where it shows how it is.
    #[command(flatten)]
    pub server: ServerArgs,
    /// Stop after committing in this many windows; 0 never stops.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub windows: u32,
    /// Which kernel multiplies. The fastest is remembered in the cache folder, or in the
    /// file that NI_KERNEL_MEMORY names; NI_KERNEL_MEMORY=off times them at every start.
    #[arg(long, value_enum, default_value_t)]
    pub kernel: KernelChoice,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The nodes to ask.
    #[command(flatten)]
    pub node: NodeArgs,
    /// Who signs the proofs.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Who pays for the registration and is paid.
    #[command(flatten)]
    pub owner: OwnerArgs,
    /// Device to prove with, as for `mine`.
    #[arg(long, value_name = "N|cpu")]
    pub device: Vec<DeviceChoice>,
    /// The hotkey is to be registered by `mine --register`.
    #[arg(long)]
    pub register: bool,
    /// GPU slots to register, as for `mine`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub slots: Option<u32>,
    /// Print JSON: a list of {"check","outcome","text","exit"}.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `register`.
#[derive(Debug, Args)]
pub struct RegisterArgs {
    /// For which hotkey, and who signs and pays.
    #[command(flatten)]
    pub account: HotkeyArgs,
    /// GPU slots to register, one for each GPU that is to prove.
    #[arg(long, default_value_t = 1, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..))]
    pub slots: u32,
    /// The highest fee to pay, bonds not counted [default: twice what it costs
    /// at the time].
    #[arg(long, value_name = "NI")]
    pub max_price: Option<Amount>,
    /// Register a validator, which has one slot and no bond.
    #[arg(long, conflicts_with = "slots")]
    pub validator: bool,
    /// Extend the lease of a registered hotkey by another term.
    #[arg(long)]
    pub renew: bool,
    /// Restore bonds that were slashed, so that their GPUs can prove again.
    #[arg(long, conflicts_with = "renew")]
    pub top_up: bool,
}

/// Arguments of `claim`.
#[derive(Debug, Args)]
pub struct ClaimArgs {
    /// For which hotkey, and who signs and pays.
    #[command(flatten)]
    pub account: HotkeyArgs,
}

/// The commands of `config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write an example that names every setting with its default, all of them
    /// switched off.
    Init(ConfigInitArgs),
}

/// Arguments of `config init`.
#[derive(Debug, Args)]
pub struct ConfigInitArgs {
    /// The file to write; it must not exist [default: standard output].
    pub file: Option<PathBuf>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: clap_complete::Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write a page for each command into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// How to reach the chain.
    #[command(flatten)]
    pub chain: ChainArgs,
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
    /// Show what became of the last windows too, and why, from what the worker
    /// that mines with this hotkey has written down on this machine.
    #[arg(long)]
    pub history: bool,
    /// That worker's store [default: the one that `mine` has by default].
    #[arg(long, value_name = "PATH")]
    pub store: Option<PathBuf>,
    /// Write the history as a web page that needs nothing else. Such a page that is there
    /// is replaced, any other file only with --force.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Replace the file of --html whatever it is.
    #[arg(long, requires = "html")]
    pub force: bool,
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
    if let Some(exposed) = phrase::exposed(text.iter().map(AsRef::as_ref)) {
        output::note(format_args!("ni-worker: {exposed}"));
        return Err(Exit::Usage.into());
    }
    // What is wrong is told by the second reading.
    let bare = environment::without_variables(Cli::command());
    let first = bare.clone().ignore_errors(true);
    let first = first.try_get_matches_from(&arguments).ok();
    let variables = Variables::new(Cli::command(), first.as_ref(), &environment::variable);
    let (command, config) = match configured(bare, first.as_ref()) {
        Ok(configured) => configured,
        Err(failure) => {
            output::note(format_args!("ni-worker: {failure}"));
            return Err(failure.exit().into());
        }
    };
    let parsed = variables
        .added(command)
        .try_get_matches_from(&arguments)
        .inspect(|matches| redaction::hide(nodes(matches)))
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map_err(|error| {
        if error.exit_code() == 0 {
            return help(error, &arguments);
        }
        // Standard error may be closed; there is nobody to tell then.
        let _ = error.print();
        let path = first.as_ref().map(subcommands).unwrap_or_default();
        let named = variables.in_force(&path);
        if !named.is_empty() {
            let named = named.join(", ");
            output::note(format_args!("(the environment sets {named})"));
        }
        if let Some(config) = config {
            let config = config.display();
            output::note(format_args!("(settings of {config} are in force too)"));
        }
        Exit::Usage.into()
    })
}

/// Prints the help or the version, with the variables as they are declared.
fn help(error: clap::Error, arguments: &[OsString]) -> ExitCode {
    let error = Cli::command()
        .try_get_matches_from(arguments)
        .err()
        .filter(|declared| declared.kind() == error.kind())
        .unwrap_or(error);
    match error.print() {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            output::note(format_args!("ni-worker: cannot write the help: {cause}"));
            Exit::File.into()
        }
        _ => ExitCode::SUCCESS,
    }
}

/// The names of the commands that a command line goes down to.
fn subcommands(matches: &ArgMatches) -> Vec<&str> {
    let mut names = Vec::new();
    let mut level = matches;
    while let Some((name, below)) = level.subcommand() {
        names.push(name);
        level = below;
    }
    names
}

/// The addresses of nodes that the command is to use.
fn nodes(matches: &ArgMatches) -> impl Iterator<Item = &str> {
    let mut level = matches;
    while let Some((_, below)) = level.subcommand() {
        level = below;
    }
    let nodes = level.try_get_many::<String>("url").ok().flatten();
    nodes.into_iter().flatten().map(String::as_str)
}

/// The command line with the settings of the file that it names, if any.
fn configured(
    bare: clap::Command,
    first: Option<&ArgMatches>,
) -> Result<(clap::Command, Option<PathBuf>), Failure> {
    let named = first
        .and_then(|matches| matches.get_one::<PathBuf>("config").cloned())
        .or_else(|| environment::variable("NI_CONFIG").map(PathBuf::from));
    // Help needs no settings, and is not kept by them.
    let Some(path) = named.filter(|_| first.is_some()) else {
        return Ok((bare, None));
    };
    let name = path.display().to_string();
    let text = File::open(&path)
        .and_then(|file| read_text(file, config::LARGEST))
        .or_exit(
            Exit::File,
            format!("cannot read the settings {name} (`ni-worker config init` writes some)"),
        )?;
    let command = config::with_settings(bare, &text)
        .or_exit(Exit::Usage, format!("cannot take the settings of {name}"))?;
    Ok((command, Some(path)))
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
