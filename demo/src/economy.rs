// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Revenue, stake and decisions, read off the chain's events.

use std::collections::BTreeMap;

use ni_client::{
    amount::Amount,
    events::Event,
    keys,
    reports::{AssetKind, TAO},
    types::variant,
};

/// Revenue of one asset, in its smallest unit but for what it bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Revenue {
    pub(crate) received: u128,
    pub(crate) spent: u128,
    pub(crate) slices: u32,
    /// NI.
    pub(crate) bought: u128,
}

/// What has happened so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Economy {
    /// By asset.
    pub(crate) revenue: BTreeMap<AssetKind, Revenue>,
    /// TAO staked, by whom.
    pub(crate) staked: BTreeMap<[u8; 32], u128>,
    /// NI paid to stakers, by whom.
    pub(crate) claimed: BTreeMap<[u8; 32], u128>,
    /// TAO that voted for the referendum.
    pub(crate) votes: u128,
    /// Whether what it decided was enacted.
    pub(crate) enacted: bool,
}

impl Economy {
    /// NI bought, with whatever.
    pub(crate) fn bought(&self) -> u128 {
        self.revenue.values().map(|revenue| revenue.bought).sum()
    }

    /// Whether revenue of two assets came and a slice of each was spent.
    pub(crate) fn has_bought(&self) -> bool {
        self.revenue.len() == 2 && self.revenue.values().all(|revenue| revenue.slices > 0)
    }

    /// Takes an event in; a line if it is worth one.
    pub(crate) fn note(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::RevenueDeposited {
                asset,
                amount,
                source,
                ..
            } => {
                self.revenue.entry(*asset).or_default().received += amount;
                Some(format!(
                    "revenue of {} arrives, paid in {}",
                    asset.show(*amount),
                    match variant(source).as_str() {
                        "Fiat" => "dollars",
                        _ => "the asset itself",
                    }
                ))
            }
            Event::SliceBought {
                asset,
                spent,
                bought,
                pending,
            } => {
                let revenue = self.revenue.entry(*asset).or_default();
                revenue.spent += spent;
                revenue.bought += bought;
                revenue.slices += 1;
                Some(format!(
                    "{} buys {}, which is burned; {} is left",
                    asset.show(*spent),
                    Amount(*bought),
                    asset.show(*pending)
                ))
            }
            // Before revenue comes, and after it is spent, every slice is one of nothing.
            Event::SliceSkipped { asset, reason } if variant(reason) != "NothingPending" => Some(
                format!("no slice of {}: {}", asset.name().0, variant(reason)),
            ),
            Event::Staked {
                who, amount, from, ..
            } => {
                *self.staked.entry(*who).or_default() += amount;
                Some(format!(
                    "{} stakes {}, active from session {from}",
                    keys::short_address(who),
                    AssetKind::WithId(TAO).show(*amount)
                ))
            }
            Event::RoundRewarded { amount } => {
                Some(format!("{} is shared among stakers", Amount(*amount)))
            }
            Event::Claimed { who, amount, .. } => {
                *self.claimed.entry(*who).or_default() += amount;
                Some(format!(
                    "{} is paid {} for its stake",
                    keys::short_address(who),
                    Amount(*amount)
                ))
            }
            Event::Submitted { index } => Some(format!(
                "referendum {index} is submitted: a higher base reward"
            )),
            Event::Voted {
                who,
                poll,
                side,
                weight,
            } => {
                self.votes += weight;
                Some(format!(
                    "{} votes {} in referendum {poll}, with {}",
                    keys::short_address(who),
                    variant(side).to_lowercase(),
                    AssetKind::WithId(TAO).show(*weight)
                ))
            }
            Event::Updated { key } => {
                self.enacted = true;
                Some(format!("the parameters of {} are changed", variant(key)))
            }
            _ => None,
        }
    }
}
