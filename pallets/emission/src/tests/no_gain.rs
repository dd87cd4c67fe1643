// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Over any table and any availabilities: no way to present a GPU pays more than to
//! present it as it is, where the cap of a bond does not bind. Where it does, slices
//! gain what their own bonds back, and no more. Several GPUs presented as one gain no more
//! than the ratio of the one that walks.

use crate::{ByTier, Floor, Tier, TierState, Tiers, VerifiedResult, mock::*};
use proptest::prelude::*;
use sp_runtime::{FixedU128, Perbill};
use tokenomics_primitives::tiers::{self, Standing, Worth};

/// What dividing a GPU may gain by rounding alone, in units of 10⁻⁹ NI and a round of
/// 300 NI: a unit for each tier whose credit is rounded up, and what is rounded off
/// the weights.
const ROUNDING: Balance = 32;

/// What a GPU is verified at.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Card {
    mops: u64,
    gbps: u32,
}

/// A card whose bandwidth any row counts all of it by.
const fn card(mops: u64) -> Card {
    Card { mops, gbps: WALKED }
}

/// A network, and how one GPU of it is presented.
#[derive(Clone, Debug)]
struct Case {
    table: ByTier<TierState>,
    now: u64,
    reference: u128,
    /// Everybody else's GPUs.
    others: Vec<Card>,
    /// The GPU.
    whole: Card,
    /// What it is presented as: not more than it is.
    parts: Vec<Card>,
    /// What stands behind each GPU.
    bond: Balance,
    /// Whether the results were confirmed without a reveal.
    confirmed: bool,
}

impl Case {
    /// The most a result may be paid, in the mock's terms: half of the bond, less a
    /// tenth, over 16 samples, and a tenth of that without a reveal.
    fn cap(&self) -> Balance {
        let revealed = self.bond * 45 / 1_600;
        if self.confirmed {
            self.bond * 45 / 16_000
        } else {
            revealed
        }
    }

    /// The same where no bond binds.
    fn uncapped(&self) -> Self {
        Self {
            bond: ENOUGH,
            ..self.clone()
        }
    }

    /// What a MOPS is worth in each row when the round is settled.
    fn worths(&self) -> [Worth; tiers::MAX_TIERS] {
        let rows: Vec<_> = self.table.iter().map(|state| state.tier).collect();
        let factors: Vec<_> = self
            .table
            .iter()
            .map(|state| state.availability.factor)
            .collect();
        let minimum = parameters().retired_below;
        tiers::worths(&rows, &factors, self.now + ROUND, DAY, minimum).expect("a checked table")
    }
}

/// A bond that no share reaches.
const ENOUGH: Balance = 1_000_000 * NI;

/// A reference in MOPS that no network here reaches.
const FAR: u128 = 1_000_000_000;

/// A table: rows without a ratio, then rows with ratios that rise by up to `denser`, or
/// which nobody exceeds.
fn any_table(denser: Option<u32>) -> impl Strategy<Value = ByTier<TierState>> {
    let row = (
        (1u64..40_000, 1..denser.unwrap_or(2)),
        0u128..3_000,
        1u32..60,
        0u64..125_000,
        500u128..=2_000,
    );
    (prop::collection::vec(row, 1..=16), 1usize..=16).prop_map(move |(rows, bases)| {
        let (mut mops, mut milli, mut decay, mut introduced_at) = (1_000, 100, 999_999_999, 0);
        let mut ratio = 0;
        let states = rows.into_iter().enumerate().map(
            |(row, ((wider, more), richer, slower, later, available))| {
                mops += wider;
                if row >= bases {
                    milli += richer;
                    ratio += more;
                }
                decay -= slower * 1_000_000;
                introduced_at += later;
                let mut state = TierState::new(Tier {
                    floor: Floor {
                        mops,
                        gib: 0,
                        gbps: 0,
                    },
                    multiplier: FixedU128::from_rational(milli, 1_000),
                    mops_per_gbps: match denser {
                        None if row >= bases => ANY_RATIO,
                        _ => ratio,
                    },
                    decay: Perbill::from_parts(decay),
                    introduced_at,
                    target: 1,
                });
                if denser.is_none() && row < bases {
                    state.tier.mops_per_gbps = 0;
                }
                state.availability.factor = FixedU128::from_rational(available, 1_000);
                state
            },
        );
        let states: Vec<_> = states.collect();
        ByTier::try_from(states).expect("at most sixteen rows")
    })
}

/// A table whose decays are slow enough for several rows to have something left.
fn slower(mut table: ByTier<TierState>, per_mille: u32) -> ByTier<TierState> {
    let rows = u32::try_from(table.len()).expect("sixteen at most");
    for (row, state) in (0..).zip(table.iter_mut()) {
        state.tier.decay = Perbill::from_parts((rows - row) * per_mille * 100_000 + 1);
    }
    table
}

