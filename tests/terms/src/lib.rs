// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whether the production chain's terms go together.
//!
//! Each term is set in `ni_runtime::settings::defaults` and `tiers`. What they have to be
//! to each other is [`relations`]: one line for each, with what it comes to and the bound
//! that it has to keep. `docs/terms.md` explains them.

use ni_runtime::{
    NI,
    configs::{economy::CAP, proof::CLAIM_ROUNDS},
    settings::{
        EmissionParameters, RegistrationParameters, WindowParameters,
        defaults::{self, DAY},
        tiers,
    },
};
use pallet_emission::Tier;
use tokenomics_primitives::{
    availability::HIGHEST,
    pay::{self, Terms as Risk},
    tiers::{Floor, tier_of},
};

/// Most GPUs that one commit names.
const GPUS_A_CALL: f64 = 16.0;

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// No less.
    AtLeast(f64),
    /// No more.
    AtMost(f64),
}

/// A relation between terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// What it is about.
    pub name: &'static str,
    /// How its value is made of the terms.
    pub formula: &'static str,
    /// What that comes to.
    pub value: f64,
    /// The unit of both.
    pub unit: &'static str,
    /// What the value may be.
    pub bound: Bound,
}

impl Relation {
    /// Whether the value keeps the bound.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self.bound {
            Bound::AtLeast(bound) => self.value >= bound,
            Bound::AtMost(bound) => self.value <= bound,
        }
    }
}

/// A set of terms.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How windows go.
    pub window: WindowParameters,
    /// What a place in the network costs.
    pub registration: RegistrationParameters,
    /// What a round pays.
    pub emission: EmissionParameters,
    /// The rows.
    pub tiers: Vec<Tier>,
    /// The cards that are expected, weakest first: their names, and what they are verified
    /// at, in MOPS.
    pub cards: Vec<(&'static str, u64)>,
}

impl Terms {
    /// The production chain's.
    #[must_use]
    pub fn production() -> Self {
        Self {
            window: defaults::window(),
            registration: defaults::registration(),
            emission: defaults::emission(),
            tiers: tiers::table(),
            cards: tiers::CARDS
                .map(|(name, peak)| (name, tiers::expected(peak)))
                .to_vec(),
        }
    }

    /// Blocks from a window's opening to its close.
    #[must_use]
    pub fn length(&self) -> f64 {
        let window = &self.window;
        [window.work, window.grace, window.sampling, window.reveal]
            .map(f64::from)
            .iter()
            .sum()
    }

    /// Blocks from a close to the next opening, on average.
    #[must_use]
    pub fn gap(&self) -> f64 {
        let window = &self.window;
        let chance = f64::from(window.open_chance.deconstruct()) / 1e9;
        let uncertain = f64::from(window.max_gap) - f64::from(window.min_gap);
        let waited = if chance > 0.0 {
            (1.0 - (1.0 - chance).powf(uncertain)) / chance
        } else {
            uncertain
        };
        f64::from(window.min_gap) + waited
    }

    /// Blocks from one close to the next, on average.
    #[must_use]
    pub fn round(&self) -> f64 {
        self.gap() + self.length()
    }

    /// What the miners get of an average round that is wholly earned, in NI.
    #[must_use]
    pub fn to_miners(&self) -> f64 {
        let kept = 1.0 - f64::from(self.emission.stakers_share.deconstruct()) / 1e9;
        in_ni(self.emission.base) * self.round() * kept
    }

    /// The most that a bond lets a revealed result be paid, in NI.
    #[must_use]
    pub fn cap(&self) -> f64 {
        let cap = pay::cap(&Risk {
            bond: self.registration.bond,
            slash_share: self.window.slash_share,
            bounty_share: self.window.bounty_share,
            samples: self.window.samples,
            lottery: None,
        });
        in_ni(cap.unwrap_or_default())
    }

    /// What a card verified at so many MOPS weighs in operations a second, neither scarce nor
    /// abundant.
    #[must_use]
    pub fn weight(&self, mops: u64) -> f64 {
        let verified = Floor {
            mops,
            gib: 0,
            gbps: 0,
        };
        let multiplier = tier_of(&self.tiers, &verified)
            .and_then(|row| self.tiers.get(row))
            .map_or(0.0, |tier| tier.multiplier.to_float());
        mops as f64 * 1e6 * multiplier
    }

