// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{Event, LastClose, RoundRecord, Rounds, Running, WeightInfo, mock::*};
use sp_runtime::{ArithmeticError, DispatchError, FixedU128, Perbill, Perquintill, TokenError};
use tokenomics_primitives::{pay, tiers::effective};

/// What the schedule has for one round.
const SCHEDULED: Balance = 300 * NI;

/// What a settlement says it moved: drawn, minted, miners' and stakers' part.
fn moved(window: u32) -> (Balance, Balance, Balance, Balance) {
    let settled = events().into_iter().find_map(|event| match event {
        Event::RoundSettled {
            window: of,
            drawn,
            minted,
            miners,
            stakers,
            ..
        } if of == window => Some((drawn, minted, miners, stakers)),
        _ => None,
    });
    settled.expect("the round was settled")
}

/// A round that earned all of its budget, from a pool of so much.
fn full_round(funds: Balance) -> (Balance, Balance, Balance, Balance) {
    fund_pool(funds);
    note(7, 1, 100_000);
    settle(1);
    moved(1)
}

#[test]
fn with_nothing_verified_nothing_moves() {
    build_and_execute(|| {
        fund_pool(1_000 * NI);
        let issuance = Balances::total_issuance();
        settle(1);
        assert_eq!(
            events(),
            [Event::RoundSettled {
                window: 1,
                blocks: 300,
                drawn: 0,
                minted: 0,
                miners: 0,
                stakers: 0,
                weight: 0,
                reference: 100_000 * MOPS,
            }]
        );
        assert_eq!(pool(), 1_000 * NI);
        assert_eq!(Balances::total_issuance(), issuance);
        assert_eq!(Rounds::<Test>::iter().count(), 0);
    });
}

#[test]
fn with_no_fees_everything_is_minted() {
    build_and_execute(|| {
        let half = SCHEDULED / 2;
        assert_eq!(full_round(0), (0, SCHEDULED, half, half));
        assert_eq!(pot(), ED + half);
        assert_eq!(stakers(), half);
        let round = Emission::round(1).unwrap();
        assert_eq!(
            round,
            RoundRecord {
                window: 1,
                blocks: 300,
                drawn: 0,
                minted: SCHEDULED,
                weight: 150_000 * MOPS,
                reference: 150_000 * MOPS,
                rates: round.rates.clone(),
                credited: half,
                claimed: 0,
            }
        );
        let rate = (half << 64) / 100_000;
        assert_eq!(round.rates.into_inner(), [0, 0, rate]);
        assert!(Running::<Test>::get().is_none());
    });
}

#[test]
fn fees_displace_minting_one_for_one() {
    build_and_execute(|| {
        let (drawn, minted, miners, stakers) = full_round(SCHEDULED / 3);
        assert_eq!((drawn, minted), (SCHEDULED / 3, SCHEDULED - SCHEDULED / 3));
        assert_eq!(miners + stakers, SCHEDULED);
        assert_eq!(pool(), 0);
    });
}

#[test]
fn with_enough_fees_nothing_is_minted() {
    build_and_execute(|| {
        let (drawn, minted, ..) = full_round(2 * SCHEDULED);
        assert_eq!((drawn, minted), (SCHEDULED, 0));
        assert_eq!(pool(), SCHEDULED);
    });
}

#[test]
fn a_full_pool_drips_more_than_is_scheduled() {
    build_and_execute(|| {
        let (drawn, minted, ..) = full_round(1_000_000 * NI);
        // Two millionths a block, 300 blocks.
        assert_eq!((drawn, minted), (600 * NI, 0));
    });
}

#[test]
fn one_weak_gpu_alone_earns_its_proportion_and_no_more() {
    genesis(vec![base(1_000, 50, 3, 10_000)]).execute_with(|| {
        // Half a multiplier: 500 of the 100,000 MOPS of reference.
        note(7, 1, 1_000);
        settle(1);
        assert_eq!(
            moved(1),
            (0, SCHEDULED / 200, SCHEDULED / 400, SCHEDULED / 400)
        );
        check();
    });
}

