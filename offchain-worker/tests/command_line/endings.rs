// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How every command ends when it is stopped, when nobody reads what it prints, when the
//! disk is full, when a variable is empty, and when a file begins with the mark of its
//! encoding. What a miner and an auditor say once they follow a chain is in
//! tests/end-to-end.

use std::{
    fs::{self, File},
    io::{self, Write},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use clap::CommandFactory;

use crate::{DONE, FILE, NODE, NOWHERE, PHRASE, Place, REFUSED, USAGE, command, expect, finish};

/// Stopped by a signal before it was done.
const STOPPED: i32 = 130;

/// A command, as it is run without anything in its way.
struct Case {
    arguments: Vec<String>,
    /// What it ends with.
    exit: i32,
    /// What it ends with where standard output cannot be written.
    full: i32,
    /// A file that it makes, which is removed before it is run again.
    makes: Option<String>,
    /// Whether it waits for a node.
    asks: bool,
}

impl Case {
    fn of(arguments: &[&str]) -> Self {
        Self {
            arguments: arguments.iter().map(ToString::to_string).collect(),
            exit: DONE,
            full: FILE,
            makes: None,
            asks: false,
        }
    }

    fn making(self, file: &str) -> Self {
        Self {
            makes: Some(file.to_owned()),
            ..self
        }
    }

    /// One that asks a node, of which there is none.
    fn asking(arguments: &[&str]) -> Self {
        Self {
            exit: NODE,
            full: NODE,
            asks: true,
            ..Self::of(&[arguments, &["--url", NOWHERE]].concat())
        }
    }

    /// The command, with these arguments before its own.
    fn with(&self, before: &[&str]) -> Command {
        if let Some(file) = &self.makes {
            let _ = fs::remove_file(file);
        }
        let own: Vec<_> = self.arguments.iter().map(String::as_str).collect();
        command(&[before, &own].concat())
    }

    fn run(&self) -> Command {
        self.with(&[])
    }

    /// The same, of another node.
    fn asking_at(&self, url: &str) -> Command {
        let line = self.arguments.iter().map(|argument| {
            let is_node = argument == NOWHERE;
            if is_node { url } else { argument.as_str() }
        });
        command(&line.collect::<Vec<_>>())
    }
}

/// Files that the commands are given.
struct Files {
    place: Place,
}

impl Files {
    fn new() -> Self {
        let place = Place::new();
        let (key, password) = (place.path("key.json"), place.path("password"));
        expect(DONE, &["keys", "new", &key, "--password-file", &password]);
        place.write("phrase", &format!("{PHRASE}//Alice\n"));
        let bundle = place.path("bundle.json");
        let files = Self { place };
        expect(DONE, &strings(&files.prove(&bundle)));
        files
    }

    fn path(&self, name: &str) -> String {
        self.place.path(name)
    }

    fn prove(&self, out: &str) -> Vec<String> {
        let challenge = "5a".repeat(32);
        let arguments = [
            "prove",
            "--challenge",
            &challenge,
            "--workload",
            "64x64x64",
            "--rounds",
            "1",
            "--device",
            "cpu",
            "--out",
            out,
        ];
        arguments.map(str::to_owned).to_vec()
    }

    /// Every command, in every form that prints another way.
    fn cases(&self) -> Vec<Case> {
        let (key, phrase) = (self.path("key.json"), self.path("phrase"));
        let (bundle, made) = (self.path("bundle.json"), self.path("made"));
        let password = self.path("password");
        let password = ["--password-file", password.as_str()];
        let with = |line: &[&'static str], file: &str| -> Vec<String> {
            let line = line.iter().map(ToString::to_string);
            line.chain([file.to_owned()]).collect()
        };
        let of_key = |line: Vec<String>| {
            let line: Vec<_> = line.iter().map(String::as_str).collect();
            Case::of(&[line.as_slice(), &password].concat())
        };
        let alice = ["--dev", "--key", "//Alice"];
        let owned = ["--dev", "--hotkey", "//Alice", "--owner", "//Bob"];
        let short = [
            "--device",
            "cpu",
            "--seconds",
            "1",
            "--workload",
            "64x64x64",
        ];
        vec![
            Case::of(&["--help"]),
            Case::of(&["--version"]),
            Case::of(&["mine", "--help"]),
            Case::of(&["devices"]),
            Case::of(&["devices", "--json"]),
            Case::of(&[&["bench"], short.as_slice()].concat()),
            Case::of(&[&["bench", "--json"], short.as_slice()].concat()),
            Case::of(&strings(&self.prove(&made))).making(&made),
            Case {
                // A bundle without samples shows nothing.
                exit: REFUSED,
                full: REFUSED,
                ..Case::of(&["verify", &bundle])
            },
            Case {
                exit: REFUSED,
                full: REFUSED,
                ..Case::of(&["verify", "--json", &bundle])
            },
            Case::of(&["config", "init"]),
            Case::of(&["config", "init", &made]).making(&made),
            Case::of(&["completions", "bash"]),
            Case::of(&["man"]),
            of_key(with(&["keys", "new"], &made)).making(&made),
            of_key(with(&["keys", "new", "--show-phrase"], &made)).making(&made),
            of_key([with(&["keys", "import"], &made), with(&["--from"], &phrase)].concat())
                .making(&made),
            Case::of(&["keys", "show", &key]),
            of_key(with(&["keys", "show", "--check"], &key)),
            Case::asking(&[&["check", "--device", "cpu"], alice.as_slice()].concat()),
            Case::asking(&[&["check", "--json", "--device", "cpu"], alice.as_slice()].concat()),
            Case::asking(&[&["register"], owned.as_slice()].concat()),
            Case::asking(&[&["claim"], owned.as_slice()].concat()),
            Case::asking(&[&["mine", "--device", "cpu"], alice.as_slice()].concat()),
            Case::asking(&["audit", "--device", "cpu"]),
            Case::asking(&["audit", "--calibrations"]),
            Case::asking(&["status"]),
            Case::asking(&["status", "--json"]),
        ]
    }
}

fn strings(line: &[String]) -> Vec<&str> {
    line.iter().map(String::as_str).collect()
}

#[test]
fn every_command_is_among_the_cases() {
    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        for below in command.get_subcommands() {
            let path = format!("{path} {}", below.get_name());
            if below.has_subcommands() {
                leaves(below, &path, found);
            } else {
                found.push(path.trim().to_owned());
            }
        }
    }
    let mut commands = Vec::new();
    leaves(&ni_worker::cli::Cli::command(), "", &mut commands);
    assert!(commands.len() > 12, "{commands:?}");
    let files = Files::new();
    let cases = files.cases();
    for command in commands {
        let is_run = cases.iter().any(|case| {
            format!("{} ", case.arguments.join(" ")).starts_with(&format!("{command} "))
        });
        assert!(is_run, "{command}");
    }
}

