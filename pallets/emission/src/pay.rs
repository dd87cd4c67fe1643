// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Noting results while a window runs, and paying them once it is settled.

use crate::{
    BalanceOf, Bonds, ByTier, Config, Error, Event, Floor, Owners, Pallet, Results, RoundRecord,
    Rounds, Running, RunningRound, Tiers, Unearned, UnpaidResult, VerifiedResult,
};
use frame_support::{
    ensure,
    traits::{fungible::Mutate, tokens::Preservation},
};
use sp_runtime::{
    ArithmeticError, DispatchError, DispatchResult,
    traits::{CheckedAdd, Zero},
};
use tokenomics_primitives::{
    pay,
    tiers::{self, Standing},
};

/// What is due to an unpaid result.
enum Due<Balance> {
    /// Its window has not been settled.
    Later,
    /// So much, now, out of this round.
    Now(Balance, RoundRecord<Balance>),
    /// Nothing any more: its round expired or failed.
    Never,
}

impl<T: Config> Pallet<T> {
    /// Notes a verified result in the running round, once a window and GPU.
    ///
    /// An earlier result of the GPU that is still unpaid is paid first; if the
    /// owner's account cannot take it, it is forfeited. A result that earns
    /// nothing leaves the earlier one alone and says why in
    /// [`Event::NotCredited`].
    pub fn note_result(result: &VerifiedResult<T::AccountId>) {
        if let Err(reason) = Self::try_note(result) {
            Self::deposit_event(Event::NotCredited {
                hotkey: result.hotkey.clone(),
                gpu: result.gpu,
                window: result.window,
                reason,
            });
        }
    }

    fn try_note(result: &VerifiedResult<T::AccountId>) -> Result<(), Unearned> {
        let VerifiedResult {
            window,
            hotkey,
            gpu,
            mops,
            gib,
            gbps,
            ..
        } = result;
        let earlier = Results::<T>::get(hotkey, gpu);
        if earlier
            .as_ref()
            .is_some_and(|earlier| earlier.window == *window)
        {
            return Err(Unearned::Repeated);
        }
        let verified = Floor {
            mops: *mops,
            gib: *gib,
            gbps: *gbps,
        };
        let Standing {
            row,
            mops: counted,
            base,
            rest,
        } = tiers::standing(&Self::rows(&Tiers::<T>::get()), &verified)
            .ok_or(Unearned::BelowFloors)?;
        let owner = T::Owners::owner_of(hotkey).ok_or(Unearned::NoOwner)?;
        let bond = T::Bonds::bond_of(hotkey, *gpu);
        let cap = bond
            .try_into()
            .ok()
            .and_then(|bond: u128| pay::cap(&result.terms(bond)))
            .and_then(|cap| BalanceOf::<T>::try_from(cap).ok())
            .ok_or(Unearned::OutOfRange)?;
        let [tier, base] = [u8::try_from(row), u8::try_from(base)]
            .map(|row| row.map_err(|_| Unearned::OutOfRange));
        let (tier, base) = (tier?, base?);

        let mut running = Running::<T>::get()
            .filter(|running| running.window == *window)
            .unwrap_or_else(|| RunningRound {
                window: *window,
                mops: ByTier::new(),
            });
        while running.mops.len() <= row {
            running.mops.try_push(0).map_err(|_| Unearned::OutOfRange)?;
        }
        for (row, mops) in [(tier, counted), (base, rest)] {
            let sum = running.mops.get_mut(usize::from(row));
            let sum = sum.ok_or(Unearned::OutOfRange)?;
            *sum = sum
                .checked_add(u128::from(mops))
                .ok_or(Unearned::OutOfRange)?;
        }

        if let Some(earlier) = earlier
            && Self::pay(hotkey, *gpu).is_err()
        {
            Self::forfeit(hotkey, *gpu, earlier.window);
        }
        Running::<T>::put(running);
        let (window, gpu, mops) = (*window, *gpu, *mops);
        Results::<T>::insert(
            hotkey,
            gpu,
            UnpaidResult {
                window,
                tier,
                mops,
                base,
                rest,
                owner,
                cap,
            },
        );
        Self::deposit_event(Event::Credited {
            hotkey: hotkey.clone(),
            gpu,
            window,
            tier,
            mops,
        });
        Ok(())
    }

