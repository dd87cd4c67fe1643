// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Benchmarks, each in the case that costs the most.

use crate::{Pallet as Delegations, *};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    BoundedVec,
    traits::{
        Get, ValidatorRegistration,
        fungible::{Balanced, Inspect, InspectHold, Mutate, MutateHold},
    },
};
use frame_system::RawOrigin;
use pallet_authorship::EventHandler;
use pallet_session::SessionManager;
use sp_runtime::{
    Perbill,
    traits::{BlockNumberProvider, One, Zero},
};

/// What an owner stakes to itself, twice what is asked for.
fn self_stake<T: Config>() -> Balance {
    let parameters = T::Parameters::get();
    (parameters.self_stake.max(parameters.min_stake)) * 2
}

fn endowed<T: Config>(name: &'static str, index: u32) -> T::AccountId {
    let who: T::AccountId = account(name, index, 0);
    endow::<T>(&who);
    who
}

fn endow<T: Config>(who: &T::AccountId) {
    T::BenchmarkHelper::endow(who, self_stake::<T>() * 100);
    // So that the account can take any claim.
    T::Rewards::set_balance(who, T::Rewards::minimum_balance().max(1) * 10);
}

/// An owner and its registered hotkey, which could be a candidate.
fn registered<T: Config>(index: u32) -> (T::AccountId, T::AccountId) {
    let owner = endowed::<T>("owner", index);
    let hotkey: T::AccountId = account("hotkey", index, 0);
    T::Validators::register(&hotkey, &owner);
    assert!(T::Keys::is_registered(&hotkey));
    (owner, hotkey)
}

/// A chain whose list of candidates has `n`, those of a genesis replaced.
fn candidates<T: Config>(n: u32) -> Vec<(T::AccountId, T::AccountId)> {
    let mut former = Ranked::<T>::get();
    former.candidates = BoundedVec::default();
    Ranked::<T>::put(former);
    (0..n)
        .map(|index| {
            let (owner, hotkey) = registered::<T>(index);
            let joined = Delegations::<T>::join(
                RawOrigin::Signed(owner.clone()).into(),
                hotkey.clone(),
                self_stake::<T>(),
                Perbill::zero(),
            );
            assert!(joined.is_ok(), "{joined:?}");
            (owner, hotkey)
        })
        .collect()
}

/// Begins the next session and in it a round, with which pending stake can be active.
fn next_session<T: Config>() {
    let next = Delegations::<T>::state().session + 1;
    <Delegations<T> as SessionManager<_>>::start_session(next);
    let mut state = Delegations::<T>::state();
    assert!(Delegations::<T>::close(&mut state, 0).is_ok());
    CurrentState::<T>::put(state);
}

/// Pays a round in that is shared by the points of `hotkeys`.
fn rewarded<T: Config>(hotkeys: &[&T::AccountId]) {
    for hotkey in hotkeys {
        Delegations::<T>::note_author((*hotkey).clone());
    }
    let pot = Delegations::<T>::pot();
    T::Rewards::set_balance(&pot, T::Rewards::minimum_balance().max(1));
    let credit = T::Rewards::issue(T::Rewards::minimum_balance().max(1) * 1_000_000);
    Delegations::<T>::reward_round(credit);
}

/// A full list, and a staker whose stake to the last but one candidate is of a
/// cohort that became active, with another that is due, and a closed round whose
/// part the validator has not taken, nor is it alone in it.
fn busy<T: Config>(who: &T::AccountId) -> T::AccountId {
    let all = candidates::<T>(T::MaxCandidates::get());
    let (_, hotkey) = all.last().expect("at least one").clone();
    let other = all.first().expect("at least one").1.clone();
    let helper = endowed::<T>("helper", 0);
    let amount = self_stake::<T>();
    for staker in [who, &helper] {
        let staked = Delegations::<T>::stake(
            RawOrigin::Signed(staker.clone()).into(),
            hotkey.clone(),
            amount,
        );
        assert!(staked.is_ok(), "{staked:?}");
    }
    // Their cohort becomes active when the validator authors; the helper's next
    // stake waits for the session after.
    next_session::<T>();
    Delegations::<T>::note_author(hotkey.clone());
    let staked = Delegations::<T>::stake(
        RawOrigin::Signed(helper.clone()).into(),
        hotkey.clone(),
        amount,
    );
    assert!(staked.is_ok(), "{staked:?}");
    rewarded::<T>(&[&hotkey, &other]);
    next_session::<T>();
    T::Locks::prepare_worst_case(who);
    hotkey
}

