// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The numbered invariants of the crate's documentation, checked against state.

use crate::{BalanceOf, Config, LowestFloor, Pallet, Results, RoundRecord, Rounds, Running, Tiers};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
    ensure,
    traits::{Get, fungible::Inspect},
};
use sp_runtime::{
    TryRuntimeError,
    traits::{CheckedAdd, CheckedSub},
};
use tokenomics_primitives::{
    availability::{HIGHEST, LOWEST},
    tiers::{self, MAX_TIERS},
};

impl<T: Config> Pallet<T> {
    /// Checks every invariant of the crate's documentation.
    ///
    /// # Errors
    /// The first that does not hold, by its number.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let mut open = BTreeMap::new();
        let mut held = T::Currency::minimum_balance();
        for (slot, round) in Rounds::<T>::iter() {
            let left = Self::check_round(slot, &round)?;
            held = held
                .checked_add(&left)
                .ok_or("1: the sum of all rounds overflows")?;
            open.insert(round.window, (round, left));
        }
        ensure!(
            T::Currency::balance(&Self::pot()) >= held,
            "1: the pot does not hold what is credited and not claimed"
        );
        Self::check_results(open)?;
        Self::check_tiers()
    }

    fn check_round(
        slot: u32,
        round: &RoundRecord<BalanceOf<T>>,
    ) -> Result<BalanceOf<T>, TryRuntimeError> {
        let paid_in = round.drawn.checked_add(&round.minted);
        ensure!(
            paid_in.is_some_and(|paid_in| round.credited <= paid_in),
            "2: a round credits more than was paid in"
        );
        ensure!(
            round.weight <= round.reference,
            "2: a round has earned more than its budget"
        );
        ensure!(
            slot == Self::slot(round.window),
            "3: a round stands in another window's slot"
        );
        let left = round.credited.checked_sub(&round.claimed);
        left.ok_or("2: a round has more claimed than credited".into())
    }

    fn check_results(
        mut open: BTreeMap<u32, (RoundRecord<BalanceOf<T>>, BalanceOf<T>)>,
    ) -> Result<(), TryRuntimeError> {
        let running = Running::<T>::get();
        let mut mops = [0u128; MAX_TIERS];
        for (_, _, unpaid) in Results::<T>::iter() {
            if let Some((round, left)) = open.get_mut(&unpaid.window) {
                let due = Self::share(&round.rates, &unpaid)?;
                *left = left
                    .checked_sub(&due)
                    .ok_or("5: a round owes its unpaid results more than is left of it")?;
            } else if running
                .as_ref()
                .is_some_and(|running| running.window == unpaid.window)
            {
                let counted = unpaid
                    .counted()
                    .ok_or("4: a result's rest is more than all of it")?;
                for (row, counted) in [(unpaid.tier, counted), (unpaid.base, unpaid.rest)] {
                    let sum = mops
                        .get_mut(usize::from(row))
                        .ok_or("4: an unpaid result stands in no row")?;
                    *sum = sum
                        .checked_add(u128::from(counted))
                        .ok_or("4: the sum overflows")?;
                }
            }
        }
        let noted = running.map(|running| running.mops).unwrap_or_default();
        for (tier, sum) in mops.into_iter().enumerate() {
            ensure!(
                noted.get(tier).copied().unwrap_or_default() == sum,
                "4: the running round is not the sum of its results"
            );
        }
        Ok(())
    }

    fn check_tiers() -> Result<(), TryRuntimeError> {
        let states = Tiers::<T>::get();
        let floor = LowestFloor::<T>::get();
        if states.is_empty() {
            ensure!(floor == u64::MAX, "6: a lowest floor without a table");
            return Ok(());
        }
        let rows = Self::rows(&states);
        ensure!(
            tiers::check(&rows, Self::now()).is_ok(),
            "6: the tier table is out of order"
        );
        ensure!(
            T::VerifiesMemory::get() || !Self::asks_for_memory(),
            "7: a row asks for memory, which is not verified"
        );
        ensure!(
            states
                .iter()
                .all(|state| (LOWEST..=HIGHEST).contains(&state.availability.factor)),
            "6: an availability is outside its band"
        );
        let floors: BTreeSet<_> = rows.iter().map(|tier| tier.floor.mops).collect();
        ensure!(floors.contains(&floor), "6: the lowest floor is no row's");
        Ok(())
    }
}
