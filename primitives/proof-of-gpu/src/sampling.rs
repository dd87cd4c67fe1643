// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which sub-tiles a reveal opens, and whom the lottery calls to reveal.

use crate::{
    Hash, Sha256,
    keystream::{BLOCK, Keystream},
};

/// Position of a sampled sub-tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sample {
    /// Number of the round, from 0.
    pub round: u32,
    /// Number of the tile in the round: I·(n/64) + J.
    pub tile: u32,
    /// Number of the sub-tile in the tile: 8a + b, below 64.
    pub sub_tile: u32,
}

/// Bytes of keystream that one sample is drawn from.
const DRAW: usize = 12;

/// Samples drawn at a time, from as many whole blocks of keystream.
const DRAWS: usize = 16;
const BLOCKS: usize = DRAWS * DRAW / BLOCK;

/// The first `count` samples of a commitment, `tiles` being those of a round. A
/// position drawn twice comes twice.
///
/// Meaningful for at least one round and one tile.
pub fn samples<H: Sha256>(
    sampling_beacon: &Hash,
    challenge: &Hash,
    root: &Hash,
    rounds: u32,
    tiles: u32,
    count: u32,
) -> impl Iterator<Item = Sample> + use<H> {
    let mut bytes = [0; 100];
    bytes[..4].copy_from_slice(b"SMPL");
    bytes[4..36].copy_from_slice(sampling_beacon);
    bytes[36..68].copy_from_slice(challenge);
    bytes[68..].copy_from_slice(root);
    let mut stream = Keystream::new(&H::hash(&bytes), [0; 3]);
    let mut blocks = [[0; BLOCK]; BLOCKS];
    (0..count).map(move |index| {
        let in_batch = index as usize % DRAWS;
        if in_batch == 0 {
            stream.read(&mut blocks);
        }
        let (draws, _) = blocks.as_flattened().as_chunks::<DRAW>();
        let [x0, x1, x2, x3, y0, y1, y2, y3, z0, ..] = draws[in_batch];
        Sample {
            round: scale(u32::from_le_bytes([x0, x1, x2, x3]), rounds),
            tile: scale(u32::from_le_bytes([y0, y1, y2, y3]), tiles),
            sub_tile: u32::from(z0 & 63),
        }
    })
}

/// Whether the lottery calls a GPU to reveal: with probability capacity/commits,
/// certainly while there are no more commits than capacity.
pub fn is_called<H: Sha256>(
    sampling_beacon: &Hash,
    account: &Hash,
    gpu: u32,
    commits: u32,
    capacity: u32,
) -> bool {
    let mut bytes = [0; 72];
    bytes[..4].copy_from_slice(b"CALL");
    bytes[4..36].copy_from_slice(sampling_beacon);
    bytes[36..68].copy_from_slice(account);
    bytes[68..].copy_from_slice(&gpu.to_le_bytes());
    let [a, b, c, d, e, f, g, h, ..] = H::hash(&bytes);
    let ticket = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    u128::from(ticket) * u128::from(commits) < u128::from(capacity) << 64
}

/// x from [0, 2³²) to [0, n): the upper half of their product.
fn scale(x: u32, n: u32) -> u32 {
    let [a, b, c, d, ..] = (u64::from(x) * u64::from(n)).to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}