/// Fills an account's list of checkpoints and of validators with others' entries.
fn fill<T: Config>(who: &T::AccountId) {
    let mut staker = Stakers::<T>::get(who);
    let stake = staker.staked().expect("small");
    let steps = u128::from(T::MaxCheckpoints::get());
    staker.checkpoints = BoundedVec::default();
    for step in 0..steps {
        let since: u32 = step.try_into().expect("small");
        let pushed = staker.checkpoints.try_push(Checkpoint {
            since: since.into(),
            stake: (stake * (step + 1)) / steps,
        });
        assert!(pushed.is_ok());
    }
    Stakers::<T>::insert(who, staker);
    T::BlockNumberProvider::set_block_number((T::MaxCheckpoints::get() + 1).into());
}

/// Blocks later than any interval of the parameters.
fn later<T: Config>() {
    let parameters = T::Parameters::get();
    let now = T::BlockNumberProvider::current_block_number();
    T::BlockNumberProvider::set_block_number(
        now + parameters.unbonding + parameters.commission_interval + One::one(),
    );
}

#[benchmarks]
mod benches {
    use super::*;

    /// One that was a candidate before joins a full list and evicts another.
    #[benchmark]
    fn join() {
        let (owner, hotkey) = registered::<T>(T::MaxCandidates::get());
        let own = RawOrigin::Signed(owner.clone());
        candidates::<T>(T::MaxCandidates::get() - 1);
        let joined = Delegations::<T>::join(
            own.clone().into(),
            hotkey.clone(),
            self_stake::<T>(),
            Perbill::zero(),
        );
        assert!(joined.is_ok(), "{joined:?}");
        let other = Ranked::<T>::get().candidates[0].hotkey.clone();
        next_session::<T>();
        rewarded::<T>(&[&hotkey, &other]);
        assert!(Delegations::<T>::leave(own.clone().into(), hotkey.clone()).is_ok());
        let (last, its) = registered::<T>(T::MaxCandidates::get() + 1);
        let joined = Delegations::<T>::join(
            RawOrigin::Signed(last).into(),
            its,
            self_stake::<T>(),
            Perbill::zero(),
        );
        assert!(joined.is_ok(), "{joined:?}");

        #[extrinsic_call]
        _(own, hotkey.clone(), self_stake::<T>(), Perbill::zero());

        let ranking = Ranked::<T>::get();
        assert_eq!(ranking.candidates[0].hotkey, hotkey);
        assert!(ranking.candidates.is_full());
    }

