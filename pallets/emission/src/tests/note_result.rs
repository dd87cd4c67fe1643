// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{Event, Results, Running, Unearned, UnpaidResult, VerifiedResult, mock::*};

fn refused(result: &VerifiedResult<AccountId>) -> Option<Unearned> {
    let before = (
        Running::<Test>::get(),
        Results::<Test>::get(result.hotkey, result.gpu),
    );
    events();
    Emission::note_result(result);
    match events().as_slice() {
        [
            Event::NotCredited {
                hotkey,
                gpu,
                window,
                reason,
            },
        ] => {
            assert_eq!(
                (*hotkey, *gpu, *window),
                (result.hotkey, result.gpu, result.window)
            );
            let after = (
                Running::<Test>::get(),
                Results::<Test>::get(result.hotkey, result.gpu),
            );
            assert_eq!(before, after, "nothing has changed");
            Some(*reason)
        }
        _ => None,
    }
}

#[test]
fn counts_in_the_row_it_reaches() {
    build_and_execute(|| {
        note(7, 1, 4_999);
        assert_eq!(
            events(),
            [Event::Credited {
                hotkey: 7,
                gpu: 0,
                window: 1,
                tier: 0,
                mops: 4_999
            }]
        );
        note(8, 1, 20_000);
        note(9, 1, 1_000);
        let running = Running::<Test>::get().unwrap();
        assert_eq!(running.window, 1);
        assert_eq!(running.mops.into_inner(), [5_999, 0, 20_000]);
        // Half the bond, less a tenth of that, over 16 samples.
        let cap = 1_000_000 * NI * 45 / 1_600;
        let unpaid = UnpaidResult {
            window: 1,
            tier: 2,
            mops: 20_000,
            base: 0,
            rest: 0,
            owner: 1_008,
            cap,
        };
        assert_eq!(Results::<Test>::get(8, 0), Some(unpaid));
    });
}

#[test]
fn a_row_that_asks_for_memory_is_reached_with_it_alone() {
    build_and_execute(|| {
        crate::Tiers::<Test>::mutate(|table| {
            table[2].tier.floor.gib = 80;
            table[2].tier.floor.gbps = 200;
        });
        let verified = |gib, gbps| VerifiedResult {
            gib,
            gbps,
            ..revealed(7, 1, 20_000)
        };
        for (gpu, (gib, gbps, expected)) in
            (0..).zip([(0, 0, 1), (79, 200, 1), (80, 199, 1), (80, 200, 2)])
        {
            events();
            Emission::note_result(&VerifiedResult {
                gpu,
                ..verified(gib, gbps)
            });
            assert_eq!(
                events(),
                [Event::Credited {
                    hotkey: 7,
                    gpu,
                    window: 1,
                    tier: expected,
                    mops: 20_000
                }]
            );
        }
        // One that all rows ask memory of is reached by nobody without it.
        crate::Tiers::<Test>::mutate(|table| {
            for state in table.iter_mut() {
                state.tier.floor.gib = 80;
                state.tier.floor.gbps = 200;
            }
        });
        let without = VerifiedResult {
            gpu: 9,
            ..verified(79, 200)
        };
        assert_eq!(refused(&without), Some(Unearned::BelowFloors));
    });
}

#[test]
fn what_is_beyond_the_ratio_counts_and_is_paid_in_the_base_row() {
    build_and_execute(|| {
        crate::Tiers::<Test>::mutate(|table| {
            table[1].tier.mops_per_gbps = 5;
            table[2].tier.mops_per_gbps = 10;
        });
        let walked = |gbps| VerifiedResult {
            gbps,
            ..revealed(7, 1, 20_000)
        };
        for (gpu, gbps) in (0..).zip([2_000, 1_999, 500, 0]) {
            Emission::note_result(&VerifiedResult {
                gpu,
                ..walked(gbps)
            });
            let unpaid = Results::<Test>::get(7, gpu).unwrap();
            let rest = 20_000 - 10 * u64::from(gbps);
            assert_eq!((unpaid.tier, unpaid.mops), (2, 20_000));
            assert_eq!((unpaid.base, unpaid.rest), (0, rest));
        }
        let running = Running::<Test>::get().unwrap();
        assert_eq!(
            running.mops.into_inner(),
            [10 + 15_000 + 20_000, 0, 20_000 + 19_990 + 5_000]
        );
        settle(1);
        // A MOPS of the highest row is paid three times what one of the lowest is, but for
        // the fading of a round: a quarter of it and three quarters of that make a half.
        let due = |gpu| Emission::pending_pay(&7, gpu);
        let is = |amount: Balance, of: Balance| amount.abs_diff(of) <= of / 1_000;
        assert!(due(1) < due(0) && is(due(1), due(0)));
        assert!(is(due(2), due(0) / 2), "{} of {}", due(2), due(0));
        assert!(is(due(3), due(0) / 3), "{} of {}", due(3), due(0));
    });
}

#[test]
fn every_reason_to_earn_nothing() {
    build_and_execute(|| {
        assert_eq!(refused(&revealed(7, 1, 999)), Some(Unearned::BelowFloors));
        assert_eq!(refused(&revealed(7, 1, 1_000)), None);
        assert_eq!(refused(&revealed(7, 1, 1_000)), Some(Unearned::Repeated));
        OwnersFrom::set(None);
        assert_eq!(refused(&revealed(8, 1, 1_000)), Some(Unearned::NoOwner));
        OwnersFrom::set(Some(1_000));
        let unsampled = VerifiedResult {
            samples: 0,
            ..revealed(8, 1, 1_000)
        };
        assert_eq!(refused(&unsampled), Some(Unearned::OutOfRange));
    });
}

#[test]
fn pays_an_earlier_result_first() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        note(7, 2, 5_000);
        assert_eq!(earned(7), 150 * NI - 1);
        assert_eq!(Results::<Test>::get(7, 0).unwrap().window, 2);
    });
}

#[test]
fn forfeits_an_earlier_result_that_cannot_be_paid() {
    build_and_execute(|| {
        Bond::set(100);
        settle_with_one(7, 1);
        events();
        note(7, 2, 5_000);
        assert_eq!(
            events(),
            [
                Event::Forfeited {
                    hotkey: 7,
                    gpu: 0,
                    window: 1
                },
                Event::Credited {
                    hotkey: 7,
                    gpu: 0,
                    window: 2,
                    tier: 1,
                    mops: 5_000
                },
            ]
        );
        assert_eq!(earned(7), 0);
        assert_eq!(
            Emission::round(1).unwrap().claimed,
            0,
            "it goes back with the round"
        );
    });
}

#[test]
fn a_window_that_was_never_settled_counts_for_nothing() {
    build_and_execute(|| {
        note(7, 1, 5_000);
        note(8, 2, 5_000);
        assert_eq!(
            Running::<Test>::get().unwrap().mops.into_inner(),
            [0, 5_000]
        );
        settle(2);
        Emission::pay_pending(&7, 0);
        Emission::pay_pending(&8, 0);
        assert_eq!(earned(7), 0);
        assert!(earned(8) > 0);
    });
}

#[test]
fn without_a_table_nothing_earns() {
    genesis(vec![]).execute_with(|| {
        assert_eq!(
            refused(&revealed(7, 1, u64::MAX)),
            Some(Unearned::BelowFloors)
        );
        assert_eq!(Emission::lowest_floor(), u64::MAX);
        settle(1);
        check();
    });
}
