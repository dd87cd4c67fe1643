// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Chains that differ from the development chain.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::{Binary, locate, slot_ms};

/// Where the genesis has the length of a slot, in milliseconds.
const SLOT_DURATION: &str = "/settings/slotDuration";

/// Has the node write a chain's specification: of a chain that it knows by name, or of
/// one in a file.
///
/// # Errors
/// Where the node is not built, or knows no such chain.
pub fn export(chain: &str, to: &Path, raw: bool) -> anyhow::Result<()> {
    let mut command = Command::new(locate(Binary::Node)?);
    command.args(["export-chain-spec", "--chain", chain, "--output"]);
    command.arg(to).args(raw.then_some("--raw"));
    let output = command.output()?;
    ensure!(
        output.status.success(),
        "the node does not export the chain {chain}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Writes the raw specification of the development chain into this folder, other values
/// in its genesis: each by its JSON pointer, such as `/settings/window/work`. Its slots
/// are as long as this machine needs, unless the values say otherwise.
///
/// # Errors
/// As [`export`] and [`change`].
pub fn adapted(folder: &Path, changes: &[(&str, Value)]) -> anyhow::Result<PathBuf> {
    let plain = folder.join("plain.json");
    export("dev", &plain, false)?;
    let mut specification: Value = serde_json::from_slice(&std::fs::read(&plain)?)?;
    change(&mut specification, &[(SLOT_DURATION, json!(slot_ms()))])?;
    change(&mut specification, changes)?;
    std::fs::write(&plain, specification.to_string())?;
    let raw = folder.join("chain.json");
    export(&plain.display().to_string(), &raw, true)?;
    Ok(raw)
}

/// Sets values of a specification's genesis, each by its JSON pointer.
///
/// # Errors
/// Where the genesis has no such value.
pub fn change(specification: &mut Value, changes: &[(&str, Value)]) -> anyhow::Result<()> {
    let genesis = specification
        .pointer_mut("/genesis/runtimeGenesis/patch")
        .context("the development chain's genesis is no patch")?;
    for (path, value) in changes {
        let place = genesis.pointer_mut(path);
        let place =
            place.with_context(|| format!("the development chain's genesis has no {path}"))?;
        place.clone_from(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_genesis_does_not_know_is_told() {
        let mut genesis = json!({"genesis": {"runtimeGenesis": {"patch": {"a": {"b": 1}}}}});
        change(&mut genesis, &[("/a/b", json!(2))]).expect("it has that");
        assert_eq!(genesis["genesis"]["runtimeGenesis"]["patch"]["a"]["b"], 2);
        let error = change(&mut genesis, &[("/a/c", json!(2))]).expect_err("it has not");
        assert!(error.to_string().contains("/a/c"), "{error}");
        let error = change(&mut json!({}), &[]).expect_err("no genesis");
        assert!(error.to_string().contains("no patch"), "{error}");
    }
}
