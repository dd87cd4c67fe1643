// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The validators' processes, and the links between them.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, bail, ensure};
use ni_client::Chain;
use serde_json::Value;
use subxt::rpcs::rpc_params;
use tempfile::TempDir;
use test_network::{Binary, Process, answering, free_ports, locate};

use crate::{
    link::{Link, State},
    spec::{self, AUTHORITIES, VALIDATORS},
};

/// One validator.
#[derive(Debug)]
pub struct Validator {
    /// `None` while it is stopped.
    process: Option<Process>,
    name: &'static str,
    base: PathBuf,
    url: String,
    arguments: Vec<String>,
}

impl Validator {
    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Where it keeps its database.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The WebSocket address of its RPC.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process, while it runs.
    pub fn process(&mut self) -> Option<&mut Process> {
        self.process.as_mut()
    }
}

/// Four validators that reach each other through [`Link`]s.
#[derive(Debug)]
pub struct Network {
    // Dropped before the folder, the processes first.
    validators: Vec<Validator>,
    /// By who calls and who is called.
    links: Vec<Vec<Option<Link>>>,
    binary: PathBuf,
    folder: TempDir,
    /// A slot's length, in ms.
    slot_ms: u64,
}

impl Network {
    /// Makes a chain with slots of this length, and starts its validators.
    ///
    /// # Errors
    /// Where a node does not start.
    pub async fn start(slot_ms: u64) -> anyhow::Result<Self> {
        let binary = locate(Binary::Node)?;
        let folder = tempfile::Builder::new()
            .prefix("ni-network-faults-")
            .tempdir()?;
        let chain = spec::write(folder.path(), slot_ms)?;
        let peers: [u16; VALIDATORS] = free_ports()?;
        let rpcs: [u16; VALIDATORS] = free_ports()?;
        let mut identities = Vec::with_capacity(VALIDATORS);
        for authority in AUTHORITIES {
            let file = folder.path().join(format!("{}.key", authority.name));
            identities.push((identity(&binary, &file)?, file));
        }
        let mut links = Vec::with_capacity(VALIDATORS);
        for from in 0..VALIDATORS {
            let mut row = Vec::with_capacity(VALIDATORS);
            for (to, port) in peers.iter().enumerate() {
                row.push(if from == to {
                    None
                } else {
                    Some(Link::open(Some(peers[from]), *port).await?)
                });
            }
            links.push(row);
        }
        let mut validators = Vec::with_capacity(VALIDATORS);
        for (index, authority) in AUTHORITIES.iter().enumerate() {
            let base = folder.path().join(authority.name);
            let mut arguments = vec![
                format!("--chain={}", chain.display()),
                format!("--{}", authority.name),
                format!("--base-path={}", base.display()),
                format!("--rpc-port={}", rpcs[index]),
                format!("--listen-addr=/ip4/127.0.0.1/tcp/{}", peers[index]),
                format!("--node-key-file={}", identities[index].1.display()),
                "--allow-private-ip".to_owned(),
                "--no-mdns".to_owned(),
                "--no-prometheus".to_owned(),
                "--no-telemetry".to_owned(),
                "--reserved-only".to_owned(),
                // Every block's state, for the books to be compared with.
                "--state-pruning=archive".to_owned(),
                "--blocks-pruning=archive".to_owned(),
            ];
            for (to, link) in links[index].iter().enumerate() {
                let Some(link) = link else { continue };
                let (port, peer) = (link.port(), &identities[to].0);
                arguments.push(format!(
                    "--reserved-nodes=/ip4/127.0.0.1/tcp/{port}/p2p/{peer}"
                ));
            }
            validators.push(Validator {
                process: None,
                name: authority.name,
                base,
                url: format!("ws://127.0.0.1:{}", rpcs[index]),
                arguments,
            });
        }
        let mut network = Self {
            validators,
            links,
            binary,
            folder,
            slot_ms,
        };
        for index in 0..VALIDATORS {
            network.launch(index, &[])?;
        }
        for index in 0..VALIDATORS {
            network.answers(index).await?;
        }
        Ok(network)
    }

