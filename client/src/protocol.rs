// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whether a chain speaks the protocol that this worker knows.

use proof_of_gpu_primitives::walk::WALK_VERSION;
use subxt::Metadata;

use super::{ChainError, View};

/// Storage that an NI chain is known by.
const LANDMARKS: [(&str, &str); 6] = [
    ("ProofOfGpu", "CurrentWindow"),
    ("ProofOfGpu", "Beacon"),
    ("ProofOfGpu", "Gpus"),
    ("Registration", "Hotkeys"),
    ("Emission", "Tiers"),
    ("Supply", "Totals"),
];

/// A miner's calls with their fields, as [`super::calls`] makes them.
const CALLS: [(&str, &str, &[&str]); 6] = [
    ("ProofOfGpu", "commit", &["window", "beacon", "claims"]),
    (
        "ProofOfGpu",
        "reveal",
        &[
            "window",
            "sampling_beacon",
            "gpu",
            "peaks",
            "openings",
            "walk_peaks",
            "walk_openings",
        ],
    ),
    ("ProofOfGpu", "confirm", &["window", "gpus"]),
    (
        "Registration",
        "register",
        &["hotkey", "role", "slots", "max_price"],
    ),
    ("Registration", "renew", &["hotkey", "max_price"]),
    ("Emission", "claim", &["hotkey", "gpu"]),
];

impl View {
    /// The version of the runtime that this block was made by.
    pub fn runtime_version(&self) -> u32 {
        self.inner().spec_version()
    }

    /// Makes sure that the chain speaks this worker's protocol. What is not a
    /// matter of the protocol may change from one runtime to the next.
    ///
    /// # Errors
    /// [`ChainError::WrongChain`], which says what is different.
    pub fn check_protocol(&self) -> Result<(), ChainError> {
        // A chain that does not say speaks the first.
        let version = self.constant("ProofOfGpu", "ProtocolVersion").unwrap_or(1);
        let runtime = self.runtime_version();
        check_version(version)
            .and_then(|()| check_shapes(self.inner().metadata_ref()))
            .map_err(|cause| ChainError::WrongChain(format!("runtime {runtime}: {cause}")))
    }
}

fn check_version(version: u32) -> Result<(), String> {
    if version == WALK_VERSION {
        return Ok(());
    }
    Err(format!(
        "it speaks version {version} of the proof protocol, this worker {WALK_VERSION}: \
         install the worker of that version; its proofs would be refused, and the bond slashed"
    ))
}

fn check_shapes(metadata: &Metadata) -> Result<(), String> {
    for (pallet, entry) in LANDMARKS {
        metadata
            .pallet_by_name(pallet)
            .and_then(|pallet| pallet.storage()?.entry_by_name(entry))
            .ok_or_else(|| format!("it has no storage {pallet}.{entry}"))?;
    }
    for (pallet, name, fields) in CALLS {
        let call = metadata
            .pallet_by_name(pallet)
            .and_then(|pallet| pallet.call_variant_by_name(name))
            .ok_or_else(|| format!("it has no call {pallet}.{name}"))?;
        let found: Vec<_> = call
            .fields
            .iter()
            .map(|field| field.name.clone().unwrap_or_default())
            .collect();
        if found != fields {
            return Err(format!(
                "its call {pallet}.{name} takes {}, this worker gives {}: install a newer worker",
                found.join(", "),
                fields.join(", ")
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_of_the_protocol_is_refused_with_the_next_step() {
        assert_eq!(check_version(WALK_VERSION), Ok(()));
        let refused = check_version(WALK_VERSION + 1).expect_err("unknown");
        assert!(refused.contains("version 3"), "{refused}");
        assert!(refused.contains("install the worker"), "{refused}");
    }
}
