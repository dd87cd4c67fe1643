// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! One of four is far away.

use std::time::Duration;

use anyhow::ensure;

use super::{by_author, completed};
use crate::{
    lab::{Lab, WITNESS},
    link::State,
    network::others,
};

/// Who is far away.
const VICTIM: usize = 3;

/// How much later everything arrives, each way.
const DELAY: Duration = Duration::from_millis(300);

pub(super) async fn run(lab: &mut Lab) -> anyhow::Result<Vec<String>> {
    let rest = others(&[VICTIM]);
    lab.network.between(&[VICTIM], &rest, State::Up(DELAY));
    let (window, opened) = lab.opening().await?;
    completed(lab, window).await?;
    let (closed_at, _) = lab.best(WITNESS).await?;
    // The far one takes part in finality, and so does everyone else.
    lab.all_final(&[0, 1, 2, 3], closed_at).await?;
    let authors = lab.authors(opened, closed_at).await?;
    ensure!(
        authors.get(&VICTIM).is_some_and(|blocks| *blocks > 0),
        "none of the far validator's blocks stands: {}",
        by_author(&authors)
    );
    lab.network.between(&[VICTIM], &rest, State::SOUND);
    lab.paid(window).await?;
    Ok(vec![
        format!(
            "With {} ms each way, window {window} was completed by block {closed_at}, which all \
             four hold final; every worker was credited in it and paid.",
            DELAY.as_millis()
        ),
        format!("In it, {}.", by_author(&authors)),
    ])
}
