// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What came of a run: what did not hold, and the page that says so.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    path::Path,
};

use ni_client::amount::Amount;
use ni_worker::history::{Entry, Outcome};
use plotters::prelude::*;
use worker_faults::worker::Remains;

use super::{GRACE, GROWTH, IDLE, Sample, WORKED};

/// What a worker's metrics said at the end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) credited: Option<f64>,
    pub(crate) rewards: Option<f64>,
}

/// A run that has ended.
pub(crate) struct Report {
    pub(crate) seconds: u64,
    pub(crate) blocks: u64,
    /// How often each trouble came, by its name.
    pub(crate) troubles: BTreeMap<String, u32>,
    /// The steady worker's, one before each trouble.
    pub(crate) samples: Vec<Sample>,
    /// The steady worker's metrics.
    pub(crate) shown: Shown,
    /// The steady worker first.
    pub(crate) workers: [Remains; 2],
}

impl Report {
    /// What did not hold, in words.
    pub(crate) fn problems(&self) -> Vec<String> {
        let [steady, _] = &self.workers;
        let mut problems = growth(&self.samples, steady.history.len());
        problems.extend(store(&self.samples, explained(steady)));
        for worker in &self.workers {
            let of = |problem| format!("{}: {problem}", worker.name);
            problems.extend(worker.books.faults(0).into_iter().map(of));
            problems.extend(worker.differences().into_iter().map(of));
            problems.extend(worker.books.outside(&GRACE).into_iter().map(of));
        }
        problems.extend(busy(&idle(&steady.history)));
        problems.extend(too_little(&worked(steady)));
        problems.extend(metrics(steady, self.shown));
        problems
    }

    /// Draws the steady worker's memory and files over the run.
    pub(crate) fn draw(&self, path: &Path) -> anyhow::Result<()> {
        draw(&self.samples, path).map_err(|cause| {
            anyhow::anyhow!("the plot {} cannot be drawn: {cause}", path.display())
        })
    }

    /// The page. `made` says when, where and of what it was made.
    pub(crate) fn page(&self, made: &str) -> Result<String, fmt::Error> {
        let mut page = format!(
            "# Workers left running\n\n\
             Written by `make soak`; do not edit. Made {made}.\n\n\
             Two workers mine on a development chain with a block a second and {} blocks for reveals, behind a proxy: `steady` on the first\n\
             adapter, `killed` on the CPU. Each trouble comes {} blocks after the end of the one before, on another part of the window each time, \
             and lasts {} blocks\nwhere it is a node's. The command fails where anything does not hold.\n\n",
            super::REVEAL,
            super::PAUSE,
            super::BAD
        );
        let problems = self.problems();
        writeln!(
            page,
            "{} s, {} blocks: **{}**\n",
            self.seconds,
            self.blocks,
            if problems.is_empty() {
                "everything held"
            } else {
                "not everything held"
            }
        )?;
        for problem in &problems {
            writeln!(page, "- {problem}")?;
        }
        if !problems.is_empty() {
            page.push('\n');
        }
        page.push_str("| trouble | times |\n|---|---:|\n");
        for (trouble, times) in &self.troubles {
            writeln!(page, "| {trouble} | {times} |")?;
        }
        self.workers(&mut page)?;
        self.sizes(&mut page)?;
        Ok(page)
    }

