// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Settings
//!
//! ## Overview
//!
//! What a chain's genesis decides: how long a slot is, and the hyperparameters by
//! which windows, registration, emission, buyback, delegation and governance go.
//! A genesis that names none has those of the production chain ([`defaults`]), but for
//! the tier table, which it always names; [`tiers`] has one for real GPUs.
//!
//! The durations of slots and epochs stay what they were at genesis, as BABE could
//! not follow a change, and so do the periods of referenda. The hyperparameters are
//! kept by `pallet-parameters`, one struct for each pallet ([`parameters`]), and replaced by referendum: [`Pallet::set`] refuses
//! values out of range and values that do not fit those of the other pallets, and
//! then writes with [`Origin::Checked`], an origin nothing else can give. A window
//! that is going on keeps those it was opened with; registrations keep what they
//! paid for.
//!
//! ## Invariants
//!
//! 1. The slot duration is even and above zero, an epoch has a slot, and no phase of a
//!    referendum but its preparation is without a block.
//! 2. Each set passes its own check.
//! 3. A reveal opens no more than `ProofOfGpu::MaxSamples`, and of a memory walk no more
//!    than `ProofOfGpu::MaxWalkSamples`.
//! 4. The bonds' cool-down is longer than the longest window and the gap before it.
//! 5. A slice of the buyback is at most the pools' fee deep.
//! 6. Unstaked TAO stays longer than an equivocation can be reported, and at most twelve
//!    times as long.
//! 7. As many reveals as are called, of the product and of a walk where one is asked for,
//!    take four fifths of the reveal phase at most, by weight, by length and by number,
//!    however many rounds and batches were made.
//! 8. Windows ask for a memory walk while a tier, of the table or of the one to come, asks
//!    for memory.
//! 9. Every field is within its bounds.
//! 10. Every set is stored and decodes, and nothing else is stored beside them.
//! 11. No set has changed in a block to come.

mod benchmarking;
pub mod bounds;
mod check;
pub mod defaults;
// The macro casts the numbers of variants.
#[allow(clippy::cast_possible_truncation)]
pub mod parameters;
pub mod tiers;
pub mod weights;

pub use pallet::*;
pub use parameters::{RuntimeParameters, RuntimeParametersKey};
pub use weights::WeightInfo;

pub(crate) use check::Values;

use crate::{Balance, BlockNumber};
use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Permill;

/// How windows go.
pub type WindowParameters = pallet_proof_of_gpu::WindowParameters;
/// What a place in the network costs.
pub type RegistrationParameters = pallet_registration::RegistrationParameters<Balance, BlockNumber>;
/// What is paid, and out of what.
pub type EmissionParameters = pallet_emission::EmissionParameters<Balance>;
/// How revenue buys NI.
pub type BuybackParameters = pallet_buyback::BuybackParameters;
/// What validators and their stakers go by.
pub type DelegationParameters = pallet_delegation::DelegationParameters<BlockNumber>;
/// What a referendum needs.
pub type GovernanceParameters = pallet_governance::GovernanceParameters<Balance>;

/// How long the phases of a referendum take, in blocks.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
pub struct ReferendumPeriods {
    /// From its submission, at least, until it is decided on.
    pub prepare: BlockNumber,
    /// For as long it may be decided on.
    pub decision: BlockNumber,
    /// For as long it has to be passing without a break.
    pub confirm: BlockNumber,
    /// From its end, at least, until what it decided is done.
    pub enactment: BlockNumber,
}

/// What of the chain around them hyperparameters have to fit.
pub trait Surroundings {
    /// Blocks for which somebody who leaves can be held to account.
    fn answerable_for() -> u64;
    /// What a swap leaves in a pool.
    fn liquidity_fee() -> Permill;
    /// Most openings of the product in a reveal.
    fn max_samples() -> u32;
    /// Most lanes of a memory walk that a reveal opens.
    fn max_walk_samples() -> u32;
    /// Whether a tier, of the table or of the one to come, asks for memory.
    fn asks_for_memory() -> bool;
    /// What is staked.
    fn total_staked() -> Balance;
    /// Reveals that a reveal phase holds where no GPU makes more than so many rounds.
    fn reveals_held(parameters: &WindowParameters, rounds: u32) -> u64;
}

