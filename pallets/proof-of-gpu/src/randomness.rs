// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The accumulated randomness, and SHA-256 through the host.
//!
//! A single VRF output is known to its author an epoch ahead. The accumulator
//! depends on every author up to the last one, so nobody knows it before the
//! last block is authored; whoever authors the last j slots in a row knows it
//! j slots early, and may redraw it by withholding a block: one bit a slot.

use proof_of_gpu_primitives::{Hash, Sha256};
use sp_runtime::Perbill;

/// Domain tag of the accumulator.
pub const BEACON_TAG: [u8; 4] = *b"BEAC";

/// Domain tag of the draw that opens a window.
pub const OPEN_TAG: [u8; 4] = *b"OPEN";

/// Domain tag of the draw that puts proof calls in order.
pub const TURN_TAG: [u8; 4] = *b"TURN";

/// SHA-256 by the host function, many times faster than in wasm.
pub struct HostSha256;

impl Sha256 for HostSha256 {
    fn hash(data: &[u8]) -> Hash {
        sp_io::hashing::sha2_256(data)
    }
}

/// acc_n = H('BEAC' ‖ acc_{n−1} ‖ r_n), `output` being the parent's VRF
/// output r_n.
pub fn accumulate(accumulator: &Hash, output: &Hash) -> Hash {
    let mut data = [0u8; 68];
    data[..4].copy_from_slice(&BEACON_TAG);
    data[4..36].copy_from_slice(accumulator);
    data[36..].copy_from_slice(output);
    HostSha256::hash(&data)
}

/// How many places from the front of its band of priorities a hotkey's proof calls stand:
/// the first four bytes of H('TURN' ‖ beacon ‖ hotkey), the beacon being the window's for
/// commits and the sampling beacon for reveals and confirmations. Nobody knows it before
/// the beacon, so who registered before cannot choose it.
pub fn turn(beacon: &Hash, hotkey: &Hash) -> u32 {
    let mut data = [0u8; 68];
    data[..4].copy_from_slice(&TURN_TAG);
    data[4..36].copy_from_slice(beacon);
    data[36..].copy_from_slice(hotkey);
    let hash = HostSha256::hash(&data);
    let mut first = [0u8; 4];
    first.copy_from_slice(&hash[..4]);
    u32::from_be_bytes(first)
}

/// Whether the accumulator opens a window: u64le(H('OPEN' ‖ acc)) <
/// `chance` · 2⁶⁴.
pub fn opens(accumulator: &Hash, chance: Perbill) -> bool {
    let mut data = [0u8; 36];
    data[..4].copy_from_slice(&OPEN_TAG);
    data[4..].copy_from_slice(accumulator);
    let hash = HostSha256::hash(&data);
    let mut low = [0u8; 8];
    low.copy_from_slice(&hash[..8]);
    // Both sides times 10⁹, the parts of a Perbill: below 2⁹⁴.
    u128::from(u64::from_le_bytes(low)) * 1_000_000_000 < u128::from(chance.deconstruct()) << 64
}
