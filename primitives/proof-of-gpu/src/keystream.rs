// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The ChaCha8 keystream (IETF layout) in whole blocks.

use chacha20::{
    ChaChaCore, KeyIvInit, R8,
    cipher::{Array, StreamCipherCore, consts::U64},
    variants::Ietf,
};

use crate::Hash;

/// Bytes in a block.
pub(crate) const BLOCK: usize = 64;

/// One stream, read in whole blocks from the first one on.
pub(crate) struct Keystream(ChaChaCore<R8, Ietf>);

impl Keystream {
    /// The stream with the given key and nonce le(a) ‖ le(b) ‖ le(c).
    pub(crate) fn new(key: &Hash, nonce: [u32; 3]) -> Self {
        let mut bytes = [0; 12];
        for (bytes, word) in bytes.as_chunks_mut().0.iter_mut().zip(nonce) {
            *bytes = word.to_le_bytes();
        }
        Self(ChaChaCore::new(key.into(), &bytes.into()))
    }

    /// Goes to the block of the given number.
    pub(crate) fn seek(&mut self, block: u32) {
        self.0.set_block_pos(block);
    }

    /// Writes the next blocks. The counter has 32 bits; nothing in the protocol
    /// comes near its end.
    pub(crate) fn read(&mut self, blocks: &mut [[u8; BLOCK]]) {
        self.0
            .write_keystream_blocks(Array::<u8, U64>::cast_slice_from_core_mut(blocks));
    }
}
