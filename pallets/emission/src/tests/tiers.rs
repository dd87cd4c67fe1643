// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a MOPS earns over time: fading, retirement and availability.

use crate::{Tiers, VerifiedResult, mock::*};
use frame_support::assert_ok;
use sp_runtime::FixedU128;

/// The target supply of each tier.
const TARGETS: [u64; 3] = [10_000, 50_000, 200_000];

/// How much hardware there is: a tenth of the target, the target, four times as much.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Supplied {
    Scarce,
    AtTarget,
    Abundant,
}

impl Supplied {
    /// The GPUs of a tier, each of a quarter of the tier's target.
    fn gpus(self) -> u32 {
        match self {
            Self::Scarce => 1,
            Self::AtTarget => 4,
            Self::Abundant => 16,
        }
    }

    /// What each of them is verified at, in MOPS; never below its tier's floor.
    fn mops(self, tier: usize) -> u64 {
        match self {
            // Its floor.
            Self::Scarce => TARGETS[tier] / 10,
            _ => TARGETS[tier] / 4,
        }
    }

    /// Where the availability of a tier ends, at such a supply for long.
    fn factor(self) -> FixedU128 {
        match self {
            Self::Scarce => FixedU128::from_u32(2),
            Self::AtTarget => FixedU128::from_u32(1),
            Self::Abundant => FixedU128::from_rational(1, 2),
        }
    }
}

/// A round in which each tier given is verified at so much; what a MOPS earned in
/// each, in units of 2⁻⁶⁴.
fn rates_after(window: u32, populated: &[usize], supplied: Supplied, blocks: u64) -> Vec<u128> {
    for tier in populated {
        for gpu in 0..supplied.gpus() {
            let hotkey = AccountId::try_from(*tier).unwrap();
            Emission::note_result(&VerifiedResult {
                gpu,
                ..revealed(hotkey, window, supplied.mops(*tier))
            });
        }
    }
    settle_after(window, blocks);
    let rates = Emission::round(window).unwrap().rates;
    populated.iter().map(|tier| rates[*tier]).collect()
}

/// A round of a day at the targets.
fn rates_of(window: u32, populated: &[usize]) -> Vec<u128> {
    rates_after(window, populated, Supplied::AtTarget, u64::from(DAY))
}

/// Every set of tiers that can be populated, and networks above and below the
/// reference.
fn networks() -> impl Iterator<Item = (Vec<usize>, u128)> {
    (1..8usize).flat_map(|set| {
        let populated: Vec<_> = (0..3).filter(|tier| set >> tier & 1 == 1).collect();
        [1, 100_000, 10_000_000].map(|reference| (populated.clone(), reference))
    })
}

/// What a unit more or less of a tier's credit is to a MOPS of the least supply.
const ROUNDED: u128 = (4 << 64) / 1_000;

/// The days after which every availability has come to rest.
const SETTLED: u32 = 70;

fn factors() -> Vec<FixedU128> {
    let states = Tiers::<Test>::get();
    states
        .iter()
        .map(|state| state.availability.factor)
        .collect()
}

/// At constant availability, wherever in its band, an older tier's pay falls from day
/// to day and does not rise within one; the newest row, which does not fade, never
/// gains by it.
#[test]
fn an_older_tier_earns_less_a_mops_day_by_day() {
    for supplied in [Supplied::Scarce, Supplied::AtTarget, Supplied::Abundant] {
        for (populated, reference) in networks() {
            for rounds_a_day in [1, 6] {
                build_and_execute(|| {
                    Parameters::mutate(|all| all.reference_weight = reference * MOPS);
                    days_of(&populated, supplied, rounds_a_day);
                });
            }
        }
    }
}

