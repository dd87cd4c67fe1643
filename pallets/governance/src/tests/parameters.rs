// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is governed.

use crate::{GovernanceParameters, ParametersError};

#[test]
fn a_floor_is_above_zero() {
    let parameters = |support_floor: u128| GovernanceParameters { support_floor };
    assert_eq!(parameters(1).validate(), Ok(()));
    assert_eq!(
        parameters(0).validate(),
        Err(ParametersError::ZeroSupportFloor)
    );
}
