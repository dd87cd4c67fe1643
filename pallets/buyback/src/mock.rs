// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain of balances, assets, their pools with NI, and this pallet. What is to be
//! burned ends in an account of its own, so that a test sees every unit.

use crate::{
    self as pallet_buyback, AssetTerms, BuybackParameters, Event, Pallet, PoolReserves,
    RevenueSource,
};
use codec::Encode;
use frame_support::{
    PalletId, assert_ok, derive_impl, ord_parameter_types, parameter_types,
    traits::{
        AsEnsureOriginWithArg, ConstU32, ConstU128, Hooks, Randomness,
        fungible::{NativeFromLeft, NativeOrWithId, UnionOf},
        fungibles::Inspect,
        tokens::imbalance::{ResolveAssetTo, ResolveTo},
    },
};
use frame_system::{EnsureRoot, EnsureSigned, EnsureSignedBy};
use pallet_asset_conversion::{AccountIdConverter, Swap, WithFirstAsset};
use sp_core::{H256, U256};
use sp_runtime::{
    BuildStorage, DispatchError, FixedU128, Perbill, Permill,
    traits::{AccountIdConversion, BlakeTwo256, Hash, IdentityLookup},
};

pub(crate) type AccountId = u128;
pub(crate) type Balance = u128;
pub(crate) type BlockNumber = u64;
pub(crate) type Kind = NativeOrWithId<u32>;
pub(crate) type NativeAndAssets = UnionOf<Balances, Assets, NativeFromLeft, Kind, AccountId>;

/// One NI, and one TAO.
pub(crate) const NI: Balance = 1_000_000_000;
/// One USD.
pub(crate) const USD_UNIT: Balance = 1_000_000;
/// The minimum balance of NI.
pub(crate) const ED: Balance = 1_000_000;
/// The minimum balance of every other asset.
pub(crate) const ASSET_ED: Balance = 10;

pub(crate) const GATEWAY: AccountId = 1;
/// Who gives the pools their liquidity.
pub(crate) const PROVIDER: AccountId = 2;
/// Who swaps around slices.
pub(crate) const ATTACKER: AccountId = 3;
/// Whose admin role freezes assets.
pub(crate) const ADMIN: AccountId = 4;
/// Where what is burned ends.
pub(crate) const ASHES: AccountId = 5;

pub(crate) const NATIVE: Kind = NativeOrWithId::Native;
pub(crate) const TAO: Kind = NativeOrWithId::WithId(1);
pub(crate) const USD: Kind = NativeOrWithId::WithId(2);

/// What the gateway and the attacker have of everything.
pub(crate) const ENDOWED: Balance = 1_000_000_000 * NI;
/// The pools: of TAO with NI at 2 NI, and of USD with NI at 4 NI.
pub(crate) const TAO_RESERVE: Balance = 100_000 * NI;
pub(crate) const TAO_NATIVE: Balance = 200_000 * NI;
pub(crate) const USD_RESERVE: Balance = 250_000 * USD_UNIT;
pub(crate) const USD_NATIVE: Balance = 1_000_000 * NI;

pub(crate) const PERIOD: u32 = 10;
pub(crate) const MIN_SLICE: Balance = 10 * NI;
pub(crate) const USD_MIN_SLICE: Balance = 20 * USD_UNIT;

parameter_types! {
    pub const PotId: PalletId = PalletId(*b"ni/buybk");
    pub const AshesAccount: AccountId = ASHES;
    pub const Native: Kind = NATIVE;
    pub const PoolsId: PalletId = PalletId(*b"py/ascon");
    pub const LiquidityFee: Permill = Permill::from_parts(3_000);
    pub const MaxSwapFee: Permill = Permill::from_percent(10);
    pub const NoFee: Permill = Permill::zero();
    pub static Parameters: BuybackParameters = parameters();
    /// What all randomness derives from; none without.
    pub static Seed: Option<u64> = Some(0);
    /// What is wrong with the exchange.
    pub(crate) static Broken: Option<Fault> = None;
}

