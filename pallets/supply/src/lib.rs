// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Supply
//!
//! The one place where NI is minted, recycled or burned.
//!
//! ## Overview
//!
//! Every unit that comes into being, leaves circulation for the recycle pool, is
//! paid out of it again or ceases to exist passes through this pallet, which
//! writes down how much and where from in one packed value ([`Totals`]), since
//! genesis and in the current round, and emits one event a movement. Nothing is
//! written that did not move: amounts come in and go out as `fungible` credits.
//!
//! ## Terminology
//!
//! - *Minted*: ever created, the genesis issuance included. Never more than
//!   [`Config::Cap`], and what is burned is not minted again.
//! - *Recycled*: moved from somebody's account into the recycle pool. The total
//!   issuance stays as it is.
//! - *Recycle pool*: the account derived from [`Config::PalletId`]. It pays
//!   rewards before anything is minted for them.
//! - *Drawn*: paid out of the recycle pool.
//! - *Burned*: destroyed, so that the total issuance falls.
//! - *Endowment*: what the pool account held at genesis, at least the minimum
//!   balance. It keeps the account alive and is never drawn.
//! - *Adopted*: of a chain that had balances before it had this pallet: what existed
//!   was recorded as its genesis issuance.
//! - *Round*: the time between two calls of [`Pallet::start_round`].
//!
//! ## Assumptions
//!
//! - The runtime lists this pallet after the one that keeps the balances, so that
//!   its genesis sees the whole issuance.
//! - Everything else that could change the issuance is closed or ends in a sink
//!   of this pallet: dust removal, transaction fees, slashes, credits that could
//!   not be resolved; the balance pallet's own burning and forcing calls are
//!   filtered. The README has the list.
//!
//! ## Interface
//!
//! - Call: [`burn`](Pallet::burn), the caller's own balance.
//! - Sinks for other pallets' `OnUnbalanced` items: [`Recycle`] and [`Burn`], by
//!   source; [`BurnFeeTipTo`] for transaction payment.
//! - Migration: [`Adopt`], for a chain that had balances before it had this pallet.
//! - Functions: [`mint`](Pallet::mint), [`draw`](Pallet::draw),
//!   [`pool`](Pallet::pool), [`minted`](Pallet::minted), [`cap`](Pallet::cap),
//!   [`recycled`](Pallet::recycled), [`drawn`](Pallet::drawn),
//!   [`burned`](Pallet::burned), [`start_round`](Pallet::start_round).
//!
//! The totals over all sources are sums made when asked for: there is no second
//! copy that could drift.
//!
//! ## Invariants
//!
//! 1. Total issuance = minted − burned.
//! 2. Minted ≤ cap.
//! 3. The pool account holds its endowment + recycled − drawn. More than that is
//!    only what somebody sent it unasked, which the next [`Pallet::start_round`]
//!    takes in as recycled from [`RecycleSource::Donations`]; less is never.
//! 4. The endowment is at least the minimum balance, so the pool account lives
//!    and whatever is recycled can be put in it.
//! 5. No part of the current round is larger than the same part since genesis.

#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "try-runtime")]
extern crate alloc;

mod adoption;
mod sinks;
mod totals;
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

pub use adoption::Adopt;
pub use pallet::*;
pub use sinks::{
    Burn, BurnFeeTipTo, BurnedFrom, Buyback, Donations, Dust, ExpiredResults, Recycle,
    RecycledFrom, RegistrationFees, Slashes, TransactionFees, Unresolved, Voluntary,
};
pub use totals::{
    BurnSource, BurnedBySource, MintReason, Movements, RecycleSource, RecycledBySource,
    SupplyTotals,
};
pub use weights::WeightInfo;

use frame_support::traits::fungible;

/// The amounts of the currency a runtime chose.
pub type BalanceOf<T> =
    <<T as Config>::Currency as fungible::Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// An amount that has left an account or has just been minted, and must be
/// resolved into an account or given to a sink.
pub type CreditOf<T> =
    fungible::Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

