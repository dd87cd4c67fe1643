// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which parameters fit together.

use crate::{ParametersError, mock::*};
use sp_runtime::{FixedU128, traits::Zero};
use tokenomics_primitives::price;

#[test]
fn each_relation_has_its_error() {
    let check = |change: fn(&mut Parameter)| {
        let mut parameters = Parameters::get();
        change(&mut parameters);
        parameters.validate()
    };
    assert_eq!(check(|_| {}), Ok(()));
    assert_eq!(
        check(|it| it.miner.floor = 0),
        Err(ParametersError::ZeroFloor)
    );
    assert_eq!(
        check(|it| it.validator.floor = 0),
        Err(ParametersError::ZeroFloor)
    );
    assert_eq!(
        check(|it| it.miner.ceiling = FLOOR - 1),
        Err(ParametersError::FloorAboveCeiling)
    );
    assert_eq!(check(|it| it.miner.ceiling = FLOOR), Ok(()));
    assert_eq!(
        check(|it| it.validator.ceiling = 4_999),
        Err(ParametersError::FloorAboveCeiling)
    );
    assert_eq!(
        check(|it| it.bump = FixedU128::from_inner(999_999_999_999_999_999)),
        Err(ParametersError::BumpBelowOne)
    );
    assert_eq!(check(|it| it.bump = FixedU128::from_u32(1)), Ok(()));
    assert_eq!(
        check(|it| it.half_life = 0),
        Err(ParametersError::ZeroHalfLife)
    );
    assert_eq!(
        check(|it| it.slots_per_call = 0),
        Err(ParametersError::ZeroSlotsPerCall)
    );
    assert_eq!(
        check(|it| it.term = Zero::zero()),
        Err(ParametersError::ZeroTerm)
    );
    assert_eq!(check(|it| it.bond = 0), Err(ParametersError::ZeroBond));
}

/// Blocks of a day, where one comes in six seconds.
const DAY: BlockNumber = 14_400;

fn admitted(bump: FixedU128, half_life: BlockNumber, blocks: BlockNumber) -> Option<u64> {
    Parameter {
        bump,
        half_life,
        ..Parameters::get()
    }
    .slots_admitted(blocks)
}

/// The README's table.
#[test]
fn what_a_price_in_balance_admits() {
    let bump = |parts| FixedU128::from_rational(parts, 10_000);
    assert_eq!(admitted(bump(12_600), DAY, DAY), Some(2));
    assert_eq!(admitted(bump(12_600), DAY, 30 * DAY), Some(89));
    assert_eq!(admitted(bump(10_100), DAY / 4, DAY), Some(278));
    assert_eq!(admitted(bump(10_025), DAY, DAY), Some(277));
    assert_eq!(admitted(bump(10_100), 10 * DAY / 4, DAY), Some(27));
    // Doubled by each sale, and by two of them.
    assert_eq!(admitted(bump(20_000), DAY, 7 * DAY), Some(7));
    assert_eq!(admitted(bump(40_000), DAY, 7 * DAY), Some(3));
    assert_eq!(admitted(bump(12_600), DAY, 0), Some(0));
    // Of the largest numbers there are: a bump of some 68 doublings.
    let most = admitted(FixedU128::from_inner(u128::MAX), 1, u64::MAX);
    assert!(most > Some(u64::MAX / 69) && most < Some(u64::MAX / 68));
}

#[test]
fn what_nothing_limits_has_no_number() {
    assert_eq!(admitted(FixedU128::from_u32(1), DAY, DAY), None);
    assert_eq!(
        admitted(FixedU128::from_inner(10u128.pow(18) + 1), DAY, DAY),
        None
    );
    assert_eq!(
        admitted(FixedU128::from_inner(10u128.pow(18) - 1), DAY, DAY),
        None
    );
    assert_eq!(admitted(FixedU128::from_u32(2), 0, DAY), None);
    assert_eq!(
        admitted(FixedU128::from_inner(10u128.pow(18) + 3), 1, u64::MAX),
        None
    );
}

/// The price after so many slots were sold evenly in so many blocks.
fn sold(bump: FixedU128, half_life: BlockNumber, blocks: BlockNumber, slots: u64) -> Balance {
    let mut now = 0;
    (1..=slots).fold(10u128.pow(24), |price, slot| {
        let at = blocks * slot / slots;
        let fallen = price::decayed(price, 1, at - now, half_life).expect("it is positive");
        now = at;
        price::bumped(fallen, bump, u128::MAX).expect("it is above one")
    })
}

/// The twin of the formula: sold as many, the price is where it was, and above with more.
#[test]
fn as_many_slots_as_are_admitted_leave_the_price_where_it_was() {
    let before = 10u128.pow(24);
    for (parts, half_life, days) in [
        (12_600, DAY, 100),
        (10_100, DAY / 4, 10),
        (10_025, DAY, 10),
        (10_014, 7 * DAY, 30),
    ] {
        let bump = FixedU128::from_rational(parts, 10_000);
        let slots = admitted(bump, half_life, days * DAY).expect("it is limited");
        let after = |slots| sold(bump, half_life, days * DAY, slots);
        assert!(after(slots * 97 / 100) <= before, "{parts}: {slots}");
        assert!(after(slots + 1) > before, "{parts}: {slots}");
    }
}
