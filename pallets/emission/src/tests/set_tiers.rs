// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{ByTier, Error, Event, NextTiers, Tier, TierState, Tiers, mock::*};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchResult, FixedU128, Perbill, traits::BadOrigin};

fn set(table: Vec<Tier>) -> DispatchResult {
    let table: ByTier<Tier> = table.try_into().expect("at most sixteen rows");
    Emission::set_tiers(RuntimeOrigin::root(), table)
}

fn broken(change: impl FnOnce(&mut Vec<Tier>)) -> DispatchResult {
    let mut table = tiers();
    change(&mut table);
    set(table)
}

#[test]
fn takes_effect_when_the_running_round_is_settled() {
    build_and_execute(|| {
        note(7, 1, 1_000);
        let table = vec![base(2_000, 100, 9, 1), tier(5_000, 200, 8, 1)];
        assert_ok!(set(table.clone()));
        assert_eq!(
            events(),
            [
                Event::Credited {
                    hotkey: 7,
                    gpu: 0,
                    window: 1,
                    tier: 0,
                    mops: 1_000
                },
                Event::TiersScheduled { rows: 2 }
            ]
        );
        assert_eq!(
            Emission::lowest_floor(),
            1_000,
            "the open window keeps its table"
        );
        note(8, 1, 1_000);
        settle(1);
        assert!(events().contains(&Event::TiersReplaced { rows: 2 }));
        assert_eq!(Emission::lowest_floor(), 2_000);
        let rows: Vec<_> = Tiers::<Test>::get()
            .iter()
            .map(|state| state.tier)
            .collect();
        assert_eq!(rows, table);
        assert_eq!(NextTiers::<Test>::get(), None);
        Emission::pay_pending(&7, 0);
        Emission::pay_pending(&8, 0);
        assert!(earned(7) > 0 && earned(7) == earned(8));
    });
}

#[test]
fn a_row_with_the_same_floor_keeps_its_availability() {
    build_and_execute(|| {
        settle(1);
        let before = Tiers::<Test>::get();
        assert!(
            before[1].availability.factor > FixedU128::from_u32(1),
            "there was no supply"
        );
        let mut table = tiers();
        table[0].floor.mops = 900;
        table[1].multiplier = FixedU128::from_rational(11, 10);
        assert_ok!(set(table));
        settle(2);
        let after = Tiers::<Test>::get();
        assert_eq!(
            after[0].availability.factor,
            FixedU128::from_u32(2),
            "a new row: nobody was ever verified in it"
        );
        assert!(after[1].availability.factor > before[1].availability.factor);
    });
}

#[test]
fn a_waiting_table_is_replaced() {
    build_and_execute(|| {
        assert_ok!(broken(|table| table[0].floor.mops = 2));
        assert_ok!(broken(|table| table[0].floor.mops = 3));
        settle(1);
        assert_eq!(Emission::lowest_floor(), 3);
    });
}

#[test]
fn only_by_its_origin() {
    build_and_execute(|| {
        let table: ByTier<Tier> = tiers().try_into().unwrap();
        let signed = RuntimeOrigin::signed(ANYBODY);
        assert_noop!(Emission::set_tiers(signed, table.clone()), BadOrigin);
        assert_noop!(Emission::set_tiers(RuntimeOrigin::none(), table), BadOrigin);
    });
}

