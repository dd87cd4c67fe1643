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
    fs::{self, File},
    io::{self, IsTerminal},
    path::Path,
};

use subxt_signer::sr25519::Keypair;
use tracing::warn;
use zeroize::Zeroizing;

use crate::{
    exit::{Exit, Failure, OrExit},
    files::Prepared,
};
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
/// As [`account`], and those of [`own_address`].
pub fn address(named: &str, dev: bool) -> Result<Bytes32, Failure> {
    if keys::account(named).is_ok() {
        return own_address(named);
    }
    let exists = Path::new(named).exists();
    if !named.starts_with("//") && !exists && phrase::exposed([named]).is_none() {
        return Err(Failure::new(
            Exit::Usage,
            format!("{named:?} is neither an SS58 address of this chain nor a key's file"),
        ));
    }
    account(named, dev)
}

/// The account of an address as this chain writes it. Another network's form of the same
/// key is refused, since whoever gave it may have meant that network: the message has the
/// form to give in its place.
///
/// # Errors
/// [`Exit::Usage`].
pub fn own_address(text: &str) -> Result<Bytes32, Failure> {
    let account = keys::account(text).or_exit(Exit::Usage, format!("cannot take {text:?}"))?;
    let own = keys::address(&account);
    if own != text {
        return Err(Failure::new(
            Exit::Usage,
            format!("{text} is an address of another network: here the same key's is {own}"),
        ));
    }
    Ok(account)
}

/// The development key that is named, or none where a file is.
fn development(named: &str, dev: bool) -> Result<Option<Keypair>, Failure> {
    if let Some(exposed) = phrase::exposed([named]) {
        return Err(Failure::new(Exit::Usage, exposed));
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
    // Before it is opened: a pipe would have it wait for a writer.
    let metadata = fs::metadata(path).or_exit(Exit::File, unreadable())?;
    if !metadata.is_file() {
        return Err(Failure::new(
            Exit::File,
            format!("{} is not a file", path.display()),
        ));
    }
    let file = File::open(path).or_exit(Exit::File, unreadable())?;
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
fn warn_if_shared(path: &Path, metadata: &fs::Metadata) {
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

/// A keystore on disk that has no name yet.
#[derive(Debug)]
pub struct Unnamed<'a> {
    file: Prepared,
    path: &'a Path,
}

/// Writes a keystore into a new file that only this user can read, and that is gone unless
/// it is [named](Unnamed::name).
///
/// # Errors
/// [`Exit::File`].
pub fn prepare<'a>(path: &'a Path, sealed: &Sealed) -> Result<Unnamed<'a>, Failure> {
    let file = Prepared::write(path, sealed.text().as_bytes(), true)
        .or_exit(Exit::File, format!("cannot write {}", path.display()))?;
    Ok(Unnamed { file, path })
}

impl Unnamed<'_> {
    /// Gives the file its name. Never replaces a file.
    ///
    /// # Errors
    /// [`Exit::File`].
    pub fn name(self) -> Result<(), Failure> {
        let path = self.path.display();
        self.file.name_new().map_err(|error| {
            let message = match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    format!("{path} exists, and a key is never replaced: name a new file")
                }
                _ => format!("cannot write {path}: {error}"),
            };
            Failure::new(Exit::File, message)
        })
    }
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
