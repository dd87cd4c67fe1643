// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of `pallet_buyback`. What a block costs depends on the assets that
//! are enabled and on how many of their slices are due in it, and on nothing else.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get, Hooks, fungible::Inspect as _, fungibles::Mutate},
};
use sp_runtime::{
    FixedU128,
    traits::{BlockNumberProvider, CheckedMul, One, Zero},
};

/// Amounts far above any minimum balance, as multiples of NI's.
fn units<T: Config>(times: u32) -> Result<T::Balance, BenchmarkError> {
    T::Currency::minimum_balance()
        .max(One::one())
        .checked_mul(&times.into())
        .ok_or(BenchmarkError::Stop("the amounts overflow"))
}

fn terms<T: Config>() -> Result<AssetTerms<T::Balance>, BenchmarkError> {
    Ok(AssetTerms {
        reference_price: FixedU128::from_u32(1),
        min_reserve: One::one(),
        min_slice: units::<T>(1_000)?,
    })
}

/// An asset with a pool in which a unit is worth a unit of NI.
fn asset<T: Config>(index: u32) -> Result<T::AssetKind, BenchmarkError> {
    let reserve = units::<T>(100_000_000)?;
    Ok(T::Reserves::prepare(index, reserve, reserve)?)
}

/// Leaves `n` assets enabled, each seen in its pool before, at an average that is
/// not the price, and with the period's slice behind it.
fn enable<T: Config>(n: u32) -> Result<(), BenchmarkError> {
    Markets::<T>::put(BoundedVec::default());
    for index in 0..n {
        Pallet::<T>::enable(asset::<T>(index)?, terms::<T>()?)?;
    }
    Markets::<T>::mutate(|markets| {
        for market in markets.iter_mut() {
            market.average = FixedU128::from_rational(11, 10);
            market.steady = Some(One::one());
            market.until = u32::MAX.into();
            market.tried = true;
        }
    });
    Ok(())
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// The last of all assets that can be enabled, in fiat, so with the longest
    /// event.
    #[benchmark]
    fn deposit_revenue() -> Result<(), BenchmarkError> {
        enable::<T>(T::MaxAssets::get())?;
        let asset = Markets::<T>::get()
            .last()
            .map(|market| market.asset.clone())
            .ok_or(BenchmarkError::Stop("an asset is enabled"))?;
        let origin = T::Gateway::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let gateway =
            T::Gateway::ensure_origin(origin.clone()).map_err(|_| BenchmarkError::Weightless)?;
        let amount = units::<T>(1_000)?;
        T::Assets::mint_into(asset.clone(), &gateway, units::<T>(2_000)?)?;
        let nonce = Receipts::<T>::get(&gateway);
        let source = RevenueSource::Fiat {
            currency: *b"USD",
            minor_units: 1,
            reference: [7; 32],
        };

        #[extrinsic_call]
        _(
            origin as T::RuntimeOrigin,
            nonce,
            asset.clone(),
            amount,
            source,
        );

        assert_eq!(Pallet::<T>::pending(&asset), amount);
        Ok(())
    }

    /// All assets but one are enabled.
    #[benchmark]
    fn enable_asset() -> Result<(), BenchmarkError> {
        let last = T::MaxAssets::get() - 1;
        enable::<T>(last)?;
        let asset = asset::<T>(last)?;
        let origin =
            T::AssetsOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, asset.clone(), terms::<T>()?);

        assert!(Pallet::<T>::is_enabled(&asset));
        Ok(())
    }

    /// The first of all assets that can be enabled.
    #[benchmark]
    fn disable_asset() -> Result<(), BenchmarkError> {
        enable::<T>(T::MaxAssets::get())?;
        let asset = Markets::<T>::get()
            .first()
            .map(|market| market.asset.clone())
            .ok_or(BenchmarkError::Stop("an asset is enabled"))?;
        let origin =
            T::AssetsOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, asset.clone());

        assert!(!Pallet::<T>::is_enabled(&asset));
        Ok(())
    }

    /// NI, which is burned at once.
    #[benchmark]
    fn note_revenue() -> Result<(), BenchmarkError> {
        let native = T::NativeAsset::get();
        let amount = units::<T>(10)?;
        T::Assets::mint_into(native.clone(), &Pallet::<T>::account(), units::<T>(11)?)?;
        let noted;

        #[block]
        {
            noted = Pallet::<T>::note_revenue(native.clone(), amount);
        }

        noted?;
        assert_eq!(Ledgers::<T>::get(native).burned, amount);
        Ok(())
    }

    /// A block in which `n` assets are enabled and no slice is due, after the dice
    /// were thrown for each.
    #[benchmark]
    fn sample(n: Linear<0, { T::MaxAssets::get() }>) -> Result<(), BenchmarkError> {
        enable::<T>(n)?;
        // So many blocks are left that none of them is it.
        Markets::<T>::mutate(|markets| {
            for market in markets.iter_mut() {
                market.tried = false;
            }
        });
        T::BlockNumberProvider::set_block_number(One::one());

        #[block]
        {
            Pallet::<T>::on_initialize(One::one());
        }

        for market in Markets::<T>::get() {
            assert!(market.average < FixedU128::from_rational(11, 10));
        }
        Ok(())
    }

    /// One slice, from what is pending to what is burned.
    #[benchmark]
    fn slice() -> Result<(), BenchmarkError> {
        enable::<T>(1)?;
        let mut market = Markets::<T>::get()
            .first()
            .cloned()
            .ok_or(BenchmarkError::Stop("an asset is enabled"))?;
        market.average = FixedU128::from_u32(1);
        market.steady = None;
        let asset = market.asset.clone();
        let pot = Pallet::<T>::account();
        T::Assets::mint_into(T::NativeAsset::get(), &pot, units::<T>(1)?)?;
        let revenue = units::<T>(10_000)?;
        T::Assets::mint_into(asset.clone(), &pot, revenue)?;
        Pallet::<T>::note_revenue(asset.clone(), revenue)?;
        let reserves = T::Reserves::reserves(&asset);
        let parameters = T::Parameters::get();

        #[block]
        {
            Pallet::<T>::attempt(&mut market, reserves, &parameters, true);
        }

        let ledger = Ledgers::<T>::get(&asset);
        assert!(!ledger.spent.is_zero());
        assert!(!ledger.burned.is_zero());
        assert_eq!(ledger.bought, ledger.burned);
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, mock::new_test_ext(), mock::Test);
}
