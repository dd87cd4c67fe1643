// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The checks of the invariants of the crate's documentation.

use crate::{
    Backed, BalanceOf, Config, Deposits, Pallet, PollIndexOf, Side, Stakes, Started, Tally, Votes,
};
use alloc::collections::BTreeMap;
use frame_support::{
    ensure,
    traits::{Get, Polling},
};
use sp_runtime::{TryRuntimeError, traits::Zero};

impl<T: Config> Pallet<T> {
    /// Checks the invariants of the crate's documentation. Walks over every vote and
    /// every poll: for tests and `try-runtime` only.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(
            T::Parameters::get().validate().is_ok(),
            "invariant 6: the parameters are invalid"
        );
        let now = Self::now();
        let nothing = || Tally::<T> {
            ayes: Zero::zero(),
            nays: Zero::zero(),
            staked: Zero::zero(),
        };
        let mut sums = T::Started::ongoing()
            .into_iter()
            .map(|poll| (poll, nothing()))
            .collect::<BTreeMap<PollIndexOf<T>, Tally<T>>>();
        for (who, votes) in Votes::<T>::iter() {
            ensure!(
                !votes.is_empty(),
                "invariant 4: an account has an empty list of votes"
            );
            for (index, vote) in votes.iter().enumerate() {
                ensure!(
                    votes
                        .iter()
                        .take(index)
                        .all(|other| other.poll != vote.poll),
                    "invariant 3: an account has two votes on one poll"
                );
                ensure!(!vote.weight.is_zero(), "invariant 4: a vote weighs nothing");
                ensure!(
                    vote.side == Side::Nay || vote.enactment.is_within(T::MaxEnactment::get(), now),
                    "invariant 5: an aye locks stake for too long"
                );
                if T::Polls::as_ongoing(vote.poll).is_some() {
                    sums.entry(vote.poll)
                        .or_insert_with(nothing)
                        .add(vote.side, vote.weight)
                        .map_err(|_| "invariant 1: the weights overflow")?;
                }
            }
            let stake: BalanceOf<T> = T::Stakes::voting_stake(&who, now);
            ensure!(
                Self::locked(&who) <= stake,
                "invariant 2: an account has more locked than staked"
            );
        }
        for (poll, sum) in sums {
            ensure!(
                T::Polls::as_ongoing(poll)
                    .is_none_or(|(tally, _)| (tally.ayes, tally.nays) == (sum.ayes, sum.nays)),
                "invariant 1: a tally is not the sum of its votes"
            );
        }
        for poll in Backed::<T>::iter_keys() {
            ensure!(
                T::Deposits::is_held(poll),
                "invariant 7: a poll is backed whose deposits are settled"
            );
        }
        Ok(())
    }
}
