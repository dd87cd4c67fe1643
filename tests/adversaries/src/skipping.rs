// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Who skips a share of the work: how often it is caught, and what it gains.
//!
//! In each of many windows an honest GPU and one for each share claim the same number
//! of rounds; each liar makes up a random choice of them, of exactly its share, commits,
//! waits for the chain's samples and reveals. One looks at the samples first and reveals
//! only if it is lucky; a friend reports it for the bounty. And one skips so little that
//! it is seldom caught, because without the lie it would be below a floor and unpaid.
//!
//! The terms are a liar's best: bonds are as small as they can be without binding the
//! pay, which makes the slash `samples` / 90% times the pay. A larger bond only costs
//! it more.

use crate::{
    arena::{Arena, BOUNTY, Miner, SLASH, Terms, Verdict, challenged, report, wealth},
    engines::{Skipping, Unit, honest},
    theory::{self, Stakes},
};
use ni_runtime::{Balance, NI};
use proof_of_gpu_primitives::{
    Workload,
    prover::{Proof, open, prove},
};
use sp_runtime::PerThing;
use stateful::Rng;

/// Shares of the work that are skipped, in hundredths of a percent.
pub const SHARES: [u32; 6] = [100, 500, 1_000, 2_500, 5_000, 10_000];
/// Numbers of samples.
pub const SAMPLES: [u32; 3] = [1, 4, 16];
/// The share that who says nothing when unlucky skips.
const SILENT: u32 = 1_000;
/// The share that is missing of who lies itself over a tier's floor.
const MISSING: u32 = 25;
/// Whose accounts the friends have.
const FRIEND: u8 = 15;

/// What is run.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Decides what is skipped. The chain's own randomness is that of its only author's
    /// key, and so the same each time.
    pub seed: u64,
    /// Windows.
    pub windows: u32,
    /// Openings in a reveal.
    pub samples: u32,
    /// Shape of a round.
    pub workload: Workload,
    /// Rounds that each claims.
    pub rounds: u32,
    /// What is skipped at a time.
    pub unit: Unit,
}

impl Run {
    /// A hundred rounds of the smallest shape, of which whole rounds are not computed.
    #[must_use]
    pub const fn rounds(windows: u32, samples: u32) -> Self {
        Self {
            seed: 1,
            windows,
            samples,
            workload: Workload::new(64, 64, 64),
            rounds: 100,
            unit: Unit::Round,
        }
    }

    /// A quarter as many, of which some of the 1,600 sub-tiles are made up: the same
    /// shares at a quarter of the cost.
    #[must_use]
    pub const fn sub_tiles(windows: u32, samples: u32) -> Self {
        Self {
            rounds: 25,
            unit: Unit::SubTile,
            ..Self::rounds(windows, samples)
        }
    }

    /// Rounds of four tiles, of which some tiles are made up.
    #[must_use]
    pub const fn tiles(windows: u32, samples: u32) -> Self {
        Self {
            workload: Workload::new(128, 128, 64),
            rounds: 25,
            unit: Unit::Tile,
            ..Self::rounds(windows, samples)
        }
    }

    fn terms(&self) -> Terms {
        Terms {
            workload: self.workload,
            samples: self.samples,
            ..Terms::default()
        }
    }
}

/// What a liar is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Skips, and reveals come what may.
    Bold,
    /// Reveals only when it is lucky.
    Silent,
    /// Is just below a floor: without the lie it would be paid nothing.
    Edge,
}

/// How one of them fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fate {
    /// What it is about.
    pub kind: Kind,
    /// The share it skips, in hundredths of a percent.
    pub share: u32,
    /// Windows in which it was caught or, being silent, had to say nothing.
    pub caught: u32,
    /// What it and its friend have gained in all windows: what they were paid, less
    /// what was slashed and what reports cost.
    pub gained: i128,
    /// What the friend gained of that.
    pub friend: i128,
}

impl Fate {
    /// The share it skips.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        f64::from(self.share) / 10_000.0
    }
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What was run.
    pub run: Run,
    /// What an honest GPU was paid in all windows.
    pub honest: i128,
    /// Its bond, and everybody's.
    pub bond: Balance,
    /// The liars.
    pub fates: Vec<Fate>,
}

