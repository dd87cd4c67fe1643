// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Benchmarks, each at its worst case. What drives a cost is the number of
//! tiers; nothing depends on the number of miners or results.

use super::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::{
    EnsureOrigin, Get, Imbalance,
    fungible::{Balanced, Inspect},
};
use frame_system::RawOrigin;
use sp_runtime::{FixedU128, Perbill, traits::Zero};

/// The window of the round that is claimed from.
const SETTLED: u32 = 1;

fn rows(t: u32) -> ByTier<Tier> {
    let rows = (0..t).map(|row| Tier {
        floor: Floor {
            mops: 1_000 * (u64::from(row) + 1),
            gib: 0,
            gbps: 0,
        },
        multiplier: FixedU128::from_u32(row + 1),
        // So that a result counts in two rows.
        mops_per_gbps: if row == 0 { 0 } else { 10 },
        decay: Perbill::from_percent(50 - row),
        introduced_at: 0,
        target: 1_000_000,
    });
    rows.collect::<Vec<_>>()
        .try_into()
        .expect("at most sixteen rows")
}

/// A table that may be set: one that asks for no memory where none is verified.
fn settable<T: Config>(t: u32) -> ByTier<Tier> {
    let mut table = rows(t);
    if !T::VerifiesMemory::get() {
        for row in &mut table {
            row.multiplier = FixedU128::from_u32(1);
            row.mops_per_gbps = 0;
        }
    }
    table
}

fn put_tiers<T: Config>(t: u32) {
    let states: Vec<_> = rows(t).into_iter().map(TierState::new).collect();
    Tiers::<T>::put(ByTier::<TierState>::try_from(states).expect("at most sixteen rows"));
    LowestFloor::<T>::put(1_000);
}

/// Twice the least an account can hold: it can be opened with it.
fn pay<T: Config>() -> BalanceOf<T> {
    let least = T::Currency::minimum_balance().max(1u32.into());
    least + least
}

/// A settled round with its money in the pot, in the slot of `window`.
fn live_round<T: Config>(window: u32) {
    let credited = pay::<T>() + pay::<T>();
    T::Supply::fund_pool(credited);
    let credit = T::Supply::draw(credited).expect("the pool was funded");
    assert!(credit.peek() == credited);
    assert!(T::Currency::resolve(&Pallet::<T>::pot(), credit).is_ok());
    let record = RoundRecord {
        window,
        blocks: 1,
        drawn: credited,
        minted: Zero::zero(),
        weight: 1,
        reference: 1,
        // One unit a MOPS.
        rates: [1 << 64; 16].to_vec().try_into().expect("sixteen rates"),
        credited,
        claimed: Zero::zero(),
    };
    Rounds::<T>::insert(Pallet::<T>::slot(window), record);
}

/// A GPU with a result to be paid into an account that does not exist yet.
fn unpaid<T: Config>() -> (T::AccountId, T::AccountId) {
    put_tiers::<T>(MAX_TIERS);
    live_round::<T>(SETTLED);
    let hotkey: T::AccountId = account("hotkey", 0, 0);
    let owner: T::AccountId = account("owner", 0, 0);
    T::Owners::register(&hotkey, &owner);
    let mops = pay::<T>()
        .try_into()
        .ok()
        .expect("the minimum balance is small");
    let result = UnpaidResult {
        window: SETTLED,
        tier: 15,
        mops: mops + mops,
        base: 0,
        rest: mops,
        owner: account("payee", 0, 0),
        cap: pay::<T>(),
    };
    Results::<T>::insert(&hotkey, 0, result);
    (hotkey, account("payee", 0, 0))
}

#[benchmarks]
mod benches {
    use super::*;

    #[benchmark]
    fn claim() {
        let (hotkey, payee) = unpaid::<T>();
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), hotkey.clone(), 0);

        assert!(T::Currency::balance(&payee) == pay::<T>());
        assert!(!Results::<T>::contains_key(&hotkey, 0));
    }

    #[benchmark]
    fn set_tiers(t: Linear<1, { T::MaxTiers::get() }>) -> Result<(), BenchmarkError> {
        let origin =
            T::TiersOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, settable::<T>(t));

        assert_eq!(NextTiers::<T>::get(), Some(settable::<T>(t)));
        Ok(())
    }

    #[benchmark]
    fn note_result() {
        let (hotkey, payee) = unpaid::<T>();
        let result = VerifiedResult {
            window: SETTLED + 1,
            hotkey: hotkey.clone(),
            gpu: 0,
            mops: 1_000_000,
            gib: 512,
            gbps: 10_000,
            confirmed: true,
            samples: 16,
            slash_share: Perbill::from_percent(50),
            bounty_share: Perbill::from_percent(10),
            capacity: 1_000,
            commits: 100_000,
        };
        let mops = [1u128 << 60; 16]
            .to_vec()
            .try_into()
            .expect("sixteen tiers");
        Running::<T>::put(RunningRound {
            window: SETTLED + 1,
            mops,
        });

        #[block]
        {
            Pallet::<T>::note_result(&result);
        }

        assert!(T::Currency::balance(&payee) == pay::<T>());
        let noted = Results::<T>::get(&hotkey, 0).map(|unpaid| unpaid.window);
        assert_eq!(noted, Some(SETTLED + 1));
    }

    #[benchmark]
    fn pay_pending() {
        let (hotkey, payee) = unpaid::<T>();

        #[block]
        {
            Pallet::<T>::pay_pending(&hotkey, 0);
        }

        assert!(T::Currency::balance(&payee) == pay::<T>());
        assert!(!Results::<T>::contains_key(&hotkey, 0));
    }

    #[benchmark]
    fn settle(t: Linear<1, MAX_TIERS>) {
        put_tiers::<T>(t);
        NextTiers::<T>::put(rows(t));
        // The round in whose place this one comes, with something left in it.
        live_round::<T>(SETTLED);
        let window = SETTLED + T::ClaimRounds::get();
        let mops: Vec<_> = (0..t).map(|row| (1u128 << 60) + u128::from(row)).collect();
        Running::<T>::put(RunningRound {
            window,
            mops: mops.try_into().expect("at most sixteen tiers"),
        });
        // Less than is scheduled, so that some is drawn and the rest minted.
        T::Supply::fund_pool(T::Currency::minimum_balance());
        let opened_at: BlockNumberOf<T> = 1u32.into();
        let closed_at = opened_at + T::Parameters::get().max_round.into();

        #[block]
        {
            Pallet::<T>::settle(window, opened_at, closed_at);
        }

        assert!(Pallet::<T>::round(SETTLED).is_none());
        let round = Pallet::<T>::round(window).expect("the round was settled");
        assert!(!round.minted.is_zero());
        assert!(!NextTiers::<T>::exists());
    }

    impl_benchmark_test_suite!(Pallet, mock::genesis(mock::tiers()), mock::Test);
}
