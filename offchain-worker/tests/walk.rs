// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `prove --walk` and `verify` of bundles of version 2, against the real binary.

use std::{
    fs,
    process::{Command, Output},
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
    verify(1, &third);
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
