// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The reveal lottery with ten times more commits than the reveal phase holds: the
//! chain's own draw of whom it calls and what it samples, and its own bound on pay.

use ni_runtime::settings::{WindowParameters, defaults};
use proof_of_gpu_primitives::{
    Hash, Sha256, SoftwareSha256,
    sampling::{is_called, samples},
};
use stateful::Rng;
use tokenomics_primitives::pay::{Lottery, Terms, cap};

/// Commits for each place in the reveal phase.
const CROWD: u32 = 10;

fn parameters() -> WindowParameters {
    defaults::window()
}

fn hash(what: &[u8], number: u64) -> Hash {
    SoftwareSha256::hash(&[what, &number.to_le_bytes()].concat())
}

/// The GPU of index `gpu`: so many accounts of one to four GPUs.
fn gpu(number: u32) -> (Hash, u32) {
    (hash(b"account", u64::from(number / 4)), number % 4)
}

fn called(window: u64, number: u32, commits: u32, capacity: u32) -> bool {
    let (account, index) = gpu(number);
    is_called::<SoftwareSha256>(&hash(b"beacon", window), &account, index, commits, capacity)
}

#[test]
fn each_gpu_is_called_with_its_fair_share() {
    const WINDOWS: u32 = 300;
    const CAPACITY: u32 = 200;
    let commits = CROWD * CAPACITY;
    let mut counts = vec![0u32; usize::try_from(commits).unwrap()];
    for window in 0..WINDOWS {
        for (number, count) in (0..commits).zip(&mut counts) {
            *count += u32::from(called(window.into(), number, commits, CAPACITY));
        }
    }
    // A binomial each: mean 30, variance 30 · 9/10.
    let mean = f64::from(WINDOWS) / f64::from(CROWD);
    let variance = mean * (1.0 - 1.0 / f64::from(CROWD));
    let statistic: f64 = counts
        .iter()
        .map(|count| (f64::from(*count) - mean).powi(2) / variance)
        .sum();
    // χ² of so many degrees of freedom n has mean n and variance 2n: five standard
    // deviations, too even being as suspect as too uneven.
    let degrees = f64::from(commits);
    assert!(
        (statistic - degrees).abs() < 5.0 * (2.0 * degrees).sqrt(),
        "χ² = {statistic} of {degrees} degrees"
    );
}

#[test]
fn the_measure_of_fairness_sees_a_lottery_that_is_not() {
    const WINDOWS: u32 = 300;
    const CAPACITY: u32 = 200;
    let commits = CROWD * CAPACITY;
    // The accounts' first GPUs are called at half the chance.
    let statistic: f64 = (0..commits)
        .map(|number| {
            let count: u32 = (0..WINDOWS)
                .map(|window| {
                    let capacity = if number % 4 == 0 {
                        CAPACITY / 2
                    } else {
                        CAPACITY
                    };
                    u32::from(called(window.into(), number, commits, capacity))
                })
                .sum();
            (f64::from(count) - 30.0).powi(2) / 27.0
        })
        .sum();
    let degrees = f64::from(commits);
    assert!((statistic - degrees).abs() > 5.0 * (2.0 * degrees).sqrt());
}

/// The production chain's capacity is four fifths of what the phase's blocks hold
/// (the runtime's own tests hold it to that). Honest reveals are sent in the first
/// two thirds of the phase, each in the block its account's hash says, and wait for
/// the next block where one is full.
#[test]
fn the_reveal_phase_never_overflows() {
    const WINDOWS: u64 = 40;
    let WindowParameters {
        capacity, reveal, ..
    } = parameters();
    let commits = CROWD * capacity;
    let a_block = capacity * 5 / 4 / reveal;
    let sending = reveal * 2 / 3;
    let mut most = 0;
    for window in 0..WINDOWS {
        let mut rng = Rng::new(window);
        let mut arriving = vec![0u32; usize::try_from(reveal).unwrap()];
        for number in 0..commits {
            if called(window, number, commits, capacity) {
                let block = rng.within(0, sending - 1);
                arriving[usize::try_from(block).unwrap()] += 1;
            }
        }
        most = most.max(arriving.iter().sum());
        let left = arriving
            .iter()
            .fold(0, |waiting, new| (waiting + new).saturating_sub(a_block));
        assert_eq!(
            left, 0,
            "window {window} ended with reveals that found no room"
        );
    }
    assert!(
        most > capacity,
        "more are called than on average, now and then"
    );
    assert!(
        most < capacity * 11 / 10,
        "{most} were called of {capacity}"
    );
}

/// What a GPU that skips a share of its tiles has won or lost after many windows,
/// in the smallest unit. Everything it is paid counts as gained, the part it has
/// worked for included.
fn balance_of_a_liar(percent: u32, windows: u64, crowd: u32) -> i128 {
    const ROUNDS: u32 = 100_000;
    let WindowParameters {
        workload,
        samples: count,
        capacity,
        slash_share,
        bounty_share,
        ..
    } = parameters();
    let commits = crowd * capacity;
    let terms = |lottery| Terms {
        bond: 50_000_000_000,
        slash_share,
        bounty_share,
        samples: count,
        lottery,
    };
    let lottery = Some(Lottery { capacity, commits });
    let revealed = i128::try_from(cap(&terms(None)).unwrap()).unwrap();
    let confirmed = i128::try_from(cap(&terms(lottery)).unwrap()).unwrap();
    // A friend reports the offence and gives the bounty back.
    let slash = slash_share.mul_floor(terms(None).bond);
    let lost = i128::try_from(slash - bounty_share.mul_ceil(slash)).unwrap();

    let account = hash(b"liar", percent.into());
    let mut balance = 0;
    for window in 0..windows {
        let beacon = hash(b"beacon", window);
        if !is_called::<SoftwareSha256>(&beacon, &account, 0, commits, capacity) {
            balance += confirmed;
            continue;
        }
        let challenge = hash(b"challenge", window);
        let root = hash(b"root", window ^ u64::from(percent) << 32);
        let caught =
            samples::<SoftwareSha256>(&beacon, &challenge, &root, ROUNDS, workload.tiles(), count)
                // Which tiles are skipped is nobody's choice but the liar's: any set does.
                .any(|sample| {
                    (u64::from(sample.round) * 7 + u64::from(sample.tile) * 13) % 100
                        < percent.into()
                });
        balance += if caught { -lost } else { revealed };
    }
    balance
}

#[test]
fn a_liar_loses_at_every_share_of_lies() {
    for percent in 1..=100 {
        let balance = balance_of_a_liar(percent, 30_000, CROWD);
        assert!(balance < 0, "{percent}% of lies won {balance}");
    }
}

#[test]
fn the_honest_win_and_without_a_slash_so_would_the_liar() {
    assert!(balance_of_a_liar(0, 3_000, CROWD) > 0);
    // Called in every window or in one of ten, it comes to the same.
    for crowd in [1, CROWD, 100] {
        assert!(balance_of_a_liar(50, 3_000, crowd) < 0);
    }
}
