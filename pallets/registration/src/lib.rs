// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Registration
//!
//! Leases hotkeys their place in the network, for a fee that is recycled and,
//! for miners, a bond on each GPU that can be slashed.
//!
//! ## Overview
//!
//! An owner registers a hotkey as a miner with a number of GPU slots, or as a
//! validator. The price of a slot is multiplied by a bump at each slot sold and
//! halves with every half-life that passes, between a floor and a ceiling; it is
//! computed when asked for from the last sale, so nothing runs each block. A
//! registration is a lease: it is renewed at the price of the day or lapses, and a
//! lapsed one proves nothing. A renewal is no sale: it pays the price of the next
//! slot for each slot it keeps, without the bump between them, and leaves the price
//! to decay, because the network has no more slots than before and those who are in
//! it would otherwise price each other out at the end of every term. There is no limit on registrations, and none is
//! removed to make room for another.
//!
//! ## Terminology
//!
//! - *Owner*: the account that signs, pays and is paid.
//! - *Hotkey*: the account whose key lies with the worker and signs proofs. It
//!   needs no balance: the registration keeps its account alive by a provider
//!   reference. It may be the owner itself.
//! - *Slot*: the right to one GPU index, from 0 on, of a miner; a validator has
//!   one slot and no GPU.
//! - *Bond*: an amount of the owner's held for each GPU. What is *required* is
//!   copied from the parameters when the hotkey is registered and when it is
//!   renewed, so that a change of the parameter touches no lease that is paid for.
//! - *Lapsed*: the term is over.
//! - *Departure*: an announced retreat of some slots, counted from the highest
//!   index, or of all. Departing slots prove nothing from the announcement on;
//!   their bonds stay, and can be slashed, until they are withdrawn.
//! - *Cool-down*: blocks between the announcement, or the lapse, and the earliest
//!   withdrawal.
//!
//! ## Assumptions
//!
//! - [`Config::Leaving`] knows which GPUs still have something to answer for.
//! - [`Config::Reserved`] knows the owner of what is bound to a hotkey elsewhere, such
//!   as the stake of a validator's delegators.
//! - The cool-down is longer than one window of proofs and the time in which a
//!   missed proof can be reported, so that no bond leaves before its judgement.
//!
//! ## Who consents to a registration
//!
//! The hotkey does not sign. Anybody may register any account as their hotkey, and
//! nothing is to be gained by it:
//! - The proofs of a hotkey can be made with its key alone, and each of them puts
//!   the registrant's bond at risk in somebody else's hands.
//! - The account keeps its balance, its nonce and its holds; a reference more only
//!   keeps it alive.
//! - Taking a hotkey before the one who means to use it costs the full fee and
//!   the bonds for the cool-down at least, and for the same fee the price could be
//!   pushed past their `max_price` under any hotkey. The other takes a fresh
//!   hotkey, which costs nothing.
//! - A hotkey to which something is bound, so that a fresh one would not do, is
//!   registered by the owner of that only: see [`Config::Reserved`].
//!
//! ## What strangers can do, and when
//!
//! Only `withdraw` acts on another's registration, a term and a cool-down after the
//! lease lapsed. The bonds go to the owner and the GPUs' results with them; the signer
//! gets nothing but pays the fee. Before that date a lapse is the owner's alone to
//! mend, by a renewal, which raises no price. A hotkey that is freed is registered by
//! its former owner where that is reserved, and by anybody otherwise.
//!
//! A stranger who buys slots makes a renewal dearer, for half-lives and at that price. It
//! cannot choose the day: the owner renews at any time of the last term, or of the one
//! after the lapse.
//!
//! Rewards go to the owner of the hotkey, so a worker must be told its owner and
//! refuse to start under another.
//!
//! ## Interface
//!
//! - Calls: [`register`](Pallet::register), [`renew`](Pallet::renew),
//!   [`top_up`](Pallet::top_up), [`shrink`](Pallet::shrink),
//!   [`leave`](Pallet::leave), [`withdraw`](Pallet::withdraw).
//! - For other pallets, through the runtime: [`can_prove`](Pallet::can_prove),
//!   [`owner_of`](Pallet::owner_of), [`validator_owner`](Pallet::validator_owner),
//!   [`bond_of`](Pallet::bond_of), [`slash`](Pallet::slash).
//! - View function: `quote`, what slots cost now.
//! - Genesis: validators that are registered from the first block on.
//!
//! ## Invariants
//!
//! 1. An account's balance on hold for bonds is the sum of the bonds of its hotkeys;
//!    nothing is held where it owns none.
//! 2. A miner has 1 to [`Config::MaxSlots`] bonds, a validator none.
//! 3. A role's count of slots is the sum over its registrations.
//! 4. No market was last changed in the future, and the price now lies between
//!    floor and ceiling.
//! 5. Every registered hotkey has a provider reference.
//! 6. A departure leaves fewer slots than there are.
//! 7. The parameters are valid.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod bonds;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
mod market;
mod parameters;
mod registration;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

