// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The verifier as a wasm module with nothing around it but what a runtime's host
//! gives it too: SHA-256 and memory. Empty on any other target.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod wasm;
