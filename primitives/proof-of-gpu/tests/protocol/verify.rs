// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each check of the verifier, by a reveal in which only that check fails. The
//! twin of every refusal is the same reveal unaltered, which verifies.

use proof_of_gpu_primitives::{
    ChallengeInput, MAX_ROUNDS, Opening, Path, SoftwareSha256, VerifyError, Workload, challenge,
    check_openings, check_rounds,
    matrix::{fill_column, fill_row},
    range::commitment_root,
    tile::fold,
};

use crate::{
    cheat::{Cheat, Committed},
    support::{Reveal, input},
};

const SMALL: Workload = Workload::new(128, 128, 64);

/// An honest reveal of seven rounds of four tiles, three mountains among them.
fn honest() -> Reveal {
    let reveal = Reveal::honest(&input(1, SMALL), 7, 16);
    assert_eq!(reveal.verify(), Ok(()));
    reveal
}

/// The same reveal altered, and the error it gives.
fn altered(alter: impl FnOnce(&mut Reveal)) -> Result<(), VerifyError> {
    let mut reveal = honest();
    alter(&mut reveal);
    reveal.verify()
}

fn path<const N: usize>(from: &Path<N>, alter: impl FnOnce(&mut Vec<[u8; 32]>)) -> Path<N> {
    let mut siblings = from.to_vec();
    alter(&mut siblings);
    Path::try_from(siblings).expect("still short enough")
}

/// Index of an opening whose mountain path has an element.
fn on_a_mountain(reveal: &Reveal) -> usize {
    reveal
        .openings
        .iter()
        .position(|opening| !opening.mountain_path.is_empty())
        .expect("16 samples of seven rounds")
}

#[test]
fn rounds_from_one_to_the_most_are_allowed() {
    assert_eq!(check_rounds(0), Err(VerifyError::NoRounds));
    assert_eq!(check_rounds(1), Ok(()));
    assert_eq!(check_rounds(MAX_ROUNDS), Ok(()));
    assert_eq!(check_rounds(1 << 31), Err(VerifyError::TooManyRounds));
    assert_eq!(check_rounds(u32::MAX), Err(VerifyError::TooManyRounds));
}

#[test]
fn no_rounds() {
    let found = altered(|reveal| {
        reveal.claim.rounds = 0;
        reveal.peaks.clear();
        recommit(reveal);
    });
    assert_eq!(found, Err(VerifyError::NoRounds));
}

#[test]
fn two_to_the_31_rounds() {
    let found = altered(|reveal| {
        reveal.claim.rounds = 1 << 31;
        reveal.peaks.truncate(1);
        recommit(reveal);
    });
    assert_eq!(found, Err(VerifyError::TooManyRounds));
}

#[test]
fn shapes_out_of_bounds() {
    let shapes = [
        (Workload::new(96, 128, 64), VerifyError::Rows),
        (Workload::new(128, 0, 64), VerifyError::Columns),
        (Workload::new(128, 128, 65), VerifyError::Depth),
        (Workload::new(128, 128, 0), VerifyError::Depth),
        (Workload::new(32_768, 128, 64), VerifyError::Rows),
    ];
    for (workload, expected) in shapes {
        assert_eq!(
            altered(|reveal| reveal.claim.workload = workload),
            Err(expected)
        );
    }
}

#[test]
fn openings_are_exactly_those_asked_for() {
    assert_eq!(check_openings(0, 0), Err(VerifyError::NoOpenings));
    assert_eq!(check_openings(0, 1), Err(VerifyError::NoOpenings));
    assert_eq!(check_openings(1, 0), Err(VerifyError::NoOpenings));
    assert_eq!(check_openings(15, 16), Err(VerifyError::TooFewOpenings));
    assert_eq!(check_openings(16, 16), Ok(()));
    assert_eq!(check_openings(17, 16), Err(VerifyError::TooManyOpenings));
}

#[test]
fn no_openings() {
    assert_eq!(
        altered(|reveal| reveal.openings.clear()),
        Err(VerifyError::NoOpenings)
    );
    let none_asked = altered(|reveal| {
        reveal.openings.clear();
        reveal.samples = 0;
    });
    assert_eq!(none_asked, Err(VerifyError::NoOpenings));
}

#[test]
fn an_opening_less_than_asked() {
    let found = altered(|reveal| drop(reveal.openings.pop()));
    assert_eq!(found, Err(VerifyError::TooFewOpenings));
}