/// The example of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeDocTests;

pub use bonds::MAX_BOUNTY;
pub use market::Market;
pub use pallet::*;
pub use parameters::{ParametersError, PriceBounds, RegistrationParameters};
pub use registration::{Departure, Registration, Role};
pub use weights::WeightInfo;

use frame_support::{traits::fungible, weights::Weight};
use sp_runtime::traits::BlockNumberProvider;

/// The amounts of the currency a runtime chose.
pub type BalanceOf<T> =
    <<T as Config>::Currency as fungible::Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// An amount taken from an account, for a sink.
pub type CreditOf<T> =
    fungible::Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

/// The block numbers leases are counted in.
pub type BlockNumberOf<T> =
    <<T as Config>::BlockNumberProvider as BlockNumberProvider>::BlockNumber;

/// The parameters of a runtime.
pub type ParametersOf<T> = RegistrationParameters<BalanceOf<T>, BlockNumberOf<T>>;

/// What still keeps a GPU from leaving, and what has to be done when it does.
pub trait Leaving<AccountId> {
    /// Whether the GPU has nothing left to answer for, so that its bond can go.
    fn may_leave(hotkey: &AccountId, gpu: u32) -> bool;

    /// The GPU is leaving. Called while its registration still exists, so that a
    /// result not yet paid can be paid to its owner.
    fn on_left(hotkey: &AccountId, gpu: u32);

    /// What both weigh at most, for one GPU.
    fn weight() -> Weight;
}

/// Whom a hotkey is kept for while nobody has registered it.
pub trait Reserved<AccountId> {
    /// The only account that may register the hotkey, where something of that
    /// account is bound to it. `None` lets anybody.
    fn reserved_for(hotkey: &AccountId) -> Option<AccountId>;
}

/// Nothing is bound to a hotkey.
impl<AccountId> Reserved<AccountId> for () {
    fn reserved_for(_: &AccountId) -> Option<AccountId> {
        None
    }
}

/// Nothing keeps anybody.
impl<AccountId> Leaving<AccountId> for () {
    fn may_leave(_: &AccountId, _: u32) -> bool {
        true
    }

    fn on_left(_: &AccountId, _: u32) {}

    fn weight() -> Weight {
        Weight::zero()
    }
}

