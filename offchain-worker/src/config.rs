// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The settings file: TOML with the names of the flags.
//!
//! What it sets becomes the default of the flag it names, so that a flag and a
//! variable of the environment go before it, and that its values are checked as
//! theirs are. A table such as `[mine]` holds for one command, that of `mine` for
//! `check` too; the node and the keys stand above the tables, for all commands.
//!
//! The settings are those that the command line declares: none is listed here.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, Command};
use thiserror::Error;
use toml::{Table, Value};

use crate::keystore::phrase;

/// Largest file that is read.
pub const LARGEST: u64 = 64 * 1024;

/// Flags that a file cannot hold: they are about one run.
const ONE_RUN: [&str; 12] = [
    "help",
    "version",
    "config",
    "json",
    "validator",
    "renew",
    "top-up",
    "history",
    "html",
    "force",
    "calibrations",
    "blocks",
];

/// What holds for every command that takes it: the node and the keys.
const SHARED: [&str; 6] = [
    "url",
    "key",
    "password-file",
    "owner",
    "owner-password-file",
    "dev",
];

/// The command that is about what `mine` would do, with its settings.
const REHEARSAL: &str = "check";

/// Why a settings file cannot be used. Repeats names of settings, never values.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// It is no TOML.
    #[error("line {line}: {message}")]
    Toml {
        /// The line, from 1 on.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// It names what is no setting.
    #[error("there is no setting {name}{}; `ni-worker config init` writes all there are",
        nearest.as_ref().map(|it| format!(" (did you mean {it}?)")).unwrap_or_default())]
    Unknown {
        /// What it names.
        name: String,
        /// The setting with the most similar name, where one is similar.
        nearest: Option<String>,
    },
    /// A setting of one command stands above the tables.
    #[error("the setting {name} belongs below the line [{table}]")]
    Elsewhere {
        /// The setting.
        name: String,
        /// The command's table.
        table: String,
    },
    /// A setting has a value of another kind.
    #[error("the setting {name} takes {takes}")]
    Kind {
        /// The setting.
        name: String,
        /// What it takes.
        takes: &'static str,
    },
    /// A secret stands in it.
    #[error(
        "the setting {0} holds a secret phrase or seed: this file is not encrypted. Make a key's file with `ni-worker keys import FILE`, and name it here"
    )]
    Secret(String),
}

/// The command line with the settings of a file as its defaults.
///
/// # Errors
/// [`ConfigError`], for the first thing that is wrong.
pub fn with_settings(mut command: Command, text: &str) -> Result<Command, ConfigError> {
    let table: Table = toml::from_str(text).map_err(|error| ConfigError::Toml {
        line: error.span().map_or(1, |span| {
            text.as_bytes()[..span.start.min(text.len())]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
                + 1
        }),
        message: error.message().to_owned(),
    })?;
    let known = Known::of(&command);
    let is_table =
        |name: &String, value: &Value| value.is_table() && known.commands.contains_key(name);
    // What is shared first: a command's own table goes before it.
    for (name, value) in table.iter().filter(|(name, value)| !is_table(name, value)) {
        let Some(takers) = known.shared.get(name) else {
            return Err(known.unknown(name));
        };
        for of in takers {
            command = set(command, of.as_deref(), name, name, value)?;
        }
    }
    for (name, settings) in &known.commands {
        let Some(Value::Table(own)) = table.get(name) else {
            continue;
        };
        for (setting, value) in own {
            let full = format!("{setting} of [{name}]");
            if !settings.contains_key(setting) {
                return Err(unknown(full, setting, settings.keys()));
            }
            command = set(command, Some(name), setting, &full, value)?;
            if name == "mine" {
                command = set(command, Some(REHEARSAL), setting, &full, value)?;
            }
        }
    }
    Ok(command)
}

fn unknown<'a>(full: String, name: &str, names: impl Iterator<Item = &'a String>) -> ConfigError {
    const SIMILAR: f64 = 0.75;
    let nearest = names
        .map(|known| (strsim::jaro_winkler(known, name), known))
        .filter(|(similarity, _)| *similarity > SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known.clone());
    ConfigError::Unknown {
        name: full,
        nearest,
    }
}

