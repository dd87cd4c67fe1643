// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Files of the embedded database: made whole or not at all, and checked before use.
//!
//! The library panics on some damaged files. [`guarded`] turns that into an error, and
//! keeps the panic's trace off the terminal.

use std::{
    cell::Cell,
    fs::{self, File, TryLockError},
    io::{self, ErrorKind},
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::Once,
};

use redb::{Database, DatabaseError, StorageError, backends::FileBackend};
use thiserror::Error;

/// Why a database cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Trouble {
    /// Another process has it.
    #[error("another process has it open")]
    InUse,
    /// It is no database, or no longer a whole one.
    #[error("{0}")]
    Damaged(String),
    /// The file system refuses.
    #[error("{0}")]
    File(String),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => Self::Damaged(error.to_string()),
            _ => Self::File(error.to_string()),
        }
    }
}

impl From<DatabaseError> for Trouble {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen => Self::InUse,
            DatabaseError::Storage(error) => error.into(),
            error => Self::Damaged(error.to_string()),
        }
    }
}

impl From<StorageError> for Trouble {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Io(error) => error.into(),
            StorageError::Corrupted(cause) => Self::Damaged(cause),
            error => Self::File(error.to_string()),
        }
    }
}

impl From<redb::Error> for Trouble {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => Self::InUse,
            redb::Error::Io(error) => error.into(),
            redb::Error::PreviousIo | redb::Error::LockPoisoned(_) => Self::File(error.to_string()),
            // What is left says that tables or pages are not as they were written.
            error => Self::Damaged(error.to_string()),
        }
    }
}

/// Opens a database whose checksums are all right, making the file and its folder where
/// there is none. Only one process at a time can have it open.
///
/// A new file is made under another name and renamed once it is whole: a process that is
/// killed in between leaves no half-made database behind under this name.
///
/// # Errors
/// [`Trouble`].
pub fn open(path: &Path) -> Result<Database, Trouble> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    guarded(|| match checked().open(path) {
        Err(DatabaseError::Storage(StorageError::Io(error)))
            if error.kind() == ErrorKind::NotFound =>
        {
            make(path)
        }
        // Nothing was ever written into an empty file.
        Err(_) if fs::metadata(path).is_ok_and(|file| file.len() == 0) => {
            Ok(checked().create(path)?)
        }
        opened => Ok(opened?),
    })
    .unwrap_or_else(|panic| Err(Trouble::Damaged(panic)))
}

/// Checks all of a file when it opens it: what was altered on disk is never read.
fn checked() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_check_integrity_on_open(true);
    builder
}

/// Makes the file where there is none.
fn make(path: &Path) -> Result<Database, Trouble> {
    let unfinished = beside(path, "new");
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&unfinished)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(Trouble::InUse),
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    if path.exists() {
        // Another process was faster, and has renamed the one that is locked here.
        drop(file);
        return Ok(checked().open(path)?);
    }
    // What is in it was left by a process that was killed.
    file.set_len(0)?;
    let database = Database::builder().create_with_backend(FileBackend::new(file)?)?;
    fs::rename(&unfinished, path)?;
    #[cfg(unix)]
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(database)
}

/// Moves a damaged file out of the way, to its name with `.broken` behind it. One that
/// was there before makes room.
///
/// # Errors
/// Those of the file system.
pub fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let broken = beside(path, "broken");
    fs::rename(path, &broken)?;
    Ok(broken)
}

/// The path with an ending more.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

thread_local! {
    /// Whether a panic of this thread is told by an error.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` on a database, which panics on some damaged files.
///
/// # Errors
/// What the panic said.
pub fn guarded<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                usual(info);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(f));
    GUARDED.set(before);
    done.map_err(|panic| {
        panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|&said| said.to_owned()))
            .unwrap_or_else(|| "its pages contradict each other".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a process leaves that is killed while it makes the file.
    #[test]
    fn a_half_made_file_keeps_nobody_from_starting() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("of/a/store.redb");
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        for left in [vec![], vec![0; 100], vec![0; 1 << 20]] {
            fs::write(beside(&path, "new"), left).expect("written");
            drop(open(&path).expect("a new database"));
            assert!(!beside(&path, "new").exists());
            fs::remove_file(&path).expect("there");
        }
        // An older worker has made it in place.
        fs::write(&path, "").expect("written");
        drop(open(&path).expect("a new database"));
        fs::write(&path, [0; 5000]).expect("written");
        assert!(matches!(open(&path), Err(Trouble::Damaged(_))));
        assert_eq!(fs::read(&path).expect("there"), [0; 5000], "it was altered");
    }

    #[test]
    fn two_cannot_have_it_nor_make_it_at_once() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("store.redb");
        let making = File::create(beside(&path, "new")).expect("made");
        making.try_lock().expect("nobody else has it");
        assert_eq!(open(&path).err(), Some(Trouble::InUse));
        drop(making);
        let first = open(&path).expect("a new database");
        assert_eq!(open(&path).err(), Some(Trouble::InUse));
        drop(first);
        open(&path).expect("the same database");
    }

    #[test]
    fn what_is_broken_makes_room_and_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("store.redb");
        for content in ["one", "two"] {
            fs::write(&path, content).expect("written");
            let broken = set_aside(&path).expect("moved");
            assert!(!path.exists());
            assert_eq!(fs::read_to_string(broken).expect("there"), content);
        }
    }

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(guarded(|| 7), Ok(7));
        let failed: Result<(), _> = guarded(|| panic!("page {}", 9));
        assert_eq!(failed, Err("page 9".to_owned()));
    }
}
