// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call and hook, and one for the invariants.

mod accesses;
mod claim;
mod claim_commission;
mod fair;
mod invariants;
mod join;
mod leave;
mod migrations;
mod note_author;
mod origins;
mod parameters;
mod random;
mod reward_round;
mod session;
mod set_commission;
mod slash;
mod stake;
mod unstake;
mod voting;
mod weights;
mod withdraw;
