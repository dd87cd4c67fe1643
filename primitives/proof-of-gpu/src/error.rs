// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Every way in which a reveal can be wrong.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the codec's derive casts the variants' indices, all given below"
)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Why a claim, its shape or its reveal is refused. Where one opening is at
/// fault, its index is given.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    thiserror::Error,
)]
pub enum VerifyError {
    /// m is not a power of two in [64, 16384].
    #[codec(index = 0)]
    #[error("m is not a power of two in [64, 16384]")]
    Rows,
    /// n is not a power of two in [64, 16384].
    #[codec(index = 1)]
    #[error("n is not a power of two in [64, 16384]")]
    Columns,
    /// k is not a multiple of 64 in [64, 4096].
    #[codec(index = 2)]
    #[error("k is not a multiple of 64 in [64, 4096]")]
    Depth,
    /// The claim is of no rounds.
    #[codec(index = 3)]
    #[error("the claim is of no rounds")]
    NoRounds,
    /// The claim is of 2³¹ rounds or more.
    #[codec(index = 4)]
    #[error("the claim is of 2^31 rounds or more")]
    TooManyRounds,
    /// The reveal has no openings, or none is asked for.
    #[codec(index = 5)]
    #[error("there are no openings")]
    NoOpenings,
    /// The reveal has fewer openings than asked for.
    #[codec(index = 6)]
    #[error("there are fewer openings than asked for")]
    TooFewOpenings,
    /// The reveal has more openings than asked for.
    #[codec(index = 7)]
    #[error("there are more openings than asked for")]
    TooManyOpenings,
    /// The number of peaks is not the number of ones in the number of rounds.
    #[codec(index = 8)]
    #[error("the number of peaks does not fit the number of rounds")]
    PeakCount,
    /// The peaks are not those that the claim's root commits to.
    #[codec(index = 9)]
    #[error("the peaks do not give the committed root")]
    Root,
    /// An opening's tile path does not have exactly log2 L elements.
    #[codec(index = 10)]
    #[error("opening {opening}: the tile path has the wrong length")]
    TilePathLength {
        /// Index of the opening.
        opening: u32,
    },
    /// An opening's mountain path is not exactly as long as its mountain is high.
    #[codec(index = 11)]
    #[error("opening {opening}: the mountain path has the wrong length")]
    MountainPathLength {
        /// Index of the opening.
        opening: u32,
    },
    /// An opening's folds and paths, put at the sampled position, do not lead to
    /// the peak that covers the sampled round.
    #[codec(index = 12)]
    #[error("opening {opening}: its folds and paths do not lead to the committed peak")]
    Peak {
        /// Index of the opening.
        opening: u32,
    },
    /// The sampled sub-tile of the product has another fold than the committed one.
    #[codec(index = 13)]
    #[error("opening {opening}: the sampled sub-tile's product has another fold")]
    Product {
        /// Index of the opening.
        opening: u32,
    },
}
