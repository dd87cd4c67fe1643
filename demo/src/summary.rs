// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What came of it, and whether it is what should.

use std::fmt;

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use ni_worker::amount::Amount;
use test_network::{Follower, Ledger};

use crate::board::{Board, Verdict};

/// What a miner got, and lost.
struct Pay {
    name: String,
    /// By window.
    paid: Vec<(u32, u128)>,
    slashed: u128,
}

/// The end of the demo.
pub(crate) struct Summary {
    ledger: Ledger,
    blocks: u64,
    pay: Vec<Pay>,
    checks: Vec<(String, bool)>,
}

impl Summary {
    /// Sums up the first `rounds` full rounds. The follower has compared the
    /// supply with the chain's state at every block, or it would have failed.
    pub(crate) fn new(follower: &Follower, board: &Board, rounds: usize) -> Self {
        let last = follower.last();
        let ledger = last.ledger.clone();
        let full: Vec<_> = board.full_rounds().into_iter().take(rounds).collect();
        let mut checks = vec![(format!("{} full rounds", full.len()), full.len() == rounds)];
        let mut pay = Vec::new();
        for row in &board.rows {
            let paid: Vec<_> = full
                .iter()
                .map(|window| {
                    (
                        *window,
                        row.windows.get(window).map_or(0, |entry| entry.paid),
                    )
                })
                .collect();
            let name = &row.name;
            checks.push(if row.honest {
                (
                    format!("{name} is honest and was paid in each"),
                    paid.iter().all(|(_, amount)| *amount > 0),
                )
            } else {
                let refused = row
                    .windows
                    .values()
                    .any(|entry| matches!(entry.verdict, Verdict::Refused(_)));
                let nothing = row.windows.values().all(|entry| entry.paid == 0);
                (
                    format!("{name} cheated, was refused, slashed and paid nothing"),
                    refused && nothing && row.slashed > 0,
                )
            });
            pay.push(Pay {
                name: name.clone(),
                paid,
                slashed: row.slashed,
            });
        }
        let slashed: u128 = board.rows.iter().map(|row| row.slashed).sum();
        let burned = ledger.burned.get("Slashes").copied().unwrap_or_default();
        checks.push(("every slash was burned".to_owned(), slashed == burned));
        checks.push((
            "registration fees went to the recycle pool, and pay came from it".to_owned(),
            ledger.recycled.contains_key("RegistrationFees") && ledger.drawn > 0,
        ));
        checks.push((
            format!("the supply added up at each of {} blocks", last.number + 1),
            follower.blocks().len() as u64 == last.number + 1,
        ));
        Self {
            ledger,
            blocks: last.number,
            pay,
            checks,
        }
    }

    /// Whether everything held.
    pub(crate) fn holds(&self) -> bool {
        self.checks.iter().all(|(_, held)| *held)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ledger = &self.ledger;
        writeln!(f, "\nAfter {} blocks", self.blocks)?;
        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY);
        table.set_header(["supply", "amount"]);
        let mut row = |what: String, amount: u128| {
            table.add_row([what, Amount(amount).to_string()]);
        };
        row("issued at genesis".into(), ledger.genesis);
        row("minted".into(), ledger.minted);
        row("paid from the recycle pool".into(), ledger.drawn);
        for (source, amount) in &ledger.recycled {
            row(format!("recycled, {source}"), *amount);
        }
        for (source, amount) in &ledger.burned {
            row(format!("burned, {source}"), *amount);
        }
        row(
            "issued now, as the chain and all balances say".into(),
            ledger.issuance(),
        );
        writeln!(f, "{table}")?;

        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY);
        table.set_header(["miner", "paid", "slashed"]);
        for pay in &self.pay {
            let paid: Vec<_> = pay
                .paid
                .iter()
                .map(|(window, amount)| format!("window {window}: {}", Amount(*amount)))
                .collect();
            table.add_row([
                pay.name.clone(),
                paid.join("\n"),
                Amount(pay.slashed).to_string(),
            ]);
        }
        writeln!(f, "{table}")?;
        for (what, held) in &self.checks {
            writeln!(f, "{}  {what}", if *held { "ok    " } else { "FAILED" })?;
        }
        Ok(())
    }
}
