// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The memory walk of a GPU in a window: how much memory, for how long, and the samples.
//!
//! The size of a walk is part of its challenge, so it is chosen before the first entry is
//! computed: as many pages as fit the memory and, by what the device was seen to need, the
//! walk's share of the time. The fill is dropped after the walk, so that the product has
//! the device's memory for itself, and made again for the openings: that takes as long as
//! the first time, and works as well after a restart.

use std::{
    num::NonZeroUsize,
    thread,
    time::{Duration, Instant},
};

use proof_of_gpu_primitives::{
    Hash, MAX_ROUNDS, Opening, SoftwareSha256,
    prover::Folds,
    range::Range,
    round_key, tile,
    walk::{
        MAX_PAGES, WalkParameters,
        prover::{BatchEngine, WalkProof, open_walk},
    },
};
use tracing::{info, warn};

use super::{memory::Memory, pace::Pace, prover::ProverError};
use crate::walks::Fill;
use ni_client::types::WalkRules;

/// Entries of the trial, as a power of two: as many as are soon computed on a CPU.
const TRIAL_BITS: u32 = 16;

/// How much longer a batch is taken to need than in the trial, whose entries a cache may
/// hold.
const BEYOND_CACHE: u32 = 4;

/// Most batches of a walk beyond those that its size asks for: their roots are kept.
const MOST_BATCHES: u32 = 1 << 16;

/// Groups of a batch from which on their leaves are hashed on all cores.
const MANY_GROUPS: usize = 1 << 10;

/// How long things take on a device, by walks of the same rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Learnt {
    rules: WalkRules,
    /// To fill a page.
    page: Duration,
    /// To walk a batch.
    batch: Duration,
}

impl Learnt {
    /// How long the shortest walk through so many pages takes.
    fn shortest(&self, pages: u32) -> Duration {
        let batches = self.rules.parameters(pages).min_batches();
        let walk = u32::try_from(batches)
            .map_or(Duration::MAX, |batches| self.batch.saturating_mul(batches));
        self.page.saturating_mul(pages).saturating_add(walk)
    }

    /// The most pages, up to so many, that can be walked through in `budget`; a single one
    /// may take three quarters of all that is `left`.
    fn pages(&self, most: u32, budget: Duration, left: Duration) -> Option<u32> {
        (1..=most)
            .rev()
            .find(|pages| self.shortest(*pages) <= budget)
            .or_else(|| (self.shortest(1) <= left / 4 * 3).then_some(1))
    }
}

/// Walks through memory and opens samples of walks.
#[derive(Debug)]
pub(super) struct Walker {
    memory: Memory,
    learnt: Option<Learnt>,
    /// Pages that could be filled when more could not.
    most: u32,
    /// Most batches beyond those that the size asks for.
    most_batches: u32,
}

impl Walker {
    pub(super) const fn new(memory: Memory) -> Self {
        Self {
            memory,
            learnt: None,
            most: MAX_PAGES,
            most_batches: MOST_BATCHES,
        }
    }

    fn failed(&self, cause: impl ToString) -> ProverError {
        ProverError {
            device: self.memory.place.name().to_owned(),
            cause: cause.to_string(),
        }
    }

    /// Fills memory and walks through it, as much as the time until the pace's deadline
    /// and this device's share of it allow. `None` where the device is too slow for the
    /// smallest walk, or the work was abandoned.
    ///
    /// # Errors
    /// Whatever befell the device.
    pub(super) fn walk(
        &mut self,
        challenge: &Hash,
        rules: &WalkRules,
        pace: &Pace,
    ) -> Result<Option<WalkProof>, ProverError> {
        let begun = Instant::now();
        let left = pace.left();
        let budget = left / 100 * u32::from(self.memory.share);
        let learnt = match self.learnt.filter(|learnt| learnt.rules == *rules) {
            Some(learnt) => learnt,
            None => self.trial(challenge, rules, pace)?,
        };
        let most = self.memory.pages(rules).min(self.most);
        let Some(pages) = learnt.pages(most, budget, left) else {
            let needs = learnt.shortest(1).as_secs();
            warn!(
                needs,
                has = left.as_secs(),
                "too slow for the smallest walk, in seconds: this device cannot prove its memory here"
            );
            return Ok(None);
        };
        if pace.is_abandoned() {
            return Ok(None);
        }
        let (mut fill, filled) = self.fill_at_most(pages, challenge, rules, pace)?;
        let pages = fill.parameters().pages;
        let first = self.batches(&mut fill, challenge, begun, budget, pace)?;
        // Learnt from a walk that came to nothing, too: the next one is smaller.
        self.learnt = Some(Learnt {
            rules: *rules,
            page: filled / pages.max(1),
            batch: first.batch,
        });
        if let Some(walk) = &first.walk {
            let seconds = begun.elapsed().as_secs_f32();
            let batches = walk.claim().batches;
            info!(pages, batches, seconds, "walked through memory");
        }
        Ok(first.walk)
    }

