// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A long run that is stopped leaves nothing running. One that is killed does, and is the
//! failure to compare with.

use std::{
    fs, io,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// The node and two workers.
const STARTED: usize = 3;

/// Longest wait for them to come, and to go.
const WAIT: Duration = Duration::from_secs(120);

/// A process and its parent, as the system tells of them: the fields of `stat` after the
/// name, which is in brackets. One that has ended and was not waited for is none.
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

fn wait(what: &str, mut until: impl FnMut() -> io::Result<bool>) -> io::Result<()> {
    let deadline = Instant::now() + WAIT;
    while !until()? {
        assert!(Instant::now() < deadline, "{what}");
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// A soak with its files in this folder, and the processes that it has started.
fn start(files: &Path) -> io::Result<(Child, Vec<u32>)> {
    let soak = Command::new(env!("CARGO_BIN_EXE_soak"))
        .env("TMPDIR", files)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut started = Vec::new();
    wait("it starts a node and two workers", || {
        started = children(soak.id())?;
        Ok(started.len() == STARTED)
    })?;
    Ok((soak, started))
}

fn send(signal: &str, to: &[u32]) -> io::Result<()> {
    let status = Command::new("kill")
        .arg(signal)
        .args(to.iter().map(u32::to_string))
        .status()?;
    assert!(status.success(), "kill {signal}");
    Ok(())
}

fn running(processes: &[u32]) -> usize {
    let running = |id: &&u32| parent(**id).is_some();
    processes.iter().filter(running).count()
}

#[test]
fn told_to_end_it_ends_what_it_has_started() -> io::Result<()> {
    let files = tempfile::tempdir()?;
    let (soak, started) = start(files.path())?;
    send("-TERM", &[soak.id()])?;
    let output = soak.wait_with_output()?;
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("stopped"), "{said}");
    wait("they have ended", || Ok(running(&started) == 0))
}

#[test]
fn killed_it_cannot() -> io::Result<()> {
    let files = tempfile::tempdir()?;
    let (mut soak, started) = start(files.path())?;
    soak.kill()?;
    soak.wait()?;
    let left = running(&started);
    send("-KILL", &started)?;
    assert_eq!(left, STARTED);
    wait("they have ended", || Ok(running(&started) == 0))
}
