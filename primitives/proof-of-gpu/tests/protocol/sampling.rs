// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The samples and the lottery.

use chacha20::{ChaCha8, KeyIvInit, cipher::StreamCipher};
use proof_of_gpu_primitives::{
    Sha256, SoftwareSha256,
    sampling::{Sample, is_called, samples},
};

/// Samples as the protocol's text defines them.
fn defined(rounds: u32, tiles: u32, count: usize) -> Vec<Sample> {
    let mut seed = b"SMPL".to_vec();
    seed.extend([[1; 32], [2; 32], [3; 32]].concat());
    let mut bytes = vec![0; 12 * count];
    let key = SoftwareSha256::hash(&seed);
    ChaCha8::new(&key.into(), &[0; 12].into()).write_keystream(&mut bytes);
    bytes
        .chunks(12)
        .map(|draw| {
            let word = |at: usize| {
                u32::from_le_bytes([draw[at], draw[at + 1], draw[at + 2], draw[at + 3]])
            };
            let scaled = |x: u32, n: u32| {
                u32::try_from((u64::from(x) * u64::from(n)) >> 32).expect("below n")
            };
            Sample {
                round: scaled(word(0), rounds),
                tile: scaled(word(4), tiles),
                sub_tile: word(8) & 63,
            }
        })
        .collect()
}

#[test]
fn samples_are_what_the_text_defines() {
    for (rounds, tiles) in [(1, 1), (7, 4), (1_000, 65_536), ((1 << 31) - 1, 65_536)] {
        let drawn: Vec<_> =
            samples::<SoftwareSha256>(&[1; 32], &[2; 32], &[3; 32], rounds, tiles, 100).collect();
        assert_eq!(drawn, defined(rounds, tiles, 100));
        assert!(drawn.iter().all(|sample| {
            sample.round < rounds && sample.tile < tiles && sample.sub_tile < 64
        }));
    }
}

#[test]
fn samples_depend_on_beacon_challenge_and_root() {
    let of = |beacon: u8, challenge: u8, root: u8| -> Vec<_> {
        samples::<SoftwareSha256>(&[beacon; 32], &[challenge; 32], &[root; 32], 900, 64, 8)
            .collect()
    };
    assert_eq!(of(1, 2, 3), of(1, 2, 3));
    for other in [of(0, 2, 3), of(1, 0, 3), of(1, 2, 0)] {
        assert_ne!(of(1, 2, 3), other);
    }
}

#[test]
fn no_samples_are_none() {
    assert_eq!(
        samples::<SoftwareSha256>(&[1; 32], &[2; 32], &[3; 32], 5, 5, 0).count(),
        0
    );
}

fn called(commits: u32, capacity: u32) -> usize {
    (0..2_000)
        .filter(|gpu| is_called::<SoftwareSha256>(&[8; 32], &[9; 32], *gpu, commits, capacity))
        .count()
}

#[test]
fn all_are_called_while_capacity_lasts() {
    assert_eq!(called(1, 1), 2_000);
    assert_eq!(called(500, 500), 2_000);
    assert_eq!(called(499, 500), 2_000);
    assert_eq!(called(u32::MAX, u32::MAX), 2_000);
    assert_eq!(called(0, 0), 0);
    assert_eq!(called(1, 0), 0);
}

#[test]
fn beyond_capacity_each_is_called_with_its_share_of_it() {
    // Binomial with deviations of 22 and 19.
    assert!((900..1_100).contains(&called(1_000, 500)));
    assert!((420..580).contains(&called(2_000, 500)));
    assert!(called(501, 500) < 2_000 && called(501, 500) > 1_980);
}

#[test]
fn the_lottery_knows_beacon_account_and_gpu() {
    let draws = |beacon: u8, account: u8| -> Vec<bool> {
        (0..64)
            .map(|gpu| is_called::<SoftwareSha256>(&[beacon; 32], &[account; 32], gpu, 2, 1))
            .collect()
    };
    assert_ne!(draws(1, 1), draws(2, 1));
    assert_ne!(draws(1, 1), draws(1, 2));
    assert!(draws(1, 1).contains(&true) && draws(1, 1).contains(&false));
}

#[test]
fn a_ticket_is_the_first_eight_bytes_of_its_hash() {
    let mut text = b"CALL".to_vec();
    text.extend([[8; 32], [9; 32]].concat());
    text.extend(5_u32.to_le_bytes());
    let hash = SoftwareSha256::hash(&text);
    let ticket = u64::from_le_bytes(hash[..8].try_into().expect("eight bytes"));
    // Called exactly while ticket · commits < capacity · 2⁶⁴.
    let most = u32::try_from((1_000_u128 << 64) / u128::from(ticket)).expect("a likely ticket");
    assert!(is_called::<SoftwareSha256>(
        &[8; 32], &[9; 32], 5, most, 1_000
    ));
    assert!(!is_called::<SoftwareSha256>(
        &[8; 32],
        &[9; 32],
        5,
        most + 1,
        1_000
    ));
}
