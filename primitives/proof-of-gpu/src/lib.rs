// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The proof-of-GPU protocol, version 1: what a prover computes, what it
//! commits to, and how a verifier checks a few samples of it by equality.
//!
//! An account that commits to `rounds` rounds shows that it has computed nearly
//! all of `rounds · 2·m·n·k` integer operations on matrices that were not known
//! before its window opened. The README of this crate is the protocol's text,
//! exact enough for a second implementation.
//!
//! # Terminology
//!
//! - **challenge**: 32 bytes that bind the work to one chain, window, account,
//!   GPU and shape.
//! - **round**: one product `C = A·B` of pseudo-random matrices, its key derived
//!   from every round before it.
//! - **tile**, **sub-tile**: a 64×64 block of C, and an 8×8 block of a tile.
//! - **fold**: the 32-bit hash of a sub-tile's entries.
//! - **range**: the Merkle mountain range over the rounds' roots; its **peaks**
//!   are sent once with a **reveal**.
//! - **opening**: what a reveal shows of one sampled sub-tile.
//!
//! # Features
//!
//! Without `std` the crate holds what a chain needs, up to [`verify_reveal`]; it
//! builds for `wasm32v1-none`. With `std` (the default) come the prover
//! ([`prover`]) and the JSON bundle (`bundle`).
//!
//! # Guarantees of the verifier
//!
//! - No panic, whatever the input: every way to be wrong is a [`VerifyError`].
//! - Bounded work: the decoded types are bounded, and the claim's shape, the
//!   number of rounds, openings and peaks and the length of every path are
//!   checked before anything proportional to them is done.
//! - Equality only; no tolerance, no floating point.
//! - No cast loses bits: what is written `as usize` comes from 32 bits or fewer, and
//!   the crate does not compile where an address has less. Where arithmetic wraps, the
//!   sum is exact modulo 2³² by design.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(all(doctest, feature = "std"), doc = include_str!("../README.md"))]

#[cfg(target_pointer_width = "16")]
compile_error!("lengths of 32 bits have to fit an address");

extern crate alloc;

mod challenge;
mod error;
mod hash;
mod keystream;
mod opening;
mod product;
mod refusal;
mod verify;
mod workload;

#[cfg(feature = "std")]
pub mod bundle;
pub mod matrix;
#[cfg(feature = "std")]
pub mod prover;
pub mod range;
pub mod sampling;
pub mod tile;
pub mod walk;

pub use challenge::{ChallengeInput, challenge, round_key};
pub use error::VerifyError;
pub use hash::{Hash, Sha256, SoftwareSha256};
pub use opening::{Opening, Path, PathTooLong};
pub use refusal::Refusal;
pub use verify::{Claim, check_openings, check_rounds, check_size, verify_reveal};
#[cfg(feature = "std")]
pub use workload::ParseWorkloadError;
pub use workload::Workload;

/// Version of the protocol that this crate speaks; part of every challenge.
pub const PROTOCOL_VERSION: u32 = 1;

/// Rows and columns of a tile of C.
pub const TILE: u32 = 64;

/// Rows and columns of a sub-tile.
pub const SUB_TILE: u32 = 8;

/// Sub-tiles in a tile, and so folds in a leaf.
pub const FOLDS: usize = 64;

/// Most peaks that a range can have.
pub const MAX_PEAKS: usize = 31;

/// Longest path from a tile's leaf to its round's root.
pub const MAX_TILE_PATH: usize = 16;

/// Longest path from a round's root to the peak that covers it.
pub const MAX_MOUNTAIN_PATH: usize = 30;

/// Most rounds in one commitment.
pub const MAX_ROUNDS: u32 = (1 << 31) - 1;
