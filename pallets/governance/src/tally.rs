// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a poll's votes come to.

use crate::{BalanceOf, Config, Side, Stakes};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    CloneNoBound, DebugNoBound, EqNoBound, PartialEqNoBound,
    traits::{Get, VoteTally},
};
use scale_info::TypeInfo;
use sp_runtime::{
    ArithmeticError, DispatchError, Perbill,
    traits::{CheckedAdd, CheckedSub, Zero},
};

/// The weights on both sides, in the stake's smallest unit.
#[derive(
    CloneNoBound,
    DebugNoBound,
    Decode,
    DecodeWithMemTracking,
    Encode,
    EqNoBound,
    MaxEncodedLen,
    PartialEqNoBound,
    TypeInfo,
)]
#[scale_info(skip_type_params(T))]
#[codec(mel_bound(T: Config))]
pub struct Tally<T: Config> {
    /// The weight of all votes for it.
    pub ayes: BalanceOf<T>,
    /// The weight of all votes against it.
    pub nays: BalanceOf<T>,
    /// All stake there was when the poll began: what came later may not vote on it.
    pub staked: BalanceOf<T>,
}

impl<T: Config> Tally<T> {
    /// A tally with these sides, of a poll that begins now.
    pub fn of(ayes: BalanceOf<T>, nays: BalanceOf<T>) -> Self {
        Self {
            ayes,
            nays,
            staked: T::Stakes::total(),
        }
    }

    /// What support is measured against: all stake when the poll began or all stake
    /// now, whichever is less, or the governed floor where that is more.
    ///
    /// Stake that came later may not vote, so it does not count. Stake that left may
    /// not vote any more.
    pub fn support_base(&self) -> BalanceOf<T> {
        self.staked
            .min(T::Stakes::total())
            .max(T::Parameters::get().support_floor)
    }

    /// The ayes in proportion to the base.
    pub(crate) fn supported(&self) -> Perbill {
        proportion::<T>(self.ayes, self.support_base())
    }

    fn side_mut(&mut self, side: Side) -> &mut BalanceOf<T> {
        match side {
            Side::Aye => &mut self.ayes,
            Side::Nay => &mut self.nays,
        }
    }

    pub(crate) fn add(&mut self, side: Side, weight: BalanceOf<T>) -> Result<(), DispatchError> {
        let sum = self.side_mut(side);
        *sum = sum.checked_add(&weight).ok_or(ArithmeticError::Overflow)?;
        // So that the approval can be computed whatever the votes are.
        self.ayes
            .checked_add(&self.nays)
            .ok_or(ArithmeticError::Overflow)?;
        Ok(())
    }

    pub(crate) fn remove(&mut self, side: Side, weight: BalanceOf<T>) -> Result<(), DispatchError> {
        let sum = self.side_mut(side);
        *sum = sum.checked_sub(&weight).ok_or(ArithmeticError::Underflow)?;
        Ok(())
    }
}

/// A part of a whole, rounded down; nothing of nothing is nothing.
fn proportion<T: Config>(part: BalanceOf<T>, whole: BalanceOf<T>) -> Perbill {
    if whole.is_zero() {
        Perbill::zero()
    } else {
        Perbill::from_rational(part, whole)
    }
}

impl<T: Config, Class> VoteTally<BalanceOf<T>, Class> for Tally<T> {
    fn new(_: Class) -> Self {
        Self::of(Zero::zero(), Zero::zero())
    }

    fn ayes(&self, _: Class) -> BalanceOf<T> {
        self.ayes
    }

    fn support(&self, _: Class) -> Perbill {
        self.supported()
    }

    fn approval(&self, _: Class) -> Perbill {
        self.ayes
            .checked_add(&self.nays)
            .map_or(Perbill::zero(), |all| proportion::<T>(self.ayes, all))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn unanimity(_: Class) -> Self {
        let none = Self::of(Zero::zero(), Zero::zero());
        Self::of(none.support_base(), Zero::zero())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn rejection(_: Class) -> Self {
        let none = Self::of(Zero::zero(), Zero::zero());
        Self::of(Zero::zero(), none.support_base())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn from_requirements(support: Perbill, approval: Perbill, _: Class) -> Self {
        let none = Self::of(Zero::zero(), Zero::zero());
        let ayes = support.mul_ceil(none.support_base());
        let all = approval.saturating_reciprocal_mul_floor(ayes);
        Self::of(ayes, all.checked_sub(&ayes).unwrap_or_default())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn setup(_: Class, _: Perbill) {}
}
