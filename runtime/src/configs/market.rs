// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Other assets, the pools they trade in, and the revenue that buys NI there.
//!
//! TAO and the stablecoin have no owner, issuer, admin or freezer who could sign:
//! the account named as such is the bridge's, and nobody has its key. Only
//! [`crate::bridge`] mints them.

use crate::{
    AccountId, AssetConversion, Assets, AssetsHolder, Balance, Balances, PoolAssets, Runtime,
    RuntimeEvent, RuntimeHoldReason, System, bridge, settings,
};
use frame_support::{
    PalletId, parameter_types,
    traits::{
        AsEnsureOriginWithArg, ConstU32, ConstU128, Get, NeverEnsureOrigin,
        fungible::{NativeFromLeft, NativeOrWithId, UnionOf},
    },
};
use frame_system::EnsureRoot;
#[cfg(feature = "runtime-benchmarks")]
use frame_system::EnsureSigned;
use pallet_asset_conversion::{AccountIdConverter, WithFirstAsset};
use pallet_governance::EnsureAssets;
use pallet_supply::{Burn, Buyback as BoughtBack};
use sp_runtime::{Permill, traits::AccountIdConversion};

/// TAO: what is staked. Nine decimals.
pub const TAO: bridge::AssetId = 1;
/// A stablecoin in US dollars: what fiat revenue is settled in. Six decimals.
pub const USD: bridge::AssetId = 2;

/// NI, or another asset by its number.
pub type AssetKind = NativeOrWithId<bridge::AssetId>;

/// NI and all other assets.
pub type NativeAndAssets = UnionOf<Balances, Assets, NativeFromLeft, AssetKind, AccountId>;

parameter_types! {
    /// NI among the assets.
    pub const NativeAsset: AssetKind = NativeOrWithId::Native;
    /// From which the accounts of pools are derived.
    pub const PoolsId: PalletId = PalletId(*b"ni/pools");
    /// Whose account the assets name as their owner.
    pub const BridgeId: PalletId = PalletId(*b"ni/bridg");
    /// Where revenue waits to be spent.
    pub const RevenueId: PalletId = PalletId(*b"ni/buybk");
    /// What a swap leaves in the pool, for every pool alike.
    pub const LiquidityFee: Permill = Permill::from_parts(3_000);
    /// Whoever takes liquidity out leaves nothing of it.
    pub const WithdrawalFee: Permill = Permill::zero();
}

/// Whose account the assets name as their owner.
pub fn bridge_account() -> AccountId {
    BridgeId::get().into_account_truncating()
}

/// Shares in pools, apart from the assets themselves.
pub type PoolAssetsInstance = pallet_assets::Instance1;

/// TAO, stablecoins and whatever else is bridged: no account creates one.
impl pallet_assets::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<1_000>;
    type AssetId = bridge::AssetId;
    type AssetIdParameter = bridge::AssetId;
    type ReserveData = ();
    type Currency = Balances;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type CreateOrigin = AsEnsureOriginWithArg<NeverEnsureOrigin<AccountId>>;
    #[cfg(feature = "runtime-benchmarks")]
    type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ConstU128<0>;
    type AssetAccountDeposit = ConstU128<0>;
    type MetadataDepositBase = ConstU128<0>;
    type MetadataDepositPerByte = ConstU128<0>;
    type ApprovalDeposit = ConstU128<{ crate::EXISTENTIAL_DEPOSIT }>;
    type StringLimit = ConstU32<32>;
    type Freezer = ();
    type Holder = AssetsHolder;
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl pallet_assets_holder::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

impl pallet_assets::Config<PoolAssetsInstance> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<1_000>;
    type AssetId = bridge::AssetId;
    type AssetIdParameter = bridge::AssetId;
    type ReserveData = ();
    type Currency = Balances;
    // The pools' own account creates them.
    type CreateOrigin = AsEnsureOriginWithArg<NeverEnsureOrigin<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = ConstU128<0>;
    type AssetAccountDeposit = ConstU128<0>;
    type MetadataDepositBase = ConstU128<0>;
    type MetadataDepositPerByte = ConstU128<0>;
    type ApprovalDeposit = ConstU128<{ crate::EXISTENTIAL_DEPOSIT }>;
    type StringLimit = ConstU32<32>;
    type Freezer = ();
    type Holder = ();
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

/// Pools of NI and one other asset each. Making one costs nothing but its fee as a
/// transaction: there are no more pools than assets, and no account creates those.
impl pallet_asset_conversion::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type HigherPrecisionBalance = sp_core::U256;
    type AssetKind = AssetKind;
    type Assets = NativeAndAssets;
    type PoolId = (AssetKind, AssetKind);
    type PoolLocator = WithFirstAsset<
        NativeAsset,
        AccountId,
        AssetKind,
        AccountIdConverter<PoolsId, (AssetKind, AssetKind)>,
    >;
    type PoolAssetId = bridge::AssetId;
    type PoolAssets = PoolAssets;
    type LPFee = LiquidityFee;
    // The buyback's depth limit is checked against this one fee.
    type AdminOrigin = NeverEnsureOrigin<()>;
    type MaxSwapFee = LiquidityFee;
    type PoolSetupFee = ConstU128<0>;
    type PoolSetupFeeAsset = NativeAsset;
    type PoolSetupFeeTarget = ();
    type LiquidityWithdrawalFee = WithdrawalFee;
    type MintMinLiquidity = ConstU128<100>;
    type MaxSwapPathLength = ConstU32<3>;
    type PalletId = PoolsId;
    type WeightInfo = pallet_asset_conversion::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = CreatePair;
}

/// Pairs of NI and an asset.
#[cfg(feature = "runtime-benchmarks")]
pub struct CreatePair;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_asset_conversion::BenchmarkHelper<AssetKind> for CreatePair {
    fn create_pair(_: u32, seed: u32) -> (AssetKind, AssetKind) {
        (NativeOrWithId::Native, NativeOrWithId::WithId(seed))
    }
}

/// How revenue buys NI now.
pub struct Pace;

impl Get<settings::BuybackParameters> for Pace {
    fn get() -> settings::BuybackParameters {
        settings::parameters::Buyback::get()
    }
}

impl pallet_buyback::Config for Runtime {
    type AssetKind = AssetKind;
    type Balance = Balance;
    type Assets = NativeAndAssets;
    type NativeAsset = NativeAsset;
    type Currency = Balances;
    type Swap = AssetConversion;
    type Reserves = pallet_buyback::PoolReserves<Runtime, NativeAsset>;
    type Burned = Burn<Runtime, BoughtBack>;
    type Gateway = bridge::EnsureGateway<Runtime>;
    type AssetsOrigin = EnsureAssets;
    type Parameters = Pace;
    type Randomness = pallet_babe::ParentBlockRandomness<Runtime>;
    type BlockNumberProvider = System;
    type PalletId = RevenueId;
    type MaxAssets = ConstU32<8>;
    type LiquidityFee = LiquidityFee;
    type WeightInfo = pallet_buyback::weights::SubstrateWeight<Runtime>;
}
