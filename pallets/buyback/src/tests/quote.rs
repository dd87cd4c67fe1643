// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a quote says is what happens.

use crate::{Skipped, Slice, mock::*};
use frame_support::assert_ok;
use sp_runtime::FixedU128;

#[test]
fn the_quoted_slice_is_the_one_that_is_swapped() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        before_a_slice();
        let quote = Buyback::quote(TAO).expect("it is enabled");
        assert_eq!(quote.pending, 100 * NI);
        assert_eq!(quote.average, FixedU128::from_u32(2));
        assert_eq!(quote.price, Some(FixedU128::from_u32(2)));
        assert_eq!(quote.until, System::block_number() + 1);
        assert!(!quote.tried);
        let Slice {
            amount,
            expected,
            least,
        } = quote.slice.expect("it can be swapped");
        assert_eq!((amount, least), (50 * NI, 95 * NI));
        next_block();
        let ledger = Buyback::ledger(TAO);
        assert_eq!((ledger.spent, ledger.bought), (amount, expected));
        assert!(Buyback::quote(TAO).expect("it is enabled").tried);
    });
}

#[test]
fn a_quote_says_why_not() {
    build_and_execute(|| {
        let slice = |asset| Buyback::quote(asset).expect("it is enabled").slice;
        assert_eq!(slice(TAO), Err(Skipped::NothingPending));
        deposit(TAO, NI);
        assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ADMIN), 1));
        let quote = Buyback::quote(TAO).expect("it is enabled");
        assert_eq!(quote.slice, Err(Skipped::NoReserves));
        assert_eq!(quote.price, None);
    });
}

#[test]
fn what_is_not_enabled_has_no_quote_but_a_ledger() {
    build_and_execute(|| {
        deposit(TAO, NI);
        assert_ok!(Buyback::disable_asset(RuntimeOrigin::root(), TAO));
        assert_eq!(Buyback::quote(TAO), None);
        assert_eq!(Buyback::quote(NATIVE), None);
        assert_eq!(Buyback::ledger(TAO).pending(), NI);
        assert_eq!(Buyback::ledger(TAO).average_price(), None);
    });
}
