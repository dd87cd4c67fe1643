// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The shape of a round.

use core::fmt;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::{TILE, VerifyError};

const MIN_SIDE: u32 = 64;
const MAX_SIDE: u32 = 16_384;
const MIN_DEPTH: u32 = 64;
const MAX_DEPTH: u32 = 4_096;

// The protocol's bound on the entries of A and of B, k·max(m, n) ≤ 2²⁶, follows.
const _: () = assert!(MAX_DEPTH * MAX_SIDE <= 1 << 26);

/// Shape of a round: the product of an m×k and a k×n matrix.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
#[cfg_attr(feature = "std", derive(serde::Serialize, serde::Deserialize))]
pub struct Workload {
    /// Rows of A and of C: a power of two in [64, 16384].
    pub m: u32,
    /// Columns of B and of C: a power of two in [64, 16384].
    pub n: u32,
    /// Columns of A and rows of B: a multiple of 64 in [64, 4096].
    pub k: u32,
}

impl Workload {
    /// The shape m×n×k, not yet validated.
    pub const fn new(m: u32, n: u32, k: u32) -> Self {
        Self { m, n, k }
    }

    /// Whether the protocol allows this shape.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Rows`], [`VerifyError::Columns`] or [`VerifyError::Depth`], the
    /// first that applies.
    pub fn validate(&self) -> Result<(), VerifyError> {
        let side =
            |length: u32| length.is_power_of_two() && (MIN_SIDE..=MAX_SIDE).contains(&length);
        if !side(self.m) {
            return Err(VerifyError::Rows);
        }
        if !side(self.n) {
            return Err(VerifyError::Columns);
        }
        if !self.k.is_multiple_of(TILE) || !(MIN_DEPTH..=MAX_DEPTH).contains(&self.k) {
            return Err(VerifyError::Depth);
        }
        Ok(())
    }

    /// Tiles in a round, at most 65536 for a valid shape; 0 where the number does
    /// not fit 32 bits, which no valid shape reaches.
    pub const fn tiles(&self) -> u32 {
        match (self.m / TILE).checked_mul(self.n / TILE) {
            Some(tiles) => tiles,
            None => 0,
        }
    }

    /// Integer operations in a round, 2·m·n·k; below 2⁹⁷ for any shape.
    pub const fn operations(&self) -> u128 {
        2 * (self.m as u128) * (self.n as u128) * (self.k as u128)
    }
}

/// As `MxNxK`.
impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.m, self.n, self.k)
    }
}

/// Why a text is not a workload.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseWorkloadError {
    /// The text is not three numbers joined by `x`.
    #[error("a workload is written MxNxK, for example 512x512x512")]
    Form,
    /// The numbers are not a shape that the protocol allows.
    #[error(transparent)]
    Shape(#[from] VerifyError),
}

/// From `MxNxK`; only valid shapes are taken.
#[cfg(feature = "std")]
impl core::str::FromStr for Workload {
    type Err = ParseWorkloadError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut numbers = text.split('x').map(str::parse::<u32>);
        let mut next = || match numbers.next() {
            Some(Ok(number)) => Ok(number),
            _ => Err(ParseWorkloadError::Form),
        };
        let workload = Self::new(next()?, next()?, next()?);
        if numbers.next().is_some() {
            return Err(ParseWorkloadError::Form);
        }
        workload.validate()?;
        Ok(workload)
    }
}
