// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Block authors who collude with miners: slots are drawn, whose they are and what their
//! VRFs give, and the pallet's own accumulator makes of them what it makes.
//!
//! The authors know whose every slot is, which is more than BABE tells them, and their
//! own outputs before they publish. They withhold blocks as they like, without a cost.
//! What they gain by replacing the blocks of others, [`crate::orphans`] adds.

use pallet_proof_of_gpu::randomness::{accumulate, opens};
use proof_of_gpu_primitives::{
    Hash, Sha256, SoftwareSha256,
    sampling::{is_called, samples},
};
use sp_runtime::Perbill;
use stateful::Rng;

/// Slots of a draw: past them nothing is decided any more.
const HORIZON: usize = 48;

/// A part of the slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// So many.
    pub of: u32,
    /// Of so many.
    pub all: u32,
}

impl Part {
    /// A third: as many as may be dishonest before finality itself is lost.
    pub const THIRD: Self = Self { of: 1, all: 3 };
    /// Nobody.
    pub const NONE: Self = Self { of: 0, all: 3 };

    fn draw(self, rng: &mut Rng) -> bool {
        rng.below(self.all.into()) < self.of.into()
    }

    /// As a fraction.
    #[must_use]
    pub fn fraction(self) -> f64 {
        f64::from(self.of) / f64::from(self.all)
    }
}

/// What authors made of the draws of many windows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Draws {
    /// Windows.
    pub windows: u32,
    /// Those that went as the authors wished.
    pub wished: u32,
    /// Outcomes that they could choose among and knew, in all windows. Without them there
    /// is one, which nobody knows.
    pub known: f64,
    /// Blocks withheld, in all windows.
    pub withheld: f64,
}

impl Draws {
    /// How often it went as they wished.
    #[must_use]
    pub fn chance(&self) -> f64 {
        f64::from(self.wished) / f64::from(self.windows)
    }

    /// Outcomes that they knew, a window.
    #[must_use]
    pub fn alternatives(&self) -> f64 {
        self.known / f64::from(self.windows)
    }
}

/// Lets the authors of a part of the slots play for a beacon that is as they wish, over
/// `blocks` blocks that it is drawn from. Without them it is so with `chance`.
///
/// They play as well as can be: at the begin of each run of slots of theirs they know
/// every beacon that they can end with in it; if none is as they wish, they publish as
/// many blocks as leaves them the best chance.
#[allow(clippy::cast_precision_loss)]
pub fn draws(
    seed: u64,
    windows: u32,
    part: Part,
    blocks: usize,
    chance: f64,
    mut wish: impl FnMut(u32, &Hash) -> bool,
) -> Draws {
    let mut rng = Rng::new(seed);
    let mut all = Draws {
        windows,
        ..Draws::default()
    };
    for window in 0..windows {
        let slots: Vec<Slot> = (0..HORIZON).map(|_| Slot::draw(&mut rng, part)).collect();
        let hopes = hopes(&slots, blocks, chance);
        let mut acc = output(&mut rng);
        let (mut at, mut needed) = (0, blocks);
        while needed > 0 {
            let Some(slot) = slots.get(at) else {
                // Nobody's choice any more.
                acc = accumulate(&acc, &output(&mut rng));
                needed -= 1;
                continue;
            };
            if !slot.theirs {
                acc = accumulate(&acc, &slot.output);
                (at, needed) = (at + 1, needed - 1);
                continue;
            }
            let run = run_from(&slots, at);
            let outputs: Vec<Hash> = slots[at..at + run].iter().map(|slot| slot.output).collect();
            all.known += choose(run, needed);
            if let Some(found) = find(acc, &outputs, needed, &mut |acc| wish(window, acc)) {
                all.withheld += (run - needed) as f64;
                acc = found;
                break;
            }
            // Those of the first slots: what follows is unknown whichever they are.
            let published = best_rest(&hopes, at + run, needed, run).0;
            all.withheld += (run - published) as f64;
            for output in &outputs[..published] {
                acc = accumulate(&acc, output);
            }
            (at, needed) = (at + run, needed - published);
        }
        all.wished += u32::from(wish(window, &acc));
    }
    all
}

#[derive(Clone, Copy)]
struct Slot {
    theirs: bool,
    output: Hash,
}

impl Slot {
    fn draw(rng: &mut Rng, part: Part) -> Self {
        Self {
            theirs: part.draw(rng),
            output: output(rng),
        }
    }
}

