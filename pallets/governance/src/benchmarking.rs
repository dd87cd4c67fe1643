// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of `pallet_governance`. What a call costs can depend on the votes of one
//! account and on nothing else: neither the number of polls nor that of voters is in
//! it.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{EnsureOrigin, Get, Polling, VoteTally},
};
use frame_system::RawOrigin;

/// An account with votes on `count` ongoing polls, and these. The votes are a block old,
/// so that a poll accessed now has its servicing rescheduled.
fn voter<T: Config>(count: u32) -> Result<(T::AccountId, Vec<PollIndexOf<T>>), BenchmarkError> {
    let who: T::AccountId = account("voter", 0, 0);
    T::Stakes::set_voting_stake(&who, stake::<T>());
    next_block::<T>();
    let (class, _) = T::Polls::max_ongoing();
    let polls = (0..count)
        .map(|_| T::Polls::create_ongoing(class.clone()))
        .collect::<Result<Vec<_>, ()>>()
        .map_err(|()| BenchmarkError::Stop("no poll can be created"))?;
    for poll in &polls {
        Pallet::<T>::vote(
            RawOrigin::Signed(who.clone()).into(),
            *poll,
            Side::Nay,
            None,
        )
        .map_err(|error| error.error)?;
    }
    next_block::<T>();
    Ok((who, polls))
}

impl<T: Config> Pallet<T> {
    /// Gives `who` as many votes as there can be, all expired: they lock nothing, and
    /// [`Pallet::locked`] and [`Pallet::on_stake_reduced`] read every one. For the
    /// benchmarks of a staking pallet.
    pub fn expired_votes_for_benchmark(who: &T::AccountId) -> Result<(), &'static str> {
        let (class, _) = T::Polls::max_ongoing();
        let votes = (0..T::MaxVotes::get())
            .map(|_| {
                let poll = T::Polls::create_ongoing(class.clone())?;
                T::Polls::end_ongoing(poll, true)?;
                Ok(Vote {
                    poll,
                    side: Side::Nay,
                    weight: 1u32.into(),
                    enactment: EnactmentTime {
                        after: 1u32.into(),
                        not_before: 0u32.into(),
                    },
                })
            })
            .collect::<Result<Vec<_>, ()>>()
            .map_err(|()| "no poll can be created and ended")?;
        let votes: BoundedVec<_, _> = votes
            .try_into()
            .map_err(|_| "more votes than there can be")?;
        Votes::<T>::insert(who, votes);
        Ok(())
    }
}

fn next_block<T: Config>() {
    T::BlockNumberProvider::set_block_number(Pallet::<T>::now() + 1u32.into());
}

fn stake<T: Config>() -> BalanceOf<T> {
    1_000_000_000u32.into()
}

fn last<T: Config>(polls: &[PollIndexOf<T>]) -> Result<PollIndexOf<T>, BenchmarkError> {
    polls
        .last()
        .copied()
        .ok_or(BenchmarkError::Stop("no polls"))
}

fn tally<T: Config>(poll: PollIndexOf<T>) -> Option<Tally<T>> {
    T::Polls::as_ongoing(poll).map(|(tally, _)| tally)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// The last of the account's votes changes its side; none is expired.
    #[benchmark]
    fn vote(v: Linear<1, { T::MaxVotes::get() }>) -> Result<(), BenchmarkError> {
        let (who, polls) = voter::<T>(v)?;
        let poll = last::<T>(&polls)?;

        #[extrinsic_call]
        _(
            RawOrigin::Signed(who.clone()),
            poll,
            Side::Aye,
            Some(stake::<T>()),
        );

        assert_eq!(tally::<T>(poll), Some(Tally::of(stake::<T>(), 0u32.into())));
        assert_eq!(Pallet::<T>::locked(&who), stake::<T>());
        Ok(())
    }

    /// The poll is ongoing.
    #[benchmark]
    fn remove_vote() -> Result<(), BenchmarkError> {
        let (who, polls) = voter::<T>(T::MaxVotes::get())?;
        let poll = last::<T>(&polls)?;

        #[extrinsic_call]
        _(RawOrigin::Signed(who), poll);

        assert_eq!(
            tally::<T>(poll),
            T::Polls::as_ongoing(poll).map(|(_, class)| Tally::new(class))
        );
        Ok(())
    }

    #[benchmark]
    fn clear_expired(v: Linear<1, { T::MaxVotes::get() }>) -> Result<(), BenchmarkError> {
        let (who, polls) = voter::<T>(v)?;
        for poll in polls {
            T::Polls::end_ongoing(poll, false)
                .map_err(|()| BenchmarkError::Stop("the poll cannot be ended"))?;
        }
        assert_eq!(count(&Votes::<T>::get(&who)), v);

        #[extrinsic_call]
        _(RawOrigin::Signed(whitelisted_caller()), who.clone());

        assert!(!Votes::<T>::contains_key(&who));
        Ok(())
    }

    #[benchmark]
    fn authorize_upgrade() -> Result<(), BenchmarkError> {
        let origin =
            T::UpgradeOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        let code_hash = T::Hash::default();

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, code_hash);

        assert!(frame_system::Pallet::<T>::authorized_upgrade().is_some());
        Ok(())
    }

    /// The poll was rejected and not backed, and both deposits are held: one comes back
    /// and the other is burned.
    #[benchmark]
    fn settle_deposits() -> Result<(), BenchmarkError> {
        let (class, _) = T::Polls::max_ongoing();
        let poll = T::Polls::create_ongoing(class)
            .map_err(|()| BenchmarkError::Stop("no poll can be created"))?;
        T::Deposits::reject(poll);
        let who: T::AccountId = account("anybody", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(who), poll);

        assert!(T::Deposits::settle(poll, false).is_none());
        Ok(())
    }

    #[benchmark]
    fn locked() -> Result<(), BenchmarkError> {
        let (who, _) = voter::<T>(T::MaxVotes::get())?;
        let amount;

        #[block]
        {
            amount = Pallet::<T>::locked(&who);
        }

        assert_eq!(amount, stake::<T>());
        Ok(())
    }

    /// Every vote is on an ongoing poll and weighs too much.
    #[benchmark]
    fn on_stake_reduced() -> Result<(), BenchmarkError> {
        let (who, polls) = voter::<T>(T::MaxVotes::get())?;
        let left = stake::<T>() / 2u32.into();

        #[block]
        {
            Pallet::<T>::on_stake_reduced(&who, left);
        }

        for poll in polls {
            assert_eq!(tally::<T>(poll), Some(Tally::of(0u32.into(), left)));
        }
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, mock::new_test_ext(), mock::Test);
}
