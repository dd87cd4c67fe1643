// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What an auditor must not forget: how far it has read, what it has still to judge,
//! what it found, and whom it reported. In a file that survives being killed at any
//! instant, that one process at a time has open, and that does not grow without end.

use std::path::{Path, PathBuf};

use codec::{Decode, Encode};
use proof_of_gpu_primitives::Hash;
use redb::{
    Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, Table, TableDefinition,
};
use thiserror::Error;

use crate::database::{self, Trouble};

use super::{
    committed::Gpu,
    reveal::Revealed,
    verdict::{self, Finding, Verdict},
};

/// What chain this is of, and how far it was read.
const STATE: TableDefinition<&str, &[u8]> = TableDefinition::new("audit state, version 1");

/// Reveals to be judged, oldest first, as encoded [`Revealed`]s.
const PENDING: TableDefinition<u64, &[u8]> = TableDefinition::new("audit pending, version 2");

/// Commits of which nothing has come yet, by [`Gpu`]; with encoded [`Reported`]s.
const COMMITS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("audit commits, version 1");

/// What was found, by [`Gpu`], as encoded [`Verdict`]s.
const VERDICTS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("audit verdicts, version 1");

const GENESIS: &str = "genesis";
const CURSOR: &str = "cursor";

/// Most entries that each table keeps.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Reveals to be judged: about 20 kB each with 16 samples.
    pub pending: u64,
    /// Commits: about 60 bytes each.
    pub commits: u64,
    /// Verdicts: about 100 bytes each; up to 6 kB where they contradict.
    pub verdicts: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            pending: 4096,
            commits: 65_536,
            verdicts: 65_536,
        }
    }
}

/// Attempts to report a commit that was never revealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Reported {
    /// Whether the miss is among the verdicts.
    pub noted: bool,
    /// Reports sent.
    pub attempts: u32,
    /// The finalized block at the last one.
    pub at: u64,
}

/// A block read: what it adds and what it settles.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The block's number.
    pub number: u64,
    /// Its hash.
    pub hash: Hash,
    /// Reveals in it.
    pub revealed: Vec<Revealed>,
    /// Commits in it.
    pub committed: Vec<Gpu>,
    /// Commits of which nothing more can come.
    pub settled: Vec<Gpu>,
    /// Verdicts that need no work.
    pub verdicts: Vec<Verdict>,
}

/// Why the store could not be used.
#[derive(Debug, Error)]
pub enum AuditStoreError {
    /// Another auditor has it.
    #[error(
        "{0} is in use: another `ni-worker audit` runs with this key; stop it, or name another file with --store"
    )]
    InUse(PathBuf),
    /// It is of another chain.
    #[error("{0} is of another chain: name another file with --store")]
    OtherChain(PathBuf),
    /// The file is no store any more.
    #[error(
        "{path} is damaged ({cause}): move it away and start again, or name another file with --store"
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The file cannot be read or written.
    #[error("cannot use {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
}

/// The file.
#[derive(Debug)]
pub struct AuditStore {
    path: PathBuf,
    database: Database,
    bounds: Bounds,
}