    /// Fills a little and walks a batch, to learn how long both take.
    fn trial(
        &self,
        challenge: &Hash,
        rules: &WalkRules,
        pace: &Pace,
    ) -> Result<Learnt, ProverError> {
        let page_bits = rules.page_bits.min(TRIAL_BITS);
        let parameters = WalkParameters {
            page_bits,
            ..rules.parameters(1)
        };
        let (mut fill, filled) = self.fill(challenge, parameters, pace)?;
        let start = Instant::now();
        fill.batch(challenge, 0)
            .map_err(|error| self.failed(error))?;
        let batch = start.elapsed();
        pace.ran(batch);
        let pages = 1_u32 << (rules.page_bits - page_bits).min(31);
        Ok(Learnt {
            rules: *rules,
            page: filled.saturating_mul(pages),
            batch: batch.saturating_mul(if pages == 1 { 1 } else { BEYOND_CACHE }),
        })
    }

    /// Fills memory; the time that it took.
    fn fill(
        &self,
        challenge: &Hash,
        parameters: WalkParameters,
        pace: &Pace,
    ) -> Result<(Fill, Duration), ProverError> {
        let start = Instant::now();
        let mut last = start;
        let fill = self
            .memory
            .place
            .fill(challenge, parameters, &mut |_| {
                pace.ran(last.elapsed());
                last = Instant::now();
            })
            .map_err(|error| self.failed(error))?;
        Ok((fill, start.elapsed()))
    }

    /// Fills so many pages, or half as many, and so on, where the memory is not there
    /// although the device says that it has it.
    fn fill_at_most(
        &mut self,
        mut pages: u32,
        challenge: &Hash,
        rules: &WalkRules,
        pace: &Pace,
    ) -> Result<(Fill, Duration), ProverError> {
        loop {
            match self.fill(challenge, rules.parameters(pages), pace) {
                Err(cause) if pages > 1 => {
                    warn!(%cause, pages, "could not fill so much memory, trying half of it");
                    pages /= 2;
                    self.most = pages;
                }
                result => return result,
            }
        }
    }

    /// Walks batches: those that the size asks for, and more while the budget lasts.
    fn batches(
        &self,
        fill: &mut Fill,
        challenge: &Hash,
        begun: Instant,
        budget: Duration,
        pace: &Pace,
    ) -> Result<Walked, ProverError> {
        let parameters = fill.parameters();
        let asked = u32::try_from(parameters.min_batches()).unwrap_or(MAX_ROUNDS);
        let most = asked.max(self.most_batches);
        let walk_challenge = fill.walk_challenge();
        let mut range = Range::new();
        let mut roots = Vec::new();
        let mut batch = Duration::ZERO;
        let nothing = |batch| Ok(Walked { walk: None, batch });
        loop {
            if pace.is_abandoned() {
                return nothing(batch);
            }
            let done = range.rounds();
            if done >= asked && (done >= most || begun.elapsed().saturating_add(batch) > budget) {
                break;
            }
            if pace.left().is_zero() {
                warn!(done, asked, "the walk was not done in time");
                return nothing(batch);
            }
            let start = Instant::now();
            let key = round_key::<SoftwareSha256>(&walk_challenge, done, range.peaks());
            let marks = fill.batch(&key, done).map_err(|error| self.failed(error))?;
            let root = root_of(done, &marks).ok_or_else(|| self.failed("a batch without lanes"))?;
            range
                .append::<SoftwareSha256>(root)
                .map_err(|error| self.failed(error))?;
            roots.push(root);
            let worked = start.elapsed();
            pace.ran(worked);
            thread::sleep(self.memory.load.rest(worked).min(pace.left()));
            batch = batch.max(start.elapsed());
        }
        let walk = WalkProof::from_batch_roots(*challenge, parameters, roots)
            .map_err(|error| self.failed(error))?;
        Ok(Walked {
            walk: Some(walk),
            batch,
        })
    }

    /// Fills memory again as it was for a walk, walks the sampled batches again and opens
    /// the samples.
    ///
    /// # Errors
    /// Whatever befell the device, or that it no longer computes the same.
    pub(super) fn open(
        &self,
        walk: &WalkProof,
        sampling_beacon: &Hash,
        samples: u32,
    ) -> Result<Vec<Opening>, ProverError> {
        let claim = walk.claim();
        let mut fill = self
            .memory
            .place
            .fill(&claim.challenge, claim.parameters, &mut |_| ())
            .map_err(|error| self.failed(error))?;
        open_walk(&mut fill, walk, sampling_beacon, samples).map_err(|error| self.failed(error))
    }
}

/// What came of walking batches.
struct Walked {
    walk: Option<WalkProof>,
    /// The longest that a batch took.
    batch: Duration,
}

