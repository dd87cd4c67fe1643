// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each check of the verifier, by a reveal in which only that check fails. The twin of
//! every refusal is the same reveal unaltered, which verifies.

use proof_of_gpu_primitives::{
    MAX_ROUNDS, Opening, Path, SoftwareSha256, VerifyError,
    range::commitment_root,
    walk::{Lane, WalkError, WalkParameters, entry, walk, walk_challenge},
};

use crate::support::{CHALLENGE, Cheat, Reveal, SMALL, Walking, fill};

const BATCHES: u32 = 7;

fn honest() -> Reveal {
    let reveal = Reveal::of(&mut fill(SMALL), BATCHES, 6);
    assert_eq!(reveal.verify(), Ok(()));
    reveal
}

/// The honest reveal altered, and what it is refused for.
fn altered(alter: impl FnOnce(&mut Reveal)) -> Result<(), WalkError> {
    let mut reveal = honest();
    alter(&mut reveal);
    reveal.verify()
}

fn challenge() -> [u8; 32] {
    walk_challenge::<SoftwareSha256>(&CHALLENGE, &SMALL)
}

fn honest_entry(number: u32) -> [u32; 32] {
    entry(&challenge(), number, SMALL.rounds)
}

/// What a walk that commits to lies is refused for.
fn cheating(walking: Box<Walking>) -> Result<(), WalkError> {
    let mut cheat = Cheat {
        walk_challenge: challenge(),
        parameters: SMALL,
        walking,
    };
    Reveal::of(&mut cheat, BATCHES, 6).verify()
}

const MARK: Result<(), WalkError> = Err(WalkError::Mark { opening: 0 });

#[test]
fn a_cheat_that_does_nothing_wrong_is_accepted() {
    let verified = cheating(Box::new(|key, lane| walk(key, lane, &SMALL, honest_entry)));
    assert_eq!(verified, Ok(()));
}

#[test]
fn one_wrong_bit_in_any_word_of_an_entry_is_refused() {
    for word in 0..32 {
        let found = cheating(Box::new(move |key, lane| {
            walk(key, lane, &SMALL, |number| {
                let mut entry = honest_entry(number);
                entry[word] ^= 1 << 31;
                entry
            })
        }));
        assert_eq!(found, MARK, "word {word}");
    }
}

#[test]
fn an_entry_of_too_few_rounds_is_refused() {
    let found = cheating(Box::new(|key, lane| {
        walk(key, lane, &SMALL, |number| {
            entry(&challenge(), number, SMALL.rounds - 1)
        })
    }));
    assert_eq!(found, MARK);
}

#[test]
fn a_wrong_index_is_refused() {
    let found = cheating(Box::new(|key, lane| {
        walk(key, lane, &SMALL, |number| honest_entry(number ^ 1))
    }));
    assert_eq!(found, MARK);
}

#[test]
fn a_shortened_fill_is_refused() {
    // Two pages of the three, as a walk over two pages would index them.
    let short = WalkParameters { pages: 2, ..SMALL };
    let found = cheating(Box::new(move |key, lane| {
        walk(key, lane, &short, honest_entry)
    }));
    assert_eq!(found, MARK);
    // And a walk that indexes three pages but has only two to read.
    let found = cheating(Box::new(|key, lane| {
        walk(key, lane, &SMALL, |number| honest_entry(number % 32))
    }));
    assert_eq!(found, MARK);
}

#[test]
fn a_walk_over_the_fill_of_another_challenge_is_refused() {
    let other = walk_challenge::<SoftwareSha256>(&[0xc5; 32], &SMALL);
    let found = cheating(Box::new(move |key, lane| {
        walk(key, lane, &SMALL, |number| {
            entry(&other, number, SMALL.rounds)
        })
    }));
    assert_eq!(found, MARK);
}

#[test]
fn a_walk_over_the_fill_of_another_size_is_refused() {
    let larger = WalkParameters { pages: 4, ..SMALL };
    let other = walk_challenge::<SoftwareSha256>(&CHALLENGE, &larger);
    assert_ne!(other, challenge());
    let found = cheating(Box::new(move |key, lane| {
        walk(key, lane, &SMALL, |number| {
            entry(&other, number, SMALL.rounds)
        })
    }));
    assert_eq!(found, MARK);
}

#[test]
fn the_wrong_lane_is_refused() {
    let found = cheating(Box::new(|key, lane| {
        walk(key, lane ^ 1, &SMALL, honest_entry)
    }));
    assert_eq!(found, MARK);
}

#[test]
fn a_lane_under_another_key_is_refused() {
    let found = cheating(Box::new(|key, lane| {
        let mut key = *key;
        key[0] ^= 1;
        walk(&key, lane, &SMALL, honest_entry)
    }));
    assert_eq!(found, MARK);
}

