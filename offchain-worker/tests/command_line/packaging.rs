// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What systemd starts, in a folder of the credentials that its unit names and nothing
//! else: the folder they are from belongs to root, and the unit's user cannot enter it.

use std::{fs, path::Path};

use crate::{DONE, FILE, NODE, NOWHERE, Place, command, expect, finish};

const WORKER: &str = include_str!("../../../packaging/ni-worker.service");
const AUDITOR: &str = include_str!("../../../packaging/ni-auditor.conf");
const CONTAINER: &str = include_str!("../../../packaging/Containerfile");

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

/// What a variable is set to, by a line such as `Environment=NAME=value NAME=value`, or by
/// lines of a container's `ENV`.
fn variable<'a>(text: &'a str, name: &str) -> &'a str {
    let start = format!("{name}=");
    text.split_whitespace()
        .map(|word| word.strip_prefix("Environment=").unwrap_or(word))
        .find_map(|word| word.strip_prefix(start.as_str()))
        .unwrap_or_else(|| panic!("{name} is not set"))
}

/// Every variable that names a folder leads to one that the unit owns.
#[test]
fn the_unit_has_a_home_and_a_cache_that_it_can_write() {
    let state = format!("/var/lib/{}", values(WORKER, "StateDirectory").concat());
    let cache = format!("/var/cache/{}", values(WORKER, "CacheDirectory").concat());
    assert_eq!(variable(WORKER, "HOME"), state);
    assert_eq!(variable(WORKER, "XDG_CACHE_HOME"), cache);
    // The worker adds its own name.
    assert_eq!(
        format!("{}/ni-worker", variable(WORKER, "XDG_DATA_HOME")),
        state
    );
}

/// A scheduler that demands another user than root has only the image to go by.
#[test]
fn the_container_runs_as_a_number_and_writes_in_one_folder() {
    let user = CONTAINER
        .lines()
        .find_map(|line| line.strip_prefix("USER "))
        .expect("a user");
    for id in user.split(':') {
        assert!(id.parse::<u32>().is_ok_and(|id| id > 0), "{user}");
    }
    let volume = CONTAINER
        .lines()
        .find_map(|line| line.strip_prefix("VOLUME "))
        .expect("a volume");
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        assert!(variable(CONTAINER, name).starts_with(volume), "{name}");
    }
    // Of whatever user.
    assert!(CONTAINER.contains(&format!("--mode 1777 {volume}")));
}

/// A folder for data that cannot be written, as with a root file system that is read-only.
#[cfg(target_os = "linux")]
#[test]
fn where_nothing_can_be_written_it_says_where() {
    let place = Place::new();
    let file = place.write("file", "");
    let below = format!("{file}/kernels.json");
    // Nothing is remembered then, and everything works.
    let bench = [
        "bench",
        "--device",
        "0",
        "--kernel",
        "auto",
        "--seconds",
        "1",
    ];
    let mut bench = command(&[bench.as_slice(), &["--workload", "64x64x64"]].concat());
    bench
        .env("NI_KERNEL_MEMORY", below)
        .env("XDG_CACHE_HOME", &file);
    finish(DONE, bench, "");
}
