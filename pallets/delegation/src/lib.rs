// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Delegation
//!
//! A token staked to validators: who produces blocks, what stakers earn, and how
//! much each of them has staked for how long.
//!
//! ## Overview
//!
//! The owner of a registered validator makes it a candidate with a self-stake, and
//! anybody stakes to candidates. Stake is put on hold in the staker's account and
//! never leaves it but by a slash. The candidates are a bounded list sorted by
//! stake; the first of it that have session keys and a running lease are the
//! validators of the next session.
//!
//! Every block gives its author its active stake in points. When a reward comes it
//! is shared by the points of the round; a validator takes its part when it is next
//! touched, keeps a commission, and spreads the rest over its active stake by adding
//! to what a unit of it has earned. So every step is of constant cost: none depends
//! on how many stakers or validators there are, but for the choice of a session's
//! set, which walks the bounded list.
//!
//! ## Terminology
//!
//! - *Hotkey*: a validator's account, which is its session identity. Its *owner*
//!   holds the self-stake in its own account and claims the commission.
//! - *Round*: what lies between two rewards, whatever sessions it spans. A reward in
//!   whose round nobody has a point waits for the next.
//! - *Active*: stake that earns and is counted in points. Stake becomes active with a
//!   round, for the whole of it, so that it takes no part in what was authored before.
//!   Until then it is *pending*.
//! - *Session of stake*: the one in which the round began in which it was staked. With
//!   the first round that begins in a later session it becomes active.
//! - *Cohort*: the stake of a validator that became active at the same time.
//! - *Unbonding*: unstaked, on hold until its time is over, neither earning nor
//!   voting.
//! - *Pot*: the account, derived from [`Config::PalletId`], that holds what was
//!   paid in and not yet claimed.
//!
//! ## Assumptions
//!
//! - The pot has its minimum balance from genesis on, by this pallet's genesis; it is
//!   never paid out. In a chain that takes the pallet later somebody sends it there:
//!   until then rewards go to [`Config::Refused`]. An account that cannot keep the
//!   minimum balance with a claim cannot claim yet.
//! - Unbonding takes longer than an offence can be reported.
//! - Nobody else touches what is on hold for [`HoldReason::Stake`].
//! - [`Config::SlashDestination`] can take any amount of the staked token: it has
//!   its minimum balance.
//!
//! ## What leaves, and when
//!
//! Stake that is unstaked gives up its points of the running round; everything
//! settled before remains due. Self-stake below what is required leaves only once
//! its validator is no candidate. An offence takes a share of the required
//! self-stake, out of what its owner has staked to that validator or is unbonding
//! from it, and ends the candidacy; stakers lose nothing but the chance to earn
//! there.
//!
//! ## Who is late
//!
//! A candidate whose lease is over is not chosen and takes no stake, so nobody waits
//! for a reward that cannot come. What is staked to it stays, and so does its record,
//! which [`owner_on_record`](Pallet::owner_on_record) tells to whoever leases hotkeys:
//! the owner renews, and all is as before. No stranger can end a candidacy, change a
//! record's owner or make another's stake wait. A rival can only stake more.
//!
//! ## Interface
//!
//! - Calls: [`join`](Pallet::join), [`leave`](Pallet::leave),
//!   [`stake`](Pallet::stake), [`unstake`](Pallet::unstake),
//!   [`withdraw`](Pallet::withdraw), [`claim`](Pallet::claim),
//!   [`set_commission`](Pallet::set_commission),
//!   [`claim_commission`](Pallet::claim_commission).
//! - For the runtime: `pallet_session::SessionManager` and its historical sibling,
//!   `pallet_authorship::EventHandler`, `OnOffenceHandler`, `OnUnbalanced` for
//!   rewards ([`reward_round`](Pallet::reward_round)).
//! - For whoever leases hotkeys: [`owner_on_record`](Pallet::owner_on_record).
//! - For votes: [`voting_stake`](Pallet::voting_stake),
//!   [`total_staked`](Pallet::total_staked).
//!
//! ## What `stake` and `claim` read and write
//!
//! `stake`, at most 12 reads and 10 writes: the staked token's asset, account,
//! holds and total on hold (each r+w, in `pallet-assets` and its holder);
//! parameters (r); the candidate's lease (r, in what [`Config::Validators`] asks);
//! `CurrentState` (r); `ValidatorRecords` (r+w); `Stakers` (r+w);
//! `Ranked` (r+w); and, only when it is the first to touch the validator since the
//! running round began, `Rounds` (r+w) and `Cohorts` of the cohort that
//! becomes active (w); and, only when the staker's last stake has become active since
//! it was touched, `Cohorts` of that one (r+w). So 10 and 7 without either.
//!
//! `claim`, at most 6 reads and 4 writes: `ValidatorRecords` (r), `Rounds` (r),
//! `Stakers` (r+w), `Cohorts` (r+w), the accounts of the pot and of the claimer
//! (r+w).
//!
//! ## Invariants
//!
//! 1. What is on hold in an account is what it has staked and is unbonding; nothing
//!    where it has no record.
//! 2. A validator's active, pending and number of delegations, and of its owner's
//!    unbondings, are the sums over the stakers.
//! 3. The candidates are sorted, each with the total of its record, and `staked` is
//!    the sum of all stake.
//! 4. The running round began in no later session than the running one, its points are
//!    those of the validators, and of each closed round what is left is what validators
//!    will take. Pending stake waits for the session after at most.
//! 5. The pot holds its minimum balance and all that is owed: carried, left in
//!    rounds, due as commission, and due to stakers.
//! 6. Each cohort has as many stakers as point to it.
//! 7. An account's checkpoints rise, and the last is no more than its stake.
//! 8. The parameters are valid.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
mod ledger;
pub mod migrations;
mod parameters;
mod ranking;
mod session;
mod stake;
mod traits;
mod types;
mod voting;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use parameters::{DelegationParameters, ParametersError};
#[cfg(feature = "runtime-benchmarks")]
pub use traits::BenchmarkHelper;
pub use traits::{OnSlashed, StakeLocks, Validators};
pub use types::{
    Candidate, Checkpoint, Cohort, Delegation, MAX_OFFENCES, Offence, Pending, Ranking, Round,
    Staker, State, Unbonding, Validator,
};
pub use weights::WeightInfo;

