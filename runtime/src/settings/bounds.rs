// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How far each hyperparameter may go, how far at once, and who may move it.
//!
//! Every field is a whole number in its own unit: blocks, the smallest unit of an
//! amount, the parts of a share. It stays within absolute bounds. A change multiplies or
//! divides it by its pace at most: by two, or by one and a half where money is minted or
//! shared by it. A set changes once a decision period. So no chain of changes is faster
//! than the sum of its decisions, however many calls one decision makes.

use super::{Values, defaults::DAY};
use crate::{Balance, NI, TAO_UNIT};
use alloc::vec::Vec;
use sp_runtime::{FixedPointNumber, FixedU128, Perbill};

/// Whose decision a change takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authority {
    /// The track of hyperparameters.
    Parameters,
    /// The track of new code: its thresholds are the highest there are.
    Upgrade,
}

/// The most by which a change multiplies or divides a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// By two.
    Double,
    /// By three halves.
    Half,
}

impl Pace {
    /// The factor as numerator and denominator.
    #[must_use]
    pub const fn factor(self) -> (u128, u128) {
        match self {
            Self::Double => (2, 1),
            Self::Half => (3, 2),
        }
    }
}

/// A hyperparameter, its value, and what bounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its set and name.
    pub name: &'static str,
    /// What it is; `None` for a part of a memory walk where no walk is asked for.
    pub value: Option<u128>,
    /// The least it may be.
    pub lowest: u128,
    /// The most it may be.
    pub highest: u128,
    /// What it may move by at once however small it is: a value of zero moves by nothing
    /// else.
    pub step: u128,
    /// What it may be multiplied or divided by at once.
    pub pace: Pace,
    /// Whose decision a change takes.
    pub authority: Authority,
}

impl Field {
    fn new(name: &'static str, value: u128, (lowest, highest): (u128, u128)) -> Self {
        Self {
            name,
            value: Some(value),
            lowest,
            highest,
            step: 1,
            pace: Pace::Double,
            authority: Authority::Parameters,
        }
    }

    /// A field of a memory walk.
    fn walk(name: &'static str, value: Option<u32>, bounds: (u128, u128)) -> Self {
        Self {
            value: value.map(u128::from),
            ..Self::new(name, 0, bounds)
        }
    }

    fn share(name: &'static str, value: Perbill, (lowest, highest): (u32, u32)) -> Self {
        let parts = |percent| u128::from(Perbill::from_percent(percent).deconstruct());
        Self {
            step: parts(1),
            ..Self::new(
                name,
                value.deconstruct().into(),
                (parts(lowest), parts(highest)),
            )
        }
    }

    /// Only the upgrade's thresholds move it.
    const fn guarded(mut self) -> Self {
        self.authority = Authority::Upgrade;
        self
    }

    const fn stepping(mut self, step: u128) -> Self {
        self.step = step;
        self
    }

    const fn slowly(mut self) -> Self {
        self.pace = Pace::Half;
        self
    }

    /// Whether the value is within the bounds.
    #[must_use]
    pub fn is_within_bounds(&self) -> bool {
        self.value
            .is_none_or(|value| (self.lowest..=self.highest).contains(&value))
    }

    /// The least and the most that one change can make of it, within the bounds.
    #[must_use]
    pub fn reach(&self) -> (u128, u128) {
        let Some(value) = self.value else {
            return (self.lowest, self.highest);
        };
        let (times, over) = self.pace.factor();
        // Bounds are far below 2^127: what does not fit is beyond them.
        let up = value
            .checked_mul(times)
            .and_then(|value| value.checked_div(over))
            .unwrap_or(u128::MAX)
            .max(value.saturating_add(self.step));
        let down = value
            .checked_mul(over)
            .and_then(|value| value.checked_add(times.saturating_sub(1)))
            .and_then(|value| value.checked_div(times))
            .unwrap_or(value)
            .min(value.saturating_sub(self.step));
        (down.max(self.lowest), up.min(self.highest))
    }

    /// Whether one change can make `new` of this value. A walk that begins or ends is
    /// bounded by what it is alone.
    #[must_use]
    pub fn reaches(&self, new: &Self) -> bool {
        let (Some(old), Some(value)) = (self.value, new.value) else {
            return true;
        };
        let (down, up) = self.reach();
        value == old || (down..=up).contains(&value)
    }
}

/// A count of blocks, or any number of 32 bits.
fn number(value: u32) -> u128 {
    value.into()
}

/// Every hyperparameter of `values`, always in the same order; `base_ceiling` is the most
/// that `emission.base` may be on this chain.
pub(super) fn fields(values: &Values, base_ceiling: Balance) -> Vec<Field> {
    let mut all = Vec::new();
    all.extend(window(values));
    all.extend(registration(values));
    all.extend(emission(values, base_ceiling));
    all.extend(buyback(values));
    all.extend(delegation(values));
    all.push(
        Field::new(
            "governance.support_floor",
            values.governance.support_floor,
            (1, 1_000_000_000 * TAO_UNIT),
        )
        .guarded(),
    );
    all
}

