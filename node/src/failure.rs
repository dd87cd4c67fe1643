// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the node says when it cannot go on: what is wrong, and what to do next.

use crate::cli::Cli;
use sc_cli::{Error, SubstrateCli};
use sc_client_api::blockchain;
use std::{error::Error as _, path::Path};

/// The error in words, and the next step.
pub(crate) fn told(cli: &Cli, error: &Error) -> String {
    if let Error::NetworkKeyNotFound(path) = error {
        return no_network_key(cli, path);
    }
    let mut text = match error {
        // Their own words stand for themselves, without the name of the sort.
        Error::Input(text) | Error::Service(sc_service::Error::Other(text)) => text.clone(),
        Error::Service(sc_service::Error::Application(inner)) => inner.to_string(),
        _ => error.to_string(),
    };
    // An error that shows its cause itself is not told twice.
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    match next_step(error) {
        Some(step) => format!("{}\n{step}", text.trim_end()),
        None => text,
    }
}

/// What to do about an error that does not say it itself.
fn next_step(error: &Error) -> Option<&'static str> {
    match error {
        Error::KeyAlreadyExistsInPath(_) => {
            Some("It was left as it is. Start the node: it uses that key.")
        }
        Error::Service(sc_service::Error::Client(blockchain::Error::Backend(_)))
        | Error::Client(blockchain::Error::Backend(_)) => Some(
            "Perhaps another node has this folder open, its disk is full, or it is not this \
             user's. `--base-path` names another folder.",
        ),
        Error::InvalidUri(_) | Error::KeyFormatInvalid | Error::KeyTypeInvalid => {
            Some("`ni-node key --help` has the formats of keys.")
        }
        Error::InvalidListenMultiaddress => {
            Some("An address to listen on is such as /ip4/0.0.0.0/tcp/30333.")
        }
        _ => None,
    }
}

/// How a validator gets the key by which other nodes know it.
fn no_network_key(cli: &Cli, path: &Path) -> String {
    let node = Cli::executable_name();
    let network = &cli.run.network_params.node_key_params;
    let shared = &cli.run.shared_params;
    let chain = shared
        .chain
        .as_deref()
        .map(|chain| format!(" --chain {chain}"))
        .unwrap_or_default();
    let place = if let Some(file) = &network.node_key_file {
        format!("--file {}", file.display())
    } else if let Some(base) = &shared.base_path {
        format!("--base-path {}{chain}", base.display())
    } else {
        format!("--default-base-path{chain}")
    };
    format!(
        "a validator needs a network key that stays the same, so that other nodes find it. There \
         is none in {}.\nMake one once, then start the node again:\n  {node} key \
         generate-node-key {place}",
        path.display()
    )
}
