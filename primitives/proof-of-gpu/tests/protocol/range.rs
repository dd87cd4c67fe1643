// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The mountain range, against a definition by recursion.

use proof_of_gpu_primitives::{
    Hash, MAX_ROUNDS, Sha256, SoftwareSha256, Workload,
    prover::Proof,
    range::{Place, Range, commitment_root, parent},
    round_key,
};

fn root(round: usize) -> Hash {
    SoftwareSha256::hash(&round.to_le_bytes())
}

/// Top of the perfect tree over the given roots.
fn mountain(roots: &[Hash]) -> Hash {
    match roots {
        [only] => *only,
        _ => {
            let (left, right) = roots.split_at(roots.len() / 2);
            parent::<SoftwareSha256>(&mountain(left), &mountain(right))
        }
    }
}

/// Peaks by cutting off the largest power of two from the left.
fn peaks(roots: &[Hash]) -> Vec<Hash> {
    let Some(height) = roots.len().checked_ilog2() else {
        return Vec::new();
    };
    let (covered, rest) = roots.split_at(1 << height);
    let mut all = vec![mountain(covered)];
    all.extend(peaks(rest));
    all
}

#[test]
fn peaks_are_the_mountains_of_the_binary_form() {
    let roots: Vec<_> = (0..300).map(root).collect();
    let mut range = Range::default();
    assert!(range.peaks().is_empty());
    for count in 1..=roots.len() {
        range
            .append::<SoftwareSha256>(roots[count - 1])
            .expect("not full");
        assert_eq!(range.peaks(), peaks(&roots[..count]), "{count} rounds");
        assert_eq!(range.rounds() as usize, count);
    }
}

#[test]
fn parents_keys_and_roots_are_hashes_under_their_tags() {
    let of = |parts: &[&[u8]]| SoftwareSha256::hash(&parts.concat());
    let (x, y) = ([1; 32], [2; 32]);
    assert_eq!(parent::<SoftwareSha256>(&x, &y), of(&[b"MMRN", &x, &y]));
    let number = 9_u32.to_le_bytes();
    assert_eq!(
        commitment_root::<SoftwareSha256>(&x, 9, &[y, x]),
        of(&[b"ROOT", &x, &number, &y, &x])
    );
    assert_eq!(
        round_key::<SoftwareSha256>(&x, 9, &[y]),
        of(&[b"SEED", &x, &number, &y])
    );
}

#[test]
fn a_place_is_the_mountain_that_covers_the_round() {
    for rounds in 1_u32..130 {
        let (mut first, mut peak) = (0, 0);
        for height in (0..8).rev().filter(|height| (rounds >> height) & 1 == 1) {
            for position in 0..1 << height {
                let place = Place::of(first + position, rounds);
                assert_eq!(
                    place,
                    Some(Place {
                        peak,
                        height,
                        position
                    })
                );
            }
            first += 1 << height;
            peak += 1;
        }
        assert_eq!(Place::of(rounds, rounds), None);
    }
    let last = Place::of(MAX_ROUNDS - 1, MAX_ROUNDS);
    assert_eq!(
        last,
        Some(Place {
            peak: 30,
            height: 0,
            position: 0
        })
    );
    let first = Place::of(0, MAX_ROUNDS);
    assert_eq!(
        first,
        Some(Place {
            peak: 0,
            height: 30,
            position: 0
        })
    );
    assert_eq!(Place::of(0, 0), None);
    assert_eq!(Place::of(0, 1 << 31), None);
    assert_eq!(Place::of(0, u32::MAX), None);
}

#[test]
fn a_proof_has_the_keys_and_paths_of_its_range() {
    let roots: Vec<_> = (0..77).map(root).collect();
    let challenge = [4; 32];
    let proof = Proof::from_round_roots(challenge, Workload::new(64, 64, 64), roots.clone())
        .expect("valid");
    assert_eq!(proof.peaks(), peaks(&roots));
    let keys: Vec<_> = proof.round_keys().collect();
    for round in 0..77_u32 {
        let before = peaks(&roots[..round as usize]);
        let key = round_key::<SoftwareSha256>(&challenge, round, &before);
        assert_eq!(keys[round as usize], key);

        let place = Place::of(round, 77).expect("in the range");
        let path = proof.mountain_path(round).expect("in the range");
        assert_eq!(path.len(), place.height as usize);
        let top = (0..)
            .zip(&path)
            .fold(roots[round as usize], |node, (level, sibling)| {
                if place.is_right(level) {
                    parent::<SoftwareSha256>(sibling, &node)
                } else {
                    parent::<SoftwareSha256>(&node, sibling)
                }
            });
        assert_eq!(top, proof.peaks()[place.peak]);
    }
    assert_eq!(proof.mountain_path(77), None);
}
