// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the tests share: every adapter, and inputs without a pattern.

use ni_shaders::Adapter;
use proof_of_gpu_primitives::{Hash, Sha256, SoftwareSha256};

/// Every adapter of this machine; without one there is nothing to test, which
/// is a failure of the set-up and not a pass.
pub(crate) fn adapters() -> Vec<Adapter> {
    ni_shaders::adapters().unwrap_or_else(|error| {
        panic!("{error}. These tests need an adapter: run `make setup`, it installs lavapipe")
    })
}

/// A hash of a name.
pub(crate) fn hash(name: &str) -> Hash {
    SoftwareSha256::hash(name.as_bytes())
}
