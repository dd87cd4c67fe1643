// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The settings file, completions and manual pages.

use std::{fs, path::Path};

use crate::{DONE, FILE, NODE, NOWHERE, PHRASE, Place, USAGE, command, expect, finish};

#[test]
fn the_example_is_written_once_and_can_be_used_as_it_is() {
    let folder = Place::new();
    let path = folder.path("ni.toml");
    expect(DONE, &["config", "init", &path]);
    let written = fs::read_to_string(&path).expect("there");
    assert_eq!(expect(DONE, &["config", "init"]).0, written);
    let (_, err) = expect(FILE, &["config", "init", &path]);
    assert!(err.contains("not replaced"), "{err}");
    let (_, err) = expect(NODE, &["--config", &path, "status", "--url", NOWHERE]);
    assert!(err.contains(NOWHERE), "{err}");
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let folder = Place::new();
    let settings = folder.write("ni.toml", "url = \"ws://127.0.0.1:2\"\n");
    let (_, err) = expect(NODE, &["status", "--config", &settings]);
    assert!(err.contains("ws://127.0.0.1:2 "), "{err}");
    let mut status = command(&["status"]);
    status.env("NI_CONFIG", &settings);
    let (_, err) = finish(NODE, status, "");
    assert!(err.contains("ws://127.0.0.1:2 "), "{err}");

    let mut status = command(&["status", "--config", &settings]);
    status.env("NI_URL", "ws://127.0.0.1:3");
    let (_, err) = finish(NODE, status, "");
    assert!(err.contains("ws://127.0.0.1:3 "), "{err}");

    let mut status = command(&["status", "--config", &settings, "--url", NOWHERE]);
    status.env("NI_URL", "ws://127.0.0.1:3");
    let (_, err) = finish(NODE, status, "");
    assert!(err.contains("ws://127.0.0.1:1 "), "{err}");
}

/// An address that is empty is no address: a comma too many in the environment is passed
/// over, and on the command line it is told of.
#[test]
fn an_empty_address_is_never_tried() {
    for empty in ["", "ws://127.0.0.1:2,", ","] {
        for line in [&["status"][..], &["bench", "--device", "cpu"]] {
            let (_, err) = expect(USAGE, &[line, &["--url", empty]].concat());
            assert!(err.contains("--url"), "{err}");
        }
    }
    let mut status = command(&["status"]);
    status.env("NI_URL", ",ws://127.0.0.1:2,,");
    let (_, err) = finish(NODE, status, "");
    assert!(err.contains("ws://127.0.0.1:2 "), "{err}");
    let mut mine = command(&["mine", "--key", "//Alice", "--dev"]);
    mine.env("NI_URL", "ws://a").env("NI_METRICS", "no address");
    let (_, err) = finish(USAGE, mine, "");
    assert!(
        err.contains("the environment sets NI_METRICS, NI_URL"),
        "{err}"
    );
}

#[test]
fn what_is_wrong_in_a_file_is_said_with_the_files_name() {
    let folder = Place::new();
    for (content, says) in [
        ("urll = \"x\"", "no setting urll (did you mean url?)"),
        ("[mine]\nload = 101\n", "101 is not in 1..=100"),
        ("[mine\n", "line 1"),
        ("load = 5\n", "below the line [mine]"),
    ] {
        let settings = folder.write("ni.toml", content);
        let mine = ["--config", &settings, "mine", "--key", "//Alice", "--dev"];
        let (_, err) = expect(USAGE, &mine);
        assert!(err.contains(says) && err.contains("ni.toml"), "{err}");
    }
    let (_, err) = expect(FILE, &["status", "--config", "no-such-file.toml"]);
    assert!(
        err.contains("no-such-file.toml") && err.contains("config init"),
        "{err}"
    );
    let large = folder.write("large.toml", &"#\n".repeat(100_000));
    expect(FILE, &["status", "--config", &large]);
}

#[test]
fn a_phrase_in_a_file_is_refused_and_not_repeated() {
    let folder = Place::new();
    let settings = folder.write("ni.toml", &format!("key = \"{PHRASE}\"\n"));
    let (out, err) = expect(USAGE, &["--config", &settings, "mine"]);
    assert!(err.contains("keys import"), "{err}");
    assert!(!format!("{out}{err}").contains("curtain"), "{err}");
}

#[test]
fn completions_and_pages_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (out, _) = expect(DONE, &["completions", shell]);
        for word in ["mine", "keys", "register", "password-file"] {
            assert!(out.contains(word), "{shell}: {word}");
        }
    }
    let (page, _) = expect(DONE, &["man"]);
    assert!(
        page.contains(".TH ni-worker 1") && page.contains("Exit codes"),
        "{page}"
    );
    let folder = Place::new();
    expect(DONE, &["man", "--out", &folder.path("")]);
    for page in ["ni-worker", "ni-worker-mine", "ni-worker-keys-import"] {
        let page = folder.path(&format!("{page}.1"));
        assert!(Path::new(&page).is_file(), "{page}");
    }
    expect(FILE, &["man", "--out", "no/such/folder"]);
}
