// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call and function, and one for the invariants.

mod can_prove;
mod genesis;
mod invariants;
mod leave;
mod parameters;
mod price;
mod properties;
mod register;
mod renew;
mod shrink;
mod slash;
mod top_up;
mod validator_owner;
mod weights;
mod withdraw;
