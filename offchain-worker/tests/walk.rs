// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `prove --walk` and `verify` of bundles of version 2, against the real binary.

use std::{
    convert::Infallible,
    fs,
    process::{Command, Output},
};

use proof_of_gpu_primitives::{
    Hash, Workload,
    bundle::Bundle,
    prover::{CpuEngine, Folds, RoundEngine, open, prove},
    walk::{
        WalkParameters,
        bundle::WalkBundle,
        prover::{BatchEngine, CpuFill, open_walk, prove_walk},
    },
};
use serde_json::Value;
use tempfile::TempDir;

const GOLDEN: &str = include_str!("../../docs/vectors/memory-walk-v2.json");
const REFUSED: &str = include_str!("../../docs/vectors/memory-walk-v2-refused.json");

fn worker(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ni-worker"))
        .args(arguments)
        .output()
        .expect("the worker runs")
}

/// Runs the worker; its output and its errors, if it exits as expected.
#[track_caller]
fn expect(exit: i32, arguments: &[&str]) -> (String, String) {
    let output = worker(arguments);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(exit), "{out}{err}");
    (out, err)
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().expect("UTF-8").to_owned()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A bundle with a walk as the second golden vector has it, and the product after it.
fn proven(folder: &TempDir, device: &str) -> Value {
    let vector = &json(GOLDEN)["walks"][1];
    let text = |name: &str| vector[name].as_str().expect("a text").to_owned();
    let file = path(folder, "proven.json");
    let (challenge, beacon) = (text("challenge"), text("sampling_beacon"));
    let arguments = [
        "prove",
        "--challenge",
        &challenge,
        "--workload",
        "64x64x64",
        "--rounds",
        "3",
        "--walk",
        "3,4,16,128,3,8",
        "--sampling-beacon",
        &beacon,
        "--samples",
        "6",
        "--device",
        device,
        "--out",
        &file,
    ];
    let (out, _) = expect(0, &arguments);
    assert!(
        out.contains("a walk of 6144 bytes, 3 rounds of 64x64x64"),
        "{out}"
    );
    let (out, _) = expect(0, &["verify", &file]);
    assert!(
        out.contains("is accepted: a walk of 1 batches through 6144 bytes"),
        "{out}"
    );
    json(&fs::read_to_string(&file).expect("the bundle is there"))
}

#[test]
fn every_device_writes_the_same_walk_and_a_changed_one_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let (devices, _) = expect(0, &["devices", "--json"]);
    let devices = json(&devices);
    let devices = devices.as_array().expect("a list");
    assert!(!devices.is_empty(), "no adapter: run `make setup`");
    let on_cpu = proven(&folder, "cpu");
    assert_eq!(on_cpu["version"], 2);
    for device in devices {
        let on_gpu = proven(&folder, &device["index"].to_string());
        assert!(on_gpu == on_cpu, "{device}");
    }

    let file = path(&folder, "changed.json");
    for (pointer, why) in [
        (
            "/challenge",
            "the walk: the peaks do not give the committed root",
        ),
        (
            "/product/challenge",
            "the product does not follow from this walk",
        ),
        ("/product/sampling_beacon", "sampled with another beacon"),
        ("/product/root", "the product: the peaks"),
    ] {
        let mut changed = on_cpu.clone();
        *changed.pointer_mut(pointer).expect("a field") = format!("0x{}", "11".repeat(32)).into();
        fs::write(&file, changed.to_string()).expect("writes");
        let (_, err) = expect(1, &["verify", &file]);
        assert!(
            err.contains("is refused: ") && err.contains(why),
            "{pointer}: {err}"
        );
    }
}

#[test]
fn golden_walks_are_accepted_and_those_to_be_refused_are_refused() {
    let folder = TempDir::new().expect("a folder");
    let file = path(&folder, "vector.json");
    let verify = |exit, vector: &Value| {
        fs::write(&file, vector.to_string()).expect("writes");
        expect(exit, &["verify", &file])
    };
    for vector in json(GOLDEN)["walks"].as_array().expect("a list") {
        verify(0, vector);
    }
    let refused = json(REFUSED);
    let refused = refused.as_array().expect("a list");
    assert!(!refused.is_empty());
    for vector in refused {
        let (out, err) = verify(1, vector);
        assert!(out.is_empty() && err.contains("the walk: "), "{err}");
    }
    // A version that is none of the two.
    let mut third = json(GOLDEN)["walks"][0].clone();
    third["version"] = 3.into();
    let (_, err) = verify(1, &third);
    assert!(err.contains("of version 3"), "{err}");
}

