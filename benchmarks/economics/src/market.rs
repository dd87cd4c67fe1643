// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Pools and their arbitrage, revenue, and a whale.

use crate::{
    Who,
    accounts::{call, give, spendable},
    in_ni,
    setting::GATEWAY,
};
use ni_runtime::{
    AccountId, AssetConversion, Assets, Balance, NI, Runtime, TAO_UNIT, USD_UNIT,
    bridge::AssetId,
    configs::market::{AssetKind, TAO, USD},
};
use pallet_asset_conversion::Call as PoolCall;
use pallet_buyback::{Call as BuybackCall, Receipts, RevenueSource};

/// What a gap between pool and market must be for somebody to close it: the pool's fee
/// and a little more.
const WORTHWHILE: f64 = 0.004;
/// What a pool keeps of what is paid in.
const KEPT: f64 = 0.997;
/// Revenue by asset: dollars, TAO, and the rest in NI.
const BY_DOLLAR: f64 = 0.6;
const BY_TAO: f64 = 0.3;

/// Prices in dollars outside of the pools.
#[derive(Clone, Copy, Debug)]
pub struct Prices {
    /// Of an NI.
    pub ni: f64,
    /// Of a TAO.
    pub tao: f64,
}

impl Prices {
    /// Dollars for one smallest unit of the asset.
    #[must_use]
    pub fn unit(&self, asset: AssetId) -> f64 {
        if asset == TAO {
            self.tao / float(TAO_UNIT)
        } else {
            1.0 / float(USD_UNIT)
        }
    }

    /// Smallest units of NI for one of the asset.
    fn native(&self, asset: AssetId) -> f64 {
        self.unit(asset) * float(NI) / self.ni
    }
}