/// Where all of a GPU counts in its row, in networks of any size; or where ratios bind, in
/// networks below the reference.
fn case() -> impl Strategy<Value = Case> {
    let whole = prop_oneof![Just(1u128), 1_000u128..100_000_000];
    prop_oneof![
        case_of(any_table(None), whole, WALKED..=WALKED),
        case_of(any_table(Some(500)), FAR..10 * FAR, 1u32..2_000),
    ]
}

fn case_of(
    table: impl Strategy<Value = ByTier<TierState>>,
    reference: impl Strategy<Value = u128>,
    gbps: impl Strategy<Value = u32> + Clone,
) -> impl Strategy<Value = Case> {
    let others = (1_000u64..1_000_000, gbps.clone());
    let others = others.prop_map(|(mops, gbps)| Card { mops, gbps });
    (
        (table, 1u32..100),
        2_000_000u64..4_000_000,
        reference,
        prop::collection::vec(others, 0..6),
        (2_000u64..1_000_000, gbps),
        prop::collection::vec((1u64..100, 0u64..100), 1..5),
        (
            prop_oneof![Just(ENOUGH), 1..30_000 * NI, 1..300 * NI],
            any::<bool>(),
        ),
    )
        .prop_map(
            |((table, decay), now, reference, others, (mops, gbps), parts, terms)| {
                let sums = parts
                    .iter()
                    .fold((0, 1), |sums, part| (sums.0 + part.0, sums.1 + part.1));
                let part = |(work, walk): (u64, u64)| Card {
                    mops: mops * work / sums.0,
                    gbps: match reference >= FAR {
                        true => u32::try_from(u64::from(gbps) * walk / sums.1).expect("a part"),
                        // Whatever walked counts all.
                        false => gbps,
                    },
                };
                Case {
                    table: slower(table, decay),
                    now,
                    reference,
                    others,
                    whole: Card { mops, gbps },
                    parts: parts.into_iter().map(part).collect(),
                    bond: terms.0,
                    confirmed: terms.1,
                }
            },
        )
}

