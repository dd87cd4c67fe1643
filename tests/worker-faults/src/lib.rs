// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What befalls a worker that is left running, done to a real one on purpose.
//!
//! [`proxy`] stands between a worker and its node and does what bad nodes and
//! bad networks do; [`worker`] starts a worker and reads what it tells;
//! [`books`] is what the chain says of a hotkey, to compare with; [`wait`] waits
//! for what is to happen on a chain.

pub mod books;
pub mod proxy;
pub mod wait;
pub mod worker;
