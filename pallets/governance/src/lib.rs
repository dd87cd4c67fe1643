// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! # Governance
//!
//! Stake-weighted votes on referenda, for chains whose stake is not the currency of
//! their balances.
//!
//! ## Overview
//!
//! This pallet counts votes; `pallet-referenda`, or anything else that is
//! [`Polling`], asks the questions and acts on the answers. The weight of a vote is
//! stake that was there when the poll began, is there still and is not unbonding. It
//! stays until the poll is over, and what won stays until the decision is enacted:
//! who decides bears the consequence. The staking pallet asks
//! [`locked`](Pallet::locked) before it lets stake go, so that nothing is moved
//! here and nothing runs each block.
//!
//! Origins of its own, one for each kind of decision, take the place of root: a
//! referendum can do what its origin is let through to, and nothing else.
//!
//! ## Terminology
//!
//! - *Poll*: a question that can be voted on while it is *ongoing*: a referendum from
//!   its submission to its end.
//! - *Voting stake*: the least stake an account has had at any time since the poll
//!   began, without what is unbonding. See [`Stakes`].
//! - *Weight*: the part of the voting stake a vote was cast with.
//! - *Support*: the ayes in proportion to all stake when the poll began, or to all
//!   stake now where that is less, but at least to the governed floor. So few cannot
//!   decide while few have staked, and stake that may not vote defeats nothing.
//! - *Approval*: the ayes in proportion to all votes.
//! - *Lock*: a weight that may not leave. An account's lock is the largest of its
//!   votes' locks and not their sum, since the same stake votes in every poll.
//! - *Expired*: said of a vote whose poll is over and that locks nothing.
//! - *Backed*: said of a poll that has had [`Config::Backing`] of support when a vote was
//!   cast. One that is rejected and never was loses what was deposited for its decision.
//!
//! ## What is locked for how long
//!
//! | the poll | aye | nay |
//! |---|---|---|
//! | is ongoing | locked | locked |
//! | was approved | locked until the enactment | free |
//! | was rejected, cancelled, killed or timed out | free | free |
//!
//! A rejection enacts nothing, so nothing is to be waited for. The enactment is the
//! block the poll asked for and its track allows, known when the vote is cast and
//! kept with it; it does not move when the track is changed or the scheduler is late.
//! An aye for a poll that would be enacted more than [`Config::MaxEnactment`] blocks
//! after its end is refused, so that nobody's stake is locked without end.
//!
//! ## Assumptions
//!
//! - Stake leaves only where it is not [`locked`](Pallet::locked). Where stake is
//!   taken nevertheless, by a slash, [`on_stake_reduced`](Pallet::on_stake_reduced)
//!   is told in the same block, before any poll is serviced.
//! - The blocks of [`Polling::Moment`], of [`Started`], of [`Stakes`] and of
//!   [`Config::BlockNumberProvider`] are the same.
//!
//! ## Interface
//!
//! - Calls: [`vote`](Pallet::vote), [`remove_vote`](Pallet::remove_vote),
//!   [`clear_expired`](Pallet::clear_expired),
//!   [`authorize_upgrade`](Pallet::authorize_upgrade),
//!   [`settle_deposits`](Pallet::settle_deposits).
//! - For the staking pallet, through the runtime: [`locked`](Pallet::locked),
//!   [`on_stake_reduced`](Pallet::on_stake_reduced).
//! - For `pallet-referenda`: [`Tally`].
//! - For everything governed: [`Origin`] and [`EnsureParameters`], [`EnsureTiers`],
//!   [`EnsureAssets`], [`EnsureUpgrade`], [`EnsureRevoke`].
//! - View functions: `votes_of`, `locked_of`.
//!
//! ## Invariants
//!
//! 1. The tally of every ongoing poll is the sum of the weights of its votes.
//! 2. No account has more locked than it has staked and not unbonding; so no weight
//!    that is counted is above the stake locked for it.
//! 3. No account has two votes on one poll.
//! 4. Every vote has a weight, and no account has an empty list of votes.
//! 5. No aye locks stake for more than [`Config::MaxEnactment`] blocks after the end
//!    of its poll.
//! 6. The parameters are valid.
//! 7. What is backed has deposits that are held.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(any(feature = "std", feature = "try-runtime"))]
mod invariants;
mod origins;
mod parameters;
mod tally;
mod votes;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

