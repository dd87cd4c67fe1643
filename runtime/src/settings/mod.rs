// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Settings
//!
//! ## Overview
//!
//! What a chain's genesis decides: how long a slot is, and the hyperparameters by
//! which windows, registration and emission go. A genesis that names none has
//! those of the production chain ([`defaults`]).
//!
//! The slot duration stays what it was at genesis: BABE could not follow a
//! change. The hyperparameters can be replaced by Root, one set at a time and
//! only by values that fit together. A window that is going on keeps those it
//! was opened with; registrations keep what they paid for.
//!
//! ## Invariants
//!
//! 1. The slot duration is even and above zero.
//! 2. Each set passes its own check.
//! 3. A reveal opens no more than `ProofOfGpu::MaxSamples`.
//! 4. The bonds' cool-down is longer than the longest window and the gap before it.

mod benchmarking;
pub mod defaults;
pub mod weights;

pub use pallet::*;
pub use weights::WeightInfo;

use crate::{Balance, BlockNumber};

/// How windows go.
pub type WindowParameters = pallet_proof_of_gpu::WindowParameters;
/// What a place in the network costs.
pub type RegistrationParameters = pallet_registration::RegistrationParameters<Balance, BlockNumber>;
/// What is paid, and out of what.
pub type EmissionParameters = pallet_emission::EmissionParameters<Balance>;

// The macro's expansion qualifies names that are in scope here, and casts the
// numbers of variants.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
/// See the module's documentation.
#[frame_support::pallet]
pub mod pallet {
    use super::{
        BlockNumber, EmissionParameters, RegistrationParameters, WeightInfo, WindowParameters,
        defaults,
    };
    use frame_support::{pallet_prelude::*, traits::ConstU64};
    use frame_system::pallet_prelude::*;
    use pallet_emission::ParameterError as EmissionError;
    use pallet_proof_of_gpu::ParametersError as WindowError;
    use pallet_registration::ParametersError as RegistrationError;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet: see the module's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What bounds the settings.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Most openings in a reveal.
        #[pallet::constant]
        type MaxSamples: Get<u32>;

        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// A slot's length, in ms. Never written after genesis.
    #[pallet::storage]
    pub type SlotDuration<T> =
        StorageValue<_, u64, ValueQuery, ConstU64<{ defaults::SLOT_DURATION }>>;

    /// How the next window goes.
    #[pallet::storage]
    pub type Window<T> = StorageValue<_, WindowParameters, ValueQuery, defaults::Window>;

    /// What a place in the network costs.
    #[pallet::storage]
    pub type Registration<T> =
        StorageValue<_, RegistrationParameters, ValueQuery, defaults::Registration>;

