// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What happens at the beginning of each block: prices are averaged, and slices
//! whose block is drawn are swapped and burned.

use crate::{
    BlockNumberOf, BuybackParameters, CreditOf, Error, Event, Ledgers, MarketOf, Markets, Pallet,
    Quote, Reserves, Skipped, Slice, WeightInfo, pallet::Config, steady,
};
use alloc::vec;
use codec::Encode;
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{
        Get, Imbalance, OnUnbalanced, Randomness,
        fungible::Balanced,
        fungibles::Inspect,
        tokens::{Fortitude, Precision, Preservation},
    },
    weights::Weight,
};
use pallet_asset_conversion::Swap;
use sp_runtime::{
    ArithmeticError, DispatchError, DispatchResult,
    traits::{BlockNumberProvider, CheckedAdd, CheckedSub, One, Zero},
};
use tokenomics_primitives::buyback;

impl<T: Config> Pallet<T> {
    /// Averages the price of every enabled asset and swaps the slices whose block this is.
    pub(crate) fn begin_block() -> Weight {
        let now = Self::now();
        let mut markets = Markets::<T>::get();
        if markets.is_empty() {
            return T::WeightInfo::sample(0);
        }
        let parameters = T::Parameters::get();
        // Bounded by `MaxAssets`, which is 32 bits.
        let enabled = u32::try_from(markets.len()).unwrap_or(T::MaxAssets::get());
        let mut weight = T::WeightInfo::sample(enabled);
        for market in &mut markets {
            let reserves = T::Reserves::reserves(&market.asset);
            Self::observe(market, reserves, &parameters);
            let Some(left) = Self::blocks_left(market, now, parameters.period) else {
                continue;
            };
            if Self::is_drawn(market, left) {
                // At most `MaxAssets` times. A sum that saturates is the heaviest weight there
                // is: it errs towards a block that is fuller than it was, never emptier.
                weight = weight.saturating_add(T::WeightInfo::slice());
                Self::attempt(market, reserves, &parameters, left <= 1);
            }
        }
        Markets::<T>::put(markets);
        weight
    }

    /// Takes the pool's price and reserve into account. A pool that cannot be
    /// swapped in says nothing, and below the minimum reserve its price says
    /// nothing.
    fn observe(
        market: &mut MarketOf<T>,
        reserves: Option<(T::Balance, T::Balance)>,
        parameters: &BuybackParameters,
    ) {
        let Some((asset, native)) = reserves else {
            return;
        };
        market.steady = Some(steady::followed(market.steady, asset));
        if asset < market.terms.min_reserve {
            return;
        }
        let average = Self::price(asset, native).and_then(|price| {
            buyback::averaged(
                market.average,
                price,
                parameters.sample_clamp,
                parameters.averaged_blocks,
            )
        });
        if let Some(average) = average {
            market.average = average;
        }
    }

    fn price(asset: T::Balance, native: T::Balance) -> Option<sp_runtime::FixedU128> {
        buyback::price(asset.try_into().ok()?, native.try_into().ok()?)
    }

    /// The blocks that are left of the period, block `now` among them. `None` when the
    /// period's slice is behind it.
    fn blocks_left(market: &mut MarketOf<T>, now: BlockNumberOf<T>, period: u32) -> Option<u64> {
        if now > market.until {
            market.until = Self::period_end(now, period);
            market.tried = false;
        }
        if market.tried {
            return None;
        }
        let left = market
            .until
            .checked_sub(&now)
            .and_then(|left| left.try_into().ok())
            .and_then(|left: u64| left.checked_add(1));
        // A period has at most 2³² blocks. Were there more left than 64 bits hold, it
        // would end here.
        Some(left.unwrap_or(1))
    }

    /// Whether this block is drawn of the `left` that are left: each is as likely as any
    /// other, and none is known before it begins.
    ///
    /// A block without randomness is not drawn, except the last.
    fn is_drawn(market: &MarketOf<T>, left: u64) -> bool {
        left <= 1
            || T::Randomness::random(&market.asset.encode())
                .0
                .and_then(|hash| hash.as_ref().first_chunk::<8>().copied())
                .is_some_and(|bytes| u64::from_le_bytes(bytes).is_multiple_of(left))
    }

    /// The current block, as [`Config::BlockNumberProvider`] counts.
    pub(crate) fn now() -> BlockNumberOf<T> {
        T::BlockNumberProvider::current_block_number()
    }

    /// The last block of a period that begins with block `now`.
    pub(crate) fn period_end(now: BlockNumberOf<T>, period: u32) -> BlockNumberOf<T> {
        // A period of no blocks is refused when it is set, and one past the last block
        // number is never reached: either way it ends at once.
        BlockNumberOf::<T>::from(period)
            .checked_sub(&One::one())
            .and_then(|more| now.checked_add(&more))
            .unwrap_or(now)
    }

    /// Swaps the slice. Where it cannot, another block of the period is drawn, or, in
    /// its `last`, an event says why.
    pub(crate) fn attempt(
        market: &mut MarketOf<T>,
        reserves: Option<(T::Balance, T::Balance)>,
        parameters: &BuybackParameters,
        last: bool,
    ) {
        let bought = Self::plan(market, reserves, parameters).and_then(|slice| {
            with_storage_layer(|| Self::buy(market, &slice))
                .map_err(|error| Skipped::Refused { error })
        });
        match bought {
            // That there was nothing to do is no news.
            Ok(()) | Err(Skipped::NothingPending) => market.tried = true,
            Err(reason) if last => {
                market.tried = true;
                Self::deposit_event(Event::SliceSkipped {
                    asset: market.asset.clone(),
                    reason,
                });
            }
            // What stands in the way may be there for this block alone.
            Err(_) => {}
        }
    }

