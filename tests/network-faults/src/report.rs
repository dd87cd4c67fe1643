// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What was seen, as a page.

use std::fmt::Write as _;

use crate::{
    agree::Agreement,
    figures::Figures,
    scenarios::Scenario,
    spec::{AUTHORITIES, GAP, GRACE, REVEAL, SAMPLES, WORK},
};

/// What came of a fault.
pub enum Verdict {
    /// Everything held.
    Held {
        /// What was seen, in sentences.
        seen: Vec<String>,
        /// What was compared afterwards.
        agreement: Agreement,
    },
    /// Something did not.
    Failed(String),
    /// Chance or this machine stood in the way, each time that it was tried.
    Unshown(String),
    /// It cannot be done here, for this reason.
    Skipped(String),
}

/// One fault, and what came of it.
pub struct Entry {
    /// The fault.
    pub scenario: Scenario,
    /// How long it took, in seconds, with the comparison after it.
    pub seconds: u64,
    /// A slot's length, in ms.
    pub slot_ms: u64,
    /// What came of it.
    pub verdict: Verdict,
    /// What was measured, where it could be.
    pub figures: Option<Figures>,
}

impl Entry {
    /// Whether nothing failed, and nothing that can be shown here was left open.
    pub fn is_well(&self) -> bool {
        matches!(self.verdict, Verdict::Held { .. } | Verdict::Skipped(_))
    }

    /// The verdict in a word or two.
    pub fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Held { .. } => "held",
            Verdict::Failed(_) => "**failed**",
            Verdict::Unshown(_) => "**not shown**",
            Verdict::Skipped(_) => "not done here",
        }
    }

    fn row(&self) -> String {
        let (title, word, seconds) = (self.scenario.title(), self.word(), self.seconds);
        let Some(figures) = &self.figures else {
            return format!("| {title} | {word} | | | | | | | {seconds} |");
        };
        let Figures {
            blocks,
            empty,
            given_up,
            lag,
            workers,
        } = figures;
        let windows: Vec<_> = workers
            .iter()
            .map(|windows| format!("{} of {}", windows.credited, windows.closed()))
            .collect();
        let twice: u32 = workers.iter().map(|windows| windows.twice).sum();
        format!(
            "| {title} | {word} | {blocks} | {empty} | {} | {}, {:.0} s | {} | {twice} | \
             {seconds} |",
            given_up.iter().max().unwrap_or(&0),
            lag.blocks,
            lag.time.as_secs_f64(),
            windows.join(", "),
        )
    }

    fn section(&self) -> String {
        let mut text = format!(
            "\n## {}\n\nExpected: {}\n\n",
            capitalised(self.scenario.title()),
            self.scenario.expected()
        );
        // Writing to a string cannot fail.
        match &self.verdict {
            Verdict::Held { seen, agreement } => {
                for sentence in seen {
                    let _ = writeln!(text, "- {sentence}");
                }
                let _ = writeln!(text, "- Afterwards {agreement}.");
            }
            Verdict::Failed(error) => {
                let _ = writeln!(text, "- **Failed**: {error}.");
            }
            Verdict::Unshown(reason) => {
                let _ = writeln!(text, "- **Not shown**, for or against: {reason}.");
            }
            Verdict::Skipped(reason) => {
                let _ = writeln!(text, "- Not done: {reason}.");
            }
        }
        if let Some(figures) = &self.figures {
            for windows in &figures.workers {
                let _ = writeln!(text, "- Windows of the {} worker: {windows}.", windows.name);
            }
            let given_up: Vec<_> = AUTHORITIES
                .iter()
                .zip(figures.given_up)
                .map(|(authority, blocks)| format!("{} {blocks}", authority.name))
                .collect();
            let _ = writeln!(text, "- Blocks given up: {}.", given_up.join(", "));
        }
        text
    }
}

