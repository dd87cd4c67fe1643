// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Measured fits, read from the generated `weights.rs` files.

use std::{collections::BTreeMap, fs, path::PathBuf};

/// A file's fits: its pallet, what its head says of the measurement, and each by name.
pub type File = (String, String, BTreeMap<String, Fit>);

/// What grows by one: so much time, so many accesses, so many bytes of proof.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Picoseconds of reference time, database accesses left out.
    pub time: u64,
    /// Bytes of proof.
    pub proof: u64,
    /// Keys read.
    pub reads: u64,
    /// Keys written.
    pub writes: u64,
}

/// One more unit of a driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slope {
    /// The driver's letter in the benchmark.
    pub driver: char,
    /// The smallest and largest value measured.
    pub range: (u32, u32),
    /// What each unit adds.
    pub each: Cost,
    /// Standard error of the time, in picoseconds.
    pub error: u64,
}

/// A call's or hook's fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// What it costs where all drivers are zero.
    pub base: Cost,
    /// What the drivers add.
    pub slopes: Vec<Slope>,
    /// The shortest run measured, in picoseconds.
    pub shortest: u64,
}

impl Cost {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self, times: u64) -> Self {
        Self {
            time: self.time + times * other.time,
            proof: self.proof + times * other.proof,
            reads: self.reads + times * other.reads,
            writes: self.writes + times * other.writes,
        }
    }
}

impl Fit {
    /// The cost with every driver at `units`.
    #[must_use]
    pub fn at(&self, units: u64) -> Cost {
        self.slopes
            .iter()
            .fold(self.base, |sum, slope| sum.plus(slope.each, units))
    }
}

/// When and where the file was measured, as its head says.
#[must_use]
pub fn measured(file: &str) -> Option<&str> {
    file.lines()
        .find_map(|line| line.strip_prefix("//! Date: "))
}

/// All fits of these files, each named by its folder: `pallets/NAME/src/weights.rs`,
/// `runtime/src/NAME/weights.rs` or `NAME/weights.rs`.
///
/// # Errors
///
/// The file that cannot be read, is in no pallet's folder, or is not as the template
/// writes it.
pub fn read(paths: &[PathBuf]) -> Result<Vec<File>, String> {
    paths
        .iter()
        .map(|path| {
            let name = path.display();
            let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
            let fits = parse(&text).map_err(|error| format!("{name}: {error}"))?;
            let measured = measured(&text).ok_or_else(|| format!("{name}: no date"))?;
            let folder = path
                .iter()
                .rev()
                .skip(1)
                .filter_map(|part| part.to_str())
                .find(|part| *part != "src")
                .ok_or_else(|| format!("{name} is in no pallet's folder"))?;
            Ok((folder.to_owned(), measured.to_owned(), fits))
        })
        .collect()
}

/// All fits of a `weights.rs` file, by name.
///
/// # Errors
///
/// The line that is not as the template writes it.
pub fn parse(file: &str) -> Result<BTreeMap<String, Fit>, String> {
    let ranges = ranges(file);
    let body = file
        .split_once("WeightInfo for SubstrateWeight<T> {")
        .and_then(|(_, rest)| rest.split_once("impl WeightInfo for ()"))
        .map(|(body, _)| body)
        .ok_or("there is no SubstrateWeight")?;
    let mut fits = BTreeMap::new();
    let mut lines = body.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let Some(name) = line
            .strip_prefix("fn ")
            .and_then(|rest| rest.split_once('(').map(|(name, _)| name))
        else {
            continue;
        };
        let mut text = String::new();
        let mut shortest = 0;
        for line in lines.by_ref().take_while(|line| *line != "}") {
            if let Some(rest) = line.strip_prefix("// Shortest run: ") {
                shortest = number(rest.trim_end_matches(" picoseconds."))?;
            } else if !line.starts_with("//") {
                text.push_str(line);
            }
        }
        let fit = fit(name, &text, &ranges, shortest)?;
        fits.insert(name.to_owned(), fit);
    }
    with_errors(file, fits)
}

