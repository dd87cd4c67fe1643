// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The command line.

use crate::chain_spec;
use sc_cli::SubstrateCli;

/// What the node is asked to do.
#[derive(Debug, clap::Parser)]
pub(crate) struct Cli {
    /// Something other than running the node.
    #[command(subcommand)]
    pub(crate) subcommand: Option<Subcommand>,

    /// How to run the node.
    #[command(flatten)]
    pub(crate) run: sc_cli::RunCmd,
}

/// Everything the node does besides running.
#[derive(Debug, clap::Subcommand)]
#[cfg_attr(
    feature = "benchmark",
    expect(
        clippy::large_enum_variant,
        reason = "one value of it exists, and not for long"
    )
)]
pub(crate) enum Subcommand {
    /// Generate, inspect and insert keys.
    #[command(subcommand)]
    Key(sc_cli::KeySubcommand),

    /// Write a chain's specification, plain or with its raw genesis state.
    ExportChainSpec(sc_cli::ExportChainSpecCmd),

    /// Execute a stored block again.
    CheckBlock(sc_cli::CheckBlockCmd),

    /// Write blocks to a file.
    ExportBlocks(sc_cli::ExportBlocksCmd),

    /// Write a block's state as a chain specification.
    ExportState(sc_cli::ExportStateCmd),

    /// Read blocks from a file.
    ImportBlocks(sc_cli::ImportBlocksCmd),

    /// Remove a chain's database.
    PurgeChain(sc_cli::PurgeChainCmd),

    /// Take back the latest blocks that are not final.
    Revert(sc_cli::RevertCmd),

    /// Print what the database holds of the chain.
    ChainInfo(sc_cli::ChainInfoCmd),

    /// Measure what pallets, blocks and this machine cost.
    #[cfg(feature = "benchmark")]
    #[command(subcommand)]
    Benchmark(frame_benchmarking_cli::BenchmarkCmd),

    /// Measure what pallets, blocks and this machine cost (built with
    /// `--features benchmark` only).
    #[cfg(not(feature = "benchmark"))]
    Benchmark(NotBuilt),
}

/// Arguments of a subcommand that this binary was built without.
#[cfg(not(feature = "benchmark"))]
#[derive(Debug, clap::Args)]
pub(crate) struct NotBuilt {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<std::ffi::OsString>,
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "NI node".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
    }

    fn copyright_start_year() -> i32 {
        2025
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        Ok(match id {
            "dev" => Box::new(chain_spec::development()?),
            "local" => Box::new(chain_spec::local_testnet()?),
            "" => return Err("name a chain: --dev, --chain local or --chain <file>".into()),
            path => Box::new(chain_spec::ChainSpec::from_json_file(path.into())?),
        })
    }
}
