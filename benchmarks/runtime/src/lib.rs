// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What every call and hook weighs, how many fit a block, and how many GPUs one chain
//! holds.
//!
//! [`fits`] reads the measured fits out of the generated `weights.rs` files;
//! [`capacity`] asks the assembled runtime what its transactions weigh and how long they
//! are, [`filled`] fills a block with them; [`page`] puts both together.
//! [`again`] compares the fits with those of another measurement.

pub mod again;
pub mod capacity;
pub mod filled;
pub mod fits;
pub mod page;
