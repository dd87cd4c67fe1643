// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! When to stop working: the blocks' real times, and a proving thread's
//! deadline.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Blocks over which the time of a block is averaged.
const MEMORY: usize = 16;

/// Longest that a proving thread works without looking at its deadline, where
/// a single round is not longer.
const LONGEST_BATCH: Duration = Duration::from_millis(250);

/// How long a thread waits before it looks again whether its deadline has moved.
const MOMENT: Duration = Duration::from_millis(20);

/// Most rounds between two looks at the deadline.
const LARGEST_BATCH: u32 = 256;

/// Foretells when a block will be seen, from when the last ones were.
#[derive(Clone, Debug)]
pub struct BlockClock {
    slot: Duration,
    seen: VecDeque<(u32, Instant)>,
}

impl BlockClock {
    /// A clock for a chain whose slots last this long.
    pub fn new(slot: Duration) -> Self {
        Self {
            slot,
            seen: VecDeque::with_capacity(MEMORY),
        }
    }

    /// Notes that block `number` became the best one. A block that is not
    /// higher than the last, as after a reorganisation, starts the average
    /// anew from that height.
    pub fn saw(&mut self, number: u32, at: Instant) {
        while self.seen.back().is_some_and(|(last, _)| *last >= number) {
            self.seen.pop_back();
        }
        if self.seen.len() == MEMORY {
            self.seen.pop_front();
        }
        self.seen.push_back((number, at));
    }

    /// The average time of a block, never shorter than a slot.
    pub fn block_time(&self) -> Duration {
        let (Some((first, since)), Some((last, until))) = (self.seen.front(), self.seen.back())
        else {
            return self.slot;
        };
        match last.checked_sub(*first) {
            None | Some(0) => self.slot,
            Some(blocks) => (until.saturating_duration_since(*since) / blocks).max(self.slot),
        }
    }

    /// When block `number` will be seen, or was; `None` before the first block.
    pub fn expected(&self, number: u32) -> Option<Deadline> {
        let (last, at) = self.seen.back()?;
        let ahead = number.saturating_sub(*last);
        Some(Deadline {
            at: *at + self.block_time() * ahead,
            is_reached: ahead == 0,
        })
    }
}

/// When work is to end: with a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When the block is expected, or was seen.
    pub at: Instant,
    /// Whether it has been seen. Blocks may come late, all the more where a node was
    /// lost: until then there may be time for more.
    pub is_reached: bool,
}

/// The deadline of work in progress, moved by one thread while another works,
/// and the signs of life that the working one gives.
#[derive(Debug)]
pub struct Pace {
    deadline: Mutex<Deadline>,
    abandoned: AtomicBool,
    signs: Mutex<Signs>,
}

/// What a working thread has told of its batches.
#[derive(Clone, Copy, Debug)]
pub struct Signs {
    /// When the last batch was done, or the work began.
    pub last: Instant,
    /// Time spent computing.
    pub busy: Duration,
    /// The longest batch.
    pub longest: Duration,
}

impl Pace {
    /// Work that is to end at `deadline`.
    pub fn new(deadline: Deadline) -> Self {
        Self {
            deadline: Mutex::new(deadline),
            abandoned: AtomicBool::new(false),
            signs: Mutex::new(Signs {
                last: Instant::now(),
                busy: Duration::ZERO,
                longest: Duration::ZERO,
            }),
        }
    }

    /// Work that ends at this time, whatever comes.
    #[cfg(test)]
    pub(super) fn until(at: Instant) -> Self {
        Self::new(Deadline {
            at,
            is_reached: true,
        })
    }

    /// A batch is done, which took so long.
    pub fn ran(&self, took: Duration) {
        let mut signs = self.signs.lock().unwrap_or_else(PoisonError::into_inner);
        signs.last = Instant::now();
        signs.busy += took;
        signs.longest = signs.longest.max(took);
    }

    /// The signs of life so far.
    pub fn signs(&self) -> Signs {
        *self.signs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the deadline.
    pub fn move_to(&self, deadline: Deadline) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    fn deadline(&self) -> Deadline {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the work as soon as may be; its result is not wanted.
    pub fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    /// Whether the result is not wanted any more.
    pub fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
    }

    /// Time left until the deadline, as it is expected.
    pub fn left(&self) -> Duration {
        self.deadline().at.saturating_duration_since(Instant::now())
    }

    /// Waits a moment where the deadline may still move, and says so.
    pub fn wait(&self) -> bool {
        let may_move = !self.deadline().is_reached;
        if may_move {
            thread::sleep(MOMENT);
            // Waiting is no hanging.
            self.ran(Duration::ZERO);
        }
        may_move
    }
}

/// How many rounds to run before looking at the deadline again; zero to stop.
///
/// `round` is the time of one round, `None` before the first, which is run
/// alone to be measured.
pub fn batch(left: Duration, round: Option<Duration>) -> u32 {
    if left.is_zero() {
        return 0;
    }
    let Some(round) = round else { return 1 };
    if round > left {
        return 0;
    }
    let rounds = LONGEST_BATCH.min(left).as_nanos() / round.as_nanos().max(1);
    u32::try_from(rounds)
        .unwrap_or(LARGEST_BATCH)
        .clamp(1, LARGEST_BATCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn foretells_from_the_blocks_real_times() {
        let mut clock = BlockClock::new(SECOND);
        let start = Instant::now();
        assert_eq!(clock.expected(5), None);
        clock.saw(10, start);
        let expected = |at| Deadline {
            at,
            is_reached: false,
        };
        assert_eq!(clock.expected(13), Some(expected(start + 3 * SECOND)));
        // Three blocks in six seconds: every other slot was empty.
        clock.saw(13, start + 6 * SECOND);
        assert_eq!(clock.block_time(), 2 * SECOND);
        assert_eq!(clock.expected(15), Some(expected(start + 10 * SECOND)));
        let seen = Deadline {
            at: start + 6 * SECOND,
            is_reached: true,
        };
        assert_eq!(clock.expected(13), Some(seen));
        assert_eq!(clock.expected(12), Some(seen));
    }

    #[test]
    fn a_burst_of_blocks_does_not_shorten_the_slot() {
        let mut clock = BlockClock::new(SECOND);
        let start = Instant::now();
        for number in 0..5 {
            clock.saw(number, start);
        }
        assert_eq!(clock.block_time(), SECOND);
    }

    #[test]
    fn a_reorganisation_forgets_the_abandoned_blocks() {
        let mut clock = BlockClock::new(SECOND);
        let start = Instant::now();
        clock.saw(1, start);
        clock.saw(2, start + 9 * SECOND);
        clock.saw(2, start + SECOND);
        assert_eq!(clock.block_time(), SECOND);
    }

    #[test]
    fn batches_end_before_the_deadline() {
        let ms = Duration::from_millis;
        assert_eq!(batch(Duration::ZERO, None), 0);
        assert_eq!(batch(ms(1), None), 1);
        assert_eq!(batch(ms(100), Some(ms(101))), 0);
        assert_eq!(batch(ms(100), Some(ms(30))), 3);
        assert_eq!(batch(ms(10_000), Some(ms(10))), 25);
        assert_eq!(batch(ms(10_000), Some(ms(900))), 1);
        assert_eq!(batch(ms(10_000), Some(Duration::ZERO)), LARGEST_BATCH);
    }
}