/// A way for the exchange to go wrong after it moved amounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    /// It reports an error and undoes nothing.
    FailsLate,
    /// It reports a unit more than it paid.
    Overstates,
    /// It pays a unit less than the least it was asked for.
    Underpays,
    /// It takes a unit less than it was given.
    TakesLess,
}

/// The pools, unless they are broken for a test.
pub struct Exchange;

impl Swap<AccountId> for Exchange {
    type Balance = Balance;
    type AssetKind = Kind;

    fn max_path_len() -> u32 {
        <AssetConversion as Swap<AccountId>>::max_path_len()
    }

    fn swap_exact_tokens_for_tokens(
        sender: AccountId,
        path: Vec<Kind>,
        amount_in: Balance,
        amount_out_min: Option<Balance>,
        send_to: AccountId,
        keep_alive: bool,
    ) -> Result<Balance, DispatchError> {
        let fault = Broken::get();
        let amount_in = match fault {
            Some(Fault::TakesLess) => amount_in - 1,
            _ => amount_in,
        };
        let got = <AssetConversion as Swap<AccountId>>::swap_exact_tokens_for_tokens(
            sender,
            path,
            amount_in,
            amount_out_min,
            send_to,
            keep_alive,
        )?;
        match fault {
            Some(Fault::FailsLate) => Err(DispatchError::Other("too late")),
            Some(Fault::Overstates) => Ok(got + 1),
            Some(Fault::Underpays) => Ok(amount_out_min.expect("the pallet asks") - 1),
            _ => Ok(got),
        }
    }

    fn swap_tokens_for_exact_tokens(
        sender: AccountId,
        path: Vec<Kind>,
        amount_out: Balance,
        amount_in_max: Option<Balance>,
        send_to: AccountId,
        keep_alive: bool,
    ) -> Result<Balance, DispatchError> {
        <AssetConversion as Swap<AccountId>>::swap_tokens_for_exact_tokens(
            sender,
            path,
            amount_out,
            amount_in_max,
            send_to,
            keep_alive,
        )
    }
}

ord_parameter_types! {
    pub const Gateway: AccountId = GATEWAY;
    pub const PoolsAccount: AccountId = AccountIdConversion::<AccountId>::into_account_truncating(&PoolsId::get());
}

pub(crate) fn parameters() -> BuybackParameters {
    BuybackParameters {
        period: PERIOD,
        pace: Perbill::from_percent(50),
        depth_limit: Permill::from_parts(3_000),
        tolerance: Perbill::from_percent(5),
        sample_clamp: Perbill::from_percent(10),
        averaged_blocks: 100,
    }
}

pub(crate) fn tao_terms() -> AssetTerms<Balance> {
    AssetTerms {
        reference_price: FixedU128::from_u32(2),
        min_reserve: 1_000 * NI,
        min_slice: MIN_SLICE,
    }
}

pub(crate) fn usd_terms() -> AssetTerms<Balance> {
    AssetTerms {
        // 4 NI for one USD, which has three decimals less.
        reference_price: FixedU128::from_u32(4_000),
        min_reserve: 1_000 * USD_UNIT,
        min_slice: USD_MIN_SLICE,
    }
}

/// A hash of the seed, the block and the subject.
pub struct Dice;

