// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What was seen, as a page.

use std::fmt::Write as _;

use crate::{
    agree::Agreement,
    scenarios::{Outcome, Scenario},
    spec::{GAP, GRACE, WORK},
};

/// One fault, and what came of it.
pub struct Entry {
    /// The fault.
    pub scenario: Scenario,
    /// How long it took, in seconds, with the comparison after it.
    pub seconds: u64,
    /// What was seen and what was compared after it; or what did not hold.
    pub verdict: Result<(Outcome, Option<Agreement>), String>,
}

impl Entry {
    /// Whether nothing is wrong.
    pub fn is_well(&self) -> bool {
        self.verdict.is_ok()
    }

    fn word(&self) -> &'static str {
        match &self.verdict {
            Ok((Outcome::Held(_), _)) => "held",
            Ok((Outcome::Skipped(_), _)) => "not done here",
            Err(_) => "**failed**",
        }
    }
}

/// The page. `made` says when, where and of what it was made.
pub fn page(entries: &[Entry], slot_ms: u64, made: &str) -> String {
    let mut page = format!(
        "# A network that is broken on purpose\n\n\
         Written by `make network-faults`; do not edit. Made {made}.\n\n\
         Four validators run as processes of their own on the loopback interface. Each knows the \
         others by links\nthat can be cut, slowed and healed. Two workers mine throughout with the \
         CPU prover, each with two nodes. Slots\nlast {slot_ms} ms; a window opens {GAP} blocks \
         after the one before it has closed, with {WORK} blocks of work and {GRACE} of\ngrace; all \
         else is the development chain's. The faults follow each other on one chain. After each, \
         every\nvalidator's final chain is read from that validator: at every block the supply must \
         be what the events since\ngenesis add up to; the four chains must be one; no GPU may have \
         been credited or paid twice for a round, nobody\nslashed; and each worker's history must \
         hold every window as the chain has it. The command fails where something\ndoes not \
         hold.\n\n\
         | fault | | seconds |\n|---|---|---|\n"
    );
    for entry in entries {
        let (title, word, seconds) = (entry.scenario.title(), entry.word(), entry.seconds);
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| {title} | {word} | {seconds} |");
    }
    for entry in entries {
        let _ = writeln!(page, "\n## {}\n", capitalised(entry.scenario.title()));
        match &entry.verdict {
            Ok((Outcome::Held(seen), agreement)) => {
                for sentence in seen {
                    let _ = writeln!(page, "- {sentence}");
                }
                if let Some(agreement) = agreement {
                    let _ = writeln!(page, "- Afterwards {agreement}.");
                }
            }
            Ok((Outcome::Skipped(reason), _)) => {
                let _ = writeln!(page, "Not done: {reason}.");
            }
            Err(error) => {
                let _ = writeln!(page, "Failed: {error}");
            }
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
    use super::*;

    #[test]
    fn what_failed_and_what_was_not_done_stand_out() {
        let entry = |verdict| Entry {
            scenario: Scenario::Killed,
            seconds: 7,
            verdict,
        };
        let entries = [
            entry(Ok((Outcome::Held(vec!["It was seen.".into()]), None))),
            entry(Ok((Outcome::Skipped("no root".into()), None))),
            entry(Err("two chains".into())),
        ];
        let page = page(&entries, 1_000, "today");
        for text in [
            "| one killed | held | 7 |",
            "| one killed | not done here | 7 |",
            "| one killed | **failed** | 7 |",
            "- It was seen.",
            "Not done: no root.",
            "Failed: two chains",
        ] {
            assert!(page.contains(text), "no {text:?} in\n{page}");
        }
        assert_eq!(entries.iter().filter(|entry| entry.is_well()).count(), 2);
    }
}
