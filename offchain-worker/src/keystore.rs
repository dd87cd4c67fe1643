// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The keys that the worker signs with, in encrypted files.
//!
//! [`signer`] opens the key that a command line names, [`account`] says whose
//! it is without a password. [`json`] is the file's format, [`phrase`] reads
//! secrets as people write them, [`password`] says where a password comes from.
//!
//! What this module holds of a secret is wiped when it is done with, and the
//! process writes no core file ([`forbid_core_files`]); a key that signs stays
//! in memory until the process ends.

pub mod json;
pub mod password;
pub mod phrase;

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Write},
    path::Path,
};

use subxt_signer::sr25519::Keypair;
use tracing::warn;
use zeroize::Zeroizing;

use crate::exit::{Exit, Failure, OrExit};
use json::{KeystoreError, Sealed};
use ni_client::{keys, types::Bytes32};
use password::PasswordSource;

/// The key that `named` names: a keystore's file, or with `dev` a development
/// key such as `//Alice`.
///
/// Asks for the password where `password` has none, and takes a fraction of a
/// second to try it: not for an asynchronous task that others wait for.
///
/// # Errors
/// [`Exit::Usage`] where `named` is neither, [`Exit::File`] where the file
/// cannot be read, [`Exit::Key`] where it cannot be opened.
pub fn signer(named: &str, dev: bool, password: &PasswordSource) -> Result<Keypair, Failure> {
    if let Some(key) = development(named, dev)? {
        return Ok(key);
    }
    let path = Path::new(named);
    let sealed = read(path)?;
    let address = keys::address(&sealed.account());
    let password = password.get(&address)?;
    sealed
        .open(&password)
        .or_exit(Exit::Key, format!("cannot open {}", path.display()))
}

/// The account of the key that `named` names, as for [`signer`], without its
/// password: as the file says.
///
/// # Errors
/// As [`signer`].
pub fn account(named: &str, dev: bool) -> Result<Bytes32, Failure> {
    match development(named, dev)? {
        Some(key) => Ok(key.public_key().0),
        None => Ok(read(Path::new(named))?.account()),
    }
}

/// The account that `named` names: by its SS58 address, or as for [`account`].
///
/// # Errors
/// As [`account`].
pub fn address(named: &str, dev: bool) -> Result<Bytes32, Failure> {
    if let Ok(account) = keys::account(named) {
        return Ok(account);
    }
    if !named.starts_with("//") && !phrase::exposed([named]) && !Path::new(named).exists() {
        return Err(Failure::new(
            Exit::Usage,
            format!("{named:?} is neither an SS58 address of this chain nor a key's file"),
        ));
    }
    account(named, dev)
}

/// The development key that is named, or none where a file is.
fn development(named: &str, dev: bool) -> Result<Option<Keypair>, Failure> {
    if phrase::exposed([named]) {
        return Err(Failure::new(Exit::Usage, EXPOSED));
    }
    if !named.starts_with("//") {
        return Ok(None);
    }
    if !dev {
        return Err(Failure::new(
            Exit::Usage,
            "development keys such as //Alice are known to everybody: they are taken only with \
             --dev, for test chains; make a key of your own with `ni-worker keys new FILE`",
        ));
    }
    keys::development(named)
        .map(Some)
        .or_exit(Exit::Usage, "cannot take the key")
}

/// The answer to a secret on a command line or in the environment.
pub const EXPOSED: &str = "a secret phrase or seed stands on the command line or in the environment. \
    Other users can see those, and shells keep them: treat that key as known to others, and move \
    what it owns. Keys are read from an encrypted file: \
    `ni-worker keys import FILE` makes one and asks for the phrase";

/// Reads a keystore, without opening it.
///
/// # Errors
/// [`Exit::File`] where it cannot be read, [`Exit::Key`] where it is none.
pub fn read(path: &Path) -> Result<Sealed, Failure> {
    let unreadable = || {
        format!(
            "cannot read the key {}: name a file that `ni-worker keys new` or `keys import` wrote",
            path.display()
        )
    };
    let file = File::open(path).or_exit(Exit::File, unreadable())?;
    let metadata = file.metadata().or_exit(Exit::File, unreadable())?;
    if !metadata.is_file() {
        return Err(Failure::new(
            Exit::File,
            format!("{} is not a file", path.display()),
        ));
    }
    warn_if_shared(path, &metadata);
    let broken = || format!("cannot use the key {}", path.display());
    if metadata.len() > json::LARGEST {
        return Err(KeystoreError::TooLarge).or_exit(Exit::Key, broken());
    }
    let text = password::read_text(file, json::LARGEST).or_exit(Exit::Key, broken())?;
    Sealed::read(text.as_str().to_owned()).or_exit(Exit::Key, broken())
}

/// Others may try passwords on a file that they can read.
#[cfg(unix)]
fn warn_if_shared(path: &Path, metadata: &std::fs::Metadata) {
    use std::os::unix::fs::PermissionsExt;
    if metadata.permissions().mode() & 0o077 != 0 {
        warn!(
            file = %path.display(),
            "other users of this machine can read the key's file: `chmod 600` it"
        );
    }
}

#[cfg(not(unix))]
fn warn_if_shared(_: &Path, _: &std::fs::Metadata) {}

/// Writes a keystore into a new file that only this user can read. Never
/// replaces a file.
///
/// # Errors
/// [`Exit::File`].
pub fn write(path: &Path, sealed: &Sealed) -> Result<(), Failure> {
    let doing = || format!("cannot write {}", path.display());
    let mut file = create(path).map_err(|error| {
        let message = match error.kind() {
            io::ErrorKind::AlreadyExists => {
                format!(
                    "{} exists, and a key is never replaced: name a new file",
                    path.display()
                )
            }
            _ => format!("{}: {error}", doing()),
        };
        Failure::new(Exit::File, message)
    })?;
    let written = file
        .write_all(sealed.text().as_bytes())
        .and_then(|()| file.sync_all());
    if written.is_err() {
        // A part of a key is of no use, and would stand in the way.
        let _ = std::fs::remove_file(path);
    }
    written.or_exit(Exit::File, doing())
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A secret's text for an import: from a file, from standard input where that
/// is no terminal, or asked for without showing it.
///
/// # Errors
/// [`Exit::File`] where it cannot be read.
pub fn secret_text(from: Option<&Path>) -> Result<Zeroizing<String>, Failure> {
    match from {
        Some(path) => {
            let doing = || format!("cannot read {}", path.display());
            let file = File::open(path).or_exit(Exit::File, doing())?;
            password::read_text(file, json::LARGEST).or_exit(Exit::File, doing())
        }
        None if io::stdin().is_terminal() => {
            rpassword::prompt_password("Secret phrase, or seed in hexadecimal: ")
                .map(Zeroizing::new)
                .or_exit(Exit::File, "cannot ask for the secret phrase")
        }
        None => password::read_text(io::stdin().lock(), json::LARGEST)
            .or_exit(Exit::File, "cannot read the secret from standard input"),
    }
}

/// Forbids core files, which would hold the keys in use.
pub fn forbid_core_files() {
    #[cfg(unix)]
    if let Err(error) = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0) {
        warn!(%error, "cannot forbid core files, which can hold keys");
    }
}

#[cfg(test)]
mod tests;
