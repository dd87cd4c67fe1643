// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The history for people: a table and a chart on a terminal, and a page.

use std::{collections::BTreeSet, fmt::Write as _};

use comfy_table::Table;

use super::{Entry, Outcome};
use crate::output;
use ni_client::amount::Amount;

/// Windows in a table.
const ROWS: usize = 16;

/// Windows in a chart.
const COLUMNS: usize = 60;

/// Heights of a column, from an eighth to all of it.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The last windows, the newest first.
pub fn table(entries: &[Entry]) -> Table {
    let mut table = output::table(["window", "gpu", "MOPS", "tier", "pay", "idle", ""]);
    for entry in entries.iter().rev().take(ROWS) {
        let idle = entry.idle_permille.map_or(String::new(), |idle| {
            format!("{:.1}%", f64::from(idle) / 10.0)
        });
        let [mops, tier, pay, why] = cells(entry);
        table.add_row([
            entry.window.to_string(),
            entry.gpu.to_string(),
            mops,
            tier,
            pay,
            idle,
            why,
        ]);
    }
    table
}

/// Throughput, tier, pay and why there is none.
fn cells(entry: &Entry) -> [String; 4] {
    match entry.outcome {
        Outcome::Credited { mops, tier, pay } => [
            mops.to_string(),
            tier.map_or(String::new(), |tier| tier.to_string()),
            pay.map_or("not settled yet".to_owned(), |pay| Amount(pay).to_string()),
            String::new(),
        ],
        Outcome::Missed(reason) => [
            String::new(),
            String::new(),
            String::new(),
            format!("missed: {}", reason.meaning()),
        ],
    }
}

/// One line a GPU: a column for each of the last windows, as high as its
/// throughput, or `×` where it was missed.
pub fn chart(entries: &[Entry]) -> String {
    let highest = highest(entries);
    let mut text = String::new();
    for gpu in gpus(entries) {
        let of_gpu: Vec<_> = entries.iter().filter(|entry| entry.gpu == gpu).collect();
        let shown = &of_gpu[of_gpu.len().saturating_sub(COLUMNS)..];
        let line: String = shown
            .iter()
            .map(|entry| match entry.outcome {
                Outcome::Credited { mops, .. } => bar(mops, highest),
                Outcome::Missed(_) => '×',
            })
            .collect();
        let (first, last) = (shown.first(), shown.last());
        let (Some(first), Some(last)) = (first, last) else {
            continue;
        };
        let _ = writeln!(
            text,
            "gpu {gpu}  {line}  windows {} to {}, █ = {highest} MOPS, × missed",
            first.window, last.window
        );
    }
    text
}

fn gpus(entries: &[Entry]) -> BTreeSet<u32> {
    entries.iter().map(|entry| entry.gpu).collect()
}

fn highest(entries: &[Entry]) -> u64 {
    entries
        .iter()
        .filter_map(|entry| match entry.outcome {
            Outcome::Credited { mops, .. } => Some(mops),
            Outcome::Missed(_) => None,
        })
        .max()
        .unwrap_or_default()
}

fn bar(mops: u64, highest: u64) -> char {
    let steps = BARS.len() as u64;
    let height = (mops.saturating_mul(steps)).div_ceil(highest.max(1));
    let index = usize::try_from(height.clamp(1, steps) - 1).unwrap_or_default();
    BARS[index]
}

