// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! One of four is killed in the middle of a window's work, with a worker on it.

use anyhow::ensure;

use super::{by_author, completed};
use crate::{
    lab::{Lab, WITNESS},
    network::others,
};

/// Who is killed: the first node of the second worker.
const VICTIM: usize = 2;

pub(super) async fn run(lab: &mut Lab) -> anyhow::Result<Vec<String>> {
    let (window, opened) = lab.opening().await?;
    lab.all_work_on(window).await?;
    lab.network.kill(VICTIM).await?;
    let (died_at, _) = lab.best(WITNESS).await?;
    completed(lab, window).await?;
    let (closed_at, _) = lab.best(WITNESS).await?;
    lab.all_final(&others(&[VICTIM]), closed_at).await?;
    let authors = lab.authors(died_at + 2, closed_at).await?;
    ensure!(
        !authors.contains_key(&VICTIM),
        "the dead validator made a block"
    );
    // The commit of the next window is paid for this one.
    lab.paid(window).await?;
    let (back_at, _) = lab.best(WITNESS).await?;
    lab.start_again(VICTIM, &[]).await?;
    lab.all_final(&[VICTIM], back_at).await?;
    lab.connected(&[0, 1, 2, 3], 3).await?;
    Ok(vec![
        format!(
            "Killed at block {died_at}, {} blocks into window {window}, with a worker on it, \
             which went to its next node. The window closed by block {closed_at}, and the other \
             three hold that block final; every worker was credited in it and paid.",
            died_at.saturating_sub(opened)
        ),
        format!("While it was dead, {}.", by_author(&authors)),
        format!("Started again at block {back_at}, it took the blocks it had missed."),
    ])
}
