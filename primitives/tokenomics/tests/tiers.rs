// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The tier table: what is refused, how rows fade, and the order of what they
//! are worth.

mod model;

use model::{Exact, exact};
use proptest::prelude::*;
use sp_arithmetic::{FixedPointNumber, FixedU128, Perbill};
use tokenomics_primitives::tiers::{
    Floor, MAX_MULTIPLIER, MAX_TIERS, MIN_MULTIPLIER, Standing, TableError, Tier, Worth, check,
    effective, fading, standing, superseded_at, tier_of, worths,
};

const DAY: u32 = 14_400;
const ONE: FixedU128 = FixedU128::from_u32(1);

/// A floor, or what was verified, of throughput alone.
fn throughput(mops: u64) -> Floor {
    Floor {
        mops,
        gib: 0,
        gbps: 0,
    }
}

/// A row that names a ratio no GPU here exceeds.
fn tier(mops: u64, multiplier: (u128, u128), decay_ppm: u32, introduced_at: u64) -> Tier {
    Tier {
        floor: throughput(mops),
        multiplier: FixedU128::from_rational(multiplier.0, multiplier.1),
        mops_per_gbps: u32::MAX,
        decay: Perbill::from_parts(decay_ppm * 1_000),
        introduced_at,
        target: 1_000_000,
    }
}

/// Three generations, the highest the newest.
fn table() -> Vec<Tier> {
    let mut table = vec![
        tier(30_000, (1, 2), 3_000, 0),
        tier(150_000, (1, 1), 2_000, 0),
        tier(500_000, (3, 2), 1_000, 0),
    ];
    table[0].mops_per_gbps = 0;
    table
}

fn worth(table: &[Tier], now: u64, minimum: Perbill) -> Vec<FixedU128> {
    let availabilities = vec![ONE; table.len()];
    effective(table, &availabilities, now, DAY, minimum).unwrap()[..table.len()].to_vec()
}

/// Any table that passes the check, with availabilities within their band.
fn any_table() -> impl Strategy<Value = (Vec<Tier>, Vec<FixedU128>)> {
    let row = (
        (1u64..1_000_000, 1u32..100_000),
        0u128..3_000,
        1u32..60,
        0u64..125_000,
        500u128..=2_000,
    );
    (prop::collection::vec(row, 1..=MAX_TIERS), 1..=MAX_TIERS).prop_map(|(rows, bases)| {
        let (mut mops, mut milli, mut decay, mut introduced_at) = (0, 100, 999_999_999, 0);
        let mut ratio = 0;
        rows.into_iter()
            .enumerate()
            .map(
                |(row, ((wider, denser), richer, slower, later, milli_available))| {
                    mops += wider;
                    if row >= bases {
                        milli += richer;
                        ratio += denser;
                    }
                    decay -= slower * 1_000_000;
                    introduced_at += later;
                    let row = Tier {
                        floor: throughput(mops),
                        multiplier: FixedU128::from_rational(milli, 1_000),
                        mops_per_gbps: ratio,
                        decay: Perbill::from_parts(decay),
                        introduced_at,
                        target: 1,
                    };
                    (row, FixedU128::from_rational(milli_available, 1_000))
                },
            )
            .unzip()
    })
}