/// Makes a value the default of a flag.
fn set(
    command: Command,
    of: Option<&str>,
    name: &str,
    full: &str,
    value: &Value,
) -> Result<Command, ConfigError> {
    let owner = match of {
        Some(of) => command.find_subcommand(of).unwrap_or(&command),
        None => &command,
    };
    let Some(argument) = long(owner, name) else {
        return Ok(command);
    };
    let values = values(argument, full, value)?;
    let id = argument.get_id().to_string();
    let update = |argument: Arg| argument.required(false).default_values(values);
    Ok(match of {
        Some(of) => command.mut_subcommand(of, |command| command.mut_arg(id, update)),
        None => command.mut_arg(id, update),
    })
}

/// A setting's values as a command line has them.
fn values(argument: &Arg, name: &str, value: &Value) -> Result<Vec<String>, ConfigError> {
    let kind = |takes| ConfigError::Kind {
        name: name.to_owned(),
        takes,
    };
    if is_switch(argument) {
        return match value {
            Value::Boolean(on) => Ok(vec![on.to_string()]),
            _ => Err(kind("true or false")),
        };
    }
    let one = |value: &Value| match value {
        Value::String(text) if phrase::exposed([text.as_str()]).is_some() => {
            Err(ConfigError::Secret(name.to_owned()))
        }
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        _ => Err(kind("text or a number")),
    };
    match value {
        Value::Array(list) if takes_many(argument) => list.iter().map(one).collect(),
        Value::Array(_) => Err(kind("one value, not a list")),
        value => one(value).map(|value| vec![value]),
    }
}

fn is_switch(argument: &Arg) -> bool {
    matches!(
        argument.get_action(),
        ArgAction::SetTrue | ArgAction::SetFalse
    )
}

fn takes_many(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Append)
}

fn long<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    settings(command).find(|argument| argument.get_long() == Some(name))
}

/// The flags of a command that a file can hold.
fn settings(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|argument| {
        argument
            .get_long()
            .is_some_and(|long| !ONE_RUN.contains(&long))
    })
}

/// Every setting there is.
struct Known {
    /// Above the tables: the name, and the commands that take it, `None` being
    /// all of them.
    shared: BTreeMap<String, Vec<Option<String>>>,
    /// In the tables: a command's settings, and whether others share each.
    commands: BTreeMap<String, BTreeMap<String, bool>>,
}

impl Known {
    fn of(command: &Command) -> Self {
        let mut shared: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        let mut commands: BTreeMap<String, BTreeMap<String, bool>> = BTreeMap::new();
        for subcommand in chain_commands(command) {
            let name = subcommand.get_name().to_owned();
            for setting in settings(subcommand).filter_map(Arg::get_long) {
                let is_shared = SHARED.contains(&setting);
                if is_shared {
                    let takers = shared.entry(setting.to_owned()).or_default();
                    takers.push(Some(name.clone()));
                }
                if name != REHEARSAL {
                    let own = commands.entry(name.clone()).or_default();
                    own.insert(setting.to_owned(), is_shared);
                }
            }
        }
        for setting in settings(command).filter_map(Arg::get_long) {
            shared.insert(setting.to_owned(), vec![None]);
        }
        Self { shared, commands }
    }
}

impl Known {
    /// Why a name above the tables is refused.
    fn unknown(&self, name: &str) -> ConfigError {
        let mut commands = self.commands.iter();
        if let Some((table, _)) = commands.find(|(_, settings)| settings.contains_key(name)) {
            return ConfigError::Elsewhere {
                name: name.to_owned(),
                table: table.clone(),
            };
        }
        let names = self.shared.keys().chain(self.commands.keys());
        unknown(name.to_owned(), name, names)
    }
}

/// The commands that follow a chain: those that know the address of a node.
fn chain_commands(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|command| long(command, "url").is_some())
}

/// A settings file that names every setting, switched off, with what it is
/// without one.
#[must_use]
pub fn example(command: &Command) -> String {
    let known = Known::of(command);
    let mut text = EXPLANATION.to_owned();
    for (name, commands) in &known.shared {
        // `mine` says best what a setting is for.
        let mine = Some("mine".to_owned());
        let of = if commands.contains(&mine) {
            mine.as_ref()
        } else {
            commands.first().and_then(Option::as_ref)
        };
        let owner = of
            .and_then(|of| command.find_subcommand(of))
            .unwrap_or(command);
        if let Some(argument) = long(owner, name) {
            describe(&mut text, argument, commands);
        }
    }
    for subcommand in chain_commands(command) {
        let name = subcommand.get_name();
        let table = known.commands.get(name);
        let is_own = |argument: &&Arg| {
            let shared = argument.get_long().and_then(|long| table?.get(long));
            shared == Some(&false)
        };
        let own: Vec<_> = settings(subcommand).filter(is_own).collect();
        if own.is_empty() {
            continue;
        }
        text.push_str(&format!("\n[{name}]\n"));
        for argument in own {
            describe(&mut text, argument, &[]);
        }
    }
    text
}

