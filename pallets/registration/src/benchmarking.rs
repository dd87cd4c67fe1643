// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Benchmarks of `pallet_registration`. What a call costs can depend on the slots
//! it touches and on nothing else; the number of registrations is not in it.

use super::*;
use frame_benchmarking::v2::*;
use frame_support::traits::{
    Get,
    fungible::{Balanced, Inspect},
};
use frame_system::RawOrigin;
use sp_runtime::{
    DispatchError, DispatchResult, Perbill,
    traits::{CheckedAdd, CheckedMul},
};

/// The highest amount any of the calls here can need, and what keeps an account
/// alive besides.
fn endow<T: Config>(who: &T::AccountId, slots: u32) -> DispatchResult {
    let parameters = T::Parameters::get();
    let amount = [
        parameters.miner.ceiling,
        parameters.validator.ceiling,
        parameters.bond,
    ]
    .into_iter()
    .try_fold(T::Currency::minimum_balance(), |sum, part| {
        sum.checked_add(&part.checked_mul(&(slots + 1).into())?)
    })
    .ok_or(DispatchError::Other("the amounts overflow"))?;
    T::Currency::resolve(who, T::Currency::issue(amount))
        .map_err(|_| DispatchError::Other("the account cannot take it"))
}

impl<T: Config> Pallet<T> {
    /// Registers `hotkey` as a miner with `slots` slots, whatever a single call could
    /// buy, for an owner made for it, and returns the owner. For the benchmarks of
    /// this and of other pallets.
    pub fn register_for_benchmark(
        hotkey: &T::AccountId,
        slots: u32,
    ) -> Result<T::AccountId, DispatchError> {
        let owner: T::AccountId = account("owner", 0, 0);
        endow::<T>(&owner, slots)?;
        Self::register(
            RawOrigin::Signed(owner.clone()).into(),
            hotkey.clone(),
            Role::Miner,
            1,
            T::Parameters::get().miner.ceiling,
        )?;
        let bond = T::Parameters::get().bond;
        let more = slots.checked_sub(1).ok_or(Error::<T>::NoSlots)?;
        Self::hold(
            &owner,
            bond.checked_mul(&more.into())
                .ok_or(DispatchError::Other("the bonds overflow"))?,
        )?;
        Hotkeys::<T>::try_mutate(hotkey, |registration| -> DispatchResult {
            let registration = registration.as_mut().ok_or(Error::<T>::NotRegistered)?;
            for _ in 0..more {
                registration
                    .bonds
                    .try_push(bond)
                    .map_err(|_| Error::<T>::TooManySlots)?;
            }
            Ok(())
        })?;
        Markets::<T>::mutate(Role::Miner, |market| {
            if let Some(market) = market {
                market.slots += more;
            }
        });
        Ok(owner)
    }
}

fn forward<T: Config>(blocks: BlockNumberOf<T>) {
    T::BlockNumberProvider::set_block_number(Pallet::<T>::now() + blocks);
}