use frame_support::traits::fungible;
use sp_runtime::traits::BlockNumberProvider;

/// Amounts, of what is staked and of what is earned, in their smallest units.
pub type Balance = u128;

/// A reward on its way to the pot.
pub type CreditOf<T> =
    fungible::Credit<<T as frame_system::Config>::AccountId, <T as Config>::Rewards>;

/// The block numbers in which unbonding, votes and changes of commission are counted.
pub type BlockNumberOf<T> =
    <<T as Config>::BlockNumberProvider as BlockNumberProvider>::BlockNumber;

/// A validator of the runtime `T`.
pub type ValidatorOf<T> = Validator<<T as frame_system::Config>::AccountId, BlockNumberOf<T>>;

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeDocTests;

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
            OnUnbalanced, ValidatorRegistration,
            fungible::{Balanced, Inspect, Mutate, MutateHold},
            tokens::Precision,
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::{ArithmeticError, Perbill, traits::Zero};
    use sp_staking::SessionIndex;
    use tokenomics_primitives::rewards::Precise;

    /// Version 1 did not remember offences. No chain was running with it: there is no
    /// migration. For those from version 2 on see [`migrations`].
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(3);

    /// The pallet: see the crate's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The token that is staked, by putting it on hold: such as a
        /// `fungible::ItemOf` of `pallet-assets-holder`.
        type Stake: Inspect<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's hold reasons.
        type RuntimeHoldReason: From<HoldReason>;

        /// The token that is earned.
        type Rewards: Inspect<Self::AccountId, Balance = Balance>
            + Balanced<Self::AccountId>
            + Mutate<Self::AccountId>;

        /// Takes a reward that the pot's account cannot take, which happens only
        /// while it is not endowed.
        type Refused: OnUnbalanced<CreditOf<Self>>;

        /// Who is registered as a validator.
        type Validators: Validators<Self::AccountId>;

        /// Who has session keys.
        type Keys: ValidatorRegistration<Self::AccountId>;

        /// What keeps stake from leaving.
        type Locks: StakeLocks<Self::AccountId, Balance>;

        /// Where slashed stake goes.
        type SlashDestination: Get<Self::AccountId>;

        /// Told what arrived there.
        type OnSlashed: OnSlashed<Balance>;

        /// What governs staking, as it is now.
        type Parameters: Get<DelegationParameters<BlockNumberOf<Self>>>;

        /// Derives the pot's account.
        #[pallet::constant]
        type PalletId: Get<PalletId>;

        /// The most candidates there can be. At least one.
        #[pallet::constant]
        type MaxCandidates: Get<u32>;

        /// The most validators a session can have. At least one.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// The most validators one account can stake to. At least one.
        #[pallet::constant]
        type MaxDelegations: Get<u32>;

        /// The most unbondings one account can have at a time. At least one.
        #[pallet::constant]
        type MaxUnbonding: Get<u32>;

        /// How many changes of its stake are remembered for an account's votes. At
        /// least two.
        #[pallet::constant]
        type MaxCheckpoints: Get<u32>;

        /// What counts the blocks of unbonding, of votes and between two changes of a
        /// commission.
        type BlockNumberProvider: BlockNumberProvider;

        /// What calls and hooks cost.
        type WeightInfo: WeightInfo;

        /// Makes what benchmarks need.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Why a balance is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// It is staked, or unbonding.
        Stake,
    }

    /// The running session and round.
    #[pallet::storage]
    pub type CurrentState<T: Config> = StorageValue<_, State, ValueQuery>;

    /// Closed rounds that validators have yet to take their part of.
    #[pallet::storage]
    pub type Rounds<T: Config> = StorageMap<_, Twox64Concat, u32, Round>;

    /// Validators, by hotkey.
    #[pallet::storage]
    pub type ValidatorRecords<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, ValidatorOf<T>>;

    /// Cohorts that became active, while one of their stakers was not touched
    /// since, by hotkey and number.
    #[pallet::storage]
    pub type Cohorts<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, u32, Cohort>;

    /// Stakers, by account.
    #[pallet::storage]
    pub type Stakers<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, Staker<T>, ValueQuery>;

    /// The candidates by their stake.
    #[pallet::storage]
    pub type Ranked<T: Config> = StorageValue<_, Ranking<T>, ValueQuery>;

    /// The set last given to the session pallet, in the order of accounts.
    #[pallet::storage]
    pub type Elected<T: Config> =
        StorageValue<_, BoundedVec<T::AccountId, T::MaxValidators>, ValueQuery>;

    /// The first candidates, whose stake is active at once. The pot is given the minimum
    /// balance if it does not hold it yet.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Hotkey, owner, self-stake and commission. The owner must have the stake.
        /// Leases are not asked for.
        pub candidates: Vec<(T::AccountId, T::AccountId, Balance, Perbill)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        /// A chain specification whose candidates are refused, or whose pot cannot be
        /// endowed, is refused by a panic, as no chain exists yet that could go on
        /// without.
        fn build(&self) {
            let pot = Pallet::<T>::pot();
            let missing = T::Rewards::minimum_balance().checked_sub(T::Rewards::balance(&pot));
            if let Some(missing) = missing.filter(|missing| !missing.is_zero()) {
                let endowed = T::Rewards::resolve(&pot, T::Rewards::issue(missing));
                assert!(endowed.is_ok(), "the pot could not be endowed");
            }
            for (hotkey, owner, self_stake, commission) in &self.candidates {
                let result = Pallet::<T>::found(hotkey.clone(), owner, *self_stake, *commission);
                assert!(
                    result.is_ok(),
                    "a candidate of the genesis is refused: {:?}",
                    result.err()
                );
            }
            // The first round begins with all that stake active.
            CurrentState::<T>::mutate(|state| {
                if let Some(next) = state.round.checked_add(1) {
                    state.round = next;
                }
            });
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A validator has become a candidate.
        Joined {
            /// Its hotkey.
            hotkey: T::AccountId,
            /// Its owner.
            owner: T::AccountId,
            /// All that is staked to it.
            total: Balance,
            /// Its commission.
            commission: Perbill,
        },
        /// A candidate made room for one with more stake.
        Evicted {
            /// Its hotkey.
            hotkey: T::AccountId,
        },
        /// A validator is a candidate no longer, by its owner's will.
        Left {
            /// Its hotkey.
            hotkey: T::AccountId,
        },
        /// Stake was put on hold.
        Staked {
            /// Whose.
            who: T::AccountId,
            /// The validator's hotkey.
            validator: T::AccountId,
            /// How much.
            amount: Balance,
            /// The session with whose first round it is active, or with the first after it.
            from: SessionIndex,
        },
        /// Stake has begun to leave.
        Unstaked {
            /// Whose.
            who: T::AccountId,
            /// The validator's hotkey.
            validator: T::AccountId,
            /// How much.
            amount: Balance,
            /// The first block in which it can be withdrawn.
            at: BlockNumberOf<T>,
        },
        /// Stake was released.
        Withdrawn {
            /// Whose.
            who: T::AccountId,
            /// How much.
            amount: Balance,
        },
        /// A staker was paid.
        Claimed {
            /// Who.
            who: T::AccountId,
            /// The validator whose stakers' rewards were claimed.
            validator: T::AccountId,
            /// How much.
            amount: Balance,
        },
        /// A commission was changed.
        CommissionSet {
            /// The validator's hotkey.
            hotkey: T::AccountId,
            /// The commission.
            commission: Perbill,
        },
        /// Commission was paid.
        CommissionClaimed {
            /// The validator's hotkey.
            hotkey: T::AccountId,
            /// Who was paid.
            owner: T::AccountId,
            /// How much.
            amount: Balance,
        },
        /// A reward is shared by the points of a round.
        RoundRewarded {
            /// The round.
            round: u32,
            /// The reward, with what was carried.
            amount: Balance,
            /// The points.
            points: u128,
        },
        /// A reward waits for the next round: nobody has a point in this one.
        RoundCarried {
            /// All that waits.
            amount: Balance,
        },
        /// The pot could not take a reward, which went to [`Config::Refused`].
        RoundRefused {
            /// The reward.
            amount: Balance,
        },
        /// A reward could not be shared: it lies in the pot.
        RoundFailed {
            /// The reward.
            amount: Balance,
            /// Why.
            error: DispatchError,
        },
        /// A block brought its author no points.
        BlockNotCounted {
            /// The author.
            author: T::AccountId,
            /// Why.
            error: DispatchError,
        },
        /// Another set of validators was chosen.
        ValidatorsChosen {
            /// The session it is planned for.
            session: SessionIndex,
            /// How many they are.
            validators: u32,
        },
        /// Self-stake was slashed, and its validator is a candidate no longer.
        Slashed {
            /// The validator's hotkey.
            hotkey: T::AccountId,
            /// Whose stake it was.
            owner: T::AccountId,
            /// How much was taken.
            amount: Balance,
        },
        /// A slash took nothing, but ended the candidacy.
        SlashFailed {
            /// The validator's hotkey.
            hotkey: T::AccountId,
            /// Why.
            error: DispatchError,
        },
    }

    /// Why a call was refused; state is then unchanged.
    #[pallet::error]
    pub enum Error<T> {
        /// The hotkey is not registered as a validator, or its lease is over.
        NotRegistered,
        /// The hotkey belongs to another owner.
        NotOwner,
        /// The hotkey has no session keys.
        NoKeys,
        /// The validator is a candidate already.
        AlreadyCandidate,
        /// The validator is no candidate.
        NotCandidate,
        /// Nothing is known of this validator.
        NotValidator,
        /// A former owner's self-stake is still unbonding.
        FormerOwnerUnbonding,
        /// The owner's stake to its validator is, or would be, below what is
        /// required of a candidate.
        SelfStakeTooLow,
        /// The list of candidates is full, and none of them has less stake.
        TotalTooLow,
        /// The commission is above the highest there may be.
        CommissionTooHigh,
        /// The commission would rise by more than it may at once.
        CommissionRisesTooFast,
        /// The commission was changed too short a time ago.
        CommissionChangedTooSoon,
        /// The amount is zero.
        ZeroAmount,
        /// The account would have less staked to the validator than the minimum, but
        /// more than nothing.
        StakeTooLow,
        /// The account has staked to as many validators as it can.
        TooManyDelegations,
        /// The account has nothing staked to the validator.
        NotStaked,
        /// The account has less staked to the validator.
        NotEnoughStaked,
        /// The stake is locked, such as by a vote.
        StakeLocked,
        /// The account has as many unbondings as it can: withdraw first.
        TooManyUnbondings,
        /// No unbonding is over.
        NothingToWithdraw,
        /// Less than one unit was earned.
        NothingToClaim,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            for (bound, least) in [
                (T::MaxCandidates::get(), 1),
                (T::MaxValidators::get(), 1),
                (T::MaxDelegations::get(), 1),
                (T::MaxUnbonding::get(), 1),
                (T::MaxCheckpoints::get(), 2),
            ] {
                assert!(bound >= least, "a bound is too small");
            }
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Make `hotkey` a candidate, staking `self_stake` to it.
        ///
        /// The origin must be signed by the owner, who must then have staked to it
        /// what the parameters require; with enough staked from an earlier
        /// candidacy `self_stake` may be zero. Where the list is full, the candidate
        /// with the least stake is evicted if it has less. A validator that was a
        /// candidate before may change its commission by this call only as
        /// [`set_commission`](Pallet::set_commission) could.
        ///
        /// Errors: [`Error::NotRegistered`], [`Error::NotOwner`],
        /// [`Error::NoKeys`], [`Error::AlreadyCandidate`],
        /// [`Error::FormerOwnerUnbonding`], [`Error::StakeTooLow`] where it would be
        /// below the minimum of any stake, [`Error::SelfStakeTooLow`],
        /// [`Error::TotalTooLow`], [`Error::TooManyDelegations`],
        /// [`Error::CommissionTooHigh`], [`Error::CommissionRisesTooFast`],
        /// [`Error::CommissionChangedTooSoon`], and the token's own where the owner
        /// does not have the stake.
        #[pallet::call_index(0)]
        pub fn join(
            origin: OriginFor<T>,
            hotkey: T::AccountId,
            #[pallet::compact] self_stake: Balance,
            commission: Perbill,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let owner = T::Validators::owner_of(&hotkey).ok_or(Error::<T>::NotRegistered)?;
            ensure!(owner == who, Error::<T>::NotOwner);
            ensure!(T::Keys::is_registered(&hotkey), Error::<T>::NoKeys);
            Self::do_join(hotkey, &owner, self_stake, commission)
        }

        /// Withdraw `hotkey` from the candidates, from the next session to be
        /// planned on. Its stake stays until it is unstaked.
        ///
        /// The origin must be signed by the owner.
        ///
        /// Errors: [`Error::NotValidator`], [`Error::NotOwner`],
        /// [`Error::NotCandidate`].
        #[pallet::call_index(1)]
        pub fn leave(origin: OriginFor<T>, hotkey: T::AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let validator = ValidatorRecords::<T>::get(&hotkey).ok_or(Error::<T>::NotValidator)?;
            ensure!(validator.owner == who, Error::<T>::NotOwner);
            Ranked::<T>::try_mutate(|ranking| {
                ensure!(ranking.remove(&hotkey), Error::<T>::NotCandidate);
                Ok::<_, DispatchError>(())
            })?;
            Self::deposit_event(Event::Left { hotkey });
            Ok(())
        }

        /// Stake `amount` to a candidate whose lease runs. It is put on hold in the
        /// signer's account and earns from the first round on that begins in a later
        /// session than the running one did.
        ///
        /// Errors: [`Error::ZeroAmount`], [`Error::NotCandidate`],
        /// [`Error::NotRegistered`] where the candidate's lease is over, or another's
        /// than the owner's whose self-stake stands for it, [`Error::StakeTooLow`], [`Error::TooManyDelegations`], and the token's
        /// own where the signer does not have it.
        #[pallet::call_index(2)]
        pub fn stake(
            origin: OriginFor<T>,
            validator: T::AccountId,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
            let mut ranking = Ranked::<T>::get();
            ensure!(ranking.contains(&validator), Error::<T>::NotCandidate);
            let state = Self::state();
            let mut record = Self::touched(&validator, &state)?;
            ensure!(
                Self::is_leased(&validator, &record),
                Error::<T>::NotRegistered
            );
            Self::do_stake(&who, &validator, &mut record, &mut ranking, amount, &state)?;
            let total = record.total().ok_or(ArithmeticError::Overflow)?;
            ranking.update(&validator, total);
            Ranked::<T>::put(ranking);
            ValidatorRecords::<T>::insert(&validator, record);
            Ok(())
        }

        /// Take `amount` back from a validator. It stays on hold, without earning
        /// or voting, for the unbonding time.
        ///
        /// What is pending leaves first; what was active gives up its points of the
        /// running round. What was earned before stays due. Two unbondings from the
        /// same validator in one block are one.
        ///
        /// Errors: [`Error::ZeroAmount`], [`Error::NotValidator`],
        /// [`Error::NotStaked`], [`Error::NotEnoughStaked`],
        /// [`Error::StakeTooLow`], [`Error::SelfStakeTooLow`] for the owner of a
        /// candidate, [`Error::StakeLocked`], [`Error::TooManyUnbondings`].
        #[pallet::call_index(3)]
        pub fn unstake(
            origin: OriginFor<T>,
            validator: T::AccountId,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            ensure!(!amount.is_zero(), Error::<T>::ZeroAmount);
            Self::do_unstake(who, validator, amount)
        }

        /// Release all of the signer's stake whose unbonding is over.
        ///
        /// Errors: [`Error::NothingToWithdraw`].
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::withdraw(T::MaxUnbonding::get()))]
        pub fn withdraw(origin: OriginFor<T>) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let mut staker = Stakers::<T>::get(&who);
            let now = Self::now();
            let due: Vec<_> = staker
                .unbonding
                .iter()
                .filter(|entry| entry.at <= now)
                .cloned()
                .collect();
            ensure!(!due.is_empty(), Error::<T>::NothingToWithdraw);
            staker.unbonding.retain(|entry| entry.at > now);
            let mut amount = Balance::zero();
            for entry in &due {
                amount = amount
                    .checked_add(entry.amount)
                    .ok_or(ArithmeticError::Overflow)?;
                if entry.own {
                    Self::forget_own_unbonding(&entry.validator)?;
                }
            }
            T::Stake::release(&HoldReason::Stake.into(), &who, amount, Precision::Exact)?;
            Self::put_staker(&who, staker);
            Self::deposit_event(Event::Withdrawn { who, amount });
            let entries = u32::try_from(due.len()).map_err(|_| ArithmeticError::Overflow)?;
            Ok(Some(<T as Config>::WeightInfo::withdraw(entries)).into())
        }

        /// Pay the signer what it earned by its stake to `validator`, and what is
        /// due to it from stake that has changed since, whomever it was staked to.
        ///
        /// What is paid is rounded down to whole units. The rest stays due, for as
        /// long as the account has anything staked or unbonding.
        ///
        /// Errors: [`Error::NothingToClaim`], and the token's own where the signer's
        /// account would be left with less than the minimum balance.
        #[pallet::call_index(5)]
        pub fn claim(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let mut staker = Stakers::<T>::get(&who);
            let cohort = Self::settled_claim(&mut staker, &validator)?;
            let amount = staker.due.whole;
            ensure!(!amount.is_zero(), Error::<T>::NothingToClaim);
            if let Some((number, left)) = cohort {
                Cohorts::<T>::set(&validator, number, left);
            }
            staker.due = Precise {
                whole: 0,
                ..staker.due
            };
            Self::put_staker(&who, staker);
            Self::pay(&who, amount)?;
            Self::deposit_event(Event::Claimed {
                who,
                validator,
                amount,
            });
            Ok(())
        }

        /// Set the commission of a validator, from the running round on.
        ///
        /// The origin must be signed by the owner. A rise is limited, a fall is not;
        /// either can be made once in the governed interval only.
        ///
        /// Errors: [`Error::NotValidator`], [`Error::NotOwner`],
        /// [`Error::CommissionTooHigh`], [`Error::CommissionRisesTooFast`],
        /// [`Error::CommissionChangedTooSoon`].
        #[pallet::call_index(6)]
        pub fn set_commission(
            origin: OriginFor<T>,
            hotkey: T::AccountId,
            commission: Perbill,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let mut record = Self::touched(&hotkey, &Self::state())?;
            ensure!(record.owner == who, Error::<T>::NotOwner);
            Self::change_commission(&mut record, commission)?;
            ValidatorRecords::<T>::insert(&hotkey, record);
            Self::deposit_event(Event::CommissionSet { hotkey, commission });
            Ok(())
        }

        /// Pay the owner of a validator its commission.
        ///
        /// The origin must be signed by the owner.
        ///
        /// Errors: [`Error::NotValidator`], [`Error::NotOwner`],
        /// [`Error::NothingToClaim`], and the token's own where the signer's account
        /// would be left with less than the minimum balance.
        #[pallet::call_index(7)]
        pub fn claim_commission(origin: OriginFor<T>, hotkey: T::AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let mut record = Self::touched(&hotkey, &Self::state())?;
            ensure!(record.owner == who, Error::<T>::NotOwner);
            let amount = core::mem::take(&mut record.commission_due);
            ensure!(!amount.is_zero(), Error::<T>::NothingToClaim);
            Self::put_validator(&hotkey, record, &Ranked::<T>::get());
            Self::pay(&who, amount)?;
            Self::deposit_event(Event::CommissionClaimed {
                hotkey,
                owner: who,
                amount,
            });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What `who` could claim from `validator` now, with what is due to it from
        /// stake that has changed.
        pub fn claimable(who: T::AccountId, validator: T::AccountId) -> Balance {
            let mut staker = Stakers::<T>::get(&who);
            match Self::settled_claim(&mut staker, &validator) {
                Ok(_) => staker.due.whole,
                Err(_) => 0,
            }
        }

        /// The candidates, the most stake first.
        pub fn candidates() -> Vec<Candidate<T::AccountId>> {
            Ranked::<T>::get().candidates.into_inner()
        }
    }
}