// The macro's expansion qualifies names that are in scope here, and casts the
// numbers of variants.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
/// See the module's documentation.
#[frame_support::pallet]
pub mod pallet {
    use super::{
        Balance, BuybackParameters, DelegationParameters, EmissionParameters, GovernanceParameters,
        ReferendumPeriods, RegistrationParameters, RuntimeParameters, RuntimeParametersKey,
        Surroundings, WeightInfo, WindowParameters, bounds::Authority, check::Values, defaults,
    };
    use frame_support::{
        pallet_prelude::*,
        storage::{KeyPrefixIterator, StoragePrefixedMap, unhashed},
        traits::{
            ConstU64, ConstU128, EnsureOrigin, EnsureOriginWithArg, OriginTrait,
            dynamic_params::AggregatedKeyValue,
        },
    };
    use frame_system::pallet_prelude::*;
    use pallet_buyback::ParametersError as BuybackError;
    use pallet_delegation::ParametersError as DelegationError;
    use pallet_emission::ParameterError as EmissionError;
    use pallet_governance::ParametersError as GovernanceError;
    use pallet_proof_of_gpu::ParametersError as WindowError;
    use pallet_registration::ParametersError as RegistrationError;
    use sp_runtime::Saturating;

    /// Version 1 had no bounds on a change, and windows of any grace.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

    /// The pallet: see the module's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What bounds the settings.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeOrigin: From<Origin>, RuntimeEvent: From<Event<Self>>>
        + pallet_parameters::Config<RuntimeParameters = RuntimeParameters>
    {
        /// Who replaces hyperparameters, but for those that are guarded.
        type ParametersOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Who replaces the guarded ones as well: whoever decides on new code.
        type UpgradeOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// What they have to fit.
        type Surroundings: Surroundings;

        /// What the calls cost.
        type WeightInfo: WeightInfo;
    }

    /// A slot's length, in ms. Never written after genesis.
    #[pallet::storage]
    pub type SlotDuration<T> =
        StorageValue<_, u64, ValueQuery, ConstU64<{ defaults::SLOT_DURATION }>>;

    /// Slots in an epoch, which is also a session. Never written after genesis.
    #[pallet::storage]
    pub type EpochDuration<T> =
        StorageValue<_, u64, ValueQuery, ConstU64<{ defaults::EPOCH_DURATION }>>;

    /// How long the phases of a referendum take. Never written after genesis.
    #[pallet::storage]
    pub type Periods<T> = StorageValue<_, ReferendumPeriods, ValueQuery, defaults::Periods>;

    /// The block in which each set was last changed.
    #[pallet::storage]
    pub type LastChange<T: Config> =
        StorageMap<_, Twox64Concat, RuntimeParametersKey, BlockNumberFor<T>, OptionQuery>;

    /// The most that `emission.base` may ever be: twice what genesis had. Never written
    /// after genesis.
    #[pallet::storage]
    pub type BaseCeiling<T> =
        StorageValue<_, Balance, ValueQuery, ConstU128<{ defaults::BASE_CEILING }>>;

