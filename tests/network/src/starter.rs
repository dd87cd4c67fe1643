// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A program that starts others, and what it leaves behind.

use std::{
    fs,
    io::{self, Read},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::bail;
use tempfile::TempDir;

use crate::patience;

/// Longest wait for what it starts to come, and to go.
const WAIT: Duration = Duration::from_secs(120);

/// Time between two looks.
const POLL: Duration = Duration::from_millis(50);

/// A running program, its temporary files, and the processes that it has started; all
/// ended and gone when dropped.
#[derive(Debug)]
pub struct Starter {
    program: Child,
    started: Vec<u32>,
    _files: TempDir,
}

impl Starter {
    /// Runs a program, without arguments, and waits until it has started so many
    /// processes.
    ///
    /// # Errors
    /// Where it does not start, or not so many soon.
    pub fn start(program: impl AsRef<Path>, processes: usize) -> anyhow::Result<Self> {
        let files = tempfile::tempdir()?;
        let program = Command::new(program.as_ref())
            .env("TMPDIR", files.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut starter = Self {
            program,
            started: Vec::new(),
            _files: files,
        };
        let deadline = Instant::now() + patience(WAIT);
        while starter.started.len() != processes {
            if Instant::now() > deadline {
                bail!("it has started {:?}, not {processes}", starter.started);
            }
            thread::sleep(POLL);
            starter.started = children(starter.program.id())?;
        }
        Ok(starter)
    }

    /// Tells it to end, and waits until it has, and until all that it started has.
    ///
    /// # Errors
    /// Where it ends as if its work were done, does not say that it was stopped, or leaves
    /// something running for long.
    pub fn stop(mut self) -> anyhow::Result<()> {
        send("-TERM", &[self.program.id()])?;
        let mut said = String::new();
        if let Some(mut stderr) = self.program.stderr.take() {
            stderr.read_to_string(&mut said)?;
        }
        let status = self.program.wait()?;
        if status.success() || !said.contains("stopped") {
            bail!("it ended with {status} and said: {said}");
        }
        let deadline = Instant::now() + patience(WAIT);
        while self.running().next().is_some() {
            if Instant::now() > deadline {
                bail!("{} of its processes still run", self.running().count());
            }
            thread::sleep(POLL);
        }
        Ok(())
    }

    /// Ends it at once, and it alone. How many of the processes that it started run on.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn kill(mut self) -> io::Result<usize> {
        self.end()?;
        Ok(self.running().count())
    }

    fn end(&mut self) -> io::Result<()> {
        self.program.kill()?;
        self.program.wait().map(|_| ())
    }

    fn running(&self) -> impl Iterator<Item = u32> {
        let started = self.started.iter().copied();
        started.filter(|id| parent(*id).is_some())
    }
}

impl Drop for Starter {
    fn drop(&mut self) {
        // A refusal cannot be told from here.
        let _ = self.end();
        let running: Vec<_> = self.running().collect();
        if !running.is_empty() {
            let _ = send("-KILL", &running);
        }
    }
}

/// A process's parent, as the system tells of it: the fields of `stat` after the name,
/// which is in brackets. One that has ended and was not waited for is none.
fn parent(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?;
    (state != "Z").then(|| fields.next()?.parse().ok())?
}

fn children(of: u32) -> io::Result<Vec<u32>> {
    let mut children = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let id = name.to_str().and_then(|name| name.parse().ok());
        children.extend(id.filter(|id| parent(*id) == Some(of)));
    }
    Ok(children)
}

fn send(signal: &str, to: &[u32]) -> anyhow::Result<()> {
    let status = Command::new("kill")
        .arg(signal)
        .args(to.iter().map(u32::to_string))
        .status()?;
    if !status.success() {
        bail!("kill {signal} ended with {status}");
    }
    Ok(())
}
