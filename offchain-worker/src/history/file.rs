// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The history's file.

use std::{
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use codec::{Decode, DecodeAll, Encode};
use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, TableDefinition, TableError};

use super::{Entry, Outcome, Totals};
use crate::store::StoreError;

/// Encoded [`Entry`]s by window and GPU.
const ENTRIES: TableDefinition<(u32, u32), &[u8]> = TableDefinition::new("windows, version 1");

/// Encoded [`Totals`] by GPU.
const TOTALS: TableDefinition<u32, &[u8]> = TableDefinition::new("totals, version 1");

/// Windows that are kept: at two an hour, three weeks.
const KEPT: u32 = 1_000;

/// Longest wait for another process to close the file.
const PATIENCE: Duration = Duration::from_secs(3);

/// Time between two attempts to open it.
const POLL: Duration = Duration::from_millis(20);

/// Where the history of a store is: `store.redb` has `store.history.redb`.
pub fn beside(store: &Path) -> PathBuf {
    store.with_extension("history.redb")
}

/// The history of one hotkey on one chain.
#[derive(Clone, Debug)]
pub struct History {
    path: PathBuf,
    kept: u32,
}

impl History {
    /// The history in this file, which is created by the first write.
    pub fn at(path: PathBuf) -> Self {
        Self { path, kept: KEPT }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps entries, on disk before this returns. Returns those that are new:
    /// an entry that is there already stays as it is.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be written.
    pub fn keep(&self, entries: &[Entry]) -> Result<Vec<Entry>, StoreError> {
        let database = self.open()?;
        self.write(&database, entries)
            .map_err(|error| self.failed(error))
    }

    /// Notes what a GPU is paid for a window. False where that was known, or
    /// the window is not there as credited.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn paid(&self, window: u32, gpu: u32, amount: u128) -> Result<bool, StoreError> {
        let database = self.open()?;
        pay(&database, window, gpu, amount).map_err(|error| self.failed(error))
    }

    /// Every entry, the oldest first; none where there is no file.
    ///
    /// # Errors
    /// As [`Self::keep`]; [`StoreError::Damaged`] where it holds something else.
    pub fn entries(&self) -> Result<Vec<Entry>, StoreError> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        let database = self.open()?;
        read(&database).map_err(|error| self.failed(error))
    }

    /// The sums of a GPU.
    ///
    /// # Errors
    /// As [`Self::entries`].
    pub fn totals(&self, gpu: u32) -> Result<Totals, StoreError> {
        if !self.path.exists() {
            return Ok(Totals::default());
        }
        let database = self.open()?;
        totals(&database, gpu).map_err(|error| self.failed(error))
    }

    /// Opens the file, waiting for whoever has it open.
    fn open(&self) -> Result<Database, StoreError> {
        let failed = |cause: String| StoreError::File {
            path: self.path.clone(),
            cause,
        };
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            match Database::create(&self.path) {
                Ok(database) => return Ok(database),
                Err(DatabaseError::DatabaseAlreadyOpen) if Instant::now() < deadline => {
                    thread::sleep(POLL);
                }
                Err(error) => return Err(failed(error.to_string())),
            }
        }
    }

    fn write(&self, database: &Database, entries: &[Entry]) -> Result<Vec<Entry>, Trouble> {
        let transaction = database.begin_write()?;
        let mut new = Vec::new();
        {
            let mut table = transaction.open_table(ENTRIES)?;
            let mut sums = transaction.open_table(TOTALS)?;
            for entry in entries {
                // A chain that began again counts its windows from zero.
                let oldest = entry.window.saturating_sub(self.kept - 1);
                table.retain(|(window, _), _| (oldest..=entry.window).contains(&window))?;
                let key = (entry.window, entry.gpu);
                if table.get(key)?.is_some() {
                    continue;
                }
                table.insert(key, entry.encode().as_slice())?;
                let mut totals = match sums.get(entry.gpu)? {
                    Some(bytes) => decode::<Totals>(bytes.value())?,
                    None => Totals::default(),
                };
                totals.note(&entry.outcome);
                sums.insert(entry.gpu, totals.encode().as_slice())?;
                new.push(*entry);
            }
        }
        transaction.commit()?;
        Ok(new)
    }

    fn failed(&self, trouble: Trouble) -> StoreError {
        match trouble {
            Trouble::File(error) => StoreError::File {
                path: self.path.clone(),
                cause: error.to_string(),
            },
            Trouble::Damaged(cause) => StoreError::Damaged(cause),
        }
    }
}

/// What can go wrong in a transaction.
enum Trouble {
    File(redb::Error),
    Damaged(String),
}

impl<Error: Into<redb::Error>> From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::File(error.into())
    }
}

fn decode<T: Decode>(mut bytes: &[u8]) -> Result<T, Trouble> {
    T::decode_all(&mut bytes).map_err(|error| Trouble::Damaged(error.to_string()))
}

