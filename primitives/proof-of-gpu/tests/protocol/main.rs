// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The protocol's tests: against the golden vectors, check by check, and by
//! properties.

mod bundles;
mod cheat;
mod codec;
mod matrices;
mod pooling;
mod properties;
mod prover;
mod range;
mod sampling;
mod size;
mod support;
mod tiles;
mod vectors;
mod verify;
mod workload;
