// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The data, one file a scenario, and the page of tables.

use crate::{Outcome, Sample, Scenario, hardware::GENERATIONS, in_ni, miners::Group};
use std::fmt::Write;

/// A scenario's samples, comma-separated.
#[must_use]
pub fn data(outcome: &Outcome) -> String {
    let mut page = String::from(
        "day,issuance,minted,burned,recycled,pool,minted_since,burned_since,drawn_since,\
         recycled_since,expired_since,slot_price_ni,price_usd,pool_price_usd,pending_usd,\
         spent_usd,bought_ni,ideal_ni,worst_slice,slices,skipped",
    );
    for number in 1..=GENERATIONS {
        let _ = write!(page, ",slots_{number},paid_ni_{number},mops_days_{number}");
    }
    page.push('\n');
    for sample in &outcome.samples {
        let Sample {
            day,
            issuance,
            minted,
            burned,
            recycled,
            pool,
            slots,
            slot_price,
            price: [price, pool_price],
            pending,
            interval,
        } = sample;
        let _ = write!(
            page,
            "{day},{issuance},{minted},{burned},{recycled},{pool},{},{},{},{},{},{slot_price:.3},\
             {price:.4},{pool_price:.4},{pending:.0},{:.0},{:.1},{:.1},{:.5},{},{}",
            interval.minted,
            interval.burned,
            interval.drawn,
            interval.recycled,
            interval.expired,
            interval.spent,
            interval.bought,
            interval.ideal,
            interval.worst,
            interval.slices[0],
            interval.slices[1],
        );
        for ((count, paid), verified) in slots.iter().zip(interval.paid).zip(interval.mops_days) {
            let _ = write!(page, ",{count},{paid:.2},{verified:.0}");
        }
        page.push('\n');
    }
    page
}

/// The page of tables.
#[must_use]
pub fn results(outcomes: &[Outcome], made: &str) -> String {
    let mut page = format!(
        "# Twenty years, compressed: the figures\n\n\
         Written by `make economics` on {made}; do not edit. Amounts in NI where nothing else is said.\n\n"
    );
    ends(&mut page, outcomes);
    shares(&mut page, outcomes);
    if let Some(outcome) = outcomes.iter().find(|o| o.scenario == Scenario::Sybil) {
        sybil(&mut page, outcome);
    }
    collusion(&mut page, outcomes);
    if let Some(outcome) = outcomes.iter().find(|o| o.scenario == Scenario::Whale) {
        let whale = &outcome.whale;
        let _ = writeln!(
            page,
            "\n## The whale\n\n{} sandwiches around slices in the third year brought {:.0} dollars \
             ({:.2} each).",
            whale.sandwiches,
            whale.profit,
            whale.profit / f64::from(whale.sandwiches.max(1))
        );
    }
    page
}

fn ends(page: &mut String, outcomes: &[Outcome]) {
    page.push_str(
        "## The supply at the end, to the last unit (10⁻⁹ NI)\n\n\
         | scenario | genesis | + minted − burned, by the samples | minted − burned, by `Supply` | \
         issuance, by `Balances` | ever minted, of 21,000,000 NI | holds |\n|---|---|---|---|---|---|---|\n",
    );
    for outcome in outcomes {
        let audit = &outcome.audit;
        let amount = |amount: Option<u128>| amount.map_or("none".into(), |units| units.to_string());
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} |",
            outcome.scenario.name(),
            outcome.genesis,
            amount(audit.by_samples),
            amount(audit.by_supply),
            audit.issuance,
            audit.most_minted,
            if audit.holds() { "yes" } else { "NO" },
        );
    }
}

fn sum(samples: &[Sample], value: impl Fn(&Sample) -> f64) -> f64 {
    samples.iter().map(value).sum()
}

