// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The average price, and the block a slice is due in.

use crate::{MarketOf, Markets, RISE_BLOCKS, mock::*};
use frame_support::assert_ok;
use sp_runtime::{FixedPointNumber, FixedU128, Perbill};

fn market(asset: Kind) -> MarketOf<Test> {
    Markets::<Test>::get()
        .into_iter()
        .find(|market| market.asset == asset)
        .expect("it is enabled")
}

fn per_mille(parts: u128) -> FixedU128 {
    FixedU128::from_rational(parts, 1_000)
}

#[test]
fn a_block_moves_the_average_by_its_part_of_the_clamp() {
    build_and_execute(|| {
        // The price of TAO falls to about a quarter.
        swap(ATTACKER, TAO, NATIVE, TAO_RESERVE);
        next_block();
        // 10% of 2 NI away at most, a hundredth of it in a block.
        assert_eq!(market(TAO).average, per_mille(1_998));
        assert_eq!(market(USD).average, FixedU128::from_u32(4_000));
        forward(2_500);
        let (asset, native) = reserves(TAO);
        let price = FixedU128::from_rational(native, asset);
        let distance = market(TAO)
            .average
            .into_inner()
            .abs_diff(price.into_inner());
        assert!(
            distance < FixedU128::DIV / 1_000,
            "what lasts becomes the average"
        );
    });
}

#[test]
fn a_wide_clamp_takes_the_price_as_it_is() {
    build_and_execute(|| {
        Parameters::mutate(|it| {
            it.sample_clamp = Perbill::from_percent(99);
            it.averaged_blocks = 1;
        });
        swap(ATTACKER, TAO, NATIVE, TAO_RESERVE / 2);
        next_block();
        let (asset, native) = reserves(TAO);
        let price = FixedU128::from_inner(native * FixedU128::DIV / asset);
        assert_eq!(market(TAO).average, price);
    });
}

#[test]
fn a_pool_that_cannot_be_swapped_in_says_nothing() {
    build_and_execute(|| {
        swap(ATTACKER, TAO, NATIVE, TAO_RESERVE);
        assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ADMIN), 1));
        forward(5);
        assert_eq!(market(TAO).average, FixedU128::from_u32(2));
        assert_eq!(market(TAO).steady, None);
        assert_ok!(Assets::thaw_asset(RuntimeOrigin::signed(ADMIN), 1));
        next_block();
        assert_eq!(market(TAO).average, per_mille(1_998));
    });
}

#[test]
fn a_small_pool_says_nothing() {
    build_and_execute(|| {
        let (asset, _) = reserves(TAO);
        Markets::<Test>::mutate(|markets| markets[0].terms.min_reserve = 2 * asset + 1);
        swap(ATTACKER, TAO, NATIVE, TAO_RESERVE);
        forward(5);
        assert_eq!(market(TAO).average, FixedU128::from_u32(2));
        Markets::<Test>::mutate(|markets| markets[0].terms.min_reserve = 2 * asset);
        next_block();
        assert_eq!(market(TAO).average, per_mille(1_998));
    });
}

#[test]
fn the_steady_reserve_falls_at_once_and_rises_by_its_part() {
    build_and_execute(|| {
        let (start, _) = reserves(TAO);
        next_block();
        assert_eq!(market(TAO).steady, Some(start));
        swap(ATTACKER, NATIVE, TAO, 10_000 * NI);
        let (low, _) = reserves(TAO);
        next_block();
        assert_eq!(market(TAO).steady, Some(low));
        swap(ATTACKER, TAO, NATIVE, 20_000 * NI);
        let (high, _) = reserves(TAO);
        assert!(low < start && start < high);
        next_block();
        let part = (high - low).div_ceil(RISE_BLOCKS.into());
        assert_eq!(market(TAO).steady, Some(low + part));
        forward(1_000);
        assert_eq!(market(TAO).steady, Some(high));
    });
}

#[test]
fn a_block_in_which_it_cannot_be_swapped_has_another_drawn() {
    build_and_execute(|| {
        deposit(TAO, NI);
        while System::block_number() < market(TAO).until {
            next_block();
        }
        let (mut redrawn, mut skipped) = (0, 0);
        for _ in 0..200 {
            // The asset is frozen until a block was drawn in vain.
            let until = System::block_number() + u64::from(PERIOD);
            deposit(TAO, 20 * NI);
            let spent = Buyback::ledger(TAO).spent;
            assert_ok!(Assets::freeze_asset(RuntimeOrigin::signed(ADMIN), 1));
            while !drawn_next(TAO) {
                next_block();
            }
            events();
            next_block();
            let last = System::block_number() == until;
            assert_eq!(market(TAO).tried, last);
            assert_eq!(events().len(), usize::from(last), "a period's end is news");
            assert_ok!(Assets::thaw_asset(RuntimeOrigin::signed(ADMIN), 1));
            while System::block_number() < until {
                next_block();
            }
            assert_eq!(Buyback::ledger(TAO).spent > spent, !last);
            redrawn += u32::from(!last);
            skipped += u32::from(last);
        }
        // One in ten is drawn in the last block at first.
        assert!(redrawn > 150 && skipped > 5, "{redrawn} and {skipped}");
    });
}

#[test]
fn every_period_has_one_drawn_block_and_each_is_as_likely() {
    build_and_execute(|| {
        let periods = 2_000u32;
        let mut offsets = [[0u32; PERIOD as usize]; 2];
        let mut both = 0;
        forward(PERIOD - 2);
        assert_eq!(System::block_number() % u64::from(PERIOD), 9);
        for _ in 0..periods {
            let mut due = [None; 2];
            for offset in 0..PERIOD as usize {
                next_block();
                for (market, due) in Markets::<Test>::get().iter().zip(&mut due) {
                    if market.tried && due.is_none() {
                        *due = Some(offset);
                    }
                }
            }
            for (due, offsets) in due.iter().zip(&mut offsets) {
                offsets[due.expect("one is due in each period")] += 1;
            }
            both += u32::from(due[0] == due[1]);
        }
        // 200 expected, with a standard deviation below 14: five of them.
        for count in offsets.iter().flatten() {
            assert!((130..=270).contains(count), "{offsets:?}");
        }
        assert!((130..=270).contains(&both), "each asset has its own dice");
    });
}

#[test]
fn without_randomness_the_last_block_is_drawn() {
    build_and_execute(|| {
        before_a_slice();
        assert!(!market(TAO).tried);
        next_block();
        assert!(market(TAO).tried);
        assert_eq!(market(TAO).until, System::block_number());
        next_block();
        assert!(!market(TAO).tried);
    });
}
