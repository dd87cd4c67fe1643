// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Buyback
//!
//! Spends all revenue, in whatever asset it came, on NI, and burns what it bought.
//!
//! ## Overview
//!
//! A gateway pays revenue in: an asset, or a stablecoin in which it settled what
//! was paid in a currency. Each payment carries the gateway's next number, so that
//! none counts twice and none is missing. Revenue in NI is burned at once. All
//! other revenue waits in the pot and is swapped for NI in the asset's pool, slice
//! by slice: one in each period, in a block that nobody knows beforehand, small
//! beside the pool, and only at a price near the average. What a slice bought is
//! burned in the same block.
//!
//! ## Terminology
//!
//! - *Pot*: the account derived from [`Config::PalletId`]. It holds what is pending
//!   of every asset, and the minimum balance of NI to live on, given at genesis.
//! - *Receipt*: a payment's number, from zero on, counted for each gateway account.
//! - *Pending*: received and not spent yet.
//! - *Enabled*: bought with. Revenue in an asset that was disabled stays pending
//!   until it is enabled again.
//! - *Average*: the price over past blocks, of which each counts with at most the
//!   sample clamp away from it; NI for one unit of the asset.
//! - *Steady reserve*: the pool's reserve of the asset at the beginning of blocks.
//!   It falls with the pool's at once. Of a rise each block counts one part in
//!   [`RISE_BLOCKS`].
//! - *Depth*: the most a slice may be: the depth limit, or the pool's fee if that
//!   is less, of the steady reserve.
//! - *Drawn*: the block of a period in which its slice is swapped. Where it cannot
//!   be swapped there, another is drawn of those that are left.
//! - *Slice*: the pace's part of what is pending or the asset's minimum slice, if
//!   that is more; neither more than is pending nor than the depth.
//!
//! ## How much waits
//!
//! While a period brings no more than the depth, a slice at a pace of one spends all
//! that is pending (but the asset's minimum balance), so nothing waits longer than two
//! periods. A payment larger than the depth is worked off by a depth a period. A slower
//! pace p spreads it over more of them, and the price is that (1 − p) / p periods of
//! steady revenue are always pending, where that is more than the minimum slice: nine
//! periods at a tenth. A minimum slice above what a period brings empties the pot at
//! any pace, as the rest of a payment is no smaller than it.
//!
//! ## The ledger
//!
//! By asset: received, spent, bought, burned, and the average price, which is bought /
//! spent. In total: bought and burned, which are of NI. There is no average price in
//! total, as what was spent is in different units: a TAO and a dollar do not add up, and
//! any rate between them would be somebody's word. What a unit of revenue bought is
//! answered by asset, exactly.
//!
//! ## Assumptions
//!
//! - [`Config::Burned`] resolves every credit it is given by burning it.
//! - A pool's product of reserves does not fall by swaps: it is a constant-product
//!   pool with its fee left in the reserves, as `pallet-asset-conversion` has.
//! - [`Config::Assets`] answers for [`Config::NativeAsset`] what
//!   [`Config::Currency`] does.
//! - At genesis the pallet creates the pot's minimum balance if the account does
//!   not hold it: list it before a pallet that counts the issuance there, or give
//!   it the balance in the balances' own genesis.
//!
//! ## What a slice can lose
//!
//! Nothing to a sandwich. Whoever swaps before and after a slice gets back less than
//! was paid in, as the depth is at most the pool's fee
//! ([`tokenomics_primitives::buyback`] has the proof for the reserve R from before the
//! first swap). The steady reserve is not R: of `a` that somebody swapped in and left
//! there for k blocks, it has counted at most e = k / [`RISE_BLOCKS`]. The slice is then
//! at most f·(R + e·a). With x = a / R and g = 1 − f the sandwich gains if and only if
//!
//! g² · (1 + f·(1 + e·x)) · (1 + g·f·(1 + e·x)/(1 + x)) > 1.
//!
//! To the first order in f the left side is 1 + f·x·(e − (1 − e)/(1 + x)), and all that
//! follows is below zero. So there is no gain while x ≤ 1/e − 2. For one block that is 18
//! times the pool, for five it is twice the pool, and such swaps bring the price to a
//! 361st and to a ninth. Beyond, whoever left the swap there was open to arbitrage
//! all the while.
//!
//! That has three limits. It counts the fees as paid, and somebody who owns most of a
//! pool's liquidity gets them back. It takes R from the beginning of a block: where the
//! reserve falls within the block, and a swap into the pool hides that, the slice is
//! deeper than the fee by what it hides. And the price may be wrong for other reasons,
//! by a pool that was emptied or by somebody who pays for it. Then a slice of amount v
//! buys at least
//!
//! v × average × (1 − tolerance)
//!
//! or is not swapped. The average is moved from the true price by at most
//! (1 + clamp / blocks)^n − 1 by whoever holds the pool at a false one for n blocks
//! without being arbitraged. So a slice loses at most v × (tolerance + that), and v
//! is at most the pool's fee times its reserve: with a fee of 0.3%, a tolerance of
//! 5%, a clamp of 10% and 600 blocks, one false block costs at most 0.3% × 5.02%, or
//! 0.015% of the reserve.
//!
//! ## What the guards cost
//!
//! A price that falls and stays there stops slices until the average followed it. The
//! average falls by at most clamp / blocks a block: with a clamp of 10% and 600 blocks
//! of 6 s it has followed half the price in eight hours, within a tolerance of 2%.
//!
//! Liquidity that is away from a pool for b blocks of a period cuts its slice by at most
//! (b + [`RISE_BLOCKS`]) / period, on average over the blocks that can be drawn: one block
//! an hour by 3.5% of 600. Whoever knows the block that is drawn could be away in that
//! one. BABE's authors know it for the slots they own, so one with a part s of the slots
//! could do so in a part s of the periods. The block that is drawn in its place is again
//! one of theirs with a chance of s. What is cut to less than the depth, but not
//! below the asset's minimum reserve, is swapped.
//!
//! The minimum balance of each asset stays in the pot as pending, so that its
//! account there never closes with something in it.
//!
//! ## Interface
//!
//! - Calls: [`deposit_revenue`](Pallet::deposit_revenue) by the gateway,
//!   [`enable_asset`](Pallet::enable_asset) and
//!   [`disable_asset`](Pallet::disable_asset) by governance.
//! - For other pallets, through the runtime: [`account`](Pallet::account) and
//!   [`note_revenue`](Pallet::note_revenue), for what was transferred to it.
//! - [`PoolReserves`] answers for the pools of `pallet-asset-conversion`.
//! - View functions: `quote`, `ledger`, `totals`;
//!   [`pending`](Pallet::pending).
//!
//! ## Invariants
//!
//! 1. Of each asset, spent ≤ received; what is pending is the difference and is
//!    written nowhere else, so received = spent + pending.
//! 2. Revenue in NI is spent, bought and burned in full.
//! 3. The pot holds at least what is pending, of each asset. More than that is only
//!    what somebody sent it unasked.
//! 4. Of each asset, bought = burned: nothing that was bought stays.
//! 5. The totals are the sums over the assets.
//! 6. The pot holds the minimum balance of NI.
//! 7. No asset is enabled twice, and NI never is.
//! 8. The terms of every enabled asset, and its average, are within their ranges.
//! 9. The parameters are valid.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
mod parameters;
mod pools;
mod purchases;
mod steady;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeDocTests;

