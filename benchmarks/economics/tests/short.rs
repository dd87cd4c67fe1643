// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The same simulation with a round a month: whatever happens, the supply adds up.

use economics::{Outcome, Pace, Scenario, Who, ni_a_block, run_with, scenario::ALL};
use frame_support::traits::fungible::Mutate;
use ni_runtime::{Balance, Balances, NI};

const MONTHLY: Pace = Pace { days: 30 };
const YEARS: u32 = 10;

fn short(scenario: Scenario, base: Balance) -> Outcome {
    run_with(scenario, YEARS, MONTHLY, base, |_, _| ())
}

#[test]
fn the_supply_adds_up_to_the_last_unit_in_every_scenario() {
    for scenario in ALL {
        let outcome = short(scenario, ni_a_block());
        assert!(outcome.audit.holds(), "{scenario:?}: {:?}", outcome.audit);
        let paid: f64 = outcome
            .samples
            .iter()
            .flat_map(|sample| sample.interval.paid)
            .sum();
        assert!(paid > 0.0, "{scenario:?}: nobody was paid");
        let burned = outcome.audit.most_minted > outcome.audit.issuance;
        assert_eq!(burned, scenario != Scenario::None, "{scenario:?}");
    }
}

#[test]
fn a_schedule_that_runs_into_the_cap_stops_at_it_and_the_pool_pays_on() {
    let outcome = short(Scenario::Steady, 2_000 * ni_a_block());
    let audit = &outcome.audit;
    assert!(audit.holds(), "{audit:?}");
    assert!(audit.most_minted <= audit.cap);
    assert!(audit.cap - audit.most_minted < 100 * NI, "{audit:?}");
    let late = &outcome.samples[outcome.samples.len() / 2..];
    let drawn: Vec<_> = late.iter().map(|sample| sample.interval.drawn).collect();
    assert!(drawn.iter().any(|drawn| *drawn > 0), "{drawn:?}");
}

#[test]
fn a_unit_that_nobody_minted_is_noticed() {
    let outcome = run_with(Scenario::Steady, 1, MONTHLY, ni_a_block(), |day, _| {
        if day == 60 {
            let forged = Balances::mint_into(&Who::Maker.account(), 1);
            assert!(forged.is_ok());
        }
    });
    assert!(!outcome.audit.holds(), "{:?}", outcome.audit);
}
