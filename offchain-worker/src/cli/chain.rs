// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Arguments that several commands share: how to reach the chain, and for whom.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, builder::NonEmptyStringValueParser};

use super::OwnerArgs;
use ni_client::light_address;

/// The nodes to ask.
#[derive(Debug, Args)]
pub struct NodeArgs {
    /// WebSocket address of a node; repeat it for nodes to fall back to.
    #[arg(
        long,
        env = "NI_URL",
        value_delimiter = ',',
        value_parser = NonEmptyStringValueParser::new(),
        default_value = "ws://127.0.0.1:9944",
        value_name = "URL"
    )]
    pub url: Vec<String>,
}

/// How to reach the chain: by nodes, or by a light client.
#[derive(Debug, Args)]
pub struct ChainArgs {
    /// The nodes to ask.
    #[command(flatten)]
    pub node: NodeArgs,
    /// Follow the chain with a light client in this process, in place of --url:
    /// a chain specification that names boot nodes, as `ni-node
    /// export-chain-spec --raw` writes it.
    #[arg(long, env = "NI_LIGHT", value_name = "FILE")]
    pub light: Option<PathBuf>,
}

impl ChainArgs {
    /// The addresses to connect to, in the order in which they are tried.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        match &self.light {
            Some(specification) => vec![light_address(specification)],
            None => self.node.url.clone(),
        }
    }
}

/// Where a command that goes on shows how it is.
#[derive(Debug, Args)]
pub struct ServerArgs {
    /// Serve Prometheus metrics at /metrics and health at /healthz, for example
    /// at 127.0.0.1:9617 [default: not at all].
    #[arg(long, env = "NI_METRICS", value_name = "ADDR")]
    pub metrics: Option<SocketAddr>,
}

/// What `register` and `claim` act for, and who signs.
#[derive(Debug, Args)]
pub struct HotkeyArgs {
    /// The nodes to ask.
    #[command(flatten)]
    pub node: NodeArgs,
    /// The hotkey: its address (SS58), or its key's file.
    #[arg(long, value_name = "SS58|FILE")]
    pub hotkey: String,
    /// Who signs and pays the fee. `register` takes the bonds from it and makes it
    /// the hotkey's owner, to whom all pay goes.
    #[command(flatten)]
    pub owner: OwnerArgs,
    /// Take development keys such as //Alice: for test chains only.
    #[arg(long)]
    pub dev: bool,
}
