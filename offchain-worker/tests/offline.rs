// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The commands that need no chain, as a user types them: the real binary, its
//! output and its exit codes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const DONE: i32 = 0;
const REFUSED: i32 = 1;
const USAGE: i32 = 2;
const DEVICE: i32 = 3;
const FILE: i32 = 5;

const CHALLENGE: &str = "5ad2000000000000000000000000000000000000000000000000000000000102";
const BEACON: &str = "0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";

const VECTORS: &str =
    include_str!("../../primitives/proof-of-gpu/tests/vectors/proof-of-gpu-v1.json");
const REFUSED_VECTORS: &str =
    include_str!("../../primitives/proof-of-gpu/tests/vectors/proof-of-gpu-v1-refused.json");

/// What the tests' workers remember of kernels, apart from the user's.
const KERNEL_MEMORY: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/kernels.json");

fn worker(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ni-worker"))
        .args(arguments)
        .env_remove("NI_LOG")
        .env("NI_KERNEL_MEMORY", KERNEL_MEMORY)
        .output()
        .expect("the worker starts")
}

/// Runs the worker and returns what it printed, after checking its exit code.
#[track_caller]
fn expect(exit: i32, arguments: &[&str]) -> (String, String) {
    let output = worker(arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(
        output.status.code(),
        Some(exit),
        "{arguments:?}\n{out}\n{err}"
    );
    (out, err)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// Numbers of every adapter.
fn devices() -> Vec<String> {
    let listed = json(&expect(DONE, &["devices", "--json"]).0);
    let devices: Vec<_> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|device| device["index"].to_string())
        .collect();
    assert!(
        !devices.is_empty(),
        "no adapter: run `make setup`, it installs lavapipe"
    );
    devices
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().expect("UTF-8").to_owned()
}

#[track_caller]
fn prove(device: &str, shape: &str, rounds: u32, out: &str) -> Vec<u8> {
    let rounds = rounds.to_string();
    expect(
        DONE,
        &[
            "prove",
            "--challenge",
            CHALLENGE,
            "--workload",
            shape,
            "--rounds",
            &rounds,
            "--sampling-beacon",
            BEACON,
            "--samples",
            "4",
            "--device",
            device,
            "--out",
            out,
        ],
    );
    fs::read(out).expect("the bundle is there")
}

/// A bundle of the smallest shape, proven on the CPU.
fn small_bundle(folder: &TempDir) -> Vec<u8> {
    prove("cpu", "64x64x64", 3, &path(folder, "small.json"))
}

/// Writes a file and returns what `verify` prints for it.
#[track_caller]
fn verify(exit: i32, folder: &TempDir, bytes: impl AsRef<[u8]>) -> (String, String) {
    let file = path(folder, "bundle.json");
    fs::write(&file, bytes).expect("the file is written");
    expect(exit, &["verify", &file])
}

fn same_bundles(shape: &str) {
    let folder = TempDir::new().expect("a folder");
    let devices = devices();
    for rounds in [1, 2, 3, 7, 32, 33] {
        let on_cpu = prove("cpu", shape, rounds, &path(&folder, "cpu.json"));
        for device in &devices {
            let file = path(&folder, "gpu.json");
            let on_gpu = prove(device, shape, rounds, &file);
            assert!(
                on_gpu == on_cpu,
                "device {device}, {shape}, {rounds} rounds"
            );
            expect(DONE, &["verify", &file]);
        }
    }
}

#[test]
fn cpu_and_gpu_write_the_same_bundles_64() {
    same_bundles("64x64x64");
}

#[test]
fn cpu_and_gpu_write_the_same_bundles_128() {
    same_bundles("128x256x192");
}

#[test]
fn cpu_and_gpu_write_the_same_bundles_512() {
    same_bundles("512x512x512");
}

#[test]
fn verify_accepts_the_golden_vectors() {
    let folder = TempDir::new().expect("a folder");
    let vectors = json(VECTORS);
    for vector in vectors.as_array().expect("a list") {
        let (out, _) = verify(DONE, &folder, vector.to_string());
        assert!(out.contains("accepted"), "{out}");
    }
}

#[test]
fn verify_refuses_what_must_be_refused_and_says_why() {
    let folder = TempDir::new().expect("a folder");
    let vectors = json(REFUSED_VECTORS);
    let vectors = vectors.as_array().expect("a list");
    assert!(!vectors.is_empty());
    for vector in vectors {
        let name = vector["name"].as_str().expect("a name");
        let why = match name {
            "a peak too many" | "rounds changed" => "number of peaks",
            "peaks swapped" => "committed root",
            "a tile path element too many" => "opening 0: the tile path",
            "a mountain path element altered" => "opening 1: its folds and paths",
            "a fold altered" => "opening 0: its folds and paths",
            "65 folds" => "invalid length 65",
            "no openings" => "no openings",
            "k changed" => "opening 0: the sampled sub-tile's product",
            _ => panic!("a vector without an expected reason: {name}"),
        };
        let (out, err) = verify(REFUSED, &folder, vector.to_string());
        assert!(out.is_empty(), "{name}: {out}");
        assert!(
            err.contains("is refused: ") && err.contains(why),
            "{name}: {err}"
        );
    }
}

#[test]
fn prove_writes_the_golden_vectors() {
    let folder = TempDir::new().expect("a folder");
    let file = path(&folder, "golden.json");
    let vectors = json(VECTORS);
    for vector in vectors.as_array().expect("a list") {
        let text = |key: &str| vector[key].as_str().expect("text").to_owned();
        let workload = &vector["workload"];
        let shape = format!("{}x{}x{}", workload["m"], workload["n"], workload["k"]);
        let samples = vector["openings"]
            .as_array()
            .expect("a list")
            .len()
            .to_string();
        for device in devices().into_iter().chain(["cpu".to_owned()]) {
            expect(
                DONE,
                &[
                    "prove",
                    "--challenge",
                    &text("challenge"),
                    "--workload",
                    &shape,
                    "--rounds",
                    &vector["rounds"].to_string(),
                    "--sampling-beacon",
                    &text("sampling_beacon"),
                    "--samples",
                    &samples,
                    "--device",
                    &device,
                    "--out",
                    &file,
                ],
            );
            let bundle = json(&fs::read_to_string(&file).expect("the bundle is there"));
            for (key, value) in bundle.as_object().expect("an object") {
                assert_eq!(value, &vector[key], "{} of {}", key, vector["name"]);
            }
            assert_eq!(bundle.as_object().map(serde_json::Map::len), Some(7));
        }
    }
}

#[test]
fn verify_never_panics_whatever_the_file_holds() {
    let folder = TempDir::new().expect("a folder");
    let bundle = small_bundle(&folder);
    verify(DONE, &folder, &bundle);
    // Cut off anywhere.
    for length in (0..bundle.len() - 2).step_by(bundle.len() / 40) {
        verify(REFUSED, &folder, &bundle[..length]);
    }
    // One digit off anywhere, in place of which another value stands.
    let digits: Vec<_> = bundle
        .iter()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_digit())
        .map(|(place, _)| place)
        .collect();
    for place in digits.iter().step_by(digits.len() / 60) {
        let mut changed = bundle.clone();
        changed[*place] = if changed[*place] == b'7' { b'8' } else { b'7' };
        verify(REFUSED, &folder, &changed);
    }
    for garbage in [
        &b""[..],
        b"null",
        b"[]",
        b"{}",
        b"\0\xff\xfe garbage",
        b"{\"challenge\": 1e999}",
        b"{\"rounds\": -1}",
    ] {
        verify(REFUSED, &folder, garbage);
    }
    verify(REFUSED, &folder, "[".repeat(1 << 20));
    let (_, err) = verify(REFUSED, &folder, " ".repeat(40 << 20));
    assert!(err.contains("bytes"), "{err}");
}