/// What the GPUs of a miner earn together.
fn earns(case: &Case, gpus: &[Card]) -> Balance {
    genesis(tiers()).execute_with(|| {
        let rows: Vec<_> = case.table.iter().map(|state| state.tier).collect();
        assert_eq!(tiers::check(&rows, case.now), Ok(()));
        Tiers::<Test>::put(case.table.clone());
        Parameters::mutate(|all| all.reference_weight = case.reference * MOPS);
        Bond::set(case.bond);
        System::set_block_number(case.now);
        let note = |hotkey, card: &Card| {
            Emission::note_result(&VerifiedResult {
                confirmed: case.confirmed,
                gbps: card.gbps,
                ..revealed(hotkey, 1, card.mops)
            });
        };
        for (hotkey, card) in (0..).zip(gpus) {
            note(hotkey, card);
        }
        for (hotkey, card) in (100..).zip(&case.others) {
            note(hotkey, card);
        }
        settle(1);
        check();
        (0..100)
            .map(|hotkey| Emission::pending_pay(&hotkey, 0))
            .sum()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn from_splitting_slicing_or_throttling(case in case()) {
        let whole = earns(&case, &[case.whole]);
        // What the GPU's weight is worth, whatever stands behind it.
        let share = earns(&case.uncapped(), &[case.whole]);
        prop_assert_eq!(whole, share.min(case.cap()));

        let sliced = earns(&case, &case.parts);
        prop_assert!(sliced <= share + ROUNDING, "sliced: {} for {}", sliced, share);
        let slots = Balance::try_from(case.parts.len()).unwrap();
        // Each slice posts a bond, and is paid what that backs at most.
        prop_assert!(sliced <= slots * case.cap());
        if share <= case.cap() {
            prop_assert!(sliced <= whole + ROUNDING, "sliced: {} for {}", sliced, whole);
        } else {
            let more = (slots - 1) * case.cap();
            prop_assert!(sliced <= whole + more, "beyond the caps of the bonds added");
        }

        // One slot has one cap: less is never paid more, of work or of the walk.
        let Card { mops, gbps } = case.parts[0];
        for less in [case.parts[0], Card { mops, ..case.whole }, Card { gbps, ..case.whole }] {
            let throttled = earns(&case, &[less]);
            prop_assert!(throttled <= whole + ROUNDING, "throttled: {} for {}", throttled, whole);
        }
    }

    /// Two to sixteen cards of different kinds, presented as one: their products together,
    /// the walk of the one with the most bandwidth.
    #[test]
    fn from_merging_beyond_the_ratio_of_the_card_that_walks(
        case in case_of(any_table(Some(500)), FAR..10 * FAR, 1..2_000u32),
        cards in prop::collection::vec((0u64..60_000, 1u32..2_000), 2..=16),
    ) {
        let case = case.uncapped();
        let rows: Vec<_> = case.table.iter().map(|state| state.tier).collect();
        // Each reaches the lowest row.
        let cards = cards.into_iter().map(|(mops, gbps)| Card {
            mops: mops + rows[0].floor.mops,
            gbps,
        });
        let cards: Vec<_> = cards.collect();
        let merged = merged(&cards);
        let Card { mops, gbps } = merged;
        let Standing { row, base, .. } = tiers::standing(&rows, &Floor { mops, gib: 0, gbps }).unwrap();
        let worths = case.worths();
        let worth = |row: usize| worths[row].effective.into_inner();
        let ratio = u128::from(rows[row].mops_per_gbps) * u128::from(gbps);
        let more = ratio * (worth(row) - worth(base))
            // Rows without a ratio are all within reach.
            + u128::from(mops) * (worth(base) - worth(0));
        // The miners' half of 300 NI, for the reference.
        let more = more / 1_000_000_000 * 150 * NI / (1_000_000_000 * case.reference);
        let (alone, together) = (earns(&case, &cards), earns(&case, &[merged]));
        prop_assert!(together <= alone + more + 2 * ROUNDING, "{} for {}, {} more", together, alone, more);
    }
}

/// Cards presented as one.
fn merged(cards: &[Card]) -> Card {
    Card {
        mops: cards.iter().map(|card| card.mops).sum(),
        gbps: cards.iter().map(|card| card.gbps).max().unwrap_or(0),
    }
}

/// Kinds of cards: what one is verified at in MOPS, about two fifths of the peak that its
/// vendor names, the bandwidth of its memory in GB/s likewise, and what a row for it had as
/// a multiplier and lost a day when multipliers were free.
const KINDS: [(Card, u128, u32); 4] = [
    (
        Card {
            mops: 28_400_000,
            gbps: 374,
        },
        100,
        1_500,
    ),
    (
        Card {
            mops: 66_000_000,
            gbps: 403,
        },
        105,
        1_300,
    ),
    (
        Card {
            mops: 395_600_000,
            gbps: 1_340,
        },
        150,
        600,
    ),
    (
        Card {
            mops: 900_000_000,
            gbps: 3_200,
        },
        175,
        500,
    ),
];

/// A network in which somebody has cards of these kinds: a row each, with multipliers and
/// ratios as a test wants them.
fn kinds(now: u64, multiplier: impl Fn(u128) -> u128, ratio: impl Fn(Card) -> u32) -> Case {
    let rows = KINDS.iter().enumerate().map(|(row, (card, percent, ppm))| {
        TierState::new(Tier {
            mops_per_gbps: if row == 0 { 0 } else { ratio(*card) },
            decay: Perbill::from_parts(ppm * 1_000),
            ..tier(card.mops / 2, multiplier(*percent), 1, 1)
        })
    });
    let rows: Vec<_> = rows.collect();
    Case {
        table: rows.try_into().expect("at most sixteen"),
        now,
        reference: 1_000 * FAR,
        others: Vec::new(),
        whole: card(1),
        parts: Vec::new(),
        bond: ENOUGH,
        confirmed: false,
    }
}

/// What sets of two to sixteen cards, of one kind or of two, gain as one, in thousandths
/// and at most.
fn most_gained(case: &Case) -> u128 {
    let mut most = 0;
    for (walker, ..) in KINDS {
        for (other, ..) in KINDS {
            for others in [1, 3, 7, 15] {
                let mut cards = vec![other; others];
                cards.push(walker);
                let (alone, together) = (earns(case, &cards), earns(case, &[merged(&cards)]));
                let gained = (together + ROUNDING).saturating_sub(alone);
                most = most.max(gained.saturating_sub(2 * ROUNDING) * 1_000 / alone);
            }
        }
    }
    most
}

/// The twin of the rule about merging. Under the rule before it a row counted all of a
/// throughput, whatever was verified of the memory: a dozen small cards were paid as one
/// large.
#[test]
fn merged_cards_once_were_paid_as_a_large_one() {
    let year = 365 * u64::from(DAY);
    let free = |now| kinds(now, |percent| percent, |_| ANY_RATIO);
    assert_eq!(most_gained(&free(1)), 750, "1.75 for 1.00, at once");
    assert!(
        most_gained(&free(year)) > 2_000,
        "three times as much, in a year"
    );
}

/// Why equal multipliers are not enough for several rows: merged cards do not fade. Only
/// where there is one row they gain nothing.
#[test]
fn without_memory_one_row_leaves_nothing_to_merge_for() {
    let year = 365 * u64::from(DAY);
    let equal = |now| kinds(now, |_| 100, |_| 0);
    assert_eq!(most_gained(&equal(1)), 0, "at once");
    assert!(most_gained(&equal(year)) > 700, "in a year");
    let mut one = equal(year);
    one.table.truncate(1);
    assert_eq!(most_gained(&one), 0);
}

/// With a ratio that each kind fills by its own throughput, and a row that no other kind's
/// memory reaches, merged cards gain nothing, at any age.
#[test]
fn with_memory_ratios_and_floors_leave_nothing_to_merge_for() {
    let dense = |card: Card| u32::try_from(card.mops / u64::from(card.gbps)).unwrap();
    for now in [1, 365 * u64::from(DAY), 3 * 365 * u64::from(DAY)] {
        let mut case = kinds(now, |percent| percent, |_| 1);
        // Ratios do not fall along the rows: the second kind computes more for its memory
        // than the third, and is counted by the third's at most.
        let mut ratio = u32::MAX;
        for (state, (card, ..)) in case.table.iter_mut().zip(KINDS).skip(1).rev() {
            ratio = ratio.min(dense(card));
            state.tier.mops_per_gbps = ratio;
            state.tier.floor.gbps = card.gbps * 95 / 100;
        }
        assert_eq!(most_gained(&case), 0, "in block {now}");
    }
}

/// The limit of the sentence that a GPU gains nothing by throttling, as
/// `tokenomics_primitives::budget` states it: what counts in a base row that has faded is
/// paid less than the rest, and who is the whole network earns more without it.
#[test]
fn who_is_the_whole_network_gains_by_leaving_out_what_has_faded() {
    let mut case = kinds(2 * 365 * u64::from(DAY), |percent| percent, |_| 1);
    for state in case.table.iter_mut().skip(1) {
        state.tier.mops_per_gbps = 100_000;
    }
    case.reference = 1;
    let large = KINDS[3].0;
    let counted = Card {
        mops: 100_000 * u64::from(large.gbps),
        ..large
    };
    let (all, less) = (
        earns(&case, &[large]),
        earns(
            &case,
            &[Card {
                mops: counted.mops.max(450_000_000),
                ..large
            }],
        ),
    );
    assert!(less > all);
    // Among others who are the larger part of it, no longer.
    case.others = vec![large; 3];
    let (all, less) = (
        earns(&case, &[large]),
        earns(
            &case,
            &[Card {
                mops: 450_000_000,
                ..large
            }],
        ),
    );
    assert!(less < all, "{less} for {all}");
}

/// The twin of the bound: it is reached, so the gain that the crate's documentation
/// states is there. A GPU whose share is three and a half caps is paid one; in two
/// slots, which post two bonds, two; in eight, its share and no more.
#[test]
fn slices_of_a_gpu_that_its_bond_does_not_back_are_paid_what_theirs_do() {
    let mut table = ByTier::new();
    let row = TierState::new(base(1_000, 100, 1, 1));
    assert!(table.try_push(row).is_ok());
    let mut case = Case {
        table,
        now: 1,
        reference: 8_000_000,
        others: Vec::new(),
        whole: card(800_000),
        parts: Vec::new(),
        bond: ENOUGH,
        confirmed: false,
    };
    let share = earns(&case, &[card(800_000)]);
    case.bond = share * 2 / 7 * 1_600 / 45;
    let cap = case.cap();
    assert_eq!((share / cap, share * 2 / cap), (3, 7));
    let in_slots = |slots: u64| {
        let parts = vec![card(800_000 / slots); usize::try_from(slots).unwrap()];
        earns(&case, &parts)
    };
    assert_eq!(in_slots(1), cap);
    assert_eq!(in_slots(2), 2 * cap);
    let (four, eight) = (in_slots(4), in_slots(8));
    assert!(four <= share && share - four <= ROUNDING);
    assert!(eight <= share && share - eight <= ROUNDING);
    // To the NI that is bonded, a slice is paid no more than the whole.
    assert!((1..=8).all(|slots| in_slots(slots) <= Balance::from(slots) * in_slots(1)));
}

#[test]
fn a_table_that_would_pay_for_throttling_is_refused() {
    // What the order of introduction is for: were the lower row the newer, its GPUs
    // would have all of their worth left and the higher row's half of it. A miner
    // who is the whole network would earn twice as much throttled.
    let row = |mops, percent, decay, introduced_at| Tier {
        introduced_at,
        ..tier(mops, percent, decay, 1)
    };
    let mut table = [row(1_000, 10, 3, 100), row(5_000, 100, 2, 50)];
    table[0].mops_per_gbps = 0;
    assert_eq!(
        tiers::check(&table, 100),
        Err(tiers::TableError::IntroductionOrder)
    );
}
