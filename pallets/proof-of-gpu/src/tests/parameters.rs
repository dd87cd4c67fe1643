// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use proof_of_gpu_primitives::{MAX_ROUNDS, VerifyError, Workload};
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
        work: 40,
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
        with(|p| p.work = u32::MAX - 12),
        Err(ParametersError::TooLong)
    );
    assert_eq!(with(|p| p.work = u32::MAX - 13), Ok(()));
}

/// What the blocks of grace count as time, a card that commits in the first of them did not
/// work in: with a quarter of the work it loses a fifth at most.
#[test]
fn the_grace_is_a_quarter_of_the_work_at_most() {
    let with_both = |work, grace| {
        with(|p| {
            p.work = work;
            p.grace = grace;
        })
    };
    for (work, grace) in [(4, 1), (40, 4), (40, 10), (u32::MAX / 2, u32::MAX / 8)] {
        assert_eq!(with_both(work, grace), Ok(()), "{work} and {grace}");
    }
    for (work, grace) in [(3, 1), (10, 4), (40, 11), (10, 1_000), (1, u32::MAX)] {
        assert_eq!(
            with_both(work, grace),
            Err(ParametersError::GraceTooLong),
            "{work} and {grace}"
        );
    }
}

/// As many rounds as there are blocks of 600,000 each, the slot before the window among
/// them, and never more than a range holds.
#[test]
fn a_window_has_time_for_so_many_rounds() {
    let most = |work, grace| {
        WindowParameters {
            work,
            grace,
            ..parameters()
        }
        .most_rounds()
    };
    assert_eq!(most(4, 1), 3_600_000);
    assert_eq!(most(40, 4), 27_000_000);
    assert_eq!(most(3_600, 1), MAX_ROUNDS);
    assert_eq!(most(u32::MAX, u32::MAX), MAX_ROUNDS);
    // In the largest round, a card of 3,000 TOPS makes a seventieth of them.
    let window = 45 * 6_000;
    let shape = Workload::new(16_384, 16_384, 4_096);
    let tera = crate::throughput(most(40, 4), &shape, window) / 1_000_000;
    assert!(tera > 200_000, "{tera} TOPS");
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
