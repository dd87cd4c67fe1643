// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What genesis records, and which genesis is refused.

use crate::{Totals, mock::*};
use frame_support::traits::fungible::Inspect;

#[test]
fn records_the_issuance_and_endows_the_pool() {
    build_and_execute(|| {
        let totals = Totals::<Test>::get();
        assert_eq!(totals.genesis, GENESIS);
        assert_eq!(totals.endowment, ED);
        assert_eq!(Balances::total_issuance(), GENESIS);
        assert_eq!(Balances::balance(&Supply::pool_account()), ED);
        assert_eq!(Supply::pool(), 0);
    });
}

#[test]
fn a_pool_with_a_balance_keeps_it_as_its_endowment() {
    let pool = Supply::pool_account();
    genesis(vec![(pool, 9 * NI)]).execute_with(|| {
        assert_eq!(Totals::<Test>::get().endowment, 9 * NI);
        assert_eq!(Balances::total_issuance(), 9 * NI);
        assert_eq!(Supply::pool(), 0);
        Supply::do_try_state().expect("the invariants hold");
    });
}

#[test]
fn the_whole_cap_may_be_issued_at_genesis() {
    genesis(vec![(ALICE, CAP - ED)]).execute_with(|| {
        assert_eq!(Supply::minted(), CAP);
        Supply::do_try_state().expect("the invariants hold");
    });
}

#[test]
#[should_panic(expected = "the genesis issuance exceeds the cap")]
fn more_than_the_cap_is_refused() {
    genesis(vec![(ALICE, CAP - ED + 1)]);
}
