// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Two and two, across the opening of a window: both sides open it, each by the
//! outputs of its own authors, and a worker on each side begins to prove. No side has
//! the votes for finality. When the partition heals one of the two chains stands, and
//! the worker of the other must notice, give up and prove the right challenge.

use anyhow::{Context, bail, ensure};
use ni_client::types::Bytes32;
use subxt::utils::H256;

use super::completed;
use crate::{
    lab::{Lab, PATIENCE, Point, WITNESS, times_said, until},
    link::State,
    network::peers,
    spec::VALIDATORS,
    unshown::Unshown,
};

/// One side, with the node of the first worker.
const ONE: [usize; 2] = [0, 1];

/// The other side, with the node of the second worker.
const OTHER: [usize; 2] = [2, 3];

/// Blocks that each side makes alone, at half the pace: more than finality lags
/// behind, and few enough that there is time left to prove more than the lowest
/// tier's floor.
const APART: u64 = 5;

/// What became of the two sides.
#[derive(Clone, Debug)]
pub struct Sides {
    /// The window that both opened.
    pub window: u32,
    /// The last block that both had.
    pub parted_at: u64,
    /// The highest block that anyone held final while they were parted.
    pub final_while_parted: u64,
    /// What each side drew its challenges from.
    pub beacons: [Bytes32; 2],
    /// What the challenges of the chain that stands are drawn from.
    pub right: Bytes32,
    /// How often each side's worker began to work on the window.
    pub begun: [usize; 2],
    /// How often each side's worker gave work on the window up.
    pub given_up: [usize; 2],
}

impl Sides {
    /// The side whose window did not stand: 0 or 1.
    ///
    /// # Errors
    /// Where not exactly one did.
    pub fn lost(&self) -> anyhow::Result<usize> {
        match self.beacons.map(|beacon| beacon == self.right) {
            [true, false] => Ok(1),
            [false, true] => Ok(0),
            _ => bail!("{:?} and {:?} is what stands", self.beacons, self.right),
        }
    }

    /// That all of it is as it must be.
    ///
    /// # Errors
    /// What is not.
    pub fn check(&self) -> anyhow::Result<()> {
        let lost = self.lost()?;
        ensure!(
            self.final_while_parted <= self.parted_at,
            "block {} was final on one side, and both had block {} last",
            self.final_while_parted,
            self.parted_at
        );
        // Two authors of one slot can have a side open the window twice by itself, so
        // either worker may have begun more often than its side's fate alone explains.
        ensure!(
            self.given_up[lost] >= 1,
            "the worker of the side that was given up did not give up its work: {self:?}"
        );
        for side in 0..2 {
            ensure!(
                self.begun[side] == self.given_up[side] + 1,
                "a worker did not prove anew what it gave up: {self:?}"
            );
        }
        Ok(())
    }

    pub(super) fn told(&self) -> Vec<String> {
        let lost = match self.lost() {
            Ok(0) => "the first",
            _ => "the second",
        };
        vec![
            format!(
                "Parted at block {}, before window {} opened; each side opened it, with \
                 another beacon. The highest final block meanwhile was {}.",
                self.parted_at, self.window, self.final_while_parted
            ),
            format!(
                "Healed, the chain of {lost} worker's side was given up: that worker had begun to \
                 prove, gave up, and proved the challenge of the chain that stands. Both workers \
                 were credited in the window and paid."
            ),
        ]
    }
}

