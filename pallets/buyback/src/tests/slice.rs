// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How much a slice is, what it buys, and what happens when it cannot.

use crate::{Error, Event, Ledger, Markets, Skipped, mock::*};
use codec::{Decode, Encode};
use frame_support::{
    assert_ok,
    traits::{fungibles::Mutate, tokens::Preservation},
};
use sp_runtime::{DispatchError, FixedU128, Permill};
use tokenomics_primitives::buyback::output;

/// The TAO that the next slice spends when `pending` are pending.
fn spent_of(pending: Balance) -> Balance {
    let before = Buyback::ledger(TAO);
    let missing = pending - before.pending();
    if missing > 0 {
        deposit(TAO, missing);
    }
    before_a_slice();
    next_block();
    Buyback::ledger(TAO).spent - before.spent
}

#[test]
fn a_slice_is_swapped_and_burned() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        before_a_slice();
        events();
        let (asset, native) = reserves(TAO);
        let expected = output(50 * NI, asset, native, LiquidityFee::get()).expect("the pool pays");
        next_block();
        let ledger = Ledger {
            received: 100 * NI,
            spent: 50 * NI,
            bought: expected,
            burned: expected,
        };
        assert_eq!(Buyback::ledger(TAO), ledger);
        assert_eq!(Buyback::totals().bought, expected);
        assert_eq!(Buyback::totals().burned, expected);
        assert_eq!(
            ledger.average_price(),
            Some(FixedU128::from_inner(expected * 1_000_000_000 / 50))
        );
        assert_eq!(balance(TAO, pot()), 50 * NI);
        assert_eq!(balance(NATIVE, pot()), ED);
        assert_eq!(reserves(TAO), (asset + 50 * NI, native - expected));
        assert_eq!(
            events(),
            [Event::SliceBought {
                asset: TAO,
                spent: 50 * NI,
                bought: expected,
                average: FixedU128::from_u32(2),
                pending: 50 * NI,
            }]
        );
    });
}

#[test]
fn the_size_of_a_slice() {
    build_and_execute(|| {
        assert_eq!(spent_of(100 * NI), 50 * NI, "the pace");
        assert_eq!(spent_of(50 * NI), 25 * NI, "the pace again");
        assert_eq!(spent_of(25 * NI), 25 * NI / 2, "and again");
        assert_eq!(spent_of(19 * NI), MIN_SLICE, "the least");
        assert_eq!(
            spent_of(9 * NI + NI / 2),
            9 * NI + NI / 2 - ASSET_ED,
            "all there is, but what keeps the account"
        );
        forward(1_000);
        let (asset, _) = reserves(TAO);
        assert_eq!(spent_of(5_000 * NI), asset * 3 / 1_000, "the depth");
        let risen = spent_of(5_000 * NI);
        assert!(
            risen > asset * 3 / 1_000 && risen < reserves(TAO).0 * 3 / 1_000,
            "the depth, which follows the slice before"
        );
    });
}

#[test]
fn nothing_pending_is_no_news() {
    build_and_execute(|| {
        forward(3 * PERIOD);
        assert_eq!(events(), []);
    });
}

#[test]
fn both_assets_can_be_due_in_one_block() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        deposit(USD, 100 * USD_UNIT);
        before_a_slice();
        next_block();
        assert_eq!(Buyback::ledger(TAO).spent, 50 * NI);
        assert_eq!(Buyback::ledger(USD).spent, 50 * USD_UNIT);
        let sum = Buyback::ledger(TAO).burned + Buyback::ledger(USD).burned;
        assert_eq!(Buyback::totals().burned, sum);
    });
}

#[test]
fn a_pool_with_a_fee_of_its_own_bounds_the_depth() {
    build_and_execute(|| {
        let set = |fee| {
            assert_ok!(AssetConversion::set_pool_fee(
                RuntimeOrigin::root(),
                (NATIVE, TAO),
                fee
            ));
        };
        set(Permill::from_parts(1_000));
        let (asset, _) = reserves(TAO);
        assert_eq!(spent_of(5_000 * NI), asset / 1_000);
        set(Permill::from_percent(1));
        let spent = spent_of(5_000 * NI);
        let steady = Markets::<Test>::get()[0].steady.expect("it was seen");
        assert_eq!(spent, steady * 3 / 1_000, "a higher fee changes nothing");
        set(Permill::zero());
        events();
        assert_eq!(spent_of(6_000 * NI), 0);
        let skipped = Event::SliceSkipped {
            asset: TAO,
            reason: Skipped::NoDepth,
        };
        assert_eq!(events().last(), Some(&skipped));
    });
}

fn give_the_pot(amount: Balance) {
    assert_ok!(NativeAndAssets::transfer(
        NATIVE,
        &ATTACKER,
        &pot(),
        amount,
        Preservation::Preserve
    ));
}

#[test]
fn a_broken_swap_is_undone_and_blocks_nobody() {
    for fault in [
        Fault::FailsLate,
        Fault::Overstates,
        Fault::Underpays,
        Fault::TakesLess,
    ] {
        build_and_execute(|| {
            deposit(TAO, 100 * NI);
            // More NI than the endowment, which a false report could be paid from.
            give_the_pot(NI);
            before_a_slice();
            events();
            let before = (reserves(TAO), balance(TAO, pot()), Buyback::ledger(TAO));
            Broken::set(Some(fault));
            next_block();
            Broken::set(None);
            assert_eq!(
                (reserves(TAO), balance(TAO, pot()), Buyback::ledger(TAO)),
                before
            );
            assert_eq!(balance(NATIVE, pot()), ED + NI);
            assert_eq!(Buyback::totals().bought, 0);
            let error = match fault {
                // What an event keeps of an error has no text.
                Fault::FailsLate => DispatchError::Other(""),
                Fault::Overstates | Fault::Underpays | Fault::TakesLess => {
                    Error::<Test>::InexactSwap.into()
                }
            };
            let Some(Event::SliceSkipped { asset, reason }) = events().pop() else {
                panic!("it was skipped");
            };
            let reason: Skipped<Balance> =
                Decode::decode(&mut &reason.encode()[..]).expect("it was encoded");
            assert_eq!((asset, reason), (TAO, Skipped::Refused { error }));

            // The next period tries again.
            before_a_slice();
            next_block();
            assert_eq!(Buyback::ledger(TAO).spent, 50 * NI);
        });
    }
}

#[test]
fn the_minimum_balance_stays_behind() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        Markets::<Test>::mutate(|markets| markets[0].terms.min_slice = 1_000 * NI);
        before_a_slice();
        next_block();
        assert_eq!(Buyback::pending(&TAO), ASSET_ED);
        assert_eq!(balance(TAO, pot()), ASSET_ED);
        before_a_slice();
        events();
        next_block();
        assert_eq!(events(), [], "what stays for ever is no news");
    });
}