impl Randomness<Option<H256>, BlockNumber> for Dice {
    fn random(subject: &[u8]) -> (Option<H256>, BlockNumber) {
        let now = System::block_number();
        let hash = Seed::get().map(|seed| BlakeTwo256::hash_of(&(seed, now, subject)));
        (hash, now)
    }
}

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Assets = pallet_assets<Instance1>;
    #[runtime::pallet_index(3)]
    pub type PoolAssets = pallet_assets<Instance2>;
    #[runtime::pallet_index(4)]
    pub type AssetConversion = pallet_asset_conversion;
    #[runtime::pallet_index(5)]
    pub type Buyback = pallet_buyback;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ConstU128<ED>;
    type DustRemoval = ResolveTo<AshesAccount, Balances>;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config<pallet_assets::Instance1> for Test {
    type Balance = Balance;
    type Currency = Balances;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type Freezer = ();
    type Holder = ();
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config<pallet_assets::Instance2> for Test {
    type Balance = Balance;
    type Currency = Balances;
    type AssetDeposit = ConstU128<0>;
    type AssetAccountDeposit = ConstU128<0>;
    type CreateOrigin = AsEnsureOriginWithArg<EnsureSignedBy<PoolsAccount, AccountId>>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type Freezer = ();
    type Holder = ();
}

type PoolLocator =
    WithFirstAsset<Native, AccountId, Kind, AccountIdConverter<PoolsId, (Kind, Kind)>>;

impl pallet_asset_conversion::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type HigherPrecisionBalance = U256;
    type AssetKind = Kind;
    type Assets = NativeAndAssets;
    type PoolId = (Kind, Kind);
    type PoolLocator = PoolLocator;
    type PoolAssetId = u32;
    type PoolAssets = PoolAssets;
    type LPFee = LiquidityFee;
    type AdminOrigin = EnsureRoot<AccountId>;
    type MaxSwapFee = MaxSwapFee;
    type PoolSetupFee = ConstU128<ED>;
    type PoolSetupFeeAsset = Native;
    type PoolSetupFeeTarget = ResolveAssetTo<AshesAccount, NativeAndAssets>;
    type LiquidityWithdrawalFee = NoFee;
    type MintMinLiquidity = ConstU128<100>;
    type MaxSwapPathLength = ConstU32<2>;
    type PalletId = PoolsId;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl pallet_buyback::Config for Test {
    type AssetKind = Kind;
    type Balance = Balance;
    type Assets = NativeAndAssets;
    type NativeAsset = Native;
    type Currency = Balances;
    type Swap = Exchange;
    type Reserves = PoolReserves<Test, Native>;
    type Burned = ResolveTo<AshesAccount, Balances>;
    type Gateway = EnsureSignedBy<Gateway, AccountId>;
    type AssetsOrigin = EnsureRoot<AccountId>;
    type Parameters = Parameters;
    type Randomness = Dice;
    type BlockNumberProvider = System;
    type PalletId = PotId;
    type MaxAssets = ConstU32<8>;
    type LiquidityFee = LiquidityFee;
    type WeightInfo = ();
}

pub(crate) fn genesis(
    enabled: Vec<(Kind, AssetTerms<Balance>)>,
) -> Result<sp_io::TestExternalities, String> {
    let owners = [GATEWAY, PROVIDER, ATTACKER];
    let config = RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances: [GATEWAY, PROVIDER, ATTACKER, ADMIN, ASHES]
                .map(|who| (who, ENDOWED))
                .to_vec(),
            dev_accounts: None,
        },
        assets: pallet_assets::GenesisConfig {
            assets: vec![(1, ADMIN, true, ASSET_ED), (2, ADMIN, true, ASSET_ED)],
            accounts: [1, 2]
                .into_iter()
                .flat_map(|id| owners.map(|who| (id, who, ENDOWED)))
                .collect(),
            ..Default::default()
        },
        asset_conversion: pallet_asset_conversion::GenesisConfig {
            pools: vec![
                (NATIVE, TAO, PROVIDER, TAO_NATIVE, TAO_RESERVE),
                (NATIVE, USD, PROVIDER, USD_NATIVE, USD_RESERVE),
            ],
        },
        buyback: pallet_buyback::GenesisConfig { assets: enabled },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities = config.build_storage()?.into();
    ext.execute_with(|| System::set_block_number(1));
    Ok(ext)
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    genesis(vec![(TAO, tao_terms()), (USD, usd_terms())]).expect("the mock's genesis is valid")
}

/// Runs a test from genesis and checks every invariant after it, and that no unit
/// of anything came from nowhere or was lost.
pub(crate) fn build_and_execute<R>(test: impl FnOnce() -> R) -> R {
    new_test_ext().execute_with(|| {
        let issued = || [NATIVE, TAO, USD].map(NativeAndAssets::total_issuance);
        let before = issued();
        let result = test();
        Pallet::<Test>::do_try_state().expect("the invariants hold after the test");
        assert_eq!(issued(), before, "no unit came from nowhere or was lost");
        let burned = balance(NATIVE, ASHES) - ENDOWED;
        assert!(
            burned >= Buyback::totals().burned,
            "what was burned is in the ashes"
        );
        result
    })
}

