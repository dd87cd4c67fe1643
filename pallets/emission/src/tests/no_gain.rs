// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Over any table and any availabilities: no way to present a GPU pays more than to
//! present it as it is, where the cap of a bond does not bind. Where it does, slices
//! gain what their own bonds back, and no more.

use crate::{ByTier, Floor, Tier, TierState, Tiers, VerifiedResult, mock::*};
use proptest::prelude::*;
use sp_runtime::{FixedU128, Perbill};
use tokenomics_primitives::tiers;

/// What dividing a GPU may gain by rounding alone, in units of 10⁻⁹ NI and a round of
/// 300 NI: a unit for each tier whose credit is rounded up, and what is rounded off
/// the weights.
const ROUNDING: Balance = 32;

/// A network, and how one GPU of it is presented.
#[derive(Clone, Debug)]
struct Case {
    table: ByTier<TierState>,
    now: u64,
    reference: u128,
    /// Everybody else's GPUs.
    others: Vec<u64>,
    /// The GPU.
    whole: u64,
    /// What it is presented as: not more than it is.
    parts: Vec<u64>,
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
}

/// A bond that no share reaches.
const ENOUGH: Balance = 1_000_000 * NI;

fn any_table() -> impl Strategy<Value = ByTier<TierState>> {
    let row = (
        1u64..40_000,
        0u128..3_000,
        1u32..60,
        0u64..125_000,
        500u128..=2_000,
    );
    prop::collection::vec(row, 1..=16).prop_map(|rows| {
        let (mut mops, mut milli, mut decay, mut introduced_at) = (1_000, 100, 999_999_999, 0);
        let states = rows
            .into_iter()
            .map(|(wider, richer, slower, later, available)| {
                mops += wider;
                milli += richer;
                decay -= slower * 1_000_000;
                introduced_at += later;
                let mut state = TierState::new(Tier {
                    floor: Floor {
                        mops,
                        gib: 0,
                        gbps: 0,
                    },
                    multiplier: FixedU128::from_rational(milli, 1_000),
                    decay: Perbill::from_parts(decay),
                    introduced_at,
                    target: 1,
                });
                state.availability.factor = FixedU128::from_rational(available, 1_000);
                state
            });
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

fn case() -> impl Strategy<Value = Case> {
    (
        (any_table(), 1u32..100),
        2_000_000u64..4_000_000,
        prop_oneof![Just(1u128), 1_000u128..100_000_000],
        prop::collection::vec(1_000u64..1_000_000, 0..6),
        2_000u64..1_000_000,
        prop::collection::vec(1u64..100, 1..5),
        (
            prop_oneof![Just(ENOUGH), 1..30_000 * NI, 1..300 * NI],
            any::<bool>(),
        ),
    )
        .prop_map(
            |((table, decay), now, reference, others, whole, parts, terms)| {
                let sum: u64 = parts.iter().sum();
                Case {
                    table: slower(table, decay),
                    now,
                    reference,
                    others,
                    whole,
                    parts: parts.into_iter().map(|part| whole * part / sum).collect(),
                    bond: terms.0,
                    confirmed: terms.1,
                }
            },
        )
}

/// What the GPUs of a miner earn together.
fn earns(case: &Case, gpus: &[u64]) -> Balance {
    genesis(tiers()).execute_with(|| {
        let rows: Vec<_> = case.table.iter().map(|state| state.tier).collect();
        assert_eq!(tiers::check(&rows, case.now), Ok(()));
        Tiers::<Test>::put(case.table.clone());
        Parameters::mutate(|all| all.reference_weight = case.reference * MOPS);
        Bond::set(case.bond);
        System::set_block_number(case.now);
        let note = |hotkey, mops: &u64| {
            Emission::note_result(&VerifiedResult {
                confirmed: case.confirmed,
                ..revealed(hotkey, 1, *mops)
            });
        };
        for (hotkey, mops) in (0..).zip(gpus) {
            note(hotkey, mops);
        }
        for (hotkey, mops) in (100..).zip(&case.others) {
            note(hotkey, mops);
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

        // One slot has one cap: less is never paid more.
        let throttled = earns(&case, &case.parts[..1]);
        prop_assert!(throttled <= whole + ROUNDING, "throttled: {} for {}", throttled, whole);
    }
}

/// The twin of the bound: it is reached, so the gain that the crate's documentation
/// states is there. A GPU whose share is three and a half caps is paid one; in two
/// slots, which post two bonds, two; in eight, its share and no more.
#[test]
fn slices_of_a_gpu_that_its_bond_does_not_back_are_paid_what_theirs_do() {
    let mut table = ByTier::new();
    let row = TierState::new(tier(1_000, 100, 1, 1));
    assert!(table.try_push(row).is_ok());
    let mut case = Case {
        table,
        now: 1,
        reference: 8_000_000,
        others: Vec::new(),
        whole: 800_000,
        parts: Vec::new(),
        bond: ENOUGH,
        confirmed: false,
    };
    let share = earns(&case, &[800_000]);
    case.bond = share * 2 / 7 * 1_600 / 45;
    let cap = case.cap();
    assert_eq!((share / cap, share * 2 / cap), (3, 7));
    let in_slots = |slots: u64| {
        let parts = vec![800_000 / slots; usize::try_from(slots).unwrap()];
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
    let table = [row(1_000, 10, 3, 100), row(5_000, 100, 2, 50)];
    assert_eq!(
        tiers::check(&table, 100),
        Err(tiers::TableError::IntroductionOrder)
    );
}
