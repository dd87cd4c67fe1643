// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Files that a user names to be written: whole or not at all, and never in the place of
//! what is not this program's.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use crate::exit::{Exit, Failure, OrExit};

/// A file that is whole on disk, under another name. Dropped, it is gone.
#[derive(Debug)]
pub(crate) struct Prepared {
    unnamed: PathBuf,
    path: PathBuf,
}

impl Prepared {
    /// Writes the file beside where it is to be; a private one can be read by this user
    /// alone.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn write(path: &Path, bytes: &[u8], private: bool) -> io::Result<Self> {
        let mut random = [0; 4];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".new-{}", hex::encode(random)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if private {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let unnamed = PathBuf::from(name);
        let mut file = options.open(&unnamed)?;
        let prepared = Self {
            unnamed,
            path: path.to_owned(),
        };
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(prepared)
    }

    /// Gives it its name, which no other file may have.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`], and others of the file system.
    pub(crate) fn name_new(self) -> io::Result<()> {
        match fs::hard_link(&self.unnamed, &self.path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                // Not every file system has links.
                OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .open(&self.path)?;
                fs::rename(&self.unnamed, &self.path)
            }
            done => done,
        }
    }

    /// Gives it its name, in the place of what has it.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn name(self) -> io::Result<()> {
        fs::rename(&self.unnamed, &self.path)
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // Of a name that it got this is what is left over.
        let _ = fs::remove_file(&self.unnamed);
    }
}

/// A file that a user names for what a command makes.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    /// The file.
    pub(crate) path: &'a Path,
    /// What it holds, for messages.
    pub(crate) what: &'static str,
    /// Whether a file is of that kind, from its first bytes up to [`LARGEST`].
    pub(crate) is_ours: fn(&[u8]) -> bool,
    /// Replace it whatever it is.
    pub(crate) force: bool,
}

/// Most that is read of a file to see what it is.
const LARGEST: u64 = 64 << 20;

impl Target<'_> {
    /// Sees that the file can be written and holds nothing else, before the work is done
    /// that it is for.
    ///
    /// # Errors
    /// [`Exit::File`].
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let name = self.path.display();
        let doing = || format!("cannot write {name}");
        match fs::metadata(self.path) {
            Ok(found) if found.is_file() => {
                let mut head = Vec::new();
                File::open(self.path)
                    .and_then(|file| file.take(LARGEST).read_to_end(&mut head))
                    .or_exit(Exit::File, doing())?;
                if !self.force && !head.is_empty() && !(self.is_ours)(&head) {
                    let what = self.what;
                    return Err(Failure::new(
                        Exit::File,
                        format!(
                            "{name} exists and is no {what}: name another file, or replace it \
                             with --force"
                        ),
                    ));
                }
            }
            // Such as a pipe.
            Ok(found) if !found.is_dir() => return Ok(()),
            Ok(_) => {
                return Err(io::Error::from(ErrorKind::IsADirectory)).or_exit(Exit::File, doing());
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).or_exit(Exit::File, doing()),
        }
        Prepared::write(&self.place(), &[], false)
            .map(drop)
            .or_exit(Exit::File, doing())
    }

    /// Checks again, and writes the file.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.check()?;
        let is_special = fs::metadata(self.path).is_ok_and(|found| !found.is_file());
        let written = if is_special {
            File::options()
                .write(true)
                .open(self.path)
                .and_then(|mut file| file.write_all(bytes))
        } else {
            Prepared::write(&self.place(), bytes, false).and_then(Prepared::name)
        };
        written.or_exit(Exit::File, format!("cannot write {}", self.path.display()))
    }

    /// Where the file is that the name leads to.
    fn place(&self) -> PathBuf {
        fs::canonicalize(self.path).unwrap_or_else(|_| self.path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &Path, force: bool) -> Target<'_> {
        Target {
            path,
            what: "page",
            is_ours: |head| head.starts_with(b"page"),
            force,
        }
    }

    #[test]
    fn only_what_is_of_its_kind_is_replaced_unless_it_is_forced() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("page");
        let content = || fs::read_to_string(&path).expect("there");
        target(&path, false).write(b"page 1").expect("a new file");
        target(&path, false).write(b"page 2").expect("one of ours");
        assert_eq!(content(), "page 2");
        for foreign in ["notes", "a page", "p"] {
            fs::write(&path, foreign).expect("written");
            for result in [
                target(&path, false).check(),
                target(&path, false).write(b"page 3"),
            ] {
                assert_eq!(result.expect_err("refused").exit(), Exit::File);
            }
            assert_eq!(content(), foreign);
        }
        target(&path, true).write(b"page 4").expect("forced");
        assert_eq!(content(), "page 4");
        // Nothing is in the way, nor left over.
        fs::write(&path, "").expect("written");
        target(&path, false).write(b"page 5").expect("empty before");
        assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 1);
        let nowhere = folder.path().join("no/folder");
        assert!(target(&nowhere, true).check().is_err());
        assert!(target(folder.path(), true).check().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_one_and_a_device_is_written_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("page"), folder.path().join("link"));
        fs::write(&path, "page 1").expect("written");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        target(&link, false).write(b"page 2").expect("one of ours");
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&path).expect("there"), "page 2");
        target(Path::new("/dev/null"), false)
            .write(b"x")
            .expect("taken");
        let full = target(Path::new("/dev/full"), false).write(b"x");
        assert_eq!(full.expect_err("full").exit(), Exit::File);
    }

    #[test]
    fn a_prepared_file_gets_its_name_or_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let count = || fs::read_dir(folder.path()).expect("there").count();
        drop(Prepared::write(&path, b"1", true).expect("written"));
        assert_eq!(count(), 0);
        let prepare = |text: &[u8]| Prepared::write(&path, text, true).expect("written");
        prepare(b"2").name_new().expect("a new name");
        let taken = prepare(b"3").name_new().expect_err("it exists");
        assert_eq!(taken.kind(), ErrorKind::AlreadyExists);
        assert_eq!(
            (fs::read(&path).expect("there"), count()),
            (b"2".to_vec(), 1)
        );
    }
}