/// Adds the standard errors, which stand in comments before the slopes they belong to.
fn with_errors(
    file: &str,
    mut fits: BTreeMap<String, Fit>,
) -> Result<BTreeMap<String, Fit>, String> {
    let mut name = "";
    let mut error = None;
    for line in file.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("fn ") {
            name = rest.split('(').next().unwrap_or_default();
        } else if let Some(rest) = line.strip_prefix("// Standard error: ") {
            error = Some(number(rest.trim_end_matches('.'))?);
        } else if let Some(error) = error.take() {
            let driver = driver(line);
            let slopes = fits.get_mut(name).map(|fit| &mut fit.slopes);
            for slope in slopes.into_iter().flatten() {
                if Some(slope.driver) == driver {
                    slope.error = error;
                }
            }
        }
    }
    Ok(fits)
}

/// `` /// `g` was measured from 1 to 16. `` above each function of the trait.
fn ranges(file: &str) -> BTreeMap<(String, char), (u32, u32)> {
    let mut ranges = BTreeMap::new();
    let mut found: Vec<(char, (u32, u32))> = Vec::new();
    for line in file.lines().map(str::trim) {
        if let Some((driver, rest)) = line
            .strip_prefix("/// `")
            .and_then(|rest| rest.split_once("` was measured from "))
            && let Some((from, to)) = rest.trim_end_matches('.').split_once(" to ")
            && let (Ok(from), Ok(to), Some(driver)) =
                (from.parse(), to.parse(), driver.chars().next())
        {
            found.push((driver, (from, to)));
        } else if let Some(name) = line
            .strip_prefix("fn ")
            .filter(|line| line.ends_with("Weight;"))
            .and_then(|rest| rest.split('(').next())
        {
            for (driver, range) in found.drain(..) {
                ranges.insert((name.to_owned(), driver), range);
            }
        }
    }
    ranges
}

fn number(text: &str) -> Result<u64, String> {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let digits = digits.trim_end_matches("u64");
    digits.parse().map_err(|_| format!("{text} is no number"))
}

/// The driver that a part of a sum is multiplied with.
fn driver(part: &str) -> Option<char> {
    let (before, _) = part.split_once(".into()")?;
    before.chars().last()
}

/// The sum that a function's body is.
fn fit(
    name: &str,
    text: &str,
    ranges: &BTreeMap<(String, char), (u32, u32)>,
    shortest: u64,
) -> Result<Fit, String> {
    let mut fit = Fit {
        base: Cost::default(),
        slopes: Vec::new(),
        shortest,
    };
    for part in text.split(".saturating_add(") {
        let cost = cost(part).map_err(|error| format!("{name}: {error}"))?;
        let Some(driver) = driver(part) else {
            fit.base = fit.base.plus(cost, 1);
            continue;
        };
        let range = ranges.get(&(name.to_owned(), driver));
        let range = *range.ok_or_else(|| format!("{name}: no range of {driver}"))?;
        match fit.slopes.iter_mut().find(|slope| slope.driver == driver) {
            Some(slope) => slope.each = slope.each.plus(cost, 1),
            None => fit.slopes.push(Slope {
                driver,
                range,
                each: cost,
                error: 0,
            }),
        }
    }
    Ok(fit)
}

/// `Weight::from_parts(time, proof)`, `…reads(n_u64)` or `…writes((n_u64)…`.
fn cost(part: &str) -> Result<Cost, String> {
    let within = |open: &str| {
        let (_, rest) = part.split_once(open)?;
        let rest = rest.trim_start_matches('(');
        rest.split_once(')').map(|(within, _)| within)
    };
    if let Some(parts) = within("Weight::from_parts(") {
        let (time, proof) = parts
            .split_once(',')
            .ok_or_else(|| format!("{part} has one part"))?;
        return Ok(Cost {
            time: number(time.trim())?,
            proof: number(proof.trim())?,
            ..Cost::default()
        });
    }
    if let Some(reads) = within(".reads(") {
        let reads = number(reads)?;
        return Ok(Cost {
            reads,
            ..Cost::default()
        });
    }
    if let Some(writes) = within(".writes(") {
        let writes = number(writes)?;
        return Ok(Cost {
            writes,
            ..Cost::default()
        });
    }
    Err(format!("{part} is no weight"))
}