    /// A slot's length.
    pub fn slot(&self) -> Duration {
        Duration::from_millis(self.slot_ms)
    }

    /// The folder with everything.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A validator.
    pub fn validator(&mut self, index: usize) -> &mut Validator {
        &mut self.validators[index]
    }

    /// The address of a validator's RPC.
    pub fn url(&self, index: usize) -> &str {
        &self.validators[index].url
    }

    /// Leaves the folder behind when the network ends. Returns where it is.
    pub fn keep(&mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.folder.path().to_owned()
    }

    /// Kills a validator at once.
    ///
    /// # Errors
    /// Where the system refuses.
    pub async fn kill(&mut self, index: usize) -> anyhow::Result<()> {
        if let Some(mut process) = self.validators[index].process.take() {
            process.kill().await?;
        }
        Ok(())
    }

    /// Starts a validator that is stopped, with what it has on disk, and waits until
    /// it answers. `environment` is of the form `NAME=value`.
    ///
    /// # Errors
    /// Where it does not start.
    pub async fn restart(&mut self, index: usize, environment: &[String]) -> anyhow::Result<Chain> {
        self.launch(index, environment)?;
        self.answers(index).await
    }

    fn launch(&mut self, index: usize, environment: &[String]) -> anyhow::Result<()> {
        let validator = &mut self.validators[index];
        ensure!(validator.process.is_none(), "{} is running", validator.name);
        // `env` turns into the node: its process is the node's.
        let mut arguments: Vec<OsString> = environment.iter().map(OsString::from).collect();
        arguments.push(self.binary.clone().into());
        arguments.extend(validator.arguments.iter().map(OsString::from));
        validator.process = Some(Process::start(
            validator.name,
            Path::new("/usr/bin/env"),
            arguments,
            self.folder.path(),
            false,
        )?);
        Ok(())
    }

    async fn answers(&mut self, index: usize) -> anyhow::Result<Chain> {
        let Validator {
            process, url, name, ..
        } = &mut self.validators[index];
        let Some(process) = process else {
            bail!("{name} is stopped");
        };
        answering(process, url)
            .await
            .with_context(|| format!("{name} does not start"))
    }

    /// Sets every link between a validator of one side and one of the other, both ways.
    pub fn between(&self, one: &[usize], other: &[usize], state: State) {
        for (from, row) in self.links.iter().enumerate() {
            for (to, link) in row.iter().enumerate() {
                let crosses = (one.contains(&from) && other.contains(&to))
                    || (other.contains(&from) && one.contains(&to));
                if let (true, Some(link)) = (crosses, link) {
                    link.set(state);
                }
            }
        }
    }

    /// A validator's log, over all its starts.
    pub fn log(&self, index: usize) -> String {
        let file = self
            .folder
            .path()
            .join(format!("{}.log", self.validators[index].name));
        std::fs::read_to_string(file).unwrap_or_default()
    }
}

/// Everyone but these.
pub fn others(these: &[usize]) -> Vec<usize> {
    (0..VALIDATORS)
        .filter(|index| !these.contains(index))
        .collect()
}

/// How many peers a node has.
///
/// # Errors
/// Where it does not answer.
pub async fn peers(chain: &Chain) -> anyhow::Result<u64> {
    let health: Value = chain
        .rpc()
        .request("system_health", rpc_params![])
        .await
        .context("the node does not tell its health")?;
    health["peers"]
        .as_u64()
        .context("the node does not tell its peers")
}

/// Makes a node's identity in this file, and returns it as others name it.
fn identity(node: &Path, file: &Path) -> anyhow::Result<String> {
    let output = Command::new(node)
        .args(["key", "generate-node-key", "--chain=dev", "--file"])
        .arg(file)
        .output()?;
    let told = String::from_utf8(output.stderr)?;
    let peer = told.split_whitespace().next_back().unwrap_or_default();
    ensure!(
        output.status.success() && peer.starts_with("12D3"),
        "the node makes no identity: {told}"
    );
    Ok(peer.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_are_all_but_those_named() {
        assert_eq!(others(&[3]), [0, 1, 2]);
        assert_eq!(others(&[0, 1]), [2, 3]);
    }
}
