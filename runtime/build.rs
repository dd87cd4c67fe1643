// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Builds the runtime's wasm, which a node executes and a chain stores.

fn main() {
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::build_using_defaults();
}
