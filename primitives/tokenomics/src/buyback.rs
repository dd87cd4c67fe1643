// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How revenue is spent on NI: a price averaged over blocks, slices small beside
//! the pool they are swapped in, and the least a slice must buy.
//!
//! Prices are NI for one unit of the asset, both in their smallest units. The
//! pool is of the constant product, its fee taken from what is paid in and left
//! in the reserves.
//!
//! # Why a sandwich gains nothing
//!
//! With reserves (R, S), a fee f and g = 1 − f, somebody pays in `a` of the asset
//! for x = S·g·a/(R + g·a), a slice v is swapped after it, and x is paid back in.
//! That returns more than `a` if and only if
//!
//! g² · (1 + v/R) · (1 + g·v/(R + a)) > 1.
//!
//! The left side falls with `a` and rises with v. As `a` vanishes, v = f·R makes
//! it 1 − 3f² + f³ + 2f⁴ − f⁵, which is below one for every f in (0, 1). So
//! slices up to [`depth`] with a limit of at most the fee feed nobody who swaps
//! around them, whatever the amount, as long as R is a reserve from before the
//! first of the three swaps: hence one that a swap raises slowly, not the one of the moment.

use crate::math::{Rounding, mul_div, product, quotient};
use primitive_types::{U256, U512};
use sp_arithmetic::{FixedPointNumber, FixedU128, PerThing, Perbill, Permill};

/// The lowest price, 10⁻¹²: so that a millionth of it is still a unit of
/// [`FixedU128`].
pub const LOWEST_PRICE: FixedU128 = FixedU128::from_inner(1_000_000);
/// The highest price, 10¹⁸.
pub const HIGHEST_PRICE: FixedU128 = FixedU128::from_inner(10u128.pow(36));

/// The price in a pool, rounded down, from [`LOWEST_PRICE`] to [`HIGHEST_PRICE`].
///
/// `None` without a reserve of the asset.
#[must_use]
pub fn price(asset_reserve: u128, native_reserve: u128) -> Option<FixedU128> {
    if asset_reserve == 0 {
        return None;
    }
    let price = mul_div(
        native_reserve,
        FixedU128::DIV,
        asset_reserve,
        Rounding::Down,
    )
    .map_or(HIGHEST_PRICE, FixedU128::from_inner);
    Some(price.clamp(LOWEST_PRICE, HIGHEST_PRICE))
}

/// The average price after one more block, in which the price was `sample`.
///
/// The sample counts as at most `clamp` of the average away from it (rounded
/// down), and of what remains one part in `blocks` is added, rounded towards the
/// sample: a lasting price is reached exactly, and no block moves the average by
/// more than `clamp / blocks` of it and a unit of 10⁻¹⁸. An average outside
/// [`LOWEST_PRICE`] to [`HIGHEST_PRICE`] is first brought between them.
///
/// `None` when `blocks` is zero.
#[must_use]
pub fn averaged(
    average: FixedU128,
    sample: FixedU128,
    clamp: Perbill,
    blocks: u32,
) -> Option<FixedU128> {
    let average = average.clamp(LOWEST_PRICE, HIGHEST_PRICE).into_inner();
    let room = mul_div(
        average,
        u128::from(clamp.deconstruct()),
        u128::from(Perbill::ACCURACY),
        Rounding::Down,
    )?;
    let sample = sample
        .clamp(LOWEST_PRICE, HIGHEST_PRICE)
        .into_inner()
        .clamp(average.checked_sub(room)?, average.checked_add(room)?);
    let distance = sample.abs_diff(average);
    let step = mul_div(distance, 1, u128::from(blocks), Rounding::Up)?;
    let moved = if sample < average {
        average.checked_sub(step)?
    } else {
        average.checked_add(step)?
    };
    Some(FixedU128::from_inner(moved))
}

/// The most that may be swapped at once: `limit` of the reserve, rounded
/// down.
///
/// `limit` is to be at most the pool's fee.
#[must_use]
pub fn depth(reserve: u128, limit: Permill) -> u128 {
    // A product with a part of one is within 128 bits.
    mul_div(
        reserve,
        u128::from(limit.deconstruct()),
        u128::from(Permill::ACCURACY),
        Rounding::Down,
    )
    .unwrap_or(0)
}

/// What to spend of `pending`: `pace` of it (rounded down) or `min_slice`,
/// whichever is more, but neither more than there is nor than `depth`.
#[must_use]
pub fn slice(pending: u128, pace: Perbill, min_slice: u128, depth: u128) -> u128 {
    // A product with a part of one is within 128 bits.
    let paced = mul_div(
        pending,
        u128::from(pace.deconstruct()),
        u128::from(Perbill::ACCURACY),
        Rounding::Down,
    )
    .unwrap_or(0);
    paced.max(min_slice).min(pending).min(depth)
}

/// The least NI that `amount` of the asset must buy: what it is worth at the
/// average price less `tolerance`, rounded up, once.
///
/// `None` when that needs more than 128 bits.
#[must_use]
pub fn least(amount: u128, average: FixedU128, tolerance: Perbill) -> Option<u128> {
    let kept = Perbill::ACCURACY.checked_sub(tolerance.deconstruct())?;
    // Below 2^158; the product with 128 bits more needs 512.
    let factor = product(average.into_inner(), u128::from(kept));
    let unit = product(FixedU128::DIV, u128::from(Perbill::ACCURACY));
    let (whole, rest) = factor
        .full_mul(U256::from(amount))
        .div_mod(U512::from(unit));
    let whole = u128::try_from(whole).ok()?;
    if rest.is_zero() {
        Some(whole)
    } else {
        whole.checked_add(1)
    }
}

/// What a pool pays for `amount`, its `fee` taken from what is paid in; rounded
/// down.
///
/// `None` without reserves, or when the pool's own 256-bit products overflow.
#[must_use]
pub fn output(amount: u128, reserve_in: u128, reserve_out: u128, fee: Permill) -> Option<u128> {
    if reserve_in == 0 || reserve_out == 0 {
        return None;
    }
    let paid = product(amount, u128::from(fee.left_from_one().deconstruct()));
    let after = product(reserve_in, u128::from(Permill::ACCURACY)).checked_add(paid)?;
    quotient(
        paid.checked_mul(U256::from(reserve_out))?,
        after,
        Rounding::Down,
    )
}
