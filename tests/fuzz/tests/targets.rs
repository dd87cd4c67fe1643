// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A short campaign over every target, the inputs that once broke something, and
//! targets that are broken on purpose.

use std::cell::Cell;

use fuzz::{Edits, Reached, TARGETS, Tally, Target, attempt, campaign, corpus, target};

/// Inputs of a campaign, by target: together they take less than a minute.
const CASES: [(&str, u64); 5] = [
    ("reveal", 40_000),
    ("calls", 4_000),
    ("bundle", 10_000),
    ("store", 1_500),
    ("answers", 1_500),
];

fn short(name: &str) {
    let target = target(name).expect("a target");
    let (_, cases) = CASES
        .iter()
        .find(|(of, _)| *of == name)
        .expect("its number of cases");
    let corpus = corpus(target);
    assert!(!corpus.is_empty(), "{name} has no corpus");
    let tally = campaign(target, &corpus, *cases, 1, || ());
    println!("{name}: {tally:?}");
    let [decoded, accepted] = target.expected;
    assert!(tally.decoded * 1_000 >= decoded * tally.cases, "{tally:?}");
    assert!(
        tally.accepted * 1_000 >= accepted * tally.cases,
        "{tally:?}"
    );
}

#[test]
fn no_reveal_breaks_the_verifier() {
    short("reveal");
}

#[test]
fn no_extrinsic_breaks_the_runtime() {
    short("calls");
}

#[test]
fn no_bundle_breaks_the_worker() {
    short("bundle");
}

#[test]
fn no_altered_store_breaks_the_worker() {
    short("store");
}

#[test]
fn no_answer_breaks_the_worker() {
    short("answers");
}

#[test]
fn every_target_has_cases_and_seeds_that_reach_its_end() {
    for target in &TARGETS {
        assert!(CASES.iter().any(|(name, _)| *name == target.name));
        let seeds = (target.seeds)();
        let accepted = seeds
            .iter()
            .filter(|seed| attempt(target, seed) == Reached::Accepted)
            .count();
        assert!(accepted > 0, "{}: {} seeds", target.name, seeds.len());
    }
}

#[test]
fn a_seed_decides_a_campaign() {
    let target = target("reveal").expect("a target");
    let corpus = corpus(target);
    let tried = Cell::new(0);
    let once: Tally = campaign(target, &corpus, 500, 4, || tried.set(tried.get() + 1));
    assert_eq!(tried.get(), once.cases);
    assert_eq!(campaign(target, &corpus, 500, 4, || ()), once);
}

/// A target that accepts every input with these bytes in a row.
const BROKEN: Target = Target {
    name: "broken",
    longest: 64,
    run: |input| {
        assert!(
            !input.windows(2).any(|two| two == [0xff, 0x00]),
            "the input is taken"
        );
        Reached::Accepted
    },
    seeds: || vec![vec![0; 8]],
    expected: [1_000, 1_000],
};

#[test]
#[should_panic(expected = "the input is taken")]
fn a_campaign_finds_what_is_broken() {
    campaign(&BROKEN, &(BROKEN.seeds)(), 20_000, 1, || ());
}

#[test]
fn edits_stay_within_the_bytes() {
    let mut rng = stateful::Rng::new(3);
    for length in 0..40 {
        for _ in 0..200 {
            let input: Vec<u8> = (0..12).map(|_| rng.bits().to_le_bytes()[0]).collect();
            let mut bytes = vec![7; length];
            Edits(&mut fuzz::Cursor::new(&input)).edit(&mut bytes, 0);
            assert!(bytes.len() <= length + 64);
        }
    }
}
