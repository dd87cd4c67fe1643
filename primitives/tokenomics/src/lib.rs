// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The arithmetic of the NI economy, pure and exact.
//!
//! Functions over plain values, without state, floats or panics: what cannot be
//! computed is `None` or a typed error. Every division says which way it rounds.
//!
//! - [`price`]: what a slot costs, raised at each sale, halved by time.
//! - [`schedule`]: how much is emitted a block, halved as the cap nears.
//! - [`budget`]: how much of a round is drawn from the pool and how much minted,
//!   and how much of it was earned.
//! - [`split`]: an amount divided by weights to the last unit.
//! - [`tiers`]: the table of tiers, its order, fading and effective multipliers.
//! - [`availability`]: scarce hardware earns more, abundant less.
//! - [`buyback`]: the averaged price, slice and guard by which revenue buys NI.
//! - [`pay`]: a result's weight, rate, pay and the cap its bond sets.
//! - [`rewards`]: a reward shared by stake, without losing a fraction.
//!
//! Amounts are in the smallest unit, times in blocks, throughput in MOPS (10⁶
//! operations a second).

#![cfg_attr(not(feature = "std"), no_std)]

pub mod availability;
pub mod budget;
pub mod buyback;
pub mod math;
pub mod pay;
pub mod price;
pub mod rewards;
pub mod schedule;
pub mod split;
pub mod tiers;
