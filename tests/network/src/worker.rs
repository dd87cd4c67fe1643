// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Miners, honest and otherwise.

use std::path::{Path, PathBuf};

use ni_client::keys;

use crate::{Binary, Node, Process, locate};

/// The share of the time to work that a memory walk takes, in percent: the development
/// chain's is tiny, and its tiers ask for throughput alone, of which two busy cores have
/// little to spare.
const WALK_SHARE: u8 = 5;

/// What a miner computes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prover {
    /// The GPU of this number, through wgpu.
    Gpu(u32),
    /// The CPU prover.
    Cpu,
    /// A dishonest one that skips this share of its tiles, in percent.
    Skipping(u8),
    /// A dishonest one that commits and never reveals.
    Vanishing,
    /// A dishonest one that makes up one sub-tile, of one tile or of every tile.
    MakingUp {
        /// The sub-tile.
        sub_tile: u8,
        /// The tile; every tile where there is none.
        tile: Option<u32>,
    },
    /// None: commits to somebody else's commitment, reveals its reveal, and ends.
    Copying,
    /// None: reveals too early, commits too late, and ends.
    Late,
    /// None: sends so many calls that must fail in each phase of a window, and ends.
    Spamming(u32),
}

/// A miner to be.
#[derive(Clone, Debug)]
pub struct Miner {
    /// What it is called, in logs and in its files' names.
    pub name: String,
    /// The hotkey's development URI.
    pub hotkey: String,
    /// The owner's development URI.
    pub owner: String,
    /// What it computes with.
    pub prover: Prover,
    /// The share of the time that it works, in percent.
    pub load: u8,
    /// Windows after which it stops; 0 never stops.
    pub windows: u32,
    /// Whether it has the owner's key, and registers the hotkey with it.
    pub registers: bool,
}

impl Miner {
    /// A miner whose hotkey `//Owner//name` holds nothing, of an owner such as
    /// `//Bob`.
    pub fn new(name: &str, owner: &str, prover: Prover) -> Self {
        Self {
            name: name.to_owned(),
            hotkey: format!("{owner}//{name}"),
            owner: owner.to_owned(),
            prover,
            load: 100,
            windows: 0,
            registers: true,
        }
    }

    /// Working only this share of the time, in percent.
    #[must_use]
    pub fn at_load(mut self, load: u8) -> Self {
        self.load = load;
        self
    }

    /// Stopping after so many windows.
    #[must_use]
    pub fn for_windows(mut self, windows: u32) -> Self {
        self.windows = windows;
        self
    }

    /// Without the owner's key: somebody else registers the hotkey.
    #[must_use]
    pub fn without_owner(mut self) -> Self {
        self.registers = false;
        self
    }

    /// The hotkey's account.
    ///
    /// # Errors
    /// Where the URI is none.
    pub fn account(&self) -> anyhow::Result<[u8; 32]> {
        Ok(keys::development(&self.hotkey)?.public_key().0)
    }

    /// The owner's account.
    ///
    /// # Errors
    /// Where the URI is none.
    pub fn owner_account(&self) -> anyhow::Result<[u8; 32]> {
        Ok(keys::development(&self.owner)?.public_key().0)
    }

    /// Starts it, registering it first if it is not registered and it is to. A miner of the
    /// same name that was stopped goes on where it was.
    ///
    /// # Errors
    /// Where its binary is missing.
    pub fn start(&self, node: &Node) -> anyhow::Result<Process> {
        self.start_with(&[node.url()], node.folder(), &[])
    }

    /// Starts it with several nodes' addresses, its files in this folder, and
    /// further arguments.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(
        &self,
        urls: &[&str],
        folder: &Path,
        further: &[&str],
    ) -> anyhow::Result<Process> {
        let mut arguments = Vec::new();
        let binary = match self.prover {
            Prover::Gpu(_) | Prover::Cpu => {
                arguments.push("mine".to_owned());
                Binary::Worker
            }
            Prover::Skipping(_)
            | Prover::Vanishing
            | Prover::MakingUp { .. }
            | Prover::Copying
            | Prover::Late
            | Prover::Spamming(_) => Binary::Cheat,
        };
        arguments.extend(urls.iter().map(|url| format!("--url={url}")));
        arguments.push("--dev".to_owned());
        arguments.push(format!("--key={}", self.hotkey));
        if self.registers {
            arguments.push(format!("--owner={}", self.owner));
            arguments.push("--register".to_owned());
        }
        arguments.push(format!("--store={}", self.store(folder).display()));
        arguments.push(format!("--windows={}", self.windows));
        arguments.push(format!("--load={}", self.load));
        arguments.push(format!("--walk-share={WALK_SHARE}"));
        match self.prover {
            Prover::Gpu(number) => arguments.push(format!("--device={number}")),
            Prover::Cpu => arguments.push("--device=cpu".to_owned()),
            Prover::Skipping(share) => arguments.push(format!("--skip={share}")),
            Prover::Vanishing => arguments.push("--vanish".to_owned()),
            Prover::MakingUp { sub_tile, tile } => {
                arguments.push(format!("--make-up={sub_tile}"));
                arguments.extend(tile.map(|tile| format!("--in-tile={tile}")));
            }
            Prover::Copying => arguments.push("--copy".to_owned()),
            Prover::Late => arguments.push("--late".to_owned()),
            Prover::Spamming(count) => arguments.push(format!("--spam={count}")),
        }
        arguments.extend(further.iter().map(|&text| text.to_owned()));
        Process::start(&self.name, &locate(binary)?, arguments, folder, true)
    }

    /// Its store in this folder.
    pub fn store(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.redb", self.name))
    }
}