#[test]
fn verify_refuses_what_it_cannot_read() {
    let folder = TempDir::new().expect("a folder");
    // Of what cannot be read nothing is known.
    expect(FILE, &["verify", &path(&folder, "missing.json")]);
    expect(FILE, &["verify", folder.path().to_str().expect("UTF-8")]);
}

#[test]
fn hostile_numbers_are_refused_before_any_work() {
    let folder = TempDir::new().expect("a folder");
    let bundle = json(std::str::from_utf8(&small_bundle(&folder)).expect("UTF-8"));
    for (pointer, value) in [
        ("/rounds", Value::from(0)),
        ("/rounds", Value::from(1_u64 << 31)),
        ("/rounds", Value::from(u64::MAX)),
        ("/workload/m", Value::from(0)),
        ("/workload/m", Value::from(1_u64 << 31)),
        ("/workload/k", Value::from(u32::MAX)),
        ("/openings", Value::Array(Vec::new())),
        ("/peaks", Value::Array(Vec::new())),
        ("/peaks", vec![bundle["root"].clone(); 1000].into()),
    ] {
        let mut changed = bundle.clone();
        *changed.pointer_mut(pointer).expect("a field") = value;
        verify(REFUSED, &folder, changed.to_string());
    }
}

#[test]
fn a_commitment_without_openings_shows_nothing() {
    let folder = TempDir::new().expect("a folder");
    let file = path(&folder, "commitment.json");
    let arguments = [
        "--challenge",
        CHALLENGE,
        "--workload",
        "64x64x64",
        "--rounds",
        "2",
    ];
    let mut all = vec!["prove", "--device", "cpu", "--out", &file];
    all.extend(arguments);
    expect(DONE, &all);
    let bundle = json(&fs::read_to_string(&file).expect("the bundle is there"));
    assert_eq!(bundle["rounds"], 2);
    let (_, err) = expect(REFUSED, &["verify", &file]);
    assert!(err.contains("without openings"), "{err}");
}

