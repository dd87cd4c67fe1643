// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The table of tiers: what a GPU of which throughput earns, and how that fades.
//!
//! Rows stand in the order of their floors, lowest first. The order is total: along
//! it tiers are introduced one after the other, lose less a day, and what a MOPS
//! earns never falls, so that slicing or throttling a GPU never pays.
//!
//! # What a MOPS is worth
//!
//! A table knows two worths of a MOPS in each row ([`Worth`]): the *effective* one, by
//! which it is paid, and the *unfaded* one, by which the size of the network is measured.
//! Let v be a row's multiplier · availability, and f what is left of the row by its age.
//! From the newest row down,
//!
//! > unfaded = min(v, unfaded of the row above), effective = f · unfaded.
//!
//! f never falls from one row to the next: a higher row was superseded later and loses
//! less a day. The newest row has not faded: its f is one. Therefore:
//!
//! - Neither worth falls from one row to the next: each is a minimum over more rows the
//!   lower the row is, and f rises with the row.
//! - The quotient effective / unfaded is f: it does not fall along the rows either, and is
//!   one in the newest.
//! - A scarce row lifts no other: a row is worth its own v at most.
//! - An empty row changes nothing for the others. Its availability is the highest there is
//!   ([`crate::availability`]), so its v is not below that of any row under it, and a
//!   minimum does not see it.
//! - While the availabilities stay, every row but the newest loses with every block. That
//!   is why the minimum is taken before fading: the minimum of faded values would stay
//!   where it is as long as an abundant newer row holds an older one down.
//!
//! A retired row is worth nothing in either sense.
//!
//! # What of a GPU counts in its row
//!
//! Cards that share a network can compute one product together, so a throughput alone says
//! nothing about the card. What they cannot share is the memory that one of them walks. A
//! row with a multiplier above the lowest therefore names a ratio, MOPS for every verified
//! GB/s. Throughput up to the ratio counts in the row, the rest in the *base* row, the
//! highest row that names none ([`standing`]). Without memory that was verified no row with
//! another multiplier is of any use, and [`check`] refuses other multipliers without a
//! ratio.
//!
//! Let e and b be the effective worths of a row and of its base, ρ its ratio, and B the
//! verified bandwidth: a GPU of G MOPS weighs min(G, ρ · B) · (e − b) + G · b. With e ≥ b,
//! ratios that do not fall along the rows, and G and B divided among slices, that is
//!
//! - *monotone*: no less for more of G, of B, or a higher row;
//! - *no gain by slices*: min(G, ρ · B) of the whole is at least the sum over the slices;
//! - *no gain by merging beyond a bound*: cards that reach the base row by themselves weigh
//!   their throughput · b there. Together, with the bandwidth B of the one that walks, they
//!   weigh at most ρ · B · (e − b) more, however many they are. A ratio that this one fills
//!   by its own throughput, in the row of all of them, leaves nothing of it.
//!
//! Rows without a ratio differ by fading and availability only. Merging reaches the best of
//! them: a table for windows that verify no memory has one row, unless the difference
//! matters to nobody.

use crate::math::{Rounding, mul_div};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
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
    /// The throughput that counts in this row, in MOPS for every verified GB/s; the rest
    /// counts in the base row. Zero in a base row: all counts there, and no memory has to
    /// be verified.
    #[serde(default)]
    pub mops_per_gbps: u32,
    /// What an older tier loses of its weight a day.
    pub decay: Perbill,
    /// The block in which the tier came: it does not fade before the next higher
    /// one comes.
    pub introduced_at: u64,
    /// The supply at which the tier is neither scarce nor abundant, in MOPS
    /// verified a round.
    pub target: u128,
}

