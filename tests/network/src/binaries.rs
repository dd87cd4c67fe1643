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
            Self::Cheat => ("ni-cheat", "NI_CHEAT", "ni-cheat"),
        }
    }
}

/// Finds a binary: where its variable (`NI_NODE`, `NI_WORKER`, `NI_CHEAT`) says, else
/// beside the running program, else, for a test, where cargo puts the workspace's
/// programs.
///
/// # Errors
/// Where it is in none of these places, with the command that builds it.
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
    let beside = running.parent().map(|folder| folder.join(file));
    beside
        .into_iter()
        .chain(built().map(|folder| folder.join(file)))
        .find(|path| path.is_file())
        .with_context(|| {
            format!(
                "no {file} beside {}: build it with `cargo build -p {package}`, or name it in {variable}",
                running.display()
            )
        })
}

/// Where cargo puts the programs that it builds with the tests' profile, if cargo runs
/// this one.
fn built() -> Option<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR")
        .map(PathBuf::from)
        .or_else(|| {
            let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
            let workspace = package
                .ancestors()
                .find(|folder| folder.join("Cargo.lock").is_file())?;
            Some(workspace.join("target"))
        })?;
    Some(target.join("debug"))
}
