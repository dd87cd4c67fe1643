// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What `devices`, `bench` and `verify` print for programs, as
//! docs/worker-json.md has it. `status` is in tests/end-to-end.

use std::fs;

use serde_json::Value;

use crate::{DONE, Place, REFUSED, expect};

const PAGE: &str = include_str!("../../../docs/worker-json.md");

/// Whether a value is of a type.
type Is = fn(&Value) -> bool;

const TEXT: Is = Value::is_string;
const NUMBER: Is = Value::is_u64;
const FRACTION: Is = Value::is_f64;
const TRUTH: Is = Value::is_boolean;

/// Asserts that an object has exactly these keys, with these types, and that the
/// page names each.
#[track_caller]
fn shape(value: &Value, keys: &[(&str, Is)]) {
    let object = value.as_object().expect("an object");
    for (key, is) in keys {
        let value = object.get(*key).unwrap_or_else(|| panic!("no {key}"));
        assert!(is(value), "{key} is {value}");
        assert!(PAGE.contains(&format!("`{key}`")), "{key} is undocumented");
    }
    assert_eq!(object.len(), keys.len(), "{value}");
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[test]
fn devices() {
    let (out, _) = expect(DONE, &["devices", "--json"]);
    let listed = json(&out);
    for device in listed.as_array().expect("a list") {
        shape(
            device,
            &[
                ("index", NUMBER),
                ("name", TEXT),
                ("bus", |value| value.is_string() || value.is_null()),
                ("backend", TEXT),
                ("driver", TEXT),
                ("type", TEXT),
                ("memory", |value| value.is_u64() || value.is_null()),
                ("kernels", Value::is_array),
            ],
        );
        for kernel in device["kernels"].as_array().expect("a list") {
            shape(
                kernel,
                &[
                    ("kernel", TEXT),
                    ("usable", TRUTH),
                    ("variants", Value::is_array),
                    ("missing", |value| value.is_string() || value.is_null()),
                ],
            );
            assert_eq!(kernel["usable"] == true, kernel["missing"].is_null());
        }
    }
}

#[test]
fn bench() {
    let keys: [(&str, Is); 5] = [
        ("kernel", TEXT),
        ("variant", TEXT),
        ("rounds", NUMBER),
        ("seconds", FRACTION),
        ("mops", FRACTION),
    ];
    let of_all: [(&str, Is); 3] = [
        ("device", TEXT),
        ("workload", TEXT),
        ("paths", Value::is_array),
    ];
    for device in ["cpu", "0"] {
        let bench = [
            "bench",
            "--json",
            "--seconds",
            "1",
            "--workload",
            "64x64x64",
        ];
        let (out, _) = expect(DONE, &[bench.as_slice(), &["--device", device]].concat());
        let measured = json(&out);
        assert_eq!(out.lines().count(), 1);
        let of_gpus: [(&str, Is); 2] = [
            ("longest_submission_ms", FRACTION),
            ("stages", Value::is_object),
        ];
        let of_a_path = match device {
            "cpu" => keys.to_vec(),
            _ => [keys.as_slice(), &of_gpus].concat(),
        };
        shape(&measured, &[of_a_path.as_slice(), &of_all].concat());
        let paths = measured["paths"].as_array().expect("a list");
        for path in paths {
            shape(path, &of_a_path);
            if device != "cpu" {
                let stages = path["stages"].as_object().expect("an object");
                assert!(stages.values().all(Value::is_number));
            }
        }
        let fastest = paths.iter().filter_map(|path| path["mops"].as_f64());
        assert_eq!(
            measured["mops"].as_f64(),
            fastest.reduce(f64::max),
            "the fastest path stands for the device"
        );
    }
}

/// Proves three rounds, and whatever else is asked for, into a bundle.
fn prove(file: &str, further: &[&str]) {
    let rounds = [
        "prove",
        "--challenge",
        "5ad2000000000000000000000000000000000000000000000000000000000102",
        "--workload=64x64x64",
        "--rounds=3",
        "--sampling-beacon",
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
        "--samples=2",
        "--device=cpu",
        "--out",
        file,
    ];
    expect(DONE, &[rounds.as_slice(), further].concat());
}

#[test]
fn verify() {
    let place = Place::new();
    let file = place.path("bundle.json");
    prove(&file, &[]);
    let (out, _) = expect(DONE, &["verify", "--json", &file]);
    let accepted = json(&out);
    shape(
        &accepted,
        &[
            ("file", TEXT),
            ("accepted", TRUTH),
            ("refused", Value::is_null),
            ("workload", TEXT),
            ("rounds", NUMBER),
            ("openings", NUMBER),
            ("walk", Value::is_null),
        ],
    );
    assert_eq!(
        (&accepted["accepted"], &accepted["rounds"]),
        (&true.into(), &3.into())
    );

    let whole = fs::read_to_string(&file).expect("there");
    let altered = whole.replace("\"rounds\": 3", "\"rounds\": 4");
    assert_ne!(altered, whole);
    for file in [
        place.write("altered.json", &altered),
        place.write("notes.json", "{}"),
    ] {
        let (out, err) = expect(REFUSED, &["verify", "--json", &file]);
        let refused = json(&out);
        shape(
            &refused,
            &[
                ("file", TEXT),
                ("accepted", TRUTH),
                ("refused", TEXT),
                ("workload", Value::is_null),
                ("rounds", Value::is_null),
                ("openings", Value::is_null),
                ("walk", Value::is_null),
            ],
        );
        assert_eq!(refused["accepted"], false);
        let why = refused["refused"].as_str().expect("text");
        assert!(err.contains(why), "{err}");
    }
}

#[test]
fn verify_of_a_walk() {
    let place = Place::new();
    let file = place.path("walk.json");
    prove(&file, &["--walk=3,4,16,128,3,80"]);
    let (out, _) = expect(DONE, &["verify", "--json", &file]);
    let accepted = json(&out);
    assert_eq!(accepted["rounds"], 3);
    let walk = &accepted["walk"];
    let keys = [
        ("pages", 3),
        ("page_bits", 4),
        ("entry_rounds", 16),
        ("lanes", 128),
        ("hops", 3),
        ("passes", 80),
        ("fill_bytes", 6_144),
        ("batches", 10),
        ("walk_openings", 2),
    ];
    shape(walk, &keys.map(|(key, _)| (key, NUMBER)));
    for (key, value) in keys {
        assert_eq!(walk[key], value, "{key}");
    }
}
