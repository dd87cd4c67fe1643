// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The price of a slot, from the last sale and the blocks since.

use crate::{BalanceOf, BlockNumberOf, Config, Pallet, ParametersOf, PriceBounds, Role};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::traits::Get;
use scale_info::TypeInfo;
use sp_runtime::traits::{BlockNumberProvider, CheckedSub};
use tokenomics_primitives::price;

/// What is stored about a role.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Market<Balance, BlockNumber> {
    /// The price after the last slot sold.
    pub price: Balance,
    /// The block of that sale.
    pub changed_at: BlockNumber,
    /// The slots of all registrations in the role, lapsed and leaving ones included.
    pub slots: u32,
}

impl<T: Config> Pallet<T> {
    pub(crate) fn now() -> BlockNumberOf<T> {
        T::BlockNumberProvider::current_block_number()
    }

    /// The price of the next slot in `role`.
    ///
    /// `None` when the half-life is zero, or the last sale is in a block to come.
    pub fn price(role: Role) -> Option<BalanceOf<T>> {
        let market = crate::Markets::<T>::get(role);
        Self::price_at(role, market.as_ref(), Self::now(), &T::Parameters::get())
    }

    /// The most slots one call can buy in `role`.
    pub(crate) fn slots_for_sale(role: Role, parameters: &ParametersOf<T>) -> u32 {
        match role {
            Role::Miner => parameters.slots_per_call.min(T::MaxSlots::get()),
            Role::Validator => 1,
        }
    }

    /// The price in `role` at block `now`, between the current floor and ceiling.
    pub(crate) fn price_at(
        role: Role,
        market: Option<&Market<BalanceOf<T>, BlockNumberOf<T>>>,
        now: BlockNumberOf<T>,
        parameters: &ParametersOf<T>,
    ) -> Option<BalanceOf<T>> {
        let bounds = Self::bounds(role, parameters);
        let Some(market) = market else {
            return Some(bounds.floor);
        };
        let elapsed = now.checked_sub(&market.changed_at)?;
        let decayed = price::decayed(
            market.price.try_into().ok()?,
            bounds.floor.try_into().ok()?,
            elapsed.try_into().ok()?,
            parameters.half_life.try_into().ok()?,
        )?;
        Some(BalanceOf::<T>::try_from(decayed).ok()?.min(bounds.ceiling))
    }

    /// What `slots` slots cost when sold at block `now`, and the price after them.
    /// The caller bounds `slots`.
    pub(crate) fn sale(
        role: Role,
        slots: u32,
        market: Option<&Market<BalanceOf<T>, BlockNumberOf<T>>>,
        now: BlockNumberOf<T>,
        parameters: &ParametersOf<T>,
    ) -> Option<(BalanceOf<T>, BalanceOf<T>)> {
        let price = Self::price_at(role, market, now, parameters)?;
        let (fee, next) = price::cost_of_slots(
            price.try_into().ok()?,
            slots,
            parameters.bump,
            Self::bounds(role, parameters).ceiling.try_into().ok()?,
        )?;
        Some((fee.try_into().ok()?, next.try_into().ok()?))
    }

    fn bounds(role: Role, parameters: &ParametersOf<T>) -> PriceBounds<BalanceOf<T>> {
        match role {
            Role::Miner => parameters.miner,
            Role::Validator => parameters.validator,
        }
    }
}