    fn workers(&self, page: &mut String) -> fmt::Result {
        writeln!(
            page,
            "\n## Windows\n\nEvery window between a worker's first and the last is in its history, as the chain has it: \
             credited, or missed\nfor a reason that its log gives. Commits count only in the grace blocks, {} to {} \
             blocks after the opening.\n\n\
             | worker | windows | credited | missed | commits, by blocks after the opening | most commits in a window | punished | \
             idle within the work time: median, worst |\n|---|---:|---:|---:|---|---:|---:|---|",
            GRACE.start(),
            GRACE.end()
        )?;
        for worker in &self.workers {
            let credited = worker.history.iter().filter(is_credited).count();
            let mut offsets = BTreeMap::<u64, u32>::new();
            for (_, offset) in worker.books.commits() {
                *offsets.entry(offset).or_default() += 1;
            }
            let offsets: Vec<_> = offsets
                .iter()
                .map(|(offset, times)| format!("{offset}: {times}"))
                .collect();
            let gpus = worker.books.gpus.values();
            let idle = idle(&worker.history);
            writeln!(
                page,
                "| `{}` | {} | {credited} | {} | {} | {} | {} | {} ‰, {} ‰ |",
                worker.name,
                worker.history.len(),
                worker.history.len() - credited,
                offsets.join(", "),
                gpus.clone().map(|gpu| gpu.commits.len()).max().unwrap_or(0),
                gpus.map(|gpu| gpu.punished).sum::<u32>(),
                median(&idle).unwrap_or_default(),
                idle.last().copied().unwrap_or_default(),
            )?;
        }
        page.push('\n');
        for worker in &self.workers {
            for entry in &worker.history {
                if let Outcome::Missed(reason) = entry.outcome {
                    writeln!(
                        page,
                        "- `{}` missed window {}: {}",
                        worker.name,
                        entry.window,
                        reason.meaning()
                    )?;
                }
            }
        }
        let [steady, _] = &self.workers;
        let shares = worked(steady);
        writeln!(
            page,
            "\nOf the rounds that `steady` would have computed in all of the time that the chain counts, it has shown \
             {} ‰ in the usual window\nand {} ‰ in the worst of {}. Less than {WORKED} ‰ in the usual window fails.",
            median(&shares).unwrap_or_default(),
            shares.first().copied().unwrap_or_default(),
            shares.len(),
        )?;
        let number = |value: Option<f64>| value.map_or("nothing".into(), |value| value.to_string());
        writeln!(
            page,
            "\nThe metrics of `steady` at the end, over the whole run: {} windows credited, {} units paid. The chain's \
             events: {} windows, {} units ({}).",
            number(self.shown.credited),
            number(self.shown.rewards),
            on_chain(steady),
            steady.books.paid(0),
            Amount(steady.books.paid(0)),
        )
    }

    fn sizes(&self, page: &mut String) -> fmt::Result {
        writeln!(
            page,
            "\n## Memory and files of `steady`\n\nThe median of each quarter of the run; neither memory nor the history \
             may grow by more than {GROWTH}% from the second to\nthe last. The history holds the last 1,000 windows, which \
             a run as short as this does not fill: until then each may add {ENTRY} bytes.\nThe store goes up and down in \
             steps of a record, whose length is that of the rounds which the machine had time for: it may\nnever take more \
             than {} bytes, by its largest record.\n\n| quarter | memory, KiB | store, bytes | history, bytes |\n|---|---:|---:|---:|",
            explained(&self.workers[0]).map_or("no".to_owned(), |most| most.to_string())
        )?;
        let length = (self.samples.len() / 4).max(1);
        for (number, quarter) in (1..).zip(self.samples.chunks(length).take(4)) {
            let [memory, store, history] = SIZES.map(|(_, of)| usual(quarter, of));
            writeln!(page, "| {number} | {memory} | {store} | {history} |")?;
        }
        page.push_str("\n![Memory and files over the run](sizes.svg)\n");
        Ok(())
    }
}

/// One of the sizes in a sample.
type Size = fn(&Sample) -> u64;

const SIZES: [(&str, Size); 3] = [
    ("memory", |sample| sample.memory),
    ("the store", |sample| sample.store),
    ("the history", |sample| sample.history),
];

/// The one in the middle of sorted values.
fn median<T: Copy>(sorted: &[T]) -> Option<T> {
    sorted.get(sorted.len() / 2).copied()
}