pub(crate) fn balance(asset: Kind, who: AccountId) -> Balance {
    NativeAndAssets::balance(asset, &who)
}

pub(crate) fn pot() -> AccountId {
    Buyback::account()
}

pub(crate) fn pool_of(asset: Kind) -> AccountId {
    use pallet_asset_conversion::PoolLocator as _;
    PoolLocator::pool_address(&NATIVE, &asset).expect("it has a pool with NI")
}

/// The reserves of the asset and of NI.
pub(crate) fn reserves(asset: Kind) -> (Balance, Balance) {
    let pool = pool_of(asset.clone());
    (balance(asset, pool), balance(NATIVE, pool))
}

/// Pays revenue in with the right receipt.
pub(crate) fn deposit(asset: Kind, amount: Balance) {
    let nonce = crate::Receipts::<Test>::get(GATEWAY);
    assert_ok!(Buyback::deposit_revenue(
        RuntimeOrigin::signed(GATEWAY),
        nonce,
        asset,
        amount,
        RevenueSource::Asset
    ));
}

/// Swaps for anybody, whatever it yields, and returns that.
pub(crate) fn swap(who: AccountId, from: Kind, to: Kind, amount: Balance) -> Balance {
    <AssetConversion as Swap<AccountId>>::swap_exact_tokens_for_tokens(
        who,
        vec![from, to],
        amount,
        None,
        who,
        false,
    )
    .expect("the pool can swap that")
}

/// Begins the next block.
pub(crate) fn next_block() {
    System::set_block_number(System::block_number() + 1);
    <Buyback as Hooks<BlockNumber>>::on_initialize(System::block_number());
}

pub(crate) fn forward(blocks: u32) {
    for _ in 0..blocks {
        next_block();
    }
}

/// Goes to the last block before the next period of genesis' assets, whose slices
/// are then due in its last block, as there is no randomness any more.
pub(crate) fn before_a_slice() {
    Seed::set(None);
    let until = crate::Markets::<Test>::get()
        .first()
        .expect("an asset is enabled")
        .until;
    let left = until - System::block_number() + u64::from(PERIOD) - 1;
    forward(u32::try_from(left).expect("a period or two"));
}

/// Whether the next block is drawn for the asset's slice: what only its author knows
/// beforehand.
pub(crate) fn drawn_next(asset: Kind) -> bool {
    let now = System::block_number();
    let market = crate::Markets::<Test>::get()
        .into_iter()
        .find(|market| market.asset == asset)
        .expect("it is enabled");
    let left = if now >= market.until {
        u64::from(Parameters::get().period)
    } else if market.tried {
        return false;
    } else {
        market.until - now
    };
    System::set_block_number(now + 1);
    let (hash, _) = Dice::random(&asset.encode());
    System::set_block_number(now);
    let number = hash.and_then(|hash| hash.0.first_chunk().map(|bytes| u64::from_le_bytes(*bytes)));
    left == 1 || number.is_some_and(|number| number.is_multiple_of(left))
}

/// Takes out all liquidity but dust.
pub(crate) fn withdraw(asset: Kind) {
    let Kind::WithId(id) = asset else {
        panic!("NI has no pool with itself");
    };
    let shares = PoolAssets::balance(id - 1, PROVIDER);
    assert_ok!(AssetConversion::remove_liquidity(
        RuntimeOrigin::signed(PROVIDER),
        Box::new(NATIVE),
        Box::new(asset),
        shares - 10_000_000,
        1,
        1,
        PROVIDER
    ));
}

/// Adds liquidity of so much of the asset, and of as much NI as it is worth.
pub(crate) fn provide(asset: Kind, amount: Balance) {
    assert_ok!(AssetConversion::add_liquidity(
        RuntimeOrigin::signed(PROVIDER),
        Box::new(NATIVE),
        Box::new(asset),
        ENDOWED / 10,
        amount,
        1,
        1,
        PROVIDER
    ));
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<Event<Test>> {
    let events = System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Buyback(event) => Some(event),
            _ => None,
        })
        .collect();
    System::reset_events();
    events
}
