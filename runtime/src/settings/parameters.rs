// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The hyperparameters' keys and defaults: one struct a pallet.

use super::{
    BuybackParameters, DelegationParameters, EmissionParameters, GovernanceParameters,
    RegistrationParameters, WindowParameters, defaults,
};
use crate::Runtime;
use frame_support::dynamic_params::{dynamic_pallet_params, dynamic_params};

// The macro makes the structs public and takes their documentation from nowhere.
#[allow(missing_docs)]
#[dynamic_params(RuntimeParameters, pallet_parameters::Parameters::<Runtime>)]
pub mod keys {
    use super::*;

    /// How windows go.
    #[dynamic_pallet_params]
    #[codec(index = 0)]
    pub mod proof_of_gpu {
        #[codec(index = 0)]
        pub static Window: WindowParameters = defaults::window();
    }

    /// What a place in the network costs.
    #[dynamic_pallet_params]
    #[codec(index = 1)]
    pub mod registration {
        #[codec(index = 0)]
        pub static Registration: RegistrationParameters = defaults::registration();
    }

    /// What a round pays.
    #[dynamic_pallet_params]
    #[codec(index = 2)]
    pub mod emission {
        #[codec(index = 0)]
        pub static Emission: EmissionParameters = defaults::emission();
    }

    /// How revenue buys NI.
    #[dynamic_pallet_params]
    #[codec(index = 3)]
    pub mod buyback {
        #[codec(index = 0)]
        pub static Buyback: BuybackParameters = defaults::buyback();
    }

    /// What validators and their stakers go by.
    #[dynamic_pallet_params]
    #[codec(index = 4)]
    pub mod delegation {
        #[codec(index = 0)]
        pub static Delegation: DelegationParameters = defaults::delegation();
    }

    /// What a referendum needs.
    #[dynamic_pallet_params]
    #[codec(index = 5)]
    pub mod governance {
        #[codec(index = 0)]
        pub static Governance: GovernanceParameters = defaults::governance();
    }
}

pub use keys::{
    buyback::Buyback, delegation::Delegation, emission::Emission, governance::Governance,
    proof_of_gpu::Window, registration::Registration,
};

macro_rules! settable {
    ($($value:ty => $variant:ident, $module:ident, $key:ident;)*) => {$(
        impl From<$value> for RuntimeParameters {
            fn from(value: $value) -> Self {
                Self::$variant(keys::$module::Parameters::$key(keys::$module::$key, Some(value)))
            }
        }
    )*};
}

settable! {
    WindowParameters => ProofOfGpu, proof_of_gpu, Window;
    RegistrationParameters => Registration, registration, Registration;
    EmissionParameters => Emission, emission, Emission;
    BuybackParameters => Buyback, buyback, Buyback;
    DelegationParameters => Delegation, delegation, Delegation;
    GovernanceParameters => Governance, governance, Governance;
}

// Benchmarks set what has most to check.
#[cfg(feature = "runtime-benchmarks")]
impl Default for RuntimeParameters {
    fn default() -> Self {
        defaults::window().into()
    }
}
