// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Everything that the page shows, played.

use crate::{
    arena::Verdict,
    authors::{Draws, HeadStarts, Opening, Part, draws, head_starts, left_alone, passes},
    skipping::{Outcome, Run, SAMPLES, run},
    theory::detection,
    tricks::{
        clock::{Times, first_and_last, wrong_times},
        crowds::{Crowd, Spam, all_that_is_free, filling_the_grace_blocks, spam},
        forged::{WAYS, another_shape, computed_by},
        replay::{
            Copied, a_good_name, a_rivals_commitment, an_earlier_window, an_earlier_windows_rounds,
            another_accounts_rounds,
        },
        shares::{Presented, presented, two_cards_as_one},
    },
};
use ni_runtime::settings::defaults;
use runtime_report::capacity;
use std::{
    sync::{Mutex, PoisonError},
    thread,
};

/// Calls that the spammer sends.
const SPAM: u32 = 3_000;
/// Shares, in percent, and samples for which authors play.
const PLAYED: [(u32, u32); 9] = [
    (1, 16),
    (5, 16),
    (10, 16),
    (25, 16),
    (10, 4),
    (25, 4),
    (10, 1),
    (25, 1),
    (50, 1),
];

/// What became of all who skip.
#[derive(Debug)]
pub struct Skippers {
    /// Sub-tiles, by the number of samples.
    pub sub_tiles: Vec<Outcome>,
    /// Whole rounds, and tiles, with four samples and in a fifth of the windows.
    pub larger: Vec<Outcome>,
}

impl Skippers {
    /// The runs that it takes.
    #[must_use]
    pub fn runs(windows: u32) -> Vec<Run> {
        let mut runs: Vec<Run> = SAMPLES
            .map(|samples| Run::sub_tiles(windows, samples))
            .into();
        let fifth = windows.div_ceil(5);
        runs.extend([Run::rounds(fifth, 4), Run::tiles(fifth, 4)]);
        runs
    }

    /// Runs all of them on so many threads, telling `watch` of each window.
    #[must_use]
    pub fn play(windows: u32, threads: usize, watch: impl Fn() + Sync) -> Self {
        let runs = Self::runs(windows);
        // The dearest first.
        let waiting = Mutex::new((0..runs.len()).collect::<Vec<_>>());
        let done = Mutex::new(Vec::new());
        let work = || {
            loop {
                let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let Some(number) = next else {
                    return;
                };
                let outcome = run(&runs[number], &watch);
                done.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((number, outcome));
            }
        };
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(number, _)| *number);
        let mut sub_tiles: Vec<Outcome> = done.into_iter().map(|(_, outcome)| outcome).collect();
        let larger = sub_tiles.split_off(SAMPLES.len());
        Self { sub_tiles, larger }
    }
}

/// What became of everybody else who mines.
#[derive(Debug)]
pub struct Tricks {
    /// Ways to compute a tile.
    pub ways: Vec<(&'static str, Verdict)>,
    /// Another shape: under its challenge, and bound to the right one.
    pub shapes: [Verdict; 2],
    /// An earlier window's proof, and its rounds bound to this one.
    pub earlier: [Verdict; 2],
    /// One GPU's rounds under a second account.
    pub twice: Verdict,
    /// A copied commitment.
    pub copied: Copied,
    /// A lie after ten honest windows, and what a window without a commit pays.
    pub name: (Verdict, i128),
    /// Calls at the wrong time.
    pub times: Times,
    /// MOPS of a first and a last commit, without and with four empty slots.
    pub clocks: [[u64; 2]; 2],
    /// One GPU otherwise.
    pub presented: Presented,
    /// Two cards as one.
    pub pooled: Verdict,
    /// Garbage for free, and again.
    pub free: (Verdict, [String; 3]),
    /// Calls that cost nothing to send.
    pub spam: Spam,
    /// Filling the grace blocks.
    pub crowd: Crowd,
}

impl Tricks {
    /// Plays them all.
    #[must_use]
    pub fn play() -> Self {
        Self {
            ways: WAYS.map(|(name, way)| (name, computed_by(way))).into(),
            shapes: another_shape(),
            earlier: [an_earlier_window(), an_earlier_windows_rounds()],
            twice: another_accounts_rounds(),
            copied: a_rivals_commitment(),
            name: a_good_name(10),
            times: wrong_times(),
            clocks: [first_and_last(64, 0), first_and_last(64, 4)],
            presented: presented(),
            pooled: two_cards_as_one(),
            free: all_that_is_free(),
            spam: spam(1, SPAM),
            crowd: filling_the_grace_blocks(capacity::commit(capacity::MOST_A_CALL).a_block),
        }
    }
}

/// What became of authors' games.
#[derive(Debug)]
pub struct Authors {
    /// Shares in percent, samples, the chance to pass without them, and with a third.
    pub samples: Vec<(u32, u32, f64, Draws)>,
    /// How often one in ten is called, without them and with a third.
    pub called: [f64; 2],
    /// Head starts, of those who do nothing for them and of those who do all.
    pub heads: [HeadStarts; 2],
}

impl Authors {
    /// Plays them, each in so many windows of the production chain.
    ///
    /// # Panics
    ///
    /// Where the production chain draws its samples from more blocks than can be.
    #[must_use]
    pub fn play(windows: u32) -> Self {
        let window = defaults::window();
        let blocks = usize::try_from(window.sampling).expect("a few");
        let samples = PLAYED
            .map(|(percent, samples)| {
                let unseen = 1.0 - detection(f64::from(percent) / 100.0, samples);
                let draws = draws(1, windows, Part::THIRD, blocks, unseen, |window, beacon| {
                    passes(window, beacon, percent, samples)
                });
                (percent, samples, unseen, draws)
            })
            .into();
        let called = [Part::NONE, Part::THIRD]
            .map(|part| 1.0 - draws(2, windows, part, blocks, 0.9, left_alone).chance());
        let rule = Opening {
            min_gap: window.min_gap,
            max_gap: window.max_gap,
            chance: window.open_chance,
        };
        let heads = [false, true].map(|greedy| head_starts(3, windows, Part::THIRD, rule, greedy));
        Self {
            samples,
            called,
            heads,
        }
    }
}
