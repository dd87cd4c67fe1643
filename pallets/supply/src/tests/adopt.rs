// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain that had balances before it had this pallet.

use crate::{Adopt, Burn, Error, MintReason, Recycle, RegistrationFees, Slashes, Totals, mock::*};
use frame_support::{
    assert_noop, assert_ok,
    traits::{
        BuildGenesisConfig, Imbalance, OnRuntimeUpgrade, OnUnbalanced,
        fungible::{Inspect, Unbalanced},
    },
};

/// A chain on which Alice has so much and of which the ledger knows nothing.
fn unknown(alice: Balance) -> sp_io::TestExternalities {
    let pool = Supply::pool_account();
    let mut ext = genesis(vec![(ALICE, alice), (BOB, ENDOWED)]);
    ext.execute_with(|| {
        // Neither the genesis's ledger nor its endowment.
        drop(credit_from(pool, ED));
        Totals::<Test>::kill();
        assert_eq!(Balances::total_issuance(), alice + ENDOWED);
    });
    ext
}

fn mint(amount: Balance) -> Result<Balance, sp_runtime::DispatchError> {
    Supply::mint(amount, MintReason::Emission).map(|credit| credit.peek())
}

#[test]
fn nothing_is_minted_where_the_ledger_does_not_know_what_exists() {
    let five_million = 5_000_000 * NI;
    unknown(five_million).execute_with(|| {
        // With this the chain would have 26 million under a cap of 21.
        assert_noop!(mint(CAP), Error::<Test>::NotAdopted);
        assert_noop!(mint(1), Error::<Test>::NotAdopted);
        // Nor do movements make it known.
        Burn::<Test, Slashes>::on_unbalanced(credit_from(ALICE, NI));
        Recycle::<Test, RegistrationFees>::on_unbalanced(credit_from(ALICE, NI));
        Supply::start_round();
        assert_noop!(mint(1), Error::<Test>::NotAdopted);
        Supply::do_try_state().expect_err("and the check says so");
    });
}

#[test]
fn adoption_records_what_exists_and_endows_the_pool() {
    let five_million = 5_000_000 * NI;
    unknown(five_million).execute_with(|| {
        Adopt::<Test>::on_runtime_upgrade();
        let issued = five_million + ENDOWED + ED;
        let totals = Totals::<Test>::get();
        assert_eq!((totals.genesis, totals.endowment), (issued, ED));
        assert_eq!(Balances::total_issuance(), issued);
        Supply::do_try_state().expect("the invariants hold");
        assert_noop!(mint(CAP - issued + 1), Error::<Test>::CapExceeded);
        mint_to(BOB, CAP - issued);
        assert_eq!(Balances::total_issuance(), CAP);
        Supply::do_try_state().expect("the invariants hold");
    });
}

#[test]
fn what_is_minted_at_genesis_is_counted_by_the_genesis_of_this_pallet() {
    unknown(ENDOWED).execute_with(|| {
        System::set_block_number(0);
        mint_to(ALICE, NI);
        BuildGenesisConfig::build(&crate::GenesisConfig::<Test>::default());
        System::set_block_number(1);
        assert_eq!(Supply::minted(), 2 * ENDOWED + NI + ED);
        Supply::do_try_state().expect("the invariants hold");
    });
}

#[test]
fn what_moved_before_is_taken_over() {
    unknown(ENDOWED).execute_with(|| {
        Burn::<Test, Slashes>::on_unbalanced(credit_from(ALICE, NI));
        Recycle::<Test, RegistrationFees>::on_unbalanced(credit_from(ALICE, 3 * NI));
        assert_eq!(Supply::pool(), 3 * NI);
        assert_ok!(Supply::adopt());
        assert_eq!(Supply::minted(), 2 * ENDOWED + ED);
        assert_eq!((Supply::burned(), Supply::pool()), (NI, 3 * NI));
        assert_eq!(Balances::balance(&Supply::pool_account()), 3 * NI + ED);
        Supply::do_try_state().expect("the invariants hold");
    });
}

#[test]
fn a_chain_is_adopted_once() {
    build_and_execute(|| {
        let before = Totals::<Test>::get();
        assert_noop!(Supply::adopt(), Error::<Test>::AlreadyAdopted);
        Adopt::<Test>::on_runtime_upgrade();
        assert_eq!(Totals::<Test>::get(), before);
        mint_to(ALICE, NI);
    });
    unknown(NI).execute_with(|| {
        assert_ok!(Supply::adopt());
        assert_noop!(Supply::adopt(), Error::<Test>::AlreadyAdopted);
    });
}

#[test]
fn more_than_the_cap_is_not_adopted() {
    unknown(CAP - ENDOWED - ED).execute_with(|| {
        assert_ok!(Supply::adopt());
        assert_eq!(Supply::minted(), CAP);
    });
    unknown(CAP - ENDOWED - ED).execute_with(|| {
        // One more, and the endowment has no room.
        Balances::set_total_issuance(Balances::total_issuance() + 1);
        assert_noop!(Supply::adopt(), Error::<Test>::CapExceeded);
        Adopt::<Test>::on_runtime_upgrade();
        assert_eq!(Balances::balance(&Supply::pool_account()), 0);
        assert_noop!(mint(1), Error::<Test>::NotAdopted);
    });
}
