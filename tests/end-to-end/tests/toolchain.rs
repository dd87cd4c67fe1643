// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's code is compiled by the pinned toolchain, whatever the machine's default
//! is: without that nobody could compare a code hash.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;
use sp_maybe_compressed_blob::{CODE_BLOB_BOMB_LIMIT, decompress};

/// What a module's panic messages call the standard library's sources by, before the
/// compiler's commit.
const SOURCES: &[u8] = b"/rustc/";

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(file: &str) -> anyhow::Result<toml::Table> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(file);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(text.parse()?)
}

/// The toolchain that the workspace is pinned to.
fn pinned() -> anyhow::Result<String> {
    let channel = read("rust-toolchain.toml")?["toolchain"]["channel"]
        .as_str()
        .map(str::to_owned);
    channel.context("rust-toolchain.toml names no channel")
}

/// The commit of the compiler that made a module.
fn compiler(module: &[u8]) -> Option<String> {
    let at = module
        .windows(SOURCES.len())
        .position(|bytes| bytes == SOURCES)?;
    let commit = module.get(at + SOURCES.len()..)?;
    let commit = commit.get(..commit.iter().position(|byte| *byte == b'/')?)?;
    String::from_utf8(commit.to_vec()).ok()
}

/// The commit of the pinned compiler: rustup runs that one in the checkout.
fn pinned_compiler() -> anyhow::Result<String> {
    let output = Command::new("rustc")
        .args(["--version", "--verbose"])
        .current_dir(checkout())
        .env("RUSTUP_TOOLCHAIN", pinned()?)
        .output()?;
    let text = String::from_utf8(output.stdout)?;
    let commit = text
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "));
    commit
        .map(str::to_owned)
        .context("rustc does not say its commit")
}

#[test]
fn the_wasm_builder_is_given_the_pinned_toolchain() -> anyhow::Result<()> {
    let given = &read(".cargo/config.toml")?["env"]["WASM_BUILD_TOOLCHAIN"];
    assert_eq!(given.as_str(), Some(pinned()?.as_str()));
    Ok(())
}

#[test]
fn the_chains_code_names_the_pinned_compiler() -> anyhow::Result<()> {
    let code = ni_runtime::WASM_BINARY.context("ni-runtime was built without its wasm")?;
    let module =
        decompress(code, CODE_BLOB_BOMB_LIMIT).map_err(|cause| anyhow::anyhow!("{cause:?}"))?;
    assert_eq!(compiler(&module), Some(pinned_compiler()?));
    Ok(())
}

/// The twin: another compiler's module is not taken for the pinned one's.
#[test]
fn another_compiler_is_told_apart() -> anyhow::Result<()> {
    let module = b"\0asm\x01\0\0\0../rustc/0123456789/library/core/src/lib.rs";
    assert_eq!(compiler(module).as_deref(), Some("0123456789"));
    assert_ne!(compiler(module), Some(pinned_compiler()?));
    assert_eq!(compiler(b"\0asm\x01\0\0\0"), None);
    Ok(())
}