#[test]
fn an_opening_more_than_asked() {
    // The spare one is the true opening of the next sample.
    let mut reveal = Reveal::honest(&input(1, SMALL), 7, 17);
    assert_eq!(reveal.verify(), Ok(()));
    reveal.samples = 16;
    assert_eq!(reveal.verify(), Err(VerifyError::TooManyOpenings));
}

/// The commitment of someone who believes the altered peaks or rounds.
fn recommit(reveal: &mut Reveal) {
    let claim = &mut reveal.claim;
    claim.root = commitment_root::<SoftwareSha256>(&claim.challenge, claim.rounds, &reveal.peaks);
}

#[test]
fn a_peak_too_many() {
    let found = altered(|reveal| {
        reveal.peaks.push([3; 32]);
        recommit(reveal);
    });
    assert_eq!(found, Err(VerifyError::PeakCount));
}

#[test]
fn a_peak_too_few() {
    let found = altered(|reveal| {
        reveal.peaks.pop();
        recommit(reveal);
    });
    assert_eq!(found, Err(VerifyError::PeakCount));
}

#[test]
fn peaks_swapped() {
    assert_eq!(
        altered(|reveal| reveal.peaks.swap(0, 1)),
        Err(VerifyError::Root)
    );
    let committed_so = altered(|reveal| {
        reveal.peaks.swap(0, 1);
        recommit(reveal);
    });
    // The samples drawn by that root are others, of a mountain of another height.
    assert_eq!(
        committed_so,
        Err(VerifyError::MountainPathLength { opening: 0 })
    );
}

#[test]
fn another_root() {
    assert_eq!(
        altered(|reveal| reveal.claim.root[31] ^= 1),
        Err(VerifyError::Root)
    );
}

#[test]
fn another_number_of_rounds_with_as_many_peaks() {
    // 11 has three ones as well.
    assert_eq!(
        altered(|reveal| reveal.claim.rounds = 11),
        Err(VerifyError::Root)
    );
}

#[test]
fn a_tile_path_element_spare_or_missing() {
    let expected = Err(VerifyError::TilePathLength { opening: 5 });
    let spare = altered(|reveal| {
        let opening = &mut reveal.openings[5];
        opening.tile_path = path(&opening.tile_path, |path| path.push([0; 32]));
    });
    assert_eq!(spare, expected);
    let missing = altered(|reveal| {
        let opening = &mut reveal.openings[5];
        opening.tile_path = path(&opening.tile_path, |path| path.truncate(path.len() - 1));
    });
    assert_eq!(missing, expected);
}

#[test]
fn a_mountain_path_element_spare_or_missing() {
    let index = on_a_mountain(&honest());
    let opening = u32::try_from(index).expect("below 16");
    let expected = Err(VerifyError::MountainPathLength { opening });
    let spare = altered(|reveal| {
        let opening = &mut reveal.openings[index];
        opening.mountain_path = path(&opening.mountain_path, |path| path.push([0; 32]));
    });
    assert_eq!(spare, expected);
    let missing = altered(|reveal| {
        let opening = &mut reveal.openings[index];
        opening.mountain_path = path(&opening.mountain_path, |path| path.truncate(path.len() - 1));
    });
    assert_eq!(missing, expected);
}

#[test]
fn a_path_element_altered() {
    let tile = altered(|reveal| {
        let opening = &mut reveal.openings[2];
        opening.tile_path = path(&opening.tile_path, |path| path[1][7] ^= 4);
    });
    assert_eq!(tile, Err(VerifyError::Peak { opening: 2 }));
    let index = on_a_mountain(&honest());
    let mountain = altered(|reveal| {
        let opening = &mut reveal.openings[index];
        opening.mountain_path = path(&opening.mountain_path, |path| path[0][0] ^= 1);
    });
    let opening = u32::try_from(index).expect("below 16");
    assert_eq!(mountain, Err(VerifyError::Peak { opening }));
}

#[test]
fn a_fold_altered() {
    for fold in 0..64 {
        let found = altered(|reveal| reveal.openings[4].folds[fold] ^= 1 << 31);
        assert_eq!(found, Err(VerifyError::Peak { opening: 4 }));
    }
}

#[test]
fn a_leaf_that_names_another_tile_or_round() {
    let challenge = challenge::<SoftwareSha256>(&input(1, SMALL));
    let honest = Cheat::default().commit(challenge, SMALL, 2);
    assert_eq!(honest.reveal([9; 32], 4).verify(), Ok(()));

    let expected = Err(VerifyError::Peak { opening: 0 });
    let tile = Cheat {
        place: |round, tile| (round, tile ^ 1),
        ..Cheat::default()
    };
    assert_eq!(
        tile.commit(challenge, SMALL, 2).reveal([9; 32], 4).verify(),
        expected
    );
    let round = Cheat {
        place: |round, tile| (round + 1, tile),
        ..Cheat::default()
    };
    assert_eq!(
        round
            .commit(challenge, SMALL, 2)
            .reveal([9; 32], 4)
            .verify(),
        expected
    );
}

