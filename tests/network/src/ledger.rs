// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The supply's books, kept outside the chain from its events alone.

use std::{collections::BTreeMap, fmt};

use ni_client::{
    events::Event,
    types::{Movements, SupplyTotals, variant},
};

/// What has happened to the supply since genesis, by the events. Amounts are
/// in the smallest unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Issued at genesis.
    pub genesis: u128,
    /// Minted since.
    pub minted: u128,
    /// Drawn from the recycle pool.
    pub drawn: u128,
    /// Put into the recycle pool, by source, as events name it.
    pub recycled: BTreeMap<String, u128>,
    /// Destroyed, by source, as events name it.
    pub burned: BTreeMap<String, u128>,
}

/// A figure of the chain's that its events do not explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which figure.
    pub what: String,
    /// What the chain's state says.
    pub chain: u128,
    /// What the events, or the accounts, add up to.
    pub books: u128,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, chain, books } = self;
        write!(f, "{what} is {chain} on chain, but {books} by the books")
    }
}

impl std::error::Error for Mismatch {}

impl Ledger {
    /// The books of a chain that issued this much at genesis.
    pub fn new(genesis: u128) -> Self {
        Self {
            genesis,
            ..Self::default()
        }
    }

    /// Takes an event into the books.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Minted { amount } => self.minted += amount,
            Event::Drawn { amount } => self.drawn += amount,
            Event::Recycled { source, amount } => {
                *self.recycled.entry(variant(source)).or_default() += amount;
            }
            Event::Burned { source, amount } => {
                *self.burned.entry(variant(source)).or_default() += amount;
            }
            _ => {}
        }
    }

    /// Destroyed, in all.
    pub fn total_burned(&self) -> u128 {
        self.burned.values().sum()
    }

    /// Put into the recycle pool, in all.
    pub fn total_recycled(&self) -> u128 {
        self.recycled.values().sum()
    }

    /// What is issued: genesis + minted − burned.
    pub fn issuance(&self) -> u128 {
        (self.genesis + self.minted).saturating_sub(self.total_burned())
    }

    /// Compares the books with the chain's state: its ledger, its total
    /// issuance, and the sum of all accounts' balances.
    ///
    /// # Errors
    /// The first figure that differs.
    pub fn check(
        &self,
        totals: &SupplyTotals,
        issuance: u128,
        accounts: u128,
    ) -> Result<(), Mismatch> {
        let Movements {
            drawn,
            recycled,
            burned,
            ..
        } = &totals.all;
        // Genesis may mint too, which no event tells: only the sum is known.
        same(
            "what was ever minted",
            totals.minted(),
            self.genesis + self.minted,
        )?;
        same("what was drawn", *drawn, self.drawn)?;
        same_by_source("recycled", recycled, &self.recycled)?;
        same_by_source("burned", burned, &self.burned)?;
        same("the total issuance", issuance, self.issuance())?;
        same("the sum of all balances", accounts, self.issuance())
    }
}

fn same(what: &str, chain: u128, books: u128) -> Result<(), Mismatch> {
    if chain == books {
        return Ok(());
    }
    Err(Mismatch {
        what: what.to_owned(),
        chain,
        books,
    })
}

/// Compares two breakdowns: the state's, by field (`registration_fees`), and
/// the events', by variant (`RegistrationFees`).
fn same_by_source(
    what: &str,
    chain: &BTreeMap<String, u128>,
    books: &BTreeMap<String, u128>,
) -> Result<(), Mismatch> {
    let mut books: BTreeMap<_, _> = books
        .iter()
        .map(|(source, amount)| (snake_case(source), *amount))
        .collect();
    for (source, amount) in chain {
        let noted = books.remove(source).unwrap_or_default();
        same(&format!("what was {what} from {source}"), *amount, noted)?;
    }
    match books.into_iter().find(|(_, amount)| *amount != 0) {
        Some((source, amount)) => same(&format!("what was {what} from {source}"), 0, amount),
        None => Ok(()),
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 2);
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use subxt::ext::scale_value::Value;

    use super::*;

    fn source(name: &str) -> Value<()> {
        Value::unnamed_variant(name, [])
    }

    fn events() -> [Event; 6] {
        [
            Event::Minted { amount: 50 },
            Event::Recycled {
                source: source("RegistrationFees"),
                amount: 30,
            },
            Event::Drawn { amount: 20 },
            Event::Burned {
                source: source("TransactionFees"),
                amount: 7,
            },
            Event::Burned {
                source: source("Slashes"),
                amount: 3,
            },
            Event::Burned {
                source: source("Buyback"),
                amount: 5,
            },
        ]
    }

    fn totals() -> SupplyTotals {
        let parts = |parts: &[(&str, u128)]| {
            parts
                .iter()
                .map(|(name, amount)| ((*name).to_owned(), *amount))
                .collect()
        };
        SupplyTotals {
            genesis: 990,
            endowment: 1,
            all: Movements {
                emitted: 60,
                drawn: 20,
                recycled: parts(&[("registration_fees", 30), ("donations", 0)]),
                burned: parts(&[
                    ("transaction_fees", 7),
                    ("slashes", 3),
                    ("buyback", 5),
                    ("dust", 0),
                ]),
            },
        }
    }

    fn books(events: &[Event]) -> Ledger {
        let mut ledger = Ledger::new(1_000);
        for event in events {
            ledger.note(event);
        }
        ledger
    }

    #[test]
    fn books_that_agree_pass() {
        let ledger = books(&events());
        assert_eq!(ledger.issuance(), 1_035);
        assert_eq!(ledger.total_recycled(), 30);
        assert_eq!(ledger.check(&totals(), 1_035, 1_035), Ok(()));
    }

    #[test]
    fn every_event_that_is_missing_is_noticed() {
        for missing in 0..events().len() {
            let mut events = events().to_vec();
            let event = events.remove(missing);
            let verdict = books(&events).check(&totals(), 1_035, 1_035);
            assert!(verdict.is_err(), "nobody missed {event:?}");
        }
    }

    #[test]
    fn issuance_and_balances_are_compared_too() {
        let ledger = books(&events());
        let verdict = ledger.check(&totals(), 1_036, 1_035).expect_err("issuance");
        assert_eq!(verdict.what, "the total issuance");
        let verdict = ledger.check(&totals(), 1_035, 1_034).expect_err("balances");
        assert_eq!(verdict.what, "the sum of all balances");
        assert_eq!(
            verdict.to_string(),
            "the sum of all balances is 1034 on chain, but 1035 by the books"
        );
    }

    #[test]
    fn a_source_that_the_state_does_not_know_is_noticed() {
        let mut events = events().to_vec();
        events.push(Event::Recycled {
            source: source("ThinAir"),
            amount: 1,
        });
        let verdict = books(&events).check(&totals(), 1_035, 1_035);
        let mismatch = verdict.expect_err("unknown source");
        assert_eq!(mismatch.what, "what was recycled from thin_air");
    }
}
