// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The price of a slot: raised by a factor at each slot sold, halved every
//! half-life while none is, always between a floor and a ceiling.
//!
//! Nothing has to run each block: a price is a pair of an amount and the block
//! it was set in, and [`decayed`] says what it has become.
//!
//! Every rounding here is up: no price, and so no recycled fee, is below the exact
//! one. Each adds less than one unit, and each bump multiplies what was added before.

use crate::math::{Rounding, mul_div, product, quotient};
use sp_arithmetic::{FixedPointNumber, FixedU128};

/// Straight segments by which one half-life follows the exponential.
const SEGMENTS: u64 = 16;

/// 2^(−i/16)·2³², to the nearest integer: where the segments meet. The first
/// is one and the last exactly a half, so that a whole half-life halves.
const KNOTS: [u64; 17] = [
    4_294_967_296,
    4_112_874_773,
    3_938_502_376,
    3_771_522_796,
    3_611_622_603,
    3_458_501_653,
    3_311_872_529,
    3_171_459_999,
    3_037_000_500,
    2_908_241_642,
    2_784_941_738,
    2_666_869_345,
    2_553_802_834,
    2_445_529_972,
    2_341_847_524,
    2_242_560_872,
    2_147_483_648,
];

/// What `price` has become `elapsed_blocks` after it was set: halved every
/// `half_life` blocks, never below `floor`.
///
/// Between two halvings it follows the exponential along sixteen straight
/// segments (at most 0.03% above it), so it is continuous and never rises with
/// time. Rounded up. A price under the floor is the floor.
///
/// `None` only when `half_life` is zero.
#[must_use]
pub fn decayed(price: u128, floor: u128, elapsed_blocks: u64, half_life: u64) -> Option<u128> {
    if half_life == 0 {
        return None;
    }
    let halvings = elapsed_blocks / half_life;
    // In sixteenths of a half-life: `segment` whole ones and `rest / half_life`
    // of the next.
    let sixteenths = u128::from(elapsed_blocks % half_life).checked_mul(u128::from(SEGMENTS))?;
    let segment = usize::try_from(sixteenths / u128::from(half_life)).ok()?;
    let rest = sixteenths % u128::from(half_life);
    let from = u128::from(*KNOTS.get(segment)?);
    let to = u128::from(*KNOTS.get(segment.checked_add(1)?)?);
    // (from·half_life − (from − to)·rest) / (2³²·half_life): below 2³²·2⁶⁴ over
    // the same, so the product with a 128-bit price fits.
    let share = from
        .checked_mul(u128::from(half_life))?
        .checked_sub(from.checked_sub(to)?.checked_mul(rest)?)?;
    let after = if price == 0 {
        0
    } else if halvings >= 128 {
        // A 128-bit price halved 128 times is below one unit.
        1
    } else {
        // Below 2^64 · 2^32 · 2^128: no bit is shifted out.
        let unit = product(u128::from(half_life), 1 << 32) << usize::try_from(halvings).ok()?;
        quotient(product(price, share), unit, Rounding::Up)?
    };
    Some(after.max(floor))
}

/// The price after one more slot is sold: `price · bump`, rounded up, at most
/// `ceiling` (also when the product is beyond 128 bits).
///
/// `None` when `bump` is below one: a sale never lowers a price.
#[must_use]
pub fn bumped(price: u128, bump: FixedU128, ceiling: u128) -> Option<u128> {
    if bump < FixedU128::from_u32(1) {
        return None;
    }
    let raised = mul_div(price, bump.into_inner(), FixedU128::DIV, Rounding::Up);
    Some(raised.map_or(ceiling, |raised| raised.min(ceiling)))
}

/// What `slots` slots cost when sold one after the other from `price` on, and
/// the price after them: `(total, next_price)`.
///
/// The first costs `price` (or `ceiling`, when a lowered ceiling is below it),
/// each further one the price [`bumped`] once more. The loop runs `slots`
/// times: the caller bounds it.
///
/// `None` when `bump` is below one or the total needs more than 128 bits.
#[must_use]
pub fn cost_of_slots(
    price: u128,
    slots: u32,
    bump: FixedU128,
    ceiling: u128,
) -> Option<(u128, u128)> {
    let mut total = 0u128;
    let mut next = price.min(ceiling);
    for _ in 0..slots {
        total = total.checked_add(next)?;
        next = bumped(next, bump, ceiling)?;
    }
    Some((total, next))
}
