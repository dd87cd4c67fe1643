// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! An amount divided by weights so that the parts sum to it exactly.

use crate::math::product;
use primitive_types::U256;

/// `total` divided in proportion to `weights` by largest remainder: every part
/// is its exact share rounded down, and the units left over go one each to the
/// parts with the largest remainders, the first of equals first. So no part is
/// a whole unit away from its share, and a part without weight gets nothing.
///
/// Runs in N² steps: N is a small constant.
///
/// `None` when all weights are zero or their sum needs more than 128 bits.
#[must_use]
pub fn largest_remainder<const N: usize>(total: u128, weights: &[u128; N]) -> Option<[u128; N]> {
    let sum = weights
        .iter()
        .try_fold(0u128, |sum, weight| sum.checked_add(*weight))?;
    if sum == 0 {
        return None;
    }
    let sum = U256::from(sum);
    let mut parts = [0u128; N];
    let mut remainders = [U256::zero(); N];
    let mut left = total;
    for ((weight, part), remainder) in weights.iter().zip(&mut parts).zip(&mut remainders) {
        let (whole, rest) = product(total, *weight).div_mod(sum);
        *part = u128::try_from(whole).ok()?;
        *remainder = rest;
        left = left.checked_sub(*part)?;
    }
    // Fewer units are left than there are remainders that are not zero.
    while left > 0 {
        let mut largest = 0;
        for (index, remainder) in remainders.iter().enumerate() {
            if remainder > remainders.get(largest)? {
                largest = index;
            }
        }
        let part = parts.get_mut(largest)?;
        *part = part.checked_add(1)?;
        *remainders.get_mut(largest)? = U256::zero();
        left = left.checked_sub(1)?;
    }
    Some(parts)
}
