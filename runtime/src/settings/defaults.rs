// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The production chain's hyperparameters, with slots of 6 s.

use super::{EmissionParameters, RegistrationParameters, WindowParameters};
use crate::{BlockNumber, NI};
use frame_support::traits::Get;
use pallet_registration::PriceBounds;
use proof_of_gpu_primitives::Workload;
use sp_runtime::{FixedU128, Perbill, Perquintill};

/// A slot's length, in ms.
pub const SLOT_DURATION: u64 = 6_000;

/// Blocks of a day.
pub const DAY: BlockNumber = 14_400;

/// How windows go.
pub struct Window;

impl Get<WindowParameters> for Window {
    fn get() -> WindowParameters {
        WindowParameters {
            // The largest round: at 400 TFLOPS it takes 5.5 ms.
            workload: Workload::new(16_384, 16_384, 4_096),
            samples: 16,
            // Half an hour on average, of which two thirds are certain.
            min_gap: 200,
            max_gap: 600,
            open_chance: Perbill::from_percent(1),
            work: 10,
            grace: 4,
            sampling: 8,
            reveal: 12,
            // Less than 80% of 12 blocks of 224 reveals: what their length allows,
            // as their weight does more.
            capacity: 2_000,
            slash_share: Perbill::from_percent(50),
            bounty_share: Perbill::from_percent(10),
        }
    }
}

/// What a place in the network costs.
pub struct Registration;

impl Get<RegistrationParameters> for Registration {
    fn get() -> RegistrationParameters {
        RegistrationParameters {
            miner: PriceBounds {
                floor: NI / 10,
                ceiling: 1_000 * NI,
            },
            validator: PriceBounds {
                floor: 10 * NI,
                ceiling: 10_000 * NI,
            },
            bump: FixedU128::from_rational(126, 100),
            half_life: DAY,
            slots_per_call: 8,
            term: 30 * DAY,
            // Backs 1.4 NI a window of a GPU that reveals 16 samples.
            bond: 50 * NI,
            cool_down: DAY,
        }
    }
}

/// What is paid, and out of what.
pub struct Emission;

impl Get<EmissionParameters> for Emission {
    fn get() -> EmissionParameters {
        EmissionParameters {
            // Half of the supply in four years of 6 s blocks.
            base: NI / 2,
            // The pool drips out over a month.
            drip: Perquintill::from_rational(1u64, 30 * u64::from(DAY)),
            // A round is paid for two hours at most.
            max_round: DAY / 12,
            // A hundred GPUs of 400 TFLOPS earn it all.
            reference_weight: 40_000_000_000_000_000,
            stakers_share: Perbill::from_percent(50),
            day: DAY,
            retired_below: Perbill::from_percent(5),
        }
    }
}
