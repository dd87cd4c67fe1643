// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The plot: how often who skips is caught, measured against theory.

use crate::{
    skipping::{Kind, Outcome},
    theory::detection,
};
use plotters::prelude::*;
use std::{error::Error, path::Path};

const COLOURS: [RGBColor; 3] = [
    RGBColor(31, 119, 180),
    RGBColor(214, 119, 14),
    RGBColor(200, 39, 40),
];

/// Draws the share of windows in which each liar was caught, with two standard errors
/// either way, over the curves 1 − (1 − φ)^q.
///
/// # Errors
///
/// What keeps the file from being written.
pub fn draw(path: &Path, outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(path, (900, 560)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(
            "windows in which a liar is caught, by the share of work it skips",
            ("sans-serif", 20),
        )
        .margin(10)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d((0.008..1.1).log_scale(), 0.0..1.05)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_desc("share skipped")
        .y_desc("caught")
        .x_label_formatter(&|share: &f64| format!("{}%", (share * 1_000.0).round() / 10.0))
        .y_label_formatter(&|caught: &f64| format!("{:.0}%", caught * 100.0))
        .draw()?;
    for (outcome, colour) in outcomes.iter().zip(COLOURS) {
        let samples = outcome.run.samples;
        let curve = (0..=200).map(|step| {
            let share = 0.008 * (1.0 / 0.008_f64).powf(f64::from(step) / 200.0);
            (share, detection(share, samples))
        });
        chart
            .draw_series(LineSeries::new(curve, colour.stroke_width(2)))?
            .label(format!("1 − (1 − φ)^{samples}"))
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 16, y)], colour));
        let windows = f64::from(outcome.run.windows);
        let measured = outcome
            .fates
            .iter()
            .filter(|fate| fate.kind == Kind::Bold)
            .map(|fate| {
                let caught = f64::from(fate.caught) / windows;
                let error = 2.0 * (caught * (1.0 - caught) / windows).sqrt();
                (fate.fraction(), caught, error)
            });
        for (share, caught, error) in measured {
            let bar = vec![(share, caught - error), (share, caught + error)];
            chart.draw_series([PathElement::new(bar, colour.stroke_width(1))])?;
            chart.draw_series([Circle::new((share, caught), 4, colour.filled())])?;
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.8))
        .label_font(("sans-serif", 14))
        .draw()?;
    root.present()?;
    Ok(())
}
