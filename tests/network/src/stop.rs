// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Ending early.

use anyhow::bail;
use tokio::signal::{
    ctrl_c,
    unix::{SignalKind, signal},
};

/// Waits for Ctrl-C, or for being told to end by a signal. A program that then returns
/// ends what it started with the handles; one that a signal kills leaves it running.
///
/// # Errors
/// Where the system does not tell of signals.
pub async fn stopped() -> anyhow::Result<()> {
    let mut told = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = ctrl_c() => interrupted?,
        _ = told.recv() => {}
    }
    Ok(())
}

/// Does the work until it is done, or until [`stopped`]: then what it has started is ended
/// with it.
///
/// # Errors
/// The work's, and where it was stopped.
pub async fn until_stopped<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::select! {
        done = work => done,
        stopped = stopped() => {
            stopped?;
            bail!("stopped; what was started is ended")
        }
    }
}
