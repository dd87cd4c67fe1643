// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Emission
//!
//! Settles a round whenever a window of verified work closes, and pays what was
//! proven, by tier.
//!
//! ## Overview
//!
//! While a window runs, every verified result is noted in the row of the tier
//! table that its GPU reaches. When the window closes the round is settled: the
//! schedule and the recycle pool set its budget, the weight of all results the
//! part of it that was earned, which is drawn, minted and divided between miners
//! and stakers, and the miners' part between the tiers. That leaves one rate a
//! tier, from which each result is later paid to the hotkey's owner, in constant
//! time, when its GPU commits again or when anybody claims it. What nobody was
//! paid within [`Config::ClaimRounds`] windows goes back to the pool.
//!
//! No step depends on how many miners there are: settling is bounded by the
//! number of tiers, everything else touches one GPU.
//!
//! ## Terminology
//!
//! - *Tier*: a row of the table: a floor in verified MOPS, and where memory is
//!   verified in GiB and GB/s too, all of which have to be reached; what a MOPS
//!   weighs in it, how that fades, and the supply at which it is neither scarce nor
//!   abundant.
//! - *Ratio*: what a row with a higher multiplier counts at most, in MOPS for every
//!   verified GB/s. The rest counts in the *base row*, the highest row below without a
//!   ratio.
//! - *Weight*: MOPS · effective multiplier of the tier, in operations a second
//!   at a multiplier of one.
//! - *Reference*: the weight that earns a round's whole budget: a governed one or,
//!   where that is more, what the results would weigh had no tier faded. A round
//!   earns the proportion weight / reference, so what a tier loses by age is
//!   earned by nobody: not handed back to it where it is alone, nor to others.
//!   `tokenomics_primitives::budget` has the argument.
//! - *Round*: what is settled at the close of one window, for the blocks since
//!   the close before.
//! - *Budget*: what a round would pay if everything were earned: *drawn* from the
//!   recycle pool first, *minted* for what the schedule has beyond that.
//! - *Credited*: the miners' part of a round. *Claimed*: what they were paid of
//!   it.
//! - *Pot*: the account, derived from [`Config::PalletId`], that holds what is
//!   credited and not yet claimed.
//! - *Endowment*: what the pot was given at genesis to live on, one minimum
//!   balance; never paid out.
//! - *Cap of a result*: the most it may be paid, so that no lie pays: set by the
//!   bond behind it when it was verified.
//!
//! ## What an older tier's pay does
//!
//! At constant availability, wherever in its band, a MOPS of an older tier is paid less
//! from day to day, whichever tiers are populated and whatever is earned of the budget, as
//! long as none retires. Availability moves by at most 9/8 or 8/9 a day and within
//! [1/2, 2]: while a tier becomes scarce its pay may rise by less than 9/8 a day in spite
//! of its fading, until its supply is steady or the edge of the band is reached, and from
//! then on it falls. The newest row does not fade: its pay changes with its own
//! availability, and above the reference with what others are verified at. An abundant row
//! holds down those below it, so that nobody gains by presenting a GPU as an older one. A
//! scarce or an empty row holds down nobody and lifts nobody.
//!
//! A row that a new table adds begins as scarce as can be, since nobody was verified in
//! it. So does a row whose floor a new table changes, with whoever stands in it: its pay is
//! up to twice as high for some weeks, below the reference.
//!
//! ## Slices, and the bonds behind them
//!
//! Where no cap binds nothing is gained by splitting accounts, by slicing a GPU or by
//! throttling it, beyond the rounding of a few units a round. A cap is to a slot: a GPU
//! whose share is above it is paid the cap, and presented as n slots, each with a bond,
//! up to n caps, and its share at most. So a slice gains no more than the cap of the
//! bond it adds, nobody is ever paid more than the share of the weight that was
//! verified, and the pay to a NI that is bonded is no better: a cap says how much a bond
//! backs, however the work behind it is divided. With a bond of 50 NI, half of it
//! slashed, a tenth of that as a bounty and 16 samples, a slot is paid 1.41 NI a round
//! at most; a GPU that earns three of them has to bond 150 NI in three slots, and pays
//! three registrations. Where that is the rule the required bond is set too low for the
//! hardware: it is governed, and should back what the strongest row earns.
//!
//! What a cap cuts off is nobody's. It stays in the pot with its round, and when that
//! expires, [`Config::ClaimRounds`] windows later, goes back to the pool.
//!
//! ## Cards that are merged
//!
//! Cards on one network can compute one product together and count as one GPU, in a higher
//! row. What is gained by that depends on what the table asks for.
//!
//! - *No memory*: all multipliers are equal, or the table is refused
//!   ([`Config::VerifiesMemory`]). Rows still differ by fading and by availability, and
//!   merged cards reach the best of them: up to 1 / [`EmissionParameters::retired_below`]
//!   by fading, four by availability. A table of one row leaves nothing to gain.
//! - *Memory*: a row with a higher multiplier counts throughput up to its ratio times the
//!   bandwidth that one card has walked. Merged cards so gain at most that, times what the
//!   row is worth above the base row, however many they are; and nothing where the card
//!   that walks fills the ratio by itself.
//!
//! Cards below the lowest floor earn nothing alone, and something together.
//!
//! ## What the pool holds after the cap of the supply
//!
//! With an inflow of F a block the pool settles at F / drip, and never holds more than
//! that and one round's inflow, on condition that no round is longer than `max_round`,
//! all of the budget is earned and all is claimed. Otherwise at
//!
//! F / drip · b / b' · 1 / e · 1 / (1 − m · u),
//!
//! b / b' being the blocks of rounds to those that count, e the proportion that is
//! earned, m the miners' part and u what of that is not claimed, for that comes back. A
//! round that earns a unit of its budget pays as long as the pool has one: that budget is
//! the drip of it, or what the schedule asks for, which is a unit a block at least.
//!
//! ## Assumptions
//!
//! - The runtime lists this pallet after the one behind [`Config::Supply`], which
//!   at genesis mints the pot's endowment.
//! - Windows run one at a time, each settled once, with ascending numbers.
//! - A credit given to [`Config::Stakers`] or [`Config::Expired`] is resolved:
//!   one that is dropped is burned.
//!
//! ## Interface
//!
//! - Calls: [`claim`](Pallet::claim), by anybody, pays a GPU's owner;
//!   [`set_tiers`](Pallet::set_tiers) replaces the table.
//! - Hooks, called by whoever verifies work: [`note_result`](Pallet::note_result),
//!   [`pay_pending`](Pallet::pay_pending), [`settle`](Pallet::settle).
//! - [`lowest_floor`](Pallet::lowest_floor): below it a claim earns nothing;
//!   [`pending_pay`](Pallet::pending_pay), [`effective`](Pallet::effective),
//!   [`round`](Pallet::round) for views.
//!
//! A new table takes effect when the running round has been settled, so no
//! change touches a window that is open. What a MOPS earns in it is the same for
//! all results of a tier, whenever in the window they were verified.
//!
//! ## Invariants
//!
//! 1. The pot holds its endowment and, over all live rounds, credited − claimed
//!    (more only when somebody sent it a gift).
//! 2. Of each round: claimed ≤ credited ≤ drawn + minted, and weight ≤ reference,
//!    so that no more than a budget was paid in.
//! 3. A round stands in the slot of its window, window modulo `ClaimRounds`.
//! 4. By tier, the MOPS of the running round are the sum over the results of its
//!    window, of which a GPU has one at most.
//! 5. Of each live round: what its unpaid results will be paid ≤ credited −
//!    claimed, so no claim can exceed the pot.
//! 6. The table passes its check, every availability lies within its band, and
//!    the lowest floor is that of a row (or the highest number, without a table).
//! 7. While a row asks for memory, of the table or of the one to come, memory is verified.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod pay;
mod settle;
mod traits;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

