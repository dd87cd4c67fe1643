// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The one place where the environment is read.
//!
//! An empty variable is as one that is not set, and so is a folder that is not absolute,
//! as the XDG specification has it: a store in whatever folder the worker was started in
//! would be another one at the next start.
//!
//! A variable is a default of the flag that names it, above that of a settings file. So a
//! flag goes before every variable, one that a command has no use for changes nothing, and
//! no rule about flags that go together is broken by one.

use std::{collections::BTreeSet, env, ffi::OsString, path::PathBuf};

use clap::{Arg, ArgMatches, Command, parser::ValueSource};

/// Flags that answer the same question, and a variable that does so without a flag. What
/// is given on the command line, or else in the environment, sets aside what the others
/// have from further below.
const RIVALS: [(&[&str], Option<&str>); 4] = [
    (&["url", "light"], None),
    (&["hotkey", "key"], None),
    (&["password_file"], Some("NI_PASSWORD")),
    (&["owner_password_file"], Some("NI_OWNER_PASSWORD")),
];

/// A variable of the environment that is set to something.
#[must_use]
pub fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// The folder for what the user's programs keep: `XDG_DATA_HOME`, or one in the home
/// folder. `None` where the environment names neither.
#[must_use]
pub fn data_folder() -> Option<PathBuf> {
    data_folder_of(&variable)
}

fn data_folder_of(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name| {
        variable(name)
            .map(PathBuf::from)
            .filter(|folder| folder.is_absolute())
    };
    folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")))
}

/// The command line with no variable in it, which [`Variables`] adds as they count.
pub(crate) fn without_variables(command: Command) -> Command {
    command
        .mut_args(|argument| argument.env(clap::builder::Resettable::Reset))
        .mut_subcommands(without_variables)
}

/// Which variable each flag of a command line has.
pub(crate) struct Variables<'a> {
    /// The command line as it is declared.
    declared: Command,
    /// What is given on the command line, as far as it can be read.
    given: BTreeSet<String>,
    /// The environment.
    read: &'a dyn Fn(&str) -> Option<OsString>,
}

impl<'a> Variables<'a> {
    pub(crate) fn new(
        declared: Command,
        matches: Option<&ArgMatches>,
        read: &'a dyn Fn(&str) -> Option<OsString>,
    ) -> Self {
        let mut given = BTreeSet::new();
        let mut level = matches;
        while let Some(matches) = level {
            for id in matches.ids() {
                if matches.value_source(id.as_str()) == Some(ValueSource::CommandLine) {
                    given.insert(id.to_string());
                }
            }
            level = matches.subcommand().map(|(_, below)| below);
        }
        Self {
            declared,
            given,
            read,
        }
    }

    /// Makes the variables the defaults of their flags, in a command without any.
    pub(crate) fn added(&self, command: Command) -> Command {
        self.added_below(&self.declared, command)
    }

    fn added_below(&self, declared: &Command, mut command: Command) -> Command {
        for argument in declared.get_arguments() {
            let id = argument.get_id().as_str();
            if let Some(values) = self.values(argument) {
                command = command.mut_arg(id, |argument| {
                    argument.required(false).default_values(values)
                });
            } else if self.is_set_aside(declared, id) {
                command = command.mut_arg(id, |argument| {
                    argument.default_values(Vec::<OsString>::new())
                });
            }
        }
        for below in declared.get_subcommands() {
            let name = below.get_name().to_owned();
            command = command.mut_subcommand(name, |command| self.added_below(below, command));
        }
        command
    }

    /// What the environment says of a flag, where that counts.
    fn values(&self, argument: &Arg) -> Option<Vec<OsString>> {
        let values = self.named(argument)?;
        let id = argument.get_id().as_str();
        let rival_given = rivals(id).any(|(flags, _)| {
            flags
                .iter()
                .any(|flag| *flag != id && self.given.contains(*flag))
        });
        (!rival_given).then_some(values)
    }

    /// What the environment says of a flag; `None` where it says nothing.
    fn named(&self, argument: &Arg) -> Option<Vec<OsString>> {
        let value = argument
            .get_env()
            .and_then(|name| (self.read)(name.to_str()?))
            .filter(|value| !value.is_empty())?;
        let values = match (argument.get_value_delimiter(), value.to_str()) {
            (Some(delimiter), Some(text)) => text
                .split(delimiter)
                .map(str::trim)
                .filter(|value| !value.is_empty())
                .map(OsString::from)
                .collect(),
            _ => vec![value],
        };
        (!values.is_empty()).then_some(values)
    }

    /// Whether a rival is given further above than where a flag's default is from. What
    /// holds without anything being given stays.
    fn is_set_aside(&self, declared: &Command, id: &str) -> bool {
        let has_own_default = declared
            .get_arguments()
            .any(|argument| argument.get_id() == id && !argument.get_default_values().is_empty());
        let said = |flag: &str| {
            self.given.contains(flag)
                || declared
                    .get_arguments()
                    .any(|argument| argument.get_id() == flag && self.named(argument).is_some())
        };
        !has_own_default
            && rivals(id).any(|(flags, variable)| {
                flags.iter().any(|flag| *flag != id && said(flag))
                    || variable
                        .and_then(self.read)
                        .is_some_and(|value| !value.is_empty())
            })
    }

    /// The variables that a command of this command line goes by, for a message.
    pub(crate) fn in_force(&self, path: &[&str]) -> Vec<String> {
        let mut command = Some(&self.declared);
        let mut names = BTreeSet::new();
        for name in path.iter().map(Some).chain([None]) {
            let Some(current) = command else { break };
            for argument in current.get_arguments() {
                let is_given = self.given.contains(argument.get_id().as_str());
                if !is_given
                    && self.values(argument).is_some()
                    && let Some(name) = argument.get_env()
                {
                    names.insert(name.to_string_lossy().into_owned());
                }
            }
            command = name.and_then(|name| current.find_subcommand(name));
        }
        names.into_iter().collect()
    }
}

fn rivals(
    id: &str,
) -> impl Iterator<Item = &'static (&'static [&'static str], Option<&'static str>)> {
    RIVALS.iter().filter(move |(flags, _)| flags.contains(&id))
}

#[cfg(test)]
mod tests;