proptest! {
    #[test]
    fn fading_follows_the_exact_powers(
        decay in 1u32..1_000_000_000, days in 0u64..40, rest in 0u64..u64::from(DAY),
    ) {
        let got = fading(Perbill::from_parts(decay), days * u64::from(DAY) + rest, DAY).unwrap();
        let kept = exact(u128::from(1_000_000_000 - decay)) / exact(1_000_000_000);
        let from: Exact = to_the_power(&kept, days);
        let to = from.clone() * kept;
        let model = from.clone() - (from - to) * exact(u128::from(rest)) / exact(u128::from(DAY));
        let got = exact(got.into_inner()) / exact(FixedU128::DIV);
        let error = exact(u128::from(days) + 2) / exact(FixedU128::DIV);
        prop_assert!(got <= model.clone() + error.clone() && got >= model - error);
    }

    #[test]
    fn fading_falls_block_by_block(decay in 1_000u32..500_000_000, elapsed in 0u64..6_000_000) {
        let decay = Perbill::from_parts(decay);
        let now = fading(decay, elapsed, DAY).unwrap();
        prop_assume!(now > FixedU128::from_rational(1, 1_000_000));
        prop_assert!(fading(decay, elapsed + 1, DAY).unwrap() < now);
    }

    #[test]
    fn a_higher_row_is_never_worth_less(
        (table, availabilities) in any_table(), age in 0u64..10_000_000, minimum in 0u32..500_000_000,
    ) {
        let now = 2_000_000 + age;
        prop_assert_eq!(check(&table, now), Ok(()));
        let minimum = Perbill::from_parts(minimum);
        let all = effective(&table, &availabilities, now, DAY, minimum).unwrap();
        let mut below = FixedU128::from_inner(0);
        for (index, value) in all.iter().take(table.len()).enumerate() {
            prop_assert!(*value >= below, "row {}", index);
            below = *value;
        }
        // The newest row is never retired, and with it the highest is worth
        // something.
        prop_assert!(below > FixedU128::from_inner(0));
        prop_assert!(all.iter().skip(table.len()).all(|value| value.into_inner() == 0));
    }

    #[test]
    fn along_the_rows_no_less_is_left(
        (table, availabilities) in any_table(), age in 0u64..10_000_000, minimum in 0u32..500_000_000,
    ) {
        let minimum = Perbill::from_parts(minimum);
        let all = worths(&table, &availabilities, 2_000_000 + age, DAY, minimum).unwrap();
        let rows = || {
            let all = all.iter().take(table.len());
            all.map(|worth| (worth.effective.into_inner(), worth.unfaded.into_inner()))
        };
        for ((e, u), (above_e, above_u)) in rows().zip(rows().skip(1)) {
            prop_assert!(e <= u && u <= above_u && above_e <= above_u && e <= above_e);
            // e / u ≤ above_e / above_u, but for a unit of the last decimal of each.
            prop_assert!(exact(e) * exact(above_u) <= exact(above_e + 1) * exact(u + 1));
        }
        let newest = all[table.len() - 1];
        prop_assert_eq!(newest.effective, newest.unfaded, "all is left of the newest");
    }

    #[test]
    fn an_empty_row_changes_nothing_for_the_others(
        (table, availabilities) in any_table(), age in 0u64..2_000_000, empty in any::<prop::sample::Index>(),
    ) {
        let empty = empty.index(table.len());
        let mut availabilities = availabilities;
        availabilities[empty] = FixedU128::from_u32(2);
        let now = 2_000_000 + age;
        let minimum = Perbill::from_percent(1);
        let all = worths(&table, &availabilities, now, DAY, minimum).unwrap();
        // What the others are worth without it: as if it were dearer than anything.
        let own = |row: usize| (table[row].multiplier * availabilities[row]).into_inner();
        for row in (0..table.len()).filter(|row| *row != empty) {
            let above = row..table.len();
            let least = above.filter(|row| *row != empty).map(own).min().unwrap();
            let retired = all[row] == Worth::default();
            // Two roundings of one product, a unit apart at most.
            prop_assert!(retired || all[row].unfaded.into_inner().abs_diff(least) <= 1, "row {}", row);
        }
    }

    #[test]
    fn an_older_row_is_worth_less_in_every_later_block(
        (table, availabilities) in any_table(), age in 0u64..1_000_000, later in 1u64..100_000,
    ) {
        let at = |now| effective(&table, &availabilities, now, DAY, Perbill::from_percent(1)).unwrap();
        let now = 2_000_000 + age;
        let (before, after) = (at(now), at(now + later));
        for row in 0..table.len() - 1 {
            let left = before[row].into_inner();
            prop_assert!(left == 0 || after[row].into_inner() < left, "row {}", row);
        }
        let newest = table.len() - 1;
        prop_assert!(after[newest] <= before[newest]);
    }

    #[test]
    fn neither_slicing_nor_throttling_gains_where_memory_counts_too(
        (mut table, availabilities) in any_table(),
        memory in prop::collection::vec((0u32..40, 0u32..400), 16),
        whole in (1u64..20_000_000, 1u32..300, 1u32..3_000),
        share in (0u32..=100, 0u32..=100),
    ) {
        let (mut gib, mut gbps) = (0, 0);
        for (tier, (more, faster)) in table.iter_mut().zip(memory) {
            gib += more;
            gbps += faster;
            tier.floor.gib = gib;
            tier.floor.gbps = gbps;
        }
        let all = effective(&table, &availabilities, 3_000_000, DAY, Perbill::from_percent(1)).unwrap();
        let weigh = |verified: &Floor| weighs(&table, &all, verified);
        let part = |of: u64, share: u32| of * u64::from(share) / 100;
        let narrow = |of: u32| u32::try_from(part(of.into(), share.1)).unwrap();
        let (mops, gib, gbps) = whole;
        let whole = Floor { mops, gib, gbps };
        let slice = Floor { mops: part(mops, share.0), gib: narrow(gib), gbps: narrow(gbps) };
        let rest = Floor {
            mops: mops - slice.mops,
            gib: gib - slice.gib,
            gbps: gbps - slice.gbps,
        };
        prop_assert!(weigh(&slice) <= weigh(&whole), "throttled");
        prop_assert!(weigh(&slice) + weigh(&rest) <= weigh(&whole), "sliced");
    }

    #[test]
    fn merging_gains_no_more_than_the_ratio_of_the_card_that_walks(
        (table, availabilities) in any_table(),
        cards in prop::collection::vec((1u64..2_000_000, 1u32..3_000), 2..=16),
    ) {
        let all = effective(&table, &availabilities, 3_000_000, DAY, Perbill::from_percent(1)).unwrap();
        let cards = cards.into_iter().map(|(mops, gbps)| Floor {
            // Each reaches the lowest row.
            mops: mops + table[0].floor.mops,
            gib: 0,
            gbps,
        });
        let cards: Vec<_> = cards.collect();
        let alone: u128 = cards.iter().map(|card| weighs(&table, &all, card)).sum();
        let merged = Floor {
            mops: cards.iter().map(|card| card.mops).sum(),
            gib: 0,
            gbps: cards.iter().map(|card| card.gbps).max().unwrap(),
        };
        let Standing { row, base, .. } = standing(&table, &merged).unwrap();
        let ratio = u64::from(table[row].mops_per_gbps) * u64::from(merged.gbps);
        let worth = |row: usize| all[row].into_inner();
        let (above, bases) = (worth(row) - worth(base), worth(base) - worth(0));
        // Rows without a ratio are all within reach of merged cards.
        let most = u128::from(ratio) * above + u128::from(merged.mops) * bases;
        prop_assert!(weighs(&table, &all, &merged) <= alone + most);
    }

    #[test]
    fn neither_slicing_nor_throttling_gains(
        (table, availabilities) in any_table(), mops in 1u64..20_000_000, part in 1u64..20_000_000,
    ) {
        let all = effective(&table, &availabilities, 3_000_000, DAY, Perbill::from_percent(1)).unwrap();
        let weigh = |mops: u64| weighs(&table, &all, &throughput(mops));
        let part = part % mops;
        prop_assert!(weigh(part) <= weigh(mops), "throttled");
        prop_assert!(weigh(part) + weigh(mops - part) <= weigh(mops), "sliced");
    }
}

