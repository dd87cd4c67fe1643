// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Revenue of every sort: what comes in buys NI, and what is bought is burned.

use super::chain::Chain;
use crate::{
    AccountId, AssetConversion, Assets, Balance, Balances, Bridge, Buyback, EXISTENTIAL_DEPOSIT,
    NI, Runtime, RuntimeEvent, RuntimeOrigin, Settings, Supply, System, TAO_UNIT, USD_UNIT,
    configs::market::{AssetKind, LiquidityFee, TAO, USD},
    settings::{BuybackParameters, defaults},
};
use frame_support::{assert_ok, traits::Hooks};
use pallet_asset_conversion::Swap;
use pallet_babe::AuthorVrfRandomness;
use pallet_buyback::{Call, Error, Event, Markets, Reserves, RevenueSource};
use pallet_governance::Origin;
use pallet_supply::{BurnSource, Event as SupplyEvent};
use sp_core::U256;
use sp_keyring::Sr25519Keyring::{self, Alice, Charlie, One};
use sp_runtime::{
    DispatchError, FixedPointNumber, FixedU128, Perbill,
    traits::{BlakeTwo256, Hash},
};
use tokenomics_primitives::buyback::{averaged, least, output};

const NATIVE: AssetKind = AssetKind::Native;
const BRIDGED: [AssetKind; 2] = [AssetKind::WithId(TAO), AssetKind::WithId(USD)];

fn deposit(nonce: u64, asset: AssetKind, amount: Balance) -> Call<Runtime> {
    Call::deposit_revenue {
        nonce,
        asset,
        amount,
        source: RevenueSource::Asset,
    }
}

/// Forty euros, settled as so many dollars.
fn euros(nonce: u64, amount: Balance) -> (Call<Runtime>, RevenueSource) {
    let source = RevenueSource::Fiat {
        currency: *b"EUR",
        minor_units: 4_000,
        reference: [7; 32],
    };
    let call = Call::deposit_revenue {
        nonce,
        asset: AssetKind::WithId(USD),
        amount,
        source,
    };
    (call, source)
}

/// What the latest block burned from `source`.
fn burned(chain: &mut Chain, of: BurnSource) -> Balance {
    chain
        .events()
        .into_iter()
        .filter_map(|event| match event {
            RuntimeEvent::Supply(SupplyEvent::Burned { source, amount }) if source == of => {
                Some(amount)
            }
            _ => None,
        })
        .sum()
}

#[test]
fn revenue_in_tao_and_dollars_buys_ni_that_is_burned() {
    let mut chain = Chain::new("development");
    let issued = chain.with(Balances::total_issuance);
    assert_ok!(chain.send(One, deposit(0, AssetKind::WithId(TAO), TAO_UNIT)));
    let mut fees = burned(&mut chain, BurnSource::TransactionFees);
    let (call, source) = euros(1, 40 * USD_UNIT);
    assert_ok!(chain.send(One, call));
    fees += burned(&mut chain, BurnSource::TransactionFees);
    assert!(
        chain
            .events()
            .contains(&RuntimeEvent::Buyback(Event::RevenueDeposited {
                gateway: One.to_account_id(),
                nonce: 1,
                asset: AssetKind::WithId(USD),
                amount: 40 * USD_UNIT,
                source,
            }))
    );
    chain.with(|| {
        assert_eq!(Buyback::pending(&BRIDGED[0]), TAO_UNIT);
        assert_eq!(Buyback::pending(&BRIDGED[1]), 40 * USD_UNIT);
    });

    let (mut bought, mut slices) = (0, [0; 2]);
    for _ in 0..160 {
        chain.empty();
        let mut in_block = 0;
        for event in chain.events() {
            if let RuntimeEvent::Buyback(Event::SliceBought {
                asset, bought: ni, ..
            }) = event
            {
                in_block += ni;
                slices[usize::from(asset == BRIDGED[1])] += 1;
            }
        }
        assert_eq!(
            burned(&mut chain, BurnSource::Buyback),
            in_block,
            "in the same block"
        );
        bought += in_block;
    }
    assert!(slices.iter().all(|slices| *slices > 3), "{slices:?}");

    chain.with(|| {
        for (asset, id, least) in [
            (&BRIDGED[0], TAO, TAO_UNIT / 100),
            (&BRIDGED[1], USD, USD_UNIT),
        ] {
            let ledger = Buyback::ledger(asset.clone());
            assert_eq!(ledger.received, ledger.spent + ledger.pending());
            assert_eq!(ledger.bought, ledger.burned);
            assert!(ledger.pending() <= least, "{} is left", ledger.pending());
            assert_eq!(Assets::balance(id, Buyback::account()), ledger.pending());
        }
        assert_eq!(Buyback::totals().burned, bought);
        assert_eq!(Supply::burned(), bought + fees);
        assert_eq!(Balances::total_issuance(), issued - bought - fees);
        assert_eq!(
            Balances::free_balance(Buyback::account()),
            EXISTENTIAL_DEPOSIT,
            "nothing that was bought stays"
        );
    });
}

