// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The production chain's hyperparameters, with slots of 6 s.

use super::{
    BuybackParameters, DelegationParameters, EmissionParameters, GovernanceParameters,
    ReferendumPeriods, RegistrationParameters, WindowParameters,
};
use crate::{Balance, BlockNumber, NI, TAO_UNIT};
use frame_support::traits::Get;
use pallet_registration::PriceBounds;
use proof_of_gpu_primitives::Workload;
use sp_runtime::{FixedU128, Perbill, Permill, Perquintill};

/// A slot's length, in ms.
pub const SLOT_DURATION: u64 = 6_000;

/// Slots in an epoch: an hour.
pub const EPOCH_DURATION: u64 = 600;

/// Blocks of a day.
pub const DAY: BlockNumber = 14_400;

/// The most that a block ever mints where genesis says nothing else: twice the base.
pub const BASE_CEILING: Balance = NI;

/// How windows go.
pub fn window() -> WindowParameters {
    WindowParameters {
        // The largest round: at 400 TFLOPS it takes 5.5 ms.
        workload: Workload::new(16_384, 16_384, 4_096),
        samples: 16,
        // Version 1 of the protocol, until its speed was measured on the GPUs that are to
        // run the walk.
        walk: None,
        // A window every 65 minutes on average: 59 of them are the gap, of which two
        // thirds are certain. A GPU works for 4.4 of them, a fifteenth of its time.
        min_gap: 400,
        max_gap: 1_000,
        open_chance: Perbill::from_parts(5_000_000),
        // A commit in any grace block counts the work of all slots, and a GPU cannot
        // work while it is sent: grace is a small part of both.
        work: 40,
        grace: 4,
        sampling: 8,
        reveal: 12,
        // Less than 80% of 11 blocks of reveals: what their length allows, by however
        // many rounds, as their weight does more. The phase's first block holds none.
        capacity: 1_700,
        slash_share: Perbill::from_percent(50),
        bounty_share: Perbill::from_percent(10),
    }
}

/// What a place in the network costs.
pub fn registration() -> RegistrationParameters {
    RegistrationParameters {
        miner: PriceBounds {
            floor: NI / 10,
            ceiling: 1_000 * NI,
        },
        validator: PriceBounds {
            floor: 10 * NI,
            ceiling: 10_000 * NI,
        },
        // At a steady price 70 slots are sold in a half-life, 279 a day: as many as a
        // network of 8,000 cards renews. A day's worth at once costs sixteen times the
        // price, and a price at its ceiling is back at a sixteenth a day later.
        bump: FixedU128::from_rational(101, 100),
        half_life: DAY / 4,
        slots_per_call: 16,
        term: 30 * DAY,
        // Backs 1.4 NI a window of a GPU that reveals 16 samples: more than the
        // strongest card is ever due (`relations`).
        bond: 50 * NI,
        cool_down: DAY,
    }
}

/// What is paid, and out of what.
pub fn emission() -> EmissionParameters {
    EmissionParameters {
        // Half of the supply in four years of 6 s blocks.
        base: NI / 2,
        // The pool drips out over a month.
        drip: Perquintill::from_rational(1u64, 30 * u64::from(DAY)),
        // A round is paid for two hours at most.
        max_round: DAY / 12,
        // A thousand GPUs of 400 TFLOPS earn it all. With fewer, a card is due what it is
        // of a thousand, which its bond backs.
        reference_weight: 400_000_000_000_000_000,
        stakers_share: Perbill::from_percent(50),
        day: DAY,
        retired_below: Perbill::from_percent(5),
    }
}

/// How revenue buys NI.
pub fn buyback() -> BuybackParameters {
    BuybackParameters {
        // An hour, in which a slice spends all that waits, as far as the pool is deep
        // enough: at a slower pace p, (1 − p) / p hours' revenue would wait for ever.
        period: DAY / 24,
        pace: Perbill::one(),
        // The pools' fee: a sandwich pays it twice and moves the price by it once.
        depth_limit: Permill::from_parts(3_000),
        tolerance: Perbill::from_percent(2),
        // Slices stop for eight hours where NI doubles, until the average followed it. An
        // hour at a false price moves it by 10.5% at most.
        sample_clamp: Perbill::from_percent(10),
        averaged_blocks: DAY / 24,
    }
}

/// What a referendum needs.
pub fn governance() -> GovernanceParameters {
    GovernanceParameters {
        support_floor: 10_000 * TAO_UNIT,
    }
}

/// How long the phases of a referendum take.
pub struct Periods;

impl Get<ReferendumPeriods> for Periods {
    fn get() -> ReferendumPeriods {
        ReferendumPeriods {
            prepare: DAY,
            decision: 14 * DAY,
            confirm: DAY,
            enactment: 2 * DAY,
        }
    }
}

/// What validators and their stakers go by.
pub fn delegation() -> DelegationParameters {
    DelegationParameters {
        self_stake: 1_000 * TAO_UNIT,
        min_stake: TAO_UNIT / 10,
        validators: 64,
        // Twice as long as an equivocation can be reported.
        unbonding: 14 * DAY,
        max_commission: Perbill::from_percent(25),
        max_commission_rise: Perbill::from_percent(1),
        commission_interval: DAY,
        min_slash: Perbill::from_percent(10),
    }
}