/// What a GPU weighs by what it was verified at.
fn weighs(table: &[Tier], worth: &[FixedU128], verified: &Floor) -> u128 {
    standing(table, verified).map_or(0, |standing| {
        let of = |row: usize, mops: u64| worth[row].into_inner() * u128::from(mops);
        of(standing.row, standing.mops) + of(standing.base, standing.rest)
    })
}

fn to_the_power(base: &Exact, exponent: u64) -> Exact {
    (0..exponent).fold(exact(1), |power, _| power * base)
}

#[test]
fn a_gpu_stands_in_the_highest_row_it_reaches() {
    let mut table = table();
    assert_eq!(tier_of(&table, &throughput(29_999)), None);
    assert_eq!(tier_of(&table, &throughput(30_000)), Some(0));
    assert_eq!(tier_of(&table, &throughput(149_999)), Some(0));
    assert_eq!(tier_of(&table, &throughput(150_000)), Some(1));
    assert_eq!(tier_of(&table, &throughput(u64::MAX)), Some(2));
    table[2].floor.gib = 80;
    table[2].floor.gbps = 200;
    let with = |gib, gbps| Floor {
        mops: u64::MAX,
        gib,
        gbps,
    };
    assert_eq!(tier_of(&table, &with(79, u32::MAX)), Some(1));
    assert_eq!(tier_of(&table, &with(u32::MAX, 199)), Some(1));
    assert_eq!(tier_of(&table, &with(80, 200)), Some(2));
}

