// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a worker must not forget between a commit and its reveal, in a file
//! that survives being killed at any instant.

use std::path::{Path, PathBuf};

use codec::{Decode, Encode};
use proof_of_gpu_primitives::{
    Hash, SoftwareSha256, Workload,
    prover::Proof,
    walk::{WalkParameters, joined_challenge, prover::WalkProof},
};
use redb::{Database, ReadOnlyTable, ReadableDatabase, ReadableTable, TableDefinition, TableError};
use thiserror::Error;

use crate::database::{self, Trouble, guarded};

/// Finished work by GPU and window, as encoded [`Record`]s.
const WORK: TableDefinition<(u32, u32), &[u8]> = TableDefinition::new("finished work, version 2");

/// What is read of them.
type Records = ReadOnlyTable<(u32, u32), &'static [u8]>;

/// The same by workers that knew no walk: a [`Record`] without its last field.
const WORK_WITHOUT_WALKS: TableDefinition<(u32, u32), &[u8]> =
    TableDefinition::new("finished work, version 1");

/// Windows of a GPU that are kept.
const KEPT: u32 = 2;

/// Finished work: everything that a reveal is made from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// The window.
    pub window: u32,
    /// The GPU's number among the hotkey's slots.
    pub gpu: u32,
    /// The window's beacon, which tells forks apart.
    pub beacon: Hash,
    /// What was worked on: the challenge of the GPU in the window.
    pub challenge: Hash,
    /// The shape of each round.
    pub workload: Workload,
    /// The root of each round, in order.
    pub round_roots: Vec<Hash>,
    /// The walk before the rounds, where the window asks for one.
    pub walk: Option<WalkRecord>,
}

/// A finished walk. Its fill is not kept: it is made again for the openings.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WalkRecord {
    /// Its size.
    pub parameters: WalkParameters,
    /// The root of each batch, in order.
    pub batch_roots: Vec<Hash>,
}

/// Finished work, of which samples can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The walk, where the window asks for one.
    pub walk: Option<WalkProof>,
    /// The product, bound to the walk.
    pub product: Proof,
}

impl Record {
    /// The most bytes that the store takes of a GPU whose records are as this one, or have
    /// fewer rounds. The database puts each into a power of two of bytes; it needs room for
    /// those that are kept, for a new one before the oldest is forgotten, and for what that
    /// leaves free between them; and it gives room back late. So the file goes up and down
    /// in steps: five to eleven times that power of two were seen.
    #[must_use]
    pub fn most_bytes(&self) -> u64 {
        const PAGE: u64 = 4096;
        const RECORDS: u64 = 16;
        let bytes = self.encoded_size() as u64 + PAGE;
        RECORDS.saturating_mul(bytes.next_power_of_two())
    }

    /// The proof, whose sampled rounds a prover can run again.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the record holds no proof.
    pub fn proof(&self) -> Result<Finished, StoreError> {
        let damaged = |cause: String| StoreError::Damaged(cause);
        let walk = self
            .walk
            .as_ref()
            .map(|walk| {
                let roots = walk.batch_roots.clone();
                WalkProof::from_batch_roots(self.challenge, walk.parameters, roots)
            })
            .transpose()
            .map_err(|error| damaged(error.to_string()))?;
        let challenge = product_challenge(&self.challenge, walk.as_ref());
        let product = Proof::from_round_roots(challenge, self.workload, self.round_roots.clone())
            .map_err(|error| damaged(error.to_string()))?;
        Ok(Finished { walk, product })
    }
}

/// The challenge of a product: the GPU's own, or what follows from the walk before it.
pub fn product_challenge(challenge: &Hash, walk: Option<&WalkProof>) -> Hash {
    walk.map_or(*challenge, |walk| {
        joined_challenge::<SoftwareSha256>(challenge, &walk.claim().root)
    })
}

/// Why the store could not be used.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another worker has it.
    #[error("{0} is in use: another worker mines with this key; stop it, or use another key")]
    InUse(PathBuf),
    /// The file cannot be read or written.
    #[error("cannot use {path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// The file is no store any more.
    #[error(
        "{path} is damaged ({cause}): move it away and start again; what is committed and not yet revealed is lost with it"
    )]
    Broken {
        /// The file.
        path: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The file holds something else.
    #[error("the store holds a damaged record: {0}")]
    Damaged(String),
}