#[test]
fn an_old_gpu_alone_earns_what_is_left_of_it_however_strong() {
    build_and_execute(|| {
        System::set_block_number(10 * u64::from(DAY) - ROUND);
        // Ten times the reference, of a row that has lost 2‰ a day for ten days.
        for hotkey in 0..53 {
            note(hotkey, 1, 19_999);
        }
        settle(1);
        let (drawn, minted, miners, stakers) = moved(1);
        let left = 0.998f64.powi(10);
        let earned = (SCHEDULED as f64) * left;
        assert_eq!(drawn, 0);
        assert!((minted as f64 - earned).abs() < 2.0, "{minted} of {earned}");
        assert_eq!(miners + stakers, minted);
        let round = Emission::round(1).unwrap();
        assert_eq!(round.reference, 53 * 19_999 * MOPS, "nothing but its size");
        // Nothing is made up for later: the rest stays unminted, or in the pool.
        fund_pool(2 * SCHEDULED);
        note(1, 2, 19_999);
        for hotkey in 2..53 {
            note(hotkey, 2, 19_999);
        }
        settle(2);
        let (drawn, minted, ..) = moved(2);
        assert_eq!(minted, 0);
        assert!(drawn < SCHEDULED * 981 / 1_000 && drawn > SCHEDULED * 979 / 1_000);
        assert_eq!(pool(), 2 * SCHEDULED - drawn);
    });
}

#[test]
fn what_is_not_earned_is_first_not_minted() {
    build_and_execute(|| {
        fund_pool(SCHEDULED / 2);
        note(7, 1, 75_000);
        Parameters::mutate(|parameters| parameters.reference_weight = 150_000 * MOPS);
        settle(1);
        let (drawn, minted, ..) = moved(1);
        assert_eq!(
            (drawn, minted),
            (SCHEDULED / 2, SCHEDULED / 4),
            "three quarters"
        );
    });
    build_and_execute(|| {
        fund_pool(SCHEDULED / 2);
        note(7, 1, 25_000);
        Parameters::mutate(|parameters| parameters.reference_weight = 150_000 * MOPS);
        settle(1);
        let (drawn, minted, ..) = moved(1);
        assert_eq!((drawn, minted), (SCHEDULED / 4, 0), "a quarter");
        assert_eq!(pool(), SCHEDULED / 4);
    });
}

#[test]
fn a_round_is_paid_for_the_blocks_since_the_last() {
    build_and_execute(|| {
        note(7, 1, 100_000);
        System::set_block_number(50);
        // The first: since its opening.
        settle_after(1, 20);
        assert_eq!(moved(1).1, 20 * NI);
        // Idle blocks count, up to the next close.
        System::set_block_number(150);
        note(7, 2, 100_000);
        settle_after(2, 20);
        assert_eq!(LastClose::<Test>::get(), Some(170));
        assert_eq!(moved(2).1, 100 * NI);
        // So many at most.
        note(7, 3, 100_000);
        settle_after(3, 1_001);
        assert_eq!(moved(3).1, 1_000 * NI);
        // Rounds in which nothing was verified are not made up for.
        settle_after(4, 200);
        note(7, 5, 100_000);
        settle_after(5, 10);
        assert_eq!(moved(5).1, 10 * NI);
    });
}

#[test]
fn the_rate_halves_at_the_supply_where_the_round_starts() {
    let minted_with_cap = |over: Balance| {
        let mut minted = 0;
        build_and_execute(|| {
            Cap::set(2 * Minted::get() + over);
            Parameters::mutate(|parameters| parameters.base = 20);
            note(7, 1, 100_000);
            settle_after(1, 60);
            minted = moved(1).1;
        });
        minted
    };
    assert_eq!(
        minted_with_cap(1),
        20 * 60,
        "half of the cap is not minted yet"
    );
    assert_eq!(minted_with_cap(0), 10 * 60, "it is");
}

