// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the pallet writes down: amounts by source, since genesis and in the
//! current round.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::tokens::Balance;
use scale_info::TypeInfo;

/// Why units are minted. Genesis is not a reason: it happens once, before any.
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
pub enum MintReason {
    /// The emission schedule.
    Emission,
}

/// Where recycled units come from.
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
pub enum RecycleSource {
    /// Fees for registering and renewing hotkeys.
    RegistrationFees,
    /// Rewards nobody claimed in time.
    ExpiredResults,
    /// Units somebody sent to the pool account unasked.
    Donations,
}

/// Where burned units come from.
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
pub enum BurnSource {
    /// Base fees of transactions.
    TransactionFees,
    /// Slashed bonds, less bounties.
    Slashes,
    /// Remains of accounts below the minimum balance.
    Dust,
    /// Units bought with revenue.
    Buyback,
    /// Units burned by their owner.
    Voluntary,
    /// Credits no account could take.
    Unresolved,
}

/// Amounts recycled, one for each [`RecycleSource`].
#[derive(
    Clone,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct RecycledBySource<Balance> {
    /// From [`RecycleSource::RegistrationFees`].
    pub registration_fees: Balance,
    /// From [`RecycleSource::ExpiredResults`].
    pub expired_results: Balance,
    /// From [`RecycleSource::Donations`].
    pub donations: Balance,
}

/// Amounts burned, one for each [`BurnSource`].
#[derive(
    Clone,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct BurnedBySource<Balance> {
    /// From [`BurnSource::TransactionFees`].
    pub transaction_fees: Balance,
    /// From [`BurnSource::Slashes`].
    pub slashes: Balance,
    /// From [`BurnSource::Dust`].
    pub dust: Balance,
    /// From [`BurnSource::Buyback`].
    pub buyback: Balance,
    /// From [`BurnSource::Voluntary`].
    pub voluntary: Balance,
    /// From [`BurnSource::Unresolved`].
    pub unresolved: Balance,
}

/// Everything that moved in some time, in the token's smallest unit.
#[derive(
    Clone,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct Movements<Balance> {
    /// Minted by the emission schedule.
    pub emitted: Balance,
    /// Taken out of the recycle pool.
    pub drawn: Balance,
    /// Put into the recycle pool.
    pub recycled: RecycledBySource<Balance>,
    /// Destroyed.
    pub burned: BurnedBySource<Balance>,
}

/// The pallet's whole state.
#[derive(
    Clone,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct SupplyTotals<Balance> {
    /// The issuance at genesis.
    pub genesis: Balance,
    /// What the pool account held at genesis; never drawn.
    pub endowment: Balance,
    /// Since genesis, without what genesis itself created.
    pub all: Movements<Balance>,
    /// Since the current round began.
    pub round: Movements<Balance>,
}

/// `total + amount`, clamped at the largest value.
///
/// The clamp is out of reach: what is minted, and with it what is burned, stays
/// under the cap, and recycling reaches 2¹²⁸ only after the whole cap went through
/// the pool 10²² times. It is here because a sink has nobody to return an error to.
fn add<B: Balance>(total: B, amount: B) -> B {
    total.checked_add(&amount).unwrap_or_else(B::max_value)
}

impl<B: Balance> RecycledBySource<B> {
    /// The sum over all sources.
    pub fn total(&self) -> B {
        add(
            add(self.registration_fees, self.expired_results),
            self.donations,
        )
    }

    /// The part of one source.
    pub fn part(&mut self, source: RecycleSource) -> &mut B {
        match source {
            RecycleSource::RegistrationFees => &mut self.registration_fees,
            RecycleSource::ExpiredResults => &mut self.expired_results,
            RecycleSource::Donations => &mut self.donations,
        }
    }
}

impl<B: Balance> BurnedBySource<B> {
    /// The sum over all sources.
    pub fn total(&self) -> B {
        [
            self.slashes,
            self.dust,
            self.buyback,
            self.voluntary,
            self.unresolved,
        ]
        .into_iter()
        .fold(self.transaction_fees, add)
    }

    /// The part of one source.
    pub fn part(&mut self, source: BurnSource) -> &mut B {
        match source {
            BurnSource::TransactionFees => &mut self.transaction_fees,
            BurnSource::Slashes => &mut self.slashes,
            BurnSource::Dust => &mut self.dust,
            BurnSource::Buyback => &mut self.buyback,
            BurnSource::Voluntary => &mut self.voluntary,
            BurnSource::Unresolved => &mut self.unresolved,
        }
    }
}

impl<B: Balance> Movements<B> {
    pub(crate) fn minted(&mut self, reason: MintReason, amount: B) {
        match reason {
            MintReason::Emission => self.emitted = add(self.emitted, amount),
        }
    }

    pub(crate) fn drawn(&mut self, amount: B) {
        self.drawn = add(self.drawn, amount);
    }

    pub(crate) fn recycled(&mut self, source: RecycleSource, amount: B) {
        let part = self.recycled.part(source);
        *part = add(*part, amount);
    }

    pub(crate) fn burned(&mut self, source: BurnSource, amount: B) {
        let part = self.burned.part(source);
        *part = add(*part, amount);
    }

    /// Whether no part of this is larger than the same part of `other`.
    #[cfg(any(feature = "std", feature = "try-runtime"))]
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let parts = |m: &Self| {
            [
                m.emitted,
                m.drawn,
                m.recycled.registration_fees,
                m.recycled.expired_results,
                m.recycled.donations,
                m.burned.transaction_fees,
                m.burned.slashes,
                m.burned.dust,
                m.burned.buyback,
                m.burned.voluntary,
                m.burned.unresolved,
            ]
        };
        parts(self)
            .iter()
            .zip(parts(other).iter())
            .all(|(mine, theirs)| mine <= theirs)
    }
}

impl<B: Balance> SupplyTotals<B> {
    /// Ever minted, genesis included.
    pub fn minted(&self) -> B {
        add(self.genesis, self.all.emitted)
    }

    /// What the recycle pool can pay: recycled − drawn.
    ///
    /// Nothing more than this is ever drawn, so the difference exists; a ledger in
    /// which it does not has nothing to pay.
    pub fn pool(&self) -> B {
        self.all
            .recycled
            .total()
            .checked_sub(&self.all.drawn)
            .unwrap_or_else(B::zero)
    }

    /// What the pool account holds by this ledger: endowment + recycled − drawn.
    pub(crate) fn pool_balance(&self) -> Option<B> {
        self.endowment
            .checked_add(&self.all.recycled.total())?
            .checked_sub(&self.all.drawn)
    }

    /// Write a movement down, both since genesis and in the round.
    pub(crate) fn record(&mut self, movement: impl Fn(&mut Movements<B>)) {
        movement(&mut self.all);
        movement(&mut self.round);
    }
}
