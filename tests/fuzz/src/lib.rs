// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Hostile input at every door of the project.
//!
//! A [`Target`] takes any bytes, gives them to one decoder and to what is behind it,
//! and panics where something that must hold does not. Two engines drive the targets:
//!
//! - [`campaign`] alters inputs of the committed corpus by a seed. It needs no
//!   instrumented build, and runs with the tests.
//! - `fuzz-guided` is libFuzzer, which keeps what reaches new code. The workspace's
//!   own crates are instrumented by a compiler wrapper, with stable flags of the
//!   pinned compiler: `make fuzz`.

use std::{fs, path::PathBuf};

pub mod answers;
pub mod bundle;
pub mod calls;
mod input;
mod mutate;
pub mod reveal;
pub mod store;

pub use input::{Cursor, Edits};
pub use mutate::alter;

/// How far an input came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It could not be decoded.
    Nothing,
    /// It was decoded and refused.
    Decoded,
    /// It was accepted, and everything held.
    Accepted,
}

/// What is fuzzed.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, also of its folder in the corpus.
    pub name: &'static str,
    /// Longest input that an engine makes, in bytes.
    pub longest: usize,
    /// Tries one input.
    ///
    /// # Panics
    ///
    /// When something that must hold does not.
    pub run: fn(&[u8]) -> Reached,
    /// Inputs to begin with that reach far.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Of a thousand inputs of a campaign, the least that are decoded and that are
    /// accepted: a target that refuses everything at the door tests the door alone.
    pub expected: [u64; 2],
}

/// Everything that is fuzzed.
pub const TARGETS: [Target; 5] = [
    reveal::TARGET,
    calls::TARGET,
    bundle::TARGET,
    store::TARGET,
    answers::TARGET,
];

/// The target of a name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// What a campaign saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Inputs.
    pub cases: u64,
    /// Those that were decoded.
    pub decoded: u64,
    /// Those of them that were accepted.
    pub accepted: u64,
}

impl Tally {
    fn note(&mut self, reached: Reached) {
        self.cases += 1;
        self.decoded += u64::from(reached != Reached::Nothing);
        self.accepted += u64::from(reached == Reached::Accepted);
    }
}

/// The committed inputs of a target, in the order of their names, where cargo runs this or
/// the current folder is the checkout's.
///
/// # Panics
///
/// When the corpus cannot be read.
#[must_use]
pub fn corpus(target: &Target) -> Vec<Vec<u8>> {
    // Cargo tells where the package is; else it is the checkout's. Not as it was compiled:
    // a target folder that several checkouts share holds one program for all of them.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from("tests/fuzz"), PathBuf::from);
    let folder = package.join("corpus").join(target.name);
    let mut files: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
        .collect()
}

/// Tries every input of `corpus`, and then alterations of them, `cases` in all at
/// least, decided by `seed`, and calls `tried` after each.
///
/// # Panics
///
/// When something does not hold; the input is printed, to be tried alone.
pub fn campaign(
    target: &Target,
    corpus: &[Vec<u8>],
    cases: u64,
    seed: u64,
    tried: impl Fn(),
) -> Tally {
    let mut rng = stateful::Rng::new(seed);
    let mut tally = Tally::default();
    for input in corpus {
        tally.note(attempt(target, input));
        tried();
    }
    while tally.cases < cases {
        let input = alter(&mut rng, corpus, target.longest);
        tally.note(attempt(target, &input));
        tried();
    }
    tally
}

/// Tries one input, and prints it where that panics.
///
/// # Panics
///
/// As the target.
pub fn attempt(target: &Target, input: &[u8]) -> Reached {
    struct Told<'a>(&'a Target, &'a [u8]);
    impl Drop for Told<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("{} does not take: {}", self.0.name, hex::encode(self.1));
            }
        }
    }
    let told = Told(target, input);
    let reached = (target.run)(input);
    drop(told);
    reached
}
