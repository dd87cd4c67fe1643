// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What somebody with means can do to a slice.

use crate::{Event, Markets, RISE_BLOCKS, RevenueSource, Skipped, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{FixedU128, Perbill, TokenError};
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
                let counted = honest + size / Balance::from(RISE_BLOCKS) + 1;
                assert!(slices.iter().all(|slice| *slice <= counted * 3 / 1_000));
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

/// What is over after a swap of `size` of TAO for NI, so many blocks with it in the pool,
/// the slice in the last, and the way back; and whether there was a slice. Where `naive`,
/// the slice goes by the reserve of the moment.
fn sandwich(size: Balance, blocks: u32, naive: bool) -> (Balance, bool) {
    build_and_execute(|| {
        // So that nothing but the depth is in the way.
        Parameters::mutate(|it| it.tolerance = Perbill::from_parts(999_999_999));
        deposit(TAO, 10_000 * NI);
        before_a_slice();
        let until = Markets::<Test>::get()[0].until + u64::from(PERIOD * 2);
        next_block();
        forward(u32::try_from(until - System::block_number()).unwrap() - blocks);
        let spent = Buyback::ledger(TAO).spent;
        let got = swap(ATTACKER, TAO, NATIVE, size);
        for _ in 0..blocks {
            assert_eq!(Buyback::ledger(TAO).spent, spent, "no slice yet");
            if naive {
                Markets::<Test>::mutate(|markets| markets[0].steady = None);
            }
            next_block();
        }
        let bought = Buyback::ledger(TAO).spent > spent;
        (swap(ATTACKER, NATIVE, TAO, got), bought)
    })
}

#[test]
fn a_push_that_is_left_in_the_pool_for_five_blocks_gains_nothing() {
    let (mut slices, mut naive_gains) = (0, 0);
    for blocks in 1..=5 {
        for size in sizes().filter(|size| *size > NI && *size <= 2 * TAO_RESERVE) {
            let (back, bought) = sandwich(size, blocks, false);
            assert!(back <= size, "{size} for {blocks} blocks became {back}");
            slices += u32::from(bought);
            let (back, _) = sandwich(size, blocks, true);
            naive_gains += u32::from(back > size);
        }
    }
    assert!(slices > 150, "{slices} slices were in the middle");
    assert!(
        naive_gains > 10,
        "a slice by the present reserve feeds {naive_gains}"
    );
}

#[test]
fn a_block_of_more_liquidity_makes_a_slice_larger_by_a_part_of_it() {
    build_and_execute(|| {
        deposit(TAO, 10_000 * NI);
        before_a_slice();
        events();
        let (honest, _) = reserves(TAO);
        provide(TAO, honest);
        next_block();
        let (slices, _) = outcome(&TAO);
        let depth = honest * 3 / 1_000;
        assert!(
            slices.iter().all(|slice| *slice <= depth * 105 / 100 + 1) && slices.len() == 1,
            "{slices:?} for a depth of {depth}"
        );
    });
}

#[test]
fn a_pool_that_is_empty_for_a_block_a_period_cuts_what_is_bought_by_a_thirtieth() {
    build_and_execute(|| {
        const PERIOD: u32 = 600;
        Parameters::mutate(|it| it.period = PERIOD);
        Seed::set(None);
        deposit(TAO, 1_000_000 * NI);
        forward(PERIOD);
        let slice = || {
            let quote = Buyback::quote(TAO).expect("it is enabled");
            quote.slice.map_or(0, |slice| slice.amount)
        };
        // Until the block after a slice. There is no randomness, so it is the last.
        while Markets::<Test>::get()[0].until != System::block_number() {
            next_block();
        }
        next_block();
        let honest = slice();
        assert!(honest >= TAO_RESERVE * 299 / 100_000);
        withdraw(TAO);
        // What each block of a period would buy, were it drawn: each is as likely.
        let (mut sum, mut lowest_would) = (0, 0);
        for block in 0..PERIOD - 1 {
            next_block();
            if block == 0 {
                assert_eq!(slice(), 0);
                provide(TAO, TAO_RESERVE);
            }
            sum += slice();
            lowest_would += u32::from(block == 0);
        }
        let cut = 1_000 - sum * 1_000 / (honest * Balance::from(PERIOD - 1));
        assert!((30..=35).contains(&cut), "{cut} parts of 1,000");
        assert_eq!(
            lowest_would, 1,
            "by the lowest reserve all of the period's blocks after it buy nothing"
        );
    });
}

#[test]
fn who_knows_a_third_of_the_draws_cuts_far_less_than_a_third_of_the_slices() {
    build_and_execute(|| {
        const PERIOD: u32 = 60;
        const PERIODS: u32 = 200;
        Parameters::mutate(|it| it.period = PERIOD);
        deposit(TAO, 1_000_000 * NI);
        forward(PERIOD);
        let (mut slices, mut periods, mut spoilt) = (0, 0, 0);
        let mut until = 0;
        let mut first = true;
        for _ in 0..PERIODS * PERIOD {
            let is_theirs = (System::block_number() + 1).is_multiple_of(3);
            let away = is_theirs && drawn_next(TAO);
            if away {
                withdraw(TAO);
            }
            System::reset_events();
            next_block();
            slices += outcome(&TAO).0.len();
            if away {
                provide(TAO, TAO_RESERVE);
            }
            let market = &Markets::<Test>::get()[0];
            if market.until != until {
                until = market.until;
                periods += 1;
                first = true;
            }
            // Whose first draw was spoilt would have had no slice.
            spoilt += usize::from(away && first);
            first &= !away;
        }
        assert!(
            spoilt * 4 > periods,
            "{spoilt} of {periods} were spoilt at first"
        );
        assert!(
            slices * 10 >= periods * 8,
            "{slices} slices in {periods} periods"
        );
    });
}

#[test]
fn a_drained_pool_is_left_alone_until_it_is_filled() {
    build_and_execute(|| {
        deposit(TAO, 1_000 * NI);
        deposit(USD, 100 * USD_UNIT);
        withdraw(TAO);
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

        provide(TAO, TAO_RESERVE);
        before_a_slice();
        events();
        next_block();
        let depth_of_the_drained = reserve * 3 / 1_000;
        let (bought, skipped) = outcome(&TAO);
        assert!(
            bought
                .iter()
                .all(|slice| *slice >= depth_of_the_drained && *slice < TAO_RESERVE * 3 / 1_000),
            "a slice at a depth that rises: {bought:?} {skipped:?}"
        );
        forward(1_000);
        deposit(TAO, 1_000 * NI);
        before_a_slice();
        events();
        let spent = Buyback::ledger(TAO).spent;
        next_block();
        assert_eq!(outcome(&TAO).0.len(), 1, "then as before");
        assert!(Buyback::ledger(TAO).spent > spent);
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
