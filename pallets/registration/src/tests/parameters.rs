// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which parameters fit together.

use crate::{ParametersError, mock::*};
use sp_runtime::{FixedU128, traits::Zero};

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