impl AuditStore {
    /// Opens the file, creating it and its folder where there is none.
    ///
    /// # Errors
    /// [`AuditStoreError`].
    pub fn open(path: &Path, genesis: &Hash, bounds: Bounds) -> Result<Self, AuditStoreError> {
        let failed = |cause: String| AuditStoreError::File {
            path: path.to_owned(),
            cause,
        };
        let database = database::open(path).map_err(|trouble| match trouble {
            Trouble::InUse => AuditStoreError::InUse(path.to_owned()),
            Trouble::Damaged(cause) => AuditStoreError::Broken {
                path: path.to_owned(),
                cause,
            },
            Trouble::File(cause) => failed(cause),
        })?;
        let store = Self {
            path: path.to_owned(),
            database,
            bounds,
        };
        match store.of_chain(genesis) {
            Ok(true) => Ok(store),
            Ok(false) => Err(AuditStoreError::OtherChain(path.to_owned())),
            Err(error) => Err(store.failed(&error)),
        }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The last block that was read, by number and hash.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn cursor(&self) -> Result<Option<(u64, Hash)>, AuditStoreError> {
        self.read(|transaction| {
            let table = transaction.open_table(STATE)?;
            let value = table.get(CURSOR)?;
            Ok(value.and_then(|value| Decode::decode(&mut value.value()).ok()))
        })
    }

    /// Takes a block in: all of it, or nothing where it is killed meanwhile.
    ///
    /// Where more reveals wait than may, one of them, drawn from the system's randomness,
    /// is given up, so that nobody can get out of sight by crowding. Returns the verdicts
    /// on those.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn take(&self, taken: &Taken) -> Result<Vec<Verdict>, AuditStoreError> {
        self.write(|transaction| {
            let mut skipped = Vec::new();
            {
                let mut state = transaction.open_table(STATE)?;
                let cursor = (taken.number, taken.hash).encode();
                state.insert(CURSOR, cursor.as_slice())?;
                let mut commits = transaction.open_table(COMMITS)?;
                for gpu in &taken.committed {
                    let reported = Reported::default().encode();
                    commits.insert(gpu.key().as_slice(), reported.as_slice())?;
                }
                for gpu in &taken.settled {
                    commits.remove(gpu.key().as_slice())?;
                }
                trim(&mut commits, self.bounds.commits)?;
                let mut pending = transaction.open_table(PENDING)?;
                for revealed in &taken.revealed {
                    let last = pending.last()?.map(|(number, _)| number.value());
                    let next = last.map_or(0, |last| last + 1);
                    pending.insert(next, revealed.encode().as_slice())?;
                    if pending.len()? > self.bounds.pending {
                        skipped.extend(give_one_up(&mut pending)?);
                    }
                }
                let mut verdicts = transaction.open_table(VERDICTS)?;
                for verdict in taken.verdicts.iter().chain(&skipped) {
                    insert(&mut verdicts, verdict)?;
                }
                trim(&mut verdicts, self.bounds.verdicts)?;
            }
            Ok(skipped)
        })
    }

