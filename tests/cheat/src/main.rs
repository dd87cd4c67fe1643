// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A dishonest miner: everything of the real worker but the proving, of which
//! it computes only a part, or which it never shows, or of which a little is made up. Or
//! one that makes its calls by hand.

mod by_hand;

use std::{convert::Infallible, path::PathBuf, process::ExitCode, sync::Arc};

use clap::Parser;
use ni_client::{Chain, keys};
use ni_worker::{
    exit::{Exit, Failure, OrExit},
    miner::{
        self, HANG_AFTER, Registering, Settings,
        memory::{Load, Memory, USUAL_SHARE},
        pace::Pace,
        prover::{EngineProver, Prover, ProverError},
    },
};
use proof_of_gpu_primitives::{
    Hash, Opening, Workload,
    prover::{CpuEngine, Folds, Proof, RoundEngine},
};

/// A miner that skips tiles, makes up a sub-tile, or commits and vanishes; that copies
/// others, is late, or sends what must fail.
#[derive(Debug, Parser)]
struct Arguments {
    /// WebSocket address of a node.
    #[arg(long)]
    url: String,
    /// Take development keys.
    #[arg(long, required = true)]
    dev: bool,
    /// The hotkey's development URI.
    #[arg(long)]
    key: String,
    /// The owner's development URI.
    #[arg(long)]
    owner: String,
    /// Register first.
    #[arg(long)]
    register: bool,
    /// The store's file.
    #[arg(long)]
    store: PathBuf,
    /// Stop after this many windows; 0 never stops.
    #[arg(long, default_value_t = 0)]
    windows: u32,
    /// The share of the time to work, in percent.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(1..=100))]
    load: u8,
    /// The share of the time to work that an honest memory walk takes, in percent.
    #[arg(long, default_value_t = USUAL_SHARE,
          value_parser = clap::value_parser!(u8).range(1..=90))]
    walk_share: u8,
    /// The share of each round's tiles to make up, in percent.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u8).range(0..=100))]
    skip: u8,
    /// Work honestly, commit, and never reveal.
    #[arg(long, conflicts_with = "skip")]
    vanish: bool,
    /// Compute all but this sub-tile of every tile, which is made up.
    #[arg(long, conflicts_with_all = ["skip", "vanish"],
          value_parser = clap::value_parser!(u8).range(0..64))]
    make_up: Option<u8>,
    /// Make it up in this tile of each round only.
    #[arg(long, requires = "make_up")]
    in_tile: Option<u32>,
    /// Register, commit to somebody else's commitment, reveal its reveal, and end.
    #[arg(long, conflicts_with_all = ["skip", "vanish", "make_up"])]
    copy: bool,
    /// Register, reveal too early, commit too late, and end.
    #[arg(long, conflicts_with_all = ["skip", "vanish", "make_up", "copy"])]
    late: bool,
    /// Register, send so many calls that must fail in each phase of a window, and end.
    #[arg(long, conflicts_with_all = ["skip", "vanish", "make_up", "copy", "late"])]
    spam: Option<u32>,
}

impl Arguments {
    /// What is done by hand, if anything is.
    fn deed(&self) -> Option<by_hand::Deed> {
        match self {
            Self { copy: true, .. } => Some(by_hand::Deed::Copy),
            Self { late: true, .. } => Some(by_hand::Deed::Late),
            Self { spam, .. } => spam.map(by_hand::Deed::Spam),
        }
    }
}

/// Computes everything, and makes up a sub-tile, knowing nothing of what will be sampled.
struct InventiveEngine {
    engine: CpuEngine,
    sub_tile: u8,
    tile: Option<u32>,
}

impl RoundEngine for InventiveEngine {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let mut folds = self.engine.round_leaves(key, round, workload)?;
        for (number, folds) in (0..).zip(&mut folds) {
            if self.tile.is_none_or(|tile| tile == number) {
                folds[usize::from(self.sub_tile)] ^= 1;
            }
        }
        Ok(folds)
    }
}

/// Computes the first rows of tiles of each round and makes up the others.
struct SkippingEngine {
    engine: CpuEngine,
    skip: u8,
}

impl RoundEngine for SkippingEngine {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        // Tiles are numbered by rows: a product with fewer rows has the first.
        let rows = workload.m / proof_of_gpu_primitives::TILE;
        let kept = rows - rows * u32::from(self.skip) / 100;
        let part = Workload {
            m: kept * proof_of_gpu_primitives::TILE,
            ..*workload
        };
        let mut folds = self.engine.round_leaves(key, round, &part)?;
        // The same each time, or it could not even open its own commitment.
        let made_up = u32::from_le_bytes([key[0], key[1], key[2], key[3]]);
        for number in folds.len()..workload.tiles() as usize {
            let number = u32::try_from(number).unwrap_or_default();
            folds.push([made_up ^ number; proof_of_gpu_primitives::FOLDS]);
        }
        Ok(folds)
    }
}