/// The root of a batch. There are so many leaves in one of production that a GPU waits for
/// a core that hashes them alone.
fn root_of(batch: u32, marks: &[Folds]) -> Option<Hash> {
    let leaf = |(group, marks): (u32, &Folds)| tile::leaf::<SoftwareSha256>(batch, group, marks);
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let leaves: Vec<Hash> = if marks.len() < MANY_GROUPS || cores == 1 {
        (0..).zip(marks).map(leaf).collect()
    } else {
        let share = marks.len().div_ceil(cores);
        thread::scope(|scope| {
            let parts: Vec<_> = (0..)
                .step_by(share)
                .zip(marks.chunks(share))
                .map(|(first, marks)| {
                    scope.spawn(move || (first..).zip(marks).map(leaf).collect::<Vec<_>>())
                })
                .collect();
            parts
                .into_iter()
                .flat_map(|part| part.join().unwrap_or_default())
                .collect()
        })
    };
    tile::tree::<SoftwareSha256>(leaves)?
        .last()?
        .first()
        .copied()
}

#[cfg(test)]
mod tests {
    use super::{super::memory::Load, *};
    use proof_of_gpu_primitives::walk::verify_walk;

    const RULES: WalkRules = WalkRules {
        page_bits: 6,
        rounds: 16,
        lanes: 64,
        hops: 4,
        passes: 8,
        samples: 3,
    };
    const CHALLENGE: Hash = [5; 32];
    const MS: Duration = Duration::from_millis(1);

    fn walker() -> Walker {
        // 12 pages of 8 KiB and no more: the limit is in GiB.
        let mut walker = Walker::new(Memory::host(Load::FULL));
        walker.most = 12;
        walker.most_batches = 64;
        walker
    }

    #[test]
    fn walks_through_what_fits_and_opens_what_a_verifier_accepts() {
        let mut walker = walker();
        let pace = Pace::until(Instant::now() + Duration::from_secs(3600));
        let walk = walker.walk(&CHALLENGE, &RULES, &pace);
        let walk = walk.expect("the host does not fail").expect("it is small");
        let claim = walk.claim();
        assert_eq!(claim.parameters, RULES.parameters(12));
        assert_eq!(claim.parameters.min_batches(), 24);
        assert_eq!(claim.batches, 64);
        assert!(walker.learnt.is_some_and(|learnt| learnt.rules == RULES));
        let openings = walker.open(&walk, &[6; 32], 3).expect("it opens");
        let verdict = verify_walk::<SoftwareSha256>(&claim, &[6; 32], walk.peaks(), &openings, 3);
        assert_eq!(verdict, Ok(()));
        // After a restart: from the roots alone, by another walker.
        let kept =
            WalkProof::from_batch_roots(CHALLENGE, claim.parameters, walk.batch_roots().to_vec());
        let again = Walker::new(Memory::host(Load::FULL));
        let opened = again.open(&kept.expect("the same walk"), &[6; 32], 3);
        assert_eq!(opened.expect("it opens"), openings);
    }

    #[test]
    fn abandoned_or_without_time_there_is_no_walk() {
        let pace = Pace::until(Instant::now() + Duration::from_secs(3600));
        pace.abandon();
        let walk = walker().walk(&CHALLENGE, &RULES, &pace);
        assert_eq!(walk.expect("the host does not fail"), None);
        let pace = Pace::until(Instant::now());
        let walk = walker().walk(&CHALLENGE, &RULES, &pace);
        assert_eq!(walk.expect("the host does not fail"), None);
    }

    #[test]
    fn as_many_pages_as_the_time_is_enough_for() {
        // A page's 64 entries are read 8 times by batches of 256 reads: two batches a page.
        let learnt = Learnt {
            rules: RULES,
            page: 6 * MS,
            batch: 2 * MS,
        };
        assert_eq!(learnt.shortest(3), 30 * MS);
        let second = 1_000 * MS;
        assert_eq!(learnt.pages(12, 10 * MS, second), Some(1));
        assert_eq!(learnt.pages(12, 59 * MS, second), Some(5));
        assert_eq!(learnt.pages(12, second, second), Some(12));
        // Not even one in the budget, but in most of the time that is left.
        assert_eq!(learnt.pages(12, 9 * MS, 16 * MS), Some(1));
        assert_eq!(learnt.pages(12, 9 * MS, 12 * MS), None);
    }

    #[test]
    fn leaves_hashed_on_all_cores_give_the_same_root() {
        let marks: Vec<Folds> = (0..4 * 1024).map(|group| [group; 64]).collect();
        let serial: Vec<_> = (0..)
            .zip(&marks)
            .map(|(group, marks)| tile::leaf::<SoftwareSha256>(7, group, marks))
            .collect();
        let root =
            tile::tree::<SoftwareSha256>(serial).and_then(|levels| levels.last()?.first().copied());
        assert!(root.is_some());
        assert_eq!(root_of(7, &marks), root);
    }
}
