// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The chain: the development chain's, with four validators and windows that open at
//! a block that is known beforehand.

use std::path::{Path, PathBuf};

use ni_client::keys;
use serde_json::{Value, json};
use test_network::{change, export};

/// How many validators there are.
pub const VALIDATORS: usize = 4;

/// Blocks from the close of a window to the opening of the next. A chain's are
/// random; here both sides of a partition open a window, each by its own randomness,
/// and a link is cut in time before.
pub const GAP: u64 = 5;

/// Blocks for the work of a window: enough for a partition to heal within them.
pub const WORK: u64 = 20;

/// Blocks after the work in which commits are taken.
pub const GRACE: u64 = 3;

/// Blocks in which reveals are taken.
pub const REVEAL: u64 = 10;

/// The shape of a round, large enough that a CPU which four nodes share reaches the
/// lowest tier's floor: of smaller ones most of the time goes into making matrices.
const ROUND: [u32; 3] = [1024, 1024, 512];

/// Samples of a reveal: each means making a round again, within the reveal's blocks.
pub const SAMPLES: u64 = 2;

/// What each validator has staked, in the smallest unit of TAO.
const SELF_STAKE: u64 = 1_000_000_000_000;

/// Its commission, in parts of 10⁹.
const COMMISSION: u64 = 100_000_000;

/// A validator by its well-known name.
#[derive(Clone, Copy, Debug)]
pub struct Authority {
    /// As the node's flag has it: `alice` for `--alice`.
    pub name: &'static str,
    /// The hotkey's URI; its owner's is this with `//stash`.
    pub uri: &'static str,
    /// The account that votes on finality, an ed25519 key of the same name.
    grandpa: &'static str,
}

/// The validators, in this order everywhere.
pub const AUTHORITIES: [Authority; VALIDATORS] = [
    Authority {
        name: "alice",
        uri: "//Alice",
        grandpa: "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu",
    },
    Authority {
        name: "bob",
        uri: "//Bob",
        grandpa: "5GoNkf6WdbxCFnPdAnYYQyCjAKPJgLNxXwPjwTh6DGg6gN3E",
    },
    Authority {
        name: "charlie",
        uri: "//Charlie",
        grandpa: "5DbKjhNLpqX3zqZdNBc9BGb4fHU1cRBaDhJUskrvkwfraDi6",
    },
    Authority {
        name: "dave",
        uri: "//Dave",
        grandpa: "5ECTwv6cZ5nJQPk6tWfaTrEk8YH2L7X1VT4EL5Tx2ikfFwb7",
    },
];

/// Writes the chain's raw specification into this folder. Slots last this long, in ms.
///
/// # Errors
/// Where the node cannot make one.
pub fn write(folder: &Path, slot_ms: u64) -> anyhow::Result<PathBuf> {
    let plain = folder.join("plain.json");
    export("dev", &plain, false)?;
    let mut specification: Value = serde_json::from_slice(&std::fs::read(&plain)?)?;
    adapt(&mut specification, slot_ms)?;
    std::fs::write(&plain, specification.to_string())?;
    let raw = folder.join("chain.json");
    export(&plain.display().to_string(), &raw, true)?;
    Ok(raw)
}

/// Makes the development chain's specification this network's.
fn adapt(specification: &mut Value, slot_ms: u64) -> anyhow::Result<()> {
    specification["name"] = json!("NI Faults");
    specification["id"] = json!("ni_faults");
    // On a local chain nodes tell each other where they listen, and find ways past
    // the links that are cut.
    specification["chainType"] = json!("Live");
    let mut session = Vec::new();
    let mut registered = Vec::new();
    let mut candidates = Vec::new();
    for authority in AUTHORITIES {
        let hotkey = address(authority.uri)?;
        let owner = address(&format!("{}//stash", authority.uri))?;
        let keys = json!({"babe": hotkey, "grandpa": authority.grandpa});
        session.push(json!([hotkey, hotkey, keys]));
        registered.push(json!([hotkey, owner]));
        candidates.push(json!([hotkey, owner, SELF_STAKE, COMMISSION]));
    }
    let changes = [
        ("/session/keys", Value::Array(session)),
        ("/registration/validators", Value::Array(registered)),
        ("/delegation/candidates", Value::Array(candidates)),
        ("/settings/slotDuration", json!(slot_ms)),
        (
            "/settings/window/workload",
            json!({"m": ROUND[0], "n": ROUND[1], "k": ROUND[2]}),
        ),
        ("/settings/window/minGap", json!(GAP)),
        ("/settings/window/maxGap", json!(GAP)),
        ("/settings/window/work", json!(WORK)),
        ("/settings/window/grace", json!(GRACE)),
        ("/settings/window/reveal", json!(REVEAL)),
        ("/settings/window/samples", json!(SAMPLES)),
    ];
    change(specification, &changes)
}

fn address(uri: &str) -> anyhow::Result<String> {
    Ok(keys::address(&keys::development(uri)?.public_key().0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_the_well_known_stashes() {
        let alice = address("//Alice//stash").expect("an address");
        assert_eq!(alice, "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY");
    }
}
