// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The accumulator from BABE's VRF outputs, byte by byte.

use super::chain::{Chain, GENESIS_SLOT};
use crate::{Babe, Runtime};
use pallet_proof_of_gpu::Beacon;
use sp_consensus_babe::{RANDOMNESS_VRF_CONTEXT, Slot, make_vrf_sign_data, make_vrf_transcript};
use sp_core::crypto::VrfSecret;
use sp_io::hashing::{blake2_256, sha2_256};
use sp_keyring::Sr25519Keyring::Alice;

/// Alice's VRF output for `slot` of the first epoch, whose randomness is zero.
fn output(slot: u64) -> [u8; 32] {
    let slot = Slot::from(slot);
    let signature = Alice
        .pair()
        .vrf_sign(&make_vrf_sign_data(&[0; 32], slot, 0));
    Alice
        .public()
        .make_bytes(
            RANDOMNESS_VRF_CONTEXT,
            &make_vrf_transcript(&[0; 32], slot, 0),
            &signature.pre_output,
        )
        .unwrap()
}

/// acc_n = H('BEAC' ‖ acc_{n−1} ‖ r_n).
fn next(acc: [u8; 32], r: [u8; 32]) -> [u8; 32] {
    sha2_256(&[b"BEAC".as_slice(), &acc, &r].concat())
}

fn acc() -> [u8; 32] {
    Beacon::<Runtime>::get().acc
}

#[test]
fn the_accumulator_is_made_of_the_parents_outputs() {
    let mut chain = Chain::new("development");
    chain.with(|| assert_eq!(acc(), [0; 32]));
    chain.empty();
    // Genesis has no author.
    chain.with(|| assert_eq!(acc(), [0; 32]));
    chain.empty();
    // `ParentBlockRandomness` hashes the output once more.
    let second = next([0; 32], blake2_256(&output(GENESIS_SLOT + 1)));
    chain.with(|| assert_eq!(acc(), second));
    chain.skip(5);
    chain.empty();
    let third = next(second, blake2_256(&output(GENESIS_SLOT + 2)));
    chain.with(|| assert_eq!(acc(), third));
}

#[test]
fn the_bytes_are_these() {
    let mut chain = Chain::new("development");
    chain.empty();
    chain.empty();
    // Of Alice, slot 1,000,001, epoch 0 and no randomness.
    let known = "0x9cb0f87f312cb3a92ab153619e3853cd33ee9a620b4fad3656dc44c8276c5508";
    chain.with(|| assert_eq!(sp_core::bytes::to_hex(&acc(), false), known));
}

#[test]
fn another_slot_gives_other_randomness() {
    let mut chain = Chain::new("development");
    chain.skip(1);
    chain.empty();
    chain.empty();
    chain.with(|| {
        assert_eq!(acc(), next([0; 32], blake2_256(&output(GENESIS_SLOT + 2))));
        assert_ne!(acc(), next([0; 32], blake2_256(&output(GENESIS_SLOT + 1))));
    });
}

#[test]
fn the_clock_is_the_start_of_the_slot() {
    let mut chain = Chain::new("development");
    chain.skip(3);
    chain.empty();
    let slot = chain.slot();
    chain.with(|| {
        assert_eq!(slot, GENESIS_SLOT + 4);
        assert_eq!(
            Beacon::<Runtime>::get().moment,
            slot * Babe::slot_duration()
        );
    });
}