/// An honest commitment of eight rounds, one mountain, whose openings all have
/// paths of the same lengths.
fn eight_rounds() -> Committed {
    let challenge = challenge::<SoftwareSha256>(&input(1, SMALL));
    Cheat::default().commit(challenge, SMALL, 8)
}

#[test]
fn folds_and_paths_of_another_round_or_tile() {
    let committed = eight_rounds();
    let honest = committed.reveal([9; 32], 4);
    assert_eq!(honest.verify(), Ok(()));
    let sample = committed.proof().samples(&[9; 32], 4)[3];
    let expected = Err(VerifyError::Peak { opening: 3 });

    let refused = |opening: Opening| {
        let mut reveal = honest.clone();
        reveal.openings[3] = opening;
        reveal.verify()
    };
    assert_eq!(
        refused(committed.opening(sample.round, sample.tile)),
        Ok(())
    );
    assert_eq!(
        refused(committed.opening(sample.round ^ 1, sample.tile)),
        expected
    );
    assert_eq!(
        refused(committed.opening(sample.round, sample.tile ^ 1)),
        expected
    );
    let mut only_folds = committed.opening(sample.round, sample.tile);
    only_folds.folds = committed.opening(sample.round ^ 1, sample.tile).folds;
    assert_eq!(refused(only_folds), expected);
}

#[test]
fn openings_in_another_order() {
    let mut reveal = eight_rounds().reveal([9; 32], 4);
    assert_eq!(reveal.verify(), Ok(()));
    reveal.openings.swap(0, 1);
    assert_eq!(reveal.verify(), Err(VerifyError::Peak { opening: 0 }));
}

/// The 64 entries of a sub-tile of a round of one tile.
fn sub_tile(key: &[u8; 32], number: usize, depth: usize) -> [i32; 64] {
    let line = |fill: fn(&[u8; 32], u32, &mut [i16]), index: usize| {
        let mut entries = vec![0; depth];
        fill(key, u32::try_from(index).expect("below 64"), &mut entries);
        entries
    };
    core::array::from_fn(|entry| {
        let row = line(fill_row, number / 8 * 8 + entry / 8);
        let column = line(fill_column, number % 8 * 8 + entry % 8);
        row.iter()
            .zip(column)
            .map(|(a, b)| i32::from(*a) * i32::from(b))
            .sum()
    })
}

#[test]
fn a_product_off_by_one_in_one_entry_of_the_sampled_sub_tile() {
    const ONE_TILE: Workload = Workload::new(64, 64, 64);
    const WRONG: usize = 27;
    let challenge = challenge::<SoftwareSha256>(&input(1, ONE_TILE));
    let off_by = |error: i32| Cheat {
        folds: Box::new(move |_, key, folds| {
            let mut entries = sub_tile(key, WRONG, 64);
            entries[40] += error;
            folds[0][WRONG] = fold(&entries);
        }),
        ..Cheat::default()
    };
    // The cheat is found exactly when the sub-tile that is wrong is sampled.
    let lie = off_by(1).commit(challenge, ONE_TILE, 1);
    let mut found = 0;
    for beacon in 0..200 {
        let beacon = [beacon; 32];
        let hit = lie.proof().samples(&beacon, 1)[0].sub_tile == 27;
        let expected = if hit {
            Err(VerifyError::Product { opening: 0 })
        } else {
            Ok(())
        };
        assert_eq!(lie.reveal(beacon, 1).verify(), expected);
        found += u32::from(hit);
    }
    assert!(found > 0, "200 beacons sample each of 64 sub-tiles");

    let truth = off_by(0).commit(challenge, ONE_TILE, 1);
    for beacon in 0..200 {
        assert_eq!(truth.reveal([beacon; 32], 1).verify(), Ok(()));
    }
}

#[test]
fn rounds_computed_from_keys_that_skip_the_rounds_before() {
    let challenge = challenge::<SoftwareSha256>(&input(1, SMALL));
    let parallel = Cheat {
        key: |challenge, round, _| {
            proof_of_gpu_primitives::round_key::<SoftwareSha256>(challenge, round, &[])
        },
        ..Cheat::default()
    };
    // The first round has no rounds before it, so there it is not wrong.
    assert_eq!(
        parallel
            .commit(challenge, SMALL, 1)
            .reveal([9; 32], 8)
            .verify(),
        Ok(())
    );
    let committed = parallel.commit(challenge, SMALL, 8);
    let later = committed
        .proof()
        .samples(&[9; 32], 8)
        .iter()
        .position(|sample| sample.round > 0)
        .and_then(|index| u32::try_from(index).ok())
        .expect("eight samples of eight rounds");
    let expected = Err(VerifyError::Product { opening: later });
    assert_eq!(committed.reveal([9; 32], 8).verify(), expected);
}

