// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker keys`: makes, imports and shows keys in encrypted files.

use std::path::Path;

use crate::{
    cli::{ImportKeyArgs, KeysCommand, NewKeyArgs, ShowKeyArgs},
    exit::{Exit, Failure, OrExit},
    keystore::{
        self,
        json::{self, Sealed},
        password::PasswordSource,
        phrase,
    },
    output,
};
use ni_client::keys;

/// Runs the command.
///
/// # Errors
/// [`Exit::File`] where a file cannot be read or written, [`Exit::Key`] where
/// a keystore, a phrase or a password is none.
pub fn run(command: &KeysCommand) -> Result<(), Failure> {
    match command {
        KeysCommand::New(args) => new(args),
        KeysCommand::Import(args) => import(args),
        KeysCommand::Show(args) => show(args),
    }
}

fn new(args: &NewKeyArgs) -> Result<(), Failure> {
    refuse_existing(&args.file)?;
    let (secret, phrase) =
        phrase::generate().map_err(|error| Failure::new(Exit::Internal, error))?;
    let password = PasswordSource::of_key(args.password_file.clone()).choose()?;
    let sealed = json::seal(&secret, &password, &name(&args.file))
        .or_exit(Exit::Internal, "cannot make a key")?;
    let file = keystore::prepare(&args.file, &sealed)?;
    let address = keys::address(&sealed.account());
    if args.show_phrase {
        // A key whose phrase nobody has seen would be lost with its file.
        output::shown(format_args!("{address}\n{}", *phrase))?;
        output::note(
            "Write the phrase down and keep it away from this machine: it is shown only this \
             once, and whoever has it has the key.",
        );
        return file.name();
    }
    file.name()?;
    output::line(address);
    Ok(())
}

fn import(args: &ImportKeyArgs) -> Result<(), Failure> {
    refuse_existing(&args.file)?;
    let text = keystore::secret_text(args.from.as_deref())?;
    let password = PasswordSource::of_key(args.password_file.clone());
    let sealed = if text.trim_start().starts_with(['{', '[']) {
        // It stays sealed as it is, with the password that it has.
        let sealed = Sealed::read(text.trim().to_owned())
            .or_exit(Exit::Key, "cannot import the keystore")?;
        let given = password.get(&keys::address(&sealed.account()))?;
        sealed
            .open(&given)
            .or_exit(Exit::Key, "cannot import the keystore")?;
        sealed
    } else {
        let secret = phrase::read(&text).map_err(|error| Failure::new(Exit::Key, error))?;
        drop(text);
        json::seal(&secret, &password.choose()?, &name(&args.file))
            .or_exit(Exit::Internal, "cannot import the key")?
    };
    keystore::prepare(&args.file, &sealed)?.name()?;
    output::line(keys::address(&sealed.account()));
    Ok(())
}

fn show(args: &ShowKeyArgs) -> Result<(), Failure> {
    let sealed = keystore::read(&args.file)?;
    let address = keys::address(&sealed.account());
    if args.check {
        let password = PasswordSource::of_key(args.password_file.clone()).get(&address)?;
        sealed
            .open(&password)
            .or_exit(Exit::Key, format!("cannot open {}", args.file.display()))?;
    }
    output::line(address);
    Ok(())
}

/// Before anything is asked for; writing makes sure of it again.
fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        return Err(Failure::new(
            Exit::File,
            format!(
                "{} exists, and a key is never replaced: name a new file",
                path.display()
            ),
        ));
    }
    Ok(())
}

/// What polkadot-js shows a key as: its file's name.
fn name(path: &Path) -> String {
    path.file_stem()
        .map_or_else(|| "key".into(), |stem| stem.to_string_lossy().into_owned())
}