fn days_of(populated: &[usize], supplied: Supplied, rounds_a_day: u32) {
    let case = format!("{populated:?}, {supplied:?}, {rounds_a_day} rounds a day");
    for day in 1..=SETTLED {
        rates_after(day, populated, supplied, u64::from(DAY));
    }
    let resting = factors();
    for (tier, factor) in resting.iter().enumerate() {
        let empty = FixedU128::from_u32(2);
        let expected = if populated.contains(&tier) {
            supplied.factor()
        } else {
            empty
        };
        assert_eq!(*factor, expected, "tier {tier} of {case} is at rest");
    }

    let (first, blocks) = (SETTLED + 1, DAY / rounds_a_day);
    let rounds: Vec<_> = (first..first + 20 * rounds_a_day)
        .map(|window| {
            // So that each is paid a round of the same length.
            rates_after(window, populated, supplied, u64::from(blocks))
        })
        .collect();
    assert_eq!(factors(), resting, "{case}: availability is constant");
    for (index, tier) in populated.iter().enumerate() {
        let rates: Vec<_> = rounds.iter().map(|rates| rates[index]).collect();
        let a_day = usize::try_from(rounds_a_day).unwrap();
        if *tier < 2 {
            let days = rates.windows(a_day + 1);
            assert!(
                days.into_iter().all(|day| day[a_day] < day[0]),
                "tier {tier} of {case}: {rates:?}"
            );
        }
        let rises = rates
            .windows(2)
            .any(|rounds| rounds[1] > rounds[0] + ROUNDED);
        assert!(!rises, "tier {tier} of {case} rises: {rates:?}");
        // Unless a scarcer lower row lifts it, and fades, the newest stays as it is.
        let lifted = (0..2).any(|lower| {
            let worth = |tier: usize| resting[tier] * FixedU128::from_u32([50, 100, 150][tier]);
            worth(lower) > worth(2)
        });
        if *tier == 2 && !lifted {
            let off = rates[0].abs_diff(*rates.last().unwrap());
            assert!(off <= ROUNDED, "the newest of {case} changes: {rates:?}");
        }
    }
}

/// A table of one row has no older tier: its pay is the same every day.
#[test]
fn the_only_row_of_a_table_does_not_fade() {
    for supplied in [Supplied::Scarce, Supplied::AtTarget, Supplied::Abundant] {
        genesis(tiers()[..1].to_vec()).execute_with(|| {
            for day in 1..=SETTLED {
                rates_after(day, &[0], supplied, u64::from(DAY));
            }
            let rates: Vec<_> = (SETTLED + 1..SETTLED + 30)
                .map(|day| rates_after(day, &[0], supplied, u64::from(DAY)))
                .collect();
            assert_eq!(factors(), [supplied.factor()]);
            assert!(rates.windows(2).all(|days| days[0] == days[1]), "{rates:?}");
            check();
        });
    }
}

/// The twin, and the limit of the sentence: while hardware becomes scarce, its
/// availability may rise faster than it fades, so that an older tier earns more than
/// the day before. By less than 9/8 a day, and until the band's edge.
#[test]
fn an_older_tier_that_becomes_scarce_earns_more_until_the_edge_of_the_band() {
    build_and_execute(|| {
        let rates: Vec<_> = (1..=SETTLED + 20)
            .map(|day| rates_after(day, &[0], Supplied::Scarce, u64::from(DAY))[0])
            .collect();
        let rises = |days: &[u128]| days[1] > days[0];
        assert!(rates.windows(2).any(rises), "{rates:?}");
        assert!(
            rates
                .windows(2)
                .all(|days| days[1] * 8 <= days[0] * 9 + ROUNDED),
            "{rates:?}"
        );
        let settled = usize::try_from(SETTLED).unwrap();
        assert!(!rates[settled..].windows(2).any(rises), "{rates:?}");
    });
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
fn a_higher_tier_never_earns_less_a_mops() {
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
    let supplied = |gpus: u32, mops: u64, rounds_a_day: u64| {
        let mut factors = vec![one];
        let mut rates = Vec::new();
        build_and_execute(|| {
            for window in 1..=90 * u32::try_from(rounds_a_day).unwrap() {
                for gpu in 0..gpus {
                    Emission::note_result(&VerifiedResult {
                        gpu,
                        ..revealed(1, window, mops)
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
