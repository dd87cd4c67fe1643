// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The sinks: every credit ends in an account or in a total, by source.

use crate::{
    Burn, BurnFeeTipTo, BurnSource, Buyback, CreditOf, Donations, Dust, Event, ExpiredResults,
    Recycle, RecycleSource, RegistrationFees, Slashes, Totals, TransactionFees, Unresolved,
    Voluntary, mock::*,
};
use frame_support::{
    assert_ok,
    traits::{
        Imbalance, OnUnbalanced,
        fungible::{Inspect, Unbalanced},
    },
};

#[test]
fn each_recycle_source_has_its_own_total() {
    build_and_execute(|| {
        Recycle::<Test, RegistrationFees>::on_unbalanced(credit_from(ALICE, 1));
        Recycle::<Test, ExpiredResults>::on_unbalanced(credit_from(ALICE, 20));
        Recycle::<Test, Donations>::on_unbalanced(credit_from(ALICE, 300));
        let totals = Totals::<Test>::get();
        assert_eq!(totals.all.recycled.registration_fees, 1);
        assert_eq!(totals.all.recycled.expired_results, 20);
        assert_eq!(totals.all.recycled.donations, 300);
        assert_eq!(totals.all.recycled.total(), 321);
        assert_eq!(totals.round, totals.all);
        assert_eq!(Balances::balance(&Supply::pool_account()), ED + 321);
        assert_eq!(Balances::total_issuance(), GENESIS);
        assert_eq!(
            events(),
            [
                Event::Recycled {
                    source: RecycleSource::RegistrationFees,
                    amount: 1
                },
                Event::Recycled {
                    source: RecycleSource::ExpiredResults,
                    amount: 20
                },
                Event::Recycled {
                    source: RecycleSource::Donations,
                    amount: 300
                },
            ]
        );
    });
}

#[test]
fn each_burn_source_has_its_own_total() {
    build_and_execute(|| {
        Burn::<Test, TransactionFees>::on_unbalanced(credit_from(ALICE, 1));
        Burn::<Test, Slashes>::on_unbalanced(credit_from(ALICE, 20));
        Burn::<Test, Dust>::on_unbalanced(credit_from(ALICE, 300));
        Burn::<Test, Buyback>::on_unbalanced(credit_from(ALICE, 4_000));
        Burn::<Test, Voluntary>::on_unbalanced(credit_from(ALICE, 50_000));
        Burn::<Test, Unresolved>::on_unbalanced(credit_from(ALICE, 600_000));
        let totals = Totals::<Test>::get();
        assert_eq!(totals.all.burned.transaction_fees, 1);
        assert_eq!(totals.all.burned.slashes, 20);
        assert_eq!(totals.all.burned.dust, 300);
        assert_eq!(totals.all.burned.buyback, 4_000);
        assert_eq!(totals.all.burned.voluntary, 50_000);
        assert_eq!(totals.all.burned.unresolved, 600_000);
        assert_eq!(totals.all.burned.total(), 654_321);
        assert_eq!(totals.round, totals.all);
        assert_eq!(Balances::total_issuance(), GENESIS - 654_321);
        let sources: Vec<_> = events()
            .into_iter()
            .filter_map(|event| match event {
                Event::Burned { source, .. } => Some(source),
                _ => None,
            })
            .collect();
        assert_eq!(
            sources,
            [
                BurnSource::TransactionFees,
                BurnSource::Slashes,
                BurnSource::Dust,
                BurnSource::Buyback,
                BurnSource::Voluntary,
                BurnSource::Unresolved,
            ]
        );
    });
}

#[test]
fn an_empty_credit_is_no_movement() {
    build_and_execute(|| {
        Recycle::<Test, RegistrationFees>::on_unbalanced(CreditOf::<Test>::zero());
        Burn::<Test, Slashes>::on_unbalanced(CreditOf::<Test>::zero());
        assert_eq!(events(), []);
    });
}

#[test]
fn dust_is_written_down_where_the_balance_pallet_would_lose_it() {
    build_and_execute(|| {
        assert_ok!(Balances::transfer_allow_death(
            RuntimeOrigin::signed(ALICE),
            BOB,
            ENDOWED - (ED - 1)
        ));
        assert_eq!(Balances::total_balance(&ALICE), 0);
        assert_eq!(Totals::<Test>::get().all.burned.dust, ED - 1);
        assert_eq!(Balances::total_issuance(), GENESIS - (ED - 1));
    });
}

#[test]
fn what_the_pool_cannot_take_is_burned_and_written_down() {
    build_and_execute(|| {
        // Only by force: no call takes the endowment away.
        let dust = Balances::write_balance(&Supply::pool_account(), 0).expect("forced");
        assert_eq!(dust, None);
        Recycle::<Test, RegistrationFees>::on_unbalanced(credit_from(ALICE, ED - 1));
        assert_eq!(
            events(),
            [Event::Burned {
                source: BurnSource::Unresolved,
                amount: ED - 1
            }]
        );
        assert_eq!(Supply::recycled(), 0);
        assert_eq!(Totals::<Test>::get().all.burned.unresolved, ED - 1);
        assert_eq!(Balances::total_issuance(), GENESIS - (ED - 1));
        // Given back what was forced out of it, the pool is as it was.
        Balances::write_balance(&Supply::pool_account(), ED).expect("forced");
    });
}

fn pay(fee: Balance, tip: Balance) {
    let credits = [credit_from(BOB, fee), credit_from(BOB, tip)];
    BurnFeeTipTo::<Test, Author>::on_unbalanceds(credits.into_iter());
}

#[test]
fn the_fee_is_burned_and_the_author_has_the_tip() {
    build_and_execute(|| {
        Author::set(Some(ALICE));
        pay(70, 5);
        assert_eq!(Balances::balance(&ALICE), ENDOWED + 5);
        assert_eq!(Totals::<Test>::get().all.burned.transaction_fees, 70);
        assert_eq!(Balances::total_issuance(), GENESIS - 70);
    });
}

#[test]
fn a_tip_nobody_can_take_is_burned_with_the_fee() {
    build_and_execute(|| {
        Author::set(None);
        pay(70, 5);
        assert_eq!(Totals::<Test>::get().all.burned.transaction_fees, 75);
        // An author without an account cannot take less than the minimum balance.
        Author::set(Some(99));
        pay(70, ED - 1);
        assert_eq!(Balances::balance(&99), 0);
        assert_eq!(
            Totals::<Test>::get().all.burned.transaction_fees,
            145 + ED - 1
        );
    });
}

#[test]
fn a_single_credit_of_transaction_payment_is_a_fee() {
    build_and_execute(|| {
        Author::set(Some(ALICE));
        BurnFeeTipTo::<Test, Author>::on_unbalanced(credit_from(BOB, 70));
        BurnFeeTipTo::<Test, Author>::on_unbalanceds(core::iter::empty());
        assert_eq!(Totals::<Test>::get().all.burned.transaction_fees, 70);
        assert_eq!(Balances::balance(&ALICE), ENDOWED);
    });
}