#[test]
fn what_is_beyond_the_ratio_counts_in_the_base_row() {
    let mut table = table();
    table[1].mops_per_gbps = 1_000;
    table[2].mops_per_gbps = 2_000;
    let of = |mops, gbps| {
        let all = standing(&table, &Floor { mops, gib: 0, gbps });
        all.map(
            |Standing {
                 row,
                 mops,
                 base,
                 rest,
             }| (row, mops, base, rest),
        )
    };
    assert_eq!(of(29_999, 9), None);
    assert_eq!(of(30_000, 0), Some((0, 30_000, 0, 0)), "no ratio");
    assert_eq!(of(30_000, 999), Some((0, 30_000, 0, 0)));
    assert_eq!(of(200_000, 200), Some((1, 200_000, 0, 0)), "all of it");
    assert_eq!(of(200_000, 199), Some((1, 199_000, 0, 1_000)));
    assert_eq!(of(200_000, 0), Some((1, 0, 0, 200_000)), "no memory");
    assert_eq!(of(600_000, 199), Some((2, 398_000, 0, 202_000)));
    assert_eq!(
        of(u64::MAX, u32::MAX).map(|all| all.1),
        Some(2_000 * u64::from(u32::MAX))
    );
    table[1].mops_per_gbps = 0;
    let all = standing(&table, &throughput(600_000));
    assert_eq!(
        all.map(|all| (all.row, all.base, all.rest)),
        Some((2, 1, 600_000))
    );
}

#[test]
fn a_floor_asks_for_memory_by_its_size_or_by_its_bandwidth() {
    let asks = |gib, gbps| {
        let floor = Floor { mops: 9, gib, gbps };
        floor.asks_for_memory()
    };
    assert!(!asks(0, 0));
    assert!(asks(1, 0) && asks(2, 0));
    assert!(asks(0, 1) && asks(0, 2));
    assert!(asks(1, 1));
    let mut table = table();
    assert!(!table[0].asks_for_memory());
    assert!(table[1].asks_for_memory(), "by its ratio");
    table[0].floor.gib = 1;
    assert!(table[0].asks_for_memory(), "by its floor");
}

#[test]
fn the_newest_row_does_not_fade_and_lower_ones_fade_faster() {
    let table = table();
    let day = u64::from(DAY);
    let mut yesterday = worth(&table, 0, Perbill::zero());
    assert_eq!(
        yesterday,
        [
            table[0].multiplier,
            table[1].multiplier,
            table[2].multiplier
        ]
    );
    for today in 1..365u64 {
        let now = worth(&table, today * day, Perbill::zero());
        assert!(
            now[0] < yesterday[0] && now[1] < yesterday[1],
            "day {today}"
        );
        assert_eq!(now[2], table[2].multiplier);
        let lost = |row: usize| exact(now[row].into_inner()) / exact(yesterday[row].into_inner());
        assert!(lost(0) < lost(1), "day {today}");
        yesterday = now;
    }
}