#[test]
fn sizes_that_are_none_are_usage_errors() {
    for (size, why) in [
        ("0", "1 to 512 pages"),
        ("many", "for example 80"),
        ("1,2", "for example 80"),
    ] {
        let arguments = [
            "prove",
            "--challenge",
            "00",
            "--workload",
            "64x64x64",
            "--rounds",
            "1",
            "--walk",
            size,
            "--out",
            "nowhere.json",
        ];
        let mut arguments = arguments.to_vec();
        let challenge = "11".repeat(32);
        arguments[2] = &challenge;
        let (_, err) = expect(2, &arguments);
        assert!(err.contains(why), "{size}: {err}");
    }
}

/// The number that a lazy prover makes up, in every group or in every tile.
const MADE_UP: usize = 42;

/// Leaves out a lane of every group, a sub-tile of every tile, or nothing.
struct Lazy {
    fill: CpuFill,
    lane: bool,
    sub_tile: bool,
}

impl BatchEngine for Lazy {
    type Error = Infallible;

    fn walk_challenge(&self) -> Hash {
        self.fill.walk_challenge()
    }

    fn parameters(&self) -> WalkParameters {
        self.fill.parameters()
    }

    fn batch(&mut self, key: &Hash, batch: u32) -> Result<Vec<Folds>, Infallible> {
        let mut marks = self.fill.batch(key, batch)?;
        if self.lane {
            marks.iter_mut().for_each(|marks| marks[MADE_UP] ^= 1);
        }
        Ok(marks)
    }
}

impl RoundEngine for Lazy {
    type Error = Infallible;

    fn round_leaves(
        &mut self,
        key: &Hash,
        round: u32,
        workload: &Workload,
    ) -> Result<Vec<Folds>, Infallible> {
        let mut folds = CpuEngine::new().round_leaves(key, round, workload)?;
        if self.sub_tile {
            folds.iter_mut().for_each(|folds| folds[MADE_UP] ^= 1);
        }
        Ok(folds)
    }
}

/// A bundle whose samples miss whatever was left out.
fn lazy(lane: bool, sub_tile: bool) -> WalkBundle {
    const SIZE: WalkParameters = WalkParameters {
        pages: 3,
        page_bits: 4,
        rounds: 16,
        lanes: 128,
        hops: 3,
        passes: 80,
    };
    const SHAPE: Workload = Workload::new(128, 128, 64);
    const CHALLENGE: Hash = [5; 32];
    let fill = CpuFill::new(&CHALLENGE, SIZE, &mut |_| ()).expect("it is small");
    let mut engine = Lazy {
        fill,
        lane,
        sub_tile,
    };
    let walk = prove_walk(&mut engine, CHALLENGE, 10, &mut |_| ()).expect("it walks");
    let joined = WalkBundle::commitment(&walk).product_challenge();
    let product = prove(&mut engine, joined, &SHAPE, 5, &mut |_| ()).expect("it computes");
    let beacon = (0..=u8::MAX)
        .map(|byte| [byte; 32])
        .find(|beacon| {
            let mut samples = walk.samples(beacon, 3);
            samples.extend(product.samples(beacon, 3));
            samples.iter().all(|one| one.sub_tile as usize != MADE_UP)
        })
        .expect("some samples miss it");
    let openings = open_walk(&mut engine, &walk, &beacon, 3).expect("it opens");
    let opened = open(&mut engine, &product, &beacon, 3).expect("it opens");
    WalkBundle {
        product: Some(Bundle::opened(&product, beacon, opened)),
        ..WalkBundle::opened(&walk, beacon, openings)
    }
}

#[test]
fn in_full_lanes_are_walked_again_and_rounds_are_computed_again() {
    let folder = TempDir::new().expect("a folder");
    let file = path(&folder, "bundle.json");
    for (lane, sub_tile, why) in [
        (false, false, None),
        (true, false, Some("the reveal says mark")),
        (false, true, Some("sub-tile 42: the reveal says fold")),
    ] {
        fs::write(&file, lazy(lane, sub_tile).to_json()).expect("writes");
        // The protocol's samples all are in order.
        expect(0, &["verify", &file]);
        match why {
            None => {
                let (out, _) = expect(0, &["verify", "--full", &file]);
                assert!(
                    out.contains("walked again but not") && out.contains("whole rounds"),
                    "{out}"
                );
            }
            Some(why) => {
                let (_, err) = expect(1, &["verify", "--full", &file]);
                assert!(err.contains(why), "{err}");
            }
        }
    }
}
