// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What somebody with means can do to a slice.

use crate::{Event, Markets, RevenueSource, Skipped, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{FixedU128, TokenError};
use tokenomics_primitives::buyback::depth;

/// The slices bought and the reasons of those skipped, of one asset.
fn outcome(asset: &Kind) -> (Vec<Balance>, Vec<Skipped<Balance>>) {
    let mut bought = Vec::new();
    let mut skipped = Vec::new();
    for event in events() {
        match event {
            Event::SliceBought {
                asset: of, spent, ..
            } if of == *asset => bought.push(spent),
            Event::SliceSkipped { asset: of, reason } if of == *asset => skipped.push(reason),
            _ => {}
        }
    }
    (bought, skipped)
}

/// Sizes from a unit to four times the pool.
fn sizes() -> impl Iterator<Item = Balance> {
    (0..=48).flat_map(|shift| {
        let size = (TAO_RESERVE * 4) >> shift;
        [size, size * 3 / 4]
    })
}

#[test]
fn a_sandwich_at_the_depth_limit_gains_nothing() {
    let mut bought = 0;
    let mut refused = 0;
    for size in sizes().filter(|size| *size > 0) {
        for (from, to) in [(TAO, NATIVE), (NATIVE, TAO)] {
            build_and_execute(|| {
                deposit(TAO, 10_000 * NI);
                before_a_slice();
                events();
                let (honest, _) = reserves(TAO);
                // The last transaction before the slice, and the first after it.
                let got = swap_or_nothing(from.clone(), to.clone(), size);
                next_block();
                let (slices, skipped) = outcome(&TAO);
                assert!(slices.iter().all(|slice| *slice <= honest * 3 / 1_000));
                bought += u32::from(slices.len() == 1);
                refused += u32::from(skipped.len() == 1);
                let back = swap_or_nothing(to, from, got);
                assert!(back <= size, "{size} became {back}");
                assert_eq!(
                    balance(TAO, pot()),
                    Buyback::pending(&TAO),
                    "no revenue is lost"
                );
            });
        }
    }
    assert!(bought > 60, "slices were swapped in the middle: {bought}");
    assert!(refused > 4, "and the largest sizes refused: {refused}");
}

/// What a swap of the attacker's gets; nothing for amounts the pool does not take.
fn swap_or_nothing(from: Kind, to: Kind, amount: Balance) -> Balance {
    use pallet_asset_conversion::Swap;
    <AssetConversion as Swap<AccountId>>::swap_exact_tokens_for_tokens(
        ATTACKER,
        vec![from, to],
        amount,
        None,
        ATTACKER,
        false,
    )
    .unwrap_or(0)
}

#[test]
fn a_sandwich_around_twice_the_depth_would_gain() {
    let gains = |times: Balance| {
        sizes().filter(|size| *size > NI).any(|size| {
            build_and_execute(|| {
                let victim = times * depth(TAO_RESERVE, LiquidityFee::get());
                let got = swap(ATTACKER, TAO, NATIVE, size);
                swap(GATEWAY, TAO, NATIVE, victim);
                swap(ATTACKER, NATIVE, TAO, got) > size
            })
        })
    };
    assert!(!gains(1));
    assert!(gains(2), "the limit is what prevents it");
}

#[test]
fn a_reserve_pushed_up_makes_no_larger_slice() {
    build_and_execute(|| {
        deposit(TAO, 10_000 * NI);
        // In the last period the pool was larger, so that only the block before the
        // slice says otherwise.
        before_a_slice();
        next_block();
        let (honest, _) = reserves(TAO);
        Markets::<Test>::mutate(|markets| markets[0].lowest = Some(honest * 2));
        before_a_slice();
        events();
        // 2% into the pool, within the tolerance.
        swap(ATTACKER, TAO, NATIVE, honest / 50);
        next_block();
        assert_eq!(outcome(&TAO).0, [honest * 3 / 1_000]);
    });
}

#[test]
fn a_drained_pool_is_left_alone_until_it_is_filled() {
    build_and_execute(|| {
        deposit(TAO, 1_000 * NI);
        deposit(USD, 100 * USD_UNIT);
        let lp = PoolAssets::balance(0, PROVIDER);
        assert_ok!(AssetConversion::remove_liquidity(
            RuntimeOrigin::signed(PROVIDER),
            Box::new(NATIVE),
            Box::new(TAO),
            lp - 10_000_000,
            1,
            1,
            PROVIDER
        ));
        before_a_slice();
        events();
        next_block();
        let (reserve, _) = reserves(TAO);
        assert!(reserve < NI);
        assert_eq!(
            outcome(&TAO),
            (vec![], vec![Skipped::ReserveBelowMinimum { reserve }])
        );
        assert_eq!(Buyback::ledger(USD).spent, 50 * USD_UNIT, "USD goes on");
        assert_eq!(balance(TAO, pot()), 1_000 * NI, "nothing is lost");

        assert_ok!(AssetConversion::add_liquidity(
            RuntimeOrigin::signed(PROVIDER),
            Box::new(NATIVE),
            Box::new(TAO),
            TAO_NATIVE,
            TAO_RESERVE,
            1,
            1,
            PROVIDER
        ));
        before_a_slice();
        events();
        next_block();
        let depth_of_the_drained = reserve * 3 / 1_000;
        let (bought, skipped) = outcome(&TAO);
        assert!(
            bought.iter().all(|slice| *slice <= depth_of_the_drained),
            "one more period at the lower depth: {bought:?} {skipped:?}"
        );
        before_a_slice();
        next_block();
        assert_eq!(outcome(&TAO).0.len(), 1, "then as before");
        assert!(Buyback::ledger(TAO).spent >= 300 * NI);
    });
}

#[test]
fn a_frozen_asset_waits_and_blocks_nobody() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        deposit(USD, 100 * USD_UNIT);
        assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ADMIN), 1));
        before_a_slice();
        events();
        next_block();
        assert_eq!(Buyback::ledger(USD).spent, 50 * USD_UNIT);
        assert_eq!(outcome(&TAO), (vec![], vec![Skipped::NoReserves]));
        let receipt = crate::Receipts::<Test>::get(GATEWAY);
        assert_noop!(
            Buyback::deposit_revenue(
                RuntimeOrigin::signed(GATEWAY),
                receipt,
                TAO,
                NI,
                RevenueSource::Asset
            ),
            TokenError::Frozen
        );
        assert_ok!(Assets::thaw_asset(RuntimeOrigin::signed(ADMIN), 1));
        before_a_slice();
        next_block();
        assert_eq!(Buyback::ledger(TAO).spent, 50 * NI);
    });
}

