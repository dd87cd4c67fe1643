// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The clock of one of four is ahead by more slots than others put up with.
//!
//! The node reads the system's clock, which a test cannot move. `libfaketime` stands
//! between a process and the system's clock; the Debian package of that name has it.

use std::path::Path;

use anyhow::ensure;

use super::{Outcome, by_author, completed};
use crate::{
    lab::{Lab, WITNESS},
    network::others,
};

/// Whose clock it is.
const VICTIM: usize = 3;

/// By how many slots it is ahead. One is within what BABE allows.
const AHEAD: u32 = 5;

/// Where Debian has the library.
const LIBRARIES: [&str; 2] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

pub(super) async fn run(lab: &mut Lab) -> anyhow::Result<Outcome> {
    let found = LIBRARIES.iter().map(Path::new).find(|path| path.is_file());
    let Some(library) = found else {
        return Ok(Outcome::Skipped(
            "no libfaketime here: `apt-get install libfaketime`, then start again".to_owned(),
        ));
    };
    let ahead = lab.network.slot() * AHEAD;
    lab.restart(VICTIM, &environment(library, ahead.as_secs_f64()))
        .await?;
    let (window, opened) = lab.opening().await?;
    completed(lab, window).await?;
    let (closed_at, _) = lab.best(WITNESS).await?;
    let rest = others(&[VICTIM]);
    lab.all_final(&rest, closed_at).await?;
    let authors = lab.authors(opened, closed_at).await?;
    ensure!(
        rest.iter().all(|index| authors.contains_key(index)),
        "of some validator with the right time no block stands: {}",
        by_author(&authors)
    );
    let (skewed, _) = lab.finalized(VICTIM).await?;
    lab.restart(VICTIM, &[]).await?;
    lab.connected(&[0, 1, 2, 3], 3).await?;
    lab.paid(window).await?;
    let (right_at, _) = lab.best(WITNESS).await?;
    lab.all_final(&[VICTIM], right_at).await?;
    Ok(Outcome::Held(vec![
        format!(
            "With one clock {AHEAD} slots ahead, window {window} was completed by block \
             {closed_at}, which the others hold final; every worker was credited in it and paid."
        ),
        format!(
            "In it, {}. The one ahead held block {skewed} final then.",
            by_author(&authors)
        ),
        format!("With its clock set right it holds block {right_at} final, as the others do."),
    ]))
}

/// What makes a process read a clock that is ahead by so many seconds. How much time
/// passes stays what it is: timers are not touched.
fn environment(library: &Path, ahead: f64) -> [String; 3] {
    [
        format!("LD_PRELOAD={}", library.display()),
        format!("FAKETIME=+{ahead}s"),
        "FAKETIME_DONT_FAKE_MONOTONIC=1".to_owned(),
    ]
}
