// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What systemd starts, in a folder of the credentials that its unit names and nothing
//! else: the folder they are from belongs to root, and the unit's user cannot enter it.

use std::{fs, path::Path};

use crate::{DONE, FILE, NODE, NOWHERE, Place, command, expect, finish};

const WORKER: &str = include_str!("../../../packaging/ni-worker.service");
const AUDITOR: &str = include_str!("../../../packaging/ni-auditor.conf");

/// The values of a key, the oldest first.
fn values<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
    let start = format!("{key}=");
    unit.lines()
        .filter_map(|line| line.strip_prefix(start.as_str()))
        .collect()
}

/// The arguments of the last command, without the worker's path.
fn arguments(unit: &str, credentials: &str) -> Vec<String> {
    let joined = unit.replace("\\\n", " ");
    let last = values(&joined, "ExecStart");
    let words = last.last().expect("a command").split_whitespace();
    words
        .skip(1)
        .map(|word| word.replace("%d", credentials))
        .collect()
}

/// What the guides have put into /etc/ni-worker, and of it what the unit passes on.
fn credentials(unit: &str) -> (Place, Place) {
    let (etc, passed) = (Place::new(), Place::new());
    let password = etc.path("password");
    let hotkey = etc.path("hotkey.json");
    expect(
        DONE,
        &["keys", "new", &hotkey, "--password-file", &password],
    );
    etc.write(
        "settings.toml",
        &format!("url = \"{NOWHERE}\"\n[mine]\ndevice = [\"cpu\"]\n"),
    );
    fs::remove_file(passed.path("password")).expect("there");
    for credential in values(unit, "LoadCredential") {
        let (name, source) = credential.split_once(':').expect("a name and a path");
        let source = source.strip_prefix("/etc/ni-worker/").expect("in there");
        assert!(!Path::new(source).is_absolute(), "{credential}");
        fs::copy(etc.path(source), passed.path(name)).expect("the guides put it there");
    }
    (etc, passed)
}

/// Runs the command of the last of these; `exit` is what it ends with where no node
/// answers.
fn start(units: &[&str], exit: i32) -> String {
    let unit = units.concat();
    let (_etc, passed) = credentials(&unit);
    let arguments = arguments(&unit, passed.0.path().to_str().expect("UTF-8"));
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut worker = command(&arguments);
    worker.env("XDG_DATA_HOME", passed.0.path());
    finish(exit, worker, "").1
}

#[test]
fn what_the_units_start_finds_settings_and_key_in_its_credentials() {
    for units in [&[WORKER][..], &[WORKER, AUDITOR]] {
        let err = start(units, NODE);
        assert!(err.contains(NOWHERE), "{err}");
    }
}

#[test]
fn without_a_credential_it_says_what_it_cannot_read() {
    for missing in ["settings.toml", "hotkey.json", "password"] {
        let start_of = format!("LoadCredential={missing}:");
        let kept = WORKER.lines().filter(|line| !line.starts_with(&start_of));
        let unit: String = kept.flat_map(|line| [line, "\n"]).collect();
        let err = start(&[&unit], FILE);
        assert!(err.contains(missing), "{err}");
    }
}