impl Outcome {
    /// What is at stake in a window, in NI.
    #[must_use]
    pub fn stakes(&self) -> Stakes {
        Stakes {
            pay: ni(self.honest) / f64::from(self.run.windows),
            slash: ni(i128::try_from(SLASH.mul_ceil(self.bond)).unwrap_or(i128::MAX)),
        }
    }

    /// What a liar gained a window, in parts of what an honest GPU is paid for the same
    /// claim.
    #[must_use]
    pub fn gain(&self, fate: &Fate) -> f64 {
        ni(fate.gained) / ni(self.honest)
    }

    /// The chance by which a liar should have been caught.
    #[must_use]
    pub fn chance(&self, fate: &Fate) -> f64 {
        theory::detection(fate.fraction(), self.run.samples)
    }

    /// What a liar should gain a window, in the same parts.
    #[must_use]
    pub fn expected(&self, fate: &Fate) -> f64 {
        let stakes = self.stakes();
        let back = match fate.kind {
            Kind::Silent => f64::from(BOUNTY.deconstruct()) / 1e9,
            Kind::Bold | Kind::Edge => 0.0,
        };
        let stakes = Stakes {
            slash: stakes.slash * (1.0 - back),
            ..stakes
        };
        stakes.lying(self.chance(fate)) / stakes.pay
    }

    /// What it would gain a window by claiming what it does compute, in the same parts.
    #[must_use]
    pub fn honesty(&self, fate: &Fate) -> f64 {
        match fate.kind {
            Kind::Bold | Kind::Silent => 1.0 - fate.fraction(),
            Kind::Edge => 0.0,
        }
    }
}

/// An amount in NI.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn ni(amount: i128) -> f64 {
    amount as f64 / NI as f64
}

/// A liar in a window.
struct Liar {
    miner: Miner,
    friend: Miner,
    fate: Fate,
    work: Option<(Skipping, Proof)>,
}

impl Liar {
    fn new(number: u8, kind: Kind, share: u32) -> Self {
        Self {
            miner: Miner::number(number),
            friend: Miner::number(FRIEND),
            fate: Fate {
                kind,
                share,
                caught: 0,
                gained: 0,
                friend: 0,
            },
            work: None,
        }
    }
}

/// Runs it, telling `watch` after each window.
///
/// # Panics
///
/// When the chain does anything to these miners that is neither verifying nor slashing.
pub fn run(run: &Run, mut watch: impl FnMut()) -> Outcome {
    let bond = smallest_bond(run);
    Arena::run(&run.terms(), |arena| {
        arena.require(bond);
        let mut rng = Rng::new(run.seed);
        let truthful = Miner::number(0);
        let mut liars: Vec<Liar> = (1..)
            .zip(SHARES)
            .map(|(number, share)| Liar::new(number, Kind::Bold, share))
            .collect();
        liars.push(Liar::new(13, Kind::Silent, SILENT));
        liars.push(Liar::new(14, Kind::Edge, MISSING));
        arena.register(&truthful, 1);
        for liar in &liars {
            arena.register(&liar.miner, 1);
        }
        let before = wealth(&truthful.owner);
        let friends = wealth(&Miner::number(FRIEND).owner);
        let wealths: Vec<i128> = liars.iter().map(|liar| wealth(&liar.miner.owner)).collect();
        for _ in 0..run.windows {
            window(arena, run, &mut rng, &truthful, &mut liars);
            watch();
        }
        arena.claim(&truthful, 0);
        let fates = liars.iter().zip(wealths).map(|(liar, before)| {
            arena.claim(&liar.miner, 0);
            let friend = match liar.fate.kind {
                Kind::Silent => wealth(&liar.friend.owner) - friends,
                Kind::Bold | Kind::Edge => 0,
            };
            Fate {
                gained: wealth(&liar.miner.owner) - before + friend,
                friend,
                ..liar.fate
            }
        });
        Outcome {
            run: *run,
            bond,
            fates: fates.collect(),
            honest: wealth(&truthful.owner) - before,
        }
    })
}