// The macro's expansion qualifies names that are in scope here, and numbers calls and
// events by casts.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::{vec, vec::Vec};
    use frame_support::{
        dispatch::DispatchResultWithPostInfo,
        pallet_prelude::*,
        traits::{
            OnUnbalanced,
            fungible::{BalancedHold, MutateHold},
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::{
        ArithmeticError,
        traits::{CheckedAdd, CheckedMul, CheckedSub, Zero},
    };

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet: see the crate's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The token in which fees are paid and bonds held.
        type Currency: BalancedHold<Self::AccountId, Reason = Self::RuntimeHoldReason>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;

        /// Where fees go. It must resolve every credit it is given.
        type Fees: OnUnbalanced<CreditOf<Self>>;

        /// Where slashed bonds go, less bounties. It must resolve every credit it is
        /// given.
        type Slashes: OnUnbalanced<CreditOf<Self>>;

        /// What keeps a GPU from leaving.
        type Leaving: Leaving<Self::AccountId>;

        /// Whom a hotkey is kept for.
        type Reserved: Reserved<Self::AccountId>;

        /// Prices, terms and bonds, as they are now.
        type Parameters: Get<ParametersOf<Self>>;

        /// The most GPU slots a hotkey can have. At least one.
        #[pallet::constant]
        type MaxSlots: Get<u32>;

        /// What counts the blocks of terms, half-lives and cool-downs.
        type BlockNumberProvider: BlockNumberProvider;

        /// What calls cost.
        type WeightInfo: WeightInfo;
    }

    /// Why a balance is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The bonds of the owner's GPU slots.
        Bond,
    }

    /// Every registered hotkey.
    #[pallet::storage]
    pub type Hotkeys<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Registration<T>>;

    /// For each role the price after the last sale, and the slots there are.
    #[pallet::storage]
    pub type Markets<T: Config> =
        StorageMap<_, Twox64Concat, Role, Market<BalanceOf<T>, BlockNumberOf<T>>>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A hotkey was registered.
        Registered {
            /// The hotkey.
            hotkey: T::AccountId,
            /// Who paid, and will be paid.
            owner: T::AccountId,
            /// As what.
            role: Role,
            /// With how many slots.
            slots: u32,
            /// What was paid, over all slots.
            fee: BalanceOf<T>,
            /// What was put on hold for each GPU.
            bond: BalanceOf<T>,
            /// The first block in which the lease is over.
            expires_at: BlockNumberOf<T>,
        },
        /// A lease was prolonged.
        Renewed {
            /// The hotkey.
            hotkey: T::AccountId,
            /// What was paid, over all slots.
            fee: BalanceOf<T>,
            /// What was added on hold so that every GPU has the required bond.
            added: BalanceOf<T>,
            /// The first block in which the lease is over.
            expires_at: BlockNumberOf<T>,
        },
        /// A bond was restored to what is required.
        ToppedUp {
            /// The hotkey.
            hotkey: T::AccountId,
            /// The GPU.
            gpu: u32,
            /// What was added on hold.
            added: BalanceOf<T>,
        },
        /// Slots have begun to leave: they prove nothing from now on.
        Departing {
            /// The hotkey.
            hotkey: T::AccountId,
            /// How many slots stay; none when all leave.
            keep: u32,
            /// The first block in which the bonds can be withdrawn.
            at: BlockNumberOf<T>,
        },
        /// Slots have left, and their bonds were returned.
        Withdrawn {
            /// The hotkey.
            hotkey: T::AccountId,
            /// Who has the bonds back.
            owner: T::AccountId,
            /// How many slots are left; with none the hotkey is registered no longer.
            slots: u32,
            /// What was released.
            returned: BalanceOf<T>,
        },
        /// A bond was slashed.
        Slashed {
            /// The hotkey.
            hotkey: T::AccountId,
            /// The GPU.
            gpu: u32,
            /// What was taken, the bounty included.
            amount: BalanceOf<T>,
            /// What the reporter got of it.
            bounty: BalanceOf<T>,
        },
    }

    /// Why a call was refused; state is then unchanged.
    #[pallet::error]
    pub enum Error<T> {
        /// The hotkey is registered already, by this owner or another.
        AlreadyRegistered,
        /// The hotkey is not registered.
        NotRegistered,
        /// The hotkey belongs to another owner.
        NotOwner,
        /// The number of slots is zero.
        NoSlots,
        /// More slots than a call can buy, a hotkey can have, or, for a validator,
        /// than one.
        TooManySlots,
        /// The hotkey has no GPU slot of that index, or it is leaving.
        NoSuchSlot,
        /// The price is above the stated maximum.
        PriceAboveMaximum,
        /// The lease still runs for more than a term.
        RenewedTooEarly,
        /// The bond is not below what is required.
        BondSufficient,
        /// The number of slots to keep is not smaller than the number that stays.
        NotSmaller,
        /// All slots are leaving already.
        AlreadyLeaving,
        /// Nothing is leaving and the lease runs.
        NotLeaving,
        /// The cool-down is not over.
        CoolingDown,
        /// A GPU that leaves has something to answer for yet.
        Unresolved,
        /// The governed parameters do not fit together.
        InvalidParameters,
    }

    /// Who is registered from the first block on.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Validators as (hotkey, owner), each with the lease of one term that begins
        /// in block zero. They paid nothing, and the price is its floor after them.
        pub validators: Vec<(T::AccountId, T::AccountId)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// A chain specification that registers a hotkey twice, or more validators
        /// than can be counted, is refused by a panic, as no chain exists yet that
        /// could go on without.
        fn build(&self) {
            if self.validators.is_empty() {
                return;
            }
            let parameters = T::Parameters::get();
            for (hotkey, owner) in &self.validators {
                assert!(
                    !Hotkeys::<T>::contains_key(hotkey),
                    "a hotkey is registered twice at genesis"
                );
                frame_system::Pallet::<T>::inc_providers(hotkey);
                Hotkeys::<T>::insert(
                    hotkey,
                    Registration {
                        owner: owner.clone(),
                        role: Role::Validator,
                        expires_at: parameters.term,
                        departure: None,
                        bond: Zero::zero(),
                        bonds: BoundedVec::new(),
                    },
                );
            }
            let slots = u32::try_from(self.validators.len());
            assert!(slots.is_ok(), "too many validators at genesis");
            Markets::<T>::insert(
                Role::Validator,
                Market {
                    price: parameters.validator.floor,
                    changed_at: Zero::zero(),
                    slots: slots.unwrap_or_default(),
                },
            );
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                !T::MaxSlots::get().is_zero(),
                "MaxSlots must be at least one"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Register `hotkey` with `slots` slots for one term, for exactly the price
        /// of the slots, or not at all.
        ///
        /// The origin must be signed by the owner, who pays the fee and, for a miner,
        /// has the bond of every slot put on hold. A validator takes one slot. The
        /// fee is the sum of the prices of the slots sold one after the other.
        ///
        /// Errors: [`Error::NoSlots`], [`Error::TooManySlots`],
        /// [`Error::AlreadyRegistered`], [`Error::NotOwner`] when [`Config::Reserved`]
        /// keeps the hotkey for another, [`Error::PriceAboveMaximum`] when the fee is
        /// above `max_price`, [`Error::InvalidParameters`], and the currency's own
        /// where the owner cannot pay or bond.
        #[pallet::call_index(0)]
        // More slots than a hotkey can have are refused before any work.
        #[pallet::weight(<T as Config>::WeightInfo::register((*slots).min(T::MaxSlots::get())))]
        pub fn register(
            origin: OriginFor<T>,
            hotkey: T::AccountId,
            role: Role,
            slots: u32,
            #[pallet::compact] max_price: BalanceOf<T>,
        ) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            let parameters = T::Parameters::get();
            ensure!(!slots.is_zero(), Error::<T>::NoSlots);
            ensure!(
                slots <= Self::slots_for_sale(role, &parameters),
                Error::<T>::TooManySlots
            );
            ensure!(
                !Hotkeys::<T>::contains_key(&hotkey),
                Error::<T>::AlreadyRegistered
            );
            ensure!(
                T::Reserved::reserved_for(&hotkey).is_none_or(|kept_for| kept_for == owner),
                Error::<T>::NotOwner
            );

            let now = Self::now();
            let market = Markets::<T>::get(role);
            let (fee, price) = Self::sale(role, slots, market.as_ref(), now, &parameters)
                .ok_or(Error::<T>::InvalidParameters)?;
            ensure!(fee <= max_price, Error::<T>::PriceAboveMaximum);
            let bonds = match role {
                Role::Miner => BoundedVec::try_from(vec![parameters.bond; usize_of(slots)?])
                    .map_err(|_| Error::<T>::TooManySlots)?,
                Role::Validator => BoundedVec::new(),
            };
            let sold = market.map_or(0, |market| market.slots);
            let expires_at = now
                .checked_add(&parameters.term)
                .ok_or(ArithmeticError::Overflow)?;
            let bond = if bonds.is_empty() {
                Zero::zero()
            } else {
                parameters.bond
            };

            Self::pay(&owner, fee)?;
            let held = bond
                .checked_mul(&slots.into())
                .ok_or(ArithmeticError::Overflow)?;
            Self::hold(&owner, held)?;
            frame_system::Pallet::<T>::inc_providers(&hotkey);
            Markets::<T>::insert(
                role,
                Market {
                    price,
                    changed_at: now,
                    slots: sold.checked_add(slots).ok_or(ArithmeticError::Overflow)?,
                },
            );
            Hotkeys::<T>::insert(
                &hotkey,
                Registration {
                    owner: owner.clone(),
                    role,
                    expires_at,
                    departure: None,
                    bond,
                    bonds,
                },
            );
            Self::deposit_event(Event::Registered {
                hotkey,
                owner,
                role,
                slots,
                fee,
                bond,
                expires_at,
            });
            Ok(())
        }

        /// Prolong the lease of `hotkey` by a term, for the price of now for each of
        /// its slots.
        ///
        /// The origin must be signed by the owner. A renewal sells no slot and leaves
        /// the price as it is. A lapsed lease begins anew from now, a running one is
        /// prolonged from its end, at most to two terms from now. The required bond
        /// becomes the current one, and every GPU below it is topped up. Slots that
        /// are leaving are neither paid for nor topped up.
        ///
        /// Errors: [`Error::NotRegistered`], [`Error::NotOwner`],
        /// [`Error::AlreadyLeaving`], [`Error::RenewedTooEarly`],
        /// [`Error::PriceAboveMaximum`] when the fee is above `max_price`,
        /// [`Error::InvalidParameters`], and the currency's own where the owner cannot
        /// pay or bond.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::renew(T::MaxSlots::get()))]
        pub fn renew(
            origin: OriginFor<T>,
            hotkey: T::AccountId,
            #[pallet::compact] max_price: BalanceOf<T>,
        ) -> DispatchResultWithPostInfo {
            let owner = ensure_signed(origin)?;
            let mut registration = Self::owned(&owner, &hotkey)?;
            let slots = registration.staying();
            ensure!(!slots.is_zero(), Error::<T>::AlreadyLeaving);
            let parameters = T::Parameters::get();
            let now = Self::now();
            let next_term = now
                .checked_add(&parameters.term)
                .ok_or(ArithmeticError::Overflow)?;
            ensure!(
                registration.expires_at <= next_term,
                Error::<T>::RenewedTooEarly
            );

            let fee = Self::price_at(
                registration.role,
                Markets::<T>::get(registration.role).as_ref(),
                now,
                &parameters,
            )
            .ok_or(Error::<T>::InvalidParameters)?
            .checked_mul(&slots.into())
            .ok_or(ArithmeticError::Overflow)?;
            ensure!(fee <= max_price, Error::<T>::PriceAboveMaximum);

            registration.expires_at = registration
                .expires_at
                .max(now)
                .checked_add(&parameters.term)
                .ok_or(ArithmeticError::Overflow)?;
            let mut added = BalanceOf::<T>::zero();
            if registration.role == Role::Miner {
                registration.bond = parameters.bond;
                for bond in registration.bonds.iter_mut().take(usize_of(slots)?) {
                    if let Some(missing) = parameters.bond.checked_sub(bond) {
                        *bond = parameters.bond;
                        added = added
                            .checked_add(&missing)
                            .ok_or(ArithmeticError::Overflow)?;
                    }
                }
            }
            Self::pay(&owner, fee)?;
            Self::hold(&owner, added)?;
            let expires_at = registration.expires_at;
            Hotkeys::<T>::insert(&hotkey, registration);
            Self::deposit_event(Event::Renewed {
                hotkey,
                fee,
                added,
                expires_at,
            });
            Ok(Some(<T as Config>::WeightInfo::renew(slots)).into())
        }

        /// Restore the bond of one GPU of `hotkey` to what is required.
        ///
        /// The origin must be signed by the owner. After it a slashed GPU can prove
        /// again, if its lease runs.
        ///
        /// Errors: [`Error::NotRegistered`], [`Error::NotOwner`],
        /// [`Error::NoSuchSlot`], [`Error::BondSufficient`], and the currency's own
        /// where the owner cannot bond.
        #[pallet::call_index(2)]
        pub fn top_up(origin: OriginFor<T>, hotkey: T::AccountId, gpu: u32) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            let mut registration = Self::owned(&owner, &hotkey)?;
            ensure!(gpu < registration.staying(), Error::<T>::NoSuchSlot);
            let required = registration.bond;
            let bond = registration
                .bonds
                .get_mut(usize_of(gpu)?)
                .ok_or(Error::<T>::NoSuchSlot)?;
            let added = required
                .checked_sub(bond)
                .filter(|missing| !missing.is_zero())
                .ok_or(Error::<T>::BondSufficient)?;
            *bond = required;
            Self::hold(&owner, added)?;
            Hotkeys::<T>::insert(&hotkey, registration);
            Self::deposit_event(Event::ToppedUp { hotkey, gpu, added });
            Ok(())
        }

        /// Announce that `hotkey` keeps its first `keep` slots only.
        ///
        /// The origin must be signed by the owner. The others prove nothing from now
        /// on, and [`withdraw`](Pallet::withdraw) returns their bonds after the
        /// cool-down. Announced again with fewer to keep, the cool-down begins anew
        /// for all of them. There is no way back but to register another hotkey.
        ///
        /// Errors: [`Error::NotRegistered`], [`Error::NotOwner`], [`Error::NoSlots`]
        /// for zero, which is [`leave`](Pallet::leave), and [`Error::NotSmaller`].
        #[pallet::call_index(3)]
        pub fn shrink(origin: OriginFor<T>, hotkey: T::AccountId, keep: u32) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            let registration = Self::owned(&owner, &hotkey)?;
            ensure!(!keep.is_zero(), Error::<T>::NoSlots);
            ensure!(keep < registration.staying(), Error::<T>::NotSmaller);
            Self::depart(hotkey, registration, keep)
        }

        /// Announce that `hotkey` leaves with all its slots.
        ///
        /// The origin must be signed by the owner. No slot proves anything from now
        /// on, and [`withdraw`](Pallet::withdraw) returns the bonds after the
        /// cool-down. No part of the fee is returned.
        ///
        /// Errors: [`Error::NotRegistered`], [`Error::NotOwner`],
        /// [`Error::AlreadyLeaving`].
        #[pallet::call_index(4)]
        pub fn leave(origin: OriginFor<T>, hotkey: T::AccountId) -> DispatchResult {
            let owner = ensure_signed(origin)?;
            let registration = Self::owned(&owner, &hotkey)?;
            ensure!(
                !registration.staying().is_zero(),
                Error::<T>::AlreadyLeaving
            );
            Self::depart(hotkey, registration, 0)
        }

        /// Return the bonds of the slots that have left `hotkey` to its owner.
        ///
        /// After an announcement the origin must be signed by the owner, the cool-down
        /// must be over and none of the GPUs may have anything to answer for. When the
        /// lease lapsed a cool-down ago, all slots leave. A term later anybody can sign:
        /// that frees a hotkey its owner forgot, and gives an owner who is late a whole
        /// term to renew it. The hotkey's provider reference goes with its last slot.
        ///
        /// Errors: [`Error::NotRegistered`], [`Error::NotOwner`],
        /// [`Error::NotLeaving`], [`Error::CoolingDown`], [`Error::Unresolved`];
        /// `ConsumerRemaining` when something else needs the hotkey's account alive,
        /// such as holds of its own, until it has a balance; `CannotCreate` when what
        /// is returned would leave the owner with less than the minimum balance, until
        /// it has more.
        #[pallet::call_index(5)]
        #[pallet::weight(Pallet::<T>::withdraw_weight(T::MaxSlots::get()))]
        pub fn withdraw(origin: OriginFor<T>, hotkey: T::AccountId) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut registration = Hotkeys::<T>::get(&hotkey).ok_or(Error::<T>::NotRegistered)?;
            let now = Self::now();
            let parameters = T::Parameters::get();
            // A block beyond the last there can be never comes.
            let has_lapsed_for = |blocks: Option<BlockNumberOf<T>>| {
                blocks
                    .and_then(|blocks| registration.expires_at.checked_add(&blocks))
                    .is_some_and(|at| now >= at)
            };
            ensure!(
                who == registration.owner
                    || has_lapsed_for(parameters.cool_down.checked_add(&parameters.term)),
                Error::<T>::NotOwner
            );
            let keep = if has_lapsed_for(Some(parameters.cool_down)) {
                0
            } else {
                match &registration.departure {
                    Some(departure) => {
                        ensure!(now >= departure.at, Error::<T>::CoolingDown);
                        departure.keep
                    }
                    None if now < registration.expires_at => {
                        return Err(Error::<T>::NotLeaving.into());
                    }
                    None => return Err(Error::<T>::CoolingDown.into()),
                }
            };
            let left = registration
                .slots()
                .checked_sub(keep)
                .ok_or(ArithmeticError::Underflow)?;
            let returned = Self::unbond(&hotkey, &mut registration, keep)?;

            let role = registration.role;
            let owner = registration.owner.clone();
            if keep.is_zero() {
                frame_system::Pallet::<T>::dec_providers(&hotkey)?;
                Hotkeys::<T>::remove(&hotkey);
            } else {
                registration.departure = None;
                Hotkeys::<T>::insert(&hotkey, registration);
            }
            Markets::<T>::try_mutate(role, |market| -> DispatchResult {
                // Present since the first registration in the role.
                if let Some(market) = market {
                    market.slots = market
                        .slots
                        .checked_sub(left)
                        .ok_or(ArithmeticError::Underflow)?;
                }
                Ok(())
            })?;
            Self::deposit_event(Event::Withdrawn {
                hotkey,
                owner,
                slots: keep,
                returned,
            });
            Ok(Some(Self::withdraw_weight(left)).into())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What registering `slots` slots in `role` costs now, without bonds.
        ///
        /// `None` when no call could buy that many, or the parameters are invalid.
        pub fn quote(role: Role, slots: u32) -> Option<BalanceOf<T>> {
            let parameters = T::Parameters::get();
            if slots.is_zero() || slots > Self::slots_for_sale(role, &parameters) {
                return None;
            }
            let market = Markets::<T>::get(role);
            Self::sale(role, slots, market.as_ref(), Self::now(), &parameters).map(|(fee, _)| fee)
        }

        /// The registration of `hotkey`, lapsed or not.
        pub fn registration_of(hotkey: T::AccountId) -> Option<Registration<T>> {
            Hotkeys::<T>::get(hotkey)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The registration of a hotkey that `owner` owns.
        fn owned(
            owner: &T::AccountId,
            hotkey: &T::AccountId,
        ) -> Result<Registration<T>, DispatchError> {
            let registration = Hotkeys::<T>::get(hotkey).ok_or(Error::<T>::NotRegistered)?;
            ensure!(registration.owner == *owner, Error::<T>::NotOwner);
            Ok(registration)
        }

        fn depart(
            hotkey: T::AccountId,
            mut registration: Registration<T>,
            keep: u32,
        ) -> DispatchResult {
            let at = Self::now()
                .checked_add(&T::Parameters::get().cool_down)
                .ok_or(ArithmeticError::Overflow)?;
            registration.departure = Some(Departure { keep, at });
            Hotkeys::<T>::insert(&hotkey, registration);
            Self::deposit_event(Event::Departing { hotkey, keep, at });
            Ok(())
        }
    }
}

/// An index or length as memory counts it.
fn usize_of(number: u32) -> Result<usize, sp_runtime::ArithmeticError> {
    usize::try_from(number).map_err(|_| sp_runtime::ArithmeticError::Overflow)
}
