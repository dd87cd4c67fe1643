// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The plots, one panel a scenario.

use crate::{
    Outcome, Sample,
    hardware::{GENERATIONS, generation},
    in_ni,
};
use plotters::{
    coord::{combinators::IntoLogRange, ranged1d::AsRangedCoord},
    prelude::*,
    series::AreaSeries,
};
use std::{error::Error, ops::Range, path::Path};

/// What is drawn over the years: a name and its points.
type Line = (String, Vec<(f64, f64)>);

const YEARS: Range<f64> = 0.0..20.0;
const COLUMNS: usize = 4;
const ROWS: usize = 2;

/// How the vertical axis goes.
#[derive(Clone, Copy, PartialEq)]
enum Axis {
    Linear,
    Log,
}

/// Writes all plots to `folder`.
///
/// # Errors
///
/// What keeps a file from being written.
pub fn draw(folder: &Path, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    supply(folder, outcomes)?;
    miners(folder, outcomes)?;
    market(folder, outcomes)
}

/// What there is of NI, and where it comes from.
fn supply(folder: &Path, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let file = |name: &str| folder.join(name);
    panels(
        &file("supply.svg"),
        "supply, in million NI",
        Axis::Linear,
        outcomes,
        |outcome| {
            vec![
                over(outcome, "issuance", |s| Some(in_ni(s.issuance) / 1e6)),
                over(outcome, "ever minted", |s| Some(in_ni(s.minted) / 1e6)),
                over(outcome, "ever burned", |s| Some(in_ni(s.burned) / 1e6)),
                over(outcome, "cap", |_| Some(in_ni(outcome.audit.cap) / 1e6)),
            ]
        },
    )?;
    panels(
        &file("flows.svg"),
        "NI a day",
        Axis::Linear,
        outcomes,
        |outcome| {
            vec![
                daily(outcome, "minted", |s| in_ni(s.interval.minted)),
                daily(outcome, "recycled", |s| in_ni(s.interval.recycled)),
                daily(outcome, "burned", |s| in_ni(s.interval.burned)),
                daily(outcome, "net issuance", |s| {
                    in_ni(s.interval.minted) - in_ni(s.interval.burned)
                }),
            ]
        },
    )?;
    panels(
        &file("self-funded.svg"),
        "part of the emission that the recycle pool paid, in percent",
        Axis::Linear,
        outcomes,
        |outcome| {
            vec![over(outcome, "self-funded", |s| {
                s.self_funded().map(|part| 100.0 * part)
            })]
        },
    )
}

/// What miners are paid, and how many there are.
fn miners(folder: &Path, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let file = |name: &str| folder.join(name);
    stacks(
        &file("tiers.svg"),
        "paid to miners, in NI a day, by generation",
        outcomes,
        |outcome, number| daily(outcome, "", |s| s.interval.paid[number]).1,
    )?;
    stacks(
        &file("slots.svg"),
        "GPUs registered, by generation",
        outcomes,
        |outcome, number| over(outcome, "", |s| Some(f64::from(s.slots[number]))).1,
    )?;
    panels(
        &file("pay.svg"),
        "NI a day for a TOPS, by generation",
        Axis::Log,
        outcomes,
        |outcome| {
            (0..GENERATIONS)
                .map(|number| over(outcome, &generation(number).name(), |s| s.pay(number)))
                .collect()
        },
    )
}

/// What the buyback pays, and what NI and slots cost.
fn market(folder: &Path, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let file = |name: &str| folder.join(name);
    panels(
        &file("slippage.svg"),
        "what the buyback loses to fee, depth and delay, in percent; slices skipped, in percent",
        Axis::Linear,
        outcomes,
        |outcome| {
            vec![
                over(outcome, "on average", |s| s.slippage().map(|l| 100.0 * l)),
                over(outcome, "worst slice", |s| {
                    s.slippage().map(|_| 100.0 * s.interval.worst)
                }),
                over(outcome, "skipped", |s| {
                    let [bought, skipped] = s.interval.slices.map(f64::from);
                    (bought + skipped > 0.0).then(|| 100.0 * skipped / (bought + skipped))
                }),
            ]
        },
    )?;
    panels(
        &file("prices.svg"),
        "dollars for an NI outside and in the pool; NI for a slot",
        Axis::Log,
        outcomes,
        |outcome| {
            vec![
                over(outcome, "NI outside", |s| Some(s.price[0])),
                over(outcome, "NI in the pool", |s| Some(s.price[1])),
                over(outcome, "slot", |s| Some(s.slot_price)),
            ]
        },
    )?;
    panels(
        &file("pending.svg"),
        "days of revenue that wait to be spent",
        Axis::Linear,
        outcomes,
        |outcome| {
            vec![over(outcome, "days", |s| {
                let revenue = outcome.scenario.revenue(s.year());
                (revenue > 0.0).then(|| s.pending / revenue)
            })]
        },
    )
}

/// A value as short as it can be told from others.
fn label(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.01 {
        format!("{value:.0e}")
    } else {
        format!("{}", (value * 100.0).round() / 100.0)
    }
}

fn over(outcome: &Outcome, name: &str, value: impl Fn(&Sample) -> Option<f64>) -> Line {
    let points = outcome
        .samples
        .iter()
        .filter_map(|sample| Some((sample.year(), value(sample)?)));
    (name.to_owned(), points.collect())
}

/// What happened between samples, a day.
fn daily(outcome: &Outcome, name: &str, value: impl Fn(&Sample) -> f64) -> Line {
    let points = outcome.samples.windows(2).map(|pair| {
        let days = f64::from(pair[1].day - pair[0].day);
        (pair[1].year(), value(&pair[1]) / days)
    });
    (name.to_owned(), points.collect())
}

