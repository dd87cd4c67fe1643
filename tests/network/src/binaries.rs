// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Where the project's binaries are.

use std::{env, path::PathBuf};

use anyhow::{Context, bail};

/// One of the project's binaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// The node.
    Node,
    /// The honest worker.
    Worker,
    /// The dishonest one.
    Cheat,
}

impl Binary {
    /// Its file name, and the variable that names another place for it.
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Node => ("ni-node", "NI_NODE", "ni-node"),
            Self::Worker => ("ni-worker", "NI_WORKER", "ni-worker"),
            Self::Cheat => ("ni-cheat", "NI_CHEAT", "test-network"),
        }
    }
}

/// Finds a binary: where its variable (`NI_NODE`, `NI_WORKER`, `NI_CHEAT`)
/// says, else in the folder of the running program or the one above it, which
/// is where cargo puts the binaries beside tests.
///
/// # Errors
/// Where it is in neither place, with the command that builds it.
pub fn locate(binary: Binary) -> anyhow::Result<PathBuf> {
    let (file, variable, package) = binary.names();
    if let Some(path) = env::var_os(variable) {
        let path = PathBuf::from(path);
        if !path.is_file() {
            bail!("{variable} names {}, which is no file", path.display());
        }
        return Ok(path);
    }
    let running = env::current_exe().context("cannot tell which program is running")?;
    running
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(file))
        .find(|path| path.is_file())
        .with_context(|| {
            format!(
                "no {file} beside {}: build it with `cargo build -p {package}`, or name it in {variable}",
                running.display()
            )
        })
}