    /// The reveal that has waited longest to be judged, and its number.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn next(&self) -> Result<Option<(u64, Revealed)>, AuditStoreError> {
        self.read(|transaction| {
            let table = transaction.open_table(PENDING)?;
            for entry in table.iter()? {
                let (number, bytes) = entry?;
                if let Ok(revealed) = Revealed::decode(&mut bytes.value()) {
                    return Ok(Some((number.value(), revealed)));
                }
            }
            Ok(None)
        })
    }

    /// Reveals that wait to be judged.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn waiting(&self) -> Result<u64, AuditStoreError> {
        self.read(|transaction| Ok(transaction.open_table(PENDING)?.len()?))
    }

    /// Keeps the verdict on reveal `number`, which is no longer to be judged.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn judged(&self, number: u64, verdict: &Verdict) -> Result<(), AuditStoreError> {
        self.write(|transaction| {
            transaction.open_table(PENDING)?.remove(number)?;
            let mut verdicts = transaction.open_table(VERDICTS)?;
            insert(&mut verdicts, verdict)?;
            trim(&mut verdicts, self.bounds.verdicts)
        })
    }

    /// Keeps a verdict that no waiting reveal belongs to.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn found(&self, verdict: &Verdict) -> Result<(), AuditStoreError> {
        self.write(|transaction| {
            let mut verdicts = transaction.open_table(VERDICTS)?;
            insert(&mut verdicts, verdict)?;
            trim(&mut verdicts, self.bounds.verdicts)
        })
    }

    /// Verdicts of the last windows, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn verdicts(&self, limit: usize) -> Result<Vec<Verdict>, AuditStoreError> {
        self.read(|transaction| {
            let table = transaction.open_table(VERDICTS)?;
            let mut verdicts = Vec::new();
            for entry in table.iter()?.rev().take(limit) {
                verdicts.extend(Verdict::decode(&mut entry?.1.value()).ok());
            }
            Ok(verdicts)
        })
    }

    /// Commits of which nothing has come, of windows before `window`, at most `limit`.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn unsettled(
        &self,
        window: u32,
        limit: usize,
    ) -> Result<Vec<(Gpu, Reported)>, AuditStoreError> {
        self.read(|transaction| {
            let table = transaction.open_table(COMMITS)?;
            let end = window.to_be_bytes();
            let mut found = Vec::new();
            for entry in table.range(..end.as_slice())?.take(limit) {
                let (key, value) = entry?;
                let reported = Reported::decode(&mut value.value()).unwrap_or_default();
                found.extend(Gpu::from_key(key.value()).map(|gpu| (gpu, reported)));
            }
            Ok(found)
        })
    }

    /// Notes a report, before it is sent: sent twice it would cost a fee in vain.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn reporting(&self, gpu: &Gpu, reported: Reported) -> Result<(), AuditStoreError> {
        self.write(|transaction| {
            let mut commits = transaction.open_table(COMMITS)?;
            commits.insert(gpu.key().as_slice(), reported.encode().as_slice())?;
            Ok(())
        })
    }

    /// Forgets a commit of which nothing more can come.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn settle(&self, gpu: &Gpu) -> Result<(), AuditStoreError> {
        self.write(|transaction| {
            transaction
                .open_table(COMMITS)?
                .remove(gpu.key().as_slice())?;
            Ok(())
        })
    }

    /// Forgets how far it has read, and everything that waits: the chain began anew.
    /// Verdicts stay until newer ones take their place.
    ///
    /// # Errors
    /// [`AuditStoreError::File`].
    pub fn begin_anew(&self) -> Result<(), AuditStoreError> {
        self.write(|transaction| {
            transaction.open_table(STATE)?.remove(CURSOR)?;
            transaction.open_table(PENDING)?.retain(|_, _| false)?;
            transaction.open_table(COMMITS)?.retain(|_, _| false)?;
            Ok(())
        })
    }

    /// Creates the tables, and tells whether this is the store of that chain.
    fn of_chain(&self, genesis: &Hash) -> Result<bool, redb::Error> {
        let transaction = self.database.begin_write()?;
        let same = {
            transaction.open_table(PENDING)?;
            transaction.open_table(COMMITS)?;
            transaction.open_table(VERDICTS)?;
            let mut state = transaction.open_table(STATE)?;
            let known = state.get(GENESIS)?.map(|value| value.value().to_vec());
            match known {
                Some(known) => known == genesis,
                None => {
                    state.insert(GENESIS, genesis.as_slice())?;
                    true
                }
            }
        };
        transaction.commit()?;
        Ok(same)
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&redb::ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, AuditStoreError> {
        let run = || read(&self.database.begin_read()?);
        run().map_err(|error| self.failed(&error))
    }

    fn write<T>(
        &self,
        write: impl FnOnce(&redb::WriteTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, AuditStoreError> {
        let run = || {
            let transaction = self.database.begin_write()?;
            let result = write(&transaction)?;
            transaction.commit()?;
            Ok(result)
        };
        run().map_err(|error: redb::Error| self.failed(&error))
    }

    fn failed(&self, error: &redb::Error) -> AuditStoreError {
        AuditStoreError::File {
            path: self.path.clone(),
            cause: error.to_string(),
        }
    }
}

fn insert(
    verdicts: &mut Table<'_, &'static [u8], &'static [u8]>,
    verdict: &Verdict,
) -> Result<(), redb::Error> {
    let Verdict {
        window,
        account,
        gpu,
        ..
    } = *verdict;
    let gpu = Gpu {
        window,
        account,
        gpu,
    };
    verdicts.insert(gpu.key().as_slice(), verdict.encode().as_slice())?;
    Ok(())
}

/// Removes the oldest until at most `most` are left.
fn trim(table: &mut Table<'_, &'static [u8], &'static [u8]>, most: u64) -> Result<(), redb::Error> {
    while table.len()? > most {
        table.pop_first()?;
    }
    Ok(())
}

/// Removes one of the reveals that wait, at random.
fn give_one_up(
    pending: &mut Table<'_, u64, &'static [u8]>,
) -> Result<Option<Verdict>, redb::Error> {
    let span = |entry: Option<(redb::AccessGuard<'_, u64>, _)>| entry.map(|(key, _)| key.value());
    let first = span(pending.first()?).unwrap_or_default();
    let last = span(pending.last()?).unwrap_or_default();
    // Without randomness the newest: whoever crowds loses first.
    let width = usize::try_from(last - first).unwrap_or(usize::MAX);
    let drawn = verdict::below(width.saturating_add(1)).map_or(last, |drawn| first + drawn as u64);
    let victim = {
        let next = pending.range(drawn..)?.next();
        match next {
            Some(entry) => Some(entry?.0.value()),
            None => None,
        }
    };
    let Some(victim) = victim else {
        return Ok(None);
    };
    let bytes = pending.remove(victim)?.map(|value| value.value().to_vec());
    Ok(bytes
        .and_then(|bytes| Revealed::decode(&mut bytes.as_slice()).ok())
        .map(|revealed| {
            let reason = "more reveals wait than are kept: raise --share, or lower --rounds";
            Verdict::without_work(&revealed, Finding::Skipped(reason.into()))
        }))
}