    /// Whoever has it writes hyperparameters that were checked.
    #[pallet::origin]
    #[derive(
        Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
    )]
    pub enum Origin {
        /// The values passed the check.
        Checked,
    }

    /// Lets nothing write to `pallet-parameters` but [`Pallet::set`], for any key.
    pub struct EnsureChecked;

    impl<RuntimeOrigin, Key> EnsureOriginWithArg<RuntimeOrigin, Key> for EnsureChecked
    where
        RuntimeOrigin: Clone + OriginTrait<PalletsOrigin: TryInto<Origin>> + From<Origin>,
    {
        type Success = ();

        fn try_origin(origin: RuntimeOrigin, _key: &Key) -> Result<(), RuntimeOrigin> {
            match origin.caller().clone().try_into() {
                Ok(Origin::Checked) => Ok(()),
                Err(_) => Err(origin),
            }
        }

        #[cfg(feature = "runtime-benchmarks")]
        fn try_successful_origin(_key: &Key) -> Result<RuntimeOrigin, ()> {
            Ok(Origin::Checked.into())
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// After an upgrade of the code a stored set does not decode: in its place the
        /// production chain's values are in force.
        DefaultsInForce,
    }

    /// Why settings were refused; state is then unchanged.
    #[pallet::error]
    #[derive(PartialEq)]
    pub enum Error<T> {
        /// The slot duration is zero or odd: BABE keeps its half.
        SlotDuration,
        /// An epoch has no slot.
        EpochDuration,
        /// A phase of a referendum has no block.
        Periods,
        /// A hyperparameter cannot be unset: name the value it should have.
        NoValue,
        /// The protocol does not allow the workload's shape.
        Workload,
        /// A reveal would open nothing, or more than `MaxSamples`, or of a walk more than
        /// `MaxWalkSamples`.
        Samples,
        /// The shortest gap between windows is above the longest.
        Gaps,
        /// A phase has no block, the reveals' one, the sampling fewer than eight, or all together
        /// more than block numbers can count.
        Phases,
        /// No reveal may be called, or more than four fifths of what the reveal phase
        /// holds by weight, length and number: lower the capacity or the samples, or
        /// lengthen the phase.
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
        /// A bond could leave before a window it stands for is over, or not for longer than
        /// stake may take.
        CoolDown,
        /// A round is paid for no block or for more than a day, or a day has no
        /// block.
        Round,
        /// Any weight at all would earn a round's whole budget.
        Reference,
        /// The buyback's period has no block, nothing would be spent in it, or its
        /// average is over no block.
        Pace,
        /// A slice would be nothing of the pool, or more than the pools' fee: a
        /// sandwich could gain.
        Depth,
        /// A slice at the very average would be skipped, or one at any price would not.
        Tolerance,
        /// A block's price counts for nothing, or could end the average.
        Clamp,
        /// Nothing has to be staked, or more by a staker than by the validator itself.
        Stake,
        /// No validator would be chosen.
        Validators,
        /// Stake could leave before an equivocation is reported, or not for more than twelve
        /// times as long.
        Unbonding,
        /// A commission could be raised any number of times at once.
        Commission,
        /// An equivocation could cost nothing.
        Slash,
        /// The first unit staked could decide anything; or the support floor would fall by
        /// more than half, or rise above what is staked.
        Support,
        /// The protocol does not allow walks by these rules.
        Walk,
        /// A tier asks for memory, which nobody could show without a walk: first have a
        /// table take its place that does not.
        WalkNeeded,
        /// A field is beyond the least or the most that it may be.
        Bounds,
        /// A field would move by more than one change may: take several.
        Step,
        /// The set was changed less than a decision period ago.
        TooSoon,
        /// A field is guarded: only the track of new code moves it.
        Guarded,
        /// A stored set is missing, does not decode or is of no known key.
        Undecodable,
        /// A set was changed in a block to come.
        LastChange,
    }

    impl<T> From<WindowError> for Error<T> {
        fn from(error: WindowError) -> Self {
            match error {
                WindowError::Workload(_) => Self::Workload,
                WindowError::Walk(_) => Self::Walk,
                WindowError::NoSamples => Self::Samples,
                WindowError::Gaps => Self::Gaps,
                WindowError::EmptyPhase
                | WindowError::GraceTooLong
                | WindowError::SamplingTooShort
                | WindowError::TooLong => Self::Phases,
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

    impl<T> From<BuybackError> for Error<T> {
        fn from(error: BuybackError) -> Self {
            match error {
                BuybackError::ZeroPeriod
                | BuybackError::ZeroPace
                | BuybackError::ZeroAveragedBlocks => Self::Pace,
                BuybackError::ZeroDepthLimit | BuybackError::DepthLimitAboveFee => Self::Depth,
                BuybackError::ToleranceTooNarrow | BuybackError::ToleranceTooWide => {
                    Self::Tolerance
                }
                BuybackError::SampleClampTooNarrow | BuybackError::SampleClampTooWide => {
                    Self::Clamp
                }
            }
        }
    }

    impl<T> From<DelegationError> for Error<T> {
        fn from(error: DelegationError) -> Self {
            match error {
                DelegationError::ZeroSelfStake
                | DelegationError::ZeroMinStake
                | DelegationError::MinStakeAboveSelfStake => Self::Stake,
                DelegationError::ZeroValidators => Self::Validators,
                DelegationError::ZeroUnbonding => Self::Unbonding,
                DelegationError::ZeroCommissionInterval => Self::Commission,
                DelegationError::ZeroMinSlash => Self::Slash,
            }
        }
    }

    impl<T> From<GovernanceError> for Error<T> {
        fn from(error: GovernanceError) -> Self {
            match error {
                GovernanceError::ZeroSupportFloor => Self::Support,
            }
        }
    }

    /// What genesis decides. A genesis whose values do not fit together is refused
    /// by a panic, as no chain exists yet that could go on without.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// A slot's length, in ms.
        pub slot_duration: u64,
        /// Slots in an epoch, which is also a session.
        pub epoch_duration: u64,
        /// How long the phases of a referendum take.
        pub periods: ReferendumPeriods,
        /// How windows go.
        pub window: WindowParameters,
        /// What a place in the network costs.
        pub registration: RegistrationParameters,
        /// What a round pays.
        pub emission: EmissionParameters,
        /// How revenue buys NI.
        pub buyback: BuybackParameters,
        /// What validators and their stakers go by.
        pub delegation: DelegationParameters,
        /// What a referendum needs.
        pub governance: GovernanceParameters,
        /// No value is kept for it.
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                slot_duration: defaults::SLOT_DURATION,
                epoch_duration: defaults::EPOCH_DURATION,
                periods: defaults::Periods::get(),
                window: defaults::window(),
                registration: defaults::registration(),
                emission: defaults::emission(),
                buyback: defaults::buyback(),
                delegation: defaults::delegation(),
                governance: defaults::governance(),
                _config: Default::default(),
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            SlotDuration::<T>::put(self.slot_duration);
            EpochDuration::<T>::put(self.epoch_duration);
            Periods::<T>::put(self.periods);
            BaseCeiling::<T>::put(self.emission.base.saturating_mul(2));
            let values = Values {
                window: self.window.clone(),
                registration: self.registration,
                emission: self.emission,
                buyback: self.buyback,
                delegation: self.delegation,
                governance: self.governance,
            };
            for parameters in values.clone().into_parameters() {
                let (key, value) = parameters.into_parts();
                pallet_parameters::Parameters::<T>::set(key, value);
            }
            let checked = Pallet::<T>::check_times().and_then(|()| values.check::<T>());
            assert!(
                checked.is_ok(),
                "the settings are refused: {:?}",
                checked.err()
            );
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Says when an upgrade has left a set that does not decode, which would read as the
        /// default: it runs after the migrations.
        fn on_runtime_upgrade() -> Weight {
            if Self::check_stored().is_err() {
                Self::deposit_event(Event::DefaultsInForce);
            }
            // The sets, the keys after each and the one after them; and the events.
            T::DbWeight::get().reads_writes(14, 1)
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Replace one pallet's hyperparameters, once a decision period.
        ///
        /// The origin must be `UpgradeOrigin`, or `ParametersOrigin` where no guarded field
        /// changes. `pallet-parameters` deposits the event.
        ///
        /// # Errors
        ///
        /// [`Error::NoValue`] where the value is missing, [`Error::Guarded`],
        /// [`Error::TooSoon`], [`Error::Bounds`] and [`Error::Step`] as they say, and
        /// otherwise the one that names what is out of range or does not fit the other
        /// hyperparameters.
        #[pallet::call_index(0)]
        #[pallet::weight(
            <T as Config>::WeightInfo::set()
                // The tier tables, that in force and the next, where windows ask for no walk,
                // what is staked, where the support floor rises, the periods, the most that
                // `base` may be, and when the set last changed, which is written.
                .saturating_add(T::DbWeight::get().reads_writes(6, 1))
        )]
        pub fn set(origin: OriginFor<T>, parameters: RuntimeParameters) -> DispatchResult {
            let authority = match T::UpgradeOrigin::try_origin(origin) {
                Ok(_) => Authority::Upgrade,
                Err(origin) => {
                    T::ParametersOrigin::ensure_origin(origin)?;
                    Authority::Parameters
                }
            };
            let (key, _) = parameters.clone().into_parts();
            let now = frame_system::Pallet::<T>::block_number();
            let stored = Values::stored();
            let values = stored
                .clone()
                .with(&parameters)
                .ok_or(Error::<T>::NoValue)?;
            values.check::<T>()?;
            values.check_change::<T>(&stored, authority)?;
            ensure!(Self::may_change(&key, now), Error::<T>::TooSoon);
            LastChange::<T>::insert(key, now);
            pallet_parameters::Pallet::<T>::set_parameter(Origin::Checked.into(), parameters)
        }
    }

    impl<T: Config> Pallet<T> {
        /// Whether what genesis fixes for ever can be.
        fn check_times() -> Result<(), Error<T>> {
            let slot_duration = SlotDuration::<T>::get();
            let periods = Periods::<T>::get();
            if EpochDuration::<T>::get() == 0 {
                return Err(Error::EpochDuration);
            }
            if slot_duration == 0 || !slot_duration.is_multiple_of(2) {
                return Err(Error::SlotDuration);
            }
            if periods.decision == 0 || periods.confirm == 0 || periods.enactment == 0 {
                return Err(Error::Periods);
            }
            Ok(())
        }

        /// Whether a decision period has passed since the set of this key last changed.
        fn may_change(key: &RuntimeParametersKey, now: BlockNumberFor<T>) -> bool {
            let Some(last) = LastChange::<T>::get(key) else {
                return true;
            };
            // A clamp: past the last block number nothing changes any more.
            let next = last.saturating_add(Periods::<T>::get().decision.into());
            now >= next
        }

        /// Whether every set is stored and decodes to its end, and nothing else is stored.
        pub(crate) fn check_stored() -> Result<(), Error<T>> {
            let known = Values::keys().map(pallet_parameters::Parameters::<T>::hashed_key_for);
            for key in &known {
                let bytes = unhashed::get_raw(key).ok_or(Error::<T>::Undecodable)?;
                Values::decode_all(&bytes).ok_or(Error::<T>::Undecodable)?;
            }
            let prefix = pallet_parameters::Parameters::<T>::final_prefix().to_vec();
            // One too many is enough to know.
            let stored = KeyPrefixIterator::new(prefix.clone(), prefix, |_| Ok(()))
                .take(known.len().saturating_add(1))
                .count();
            ensure!(stored == known.len(), Error::<T>::Undecodable);
            Ok(())
        }

        /// Checks the invariants of the module's documentation.
        ///
        /// # Errors
        ///
        /// The name of the error that a value would have been refused with.
        #[cfg(any(feature = "std", feature = "try-runtime"))]
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            let now = frame_system::Pallet::<T>::block_number();
            Self::check_times()
                .and_then(|()| Self::check_stored())
                .and_then(|()| Values::stored().check::<T>())
                .and_then(|()| {
                    ensure!(
                        LastChange::<T>::iter_values().all(|last| last <= now),
                        Error::<T>::LastChange
                    );
                    Ok(())
                })
                .map_err(|error| sp_runtime::TryRuntimeError::Other(error.into()))
        }

        /// Every hyperparameter with its value and bounds.
        #[must_use]
        pub fn fields() -> alloc::vec::Vec<super::bounds::Field> {
            Values::stored().fields::<T>()
        }

        /// Puts a set in place as genesis does: past the bounds on a change, and so that
        /// its next change need not wait. For chains made by tests.
        ///
        /// # Errors
        ///
        /// Those of the check that genesis makes; nothing is written then.
        #[cfg(feature = "std")]
        pub fn begin_with(parameters: RuntimeParameters) -> Result<(), Error<T>> {
            let values = Values::stored()
                .with(&parameters)
                .ok_or(Error::<T>::NoValue)?;
            let ceiling = BaseCeiling::<T>::get();
            BaseCeiling::<T>::put(values.emission.base.saturating_mul(2).max(ceiling));
            let checked = values.check::<T>();
            if checked.is_err() {
                BaseCeiling::<T>::put(ceiling);
                return checked;
            }
            let (key, value) = parameters.into_parts();
            pallet_parameters::Parameters::<T>::set(key, value);
            Ok(())
        }
    }
}