/// Proves honestly and will not open.
struct Vanishing(EngineProver<CpuEngine>);

impl Prover for Vanishing {
    fn name(&self) -> String {
        "vanishing".to_owned()
    }

    fn is_exact(&self) -> bool {
        true
    }

    fn memory(&self) -> Memory {
        self.0.memory()
    }

    fn prove(
        &mut self,
        challenge: &Hash,
        workload: &Workload,
        pace: &Pace,
    ) -> Result<Option<Proof>, ProverError> {
        self.0.prove(challenge, workload, pace)
    }

    fn open(&mut self, _: &Proof, _: &Hash, _: u32) -> Result<Vec<Opening>, ProverError> {
        Err(ProverError {
            device: self.name(),
            cause: "gone".to_owned(),
        })
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter("warn,ni_worker=info")
        .json()
        .with_writer(std::io::stderr)
        .init();
    match mine(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("ni-cheat: {failure}");
            failure.exit().into()
        }
    }
}

async fn mine(arguments: Arguments) -> Result<(), Failure> {
    let key = |uri: &str| keys::development(uri).or_exit(Exit::Usage, "cannot take the key");
    if let Some(deed) = arguments.deed() {
        let chain = Chain::connect(&arguments.url).await;
        let doer = by_hand::Doer {
            chain: chain.or_exit(Exit::Node, "cannot reach the node")?,
            hotkey: key(&arguments.key)?,
            owner: key(&arguments.owner)?,
        };
        return doer.run(deed).await;
    }
    let load = Load::percent(arguments.load);
    let memory = Memory::host(load).limited(None, arguments.walk_share);
    let prover: Box<dyn Prover> = if arguments.vanish {
        let honest = EngineProver::new("cpu", CpuEngine::new(), load);
        Box::new(Vanishing(honest.with_memory(memory)))
    } else if let Some(sub_tile) = arguments.make_up {
        let engine = InventiveEngine {
            engine: CpuEngine::new(),
            sub_tile,
            tile: arguments.in_tile,
        };
        Box::new(EngineProver::new("inventive", engine, load).with_memory(memory))
    } else {
        let engine = SkippingEngine {
            engine: CpuEngine::new(),
            skip: arguments.skip,
        };
        Box::new(EngineProver::new("skipping", engine, load).with_memory(memory))
    };
    let settings = Settings {
        urls: vec![arguments.url],
        hotkey: key(&arguments.key)?,
        owner: Some(key(&arguments.owner)?),
        register: arguments.register.then(Registering::default),
        store: Some(arguments.store),
        windows: arguments.windows,
        hang_after: HANG_AFTER,
        health: Arc::default(),
    };
    miner::run(settings, vec![prover]).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use proof_of_gpu_primitives::{
        SoftwareSha256, VerifyError,
        prover::{open, prove},
        verify_reveal,
    };

    use super::*;

    const SHAPE: Workload = Workload::new(256, 128, 64);
    const BEACON: Hash = [9; 32];

    fn verdict(skip: u8) -> Result<(), VerifyError> {
        let mut engine = SkippingEngine {
            engine: CpuEngine::new(),
            skip,
        };
        let proof = prove(&mut engine, [1; 32], &SHAPE, 3, &mut |_| ()).expect("computes");
        let openings = open(&mut engine, &proof, &BEACON, 16).expect("opens what it made up");
        verify_reveal::<SoftwareSha256>(&proof.claim(), &BEACON, proof.peaks(), &openings, 16)
    }

    #[test]
    fn skipping_half_of_the_tiles_is_found() {
        assert!(matches!(verdict(50), Err(VerifyError::Product { .. })));
    }

    #[test]
    fn a_made_up_sub_tile_is_found_by_whom_samples_it_only() {
        let mut verdicts = [0; 2];
        for sub_tile in 0..64 {
            let mut engine = InventiveEngine {
                engine: CpuEngine::new(),
                sub_tile,
                tile: None,
            };
            let proof = prove(&mut engine, [1; 32], &SHAPE, 3, &mut |_| ()).expect("computes");
            let openings = open(&mut engine, &proof, &BEACON, 16).expect("opens what it made up");
            let sampled = proof
                .samples(&BEACON, 16)
                .iter()
                .any(|sample| sample.sub_tile == u32::from(sub_tile));
            let accepted = verify_reveal::<SoftwareSha256>(
                &proof.claim(),
                &BEACON,
                proof.peaks(),
                &openings,
                16,
            )
            .is_ok();
            assert_eq!(accepted, !sampled, "sub-tile {sub_tile}");
            verdicts[usize::from(accepted)] += 1;
        }
        assert!(verdicts[0] > 0 && verdicts[1] > verdicts[0], "{verdicts:?}");
    }

    #[test]
    fn skipping_nothing_is_honest() {
        assert_eq!(verdict(0), Ok(()));
    }
}
