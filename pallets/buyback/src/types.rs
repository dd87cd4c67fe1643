// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What is stored about assets and revenue, and what events and quotes say.

// Deriving `Encode` for enums numbers the variants by casts.
#![allow(clippy::cast_possible_truncation)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{
    DispatchError, FixedPointNumber, FixedU128,
    traits::{CheckedSub, Zero},
};
use tokenomics_primitives::{
    buyback::{HIGHEST_PRICE, LOWEST_PRICE},
    math::{Rounding, mul_div},
};

/// Where an amount of revenue comes from.
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
pub enum RevenueSource {
    /// It was paid in the asset itself.
    Asset,
    /// It was paid in a currency off the chain, which the gateway settled in the
    /// asset.
    Fiat {
        /// The currency by its three capital letters (ISO 4217).
        currency: [u8; 3],
        /// What was paid, in the currency's smallest unit. Above zero.
        minor_units: u128,
        /// A hash of the payment's documents.
        reference: [u8; 32],
    },
}

impl RevenueSource {
    /// Whether the source can be: three capital letters and an amount.
    pub fn is_valid(&self) -> bool {
        match self {
            Self::Asset => true,
            Self::Fiat {
                currency,
                minor_units,
                ..
            } => currency.iter().all(u8::is_ascii_uppercase) && !minor_units.is_zero(),
        }
    }
}

/// On which terms an asset is enabled.
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
pub struct AssetTerms<Balance> {
    /// Where the average price begins: NI for one unit of the asset, both in their
    /// smallest units. Within what
    /// [`tokenomics_primitives::buyback`] can average.
    pub reference_price: FixedU128,
    /// The pool's reserve of the asset below which its price counts for nothing and
    /// nothing is bought. Above zero.
    pub min_reserve: Balance,
    /// The least a slice spends when that much is pending. Above zero.
    pub min_slice: Balance,
}

impl<Balance: Zero> AssetTerms<Balance> {
    /// Whether the terms are within their ranges.
    pub fn is_valid(&self) -> bool {
        (LOWEST_PRICE..=HIGHEST_PRICE).contains(&self.reference_price)
            && !self.min_reserve.is_zero()
            && !self.min_slice.is_zero()
    }
}

/// An enabled asset.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Market<AssetKind, Balance, BlockNumber> {
    /// The asset.
    pub asset: AssetKind,
    /// On which terms it is enabled.
    pub terms: AssetTerms<Balance>,
    /// The average price, as [`AssetTerms::reference_price`].
    pub average: FixedU128,
    /// The steady reserve: the pool's reserve of the asset at the beginning of blocks,
    /// of whose rises each block counts one part in [`RISE_BLOCKS`](crate::RISE_BLOCKS).
    /// `None` until the pool was seen.
    pub steady: Option<Balance>,
    /// The last block of the period.
    pub until: BlockNumber,
    /// Whether the period's slice is behind it: it was swapped, nothing was pending in
    /// its block, or the period's last block is over.
    pub tried: bool,
}

/// What happened to the revenue of one asset since genesis.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Ledger<Balance> {
    /// What came in, of the asset.
    pub received: Balance,
    /// What was spent on NI, of the asset.
    pub spent: Balance,
    /// What it bought, of NI.
    pub bought: Balance,
    /// What was handed to be burned, of NI.
    pub burned: Balance,
}

impl<Balance: CheckedSub + Zero> Ledger<Balance> {
    /// What came in and is not spent yet.
    pub fn pending(&self) -> Balance {
        // Never more spent than received: invariant 1.
        self.received
            .checked_sub(&self.spent)
            .unwrap_or_else(Zero::zero)
    }
}

impl<Balance: Copy + TryInto<u128>> Ledger<Balance> {
    /// What was bought on average for a unit of the asset, rounded down.
    ///
    /// `None` when nothing was spent yet.
    pub fn average_price(&self) -> Option<FixedU128> {
        mul_div(
            self.bought.try_into().ok()?,
            FixedU128::DIV,
            self.spent.try_into().ok()?,
            Rounding::Down,
        )
        .map(FixedU128::from_inner)
    }
}

/// NI bought and burned with the revenue of all assets since genesis, that of NI
/// itself included. No average price: what was spent is in different units.
#[derive(Clone, Copy, Debug, Decode, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct BuybackTotals<Balance> {
    /// Bought, of NI.
    pub bought: Balance,
    /// Handed to be burned, of NI.
    pub burned: Balance,
}

/// A slice that can be swapped.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Slice<Balance> {
    /// What is spent, of the asset.
    pub amount: Balance,
    /// What the pool pays for it, of NI.
    pub expected: Balance,
    /// The least it must pay, of NI.
    pub least: Balance,
}

/// Why a slice is not swapped. What is pending stays pending.
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
pub enum Skipped<Balance> {
    /// Nothing is pending, or no more than the minimum balance that keeps the pot's
    /// account of the asset alive.
    NothingPending,
    /// There is no pool, it is empty, or it cannot pay because an asset is frozen.
    NoReserves,
    /// The pool's reserve of the asset is below the asset's minimum.
    ReserveBelowMinimum {
        /// The reserve.
        reserve: Balance,
    },
    /// The depth is zero: the pool takes no fee, or its reserve was next to nothing a
    /// few blocks ago.
    NoDepth,
    /// The pot cannot spend: its account of the asset is frozen.
    Unspendable,
    /// What the pool would pay falls short of the average price by more than the
    /// tolerance.
    PriceOutsideTolerance {
        /// What the pool would pay.
        expected: Balance,
        /// The least it would have to pay.
        least: Balance,
    },
    /// An amount is beyond what can be computed.
    Overflow,
    /// The swap was refused, and undone.
    Refused {
        /// Why.
        error: DispatchError,
    },
}

/// How things stand with an enabled asset.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Quote<Balance, BlockNumber> {
    /// What is pending, of the asset.
    pub pending: Balance,
    /// The average price: NI for one unit of the asset, both in their smallest
    /// units.
    pub average: FixedU128,
    /// The price in the pool now, when it can be swapped in.
    pub price: Option<FixedU128>,
    /// What a slice would be if its block were now, or why there would be none.
    pub slice: Result<Slice<Balance>, Skipped<Balance>>,
    /// The last block of the period.
    pub until: BlockNumber,
    /// Whether the period's slice is behind it already.
    pub tried: bool,
}