pub(super) async fn run(lab: &mut Lab) -> anyhow::Result<Sides> {
    // The window that everyone works in already, or the next.
    let current = lab.chains[WITNESS].best().await?.window().await?;
    let before = match current.map(|window| window.id) {
        Some(window)
            if lab
                .workers
                .iter()
                .all(|w| times_said(w, "working", window) > 0) =>
        {
            window
        }
        _ => lab.opening().await?.0,
    };
    lab.closing(before).await?;
    // Parted with the gap before the next window still ahead of both.
    lab.network.between(&ONE, &OTHER, State::Cut);
    lab.connected(&[0, 1, 2, 3], 1).await?;
    let window = before + 1;
    for side in [ONE, OTHER] {
        opened(lab, side[0], window).await?;
    }
    lab.all_work_on(window).await?;
    let (parted_at, parted) = common(lab).await?;
    lab.all_reach(&[0, 1, 2, 3], parted_at + APART).await?;
    // Not before: what a side opened may be replaced by another block of the same slot.
    let beacons = [
        opened(lab, ONE[0], window).await?,
        opened(lab, OTHER[0], window).await?,
    ];
    differ(&beacons)?;
    let final_while_parted = lab.highest_final(&[0, 1, 2, 3]).await?;
    for chain in &lab.chains {
        ensure!(
            peers(chain).await? == 1,
            "there is a way past the cut links"
        );
    }
    lab.network.between(&ONE, &OTHER, State::SOUND);
    lab.connected(&[0, 1, 2, 3], 3).await?;
    let healed_at = lab.best(ONE[0]).await?.0.max(lab.best(OTHER[0]).await?.0);
    lab.all_final(&[0, 1, 2, 3], healed_at).await?;
    let right = opened(lab, ONE[0], window).await?;
    completed(lab, window).await?;
    let stands = lab
        .follower
        .blocks()
        .iter()
        .any(|block| block.hash == parted);
    ensure!(stands, "what both sides had was given up");
    let count = |message: &str| {
        let said = |index: usize| times_said(&lab.workers[index], message, window);
        [said(0), said(1)]
    };
    Ok(Sides {
        window,
        parted_at,
        final_while_parted,
        beacons,
        right,
        begun: count("working"),
        given_up: count("giving up the work"),
    })
}

/// That both sides opened the window each by another beacon.
///
/// # Errors
/// [`Unshown`] where they did not: the beacon was drawn before the links were cut.
fn differ([one, other]: &[Bytes32; 2]) -> anyhow::Result<()> {
    if one == other {
        let same = "the links were cut too late: both sides opened the window with one beacon";
        return Err(Unshown(same.to_owned()).into());
    }
    Ok(())
}

/// Waits until a validator's best chain has opened a window; its beacon.
async fn opened(lab: &Lab, index: usize, window: u32) -> anyhow::Result<Bytes32> {
    until("opening of the window", PATIENCE, async || {
        let seen = lab.chains[index].best().await?.window().await?;
        Ok(seen
            .filter(|seen| seen.id == window)
            .map(|seen| seen.beacon))
    })
    .await
    .with_context(|| format!("window {window}"))
}

/// The highest block that all validators have in common.
async fn common(lab: &Lab) -> anyhow::Result<Point> {
    let mut number = lab.best(ONE[0]).await?.0;
    loop {
        let mut hashes: Vec<H256> = Vec::with_capacity(VALIDATORS);
        for chain in &lab.chains {
            // One that is not as far has none.
            hashes.extend(chain.hash_of(number).await.ok());
        }
        if let [first, rest @ ..] = &hashes[..]
            && hashes.len() == VALIDATORS
            && rest.iter().all(|hash| hash == first)
        {
            return Ok((number, *first));
        }
        number = number
            .checked_sub(1)
            .context("the validators do not even have genesis in common")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_that_lost_is_the_one_whose_beacon_does_not_stand() {
        let sides = |right| Sides {
            window: 1,
            parted_at: 1,
            final_while_parted: 1,
            beacons: [[1; 32], [2; 32]],
            right: [right; 32],
            begun: [1; 2],
            given_up: [0; 2],
        };
        assert_eq!(sides(1).lost().expect("one lost"), 1);
        assert_eq!(sides(2).lost().expect("one lost"), 0);
        assert!(sides(3).lost().is_err());
    }

    #[test]
    fn finality_while_parted_and_work_that_goes_on_are_told() {
        let sides = |final_while_parted, begun, given_up| Sides {
            window: 1,
            parted_at: 5,
            final_while_parted,
            beacons: [[1; 32], [2; 32]],
            right: [2; 32],
            begun: [begun, 1],
            given_up: [given_up, 0],
        };
        assert!(sides(5, 2, 1).check().is_ok());
        assert!(sides(6, 2, 1).check().is_err());
        assert!(sides(5, 3, 2).check().is_ok());
        assert!(sides(5, 1, 1).check().is_err());
        assert!(sides(5, 1, 0).check().is_err());
    }

    #[test]
    fn one_beacon_on_both_sides_shows_nothing() {
        assert!(differ(&[[1; 32], [2; 32]]).is_ok());
        let error = differ(&[[1; 32]; 2]).expect_err("no two beacons");
        assert!(Unshown::of(&error).is_some());
    }
}