/// The median size of these samples.
fn usual(samples: &[Sample], of: Size) -> u64 {
    let mut sizes: Vec<_> = samples.iter().map(of).collect();
    sizes.sort_unstable();
    median(&sizes).unwrap_or_default()
}

/// Most bytes that one window adds to the history, until it holds as many as it keeps.
const ENTRY: u64 = 256;

/// What grows that should not, in a run of so many windows.
fn growth(samples: &[Sample], windows: usize) -> Vec<String> {
    let quarter = samples.len() / 4;
    if quarter == 0 {
        return vec!["too short to tell whether memory grows: give it more --minutes".to_owned()];
    }
    let second = &samples[quarter..2 * quarter];
    let last = &samples[samples.len() - quarter..];
    // From the middle of one quarter to that of the other it is half of the run.
    let entries = ENTRY * windows as u64 / 2;
    let [memory, _, history] = SIZES;
    [(memory, 0), (history, entries)]
        .into_iter()
        .filter_map(|((what, of), more)| {
            let (before, after) = (usual(second, of), usual(last, of));
            (after > before + before * GROWTH / 100 + more)
                .then(|| format!("{what} grew from {before} to {after}"))
        })
        .collect()
}

/// The most that the store may take, by the work of the most rounds that the worker has
/// made; `None` where it has made none.
fn explained(worker: &Remains) -> Option<u64> {
    let mut record = worker.stored.clone()?;
    let rounds = worker.history.iter().map(|entry| entry.rounds as usize);
    let rounds = rounds.fold(record.round_roots.len(), usize::max);
    record.round_roots.resize(rounds, [0; 32]);
    Some(record.most_bytes())
}

/// Whether the store took more than this.
fn store(samples: &[Sample], explained: Option<u64>) -> Option<String> {
    let taken = samples.iter().map(|sample| sample.store).max()?;
    match explained {
        None => Some("the store holds no work".to_owned()),
        Some(most) if taken > most => Some(format!(
            "the store took {taken} bytes, where its largest record explains {most}"
        )),
        Some(_) => None,
    }
}

fn is_credited(entry: &&Entry) -> bool {
    matches!(entry.outcome, Outcome::Credited { .. })
}

/// How long the prover was idle within the work time of each window that was credited,
/// in thousandths, sorted.
fn idle(history: &[Entry]) -> Vec<u16> {
    let mut idle: Vec<_> = history
        .iter()
        .filter(is_credited)
        .filter_map(|entry| entry.idle_permille)
        .collect();
    idle.sort_unstable();
    idle
}

/// Whether the prover was idle for too long in the usual window: in one in which a node
/// was bad it may have had nothing to do.
fn busy(idle: &[u16]) -> Option<String> {
    match median(idle) {
        None => Some("no window says how long the prover was idle".to_owned()),
        Some(idle) if idle > IDLE => Some(format!(
            "the prover was idle for {idle} ‰ of the usual window's work time"
        )),
        Some(_) => None,
    }
}

/// The share of the counted time that the worker has worked in each window that was
/// credited, in thousandths, sorted.
fn worked(worker: &Remains) -> Vec<u64> {
    let mut shares: Vec<_> = worker.worked_permille().into_values().collect();
    shares.sort_unstable();
    shares
}

/// Whether the worker has worked for too little of the time that counts.
fn too_little(shares: &[u64]) -> Option<String> {
    match median(shares) {
        None => Some("no window says how much of the counted time was worked".to_owned()),
        Some(share) if share < WORKED => Some(format!(
            "only {share} ‰ of the counted time were worked in the usual window"
        )),
        Some(_) => None,
    }
}

/// Windows that the chain has credited to it since its first and that are over.
fn on_chain(worker: &Remains) -> usize {
    let first = worker.history.first().map_or(0, |entry| entry.window);
    let gpus = worker.books.gpus.range((first, 0)..);
    gpus.filter(|((window, _), gpu)| {
        worker.books.closed.contains_key(window) && !gpu.credits.is_empty()
    })
    .count()
}

