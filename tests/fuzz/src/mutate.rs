// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Alterations of inputs, decided by a seed.

use stateful::Rng;

/// One of the corpus, with a few bytes changed, cut, repeated, moved or inserted, or
/// continued by another one; now and then bytes without any form. At most `longest`
/// bytes.
pub fn alter(rng: &mut Rng, corpus: &[Vec<u8>], longest: usize) -> Vec<u8> {
    let mut bytes = match rng.pick(corpus) {
        Some(input) if !rng.percent(3) => input.clone(),
        _ => {
            let length = rng.index(longest.min(512) + 1);
            (0..length).map(|_| byte(rng)).collect()
        }
    };
    for _ in 0..=rng.index(4) {
        once(rng, corpus, &mut bytes);
    }
    bytes.truncate(longest);
    bytes
}

fn byte(rng: &mut Rng) -> u8 {
    rng.bits().to_le_bytes()[0]
}

fn once(rng: &mut Rng, corpus: &[Vec<u8>], bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        bytes.push(byte(rng));
        return;
    }
    // Half of the time near the front, where choices are read.
    let reach = if rng.percent(50) {
        bytes.len().min(64)
    } else {
        bytes.len()
    };
    let at = rng.index(reach);
    let length = 1 + rng.index((bytes.len() - at).min(80));
    match rng.below(9) {
        0 | 1 => bytes[at] ^= 1 << rng.index(8),
        2 => bytes[at] = byte(rng),
        3 => bytes[at] = *rng.pick(&[0, 1, 0x7f, 0x80, 0xff]).unwrap_or(&0),
        4 => bytes.truncate(at),
        5 => drop(bytes.drain(at..at + length)),
        6 => bytes.extend_from_within(at..at + length),
        7 => {
            let piece = bytes[at..at + length].to_vec();
            let to = rng.index(bytes.len() - length + 1);
            bytes[to..to + length].copy_from_slice(&piece);
        }
        _ => {
            if let Some(other) = rng.pick(corpus) {
                let from = rng.index(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
        }
    }
}