/// The reserves of the asset and of NI.
fn reserves(asset: &AssetKind) -> (Balance, Balance) {
    <Runtime as pallet_buyback::Config>::Reserves::reserves(asset).expect("there is a pool")
}

/// Swaps until the pool is at `price`, as if there were no fee, when it is further off
/// than the fee.
fn arbitrage(asset: &AssetKind, price: FixedU128) {
    let (have, native) = reserves(asset);
    let now = FixedU128::from_rational(native, have);
    let off = now.into_inner().abs_diff(price.into_inner());
    if off <= price.into_inner() * 3 / 1_000 {
        return;
    }
    let product = U256::from(have) * U256::from(native);
    let (price, one) = (U256::from(price.into_inner()), U256::from(FixedU128::DIV));
    let want = (product * one / price).integer_sqrt().as_u128();
    let (path, amount) = if want > have {
        (vec![asset.clone(), NATIVE], want - have)
    } else {
        let want = (product * price / one).integer_sqrt().as_u128();
        (vec![NATIVE, asset.clone()], want - native)
    };
    let alice = Alice.to_account_id();
    assert_ok!(
        <AssetConversion as Swap<AccountId>>::swap_exact_tokens_for_tokens(
            alice.clone(),
            path,
            amount,
            None,
            alice,
            false
        )
    );
}

/// How a month went, by asset.
#[derive(Debug, Default)]
struct Month {
    slices: u32,
    /// The most that a slice left, in the last ten days.
    left: Balance,
    /// What was pending after the month's last slice.
    pending: Balance,
    /// And what came in after it.
    waiting: Balance,
    /// What the pool's prices were worth, and what was bought.
    fair: Balance,
    bought: Balance,
}