#[allow(clippy::cast_precision_loss)]
pub(crate) fn float(amount: Balance) -> f64 {
    amount as f64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn units(amount: f64) -> Balance {
    amount.max(0.0) as Balance
}

/// NI and the asset in their pool, in smallest units.
fn reserves(asset: AssetId) -> (f64, f64) {
    let pool = AssetConversion::get_reserves(AssetKind::Native, AssetKind::WithId(asset));
    pool.map_or((0.0, 0.0), |(native, other)| (float(native), float(other)))
}

/// Dollars for an NI in the pool of dollars.
#[must_use]
pub fn pool_price() -> f64 {
    let (native, dollars) = reserves(USD);
    (dollars / float(USD_UNIT)) / (native / float(NI))
}

fn swap(who: &AccountId, path: [AssetKind; 2], amount_in: Balance) -> bool {
    call(
        who,
        PoolCall::swap_exact_tokens_for_tokens {
            path: path.into_iter().map(Box::new).collect(),
            amount_in,
            amount_out_min: 1,
            send_to: who.clone(),
            keep_alive: true,
        },
    )
}

fn sell(who: &AccountId, asset: AssetId, amount: Balance) -> bool {
    swap(
        who,
        [AssetKind::Native, AssetKind::WithId(asset)],
        amount.min(spendable(who)),
    )
}

fn buy(who: &AccountId, asset: AssetId, amount: Balance) -> bool {
    swap(who, [AssetKind::WithId(asset), AssetKind::Native], amount)
}

/// Puts 200,000 NI in the pool of dollars and 100,000 in the one of TAO, at the price
/// they have.
pub(crate) fn provide() {
    let provider = Who::Provider.account();
    for (asset, native, other) in [
        (USD, 200_000 * NI, 400_000 * USD_UNIT),
        (TAO, 100_000 * NI, 2_000 * TAO_UNIT),
    ] {
        let added = call(
            &provider,
            PoolCall::add_liquidity {
                asset1: Box::new(AssetKind::Native),
                asset2: Box::new(AssetKind::WithId(asset)),
                amount1_desired: native,
                amount2_desired: other,
                amount1_min: 1,
                amount2_min: 1,
                mint_to: provider.clone(),
            },
        );
        assert!(added, "the pools take liquidity");
    }
}

/// Closes `speed` of the gap between each pool and the market, where that is worth the
/// fee and the dealer has the NI.
pub(crate) fn arbitrage(prices: &Prices, speed: f64) {
    let maker = Who::Maker.account();
    for asset in [USD, TAO] {
        let (native, other) = reserves(asset);
        let wanted = prices.native(asset);
        if (native / other / wanted - 1.0).abs() < WORTHWHILE {
            continue;
        }
        let product = native * other;
        let (target_native, target_other) = ((product * wanted).sqrt(), (product / wanted).sqrt());
        if target_native > native {
            sell(
                &maker,
                asset,
                units(speed * (target_native - native) / KEPT),
            );
        } else {
            buy(&maker, asset, units(speed * (target_other - other) / KEPT));
        }
    }
}

/// Brings so many dollars' worth of revenue in: six tenths in dollars that were fiat,
/// three in TAO, and the rest in NI which the gateway buys outside.
pub(crate) fn bring_revenue(dollars: f64, prices: &Prices) {
    if dollars <= 0.0 {
        return;
    }
    let gateway = GATEWAY.to_account_id();
    let deposit = |asset, amount: f64, source| {
        let amount = units(amount);
        let nonce = Receipts::<Runtime>::get(&gateway);
        call(
            &gateway,
            BuybackCall::deposit_revenue {
                nonce,
                asset,
                amount,
                source,
            },
        )
    };
    let fiat = RevenueSource::Fiat {
        currency: *b"EUR",
        minor_units: 1 + units(dollars * 100.0),
        reference: [7; 32],
    };
    let by_dollar = BY_DOLLAR * dollars / prices.unit(USD);
    let by_tao = BY_TAO * dollars / prices.unit(TAO);
    assert!(deposit(AssetKind::WithId(USD), by_dollar, fiat));
    assert!(deposit(
        AssetKind::WithId(TAO),
        by_tao,
        RevenueSource::Asset
    ));
    let native = (1.0 - BY_DOLLAR - BY_TAO) * dollars / prices.ni * float(NI);
    // Where nobody has NI to sell, there is no such revenue.
    if give(&Who::Maker.account(), &gateway, units(native)) {
        assert!(deposit(AssetKind::Native, native, RevenueSource::Asset));
    }
}

/// What the whale is about, and what its sandwiches have brought.
#[derive(Clone, Debug, Default)]
pub struct Whale {
    /// NI bought ahead of a slice.
    ahead: Balance,
    /// Sandwiches made.
    pub sandwiches: u32,
    /// Dollars they brought; below zero where they cost.
    pub profit: f64,
    /// NI bought by the pump.
    pumped: Balance,
}

fn balances(who: &AccountId) -> (Balance, f64) {
    let dollars = float(Assets::balance(USD, who)) / float(USD_UNIT);
    (spendable(who), dollars)
}

impl Whale {
    /// After the hooks: sells what it bought ahead of the slice.
    pub(crate) fn after_slice(&mut self) {
        let ahead = std::mem::take(&mut self.ahead);
        if ahead == 0 {
            return;
        }
        let whale = Who::Whale.account();
        let (_, before) = balances(&whale);
        if sell(&whale, USD, ahead) {
            self.profit += balances(&whale).1 - before;
            self.sandwiches += 1;
        }
    }

    /// At the end of a block: sandwiches in the third year, pumps in the sixth and dumps
    /// in the ninth.
    pub(crate) fn act(&mut self, year: f64) {
        let whale = Who::Whale.account();
        let (native, other) = reserves(USD);
        let within = |from: f64, days: f64| year >= from && year < from + days / 365.0;
        let (held, dollars) = balances(&whale);
        if within(2.0, 365.0) {
            // As much as leaves the slice within its tolerance.
            if buy(&whale, USD, units(0.005 * other)) {
                let (now, left) = balances(&whale);
                self.ahead = now.saturating_sub(held);
                self.profit -= dollars - left;
            }
        } else if within(5.0, 1.0) {
            buy(&whale, USD, units(0.03 * other));
            self.pumped += balances(&whale).0.saturating_sub(held);
        } else if within(5.0 + 31.0 / 365.0, 1.0) && self.pumped > 0 {
            let part = (self.pumped / 12).max(1);
            sell(&whale, USD, part);
        } else if within(8.0, 1.0) {
            sell(&whale, USD, units(0.04 * native));
        }
    }
}

/// NI that is for sale outside: what the dealer has.
#[must_use]
pub fn dealers_stock() -> f64 {
    in_ni(spendable(&Who::Maker.account()))
}