/// Waits for the end, and for what was said on standard error.
#[track_caller]
fn ending(case: &Case, mut command: Command) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command
        .stderr(Stdio::piped())
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!said.contains("panicked"), "{:?}: {said}", case.arguments);
    (status.code(), said)
}

#[test]
fn a_pipe_that_nobody_reads_ends_quietly() {
    let files = Files::new();
    for case in files.cases() {
        let (reader, writer) = io::pipe().expect("a pipe");
        drop(reader);
        let mut command = case.run();
        command.stdout(writer);
        let (exit, said) = ending(&case, command);
        if case
            .arguments
            .iter()
            .any(|argument| argument == "--show-phrase")
        {
            // Nobody has seen the phrase.
            assert_eq!(exit, Some(FILE), "{said}");
            assert!(!Path::new(&case.makes.expect("a key")).exists());
            continue;
        }
        assert_eq!(exit, Some(case.exit), "{:?}: {said}", case.arguments);
        assert!(!said.contains("standard output"), "{said}");
        let was_made = case.makes.is_none_or(|file| Path::new(&file).exists());
        assert!(was_made, "{:?}", case.arguments);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_of() {
    let files = Files::new();
    let full = || {
        File::options()
            .write(true)
            .open("/dev/full")
            .expect("there")
    };
    for case in files.cases() {
        let mut command = case.run();
        command.stdout(full());
        let (exit, said) = ending(&case, command);
        assert_eq!(exit, Some(case.full), "{:?}: {said}", case.arguments);
        if exit == Some(FILE) {
            assert!(said.contains("No space left"), "{said}");
        }
        if case
            .arguments
            .iter()
            .any(|argument| argument == "--show-phrase")
        {
            assert!(!Path::new(case.makes.as_deref().expect("a key")).exists());
        }
        // What cannot be said ends nothing.
        let mut command = case.run();
        command
            .stderr(full())
            .stdout(Stdio::null())
            .stdin(Stdio::null());
        let exit = command.status().expect("it starts").code();
        assert_eq!(exit, Some(case.exit), "{:?}", case.arguments);
    }
}

/// That each by itself counts as unset is in src/environment/tests.rs.
#[test]
fn empty_variables_change_nothing() {
    let files = Files::new();
    let variables = [
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
        "NI_KERNEL_MEMORY",
        "NVIDIA_DRIVER_CAPABILITIES",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
    ];
    for case in files.cases() {
        let mut command = case.run();
        command.envs(variables.map(|variable| (variable, "")));
        let (exit, said) = ending(&case, command);
        assert_eq!(exit, Some(case.exit), "{:?}: {said}", case.arguments);
    }
}

#[test]
fn the_mark_of_an_encoding_before_a_file_is_passed_over() {
    const MARK: &str = "\u{feff}";
    let files = Files::new();
    let settings = files
        .place
        .write("settings.toml", &format!("{MARK}url = \"{NOWHERE}\"\n"));
    for name in ["key.json", "phrase", "password", "bundle.json"] {
        let text = fs::read_to_string(files.path(name)).expect("there");
        files.place.write(name, &format!("{MARK}{text}"));
    }
    for case in files.cases() {
        let (exit, said) = ending(&case, case.with(&["--config", &settings]));
        assert_eq!(exit, Some(case.exit), "{:?}: {said}", case.arguments);
        assert!(!said.contains("no bundle"), "{said}");
    }
    // The same of UTF-16 says what it is.
    let utf16 = |name: &str| {
        let text = fs::read_to_string(files.path(name)).expect("there");
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(files.path(name), bytes).expect("written");
    };
    for name in [
        "key.json",
        "phrase",
        "password",
        "bundle.json",
        "settings.toml",
    ] {
        utf16(name);
    }
    let (key, made) = (files.path("key.json"), files.path("new"));
    let (phrase, password) = (files.path("phrase"), files.path("password"));
    for line in [
        &["keys", "show", &key][..],
        &["keys", "import", &made, "--from", &phrase],
        &["keys", "new", &made, "--password-file", &password],
        &["verify", &files.path("bundle.json")],
        &["--config", &settings, "devices"],
    ] {
        let (_, said) = finish_any(command(line));
        assert!(said.contains("UTF-16"), "{line:?}: {said}");
    }
    assert!(!Path::new(&made).exists());
}

/// The code, which is not that of success, and what was said.
#[track_caller]
fn finish_any(mut command: Command) -> (Option<i32>, String) {
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

#[cfg(unix)]
mod stopped {
    use super::*;

    /// Sends a process a signal.
    fn signal(name: &str, process: u32) {
        let sent = Command::new("kill")
            .args(["-s", name, &process.to_string()])
            .status()
            .expect("there is a `kill`");
        assert!(sent.success(), "{name} to {process}");
    }

    /// A pipe that has a name.
    fn pipe(files: &Files) -> String {
        let path = files.path("pipe");
        let _ = fs::remove_file(&path);
        let made = Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("there is a `mkfifo`").success());
        path
    }

    #[track_caller]
    fn is_stopped(case: &Case, child: Child, name: &str) {
        let Output { status, stderr, .. } = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&stderr);
        assert_eq!(
            status.code(),
            Some(STOPPED),
            "{name} {:?}: {said}",
            case.arguments
        );
        assert!(said.contains("stopped before it was done"), "{said}");
    }

    /// Starts it with every signal as a terminal leaves it: under `nohup`, or in a shell's
    /// background, some are ignored, and stay so in what is started.
    fn start(command: Command) -> Child {
        let mut begun = Command::new("env");
        begun
            .arg("--default-signal=INT,TERM,HUP")
            .arg(command.get_program())
            .args(command.get_args());
        for (variable, value) in command.get_envs() {
            match value {
                Some(value) => begun.env(variable, value),
                None => begun.env_remove(variable),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            begun.current_dir(folder);
        }
        begun
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts")
    }

    /// Every command reads its settings first: it waits there for this pipe, whose writer
    /// is let in when it has come that far.
    #[test]
    fn by_each_signal_from_the_first_moment() {
        let files = Files::new();
        let pipe = pipe(&files);
        for case in files.cases() {
            if case
                .arguments
                .iter()
                .any(|argument| argument.starts_with("--help"))
            {
                continue;
            }
            if case.arguments == ["--version"] {
                continue;
            }
            for name in ["INT", "TERM", "HUP"] {
                let child = start(case.with(&["--config", &pipe]));
                let writer = File::options().write(true).open(&pipe).expect("it reads");
                signal(name, child.id());
                is_stopped(&case, child, name);
                drop(writer);
            }
        }
    }

    /// A node that takes the connection and never answers.
    #[test]
    fn by_each_signal_while_it_waits_for_a_node() {
        let files = Files::new();
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("ws://{}", silent.local_addr().expect("an address"));
        for case in files.cases().into_iter().filter(|case| case.asks) {
            for name in ["INT", "TERM", "HUP"] {
                let child = start(case.asking_at(&url));
                let connection = silent.accept().expect("it comes");
                signal(name, child.id());
                is_stopped(&case, child, name);
                drop(connection);
            }
        }
    }

    /// The kernel gives the first process of a container no signal that it does not handle.
    #[cfg(target_os = "linux")]
    #[test]
    fn as_the_first_process_of_a_container() {
        let files = Files::new();
        let pipe = pipe(&files);
        let apart = [
            "--user",
            "--map-root-user",
            "--pid",
            "--fork",
            "--kill-child",
        ];
        let may = Command::new("unshare").args(apart).arg("true").output();
        if !may.is_ok_and(|tried| tried.status.success()) {
            let _ = writeln!(
                io::stderr(),
                "NOT TESTED: this machine lets nobody start a process as number 1 of its own \
                 (`unshare --pid`). That the signals are handled from the first moment is \
                 tested, and is what counts there."
            );
            return;
        }
        for case in files.cases().into_iter().filter(|case| case.exit == DONE) {
            let reads_settings = !case
                .arguments
                .iter()
                .any(|argument| argument.starts_with("--help"))
                && case.arguments != ["--version"];
            if !reads_settings {
                continue;
            }
            for name in ["INT", "TERM", "HUP"] {
                let worker = case.with(&["--config", &pipe]);
                let mut inside = Command::new("unshare");
                inside
                    .args(apart)
                    .arg(worker.get_program())
                    .args(worker.get_args());
                for (variable, value) in worker.get_envs() {
                    match value {
                        Some(value) => inside.env(variable, value),
                        None => inside.env_remove(variable),
                    };
                }
                let outside = start(inside);
                let writer = File::options().write(true).open(&pipe).expect("it reads");
                let children = format!("/proc/{0}/task/{0}/children", outside.id());
                let children = fs::read_to_string(children).expect("there");
                let first = children.trim().parse().expect("one child");
                signal(name, first);
                is_stopped(&case, outside, name);
                drop(writer);
            }
        }
    }

    /// An import that waits for its secret, and a check for its password.
    #[test]
    fn while_it_waits_for_a_secret() {
        let files = Files::new();
        let (pipe, made) = (pipe(&files), files.path("made"));
        let (key, password) = (files.path("key.json"), files.path("password"));
        for line in [
            &["keys", "import", &made, "--from", &pipe][..],
            &["keys", "new", &made, "--password-file", &pipe],
            &["keys", "show", &key, "--check", "--password-file", &pipe],
            &["verify", &pipe],
        ] {
            let case = Case::of(line);
            let child = start(case.run());
            let writer = File::options().write(true).open(&pipe).expect("it reads");
            signal("TERM", child.id());
            is_stopped(&case, child, "TERM");
            drop(writer);
            assert!(!Path::new(&made).exists());
        }
        // A pipe in the place of a key is refused, and not waited for.
        for line in [
            &["keys", "show", &pipe][..],
            &[
                "mine",
                "--url",
                NOWHERE,
                "--key",
                &pipe,
                "--password-file",
                &password,
            ],
        ] {
            let (_, said) = expect(FILE, line);
            assert!(said.contains("is not a file"), "{said}");
        }
    }
}

/// A key in an address is not for the log, nor for whoever reads an error.
#[test]
fn keys_in_addresses_are_not_shown() {
    let key = "0123456789abcdef0123456789abcdef";
    let url = format!("{NOWHERE}/v3/{key}");
    let asking = [
        &["status"][..],
        &["status", "--json"],
        &["audit", "--device", "cpu"],
        &[
            "check", "--json", "--device", "cpu", "--dev", "--key", "//Alice",
        ],
        &["mine", "--device", "cpu", "--dev", "--key", "//Alice"],
        &["claim", "--dev", "--hotkey", "//Alice", "--owner", "//Bob"],
    ];
    for line in asking {
        let mut worker = command(&[line, &["--log", "debug"]].concat());
        worker.env("NI_URL", &url);
        let (out, err) = finish(NODE, worker, "");
        let said = format!("{out}{err}");
        assert!(!said.contains(key), "{line:?}: {said}");
        assert!(said.contains("/…"), "{line:?}: {said}");
    }
}

/// A file that the user names is not ours to replace.
#[test]
fn what_is_not_ours_is_replaced_only_when_told() {
    let files = Files::new();
    let notes = files.place.write("notes.json", "{\"notes\": 1}");
    let prove = files.prove(&notes);
    let (_, said) = expect(FILE, &strings(&prove));
    assert!(said.contains("--force"), "{said}");
    let export = [
        "audit", "--device", "cpu", "--url", NOWHERE, "--export", &notes,
    ];
    expect(NODE, &export);
    let html = ["status", "--history", "--html", &notes, "--url", NOWHERE];
    let (_, said) = expect(FILE, &html);
    assert!(said.contains("--force"), "{said}");
    assert_eq!(fs::read_to_string(&notes).expect("there"), "{\"notes\": 1}");
    let forced = [prove.as_slice(), &["--force".to_owned()]].concat();
    expect(DONE, &strings(&forced));
    // A bundle is ours.
    expect(DONE, &strings(&prove));
    expect(USAGE, &["status", "--force", "--url", NOWHERE]);
}

/// Of a file that cannot be read nothing is known: that is no refusal.
#[test]
fn a_bundle_that_cannot_be_read_is_not_refused() {
    let files = Files::new();
    let folder = files.path("");
    for unread in [files.path("none.json"), folder] {
        for line in [&["verify", &unread][..], &["verify", "--json", &unread]] {
            let (out, said) = expect(FILE, line);
            assert_eq!(out, "");
            assert!(said.contains("cannot read"), "{said}");
        }
    }
}
