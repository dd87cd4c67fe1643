// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A child process that ends with its handle.

use std::{
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    process::{Child, Command},
};

use crate::patience;

/// Lines of a log that go into an error.
const TAIL: usize = 15;

/// Longest that a worker's HTTP server may take to answer.
const ANSWER: Duration = Duration::from_secs(20);

/// A running binary. Killed when dropped.
#[derive(Debug)]
pub struct Process {
    name: String,
    log: PathBuf,
    child: Child,
}

impl Process {
    /// Runs `binary` with its output in `folder/name.log`, at a low priority
    /// if `nice`: miners compute on the cores that the node needs to keep its
    /// slots.
    ///
    /// # Errors
    /// Where the binary or its log cannot be opened.
    pub fn start(
        name: &str,
        binary: &Path,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        folder: &Path,
        nice: bool,
    ) -> anyhow::Result<Self> {
        let path = folder.join(format!("{name}.log"));
        let log = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let mut command = if nice {
            let mut command = Command::new("nice");
            command.args(["-n", "5"]).arg(binary);
            command
        } else {
            Command::new(binary)
        };
        let child = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot run {}", binary.display()))?;
        Ok(Self {
            name: name.to_owned(),
            log: path,
            child,
        })
    }

    /// What it was called at its start.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The system's number of it, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Where its output goes.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Ends it at once, without giving it a chance to tidy up.
    ///
    /// # Errors
    /// Where the system refuses.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.child
            .kill()
            .await
            .with_context(|| format!("cannot end {}", self.name))
    }

    /// Its exit status, if it has ended.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// Where it has not ended in time, or ended with a failure; with the last
    /// lines of its log.
    pub async fn finished(&mut self, within: Duration) -> anyhow::Result<()> {
        let status = self.exited(within).await?;
        if !status.success() {
            bail!("{} ended with {status}{}", self.name, self.tail());
        }
        Ok(())
    }

    /// Waits for its end, however it ends.
    ///
    /// # Errors
    /// Where it has not ended in time.
    pub async fn exited(&mut self, within: Duration) -> anyhow::Result<ExitStatus> {
        match tokio::time::timeout(within, self.child.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => bail!(
                "{} is still running after {within:?}{}",
                self.name,
                self.tail()
            ),
        }
    }

    /// Asks the HTTP server of a worker, one that was started with `--metrics`, for a
    /// page. Its address is where the log last says that it serves.
    ///
    /// # Errors
    /// Where it serves none, or does not answer in time.
    pub async fn page(&self, path: &str) -> anyhow::Result<String> {
        let log = std::fs::read_to_string(&self.log)?;
        let address = log
            .lines()
            .rev()
            .filter(|line| line.contains("serving /metrics"))
            .find_map(|line| {
                let line: Value = serde_json::from_str(line).ok()?;
                Some(line["fields"]["address"].as_str()?.to_owned())
            })
            .with_context(|| format!("{} does not say where it serves its metrics", self.name))?;
        let mut stream = TcpStream::connect(&address).await?;
        stream
            .write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes())
            .await?;
        let mut answer = String::new();
        tokio::time::timeout(patience(ANSWER), stream.read_to_string(&mut answer))
            .await
            .context("no answer in time")??;
        Ok(answer)
    }

    /// The last lines of its log, for an error.
    pub fn tail(&self) -> String {
        let Ok(log) = std::fs::read_to_string(&self.log) else {
            return String::new();
        };
        let lines: Vec<_> = log.lines().collect();
        let last = lines.len().saturating_sub(TAIL);
        format!("; the end of its log:\n{}", lines[last..].join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn failures_are_told_with_the_log() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let script = ["-c", "echo it hurts; exit 3"];
        let mut process = Process::start("sh", Path::new("/bin/sh"), script, folder.path(), true)
            .expect("a shell");
        let error = process
            .finished(Duration::from_secs(10))
            .await
            .expect_err("exit code 3");
        assert!(error.to_string().contains("it hurts"), "{error}");
    }

    #[tokio::test]
    async fn waiting_is_bounded_and_killing_ends_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut process = Process::start(
            "sleep",
            Path::new("/bin/sleep"),
            ["600"],
            folder.path(),
            false,
        )
        .expect("sleep");
        let error = process.finished(Duration::from_millis(50)).await;
        assert!(error.is_err());
        assert!(process.ended().expect("known").is_none());
        process.kill().await.expect("killed");
        assert!(process.ended().expect("known").is_some());
    }
}
