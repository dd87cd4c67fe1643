// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The settings file, completions and manual pages, as a user makes them: the
//! real binary, its output and its exit codes.

use std::{
    fs,
    process::{Command, Output},
};

use tempfile::TempDir;

const DONE: i32 = 0;
const USAGE: i32 = 2;
const NODE: i32 = 4;
const FILE: i32 = 5;

/// An address that nothing answers at.
const NOWHERE: &str = "ws://127.0.0.1:1";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ni-worker"));
    command.args(arguments);
    for variable in ["NI_LOG", "NI_CONFIG", "NI_KEY", "NI_OWNER", "NI_URL"] {
        command.env_remove(variable);
    }
    command
}

#[track_caller]
fn finish(exit: i32, mut command: Command) -> (String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the worker starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(stdout), text(stderr));
    assert_eq!(status.code(), Some(exit), "{command:?}\n{out}\n{err}");
    (out, err)
}

#[track_caller]
fn expect(exit: i32, arguments: &[&str]) -> (String, String) {
    finish(exit, command(arguments))
}

fn file(folder: &TempDir, name: &str, content: &str) -> String {
    let path = folder.path().join(name);
    fs::write(&path, content).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn the_example_is_written_once_and_can_be_used_as_it_is() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("ni.toml");
    let path = path.to_str().expect("UTF-8");
    expect(DONE, &["config", "init", path]);
    let written = fs::read_to_string(path).expect("there");
    assert_eq!(expect(DONE, &["config", "init"]).0, written);
    let (_, err) = expect(FILE, &["config", "init", path]);
    assert!(err.contains("not replaced"), "{err}");
    let (_, err) = expect(NODE, &["--config", path, "status", "--url", NOWHERE]);
    assert!(err.contains(NOWHERE), "{err}");
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let folder = TempDir::new().expect("a folder");
    let settings = file(&folder, "ni.toml", "url = \"ws://127.0.0.1:2\"\n");
    let (_, err) = expect(NODE, &["status", "--config", &settings]);
    assert!(err.contains("ws://127.0.0.1:2 "), "{err}");
    let mut status = command(&["status"]);
    status.env("NI_CONFIG", &settings);
    let (_, err) = finish(NODE, status);
    assert!(err.contains("ws://127.0.0.1:2 "), "{err}");

    let mut status = command(&["status", "--config", &settings]);
    status.env("NI_URL", "ws://127.0.0.1:3");
    let (_, err) = finish(NODE, status);
    assert!(err.contains("ws://127.0.0.1:3 "), "{err}");

    let mut status = command(&["status", "--config", &settings, "--url", NOWHERE]);
    status.env("NI_URL", "ws://127.0.0.1:3");
    let (_, err) = finish(NODE, status);
    assert!(err.contains("ws://127.0.0.1:1 "), "{err}");
}

#[test]
fn what_is_wrong_in_a_file_is_said_with_the_files_name() {
    let folder = TempDir::new().expect("a folder");
    for (content, says) in [
        ("urll = \"x\"", "no setting urll (did you mean url?)"),
        ("[mine]\nload = 101\n", "101 is not in 1..=100"),
        ("[mine\n", "line 1"),
        ("load = 5\n", "below the line [mine]"),
    ] {
        let settings = file(&folder, "ni.toml", content);
        let mine = ["--config", &settings, "mine", "--key", "//Alice", "--dev"];
        let (_, err) = expect(USAGE, &mine);
        assert!(err.contains(says) && err.contains("ni.toml"), "{err}");
    }
    let (_, err) = expect(FILE, &["status", "--config", "no-such-file.toml"]);
    assert!(
        err.contains("no-such-file.toml") && err.contains("config init"),
        "{err}"
    );
    let large = file(&folder, "large.toml", &"#\n".repeat(100_000));
    expect(FILE, &["status", "--config", &large]);
}

#[test]
fn a_phrase_in_a_file_is_refused_and_not_repeated() {
    let folder = TempDir::new().expect("a folder");
    let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
    let settings = file(&folder, "ni.toml", &format!("key = \"{phrase}\"\n"));
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
    let folder = TempDir::new().expect("a folder");
    let out = folder.path().to_str().expect("UTF-8");
    expect(DONE, &["man", "--out", out]);
    for page in ["ni-worker", "ni-worker-mine", "ni-worker-keys-import"] {
        let page = folder.path().join(format!("{page}.1"));
        assert!(page.is_file(), "{}", page.display());
    }
    expect(FILE, &["man", "--out", "no/such/folder"]);
}
