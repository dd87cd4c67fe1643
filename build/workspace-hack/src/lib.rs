// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! One set of features for every dependency: its manifest, which `cargo hakari`
//! writes, is all there is. CONTRIBUTING.md says when to write it anew.