impl Tier {
    /// Whether memory has to be verified for the row to be of use.
    #[must_use]
    pub const fn asks_for_memory(&self) -> bool {
        self.floor.asks_for_memory() || self.mops_per_gbps > 0
    }
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
    /// A row with a multiplier above the lowest names no ratio of throughput to bandwidth.
    RatioMissing,
    /// The lowest row names a ratio, or a row a lower one than the row before it.
    RatioOrder,
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
    let lowest = table.first().map_or(MIN_MULTIPLIER, |tier| tier.multiplier);
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
        let ratio_fits = match below {
            Some(below) => tier.mops_per_gbps >= below.mops_per_gbps,
            None => tier.mops_per_gbps == 0,
        };
        if !ratio_fits {
            return Err(TableError::RatioOrder);
        }
        if tier.multiplier > lowest && tier.mops_per_gbps == 0 {
            return Err(TableError::RatioMissing);
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

/// Where what a GPU was verified at counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The row of the GPU.
    pub row: usize,
    /// The MOPS that count there.
    pub mops: u64,
    /// The base row: where the rest counts. The row itself where it names no ratio.
    pub base: usize,
    /// The rest, in MOPS. Zero where the row is its own base.
    pub rest: u64,
}

/// Where what a GPU was `verified` at counts: up to the ratio of its row times the
/// verified bandwidth in the row, the rest in the highest row below that names no ratio.
///
/// `None` below the lowest floor.
#[must_use]
pub fn standing(table: &[Tier], verified: &Floor) -> Option<Standing> {
    let row = tier_of(table, verified)?;
    // Ratios do not fall along the rows: those without one come first, the lowest always.
    let base = table
        .iter()
        .take(row.checked_add(1)?)
        .rposition(|tier| tier.mops_per_gbps == 0)?;
    if base == row {
        let mops = verified.mops;
        return Some(Standing {
            row,
            mops,
            base,
            rest: 0,
        });
    }
    // Two factors of 32 bits.
    let most = u64::from(table.get(row)?.mops_per_gbps).checked_mul(verified.gbps.into())?;
    let mops = verified.mops.min(most);
    let rest = verified.mops.checked_sub(mops)?;
    Some(Standing {
        row,
        mops,
        base,
        rest,
    })
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

/// What a MOPS weighs in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// What it is paid by.
    pub effective: FixedU128,
    /// What it would be paid by had nothing faded; never below `effective`.
    pub unfaded: FixedU128,
}

/// What a MOPS is worth in each row in block `now`, with the rows' `availabilities`, a
/// `day` in blocks, and `minimum`, the fading under which a row is retired. See the
/// module's documentation; both worths are rounded down.
///
/// Rows retire from the lowest up and are worth zero from then on. The newest row never
/// retires. What lies beyond the table is zero.
///
/// While the availabilities stay, every row but the newest is worth less in every
/// later block, until what is left of it comes near the last of 18 decimals.
///
/// `None` when `day` is zero and there is more than one row, an availability is missing,
/// the table has more than [`MAX_TIERS`] rows or a value is out of range, which a checked
/// table with availabilities within their band never is.
#[must_use]
pub fn worths(
    table: &[Tier],
    availabilities: &[FixedU128],
    now: u64,
    day: u32,
    minimum: Perbill,
) -> Option<[Worth; MAX_TIERS]> {
    let minimum = FixedU128::from_perbill(minimum);
    let mut all = [Worth::default(); MAX_TIERS];
    let mut left = FixedU128::from_u32(1);
    let mut lowest: Option<FixedU128> = None;
    for (index, tier) in table.iter().enumerate().rev() {
        if let Some(since) = superseded_at(table, index) {
            // A row cannot have been superseded in a block to come, but for a
            // clock that went backwards: a clamp. Lower rows have faded more but for what
            // the powers are rounded: the order holds exactly.
            left = left.min(fading(tier.decay, now.saturating_sub(since), day)?);
        }
        if left < minimum {
            break;
        }
        let own = times(tier.multiplier, *availabilities.get(index)?)?;
        let unfaded = lowest.map_or(own, |lowest| lowest.min(own));
        lowest = Some(unfaded);
        *all.get_mut(index)? = Worth {
            effective: times(unfaded, left)?,
            unfaded,
        };
    }
    Some(all)
}

/// The product of two numbers of 18 decimals, rounded down.
fn times(a: FixedU128, b: FixedU128) -> Option<FixedU128> {
    mul_div(a.into_inner(), b.into_inner(), ONE, Rounding::Down).map(FixedU128::from_inner)
}

/// The effective worths alone: what a MOPS is paid by in each row. As [`worths`].
///
/// `None` as for [`worths`].
#[must_use]
pub fn effective(
    table: &[Tier],
    availabilities: &[FixedU128],
    now: u64,
    day: u32,
    minimum: Perbill,
) -> Option<[FixedU128; MAX_TIERS]> {
    let worths = worths(table, availabilities, now, day, minimum)?;
    Some(worths.map(|worth| worth.effective))
}
