// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Encoding: bounded, exact, and of the length that is announced.

use codec::{Decode, DecodeAll, DecodeWithMemLimit, Encode, MaxEncodedLen};
use proof_of_gpu_primitives::{
    Hash, MAX_MOUNTAIN_PATH, MAX_TILE_PATH, Opening, Path, PathTooLong, VerifyError, Workload,
};

fn opening(tile_path: usize, mountain_path: usize) -> Opening {
    Opening {
        folds: core::array::from_fn(|fold| u32::try_from(fold).expect("small")),
        tile_path: Path::try_from(vec![[1; 32]; tile_path]).expect("short enough"),
        mountain_path: Path::try_from(vec![[2; 32]; mountain_path]).expect("short enough"),
    }
}

#[test]
fn the_largest_opening_is_as_long_as_announced() {
    let largest = opening(MAX_TILE_PATH, MAX_MOUNTAIN_PATH);
    assert_eq!(largest.encoded_size(), Opening::max_encoded_len());
    assert_eq!(
        Opening::max_encoded_len(),
        64 * 4 + 1 + 16 * 32 + 1 + 30 * 32
    );
    assert_eq!(Workload::max_encoded_len(), 12);
    assert_eq!(
        VerifyError::Product { opening: 7 }.encoded_size(),
        VerifyError::max_encoded_len()
    );
}

#[test]
fn openings_come_back_as_they_were() {
    for (tile, mountain) in [
        (0, 0),
        (1, 0),
        (0, 1),
        (7, 9),
        (MAX_TILE_PATH, MAX_MOUNTAIN_PATH),
    ] {
        let opening = opening(tile, mountain);
        assert_eq!(Opening::decode_all(&mut &opening.encode()[..]), Ok(opening));
    }
}

#[test]
fn a_path_is_encoded_as_a_list() {
    let siblings: Vec<Hash> = vec![[1; 32], [2; 32]];
    let path = Path::<16>::try_from(siblings.clone()).expect("short enough");
    assert_eq!(path.encode(), siblings.encode());
    assert_eq!(&path[..], &siblings);
    assert_eq!(Vec::from(path), siblings);
}

#[test]
fn a_path_takes_no_more_than_its_bound() {
    assert!(Path::<16>::try_from(vec![[0; 32]; 16]).is_ok());
    assert_eq!(Path::<16>::try_from(vec![[0; 32]; 17]), Err(PathTooLong));
    assert!(Path::<16>::decode(&mut &vec![[0_u8; 32]; 16].encode()[..]).is_ok());
    assert!(Path::<16>::decode(&mut &vec![[0_u8; 32]; 17].encode()[..]).is_err());
}

#[test]
fn a_length_beyond_the_bound_is_refused_before_anything_is_read() {
    // A list said to have 2³⁰ − 1 elements, of which none follows.
    let announced = codec::Compact((1_u32 << 30) - 1).encode();
    let mut rest = &announced[..];
    let error = Path::<30>::decode(&mut rest).expect_err("refused");
    assert!(error.to_string().contains("longer"), "{error}");
    assert!(rest.is_empty());
}

#[test]
fn a_path_is_reckoned_at_the_memory_it_takes() {
    let path = Path::<MAX_MOUNTAIN_PATH>::try_from(vec![[3; 32]; 30]).expect("short enough");
    let encoded = path.encode();
    let decode = |limit| Path::<MAX_MOUNTAIN_PATH>::decode_with_mem_limit(&mut &encoded[..], limit);
    assert_eq!(decode(30 * 32 + 1), Ok(path));
    assert!(decode(30 * 32 - 1).is_err());
}
