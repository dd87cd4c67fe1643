// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call and function, one for what an attacker can do, one for the
//! invariants, one for random steps and one for a whole month.

mod attacks;
mod deposit_revenue;
mod disable_asset;
mod enable_asset;
mod invariants;
mod month;
mod note_revenue;
mod parameters;
mod properties;
mod quote;
mod sample;
mod slice;