/// A registered miner, and the owner's origin.
fn miner<T: Config>(slots: u32) -> Result<(T::AccountId, RawOrigin<T::AccountId>), BenchmarkError> {
    let hotkey: T::AccountId = account("hotkey", 0, 0);
    let owner = Pallet::<T>::register_for_benchmark(&hotkey, slots)?;
    Ok((hotkey, RawOrigin::Signed(owner)))
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// A market that has a price to decay, and an owner that has another hotkey.
    #[benchmark]
    fn register(s: Linear<1, { T::MaxSlots::get() }>) -> Result<(), BenchmarkError> {
        // What governance allows a call is at most what a hotkey can have.
        let slots = s.min(Pallet::<T>::slots_for_sale(
            Role::Miner,
            &T::Parameters::get(),
        ));
        let (_, origin) = miner::<T>(T::MaxSlots::get())?;
        let RawOrigin::Signed(owner) = &origin else {
            return Err(BenchmarkError::Stop("signed"));
        };
        endow::<T>(owner, slots)?;
        forward::<T>(1u32.into());
        let hotkey: T::AccountId = account("another", 0, 0);
        let max_price =
            Pallet::<T>::quote(Role::Miner, slots).ok_or(BenchmarkError::Stop("no price"))?;

        #[extrinsic_call]
        _(origin, hotkey.clone(), Role::Miner, slots, max_price);

        assert_eq!(Hotkeys::<T>::get(&hotkey).map(|it| it.slots()), Some(slots));
        assert!(Pallet::<T>::can_prove(&hotkey, slots - 1));
        Ok(())
    }

    /// A lapsed lease in which every bond was slashed.
    #[benchmark]
    fn renew(s: Linear<1, { T::MaxSlots::get() }>) -> Result<(), BenchmarkError> {
        let (hotkey, origin) = miner::<T>(s)?;
        if let RawOrigin::Signed(owner) = &origin {
            endow::<T>(owner, s)?;
        }
        for gpu in 0..s {
            Pallet::<T>::slash(&hotkey, gpu, Perbill::from_percent(50), None);
        }
        forward::<T>(T::Parameters::get().term);
        let price = Pallet::<T>::price(Role::Miner).ok_or(BenchmarkError::Stop("no price"))?;

        #[extrinsic_call]
        _(origin, hotkey.clone(), price * s.into());

        assert!((0..s).all(|gpu| Pallet::<T>::can_prove(&hotkey, gpu)));
        Ok(())
    }

    #[benchmark]
    fn top_up() -> Result<(), BenchmarkError> {
        let gpu = T::MaxSlots::get() - 1;
        let (hotkey, origin) = miner::<T>(gpu + 1)?;
        Pallet::<T>::slash(&hotkey, gpu, Perbill::one(), None);
        assert!(!Pallet::<T>::can_prove(&hotkey, gpu));

        #[extrinsic_call]
        _(origin, hotkey.clone(), gpu);

        assert!(Pallet::<T>::can_prove(&hotkey, gpu));
        Ok(())
    }

    #[benchmark]
    fn shrink() -> Result<(), BenchmarkError> {
        let slots = T::MaxSlots::get();
        let (hotkey, origin) = miner::<T>(slots)?;
        // A hotkey of a single slot cannot shrink.
        if slots == 1 {
            return Err(BenchmarkError::Skip);
        }

        #[extrinsic_call]
        _(origin, hotkey.clone(), 1);

        assert_eq!(Hotkeys::<T>::get(&hotkey).map(|it| it.staying()), Some(1));
        Ok(())
    }

    #[benchmark]
    fn leave() -> Result<(), BenchmarkError> {
        let (hotkey, origin) = miner::<T>(T::MaxSlots::get())?;

        #[extrinsic_call]
        _(origin, hotkey.clone());

        assert_eq!(Hotkeys::<T>::get(&hotkey).map(|it| it.staying()), Some(0));
        Ok(())
    }

    /// All slots leave, and with them the registration.
    #[benchmark]
    fn withdraw(s: Linear<1, { T::MaxSlots::get() }>) -> Result<(), BenchmarkError> {
        let (hotkey, origin) = miner::<T>(s)?;
        Pallet::<T>::leave(origin.clone().into(), hotkey.clone())?;
        forward::<T>(T::Parameters::get().cool_down);

        #[extrinsic_call]
        _(origin, hotkey.clone());

        assert!(!Hotkeys::<T>::contains_key(&hotkey));
        Ok(())
    }

    #[benchmark]
    fn slash() -> Result<(), BenchmarkError> {
        let gpu = T::MaxSlots::get() - 1;
        let (hotkey, _) = miner::<T>(gpu + 1)?;
        let reporter: T::AccountId = account("reporter", 0, 0);
        endow::<T>(&reporter, 1)?;
        let before = T::Currency::balance(&reporter);
        let taken;

        #[block]
        {
            taken = Pallet::<T>::slash(
                &hotkey,
                gpu,
                Perbill::from_percent(50),
                Some((&reporter, MAX_BOUNTY)),
            );
        }

        assert_eq!(
            T::Currency::balance(&reporter) - before,
            MAX_BOUNTY.mul_floor(taken)
        );
        assert_eq!(
            Pallet::<T>::bond_of(&hotkey, gpu) + taken,
            T::Parameters::get().bond
        );
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, mock::new_test_ext(), mock::Test);
}
