// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call and function, one for whole referenda and one for the
//! invariants.

mod authorize_upgrade;
mod clear_expired;
mod invariants;
mod locked;
mod on_stake_reduced;
mod origins;
mod parameters;
mod properties;
mod referenda;
mod remove_vote;
mod settle_deposits;
mod tally;
mod vote;
