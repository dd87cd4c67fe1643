// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The challenge of one GPU in one window, and the keys of its rounds.

use crate::{
    PROTOCOL_VERSION, Workload,
    hash::{Hash, Sha256, over_peaks},
};

/// What a challenge binds the work to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengeInput {
    /// Hash of the chain's block 0.
    pub genesis_hash: Hash,
    /// Number of the window.
    pub window: u32,
    /// The window's beacon.
    pub beacon: Hash,
    /// Raw bytes of the account that commits.
    pub account: Hash,
    /// Index of the GPU among the account's.
    pub gpu: u32,
    /// Shape of the window's rounds.
    pub workload: Workload,
}

/// Challenge of one GPU in one window.
pub fn challenge<H: Sha256>(input: &ChallengeInput) -> Hash {
    let mut bytes = [0; 124];
    let fields: [&[u8]; 10] = [
        b"CHAL",
        &PROTOCOL_VERSION.to_le_bytes(),
        &input.genesis_hash,
        &input.window.to_le_bytes(),
        &input.beacon,
        &input.account,
        &input.gpu.to_le_bytes(),
        &input.workload.m.to_le_bytes(),
        &input.workload.n.to_le_bytes(),
        &input.workload.k.to_le_bytes(),
    ];
    let mut rest = &mut bytes[..];
    for field in fields {
        let (head, tail) = rest.split_at_mut(field.len());
        head.copy_from_slice(field);
        rest = tail;
    }
    H::hash(&bytes)
}

/// Key of round `round`, `peaks` being those of the range over all rounds before
/// it, oldest first (none for round 0).
pub fn round_key<H: Sha256>(challenge: &Hash, round: u32, peaks: &[Hash]) -> Hash {
    over_peaks::<H>(b"SEED", challenge, round, peaks.iter())
}