/// A VRF's output: 32 bytes that only its key's owner knew.
fn output(rng: &mut Rng) -> Hash {
    SoftwareSha256::hash(&[rng.bits().to_le_bytes(), rng.bits().to_le_bytes()].concat())
}

/// How many slots from this one on are theirs.
fn run_from(slots: &[Slot], at: usize) -> usize {
    slots[at..].iter().take_while(|slot| slot.theirs).count()
}

/// An accumulator after `needed` of these outputs, in order, that is as wished.
fn find(
    acc: Hash,
    outputs: &[Hash],
    needed: usize,
    wish: &mut impl FnMut(&Hash) -> bool,
) -> Option<Hash> {
    if needed == 0 {
        return wish(&acc).then_some(acc);
    }
    // No fewer may be left than are needed.
    let last = outputs.len().checked_sub(needed)?;
    (0..=last).find_map(|first| {
        let taken = accumulate(&acc, &outputs[first]);
        find(taken, &outputs[first + 1..], needed - 1, wish)
    })
}

/// The chance of a wished end from each slot on, by how many blocks are needed.
fn hopes(slots: &[Slot], blocks: usize, chance: f64) -> Vec<Vec<f64>> {
    let mut hopes = vec![vec![chance; blocks + 1]; slots.len() + 1];
    for at in (0..slots.len()).rev() {
        for needed in 1..=blocks {
            hopes[at][needed] = if slots[at].theirs {
                let run = run_from(slots, at);
                let none = (1.0 - chance).powf(choose(run, needed));
                1.0 - none + none * best_rest(&hopes, at + run, needed, run).1
            } else if needed == 1 {
                chance
            } else {
                hopes[at + 1][needed - 1]
            };
        }
    }
    hopes
}

/// How many blocks of a run to publish when none of its ends is as wished, and the chance
/// from the slot after it.
fn best_rest(hopes: &[Vec<f64>], after: usize, needed: usize, run: usize) -> (usize, f64) {
    (0..=run.min(needed - 1))
        .map(|published| (published, hopes[after][needed - published]))
        // The most blocks among equals: withholding is not free.
        .fold((0, f64::NEG_INFINITY), |best, next| {
            if next.1 >= best.1 { next } else { best }
        })
}

#[allow(clippy::cast_precision_loss)]
fn choose(from: usize, taken: usize) -> f64 {
    if taken > from {
        return 0.0;
    }
    (0..taken).fold(1.0, |product, i| {
        product * (from - i) as f64 / (i + 1) as f64
    })
}

/// What a liar is sampled at: passes where none of its samples is in the share that it
/// skips. A production window's numbers of rounds and tiles; any set of that share does.
#[must_use]
pub fn passes(window: u32, beacon: &Hash, percent: u32, count: u32) -> bool {
    const ROUNDS: u32 = 15_000;
    const TILES: u32 = 65_536;
    let [challenge, root] = [b"challenge", b"root     "]
        .map(|what| SoftwareSha256::hash(&[&what[..], &window.to_le_bytes()].concat()));
    samples::<SoftwareSha256>(beacon, &challenge, &root, ROUNDS, TILES, count).all(|sample| {
        (u64::from(sample.round) * 7 + u64::from(sample.tile) * 13) % 100 >= percent.into()
    })
}

/// Whether the lottery leaves a GPU alone, one in ten being called.
#[must_use]
pub fn left_alone(window: u32, beacon: &Hash) -> bool {
    let account = SoftwareSha256::hash(&window.to_le_bytes());
    !is_called::<SoftwareSha256>(beacon, &account, 0, 1_000, 100)
}

/// Slots by which authors knew the beacon of a window before its clock began.
#[derive(Clone, Debug, Default)]
pub struct HeadStarts {
    /// Windows by the head start that their authors had.
    pub windows: Vec<u32>,
}

impl HeadStarts {
    /// On average, in slots.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let all: u32 = self.windows.iter().sum();
        let slots: u32 = (0..).zip(&self.windows).map(|(slots, n)| slots * n).sum();
        f64::from(slots) / f64::from(all)
    }

    fn note(&mut self, slots: usize) {
        if self.windows.len() <= slots {
            self.windows.resize(slots + 1, 0);
        }
        self.windows[slots] += 1;
    }
}

/// How windows open.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// Fewest blocks from a close.
    pub min_gap: u32,
    /// Most blocks.
    pub max_gap: u32,
    /// Chance in between.
    pub chance: Perbill,
}

