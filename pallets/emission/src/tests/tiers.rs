// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a GOPS earns over time: fading, retirement and availability.

use crate::{Tiers, mock::*};
use frame_support::assert_ok;
use sp_runtime::FixedU128;

/// A round in which each tier given has one GPU; what a million GOPS earned in
/// it.
fn pay_of(window: u32, tiers: &[usize]) -> Vec<Balance> {
    let floors = [1_000u64, 5_000, 20_000];
    for tier in tiers {
        note(AccountId::try_from(*tier).unwrap(), window, floors[*tier]);
    }
    settle_after(window, u64::from(DAY));
    tiers
        .iter()
        .map(|tier| {
            let round = Emission::round(window).unwrap();
            (round.rates[*tier] * 1_000_000) >> 64
        })
        .collect()
}

fn keep_availability_out() {
    Tiers::<Test>::mutate(|states| {
        for state in states {
            state.availability.average = state.tier.target;
            state.availability.factor = FixedU128::from_u32(1);
        }
    });
}

#[test]
fn an_older_tier_earns_less_a_gops_day_by_day() {
    for populated in [vec![0], vec![1], vec![0, 1], vec![0, 1, 2]] {
        build_and_execute(|| {
            let mut yesterday: Option<Vec<Balance>> = None;
            for day in 1..=30 {
                let today = pay_of(day, &populated);
                keep_availability_out();
                for (index, tier) in populated.iter().enumerate() {
                    if let Some(yesterday) = &yesterday {
                        // A unit more or less of a tier's credit is rounding.
                        let falls = today[index] + 1_000 < yesterday[index];
                        assert_eq!(falls, *tier < 2, "tier {tier} on day {day}");
                    }
                }
                yesterday = Some(today);
            }
        });
    }
}

#[test]
fn a_higher_tier_never_earns_less_a_gops() {
    build_and_execute(|| {
        for day in 1..=100 {
            let pay = pay_of(day, &[0, 1, 2]);
            assert!(pay.is_sorted(), "day {day}: {pay:?}");
        }
    });
}

#[test]
fn the_lowest_floor_rises_when_a_row_retires() {
    build_and_execute(|| {
        let day = u64::from(DAY);
        settle(1);
        assert_eq!(Emission::lowest_floor(), 1_000);
        // 0.997^767 < 0.1, and 0.998^1151.
        settle_after(2, 766 * day);
        assert_eq!(Emission::lowest_floor(), 1_000);
        settle_after(3, day);
        assert_eq!(Emission::lowest_floor(), 5_000);
        settle_after(4, 400 * day);
        assert_eq!(Emission::lowest_floor(), 20_000);
        settle_after(5, 10_000 * day);
        assert_eq!(Emission::lowest_floor(), 20_000, "the newest never retires");
        assert_eq!(Emission::effective()[..2], [FixedU128::from_u32(0); 2]);
    });
}

#[test]
fn availability_follows_the_supply() {
    build_and_execute(|| {
        // The lowest tier is flooded, the highest deserted, the middle one at its
        // target.
        for window in 1..=96 {
            note(1, window, 4_999);
            let flood = crate::VerifiedResult {
                gpu: 1,
                ..revealed(1, window, 4_999)
            };
            for gpu in 2..12 {
                Emission::note_result(&crate::VerifiedResult {
                    gpu,
                    ..flood.clone()
                });
            }
            for gpu in 0..5 {
                let at_target = revealed(2, window, 10_000);
                Emission::note_result(&crate::VerifiedResult { gpu, ..at_target });
            }
            settle(window);
            let states = Tiers::<Test>::get();
            let factors: Vec<_> = states
                .iter()
                .map(|state| state.availability.factor)
                .collect();
            assert!(factors[0] < FixedU128::from_u32(1));
            assert_eq!(factors[1], FixedU128::from_u32(1));
            assert!(factors[2] > FixedU128::from_u32(1));
        }
        // Two days: at most (9/8)².
        let factor = Tiers::<Test>::get()[2].availability.factor;
        assert!(factor < FixedU128::from_rational(81, 64));
        // Weights follow, and keep the order.
        let effective = Emission::effective();
        assert!(effective.is_sorted());
        assert!(effective[0] < FixedU128::from_rational(1, 2));
    });
}

#[test]
fn the_pot_pays_every_result_of_many_rounds() {
    build_and_execute(|| {
        for window in 1..=20 {
            for hotkey in 0..10 {
                note(hotkey, window, 1_000 + 3_001 * hotkey);
            }
            settle(window);
            check();
        }
        for hotkey in 0..10 {
            assert_ok!(Emission::claim(RuntimeOrigin::signed(ANYBODY), hotkey, 0));
        }
        assert!((0..9).all(|hotkey| earned(hotkey) < earned(hotkey + 1)));
    });
}
