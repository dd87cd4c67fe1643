// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a reveal shows of one sample.

use alloc::vec::Vec;
use core::ops::Deref;

use codec::{Compact, Decode, DecodeWithMemTracking, Encode, EncodeLike, Input, MaxEncodedLen};
use scale_info::{Type, TypeInfo};

use crate::{FOLDS, Hash, MAX_MOUNTAIN_PATH, MAX_TILE_PATH};

/// At most `N` sibling hashes, bottom up. Encoded as a list; decoding refuses a
/// longer one before reading any of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode)]
pub struct Path<const N: usize>(Vec<Hash>);

/// A path has more elements than its type allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the path is longer than any can be")]
pub struct PathTooLong;

impl<const N: usize> TryFrom<Vec<Hash>> for Path<N> {
    type Error = PathTooLong;

    fn try_from(siblings: Vec<Hash>) -> Result<Self, Self::Error> {
        if siblings.len() > N {
            return Err(PathTooLong);
        }
        Ok(Self(siblings))
    }
}

impl<const N: usize> From<Path<N>> for Vec<Hash> {
    fn from(path: Path<N>) -> Self {
        path.0
    }
}

impl<const N: usize> Deref for Path<N> {
    type Target = [Hash];

    fn deref(&self) -> &[Hash] {
        &self.0
    }
}

impl<const N: usize> EncodeLike<Vec<Hash>> for Path<N> {}

impl<const N: usize> Decode for Path<N> {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        let Compact(length) = Compact::<u32>::decode(input)?;
        let length = length as usize;
        if length > N {
            return Err("path longer than any can be".into());
        }
        input.on_before_alloc_mem(length * size_of::<Hash>())?;
        let mut siblings = Vec::with_capacity(length);
        for _ in 0..length {
            siblings.push(Hash::decode(input)?);
        }
        Ok(Self(siblings))
    }
}

impl<const N: usize> DecodeWithMemTracking for Path<N> {}

impl<const N: usize> MaxEncodedLen for Path<N> {
    fn max_encoded_len() -> usize {
        const { assert!(N < 64, "the length prefix has one byte") };
        1 + N * size_of::<Hash>()
    }
}

impl<const N: usize> TypeInfo for Path<N> {
    type Identity = Vec<Hash>;

    fn type_info() -> Type {
        Vec::<Hash>::type_info()
    }
}

/// What a reveal shows of one sample, whose position is derived and not sent.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Opening {
    /// Folds of the tile's sub-tiles.
    pub folds: [u32; FOLDS],
    /// Siblings from the tile's leaf to its round's root: exactly log2 L.
    pub tile_path: Path<MAX_TILE_PATH>,
    /// Siblings from the round's root to the peak that covers it: exactly the
    /// mountain's height.
    pub mountain_path: Path<MAX_MOUNTAIN_PATH>,
}