/// Thirty days of steady revenue at the preset's terms, in a market that moves and is
/// kept together by somebody who swaps for gain: hours of 600 blocks, of which every
/// tenth is made, by the pallet's hook. (So the average follows ten times slower, and
/// the guard is the narrower.)
fn month(parameters: BuybackParameters) -> [Month; 2] {
    const HOURS: u32 = 30 * 24;
    let mut chain = Chain::new("local_testnet");
    let mut months = <[Month; 2]>::default();
    chain.with(|| {
        System::set_block_number(1);
        assert_ok!(Settings::begin_with(parameters.into()));
        // The genesis's period is over, so an hour begins with the first block below.
        Markets::<Runtime>::mutate(|markets| {
            for market in markets.iter_mut() {
                market.until = 11;
            }
        });
        let mut prices = BRIDGED
            .each_ref()
            .map(|asset| Buyback::quote(asset.clone()).unwrap().average);
        let units = [TAO_UNIT, USD_UNIT * 100];
        let mut nonce = 0;
        let mut pay = |index: usize, amount| {
            let origin = RuntimeOrigin::signed(One.to_account_id());
            let asset = BRIDGED[index].clone();
            let source = RevenueSource::Asset;
            assert_ok!(Buyback::deposit_revenue(
                origin, nonce, asset, amount, source
            ));
            nonce += 1;
        };
        for hour in 0..HOURS {
            let dice = BlakeTwo256::hash_of(&hour).to_fixed_bytes();
            let chance = |at: usize| Balance::from(dice[at]);
            for tenth in 0..=60u32 {
                // The first and the last block of each period are made.
                let block = 12 + hour * 600 + (tenth * 10).min(599);
                System::set_block_number(block);
                System::reset_events();
                let luck = BlakeTwo256::hash_of(&(b"luck", block)).to_fixed_bytes();
                AuthorVrfRandomness::<Runtime>::put(Some(luck));
                let before = BRIDGED.each_ref().map(reserves);
                <Buyback as Hooks<_>>::on_initialize(block);
                for event in System::read_events_no_consensus().map(|record| record.event) {
                    let RuntimeEvent::Buyback(event) = event else {
                        continue;
                    };
                    let Event::SliceBought {
                        asset,
                        spent,
                        bought,
                        pending,
                        ..
                    } = event
                    else {
                        continue;
                    };
                    let index = usize::from(asset == BRIDGED[1]);
                    let (have, native) = before[index];
                    let month = &mut months[index];
                    month.slices += 1;
                    month.fair += spent * native / have;
                    month.bought += bought;
                    (month.pending, month.waiting) = (pending, 0);
                    if hour >= HOURS - 240 {
                        month.left = month.left.max(pending);
                    }
                }
                for index in 0..2 {
                    let at = |byte: usize| tenth == u32::from(dice[byte + index]) % 61;
                    // 0.1 TAO and 10 dollars an hour in two payments, up to twice that
                    // and down to none: two hours of it are within the depth.
                    for byte in [0, 2] {
                        if at(byte) {
                            let amount = units[index] * chance(4 + byte + index) / 2_550 + 1;
                            pay(index, amount);
                            months[index].waiting += amount;
                        }
                    }
                    if at(10) {
                        // Up to 0.1% an hour, up or down.
                        let step = 999_000 + chance(12 + index) * 2_000 / 255;
                        let price = prices[index].into_inner() / 1_000_000 * step;
                        prices[index] = FixedU128::from_inner(price);
                    }
                    if at(14) || at(16) {
                        arbitrage(&BRIDGED[index], prices[index]);
                    }
                    // A large payment on the third day, which a pool of 200 TAO takes
                    // forty hours for.
                    if hour == 72 && tenth == 0 {
                        pay(index, units[index] * 20);
                    }
                }
            }
        }
        for (month, asset) in months.iter().zip(BRIDGED) {
            let ledger = Buyback::ledger(asset);
            assert_eq!(ledger.bought, month.bought);
            assert_eq!(ledger.pending(), month.pending + month.waiting);
        }
    });
    months
}

#[test]
fn a_month_at_the_production_chain_s_pace_leaves_no_more_than_a_minimum_slice() {
    let least = [TAO_UNIT / 100, USD_UNIT];
    for (month, least) in month(defaults::buyback()).iter().zip(least) {
        // One in each period, but where nothing came in since the last.
        assert!(month.slices > 600, "{month:?}");
        // As soon as the large payment is worked off, each slice leaves nothing.
        assert!(month.left <= least && month.pending <= least, "{month:?}");
        let slippage = (month.fair - month.bought) * 10_000 / month.fair;
        assert!(slippage <= 100, "{slippage} parts of 10,000");
    }
}

#[test]
fn a_month_at_a_tenth_an_hour_would_leave_nine_hours_of_revenue() {
    let slower = BuybackParameters {
        pace: Perbill::from_percent(10),
        ..defaults::buyback()
    };
    let least = [TAO_UNIT / 100, USD_UNIT];
    for (month, least) in month(slower).iter().zip(least) {
        assert!(month.pending > 50 * least, "{month:?}");
    }
}

/// The blocks in which no slice is swapped after NI for one TAO fell to so many per cent of
/// what it was and stayed there: the pool's whole depth against the average of each block.
fn blocks_without_a_slice(parameters: &BuybackParameters, percent: u32) -> u32 {
    let reserve = 1_000_000 * TAO_UNIT;
    let before = FixedU128::from_u32(2);
    let price = before * FixedU128::from_rational(percent.into(), 100);
    let native = price.saturating_mul_int(reserve);
    let slice = parameters.depth_limit * reserve;
    let bought = output(slice, reserve, native, LiquidityFee::get()).expect("the pool pays");
    let mut average = before;
    (0..)
        .find(|_| {
            average = averaged(
                average,
                price,
                parameters.sample_clamp,
                parameters.averaged_blocks,
            )
            .expect("the parameters are valid");
            least(slice, average, parameters.tolerance).expect("within 128 bits") <= bought
        })
        .expect("the average follows")
}