    /// Pays what is due to a GPU, if anything is. What cannot be paid now, because
    /// its window is not settled or the owner's account cannot take it, stays.
    pub fn pay_pending(hotkey: &T::AccountId, gpu: u32) {
        // Whatever keeps it from being paid has changed nothing and can be seen
        // by anybody who claims it.
        let _ = Self::pay(hotkey, gpu);
    }

    /// What a GPU will be paid when its result is claimed now; zero when there is
    /// nothing, or not yet.
    #[must_use]
    pub fn pending_pay(hotkey: &T::AccountId, gpu: u32) -> BalanceOf<T> {
        let due = Results::<T>::get(hotkey, gpu).map(|unpaid| Self::due(&unpaid));
        match due {
            Some(Ok(Due::Now(amount, _))) => amount,
            _ => Zero::zero(),
        }
    }

    /// What a result is paid at a round's `rates`: what counts in its row and the rest in
    /// the base row, its cap at most. A row beyond the rates was not credited anything.
    pub(crate) fn share(
        rates: &ByTier<u128>,
        unpaid: &UnpaidResult<T::AccountId, BalanceOf<T>>,
    ) -> Result<BalanceOf<T>, DispatchError> {
        let of = |row: u8, mops: u64| {
            let rate = rates.get(usize::from(row)).copied().unwrap_or(0);
            pay::share(rate, mops).ok_or(ArithmeticError::Overflow)
        };
        let counted = unpaid.counted().ok_or(ArithmeticError::Underflow)?;
        let share = of(unpaid.tier, counted)?
            .checked_add(of(unpaid.base, unpaid.rest)?)
            .ok_or(ArithmeticError::Overflow)?;
        let share = BalanceOf::<T>::try_from(share).map_err(|_| ArithmeticError::Overflow)?;
        Ok(share.min(unpaid.cap))
    }

    fn due(
        unpaid: &UnpaidResult<T::AccountId, BalanceOf<T>>,
    ) -> Result<Due<BalanceOf<T>>, DispatchError> {
        if let Some(round) = Self::round(unpaid.window) {
            return Ok(Due::Now(Self::share(&round.rates, unpaid)?, round));
        }
        let running = Running::<T>::get().is_some_and(|running| running.window == unpaid.window);
        Ok(if running { Due::Later } else { Due::Never })
    }

    /// Pays the unpaid result of a GPU, or removes one that is never due.
    ///
    /// On an error nothing has changed.
    pub(crate) fn pay(hotkey: &T::AccountId, gpu: u32) -> DispatchResult {
        let unpaid = Results::<T>::get(hotkey, gpu).ok_or(Error::<T>::NothingToClaim)?;
        let (amount, mut round) = match Self::due(&unpaid)? {
            Due::Later => return Err(Error::<T>::NotSettled.into()),
            Due::Never => {
                Self::forfeit(hotkey, gpu, unpaid.window);
                return Ok(());
            }
            Due::Now(amount, round) => (amount, round),
        };
        let UnpaidResult { window, owner, .. } = unpaid;
        let claimed = round
            .claimed
            .checked_add(&amount)
            .ok_or(ArithmeticError::Overflow)?;
        ensure!(claimed <= round.credited, ArithmeticError::Underflow);
        round.claimed = claimed;
        if !amount.is_zero() {
            T::Currency::transfer(&Self::pot(), &owner, amount, Preservation::Preserve)?;
        }
        Rounds::<T>::insert(Self::slot(window), round);
        Results::<T>::remove(hotkey, gpu);
        Self::deposit_event(Event::Paid {
            hotkey: hotkey.clone(),
            gpu,
            owner,
            window,
            amount,
        });
        Ok(())
    }

    fn forfeit(hotkey: &T::AccountId, gpu: u32, window: u32) {
        Results::<T>::remove(hotkey, gpu);
        Self::deposit_event(Event::Forfeited {
            hotkey: hotkey.clone(),
            gpu,
            window,
        });
    }
}
