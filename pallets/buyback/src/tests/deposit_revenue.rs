// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Revenue from the gateway and its receipts.

use crate::{Error, Event, Receipts, RevenueSource, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{ArithmeticError, DispatchError, TokenError};

fn pay(nonce: u64, asset: Kind, amount: Balance) -> Result<(), DispatchError> {
    Buyback::deposit_revenue(
        RuntimeOrigin::signed(GATEWAY),
        nonce,
        asset,
        amount,
        RevenueSource::Asset,
    )
}

fn fiat(currency: [u8; 3], minor_units: u128) -> RevenueSource {
    RevenueSource::Fiat {
        currency,
        minor_units,
        reference: [7; 32],
    }
}

#[test]
fn an_asset_is_taken_from_the_gateway_and_waits_in_the_pot() {
    build_and_execute(|| {
        assert_ok!(pay(0, TAO, 5 * NI));
        assert_eq!(balance(TAO, GATEWAY), ENDOWED - 5 * NI);
        assert_eq!(balance(TAO, pot()), 5 * NI);
        assert_eq!(Buyback::pending(&TAO), 5 * NI);
        assert_eq!(Receipts::<Test>::get(GATEWAY), 1);
        assert_eq!(
            events(),
            [Event::RevenueDeposited {
                gateway: GATEWAY,
                nonce: 0,
                asset: TAO,
                amount: 5 * NI,
                source: RevenueSource::Asset,
            }]
        );
    });
}

#[test]
fn fiat_comes_as_a_stablecoin_and_the_event_tells() {
    build_and_execute(|| {
        let source = fiat(*b"EUR", 92_50);
        assert_ok!(Buyback::deposit_revenue(
            RuntimeOrigin::signed(GATEWAY),
            0,
            USD,
            100 * USD_UNIT,
            source
        ));
        assert_eq!(Buyback::ledger(USD).received, 100 * USD_UNIT);
        let event = Event::RevenueDeposited {
            gateway: GATEWAY,
            nonce: 0,
            asset: USD,
            amount: 100 * USD_UNIT,
            source,
        };
        assert_eq!(events(), [event]);
    });
}

#[test]
fn ni_is_burned_at_once() {
    build_and_execute(|| {
        assert_ok!(pay(0, NATIVE, 3 * NI));
        assert_eq!(balance(NATIVE, GATEWAY), ENDOWED - 3 * NI);
        assert_eq!(balance(NATIVE, ASHES), ENDOWED + 3 * NI);
        assert_eq!(balance(NATIVE, pot()), ED);
        let ledger = Buyback::ledger(NATIVE);
        assert_eq!(
            (ledger.received, ledger.spent, ledger.bought, ledger.burned),
            (3 * NI, 3 * NI, 3 * NI, 3 * NI)
        );
        assert_eq!(Buyback::totals().burned, 3 * NI);
        assert_eq!(
            events().last(),
            Some(&Event::NativeBurned { amount: 3 * NI })
        );
    });
}

#[test]
fn receipts_come_once_and_in_order() {
    build_and_execute(|| {
        assert_ok!(pay(0, TAO, NI));
        assert_noop!(pay(0, TAO, NI), Error::<Test>::ReceiptReplayed);
        assert_noop!(pay(2, TAO, NI), Error::<Test>::ReceiptSkipped);
        assert_ok!(pay(1, USD, NI));
        assert_noop!(pay(0, NATIVE, NI), Error::<Test>::ReceiptReplayed);
        assert_noop!(pay(1, NATIVE, NI), Error::<Test>::ReceiptReplayed);
        assert_ok!(pay(2, NATIVE, NI));
        assert_eq!(Buyback::pending(&TAO), NI, "the replayed one counts once");

        Receipts::<Test>::insert(GATEWAY, u64::MAX);
        assert_noop!(pay(u64::MAX, TAO, NI), ArithmeticError::Overflow);
    });
}

#[test]
fn a_refused_payment_uses_up_no_receipt() {
    build_and_execute(|| {
        let unknown = Kind::WithId(9);
        assert_noop!(pay(0, unknown, NI), Error::<Test>::NotEnabled);
        assert_noop!(pay(0, TAO, 0), Error::<Test>::NoRevenue);
        assert_noop!(pay(0, NATIVE, 0), Error::<Test>::NoRevenue);
        assert_noop!(pay(0, TAO, ENDOWED + 1), TokenError::FundsUnavailable);
        assert_noop!(pay(0, TAO, ENDOWED), TokenError::NotExpendable);
        assert_noop!(pay(0, NATIVE, ENDOWED), TokenError::FundsUnavailable);
        assert_ok!(pay(0, TAO, ENDOWED - ASSET_ED));
    });
}

#[test]
fn only_the_gateway_pays_in() {
    build_and_execute(|| {
        for origin in [RuntimeOrigin::signed(ATTACKER), RuntimeOrigin::root()] {
            assert_noop!(
                Buyback::deposit_revenue(origin, 0, TAO, NI, RevenueSource::Asset),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn fiat_has_a_currency_and_an_amount() {
    build_and_execute(|| {
        for source in [fiat(*b"eur", 1), fiat(*b"E1R", 1), fiat(*b"EUR", 0)] {
            let origin = RuntimeOrigin::signed(GATEWAY);
            assert_noop!(
                Buyback::deposit_revenue(origin, 0, USD, NI, source),
                Error::<Test>::InvalidFiat
            );
        }
    });
}