/// The example of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeDocTests;

pub use pallet::*;
pub use tokenomics_primitives::tiers::{Floor, Tier};
pub use traits::{Bonds, Owners, SupplySource};
pub use types::{
    ByTier, EmissionParameters, MAX_TIERS, ParameterError, RoundRecord, RunningRound, TierState,
    Unearned, UnpaidResult, VerifiedResult,
};
pub use weights::WeightInfo;

use frame_support::traits::fungible;
use sp_runtime::traits::BlockNumberProvider;

/// The amounts of the currency a runtime chose.
pub type BalanceOf<T> =
    <<T as Config>::Currency as fungible::Inspect<<T as frame_system::Config>::AccountId>>::Balance;

/// The block numbers rounds are counted in.
pub type BlockNumberOf<T> =
    <<T as Config>::BlockNumberProvider as BlockNumberProvider>::BlockNumber;

/// An amount that must be resolved into an account or given to a sink.
pub type CreditOf<T> =
    fungible::Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

// The macros' expansion qualifies names that are in scope here, and casts the
// numbers of variants.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        PalletId,
        pallet_prelude::*,
        traits::{
            OnUnbalanced,
            fungible::{Balanced, Inspect, Mutate},
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::{FixedU128, traits::AccountIdConversion};
    use tokenomics_primitives::tiers::{self, TableError};

    /// Version 1 knew no memory walk. Version 2 knew no ratio of throughput to bandwidth, and
    /// counted in 10⁹ operations a second.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(3);

    /// The pallet: see the crate's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The token that is paid.
        type Currency: Balanced<Self::AccountId> + Mutate<Self::AccountId>;

        /// Derives the pot's account.
        #[pallet::constant]
        type PalletId: Get<PalletId>;

        /// Where a round's money comes from.
        type Supply: SupplySource<Balance = BalanceOf<Self>, Credit = CreditOf<Self>>;

        /// Takes what nobody claimed of an expired round, back into the pool.
        type Expired: OnUnbalanced<CreditOf<Self>>;

        /// Takes the stakers' part of a round.
        type Stakers: OnUnbalanced<CreditOf<Self>>;

        /// Who is paid for a hotkey's work.
        type Owners: Owners<Self::AccountId>;

        /// What stands behind a GPU's results.
        type Bonds: Bonds<Self::AccountId, BalanceOf<Self>>;

        /// What governs the emission, read at each settlement.
        type Parameters: Get<EmissionParameters<BalanceOf<Self>>>;

        /// Who may replace the tier table.
        type TiersOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The windows within which a result must be paid: the rounds kept. At
        /// least one.
        #[pallet::constant]
        type ClaimRounds: Get<u32>;

        /// Whether the windows to come verify memory and its bandwidth: only then may a
        /// new table ask for them, by a floor or by a ratio, and so have multipliers that
        /// differ. Results are of no memory otherwise: they reach no row with such a floor,
        /// and count nothing in a row with a ratio. The runtime must keep it so while
        /// [`Pallet::asks_for_memory`], which is the same question from the other side:
        /// whatever decides whether memory is verified must ask it before it stops.
        type VerifiesMemory: Get<bool>;

        /// The most rows of the tier table: from one to [`MAX_TIERS`].
        #[pallet::constant]
        type MaxTiers: Get<u32>;

        /// What counts the blocks of rounds and the days of tiers. The blocks that
        /// [`Pallet::settle`] is told are in the same numbers.
        type BlockNumberProvider: BlockNumberProvider;

        /// What calls and hooks cost.
        type WeightInfo: WeightInfo;
    }

    /// The tier table, lowest floor first.
    #[pallet::storage]
    pub type Tiers<T: Config> = StorageValue<_, ByTier<TierState>, ValueQuery>;

    /// The table that takes its place when the running round has been settled.
    #[pallet::storage]
    pub type NextTiers<T: Config> = StorageValue<_, ByTier<Tier>, OptionQuery>;

    /// The floor, in MOPS, of the lowest row that is not retired: the highest
    /// number without a table.
    #[pallet::storage]
    pub type LowestFloor<T: Config> = StorageValue<_, u64, ValueQuery, HighestFloor>;

    /// The floor nothing reaches.
    pub struct HighestFloor;

    impl Get<u64> for HighestFloor {
        fn get() -> u64 {
            u64::MAX
        }
    }

    /// What the running window has verified so far, once it has anything.
    #[pallet::storage]
    pub type Running<T: Config> = StorageValue<_, RunningRound, OptionQuery>;

    /// The block in which the last round was settled.
    #[pallet::storage]
    pub type LastClose<T: Config> = StorageValue<_, BlockNumberOf<T>, OptionQuery>;

    /// Settled rounds, by window modulo [`Config::ClaimRounds`].
    #[pallet::storage]
    pub type Rounds<T: Config> =
        StorageMap<_, Twox64Concat, u32, RoundRecord<BalanceOf<T>>, OptionQuery>;

    /// The unpaid result of each GPU, by hotkey and number.
    #[pallet::storage]
    pub type Results<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        Twox64Concat,
        u32,
        UnpaidResult<T::AccountId, BalanceOf<T>>,
        OptionQuery,
    >;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A round was settled; its results can be paid where the miners' part is above
        /// zero.
        RoundSettled {
            /// The window.
            window: u32,
            /// The blocks it was paid for.
            blocks: u32,
            /// Drawn from the recycle pool.
            drawn: BalanceOf<T>,
            /// Newly minted.
            minted: BalanceOf<T>,
            /// The part of both credited to the miners.
            miners: BalanceOf<T>,
            /// The part of both given to the stakers.
            stakers: BalanceOf<T>,
            /// The weight of all results.
            weight: u128,
            /// The weight that would have earned the whole budget: the governed
            /// one, or what all results would weigh had no tier faded.
            reference: u128,
        },
        /// A round could not be settled: nothing moved, its results stay unpaid.
        RoundFailed {
            /// The window.
            window: u32,
            /// Why.
            error: DispatchError,
        },
        /// A round left the ring; what was not claimed went back to the pool.
        RoundExpired {
            /// The window.
            window: u32,
            /// What went back.
            amount: BalanceOf<T>,
        },
        /// A verified result counts in the running round.
        Credited {
            /// The hotkey.
            hotkey: T::AccountId,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
            /// The row of the tier table.
            tier: u8,
            /// What it counts, in MOPS.
            mops: u64,
        },
        /// A verified result earns nothing.
        NotCredited {
            /// The hotkey.
            hotkey: T::AccountId,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
            /// Why.
            reason: Unearned,
        },
        /// A result was paid.
        Paid {
            /// The hotkey.
            hotkey: T::AccountId,
            /// Its GPU.
            gpu: u32,
            /// The account that was paid.
            owner: T::AccountId,
            /// The window.
            window: u32,
            /// How much; zero when its tier had retired, no bond stood behind it, or its
            /// share is below one unit.
            amount: BalanceOf<T>,
        },
        /// A result is gone unpaid: its round expired, failed or had nothing for the
        /// miners, or its owner's account could not take it before the next result came.
        Forfeited {
            /// The hotkey.
            hotkey: T::AccountId,
            /// Its GPU.
            gpu: u32,
            /// The window.
            window: u32,
        },
        /// A new tier table waits for the running round to be settled.
        TiersScheduled {
            /// Its rows.
            rows: u32,
        },
        /// The tier table was replaced.
        TiersReplaced {
            /// Its rows.
            rows: u32,
        },
    }

    /// Why a call was refused; state is then unchanged.
    #[pallet::error]
    #[derive(PartialEq, Eq)]
    pub enum Error<T> {
        /// The GPU has no unpaid result.
        NothingToClaim,
        /// The window of the unpaid result has not been settled yet.
        NotSettled,
        /// The tier table has no row.
        NoTier,
        /// The tier table has more rows than [`Config::MaxTiers`].
        TooManyTiers,
        /// A tier's floor is zero.
        ZeroFloor,
        /// A tier's floor is not above the one before it.
        FloorOrder,
        /// A tier asks for verified memory or its bandwidth, by its floor or by a ratio,
        /// which are not verified now: see [`Config::VerifiesMemory`].
        MemoryFloor,
        /// A tier's multiplier is below the minimum or above the maximum.
        MultiplierRange,
        /// A tier's multiplier is below the one before it.
        MultiplierOrder,
        /// A tier would lose nothing or everything in a day.
        DecayRange,
        /// A tier would not lose less a day than the one before it.
        DecayOrder,
        /// A tier was introduced before the one below it.
        IntroductionOrder,
        /// A tier is introduced in a block to come.
        FutureTier,
        /// A tier's target supply is zero.
        ZeroTarget,
        /// A tier with a multiplier above the lowest names no ratio of throughput to
        /// verified bandwidth: merged cards would reach it.
        RatioMissing,
        /// The lowest tier names a ratio, or a tier a lower one than the tier before it.
        RatioOrder,
    }

    impl<T> From<TableError> for Error<T> {
        fn from(error: TableError) -> Self {
            match error {
                TableError::Empty => Error::NoTier,
                TableError::TooLong => Error::TooManyTiers,
                TableError::ZeroFloor => Error::ZeroFloor,
                TableError::FloorOrder => Error::FloorOrder,
                TableError::MultiplierRange => Error::MultiplierRange,
                TableError::MultiplierOrder => Error::MultiplierOrder,
                TableError::DecayRange => Error::DecayRange,
                TableError::DecayOrder => Error::DecayOrder,
                TableError::IntroductionOrder => Error::IntroductionOrder,
                TableError::Future => Error::FutureTier,
                TableError::ZeroTarget => Error::ZeroTarget,
                TableError::RatioMissing => Error::RatioMissing,
                TableError::RatioOrder => Error::RatioOrder,
            }
        }
    }

    /// The tier table at genesis. Endows the pot through [`Config::Supply`] when
    /// it does not hold the minimum balance.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The rows, lowest floor first, introduced in block zero. Without any,
        /// nothing is earned until [`Pallet::set_tiers`].
        pub tiers: Vec<Tier>,
        /// No value is kept for it.
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if T::Currency::balance(&Pallet::<T>::pot()) < T::Currency::minimum_balance() {
                let endowed = T::Supply::mint(T::Currency::minimum_balance())
                    .ok()
                    .and_then(|credit| T::Currency::resolve(&Pallet::<T>::pot(), credit).ok());
                assert!(endowed.is_some(), "the pot can be endowed at genesis");
            }
            if !self.tiers.is_empty() {
                let table = Pallet::<T>::checked_table(&self.tiers, 0);
                assert!(
                    table.is_ok(),
                    "the tier table is refused: {:?}",
                    table.err()
                );
                if let Ok(table) = table {
                    Pallet::<T>::begin_with(table);
                }
            }
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                T::ClaimRounds::get() > 0,
                "a round must be kept to be claimed from"
            );
            assert!(
                (1..=MAX_TIERS).contains(&T::MaxTiers::get()),
                "MaxTiers must be from 1 to {MAX_TIERS}"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Pays the unpaid result of GPU number `gpu` of `hotkey` to the account
        /// that owned the hotkey when it was verified. Signed by anybody.
        ///
        /// A result whose round has expired, failed or had nothing for the miners is
        /// removed unpaid
        /// ([`Event::Forfeited`]).
        ///
        /// # Errors
        /// - [`Error::NothingToClaim`]: there is no unpaid result.
        /// - [`Error::NotSettled`]: its window has not been settled.
        /// - The currency's error when the owner's account cannot take the
        ///   amount, such as one below the minimum balance.
        #[pallet::call_index(0)]
        pub fn claim(origin: OriginFor<T>, hotkey: T::AccountId, gpu: u32) -> DispatchResult {
            ensure_signed(origin)?;
            Self::pay(&hotkey, gpu)
        }

        /// Replaces the tier table when the running round has been settled. A
        /// row whose floor is in the present table keeps its availability; a new
        /// one starts as scarce as can be. A table that waits is replaced at once.
        ///
        /// # Errors
        /// - `BadOrigin`: not by [`Config::TiersOrigin`].
        /// - [`Error::TooManyTiers`], [`Error::MemoryFloor`] or what the table's
        ///   check found: [`Error::NoTier`], [`Error::ZeroFloor`],
        ///   [`Error::FloorOrder`], [`Error::MultiplierRange`],
        ///   [`Error::MultiplierOrder`], [`Error::DecayRange`],
        ///   [`Error::DecayOrder`], [`Error::IntroductionOrder`],
        ///   [`Error::FutureTier`], [`Error::ZeroTarget`], [`Error::RatioMissing`],
        ///   [`Error::RatioOrder`].
        #[pallet::call_index(1)]
        #[pallet::weight(
            <T as Config>::WeightInfo::set_tiers(Pallet::<T>::count(tiers))
                // Whether memory is verified, for a table that asks for it.
                .saturating_add(T::DbWeight::get().reads(1))
        )]
        pub fn set_tiers(origin: OriginFor<T>, tiers: ByTier<Tier>) -> DispatchResult {
            T::TiersOrigin::ensure_origin(origin)?;
            let table = Self::checked_table(&tiers, Self::now())?;
            let rows = Self::count(&table);
            NextTiers::<T>::put(table);
            Self::deposit_event(Event::TiersScheduled { rows });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The least throughput, in MOPS, that earns anything: the floor of the
        /// lowest row that is not retired. One read.
        #[must_use]
        pub fn lowest_floor() -> u64 {
            LowestFloor::<T>::get()
        }

        /// The settled round of `window`, while it can be claimed from.
        #[must_use]
        pub fn round(window: u32) -> Option<RoundRecord<BalanceOf<T>>> {
            Rounds::<T>::get(Self::slot(window)).filter(|round| round.window == window)
        }

        /// The table, and what a MOPS weighs now in each row: zero in a retired one.
        #[must_use]
        pub fn tiers() -> Vec<(TierState, FixedU128)> {
            let effective = Self::effective();
            Tiers::<T>::get()
                .into_iter()
                .enumerate()
                .map(|(row, state)| (state, effective.get(row).copied().unwrap_or_default()))
                .collect()
        }

        /// What a claim for the GPU would pay now.
        #[must_use]
        pub fn pending_pay_of(hotkey: T::AccountId, gpu: u32) -> BalanceOf<T> {
            Self::pending_pay(&hotkey, gpu)
        }
    }

    impl<T: Config> Pallet<T> {
        /// The account that holds what is credited and not yet claimed.
        #[must_use]
        pub fn pot() -> T::AccountId {
            T::PalletId::get().into_account_truncating()
        }

        /// The place of a window's round in the ring.
        pub(crate) fn slot(window: u32) -> u32 {
            // The integrity test refuses a ring of no rounds.
            window.checked_rem(T::ClaimRounds::get()).unwrap_or(0)
        }

        /// Whether a row asks for verified memory or its bandwidth, by its floor or by a
        /// ratio, in the table or in the one that is to take its place: then memory has to
        /// stay verified ([`Config::VerifiesMemory`]), or who should reach it falls into
        /// the row below. Two reads.
        #[must_use]
        pub fn asks_for_memory() -> bool {
            let asks = Tier::asks_for_memory;
            Tiers::<T>::get().iter().any(|state| asks(&state.tier))
                || NextTiers::<T>::get().is_some_and(|table| table.iter().any(asks))
        }

        /// The rows as a table to hold from block `now` on.
        pub(crate) fn checked_table(rows: &[Tier], now: u64) -> Result<ByTier<Tier>, Error<T>> {
            // Where 32 bits are more than an index, the type's own bound holds.
            let most = usize::try_from(T::MaxTiers::get()).unwrap_or(tiers::MAX_TIERS);
            if rows.len() > most {
                return Err(Error::TooManyTiers);
            }
            tiers::check(rows, now)?;
            // Where no memory is verified nobody could reach such a row, and who
            // should would fall into the one below. Rows of different multipliers name a
            // ratio, so this refuses them as well.
            let asks = rows.iter().any(Tier::asks_for_memory);
            if asks && !T::VerifiesMemory::get() {
                return Err(Error::MemoryFloor);
            }
            rows.to_vec().try_into().map_err(|_| Error::TooManyTiers)
        }
    }
}
