// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A demo that is stopped leaves nothing running. One that is killed does, and is the
//! failure to compare with.

use test_network::Starter;

/// The node and three miners.
const STARTED: usize = 4;

fn start() -> anyhow::Result<Starter> {
    Starter::start(env!("CARGO_BIN_EXE_ni-demo"), STARTED)
}

#[test]
fn told_to_end_it_ends_what_it_has_started() -> anyhow::Result<()> {
    let mut starter = start()?;
    let (status, said) = starter.stop()?;
    assert!(!status.success());
    assert!(said.contains("stopped"), "{said}");
    starter.nothing_left()
}

#[test]
fn killed_it_cannot() -> anyhow::Result<()> {
    let mut starter = start()?;
    starter.kill()?;
    assert_eq!(starter.left(), STARTED);
    Ok(())
}
