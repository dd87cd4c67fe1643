// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Which parameters fit together, and what bad ones do.

use crate::{BuybackParameters, MIN_SAMPLE_CLAMP, ParametersError, mock::*};
use sp_runtime::{Perbill, Permill};

#[test]
fn each_relation_has_its_error() {
    let check = |change: fn(&mut BuybackParameters)| {
        let mut parameters = parameters();
        change(&mut parameters);
        parameters.validate(LiquidityFee::get())
    };
    assert_eq!(check(|_| {}), Ok(()));
    assert_eq!(check(|it| it.period = 0), Err(ParametersError::ZeroPeriod));
    assert_eq!(
        check(|it| it.pace = Perbill::zero()),
        Err(ParametersError::ZeroPace)
    );
    assert_eq!(
        check(|it| it.depth_limit = Permill::zero()),
        Err(ParametersError::ZeroDepthLimit)
    );
    assert_eq!(
        check(|it| it.depth_limit = Permill::from_parts(3_001)),
        Err(ParametersError::DepthLimitAboveFee)
    );
    assert_eq!(
        check(|it| it.tolerance = Perbill::from_parts(6_000_000)),
        Err(ParametersError::ToleranceTooNarrow)
    );
    assert_eq!(
        check(|it| it.tolerance = Perbill::from_parts(6_000_001)),
        Ok(())
    );
    assert_eq!(
        check(|it| it.tolerance = Perbill::one()),
        Err(ParametersError::ToleranceTooWide)
    );
    assert_eq!(
        check(|it| it.sample_clamp = Perbill::from_parts(MIN_SAMPLE_CLAMP.deconstruct() - 1)),
        Err(ParametersError::SampleClampTooNarrow)
    );
    assert_eq!(check(|it| it.sample_clamp = MIN_SAMPLE_CLAMP), Ok(()));
    assert_eq!(
        check(|it| it.sample_clamp = Perbill::one()),
        Err(ParametersError::SampleClampTooWide)
    );
    assert_eq!(
        check(|it| it.averaged_blocks = 0),
        Err(ParametersError::ZeroAveragedBlocks)
    );
}

#[test]
fn a_slice_at_the_average_passes_the_narrowest_tolerance() {
    build_and_execute(|| {
        Parameters::mutate(|it| it.tolerance = Perbill::from_parts(6_000_001));
        deposit(TAO, 10_000 * NI);
        before_a_slice();
        next_block();
        assert_eq!(
            Buyback::ledger(TAO).spent,
            300 * NI,
            "the whole depth, the dearest slice there is"
        );
    });
}

#[test]
fn bad_parameters_stop_no_block_and_lose_nothing() {
    build_and_execute(|| {
        deposit(TAO, 100 * NI);
        let bad = BuybackParameters {
            period: 0,
            pace: Perbill::zero(),
            depth_limit: Permill::one(),
            tolerance: Perbill::one(),
            sample_clamp: Perbill::one(),
            averaged_blocks: 0,
        };
        Parameters::set(bad);
        forward(3 * PERIOD);
        let ledger = Buyback::ledger(TAO);
        assert_eq!(balance(TAO, pot()), ledger.pending());
        // The pool's fee still bounds the slices, though the limit does not.
        for event in events() {
            if let crate::Event::SliceBought { spent, .. } = event {
                assert!(spent <= 301 * NI);
            }
        }
        Parameters::set(parameters());
    });
}
