// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The checks of the invariants of the crate's documentation.

use crate::{BuybackTotals, Ledgers, Markets, Pallet, Totals, pallet::Config};
use frame_support::{
    ensure,
    traits::{Get, fungible::Inspect as _, fungibles::Inspect as _},
};
use sp_runtime::{TryRuntimeError, traits::CheckedAdd};
use tokenomics_primitives::buyback::{HIGHEST_PRICE, LOWEST_PRICE};

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the crate's documentation. Walks over the ledger of
    /// every asset there ever was: for tests and `try-runtime` only.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let native = T::NativeAsset::get();
        let pot = Self::account();
        let mut totals = BuybackTotals::<T::Balance>::default();
        for (asset, ledger) in Ledgers::<T>::iter() {
            ensure!(
                ledger.spent <= ledger.received,
                "invariant 1: more was spent of an asset than received"
            );
            if asset == native {
                ensure!(
                    ledger.spent == ledger.received && ledger.bought == ledger.received,
                    "invariant 2: revenue in NI was not burned at once"
                );
            } else {
                ensure!(
                    T::Assets::balance(asset, &pot) >= ledger.pending(),
                    "invariant 3: the pot holds less of an asset than is pending"
                );
            }
            ensure!(
                ledger.bought == ledger.burned,
                "invariant 4: what was bought is not what was burned"
            );
            totals.bought = totals
                .bought
                .checked_add(&ledger.bought)
                .ok_or("invariant 5: the ledgers overflow")?;
            totals.burned = totals
                .burned
                .checked_add(&ledger.burned)
                .ok_or("invariant 5: the ledgers overflow")?;
        }
        ensure!(
            Totals::<T>::get() == totals,
            "invariant 5: the totals are not the sums of the ledgers"
        );
        ensure!(
            T::Currency::balance(&pot) >= T::Currency::minimum_balance(),
            "invariant 6: the pot is not endowed"
        );
        let markets = Markets::<T>::get();
        for (index, market) in markets.iter().enumerate() {
            ensure!(
                market.asset != native
                    && !markets
                        .iter()
                        .skip(index)
                        .skip(1)
                        .any(|other| other.asset == market.asset),
                "invariant 7: an asset is enabled twice, or NI is"
            );
            ensure!(
                market.terms.is_valid(),
                "invariant 8: the terms of an asset are out of range"
            );
            ensure!(
                (LOWEST_PRICE..=HIGHEST_PRICE).contains(&market.average),
                "invariant 8: an average price is out of range"
            );
        }
        ensure!(
            T::Parameters::get()
                .validate(T::LiquidityFee::get())
                .is_ok(),
            "invariant 9: the parameters are invalid"
        );
        Ok(())
    }
}