#[test]
fn a_frozen_pot_waits() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        assert_ok!(Assets::freeze(RuntimeOrigin::signed(ADMIN), 1, pot()));
        before_a_slice();
        events();
        next_block();
        assert_eq!(outcome(&TAO), (vec![], vec![Skipped::Unspendable]));
        assert_ok!(Assets::thaw(RuntimeOrigin::signed(ADMIN), 1, pot()));
        before_a_slice();
        next_block();
        assert_eq!(Buyback::ledger(TAO).spent, 50 * NI);
    });
}

#[test]
fn dust_waits_for_more() {
    build_and_execute(|| {
        deposit(TAO, ASSET_ED);
        before_a_slice();
        events();
        next_block();
        assert_eq!(events(), [], "what keeps the account alive");

        deposit(TAO, 1);
        before_a_slice();
        events();
        next_block();
        let reason = Skipped::PriceOutsideTolerance {
            expected: 1,
            least: 2,
        };
        assert_eq!(outcome(&TAO), (vec![], vec![reason]));
        assert_eq!(balance(TAO, pot()), ASSET_ED + 1);

        deposit(TAO, NI);
        before_a_slice();
        next_block();
        assert_eq!(outcome(&TAO).0, [NI + 1], "nothing of it is lost");
    });
}

#[test]
fn a_price_half_the_average_is_not_paid() {
    build_and_execute(|| {
        deposit(TAO, 1_000 * NI);
        before_a_slice();
        events();
        // √2 − 1 of the reserve paid in halves the price.
        let got = swap(ATTACKER, TAO, NATIVE, TAO_RESERVE * 41_421 / 100_000);
        next_block();
        let (bought, skipped) = outcome(&TAO);
        assert_eq!(bought, []);
        assert!(
            matches!(
                skipped[..],
                [Skipped::PriceOutsideTolerance { expected, least }]
                    if expected * 100 / least > 50 && expected * 100 / least < 54
            ),
            "{skipped:?}"
        );
        assert_eq!(Buyback::pending(&TAO), 1_000 * NI);

        // Back near the average, the next period buys.
        swap(ATTACKER, NATIVE, TAO, got);
        before_a_slice();
        events();
        next_block();
        assert_eq!(outcome(&TAO).0.len(), 1);
    });
}

#[test]
fn a_price_that_stays_becomes_the_average_and_is_paid() {
    build_and_execute(|| {
        deposit(TAO, 1_000 * NI);
        swap(ATTACKER, TAO, NATIVE, TAO_RESERVE * 41_421 / 100_000);
        forward(500);
        assert_eq!(Buyback::ledger(TAO).spent, 0);
        forward(1_000);
        assert!(Buyback::ledger(TAO).spent > 0, "the queue is not stuck");
        // At no time for less than 5% below the average of its time.
        for event in events() {
            if let Event::SliceBought {
                spent,
                bought,
                average,
                ..
            } = event
            {
                let fair = FixedU128::from_rational(bought, spent);
                assert!(fair >= average * FixedU128::from_rational(95, 100));
            }
        }
    });
}

#[test]
fn a_price_half_above_the_average_is_a_gain() {
    build_and_execute(|| {
        deposit(TAO, 1_000 * NI);
        before_a_slice();
        // √1.5 − 1 of the NI reserve paid in raises the price by half.
        swap(ATTACKER, NATIVE, TAO, TAO_NATIVE * 22_474 / 100_000);
        next_block();
        let ledger = Buyback::ledger(TAO);
        assert!(ledger.bought * 100 / ledger.spent > 296);
    });
}
