// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The window that the next block opens, a block before it does.
//!
//! A block opens a window, or does not, by the randomness of the block before it: whoever
//! has that block knows the beacon, and the chain counts the time of the work from its
//! slot on.

use proof_of_gpu_primitives::{Hash, Sha256 as _, SoftwareSha256};
use subxt::{
    config::{Hasher as _, substrate::BlakeTwo256},
    ext::scale_decode::DecodeAsType,
};

use super::{
    ChainError, View,
    types::{BeaconState, Bytes32, Phase, Shape, WalkRules, Window, WindowParameters},
};

/// Domain tag of the accumulator, as the pallet has it.
const BEACON_TAG: [u8; 4] = *b"BEAC";

/// Domain tag of the draw that opens a window, as the pallet has it.
const OPEN_TAG: [u8; 4] = *b"OPEN";

/// Parts that chances are written in.
const WHOLE: u128 = 1_000_000_000;

/// How windows go now.
#[derive(Clone, Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Rules {
    workload: Shape,
    samples: u32,
    walk: Option<WalkRules>,
    min_gap: u32,
    max_gap: u32,
    /// In parts of 10⁹.
    open_chance: u32,
    work: u32,
    grace: u32,
    sampling: u32,
    reveal: u32,
    capacity: u32,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Settings {
    window: Rules,
}

/// What the next block's draw is made from.
#[derive(Clone, Copy, Debug)]
struct Draw {
    /// The next block.
    block: u32,
    /// The accumulator so far, and this block's slot.
    beacon: BeaconState,
    /// What this block adds to it.
    output: Bytes32,
    /// The block that closed the last window.
    idle_since: u32,
    /// The number of the next window.
    id: u32,
}

impl View {
    /// The window that the next block opens, as far as this block decides it: `None` where
    /// it opens none, or one is in progress. A call in the next block, such as a change of
    /// the rules, may make it another.
    ///
    /// # Errors
    /// As [`Self::read`] and [`Self::ask`].
    pub async fn next_window(&self) -> Result<Option<Window>, ChainError> {
        let Some(block) = u32::try_from(self.number())
            .ok()
            .and_then(|number| number.checked_add(1))
        else {
            return Ok(None);
        };
        let idle_since: Option<u32> = self.read("ProofOfGpu", "IdleSince", ()).await?;
        let idle_since = idle_since.unwrap_or_default();
        let Settings { window: rules } = self.ask("hyperparameters", ()).await?;
        if block.saturating_sub(idle_since) < rules.min_gap {
            return Ok(None);
        }
        let output: Option<Option<Bytes32>> = self.read("Babe", "AuthorVrfRandomness", ()).await?;
        let beacon: Option<BeaconState> = self.read("ProofOfGpu", "Beacon", ()).await?;
        let id: Option<u32> = self.read("ProofOfGpu", "NextWindow", ()).await?;
        let (Some(beacon), Some(output)) = (beacon, output.flatten()) else {
            return Ok(None);
        };
        let draw = Draw {
            block,
            beacon,
            // The runtime hashes it once more.
            output: BlakeTwo256.hash(&output).0,
            idle_since,
            id: id.unwrap_or_default(),
        };
        Ok(draw.window(&rules))
    }
}

impl Draw {
    fn window(&self, rules: &Rules) -> Option<Window> {
        if self.beacon.moment == 0 {
            return None;
        }
        let beacon = accumulated(&self.beacon.acc, &self.output);
        let idle = self.block.checked_sub(self.idle_since)?;
        let due =
            idle >= rules.max_gap || idle >= rules.min_gap && opens(&beacon, rules.open_chance);
        if !due {
            return None;
        }
        let deadline = self
            .block
            .checked_add(rules.work)?
            .checked_add(rules.grace)?
            .checked_sub(1)?;
        Some(Window {
            id: self.id,
            parameters: WindowParameters {
                workload: rules.workload,
                samples: rules.samples,
                walk: rules.walk,
                work: rules.work,
                grace: rules.grace,
                sampling: rules.sampling,
                reveal: rules.reveal,
                capacity: rules.capacity,
            },
            beacon,
            opened_at: self.block,
            opened_moment: self.beacon.moment,
            deadline,
            commits: 0,
            phase: Phase::Open,
        })
    }
}

/// The accumulator with a block's output in it.
fn accumulated(accumulator: &Hash, output: &Hash) -> Hash {
    SoftwareSha256::hash(&[&BEACON_TAG[..], accumulator, output].concat())
}

/// Whether the accumulator opens a window.
fn opens(accumulator: &Hash, chance: u32) -> bool {
    let hash = SoftwareSha256::hash(&[&OPEN_TAG[..], accumulator].concat());
    let mut low = [0; 8];
    low.copy_from_slice(&hash[..8]);
    u128::from(u64::from_le_bytes(low)) * WHOLE < u128::from(chance) << 64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules {
            workload: Shape {
                m: 64,
                n: 64,
                k: 64,
            },
            samples: 16,
            walk: None,
            min_gap: 2,
            max_gap: 5,
            open_chance: 0,
            work: 10,
            grace: 4,
            sampling: 8,
            reveal: 6,
            capacity: 10,
        }
    }

    fn draw(block: u32) -> Draw {
        Draw {
            block,
            beacon: BeaconState {
                acc: [1; 32],
                moment: 60_000,
            },
            output: [2; 32],
            idle_since: 100,
            id: 7,
        }
    }

    #[test]
    fn it_opens_at_the_latest_after_the_larger_gap_and_never_before_the_smaller() {
        let never = rules();
        let always = Rules {
            open_chance: 1_000_000_000,
            ..rules()
        };
        for (block, by_chance) in [(101, false), (102, true), (104, true)] {
            assert_eq!(draw(block).window(&never), None);
            assert_eq!(draw(block).window(&always).is_some(), by_chance);
        }
        let window = draw(105).window(&never).expect("the larger gap is over");
        assert_eq!(
            (window.id, window.opened_at, window.deadline),
            (7, 105, 118)
        );
        assert_eq!(window.opened_moment, 60_000);
        assert_ne!(window.beacon, [1; 32]);
        // Before the chain's first block there is no time to count from.
        let mut first = draw(105);
        first.beacon.moment = 0;
        assert_eq!(first.window(&never), None);
    }

    #[test]
    fn as_many_draws_open_as_the_chance_says() {
        let opened = (0..4_096_u32)
            .filter(|number| {
                let mut acc = [0; 32];
                acc[..4].copy_from_slice(&number.to_le_bytes());
                opens(&acc, 250_000_000)
            })
            .count();
        assert!((900..1_150).contains(&opened), "{opened}");
    }
}
