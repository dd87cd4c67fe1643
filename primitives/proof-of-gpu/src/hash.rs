// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! SHA-256 behind a trait, so that a runtime can pass its host function.

use alloc::vec::Vec;

/// A SHA-256 digest, an account's raw bytes, or a key derived from a digest.
pub type Hash = [u8; 32];

/// SHA-256.
pub trait Sha256 {
    /// The digest of `data`.
    fn hash(data: &[u8]) -> Hash;
}

/// SHA-256 from the `sha2` library. A runtime supplies its host function instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftwareSha256;

impl Sha256 for SoftwareSha256 {
    fn hash(data: &[u8]) -> Hash {
        sha2::digest::Digest::finalize(sha2::digest::Digest::chain_update(
            <sha2::Sha256 as sha2::digest::Digest>::new(),
            data,
        ))
        .into()
    }
}

/// Parent of two hashes under a domain tag.
pub(crate) fn pair<H: Sha256>(tag: &[u8; 4], left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [0; 68];
    bytes[..4].copy_from_slice(tag);
    bytes[4..36].copy_from_slice(left);
    bytes[36..].copy_from_slice(right);
    H::hash(&bytes)
}

/// H(tag ‖ challenge ‖ le(number) ‖ peaks), the form of round keys and of roots.
pub(crate) fn over_peaks<'a, H: Sha256>(
    tag: &[u8; 4],
    challenge: &Hash,
    number: u32,
    peaks: impl Iterator<Item = &'a Hash>,
) -> Hash {
    let mut bytes = Vec::with_capacity(40 + 32 * crate::MAX_PEAKS);
    bytes.extend_from_slice(tag);
    bytes.extend_from_slice(challenge);
    bytes.extend_from_slice(&number.to_le_bytes());
    for peak in peaks {
        bytes.extend_from_slice(peak);
    }
    H::hash(&bytes)
}
