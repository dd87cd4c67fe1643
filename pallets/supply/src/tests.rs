// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call and function, and one for the invariants.

mod adopt;
mod burn;
mod draw;
mod genesis;
mod invariants;
mod mint;
mod properties;
mod sinks;
mod start_round;
