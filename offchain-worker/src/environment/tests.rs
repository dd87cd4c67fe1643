// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use std::collections::BTreeMap;

use clap::{CommandFactory, FromArgMatches};

use super::*;
use crate::cli::{Cli, Command as Subcommand};

/// Reads a command line in an environment, with the settings of a file.
fn read(
    line: &[&str],
    variables: &[(&str, &str)],
    settings: &str,
) -> Result<ArgMatches, clap::Error> {
    let line = ["ni-worker"].iter().chain(line);
    let read = |name: &str| {
        let set = variables.iter().find(|(variable, _)| *variable == name);
        set.map(|(_, value)| OsString::from(value))
    };
    let bare = without_variables(Cli::command());
    let first = bare
        .clone()
        .ignore_errors(true)
        .try_get_matches_from(line.clone())
        .ok();
    let configured = crate::config::with_settings(bare, settings).expect("settings");
    Variables::new(Cli::command(), first.as_ref(), &read)
        .added(configured)
        .try_get_matches_from(line)
}

/// What the command at the end of a command line has for a flag.
fn values(matches: &ArgMatches, id: &str) -> Vec<String> {
    let mut level = matches;
    while let Some((_, below)) = level.subcommand() {
        level = below;
    }
    let raw = level.try_get_raw(id).expect("a flag of this command");
    raw.into_iter()
        .flatten()
        .map(|value| value.to_string_lossy().into_owned())
        .collect()
}

/// A flag that a variable can set, of one command.
struct Flag {
    path: Vec<String>,
    id: String,
    long: String,
    variable: String,
}

/// Every flag of every command that has a variable.
fn flags(command: &Command, path: &[String]) -> Vec<Flag> {
    let own = command.get_arguments().filter_map(|argument| {
        Some(Flag {
            path: path.to_vec(),
            id: argument.get_id().to_string(),
            long: argument.get_long()?.to_owned(),
            variable: argument.get_env()?.to_str()?.to_owned(),
        })
    });
    let below = command.get_subcommands().flat_map(|below| {
        let path = [path, &[below.get_name().to_owned()]].concat();
        flags(below, &path)
    });
    own.chain(below).collect()
}

/// A command line with what the command cannot do without, but for one flag.
fn line<'a>(path: &'a [String], but: &str) -> Vec<&'a str> {
    let mut line: Vec<_> = path.iter().map(String::as_str).collect();
    if line.is_empty() {
        line.push("devices");
    }
    let needed: &[&str] = match line.as_slice() {
        ["mine" | "check"] if but != "key" => &["--key", "needed"],
        ["register" | "claim"] => &["--hotkey", "needed"],
        // What it is a file for.
        ["keys", "show"] => &["needed", "--check"],
        ["keys", _] => &["needed"],
        _ => &[],
    };
    line.extend(needed);
    line
}

/// What a variable can be set to, and another value.
fn examples(variable: &str) -> (&'static str, &'static str) {
    match variable {
        "NI_METRICS" => ("127.0.0.1:1", "127.0.0.1:2"),
        "NI_URL" => ("ws://a", "ws://b"),
        _ => ("one", "two"),
    }
}

#[test]
fn every_variable_is_a_default_that_its_flag_goes_before_and_nothing_when_it_is_empty() {
    let flags = flags(&Cli::command(), &[]);
    assert!(flags.len() > 20, "{}", flags.len());
    for Flag {
        path,
        id,
        long,
        variable,
    } in flags
    {
        let (one, two) = examples(&variable);
        let line = line(&path, &id);
        let of = |line: &[&str], value| {
            let read = read(line, &[(&variable, value)], "");
            let read = read.unwrap_or_else(|error| panic!("{variable}={value} {line:?}: {error}"));
            values(&read, &id)
        };
        assert_eq!(of(&line, one), [one], "{path:?} {variable}");
        let long = format!("--{long}");
        let given = [line.as_slice(), &[&long, two]].concat();
        assert_eq!(of(&given, one), [two], "{path:?} {variable}");
        assert_eq!(of(&given, ""), [two], "{path:?} {variable}");
        let without = read(&line, &[], "").map(|matches| values(&matches, &id));
        let empty = read(&line, &[(&variable, "")], "").map(|matches| values(&matches, &id));
        match (without, empty) {
            (Ok(without), Ok(empty)) => assert_eq!(without, empty, "{path:?} {variable}"),
            // What the command cannot do without.
            (Err(without), Err(empty)) => assert_eq!(without.to_string(), empty.to_string()),
            (without, empty) => panic!("{path:?} {variable}: {without:?}, {empty:?}"),
        }
    }
}

