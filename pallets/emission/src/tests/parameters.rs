// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use crate::{EmissionParameters, ParameterError, mock::*};

#[test]
fn every_reason_to_refuse_parameters() {
    let good = parameters();
    assert_eq!(good.validate(), Ok(()));
    let broken = |change: &dyn Fn(&mut EmissionParameters<Balance>)| {
        let mut parameters = good;
        change(&mut parameters);
        parameters.validate()
    };
    assert_eq!(broken(&|p| p.max_round = 0), Err(ParameterError::NoRound));
    assert_eq!(broken(&|p| p.day = 0), Err(ParameterError::NoDay));
    assert_eq!(broken(&|p| p.max_round = p.day), Ok(()));
    assert_eq!(
        broken(&|p| p.max_round = p.day + 1),
        Err(ParameterError::RoundLongerThanDay)
    );
    assert_eq!(
        broken(&|p| p.reference_weight = 0),
        Err(ParameterError::NoReference)
    );
}
