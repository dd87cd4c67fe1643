// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Who skips work is caught as often as theory says, and gains less than by honesty. With
//! 120 windows for each number of samples; `make adversaries` has 1,000.

use adversaries::{
    skipping::{Fate, Kind, Outcome, Run, SAMPLES, run},
    theory::{agrees, detection},
};
use std::sync::OnceLock;

const WINDOWS: u32 = 120;
/// Standard deviations that a count may be off: of 24 counts one in six hundred runs is,
/// and these are the same each time.
const DEVIATIONS: f64 = 4.0;

fn outcomes() -> &'static [Outcome] {
    static OUTCOMES: OnceLock<Vec<Outcome>> = OnceLock::new();
    OUTCOMES.get_or_init(|| {
        SAMPLES
            .map(|samples| run(&Run::sub_tiles(WINDOWS, samples), || ()))
            .into()
    })
}

fn all() -> impl Iterator<Item = (&'static Outcome, &'static Fate)> {
    outcomes()
        .iter()
        .flat_map(|outcome| outcome.fates.iter().map(move |fate| (outcome, fate)))
}

#[test]
fn liars_are_caught_as_often_as_theory_says() {
    for (outcome, fate) in all() {
        let chance = outcome.chance(fate);
        assert!(
            agrees(fate.caught, WINDOWS, chance, DEVIATIONS),
            "{fate:?} of {WINDOWS} by {} samples: {chance}",
            outcome.run.samples
        );
    }
}

#[test]
fn the_measure_sees_a_theory_that_is_wrong() {
    // Sixteen samples that were one, and four that were one.
    for (outcome, fate) in all().filter(|(_, fate)| (500..10_000).contains(&fate.share)) {
        if outcome.run.samples > 1 && fate.share >= 1_000 {
            let wrong = detection(fate.fraction(), 1);
            assert!(!agrees(fate.caught, WINDOWS, wrong, DEVIATIONS), "{fate:?}");
        }
    }
}

#[test]
fn what_a_liar_gains_is_what_it_should() {
    for (outcome, fate) in all() {
        let stakes = outcome.stakes();
        let chance = outcome.chance(fate);
        let error = (chance * (1.0 - chance) / f64::from(WINDOWS)).sqrt();
        let off = (outcome.gain(fate) - outcome.expected(fate)).abs();
        let most = DEVIATIONS * error * (1.0 + stakes.slash / stakes.pay);
        // Reports pay fees; a pay may be a few units off another.
        assert!(off <= most + 1e-3, "{fate:?} is off by {off} of {most}");
    }
}

#[test]
fn no_lie_is_worth_more_than_honesty_but_at_the_edge_of_a_floor() {
    for (outcome, fate) in all() {
        let [lying, honest] = [outcome.expected(fate), outcome.honesty(fate)];
        match fate.kind {
            Kind::Bold | Kind::Silent => assert!(lying < honest, "{fate:?}: {lying}"),
            // Where honesty pays nothing at all, the smallest lie gains.
            Kind::Edge => assert!(lying > honest, "{fate:?}: {lying}"),
        }
    }
}

#[test]
fn with_one_sample_a_small_liar_still_earns() {
    let one = &outcomes()[0];
    assert_eq!(one.run.samples, 1);
    for fate in one.fates.iter().filter(|fate| fate.share <= 2_500) {
        assert!(outcome_gains(one, fate), "{fate:?}");
    }
    // And with the sixteen of the production chain it does not, from one in a hundred on.
    let sixteen = &outcomes()[2];
    assert_eq!(sixteen.run.samples, 16);
    for fate in sixteen.fates.iter().filter(|fate| fate.share >= 1_000) {
        assert!(!outcome_gains(sixteen, fate), "{fate:?}");
    }
}

fn outcome_gains(outcome: &Outcome, fate: &Fate) -> bool {
    outcome.gain(fate) > 0.0
}

#[test]
fn silence_is_no_better_than_being_refused_by_more_than_the_bounty() {
    for outcome in outcomes() {
        let find = |kind, share| {
            let mut fates = outcome.fates.iter();
            fates.find(|fate| fate.kind == kind && fate.share == share)
        };
        let silent = find(Kind::Silent, 1_000).expect("it was run");
        let bold = find(Kind::Bold, 1_000).expect("it was run");
        let stakes = outcome.stakes();
        let bounty = 0.1 * stakes.slash / stakes.pay * outcome.chance(silent);
        let more = outcome.expected(silent) - outcome.expected(bold);
        assert!((more - bounty).abs() < 1e-9);
        if silent.caught > 0 {
            assert!(silent.friend > 0, "the friend is paid the bounty");
        }
    }
}

#[test]
fn it_does_not_matter_what_is_skipped() {
    // Whole rounds that are never computed, and tiles of rounds that have four.
    for run_of in [Run::rounds(40, 4), Run::tiles(40, 4)] {
        let outcome = run(&run_of, || ());
        for fate in &outcome.fates {
            let chance = outcome.chance(fate);
            assert!(
                agrees(fate.caught, run_of.windows, chance, DEVIATIONS),
                "{fate:?} by {:?}",
                run_of.unit
            );
        }
    }
}