fn pay(database: &Database, window: u32, gpu: u32, amount: u128) -> Result<bool, Trouble> {
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(ENTRIES)?;
        let mut sums = transaction.open_table(TOTALS)?;
        let mut entry: Entry = match table.get((window, gpu))? {
            Some(bytes) => decode(bytes.value())?,
            None => return Ok(false),
        };
        let Outcome::Credited { pay, .. } = &mut entry.outcome else {
            return Ok(false);
        };
        if pay.replace(amount).is_some() {
            return Ok(false);
        }
        table.insert((window, gpu), entry.encode().as_slice())?;
        let mut totals = match sums.get(gpu)? {
            Some(bytes) => decode::<Totals>(bytes.value())?,
            None => Totals::default(),
        };
        totals.pay += amount;
        sums.insert(gpu, totals.encode().as_slice())?;
    }
    transaction.commit()?;
    Ok(true)
}

fn read(database: &Database) -> Result<Vec<Entry>, Trouble> {
    let transaction = database.begin_read()?;
    let table = match transaction.open_table(ENTRIES) {
        Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        table => table?,
    };
    table
        .iter()?
        .map(|entry| decode(entry?.1.value()))
        .collect()
}

fn totals(database: &Database, gpu: u32) -> Result<Totals, Trouble> {
    let transaction = database.begin_read()?;
    let table = match transaction.open_table(TOTALS) {
        Err(TableError::TableDoesNotExist(_)) => return Ok(Totals::default()),
        table => table?,
    };
    match table.get(gpu)? {
        Some(bytes) => decode(bytes.value()),
        None => Ok(Totals::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Reason;

    fn credited(window: u32, gpu: u32) -> Entry {
        Entry {
            window,
            gpu,
            at: 1_000,
            rounds: 9,
            idle_permille: Some(12),
            outcome: Outcome::Credited {
                mops: 40,
                tier: Some(1),
                pay: None,
            },
        }
    }

    fn history(folder: &tempfile::TempDir, kept: u32) -> History {
        History {
            path: folder.path().join("of/a/hotkey.history.redb"),
            kept,
        }
    }

    #[test]
    fn entries_are_kept_once_and_summed_up() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let history = history(&folder, 10);
        assert_eq!(history.entries().expect("no file yet"), []);
        let missed = Entry {
            outcome: Outcome::Missed(Reason::Late),
            ..credited(6, 1)
        };
        let new = history.keep(&[credited(6, 0), missed]).expect("writable");
        assert_eq!(new.len(), 2);
        // The same window again, as after a restart, counts once.
        let again = history
            .keep(&[credited(6, 0), credited(7, 0)])
            .expect("writable");
        assert_eq!(again, [credited(7, 0)]);
        assert_eq!(history.entries().expect("readable").len(), 3);
        assert_eq!(history.totals(0).expect("readable").credited, 2);
        let second = history.totals(1).expect("readable");
        assert_eq!(second.missed.get(&Reason::Late), Some(&1));
        assert_eq!((second.windows(), second.credited), (1, 0));
    }

    #[test]
    fn pay_is_noted_once_and_only_for_what_was_credited() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let history = history(&folder, 10);
        let missed = Entry {
            outcome: Outcome::Missed(Reason::Late),
            ..credited(7, 0)
        };
        history.keep(&[credited(6, 0), missed]).expect("writable");
        assert!(history.paid(6, 0, 500).expect("writable"));
        assert!(!history.paid(6, 0, 500).expect("writable"), "paid twice");
        assert!(
            !history.paid(7, 0, 500).expect("writable"),
            "paid for nothing"
        );
        assert!(!history.paid(8, 0, 500).expect("writable"), "not there");
        assert_eq!(history.totals(0).expect("readable").pay, 500);
    }

    #[test]
    fn it_is_bounded_and_its_sums_are_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let history = history(&folder, 4);
        for window in 0..20 {
            history.keep(&[credited(window, 0)]).expect("writable");
        }
        let windows: Vec<_> = history
            .entries()
            .expect("readable")
            .iter()
            .map(|entry| entry.window)
            .collect();
        assert_eq!(windows, [16, 17, 18, 19]);
        assert_eq!(history.totals(0).expect("readable").credited, 20);
        // A chain that began again.
        history.keep(&[credited(3, 0)]).expect("writable");
        assert_eq!(history.entries().expect("readable").len(), 1);
    }

    #[test]
    fn a_reader_waits_for_the_writer() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let history = history(&folder, 4);
        history.keep(&[credited(1, 0)]).expect("writable");
        let writer = history.open().expect("open");
        let reader = thread::spawn({
            let history = history.clone();
            move || history.entries()
        });
        thread::sleep(5 * POLL);
        drop(writer);
        let entries = reader.join().expect("no panic").expect("readable");
        assert_eq!(entries, [credited(1, 0)]);
    }

    #[test]
    fn another_file_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "not a history").expect("written");
        assert!(History::at(path).entries().is_err());
    }
}
