// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain's code is compiled by the pinned toolchain, whatever the machine's default
//! is: without that nobody could compare a code hash.

use std::{fs, path::Path};

use anyhow::Context;
use sp_maybe_compressed_blob::{CODE_BLOB_BOMB_LIMIT, decompress};

/// What the compiler writes into a module's `producers` section before its version.
const COMPILER: &[u8] = b"rustc";

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

/// The version of the compiler that a module says it was made by.
fn compiler(module: &[u8]) -> Option<String> {
    let at = module
        .windows(COMPILER.len())
        .position(|bytes| bytes == COMPILER)?;
    // A length, which is the version's, and the version.
    let (length, version) = module.get(at + COMPILER.len()..)?.split_first()?;
    let version = version.get(..usize::from(*length))?;
    String::from_utf8(version.to_vec()).ok()
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
    let version = compiler(&module).context("the code does not say what compiled it")?;
    assert_eq!(
        version.split(' ').next(),
        Some(pinned()?.as_str()),
        "{version}"
    );
    Ok(())
}

/// The twin: another compiler's module is not taken for the pinned one's.
#[test]
fn another_compiler_is_told_apart() {
    let module = b"\0asm\x01\0\0\0..producers\x01\x0cprocessed-by\x01\x05rustc\x061.94.1";
    assert_eq!(compiler(module).as_deref(), Some("1.94.1"));
    assert_eq!(compiler(b"\0asm\x01\0\0\0"), None);
}