fn shares(page: &mut String, outcomes: &[Outcome]) {
    page.push_str(
        "\n## Over the twenty years\n\n\
         | scenario | minted | drawn from the pool | self-funded: years 1-5, 16-20 | recycled | of it expired \
         | burned | slippage | slices skipped | days of revenue waiting at the end, at most | GPUs at the end | \
         blocks executed |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for outcome in outcomes {
        let samples = &outcome.samples;
        let total = |value: fn(&Sample) -> f64| sum(samples, value);
        let funded = |from: f64, to: f64| {
            let part: Vec<Sample> = samples
                .iter()
                .filter(|s| s.year() > from && s.year() <= to)
                .cloned()
                .collect();
            let drawn = sum(&part, |s| in_ni(s.interval.drawn));
            100.0 * drawn / (drawn + sum(&part, |s| in_ni(s.interval.minted)))
        };
        let ideal = total(|s| s.interval.ideal);
        let slices: f64 = total(|s| f64::from(s.interval.slices[0]));
        let skipped: f64 = total(|s| f64::from(s.interval.slices[1]));
        let waiting = |s: &Sample| s.pending / outcome.scenario.revenue(s.year());
        let most = samples.iter().map(waiting).fold(0.0, f64::max);
        let last = samples.last();
        let percent = |part: f64, of: f64| {
            if of > 0.0 {
                format!("{:.2}%", 100.0 * part / of)
            } else {
                "—".into()
            }
        };
        let revenue = outcome.scenario.revenue(0.0) > 0.0;
        let _ = writeln!(
            page,
            "| {} | {:.0} | {:.0} | {:.1}%, {:.1}% | {:.0} | {:.0} | {:.0} | {} | {} | {} | {} | {} |",
            outcome.scenario.name(),
            total(|s| in_ni(s.interval.minted)),
            total(|s| in_ni(s.interval.drawn)),
            funded(0.0, 5.0),
            funded(15.0, 20.0),
            total(|s| in_ni(s.interval.recycled)),
            total(|s| in_ni(s.interval.expired)),
            total(|s| in_ni(s.interval.burned)),
            percent(ideal - total(|s| s.interval.bought), ideal),
            percent(skipped, slices + skipped),
            if revenue {
                format!("{:.1}, {most:.1}", last.map_or(0.0, waiting))
            } else {
                "—".into()
            },
            last.map_or(0, |s| s.slots.iter().sum::<u32>()),
            outcome.blocks,
        );
    }
}

fn sybil(page: &mut String, outcome: &Outcome) {
    page.push_str(
        "\n## The Sybil\n\nEight GPUs of one kind as they are, and eight cut into four identities each, in the \
         fourth year; then slots that nobody else can use, bought in two months of the eleventh and kept to its middle.\n\n\
         | | slots times days | paid | fees | paid a GPU and day | fees a GPU and day |\n|---|---|---|---|---|---|\n",
    );
    for (group, name, slices) in [
        (Group::Whole, "as they are", 1.0),
        (Group::Sliced, "sliced", 4.0),
    ] {
        let tally = outcome
            .tallies
            .get(&(group, 3))
            .copied()
            .unwrap_or_default();
        let gpu_days = tally.slot_days / slices;
        let _ = writeln!(
            page,
            "| {name} | {:.0} | {:.0} | {:.0} | {:.2} | {:.2} |",
            tally.slot_days,
            tally.paid,
            tally.fees,
            tally.paid / gpu_days,
            tally.fees / gpu_days
        );
    }
    let squat = outcome
        .tallies
        .get(&(Group::Squat, 10))
        .copied()
        .unwrap_or_default();
    let bought = |year: u32| {
        [Group::Honest, Group::Cartel]
            .iter()
            .filter_map(|group| outcome.tallies.get(&(*group, year)))
            .map(|tally| tally.bought)
            .sum::<u32>()
    };
    let _ = writeln!(
        page,
        "\nSquatting bought {} slots for {:.0} NI, all of it recycled and so paid out to those who prove; \
         others bought {} slots in the year before, {} in that year and {} in the one after.",
        squat.bought,
        squat.fees,
        bought(9),
        bought(10),
        bought(11)
    );
}

fn collusion(page: &mut String, outcomes: &[Outcome]) {
    page.push_str(
        "\n## Collusion\n\nThe same three in five slots, in the years 7 to 10: off every other month, and in `steady` \
         never.\n\n| scenario | who | paid | fees | slots times days | paid less fees, a slot and day |\n\
         |---|---|---|---|---|---|\n",
    );
    for scenario in [Scenario::Steady, Scenario::Collusion] {
        let Some(outcome) = outcomes.iter().find(|o| o.scenario == scenario) else {
            continue;
        };
        for (group, name) in [(Group::Cartel, "the cartel's"), (Group::Honest, "others")] {
            let (mut paid, mut fees, mut days) = (0.0, 0.0, 0.0);
            for year in 6..10 {
                if let Some(tally) = outcome.tallies.get(&(group, year)) {
                    paid += tally.paid;
                    fees += tally.fees;
                    days += tally.slot_days;
                }
            }
            let _ = writeln!(
                page,
                "| {} | {name} | {paid:.0} | {fees:.0} | {days:.0} | {:.3} |",
                scenario.name(),
                (paid - fees) / days
            );
        }
    }
}