/// The bond whose cap is what the claim is paid, and no less.
fn smallest_bond(run: &Run) -> Balance {
    let pay = Arena::run(&run.terms(), |arena| {
        let miner = Miner::number(0);
        arena.register(&miner, 1);
        let before = wealth(&miner.owner);
        let window = arena.open();
        let root = commit_honestly(arena, run, &miner, &window);
        let (window, beacon) = arena.revealing();
        let openings = open(&mut honest(), &root, &beacon, run.samples).expect("it opens");
        let verdict = arena.reveal(&miner, 0, (window.id, beacon), root.peaks(), openings);
        assert!(
            matches!(verdict, Verdict::Verified { .. }),
            "an honest reveal: {verdict:?}"
        );
        arena.close();
        arena.claim(&miner, 0);
        wealth(&miner.owner) - before
    });
    // What is rounded off depends on how many others there are, by a few units.
    let pay = Balance::try_from(pay).expect("it is paid") + 1_000;
    let kept = BOUNTY.left_from_one();
    let backed = Balance::from((SLASH * kept).deconstruct());
    (pay * Balance::from(run.samples) + 1) * 1_000_000_000 / backed + 1
}

fn commit_honestly(
    arena: &mut Arena,
    run: &Run,
    miner: &Miner,
    window: &stateful::proof::CurrentWindowOf,
) -> Proof {
    let proof = prove(
        &mut honest(),
        challenged(window, miner, 0),
        &run.workload,
        run.rounds,
        &mut |_| (),
    )
    .expect("it proves");
    arena
        .commit(miner, 0, window, (proof.rounds(), proof.root()))
        .expect("it commits");
    proof
}

/// One window of all of them.
fn window(arena: &mut Arena, run: &Run, rng: &mut Rng, truthful: &Miner, liars: &mut [Liar]) {
    let window = arena.open();
    let proof = commit_honestly(arena, run, truthful, &window);
    for liar in &mut *liars {
        arena.top_up(&liar.miner, 0);
        let mut engine = choose(rng, run, &liar.fate);
        let proof = prove(
            &mut engine,
            challenged(&window, &liar.miner, 0),
            &run.workload,
            run.rounds,
            &mut |_| (),
        )
        .expect("it proves");
        arena
            .commit(&liar.miner, 0, &window, (proof.rounds(), proof.root()))
            .expect("it commits");
        liar.work = Some((engine, proof));
    }

    let (window, beacon) = arena.revealing();
    let openings = open(&mut honest(), &proof, &beacon, run.samples).expect("it opens");
    let verdict = arena.reveal(truthful, 0, (window.id, beacon), proof.peaks(), openings);
    assert!(
        matches!(verdict, Verdict::Verified { .. }),
        "an honest reveal: {verdict:?}"
    );
    let mut silent = Vec::new();
    for liar in &mut *liars {
        let (mut engine, proof) = liar.work.take().expect("it has committed");
        let lucky = proof.samples(&beacon, run.samples).iter().all(|sample| {
            !engine.skipped(&run.workload, sample.round, sample.tile, sample.sub_tile)
        });
        if liar.fate.kind == Kind::Silent && !lucky {
            liar.fate.caught += 1;
            silent.push((liar.miner.clone(), liar.friend.clone()));
            continue;
        }
        let openings = open(&mut engine, &proof, &beacon, run.samples).expect("it opens");
        let at = (window.id, beacon);
        match arena.reveal(&liar.miner, 0, at, proof.peaks(), openings) {
            Verdict::Verified { .. } => {}
            Verdict::Refused { .. } => liar.fate.caught += 1,
            Verdict::NotTaken(why) => panic!("a reveal was not taken: {why}"),
        }
    }
    arena.close();
    for (miner, friend) in silent {
        // A block in which a session ends is full from the beginning.
        while let Err(why) = arena.send(&friend.owner, report(&miner, 0, window.id)) {
            assert!(why.contains("ExhaustsResources"), "a report: {why}");
            arena.step();
        }
    }
}

/// A prover that skips exactly a liar's share, whichever of all.
fn choose(rng: &mut Rng, run: &Run, fate: &Fate) -> Skipping {
    let unit = match fate.kind {
        Kind::Bold | Kind::Silent => run.unit,
        // Less than a round.
        Kind::Edge => Unit::SubTile,
    };
    let units = run.rounds * run.workload.tiles() * 64 / unit.sub_tiles(&run.workload);
    let count = units * fate.share / 10_000;
    assert_eq!(count * 10_000, units * fate.share, "a share of whole units");
    let mut all: Vec<u32> = (0..units).collect();
    let mut chosen = Vec::new();
    for _ in 0..count {
        let place = rng.index(all.len());
        chosen.push(all.swap_remove(place));
    }
    Skipping::new(chosen, unit, &run.workload)
}
