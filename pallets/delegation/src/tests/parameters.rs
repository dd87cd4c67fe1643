// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Parameters that do not fit together.

use crate::{ParametersError, mock::*};
use sp_runtime::Perbill;

fn refused(change: impl FnOnce(&mut Parameter)) -> Option<ParametersError> {
    let mut changed = parameters();
    change(&mut changed);
    changed.validate().err()
}

#[test]
fn each_error_has_its_cause() {
    use ParametersError::*;
    assert_eq!(refused(|_| ()), None);
    assert_eq!(
        refused(|changed| changed.self_stake = 0),
        Some(ZeroSelfStake)
    );
    assert_eq!(refused(|changed| changed.min_stake = 0), Some(ZeroMinStake));
    assert_eq!(
        refused(|changed| changed.min_stake = SELF_STAKE + 1),
        Some(MinStakeAboveSelfStake)
    );
    assert_eq!(refused(|changed| changed.min_stake = SELF_STAKE), None);
    assert_eq!(
        refused(|changed| changed.validators = 0),
        Some(ZeroValidators)
    );
    assert_eq!(
        refused(|changed| changed.unbonding = 0),
        Some(ZeroUnbonding)
    );
    assert_eq!(
        refused(|changed| changed.commission_interval = 0),
        Some(ZeroCommissionInterval)
    );
    assert_eq!(
        refused(|changed| changed.min_slash = Perbill::zero()),
        Some(ZeroMinSlash)
    );
}
