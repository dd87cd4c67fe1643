// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Each invariant broken by hand, and seen.

use crate::{LowestFloor, Results, Rounds, Running, Tiers, mock::*};
use frame_support::traits::{
    fungible::Mutate,
    tokens::{Fortitude, Precision, Preservation},
};
use sp_runtime::{FixedU128, TryRuntimeError};

/// A settled round with an unpaid result, a running one with another; then what
/// is done to them breaks the invariant of this number.
fn breaks(number: &str, poke: impl FnOnce()) {
    genesis(tiers()).execute_with(|| {
        settle_with_one(7, 1);
        note(8, 2, 5_000);
        check();
        poke();
        match Emission::do_try_state() {
            Err(TryRuntimeError::Other(what)) => {
                assert!(what.starts_with(number), "{what} instead of {number}");
            }
            other => panic!("{other:?} instead of {number}"),
        }
    });
}

#[test]
fn the_pot_holds_what_it_owes() {
    breaks("1:", || {
        let (pot, one) = (Emission::pot(), 1);
        let (exact, force) = (Precision::Exact, Fortitude::Polite);
        Balances::burn_from(&pot, one, Preservation::Preserve, exact, force).unwrap();
    });
    breaks("1:", || {
        Rounds::<Test>::mutate(1, |round| {
            let round = round.as_mut().unwrap();
            round.credited += 1;
            round.minted += 1;
        });
    });
    breaks("1:", || {
        let round = Rounds::<Test>::get(1).unwrap();
        let more = Balance::MAX;
        let another = crate::RoundRecord {
            window: 2,
            drawn: 0,
            minted: more,
            credited: more,
            ..round
        };
        Rounds::<Test>::insert(2, another);
    });
}

#[test]
fn a_gift_to_the_pot_breaks_nothing() {
    genesis(tiers()).execute_with(|| {
        Balances::mint_into(&Emission::pot(), 1).unwrap();
        assert_eq!(Emission::do_try_state(), Ok(()));
    });
}

#[test]
fn claimed_is_at_most_credited_is_at_most_paid_in() {
    breaks("2:", || {
        Rounds::<Test>::mutate(1, |round| {
            let round = round.as_mut().unwrap();
            round.weight = round.reference + 1;
        });
    });
    breaks("2:", || {
        Rounds::<Test>::mutate(1, |round| {
            let round = round.as_mut().unwrap();
            round.claimed = round.credited + 1;
        });
    });
    breaks("2:", || {
        Rounds::<Test>::mutate(1, |round| {
            let round = round.as_mut().unwrap();
            round.minted = round.credited - 1;
        });
    });
}

#[test]
fn a_round_stands_in_its_slot() {
    breaks("3:", || Rounds::<Test>::swap(1, 2));
}

#[test]
fn the_running_round_is_the_sum_of_its_results() {
    breaks("4:", || Results::<Test>::remove(8, 0));
    breaks("4:", || {
        Running::<Test>::mutate(|running| running.as_mut().unwrap().mops[1] += 1);
    });
    breaks("4:", || {
        Results::<Test>::mutate(8, 0, |unpaid| unpaid.as_mut().unwrap().tier = 0);
    });
    breaks("4:", || {
        Results::<Test>::mutate(8, 0, |unpaid| unpaid.as_mut().unwrap().tier = 16);
    });
    breaks("4:", || {
        Results::<Test>::mutate(8, 0, |unpaid| unpaid.as_mut().unwrap().rest = 1);
    });
    breaks("4:", || {
        Results::<Test>::mutate(8, 0, |unpaid| unpaid.as_mut().unwrap().rest = 5_001);
    });
    breaks("4:", || {
        Results::<Test>::mutate(8, 0, |unpaid| unpaid.as_mut().unwrap().base = 16);
    });
    breaks("4:", || {
        // A second GPU with the same result.
        Results::<Test>::insert(8, 1, Results::<Test>::get(8, 0).unwrap());
    });
}

#[test]
fn a_round_can_pay_its_results() {
    breaks("5:", || {
        Results::<Test>::insert(7, 1, Results::<Test>::get(7, 0).unwrap());
    });
    breaks("5:", || {
        Results::<Test>::mutate(7, 0, |unpaid| unpaid.as_mut().unwrap().mops += 1);
    });
    breaks("5:", || {
        // As if it had been paid and not removed.
        Rounds::<Test>::mutate(1, |round| {
            let round = round.as_mut().unwrap();
            round.claimed = round.credited;
        });
    });
}

#[test]
fn the_table_is_in_order() {
    breaks("6:", || {
        Tiers::<Test>::mutate(|states| {
            let above = states[1].tier.multiplier;
            states[0].tier.multiplier = above + FixedU128::from_inner(1);
        });
    });
    breaks("6:", || {
        Tiers::<Test>::mutate(|states| {
            states[0].availability.factor = FixedU128::from_rational(49, 100);
        });
    });
    breaks("7:", || VerifiesMemory::set(false));
    breaks("6:", || LowestFloor::<Test>::put(1_001));
    breaks("6:", Tiers::<Test>::kill);
}