#[test]
fn a_row_is_retired_below_the_minimum_and_not_at_it() {
    // The newest row has not faded at all, which is the minimum; the others have.
    let table = table();
    let at_once = worth(&table, 365 * u64::from(DAY), Perbill::one());
    let none = FixedU128::from_inner(0);
    assert_eq!(at_once, [none, none, table[2].multiplier]);
}

#[test]
fn a_row_fades_only_since_the_next_one_came() {
    let mut table = table();
    table.push(tier(1_200_000, (2, 1), 500, 1_000_000));
    assert_eq!(
        superseded_at(&table, 0),
        Some(0),
        "introduced with the rows above it"
    );
    assert_eq!(superseded_at(&table, 2), Some(1_000_000));
    assert_eq!(superseded_at(&table, 3), None, "the newest");
    assert_eq!(superseded_at(&table, 4), None, "no such row");
    assert_eq!(superseded_at(&table, usize::MAX), None, "no such row");
    assert_eq!(
        worth(&table, 1_000_000, Perbill::zero())[2],
        table[2].multiplier,
        "no jump"
    );
    assert!(worth(&table, 1_000_001, Perbill::zero())[2] < table[2].multiplier);
}

#[test]
fn what_nothing_has_faded_would_be_worth() {
    let mut table = table();
    table.push(tier(1_200_000, (2, 1), 500, 1_000_000));
    let worth_of = |availabilities: &[u128], minimum: Perbill| {
        let factors: Vec<_> = availabilities
            .iter()
            .map(|percent| FixedU128::from_rational(*percent, 100))
            .collect();
        let all = worths(&table, &factors, 1_000_000, DAY, minimum).unwrap();
        let percent = |worth: &Worth| worth.unfaded.into_inner() / (FixedU128::DIV / 100);
        assert!(all[4..].iter().all(|worth| *worth == Worth::default()));
        all[..4].iter().map(percent).collect::<Vec<_>>()
    };
    let none = Perbill::zero();
    assert_eq!(worth_of(&[100; 4], none), [50, 100, 150, 200]);
    assert_eq!(
        worth_of(&[200, 50, 100, 50], none),
        [50, 50, 100, 100],
        "the newest, abundant, holds down the row below it, and that with 50 the lowest"
    );
    assert_eq!(worth_of(&[200; 4], none), [100, 200, 300, 400]);
    assert_eq!(
        worth_of(&[100; 4], Perbill::one()),
        [0, 0, 150, 200],
        "a retired row counts for nothing"
    );
    let fresh = |table: &[Tier], factors: &[FixedU128]| worths(table, factors, 1, DAY, none);
    assert_eq!(fresh(&table, &[ONE; 3]), None, "too few");
    assert_eq!(fresh(&[table[0]; 17], &[ONE; 17]), None, "too many");
}