const EXPLANATION: &str = "\
# Settings of ni-worker, for `ni-worker --config FILE mine` and the other commands
# that follow a chain, or with the variable NI_CONFIG naming this file.
#
# A flag on the command line goes before what stands here, and so does a variable
# of the environment. To set something, remove the `#` before its name: what
# stands behind it is what holds without, where that is a fixed value.
# No password and no phrase belongs in here: name a key's file, and the file that
# holds its password.

# Above the first [table] stands what holds for all commands.
";

/// Writes a setting: what it is, who takes it, and its default.
fn describe(text: &mut String, argument: &Arg, commands: &[Option<String>]) {
    let help = argument
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    text.push('\n');
    for line in wrap(&help) {
        text.push_str(&format!("# {line}\n"));
    }
    let takers: Vec<_> = commands.iter().flatten().map(String::as_str).collect();
    if !takers.is_empty() {
        text.push_str(&format!("# For {}.\n", takers.join(", ")));
    }
    if let Some(variable) = argument.get_env() {
        text.push_str(&format!(
            "# In the environment: {}.\n",
            variable.to_string_lossy()
        ));
    }
    let name = argument.get_long().unwrap_or_default();
    let (value, fixed) = default(argument);
    if !fixed {
        text.push_str("# Not set.\n");
    }
    text.push_str(&format!("#{name} = {value}\n"));
}

/// The default as TOML, or what to write in its place, and whether it is one.
fn default(argument: &Arg) -> (String, bool) {
    if is_switch(argument) {
        return ("false".into(), true);
    }
    let quoted = |text: &str| Value::String(text.to_owned()).to_string();
    let defaults: Vec<_> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if defaults.is_empty() {
        let names = argument.get_value_names().unwrap_or_default();
        let name = quoted(names.first().map_or("VALUE", |name| name.as_str()));
        let value = if takes_many(argument) {
            format!("[{name}]")
        } else {
            name
        };
        return (value, false);
    }
    let values: Vec<_> = defaults
        .iter()
        .map(|value| match value.parse::<i64>() {
            Ok(number) => number.to_string(),
            Err(_) => quoted(value),
        })
        .collect();
    let value = if takes_many(argument) {
        format!("[{}]", values.join(", "))
    } else {
        values.concat()
    };
    (value, true)
}