#[test]
fn every_halving_comes_at_its_unit() {
    // The rate that follows the n-th halving, for one block after `minted`.
    let rate = |minted: Balance| {
        let mut moved_units = 0;
        build_and_execute(|| {
            mint_to_nobody(minted - Minted::get());
            // A quarter of what is left, so that the cap cuts nothing off.
            Parameters::mutate(|parameters| parameters.base = Cap::get() / 4);
            note(7, 1, 100_000);
            settle_after(1, 1);
            moved_units = moved(1).1;
        });
        moved_units
    };
    let cap = 21_000_000 * NI;
    for n in 1..=54 {
        let boundary = cap - (cap >> n);
        let after = |halvings: u32| ((cap / 4) >> halvings).max(1);
        assert_eq!(rate(boundary - 1), after(n - 1), "a unit before the {n}th");
        assert_eq!(rate(boundary), after(n), "at the {n}th");
        if n < 54 {
            let next = if boundary + 1 < cap - (cap >> (n + 1)) {
                n
            } else {
                n + 1
            };
            assert_eq!(rate(boundary + 1), after(next), "a unit after the {n}th");
        }
    }
    // One unit was left at the last.
    assert_eq!(cap >> 54, 1);
    assert_eq!(rate(cap), 0, "nothing is minted at the cap");
}

#[test]
fn the_cap_is_reached_exactly_and_then_the_pool_pays_alone() {
    build_and_execute(|| {
        Cap::set(Minted::get() + 700);
        Parameters::mutate(|parameters| {
            parameters.stakers_share = Perbill::zero();
            parameters.base = 1;
        });
        note(7, 1, 100_000);
        settle(1);
        assert_eq!(moved(1), (0, 300, 300, 0));
        note(7, 2, 100_000);
        settle_after(2, 500);
        assert_eq!(moved(2), (0, 400, 400, 0), "cut at the cap");
        assert_eq!(Minted::get(), Cap::get());
        note(7, 3, 100_000);
        settle(3);
        assert_eq!(moved(3), (0, 0, 0, 0), "the pool is empty");

        // What is claimed of nothing goes back to the pool when it expires.
        settle(4);
        assert_eq!(pool(), 300);
        note(7, 5, 100_000);
        settle_after(5, 100);
        assert_eq!(moved(5), (100, 0, 100, 0), "one unit a block");
    });
}

#[test]
fn miners_and_stakers_share_to_the_last_unit() {
    build_and_execute(|| {
        Parameters::mutate(|parameters| {
            parameters.base = 1;
            parameters.stakers_share = Perbill::from_percent(41);
        });
        note(7, 1, 100_000);
        settle_after(1, 601);
        // 354.59 and 246.41.
        assert_eq!(moved(1), (0, 601, 355, 246));
    });
    build_and_execute(|| {
        Parameters::mutate(|parameters| parameters.stakers_share = Perbill::one());
        note(7, 1, 100_000);
        settle(1);
        assert_eq!(moved(1), (0, SCHEDULED, 0, SCHEDULED));
        assert!(Emission::round(1).is_none(), "nothing to claim from");
        assert_eq!(pot(), ED);
    });
}

#[test]
fn tiers_share_by_weight() {
    build_and_execute(|| {
        note(1, 1, 4_000);
        note(2, 1, 10_000);
        note(3, 1, 20_000);
        Parameters::mutate(|parameters| parameters.reference_weight = 1);
        settle(1);
        let (total, now) = (Emission::round(1).unwrap().credited, System::block_number());
        let ones = [FixedU128::from_u32(1); 3];
        let each = effective(&tiers(), &ones, now, DAY, Perbill::zero()).unwrap();
        let mops = [4_000, 10_000, 20_000];
        let weights = [0, 1, 2].map(|row| pay::weight(mops[row], each[row]).unwrap());
        for (hotkey, weight) in [(1, weights[0]), (2, weights[1]), (3, weights[2])] {
            let due = Emission::pending_pay(&hotkey, 0);
            let fair = total * weight / weights.iter().sum::<u128>();
            assert!(
                due <= fair + 1 && due + 2 >= fair,
                "hotkey {hotkey}: {due} of {fair}"
            );
        }
    });
}

#[test]
fn splitting_an_account_gains_nothing() {
    let pay = |gpus: &[(AccountId, u64)]| {
        let mut sum = 0;
        build_and_execute(|| {
            note(50, 1, 30_000);
            for (hotkey, mops) in gpus {
                note(*hotkey, 1, *mops);
            }
            settle(1);
            sum = gpus
                .iter()
                .map(|(hotkey, _)| Emission::pending_pay(hotkey, 0))
                .sum();
        });
        sum
    };
    let whole = pay(&[(1, 40_000)]);
    assert!(pay(&[(1, 20_000), (2, 20_000)]) <= whole, "within a tier");
    assert!(pay(&[(1, 19_999), (2, 20_001)]) < whole, "across a floor");
    assert!(pay(&[(1, 39_999)]) < whole, "throttled");
}

