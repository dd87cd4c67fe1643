// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the runtime charges beside what was measured again.

use crate::{
    fits::{Cost, File, Fit},
    page::float,
};
use std::fmt::Write;

/// The page, and what of it does not hold: a call or hook that is charged and was not
/// measured, or the other way round, or one that reads or writes more keys than it is
/// charged for, by the fits. Times are shown, and not judged: machines differ.
#[must_use]
pub fn page(charged: &[File], measured: &[File], made: &str) -> (String, Vec<String>) {
    let mut rows = String::new();
    let mut ratios = Vec::new();
    let mut problems = Vec::new();
    for (pallet, _, fits) in charged {
        let again = measured.iter().find(|(name, ..)| name == pallet);
        let again = again.map(|(.., fits)| fits);
        for (name, fit) in fits {
            let Some(found) = again.and_then(|fits| fits.get(name)) else {
                problems.push(format!("{pallet}.{name} was not measured"));
                continue;
            };
            let (charge, cost) = (most(fit), most(found));
            for (of, charge, cost) in [
                ("reads", charge.reads, cost.reads),
                ("writes", charge.writes, cost.writes),
            ] {
                if cost > charge {
                    problems.push(format!(
                        "{pallet}.{name} {of} {cost} keys, and is charged for {charge}"
                    ));
                }
            }
            let ratio = micros(cost) / micros(charge);
            ratios.push(ratio);
            let _ = writeln!(
                rows,
                "| {pallet} | {name} | {} + {} | {} + {} | {:.1} | {:.1} | {ratio:.2} |",
                charge.reads,
                charge.writes,
                cost.reads,
                cost.writes,
                micros(charge),
                micros(cost)
            );
        }
        let unknown = again
            .into_iter()
            .flat_map(|again| again.keys().filter(|name| !fits.contains_key(*name)));
        problems.extend(unknown.map(|name| format!("{pallet}.{name} is not charged")));
    }
    let mut page = format!(
        "# The weights, measured again\n\n\
         Written by `make weights-again`; do not edit. Made {made}.\n\n\
         What the runtime charges for each call and hook with its drivers at the most that they are measured at, and what was \
         measured\nagain, with fewer steps and repeats. The command fails where one reads or writes more keys than it is \
         charged for. Times are\nreference times without database accesses, and of this machine; those charged are of the \
         machine and the day that\nthe heads of the `weights.rs` files name. Both are fits: of a count \
         that does not grow in proportion, as `sample`'s one write with\nany asset and none without, fewer values may show less.\n\n"
    );
    ratios.sort_by(f64::total_cmp);
    if let (Some(least), Some(median), Some(greatest)) =
        (ratios.first(), ratios.get(ratios.len() / 2), ratios.last())
    {
        let _ = writeln!(
            page,
            "{} calls and hooks; times of those charged: {median:.2} in the median, from {least:.2} to {greatest:.2}.\n",
            ratios.len()
        );
    }
    let held = if problems.is_empty() {
        "**Every count is charged.**\n".to_owned()
    } else {
        let list = problems.iter().map(|problem| format!("- {problem}\n"));
        format!(
            "**Not everything is charged:**\n\n{}",
            list.collect::<String>()
        )
    };
    let _ = write!(
        page,
        "{held}\n| pallet | call or hook | reads + writes charged | measured | µs charged | measured | ratio |\n\
         |---|---|---|---|---:|---:|---:|\n{rows}"
    );
    (page, problems)
}

/// The cost with every driver at the most that was measured.
fn most(fit: &Fit) -> Cost {
    fit.slopes.iter().fold(fit.base, |sum, slope| {
        sum.plus(slope.each, slope.range.1.into())
    })
}

fn micros(cost: Cost) -> f64 {
    float(cost.time) / 1e6
}