#[test]
fn bench_prints_the_promised_keys() {
    for device in devices().into_iter().chain(["cpu".to_owned()]) {
        let (out, _) = expect(
            DONE,
            &[
                "bench",
                "--device",
                &device,
                "--seconds",
                "1",
                "--workload",
                "128x128x128",
                "--json",
            ],
        );
        let measured = json(&out);
        let number = |key: &str| measured[key].as_f64().expect("a number");
        let expected = number("rounds") * 2.0 * 128_f64.powi(3) / number("seconds") / 1e6;
        assert!((number("mops") / expected - 1.0).abs() < 1e-6, "{out}");
        assert!(number("rounds") > 1.0 && number("seconds") > 0.1, "{out}");
        assert_eq!(measured["workload"], "128x128x128");
        assert!(measured["device"].is_string());
        assert_eq!(
            measured["kernel"],
            if device == "cpu" { "cpu" } else { "portable" }
        );
    }
}

#[test]
fn bench_tells_people_the_share_of_each_stage() {
    let (out, _) = expect(
        DONE,
        &["bench", "--seconds", "1", "--workload", "128x128x128"],
    );
    for word in ["MOPS", "generate", "multiply", "leaves", "tree", "advance"] {
        assert!(out.contains(word), "no {word} in {out}");
    }
    assert!(out.contains("--url names a node"), "{out}");
}

#[test]
fn bench_measures_every_path_that_the_device_can_run() {
    let listed = json(&expect(DONE, &["devices", "--json"]).0);
    let names = |paths: &Value, keep: &dyn Fn(&Value) -> bool| -> Vec<String> {
        let paths = paths.as_array().expect("a list").iter();
        paths
            .filter(|path| keep(path))
            .map(|path| path["kernel"].as_str().expect("text").to_owned())
            .collect()
    };
    for device in listed.as_array().expect("a list") {
        let index = device["index"].to_string();
        let bench = ["bench", "--device", &index, "--seconds", "1", "--json"];
        let small = ["--workload", "128x128x128"];
        let (out, _) = expect(DONE, &[bench.as_slice(), &small].concat());
        assert_eq!(
            names(&json(&out)["paths"], &|_| true),
            names(&device["kernels"], &|path| path["usable"] == true),
            "{out}"
        );
    }
}

#[test]
fn bench_measures_although_no_chain_says_what_tier_that_is() {
    let bench = ["bench", "--device", "cpu", "--seconds", "1", "--json"];
    let nowhere = ["--workload", "64x64x64", "--url", "ws://127.0.0.1:1"];
    let (out, err) = expect(DONE, &[bench.as_slice(), &nowhere].concat());
    assert!(err.contains("without the tiers"), "{err}");
    let measured = json(&out);
    assert!(
        measured["mops"].is_number() && measured.get("tier").is_none(),
        "{out}"
    );
}