    /// What the next round pays.
    #[pallet::storage]
    pub type Emission<T> = StorageValue<_, EmissionParameters, ValueQuery, defaults::Emission>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The next window goes by these.
        WindowSet {
            /// The new parameters.
            parameters: WindowParameters,
        },
        /// What is bought from now on is bought by these.
        RegistrationSet {
            /// The new parameters.
            parameters: RegistrationParameters,
        },
        /// The next round is settled by these.
        EmissionSet {
            /// The new parameters.
            parameters: EmissionParameters,
        },
    }

    /// Why settings were refused; state is then unchanged.
    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// The slot duration is zero or odd: BABE keeps its half.
        SlotDuration,
        /// The protocol does not allow the workload's shape.
        Workload,
        /// A reveal would open nothing, or more than `MaxSamples`.
        Samples,
        /// The shortest gap between windows is above the longest.
        Gaps,
        /// A phase has no block, the sampling fewer than eight, or all together
        /// more than block numbers can count.
        Phases,
        /// No reveal fits the reveal phase.
        Capacity,
        /// A lie costs nothing, or its reporter gets more than a tenth of what it
        /// costs.
        Shares,
        /// A price's floor is zero or above its ceiling, its bump below one or its
        /// half-life zero.
        Price,
        /// No slot can be bought, or its lease has no block.
        Lease,
        /// A GPU needs no bond.
        Bond,
        /// A bond could leave before a window it stands for is over.
        CoolDown,
        /// A round is paid for no block or for more than a day, or a day has no
        /// block.
        Round,
        /// Any weight at all would earn a round's whole budget.
        Reference,
    }

    impl<T> From<WindowError> for Error<T> {
        fn from(error: WindowError) -> Self {
            match error {
                WindowError::Workload(_) => Self::Workload,
                WindowError::NoSamples => Self::Samples,
                WindowError::Gaps => Self::Gaps,
                WindowError::EmptyPhase | WindowError::SamplingTooShort | WindowError::TooLong => {
                    Self::Phases
                }
                WindowError::NoCapacity => Self::Capacity,
                WindowError::NoSlash | WindowError::BountyTooLarge => Self::Shares,
            }
        }
    }

    impl<T> From<RegistrationError> for Error<T> {
        fn from(error: RegistrationError) -> Self {
            match error {
                RegistrationError::ZeroFloor
                | RegistrationError::FloorAboveCeiling
                | RegistrationError::BumpBelowOne
                | RegistrationError::ZeroHalfLife => Self::Price,
                RegistrationError::ZeroSlotsPerCall | RegistrationError::ZeroTerm => Self::Lease,
                RegistrationError::ZeroBond => Self::Bond,
            }
        }
    }

    impl<T> From<EmissionError> for Error<T> {
        fn from(error: EmissionError) -> Self {
            match error {
                EmissionError::NoRound
                | EmissionError::NoDay
                | EmissionError::RoundLongerThanDay => Self::Round,
                EmissionError::NoReference => Self::Reference,
            }
        }
    }

    /// What genesis decides. A genesis whose values do not fit together is refused
    /// by a panic, as no chain exists yet that could go on without.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// A slot's length, in ms.
        pub slot_duration: u64,
        /// How windows go.
        pub window: WindowParameters,
        /// What a place in the network costs.
        pub registration: RegistrationParameters,
        /// What a round pays.
        pub emission: EmissionParameters,
        /// No value is kept for it.
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                slot_duration: defaults::SLOT_DURATION,
                window: defaults::Window::get(),
                registration: defaults::Registration::get(),
                emission: defaults::Emission::get(),
                _config: Default::default(),
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            SlotDuration::<T>::put(self.slot_duration);
            Window::<T>::put(&self.window);
            Registration::<T>::put(self.registration);
            Emission::<T>::put(self.emission);
            let checked = Pallet::<T>::check(
                self.slot_duration,
                &self.window,
                &self.registration,
                &self.emission,
            );
            assert!(
                checked.is_ok(),
                "the settings are refused: {:?}",
                checked.err()
            );
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Replace what the next window goes by.
        ///
        /// The origin must be Root.
        ///
        /// # Errors
        ///
        /// [`Error::Workload`], [`Error::Samples`], [`Error::Gaps`],
        /// [`Error::Phases`], [`Error::Capacity`], [`Error::Shares`], and
        /// [`Error::CoolDown`] where the present cool-down is too short for it.
        #[pallet::call_index(0)]
        pub fn set_window(origin: OriginFor<T>, parameters: WindowParameters) -> DispatchResult {
            ensure_root(origin)?;
            Self::check_window(&parameters)?;
            Self::check_cool_down(&parameters, &Registration::<T>::get())?;
            Window::<T>::put(&parameters);
            Self::deposit_event(Event::WindowSet { parameters });
            Ok(())
        }

        /// Replace what is asked of those who register.
        ///
        /// The origin must be Root.
        ///
        /// # Errors
        ///
        /// [`Error::Price`], [`Error::Lease`], [`Error::Bond`], and
        /// [`Error::CoolDown`] where it is too short for the present windows.
        #[pallet::call_index(1)]
        pub fn set_registration(
            origin: OriginFor<T>,
            parameters: RegistrationParameters,
        ) -> DispatchResult {
            ensure_root(origin)?;
            parameters.validate().map_err(Error::<T>::from)?;
            Self::check_cool_down(&Window::<T>::get(), &parameters)?;
            Registration::<T>::put(parameters);
            Self::deposit_event(Event::RegistrationSet { parameters });
            Ok(())
        }

        /// Replace what the next round is settled by.
        ///
        /// The origin must be Root.
        ///
        /// # Errors
        ///
        /// [`Error::Round`], [`Error::Reference`].
        #[pallet::call_index(2)]
        pub fn set_emission(
            origin: OriginFor<T>,
            parameters: EmissionParameters,
        ) -> DispatchResult {
            ensure_root(origin)?;
            parameters.validate().map_err(Error::<T>::from)?;
            Emission::<T>::put(parameters);
            Self::deposit_event(Event::EmissionSet { parameters });
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// All invariants, over given values.
        fn check(
            slot_duration: u64,
            window: &WindowParameters,
            registration: &RegistrationParameters,
            emission: &EmissionParameters,
        ) -> Result<(), Error<T>> {
            if slot_duration == 0 || !slot_duration.is_multiple_of(2) {
                return Err(Error::SlotDuration);
            }
            Self::check_window(window)?;
            registration.validate()?;
            emission.validate()?;
            Self::check_cool_down(window, registration)
        }

        fn check_window(parameters: &WindowParameters) -> Result<(), Error<T>> {
            parameters.validate()?;
            if parameters.samples > T::MaxSamples::get() {
                return Err(Error::Samples);
            }
            Ok(())
        }

        fn check_cool_down(
            window: &WindowParameters,
            registration: &RegistrationParameters,
        ) -> Result<(), Error<T>> {
            let longest: Option<BlockNumber> =
                [window.work, window.grace, window.sampling, window.reveal]
                    .into_iter()
                    .try_fold(window.max_gap, |sum, phase| sum.checked_add(phase));
            match longest {
                Some(longest) if registration.cool_down > longest => Ok(()),
                _ => Err(Error::CoolDown),
            }
        }

        /// Checks the invariants of the module's documentation.
        #[cfg(any(feature = "try-runtime", test))]
        pub(crate) fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check(
                SlotDuration::<T>::get(),
                &Window::<T>::get(),
                &Registration::<T>::get(),
                &Emission::<T>::get(),
            )
            .map_err(|error| sp_runtime::TryRuntimeError::Other(error.into()))
        }
    }
}