fn window(values: &Values) -> [Field; 20] {
    let window = &values.window;
    let walk = window.walk;
    let field = |name, value, bounds| Field::new(name, number(value), bounds);
    let day = number(DAY);
    [
        field("window.workload.m", window.workload.m, (64, 1 << 14)),
        field("window.workload.n", window.workload.n, (64, 1 << 14)),
        field("window.workload.k", window.workload.k, (64, 1 << 12)),
        field("window.samples", window.samples, (1, 64)),
        // Entries of a page, of which the parameter is the logarithm.
        Field {
            value: walk.and_then(|walk| 1u128.checked_shl(walk.page_bits)),
            ..Field::walk("window.walk.page_entries", None, (1, 1 << 32))
        },
        Field::walk(
            "window.walk.rounds",
            walk.map(|walk| walk.rounds),
            (8, 1 << 16),
        ),
        Field::walk(
            "window.walk.lanes",
            walk.map(|walk| walk.lanes),
            (1, 1 << 24),
        ),
        Field::walk("window.walk.hops", walk.map(|walk| walk.hops), (1, 1 << 10)),
        Field::walk(
            "window.walk.passes",
            walk.map(|walk| walk.passes),
            (0, 1 << 16),
        ),
        Field::walk(
            "window.walk.samples",
            walk.map(|walk| walk.samples),
            (1, 64),
        ),
        field("window.min_gap", window.min_gap, (0, day)).stepping(2),
        field("window.max_gap", window.max_gap, (0, day)).stepping(2),
        Field::share("window.open_chance", window.open_chance, (0, 100)),
        field("window.work", window.work, (1, day / 4)).stepping(2),
        field("window.grace", window.grace, (1, day / 16)),
        field("window.sampling", window.sampling, (8, day / 16)),
        field("window.reveal", window.reveal, (2, day / 16)),
        field("window.capacity", window.capacity, (1, 1_000_000)).stepping(2),
        Field::share("window.slash_share", window.slash_share, (1, 100)).guarded(),
        Field::share("window.bounty_share", window.bounty_share, (0, 10)).guarded(),
    ]
}

fn registration(values: &Values) -> [Field; 10] {
    let registration = &values.registration;
    let price = |name, value| Field::new(name, value, (1, 1_000_000 * NI));
    let blocks = |name, value, most| Field::new(name, number(value), (1, most));
    let year = number(DAY) * 365;
    // What a sale adds to the price, as a part of it.
    let rise = registration
        .bump
        .into_inner()
        .saturating_sub(FixedU128::DIV);
    [
        price("registration.miner.floor", registration.miner.floor).guarded(),
        price("registration.miner.ceiling", registration.miner.ceiling),
        price("registration.validator.floor", registration.validator.floor).guarded(),
        price(
            "registration.validator.ceiling",
            registration.validator.ceiling,
        ),
        Field::new(
            "registration.bump",
            rise,
            (FixedU128::DIV / 1_000, FixedU128::DIV),
        ),
        blocks("registration.half_life", registration.half_life, year),
        blocks(
            "registration.slots_per_call",
            registration.slots_per_call,
            64,
        ),
        blocks("registration.term", registration.term, year),
        Field::new(
            "registration.bond",
            registration.bond,
            (NI / 1_000, 1_000_000 * NI),
        ),
        blocks("registration.cool_down", registration.cool_down, year),
    ]
}

fn emission(values: &Values, base_ceiling: Balance) -> [Field; 7] {
    let emission = &values.emission;
    let drip = u128::from(emission.drip.deconstruct());
    [
        Field::new("emission.base", emission.base, (0, base_ceiling))
            .stepping(NI / 100)
            .slowly()
            .guarded(),
        // At most a tenth of the pool a block.
        Field::new("emission.drip", drip, (0, 100_000_000_000_000_000))
            .stepping(1_000_000_000)
            .slowly()
            .guarded(),
        Field::new(
            "emission.max_round",
            number(emission.max_round),
            (1, number(DAY)),
        ),
        Field::new(
            "emission.reference_weight",
            emission.reference_weight,
            (1_000_000_000, 1_000_000_000_000_000_000_000_000),
        ),
        Field::share("emission.stakers_share", emission.stakers_share, (0, 90))
            .slowly()
            .guarded(),
        Field::new("emission.day", number(emission.day), (1, u32::MAX.into())),
        Field::share("emission.retired_below", emission.retired_below, (0, 50)),
    ]
}

fn buyback(values: &Values) -> [Field; 6] {
    let buyback = &values.buyback;
    let month = number(DAY) * 30;
    let billionths = |share: Perbill| u128::from(share.deconstruct());
    let whole = u128::from(Perbill::one().deconstruct());
    [
        Field::new("buyback.period", number(buyback.period), (1, month)),
        Field::new("buyback.pace", billionths(buyback.pace), (1_000, whole)),
        Field::new(
            "buyback.depth_limit",
            number(buyback.depth_limit.deconstruct()),
            (1, 1_000_000),
        ),
        Field::new(
            "buyback.tolerance",
            billionths(buyback.tolerance),
            (1, whole),
        ),
        Field::new(
            "buyback.sample_clamp",
            billionths(buyback.sample_clamp),
            (1, whole),
        ),
        Field::new(
            "buyback.averaged_blocks",
            number(buyback.averaged_blocks),
            (1, month),
        ),
    ]
}

fn delegation(values: &Values) -> [Field; 8] {
    let delegation = &values.delegation;
    let stake = |name, value| Field::new(name, value, (1, 1_000_000_000 * TAO_UNIT));
    let year = number(DAY) * 365;
    [
        stake("delegation.self_stake", delegation.self_stake).guarded(),
        stake("delegation.min_stake", delegation.min_stake),
        Field::new(
            "delegation.validators",
            number(delegation.validators),
            (1, 1_000),
        )
        .guarded(),
        Field::new(
            "delegation.unbonding",
            number(delegation.unbonding),
            (1, year),
        ),
        Field::share(
            "delegation.max_commission",
            delegation.max_commission,
            (0, 100),
        ),
        Field::share(
            "delegation.max_commission_rise",
            delegation.max_commission_rise,
            (0, 100),
        ),
        Field::new(
            "delegation.commission_interval",
            number(delegation.commission_interval),
            (1, year),
        ),
        Field::share("delegation.min_slash", delegation.min_slash, (1, 100)).guarded(),
    ]
}
