// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The reveal lottery with ten times more commits than the reveal phase holds: the
//! chain's own draw of whom it calls and what it samples, and what its pallets pay and
//! slash.

use frame_support::traits::Get;
use ni_runtime::{
    AccountId, Balances, Emission, Registration, RuntimeOrigin, Settings, System,
    configs::proof::MAX_SAMPLES,
    settings::{RegistrationParameters, WindowParameters, defaults},
};
use pallet_emission::VerifiedResult;
use pallet_registration::Role;
use proof_of_gpu_primitives::{
    Hash, Sha256, SoftwareSha256,
    sampling::{is_called, samples},
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::Perbill;
use stateful::{Rng, chain::Chain, memory::Memory};

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

/// What the runtime pays and takes, in the smallest unit.
#[derive(Clone, Copy, Debug)]
struct Outcomes {
    /// For a result that was revealed.
    revealed: i128,
    /// For one that was confirmed without.
    confirmed: i128,
    /// For one that is caught, what a friend's bounty gives back taken off.
    lost: i128,
}

/// Lets the runtime pay both and slash, on the production chain's terms but for
/// `count` samples and `taken`, the part of the bond that a slash takes, with `crowd`
/// times more commits than capacity and rounds so rich that only the cap bounds a pay.
fn outcomes(count: u32, crowd: u32, taken: Perbill) -> Outcomes {
    let WindowParameters {
        capacity,
        slash_share,
        bounty_share,
        ..
    } = parameters();
    Memory::default().execute_with(|| {
        let _ = Chain::new(serde_json::json!({}));
        let stored = ni_runtime::settings::parameters::Registration::get();
        let bonded = RegistrationParameters {
            bond: defaults::registration().bond,
            ..stored
        };
        Settings::begin_with(bonded.into()).expect("the bond can be set");
        let [owner, friend, hotkey] = [
            Sr25519Keyring::Charlie,
            Sr25519Keyring::Dave,
            Sr25519Keyring::Eve,
        ]
        .map(|who| who.to_account_id());
        let signed = || RuntimeOrigin::signed(owner.clone());
        Registration::register(signed(), hotkey.clone(), Role::Miner, 1, u128::MAX)
            .expect("the owner can pay and bond");
        let gained = |who: &AccountId, act: &mut dyn FnMut()| {
            let before = Balances::free_balance(who);
            act();
            i128::try_from(Balances::free_balance(who) - before).expect("within the supply")
        };
        let [revealed, confirmed] = [(1u32, false), (2, true)].map(|(window, confirmed)| {
            Emission::note_result(&VerifiedResult {
                window,
                hotkey: hotkey.clone(),
                gpu: 0,
                mops: 1_000_000,
                gib: 0,
                gbps: 0,
                confirmed,
                samples: count,
                slash_share,
                bounty_share,
                capacity,
                commits: crowd * capacity,
            });
            let closed = window * 600;
            System::set_block_number(closed);
            Emission::settle(window, closed - 600, closed);
            let paid = gained(&owner, &mut || {
                Emission::claim(signed(), hotkey.clone(), 0).expect("it is due");
            });
            let round = Emission::round(window).expect("it was settled");
            assert!(paid > 0 && i128::try_from(round.credited).is_ok_and(|all| paid < all));
            paid
        });
        let held = Registration::bond_of(&hotkey, 0);
        let bounty = gained(&friend, &mut || {
            Registration::slash(&hotkey, 0, taken, Some((&friend, bounty_share)));
        });
        let lost = held - Registration::bond_of(&hotkey, 0);
        Outcomes {
            revealed,
            confirmed,
            lost: i128::try_from(lost).expect("within the supply") - bounty,
        }
    })
}

/// So many windows in which a GPU's commit is called, of a window's `crowd` times more
/// commits than capacity, and how many windows that took.
fn called_windows(account: &Hash, crowd: u32, calls: usize) -> (Vec<u64>, i128) {
    let capacity = parameters().capacity;
    let mut called = Vec::new();
    let mut windows = 0;
    while called.len() < calls {
        let beacon = hash(b"beacon", windows);
        if is_called::<SoftwareSha256>(&beacon, account, 0, crowd * capacity, capacity) {
            called.push(windows);
        }
        windows += 1;
    }
    (called, i128::from(windows))
}

/// What a GPU that skips a share of its tiles has won or lost after many windows,
/// called in some of them. Everything it is paid counts as gained, the part it has
/// worked for included.
fn balance_of_a_liar(
    percent: u32,
    (called, windows): &(Vec<u64>, i128),
    outcomes: &Outcomes,
    count: u32,
) -> i128 {
    const ROUNDS: u32 = 100_000;
    let tiles = parameters().workload.tiles();
    let uncalled = windows - i128::try_from(called.len()).expect("few");
    let mut balance = uncalled * outcomes.confirmed;
    for window in called {
        let beacon = hash(b"sampling", *window);
        let challenge = hash(b"challenge", *window);
        let root = hash(b"root", window ^ u64::from(percent) << 32);
        let caught = samples::<SoftwareSha256>(&beacon, &challenge, &root, ROUNDS, tiles, count)
            // Which tiles are skipped is nobody's choice but the liar's: any set does.
            .any(|sample| {
                (u64::from(sample.round) * 7 + u64::from(sample.tile) * 13) % 100 < percent.into()
            });
        balance += if caught {
            -outcomes.lost
        } else {
            outcomes.revealed
        };
    }
    balance
}

/// As many commits as the reveal phase has room for, ten times and a hundred times more.
const CROWDS: [u32; 3] = [1, CROWD, 100];

#[test]
fn a_liar_loses_at_every_share_of_lies() {
    let window = parameters();
    let account = hash(b"liar", 0);
    for crowd in CROWDS {
        let called = called_windows(&account, crowd, 3_000);
        for count in [window.samples, MAX_SAMPLES] {
            let outcomes = outcomes(count, crowd, window.slash_share);
            for percent in 1..=100 {
                let balance = balance_of_a_liar(percent, &called, &outcomes, count);
                assert!(
                    balance < 0,
                    "{percent}% of lies in a crowd of {crowd} with {count} samples won {balance}"
                );
            }
            let honest = balance_of_a_liar(0, &called, &outcomes, count);
            assert!(honest > 0, "honesty is paid");
        }
    }
}

#[test]
fn without_a_slash_the_liar_would_win() {
    // The twin: the same simulation on a runtime that takes nothing of the bond.
    let window = parameters();
    let account = hash(b"liar", 0);
    for crowd in CROWDS {
        let called = called_windows(&account, crowd, 300);
        for count in [window.samples, MAX_SAMPLES] {
            let outcomes = outcomes(count, crowd, Perbill::zero());
            assert_eq!(outcomes.lost, 0);
            for percent in 1..=100 {
                let balance = balance_of_a_liar(percent, &called, &outcomes, count);
                // Caught at every call it earns nothing there, and loses nothing.
                let paid_unseen = crowd > 1 || percent < 5;
                assert!(
                    balance > 0 || (!paid_unseen && balance == 0),
                    "{percent}% in a crowd of {crowd} with {count} samples lost {balance}"
                );
            }
        }
    }
}

/// What skipping so many percent of the work changes, in expectation and in 10⁻⁶ NI for
/// each call: what a liar is paid and loses, less what the part that it did work is
/// worth to an honest GPU.
fn gain_by_a_lie(percent: u32, crowd: u32, outcomes: &Outcomes, count: u32) -> f64 {
    let micros = |units: i128| f64::from(u32::try_from(units / 1_000).expect("some NI"));
    let [revealed, confirmed, lost] =
        [outcomes.revealed, outcomes.confirmed, outcomes.lost].map(micros);
    let skipped = f64::from(percent) / 100.0;
    let unseen = (1.0 - skipped).powi(i32::try_from(count).expect("few"));
    let uncalled = f64::from(crowd - 1) * confirmed;
    let paid = uncalled + unseen * revealed - (1.0 - unseen) * lost;
    paid - (1.0 - skipped) * (uncalled + revealed)
}

#[test]
fn a_lie_saves_less_work_than_it_costs_with_any_number_of_samples() {
    let window = parameters();
    for crowd in CROWDS {
        for count in [1, window.samples, MAX_SAMPLES] {
            let [outcomes, without] =
                [window.slash_share, Perbill::zero()].map(|taken| outcomes(count, crowd, taken));
            for percent in 1..=100 {
                let gain = gain_by_a_lie(percent, crowd, &outcomes, count);
                assert!(
                    gain < 0.0,
                    "{percent}% in a crowd of {crowd} with {count} samples gains {gain}"
                );
            }
            // The twin: where what is caught is not paid but nothing is taken, whoever
            // does nothing at all gains by every window in which it is not called.
            let idle = gain_by_a_lie(100, crowd, &without, count);
            assert_eq!(idle > 0.0, crowd > 1, "{idle}");
        }
    }
}

/// The limit of the sentence "a liar loses": with one sample a call sees a lie no more
/// often than the share of it, so a small liar still earns most of what it worked for.
/// It only earns less than by working, as the test above shows.
#[test]
fn with_a_single_sample_a_small_liar_is_only_worse_off_than_the_honest() {
    let called = called_windows(&hash(b"liar", 0), 1, 3_000);
    let outcomes = outcomes(1, 1, parameters().slash_share);
    let honest = balance_of_a_liar(0, &called, &outcomes, 1);
    for percent in [1, 10, 25] {
        let balance = balance_of_a_liar(percent, &called, &outcomes, 1);
        assert!(0 < balance && balance < honest * i128::from(100 - percent) / 100);
    }
    assert!(balance_of_a_liar(75, &called, &outcomes, 1) < 0);
}
