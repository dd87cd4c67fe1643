// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The same as bars.

use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::report::Device;

/// Pixels across, and of each bar.
const WIDTH: u32 = 900;
const BAR: u32 = 34;

/// Draws a device's products a second, and the vendor's ceilings where they are known.
pub(crate) fn write(device: &Device, file: &Path) -> Result<()> {
    let mut bars: Vec<(String, f64, RGBColor)> = device
        .bars
        .iter()
        .map(|bar| (bar.name.clone(), bar.gops, RGBColor(52, 101, 164)))
        .collect();
    if let Ok(vendor) = &device.vendor {
        let color = RGBColor(136, 138, 133);
        bars.push(("library, f16".into(), vendor.f16, color));
        bars.push(("library, f32".into(), vendor.f32, color));
    }
    let count = u32::try_from(bars.len())?;
    let most = bars.iter().map(|(_, gops, _)| *gops).fold(1.0, f64::max);
    let root = SVGBackend::new(file, (WIDTH, BAR * count + 90)).into_drawing_area();
    let failed = |error: &dyn std::fmt::Display| anyhow!("cannot draw {}: {error}", file.display());
    root.fill(&WHITE).map_err(|error| failed(&error))?;
    let mut chart = ChartBuilder::on(&root)
        .caption(
            format!("{}, {}: GOPS", device.name, device.workload),
            ("sans-serif", 18),
        )
        .margin(12)
        .x_label_area_size(24)
        .build_cartesian_2d(-0.45 * most..most * 1.15, 0.0..f64::from(count))
        .map_err(|error| failed(&error))?;
    for (row, (name, gops, color)) in bars.iter().rev().enumerate() {
        let bottom = f64::from(u32::try_from(row)?);
        let elements = [Rectangle::new(
            [(0.0, bottom + 0.15), (*gops, bottom + 0.85)],
            color.filled(),
        )];
        chart
            .draw_series(elements)
            .map_err(|error| failed(&error))?;
        let style = ("sans-serif", 14).into_font();
        chart
            .draw_series([
                Text::new(name.clone(), (-0.44 * most, bottom + 0.65), style.clone()),
                Text::new(
                    format!("{gops:.1}"),
                    (gops + 0.01 * most, bottom + 0.65),
                    style,
                ),
            ])
            .map_err(|error| failed(&error))?;
    }
    root.present().map_err(|error| failed(&error))?;
    Ok(())
}
