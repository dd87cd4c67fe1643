// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The matrices: against their definition, and that they have no structure.

use chacha20::{ChaCha8, KeyIvInit, cipher::StreamCipher};
use proof_of_gpu_primitives::{
    Hash,
    matrix::{fill_column, fill_row},
};

const KEY: Hash = [0x17; 32];

fn row(i: u32, k: usize) -> Vec<i16> {
    let mut entries = vec![0; k];
    fill_row(&KEY, i, &mut entries);
    entries
}

fn column(j: u32, k: usize) -> Vec<i16> {
    let mut entries = vec![0; k];
    fill_column(&KEY, j, &mut entries);
    entries
}

/// A line as the protocol's text defines it.
fn defined(tag: u32, index: u32, k: usize) -> Vec<i16> {
    let mut nonce = [0; 12];
    nonce[..4].copy_from_slice(&tag.to_le_bytes());
    nonce[4..8].copy_from_slice(&index.to_le_bytes());
    let mut bytes = vec![0; k + k / 8];
    ChaCha8::new(&KEY.into(), &nonce.into()).write_keystream(&mut bytes);
    (0..k)
        .map(|e| {
            let bit = (bytes[k + e / 8] >> (e % 8)) & 1;
            i16::from(bytes[e]) + 256 * i16::from(bit) - 256
        })
        .collect()
}

#[test]
fn lines_are_what_the_text_defines() {
    for k in [64, 128, 192, 448, 512, 576, 1_024, 4_032, 4_096] {
        for index in [0, 1, 63, 16_383] {
            assert_eq!(row(index, k), defined(0x41, index, k), "row {index} of {k}");
            assert_eq!(
                column(index, k),
                defined(0x42, index, k),
                "column {index} of {k}"
            );
        }
    }
    // Row and column of one number are of different streams.
    assert_ne!(row(3, 64), column(3, 64));
}

#[test]
fn entries_past_a_multiple_of_64_are_left_alone() {
    let mut entries = vec![9; 100];
    fill_row(&KEY, 0, &mut entries);
    assert_eq!(entries[64..], [9; 36]);
    assert_eq!(entries[..64], defined(0x41, 0, 64));
}

#[test]
fn entries_are_uniform_over_nine_bits() {
    let mut counts = [0_u32; 512];
    for i in 0..128 {
        for entry in row(i, 4_096) {
            counts[usize::try_from(entry + 256).expect("at least -256")] += 1;
        }
    }
    // 1024 of each value are expected, with a deviation of 32.
    for (value, count) in counts.iter().enumerate() {
        assert!((800..1_250).contains(count), "{count} of {value}");
    }
}

const P: i64 = (1 << 31) - 1;

/// Rank of a square matrix modulo 2³¹ − 1, at most its rank over the integers.
fn rank(mut rows: Vec<Vec<i64>>) -> usize {
    let inverse = |x: i64| {
        let (mut power, mut result, mut exponent) = (x, 1, P - 2);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result * power % P;
            }
            power = power * power % P;
            exponent >>= 1;
        }
        result
    };
    let columns = rows[0].len();
    let mut rank = 0;
    for column in 0..columns {
        let Some(pivot) = (rank..rows.len()).find(|i| rows[*i][column].rem_euclid(P) != 0) else {
            continue;
        };
        rows.swap(rank, pivot);
        let scale = inverse(rows[rank][column].rem_euclid(P));
        let pivot: Vec<i64> = rows[rank]
            .iter()
            .map(|x| x.rem_euclid(P) * scale % P)
            .collect();
        for row in &mut rows[rank + 1..] {
            let factor = row[column].rem_euclid(P);
            for (entry, above) in row.iter_mut().zip(&pivot) {
                *entry = (entry.rem_euclid(P) - factor * above % P).rem_euclid(P);
            }
        }
        rank += 1;
    }
    rank
}

/// Ranks of what is left of a matrix after subtracting itself shifted down and to
/// the right, and down and to the left: small for entries that depend on i − j, and
/// on i + j.
fn displacement_ranks(matrix: &[Vec<i16>]) -> [usize; 2] {
    let at = |i: Option<usize>, j: Option<usize>| -> i64 {
        i.and_then(|i| matrix.get(i))
            .and_then(|row| j.and_then(|j| row.get(j)))
            .map_or(0, |entry| i64::from(*entry))
    };
    let minus_shifted = |left: bool| {
        let displaced = |i: usize, j: usize| {
            let beside = if left { Some(j + 1) } else { j.checked_sub(1) };
            at(Some(i), Some(j)) - at(i.checked_sub(1), beside)
        };
        let side = matrix.len();
        let rows = (0..side)
            .map(|i| (0..side).map(|j| displaced(i, j)).collect())
            .collect();
        rank(rows)
    };
    [minus_shifted(false), minus_shifted(true)]
}

#[test]
fn matrices_have_full_rank_and_full_displacement_rank() {
    let a: Vec<_> = (0..64).map(|i| row(i, 64)).collect();
    let b: Vec<_> = (0..64).map(|j| column(j, 64)).collect();
    for matrix in [a, b] {
        let exact = matrix
            .iter()
            .map(|row| row.iter().copied().map(i64::from).collect());
        assert!(rank(exact.collect()) >= 63);
        for rank in displacement_ranks(&matrix) {
            assert!(rank >= 63, "displacement rank {rank}");
        }
    }

    // Entries that depend on i + j or on i − j only are found out.
    let line = row(0, 128);
    let hankel: Vec<Vec<_>> = (0..64).map(|i| line[i..i + 64].to_vec()).collect();
    assert!(displacement_ranks(&hankel)[1] <= 2);
    let toeplitz: Vec<Vec<_>> = (0..64).map(|i| line[63 - i..127 - i].to_vec()).collect();
    assert!(displacement_ranks(&toeplitz)[0] <= 2);
}

#[test]
fn entries_on_one_antidiagonal_differ() {
    let rows: Vec<_> = (0..256).map(|i| row(i, 256)).collect();
    let pairs = (0..255).flat_map(|i| (0..255).map(move |j| (i, j)));
    let equal = pairs
        .filter(|(i, j)| rows[i + 1][*j] == rows[*i][j + 1])
        .count();
    // One in 512 of 65,025 by chance: 127, with a deviation of 11.
    assert!(equal < 200, "{equal} equal neighbours");
}
