// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The page.

use crate::{
    capacity::{self, Kind, MOST_A_CALL, demand, most},
    filled::{Filled, fill},
    fits::{Cost, File},
};
use ni_runtime::settings::{WindowParameters, defaults};
use std::fmt::Write;

/// What the letters of benchmarks count.
const DRIVERS: [(&str, &str); 8] = [
    ("b", "blocks of 64 columns of k"),
    ("g", "GPUs named"),
    ("h", "elements of a path"),
    ("n", "enabled assets; candidates in `new_session`"),
    ("s", "slots; openings in `reveal`"),
    ("t", "tiers"),
    ("u", "amounts unbonding"),
    ("v", "votes"),
];

/// How much of a fit.
#[derive(Clone, Copy)]
enum Of {
    /// All of it, with its drivers at so many units.
    All(u64),
    /// What one more unit of its driver adds.
    One,
}

/// A part of what a call of ours costs: the pallet, the fit's name, how much of it, and
/// how many times.
type Part = (&'static str, &'static str, Of, u64);

/// The closest live chain's calls: name there, reads, writes and picoseconds as its
/// weights declare them, and ours of the same purpose as sums of fits.
type Row = (&'static str, (u64, u64, u64), &'static str, &'static [Part]);

/// Samples of a production reveal, blocks of 64 columns that each has of k = 4096 beyond
/// the first, and elements of its paths at 16384×16384 in a mountain of 8,192 rounds. The
/// keys over the peaks, one for each sample and one more, are charged as nine elements.
const SAMPLES: u64 = 16;
const MORE_COLUMNS: u64 = SAMPLES * 63;
const ELEMENTS: u64 = SAMPLES * (16 + 13) + (SAMPLES + 1) * 9;

/// RaoFoundation/subtensor (before: opentensor/subtensor), pallets/subtensor/src/weights.rs
/// at 6fe155c2b17a21b0376cc31341aa4f71016edf9b, generated 2026-07-05.
const THERE: [Row; 6] = [
    (
        "burned_register",
        (34, 29, 283_735_000),
        "registration.register, one slot",
        &[("registration", "register", Of::All(1), 1)],
    ),
    (
        "commit_timelocked_weights",
        (14, 2, 67_572_000),
        "proof-of-gpu.commit, one GPU, which pays an earlier result",
        &[
            ("proof-of-gpu", "commit", Of::All(1), 1),
            ("emission", "pay_pending", Of::All(0), 1),
        ],
    ),
    (
        "reveal_weights (one weight)",
        (19, 2, 89_384_000),
        "proof-of-gpu.reveal, 16 samples at 16384x16384x4096",
        &[
            ("proof-of-gpu", "reveal", Of::All(SAMPLES), 1),
            ("proof-of-gpu", "reveal_columns", Of::One, MORE_COLUMNS),
            ("proof-of-gpu", "reveal_path", Of::One, ELEMENTS),
            ("emission", "note_result", Of::All(0), 1),
        ],
    ),
    (
        "set_weights (4,096 weights)",
        (4_112, 2, 13_309_565_000),
        "proof-of-gpu.confirm, 16 GPUs",
        &[
            ("proof-of-gpu", "confirm", Of::All(16), 1),
            ("emission", "note_result", Of::All(0), 16),
        ],
    ),
    (
        "claim_root",
        (16, 4, 113_420_000),
        "emission.claim",
        &[("emission", "claim", Of::All(0), 1)],
    ),
    (
        "add_stake",
        (32, 16, 574_141_000),
        "delegation.stake",
        &[("delegation", "stake", Of::All(0), 1)],
    ),
];

/// GPUs for which the phases are reckoned.
const GPUS: [u64; 6] = [10, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The page, from the fits of all files.
///
/// # Errors
///
/// A call that is compared and has no fit.
pub fn page(files: &[File], made: &str) -> Result<String, String> {
    let mut page = format!(
        "# What the runtime's calls and hooks cost, and how many GPUs a chain holds\n\n\
         Written by `make runtime-report` on {made}; do not edit. The fits are read from the generated \
         `weights.rs` files, which `make weights` measures in the production wasm; capacities are what the \
         assembled runtime itself declares for its transactions, extensions and the fixed part of any \
         transaction included.\n"
    );
    let window = defaults::window();
    blocks(&mut page, &window);
    phases(&mut page, &window);
    plan(&mut page, &window);
    compare(&mut page, files)?;
    table(&mut page, files);
    Ok(page)
}

fn blocks(page: &mut String, window: &WindowParameters) {
    page.push_str(
        "\n## In a block\n\nA block has 2 s of compute and 5 MiB; ordinary transactions may take 75% of both, proof \
         calls 80% of the compute and all of the length, at most 2,000 of them.\n\n\
         | transaction | declared, ms | of it refunded, ms | bytes | in a block | limited by |\n|---|---|---|---|---|---|\n",
    );
    let mut row = |name: &str, kind: Kind| {
        let _ = writeln!(
            page,
            "| {name} | {:.3} | {:.3} | {} | {} | {} |",
            millis(kind.weight.ref_time()),
            millis(kind.refunded.ref_time()),
            kind.length,
            kind.a_block,
            kind.by.name()
        );
    };
    row("commit of one GPU", capacity::commit(1));
    row("commit of 16 GPUs", capacity::commit(MOST_A_CALL));
    let shape = window.workload;
    row(
        &format!("reveal of {} samples at {shape}", window.samples),
        capacity::reveal(),
    );
    row("confirmation of one GPU", capacity::confirm(1));
    row("confirmation of 16 GPUs", capacity::confirm(MOST_A_CALL));
    row("transfer", capacity::transfer());
    page.push_str(
        "\nThe cap on proof calls counts what they declare, not what they turn out to cost: a commit declares that every \
         GPU it names had missed a reveal. Were the refund counted, more would fit.\n\nMeasured in a block of the \
         assembled runtime, filled with signed commits of one GPU each until it takes no more, and what the chain \
         charged for them in the end:\n\n| commits | of a block's compute |\n|---|---|\n",
    );
    for Filled { commits, charged } in fill(&[10, 1_000]) {
        let _ = writeln!(page, "| {commits} | {:.2}% |", 100.0 * charged);
    }
}

fn phases(page: &mut String, window: &WindowParameters) {
    let _ = writeln!(
        page,
        "\n## A window by the number of GPUs that prove\n\nIn blocks that are full of such calls, and what part of \
         the phase that is: {} grace blocks for commits, as a commit made earlier claims fewer rounds, and {} \
         blocks for reveals and confirmations, as the first of that phase begins it and holds none. The lottery calls {} GPUs at most. What is registered and does not \
         prove costs nothing ([`../scaling`](../scaling)). A call's weight is linear in what it names and a block's \
         in its calls, so these are the fits at any number; measured is a block of 10, of 1,000 and of as many commits \
         as it takes, above, and beyond nothing was run.\n\n| GPUs | a hotkey has | commits | of the phase | reveals | confirmations | of the phase | fits |\n\
         |---|---|---|---|---|---|---|---|",
        window.grace,
        window.reveal_blocks(),
        window.capacity
    );
    for a_call in [1, MOST_A_CALL] {
        for gpus in GPUS {
            let demand = demand(gpus, a_call, window);
            let (commits, answers) = demand.shares(window);
            let _ = writeln!(
                page,
                "| {} | {a_call} | {:.2} | {:.1}% | {:.2} | {:.2} | {:.1}% | {} |",
                grouped(gpus),
                demand.commits,
                100.0 * commits,
                demand.reveals,
                demand.confirms,
                100.0 * answers,
                if demand.fits(window) { "yes" } else { "no" }
            );
        }
    }
    let _ = writeln!(
        page,
        "\nOne chain with the production chain's windows holds **{}** GPUs at one a hotkey and **{}** at {MOST_A_CALL} a \
         hotkey. Beyond that commits are crowded out: the phase is too short.",
        grouped(most(1, window)),
        grouped(most(MOST_A_CALL, window))
    );
}

fn plan(page: &mut String, window: &WindowParameters) {
    // From two hundred to six hundred blocks, each of those with a chance in a hundred:
    // the mean of a geometric distribution that ends after 400.
    let gap = f64::from(window.min_gap) + 99.0 * (1.0 - 0.99f64.powi(400));
    let whole = |grace: f64, reveal: f64| {
        f64::from(window.work) + grace + f64::from(window.sampling) + reveal
    };
    page.push_str(
        "\n## What then\n\nIn this order. *Longer phases*: `reveal` is governed, and a longer one costs only \
         time between windows. A longer `grace` counts as time in which a GPU does not work, so each block of it takes \
         four of `work`. *The lottery*: reveals stay at \
         the capacity; what falls is how often a GPU is called, and with it the pay that its bond backs. *Several \
         chains*: the proof calls of one chain do not need another's; each chain would prove its own GPUs with its own \
         beacon, and the ledger chain would take one settlement a window from each. That is not built.\n\n\
         Hotkeys of 16 GPUs, gaps as they are:\n\n\
         | GPUs | grace, blocks | reveal phase, blocks | a window, minutes | of all blocks' room for proofs | called one \
         window in | pay a window backed by a bond of 50 NI, NI | what it would be paid, NI | chains, were windows \
         as they are |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for gpus in GPUS {
        let demand = demand(gpus, MOST_A_CALL, window);
        let grace = demand.commits.ceil().max(f64::from(window.grace));
        let answers = demand.reveals + demand.confirms;
        let reveal = (answers.ceil() + 1.0).max(f64::from(window.reveal));
        let blocks = whole(grace, reveal);
        let used = (demand.commits + answers) / (blocks + gap);
        let chance = (f64::from(window.capacity) / float(gpus)).min(1.0);
        let backed = 50.0 * 0.5 * 0.9 / f64::from(window.samples) * chance;
        let paid = 0.25 * (blocks + gap) / float(gpus);
        let _ = writeln!(
            page,
            "| {} | {grace} | {reveal} | {:.1} | {:.1}% | {:.1} | {backed:.5} | {paid:.5} | {} |",
            grouped(gpus),
            blocks / 10.0,
            100.0 * used,
            1.0 / chance,
            gpus.div_ceil(most(MOST_A_CALL, window))
        );
    }
    page.push_str(
        "\nWhat it would be paid is the miners' half of the first emission, 0.25 NI a block, divided equally, which is \
         earned where the GPUs weigh as much as a hundred of 400 TFLOPS; fewer earn less. Where it is above what is \
         backed, pay is cut to that and the bond is to be raised.\n",
    );
}

fn compare(page: &mut String, files: &[File]) -> Result<(), String> {
    page.push_str(
        "\n## Beside the closest live chain\n\nSubtensor's from `pallets/subtensor/src/weights.rs` of \
         RaoFoundation/subtensor (before: opentensor/subtensor) at 6fe155c2, generated there on 2026-07-05; times are \
         from another machine, and of compute without the database. Purposes are as near as they come: there \
         validators weigh miners, here the chain verifies them.\n\n\
         | there | reads + writes | ms | here | reads + writes | ms |\n|---|---|---|---|---|---|\n",
    );
    for (there, (reads, writes, time), here, parts) in THERE {
        let mut sum = Cost::default();
        for (pallet, name, of, times) in parts {
            let missing = || format!("{pallet} has no fit of {name}");
            let fit = files
                .iter()
                .find(|(file, ..)| file == pallet)
                .and_then(|(.., fits)| fits.get(*name))
                .ok_or_else(missing)?;
            let cost = match of {
                Of::All(units) => fit.at(*units),
                Of::One => fit.slopes.first().ok_or_else(missing)?.each,
            };
            sum = sum.plus(cost, *times);
        }
        let _ = writeln!(
            page,
            "| {there} | {reads} + {writes} | {:.3} | {here} | {} + {} | {:.3} |",
            millis(time),
            sum.reads,
            sum.writes,
            millis(sum.time)
        );
    }
    page.push_str(
        "\nOurs are what the benchmarks charge: a call and its hook may count the same key twice. By distinct keys they \
         are fewer ([`../scaling`](../scaling)).\n",
    );
    Ok(())
}

fn table(page: &mut String, files: &[File]) {
    page.push_str(
        "\n## Every call and hook\n\nBase + slope · driver, each over the range measured. Time is reference time in µs \
         without database accesses, ± its standard error; of the database a read is charged 8 µs and a write 50 µs. \
         Proof sizes are bounded by the largest that a value may have, and mean nothing to a chain that is no \
         parachain. Drivers: ",
    );
    let drivers: Vec<String> = DRIVERS
        .iter()
        .map(|(letter, what)| format!("`{letter}` {what}"))
        .collect();
    page.push_str(&drivers.join(", "));
    page.push_str(".\n");
    for (pallet, measured, fits) in files {
        let _ = writeln!(
            page,
            "\n### {pallet}\n\nMeasured {measured}\n\n\
             | call or hook | time, µs | reads | writes | proof, bytes | range |\n|---|---|---|---|---|---|"
        );
        for (name, fit) in fits {
            let cell = |of: fn(&Cost) -> u64, scale: f64, digits: usize| {
                let mut cell = format!("{:.digits$}", float(of(&fit.base)) / scale);
                for slope in &fit.slopes {
                    if of(&slope.each) > 0 {
                        let each = float(of(&slope.each)) / scale;
                        let _ = write!(cell, " + {each:.digits$} {}", slope.driver);
                    }
                }
                cell
            };
            let ranges: Vec<String> = fit
                .slopes
                .iter()
                .map(|slope| {
                    format!(
                        "{} {}–{} (±{:.1})",
                        slope.driver,
                        slope.range.0,
                        slope.range.1,
                        float(slope.error) / 1e6
                    )
                })
                .collect();
            let _ = writeln!(
                page,
                "| {name} | {} | {} | {} | {} | {} |",
                cell(|cost| cost.time, 1e6, 1),
                cell(|cost| cost.reads, 1.0, 0),
                cell(|cost| cost.writes, 1.0, 0),
                cell(|cost| cost.proof, 1.0, 0),
                ranges.join(", ")
            );
        }
    }
}

#[allow(clippy::cast_precision_loss)]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}

fn millis(picoseconds: u64) -> f64 {
    float(picoseconds) / 1e9
}

/// A number with a comma at each thousand.
fn grouped(number: u64) -> String {
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