#[test]
fn a_hop_too_few_or_too_many_is_refused() {
    for hops in [SMALL.hops - 1, SMALL.hops + 1] {
        let walked = WalkParameters { hops, ..SMALL };
        let found = cheating(Box::new(move |key, lane| {
            walk(key, lane, &walked, honest_entry)
        }));
        assert_eq!(found, MARK, "{hops} hops");
    }
}

#[test]
fn an_entry_read_but_not_taken_in_is_refused() {
    let found = cheating(Box::new(|key, lane| {
        let mut walked = Lane::new(key, lane);
        for _ in 1..SMALL.hops {
            walked.absorb(&honest_entry(walked.next(&SMALL)));
        }
        // The last hop mixes and leaves the entry out.
        walked.absorb(&[0; 32]);
        walked.mark()
    }));
    assert_eq!(found, MARK);
}

#[test]
fn an_altered_mark_is_refused() {
    let found = altered(|reveal| reveal.openings[1].folds[63] ^= 1);
    assert_eq!(found, Err(VerifyError::Peak { opening: 1 }.into()));
}

#[test]
fn exactly_as_many_openings_as_asked_for() {
    let none = altered(|reveal| reveal.openings.clear());
    assert_eq!(none, Err(VerifyError::NoOpenings.into()));
    let few = altered(|reveal| reveal.openings.truncate(5));
    assert_eq!(few, Err(VerifyError::TooFewOpenings.into()));
    let many = altered(|reveal| {
        let again = reveal.openings[0].clone();
        reveal.openings.push(again);
    });
    assert_eq!(many, Err(VerifyError::TooManyOpenings.into()));
}

#[test]
fn peaks_must_be_those_committed_to() {
    let missing = altered(|reveal| {
        reveal.peaks.pop();
    });
    assert_eq!(missing, Err(VerifyError::PeakCount.into()));
    let spare = altered(|reveal| reveal.peaks.push([0; 32]));
    assert_eq!(spare, Err(VerifyError::PeakCount.into()));
    let swapped = altered(|reveal| reveal.peaks.swap(0, 1));
    assert_eq!(swapped, Err(VerifyError::Root.into()));
}

/// Appends an element to a path, or takes the last one away.
fn resized<const N: usize>(path: &Path<N>, spare: bool) -> Path<N> {
    let mut siblings = path.to_vec();
    if spare {
        siblings.push([7; 32]);
    } else {
        siblings.pop().expect("not empty");
    }
    Path::try_from(siblings).expect("short")
}

#[test]
fn paths_have_exactly_the_length_of_their_place() {
    for spare in [true, false] {
        let found = altered(|reveal| {
            let Opening { tile_path, .. } = &mut reveal.openings[2];
            *tile_path = resized(tile_path, spare);
        });
        assert_eq!(
            found,
            Err(VerifyError::TilePathLength { opening: 2 }.into())
        );

        let mut place = 0;
        let found = altered(|reveal| {
            place = reveal
                .openings
                .iter()
                .position(|opening| !opening.mountain_path.is_empty())
                .expect("a sample below a peak");
            let Opening { mountain_path, .. } = &mut reveal.openings[place];
            *mountain_path = resized(mountain_path, spare);
        });
        let opening = u32::try_from(place).expect("small");
        assert_eq!(
            found,
            Err(VerifyError::MountainPathLength { opening }.into())
        );
    }
}

#[test]
fn lengths_are_checked_before_any_lane_is_walked() {
    let found = altered(|reveal| {
        // The first opening would fail its mark; the last one's length is found first.
        reveal.openings[0].folds = [0; 64];
        let Opening { tile_path, .. } = &mut reveal.openings[5];
        *tile_path = resized(tile_path, true);
    });
    assert_eq!(
        found,
        Err(VerifyError::TilePathLength { opening: 5 }.into())
    );
}

#[test]
fn the_claim_is_checked_before_anything_else() {
    let size = altered(|reveal| reveal.claim.parameters.rounds = 4_097);
    assert_eq!(size, Err(WalkError::Rounds));
    for (batches, expected) in [
        (0, VerifyError::NoRounds),
        (MAX_ROUNDS + 1, VerifyError::TooManyRounds),
    ] {
        let found = altered(|reveal| {
            reveal.claim.batches = batches;
            reveal.peaks.clear();
        });
        assert_eq!(found, Err(expected.into()));
    }
}

#[test]
fn the_fill_must_be_read_as_often_as_asked_for() {
    // 48 entries read 56 times are seven batches of 384 reads, and 57 times eight.
    let enough = WalkParameters {
        passes: 56,
        ..SMALL
    };
    let reveal = Reveal::of(&mut fill(enough), BATCHES, 6);
    assert_eq!(reveal.verify(), Ok(()));
    let mut more = reveal;
    more.claim.parameters.passes = 57;
    let challenge = walk_challenge::<SoftwareSha256>(&CHALLENGE, &more.claim.parameters);
    more.claim.root = commitment_root::<SoftwareSha256>(&challenge, BATCHES, &more.peaks);
    assert_eq!(more.verify(), Err(WalkError::TooFewBatches));
}