// The macro's expansion qualifies names that are in scope here, and numbers calls and
// events by casts.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::{
        PalletId,
        pallet_prelude::*,
        traits::{
            Imbalance, OnUnbalanced,
            fungible::{Balanced, Inspect},
            tokens::{Fortitude, Precision, Preservation},
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::{
        ArithmeticError,
        traits::{AccountIdConversion, CheckedAdd, CheckedSub, Zero},
    };

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// The pallet: see the crate's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The token whose supply is kept.
        type Currency: Balanced<Self::AccountId>;

        /// Derives the account of the recycle pool.
        #[pallet::constant]
        type PalletId: Get<PalletId>;

        /// The most that is ever minted, in the token's smallest unit, genesis
        /// included.
        #[pallet::constant]
        type Cap: Get<BalanceOf<Self>>;

        /// What calls and hooks cost.
        type WeightInfo: WeightInfo;
    }

    /// All totals, by source, since genesis and in the current round.
    #[pallet::storage]
    pub type Totals<T: Config> = StorageValue<_, SupplyTotals<BalanceOf<T>>, ValueQuery>;

    /// One event for each movement.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// New units came into being.
        Minted {
            /// How many.
            amount: BalanceOf<T>,
        },
        /// Units moved into the recycle pool.
        Recycled {
            /// Where they come from.
            source: RecycleSource,
            /// How many.
            amount: BalanceOf<T>,
        },
        /// Units were taken out of the recycle pool to be paid.
        Drawn {
            /// How many.
            amount: BalanceOf<T>,
        },
        /// Units were destroyed.
        Burned {
            /// Where they come from.
            source: BurnSource,
            /// How many.
            amount: BalanceOf<T>,
        },
        /// A round ended and the next began.
        RoundStarted {
            /// What moved in the round that ended.
            closed: Movements<BalanceOf<T>>,
        },
    }

    /// Why something was refused; state is then unchanged.
    #[pallet::error]
    pub enum Error<T> {
        /// Minting the amount would exceed the cap.
        CapExceeded,
        /// The recycle pool holds less than the amount.
        PoolExhausted,
        /// The amount to burn is zero.
        NothingToBurn,
        /// The ledger does not know what exists: the pallet was added to a chain that has
        /// balances, and [`Adopt`] did not run.
        NotAdopted,
        /// The ledger knows what exists already.
        AlreadyAdopted,
    }

    /// Records what exists at genesis as minted and gives the pool account the
    /// minimum balance if it does not hold it yet.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        #[serde(skip)]
        _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// A chain specification that mints more than the cap, or in which the
        /// pool cannot be endowed, is refused by a panic, as no chain exists yet
        /// that could go on without.
        fn build(&self) {
            let pool = Pallet::<T>::pool_account();
            let missing = T::Currency::minimum_balance().checked_sub(&T::Currency::balance(&pool));
            if let Some(missing) = missing.filter(|missing| !missing.is_zero()) {
                let endowed = T::Currency::resolve(&pool, T::Currency::issue(missing));
                assert!(endowed.is_ok(), "the recycle pool could not be endowed");
            }
            let genesis = T::Currency::total_issuance();
            assert!(
                genesis <= T::Cap::get(),
                "the genesis issuance exceeds the cap"
            );
            Totals::<T>::put(SupplyTotals {
                genesis,
                endowment: T::Currency::balance(&pool),
                ..Default::default()
            });
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
        /// Burn `amount` of the caller's own balance, for ever.
        ///
        /// The origin must be signed. The account is kept alive: its minimum
        /// balance cannot be burned.
        ///
        /// # Errors
        /// [`Error::NothingToBurn`] for zero, and the currency's own where the caller
        /// has not that much to spend.
        #[pallet::call_index(0)]
        pub fn burn(
            origin: OriginFor<T>,
            #[pallet::compact] amount: BalanceOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(!amount.is_zero(), Error::<T>::NothingToBurn);
            let credit = T::Currency::withdraw(
                &who,
                amount,
                Precision::Exact,
                Preservation::Preserve,
                Fortitude::Polite,
            )?;
            Burn::<T, Voluntary>::on_unbalanced(credit);
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Everything that moved, by source, since genesis and in the round.
        pub fn totals() -> SupplyTotals<BalanceOf<T>> {
            Totals::<T>::get()
        }

        /// What the recycle pool can pay: recycled − drawn.
        ///
        /// The endowment is not part of it, nor is what was sent to the account
        /// unasked since the round began.
        pub fn pool() -> BalanceOf<T> {
            Totals::<T>::get().pool()
        }

        /// Ever minted, genesis included.
        pub fn minted() -> BalanceOf<T> {
            Totals::<T>::get().minted()
        }

        /// The most that is ever minted.
        pub fn cap() -> BalanceOf<T> {
            T::Cap::get()
        }

        /// Ever put into the recycle pool, over all sources.
        pub fn recycled() -> BalanceOf<T> {
            Totals::<T>::get().all.recycled.total()
        }

        /// Ever paid out of the recycle pool.
        pub fn drawn() -> BalanceOf<T> {
            Totals::<T>::get().all.drawn
        }

        /// Ever burned, over all sources.
        pub fn burned() -> BalanceOf<T> {
            Totals::<T>::get().all.burned.total()
        }
    }

    impl<T: Config> Pallet<T> {
        /// The account of the recycle pool. Nobody has its key.
        pub fn pool_account() -> T::AccountId {
            T::PalletId::get().into_account_truncating()
        }

        /// Mint `amount` and return it as a credit the caller must resolve.
        ///
        /// # Errors
        /// [`Error::NotAdopted`] on a chain whose issuance the ledger does not know,
        /// [`Error::CapExceeded`] when less than `amount` is left under the cap, and
        /// [`ArithmeticError::Overflow`] where the sum is beyond the balance's range.
        pub fn mint(
            amount: BalanceOf<T>,
            reason: MintReason,
        ) -> Result<CreditOf<T>, DispatchError> {
            if amount.is_zero() {
                return Ok(CreditOf::<T>::zero());
            }
            let mut totals = Totals::<T>::get();
            ensure!(Self::knows_issuance(&totals), Error::<T>::NotAdopted);
            let minted = totals
                .minted()
                .checked_add(&amount)
                .ok_or(ArithmeticError::Overflow)?;
            ensure!(minted <= T::Cap::get(), Error::<T>::CapExceeded);
            // `issue` stops at the largest balance without saying so; after this it
            // cannot reach it, and the credit is exactly `amount`.
            T::Currency::total_issuance()
                .checked_add(&amount)
                .ok_or(ArithmeticError::Overflow)?;
            totals.record(|movements| movements.minted(reason, amount));
            Totals::<T>::put(totals);
            let credit = T::Currency::issue(amount);
            Self::deposit_event(Event::Minted { amount });
            Ok(credit)
        }

        /// Take `amount` out of the recycle pool as a credit the caller must resolve.
        ///
        /// # Errors
        /// [`Error::PoolExhausted`] when [`Pallet::pool`] is less.
        pub fn draw(amount: BalanceOf<T>) -> Result<CreditOf<T>, DispatchError> {
            if amount.is_zero() {
                return Ok(CreditOf::<T>::zero());
            }
            let mut totals = Totals::<T>::get();
            ensure!(amount <= totals.pool(), Error::<T>::PoolExhausted);
            // By invariant 3 the account holds the endowment besides, which keeps
            // it above the minimum balance.
            let credit = T::Currency::withdraw(
                &Self::pool_account(),
                amount,
                Precision::Exact,
                Preservation::Preserve,
                Fortitude::Polite,
            )?;
            totals.record(|movements| movements.drawn(amount));
            Totals::<T>::put(totals);
            Self::deposit_event(Event::Drawn { amount });
            Ok(credit)
        }

        /// Close the current round, begin the next, and return what moved in the
        /// one that ended.
        ///
        /// What was sent to the pool account unasked is taken in first, as
        /// recycled. Called by the runtime where its rounds end; the caller adds
        /// [`WeightInfo::start_round`] to its own weight.
        pub fn start_round() -> Movements<BalanceOf<T>> {
            let mut totals = Totals::<T>::get();
            let donated = totals
                .pool_balance()
                .and_then(|known| T::Currency::balance(&Self::pool_account()).checked_sub(&known))
                .filter(|donated| !donated.is_zero());
            if let Some(amount) = donated {
                let source = RecycleSource::Donations;
                totals.record(|movements| movements.recycled(source, amount));
                Self::deposit_event(Event::Recycled { source, amount });
            }
            let closed = core::mem::take(&mut totals.round);
            Totals::<T>::put(totals);
            Self::deposit_event(Event::RoundStarted {
                closed: closed.clone(),
            });
            closed
        }

        /// Put `credit` into the recycle pool and write it down.
        ///
        /// The pool account exists from genesis on and never falls below its
        /// endowment (invariants 3 and 4), and a balance cannot overflow while the
        /// issuance fits, so resolving succeeds. Were it refused all the same, on a
        /// chain that is not adopted yet, the credit is burned, and written down as that.
        pub(crate) fn recycle(credit: CreditOf<T>, source: RecycleSource) {
            let amount = credit.peek();
            match T::Currency::resolve(&Self::pool_account(), credit) {
                Ok(()) => {
                    Totals::<T>::mutate(|totals| {
                        totals.record(|movements| movements.recycled(source, amount));
                    });
                    Self::deposit_event(Event::Recycled { source, amount });
                }
                Err(credit) => Self::destroy(credit, BurnSource::Unresolved),
            }
        }

        /// Destroy `credit` and write it down.
        pub(crate) fn destroy(credit: CreditOf<T>, source: BurnSource) {
            // Not left to the credit's own drop: what that does is the currency's
            // choice. The issuance contains the credit, so both cancel out.
            let debt = T::Currency::rescind(credit.peek());
            let amount = debt.peek();
            drop(credit.offset(debt));
            Totals::<T>::mutate(|totals| {
                totals.record(|movements| movements.burned(source, amount));
            });
            Self::deposit_event(Event::Burned { source, amount });
        }
    }

    #[cfg(any(feature = "std", feature = "try-runtime"))]
    impl<T: Config> Pallet<T> {
        /// Checks the invariants of the crate's documentation.
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            let totals = Totals::<T>::get();
            ensure!(
                totals.minted().checked_sub(&totals.all.burned.total())
                    == Some(T::Currency::total_issuance()),
                "invariant 1: total issuance is not minted − burned"
            );
            ensure!(
                totals.minted() <= T::Cap::get(),
                "invariant 2: minted exceeds the cap"
            );
            let known = totals
                .pool_balance()
                .ok_or("invariant 3: drawn exceeds recycled")?;
            ensure!(
                T::Currency::balance(&Self::pool_account()) >= known,
                "invariant 3: the pool holds less than its endowment + recycled − drawn"
            );
            ensure!(
                totals.endowment >= T::Currency::minimum_balance(),
                "invariant 4: the pool's endowment is below the minimum balance"
            );
            ensure!(
                totals.round.is_within(&totals.all),
                "invariant 5: a part of the round exceeds the same part since genesis"
            );
            Ok(())
        }
    }
}
