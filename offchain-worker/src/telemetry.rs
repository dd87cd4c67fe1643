// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a running worker shows of itself: [`meters`] for Prometheus, [`health`]
//! for whoever restarts it, and the [`server`] of both.

pub mod health;
pub mod meters;
pub mod server;