#[test]
fn devices_lists_kernels_and_why_not_the_others() {
    let listed = json(&expect(DONE, &["devices", "--json"]).0);
    for device in listed.as_array().expect("a list") {
        for key in ["name", "backend", "driver", "type"] {
            assert!(device[key].is_string(), "{key} of {device}");
        }
        for kernel in device["kernels"].as_array().expect("a list") {
            assert_eq!(
                kernel["usable"] == false,
                kernel["missing"].is_string(),
                "{kernel}"
            );
        }
    }
    let (table, err) = expect(DONE, &["devices"]);
    assert!(!err.contains("XDG_RUNTIME_DIR"), "{err}");
    let name = listed[0]["name"].as_str().expect("text");
    assert!(table.contains(name), "{table}");
}

#[test]
fn wrong_command_lines_are_usage_errors() {
    let prove = |change: (&'static str, &'static str)| {
        let mut arguments = vec![
            ("--challenge", CHALLENGE),
            ("--workload", "64x64x64"),
            ("--rounds", "1"),
            ("--out", "/nowhere/at/all"),
        ];
        arguments.retain(|(name, _)| *name != change.0);
        arguments.push(change);
        let flat = arguments
            .into_iter()
            .flat_map(|(name, value)| [name, value]);
        let all: Vec<_> = std::iter::once("prove").chain(flat).collect();
        expect(USAGE, &all);
    };
    prove(("--challenge", "0x1234"));
    prove(("--workload", "64x64"));
    prove(("--workload", "63x64x64"));
    prove(("--workload", "32768x64x64"));
    prove(("--rounds", "0"));
    prove(("--rounds", "2147483648"));
    prove(("--samples", "4"));
    prove(("--sampling-beacon", BEACON));
    prove(("--device", "gpu"));
    expect(USAGE, &["dance"]);
    expect(USAGE, &[]);
    expect(USAGE, &["bench", "--seconds", "0"]);
}

#[test]
fn errors_name_the_cause_and_the_next_step() {
    let folder = TempDir::new().expect("a folder");
    let out = path(&folder, "out.json");
    let prove = |device: &str, kernel: &str, out: &str, exit: i32| {
        let arguments = [
            "--challenge",
            CHALLENGE,
            "--workload",
            "64x64x64",
            "--rounds",
            "1",
        ];
        let mut all = vec![
            "prove", "--device", device, "--kernel", kernel, "--out", out,
        ];
        all.extend(arguments);
        expect(exit, &all).1
    };
    assert!(prove("99", "auto", &out, DEVICE).contains("ni-worker devices"));
    let listed = json(&expect(DONE, &["devices", "--json"]).0);
    let kernels = listed[0]["kernels"].as_array().expect("a list");
    if kernels
        .iter()
        .any(|kernel| kernel["kernel"] == "coop" && kernel["usable"] == false)
    {
        assert!(prove("0", "coop", &out, DEVICE).contains("portable"));
    }
    assert!(prove("cpu", "coop", &out, DEVICE).contains("--device"));
    let nowhere = path(&folder, "no/such/folder/out.json");
    assert!(prove("cpu", "auto", &nowhere, FILE).contains(&nowhere));
}

#[test]
fn without_an_adapter_the_error_says_what_to_do() {
    let output = Command::new(env!("CARGO_BIN_EXE_ni-worker"))
        .arg("devices")
        .env("VK_DRIVER_FILES", "/nonexistent")
        .env("VK_ICD_FILENAMES", "/nonexistent")
        .output()
        .expect("the worker starts");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(DEVICE), "{err}");
    assert!(err.contains("make setup"), "{err}");
}

#[test]
fn the_cpu_prover_needs_no_adapter() {
    let folder = TempDir::new().expect("a folder");
    let file = path(&folder, "cpu.json");
    let output = Command::new(env!("CARGO_BIN_EXE_ni-worker"))
        .args([
            "prove",
            "--challenge",
            CHALLENGE,
            "--workload",
            "64x64x64",
            "--rounds",
            "1",
        ])
        .args(["--device", "cpu", "--out", &file])
        .env("VK_DRIVER_FILES", "/nonexistent")
        .env("VK_ICD_FILENAMES", "/nonexistent")
        .output()
        .expect("the worker starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(Path::new(&file).exists());
}

#[test]
fn help_explains_every_command_and_the_exit_codes() {
    let (out, _) = expect(DONE, &["--help"]);
    for word in [
        "devices",
        "bench",
        "prove",
        "verify",
        "mine",
        "status",
        "Exit codes",
    ] {
        assert!(out.contains(word), "no {word} in {out}");
    }
}
