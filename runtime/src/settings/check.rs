// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What hyperparameters have to be, each set by itself and all together.

use super::{
    BaseCeiling, BuybackParameters, Config, DelegationParameters, EmissionParameters, Error,
    GovernanceParameters, RegistrationParameters, RuntimeParameters, RuntimeParametersKey,
    Surroundings, WindowParameters,
    bounds::{self, Authority, Field},
    parameters,
};
use crate::BlockNumber;
use alloc::vec::Vec;
use codec::DecodeAll;
use frame_support::{
    ensure,
    traits::{Get, dynamic_params::AggregatedKeyValue},
};
use proof_of_gpu_primitives::MAX_ROUNDS;

/// Rounds that no GPU makes in a slot, whatever their shape, nor batches of a walk: each
/// waits for the hash of the one before it. A hundred a millisecond for slots of 6 s, and
/// still fifty for slots twice as long.
const ROUNDS_A_SLOT: u64 = 600_000;

/// How many times as long as stake is answerable it, or a bond, may take to leave, at most:
/// what is on its way keeps the time it was given. 85 days on the production chain.
const MOST_HELD: u64 = 12;

/// All hyperparameters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Values {
    pub(crate) window: WindowParameters,
    pub(crate) registration: RegistrationParameters,
    pub(crate) emission: EmissionParameters,
    pub(crate) buyback: BuybackParameters,
    pub(crate) delegation: DelegationParameters,
    pub(crate) governance: GovernanceParameters,
}

impl Values {
    /// Those in storage.
    pub(crate) fn stored() -> Self {
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

    /// Their keys.
    pub(super) fn keys() -> [RuntimeParametersKey; 6] {
        use parameters::keys::{
            buyback, delegation, emission, governance, proof_of_gpu, registration,
        };
        [
            RuntimeParametersKey::ProofOfGpu(proof_of_gpu::ParametersKey::Window(
                parameters::Window,
            )),
            RuntimeParametersKey::Registration(registration::ParametersKey::Registration(
                parameters::Registration,
            )),
            RuntimeParametersKey::Emission(emission::ParametersKey::Emission(parameters::Emission)),
            RuntimeParametersKey::Buyback(buyback::ParametersKey::Buyback(parameters::Buyback)),
            RuntimeParametersKey::Delegation(delegation::ParametersKey::Delegation(
                parameters::Delegation,
            )),
            RuntimeParametersKey::Governance(governance::ParametersKey::Governance(
                parameters::Governance,
            )),
        ]
    }

    /// A stored value, if all of the bytes are one.
    pub(super) fn decode_all(
        mut bytes: &[u8],
    ) -> Option<<RuntimeParameters as AggregatedKeyValue>::Value> {
        DecodeAll::decode_all(&mut bytes).ok()
    }

    /// Every field with its bounds on this chain.
    pub(crate) fn fields<T: Config>(&self) -> Vec<Field> {
        bounds::fields(self, BaseCeiling::<T>::get())
    }

    /// As they are written.
    pub(crate) fn into_parameters(self) -> [RuntimeParameters; 6] {
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
        if self.window.samples > T::Surroundings::max_samples()
            || walk_samples > T::Surroundings::max_walk_samples()
        {
            return Err(Error::Samples);
        }
        if self.window.walk.is_none() && T::Surroundings::asks_for_memory() {
            return Err(Error::WalkNeeded);
        }
        self.check_capacity::<T>()?;
        self.registration.validate()?;
        self.emission.validate()?;
        self.buyback.validate(T::Surroundings::liquidity_fee())?;
        self.delegation.validate()?;
        let unbonding = u64::from(self.delegation.unbonding);
        let answerable = T::Surroundings::answerable_for();
        if unbonding <= answerable || unbonding > longest_held::<T>() {
            return Err(Error::Unbonding);
        }
        self.governance.validate()?;
        self.check_cool_down()?;
        let within = self.fields::<T>().iter().all(Field::is_within_bounds);
        ensure!(within, Error::Bounds);
        Ok(())
    }

    /// Whether these may take the place of `old` by such a decision. Each field moves by
    /// its pace at most, and a guarded one by the thresholds of new code only. Referenda can
    /// still be decided, and only by many: the support floor is lowered by half at most, as
    /// a few could have at once what many are asked for, and raised to what is staked at
    /// most, as nobody could decide anything any more, nor take it back.
    pub(super) fn check_change<T: Config>(
        &self,
        old: &Self,
        authority: Authority,
    ) -> Result<(), Error<T>> {
        let (from, to) = (old.governance.support_floor, self.governance.support_floor);
        let within_reach = to <= from || to <= T::Surroundings::total_staked();
        ensure!(within_reach && to >= from / 2, Error::Support);
        for (old, new) in old.fields::<T>().iter().zip(self.fields::<T>()) {
            ensure!(
                old.value == new.value || new.authority <= authority,
                Error::Guarded
            );
            ensure!(old.reaches(&new), Error::Step);
        }
        Ok(())
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
        let held = T::Surroundings::reveals_held(window, most_rounds);
        // Four fifths; the capacity times five fits 64 bits.
        if u64::from(window.capacity).saturating_mul(5) <= held.saturating_mul(4) {
            Ok(())
        } else {
            Err(Error::Capacity)
        }
    }

    fn check_cool_down<T: Config>(&self) -> Result<(), Error<T>> {
        let window = &self.window;
        let longest: Option<BlockNumber> =
            [window.work, window.grace, window.sampling, window.reveal]
                .into_iter()
                .try_fold(window.max_gap, |sum, phase| sum.checked_add(phase));
        match longest {
            Some(longest)
                if self.registration.cool_down > longest
                    && u64::from(self.registration.cool_down) <= longest_held::<T>() =>
            {
                Ok(())
            }
            _ => Err(Error::CoolDown),
        }
    }
}

/// The most blocks for which what leaves is held.
fn longest_held<T: Config>() -> u64 {
    let answerable = T::Surroundings::answerable_for();
    // Sessions times their blocks times twelve: far below 64 bits. Were it not, a setting
    // of 32 bits would still be compared with the largest there is.
    answerable.saturating_mul(MOST_HELD)
}
