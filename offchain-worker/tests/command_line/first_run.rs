// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a first run says where something is missing. What needs a chain is in
//! tests/end-to-end.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    thread,
};

use serde_json::Value;

use crate::{DEVICE, DONE, FILE, NODE, NOWHERE, USAGE, command, finish};

/// On a machine without a Vulkan driver.
fn without_vulkan(arguments: &[&str]) -> Command {
    let mut command = command(arguments);
    command
        .env("VK_ICD_FILENAMES", "/nonexistent.json")
        .env("VK_DRIVER_FILES", "/nonexistent.json");
    command
}

const ALICE: [&str; 3] = ["--key", "//Alice", "--dev"];

fn with_alice<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [arguments, &ALICE].concat()
}

#[test]
fn no_vulkan_driver_is_said_before_anything_else_and_with_the_next_step() {
    let url = ["--url", NOWHERE];
    for arguments in [
        vec!["devices"],
        vec!["bench", "--seconds", "1"],
        with_alice(&[&["mine"], url.as_slice()].concat()),
        with_alice(&[&["check"], url.as_slice()].concat()),
    ] {
        let (out, err) = finish(DEVICE, without_vulkan(&arguments), "");
        let said = format!("{out}{err}");
        assert!(said.contains("no Vulkan loader or driver"), "{said}");
        assert!(
            said.contains("NVIDIA_DRIVER_CAPABILITIES=compute,utility,graphics"),
            "{said}"
        );
    }
    // The CPU prover needs none: what fails then is the node.
    let arguments = with_alice(&["mine", "--url", NOWHERE, "--device", "cpu"]);
    finish(NODE, without_vulkan(&arguments), "");
}

#[test]
fn a_node_that_is_not_there_or_none_is_told_of() {
    let (_, err) = finish(NODE, command(&with_alice(&["mine", "--url", NOWHERE])), "");
    assert!(
        err.contains("no node answers") && err.contains("--url"),
        "{err}"
    );

    // Something that is no node listens at this one.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("ws://{}", listener.local_addr().expect("an address"));
    let server = thread::spawn(move || {
        // One connection for each try of one run.
        while let Ok((mut stream, _)) = listener.accept() {
            let mut request = [0; 1024];
            let read = stream.read(&mut request).unwrap_or(0);
            if request[..read].starts_with(b"stop") {
                return;
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n");
        }
    });
    let (_, err) = finish(NODE, command(&["status", "--url", &url]), "");
    assert!(err.contains("no node answers"), "{err}");
    let address = url.trim_start_matches("ws://");
    let mut stop = TcpStream::connect(address).expect("the server");
    stop.write_all(b"stop").expect("it listens");
    server.join().expect("it ends");
}

/// An address may be free, or the machine's, a little later: the code is not one of
/// those after which packaging/ni-worker.service does not start it again.
#[test]
fn an_address_for_metrics_that_is_taken_is_told_of_with_a_code_to_start_again_after() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let mine = ["mine", "--url", NOWHERE, "--device", "cpu"];
    let mine = [mine.as_slice(), &["--metrics", &address]].concat();
    let (_, err) = finish(FILE, command(&with_alice(&mine)), "");
    assert!(err.contains("--metrics") && err.contains(&address), "{err}");
    let unit = include_str!("../../../packaging/ni-worker.service");
    let ends = unit
        .lines()
        .find_map(|line| line.strip_prefix("RestartPreventExitStatus="))
        .expect("the unit names the codes that end it");
    let ends: Vec<i32> = ends
        .split(' ')
        .map(|code| code.parse().expect("a code"))
        .collect();
    assert!(!ends.contains(&FILE) && ends.contains(&USAGE), "{ends:?}");
}

#[test]
fn an_unknown_device_is_told_of() {
    let arguments = with_alice(&["mine", "--url", NOWHERE, "--device", "99"]);
    let (_, err) = finish(DEVICE, command(&arguments), "");
    assert!(err.contains("ni-worker devices"), "{err}");

    // Beside one that can prove it is left out: what fails then is the node.
    let arguments = [arguments.as_slice(), &["--device", "cpu"]].concat();
    let (_, err) = finish(NODE, command(&arguments), "");
    assert!(err.contains("left out: there is no device 99"), "{err}");
    assert!(err.contains("left out: cannot prove on device 99"), "{err}");
}

#[test]
fn checks_are_made_in_order_and_go_on_after_one_that_fails() {
    let (out, err) = finish(NODE, command(&with_alice(&["check", "--url", NOWHERE])), "");
    let checks: Vec<_> = out
        .lines()
        .map(|line| line[6..].split(':').next().unwrap_or_default())
        .collect();
    let order = [
        "settings", "vulkan", "devices", "keys", "node", "chain", "hotkey", "owner", "bonds",
    ];
    assert_eq!(checks, order, "{out}");
    assert!(
        out.contains("FAIL  node:") && out.contains("-     chain:"),
        "{out}"
    );
    assert!(err.contains("node"), "{err}");

    let arguments = with_alice(&["check", "--json", "--url", NOWHERE]);
    let (out, _) = finish(NODE, command(&arguments), "");
    let json: Vec<Value> = serde_json::from_str(&out).expect("a list");
    for (line, check) in json.iter().zip(order) {
        assert_eq!(line["check"], check);
        let outcome = line["outcome"].as_str().expect("text");
        assert!(["ok", "doubtful", "failed", "skipped"].contains(&outcome));
        assert_eq!(line["exit"].is_u64(), outcome == "failed");
        assert_eq!(line["text"].is_string(), outcome != "skipped");
    }
}

#[test]
fn every_exit_code_is_documented_in_the_help() {
    let (out, _) = finish(DONE, command(&["--help"]), "");
    let codes = out.split("Exit codes:").nth(1).expect("the exit codes");
    let codes = codes.split_whitespace().collect::<Vec<_>>().join(" ");
    for code in [
        "0 done", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "7 ", "70 ", "130 ",
    ] {
        assert!(codes.contains(code), "{code} in {codes}");
    }
    finish(USAGE, command(&["no-such-command"]), "");
    let register = ["register", "--hotkey", "5nothing", "--url", NOWHERE];
    let (_, err) = finish(USAGE, command(&register), "");
    assert!(err.contains("neither an SS58 address"), "{err}");
}
