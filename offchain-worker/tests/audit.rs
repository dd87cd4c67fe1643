// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What `audit` and `verify --full` say without a chain: the real binary, its output and
//! its exit codes.

use std::{
    convert::Infallible,
    fs,
    process::{Command, Output},
};

use proof_of_gpu_primitives::{
    Hash, Workload,
    bundle::Bundle,
    prover::{CpuEngine, Folds, RoundEngine, open, prove},
};

const SHAPE: Workload = Workload::new(128, 128, 64);
const SAMPLES: u32 = 4;

/// Makes up one sub-tile of one tile of each round, or of every tile.
struct Inventive {
    sub_tile: Option<usize>,
    tile: Option<usize>,
}

impl RoundEngine for Inventive {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let mut folds = CpuEngine::new().round_leaves(key, round, workload)?;
        for (number, folds) in folds.iter_mut().enumerate() {
            if let Some(sub_tile) = self.sub_tile
                && self.tile.is_none_or(|tile| tile == number)
            {
                folds[sub_tile] ^= 1;
            }
        }
        Ok(folds)
    }
}

/// A bundle of 40 rounds by this prover, which the protocol's verifier accepts: of the
/// sampling beacons one is taken whose samples fulfil `missed`.
fn bundle(mut engine: Inventive, missed: impl Fn(u32, u32) -> bool) -> Bundle {
    let proof = prove(&mut engine, [5; 32], &SHAPE, 40, &mut |_| ()).expect("it computes");
    let beacon = (0..=u8::MAX)
        .map(|byte| [byte; 32])
        .find(|beacon| {
            let samples = proof.samples(beacon, SAMPLES);
            samples
                .iter()
                .all(|sample| missed(sample.tile, sample.sub_tile))
        })
        .expect("some samples miss it");
    let openings = open(&mut engine, &proof, &beacon, SAMPLES).expect("it opens");
    let bundle = Bundle::opened(&proof, beacon, openings);
    assert_eq!(bundle.verify(), Ok(()));
    bundle
}

fn worker(arguments: &[&str]) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_ni-worker"))
        .args(arguments)
        .env_remove("NI_LOG")
        .output()
        .expect("the worker starts");
    let text = [stdout, stderr].concat();
    (
        status.code(),
        String::from_utf8(text).expect("what it prints is text"),
    )
}

/// What `verify` says of a bundle, without and with `--full`.
fn verify(bundle: &Bundle) -> [(Option<i32>, String); 2] {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bundle.json");
    fs::write(&file, bundle.to_json()).expect("the file is written");
    let file = file.to_str().expect("UTF-8");
    [
        worker(&["verify", file]),
        worker(&["verify", "--full", file]),
    ]
}

#[test]
fn an_honest_bundle_is_accepted_in_full_on_cpu_and_on_an_adapter() {
    let honest = Inventive {
        sub_tile: None,
        tile: None,
    };
    let bundle = bundle(honest, |_, _| true);
    for (code, text) in verify(&bundle) {
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("is accepted: 40 rounds"), "{text}");
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bundle.json");
    fs::write(&file, bundle.to_json()).expect("the file is written");
    let file = file.to_str().expect("UTF-8");
    let (code, text) = worker(&["verify", "--full", "--device=0", file]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("computed again"), "{text}");
}

#[test]
fn a_made_up_sub_tile_is_named_in_full_only() {
    let everywhere = Inventive {
        sub_tile: Some(42),
        tile: None,
    };
    let [protocol, full] = verify(&bundle(everywhere, |_, sub_tile| sub_tile != 42));
    assert_eq!(protocol.0, Some(0), "{}", protocol.1);
    assert_eq!(full.0, Some(1), "{}", full.1);
    assert!(
        full.1.contains("sub-tile 42: the reveal says fold"),
        "{}",
        full.1
    );
}

#[test]
fn a_made_up_tile_that_was_not_opened_is_narrowed_down_in_full_only() {
    let in_one = Inventive {
        sub_tile: Some(42),
        tile: Some(2),
    };
    let [protocol, full] = verify(&bundle(in_one, |tile, _| tile != 2));
    assert_eq!(protocol.0, Some(0), "{}", protocol.1);
    assert_eq!(full.0, Some(1), "{}", full.1);
    let named = full.1.contains("tiles 2 to 2:") || full.1.contains("tiles 2 to 3:");
    assert!(named, "{}", full.1);
}

#[test]
fn what_cannot_be_audited_is_said_with_the_next_step() {
    // Nobody listens on port 1 of the loopback.
    let nobody = "--url=ws://127.0.0.1:1";
    for arguments in [
        &["audit", nobody, "--device=cpu"][..],
        &["audit", nobody, "--calibrations"],
    ] {
        let (code, text) = worker(arguments);
        assert_eq!(code, Some(4), "{text}");
        assert!(text.contains("start one (`ni-node --dev`)"), "{text}");
    }
    let (code, text) = worker(&["audit", nobody, "--key=//Alice"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("--dev"), "{text}");
    let (code, text) = worker(&["audit", nobody, "--device=99"]);
    assert_eq!(code, Some(3), "{text}");
    let (code, _) = worker(&["audit", nobody, "--share=0"]);
    assert_eq!(code, Some(2));
}
