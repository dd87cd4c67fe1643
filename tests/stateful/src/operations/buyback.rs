// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Revenue that arrives, pools that are shaken, and assets that come and go.

use super::{Operation, settings};
use crate::{Actor, World};
use ni_runtime::{
    AccountId, AssetConversion, Assets, Balance, Balances, Bridge, Buyback, NI, Runtime, TAO_UNIT,
    USD_UNIT, bridge,
    configs::market::{AssetKind, TAO, USD},
};
use pallet_asset_conversion::Call as PoolCall;
use pallet_buyback::{AssetTerms, Call, Receipts, RevenueSource};
use pallet_governance::Origin;
use sp_keyring::Sr25519Keyring;
use sp_runtime::FixedU128;

/// What happens to revenue and pools.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "revenue",
        weight: 14,
        run: revenue,
    },
    Operation {
        name: "bridge in",
        weight: 7,
        run: bridge_in,
    },
    Operation {
        name: "bridge out",
        weight: 5,
        run: bridge_out,
    },
    Operation {
        name: "shake a pool",
        weight: 8,
        run: swap,
    },
    Operation {
        name: "add liquidity",
        weight: 5,
        run: add_liquidity,
    },
    Operation {
        name: "remove liquidity",
        weight: 5,
        run: remove_liquidity,
    },
    Operation {
        name: "enable or disable an asset",
        weight: 40,
        run: toggle_asset,
    },
    Operation {
        name: "change the bridge's terms",
        weight: 60,
        run: bridge_terms,
    },
];

/// Mints, and brings revenue, in the development preset.
const OPERATOR: Sr25519Keyring = Sr25519Keyring::One;
/// Owns what the pools hold at genesis.
const PROVIDER: Sr25519Keyring = Sr25519Keyring::Two;

/// TAO or dollars, with its unit.
fn asset(world: &mut World) -> (bridge::AssetId, Balance) {
    if world.rng.percent(50) {
        (TAO, TAO_UNIT)
    } else {
        (USD, USD_UNIT)
    }
}

fn operator() -> Actor {
    Actor::known(OPERATOR)
}

fn revenue(world: &mut World) -> bool {
    let gateway = operator();
    let (id, unit) = asset(world);
    let (asset, held) = match world.rng.below(10) {
        0 => (AssetKind::Native, Balances::free_balance(&gateway.account)),
        1 => (AssetKind::WithId(77), 1),
        _ => (AssetKind::WithId(id), Assets::balance(id, &gateway.account)),
    };
    let next = Receipts::<Runtime>::get(&gateway.account);
    let nonce = match world.rng.below(20) {
        0 => next.saturating_sub(1),
        1 => next + 1,
        _ => next,
    };
    let amount = match world.rng.below(20) {
        0 => 0,
        1 => held + unit,
        2 => 1,
        _ => 1 + world.rng.below((held / 20).max(1)),
    };
    let source = match world.rng.below(10) {
        0 => RevenueSource::Fiat {
            currency: *b"us1",
            minor_units: 100,
            reference: [0; 32],
        },
        1..=4 => RevenueSource::Fiat {
            currency: *b"EUR",
            minor_units: 100,
            reference: [1; 32],
        },
        _ => RevenueSource::Asset,
    };
    let signer = if world.rng.percent(3) {
        world.any_owner()
    } else {
        gateway
    };
    world.call(
        &signer,
        Call::deposit_revenue {
            nonce,
            asset,
            amount,
            source,
        },
    );
    true
}

fn bridge_in(world: &mut World) -> bool {
    let (asset, unit) = asset(world);
    let Some(bridged) = bridge::Assets::<Runtime>::get(asset) else {
        return false;
    };
    let to = match world.rng.below(3) {
        0 => operator().account,
        _ => world.any_owner().account,
    };
    let amount = match world.rng.below(16) {
        0 => 0,
        1 => bridged.limit + 1,
        _ => 1 + world.rng.below(40) * unit,
    };
    let nonce = bridged.nonce + u64::from(world.rng.percent(5));
    world.call(
        &operator(),
        bridge::Call::mint {
            asset,
            nonce,
            to,
            amount,
        },
    );
    true
}

fn bridge_out(world: &mut World) -> bool {
    let (asset, unit) = asset(world);
    let who = world.any_owner();
    let held = Assets::balance(asset, &who.account);
    let amount = match world.rng.below(10) {
        0 => 0,
        1 => held + 1,
        // Now and then less than is redeemed at once.
        _ => 1 + world.rng.below((held / 200).max(unit)),
    };
    world.call(
        &who,
        bridge::Call::redeem {
            asset,
            amount,
            destination: [9; 32],
        },
    );
    true
}

/// As if a referendum on the bridge had been won; and by those who have won none. What
/// was taken from the operator or the gateway is soon given back.
fn bridge_terms(world: &mut World) -> bool {
    let (asset, unit) = asset(world);
    let named = (!world.rng.percent(10)).then(|| operator().account);
    let limit = bridge::Assets::<Runtime>::get(asset).map_or(unit, |bridged| bridged.limit);
    let (origin, call): (Origin, bridge::Call<Runtime>) = match world.rng.below(3) {
        0 => (
            named.as_ref().map_or(Origin::Revoke, |_| Origin::Upgrade),
            bridge::Call::set_operator { operator: named },
        ),
        1 => (
            named.as_ref().map_or(Origin::Revoke, |_| Origin::Assets),
            bridge::Call::set_gateway { gateway: named },
        ),
        // Up to twice what it is, and sometimes more, which is refused.
        _ => (
            Origin::Assets,
            bridge::Call::set_limit {
                asset: if world.rng.percent(10) { 77 } else { asset },
                limit: limit / 4 * Balance::from(world.rng.within(3, 9)) + unit,
            },
        ),
    };
    if world.rng.percent(15) {
        let who = world.any_owner();
        world.call(&who, call);
    } else {
        settings::govern(world, origin, call);
    }
    true
}

