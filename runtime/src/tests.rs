// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Tests of the pallets tied together. Blocks are made as a node makes them:
//! with BABE's claim of the slot, the timestamp and signed transactions.

mod api;
mod bridge;
mod calls_by_hand;
mod chain;
mod crowding;
mod equivocation;
mod equivocation_of_votes;
mod fees;
mod filter;
mod genesis;
mod issuance;
mod migration;
mod randomness;
mod referendum;
mod revenue;
mod sessions;
mod settings;
mod staking;
mod tiers;
mod tracks;
mod upgrade_in_window;
mod view_functions;
mod window;