    /// The most that a card is ever due in an average round, in NI: where its row is as
    /// scarce as can be and all cards together weigh less than the reference.
    #[must_use]
    pub fn most_due(&self, mops: u64) -> f64 {
        self.to_miners() * self.weight(mops) * HIGHEST.to_float() / self.reference()
    }

    fn reference(&self) -> f64 {
        self.emission.reference_weight as f64
    }

    /// Cards of a network that weighs the reference, as many of each as of any other.
    #[must_use]
    pub fn mixed(&self) -> f64 {
        let all: f64 = self.cards.iter().map(|(_, mops)| self.weight(*mops)).sum();
        self.reference() * self.cards.len() as f64 / all
    }

    /// Cards of a network that weighs the reference, all of them the weakest.
    #[must_use]
    pub fn weakest_only(&self) -> f64 {
        self.reference() / self.weakest()
    }

    fn weakest(&self) -> f64 {
        self.cards
            .first()
            .map_or(0.0, |(_, mops)| self.weight(*mops))
    }

    /// What a network at all of its targets weighs.
    fn target_weight(&self) -> f64 {
        self.tiers
            .iter()
            .map(|tier| tier.target as f64 * 1e6 * tier.multiplier.to_float())
            .sum()
    }

    /// Slots sold a day at a price that stays.
    #[must_use]
    pub fn slots_a_day(&self) -> f64 {
        let registration = &self.registration;
        2f64.ln() / registration.bump.to_float().ln() * f64::from(DAY)
            / f64::from(registration.half_life)
    }

    /// Slots that a network of so many cards renews a day.
    #[must_use]
    pub fn renewals_a_day(&self, cards: f64) -> f64 {
        cards * f64::from(DAY) / f64::from(self.registration.term)
    }

    /// What the weakest card earns over a lease, in NI, in a network of this weight.
    fn weakest_earns(&self, network: f64) -> f64 {
        let rounds = f64::from(self.registration.term) / self.round();
        self.to_miners() * rounds * self.weakest() / network.max(self.reference())
    }

    /// All that the terms have to be to each other.
    #[must_use]
    pub fn relations(&self) -> Vec<Relation> {
        let mut all = self.windows();
        all.extend(self.pay());
        all.extend(self.places());
        all
    }

    fn windows(&self) -> Vec<Relation> {
        let window = &self.window;
        let busy = f64::from(window.work + window.grace);
        let relation = |name, formula, value, unit, bound| Relation {
            name,
            formula,
            value,
            unit,
            bound,
        };
        vec![
            relation(
                "little of what counts is grace",
                "grace / work",
                f64::from(window.grace) / f64::from(window.work),
                "",
                Bound::AtMost(0.25),
            ),
            relation(
                "a GPU's owner has most of its time",
                "(work + grace) / mean round",
                busy / self.round(),
                "",
                Bound::AtMost(0.1),
            ),
            relation(
                "every round is paid for all of its blocks",
                "longest gap + window",
                f64::from(window.max_gap) + self.length(),
                "blocks",
                Bound::AtMost(self.emission.max_round.into()),
            ),
            relation(
                "a result can be claimed for some days",
                "claim rounds · mean round",
                f64::from(CLAIM_ROUNDS) * self.round() / f64::from(DAY),
                "days",
                Bound::AtLeast(3.0),
            ),
            relation(
                "a bond stays longer than what it stands for",
                "cool-down / (longest gap + window)",
                f64::from(self.registration.cool_down)
                    / (f64::from(window.max_gap) + self.length()),
                "",
                Bound::AtLeast(2.0),
            ),
            relation(
                "at the reference each card reveals every few windows",
                "capacity / cards of the weakest only",
                f64::from(window.capacity) / self.weakest_only(),
                "",
                Bound::AtLeast(0.1),
            ),
        ]
    }

