// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each invariant of the crate's documentation, broken by force: the check must
//! say so and name it.

use crate::{Ledger, Ledgers, Markets, Totals, mock::*};
use frame_support::{
    assert_ok,
    traits::{
        fungible::Mutate as _,
        fungibles::Mutate as _,
        tokens::{Fortitude, Precision, Preservation},
    },
};
use sp_runtime::{DispatchError, FixedU128};

/// Runs `break_it` on a chain with revenue in everything, some of it spent, and
/// returns what the check then says.
fn broken_by(break_it: impl FnOnce()) -> DispatchError {
    new_test_ext().execute_with(|| {
        for asset in [TAO, USD, NATIVE] {
            deposit(asset, 100 * NI);
        }
        before_a_slice();
        next_block();
        assert!(Buyback::ledger(TAO).spent > 0);
        Buyback::do_try_state().expect("the invariants hold before");
        break_it();
        Buyback::do_try_state().expect_err("the check sees it")
    })
}

fn other(message: &'static str) -> DispatchError {
    DispatchError::Other(message)
}

fn mutate(asset: Kind, change: impl FnOnce(&mut Ledger<Balance>)) {
    Ledgers::<Test>::mutate(asset, change);
}

#[test]
fn invariant_1_no_more_is_spent_than_received() {
    assert_eq!(
        broken_by(|| mutate(TAO, |ledger| ledger.spent = ledger.received + 1)),
        other("invariant 1: more was spent of an asset than received")
    );
}

#[test]
fn invariant_2_ni_does_not_wait() {
    let message = other("invariant 2: revenue in NI was not burned at once");
    assert_eq!(
        broken_by(|| mutate(NATIVE, |ledger| ledger.received += 1)),
        message
    );
    assert_eq!(
        broken_by(|| mutate(NATIVE, |ledger| ledger.bought -= 1)),
        message
    );
}

#[test]
fn invariant_3_the_pot_holds_what_is_pending() {
    let message = other("invariant 3: the pot holds less of an asset than is pending");
    for asset in [TAO, USD] {
        assert_eq!(
            broken_by(|| mutate(asset.clone(), |ledger| ledger.received += 1)),
            message
        );
        assert_eq!(
            broken_by(|| {
                assert_ok!(NativeAndAssets::burn_from(
                    asset.clone(),
                    &pot(),
                    1,
                    Preservation::Expendable,
                    Precision::Exact,
                    Fortitude::Force
                ));
            }),
            message
        );
    }
}

#[test]
fn invariant_4_what_was_bought_was_burned() {
    for asset in [TAO, USD, NATIVE] {
        assert_eq!(
            broken_by(|| mutate(asset, |ledger| ledger.burned -= 1)),
            other("invariant 4: what was bought is not what was burned")
        );
    }
}

#[test]
fn invariant_5_the_totals_are_the_sums() {
    let message = other("invariant 5: the totals are not the sums of the ledgers");
    assert_eq!(
        broken_by(|| Totals::<Test>::mutate(|totals| totals.bought += 1)),
        message
    );
    assert_eq!(
        broken_by(|| Totals::<Test>::mutate(|totals| totals.burned -= 1)),
        message
    );
    assert_eq!(
        broken_by(|| mutate(TAO, |ledger| {
            ledger.bought += 1;
            ledger.burned += 1;
        })),
        message
    );
    assert_eq!(
        broken_by(|| mutate(TAO, |ledger| {
            ledger.bought = Balance::MAX;
            ledger.burned = Balance::MAX;
        })),
        other("invariant 5: the ledgers overflow")
    );
}

#[test]
fn invariant_6_the_pot_lives() {
    assert_eq!(
        broken_by(|| {
            let set = Balances::set_balance(&pot(), 0);
            assert_eq!(set, 0);
        }),
        other("invariant 6: the pot is not endowed")
    );
}

#[test]
fn invariant_7_an_asset_is_enabled_once() {
    let message = other("invariant 7: an asset is enabled twice, or NI is");
    assert_eq!(
        broken_by(|| Markets::<Test>::mutate(|markets| markets[1].asset = TAO)),
        message
    );
    assert_eq!(
        broken_by(|| Markets::<Test>::mutate(|markets| markets[1].asset = NATIVE)),
        message
    );
}

#[test]
fn invariant_8_terms_and_averages_are_in_range() {
    assert_eq!(
        broken_by(|| Markets::<Test>::mutate(|markets| markets[1].terms.min_slice = 0)),
        other("invariant 8: the terms of an asset are out of range")
    );
    for average in [0, Balance::MAX] {
        let average = FixedU128::from_inner(average);
        assert_eq!(
            broken_by(|| Markets::<Test>::mutate(|markets| markets[1].average = average)),
            other("invariant 8: an average price is out of range")
        );
    }
}

#[test]
fn invariant_9_parameters_are_valid() {
    assert_eq!(
        broken_by(|| Parameters::mutate(|parameters| parameters.period = 0)),
        other("invariant 9: the parameters are invalid")
    );
}
