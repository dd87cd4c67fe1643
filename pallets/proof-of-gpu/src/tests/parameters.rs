// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use proof_of_gpu_primitives::{VerifyError, Workload};
use sp_runtime::Perbill;

use crate::{ParametersError, WalkRules, WindowParameters, mock::parameters};

fn with(change: impl FnOnce(&mut WindowParameters)) -> Result<(), ParametersError> {
    let mut parameters = parameters();
    change(&mut parameters);
    parameters.validate()
}

#[test]
fn the_tests_own_are_valid() {
    assert_eq!(parameters().validate(), Ok(()));
}

#[test]
fn productions_are_valid() {
    let production = WindowParameters {
        workload: Workload::new(16_384, 16_384, 4_096),
        samples: 16,
        walk: Some(WalkRules {
            page_bits: 23,
            rounds: 1_280,
            lanes: 1 << 20,
            hops: 16,
            passes: 32,
            samples: 4,
        }),
        min_gap: 100,
        max_gap: 900,
        open_chance: Perbill::from_rational(1u32, 200),
        work: 10,
        grace: 4,
        sampling: 8,
        reveal: 12,
        capacity: 1_500,
        slash_share: Perbill::one(),
        bounty_share: Perbill::from_percent(10),
    };
    assert_eq!(production.validate(), Ok(()));
}

#[test]
fn the_shape_is_the_protocols() {
    assert_eq!(
        with(|p| p.workload = Workload::new(63, 64, 64)),
        Err(ParametersError::Workload(VerifyError::Rows))
    );
}

#[test]
fn a_reveal_opens_something() {
    assert_eq!(with(|p| p.samples = 0), Err(ParametersError::NoSamples));
    assert_eq!(with(|p| p.samples = 1), Ok(()));
}

#[test]
fn the_gaps_are_in_order() {
    assert_eq!(
        with(|p| p.min_gap = p.max_gap + 1),
        Err(ParametersError::Gaps)
    );
    assert_eq!(with(|p| p.min_gap = p.max_gap), Ok(()));
}

#[test]
fn no_phase_is_empty() {
    assert_eq!(with(|p| p.work = 0), Err(ParametersError::EmptyPhase));
    assert_eq!(with(|p| p.grace = 0), Err(ParametersError::EmptyPhase));
    for reveal in [0, 1] {
        let refused = with(|p| p.reveal = reveal);
        assert_eq!(refused, Err(ParametersError::EmptyPhase), "{reveal}");
    }
    assert_eq!(with(|p| p.reveal = 2), Ok(()));
}

#[test]
fn the_sampling_takes_eight_blocks() {
    assert_eq!(
        with(|p| p.sampling = 7),
        Err(ParametersError::SamplingTooShort)
    );
    assert_eq!(with(|p| p.sampling = 8), Ok(()));
}

#[test]
fn the_length_can_be_counted() {
    assert_eq!(
        with(|p| p.work = u32::MAX - 13),
        Err(ParametersError::TooLong)
    );
    assert_eq!(with(|p| p.work = u32::MAX - 14), Ok(()));
}

#[test]
fn somebody_is_called() {
    assert_eq!(with(|p| p.capacity = 0), Err(ParametersError::NoCapacity));
}

#[test]
fn lies_cost_something() {
    assert_eq!(
        with(|p| p.slash_share = Perbill::zero()),
        Err(ParametersError::NoSlash)
    );
}

#[test]
fn the_bounty_is_a_tenth_at_most() {
    assert_eq!(
        with(|p| p.bounty_share = Perbill::from_parts(100_000_001)),
        Err(ParametersError::BountyTooLarge)
    );
    assert_eq!(with(|p| p.bounty_share = Perbill::from_percent(10)), Ok(()));
}

#[test]
fn json_and_back() {
    let json = serde_json::to_value(parameters()).expect("plain data");
    assert_eq!(json["workload"]["m"], 64);
    assert_eq!(json["openChance"], 0);
    assert_eq!(
        serde_json::from_value::<WindowParameters>(json.clone()).expect("what was written"),
        parameters()
    );
    let mut unknown = json;
    unknown["gap"] = 1.into();
    assert!(serde_json::from_value::<WindowParameters>(unknown).is_err());
}