/// The twin of the minimum from the newest row down. Under the rule before it, worths were
/// running maxima from the lowest row up, faded and unfaded, so that rows nobody has, which
/// are as scarce as can be, set the unfaded worth of the newest. Where B200s were all there
/// is, they so earned 58% after three years at the target of their row, and 29% in the end
/// at twice that.
#[test]
fn rows_nobody_has_once_cost_those_who_are_there() {
    let rows = [
        (71u64, 100u128, 1_500u32),
        (165, 105, 1_300),
        (210, 110, 1_150),
        (312, 120, 1_000),
        (362, 125, 900),
        (756, 140, 700),
        (989, 150, 600),
        (2_250, 175, 500),
    ];
    let table: Vec<_> = rows
        .into_iter()
        .map(|(peak, percent, ppm)| tier(peak, (percent, 100), ppm, 0))
        .collect();
    let minimum = Perbill::from_percent(5);
    // What the newest row earns of a budget after so many days, in percent: by the rule,
    // and by the one before it. Seven rows are empty.
    let earned = |newest: FixedU128, days: u64| {
        let now = days * u64::from(DAY);
        let mut availabilities = [FixedU128::from_u32(2); 8];
        availabilities[7] = newest;
        let worth = worths(&table, &availabilities, now, DAY, minimum).unwrap()[7];
        assert_eq!(worth.unfaded, table[7].multiplier * newest);

        let (mut paid, mut fresh) = (FixedU128::from_u32(0), FixedU128::from_u32(0));
        for (index, (row, availability)) in table.iter().zip(availabilities).enumerate() {
            let own = row.multiplier * availability;
            let left = match superseded_at(&table, index) {
                Some(since) => fading(row.decay, now - since, DAY).unwrap(),
                None => ONE,
            };
            fresh = fresh.max(own);
            if left >= FixedU128::from_perbill(minimum) {
                paid = paid.max(own * left);
            }
        }
        let percent = |e: FixedU128, u: FixedU128| e.into_inner() * 100 / u.into_inner();
        (
            percent(worth.effective, worth.unfaded),
            percent(paid, fresh),
        )
    };
    let half = FixedU128::from_rational(1, 2);
    assert_eq!(earned(ONE, 0), (100, 100));
    assert_eq!(earned(ONE, 3 * 365), (100, 58), "at the target");
    assert_eq!(earned(half, 3 * 365), (100, 51), "at twice the target");
    assert_eq!(earned(half, 20 * 365), (100, 29));
}

/// Why fading comes after the minimum. Were the faded values compared, an older row would
/// keep its pay for as long as an abundant newer one holds it down.
#[test]
fn a_minimum_of_faded_values_would_not_fall() {
    let table = table();
    let availabilities = [ONE, ONE, FixedU128::from_rational(1, 4)];
    let day = u64::from(DAY);
    let at = |now| effective(&table, &availabilities, now, DAY, Perbill::zero()).unwrap();
    let compared = |now: u64| {
        let own = |row: usize| table[row].multiplier * availabilities[row];
        let left = |row: usize| fading(table[row].decay, now, DAY).unwrap();
        (own(1) * left(1)).min(own(2))
    };
    assert_eq!(compared(10 * day), compared(20 * day), "stays");
    assert!(at(10 * day)[1] > at(20 * day)[1], "falls");
    assert!(
        at(10 * day)[1] < at(10 * day)[2],
        "and stands below the newest"
    );
}

/// Numbers from a seed, the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn within(&mut self, from: u64, to: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        from + self.0 % (to - from + 1)
    }
}

/// The proof of the module's documentation, over many tables in plain integers: what is
/// left of a row and its v are drawn, a thousand being one, and compared as fractions.
#[test]
fn two_hundred_thousand_tables_keep_the_order() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..200_000 {
        let rows = usize::try_from(numbers.within(1, 16)).unwrap();
        let (mut multiplier, mut left) = (100, numbers.within(1, 1_000));
        let mut table = Vec::new();
        for _ in 0..rows {
            multiplier += numbers.within(0, 300);
            left = numbers.within(left, 1_000);
            let availability = match numbers.within(0, 3) {
                // Empty.
                0 => 2_000,
                _ => numbers.within(500, 2_000),
            };
            table.push((multiplier, availability, left));
        }
        table[rows - 1].2 = 1_000;
        let least = |rows: &[(u64, u64, u64)], skip_empty: bool| {
            let kept = rows
                .iter()
                .enumerate()
                .filter(|(row, (_, availability, _))| {
                    *row == 0 || !skip_empty || *availability < 2_000
                });
            kept.map(|(_, (multiplier, availability, _))| multiplier * availability)
                .min()
                .unwrap()
        };
        let (mut below, mut worths) = ((0, 0), Vec::new());
        for row in 0..rows {
            let unfaded = least(&table[row..], false);
            assert_eq!(unfaded, least(&table[row..], true), "empty rows are inert");
            let effective = unfaded * table[row].2;
            assert!(unfaded >= below.0 && effective >= below.1, "{table:?}");
            // What is left does not fall: e / u against that of the row below.
            assert!(
                below.1 * unfaded <= effective * below.0 || row == 0,
                "{table:?}"
            );
            worths.push((u128::from(effective), 1_000 * u128::from(unfaded)));
            // A GPU in this row against two slices of it in any rows up to this one: what
            // each is paid is a fraction of the budget.
            let share = |parts: &[(u64, (u128, u128))], reference: u128, others: u128| {
                let sum = |of: fn(&(u128, u128)) -> u128| -> u128 {
                    parts
                        .iter()
                        .map(|(mops, worth)| u128::from(*mops) * of(worth))
                        .sum()
                };
                (
                    sum(|worth| worth.0),
                    reference.max(others + sum(|worth| worth.1)),
                )
            };
            let last = u64::try_from(row).unwrap();
            let mut any_row = || worths[usize::try_from(numbers.within(0, last)).unwrap()];
            let (first, second) = (any_row(), any_row());
            let slice = numbers.within(0, 1_000);
            let [reference, others] =
                [(); 2].map(|()| u128::from(numbers.within(1, 1 << 12)) << numbers.within(0, 32));
            let (sliced, of) = share(
                &[(slice, first), (1_000 - slice, second)],
                reference,
                others,
            );
            let (whole, of_whole) = share(&[(1_000, worths[row])], reference, others);
            assert!(sliced * of_whole <= whole * of, "{table:?}");
            below = (unfaded, effective);
        }
        assert_eq!(below.1, below.0 * 1_000, "all is left of the newest");
    }
}