/// The page. `made` says when, where and of what it was made.
pub fn page(entries: &[Entry], slot_ms: u64, made: &str) -> String {
    let mut page = format!(
        "# A network that is broken on purpose\n\n\
         Written by `make network-faults`; do not edit. Made {made}.\n\n\
         Four validators run as processes of their own on the loopback interface. Each knows the \
         others by links\nthat can be cut, slowed and healed. Two workers mine throughout with the \
         CPU prover, each with two nodes. Slots\nlast {slot_ms} ms where nothing else is said; a \
         window opens {GAP} blocks after the one before it has closed, with\n{WORK} blocks of work, \
         {GRACE} of grace and {REVEAL} for reveals of {SAMPLES} samples; all else is the \
         development chain's. The\nfaults between slots of one length follow each other on one chain.\n\n\
         After each, every validator's final chain is read from that validator: at every block \
         the supply must be what\nthe events since genesis add up to; the four chains must be \
         one; no GPU may have been credited or paid twice\nfor a round, nobody slashed; each worker \
         committed once a window at most; and its history must hold every\nwindow as the chain has \
         it. The command fails where something does not hold, or could not be shown.\n\n\
         Figures are from the fault's beginning until all had agreed again, restarts included. \
         Empty slots are those of\nwhich no block stands: a validator that is away, a block that \
         lost, or a machine that was too busy. Blocks given\nup had been a validator's best and were \
         replaced, the most of any of the four. Two authors may draw the same\nslot, so a few \
         are given up without any fault. How far finality was behind is looked at on the first \
         validator,\nwhich no fault touches; the partition is across it.\n\n\
         | fault | | blocks | empty slots | given up | finality behind by | windows credited, by \
         worker | double commits | seconds |\n|---|---|---|---|---|---|---|---|---|\n"
    );
    for entry in entries {
        page.push_str(&entry.row());
        page.push('\n');
    }
    for entry in entries {
        page.push_str(&entry.section());
        if entry.slot_ms != slot_ms {
            let _ = writeln!(page, "- On a chain with slots of {} ms.", entry.slot_ms);
        }
    }
    page
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::figures::{Lag, Windows};

    fn entry(verdict: Verdict, figures: Option<Figures>) -> Entry {
        Entry {
            scenario: Scenario::Killed,
            seconds: 7,
            slot_ms: 1_000,
            verdict,
            figures,
        }
    }

    #[test]
    fn what_failed_and_what_was_not_shown_stand_out() {
        let agreement = Agreement {
            number: 40,
            compared: 160,
            windows: 2,
            payments: 4,
        };
        let held = Verdict::Held {
            seen: vec!["It was seen.".into()],
            agreement,
        };
        let entries = [
            entry(held, None),
            entry(Verdict::Skipped("no root".into()), None),
            entry(Verdict::Failed("two chains".into()), None),
            entry(Verdict::Unshown("busy".into()), None),
        ];
        let page = page(&entries, 1_000, "today");
        for text in [
            "| one killed | held |",
            "| one killed | not done here |",
            "| one killed | **failed** |",
            "| one killed | **not shown** |",
            "- It was seen.",
            "all four agree up to block 40",
            "- Not done: no root.",
            "- **Failed**: two chains.",
            "for or against: busy.",
        ] {
            assert!(page.contains(text), "no {text:?} in\n{page}");
        }
        let well: Vec<_> = entries.iter().map(Entry::is_well).collect();
        assert_eq!(well, [true, true, false, false]);
    }

    #[test]
    fn figures_are_in_the_table_and_longer_slots_are_told() {
        let figures = Figures {
            blocks: 80,
            empty: 11,
            given_up: [1, 0, 6, 2],
            lag: Lag {
                blocks: 9,
                time: Duration::from_millis(12_400),
            },
            workers: vec![
                Windows {
                    name: "first".into(),
                    credited: 2,
                    missed: vec![],
                    twice: 0,
                },
                Windows {
                    name: "second".into(),
                    credited: 1,
                    missed: vec![(3, None)],
                    twice: 0,
                },
            ],
        };
        let entries = [entry(Verdict::Failed("no".into()), Some(figures))];
        let page = page(&entries, 500, "today");
        for text in [
            "| **failed** | 80 | 11 | 6 | 9, 12 s | 2 of 2, 1 of 2 | 0 | 7 |",
            "Blocks given up: alice 1, bob 0, charlie 6, dave 2.",
            "slots of 1000 ms",
        ] {
            assert!(page.contains(text), "no {text:?} in\n{page}");
        }
    }
}
