// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The production terms hold together, and those that did not are told.

use ni_runtime::{NI, settings::defaults::DAY};
use sp_arithmetic::FixedU128;
use terms::{Relation, Terms};

fn broken(terms: &Terms) -> Vec<&'static str> {
    terms
        .relations()
        .into_iter()
        .filter(|relation| !relation.holds())
        .map(|relation| relation.name)
        .collect()
}

#[test]
fn the_production_terms_go_together() {
    let terms = Terms::production();
    println!("{}", terms.page());
    assert_eq!(broken(&terms), [] as [&str; 0]);
    assert!(terms.relations().iter().all(Relation::holds));
}

/// The values that contradicted each other: a reference of a hundred cards beside a bond of
/// 50 NI, and three slots a day beside targets of thousands.
#[test]
fn terms_that_contradict_each_other_are_told() {
    let mut terms = Terms::production();
    terms.emission.reference_weight /= 10;
    assert_eq!(
        broken(&terms),
        [
            "a bond backs what the strongest card is due",
            "and a fifth of it does not",
            "one of the weakest cards only does not, and its price rises",
        ]
    );

    let mut terms = Terms::production();
    terms.registration.bump = FixedU128::from_rational(126, 100);
    terms.registration.half_life = DAY;
    let told = broken(&terms);
    assert!(terms.slots_a_day() < 3.1, "{}", terms.slots_a_day());
    assert!(told.contains(&"a network of all cards grows while it renews, at a steady price"));

    let mut terms = Terms::production();
    (terms.window.work, terms.window.grace) = (10, 4);
    assert_eq!(broken(&terms), ["little of what counts is grace"]);

    let mut terms = Terms::production();
    terms.registration.bond = NI;
    assert!(broken(&terms).contains(&"a bond backs what the strongest card is due"));
}
