// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Every way in which a walk can be wrong.
#![allow(
    clippy::cast_possible_truncation,
    reason = "the codec's derive casts the variants' indices, all given below"
)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

use crate::VerifyError;

/// Why a walk, its size or its reveal is refused.
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
pub enum WalkError {
    /// The fill is of no pages or of more than 512.
    #[codec(index = 0)]
    #[error("the fill does not have 1 to 512 pages")]
    Pages,
    /// A page has more than 2²³ entries.
    #[codec(index = 1)]
    #[error("a page has more than 2^23 entries")]
    PageBits,
    /// An entry does not take 8 to 4096 rounds.
    #[codec(index = 2)]
    #[error("an entry does not take 8 to 4096 rounds")]
    Rounds,
    /// The lanes of a batch are not a power of two from 64 to 2²².
    #[codec(index = 3)]
    #[error("the lanes of a batch are not a power of two from 64 to 2^22")]
    Lanes,
    /// A lane does not make 1 to 64 hops, or its entries take more than 2¹⁵ rounds.
    #[codec(index = 4)]
    #[error("a lane does not make 1 to 64 hops of 2^15 rounds in all")]
    Hops,
    /// The fill would have to be read more than 1024 times.
    #[codec(index = 5)]
    #[error("more than 1024 passes are asked for")]
    Passes,
    /// The batches read the fill less often than is asked for.
    #[codec(index = 6)]
    #[error("there are too few batches for the size of the fill")]
    TooFewBatches,
    /// What the walk has in common with the product is wrong: the number of batches
    /// (there: rounds), openings or peaks, the root, a path or a peak.
    #[codec(index = 7)]
    #[error(transparent)]
    Commitment(#[from] VerifyError),
    /// The sampled lane, walked by the verifier, has another mark than the committed
    /// one.
    #[codec(index = 8)]
    #[error("opening {opening}: the sampled lane ends with another mark")]
    Mark {
        /// Index of the opening.
        opening: u32,
    },
}
