// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The table of tiers: what a GPU of which throughput earns, and how that fades.
//!
//! Rows stand in the order of their floors, lowest first. The order is total: along
//! it tiers are introduced one after the other, lose less a day, and what a MOPS
//! earns never falls, so that slicing or throttling a GPU never pays.
//!
//! A table knows two worths of a MOPS in each row: [`effective`], by which it is
//! paid, and [`unfaded`], what it would be worth had nothing faded, by which the
//! size of the network is measured. Both never fall from one row to the next, nor
//! does the quotient effective / unfaded, what is left of a row:
//! let v be a row's multiplier · availability and f its fading, which never falls
//! from one row to the next (a higher row was superseded later and loses less).
//! A higher row either leaves the running maximum of v as it is, and then that of
//! v·f does not fall; or its own v is the new maximum, of which f is left at least,
//! and of no row below was more left than its own f.

use crate::math::{Rounding, product, quotient};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use primitive_types::U256;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_arithmetic::{FixedPointNumber, FixedU128, PerThing, Perbill};

/// The most rows a table has.
pub const MAX_TIERS: usize = 16;

/// The smallest base multiplier: keeps what is rounded off a worth of 18 decimals
/// small beside it.
pub const MIN_MULTIPLIER: FixedU128 = FixedU128::from_rational(1, 1_000_000);

/// The largest base multiplier: keeps every product in range.
pub const MAX_MULTIPLIER: FixedU128 = FixedU128::from_u32(1_000_000);

/// One, as a [`FixedU128`]'s inner value.
const ONE: u128 = FixedU128::DIV;

/// What a GPU must have been verified at to stand in a row, or was verified at.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Floor {
    /// Verified throughput in MOPS.
    pub mops: u64,
    /// Verified memory in GiB; zero asks for none.
    pub gib: u32,
    /// Verified bandwidth of that memory in GB/s; zero asks for none.
    #[serde(default)]
    pub gbps: u32,
}

impl Floor {
    /// Whether what was verified reaches this floor: in each of its parts.
    #[must_use]
    pub const fn is_reached_by(&self, verified: &Self) -> bool {
        self.mops <= verified.mops && self.gib <= verified.gib && self.gbps <= verified.gbps
    }

    /// Whether memory has to be verified for it to be reached.
    #[must_use]
    pub const fn asks_for_memory(&self) -> bool {
        self.gib > 0 || self.gbps > 0
    }
}

/// One row of the table.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub struct Tier {
    /// The least a GPU of this tier was verified at.
    pub floor: Floor,
    /// What a MOPS weighs before fading and availability.
    pub multiplier: FixedU128,
    /// What an older tier loses of its weight a day.
    pub decay: Perbill,
    /// The block in which the tier came: it does not fade before the next higher
    /// one comes.
    pub introduced_at: u64,
    /// The supply at which the tier is neither scarce nor abundant, in MOPS
    /// verified a round.
    pub target: u128,
}

/// Why a table is refused.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum TableError {
    /// The table has no row.
    Empty,
    /// The table has more than [`MAX_TIERS`] rows.
    TooLong,
    /// A row has a floor of no throughput.
    ZeroFloor,
    /// A row's floor is not above the one before it: every component at least as
    /// high, and one higher.
    FloorOrder,
    /// A multiplier is below [`MIN_MULTIPLIER`] or above [`MAX_MULTIPLIER`].
    MultiplierRange,
    /// A row's multiplier is below the one before it.
    MultiplierOrder,
    /// A row loses nothing or everything in a day.
    DecayRange,
    /// A row does not lose less a day than the one before it.
    DecayOrder,
    /// A row was introduced before the one below it, so that the lower would fade
    /// less.
    IntroductionOrder,
    /// A row is introduced in a block to come.
    Future,
    /// A row's target supply is zero.
    ZeroTarget,
}

/// Checks a table that is to hold from block `now` on.
///
/// # Errors
/// The first thing wrong, row by row from the lowest.
pub fn check(table: &[Tier], now: u64) -> Result<(), TableError> {
    if table.is_empty() {
        return Err(TableError::Empty);
    }
    if table.len() > MAX_TIERS {
        return Err(TableError::TooLong);
    }
    let mut below: Option<&Tier> = None;
    for tier in table {
        if tier.floor.mops == 0 {
            return Err(TableError::ZeroFloor);
        }
        if !(MIN_MULTIPLIER..=MAX_MULTIPLIER).contains(&tier.multiplier) {
            return Err(TableError::MultiplierRange);
        }
        if tier.decay.is_zero() || tier.decay.is_one() {
            return Err(TableError::DecayRange);
        }
        if tier.introduced_at > now {
            return Err(TableError::Future);
        }
        if tier.target == 0 {
            return Err(TableError::ZeroTarget);
        }
        if let Some(below) = below {
            let (floor, under) = (tier.floor, below.floor);
            if floor == under || !under.is_reached_by(&floor) {
                return Err(TableError::FloorOrder);
            }
            if tier.multiplier < below.multiplier {
                return Err(TableError::MultiplierOrder);
            }
            if tier.decay >= below.decay {
                return Err(TableError::DecayOrder);
            }
            if tier.introduced_at < below.introduced_at {
                return Err(TableError::IntroductionOrder);
            }
        }
        below = Some(tier);
    }
    Ok(())
}

