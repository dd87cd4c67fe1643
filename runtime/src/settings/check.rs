// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What hyperparameters have to be, each set by itself and all together.

use super::{
    BuybackParameters, Config, DelegationParameters, EmissionParameters, Error,
    GovernanceParameters, RegistrationParameters, RuntimeParameters, WindowParameters, parameters,
};
use crate::{
    BlockNumber, Delegation, Emission, ProofOfGpu,
    configs::{
        consensus::AnswerableFor,
        market::LiquidityFee,
        proof::{MAX_SAMPLES, MAX_WALK_SAMPLES},
    },
};
use frame_support::traits::Get;
use proof_of_gpu_primitives::MAX_ROUNDS;

/// Rounds that no GPU makes in a slot, whatever their shape, nor batches of a walk: each
/// waits for the hash of the one before it. A hundred a millisecond for slots of 6 s, and
/// still fifty for slots twice as long.
const ROUNDS_A_SLOT: u64 = 600_000;

/// How many times as long as stake is answerable it, or a bond, may take to leave, at most:
/// what is on its way keeps the time it was given. 85 days on the production chain.
const MOST_HELD: u64 = 12;

/// All hyperparameters.
#[derive(Clone)]
pub(super) struct Values {
    pub(super) window: WindowParameters,
    pub(super) registration: RegistrationParameters,
    pub(super) emission: EmissionParameters,
    pub(super) buyback: BuybackParameters,
    pub(super) delegation: DelegationParameters,
    pub(super) governance: GovernanceParameters,
}

impl Values {
    /// Those in storage.
    pub(super) fn stored() -> Self {
        Self {
            window: parameters::Window::get(),
            registration: parameters::Registration::get(),
            emission: parameters::Emission::get(),
            buyback: parameters::Buyback::get(),
            delegation: parameters::Delegation::get(),
            governance: parameters::Governance::get(),
        }
    }

    /// These, but one set replaced. `None` where it would be unset.
    pub(super) fn with(mut self, new: &RuntimeParameters) -> Option<Self> {
        use parameters::keys::{
            buyback, delegation, emission, governance, proof_of_gpu, registration,
        };
        match new.clone() {
            RuntimeParameters::ProofOfGpu(proof_of_gpu::Parameters::Window(_, value)) => {
                self.window = value?;
            }
            RuntimeParameters::Registration(registration::Parameters::Registration(_, value)) => {
                self.registration = value?;
            }
            RuntimeParameters::Emission(emission::Parameters::Emission(_, value)) => {
                self.emission = value?;
            }
            RuntimeParameters::Buyback(buyback::Parameters::Buyback(_, value)) => {
                self.buyback = value?;
            }
            RuntimeParameters::Delegation(delegation::Parameters::Delegation(_, value)) => {
                self.delegation = value?;
            }
            RuntimeParameters::Governance(governance::Parameters::Governance(_, value)) => {
                self.governance = value?;
            }
        }
        Some(self)
    }

    /// As they are written.
    pub(super) fn into_parameters(self) -> [RuntimeParameters; 6] {
        [
            self.window.into(),
            self.registration.into(),
            self.emission.into(),
            self.buyback.into(),
            self.delegation.into(),
            self.governance.into(),
        ]
    }

    /// Whether each is in its range and all fit together.
    pub(super) fn check<T: Config>(&self) -> Result<(), Error<T>> {
        self.window.validate()?;
        let walk_samples = self.window.walk.map_or(0, |walk| walk.samples);
        if self.window.samples > MAX_SAMPLES || walk_samples > MAX_WALK_SAMPLES {
            return Err(Error::Samples);
        }
        if self.window.walk.is_none() && Emission::asks_for_memory() {
            return Err(Error::WalkNeeded);
        }
        self.check_capacity()?;
        self.registration.validate()?;
        self.emission.validate()?;
        self.buyback.validate(LiquidityFee::get())?;
        self.delegation.validate()?;
        let unbonding = u64::from(self.delegation.unbonding);
        let answerable = AnswerableFor::get();
        if unbonding <= answerable || unbonding > longest_held() {
            return Err(Error::Unbonding);
        }
        self.governance.validate()?;
        self.check_cool_down()
    }

    /// Whether referenda can still be decided, and only by many, with these in place of
    /// `old`: the support floor is lowered by half at most, as a few could have at once
    /// what many are asked for, and raised to what is staked at most, as nobody could
    /// decide anything any more, nor take it back.
    pub(super) fn check_change<T>(&self, old: &Self) -> Result<(), Error<T>> {
        let (from, to) = (old.governance.support_floor, self.governance.support_floor);
        let within_reach = to <= from || to <= Delegation::total_staked();
        if within_reach && to >= from / 2 {
            Ok(())
        } else {
            Err(Error::Support)
        }
    }

    /// Whether a fifth of the reveal phase stays free of reveals: a called GPU whose
    /// reveal found no place would be slashed for it.
    fn check_capacity<T: Config>(&self) -> Result<(), Error<T>> {
        let window = &self.window;
        // Counts of 32 bits times a small constant: within 64.
        let most_rounds = u64::from(window.work)
            .saturating_add(window.grace.into())
            .saturating_add(1)
            .saturating_mul(ROUNDS_A_SLOT);
        let most_rounds =
            u32::try_from(most_rounds).map_or(MAX_ROUNDS, |most| most.min(MAX_ROUNDS));
        let held = ProofOfGpu::reveals_held(window, most_rounds);
        // Four fifths; the capacity times five fits 64 bits.
        if u64::from(window.capacity).saturating_mul(5) <= held.saturating_mul(4) {
            Ok(())
        } else {
            Err(Error::Capacity)
        }
    }

    fn check_cool_down<T>(&self) -> Result<(), Error<T>> {
        let window = &self.window;
        let longest: Option<BlockNumber> =
            [window.work, window.grace, window.sampling, window.reveal]
                .into_iter()
                .try_fold(window.max_gap, |sum, phase| sum.checked_add(phase));
        match longest {
            Some(longest)
                if self.registration.cool_down > longest
                    && u64::from(self.registration.cool_down) <= longest_held() =>
            {
                Ok(())
            }
            _ => Err(Error::CoolDown),
        }
    }
}

/// The most blocks for which what leaves is held.
fn longest_held() -> u64 {
    let answerable: u64 = AnswerableFor::get();
    // Sessions times their blocks times twelve: far below 64 bits. Were it not, a setting
    // of 32 bits would still be compared with the largest there is.
    answerable.saturating_mul(MOST_HELD)
}
