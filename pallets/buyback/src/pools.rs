// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is asked about pools, and the answers of `pallet-asset-conversion`.

use core::marker::PhantomData;
use frame_support::traits::Get;
use pallet_asset_conversion::PoolLocator;
use sp_runtime::Permill;

#[cfg(feature = "runtime-benchmarks")]
use sp_runtime::DispatchError;

/// The pools in which assets are swapped for NI.
pub trait Reserves<AssetKind, Balance> {
    /// The pool's reserves of `asset` and of NI.
    ///
    /// `None` when there is no pool, one of the two is zero, or the pool cannot pay.
    fn reserves(asset: &AssetKind) -> Option<(Balance, Balance)>;

    /// The fee the pool of `asset` and NI takes of what is paid in, and leaves in
    /// its reserves. Zero without a pool.
    fn liquidity_fee(asset: &AssetKind) -> Permill;

    /// Makes an asset, a different one for each `index`, and its pool with NI, with
    /// these reserves, and returns the asset.
    #[cfg(feature = "runtime-benchmarks")]
    fn prepare(
        index: u32,
        asset_reserve: Balance,
        native_reserve: Balance,
    ) -> Result<AssetKind, DispatchError>;
}

/// The pools of `pallet-asset-conversion`: `T` is the runtime, `Native` says which
/// asset kind is NI.
pub struct PoolReserves<T, Native>(PhantomData<(T, Native)>);

/// That benchmarks can create assets; without them anything will do.
#[cfg(not(feature = "runtime-benchmarks"))]
pub trait CreatesAssets<AccountId, AssetKind, Balance> {}
#[cfg(not(feature = "runtime-benchmarks"))]
impl<A, AccountId, AssetKind, Balance> CreatesAssets<AccountId, AssetKind, Balance> for A {}

/// That benchmarks can create assets.
#[cfg(feature = "runtime-benchmarks")]
pub trait CreatesAssets<AccountId, AssetKind, Balance>:
    frame_support::traits::fungibles::Create<AccountId, AssetId = AssetKind, Balance = Balance>
{
}
#[cfg(feature = "runtime-benchmarks")]
impl<A, AccountId, AssetKind, Balance> CreatesAssets<AccountId, AssetKind, Balance> for A where
    A: frame_support::traits::fungibles::Create<AccountId, AssetId = AssetKind, Balance = Balance>
{
}

impl<T, Native> Reserves<T::AssetKind, T::Balance> for PoolReserves<T, Native>
where
    T: pallet_asset_conversion::Config,
    T::Assets: CreatesAssets<T::AccountId, T::AssetKind, T::Balance>,
    Native: Get<T::AssetKind>,
{
    fn reserves(asset: &T::AssetKind) -> Option<(T::Balance, T::Balance)> {
        pallet_asset_conversion::Pallet::<T>::get_reserves(asset.clone(), Native::get()).ok()
    }

    fn liquidity_fee(asset: &T::AssetKind) -> Permill {
        T::PoolLocator::pool_id(asset, &Native::get()).map_or(Permill::zero(), |pool| {
            pallet_asset_conversion::Pallet::<T>::pool_fee(&pool)
        })
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn prepare(
        index: u32,
        asset_reserve: T::Balance,
        native_reserve: T::Balance,
    ) -> Result<T::AssetKind, DispatchError> {
        use frame_benchmarking::account;
        use frame_support::traits::fungibles::{Create, Inspect, Mutate};
        use frame_system::RawOrigin;
        use pallet_asset_conversion::BenchmarkHelper;
        use sp_runtime::traits::{CheckedAdd, One};

        let overflow = || DispatchError::Other("the amounts overflow");
        let provider: T::AccountId = account("liquidity", 0, 0);
        // Far from the assets a runtime has.
        let id = index.checked_add(1_000_000).ok_or_else(overflow)?;
        let (_, asset) = T::BenchmarkHelper::create_pair(1, id);
        let native = Native::get();
        T::Assets::create(asset.clone(), provider.clone(), true, T::Balance::one())?;
        let kept = T::Assets::minimum_balance(native.clone());
        for (kind, amount) in [
            (&native, native_reserve),
            (&native, T::PoolSetupFee::get()),
            (&native, kept),
            (&asset, asset_reserve),
            (&asset, T::Balance::one()),
        ] {
            let minted = amount.checked_add(&kept).ok_or_else(overflow)?;
            T::Assets::mint_into(kind.clone(), &provider, minted)?;
        }
        pallet_asset_conversion::Pallet::<T>::create_pool(
            RawOrigin::Signed(provider.clone()).into(),
            native.clone().into(),
            asset.clone().into(),
        )?;
        pallet_asset_conversion::Pallet::<T>::add_liquidity(
            RawOrigin::Signed(provider.clone()).into(),
            native.into(),
            asset.clone().into(),
            native_reserve,
            asset_reserve,
            T::Balance::one(),
            T::Balance::one(),
            provider,
        )?;
        Ok(asset)
    }
}
