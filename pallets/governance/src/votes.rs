// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Votes: what they weigh, what they lock and for how long.

use crate::{
    BalanceOf, BlockNumberOf, Config, Enactment, Error, Event, Pallet, PollIndexOf, Stakes,
    Started, VoteOf, Votes,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    BoundedVec, ensure,
    traits::{Defensive, Get, PollStatus, Polling, schedule::DispatchTime},
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{
    DispatchError,
    traits::{BlockNumberProvider, CheckedAdd, CheckedSub, One, Zero},
};

/// For or against.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Deserialize,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    Serialize,
    TypeInfo,
)]
pub enum Side {
    /// For what the poll proposes.
    Aye,
    /// Against it.
    Nay,
}

/// When a poll is enacted, should it be approved: so many blocks after its end, but
/// not before a block.
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
pub struct EnactmentTime<BlockNumber> {
    /// At least so many blocks after the end. At least one.
    pub after: BlockNumber,
    /// Not before this block.
    pub not_before: BlockNumber,
}

impl<BlockNumber: CheckedAdd + Copy + One + Ord + Zero> EnactmentTime<BlockNumber> {
    /// What `pallet-referenda` does with the moment a proposer has asked for, on a
    /// track with this minimum.
    pub fn of(desired: DispatchTime<BlockNumber>, track_minimum: BlockNumber) -> Self {
        let minimum = track_minimum.max(One::one());
        match desired {
            DispatchTime::At(block) => Self {
                after: minimum,
                not_before: block,
            },
            DispatchTime::After(blocks) => Self {
                after: minimum.max(blocks),
                not_before: Zero::zero(),
            },
        }
    }

    /// The block of the enactment of a poll that was approved at `end`. `None` for one
    /// that never comes.
    pub fn block(&self, end: BlockNumber) -> Option<BlockNumber> {
        end.checked_add(&self.after)
            .map(|block| block.max(self.not_before))
    }

    /// Whether it is at most `most` blocks after the end of a poll that does not end
    /// before `now`.
    pub fn is_within(&self, most: BlockNumber, now: BlockNumber) -> bool {
        self.after <= most
            && now
                .checked_add(&most)
                .is_none_or(|last| self.not_before <= last)
    }
}

/// A vote on a poll.
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
pub struct Vote<PollIndex, Balance, BlockNumber> {
    /// On what.
    pub poll: PollIndex,
    /// For or against it.
    pub side: Side,
    /// How much stake it weighs and, while it does, locks. Above zero.
    pub weight: Balance,
    /// When the poll is enacted, should it be approved.
    pub enactment: EnactmentTime<BlockNumber>,
}

impl<PollIndex, Balance, BlockNumber: CheckedAdd + Copy + One + Ord + Zero>
    Vote<PollIndex, Balance, BlockNumber>
{
    /// Whether the vote locks its weight in block `now`, its poll having ended at
    /// `end`: until the enactment where it has won something to be enacted.
    pub fn is_locked_after(&self, end: BlockNumber, approved: bool, now: BlockNumber) -> bool {
        approved
            && self.side == Side::Aye
            && self.enactment.block(end).is_none_or(|block| now < block)
    }
}

impl<T: Config> Pallet<T> {
    /// How much of the stake of `who` may not leave now: the largest weight of a vote
    /// whose poll is ongoing, or that has won and is not enacted yet. Reads the votes
    /// of `who` and each of their polls, at most [`Config::MaxVotes`]; what it costs is
    /// [`WeightInfo::locked`](crate::WeightInfo::locked).
    ///
    /// NOTE: this function has no side-effects.
    pub fn locked(who: &T::AccountId) -> BalanceOf<T> {
        let now = Self::now();
        Votes::<T>::get(who)
            .into_iter()
            .filter(|vote| !Self::is_expired(vote, now))
            .map(|vote| vote.weight)
            .max()
            .unwrap_or_else(Zero::zero)
    }

    /// To be called when stake of `who` was taken that may have been locked, with what
    /// is left of it, unbonding stake not included. Votes that weigh more than that
    /// weigh that much from now on, in the tallies of ongoing polls too, and are gone
    /// where nothing is left. What it costs is
    /// [`WeightInfo::on_stake_reduced`](crate::WeightInfo::on_stake_reduced).
    pub fn on_stake_reduced(who: &T::AccountId, stake: BalanceOf<T>) {
        let mut votes = Votes::<T>::get(who);
        for vote in &mut votes {
            let Some(excess) = vote
                .weight
                .checked_sub(&stake)
                .filter(|excess| !excess.is_zero())
            else {
                continue;
            };
            if T::Polls::as_ongoing(vote.poll).is_some() {
                T::Polls::access_poll(vote.poll, |status| {
                    if let PollStatus::Ongoing(tally, _) = status {
                        // It fails only where invariant 1 is broken already, and then
                        // changes nothing.
                        let _ = tally.remove(vote.side, excess).defensive();
                    }
                });
            }
            vote.weight = stake;
            Self::deposit_event(Event::WeightReduced {
                who: who.clone(),
                poll: vote.poll,
                weight: stake,
            });
        }
        votes.retain(|vote| !vote.weight.is_zero());
        Self::store(who, votes);
    }

    /// The block that polls and locks are measured by.
    pub(crate) fn now() -> BlockNumberOf<T> {
        T::BlockNumberProvider::current_block_number()
    }

    /// Whether the vote's poll is over and it locks nothing.
    pub(crate) fn is_expired(vote: &VoteOf<T>, now: BlockNumberOf<T>) -> bool {
        // Accessing an ongoing poll would have it serviced: ask first.
        T::Polls::as_ongoing(vote.poll).is_none()
            && T::Polls::access_poll(vote.poll, |status| match status {
                PollStatus::Ongoing(..) => false,
                PollStatus::Completed(end, approved) => !vote.is_locked_after(end, approved, now),
                PollStatus::None => true,
            })
    }

    /// The vote `who` can cast on an ongoing poll.
    pub(crate) fn weigh(
        who: &T::AccountId,
        poll: PollIndexOf<T>,
        side: Side,
        amount: Option<BalanceOf<T>>,
        now: BlockNumberOf<T>,
    ) -> Result<VoteOf<T>, DispatchError> {
        let started = T::Started::started(poll).ok_or(Error::<T>::NotOngoing)?;
        let enactment = T::Enactment::enactment(poll).ok_or(Error::<T>::NotOngoing)?;
        ensure!(
            side == Side::Nay || enactment.is_within(T::MaxEnactment::get(), now),
            Error::<T>::EnactmentTooLate
        );
        let stake = T::Stakes::voting_stake(who, started);
        let weight = amount.unwrap_or(stake);
        ensure!(weight <= stake, Error::<T>::AboveVotingStake);
        ensure!(!weight.is_zero(), Error::<T>::NoWeight);
        Ok(Vote {
            poll,
            side,
            weight,
            enactment,
        })
    }

    /// Takes the vote on `poll` out of the list.
    pub(crate) fn take(
        votes: &mut BoundedVec<VoteOf<T>, T::MaxVotes>,
        poll: PollIndexOf<T>,
    ) -> Option<VoteOf<T>> {
        let position = votes.iter().position(|vote| vote.poll == poll)?;
        Some(votes.remove(position))
    }

    /// Stores the list, or nothing where it is empty.
    pub(crate) fn store(who: &T::AccountId, votes: BoundedVec<VoteOf<T>, T::MaxVotes>) {
        if votes.is_empty() {
            Votes::<T>::remove(who);
        } else {
            Votes::<T>::insert(who, votes);
        }
    }
}