#[test]
fn a_round_expires_when_its_place_is_needed() {
    build_and_execute(|| {
        settle_with_one(7, 1);
        note(8, 2, 19_000);
        settle(2);
        settle(3);
        Emission::pay_pending(&8, 0);
        assert_eq!(Rounds::<Test>::iter().count(), 2);
        events();
        settle(4);
        assert!(events().contains(&Event::RoundExpired {
            window: 1,
            amount: SCHEDULED / 2
        }));
        assert_eq!(pool(), SCHEDULED / 2);
        settle(5);
        // Of the second, what rounding left.
        assert!(events().contains(&Event::RoundExpired {
            window: 2,
            amount: 1
        }));
        assert_eq!(pot(), ED);
        assert_eq!(Rounds::<Test>::iter().count(), 0);
    });
}

#[test]
fn a_failing_source_moves_nothing() {
    for (kept_back, error) in [
        (Err(DispatchError::Unavailable), DispatchError::Unavailable),
        (Ok(1), TokenError::FundsUnavailable.into()),
    ] {
        build_and_execute(|| {
            fund_pool(SCHEDULED / 2);
            let before = (
                pool(),
                Minted::get(),
                pot(),
                stakers(),
                Balances::total_issuance(),
            );
            note(7, 1, 100_000);
            KeptBack::set(kept_back);
            events();
            let minted = Minted::get();
            settle(1);
            // The mock's count is no storage, so nothing rolls it back.
            Minted::set(minted);
            assert_eq!(events(), [Event::RoundFailed { window: 1, error }]);
            let after = (
                pool(),
                Minted::get(),
                pot(),
                stakers(),
                Balances::total_issuance(),
            );
            assert_eq!(before, after);
            assert!(Emission::round(1).is_none());
            // The result is not due any more, and the next round is its own.
            KeptBack::set(Ok(0));
            Emission::pay_pending(&7, 0);
            note(7, 2, 100_000);
            settle(2);
            assert_eq!(moved(2).0 + moved_minted(2), SCHEDULED);
        });
    }
}

fn moved_minted(window: u32) -> Balance {
    Emission::round(window)
        .map(|round| round.minted)
        .unwrap_or_default()
}

#[test]
fn parameters_out_of_range_fail_the_round() {
    build_and_execute(|| {
        note(7, 1, 100_000);
        Parameters::mutate(|parameters| parameters.day = 0);
        events();
        settle(1);
        let error = ArithmeticError::Overflow.into();
        assert_eq!(events(), [Event::RoundFailed { window: 1, error }]);
        assert_eq!(Emission::lowest_floor(), 1_000);
        assert!(Emission::effective().is_empty());
        Parameters::set(parameters());
        Parameters::mutate(|parameters| {
            parameters.base = Balance::MAX;
            parameters.drip = Perquintill::one();
        });
        note(7, 2, 100_000);
        settle(2);
        assert_eq!(
            events().last(),
            Some(&Event::RoundFailed { window: 2, error })
        );
    });
}

#[test]
fn results_of_another_window_do_not_count() {
    build_and_execute(|| {
        note(7, 1, 100_000);
        settle(2);
        assert_eq!(moved(2), (0, 0, 0, 0));
        assert!(Running::<Test>::get().is_none());
    });
}

#[test]
fn its_weight_depends_on_the_tiers_alone() {
    build_and_execute(|| {
        let expected = <() as WeightInfo>::settle(3);
        assert_eq!(Emission::settle(1, 1, 2), expected);
        for hotkey in 0..1_000 {
            note(hotkey, 2, 100_000);
        }
        assert_eq!(Emission::settle(2, 2, 3), expected);
        // A longer table that takes its place counts.
        let rows: Vec<_> = (1..=4)
            .map(|i| base(u64::from(i), 100, 100 - i, 1))
            .collect();
        Emission::set_tiers(RuntimeOrigin::root(), rows.try_into().unwrap()).unwrap();
        assert_eq!(Emission::settle(3, 3, 4), <() as WeightInfo>::settle(4));
    });
}