/// One that a command has no use for, or of which a flag says the contrary.
#[test]
fn all_variables_at_once_stop_no_command() {
    let declared = Cli::command();
    let flags = flags(&declared, &[]);
    let variables: Vec<_> = flags
        .iter()
        .map(|flag| (flag.variable.as_str(), examples(&flag.variable).0))
        .collect();
    for line in [
        &["devices"][..],
        &["bench"],
        &["verify", "f"],
        &["check"],
        &["register", "--hotkey", "a"],
        &["claim", "--hotkey", "a"],
        &["config", "init"],
        &["completions", "bash"],
        &["man"],
        &["keys", "new", "f"],
        &["keys", "import", "f"],
        &["keys", "show", "f"],
        &["mine"],
        &["audit"],
        &["audit", "--calibrations"],
        &["status"],
        &["status", "--hotkey", "a"],
        &["status", "--key", "k"],
    ] {
        let read = read(line, &variables, "");
        assert!(read.is_ok(), "{line:?}: {}", read.expect_err("refused"));
    }
}

/// What a command would run with.
fn status(line: &[&str], variables: &[(&str, &str)], settings: &str) -> crate::cli::StatusArgs {
    let matches = read(line, variables, settings).expect("taken");
    match Cli::from_arg_matches(&matches).expect("taken").command {
        Subcommand::Status(args) => args,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_flag_goes_before_the_variable_of_another_that_answers_the_same() {
    let light = ("NI_LIGHT", "chain.json");
    let url = ("NI_URL", "ws://a,, ws://b,");
    let by_light = "light:chain.json";
    for (line, variables, settings, urls) in [
        (&["status"][..], &[light][..], "", &[by_light][..]),
        (&["status", "--url", "ws://c"], &[light], "", &["ws://c"]),
        (
            &["status", "--light", "chain.json"],
            &[url],
            "",
            &[by_light],
        ),
        (&["status"], &[url], "", &["ws://a", "ws://b"]),
        (
            &["status"],
            &[url],
            "[status]\nlight = \"x\"",
            &["ws://a", "ws://b"],
        ),
        (&["status"], &[light], "url = \"ws://c\"", &[by_light]),
        (&["status"], &[], "url = \"ws://c\"", &["ws://c"]),
        (
            &["status"],
            &[("NI_URL", ",")],
            "url = \"ws://c\"",
            &["ws://c"],
        ),
    ] {
        let args = status(line, variables, settings);
        assert_eq!(args.chain.urls(), urls, "{line:?} {variables:?} {settings}");
    }
    let key = ("NI_KEY", "key.json");
    let args = status(&["status", "--hotkey", "a"], &[key], "");
    assert_eq!((args.hotkey.as_deref(), args.key), (Some("a"), None));
    let args = status(&["status"], &[key], "[status]\nhotkey = \"a\"");
    assert_eq!((args.hotkey, args.key.as_deref()), (None, Some("key.json")));
}

#[test]
fn a_password_in_the_environment_goes_before_a_file_that_the_settings_name() {
    let of = |variables: &[(&str, &str)], line: &[&str]| {
        let line = [&["mine", "--key", "k"], line].concat();
        let settings = "password-file = \"settings\"\nowner-password-file = \"settings\"";
        let matches = read(&line, variables, settings).expect("taken");
        ["password_file", "owner_password_file"].map(|id| values(&matches, id).concat())
    };
    assert_eq!(of(&[], &[]), ["settings", "settings"]);
    assert_eq!(of(&[("NI_PASSWORD", "")], &[]), ["settings", "settings"]);
    assert_eq!(of(&[("NI_PASSWORD", "p")], &[]), ["", "settings"]);
    assert_eq!(of(&[("NI_OWNER_PASSWORD", "p")], &[]), ["settings", ""]);
    assert_eq!(
        of(&[("NI_PASSWORD", "p")], &["--password-file", "flag"]),
        ["flag", "settings"]
    );
}

#[test]
fn a_folder_that_is_empty_or_relative_is_not_set() {
    for (data, home, folder) in [
        ("/data", "/home/a", Some("/data")),
        ("", "/home/a", Some("/home/a/.local/share")),
        ("data", "/home/a", Some("/home/a/.local/share")),
        ("./data", "", None),
        ("", "home", None),
    ] {
        let variables = BTreeMap::from([("XDG_DATA_HOME", data), ("HOME", home)]);
        let read = |name: &str| {
            let value = variables.get(name).filter(|value| !value.is_empty());
            value.map(OsString::from)
        };
        assert_eq!(
            data_folder_of(&read),
            folder.map(PathBuf::from),
            "{data:?} {home:?}"
        );
    }
}

#[test]
fn a_message_can_name_the_variables_in_force() {
    let read = |name: &str| matches!(name, "NI_URL" | "NI_KEY" | "NI_LOG").then(|| "x".into());
    let variables = Variables::new(Cli::command(), None, &read);
    assert_eq!(
        variables.in_force(&["status"]),
        ["NI_KEY", "NI_LOG", "NI_URL"]
    );
    assert_eq!(variables.in_force(&["devices"]), ["NI_LOG"]);
}
