// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Counts at every size, holds them against each other and against what is asked
//! for, and writes the table to the file it is given.

use clap::Parser;
use scaling::{Counts, Size, measure};
use std::{collections::BTreeMap, fmt::Write, fs, path::PathBuf, process::ExitCode};

/// Counts reads and writes at every size and writes them to a page.
#[derive(Parser)]
struct Arguments {
    /// The page.
    page: PathBuf,
    /// When, where and of what it is made.
    #[arg(long, default_value = "by hand")]
    made: String,
}

/// From a handful to more than a chain will have.
const SIZES: [Size; 5] = [
    Size {
        miners: 10,
        commits: 10,
    },
    Size {
        miners: 10_000,
        commits: 10,
    },
    Size {
        miners: 10_000,
        commits: 10_000,
    },
    Size {
        miners: 1_000_000,
        commits: 10,
    },
    Size {
        miners: 1_000_000,
        commits: 100_000,
    },
];

/// Calls by the start of their names, and the most that each may read and write.
const BOUNDS: [(&str, u32, u32); 4] = [
    ("registration.register", 10, 8),
    ("emission.claim", 6, 4),
    ("delegation.claim", 6, 4),
    ("delegation.stake", 10, 8),
];

type Measured = BTreeMap<&'static str, Counts>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let measured: Vec<Measured> = SIZES
        .iter()
        .map(|size| {
            eprintln!("{} miners, {} commits", size.miners, size.commits);
            measure(*size)
        })
        .collect();
    let (page, complaints) = report(&measured, &arguments.made);
    if let Err(error) = fs::write(&arguments.page, page) {
        eprintln!("{}: {error}", arguments.page.display());
        return ExitCode::FAILURE;
    }
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if complaints.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The page, and what is not as it should be.
fn report(measured: &[Measured], made: &str) -> (String, Vec<String>) {
    let mut page = String::from(TITLE);
    let _ = writeln!(
        page,
        "Written by `make scaling`; do not edit. Made {made}.\n"
    );
    page.push_str(HEAD);
    let mut complaints = Vec::new();
    let sizes: Vec<String> = SIZES
        .iter()
        .map(|size| format!("{} / {}", grouped(size.miners), grouped(size.commits)))
        .collect();
    let _ = writeln!(page, "| miners / commits | {} |", sizes.join(" | "));
    let _ = writeln!(page, "|---|{}", "---|".repeat(SIZES.len()));
    for (what, first) in &measured[0] {
        let cells: Vec<String> = measured
            .iter()
            .filter_map(|all| all.get(what))
            .map(|counts| format!("{} + {}", counts.reads, counts.writes))
            .collect();
        let _ = writeln!(page, "| {what} | {} |", cells.join(" | "));
        if measured.iter().any(|all| all.get(what) != Some(first)) {
            complaints.push(format!("{what}: not the same at every size"));
        }
        let bound = BOUNDS.iter().find(|(call, ..)| what.starts_with(call));
        if let Some((_, reads, writes)) = bound
            && (first.reads > *reads || first.writes > *writes)
        {
            complaints.push(format!(
                "{what}: {} reads and {} writes, at most {reads} and {writes} are asked for",
                first.reads, first.writes
            ));
        }
    }
    page.push_str(ITEMS);
    for (what, counts) in &measured[0] {
        let items: Vec<String> = counts
            .items
            .iter()
            .map(|(item, (reads, writes))| format!("{item} {reads} + {writes}"))
            .collect();
        let _ = writeln!(page, "- **{what}**: {}", items.join(", "));
    }
    (page, complaints)
}

/// A number with a comma at each thousand.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

const TITLE: &str = "\
# What calls and blocks read and write, however many miners there are

";

const HEAD: &str = "\
Each cell is distinct storage keys read + written by the assembled runtime, run
natively on a state in memory (`tests/scaling`): calls as they are dispatched, blocks with every pallet's hooks and the
timestamp. A key that was read or written before in the same call or block counts once. Left out are the keys that FRAME
keeps at hand in every block (block number, events, block weight, total issuance), as in the pallets' benchmarks; what a
transaction's extensions read and write (nonce, fee) is not part of a call. The command fails where a row is not the same
at every size, or beyond what is asked for.

";

const ITEMS: &str = "
## By storage item

Keys read + written.

";