/// Somebody moves the price by anything from nothing to a multiple.
fn swap(world: &mut World) -> bool {
    let (id, _) = asset(world);
    let who = world.any_owner();
    let kind = AssetKind::WithId(id);
    let reserves = AssetConversion::get_reserves(AssetKind::Native, kind.clone()).ok();
    let Some((native, other)) = reserves else {
        return false;
    };
    let magnitude = world.rng.within(0, 8);
    // Whoever shakes it brings it back more often than not: the price stays about.
    let dear = native.checked_div(other).unwrap_or(0) > start_price(id);
    let sells_native = dear == world.rng.percent(25);
    let (path, reserve) = if sells_native {
        (vec![AssetKind::Native, kind], native)
    } else {
        (vec![kind, AssetKind::Native], other)
    };
    let amount_in = (reserve >> magnitude).max(1) + world.rng.below(1_000);
    world.call(
        &who,
        PoolCall::swap_exact_tokens_for_tokens {
            path: path.into_iter().map(Box::new).collect(),
            amount_in,
            amount_out_min: 1,
            send_to: who.account.clone(),
            keep_alive: true,
        },
    );
    true
}

/// NI for one unit of the asset when the pools began, both in their smallest units.
fn start_price(id: bridge::AssetId) -> Balance {
    if id == TAO { 50 } else { 500 }
}

/// What the pool began with of the asset.
fn start_reserve(id: bridge::AssetId) -> Balance {
    if id == TAO {
        200 * TAO_UNIT
    } else {
        20_000 * USD_UNIT
    }
}

fn add_liquidity(world: &mut World) -> bool {
    let (id, unit) = asset(world);
    let who = world.any_owner();
    let amount = (1 + world.rng.below(50)) * unit;
    let amount2_min = if world.rng.percent(10) { amount * 2 } else { 1 };
    world.call(
        &who,
        PoolCall::add_liquidity {
            asset1: Box::new(AssetKind::Native),
            asset2: Box::new(AssetKind::WithId(id)),
            amount1_desired: 10_000 * NI,
            amount2_desired: amount,
            amount1_min: 1,
            amount2_min,
            mint_to: who.account.clone(),
        },
    );
    true
}

/// Up to all of what somebody owns of a pool: it may be drained but for its minimum.
fn remove_liquidity(world: &mut World) -> bool {
    let (id, _) = asset(world);
    let kind = AssetKind::WithId(id);
    let Some(pool) =
        pallet_asset_conversion::Pools::<Runtime>::get((AssetKind::Native, kind.clone()))
    else {
        return false;
    };
    let mut providers: Vec<Actor> = world.owners.clone();
    providers.push(Actor::known(PROVIDER));
    providers.retain(|who| ni_runtime::PoolAssets::balance(pool.lp_token, &who.account) > 0);
    let Some(who) = world.rng.pick(&providers).cloned() else {
        return false;
    };
    let owned = ni_runtime::PoolAssets::balance(pool.lp_token, &who.account);
    let lp_token_burn = match world.rng.below(8) {
        0 => owned,
        1 => owned + 1,
        _ => 1 + world.rng.below(owned / 4),
    };
    world.call(
        &who,
        PoolCall::remove_liquidity {
            asset1: Box::new(AssetKind::Native),
            asset2: Box::new(kind),
            lp_token_burn,
            amount1_min_receive: 1,
            amount2_min_receive: 1,
            withdraw_to: who.account.clone(),
        },
    );
    true
}

/// What is disabled is enabled sooner than what is enabled is disabled.
fn toggle_asset(world: &mut World) -> bool {
    let (id, unit) = asset(world);
    let asset = AssetKind::WithId(id);
    let enabled = Buyback::is_enabled(&asset);
    if enabled && !world.rng.percent(10) {
        return false;
    }
    if enabled == world.rng.percent(85) {
        settings::govern(world, Origin::Assets, Call::disable_asset { asset });
    } else {
        let min_reserve = match world.rng.below(8) {
            0 => 0,
            // Sometimes more than the pool began with.
            _ => start_reserve(id) * (1 + world.rng.below(15)) / 10,
        };
        let terms = AssetTerms {
            reference_price: FixedU128::from_u32(u32::try_from(start_price(id)).unwrap_or(1)),
            min_reserve,
            min_slice: unit / 100,
        };
        settings::govern(world, Origin::Assets, Call::enable_asset { asset, terms });
    }
    true
}

/// Holds what the pot has against what its ledger says is pending.
///
/// # Errors
///
/// The asset of which the pot holds less.
pub(crate) fn check() -> Result<(), String> {
    Bridge::do_try_state().map_err(|broken| format!("Bridge: {broken:?}"))?;
    let pot: AccountId = Buyback::account();
    for id in [TAO, USD] {
        let (held, pending) = (
            Assets::balance(id, &pot),
            Buyback::pending(&AssetKind::WithId(id)),
        );
        if held < pending {
            return Err(format!(
                "revenue: {held} of asset {id} held, {pending} pending"
            ));
        }
    }
    Ok(())
}
