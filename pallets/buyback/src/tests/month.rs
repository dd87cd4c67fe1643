// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A month of steady revenue, in a market that moves and is kept together by
//! somebody who swaps for gain.

use crate::{Event, mock::*};
use sp_core::U256;
use sp_runtime::{
    FixedPointNumber, FixedU128,
    traits::{BlakeTwo256, Hash},
};

const BLOCKS_A_DAY: u32 = 240;
const DAYS: u32 = 30;

/// Swaps until the pool is at `price`, as if there were no fee, when it is further
/// off than the fee.
fn arbitrage(asset: &Kind, price: FixedU128) {
    let (have, native) = reserves(asset.clone());
    let now = FixedU128::from_inner(native * (FixedU128::DIV / 1_000) / have * 1_000);
    let off = now.into_inner().abs_diff(price.into_inner()) * 1_000 / price.into_inner();
    if off < 3 {
        return;
    }
    let product = U256::from(have) * U256::from(native);
    let price = U256::from(price.into_inner());
    let want = (product * U256::from(FixedU128::DIV) / price).integer_sqrt();
    if want > U256::from(have) {
        swap(ATTACKER, asset.clone(), NATIVE, want.as_u128() - have);
    } else {
        let want = (product * price / U256::from(FixedU128::DIV)).integer_sqrt();
        swap(ATTACKER, NATIVE, asset.clone(), want.as_u128() - native);
    }
}

#[test]
fn a_month_ends_with_little_pending_and_little_slippage() {
    build_and_execute(|| {
        let mut prices = [tao_terms().reference_price, usd_terms().reference_price];
        let assets = [TAO, USD];
        let mut slices = [0u32; 2];
        // Of each asset, what was bought and what the pools' prices were worth.
        let mut got = [0u128; 2];
        let mut fair = [0u128; 2];
        for block in 0..DAYS * BLOCKS_A_DAY {
            // 0.4 TAO and 0.7 USD a block, up to twice that and down to none.
            let dice = BlakeTwo256::hash_of(&block).to_fixed_bytes();
            deposit(TAO, NI * 8 * u128::from(dice[0]) / 2_560 + 1);
            deposit(USD, USD_UNIT * 14 * u128::from(dice[1]) / 2_560 + 1);
            // A large payment on the third day is worked off beside.
            if block == 3 * BLOCKS_A_DAY {
                deposit(TAO, 2_000 * NI);
                deposit(USD, 5_000 * USD_UNIT);
            }
            for (index, asset) in assets.iter().enumerate() {
                // Up to 0.1% a block, up or down.
                let step = 999_000 + u128::from(dice[2 + index]) * 2_000 / 255;
                let price = prices[index].into_inner() / 1_000_000 * step;
                prices[index] = FixedU128::from_inner(price);
                arbitrage(asset, prices[index]);
            }
            System::reset_events();
            let before = assets.clone().map(reserves);
            next_block();
            for event in events() {
                let Event::SliceBought {
                    asset,
                    spent,
                    bought,
                    ..
                } = event
                else {
                    panic!("{event:?} in block {block}");
                };
                let index = usize::from(asset == USD);
                slices[index] += 1;
                got[index] += bought;
                fair[index] += spent * before[index].1 / before[index].0;
            }
        }
        for (index, min_slice) in [MIN_SLICE, USD_MIN_SLICE].into_iter().enumerate() {
            let asset = &assets[index];
            let ledger = Buyback::ledger(asset.clone());
            assert!(
                ledger.pending() <= min_slice,
                "{asset:?}: {} pending",
                ledger.pending()
            );
            assert_eq!(balance(asset.clone(), pot()), ledger.pending());
            assert_eq!(ledger.bought, got[index]);
            assert!(slices[index] > DAYS * BLOCKS_A_DAY / PERIOD - 3);
            let slippage = (fair[index] - got[index]) * 10_000 / fair[index];
            assert!(slippage <= 100, "{asset:?}: {slippage} parts of 10,000");
        }
        // Some 2,800 TAO and 5,000 USD, besides the large payments.
        assert!(Buyback::ledger(TAO).received > 4_500 * NI);
        assert!(Buyback::ledger(USD).received > 9_000 * USD_UNIT);
    });
}