/// The row of a GPU by what it was `verified` at: the highest whose floor it reaches,
/// `None` below the lowest.
#[must_use]
pub fn tier_of(table: &[Tier], verified: &Floor) -> Option<usize> {
    table
        .iter()
        .rposition(|tier| tier.floor.is_reached_by(verified))
}

/// The block since which a row is not the newest any more: when the next higher one
/// came.
///
/// `None` for the newest row, which is the highest, and for an index outside the
/// table.
#[must_use]
pub fn superseded_at(table: &[Tier], index: usize) -> Option<u64> {
    let above = table.get(index.checked_add(1)?)?;
    Some(above.introduced_at)
}

/// What is left of one after `elapsed_blocks` in which `decay` is lost a `day`
/// (in blocks): (1 − decay)^days, and along a straight line within a day. Never
/// rises with time but by what the powers are rounded: down at every step, less
/// than 10⁻¹⁸ · (days + 1) in all.
///
/// `None` when `day` is zero.
#[must_use]
pub fn fading(decay: Perbill, elapsed_blocks: u64, day: u32) -> Option<FixedU128> {
    let day = u64::from(day);
    let days = elapsed_blocks.checked_div(day)?;
    let rest = elapsed_blocks.checked_rem(day)?;
    let kept = u128::from(decay.left_from_one().deconstruct())
        .checked_mul(ONE.checked_div(u128::from(Perbill::ACCURACY))?)?;
    let from = power(kept, days)?;
    let to = from.checked_mul(kept)?.checked_div(ONE)?;
    let lost = from
        .checked_sub(to)?
        .checked_mul(u128::from(rest))?
        .checked_div(u128::from(day))?;
    Some(FixedU128::from_inner(from.checked_sub(lost)?))
}

/// `base^exponent` in units of 10⁻¹⁸, for a base of at most one: no product is
/// above 10³⁶. Rounded down at every step.
fn power(base: u128, exponent: u64) -> Option<u128> {
    let (mut result, mut square, mut left) = (ONE, base, exponent);
    while left > 0 && result > 0 {
        if left & 1 == 1 {
            result = result.checked_mul(square)?.checked_div(ONE)?;
        }
        square = square.checked_mul(square)?.checked_div(ONE)?;
        left >>= 1;
    }
    Some(result)
}

/// What a MOPS weighs in each row in block `now`, with the rows'
/// `availabilities`, a `day` in blocks, and `minimum`, the fading under which a
/// row is retired.
///
/// A row's own value is multiplier · fading · availability, rounded down, and
/// its effective one the largest of its own and those of all rows below it. A
/// retired row is worth zero and does not count for the rows above; rows retire
/// from the lowest up, so that no row is worth less than one below it. The
/// newest row never retires. What lies beyond the table is zero.
///
/// While the availabilities stay, every row but the newest is worth less in every
/// later block, until what is left of it comes near the last of 18 decimals.
///
/// `None` when `day` is zero and there is more than one row, an availability is missing, the table has more
/// than [`MAX_TIERS`] rows or a value is out of range, which a checked table
/// with availabilities within their band never is.
#[must_use]
pub fn effective(
    table: &[Tier],
    availabilities: &[FixedU128],
    now: u64,
    day: u32,
    minimum: Perbill,
) -> Option<[FixedU128; MAX_TIERS]> {
    let minimum = FixedU128::from_perbill(minimum);
    let mut all = [FixedU128::from_inner(0); MAX_TIERS];
    let mut freshest = FixedU128::from_inner(0);
    let mut highest = FixedU128::from_inner(0);
    for (index, tier) in table.iter().enumerate() {
        let faded = match superseded_at(table, index) {
            // A row cannot have been superseded in a block to come, but for a
            // clock that went backwards: a clamp.
            Some(since) => fading(tier.decay, now.saturating_sub(since), day)?,
            None => FixedU128::from_u32(1),
        };
        // Higher rows have faded less but for what the powers are rounded: the
        // order holds exactly.
        freshest = freshest.max(faded);
        if freshest < minimum {
            continue;
        }
        // At most 10^24 · 10^18 · 2·10^18: below 2^201.
        let own = product(tier.multiplier.into_inner(), freshest.into_inner())
            .checked_mul(U256::from(availabilities.get(index)?.into_inner()))?;
        let own = quotient(own, product(ONE, ONE), Rounding::Down)?;
        let own = FixedU128::from_inner(own);
        highest = highest.max(own);
        *all.get_mut(index)? = highest;
    }
    Some(all)
}

/// What a MOPS would weigh in each row had nothing faded: the running maximum, from
/// the lowest row up, of multiplier · availability, rounded down. Never below
/// [`effective`], and the same in every block while the availabilities stay: rows
/// count in it when they are retired too. What lies beyond the table is zero.
///
/// `None` when an availability is missing, the table has more than [`MAX_TIERS`]
/// rows or a value is out of range, as for [`effective`].
#[must_use]
pub fn unfaded(table: &[Tier], availabilities: &[FixedU128]) -> Option<[FixedU128; MAX_TIERS]> {
    let mut all = [FixedU128::from_inner(0); MAX_TIERS];
    let mut highest = 0;
    for (index, tier) in table.iter().enumerate() {
        let availability = availabilities.get(index)?.into_inner();
        let own = product(tier.multiplier.into_inner(), availability);
        highest = quotient(own, U256::from(ONE), Rounding::Down)?.max(highest);
        *all.get_mut(index)? = FixedU128::from_inner(highest);
    }
    Some(all)
}
