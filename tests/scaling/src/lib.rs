// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the assembled runtime's calls and blocks read and write, counted on states
//! with few and with many registered miners and commits.
//!
//! [`measure`] makes a chain in memory, fills it with as many miners and commits as
//! it is asked for, and then makes every call and every kind of block once. Counted
//! are distinct storage keys: one that was read before, or written, is at hand and
//! not read again. The keys that FRAME itself keeps at hand in every block are left
//! out, as in the pallets' benchmarks: the block's number, its events, its weight,
//! the total issuance.

mod count;
mod crowd;
mod scenario;

pub use count::{Counts, counted};
pub use scenario::measure;

/// How full the chain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Registered miners, with an account, a bond, a last commit and an unpaid
    /// result each.
    pub miners: u32,
    /// How many of them have committed to the running window.
    pub commits: u32,
}