    fn pay(&self) -> Vec<Relation> {
        let due = self
            .cards
            .iter()
            .map(|(_, mops)| self.most_due(*mops))
            .fold(0.0, f64::max);
        let four_years = 4.0 * 365.25 * f64::from(DAY);
        vec![
            Relation {
                name: "a bond backs what the strongest card is due",
                formula: "miners' round · its weight · 2 / reference",
                value: due,
                unit: "NI",
                bound: Bound::AtMost(self.cap()),
            },
            Relation {
                name: "so it does where not every GPU is called",
                formula: "miners' round / capacity",
                value: self.to_miners() / f64::from(self.window.capacity),
                unit: "NI",
                bound: Bound::AtMost(self.cap()),
            },
            Relation {
                name: "a network at its targets earns all there is",
                formula: "weight at the targets / reference",
                value: self.target_weight() / self.reference(),
                unit: "",
                bound: Bound::AtLeast(1.0),
            },
            Relation {
                name: "and a fifth of it does not",
                formula: "weight at the targets / reference",
                value: self.target_weight() / self.reference(),
                unit: "",
                bound: Bound::AtMost(5.0),
            },
            Relation {
                name: "half of the supply lasts four years",
                formula: "base · blocks of four years / cap",
                value: in_ni(self.emission.base) * four_years / in_ni(CAP),
                unit: "",
                bound: Bound::AtMost(0.51),
            },
        ]
    }

    fn places(&self) -> Vec<Relation> {
        let registration = &self.registration;
        let range = registration.miner.ceiling as f64 / registration.miner.floor as f64;
        let half_life = f64::from(registration.half_life) / f64::from(DAY);
        vec![
            Relation {
                name: "a network of all cards grows while it renews, at a steady price",
                formula: "ln 2 / ln bump · day / half-life, against twice the renewals",
                value: self.slots_a_day(),
                unit: "slots a day",
                bound: Bound::AtLeast(2.0 * self.renewals_a_day(self.mixed())),
            },
            Relation {
                name: "one of the weakest cards only does not, and its price rises",
                formula: "ln 2 / ln bump · day / half-life, against the renewals",
                value: self.slots_a_day(),
                unit: "slots a day",
                bound: Bound::AtMost(self.renewals_a_day(self.weakest_only())),
            },
            Relation {
                name: "a day's worth at once is dear, not out of reach",
                formula: "bump ^ slots a day",
                value: registration.bump.to_float().powf(self.slots_a_day()),
                unit: "prices",
                bound: Bound::AtMost(32.0),
            },
            Relation {
                name: "a price at its ceiling is soon back",
                formula: "log2(ceiling / floor) · half-life",
                value: range.log2() * half_life,
                unit: "days",
                bound: Bound::AtMost(7.0),
            },
            Relation {
                name: "one call buys what one commit names",
                formula: "slots a call",
                value: registration.slots_per_call.into(),
                unit: "slots",
                bound: Bound::AtLeast(GPUS_A_CALL),
            },
            Relation {
                name: "at four times the reference the weakest card still earns its lease",
                formula: "pay of a term / the floor of the price",
                value: self.weakest_earns(4.0 * self.reference()) / in_ni(registration.miner.floor),
                unit: "",
                bound: Bound::AtLeast(5.0),
            },
            Relation {
                name: "at the reference it earns its bond within a year",
                formula: "pay of a term · 365 days / term / bond",
                value: self.weakest_earns(self.reference()) * 365.0 * f64::from(DAY)
                    / f64::from(registration.term)
                    / in_ni(registration.bond),
                unit: "",
                bound: Bound::AtLeast(1.0),
            },
        ]
    }

    /// What each card is due at most, and all relations, in Markdown.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = format!(
            "A round is {:.0} blocks on average: {:.0} of gap, {:.0} of window. Miners get up to \
             {:.1} NI of it. A bond of {} NI backs {:.2} NI a revealed result.\n\n\
             | card | verified at, MOPS | is due at most, NI a round |\n|---|---|---|\n",
            self.round(),
            self.gap(),
            self.length(),
            self.to_miners(),
            in_ni(self.registration.bond),
            self.cap(),
        );
        for (name, mops) in &self.cards {
            page += &format!("| {name} | {mops} | {:.3} |\n", self.most_due(*mops));
        }
        page += "\n| relation | formula | value | bound | holds |\n|---|---|---|---|---|\n";
        for relation in self.relations() {
            let (sign, bound) = match relation.bound {
                Bound::AtLeast(bound) => ('≥', bound),
                Bound::AtMost(bound) => ('≤', bound),
            };
            page += &format!(
                "| {} | {} | {:.3} {} | {sign} {bound:.3} | {} |\n",
                relation.name,
                relation.formula,
                relation.value,
                relation.unit,
                if relation.holds() { "yes" } else { "**no**" },
            );
        }
        page
    }
}

/// All that the production chain's terms have to be to each other.
#[must_use]
pub fn relations() -> Vec<Relation> {
    Terms::production().relations()
}

/// An amount in whole NI.
fn in_ni(amount: u128) -> f64 {
    amount as f64 / NI as f64
}