/// The file.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    database: Database,
}

impl Store {
    /// Opens the file, creating it and its folder where there is none. Only
    /// one process at a time can have it open.
    ///
    /// The checksum of all that is in it is checked first: a root that was
    /// altered on disk would be revealed, and cost a bond. What an older worker has finished
    /// is taken over: it may be committed to, and a commit that is never revealed costs a
    /// bond too.
    ///
    /// # Errors
    /// [`StoreError::InUse`], [`StoreError::Broken`] or [`StoreError::File`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |cause: String| StoreError::File {
            path: path.to_owned(),
            cause,
        };
        let database = database::open(path).map_err(|trouble| match trouble {
            Trouble::InUse => StoreError::InUse(path.to_owned()),
            Trouble::Damaged(cause) => broken(path, cause),
            Trouble::File(cause) => failed(cause),
        })?;
        let store = Self {
            path: path.to_owned(),
            database,
        };
        guarded(|| store.take_over())
            .map_err(|cause| broken(path, cause))?
            .map_err(|error| store.failed(&error))?;
        Ok(store)
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps a record, on disk before this returns, and forgets those of the
    /// GPU's older windows.
    ///
    /// # Errors
    /// [`StoreError::File`] or [`StoreError::Broken`].
    pub fn keep(&self, record: &Record) -> Result<(), StoreError> {
        guarded(|| self.write(record))
            .map_err(|cause| broken(&self.path, cause))?
            .map_err(|error| self.failed(&error))
    }

    /// The last record of a GPU.
    ///
    /// # Errors
    /// [`StoreError::File`], [`StoreError::Broken`] or [`StoreError::Damaged`].
    pub fn last(&self, gpu: u32) -> Result<Option<Record>, StoreError> {
        let bytes = guarded(|| self.read(gpu))
            .map_err(|cause| broken(&self.path, cause))?
            .map_err(|error| self.failed(&error))?;
        bytes
            .map(|bytes| {
                Record::decode(&mut bytes.as_slice())
                    .map_err(|error| StoreError::Damaged(error.to_string()))
            })
            .transpose()
    }

    /// One more than the highest number of a GPU of which there is a record.
    ///
    /// # Errors
    /// [`StoreError::File`] or [`StoreError::Broken`].
    pub fn gpus(&self) -> Result<u32, StoreError> {
        guarded(|| self.count())
            .map_err(|cause| broken(&self.path, cause))?
            .map_err(|error| self.failed(&error))
    }

    fn write(&self, record: &Record) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        {
            let mut table = transaction.open_table(WORK)?;
            // A chain that began again counts its windows from zero.
            let oldest = record.window.saturating_sub(KEPT);
            table.retain(|(gpu, window), _| {
                gpu != record.gpu || (oldest..record.window).contains(&window)
            })?;
            table.insert((record.gpu, record.window), record.encode().as_slice())?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Moves records without walks, if there are any, to those with or without one.
    fn take_over(&self) -> Result<(), redb::Error> {
        match self.database.begin_read()?.open_table(WORK_WITHOUT_WALKS) {
            Ok(_) => {}
            Err(TableError::TableDoesNotExist(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let transaction = self.database.begin_write()?;
        {
            let old = transaction.open_table(WORK_WITHOUT_WALKS)?;
            let mut new = transaction.open_table(WORK)?;
            for entry in old.iter()? {
                let (key, record) = entry?;
                let mut record = record.value().to_vec();
                None::<WalkRecord>.encode_to(&mut record);
                new.insert(key.value(), record.as_slice())?;
            }
        }
        transaction.delete_table(WORK_WITHOUT_WALKS)?;
        transaction.commit()?;
        Ok(())
    }

    /// The records; `None` while there was none yet.
    fn records(&self) -> Result<Option<Records>, redb::Error> {
        match self.database.begin_read()?.open_table(WORK) {
            Ok(table) => Ok(Some(table)),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn count(&self) -> Result<u32, redb::Error> {
        let Some(table) = self.records()? else {
            return Ok(0);
        };
        let last = table.last()?;
        Ok(last.map_or(0, |(key, _)| key.value().0.saturating_add(1)))
    }

    fn read(&self, gpu: u32) -> Result<Option<Vec<u8>>, redb::Error> {
        let Some(table) = self.records()? else {
            return Ok(None);
        };
        let last = table.range((gpu, 0)..=(gpu, u32::MAX))?.next_back();
        Ok(match last {
            Some(entry) => Some(entry?.1.value().to_vec()),
            None => None,
        })
    }

    fn failed(&self, error: &redb::Error) -> StoreError {
        StoreError::File {
            path: self.path.clone(),
            cause: error.to_string(),
        }
    }
}

fn broken(path: &Path, cause: String) -> StoreError {
    StoreError::Broken {
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(gpu: u32, window: u32) -> Record {
        Record {
            window,
            gpu,
            beacon: [1; 32],
            challenge: [2; 32],
            workload: Workload::new(64, 128, 64),
            round_roots: vec![[3; 32], [4; 32], [5; 32]],
            walk: None,
        }
    }

    /// A record of a walk of two batches and the rounds after it.
    fn walked() -> Record {
        Record {
            walk: Some(WalkRecord {
                parameters: WalkParameters {
                    pages: 3,
                    page_bits: 4,
                    rounds: 16,
                    lanes: 128,
                    hops: 3,
                    passes: 16,
                },
                batch_roots: vec![[6; 32], [7; 32]],
            }),
            ..record(0, 9)
        }
    }

    /// Which a store that forgets nothing does not.
    #[test]
    fn a_store_takes_what_a_few_of_its_largest_record_take() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // As far as a busy machine's rounds are apart, about a power of two of bytes.
        let rounds = |window: u32| 3_000 + (window * 977) % 2_500;
        let largest = |window| Record {
            round_roots: vec![[3; 32]; rounds(window) as usize],
            ..record(0, window)
        };
        let most = (0..100).map(|window| largest(window).most_bytes());
        let most = most.max().expect("a hundred");
        let greatest = |name: &str, gpu: fn(u32) -> u32| {
            let path = folder.path().join(name);
            let store = Store::open(&path).expect("a new store");
            let sizes = (0..100).map(|window| {
                let record = Record {
                    gpu: gpu(window),
                    ..largest(window)
                };
                store.keep(&record).expect("writable");
                std::fs::metadata(&path).expect("a file").len()
            });
            sizes.max().expect("a hundred")
        };
        let of_one = greatest("one.redb", |_| 0);
        assert!(of_one <= most, "{of_one} of {most}");
        let of_all = greatest("all.redb", |window| window);
        assert!(of_all > most, "{of_all} of {most}");
    }

    #[test]
    fn it_knows_of_how_many_gpus_it_may_hold_work() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("s.redb")).expect("a new store");
        assert_eq!(store.gpus().expect("readable"), 0);
        for (gpu, window, known) in [(0, 9, 1), (2, 7, 3), (1, 9, 3)] {
            store.keep(&record(gpu, window)).expect("writable");
            assert_eq!(store.gpus().expect("readable"), known);
        }
    }

    #[test]
    fn what_an_older_worker_has_finished_is_taken_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s.redb");
        let whole = record(1, 9);
        {
            let store = Store::open(&path).expect("a new store");
            let transaction = store.database.begin_write().expect("writable");
            let mut old = transaction
                .open_table(WORK_WITHOUT_WALKS)
                .expect("a table of its own");
            let fields = (
                (whole.window, whole.gpu, whole.beacon),
                (whole.challenge, whole.workload, &whole.round_roots),
            );
            old.insert((1, 9), fields.encode().as_slice())
                .expect("writable");
            drop(old);
            transaction.commit().expect("writable");
            // The test can fail: who does not look for it does not find it.
            assert_eq!(store.last(1).expect("readable"), None);
        }
        for _ in 0..2 {
            let store = Store::open(&path).expect("the same store");
            assert_eq!(store.last(1).expect("readable"), Some(whole.clone()));
            // Once, so that it is not there for ever.
            let left = store.database.begin_read().expect("readable");
            assert!(left.open_table(WORK_WITHOUT_WALKS).is_err());
        }
    }

    #[test]
    fn a_walk_is_kept_and_its_product_is_bound_to_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("s.redb")).expect("a new store");
        store.keep(&walked()).expect("writable");
        let kept = store.last(0).expect("readable").expect("a record");
        assert_eq!(kept, walked());
        let proven = kept.proof().expect("a proof");
        let walk = proven.walk.expect("it has a walk");
        assert_eq!(walk.claim().batches, 2);
        let alone = record(0, 9).proof().expect("a proof");
        assert_eq!(alone.walk, None);
        assert_ne!(alone.product.root(), proven.product.root());

        // Too few batches for its size are no walk.
        let mut short = walked();
        if let Some(walk) = &mut short.walk {
            walk.batch_roots.pop();
        }
        assert!(matches!(short.proof(), Err(StoreError::Damaged(_))));
    }

    #[test]
    fn a_record_outlives_the_process() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("of/a/hotkey.redb");
        let store = Store::open(&path).expect("a new store");
        assert_eq!(store.last(0).expect("readable"), None);
        store.keep(&record(0, 7)).expect("writable");
        store.keep(&record(1, 8)).expect("writable");
        drop(store);

        let store = Store::open(&path).expect("the same store");
        assert_eq!(store.last(0).expect("readable"), Some(record(0, 7)));
        assert_eq!(store.last(1).expect("readable"), Some(record(1, 8)));
        assert_eq!(store.last(2).expect("readable"), None);
        let proof = record(0, 7).proof().expect("a proof");
        assert_eq!(proof.product.rounds(), 3);
    }

    #[test]
    fn the_last_window_written_counts_even_if_its_number_is_lower() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("s.redb")).expect("a new store");
        for window in [90, 91, 3] {
            store.keep(&record(0, window)).expect("writable");
            assert_eq!(
                store.last(0).expect("readable").map(|record| record.window),
                Some(window)
            );
        }
    }

    #[test]
    fn a_second_worker_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s.redb");
        let first = Store::open(&path).expect("a new store");
        assert!(matches!(Store::open(&path), Err(StoreError::InUse(_))));
        drop(first);
        assert!(Store::open(&path).is_ok());
    }

    /// The file of a store with two records, and where in it a root's bytes are.
    fn file(path: &Path) -> (Vec<u8>, usize) {
        let store = Store::open(path).expect("a new store");
        store.keep(&record(0, 7)).expect("writable");
        store.keep(&record(1, 8)).expect("writable");
        drop(store);
        let bytes = std::fs::read(path).expect("the file");
        let root = bytes.windows(32).rposition(|bytes| bytes == [4; 32]);
        (bytes, root.expect("a root is in the file"))
    }

    #[test]
    fn a_root_that_was_altered_on_disk_is_found_before_it_is_revealed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s.redb");
        let (mut bytes, root) = file(&path);
        assert!(Store::open(&path).is_ok());
        bytes[root] ^= 1;
        std::fs::write(&path, &bytes).expect("writable");
        // The database alone gives it back as it is.
        let unchecked = Store {
            path: path.clone(),
            database: Database::create(&path).expect("a database"),
        };
        let altered = [record(0, 7), record(1, 8)]
            .into_iter()
            .filter(|kept| unchecked.last(kept.gpu).expect("readable").as_ref() != Some(kept));
        assert_eq!(altered.count(), 1);
        drop(unchecked);
        std::fs::write(&path, &bytes).expect("writable");
        let error = Store::open(&path).expect_err("altered");
        assert!(matches!(error, StoreError::Broken { .. }), "{error}");
        assert!(error.to_string().contains("move it away"), "{error}");
        // It is left as it was, for whoever wants to look into it.
        assert_eq!(std::fs::read(&path).expect("the file").len(), bytes.len());
    }

    #[test]
    fn a_file_that_the_database_panics_on_is_told_as_damaged() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("s.redb");
        let (bytes, _) = file(&path);
        let mut refused = 0;
        for length in (0..bytes.len()).step_by(4096).skip(1) {
            std::fs::write(&path, &bytes[..length]).expect("writable");
            match Store::open(&path) {
                Ok(store) => assert_eq!(store.last(0).ok().flatten(), Some(record(0, 7))),
                Err(StoreError::Broken { .. }) => refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert!(refused > 0);
    }

    #[test]
    fn a_record_without_rounds_is_no_proof() {
        let mut empty = record(0, 1);
        empty.round_roots.clear();
        assert!(matches!(empty.proof(), Err(StoreError::Damaged(_))));
    }
}