    #[benchmark]
    fn leave() {
        let all = candidates::<T>(T::MaxCandidates::get());
        let (owner, hotkey) = all.last().expect("at least one").clone();

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), hotkey.clone());

        assert!(!Ranked::<T>::get().contains(&hotkey));
    }

    #[benchmark]
    fn stake() {
        let caller: T::AccountId = whitelisted_caller();
        endow::<T>(&caller);
        let hotkey = busy::<T>(&caller);
        fill::<T>(&caller);
        let amount = self_stake::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller.clone()), hotkey.clone(), amount);

        let staker = Stakers::<T>::get(&caller);
        assert_eq!(staker.staked(), Some(amount * 2));
        assert_eq!(staker.delegations[0].active, amount);
        assert_eq!(Ranked::<T>::get().candidates[0].hotkey, hotkey);
    }

    #[benchmark]
    fn unstake() {
        let caller: T::AccountId = whitelisted_caller();
        endow::<T>(&caller);
        let hotkey = busy::<T>(&caller);
        fill::<T>(&caller);
        let amount = self_stake::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller.clone()), hotkey, amount);

        let staker = Stakers::<T>::get(&caller);
        assert!(staker.delegations.is_empty());
        assert_eq!(staker.unbonding.len(), 1);
        assert!(staker.due.whole > 0);
    }

    /// Each unbonding is self-stake of another validator.
    #[benchmark]
    fn withdraw(u: Linear<1, { T::MaxUnbonding::get() }>) {
        let caller: T::AccountId = whitelisted_caller();
        endow::<T>(&caller);
        let all = candidates::<T>(1);
        let amount = self_stake::<T>();
        let mut staker = Staker::<T>::default();
        for index in 0..u {
            let hotkey: T::AccountId = account("mine", index, 0);
            let mut record = ValidatorRecords::<T>::get(&all[0].1).expect("a candidate");
            record.owner = caller.clone();
            record.active = 0;
            record.pending = 0;
            record.pending_stakers = 0;
            record.stakers = 0;
            record.own_unbondings = 1;
            ValidatorRecords::<T>::insert(&hotkey, record);
            let pushed = staker.unbonding.try_push(Unbonding {
                validator: hotkey,
                own: true,
                amount,
                at: Zero::zero(),
            });
            assert!(pushed.is_ok());
            let held = T::Stake::hold(&HoldReason::Stake.into(), &caller, amount);
            assert!(held.is_ok());
        }
        Stakers::<T>::insert(&caller, staker);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller.clone()));

        assert!(!Stakers::<T>::contains_key(&caller));
        assert_eq!(
            T::Stake::balance_on_hold(&HoldReason::Stake.into(), &caller),
            0
        );
    }

    #[benchmark]
    fn claim() {
        let caller: T::AccountId = whitelisted_caller();
        endow::<T>(&caller);
        let hotkey = busy::<T>(&caller);
        fill::<T>(&caller);
        let before = T::Rewards::balance(&caller);

        #[extrinsic_call]
        _(RawOrigin::Signed(caller.clone()), hotkey);

        assert!(T::Rewards::balance(&caller) > before);
    }

    #[benchmark]
    fn set_commission() {
        let caller: T::AccountId = whitelisted_caller();
        endow::<T>(&caller);
        let hotkey = busy::<T>(&caller);
        let owner = ValidatorRecords::<T>::get(&hotkey)
            .expect("a candidate")
            .owner;
        later::<T>();

        #[extrinsic_call]
        _(RawOrigin::Signed(owner), hotkey.clone(), Perbill::zero());

        let record = ValidatorRecords::<T>::get(&hotkey).expect("a candidate");
        assert!(record.commission_changed > Zero::zero());
    }

    #[benchmark]
    fn claim_commission() {
        let caller: T::AccountId = whitelisted_caller();
        endow::<T>(&caller);
        let hotkey = busy::<T>(&caller);
        let owner = ValidatorRecords::<T>::mutate(&hotkey, |record| {
            let record = record.as_mut().expect("a candidate");
            record.commission = Perbill::from_percent(5);
            record.owner.clone()
        });
        let before = T::Rewards::balance(&owner);

        #[extrinsic_call]
        _(RawOrigin::Signed(owner.clone()), hotkey);

        assert!(T::Rewards::balance(&owner) > before);
    }

    #[benchmark]
    fn note_author() {
        let helper = endowed::<T>("staker", 0);
        let hotkey = busy::<T>(&helper);

        #[block]
        {
            Delegations::<T>::note_author(hotkey.clone());
        }

        let record = ValidatorRecords::<T>::get(&hotkey).expect("a candidate");
        assert_eq!(record.blocks, 1);
        assert_eq!(record.pending, 0);
    }

    /// All candidates are walked, for but the last has no lease.
    #[benchmark]
    fn new_session(n: Linear<1, { T::MaxCandidates::get() }>) {
        let all = candidates::<T>(n);
        for (_, hotkey) in all.iter().skip(1) {
            ValidatorRecords::<T>::mutate(hotkey, |record| {
                record.as_mut().expect("a candidate").owner = account("former", 0, 0);
            });
        }
        let planned = Delegations::<T>::state().session + 2;

        #[block]
        {
            <Delegations<T> as SessionManager<_>>::start_session(planned - 1);
            <Delegations<T> as SessionManager<_>>::new_session(planned);
        }

        assert_eq!(Elected::<T>::get().into_inner(), vec![all[0].1.clone()]);
        assert_eq!(Delegations::<T>::state().session, planned - 1);
    }

    #[benchmark]
    fn reward_round() {
        let all = candidates::<T>(1);
        next_session::<T>();
        Delegations::<T>::note_author(all[0].1.clone());
        let pot = Delegations::<T>::pot();
        T::Rewards::set_balance(&pot, T::Rewards::minimum_balance().max(1));
        let credit = T::Rewards::issue(T::Rewards::minimum_balance().max(1) * 1_000_000);
        let round = Delegations::<T>::state().round;

        #[block]
        {
            Delegations::<T>::reward_round(credit);
        }

        assert!(Rounds::<T>::contains_key(round));
    }

    /// The self-stake is partly staked, partly unbonding.
    #[benchmark]
    fn slash() {
        let caller: T::AccountId = whitelisted_caller();
        endow::<T>(&caller);
        let hotkey = busy::<T>(&caller);
        let owner = ValidatorRecords::<T>::get(&hotkey)
            .expect("a candidate")
            .owner;
        assert!(
            Delegations::<T>::leave(RawOrigin::Signed(owner.clone()).into(), hotkey.clone())
                .is_ok()
        );
        let amount = self_stake::<T>();
        let required = T::Parameters::get().self_stake;
        for _ in 0..T::MaxUnbonding::get() {
            let part = amount / 2 / u128::from(T::MaxUnbonding::get() + 1) + 1;
            later::<T>();
            let unstaked = Delegations::<T>::unstake(
                RawOrigin::Signed(owner.clone()).into(),
                hotkey.clone(),
                part,
            );
            assert!(unstaked.is_ok(), "{unstaked:?}");
        }
        fill::<T>(&owner);
        T::Locks::prepare_worst_case(&owner);

        #[block]
        {
            Delegations::<T>::slash(&hotkey, 0, Perbill::one());
        }

        let destination = T::SlashDestination::get();
        assert!(T::Stake::total_balance(&destination) >= required);
    }

    impl_benchmark_test_suite!(Delegations, mock::genesis(mock::two()), mock::Test);
}
