// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Arguments that name keys, shared by the commands that sign.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use subxt_signer::sr25519::Keypair;

use crate::{
    exit::Failure,
    keystore::{self, password::PasswordSource},
};
use ni_client::types::Bytes32;

/// The hotkey, which signs.
#[derive(Debug, Args)]
pub struct KeyArgs {
    /// The hotkey's file, from `ni-worker keys new`, or with --dev a
    /// development key such as //Alice.
    ///
    /// The hotkey signs the worker's proofs and nothing else. It needs no
    /// balance: should it be stolen, nothing can be taken with it, and its
    /// owner registers another. It should be the only key on the machine with
    /// the GPUs.
    #[arg(
        long,
        env = "NI_KEY",
        hide_env_values = true,
        value_name = "FILE|//NAME"
    )]
    pub key: String,
    /// File whose first line is the password of --key [default: the variable
    /// NI_PASSWORD, else a prompt].
    #[arg(long, env = "NI_PASSWORD_FILE", value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Take development keys such as //Alice. Anybody can derive them: for
    /// test chains only.
    #[arg(long)]
    pub dev: bool,
}

impl KeyArgs {
    /// Opens the key; may ask for its password.
    ///
    /// # Errors
    /// As [`keystore::signer`].
    pub fn open(&self) -> Result<Keypair, Failure> {
        let password = PasswordSource::of_key(self.password_file.clone());
        keystore::signer(&self.key, self.dev, &password)
    }

    /// The key's account, without its password.
    ///
    /// # Errors
    /// As [`keystore::account`].
    pub fn account(&self) -> Result<Bytes32, Failure> {
        keystore::account(&self.key, self.dev)
    }
}

/// The owner, who pays for the registration and is paid.
#[derive(Debug, Args)]
pub struct OwnerArgs {
    /// The owner's key, as for --key.
    ///
    /// The owner pays for the registration, puts up the bonds and is paid. Its
    /// key is worth what it owns: it need not be on the machine with the GPUs,
    /// since `ni-worker register` and `ni-worker claim` run anywhere.
    #[arg(
        long,
        env = "NI_OWNER",
        hide_env_values = true,
        value_name = "FILE|//NAME"
    )]
    pub owner: Option<String>,
    /// File whose first line is the password of --owner [default: the variable
    /// NI_OWNER_PASSWORD, else a prompt].
    #[arg(long, env = "NI_OWNER_PASSWORD_FILE", value_name = "FILE")]
    pub owner_password_file: Option<PathBuf>,
}

impl OwnerArgs {
    /// Opens the owner's key, where one is named; may ask for its password.
    ///
    /// # Errors
    /// As [`keystore::signer`].
    pub fn open(&self, dev: bool) -> Result<Option<Keypair>, Failure> {
        let password = PasswordSource::of_owner(self.owner_password_file.clone());
        self.owner
            .as_deref()
            .map(|owner| keystore::signer(owner, dev, &password))
            .transpose()
    }
}

/// The commands of `keys`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a new key, and print its address.
    New(NewKeyArgs),
    /// Put an existing key into a file: from a secret phrase of 12 to 24
    /// words, a seed of 0x and 64 hexadecimal digits, or a polkadot-js JSON.
    ///
    /// It is asked for on the terminal, or read from standard input or a file;
    /// never from the command line, which others can see.
    Import(ImportKeyArgs),
    /// Print the address of a key, and nothing else.
    Show(ShowKeyArgs),
}

/// Arguments of `keys new`.
#[derive(Debug, Args)]
pub struct NewKeyArgs {
    /// The file to write; it must not exist.
    pub file: PathBuf,
    /// File whose first line is the password [default: the variable
    /// NI_PASSWORD, else a prompt].
    #[arg(long, env = "NI_PASSWORD_FILE", value_name = "FILE")]
    pub password_file: Option<PathBuf>,
    /// Print the secret phrase too, once, to be written down. A hotkey needs
    /// none: its owner can register another. An owner's key wants one.
    #[arg(long)]
    pub show_phrase: bool,
}

/// Arguments of `keys import`.
#[derive(Debug, Args)]
pub struct ImportKeyArgs {
    /// The file to write; it must not exist.
    pub file: PathBuf,
    /// File that holds the phrase, the seed or the JSON [default: standard
    /// input, or a prompt on a terminal].
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// File whose first line is the password: a new one, or that of the JSON
    /// [default: the variable NI_PASSWORD, else a prompt].
    #[arg(long, env = "NI_PASSWORD_FILE", value_name = "FILE")]
    pub password_file: Option<PathBuf>,
}

/// Arguments of `keys show`.
#[derive(Debug, Args)]
pub struct ShowKeyArgs {
    /// The key's file.
    pub file: PathBuf,
    /// Open it too, to see that the password is right and the file whole.
    #[arg(long)]
    pub check: bool,
    /// File whose first line is the password [default: the variable
    /// NI_PASSWORD, else a prompt].
    #[arg(
        long,
        env = "NI_PASSWORD_FILE",
        value_name = "FILE",
        requires = "check"
    )]
    pub password_file: Option<PathBuf>,
}