/// Where the metrics are not what the chain says.
fn metrics(worker: &Remains, shown: Shown) -> Vec<String> {
    let mut problems = Vec::new();
    let (credited, paid) = (on_chain(worker), worker.books.paid(0));
    if shown.credited != Some(credited as f64) {
        problems.push(format!(
            "metrics: {:?} windows credited, {credited} on chain",
            shown.credited
        ));
    }
    if shown.rewards != Some(paid as f64) {
        problems.push(format!(
            "metrics: {:?} paid, {paid} on chain",
            shown.rewards
        ));
    }
    problems
}

/// Draws each size as a share of its greatest.
fn draw(samples: &[Sample], path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::new(path, (900, 320)).into_drawing_area();
    root.fill(&WHITE)?;
    let from = samples.first().map_or(0, |sample| sample.block);
    let to = samples.last().map_or(1, |sample| sample.block);
    let mut chart = ChartBuilder::on(&root)
        .caption("steady: percent of the greatest", ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(44)
        .build_cartesian_2d(from..to.max(from + 1), 0.0..105.0)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("block")
        .draw()?;
    let colours = [
        RGBColor(52, 101, 164),
        RGBColor(204, 0, 0),
        RGBColor(78, 154, 6),
    ];
    for ((what, of), colour) in SIZES.iter().zip(colours) {
        let greatest = samples.iter().map(of).max().unwrap_or(1).max(1);
        let points = samples
            .iter()
            .map(|sample| (sample.block, 100.0 * of(sample) as f64 / greatest as f64));
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            .label(format!("{what}, at most {greatest}"))
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 14, y)], colour));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.8))
        .label_font(("sans-serif", 12))
        .draw()?;
    root.present()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(memory: impl Fn(u64) -> u64, history: impl Fn(u64) -> u64) -> Vec<Sample> {
        (0..16)
            .map(|number| Sample {
                block: number,
                memory: memory(number),
                store: 5,
                history: history(number),
            })
            .collect()
    }

    #[test]
    fn growth_is_told_from_noise() {
        let grown = |samples: &[Sample]| growth(samples, 16);
        let noise = |number| 1_000 + number % 3;
        assert_eq!(grown(&samples(noise, |_| 5)), [""; 0]);
        let memory = grown(&samples(|number| 1_000 + 50 * number, |_| 5));
        assert_eq!(memory.len(), 1);
        assert!(memory[0].starts_with("memory grew"), "{memory:?}");
        assert_eq!(grown(&samples(noise, |_| 5)[..3]).len(), 1);
        // A window a sample, and each may add an entry.
        assert_eq!(grown(&samples(noise, |number| ENTRY * number)), [""; 0]);
        let history = grown(&samples(noise, |number| 2 * ENTRY * number));
        assert_eq!(history.len(), 1);
        assert!(history[0].starts_with("the history grew"), "{history:?}");
    }

    #[test]
    fn a_store_may_take_what_its_records_explain() {
        let five = samples(|_| 1, |_| 1);
        assert_eq!(store(&five, Some(5)), None);
        assert!(store(&five, Some(4)).is_some_and(|problem| problem.contains("took 5 bytes")));
        assert!(store(&five, None).is_some());
    }

    #[test]
    fn a_worker_that_works_for_too_little_of_the_counted_time_is_told() {
        // A window in which the node was bad is not the usual one.
        assert_eq!(too_little(&[300, 940, 970]), None);
        let told = too_little(&[640, 643, 970]).expect("the usual window");
        assert!(told.contains("643"), "{told}");
        assert!(too_little(&[]).is_some());
    }

    #[test]
    fn a_prover_that_is_idle_is_told_from_one_that_lost_a_window_or_two() {
        assert_eq!(busy(&[1, 2, 3, 4, 900]), None);
        assert!(busy(&[1, 2, 51, 60, 61]).is_some());
        assert!(busy(&[]).is_some());
    }
}
