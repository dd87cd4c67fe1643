// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A development chain on one node.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use ni_client::Chain;
use tempfile::TempDir;

use crate::{Binary, Process, adapted, locate, patience, slowness};

/// Longest that a node may take until it answers.
const START: Duration = Duration::from_secs(90);

/// Time between two attempts to reach it.
const POLL: Duration = Duration::from_millis(200);

/// A node of a new development chain, in a temporary folder.
#[derive(Debug)]
pub struct Node {
    // Dropped before its folder.
    process: Process,
    binary: PathBuf,
    arguments: Vec<String>,
    url: String,
    folder: TempDir,
}

impl Node {
    /// Starts `ni-node --dev` on free ports and waits until it answers. Where the machine
    /// is slow the chain's slots are longer.
    ///
    /// # Errors
    /// Where the binary is not built, ends at once or does not answer in time.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(&["--dev"]).await
    }

    /// The same with these arguments in place of `--dev`.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn start_with(arguments: &[&str]) -> anyhow::Result<Self> {
        let binary = locate(Binary::Node)?;
        let folder = tempfile::Builder::new().prefix("ni-network-").tempdir()?;
        let slower = match arguments {
            ["--dev"] if slowness() > 1 => Some(adapted(folder.path(), &[])?),
            _ => None,
        };
        let slower = slower.map(|chain| format!("--chain={}", chain.display()));
        let [rpc, p2p] = free_ports()?;
        let url = format!("ws://127.0.0.1:{rpc}");
        let arguments = arguments.iter().map(|&text| text.to_owned());
        let mut arguments: Vec<_> = arguments.chain(slower).collect();
        arguments.extend([
            format!("--base-path={}", folder.path().join("chain").display()),
            format!("--rpc-port={rpc}"),
            format!("--port={p2p}"),
            "--no-prometheus".to_owned(),
            "--no-telemetry".to_owned(),
            // Every block's state, for the books to be compared with.
            "--state-pruning=archive".to_owned(),
            "--blocks-pruning=archive".to_owned(),
        ]);
        let process = Process::start("node", &binary, &arguments, folder.path(), false)?;
        let mut node = Self {
            process,
            binary,
            arguments,
            url,
            folder,
        };
        node.answers().await?;
        Ok(node)
    }

    /// Kills it at once, and starts it again after some time on the same ports with what
    /// it has on disk. Waits until it answers.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn restart_after(&mut self, away: Duration) -> anyhow::Result<()> {
        self.process.kill().await?;
        tokio::time::sleep(away).await;
        self.process = Process::start(
            "node",
            &self.binary,
            &self.arguments,
            self.folder.path(),
            false,
        )?;
        self.answers().await
    }

    async fn answers(&mut self) -> anyhow::Result<()> {
        answering(&mut self.process, &self.url).await.map(|_| ())
    }

    /// Its WebSocket address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder with its logs, its chain and whatever the test puts there.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The node's process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Connects to it.
    ///
    /// # Errors
    /// Where it does not answer, with the end of its log.
    pub async fn connect(&self) -> anyhow::Result<Chain> {
        Chain::connect(&self.url)
            .await
            .with_context(|| format!("the node is gone{}", self.process.tail()))
    }
}

/// Waits until a node answers at its address, and connects to it.
///
/// # Errors
/// Where the node ends, or does not answer in time, with the end of its log.
pub async fn answering(process: &mut Process, url: &str) -> anyhow::Result<Chain> {
    let deadline = Instant::now() + patience(START);
    loop {
        if let Some(status) = process.ended()? {
            bail!("the node ended with {status}{}", process.tail());
        }
        match Chain::connect(url).await {
            Ok(chain) => return Ok(chain),
            Err(cause) if Instant::now() > deadline => {
                bail!("{cause} for {START:?}{}", process.tail());
            }
            Err(_) => tokio::time::sleep(POLL).await,
        }
    }
}

/// Ports that nobody listens on now. Another program may take one before the
/// node does; the node then ends and says so.
///
/// # Errors
/// Where the system has none.
pub fn free_ports<const COUNT: usize>() -> anyhow::Result<[u16; COUNT]> {
    // All are held until all are known, so that no two are the same.
    let mut listeners = Vec::with_capacity(COUNT);
    let mut ports = [0; COUNT];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        *port = listener.local_addr()?.port();
        listeners.push(listener);
    }
    Ok(ports)
}
