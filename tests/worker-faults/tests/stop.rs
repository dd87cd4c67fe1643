// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A long run that is stopped leaves nothing running. One that is killed does, and is the
//! failure to compare with.

use std::process::Command;

use test_network::Starter;

/// The node and two workers.
const STARTED: usize = 3;

fn start(files: &tempfile::TempDir) -> anyhow::Result<Starter> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soak"));
    Starter::start(&mut command, files.path(), STARTED)
}

#[test]
fn told_to_end_it_ends_what_it_has_started() -> anyhow::Result<()> {
    let files = tempfile::tempdir()?;
    let mut starter = start(&files)?;
    let (status, said) = starter.stop()?;
    assert!(!status.success());
    assert!(said.contains("stopped"), "{said}");
    starter.nothing_left()
}

#[test]
fn killed_it_cannot() -> anyhow::Result<()> {
    let files = tempfile::tempdir()?;
    let mut starter = start(&files)?;
    starter.kill()?;
    assert_eq!(starter.left(), STARTED);
    Ok(())
}
