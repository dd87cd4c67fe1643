// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a GOPS earns over time: fading, retirement and availability.

use crate::{Tiers, VerifiedResult, mock::*};
use frame_support::assert_ok;
use sp_runtime::FixedU128;

/// A round of a day in which each tier given is verified at its target; what a GOPS
/// earned in each, in units of 2⁻⁶⁴.
fn rates_of(window: u32, populated: &[usize]) -> Vec<u128> {
    for tier in populated {
        let gops = [10_000, 50_000, 200_000][*tier];
        for gpu in 0..4 {
            let hotkey = AccountId::try_from(*tier).unwrap();
            Emission::note_result(&VerifiedResult {
                gpu,
                ..revealed(hotkey, window, gops / 4)
            });
        }
    }
    settle_after(window, u64::from(DAY));
    let rates = Emission::round(window).unwrap().rates;
    populated.iter().map(|tier| rates[*tier]).collect()
}

/// Every set of tiers that can be populated, and networks above and below the
/// reference.
fn networks() -> impl Iterator<Item = (Vec<usize>, u128)> {
    (1..8usize).flat_map(|set| {
        let populated: Vec<_> = (0..3).filter(|tier| set >> tier & 1 == 1).collect();
        [1, 100_000, 10_000_000].map(|reference| (populated.clone(), reference))
    })
}

#[test]
fn an_older_tier_earns_less_a_gops_day_by_day() {
    for (populated, reference) in networks() {
        build_and_execute(|| {
            Parameters::mutate(|parameters| parameters.reference_weight = reference * GOPS);
            let mut yesterday: Option<Vec<u128>> = None;
            for day in 1..=90 {
                let today = rates_of(day, &populated);
                for (index, tier) in populated.iter().enumerate() {
                    let Some(yesterday) = &yesterday else {
                        continue;
                    };
                    let (now, before) = (today[index], yesterday[index]);
                    if *tier < 2 {
                        assert!(now < before, "tier {tier} of {populated:?} on day {day}");
                    } else if populated.len() == 3 {
                        // Lower rows that are scarce would lift it, and fade. What the others lose is not the newest's gain: what a
                        // unit more or less of its credit is to a GOPS.
                        assert!(now.abs_diff(before) <= (4 << 64) / 200_000);
                    }
                }
                yesterday = Some(today);
            }
        });
    }
}

#[test]
fn what_older_tiers_lose_is_earned_by_nobody() {
    // The twin of the test above: divided by what has faded too, the middle tier,
    // which fades slower than the lowest, would earn more every day.
    build_and_execute(|| {
        Parameters::mutate(|parameters| parameters.reference_weight = 1);
        let mut shared = Vec::new();
        for day in 1..=30 {
            rates_of(day, &[0, 1]);
            let round = Emission::round(day).unwrap();
            let paid_in = round.drawn + round.minted;
            assert!(round.weight < round.reference && paid_in < 1_000 * NI);
            // What it would be with all of the budget shared by weight.
            shared.push(round.rates[1] * (1_000 * NI) / paid_in);
        }
        assert!(shared.windows(2).all(|days| days[0] < days[1]));
    });
}

#[test]
fn a_higher_tier_never_earns_less_a_gops() {
    build_and_execute(|| {
        for day in 1..=100 {
            let rates = rates_of(day, &[0, 1, 2]);
            assert!(rates.is_sorted(), "day {day}: {rates:?}");
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
            let flood = VerifiedResult {
                gpu: 1,
                ..revealed(1, window, 4_999)
            };
            for gpu in 2..12 {
                Emission::note_result(&VerifiedResult {
                    gpu,
                    ..flood.clone()
                });
            }
            for gpu in 0..5 {
                let at_target = revealed(2, window, 10_000);
                Emission::note_result(&VerifiedResult { gpu, ..at_target });
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
fn scarcity_raises_and_glut_lowers_within_rate_and_band() {
    let one = FixedU128::from_u32(1);
    let rate = FixedU128::from_rational(9, 8);
    let supplied = |gpus: u32, gops: u64, rounds_a_day: u64| {
        let mut factors = vec![one];
        let mut rates = Vec::new();
        build_and_execute(|| {
            for window in 1..=90 * u32::try_from(rounds_a_day).unwrap() {
                for gpu in 0..gpus {
                    Emission::note_result(&VerifiedResult {
                        gpu,
                        ..revealed(1, window, gops)
                    });
                }
                settle_after(window, u64::from(DAY) / rounds_a_day);
                if u64::from(window) % rounds_a_day == 0 {
                    factors.push(Tiers::<Test>::get()[2].availability.factor);
                    rates.push(Emission::round(window).unwrap().rates[2]);
                }
            }
        });
        (factors, rates)
    };
    for rounds_a_day in [1, 4] {
        // A tenth of the target, and four times the target.
        let (factors, rates) = supplied(1, 20_000, rounds_a_day);
        assert!(factors.is_sorted() && rates.is_sorted());
        assert!(factors.windows(2).all(|days| days[1] <= days[0] * rate));
        assert_eq!(factors.last(), Some(&FixedU128::from_u32(2)), "the band");
        let (factors, rates) = supplied(4, 200_000, rounds_a_day);
        assert!(factors.iter().rev().is_sorted() && rates.iter().rev().is_sorted());
        assert!(factors.windows(2).all(|days| days[0] <= days[1] * rate));
        assert_eq!(factors.last(), Some(&FixedU128::from_rational(1, 2)));
        // At its target nothing moves.
        let (factors, _) = supplied(1, 200_000, rounds_a_day);
        assert!(factors.iter().all(|factor| *factor == one));
    }
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
