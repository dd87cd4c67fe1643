// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The history's file.

use std::{
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use codec::{Decode, DecodeAll, Encode};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};
use thiserror::Error;
use tracing::warn;

use super::{Entry, Outcome, Totals};
use crate::database;

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

/// Why the history could not be used.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// Another process has it open for long.
    #[error("the history {0} is in use: another process has it open")]
    InUse(PathBuf),
    /// The file cannot be read or written.
    #[error("cannot use the history {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The file is no history, or no longer a whole one.
    #[error(
        "the history {path} is damaged ({cause}): `ni-worker mine` sets it aside and begins a new one"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
}

/// The history of one hotkey on one chain.
#[derive(Clone, Debug)]
pub struct History {
    path: PathBuf,
    kept: u32,
    /// Whether a damaged file makes room for a new one.
    sets_aside: bool,
}

impl History {
    /// The history in this file, which is created by the first write.
    pub fn at(path: PathBuf) -> Self {
        Self {
            path,
            kept: KEPT,
            sets_aside: false,
        }
    }

    /// The history beside a worker's store, for that worker: no proof depends on it, so a
    /// damaged one is set aside, with `.broken` behind its name, and a new one begun.
    pub fn of_worker(store: &Path) -> Self {
        Self {
            sets_aside: true,
            ..Self::at(beside(store))
        }
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps entries, on disk before this returns. Returns those that are new:
    /// an entry that is there already stays as it is.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be written.
    pub fn keep(&self, entries: &[Entry]) -> Result<Vec<Entry>, HistoryError> {
        self.with(|database| self.write(database, entries))
    }

    /// Notes what a GPU is paid for a window. False where that was known, or
    /// the window is not there as credited.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn paid(&self, window: u32, gpu: u32, amount: u128) -> Result<bool, HistoryError> {
        self.with(|database| pay(database, window, gpu, amount))
    }

    /// Every entry, the oldest first; none where there is no file.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn entries(&self) -> Result<Vec<Entry>, HistoryError> {
        if !self.path.exists() {
            return Ok(Vec::new());
        }
        self.with(read)
    }

    /// The sums of a GPU.
    ///
    /// # Errors
    /// As [`Self::entries`].
    pub fn totals(&self, gpu: u32) -> Result<Totals, HistoryError> {
        if !self.path.exists() {
            return Ok(Totals::default());
        }
        self.with(|database| totals(database, gpu))
    }

    /// Works on the file; where it is damaged and is to make room, on a new one.
    fn with<T>(&self, work: impl Fn(&Database) -> Result<T, Trouble>) -> Result<T, HistoryError> {
        let done = match self.attempt(&work) {
            Err(database::Trouble::Damaged(cause)) if self.sets_aside => {
                let aside =
                    database::set_aside(&self.path).map_err(|error| self.named(error.into()))?;
                warn!(
                    file = %self.path.display(),
                    kept_as = %aside.display(),
                    cause,
                    "the history of windows is damaged: it is set aside, and a new one begun"
                );
                self.attempt(&work)
            }
            done => done,
        };
        done.map_err(|trouble| self.named(trouble))
    }

    /// Works on the file, waiting for whoever has it open.
    fn attempt<T>(
        &self,
        work: impl Fn(&Database) -> Result<T, Trouble>,
    ) -> Result<T, database::Trouble> {
        let database = self.open()?;
        // With its end, which writes too.
        let done = database::guarded(|| {
            let done = work(&database);
            drop(database);
            done
        });
        match done.map_err(database::Trouble::Damaged)? {
            Ok(done) => Ok(done),
            Err(Trouble::File(error)) => Err(error.into()),
            Err(Trouble::Damaged(cause)) => Err(database::Trouble::Damaged(cause)),
        }
    }

    /// Opens the file, waiting for whoever has it open.
    fn open(&self) -> Result<Database, database::Trouble> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match database::open(&self.path) {
                Err(database::Trouble::InUse) if Instant::now() < deadline => thread::sleep(POLL),
                opened => return opened,
            }
        }
    }

    fn named(&self, trouble: database::Trouble) -> HistoryError {
        let path = self.path.clone();
        match trouble {
            database::Trouble::InUse => HistoryError::InUse(path),
            database::Trouble::File(cause) => HistoryError::File { path, cause },
            database::Trouble::Damaged(cause) => HistoryError::Damaged { path, cause },
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
            sets_aside: false,
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
        let writer = database::open(history.path()).expect("open");
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
        let refused = History::at(path.clone()).entries().expect_err("refused");
        assert!(matches!(refused, HistoryError::Damaged { .. }), "{refused}");
        assert!(refused.to_string().contains("notes.txt"), "{refused}");
        assert_eq!(std::fs::read(&path).expect("there"), b"not a history");
    }

    /// A history on several pages, as it is on disk.
    fn whole(folder: &Path) -> (Vec<Entry>, Vec<u8>) {
        let path = folder.join("whole.redb");
        let history = History::at(path.clone());
        for windows in [0..150, 150..300_u32] {
            let entries: Vec<_> = windows
                .flat_map(|window| [credited(window, 0), credited(window, 1)])
                .collect();
            history.keep(&entries).expect("writable");
        }
        let entries = history.entries().expect("readable");
        (entries, std::fs::read(path).expect("there"))
    }

    /// What a file is read as, and what a worker makes of it.
    #[track_caller]
    fn survives(folder: &Path, entries: &[Entry], damaged: &[u8]) -> bool {
        let store = folder.join("store.redb");
        let path = beside(&store);
        std::fs::write(&path, damaged).expect("written");
        let is_told = match History::at(path.clone()).entries() {
            // What was altered is not in use, or there was nothing to read.
            Ok(read) => {
                assert!(read == entries || damaged.is_empty(), "another history");
                false
            }
            Err(HistoryError::Damaged { .. }) => {
                assert_eq!(
                    std::fs::read(&path).expect("there"),
                    damaged,
                    "it was altered"
                );
                true
            }
            Err(other) => panic!("{other}"),
        };
        let history = History::of_worker(&store);
        let new = credited(400, 2);
        assert_eq!(history.keep(&[new]).expect("it goes on"), [new]);
        assert!(history.entries().expect("readable").contains(&new));
        let aside = folder.join("store.history.redb.broken");
        assert_eq!(aside.exists(), is_told);
        if is_told {
            assert_eq!(std::fs::read(&aside).expect("there"), damaged);
            std::fs::remove_file(aside).expect("there");
        }
        std::fs::remove_file(path).expect("there");
        is_told
    }

    #[test]
    fn a_history_damaged_anywhere_is_told_of_and_mining_goes_on() {
        const PAGE: usize = 4096;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (entries, whole) = whole(folder.path());
        let mut told = 0;
        for start in (0..whole.len()).step_by(PAGE) {
            let end = whole.len().min(start + PAGE);
            if whole[start..end].iter().all(|byte| *byte == 0) {
                continue;
            }
            let mut damaged = whole.clone();
            damaged[start..end].fill(0);
            told += u32::from(survives(folder.path(), &entries, &damaged));
        }
        assert!(told > 3, "{told} pages are told of");
        // Cut off: at every page that holds something, and in between.
        let written = whole.iter().rposition(|byte| *byte != 0).unwrap_or(0);
        let lengths = (0..=written.div_ceil(PAGE)).map(|page| page * PAGE);
        for length in lengths.chain([1, 9, 100, 9_000, 12_289, whole.len() - 1]) {
            survives(folder.path(), &entries, &whole[..length.min(whole.len())]);
        }
    }
}