/// The README's examples, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeDocTests;

pub use origins::{EnsureAssets, EnsureParameters, EnsureRevoke, EnsureTiers, EnsureUpgrade};
pub use pallet::*;
pub use parameters::{GovernanceParameters, ParametersError};
pub use tally::Tally;
pub use votes::{EnactmentTime, Side, Vote};
pub use weights::WeightInfo;

use alloc::vec::Vec;
use codec::MaxEncodedLen;
use frame_support::{Parameter, traits::Polling};
use sp_runtime::traits::{AtLeast32BitUnsigned, BlockNumberProvider, Member};

/// The amounts of stake of a runtime.
pub type BalanceOf<T> = <<T as Config>::Stakes as Stakes<
    <T as frame_system::Config>::AccountId,
    BlockNumberOf<T>,
>>::Balance;

/// The blocks polls begin and end in.
pub type BlockNumberOf<T> =
    <<T as Config>::BlockNumberProvider as BlockNumberProvider>::BlockNumber;

/// What names a poll.
pub type PollIndexOf<T> = <<T as Config>::Polls as Polling<Tally<T>>>::Index;

/// The amounts of deposits of a runtime.
pub type DepositOf<T> = <<T as Config>::Deposits as Deposits<PollIndexOf<T>>>::Balance;

/// The votes of a runtime.
pub type VoteOf<T> = Vote<PollIndexOf<T>, BalanceOf<T>, BlockNumberOf<T>>;

/// The parameters of a runtime.
pub type ParametersOf<T> = GovernanceParameters<BalanceOf<T>>;

/// What votes weigh.
pub trait Stakes<AccountId, BlockNumber> {
    /// Amounts of stake.
    type Balance: AtLeast32BitUnsigned + Copy + Default + MaxEncodedLen + Member + Parameter;

    /// The least stake `who` has had at any time since block `since`, its beginning
    /// included, without what is unbonding; or less, but never more. With the current
    /// block: what there is now.
    fn voting_stake(who: &AccountId, since: BlockNumber) -> Self::Balance;

    /// All stake there is now.
    fn total() -> Self::Balance;

    /// Gives `who` this voting stake for polls that begin in the next block.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_voting_stake(who: &AccountId, stake: Self::Balance);
}

/// When polls began.
pub trait Started<PollIndex, BlockNumber> {
    /// The block in which an ongoing poll began, for a referendum that of its
    /// submission. `None` where it is not ongoing.
    fn started(poll: PollIndex) -> Option<BlockNumber>;

    /// Every ongoing poll, for the check of the invariants only.
    #[cfg(any(feature = "std", feature = "try-runtime"))]
    fn ongoing() -> Vec<PollIndex>;
}

/// When decisions are enacted.
pub trait Enactment<PollIndex, BlockNumber> {
    /// When an ongoing poll is enacted, should it be approved. `None` where it is not
    /// ongoing.
    fn enactment(poll: PollIndex) -> Option<EnactmentTime<BlockNumber>>;
}

/// What became of a poll's deposits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Settled<Balance> {
    /// How much went back to who had deposited it.
    pub returned: Balance,
    /// How much is gone.
    pub burned: Balance,
}

/// What was deposited for polls.
pub trait Deposits<PollIndex> {
    /// Amounts of what is deposited.
    type Balance: Copy + Default + MaxEncodedLen + Member + Parameter;

    /// Gives back what is held for a poll that is over. Where it was rejected without
    /// being `backed`, what was deposited for its decision is burned instead: it held a
    /// place that another poll could have had. `None` where nothing is held, or the poll
    /// is ongoing.
    fn settle(poll: PollIndex, backed: bool) -> Option<Settled<Self::Balance>>;

    /// Whether anything is held for a poll, for the check of the invariants only.
    #[cfg(any(feature = "std", feature = "try-runtime"))]
    fn is_held(poll: PollIndex) -> bool;