/// How early the authors of a part of the slots know a window's beacon: all of it is
/// known once the last block of somebody else before it is, and the clock begins with
/// the slot of the last one before it. With `greedy` they withhold blocks in each run
/// of theirs for the window to open as late in it as can be.
#[must_use]
pub fn head_starts(seed: u64, windows: u32, part: Part, rule: Opening, greedy: bool) -> HeadStarts {
    let mut rng = Rng::new(seed);
    let mut all = HeadStarts::default();
    let mut acc = output(&mut rng);
    for _ in 0..windows {
        // Blocks since the close.
        let mut idle = 0;
        loop {
            let slot = Slot::draw(&mut rng, part);
            if !slot.theirs {
                acc = accumulate(&acc, &slot.output);
                idle += 1;
                if due(&rule, idle, &acc) {
                    all.note(0);
                    break;
                }
                continue;
            }
            let mut outputs = vec![slot.output];
            loop {
                let next = Slot::draw(&mut rng, part);
                if !next.theirs {
                    break;
                }
                outputs.push(next.output);
            }
            let run = u32::try_from(outputs.len()).unwrap_or(u32::MAX);
            let everything = (1_u32 << run) - 1;
            // Nothing opens so early, whatever is withheld.
            let early = idle + run < rule.min_gap;
            let masks = if greedy && !early { 1 } else { everything };
            let best = (masks..=everything)
                .filter_map(|mask| opening(&rule, idle, acc, &outputs, mask))
                .max_by_key(|opened| opened.0);
            if let Some((slots, opened)) = best {
                acc = opened;
                all.note(slots);
                break;
            }
            for output in &outputs {
                acc = accumulate(&acc, output);
                idle += 1;
            }
            // The slot that ended the run is somebody else's, and its block is made.
            acc = accumulate(&acc, &output(&mut rng));
            idle += 1;
            if due(&rule, idle, &acc) {
                all.note(0);
                break;
            }
        }
    }
    all
}

/// Whether the block after one with this accumulator, so many after the close, opens a
/// window.
fn due(rule: &Opening, idle: u32, acc: &Hash) -> bool {
    idle >= rule.max_gap || idle >= rule.min_gap && opens(acc, rule.chance)
}

/// If the blocks of a run that are in the mask are published: after which of its slots
/// the window opens, if it does.
fn opening(
    rule: &Opening,
    mut idle: u32,
    mut acc: Hash,
    outputs: &[Hash],
    mask: u32,
) -> Option<(usize, Hash)> {
    for (slot, output) in outputs.iter().enumerate() {
        if mask >> slot & 1 == 1 {
            acc = accumulate(&acc, output);
            idle += 1;
            if due(rule, idle, &acc) {
                return Some((slot + 1, acc));
            }
        }
    }
    None
}

/// The chance that every one of so many blocks is made by authors who leave a call out.
#[must_use]
pub fn censored(part: Part, blocks: u32) -> f64 {
    part.fraction().powf(f64::from(blocks))
}

/// The chance that an honest reveal finds no block but theirs: it is sent in one of the
/// first two thirds of the phase's blocks, as its account's hash says, and waits.
#[must_use]
pub fn censored_reveal(part: Part, phase: u32) -> f64 {
    let spread = (phase * 2 / 3).max(1);
    let sum: f64 = (0..spread).map(|at| censored(part, phase - at)).sum();
    sum / f64::from(spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_of_blocks_is_a_beacon() {
        let outputs: Vec<Hash> = (0..5).map(|n| [n; 32]).collect();
        for needed in 0..=6 {
            let mut all = std::collections::BTreeSet::new();
            let none = find([9; 32], &outputs, needed, &mut |beacon| {
                assert!(all.insert(*beacon), "each is another");
                false
            });
            assert_eq!(none, None);
            #[allow(clippy::cast_precision_loss)]
            let count = all.len() as f64;
            assert_eq!(count, choose(5, needed), "{needed}");
        }
        let two = accumulate(&accumulate(&[9; 32], &[1; 32]), &[3; 32]);
        assert_eq!(
            find([9; 32], &outputs, 2, &mut |beacon| *beacon == two),
            Some(two)
        );
    }

    #[test]
    fn the_chance_of_a_pattern_is_what_play_gives() {
        // Their slots are the fourth and fifth of five, of which four blocks are drawn
        // from: three are others', so one of two, or none and the next.
        let slot = |theirs| Slot {
            theirs,
            output: [0; 32],
        };
        let slots: Vec<Slot> = [false, false, false, true, true, false].map(slot).to_vec();
        let hope = hopes(&slots, 4, 0.1)[0][4];
        assert!((hope - (1.0 - 0.9_f64.powi(3))).abs() < 1e-12, "{hope}");
    }
}