/// Lines of at most 78 characters.
fn wrap(text: &str) -> Vec<String> {
    const WIDTH: usize = 78;
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].len() + word.len() >= WIDTH {
            lines.push(word.to_owned());
        } else {
            if !lines[last].is_empty() {
                lines[last].push(' ');
            }
            lines[last].push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::*;
    use crate::cli::{Cli, Command as Subcommand, MineArgs};

    /// What `mine` would run with.
    fn mine(text: &str, arguments: &[&str]) -> MineArgs {
        let command = with_settings(Cli::command(), text).expect("settings");
        let line = ["ni-worker", "mine"].iter().chain(arguments);
        let matches = command.try_get_matches_from(line).expect("arguments");
        match Cli::from_arg_matches(&matches).expect("arguments").command {
            Subcommand::Mine(args) => args,
            other => panic!("{other:?}"),
        }
    }

    fn refused(text: &str) -> String {
        with_settings(Cli::command(), text)
            .expect_err("refused")
            .to_string()
    }

    #[test]
    fn a_file_sets_what_flags_set_and_flags_go_before_it() {
        let text = r#"
            url = ["ws://one:1", "ws://two:2"]
            key = "hotkey.json"
            [mine]
            load = 50
            register = true
            device = [0, "cpu"]
            max-price = "1.5"
        "#;
        let args = mine(text, &[]);
        assert_eq!(args.chain.node.url, ["ws://one:1", "ws://two:2"]);
        assert_eq!(args.key.key, "hotkey.json");
        assert_eq!((args.load, args.register), (50, true));
        assert_eq!(args.device.len(), 2);
        assert_eq!(args.max_price.map(|price| price.0), Some(1_500_000_000));
        let args = mine(
            text,
            &["--load", "70", "--url", "ws://three:3", "--device", "1"],
        );
        assert_eq!(
            (args.load, args.chain.node.url),
            (70, vec!["ws://three:3".to_owned()])
        );
        assert_eq!(args.device.len(), 1);
    }

    #[test]
    fn what_mine_is_told_check_knows() {
        let text = "key = \"a\"\n[mine]\nload = 50\nslots = 3\nregister = true\n";
        let command = with_settings(Cli::command(), text).expect("settings");
        let matches = command.try_get_matches_from(["ni-worker", "check"]);
        let parsed = Cli::from_arg_matches(&matches.expect("arguments"));
        match parsed.expect("arguments").command {
            Subcommand::Check(args) => assert_eq!((args.slots, args.register), (Some(3), true)),
            other => panic!("{other:?}"),
        }
        let known = Known::of(&Cli::command());
        for name in SHARED {
            assert!(known.shared.contains_key(name), "{name}");
        }
    }

    #[test]
    fn a_table_goes_before_what_is_shared() {
        for text in [
            "url = \"ws://one:1\"\nkey = \"a\"\n[mine]\nurl = \"ws://two:2\"\n",
            "[mine]\nurl = \"ws://two:2\"\nkey = \"a\"\n",
        ] {
            assert_eq!(mine(text, &[]).chain.node.url, ["ws://two:2"]);
        }
    }

    #[test]
    fn what_is_no_setting_is_named_with_the_nearest_one() {
        for (text, says) in [
            (
                "[mine]\nlaod = 5",
                "no setting laod of [mine] (did you mean load?)",
            ),
            ("urls = []", "no setting urls (did you mean url?)"),
            ("[minne]\nload = 5", "no setting minne (did you mean mine?)"),
            ("xyzzy = 1", "no setting xyzzy; `ni-worker config init`"),
            ("load = 5", "load belongs below the line [mine]"),
            ("json = true", "no setting json"),
            ("[mine]\nload = [5]", "load of [mine] takes one value"),
            (
                "[mine]\nload = true",
                "load of [mine] takes text or a number",
            ),
            (
                "[mine]\nregister = 1",
                "register of [mine] takes true or false",
            ),
            ("url = { a = 1 }", "url takes text or a number"),
            ("a = 1\nb =", "line 2: "),
        ] {
            let message = refused(text);
            assert!(message.contains(says), "{message}");
        }
    }

    #[test]
    fn a_secret_in_a_file_is_refused_and_not_repeated() {
        let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
        for text in [
            format!("key = \"{phrase}\""),
            format!("key = {phrase}"),
            format!("owner = \"0x{}\"", "ab".repeat(32)),
            format!("[mine]\nkey = \"{phrase}"),
        ] {
            let message = refused(&text);
            for secret in ["bottom", "drive", "abab"] {
                assert!(!message.contains(secret), "{message}");
            }
        }
    }

    #[test]
    fn the_example_changes_nothing() {
        let example = example(&Cli::command());
        let with = mine(&example, &["--key", "a"]);
        let without = mine("", &["--key", "a"]);
        assert_eq!(format!("{with:?}"), format!("{without:?}"));
    }

    #[test]
    fn the_example_names_every_setting_with_its_default() {
        let command = Cli::command();
        let known = Known::of(&command);
        let example = example(&command);
        // Every setting switched on.
        let on: String = example
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') && !setting.is_empty() => {
                    format!("{setting}\n")
                }
                _ => format!("{line}\n"),
            })
            .collect();
        let table: Table = toml::from_str(&on).expect("TOML");
        with_settings(command, &on).expect("settings that are");
        for name in known.shared.keys() {
            assert!(table.contains_key(name), "{name}");
        }
        for (command, settings) in &known.commands {
            for (name, shared) in settings {
                let stands = table
                    .get(command)
                    .and_then(|table| table.get(name))
                    .is_some();
                assert!(stands || *shared, "{name} of {command}");
            }
        }
        // Those with a fixed default, in force, are what holds without them.
        let mut fixed = String::new();
        let mut open = false;
        for line in example.lines() {
            open = match line {
                "# Not set." => true,
                _ if line.starts_with('[') => {
                    fixed.push_str(&format!("{line}\n"));
                    false
                }
                _ => {
                    if let Some(setting) = line.strip_prefix('#')
                        && !setting.starts_with(' ')
                        && !setting.is_empty()
                        && !open
                    {
                        fixed.push_str(&format!("{setting}\n"));
                    }
                    false
                }
            };
        }
        assert!(fixed.contains("load = 100"), "{fixed}");
        let with = mine(&fixed, &["--key", "a"]);
        let without = mine("", &["--key", "a"]);
        assert_eq!(format!("{with:?}"), format!("{without:?}"));
    }
}
