// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the calls cost, measured.

#![cfg(feature = "runtime-benchmarks")]

use super::*;
use crate::configs::market::TAO;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, fungibles::Inspect};
use frame_system::{RawOrigin, pallet_prelude::BlockNumberFor};

const AMOUNT: Balance = 1_000_000_000;

fn account(name: &'static str) -> AccountId {
    frame_benchmarking::account(name, 0, 0)
}

/// TAO is bridged by an operator.
fn bridge<T: Config>() -> AccountId {
    let operator = account("operator");
    Operator::<T>::put(operator.clone());
    let bridged = Bridged {
        limit: Balance::MAX,
        highest: Balance::MAX,
        minted: T::Assets::total_issuance(TAO),
        ..Default::default()
    };
    Assets::<T>::insert(TAO, bridged);
    operator
}

#[benchmarks(where BlockNumberFor<T>: Into<BlockNumber> + From<BlockNumber>)]
mod benches {
    use super::*;

    #[benchmark]
    fn mint() {
        let operator = bridge::<T>();
        let to = account("holder");

        #[extrinsic_call]
        _(RawOrigin::Signed(operator), TAO, 0, to.clone(), AMOUNT);

        assert_eq!(T::Assets::balance(TAO, &to), AMOUNT);
    }

    #[benchmark]
    fn redeem() {
        let operator = bridge::<T>();
        let holder = account("holder");
        let minted = Pallet::<T>::mint(
            RawOrigin::Signed(operator).into(),
            TAO,
            0,
            holder.clone(),
            AMOUNT,
        );
        assert!(minted.is_ok(), "the operator mints");

        #[extrinsic_call]
        _(RawOrigin::Signed(holder.clone()), TAO, AMOUNT, [1; 32]);

        assert_eq!(T::Assets::balance(TAO, &holder), 0);
    }

    #[benchmark]
    fn set_operator() -> Result<(), BenchmarkError> {
        let origin =
            T::OperatorOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Some(account("operator")));

        assert_eq!(Operator::<T>::get(), Some(account("operator")));
        Ok(())
    }

    #[benchmark]
    fn set_gateway() -> Result<(), BenchmarkError> {
        let origin =
            T::AssetsOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Some(account("gateway")));

        assert_eq!(Gateway::<T>::get(), Some(account("gateway")));
        Ok(())
    }

    /// The limit is raised.
    #[benchmark]
    fn set_limit() -> Result<(), BenchmarkError> {
        bridge::<T>();
        Assets::<T>::mutate(TAO, |bridged| {
            if let Some(bridged) = bridged {
                bridged.limit = AMOUNT / 2;
            }
        });
        let first: BlockNumber = T::Bounds::between_raises();
        frame_system::Pallet::<T>::set_block_number(first.into());
        let origin =
            T::AssetsOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, TAO, AMOUNT);

        assert_eq!(
            Assets::<T>::get(TAO).map(|bridged| bridged.limit),
            Some(AMOUNT)
        );
        Ok(())
    }
}