/// A page that needs nothing else: a chart a GPU, and the table.
pub fn page(title: &str, entries: &[Entry]) -> String {
    /// Width of a column and height of the chart, in pixels.
    const WIDTH: usize = 10;
    const HEIGHT: u64 = 120;
    let highest = highest(entries).max(1);
    let mut body = String::new();
    for gpu in gpus(entries) {
        let of_gpu: Vec<_> = entries.iter().filter(|entry| entry.gpu == gpu).collect();
        let shown = &of_gpu[of_gpu.len().saturating_sub(2 * COLUMNS)..];
        let _ = write!(
            body,
            "<h2>GPU {gpu}</h2><p>MOPS by window; the highest column is {highest}.</p>\
             <svg role=\"img\" width=\"{}\" height=\"{HEIGHT}\">",
            shown.len() * WIDTH
        );
        for (column, entry) in shown.iter().enumerate() {
            let (class, height) = match entry.outcome {
                Outcome::Credited { mops, .. } => (
                    "credited",
                    u128::from(mops) * u128::from(HEIGHT) / u128::from(highest),
                ),
                Outcome::Missed(_) => ("missed", u128::from(HEIGHT)),
            };
            let [mops, _, pay, why] = cells(entry);
            let _ = write!(
                body,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{height}\">\
                 <title>window {}: {mops} {pay} {why}</title></rect>",
                column * WIDTH,
                u128::from(HEIGHT) - height,
                WIDTH - 2,
                entry.window
            );
        }
        body.push_str("</svg>");
    }
    body.push_str(
        "<h2>Windows</h2><table><tr><th>window<th>GPU<th>MOPS<th>tier<th>pay<th>missed</tr>",
    );
    for entry in entries.iter().rev().take(2 * COLUMNS) {
        let [mops, tier, pay, why] = cells(entry);
        let _ = write!(
            body,
            "<tr><td>{}<td>{}<td>{mops}<td>{tier}<td>{pay}<td>{why}</tr>",
            entry.window, entry.gpu
        );
    }
    body.push_str("</table>");
    let title = escaped(title);
    format!(
        "{START}<title>{title}</title><style>\
         body{{font-family:sans-serif;margin:2em}}td,th{{padding:.2em .8em;text-align:right}}\
         .credited{{fill:#2a7}}.missed{{fill:#d55;opacity:.35}}</style><h1>{title}</h1>{body}</html>\n"
    )
}

/// What every page begins with.
const START: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
                     <meta name=\"generator\" content=\"ni-worker\">";

/// Whether a file begins as a page of [`page`] does.
#[must_use]
pub fn is_page(head: &[u8]) -> bool {
    head.starts_with(START.as_bytes())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Reason;

    fn entries() -> Vec<Entry> {
        let entry = |window, outcome| Entry {
            window,
            gpu: 0,
            at: 0,
            rounds: 1,
            idle_permille: Some(25),
            outcome,
        };
        let credited = |mops| Outcome::Credited {
            mops,
            tier: Some(2),
            pay: Some(1_500_000_000),
        };
        vec![
            entry(4, credited(10)),
            entry(5, Outcome::Missed(Reason::TooSlow)),
            entry(6, credited(80)),
        ]
    }

    #[test]
    fn the_chart_shows_heights_and_gaps() {
        assert_eq!(
            chart(&entries()),
            "gpu 0  ▁×█  windows 4 to 6, █ = 80 MOPS, × missed\n"
        );
        assert_eq!(chart(&[]), "");
        // Nothing but misses has no height.
        assert!(chart(&entries()[1..2]).contains("×"));
    }

    #[test]
    fn the_table_says_why_and_how_much() {
        let text = table(&entries()).to_string();
        for expected in ["1.5 NI", "too slow for the lowest tier", "2.5%"] {
            assert!(text.contains(expected), "{expected} is not in\n{text}");
        }
        let newest_first = text.find("80").zip(text.find("missed"));
        assert!(newest_first.is_some_and(|(newest, older)| newest < older));
    }

    #[test]
    fn the_page_stands_alone_and_escapes_what_it_shows() {
        let page = page("GPUs of <script>", &entries());
        assert!(page.contains("GPUs of &lt;script&gt;"));
        assert!(!page.contains("<script"));
        assert!(is_page(page.as_bytes()) && !is_page(b"<!doctype html><html lang=\"en\">"));
        assert_eq!(page.matches("<rect class=\"missed\"").count(), 1);
        assert_eq!(page.matches("<rect class=\"credited\"").count(), 2);
        for outside in ["http:", "https:", "src="] {
            assert!(!page.contains(outside), "it needs {outside}");
        }
    }
}
