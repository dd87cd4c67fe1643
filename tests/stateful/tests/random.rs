// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A run short enough for every test run, the seeds that once broke something, and
//! runs that are broken on purpose.

use frame_support::traits::fungible::Mutate;
use ni_runtime::{Balances, NI, Runtime, configs::proof::CLAIM_ROUNDS};
use stateful::{PATHS, run, run_with};

/// Seeds and steps of runs in which something did not hold once.
const REGRESSIONS: &[(u64, u64)] = &[
    // What is owed was summed over validators whose last round was not settled.
    (1, 1_000),
];

#[test]
fn three_thousand_steps_break_nothing() {
    // Once so much time passes that what nobody was paid expires.
    let outcome = run_with(3, 3_000, |step, world| {
        if step == 2_500 {
            world.pass_windows(CLAIM_ROUNDS + 1);
        }
    });
    let report = outcome.unwrap_or_else(|violation| panic!("{violation}"));
    println!("{report}");
    let (calls, succeeded) = report.total();
    assert!(succeeded * 100 >= calls * 60, "{succeeded} of {calls}");
    // Every call of the project's pallets is made.
    assert_eq!(report.wanting(1), vec![]);
    // The paths that take a long time are left to the long run.
    let reached = report.paths.len();
    assert!(
        reached * 10 >= PATHS.len() * 8,
        "never: {:?}",
        report.missing()
    );
    for path in [
        "the emission halves",
        "a round expires with something left in it",
        "a reveal is refused, and the bond slashed",
        "a missed reveal is reported",
        "a lapsed lease is begun anew",
        "a slice is bought and burned",
        "a staker is paid",
        "a referendum is enacted",
        "bad parameters are refused",
    ] {
        assert!(report.paths.contains_key(path), "never: {path}");
    }
}

#[test]
fn a_call_that_is_never_made_is_missed() {
    let mut report = run(11, 150).unwrap();
    assert!(report.calls.remove("Registration::register").is_some());
    assert!(
        report
            .wanting(1)
            .contains(&("Registration::register".into(), 0))
    );
}

#[test]
fn a_seed_decides_a_run() {
    let once = run(11, 150).unwrap();
    assert_eq!(run(11, 150).unwrap(), once);
    assert_ne!(run(12, 150).unwrap(), once);
}

#[test]
fn what_broke_once_holds() {
    for (seed, steps) in REGRESSIONS {
        run(*seed, *steps).unwrap_or_else(|violation| panic!("{violation}"));
    }
}

/// Makes a run in which `breach` happens in step 40, and returns what the run says.
fn broken(breach: fn()) -> String {
    let violation = run_with(5, 100, |step, _| {
        if step == 40 {
            breach();
        }
    })
    .expect_err("the breach is seen");
    assert_eq!((violation.seed, violation.step), (5, 40));
    assert!(!violation.recent.is_empty());
    violation.what
}

#[test]
fn what_is_minted_past_supply_is_seen() {
    let what = broken(|| {
        Balances::mint_into(&sp_keyring::Sr25519Keyring::Ferdie.to_account_id(), NI).unwrap();
    });
    assert!(what.starts_with("Supply: invariant 1"), "{what}");
}

#[test]
fn a_ledger_that_was_changed_with_the_issuance_is_seen() {
    // Supply's own books agree with the issuance; the events do not.
    let what = broken(|| {
        Balances::mint_into(&sp_keyring::Sr25519Keyring::Ferdie.to_account_id(), NI).unwrap();
        pallet_supply::Totals::<Runtime>::mutate(|totals| totals.genesis += NI);
    });
    assert!(what.starts_with("ledger: total issuance"), "{what}");
}

#[test]
fn a_bond_without_a_hold_is_seen() {
    let what = broken(|| {
        let (hotkey, mut registration) = pallet_registration::Hotkeys::<Runtime>::iter()
            .find(|(_, registration)| !registration.bonds.is_empty())
            .expect("somebody is registered");
        registration.bonds[0] += 1;
        pallet_registration::Hotkeys::<Runtime>::insert(hotkey, registration);
    });
    assert!(what.starts_with("Registration: "), "{what}");
}