#[test]
fn rows_retire_from_the_lowest_and_do_not_fall() {
    let table = table();
    let minimum = Perbill::from_percent(10);
    // 0.997^d < 0.1 from day 767 on, 0.998^d from day 1151 on.
    let at = |day: u64| worth(&table, day * u64::from(DAY), minimum);
    assert!(at(766)[0].into_inner() > 0);
    assert_eq!(at(767)[0].into_inner(), 0);
    assert!(at(1_150)[1].into_inner() > 0);
    assert_eq!(at(1_151)[1].into_inner(), 0);
    assert_eq!(
        at(100_000)[2],
        table[2].multiplier,
        "the newest never retires"
    );
    assert_eq!(
        tier_of(&table, &throughput(30_000)),
        Some(0),
        "a retired row still holds its GPUs"
    );
}

#[test]
fn every_reason_to_refuse_a_table() {
    let good = table();
    assert_eq!(check(&good, 0), Ok(()));
    let broken = |change: &dyn Fn(&mut Vec<Tier>)| {
        let mut table = good.clone();
        change(&mut table);
        check(&table, 100)
    };
    assert_eq!(check(&[], 0), Err(TableError::Empty));
    let mut long: Vec<_> = (1..=17u32)
        .map(|i| tier(u64::from(i), (1, 1), 100 - i, 0))
        .collect();
    long[0].mops_per_gbps = 0;
    assert_eq!(check(&long[..16], 0), Ok(()));
    assert_eq!(check(&long, 0), Err(TableError::TooLong));
    assert_eq!(broken(&|t| t[0].floor.mops = 0), Err(TableError::ZeroFloor));
    assert_eq!(
        broken(&|t| t[1].floor.mops = 30_000),
        Err(TableError::FloorOrder),
        "equal"
    );
    assert_eq!(
        broken(&|t| t[1].floor.mops = 29_999),
        Err(TableError::FloorOrder)
    );
    assert_eq!(
        broken(&|t| t[0].floor.gib = 1),
        Err(TableError::FloorOrder),
        "not comparable"
    );
    assert_eq!(
        broken(&|t| {
            t[1].floor = Floor {
                mops: 30_000,
                gib: 1,
                gbps: 0,
            };
            t[2].floor.gib = 1;
        }),
        Ok(()),
        "more memory alone is higher"
    );
    assert_eq!(
        broken(&|t| t[1].floor.gbps = 1),
        Err(TableError::FloorOrder),
        "less bandwidth above"
    );
    assert_eq!(
        broken(&|t| t[2].floor.gbps = 1),
        Ok(()),
        "more bandwidth above"
    );
    let zero = FixedU128::from_inner(0);
    assert_eq!(
        broken(&|t| t[0].multiplier = zero),
        Err(TableError::MultiplierRange)
    );
    assert_eq!(broken(&|t| t[2].multiplier = MAX_MULTIPLIER), Ok(()));
    assert_eq!(broken(&|t| t[0].multiplier = MIN_MULTIPLIER), Ok(()));
    let below = FixedU128::from_inner(MIN_MULTIPLIER.into_inner() - 1);
    assert_eq!(
        broken(&|t| t[0].multiplier = below),
        Err(TableError::MultiplierRange)
    );
    let above = FixedU128::from_inner(MAX_MULTIPLIER.into_inner() + 1);
    assert_eq!(
        broken(&|t| t[2].multiplier = above),
        Err(TableError::MultiplierRange)
    );
    assert_eq!(
        broken(&|t| t[1].multiplier = t[0].multiplier),
        Ok(()),
        "equal pay is no gain"
    );
    assert_eq!(
        broken(&|t| t[1].multiplier = FixedU128::from_inner(t[0].multiplier.into_inner() - 1)),
        Err(TableError::MultiplierOrder)
    );
    assert_eq!(
        broken(&|t| t[2].decay = Perbill::zero()),
        Err(TableError::DecayRange)
    );
    assert_eq!(
        broken(&|t| t[0].decay = Perbill::one()),
        Err(TableError::DecayRange)
    );
    assert_eq!(
        broken(&|t| t[1].decay = t[0].decay),
        Err(TableError::DecayOrder)
    );
    assert_eq!(broken(&|t| t[2].introduced_at = 100), Ok(()));
    assert_eq!(
        broken(&|t| t[2].introduced_at = 101),
        Err(TableError::Future)
    );
    assert_eq!(
        broken(&|t| t[1].introduced_at = 1),
        Err(TableError::IntroductionOrder),
        "an older row above a newer one"
    );
    assert_eq!(broken(&|t| t[1].target = 0), Err(TableError::ZeroTarget));
    assert_eq!(
        broken(&|t| t[1].mops_per_gbps = 0),
        Err(TableError::RatioMissing),
        "a multiplier above the lowest"
    );
    assert_eq!(
        broken(&|t| {
            t[1].multiplier = t[0].multiplier;
            t[1].mops_per_gbps = 0;
        }),
        Ok(()),
        "the same multiplier needs none"
    );
    assert_eq!(broken(&|t| t[1].mops_per_gbps = 7), Ok(()));
    assert_eq!(
        broken(&|t| t[2].mops_per_gbps = 7),
        Err(TableError::RatioOrder)
    );
    assert_eq!(
        broken(&|t| t[0].mops_per_gbps = 1),
        Err(TableError::RatioOrder),
        "the rest has nowhere to count"
    );
}

#[test]
fn the_edges() {
    let table = table();
    assert_eq!(fading(Perbill::from_percent(1), 1, 0), None, "no day");
    assert_eq!(
        fading(Perbill::from_percent(50), u64::MAX, 1),
        Some(FixedU128::from_inner(0))
    );
    assert_eq!(
        effective(&table, &[ONE; 3], 1, 0, Perbill::zero()),
        None,
        "no day"
    );
    assert_eq!(
        effective(&table, &[ONE; 2], 1, DAY, Perbill::zero()),
        None,
        "too few"
    );
    assert_eq!(
        effective(&[table[0]; 17], &[ONE; 17], 1, DAY, Perbill::zero()),
        None,
        "too many"
    );
    let dearest = Tier {
        multiplier: MAX_MULTIPLIER,
        ..table[2]
    };
    let two = FixedU128::from_u32(2);
    let most = effective(&[dearest], &[two], 1, DAY, Perbill::zero()).unwrap();
    assert_eq!(most[0], FixedU128::from_u32(2_000_000));
}