    /// Ends an ongoing poll as rejected, with both deposits held.
    #[cfg(feature = "runtime-benchmarks")]
    fn reject(poll: PollIndex);
}

/// Nothing is held: the pallet that asks the questions gives its deposits back itself.
impl<PollIndex> Deposits<PollIndex> for () {
    type Balance = u128;

    fn settle(_: PollIndex, _: bool) -> Option<Settled<u128>> {
        None
    }

    // So that every backed poll passes the check: none is ever settled.
    #[cfg(any(feature = "std", feature = "try-runtime"))]
    fn is_held(_: PollIndex) -> bool {
        true
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn reject(_: PollIndex) {}
}

// The macro's expansion qualifies names that are in scope here, and numbers calls and
// events by casts.
#[allow(unused_qualifications, clippy::cast_possible_truncation)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use codec::DecodeWithMemTracking;
    use frame_support::{
        dispatch::DispatchResultWithPostInfo, pallet_prelude::*, traits::PollStatus,
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::{Perbill, traits::Zero};

    /// Version 1 had tallies that did not say how much was staked.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(2);

    /// The pallet: see the crate's documentation.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// What can be voted on: `pallet-referenda`, with [`Tally`] as its tally.
        type Polls: Polling<Tally<Self>, Votes = BalanceOf<Self>, Moment = BlockNumberOf<Self>>;

        /// When polls began.
        type Started: Started<PollIndexOf<Self>, BlockNumberOf<Self>>;

        /// When what polls decide is enacted.
        type Enactment: Enactment<PollIndexOf<Self>, BlockNumberOf<Self>>;

        /// What votes weigh.
        type Stakes: Stakes<Self::AccountId, BlockNumberOf<Self>>;

        /// What was deposited for polls.
        type Deposits: Deposits<PollIndexOf<Self>>;

        /// The least support that backs a poll: see [`Pallet::settle_deposits`].
        #[pallet::constant]
        type Backing: Get<Perbill>;

        /// What is governed of this pallet itself, as it is now.
        type Parameters: Get<ParametersOf<Self>>;

        /// Who authorises a code upgrade: [`EnsureUpgrade`].
        type UpgradeOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The most votes an account can have that are not expired. At least one.
        #[pallet::constant]
        type MaxVotes: Get<u32>;

        /// The most blocks between the end of a poll and its enactment, and so the most
        /// by which a lock outlasts a poll. A poll that would be enacted later cannot
        /// be voted for; so it is at least the minimum enactment period of every track.
        #[pallet::constant]
        type MaxEnactment: Get<BlockNumberOf<Self>>;

        /// What counts the blocks of polls.
        type BlockNumberProvider: BlockNumberProvider;

        /// What calls cost.
        type WeightInfo: WeightInfo;
    }

