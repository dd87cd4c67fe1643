// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A live table on a terminal, a line for each happening elsewhere.

use std::io::IsTerminal;

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ni_client::amount::Amount;
use test_network::Follower;

use crate::board::{Board, Row, Verdict};

/// What the user sees while it runs.
pub(crate) struct Show {
    /// Redrawn in place; `None` where there is no terminal.
    live: Option<ProgressBar>,
}

impl Show {
    pub(crate) fn start() -> Self {
        let live = std::io::stdout().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
            // The whole table is one message; a template without fields cannot fail.
            if let Ok(style) = ProgressStyle::with_template("{msg}") {
                bar.set_style(style);
            }
            bar
        });
        Self { live }
    }

    /// Shows the state after a block, and what the block brought.
    pub(crate) fn update(&self, board: &Board, follower: &Follower, lines: &[String]) {
        match &self.live {
            Some(bar) => {
                lines.iter().for_each(|line| bar.println(line));
                bar.set_message(render(board, follower));
            }
            None => lines.iter().for_each(|line| println!("{line}")),
        }
    }

    /// Leaves the last table on the terminal.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.live {
            bar.abandon();
        }
    }
}

fn render(board: &Board, follower: &Follower) -> String {
    let last = follower.last();
    let ledger = &last.ledger;
    let window = board
        .current
        .map_or(String::new(), |window| format!("window {window}, "));
    format!(
        "\nblock {}   {window}{}\nissued {}, minted {}, burned {}, recycled {}, bought and \
         burned with revenue {}, supply adds up at every block\n{}",
        last.number,
        board.phase,
        Amount(ledger.issuance()),
        Amount(ledger.minted),
        Amount(ledger.total_burned()),
        Amount(ledger.total_recycled()),
        Amount(board.economy.bought()),
        table(board)
    )
}

/// Everybody's part in the current window, and their pay in all.
fn table(board: &Board) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "miner",
        "computes on",
        "commit",
        "verdict",
        "throughput",
        "tier",
        "paid",
        "slashed",
    ]);
    for row in &board.rows {
        table.add_row(cells(row, board.current));
    }
    table
}

fn cells(row: &Row, window: Option<u32>) -> [String; 8] {
    let entry = window.and_then(|window| row.windows.get(&window));
    let (commit, verdict, mops, tier) = match entry {
        None => Default::default(),
        Some(entry) => {
            let (verdict, mops) = match &entry.verdict {
                Verdict::Open => (String::new(), String::new()),
                Verdict::Counts(mops) => ("verified".to_owned(), format!("{mops} MOPS")),
                Verdict::Refused(reason) => (format!("refused: {reason}"), String::new()),
                Verdict::Missed => ("not revealed".to_owned(), String::new()),
            };
            let tier = entry.tier.map_or(String::new(), |tier| tier.to_string());
            (format!("{} rounds", entry.rounds), verdict, mops, tier)
        }
    };
    [
        row.name.clone(),
        row.device.clone(),
        commit,
        verdict,
        mops,
        tier,
        Amount(row.paid()).to_string(),
        Amount(row.slashed).to_string(),
    ]
}