#[test]
fn every_reason_to_refuse_a_table() {
    build_and_execute(|| {
        assert_noop!(set(vec![]), Error::<Test>::NoTier);
        let long = (1..=5)
            .map(|i| base(u64::from(i), 100, 100 - i, 1))
            .collect();
        assert_noop!(set(long), Error::<Test>::TooManyTiers);
        assert_noop!(broken(|t| t[0].floor.mops = 0), Error::<Test>::ZeroFloor);
        assert_noop!(
            broken(|t| t[0].floor.mops = 5_000),
            Error::<Test>::FloorOrder
        );
        // Where no memory is verified nothing may ask for any, and no multiplier differ.
        VerifiesMemory::set(false);
        let alike = |t: &mut Vec<Tier>| {
            for row in t {
                row.multiplier = FixedU128::from_u32(1);
                row.mops_per_gbps = 0;
            }
        };
        let refused = |change: &dyn Fn(&mut Vec<Tier>)| {
            assert_noop!(broken(change), Error::<Test>::MemoryFloor);
        };
        refused(&|_| {});
        refused(&|t| {
            alike(t);
            t[2].floor.gib = 80;
        });
        refused(&|t| {
            alike(t);
            t[2].floor.gbps = 200;
        });
        refused(&|t| {
            alike(t);
            t[2].mops_per_gbps = 1;
        });
        refused(&|t| {
            alike(t);
            t[2].multiplier = FixedU128::from_rational(11, 10);
            t[2].mops_per_gbps = 1;
        });
        assert_noop!(
            broken(|t| {
                alike(t);
                t[2].multiplier = FixedU128::from_rational(11, 10);
            }),
            Error::<Test>::RatioMissing
        );
        assert_ok!(broken(alike));
        // The table in force still asks, until this one takes its place.
        assert!(Emission::asks_for_memory());
        settle(1);
        assert!(!Emission::asks_for_memory());
        VerifiesMemory::set(true);
        assert_ok!(broken(|_| {}));
        assert!(Emission::asks_for_memory(), "the table to come");
        assert_noop!(
            broken(|t| t[1].mops_per_gbps = 0),
            Error::<Test>::RatioMissing
        );
        assert_noop!(
            broken(|t| t[2].mops_per_gbps = 7),
            Error::<Test>::RatioOrder
        );
        assert_ok!(broken(|t| t[2].floor.gib = 80));
        assert_noop!(broken(|t| t[1].floor.gib = 80), Error::<Test>::FloorOrder);
        let zero = FixedU128::from_inner(0);
        assert_noop!(
            broken(|t| t[0].multiplier = zero),
            Error::<Test>::MultiplierRange
        );
        let two = FixedU128::from_u32(2);
        assert_noop!(
            broken(|t| t[0].multiplier = two),
            Error::<Test>::MultiplierOrder
        );
        assert_noop!(
            broken(|t| t[0].decay = Perbill::one()),
            Error::<Test>::DecayRange
        );
        assert_noop!(
            broken(|t| t[1].decay = t[0].decay),
            Error::<Test>::DecayOrder
        );
        let now = System::block_number();
        assert_noop!(
            broken(|t| t[1].introduced_at = 1),
            Error::<Test>::IntroductionOrder
        );
        assert_noop!(
            broken(|t| t[2].introduced_at = now + 1),
            Error::<Test>::FutureTier
        );
        assert_noop!(broken(|t| t[2].target = 0), Error::<Test>::ZeroTarget);
        assert_ok!(broken(|t| t[2].introduced_at = now));
    });
}

#[test]
fn an_added_row_that_nobody_reaches_holds_down_nobody() {
    let lower = base(1_000, 100, 3, 10_000);
    genesis(vec![lower]).execute_with(|| {
        let day = |window| {
            note(1, window, 1_000);
            settle_after(window, u64::from(DAY));
        };
        // A tenth of the target, for as long as it takes.
        (1..=70).for_each(day);
        let two = FixedU128::from_u32(2);
        assert_eq!(Emission::effective().into_inner(), [two]);
        let higher = Tier {
            introduced_at: System::block_number(),
            ..base(5_000, 100, 2, 50_000)
        };
        assert_ok!(set(vec![lower, higher]));
        day(71);
        // All that it loses is what fades in ten days.
        for window in 72..=80 {
            day(window);
            let effective = Emission::effective();
            assert!(effective[0] < effective[1]);
            assert!(effective[0] > FixedU128::from_rational(194, 100));
        }
        // The twin: a row that began at its target would halve the pay of the one below.
        Tiers::<Test>::mutate(|states| {
            states[1].availability = TierState::new(higher).availability
        });
        assert!(Emission::effective()[0] < FixedU128::from_u32(1));
        check();
    });
}
