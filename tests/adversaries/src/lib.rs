// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Dishonest miners and block authors: how often they are caught, and what they gain.
//!
//! - [`arena`]: a chain in memory, the assembled runtime with its own blocks and windows,
//!   on which miners prove what they like.
//! - [`engines`]: provers that do not compute what they claim.
//! - [`skipping`]: who leaves out a share of the work, over many windows, against
//!   [`theory`].
//! - [`tricks`]: everybody else who mines.
//! - [`authors`]: who makes blocks and withholds them, censors, or knows early;
//!   [`orphans`]: who replaces the blocks of others.
//! - [`findings`], [`page`], [`plot`]: `benchmarks/adversaries`, which `make adversaries` writes.
//!
//! Every figure is measured on the runtime's own code. Where an adversary gains, the
//! page says so.

pub mod arena;
pub mod authors;
pub mod engines;
pub mod findings;
pub mod orphans;
pub mod page;
pub mod plot;
pub mod skipping;
pub mod theory;
pub mod tricks;
