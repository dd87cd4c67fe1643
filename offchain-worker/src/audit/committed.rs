// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whose commit to which window something is about.

use proof_of_gpu_primitives::Hash;

/// One GPU's commit to one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gpu {
    /// The window.
    pub window: u32,
    /// The miner's hotkey.
    pub account: Hash,
    /// Its GPU.
    pub gpu: u32,
}

impl Gpu {
    /// In the order of windows.
    pub(super) fn key(&self) -> [u8; 40] {
        let mut key = [0; 40];
        key[..4].copy_from_slice(&self.window.to_be_bytes());
        key[4..36].copy_from_slice(&self.account);
        key[36..].copy_from_slice(&self.gpu.to_be_bytes());
        key
    }

    /// The commit of a key.
    pub(super) fn from_key(key: &[u8]) -> Option<Self> {
        let (window, rest) = key.split_first_chunk()?;
        let (account, gpu) = rest.split_first_chunk()?;
        Some(Self {
            window: u32::from_be_bytes(*window),
            account: *account,
            gpu: u32::from_be_bytes(gpu.try_into().ok()?),
        })
    }
}