#[test]
fn slices_stop_for_eight_hours_where_ni_doubles() {
    const HOUR: u32 = defaults::DAY / 24;
    let parameters = defaults::buyback();
    let hours = |parameters, percent| blocks_without_a_slice(parameters, percent) / HOUR;
    assert_eq!(
        hours(&parameters, 50),
        7,
        "the eighth hour, as the comment has it"
    );
    assert_eq!(hours(&parameters, 70), 4);
    assert_eq!(
        blocks_without_a_slice(&parameters, 200),
        0,
        "a gain is taken"
    );
    // At a clamp of 1% it was 68 hours for the half, and not a day.
    let narrow = BuybackParameters {
        sample_clamp: Perbill::from_percent(1),
        ..parameters
    };
    assert_eq!(hours(&narrow, 50), 67);
}

#[test]
fn an_hour_at_a_false_price_moves_the_average_by_little_more_than_a_tenth() {
    let parameters = defaults::buyback();
    let mut average = FixedU128::from_u32(2);
    let moved = |average: FixedU128| FixedU128::from_u32(2) - average;
    let mut once = None;
    for _ in 0..defaults::DAY / 24 {
        // The lowest price there is.
        let sample = FixedU128::from_inner(0);
        average = averaged(
            average,
            sample,
            parameters.sample_clamp,
            parameters.averaged_blocks,
        )
        .expect("the parameters are valid");
        once.get_or_insert(average);
    }
    assert!(moved(average) < FixedU128::from_rational(2 * 105, 1_000));
    // A block's part is a hundredth of the tolerance: what it costs to hold a false price
    // against those who swap for gain is paid a hundred times before a slice is worse.
    let once = moved(once.expect("there was a block"));
    assert!(once < FixedU128::from_rational(2 * 2, 100 * 100));
}

#[test]
fn revenue_in_ni_is_burned_at_once() {
    let mut chain = Chain::new("development");
    assert_ok!(chain.send(One, deposit(0, NATIVE, 3 * NI)));
    assert_eq!(burned(&mut chain, BurnSource::Buyback), 3 * NI);
    chain.with(|| {
        let ledger = Buyback::ledger(NATIVE);
        assert_eq!((ledger.received, ledger.burned), (3 * NI, 3 * NI));
        assert_eq!(ledger.pending(), 0);
    });
}

#[test]
fn only_the_gateway_pays_revenue_in() {
    let mut chain = Chain::new("development");
    for who in Sr25519Keyring::iter().filter(|who| *who != One) {
        for asset in [NATIVE, AssetKind::WithId(TAO)] {
            assert_eq!(
                chain.send(who, deposit(0, asset, 1)),
                Err(DispatchError::BadOrigin)
            );
        }
    }
    // Another is named: the old one is refused, and the new one's receipts begin at 0.
    assert_ok!(chain.send(One, deposit(0, NATIVE, NI)));
    chain.with(|| {
        let gateway = Some(Charlie.to_account_id());
        assert_ok!(Bridge::set_gateway(Origin::Assets.into(), gateway));
    });
    assert_eq!(
        chain.send(One, deposit(1, NATIVE, NI)),
        Err(DispatchError::BadOrigin)
    );
    assert_ok!(chain.send(Charlie, deposit(0, NATIVE, NI)));
}

#[test]
fn receipts_are_taken_once_and_in_order() {
    let mut chain = Chain::new("development");
    assert_ok!(chain.send(One, deposit(0, NATIVE, NI)));
    for (nonce, error) in [(0, Error::ReceiptReplayed), (2, Error::ReceiptSkipped)] {
        assert_eq!(
            chain.send(One, deposit(nonce, NATIVE, NI)),
            Err(Error::<Runtime>::into(error))
        );
    }
    // What is refused uses up no receipt.
    assert_eq!(
        chain.send(One, deposit(1, AssetKind::WithId(9), 1)),
        Err(Error::<Runtime>::NotEnabled.into())
    );
    assert_ok!(chain.send(One, deposit(1, NATIVE, NI)));
}

#[test]
fn what_somebody_sends_unasked_is_no_revenue() {
    let mut chain = Chain::new("development");
    let pot: AccountId = chain.with(Buyback::account);
    let transfer = pallet_assets::Call::<Runtime>::transfer {
        id: TAO,
        target: pot.into(),
        amount: TAO_UNIT,
    };
    assert_ok!(chain.send(Alice, transfer));
    chain.with(|| {
        assert_eq!(Buyback::pending(&BRIDGED[0]), 0);
        assert_eq!(Assets::balance(TAO, Buyback::account()), TAO_UNIT);
    });
    chain.blocks(30);
    chain.with(|| assert_eq!(Buyback::totals().bought, 0));
}
