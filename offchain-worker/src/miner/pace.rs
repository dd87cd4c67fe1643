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

    /// When work is to end so that what comes of it gets into block `aim`, `lead` before
    /// that block is expected; `None` before the first block.
    ///
    /// Once the block before `aim` was seen the next one may come a slot later, and nothing
    /// moves that any more. Until then it ends a block later than it should: the block that
    /// is waited for would end it in time, and if none comes there is still the one after
    /// `aim`.
    pub fn end_of_work(&self, aim: u32, lead: Duration) -> Option<Deadline> {
        let (last, seen_at) = self.seen.back()?;
        let before = self.slot.saturating_sub(lead);
        let time = self.block_time();
        let at = match aim.saturating_sub(*last) {
            0 => *seen_at,
            1 => *seen_at + before,
            ahead => *seen_at + time * ahead + before,
        };
        Some(Deadline { at, is_final: true })
    }
}

/// How long before the block that it is to stand in a call is to be sent: learnt from
/// where calls have come to stand.
#[derive(Clone, Copy, Debug)]
pub struct Lead {
    slot: Duration,
    now: Duration,
}

impl Lead {
    /// A quarter of a slot to begin with.
    pub fn new(slot: Duration) -> Self {
        Self {
            slot,
            now: slot / 4,
        }
    }

    /// How long it is now.
    pub fn time(&self) -> Duration {
        self.now
    }

    /// A call was sent for a block, and stands in it or does not.
    pub fn landed(&mut self, in_time: bool) {
        self.now = if in_time {
            (self.now / 8 * 7).max(self.slot / 8)
        } else {
            (self.now * 2).min(self.slot)
        };
    }
}

/// When work is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The time.
    pub at: Instant,
    /// Whether it ends then. Otherwise it waits: where a node was lost there may be time
    /// for more.
    pub is_final: bool,
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
        Self::new(Deadline { at, is_final: true })
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

    /// Has work that comes to its deadline wait until that is moved.
    pub fn hold(&self) {
        let mut deadline = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        deadline.is_final = false;
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
        let may_move = !self.deadline().is_final;
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
        let lead = SECOND / 4;
        assert_eq!(clock.end_of_work(5, lead), None);
        clock.saw(10, start);
        let end = |clock: &BlockClock, aim| {
            let deadline = clock.end_of_work(aim, lead).expect("a block was seen");
            assert!(deadline.is_final);
            deadline.at
        };
        assert_eq!(end(&clock, 13), start + 3 * SECOND + 3 * lead);
        // Three blocks in six seconds: every other slot was empty.
        clock.saw(13, start + 6 * SECOND);
        assert_eq!(clock.block_time(), 2 * SECOND);
        assert_eq!(end(&clock, 15), start + 10 * SECOND + 3 * lead);
        // The block after this one may come a slot later all the same.
        assert_eq!(end(&clock, 14), start + 6 * SECOND + 3 * lead);
        assert_eq!(end(&clock, 13), start + 6 * SECOND);
        assert_eq!(end(&clock, 12), start + 6 * SECOND);
    }

    #[test]
    fn the_lead_grows_where_calls_come_late_and_shrinks_while_they_do_not() {
        let mut lead = Lead::new(SECOND);
        assert_eq!(lead.time(), SECOND / 4);
        for _ in 0..9 {
            lead.landed(false);
        }
        assert_eq!(lead.time(), SECOND);
        for _ in 0..99 {
            lead.landed(true);
        }
        assert_eq!(lead.time(), SECOND / 8);
    }

    /// A chain of blocks as a worker sees them.
    struct Simulated {
        state: u64,
        slot: Duration,
        /// Slots without a block, of a thousand.
        skipped: u64,
        /// Most time from a slot's beginning to its block's arrival.
        late: Duration,
    }

    impl Simulated {
        /// A number below `bound`, the same ones in every run.
        fn draw(&mut self, bound: u64) -> u64 {
            self.state = self
                .state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.state >> 33) % bound
        }

        /// The slot's beginning and the arrival of so many blocks.
        fn blocks(&mut self, count: u32, start: Instant) -> Vec<(Instant, Instant)> {
            let mut blocks = Vec::new();
            let mut slot = start;
            while blocks.len() < count as usize {
                slot += self.slot;
                if self.draw(1_000) >= self.skipped {
                    let most = u64::try_from(self.late.as_millis()).expect("a few seconds");
                    let late = self.draw(most);
                    blocks.push((slot, slot + Duration::from_millis(late)));
                }
            }
            blocks
        }
    }

    /// The share of the counted time that is worked, in thousandths, over many windows, and
    /// how many commits came too late. A call takes `sending` until every node has it.
    fn worked(chain: &mut Simulated, length: u32, sending: Duration) -> (u128, u32) {
        const WINDOWS: u32 = 300;
        let count = length + 4;
        let mut lead = Lead::new(chain.slot);
        let mut clock = BlockClock::new(chain.slot);
        let (mut worked, mut counted, mut lost) = (Duration::ZERO, Duration::ZERO, 0);
        let mut start = Instant::now();
        for window in 0..WINDOWS {
            // The first of them is the block before the opening; the last one that takes
            // commits is so many blocks later.
            let blocks = chain.blocks(count, start);
            start = blocks[count as usize - 1].0;
            let first = window * count;
            let (aim, deadline) = (length - 1, length as usize);
            let mut end = None;
            for (number, (_, arrived)) in (0..).zip(&blocks) {
                if end.is_some_and(|end| end <= *arrived) {
                    break;
                }
                clock.saw(first + number, *arrived);
                let until = clock.end_of_work(first + aim, lead.time());
                end = until.map(|deadline| deadline.at.max(*arrived));
                if number >= aim {
                    break;
                }
            }
            let end = end.expect("a block was seen");
            let known = end + sending;
            let lands = blocks.iter().position(|(slot, _)| *slot >= known);
            let lands = lands.unwrap_or(usize::MAX);
            lead.landed(lands <= aim as usize);
            lost += u32::from(lands > deadline);
            worked += end.saturating_duration_since(blocks[0].1);
            counted += blocks[deadline].0.saturating_duration_since(blocks[0].0);
        }
        (worked.as_millis() * 1_000 / counted.as_millis(), lost)
    }

    /// Simulated, so that it says nothing of the machine that it runs on. By the rule that
    /// it replaces, from the opening to four blocks before the deadline, the share in a
    /// window of 14 slots is 643.
    #[test]
    fn the_counted_time_is_worked_and_no_commit_is_lost() {
        let ms = Duration::from_millis;
        // Slots skipped, arrivals, sending.
        let networks = [
            (0, ms(300), ms(100)),
            (0, ms(1_500), ms(400)),
            (20, ms(1_500), ms(400)),
            (100, ms(2_000), ms(800)),
        ];
        for (skipped, late, sending) in networks {
            let mut chain = Simulated {
                state: 7,
                slot: 6 * SECOND,
                skipped,
                late,
            };
            // The chain's windows: 40 blocks of work and 4 of grace.
            let (share, lost) = worked(&mut chain, 44, sending);
            assert!(share >= 930, "{share} where {skipped} of 1,000 are skipped");
            assert_eq!(lost, 0, "{skipped} of 1,000 skipped, {late:?} late");
            // Two slots of fourteen are more of a short window.
            let (share, lost) = worked(&mut chain, 14, sending);
            assert!(share >= 830, "{share} where {skipped} of 1,000 are skipped");
            assert_eq!(lost, 0);
        }
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