#[test]
fn another_depth_under_the_same_challenge() {
    let found = altered(|reveal| reveal.claim.workload.k = 128);
    assert_eq!(found, Err(VerifyError::Product { opening: 0 }));
}

#[test]
fn another_shape_under_the_same_challenge() {
    let wider = altered(|reveal| reveal.claim.workload.n = 256);
    assert_eq!(wider, Err(VerifyError::TilePathLength { opening: 0 }));

    // As many tiles, at other places: only the first is where it was.
    let tall = Workload::new(128, 64, 64);
    let reveal = Reveal::honest(&input(1, tall), 1, 16);
    assert_eq!(reveal.verify(), Ok(()));
    let mut flat = reveal;
    flat.claim.workload = Workload::new(64, 128, 64);
    assert!(matches!(flat.verify(), Err(VerifyError::Product { .. })));
}

/// The work of one place, shown as that of another which differs in one respect.
fn shown_as(alter: impl FnOnce(&mut ChallengeInput)) -> Result<(), VerifyError> {
    let mut other = input(1, SMALL);
    alter(&mut other);
    altered(|reveal| {
        reveal.claim.challenge = challenge::<SoftwareSha256>(&other);
        reveal.claim.workload = other.workload;
    })
}

#[test]
fn the_work_is_of_one_account_window_gpu_chain_beacon_and_shape() {
    let expected = Err(VerifyError::Root);
    assert_eq!(shown_as(|_| ()), Ok(()));
    assert_eq!(shown_as(|place| place.account[0] ^= 1), expected);
    assert_eq!(shown_as(|place| place.window += 1), expected);
    assert_eq!(shown_as(|place| place.gpu += 1), expected);
    assert_eq!(shown_as(|place| place.genesis_hash[5] ^= 1), expected);
    assert_eq!(shown_as(|place| place.beacon[31] ^= 1), expected);
    assert_eq!(shown_as(|place| place.workload.k = 128), expected);
    assert_eq!(shown_as(|place| place.workload.m = 256), expected);
}

#[test]
fn another_sampling_beacon_asks_for_other_openings() {
    let mut reveal = eight_rounds().reveal([9; 32], 4);
    assert_eq!(reveal.verify(), Ok(()));
    reveal.sampling_beacon = [10; 32];
    assert_eq!(reveal.verify(), Err(VerifyError::Peak { opening: 0 }));
}

#[test]
fn the_first_check_that_fails_is_the_one_reported() {
    // From the last check to the first, each fault added to those before it.
    let mut reveal = eight_rounds().reveal([9; 32], 4);
    let mut then = |alter: &dyn Fn(&mut Reveal), expected| {
        alter(&mut reveal);
        assert_eq!(reveal.verify(), Err(expected));
    };
    then(
        &|reveal| reveal.claim.workload.k = 128,
        VerifyError::Product { opening: 0 },
    );
    then(
        &|reveal| reveal.openings[1].folds[0] ^= 1,
        VerifyError::Product { opening: 0 },
    );
    then(
        &|reveal| reveal.openings[0].folds[0] ^= 1,
        VerifyError::Peak { opening: 0 },
    );
    let shorten = |reveal: &mut Reveal| {
        let opening = &mut reveal.openings[3];
        opening.mountain_path = path(&opening.mountain_path, |path| path.truncate(path.len() - 1));
    };
    then(&shorten, VerifyError::MountainPathLength { opening: 3 });
    let lengthen = |reveal: &mut Reveal| {
        let opening = &mut reveal.openings[3];
        opening.tile_path = path(&opening.tile_path, |path| path.push([0; 32]));
    };
    then(&lengthen, VerifyError::TilePathLength { opening: 3 });
    then(&|reveal| reveal.claim.root[0] ^= 1, VerifyError::Root);
    then(&|reveal| reveal.peaks.push([0; 32]), VerifyError::PeakCount);
    then(&|reveal| reveal.samples = 5, VerifyError::TooFewOpenings);
    then(&|reveal| reveal.claim.rounds = 0, VerifyError::NoRounds);
    then(&|reveal| reveal.claim.workload.m = 1, VerifyError::Rows);
}
