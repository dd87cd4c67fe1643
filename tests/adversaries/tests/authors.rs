// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a third of the authors can make of the chain's randomness, and what not.

use adversaries::{
    authors::{
        Draws, Opening, Part, censored, censored_reveal, draws, head_starts, left_alone, passes,
    },
    theory::{Stakes, agrees, detection},
};
use ni_runtime::settings::defaults;
use sp_runtime::Perbill;

const WINDOWS: u32 = 2_000;

fn played(part: Part, percent: u32, samples: u32) -> (Draws, f64) {
    let unseen = 1.0 - detection(f64::from(percent) / 100.0, samples);
    let blocks = usize::try_from(defaults::window().sampling).expect("a few");
    let draws = draws(1, WINDOWS, part, blocks, unseen, |window, beacon| {
        passes(window, beacon, percent, samples)
    });
    (draws, unseen)
}

#[test]
fn without_authors_of_its_own_a_liar_passes_as_theory_says() {
    for percent in [1, 10, 50] {
        let (draws, unseen) = played(Part::NONE, percent, 4);
        assert_eq!((draws.known, draws.withheld), (0.0, 0.0));
        assert!(
            agrees(draws.wished, WINDOWS, unseen, 4.0),
            "{draws:?} {unseen}"
        );
    }
}

#[test]
fn a_third_of_the_slots_makes_a_liar_luckier_and_still_a_loser() {
    for (percent, samples) in [(1, 16), (5, 16), (10, 16), (10, 4), (25, 4)] {
        let (draws, unseen) = played(Part::THIRD, percent, samples);
        // More than chance, or the model would show nothing.
        assert!(
            draws.chance() > unseen,
            "{percent}% by {samples}: {draws:?}"
        );
        let stakes = Stakes {
            pay: 1.0,
            slash: f64::from(samples) / 0.9,
        };
        // Four standard errors in its favour.
        let error = (draws.chance() * (1.0 - draws.chance()) / f64::from(WINDOWS)).sqrt();
        let caught = 1.0 - draws.chance() - 4.0 * error;
        let share = f64::from(percent) / 100.0;
        assert!(
            stakes.lying(caught) < stakes.honest(share),
            "{percent}% by {samples}: {draws:?}"
        );
    }
}

#[test]
fn with_one_sample_a_third_of_the_slots_takes_most_of_the_margin() {
    // Written down in the report: one sample is too few where authors collude.
    let (draws, unseen) = played(Part::THIRD, 25, 1);
    let stakes = Stakes {
        pay: 1.0,
        slash: 1.0 / 0.9,
    };
    let margin = |caught| stakes.honest(0.25) - stakes.lying(caught);
    assert!(
        margin(1.0 - draws.chance()) < margin(1.0 - unseen) / 2.0,
        "{draws:?}"
    );
}

#[test]
fn whoever_has_all_slots_passes_with_anything() {
    // The twin, and what is assumed: most authors do not collude.
    let all = Part { of: 1, all: 1 };
    let (draws, unseen) = played(all, 10, 16);
    assert!(unseen < 0.2);
    assert_eq!(draws.wished, WINDOWS);
}

#[test]
fn a_third_of_the_slots_does_not_buy_a_way_past_the_lottery() {
    let part = |part| draws(2, WINDOWS, part, 8, 0.9, left_alone);
    let [alone, third] = [part(Part::NONE), part(Part::THIRD)].map(|draws| 1.0 - draws.chance());
    assert!((alone - 0.1).abs() < 0.03, "{alone}");
    assert!(third < alone);
    // Who does nothing is paid at most a tenth of (slash − bounty) / 16 where it is not
    // called, and slashed where it is.
    let [paid, slashed] = [0.1 * 0.9 / 16.0, 1.0];
    assert!((1.0 - third) * paid - third * slashed < 0.0, "{third}");
}

#[test]
fn authors_know_a_beacon_some_slots_early() {
    let rule = Opening {
        min_gap: 5,
        max_gap: 60,
        chance: Perbill::from_percent(5),
    };
    let [nobody, passive, greedy] = [
        (Part::NONE, false),
        (Part::THIRD, false),
        (Part::THIRD, true),
    ]
    .map(|(part, greedy)| head_starts(3, WINDOWS, part, rule, greedy));
    assert_eq!(nobody.mean(), 0.0);
    // A run of theirs before the opening is geometric: a / (1 − a) slots on average.
    assert!((passive.mean() - 0.5).abs() < 0.08, "{passive:?}");
    assert!(greedy.mean() > passive.mean(), "{greedy:?}");
    assert!(greedy.mean() < 1.5, "{greedy:?}");
}

#[test]
fn censoring_takes_every_block() {
    assert!((censored(Part::THIRD, 4) - 1.0 / 81.0).abs() < 1e-12);
    let reveal = censored_reveal(Part::THIRD, defaults::window().reveal);
    assert!(reveal > censored(Part::THIRD, 12) && reveal < censored(Part::THIRD, 4));
}
