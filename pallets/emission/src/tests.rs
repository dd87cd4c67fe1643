// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call and hook, and one for the invariants.

mod century;
mod claim;
mod genesis;
mod invariants;
mod no_gain;
mod note_result;
mod parameters;
mod pay_pending;
mod random;
mod set_tiers;
mod settle;
mod tiers;
mod weights;
