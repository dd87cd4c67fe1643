// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The size of a reveal: one for a claim and a beacon, whatever the reveal says.

use codec::Encode;
use proof_of_gpu_primitives::{
    Hash, MAX_MOUNTAIN_PATH, MAX_PEAKS, MAX_TILE_PATH, Opening, Path, VerifyError, Workload,
};

use crate::support::{Reveal, input};

const SAMPLES: u32 = 16;

/// An honest reveal of seven rounds of four tiles.
fn honest() -> Reveal {
    Reveal::honest(&input(1, Workload::new(128, 128, 64)), 7, SAMPLES)
}

fn bytes(reveal: &Reveal) -> usize {
    (&reveal.peaks, &reveal.openings).encoded_size()
}

fn hashes<const N: usize>(number: usize) -> Path<N> {
    Path::try_from(vec![[7; 32]; number]).expect("short enough")
}

#[test]
fn lies_have_the_same_size() {
    let mut lie = honest();
    for hash in &mut lie.peaks {
        *hash = [0xee; 32];
    }
    for opening in &mut lie.openings {
        *opening = Opening {
            folds: [1; 64],
            tile_path: hashes(opening.tile_path.len()),
            mountain_path: hashes(opening.mountain_path.len()),
        };
    }
    assert_eq!(lie.size(), Ok(()));
    assert_eq!(bytes(&lie), bytes(&honest()));
    assert_eq!(lie.verify(), Err(VerifyError::Root));
}

/// Every list of a reveal at every length that its type can hold: one length passes, the
/// honest one, and the rest are told by name.
#[test]
fn each_list_has_one_length() {
    let whole = honest();
    let peak: Hash = [3; 32];
    for number in 0..=MAX_PEAKS {
        let mut reveal = whole.clone();
        reveal.peaks.resize(number, peak);
        let expected = match number == whole.peaks.len() {
            true => Ok(()),
            false => Err(VerifyError::PeakCount),
        };
        assert_eq!(reveal.size(), expected, "{number} peaks");
    }
    for number in 0..=2 * whole.openings.len() {
        let mut reveal = whole.clone();
        reveal.openings.resize(number, whole.openings[0].clone());
        assert_eq!(
            reveal.size().is_ok(),
            number == whole.openings.len(),
            "{number} openings"
        );
    }
    for (place, honest) in whole.openings.iter().enumerate() {
        let opening = u32::try_from(place).expect("16 openings");
        for number in 0..=MAX_TILE_PATH {
            let mut reveal = whole.clone();
            reveal.openings[place].tile_path = hashes(number);
            let expected = match number == honest.tile_path.len() {
                true => Ok(()),
                false => Err(VerifyError::TilePathLength { opening }),
            };
            assert_eq!(reveal.size(), expected, "a tile path of {number}");
        }
        for number in 0..=MAX_MOUNTAIN_PATH {
            let mut reveal = whole.clone();
            reveal.openings[place].mountain_path = hashes(number);
            let expected = match number == honest.mountain_path.len() {
                true => Ok(()),
                false => Err(VerifyError::MountainPathLength { opening }),
            };
            assert_eq!(reveal.size(), expected, "a mountain path of {number}");
        }
    }
}
