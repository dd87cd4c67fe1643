// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A round's budget: what it may draw from the recycle pool, what it may mint,
//! and the part of both that was earned.
//!
//! What is recycled displaces what would be minted one for one; after the cap
//! the pool alone pays on.
//!
//! # How much is earned
//!
//! Let W be the weight of a round's results, U what they would weigh had no tier
//! faded ([`crate::tiers::Worth::unfaded`]), and R the governed reference. A round earns
//! the proportion W / max(R, U) of its budget ([`proportion_base`] is the
//! denominator), so a MOPS of a tier worth e is paid
//!
//! > miners' budget · e / max(R, U).
//!
//! - Below the reference that is W / R: a network of one old card earns what that
//!   card weighs and no more.
//! - U does not fade. So what a MOPS of an older tier is paid falls with e, also
//!   where only older tiers are left and share the whole budget among themselves:
//!   what they have lost by age is not handed back to them by division, nor to
//!   tiers that have lost less; it is not earned. Where nothing has faded W = U, and
//!   a network above the reference earns everything.
//! - W ≤ U, so never more than the budget is paid.
//! - A retired tier weighs nothing, and is not counted in U: once it is retired, others
//!   above the reference no longer earn less for it.
//! - No division of a GPU among accounts or into slices, and no throttling, gains, where
//!   all of a GPU counts in one row. Let x be the unfaded weight of what it is divided
//!   into and y of the whole, and U' that of everybody else: it earns at most
//!   q · x / max(R, U' + x), q being the largest effective / unfaded of the rows it
//!   reaches. Neither q nor the unfaded worth falls along the table ([`crate::tiers`]), so
//!   x ≤ y, and x / max(R, U' + x) does not fall with x.
//! - Where a part of a GPU counts in the base row, that part is to its owner as a second
//!   card of that row would be. Below the reference the same holds, as every result is
//!   paid by its weight alone. Above it, who has a larger share of the whole network than
//!   is left of the base row earns more without that part, as without an old card: it adds
//!   more to U than to W. Nobody else loses by it.

use crate::math::{Rounding, mul_div, product, quotient};
use crate::schedule;
use primitive_types::U256;
use sp_arithmetic::{PerThing, Perquintill};

/// What governs the budget of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Scheduled a block before the first halving.
    pub base: u128,
    /// The most that is ever minted, genesis included.
    pub cap: u128,
    /// The share of the pool that drips out in one block, whatever is scheduled.
    pub drip: Perquintill,
}

/// The supply at which a round starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// Ever minted, genesis included; what was burned since is not taken off.
    pub minted: u128,
    /// What the recycle pool holds.
    pub pool: u128,
}

/// What a round pays out, by where it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Drawn from the recycle pool.
    pub drawn: u128,
    /// Newly minted.
    pub minted: u128,
}

impl Budget {
    /// Both parts together. `None` beyond 128 bits, which no [`full`] is.
    #[must_use]
    pub fn total(&self) -> Option<u128> {
        self.drawn.checked_add(self.minted)
    }
}

/// What a round of `blocks` blocks may pay out when everything is earned.
///
/// With `scheduled = rate · blocks`:
/// drawn = min(pool, max(scheduled, ⌊pool · drip · blocks⌋)), and
/// minted = scheduled − drawn, not below zero and cut at what is left under the
/// cap, which is so reached exactly. The drip is rounded down: what is cut off
/// stays in the pool.
///
/// `None` when `rate · blocks` needs more than 128 bits.
#[must_use]
pub fn full(rules: &Rules, supply: &Supply, blocks: u32) -> Option<Budget> {
    let scheduled =
        schedule::rate(rules.base, supply.minted, rules.cap).checked_mul(u128::from(blocks))?;
    // At most 2^128 · 10^18 · 2^32: below 2^220.
    let dripping = product(supply.pool, u128::from(rules.drip.deconstruct()))
        .checked_mul(U256::from(blocks))?;
    // More than 128 bits is more than the pool: a clamp either way.
    let drip =
        quotient(dripping, U256::from(Perquintill::ACCURACY), Rounding::Down).unwrap_or(u128::MAX);
    let drawn = scheduled.max(drip).min(supply.pool);
    let left = rules.cap.saturating_sub(supply.minted);
    let minted = scheduled.saturating_sub(drawn).min(left);
    Some(Budget { drawn, minted })
}

/// The weight that earns a whole budget: the governed `reference`, or, where that is
/// more, what the round's results would weigh had no tier faded. See the module's
/// documentation.
#[must_use]
pub fn proportion_base(reference: u128, unfaded: u128) -> u128 {
    reference.max(unfaded)
}

/// The part of `budget` that `weight` has earned: the proportion
/// min(1, weight / reference), rounded down. `reference` is [`proportion_base`].
///
/// What is not earned is first not minted, then not drawn. A `weight` of zero
/// earns nothing whatever the reference.
///
/// `None` when the budget's total needs more than 128 bits.
#[must_use]
pub fn earned(budget: &Budget, weight: u128, reference: u128) -> Option<Budget> {
    if weight == 0 {
        return Some(Budget::default());
    }
    if weight >= reference {
        return Some(*budget);
    }
    let total = budget.total()?;
    let earned = mul_div(total, weight, reference, Rounding::Down)?;
    let missing = total.checked_sub(earned)?;
    let not_minted = missing.min(budget.minted);
    let not_drawn = missing.checked_sub(not_minted)?;
    Some(Budget {
        drawn: budget.drawn.checked_sub(not_drawn)?,
        minted: budget.minted.checked_sub(not_minted)?,
    })
}
