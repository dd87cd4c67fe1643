// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of `pallet_supply`. Nothing here has a length: every cost is
//! constant.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::traits::{
    OnUnbalanced,
    fungible::{Balanced, Inspect},
};
use frame_system::RawOrigin;

/// Puts `amount` into an account by minting, so that the ledger stays true.
fn endow<T: Config>(who: &T::AccountId, amount: BalanceOf<T>) -> Result<(), BenchmarkError> {
    let credit = Pallet::<T>::mint(amount, MintReason::Emission)?;
    T::Currency::resolve(who, credit).map_err(|_| BenchmarkError::Stop("not resolved"))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn burn() -> Result<(), BenchmarkError> {
        let amount = T::Currency::minimum_balance();
        let caller: T::AccountId = whitelisted_caller();
        endow::<T>(&caller, amount + amount)?;
        let before = T::Currency::total_issuance();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), amount);

        assert_eq!(before, T::Currency::total_issuance() + amount);
        assert_eq!(Totals::<T>::get().all.burned.voluntary, amount);
        Ok(())
    }

    /// The dearer case: something was sent to the pool unasked and is taken in.
    #[benchmark]
    fn start_round() -> Result<(), BenchmarkError> {
        let amount = T::Currency::minimum_balance();
        let fee = Pallet::<T>::mint(amount, MintReason::Emission)?;
        Recycle::<T, RegistrationFees>::on_unbalanced(fee);
        endow::<T>(&Pallet::<T>::pool_account(), amount)?;

        #[block]
        {
            Pallet::<T>::start_round();
        }

        assert_eq!(Pallet::<T>::pool(), amount + amount);
        assert_eq!(Totals::<T>::get().round, Movements::default());
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, mock::new_test_ext(), mock::Test);
}