    /// In whose name a decision is enacted: one for each kind of referendum.
    #[pallet::origin]
    #[derive(
        Clone,
        Copy,
        Debug,
        Decode,
        DecodeWithMemTracking,
        Encode,
        Eq,
        MaxEncodedLen,
        PartialEq,
        TypeInfo,
    )]
    pub enum Origin {
        /// Sets hyperparameters.
        Parameters,
        /// Sets the table of tiers.
        Tiers,
        /// Enables and disables the assets revenue comes in.
        Assets,
        /// Authorises a code upgrade, which can change anything.
        Upgrade,
        /// Takes powers away, and gives none.
        Revoke,
    }

    /// The votes of every account that has any, expired ones among them.
    #[pallet::storage]
    pub type Votes<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        BoundedVec<VoteOf<T>, T::MaxVotes>,
        ValueQuery,
    >;

    /// Polls that were backed, until their deposits are settled.
    #[pallet::storage]
    pub type Backed<T: Config> = StorageMap<_, Blake2_128Concat, PollIndexOf<T>, (), OptionQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A vote was cast, in place of the one the account may have had on the poll.
        Voted {
            /// Whose.
            who: T::AccountId,
            /// On what.
            poll: PollIndexOf<T>,
            /// For or against it.
            side: Side,
            /// How much stake it weighs.
            weight: BalanceOf<T>,
        },
        /// A vote was removed by who had cast it.
        VoteRemoved {
            /// Whose.
            who: T::AccountId,
            /// On what.
            poll: PollIndexOf<T>,
        },
        /// A vote weighs less, because stake of its account was slashed. With nothing
        /// left the vote is gone.
        WeightReduced {
            /// Whose.
            who: T::AccountId,
            /// On what.
            poll: PollIndexOf<T>,
            /// How much stake it weighs now.
            weight: BalanceOf<T>,
        },
        /// Expired votes were removed.
        ExpiredCleared {
            /// Whose.
            who: T::AccountId,
            /// How many.
            votes: u32,
        },
        /// What was deposited for a poll is not held any more.
        DepositsSettled {
            /// For what.
            poll: PollIndexOf<T>,
            /// How much went back to who had deposited it.
            returned: DepositOf<T>,
            /// How much is gone.
            burned: DepositOf<T>,
        },
    }

    /// Why a call was refused; state is then unchanged.
    #[pallet::error]
    pub enum Error<T> {
        /// The poll does not exist or is over.
        NotOngoing,
        /// The vote would weigh nothing: its account had no stake when the poll began,
        /// or it is unbonding, or the amount is zero.
        NoWeight,
        /// The amount is above the account's voting stake in this poll.
        AboveVotingStake,
        /// The account has as many votes as there can be, none of them expired.
        TooManyVotes,
        /// The poll would be enacted so late that no stake can be locked until then.
        EnactmentTooLate,
        /// The account has no vote on the poll.
        NoVote,
        /// The vote has won and its stake is locked until the enactment.
        NotEnacted,
        /// None of the account's votes is expired.
        NothingExpired,
        /// The poll is ongoing, or its deposits are settled, or it never had any.
        NothingHeld,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn integrity_test() {
            assert!(
                !T::MaxVotes::get().is_zero(),
                "MaxVotes must be at least one"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call(weight(<T as Config>::WeightInfo))]
    impl<T: Config> Pallet<T> {
        /// Vote on `poll`, or change a vote cast on it before.
        ///
        /// The origin must be signed. The vote weighs `amount`, or the account's whole
        /// voting stake in this poll where none is given; of stake added later nothing
        /// counts, here or in a change of the vote. The account's expired votes are
        /// removed on the way.
        ///
        /// Errors: [`Error::NotOngoing`], [`Error::NoWeight`],
        /// [`Error::AboveVotingStake`], [`Error::EnactmentTooLate`] for an aye,
        /// [`Error::TooManyVotes`].
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::vote(T::MaxVotes::get()))]
        pub fn vote(
            origin: OriginFor<T>,
            #[pallet::compact] poll: PollIndexOf<T>,
            side: Side,
            amount: Option<BalanceOf<T>>,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let now = Self::now();
            let mut votes = Votes::<T>::get(&who);
            let known = count(&votes);
            let replaced = Self::take(&mut votes, poll);
            votes.retain(|vote| !Self::is_expired(vote, now));

            let weight = T::Polls::try_access_poll(poll, |status| {
                let (tally, _) = status.ensure_ongoing().ok_or(Error::<T>::NotOngoing)?;
                let vote = Self::weigh(&who, poll, side, amount, now)?;
                if let Some(replaced) = replaced {
                    tally.remove(replaced.side, replaced.weight)?;
                }
                tally.add(side, vote.weight)?;
                if tally.supported() >= T::Backing::get() {
                    Backed::<T>::insert(poll, ());
                }
                let weight = vote.weight;
                votes.try_push(vote).map_err(|_| Error::<T>::TooManyVotes)?;
                Ok(weight)
            })?;
            Votes::<T>::insert(&who, votes);
            Self::deposit_event(Event::Voted {
                who,
                poll,
                side,
                weight,
            });
            Ok(Some(<T as Config>::WeightInfo::vote(known)).into())
        }

        /// Remove the vote on `poll`, which is over or loses its weight.
        ///
        /// The origin must be signed by who has cast it.
        ///
        /// Errors: [`Error::NoVote`], [`Error::NotEnacted`] while the vote's side has
        /// won and what it decided is not enacted.
        #[pallet::call_index(1)]
        pub fn remove_vote(
            origin: OriginFor<T>,
            #[pallet::compact] poll: PollIndexOf<T>,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            let mut votes = Votes::<T>::get(&who);
            let vote = Self::take(&mut votes, poll).ok_or(Error::<T>::NoVote)?;
            T::Polls::try_access_poll(poll, |status| match status {
                PollStatus::Ongoing(tally, _) => tally.remove(vote.side, vote.weight),
                PollStatus::Completed(end, approved) => {
                    ensure!(
                        !vote.is_locked_after(end, approved, Self::now()),
                        Error::<T>::NotEnacted
                    );
                    Ok(())
                }
                PollStatus::None => Ok(()),
            })?;
            Self::store(&who, votes);
            Self::deposit_event(Event::VoteRemoved { who, poll });
            Ok(())
        }

        /// Remove the expired votes of `who`.
        ///
        /// The origin must be signed, by anybody. Nothing depends on it but the room
        /// the votes take: an expired vote locks nothing, and `vote` removes the
        /// expired ones of its account by itself.
        ///
        /// Errors: [`Error::NothingExpired`].
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::clear_expired(T::MaxVotes::get()))]
        pub fn clear_expired(
            origin: OriginFor<T>,
            who: T::AccountId,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let now = Self::now();
            let mut votes = Votes::<T>::get(&who);
            let known = count(&votes);
            votes.retain(|vote| !Self::is_expired(vote, now));
            let cleared = known
                .checked_sub(count(&votes))
                .filter(|cleared| !cleared.is_zero())
                .ok_or(Error::<T>::NothingExpired)?;
            Self::store(&who, votes);
            Self::deposit_event(Event::ExpiredCleared {
                who,
                votes: cleared,
            });
            Ok(Some(<T as Config>::WeightInfo::clear_expired(known)).into())
        }

        /// Authorise the code with this hash as the chain's next.
        ///
        /// The origin must be [`Config::UpgradeOrigin`]. Anybody can then bring the
        /// code, by `frame_system`'s `apply_authorized_upgrade`, which refuses another
        /// spec name or a version that is not higher.
        #[pallet::call_index(3)]
        #[pallet::weight((
            <T as Config>::WeightInfo::authorize_upgrade(),
            DispatchClass::Operational,
        ))]
        pub fn authorize_upgrade(origin: OriginFor<T>, code_hash: T::Hash) -> DispatchResult {
            T::UpgradeOrigin::ensure_origin(origin)?;
            frame_system::Pallet::<T>::do_authorize_upgrade(code_hash, true);
            Ok(())
        }

        /// Give back what was deposited for `poll`, which is over.
        ///
        /// The origin must be signed, by anybody. Where the poll was rejected and never
        /// had [`Config::Backing`] of support when a vote was cast, what was deposited for
        /// its decision is burned: it held a place that another could have had.
        ///
        /// # Errors
        ///
        /// [`Error::NothingHeld`].
        #[pallet::call_index(4)]
        pub fn settle_deposits(
            origin: OriginFor<T>,
            #[pallet::compact] poll: PollIndexOf<T>,
        ) -> DispatchResult {
            ensure_signed(origin)?;
            let settled = T::Deposits::settle(poll, Backed::<T>::contains_key(poll))
                .ok_or(Error::<T>::NothingHeld)?;
            Backed::<T>::remove(poll);
            Self::deposit_event(Event::DepositsSettled {
                poll,
                returned: settled.returned,
                burned: settled.burned,
            });
            Ok(())
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The votes `who` has, expired ones among them.
        pub fn votes_of(who: T::AccountId) -> Vec<VoteOf<T>> {
            Votes::<T>::get(who).into_inner()
        }

        /// How much of the stake of `who` may not leave now.
        pub fn locked_of(who: T::AccountId) -> BalanceOf<T> {
            Self::locked(&who)
        }
    }
}

/// How many votes a list has. A list is bounded by a `u32`.
fn count<V>(votes: &[V]) -> u32 {
    u32::try_from(votes.len()).unwrap_or(u32::MAX)
}
