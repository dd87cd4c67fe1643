// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! One of four runs on, and reaches nobody.

use anyhow::ensure;

use super::{by_author, completed};
use crate::{
    lab::{Lab, WITNESS},
    link::State,
    network::{others, peers},
};

/// Who is cut off. No worker relies on it alone.
const VICTIM: usize = 3;

pub(super) async fn run(lab: &mut Lab) -> anyhow::Result<Vec<String>> {
    let rest = others(&[VICTIM]);
    let (window, _) = lab.opening().await?;
    lab.all_work_on(window).await?;
    lab.network.between(&[VICTIM], &rest, State::Cut);
    lab.connected(&[VICTIM], 0).await?;
    lab.connected(&rest, 2).await?;
    let (cut_at, _) = lab.best(WITNESS).await?;
    completed(lab, window).await?;
    let (closed_at, _) = lab.best(WITNESS).await?;
    lab.all_final(&rest, closed_at).await?;
    ensure!(
        peers(&lab.chains[VICTIM]).await? == 0,
        "there is a way past the cut links"
    );
    let (alone, _) = lab.best(VICTIM).await?;
    let (alone_final, _) = lab.finalized(VICTIM).await?;
    ensure!(
        alone_final <= cut_at + 1,
        "alone it holds block {alone_final} final, and was cut off at block {cut_at}"
    );
    let authors = lab.authors(cut_at + 2, closed_at).await?;
    lab.network.between(&[VICTIM], &rest, State::SOUND);
    lab.connected(&[0, 1, 2, 3], 3).await?;
    lab.paid(window).await?;
    let (healed_at, _) = lab.best(WITNESS).await?;
    lab.all_final(&[VICTIM], healed_at).await?;
    Ok(vec![
        format!(
            "Cut off at block {cut_at}, in the work of window {window}, until block {closed_at}. \
             The three others closed the window and hold that block final; every worker was \
             credited in it and paid."
        ),
        format!(
            "Alone it stood at block {alone}, {alone_final} final: a validator without a peer \
             makes no blocks. Meanwhile, {}.",
            by_author(&authors)
        ),
        format!("Healed, it took what it had missed, and held block {healed_at} final too."),
    ])
}
