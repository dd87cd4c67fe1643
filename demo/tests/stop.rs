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
    start()?.stop()
}

#[test]
fn killed_it_cannot() -> anyhow::Result<()> {
    assert_eq!(start()?.kill()?, STARTED);
    Ok(())
}
