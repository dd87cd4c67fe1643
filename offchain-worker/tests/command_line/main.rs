// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The worker as a user runs it, without a chain: the real binary, its output and
//! its exit codes.

mod endings;
mod first_run;
mod json;
mod keys;
mod packaging;
mod settings;

use std::{
    fs,
    io::Write,
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

const DONE: i32 = 0;
const REFUSED: i32 = 1;
const USAGE: i32 = 2;
const DEVICE: i32 = 3;
const NODE: i32 = 4;
const FILE: i32 = 5;
const KEY: i32 = 7;

/// An address that nothing answers at.
const NOWHERE: &str = "ws://127.0.0.1:1";

/// The development phrase, as well known as a secret can be.
const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";

/// The worker, without what the environment would set.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ni-worker"));
    command.args(arguments);
    for variable in [
        "NI_LOG",
        "NI_CONFIG",
        "NI_KEY",
        "NI_OWNER",
        "NI_URL",
        "NI_LIGHT",
        "NI_METRICS",
        "NI_PASSWORD",
        "NI_PASSWORD_FILE",
        "NI_OWNER_PASSWORD",
        "NI_OWNER_PASSWORD_FILE",
    ] {
        command.env_remove(variable);
    }
    command
}

/// Runs it with this on its standard input, and returns what it printed after
/// checking its exit code.
#[track_caller]
fn finish(exit: i32, mut command: Command, input: &str) -> (String, String) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the worker starts");
    // A worker that refuses its arguments does not wait for its input.
    let _ = child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes());
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(stdout), text(stderr));
    assert_eq!(status.code(), Some(exit), "{command:?}\n{out}\n{err}");
    (out, err)
}

#[track_caller]
fn expect(exit: i32, arguments: &[&str]) -> (String, String) {
    finish(exit, command(arguments), "")
}

/// A folder with the password `pass` in the file `password`.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().expect("a folder"));
        place.write("password", "pass\n");
        place
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    fn write(&self, name: &str, content: &str) -> String {
        fs::write(self.path(name), content).expect("written");
        self.path(name)
    }
}
