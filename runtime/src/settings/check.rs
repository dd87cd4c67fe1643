// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What hyperparameters have to be, each set by itself and all together.

use super::{
    BuybackParameters, Config, DelegationParameters, EmissionParameters, Error,
    GovernanceParameters, RegistrationParameters, RuntimeParameters, WindowParameters, parameters,
};
use crate::{
    BlockNumber,
    configs::{consensus::ReportLongevity, market::LiquidityFee, proof::MAX_SAMPLES},
};
use frame_support::traits::Get;

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
        if self.window.samples > MAX_SAMPLES {
            return Err(Error::Samples);
        }
        self.registration.validate()?;
        self.emission.validate()?;
        self.buyback.validate(LiquidityFee::get())?;
        self.delegation.validate()?;
        if u64::from(self.delegation.unbonding) <= ReportLongevity::get() {
            return Err(Error::Unbonding);
        }
        self.governance.validate()?;
        self.check_cool_down()
    }

    fn check_cool_down<T>(&self) -> Result<(), Error<T>> {
        let window = &self.window;
        let longest: Option<BlockNumber> =
            [window.work, window.grace, window.sampling, window.reveal]
                .into_iter()
                .try_fold(window.max_gap, |sum, phase| sum.checked_add(phase));
        match longest {
            Some(longest) if self.registration.cool_down > longest => Ok(()),
            _ => Err(Error::CoolDown),
        }
    }
}
