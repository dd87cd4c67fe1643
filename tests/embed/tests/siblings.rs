// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! No pallet of this project needs another: each can be embedded alone.

use serde_json::Value;
use std::{path::Path, process::Command};

/// The workspace's packages, as cargo knows them.
fn packages() -> Vec<Value> {
    // Cargo runs tests in their package's folder.
    let manifest = Path::new("Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps"])
        .arg("--manifest-path")
        .arg(manifest)
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    metadata["packages"]
        .as_array()
        .expect("cargo lists packages")
        .clone()
}

fn name(package: &Value) -> &str {
    package["name"].as_str().expect("a package has a name")
}

/// The pallets of this project: the packages of the folder `pallets`.
fn pallets(packages: &[Value]) -> Vec<&Value> {
    let is_pallet = |package: &&Value| {
        let manifest = package["manifest_path"].as_str();
        manifest
            .and_then(|path| Path::new(path).ancestors().nth(2))
            .is_some_and(|folder| folder.ends_with("pallets"))
    };
    packages.iter().filter(is_pallet).collect()
}

/// Which of `siblings` a package needs for anything but its own tests.
fn needs<'a>(package: &'a Value, siblings: &[&str]) -> Vec<&'a str> {
    let dependencies = package["dependencies"].as_array();
    dependencies
        .expect("cargo lists dependencies")
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .map(name)
        .filter(|dependency| siblings.contains(dependency))
        .collect()
}

#[test]
fn no_pallet_depends_on_a_sibling() {
    let packages = packages();
    let pallets = pallets(&packages);
    let names: Vec<_> = pallets.iter().map(|pallet| name(pallet)).collect();
    let mut looked_at = names.clone();
    looked_at.sort_unstable();
    assert_eq!(
        looked_at,
        [
            "pallet-buyback",
            "pallet-delegation",
            "pallet-emission",
            "pallet-governance",
            "pallet-proof-of-gpu",
            "pallet-registration",
            "pallet-supply",
        ],
        "every pallet is looked at"
    );
    for pallet in &pallets {
        let needs = needs(pallet, &names);
        assert!(needs.is_empty(), "{} needs {needs:?}", name(pallet));
    }
    // The check sees a dependency where there is one.
    let this = packages
        .iter()
        .find(|package| name(package) == env!("CARGO_PKG_NAME"))
        .expect("this package is in the workspace");
    let mut found = needs(this, &names);
    found.sort_unstable();
    assert_eq!(found, ["pallet-registration", "pallet-supply"]);
}
