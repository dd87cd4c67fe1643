// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What genesis does, for a chain that had balances before it had this pallet.

use crate::{BalanceOf, Error, Pallet, SupplyTotals, Totals, pallet::Config};
use core::marker::PhantomData;
use frame_support::{
    ensure,
    traits::{
        Get, OnRuntimeUpgrade,
        fungible::{Balanced, Inspect},
    },
    transactional,
    weights::Weight,
};
use sp_runtime::{
    ArithmeticError, DispatchError, DispatchResult,
    traits::{CheckedAdd, CheckedSub, Zero},
};

/// Records what exists as the genesis issuance, and gives the pool account its
/// endowment: what the pallet's genesis does on a new chain.
///
/// For the upgrade that adds the pallet. Until it ran, nothing is minted. It changes
/// nothing on a chain that is adopted, so it may stay in the list of migrations. Nor does
/// it where more exists than the cap: `mint` then goes on to refuse.
pub struct Adopt<T>(PhantomData<T>);

impl<T: Config> OnRuntimeUpgrade for Adopt<T> {
    fn on_runtime_upgrade() -> Weight {
        let weight = T::DbWeight::get().reads(3);
        match Pallet::<T>::adopt() {
            // The totals, the issuance and the pool account.
            Ok(()) => weight.saturating_add(T::DbWeight::get().writes(3)),
            // Nothing was changed.
            Err(_) => weight,
        }
    }

    #[cfg(feature = "try-runtime")]
    fn post_upgrade(_: alloc::vec::Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
        Pallet::<T>::do_try_state()
    }
}

impl<T: Config> Pallet<T> {
    /// Whether genesis recorded what exists or is yet to do so, or [`Adopt`] did.
    pub(crate) fn knows_issuance(totals: &SupplyTotals<BalanceOf<T>>) -> bool {
        // Genesis counts what the geneses of pallets before it minted.
        if frame_system::Pallet::<T>::block_number().is_zero() {
            return true;
        }
        // Either gives the pool account its minimum balance. Where that is zero, what
        // exists on a chain that minted nothing came from elsewhere.
        totals.endowment >= T::Currency::minimum_balance()
            && (!totals.minted().is_zero() || T::Currency::total_issuance().is_zero())
    }

    /// Records what exists as the genesis issuance, and gives the pool account its
    /// endowment. See [`Adopt`].
    ///
    /// # Errors
    /// [`Error::AlreadyAdopted`]; [`Error::CapExceeded`] where more exists or existed than
    /// the cap, [`Error::PoolExhausted`] where the pool account holds less than was
    /// recycled, and the currency's own. Nothing is then changed.
    #[transactional]
    pub fn adopt() -> DispatchResult {
        let totals = Totals::<T>::get();
        ensure!(!Self::knows_issuance(&totals), Error::<T>::AlreadyAdopted);
        let pool = Self::pool_account();
        let held = || {
            T::Currency::balance(&pool)
                .checked_sub(&totals.pool())
                .ok_or(Error::<T>::PoolExhausted)
        };
        let missing = T::Currency::minimum_balance().checked_sub(&held()?);
        if let Some(missing) = missing.filter(|missing| !missing.is_zero()) {
            T::Currency::total_issuance()
                .checked_add(&missing)
                .ok_or(ArithmeticError::Overflow)?;
            T::Currency::resolve(&pool, T::Currency::issue(missing))
                .map_err(|_| DispatchError::from(Error::<T>::PoolExhausted))?;
        }
        // What was burned since the pallet is there existed before, too.
        let genesis = T::Currency::total_issuance()
            .checked_add(&totals.all.burned.total())
            .ok_or(ArithmeticError::Overflow)?;
        ensure!(genesis <= T::Cap::get(), Error::<T>::CapExceeded);
        Totals::<T>::put(SupplyTotals {
            genesis,
            endowment: held()?,
            ..totals
        });
        Ok(())
    }
}
