// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What was measured on a device, as a table for people.

use std::fmt::Write;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use proof_of_gpu_primitives::Workload;

use crate::vendor::Ceilings;

/// One way to multiply.
pub(crate) struct Bar {
    pub(crate) name: String,
    /// 10⁹ operations a second, in the best pass.
    pub(crate) gops: f64,
    /// 10⁹ operations a second of processor time, over all passes; CPU adapters only.
    pub(crate) gops_by_cpu_time: Option<f64>,
}

/// One stage of a round.
pub(crate) struct StageTime {
    pub(crate) name: &'static str,
    pub(crate) best: Duration,
}

/// What was measured on a device.
pub(crate) struct Device {
    pub(crate) name: String,
    pub(crate) driver: String,
    pub(crate) kind: String,
    pub(crate) workload: Workload,
    /// The shape given to what is not a kernel of the prover.
    pub(crate) small: Workload,
    pub(crate) passes: u32,
    pub(crate) bars: Vec<Bar>,
    /// The kernel in the stages.
    pub(crate) kernel: String,
    pub(crate) stages: Vec<StageTime>,
    /// GB read and written a second by a copy through the same interface.
    pub(crate) copy: f64,
    pub(crate) vendor: Result<Ceilings, String>,
}

/// The device's and its driver's name as a file's.
pub(crate) fn file_name(device: &Device) -> String {
    let mut name = String::new();
    for c in format!("{} {}", device.name, device.driver).chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            name.push(c.to_ascii_lowercase());
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.trim_matches('-').to_owned()
}

/// The table.
pub(crate) fn markdown(device: &Device) -> Result<String> {
    let mut text = String::new();
    writeln!(text, "# {}\n", device.name)?;
    writeln!(
        text,
        "{}, {} adapter, driver {}, {} {}. Workload {}, best of {} passes; naive and gemm: {}.",
        date(),
        device.kind,
        device.driver,
        std::env::consts::OS,
        std::env::consts::ARCH,
        device.workload,
        device.passes,
        device.small
    )?;
    let command: Vec<_> = std::env::args().skip(1).collect();
    writeln!(
        text,
        "Command: `make roofline{}`.\n",
        if command.is_empty() {
            String::new()
        } else {
            format!(" ARGS='{}'", command.join(" "))
        }
    )?;
    let naive = device.bars.iter().find(|bar| bar.name == "naive");
    writeln!(
        text,
        "| product by | GOPS | of naive | GOPS a core by processor time | of naive |\n|---|---|---|---|---|"
    )?;
    for bar in &device.bars {
        let ratio = naive.map_or(f64::NAN, |naive| bar.gops / naive.gops);
        let by_cpu = bar.gops_by_cpu_time;
        let ratio_by_cpu = naive.and_then(|naive| Some(by_cpu? / naive.gops_by_cpu_time?));
        let cell = |value: Option<f64>, unit: &str| match value {
            Some(value) => format!("{value:.2}{unit}"),
            None => "–".into(),
        };
        writeln!(
            text,
            "| {} | {:.2} | {ratio:.2}× | {} | {} |",
            bar.name,
            bar.gops,
            cell(by_cpu, ""),
            cell(ratio_by_cpu, "×")
        )?;
    }
    writeln!(
        text,
        "\n| stage, with {} | ms | share |\n|---|---|---|",
        device.kernel
    )?;
    let total: Duration = device.stages.iter().map(|stage| stage.best).sum();
    for stage in &device.stages {
        writeln!(
            text,
            "| {} | {:.3} | {:.1}% |",
            stage.name,
            stage.best.as_secs_f64() * 1e3,
            stage.best.as_secs_f64() / total.as_secs_f64() * 100.0
        )?;
    }
    writeln!(
        text,
        "\nEach stage is submitted alone and waited for, so that its time holds a submission's.\n"
    )?;
    writeln!(text, "| ceiling | |\n|---|---|")?;
    writeln!(
        text,
        "| copy through Vulkan | {:.1} GB/s read and written |",
        device.copy
    )?;
    match &device.vendor {
        Ok(vendor) => {
            let best = device.bars.iter().map(|bar| bar.gops).fold(0.0, f64::max);
            writeln!(
                text,
                "| library | {} on {} |",
                vendor.software, vendor.device
            )?;
            for (name, gops) in [("f16", vendor.f16), ("f32, TF32 off", vendor.f32)] {
                writeln!(
                    text,
                    "| product of {name} | {gops:.0} GOPS; the best kernel reaches {:.1}% |",
                    best / gops * 100.0
                )?;
            }
            writeln!(text, "| copy by the library | {:.1} GB/s |", vendor.copy)?;
        }
        Err(missing) => writeln!(text, "| the vendor's library | not measured: {missing} |")?,
    }
    writeln!(text, "\n![the same as bars]({}.svg)", file_name(device))?;
    Ok(text)
}

/// Today, UTC, as the Gregorian calendar writes it.
fn date() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    calendar(now.unwrap_or_default().as_secs() / 86_400)
}

/// Days since 1970 as year, month and day (Howard Hinnant's `civil_from_days`).
fn calendar(days: u64) -> String {
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, (month + 2) % 12 + 1);
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device() -> Device {
        let bar = |name: &str, gops| Bar {
            name: name.into(),
            gops,
            gops_by_cpu_time: None,
        };
        Device {
            name: "A Card (rev. 2)".into(),
            driver: "driver 1.0".into(),
            kind: "discrete".into(),
            workload: Workload::new(128, 128, 64),
            small: Workload::new(64, 64, 64),
            passes: 3,
            bars: vec![bar("tiled", 60.0), bar("naive", 15.0)],
            kernel: "tiled".into(),
            stages: vec![StageTime {
                name: "multiply",
                best: Duration::from_millis(2),
            }],
            copy: 10.0,
            vendor: Ok(Ceilings {
                software: "library".into(),
                device: "card".into(),
                f16: 100.0,
                f32: 80.0,
                copy: 12.0,
            }),
        }
    }

    #[test]
    fn the_table_holds_the_ratios() {
        let text = markdown(&device()).expect("writes");
        assert!(text.contains("| tiled | 60.00 | 4.00× | – | – |"), "{text}");
        assert!(text.contains("the best kernel reaches 60.0%"), "{text}");
        let without = Device {
            vendor: Err("no CUDA".into()),
            ..device()
        };
        let text = markdown(&without).expect("writes");
        assert!(text.contains("not measured: no CUDA"), "{text}");
    }

    #[test]
    fn names_make_files() {
        assert_eq!(file_name(&device()), "a-card-rev.-2-driver-1.0");
    }

    #[test]
    fn days_make_dates() {
        for (days, date) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_454, "2026-01-01"),
        ] {
            assert_eq!(calendar(days), date);
        }
    }
}
