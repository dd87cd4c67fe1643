// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The memory walk, version 2 of the protocol: what a prover fills its memory with,
//! how lanes walk it, and how a verifier checks a few of them by equality.
//!
//! docs/memory-walk.md is the text, exact enough for a second implementation, with
//! the analysis of the parameters.
//!
//! # Terminology
//!
//! - **entry**: 1024 bits of the **fill**, computed from the walk's challenge and the
//!   entry's number alone, by many rounds of a permutation of all the 1024 bits.
//! - **page**: entries of consecutive numbers, 1 GiB of them in production.
//! - **lane**: a fixed number of **hops**, each a read of an entry that what was read
//!   before chooses.
//! - **mark**: the 32 bits that a lane ends with.
//! - **batch**: lanes walked side by side, their keys derived from every batch before.
//!   It is to the walk what a round is to the product, 64 lanes being a **group**, which
//!   is what a tile is; marks take the place of folds.
//!
//! Whatever is said of the verifier of the product holds here: no panic, bounded
//! work, equality only.

mod challenge;
mod error;
mod lane;
mod parameters;
mod verify;

#[cfg(feature = "std")]
pub mod bundle;
pub mod permutation;
#[cfg(feature = "std")]
pub mod prover;

pub use challenge::{joined_challenge, walk_challenge};
pub use error::WalkError;
pub use lane::{Entry, HOP_ROUNDS, Lane, START_ROUNDS, entry, walk};
pub use parameters::{MAX_HOPS, MAX_LANE_ROUNDS, MAX_PAGE_BITS, MAX_PAGES, WalkParameters};
pub use verify::{WalkClaim, check_walk_size, verify_walk};

/// Version of the protocol that a walk is part of.
pub const WALK_VERSION: u32 = 2;

/// Bytes of an entry.
pub const ENTRY_BYTES: u32 = 128;