fn colour(number: usize, of: usize) -> RGBColor {
    if of <= 4 {
        return [
            RGBColor(31, 119, 180),
            RGBColor(214, 119, 14),
            RGBColor(200, 39, 40),
            RGBColor(90, 90, 90),
        ][number % 4];
    }
    #[allow(clippy::cast_precision_loss)]
    let hue = 0.8 * number as f64 / of as f64;
    let (red, green, blue) = HSLColor(hue, 0.65, 0.45).rgb();
    RGBColor(red, green, blue)
}

/// A sheet with a panel for each outcome.
fn sheet<'a>(
    path: &'a Path,
    title: &str,
    mut panel: impl FnMut(
        &DrawingArea<SVGBackend<'a>, plotters::coord::Shift>,
        usize,
    ) -> Result<(), Box<dyn Error>>,
    count: usize,
) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(path, (1_600, 760)).into_drawing_area();
    root.fill(&WHITE)?;
    let root = root.titled(title, ("sans-serif", 22))?;
    for (number, area) in root
        .split_evenly((ROWS, COLUMNS))
        .iter()
        .enumerate()
        .take(count)
    {
        panel(area, number)?;
    }
    root.present()?;
    Ok(())
}

/// The values that a panel shows: from nothing, or the smallest on a log axis, to a
/// little above the largest.
fn range(lines: &[Line], axis: Axis) -> Range<f64> {
    let values = || {
        lines
            .iter()
            .flat_map(|(_, points)| points.iter().map(|point| point.1))
    };
    let most = values().fold(f64::MIN_POSITIVE, f64::max);
    let least = values().fold(f64::INFINITY, f64::min);
    match axis {
        Axis::Linear => least.min(0.0)..(1.05 * most).max(1e-3),
        Axis::Log => {
            let from = least.max(1e-6 * most).max(1e-12);
            from..(1.2 * most).max(2.0 * from)
        }
    }
}

fn panels(
    path: &Path,
    title: &str,
    axis: Axis,
    outcomes: &[Outcome],
    lines: impl Fn(&Outcome) -> Vec<Line>,
) -> Result<(), Box<dyn Error>> {
    sheet(
        path,
        title,
        |area, number| {
            let outcome = &outcomes[number];
            let lines = lines(outcome);
            let values = range(&lines, axis);
            match axis {
                Axis::Linear => panel(area, outcome, values, &lines, number == 0),
                Axis::Log => panel(area, outcome, values.log_scale(), &lines, number == 0),
            }
        },
        outcomes.len(),
    )
}

fn panel<Y>(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    outcome: &Outcome,
    values: Y,
    lines: &[Line],
    legend: bool,
) -> Result<(), Box<dyn Error>>
where
    Y: AsRangedCoord<Value = f64>,
    Y::CoordDescType: plotters::coord::ranged1d::ValueFormatter<f64>,
{
    let mut chart = ChartBuilder::on(area)
        .caption(outcome.scenario.name(), ("sans-serif", 17))
        .margin(6)
        .x_label_area_size(22)
        .y_label_area_size(56)
        .build_cartesian_2d(YEARS, values)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_labels(5)
        .y_labels(6)
        .y_label_formatter(&|value| label(*value))
        .draw()?;
    for (number, (name, points)) in lines.iter().enumerate() {
        let colour = colour(number, lines.len());
        chart
            .draw_series(LineSeries::new(
                points.iter().copied(),
                colour.stroke_width(2),
            ))?
            .label(name)
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 14, y)], colour));
    }
    if legend && lines.len() > 1 {
        chart
            .configure_series_labels()
            .background_style(WHITE.mix(0.7))
            .label_font(("sans-serif", 11))
            .draw()?;
    }
    Ok(())
}

/// A sheet of stacked areas, one for each generation.
fn stacks(
    path: &Path,
    title: &str,
    outcomes: &[Outcome],
    points: impl Fn(&Outcome, usize) -> Vec<(f64, f64)>,
) -> Result<(), Box<dyn Error>> {
    sheet(
        path,
        title,
        |area, number| {
            let outcome = &outcomes[number];
            let mut sum: Vec<(f64, f64)> = points(outcome, 0).iter().map(|p| (p.0, 0.0)).collect();
            let mut layers: Vec<Line> = Vec::new();
            for number in 0..GENERATIONS {
                for (to, from) in sum.iter_mut().zip(points(outcome, number)) {
                    to.1 += from.1;
                }
                layers.push((generation(number).name(), sum.clone()));
            }
            let values = range(&layers, Axis::Linear);
            let mut chart = ChartBuilder::on(area)
                .caption(outcome.scenario.name(), ("sans-serif", 17))
                .margin(6)
                .x_label_area_size(22)
                .y_label_area_size(56)
                .build_cartesian_2d(YEARS, values)?;
            // The whole first, and each lower sum over it.
            for (row, (name, layer)) in layers.iter().enumerate().rev() {
                let colour = colour(row, layers.len());
                chart
                    .draw_series(AreaSeries::new(layer.iter().copied(), 0.0, colour.filled()))?
                    .label(name)
                    .legend(move |(x, y)| {
                        Rectangle::new([(x, y - 4), (x + 12, y + 4)], colour.filled())
                    });
            }
            chart
                .configure_mesh()
                .disable_mesh()
                .x_labels(5)
                .y_labels(6)
                .draw()?;
            if number == 0 {
                chart
                    .configure_series_labels()
                    .background_style(WHITE.mix(0.7))
                    .label_font(("sans-serif", 11))
                    .draw()?;
            }
            Ok(())
        },
        outcomes.len(),
    )
}