    /// What a slice would be now, or why there would be none.
    fn plan(
        market: &MarketOf<T>,
        reserves: Option<(T::Balance, T::Balance)>,
        parameters: &BuybackParameters,
    ) -> Result<Slice<T::Balance>, Skipped<T::Balance>> {
        let asset = &market.asset;
        let pending = Self::pending(asset);
        // The minimum balance stays behind: spending it would close the account and
        // lose what is left in it.
        if pending <= T::Assets::minimum_balance(asset.clone()) {
            return Err(Skipped::NothingPending);
        }
        let (asset_reserve, native_reserve) = reserves.ok_or(Skipped::NoReserves)?;
        if asset_reserve < market.terms.min_reserve {
            return Err(Skipped::ReserveBelowMinimum {
                reserve: asset_reserve,
            });
        }
        let spendable = T::Assets::reducible_balance(
            asset.clone(),
            &Self::account(),
            Preservation::Preserve,
            Fortitude::Polite,
        );
        if spendable.is_zero() {
            return Err(Skipped::Unspendable);
        }

        let fee = T::Reserves::liquidity_fee(asset);
        let steady = market
            .steady
            .map_or(asset_reserve, |steady| steady.min(asset_reserve));
        let wide = |amount: T::Balance| amount.try_into().map_err(|_| Skipped::Overflow);
        let depth = buyback::depth(wide(steady)?, parameters.depth_limit.min(fee));
        if depth.is_zero() {
            return Err(Skipped::NoDepth);
        }
        let amount = buyback::slice(
            wide(pending)?,
            parameters.pace,
            wide(market.terms.min_slice)?,
            depth,
        )
        .min(wide(spendable)?);
        let narrow = |amount: Option<u128>| {
            amount
                .and_then(|amount| T::Balance::try_from(amount).ok())
                .ok_or(Skipped::Overflow)
        };
        let expected = narrow(buyback::output(
            amount,
            wide(asset_reserve)?,
            wide(native_reserve)?,
            fee,
        ))?;
        let least = narrow(buyback::least(amount, market.average, parameters.tolerance))?;
        if expected < least {
            return Err(Skipped::PriceOutsideTolerance { expected, least });
        }
        Ok(Slice {
            amount: narrow(Some(amount))?,
            expected,
            least,
        })
    }

    /// Swaps a slice, writes it down and burns what it bought.
    fn buy(market: &MarketOf<T>, slice: &Slice<T::Balance>) -> DispatchResult {
        let asset = &market.asset;
        let pot = Self::account();
        let native = T::NativeAsset::get();
        let held = || {
            (
                T::Assets::balance(asset.clone(), &pot),
                T::Assets::balance(native.clone(), &pot),
            )
        };
        let before = held();
        let bought = T::Swap::swap_exact_tokens_for_tokens(
            pot.clone(),
            vec![asset.clone(), native.clone()],
            slice.amount,
            Some(slice.least),
            pot.clone(),
            true,
        )?;
        let after = held();
        ensure!(
            before.0.checked_sub(&after.0) == Some(slice.amount)
                && after.1.checked_sub(&before.1) == Some(bought)
                && bought >= slice.least,
            Error::<T>::InexactSwap
        );
        let credit = T::Currency::withdraw(
            &pot,
            bought,
            Precision::Exact,
            Preservation::Preserve,
            Fortitude::Polite,
        )?;
        let ledger = Self::burn(asset, slice.amount, bought, credit)?;
        Self::deposit_event(Event::SliceBought {
            asset: asset.clone(),
            spent: slice.amount,
            bought,
            average: market.average,
            pending: ledger.pending(),
        });
        Ok(())
    }

    /// Writes down that `spent` of the asset bought `bought`, and hands that over to
    /// be burned.
    pub(crate) fn burn(
        asset: &T::AssetKind,
        spent: T::Balance,
        bought: T::Balance,
        credit: CreditOf<T>,
    ) -> Result<crate::Ledger<T::Balance>, DispatchError> {
        let add = |to: &mut T::Balance, amount: T::Balance| -> DispatchResult {
            *to = to.checked_add(&amount).ok_or(ArithmeticError::Overflow)?;
            Ok(())
        };
        let burned = credit.peek();
        let ledger = Ledgers::<T>::try_mutate(asset, |ledger| {
            add(&mut ledger.spent, spent)?;
            add(&mut ledger.bought, bought)?;
            add(&mut ledger.burned, burned)?;
            Ok::<_, DispatchError>(*ledger)
        })?;
        crate::Totals::<T>::try_mutate(|totals| {
            add(&mut totals.bought, bought)?;
            add(&mut totals.burned, burned)
        })?;
        T::Burned::on_unbalanced(credit);
        Ok(ledger)
    }

    /// How things stand with `asset`; `None` when it is not enabled.
    ///
    /// NOTE: this function has no side-effects.
    pub(crate) fn quote_of(asset: &T::AssetKind) -> Option<Quote<T::Balance, BlockNumberOf<T>>> {
        let markets = Markets::<T>::get();
        let market = markets.iter().find(|market| market.asset == *asset)?;
        let reserves = T::Reserves::reserves(asset);
        Some(Quote {
            pending: Self::pending(asset),
            average: market.average,
            price: reserves.and_then(|(asset, native)| Self::price(asset, native)),
            slice: Self::plan(market, reserves, &T::Parameters::get()),
            until: market.until,
            tried: market.tried,
        })
    }
}