pub use pallet::*;
pub use parameters::{BuybackParameters, MIN_SAMPLE_CLAMP, ParametersError};
pub use pools::{CreatesAssets, PoolReserves, Reserves};
pub use steady::RISE_BLOCKS;
pub use types::{AssetTerms, BuybackTotals, Ledger, Market, Quote, RevenueSource, Skipped, Slice};
pub use weights::WeightInfo;

use frame_support::traits::fungible;
use sp_runtime::traits::BlockNumberProvider;

/// An amount of NI taken from an account, for a sink.
pub type CreditOf<T> =
    fungible::Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

/// The block numbers periods are counted in.
pub type BlockNumberOf<T> =
    <<T as Config>::BlockNumberProvider as BlockNumberProvider>::BlockNumber;

/// An enabled asset of a runtime.
pub type MarketOf<T> = Market<<T as Config>::AssetKind, <T as Config>::Balance, BlockNumberOf<T>>;

// The macro's expansion qualifies names that are in scope here, and numbers calls and
// events by casts.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        PalletId,
        pallet_prelude::*,
        traits::{
            EnsureOrigin, OnUnbalanced, Randomness,
            fungible::{Balanced, Inspect as _},
            fungibles::{Inspect, Mutate},
            tokens::{Balance as TokenBalance, Fortitude, Precision, Preservation},
        },
    };
    use frame_system::pallet_prelude::*;
    use pallet_asset_conversion::Swap;
    use sp_runtime::{
        ArithmeticError, FixedU128, Permill,
        traits::{AccountIdConversion, CheckedAdd, CheckedSub, MaybeSerializeDeserialize, Zero},
    };

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The most assets that can be enabled in any runtime.
    pub const MOST_ASSETS: u32 = 8;

    /// The pallet: see the crate's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// What NI and the other assets are called.
        type AssetKind: Parameter + MaxEncodedLen + MaybeSerializeDeserialize;

        /// Amounts of NI and of all assets.
        type Balance: TokenBalance;

        /// NI and the other assets, by their kind.
        type Assets: Inspect<Self::AccountId, AssetId = Self::AssetKind, Balance = Self::Balance>
            + Mutate<Self::AccountId>;

        /// Which kind NI is.
        #[pallet::constant]
        type NativeAsset: Get<Self::AssetKind>;

        /// NI.
        type Currency: Balanced<Self::AccountId, Balance = Self::Balance>;

        /// Where assets are swapped for NI.
        type Swap: Swap<Self::AccountId, Balance = Self::Balance, AssetKind = Self::AssetKind>;

        /// The reserves and fees of the pools that [`Config::Swap`] swaps in:
        /// [`PoolReserves`] for those of `pallet-asset-conversion`.
        type Reserves: Reserves<Self::AssetKind, Self::Balance>;

        /// Where bought NI goes. It must burn every credit it is given.
        type Burned: OnUnbalanced<CreditOf<Self>>;

        /// Who pays revenue in. Its success is the account it is taken from.
        type Gateway: EnsureOrigin<Self::RuntimeOrigin, Success = Self::AccountId>;

        /// Who enables and disables assets.
        type AssetsOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Pace and guards, as they are now.
        type Parameters: Get<BuybackParameters>;

        /// Draws the block of a slice: `pallet_babe::ParentBlockRandomness`.
        type Randomness: Randomness<Option<Self::Hash>, BlockNumberFor<Self>>;

        /// What counts the blocks of periods.
        type BlockNumberProvider: BlockNumberProvider;

        /// Derives the account of the pot.
        #[pallet::constant]
        type PalletId: Get<PalletId>;

        /// The most assets that can be enabled. From 1 to [`MOST_ASSETS`].
        #[pallet::constant]
        type MaxAssets: Get<u32>;

        /// The fee of the pools, which bounds the depth limit. A pool with a lower
        /// fee of its own bounds its own slices.
        #[pallet::constant]
        type LiquidityFee: Get<Permill>;

        /// What calls and hooks cost.
        type WeightInfo: WeightInfo;
    }

    /// The enabled assets.
    #[pallet::storage]
    pub type Markets<T: Config> =
        StorageValue<_, BoundedVec<MarketOf<T>, T::MaxAssets>, ValueQuery>;

    /// What happened to the revenue of each asset, enabled or not, and of NI.
    #[pallet::storage]
    pub type Ledgers<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AssetKind, Ledger<T::Balance>, ValueQuery>;

    /// Bought and burned over all assets.
    #[pallet::storage]
    pub type Totals<T: Config> = StorageValue<_, BuybackTotals<T::Balance>, ValueQuery>;

    /// The next receipt of each gateway account.
    #[pallet::storage]
    pub type Receipts<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u64, ValueQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The gateway paid revenue in.
        RevenueDeposited {
            /// From which account.
            gateway: T::AccountId,
            /// The receipt.
            nonce: u64,
            /// In which asset.
            asset: T::AssetKind,
            /// How much of it.
            amount: T::Balance,
            /// Where it comes from.
            source: RevenueSource,
        },
        /// Revenue was noted that the runtime had transferred to the pot.
        RevenueNoted {
            /// In which asset.
            asset: T::AssetKind,
            /// How much of it.
            amount: T::Balance,
        },
        /// Revenue in NI was burned.
        NativeBurned {
            /// How much.
            amount: T::Balance,
        },
        /// An asset was enabled.
        AssetEnabled {
            /// Which.
            asset: T::AssetKind,
            /// On which terms.
            terms: AssetTerms<T::Balance>,
        },
        /// An asset was disabled.
        AssetDisabled {
            /// Which.
            asset: T::AssetKind,
            /// What stays pending of it until it is enabled again.
            pending: T::Balance,
        },
        /// A slice was swapped, and what it bought burned.
        SliceBought {
            /// Of which asset.
            asset: T::AssetKind,
            /// How much of it.
            spent: T::Balance,
            /// How much NI it bought.
            bought: T::Balance,
            /// The average price at that time.
            average: FixedU128,
            /// What is pending of the asset after it.
            pending: T::Balance,
        },
        /// A period ended without its slice. None where nothing could be spent.
        SliceSkipped {
            /// Of which asset.
            asset: T::AssetKind,
            /// Why it was not swapped in the period's last block.
            reason: Skipped<T::Balance>,
        },
    }

    /// Why something was refused; state is then unchanged.
    #[pallet::error]
    pub enum Error<T> {
        /// The amount is zero.
        NoRevenue,
        /// The currency is not three capital letters, or none of it was paid.
        InvalidFiat,
        /// The receipt was used before.
        ReceiptReplayed,
        /// Receipts before this one are missing.
        ReceiptSkipped,
        /// The asset is not enabled.
        NotEnabled,
        /// The asset is enabled already.
        AlreadyEnabled,
        /// NI is burned, not swapped.
        NativeAsset,
        /// There is no such asset.
        UnknownAsset,
        /// The terms are out of range.
        InvalidTerms,
        /// As many assets are enabled as can be.
        TooManyAssets,
        /// The pot does not hold the revenue that is noted.
        NotReceived,
        /// A swap took another amount than asked for, paid another than it said, or
        /// less than it had to.
        InexactSwap,
    }

    /// The assets enabled at genesis. Gives the pot the minimum balance of NI if it
    /// does not hold it.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Each asset with its terms.
        pub assets: Vec<(T::AssetKind, AssetTerms<T::Balance>)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// NI, an asset named twice, terms out of range, too many assets, and a pot that
        /// cannot be endowed, are refused by a panic, as no chain exists yet that could
        /// go on without. Whether an asset exists is not asked.
        fn build(&self) {
            let pot = Pallet::<T>::account();
            let missing = T::Currency::minimum_balance().checked_sub(&T::Currency::balance(&pot));
            if let Some(missing) = missing.filter(|missing| !missing.is_zero()) {
                let endowed = T::Currency::resolve(&pot, T::Currency::issue(missing));
                assert!(endowed.is_ok(), "the pot could not be endowed");
            }
            for (asset, terms) in &self.assets {
                let enabled = Pallet::<T>::enable(asset.clone(), *terms);
                assert!(enabled.is_ok(), "{asset:?} is refused: {enabled:?}");
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::begin_block()
        }

        fn integrity_test() {
            assert!(
                (1..=MOST_ASSETS).contains(&T::MaxAssets::get()),
                "MaxAssets must be from 1 to {MOST_ASSETS}"
            );
            assert!(
                T::Swap::max_path_len() >= 2,
                "a swap must be able to have two assets"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Pay `amount` of `asset` in as revenue, with the gateway's next receipt
        /// `nonce`.
        ///
        /// The origin must be [`Config::Gateway`]; the amount is taken from its
        /// account, which is kept alive. NI is burned at once. A refused payment uses
        /// up no receipt.
        ///
        /// # Errors
        /// [`Error::NoRevenue`] for zero, [`Error::InvalidFiat`],
        /// [`Error::ReceiptReplayed`], [`Error::ReceiptSkipped`],
        /// [`Error::NotEnabled`], and the asset's own where the gateway cannot pay.
        #[pallet::call_index(0)]
        pub fn deposit_revenue(
            origin: OriginFor<T>,
            nonce: u64,
            asset: T::AssetKind,
            #[pallet::compact] amount: T::Balance,
            source: RevenueSource,
        ) -> DispatchResult {
            let gateway = T::Gateway::ensure_origin(origin)?;
            ensure!(!amount.is_zero(), Error::<T>::NoRevenue);
            ensure!(source.is_valid(), Error::<T>::InvalidFiat);
            let receipt = Receipts::<T>::get(&gateway);
            ensure!(nonce >= receipt, Error::<T>::ReceiptReplayed);
            ensure!(nonce == receipt, Error::<T>::ReceiptSkipped);
            let next = receipt.checked_add(1).ok_or(ArithmeticError::Overflow)?;

            Receipts::<T>::insert(&gateway, next);
            Self::deposit_event(Event::RevenueDeposited {
                gateway: gateway.clone(),
                nonce,
                asset: asset.clone(),
                amount,
                source,
            });
            if asset == T::NativeAsset::get() {
                return Self::burn_native(&gateway, amount);
            }
            ensure!(Self::is_enabled(&asset), Error::<T>::NotEnabled);
            T::Assets::transfer(
                asset.clone(),
                &gateway,
                &Self::account(),
                amount,
                Preservation::Preserve,
            )?;
            Self::receive(&asset, amount)
        }

        /// Enable `asset`: revenue in it is taken, and spent from the next period
        /// on, with what is pending of it from before.
        ///
        /// The origin must be [`Config::AssetsOrigin`]. To change the terms of an
        /// asset, disable it and enable it again.
        ///
        /// # Errors
        /// [`Error::NativeAsset`], [`Error::UnknownAsset`],
        /// [`Error::InvalidTerms`], [`Error::AlreadyEnabled`],
        /// [`Error::TooManyAssets`].
        #[pallet::call_index(1)]
        pub fn enable_asset(
            origin: OriginFor<T>,
            asset: T::AssetKind,
            terms: AssetTerms<T::Balance>,
        ) -> DispatchResult {
            T::AssetsOrigin::ensure_origin(origin)?;
            ensure!(
                T::Assets::asset_exists(asset.clone()),
                Error::<T>::UnknownAsset
            );
            Self::enable(asset.clone(), terms)?;
            Self::deposit_event(Event::AssetEnabled { asset, terms });
            Ok(())
        }

        /// Disable `asset`: no revenue in it is taken and none of it spent. What is
        /// pending stays so, until it is enabled again.
        ///
        /// The origin must be [`Config::AssetsOrigin`].
        ///
        /// # Errors
        /// [`Error::NotEnabled`].
        #[pallet::call_index(2)]
        pub fn disable_asset(origin: OriginFor<T>, asset: T::AssetKind) -> DispatchResult {
            T::AssetsOrigin::ensure_origin(origin)?;
            Markets::<T>::try_mutate(|markets| {
                let position = markets
                    .iter()
                    .position(|market| market.asset == asset)
                    .ok_or(Error::<T>::NotEnabled)?;
                markets.remove(position);
                Ok::<_, DispatchError>(())
            })?;
            let pending = Self::pending(&asset);
            Self::deposit_event(Event::AssetDisabled { asset, pending });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What is pending of an asset, its prices, and what a slice would be if its
        /// block were now. `None` when the asset is not enabled.
        pub fn quote(asset: T::AssetKind) -> Option<Quote<T::Balance, BlockNumberOf<T>>> {
            Self::quote_of(&asset)
        }

        /// What happened to the revenue of an asset, enabled or not.
        pub fn ledger(asset: T::AssetKind) -> Ledger<T::Balance> {
            Ledgers::<T>::get(asset)
        }

        /// NI bought and burned over all assets.
        pub fn totals() -> BuybackTotals<T::Balance> {
            Totals::<T>::get()
        }
    }

    impl<T: Config> Pallet<T> {
        /// The account of the pot. Nobody has its key.
        pub fn account() -> T::AccountId {
            T::PalletId::get().into_account_truncating()
        }

        /// What was received of `asset` and is not spent yet.
        pub fn pending(asset: &T::AssetKind) -> T::Balance {
            Ledgers::<T>::get(asset).pending()
        }

        /// Whether `asset` is enabled.
        pub fn is_enabled(asset: &T::AssetKind) -> bool {
            Markets::<T>::get()
                .iter()
                .any(|market| market.asset == *asset)
        }

        /// Take `amount` of `asset`, which is in the pot already, in as revenue.
        ///
        /// For the runtime, after it transferred something to
        /// [`Pallet::account`]. An asset that is not enabled is pending until it is;
        /// NI is burned at once. Zero does nothing. The caller adds
        /// [`WeightInfo::note_revenue`] to its own weight.
        ///
        /// # Errors
        /// [`Error::NotReceived`] when the pot does not hold that much
        /// besides what is pending, and the currency's own.
        pub fn note_revenue(asset: T::AssetKind, amount: T::Balance) -> DispatchResult {
            if amount.is_zero() {
                return Ok(());
            }
            let pot = Self::account();
            let native = asset == T::NativeAsset::get();
            let known = if native {
                T::Currency::minimum_balance()
            } else {
                Self::pending(&asset)
            };
            ensure!(
                T::Assets::balance(asset.clone(), &pot)
                    .checked_sub(&known)
                    .is_some_and(|unknown| unknown >= amount),
                Error::<T>::NotReceived
            );
            Self::deposit_event(Event::RevenueNoted {
                asset: asset.clone(),
                amount,
            });
            if native {
                Self::burn_native(&pot, amount)
            } else {
                Self::receive(&asset, amount)
            }
        }

        fn receive(asset: &T::AssetKind, amount: T::Balance) -> DispatchResult {
            Ledgers::<T>::try_mutate(asset, |ledger| {
                ledger.received = ledger
                    .received
                    .checked_add(&amount)
                    .ok_or(ArithmeticError::Overflow)?;
                Ok(())
            })
        }

        /// Burns revenue in NI from the account that has it.
        fn burn_native(from: &T::AccountId, amount: T::Balance) -> DispatchResult {
            let native = T::NativeAsset::get();
            let credit = T::Currency::withdraw(
                from,
                amount,
                Precision::Exact,
                Preservation::Preserve,
                Fortitude::Polite,
            )?;
            Self::receive(&native, amount)?;
            Self::burn(&native, amount, amount, credit)?;
            Self::deposit_event(Event::NativeBurned { amount });
            Ok(())
        }

        pub(crate) fn enable(asset: T::AssetKind, terms: AssetTerms<T::Balance>) -> DispatchResult {
            ensure!(asset != T::NativeAsset::get(), Error::<T>::NativeAsset);
            ensure!(terms.is_valid(), Error::<T>::InvalidTerms);
            let now = Self::now();
            Markets::<T>::try_mutate(|markets| {
                ensure!(
                    markets.iter().all(|market| market.asset != asset),
                    Error::<T>::AlreadyEnabled
                );
                markets
                    .try_push(Market {
                        asset,
                        average: terms.reference_price,
                        terms,
                        steady: None,
                        // The rest of the first period only watches the pool.
                        until: Self::period_end(now, T::Parameters::get().period),
                        tried: true,
                    })
                    .map_err(|_| Error::<T>::TooManyAssets)?;
                Ok(())
            })
        }
    }
}
