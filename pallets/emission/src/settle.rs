// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Settling a round, bounded by the number of tiers.

use crate::{
    BalanceOf, BlockNumberOf, ByTier, Config, CreditOf, EmissionParameters, Event, LastClose,
    LowestFloor, NextTiers, Pallet, RoundRecord, Rounds, Running, SupplySource, Tier, TierState,
    Tiers, WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{
    ensure,
    storage::with_storage_layer,
    traits::{
        Get, Imbalance, OnUnbalanced,
        fungible::Balanced,
        tokens::{Fortitude, Precision, Preservation},
    },
    weights::Weight,
};
use sp_runtime::{
    ArithmeticError, DispatchError, DispatchResult, FixedU128, PerThing, TokenError,
    traits::{BlockNumberProvider, CheckedSub, UniqueSaturatedInto, Zero},
};
use tokenomics_primitives::{
    budget::{self, Budget, Rules, Supply},
    pay,
    split::largest_remainder,
    tiers::{self, MAX_TIERS, Worth},
};

/// What a settlement will do, all of it computed before anything moves.
struct Plan {
    budget: Budget,
    miners: u128,
    stakers: u128,
    weight: u128,
    reference: u128,
    rates: ByTier<u128>,
}

impl<T: Config> Pallet<T> {
    /// Settles the round of `window`, which opened in block `opened_at` and
    /// closed in `closed_at`, and returns the weight of doing so.
    ///
    /// The round is paid for the blocks since the last settlement (the first
    /// since its opening), at most `max_round` of them. The round that stood in
    /// its place of the ring expires. When the settlement fails nothing of it
    /// has moved ([`Event::RoundFailed`]), and its results are never due. In any
    /// case the availabilities follow the supply and a table that waits takes its
    /// place.
    pub fn settle(window: u32, opened_at: BlockNumberOf<T>, closed_at: BlockNumberOf<T>) -> Weight {
        let parameters = T::Parameters::get();
        let mut states = Tiers::<T>::get();
        let now = Self::height(closed_at);
        let since = Self::height(LastClose::<T>::get().unwrap_or(opened_at));
        LastClose::<T>::put(closed_at);
        // A clamp: the chain's height does not fall.
        let elapsed = now.saturating_sub(since);
        let blocks = u32::try_from(elapsed)
            .unwrap_or(u32::MAX)
            .min(parameters.max_round);

        let mut mops = [0u128; MAX_TIERS];
        if let Some(running) = Running::<T>::take()
            && running.window == window
        {
            for (to, from) in mops.iter_mut().zip(running.mops) {
                *to = from;
            }
        }

        Self::expire(window);
        let settled = with_storage_layer(|| {
            let plan = Self::plan(&parameters, &states, &mops, now, blocks)
                .ok_or(ArithmeticError::Overflow)?;
            Self::carry_out(window, blocks, plan)
        });
        if let Err(error) = settled {
            Self::deposit_event(Event::RoundFailed { window, error });
        }

        for (state, supply) in states.iter_mut().zip(mops) {
            let next = state
                .availability
                .next(supply, state.tier.target, elapsed, parameters.day);
            // Out of range only with parameters that do not pass their check:
            // the availability stays.
            if let Some(next) = next {
                state.availability = next;
            }
        }
        let mut most = Self::count(&states);
        if let Some(table) = NextTiers::<T>::take() {
            let rows = Self::count(&table);
            most = most.max(rows);
            states = Self::succeeding(&states, table);
            Self::deposit_event(Event::TiersReplaced { rows });
        }
        Self::put_tiers(states, now, Some(&parameters));
        T::WeightInfo::settle(most)
    }

    /// What a MOPS weighs now, by tier, zero in a retired one. Empty where a day has no
    /// blocks and there is more than one row.
    #[must_use]
    pub fn effective() -> ByTier<FixedU128> {
        let states = Tiers::<T>::get();
        let all = Self::worths_at(&states, Self::now(), &T::Parameters::get());
        let effective = |all: [Worth; MAX_TIERS]| {
            let rows = all.into_iter().take(states.len());
            rows.map(|worth| worth.effective).collect::<Vec<_>>()
        };
        all.map(effective)
            .and_then(|all| all.try_into().ok())
            .unwrap_or_default()
    }

    fn worths_at(
        states: &[TierState],
        now: u64,
        parameters: &EmissionParameters<BalanceOf<T>>,
    ) -> Option<[Worth; MAX_TIERS]> {
        tiers::worths(
            &Self::rows(states),
            &Self::availabilities(states),
            now,
            parameters.day,
            parameters.retired_below,
        )
    }

    fn plan(
        parameters: &EmissionParameters<BalanceOf<T>>,
        states: &[TierState],
        mops: &[u128; MAX_TIERS],
        now: u64,
        blocks: u32,
    ) -> Option<Plan> {
        let worths = Self::worths_at(states, now, parameters)?;
        let mut weights = [0u128; MAX_TIERS];
        let (mut weight, mut whole) = (0u128, 0u128);
        for ((each, mops), worth) in weights.iter_mut().zip(mops).zip(worths) {
            *each = pay::weight(*mops, worth.effective)?;
            weight = weight.checked_add(*each)?;
            whole = whole.checked_add(pay::weight(*mops, worth.unfaded)?)?;
        }
        let reference = budget::proportion_base(parameters.reference_weight, whole);

        let rules = Rules {
            base: parameters.base.try_into().ok()?,
            cap: T::Supply::cap().try_into().ok()?,
            drip: parameters.drip,
        };
        let supply = Supply {
            minted: T::Supply::minted().try_into().ok()?,
            pool: T::Supply::pool().try_into().ok()?,
        };
        let full = budget::full(&rules, &supply, blocks)?;
        let budget = budget::earned(&full, weight, reference)?;

        let shares = [
            u128::from(parameters.stakers_share.left_from_one().deconstruct()),
            u128::from(parameters.stakers_share.deconstruct()),
        ];
        let [miners, stakers] = largest_remainder(budget.total()?, &shares)?;
        let mut rates = ByTier::new();
        if miners > 0 {
            let credits = largest_remainder(miners, &weights)?;
            for (credit, mops) in credits.into_iter().zip(mops).take(states.len()) {
                let rate = if *mops == 0 {
                    0
                } else {
                    pay::rate(credit, *mops)?
                };
                rates.try_push(rate).ok()?;
            }
        }
        Some(Plan {
            budget,
            miners,
            stakers,
            weight,
            reference,
            rates,
        })
    }

    fn carry_out(window: u32, blocks: u32, plan: Plan) -> DispatchResult {
        let Plan {
            budget,
            miners,
            stakers,
            weight,
            reference,
            rates,
        } = plan;
        let [drawn, minted] = [Self::amount(budget.drawn)?, Self::amount(budget.minted)?];
        let [miners, stakers] = [Self::amount(miners)?, Self::amount(stakers)?];
        let mut paid_in = CreditOf::<T>::zero();
        if !drawn.is_zero() {
            paid_in.subsume(T::Supply::draw(drawn)?);
        }
        if !minted.is_zero() {
            paid_in.subsume(T::Supply::mint(minted)?);
        }
        let (for_miners, for_stakers) = paid_in.split(miners);
        // A source that gave less or more than asked for breaks its contract.
        ensure!(
            for_miners.peek() == miners && for_stakers.peek() == stakers,
            TokenError::FundsUnavailable
        );
        if !miners.is_zero() {
            // What is dropped here is undone with all of this.
            T::Currency::resolve(&Self::pot(), for_miners).map_err(|_| TokenError::CannotCreate)?;
            let record = RoundRecord {
                window,
                blocks,
                drawn,
                minted,
                weight,
                reference,
                rates,
                credited: miners,
                claimed: Zero::zero(),
            };
            Rounds::<T>::insert(Self::slot(window), record);
        }
        if !stakers.is_zero() {
            T::Stakers::on_unbalanced(for_stakers);
        }
        Self::deposit_event(Event::RoundSettled {
            window,
            blocks,
            drawn,
            minted,
            miners,
            stakers,
            weight,
            reference,
        });
        Ok(())
    }

    /// Clears the place of `window` in the ring and gives back what was not
    /// claimed of the round that stood there.
    fn expire(window: u32) {
        let Some(round) = Rounds::<T>::take(Self::slot(window)) else {
            return;
        };
        // No more is claimed than was credited (invariant 2); where it were, nothing
        // would be left to give back.
        let left = round
            .credited
            .checked_sub(&round.claimed)
            .unwrap_or_default();
        // The pot holds it. Should its account be frozen, it stays there, as a
        // gift would.
        let credit = T::Currency::withdraw(
            &Self::pot(),
            left,
            Precision::Exact,
            Preservation::Preserve,
            Fortitude::Polite,
        )
        .unwrap_or_default();
        let amount = credit.peek();
        T::Expired::on_unbalanced(credit);
        Self::deposit_event(Event::RoundExpired {
            window: round.window,
            amount,
        });
    }

    /// The states of a new table's rows: a row whose floor was there before
    /// keeps its availability, another begins without any supply. A first table's rows
    /// begin at their targets.
    fn succeeding(states: &[TierState], table: ByTier<Tier>) -> ByTier<TierState> {
        let mut next = ByTier::new();
        for tier in table {
            let before = states.iter().find(|before| before.tier.floor == tier.floor);
            let state = match before {
                Some(before) => TierState { tier, ..*before },
                None if states.is_empty() => TierState::new(tier),
                None => TierState::added(tier),
            };
            // As long as the table it is made of, which is bounded the same.
            let _ = next.try_push(state);
        }
        next
    }

    /// Writes the table down, and what follows from it for those who commit.
    /// Without `parameters` no row is taken for retired.
    pub(crate) fn put_tiers(
        states: ByTier<TierState>,
        now: u64,
        parameters: Option<&EmissionParameters<BalanceOf<T>>>,
    ) {
        let worths = parameters.and_then(|parameters| Self::worths_at(&states, now, parameters));
        let retired = worths.map_or(0, |all| {
            let retired = |worth: &&Worth| worth.effective.is_zero();
            all.iter().take_while(retired).count()
        });
        match states.get(retired).or(states.first()) {
            Some(lowest) => LowestFloor::<T>::put(lowest.tier.floor.mops),
            None => LowestFloor::<T>::kill(),
        }
        Tiers::<T>::put(states);
    }

    /// The table at genesis.
    pub(crate) fn begin_with(table: ByTier<Tier>) {
        Self::put_tiers(Self::succeeding(&[], table), 0, None);
    }

    /// How available the hardware of each row is.
    fn availabilities(states: &[TierState]) -> Vec<FixedU128> {
        states
            .iter()
            .map(|state| state.availability.factor)
            .collect()
    }

    /// The rows of the table without their state.
    pub(crate) fn rows(states: &[TierState]) -> Vec<Tier> {
        states.iter().map(|state| state.tier).collect()
    }

    /// The rows of a table, by number.
    pub(crate) fn count<Row>(table: &ByTier<Row>) -> u32 {
        // Bounded by `MAX_TIERS`, which is 32 bits.
        u32::try_from(table.len()).unwrap_or(crate::MAX_TIERS)
    }

    /// The number of the current block.
    pub(crate) fn now() -> u64 {
        Self::height(T::BlockNumberProvider::current_block_number())
    }

    /// A block number as the arithmetic takes it; a clamp for numbers no chain
    /// reaches.
    fn height(block: BlockNumberOf<T>) -> u64 {
        block.unique_saturated_into()
    }

    fn amount(units: u128) -> Result<BalanceOf<T>, DispatchError> {
        BalanceOf::<T>::try_from(units).map_err(|_| ArithmeticError::Overflow.into())
    }
}
