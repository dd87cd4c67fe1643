// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The schedule: so much a block, halved each time half of what was left under
//! the cap has been minted.

/// How often the rate has been halved once `minted` of `cap` exist: the largest
/// n with minted·2ⁿ ≥ cap·(2ⁿ − 1).
///
/// `None` once nothing is left to mint: every n would do.
#[must_use]
pub fn halvings(minted: u128, cap: u128) -> Option<u32> {
    let left = cap.checked_sub(minted)?;
    // The condition is left·2ⁿ ≤ cap, hence 2ⁿ ≤ ⌊cap / left⌋.
    cap.checked_div(left)?.checked_ilog2()
}

/// What the schedule emits a block once `minted` of `cap` exist:
/// `base` halved [`halvings`] times, rounded down, at least one unit.
///
/// The one unit goes on after the cap, where the pool alone pays it.
#[must_use]
pub fn rate(base: u128, minted: u128, cap: u128) -> u128 {
    halvings(minted, cap)
        .and_then(|n| base.checked_shr(n))
        .unwrap_or(0)
        .max(1)
}
