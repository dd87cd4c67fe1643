// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Block authors who orphan the blocks of others, as far as these are not final.
//!
//! BABE's fork choice takes the chain with more primary slots. Who has a primary slot
//! may withhold its block, watch what others build on the block before, and publish it
//! late: it replaces everything since that has fewer primary slots. That buys a second
//! draw of a beacon that did not fall as wished, a beacon known before its clock begins,
//! and a last block for commits of one's own.

use ni_runtime::configs::consensus::GENESIS_EPOCH;

use crate::authors::Part;

/// Slots looked back over at most: each multiplies what is enumerated by four.
pub const LAG_MOST_BLOCKS: u32 = 8;

/// What a coalition with a part of the slots can replace.
#[derive(Clone, Copy, Debug)]
pub struct Orphans {
    /// Chance that a slot is a primary one of theirs.
    theirs: f64,
    /// Chance that it is a primary one of somebody else.
    others: f64,
}

impl Orphans {
    /// By BABE's lottery: who has a part α of the stake wins a primary slot with
    /// 1 − (1 − c)^α.
    #[must_use]
    pub fn of(part: Part) -> Self {
        let (of, all) = GENESIS_EPOCH.c;
        #[allow(clippy::cast_precision_loss)] // Small numbers.
        let none = 1.0 - of as f64 / all as f64;
        let wins = |part: f64| 1.0 - none.powf(part);
        Self {
            theirs: wins(part.fraction()),
            others: wins(1.0 - part.fraction()),
        }
    }

    /// The chance that exactly the last `blocks` blocks can be replaced, and no fewer:
    /// theirs are the more primary slots among them for the first time, counted back from
    /// the newest.
    #[must_use]
    pub fn replaces(&self, blocks: u32) -> f64 {
        self.first_lead(0, blocks.min(LAG_MOST_BLOCKS))
    }

    fn first_lead(&self, lead: i32, left: u32) -> f64 {
        let Some(left) = left.checked_sub(1) else {
            return 0.0;
        };
        let slots = [
            (1, self.theirs * (1.0 - self.others)),
            (
                0,
                self.theirs * self.others + (1.0 - self.theirs) * (1.0 - self.others),
            ),
            (-1, (1.0 - self.theirs) * self.others),
        ];
        slots
            .into_iter()
            .map(|(step, chance)| match (lead + step > 0, left) {
                (true, 0) => chance,
                (true, _) => 0.0,
                (false, _) => chance * self.first_lead(lead + step, left),
            })
            .sum()
    }

    /// The chance of a second draw where finality lags `lag` blocks behind.
    #[must_use]
    pub fn second_draw(&self, lag: u32) -> f64 {
        (1..=lag).map(|blocks| self.replaces(blocks)).sum()
    }

    /// Slots by which a block can be late on average, over all windows: by so much is a
    /// beacon known before its clock begins, and by so much can a commit be late.
    #[must_use]
    pub fn late_slots(&self, lag: u32) -> f64 {
        (1..=lag)
            .map(|blocks| f64::from(blocks) * self.replaces(blocks))
            .sum()
    }

    /// The chance to pass that `once` becomes with the second draw.
    #[must_use]
    pub fn passes(&self, lag: u32, once: f64) -> f64 {
        once + (1.0 - once) * self.second_draw(lag) * once
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stateful::Rng;

    /// Slots drawn one by one, and blocks replaced by the rule of the fork choice.
    fn played(part: Part, lag: usize, windows: u32) -> f64 {
        let orphans = Orphans::of(part);
        let mut rng = Rng::new(7);
        let mut draw = |chance: f64| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let below = (chance * 1e9) as u128;
            rng.below(1_000_000_000) < below
        };
        let mut replaced = 0;
        for _ in 0..windows {
            let slots: Vec<_> = (0..lag)
                .map(|_| (draw(orphans.theirs), draw(orphans.others)))
                .collect();
            let can = (1..=lag).any(|blocks| {
                let last = &slots[lag - blocks..];
                let theirs = last.iter().filter(|slot| slot.0).count();
                let others = last.iter().filter(|slot| slot.1).count();
                theirs > others
            });
            replaced += u32::from(can);
        }
        f64::from(replaced) / f64::from(windows)
    }

    #[test]
    fn a_second_draw_is_as_likely_as_the_fork_choice_makes_it() {
        for lag in 1..=4 {
            let said = Orphans::of(Part::THIRD).second_draw(lag);
            let seen = played(Part::THIRD, usize::try_from(lag).expect("small"), 100_000);
            assert!((said - seen).abs() < 0.006, "lag {lag}: {said} {seen}");
        }
    }

    #[test]
    fn one_primary_slot_is_enough() {
        // The older figures asked for two slots in a row for each block.
        let third = Orphans::of(Part::THIRD);
        let shown = [2, 3, 4].map(|lag| (third.second_draw(lag) * 100.0).round());
        assert_eq!(shown, [13.0, 18.0, 21.0]);
        assert!(third.second_draw(1) > 0.07);
    }

    #[test]
    fn nobody_replaces_nothing_and_finality_ends_it() {
        assert!(Orphans::of(Part::NONE).second_draw(4).abs() < 1e-12);
        let third = Orphans::of(Part::THIRD);
        assert!(third.second_draw(0).abs() < 1e-12);
        assert!(third.late_slots(2) < third.late_slots(4));
        // Everybody can redraw for ever.
        let all = Orphans::of(Part { of: 1, all: 1 });
        assert!(all.second_draw(8) > 0.85);
    }
}
