// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Tests of the pallets tied together. Blocks are made as a node makes them:
//! with BABE's claim of the slot, the timestamp and signed transactions.

mod api;
mod chain;
mod fees;
mod filter;
mod genesis;
mod randomness;
mod sessions;
mod settings;
mod window;
