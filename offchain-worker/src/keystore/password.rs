// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Where a password comes from: a file, the environment, or a prompt.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    environment,
    exit::{Exit, Failure, OrExit},
};

/// Most bytes of a password.
const LONGEST: u64 = 1024;

/// Where a password comes from: the file if one is named, else the variable of
/// the environment if it is set to something, else a prompt on the terminal.
///
/// A file has the password as its first line. One with a line break in it is given by the
/// variable.
#[derive(Clone, Debug)]
pub struct PasswordSource {
    /// A file whose first line it is.
    pub file: Option<PathBuf>,
    /// The name of a variable of the environment.
    pub variable: &'static str,
    /// The option that names the file, for messages.
    pub option: &'static str,
}

impl PasswordSource {
    /// The password of the hotkey, or of the one key that a command is about.
    #[must_use]
    pub fn of_key(file: Option<PathBuf>) -> Self {
        Self {
            file,
            variable: "NI_PASSWORD",
            option: "--password-file",
        }
    }

    /// The password of the owner's key.
    #[must_use]
    pub fn of_owner(file: Option<PathBuf>) -> Self {
        Self {
            file,
            variable: "NI_OWNER_PASSWORD",
            option: "--owner-password-file",
        }
    }

    /// The password of a key that exists; `what` names the key in the prompt.
    ///
    /// # Errors
    /// [`Exit::File`] where the file cannot be read, [`Exit::Key`] where there
    /// is neither a file, nor a variable, nor a terminal.
    pub fn get(&self, what: &str) -> Result<Zeroizing<String>, Failure> {
        match self.given()? {
            Some(password) => Ok(password),
            None => self.ask(&format!("Password of {what}: ")),
        }
    }

    /// The password for a new key, asked for twice where it is asked for.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`Exit::Key`] too where it is empty, or the two
    /// differ.
    pub fn choose(&self) -> Result<Zeroizing<String>, Failure> {
        let password = match self.given()? {
            Some(password) => password,
            None => {
                let first = self.ask("A password for the new key: ")?;
                let again = self.ask("Once more: ")?;
                if *first != *again {
                    return Err(Failure::new(
                        Exit::Key,
                        "the two passwords differ; nothing was written, try again",
                    ));
                }
                first
            }
        };
        if password.is_empty() {
            return Err(Failure::new(
                Exit::Key,
                "the password is empty, which protects nothing; nothing was written",
            ));
        }
        Ok(password)
    }

    fn given(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        if let Some(path) = &self.file {
            let doing = format!("cannot take the password from {}", path.display());
            return first_line(path).or_exit(Exit::File, doing).map(Some);
        }
        match environment::variable(self.variable).map(OsString::into_string) {
            Some(Ok(password)) => Ok(Some(Zeroizing::new(password))),
            None => Ok(None),
            Some(Err(_)) => Err(Failure::new(
                Exit::Key,
                format!("{} is not text in UTF-8", self.variable),
            )),
        }
    }

    fn ask(&self, prompt: &str) -> Result<Zeroizing<String>, Failure> {
        if !io::stdin().is_terminal() {
            return Err(Failure::new(
                Exit::Key,
                format!(
                    "there is no terminal to ask for the password: name a file that holds it \
                     with {}, or set {}",
                    self.option, self.variable
                ),
            ));
        }
        rpassword::prompt_password(prompt)
            .map(Zeroizing::new)
            .or_exit(Exit::Key, "cannot ask for the password")
    }
}

/// The first line of a file, without its end.
fn first_line(path: &Path) -> io::Result<Zeroizing<String>> {
    let text = read_text(File::open(path)?, LONGEST)?;
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    Ok(Zeroizing::new(line.to_owned()))
}

/// All of a small text, wiped after use, without the mark of its encoding that some
/// editors put before it.
///
/// # Errors
/// Where it cannot be read, is no UTF-8, or is longer than `most` bytes.
pub(crate) fn read_text(from: impl Read, most: u64) -> io::Result<Zeroizing<String>> {
    let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidData, message);
    // With all its room from the start, so that growing leaves no copy behind.
    let room = usize::try_from(most.saturating_add(1)).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(invalid(format!("it has more than {most} bytes")));
    }
    let text = utf8(&bytes).map_err(|message| invalid(message.to_owned()))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Bytes as text, without the mark of its encoding before it.
///
/// # Errors
/// What they are in place of UTF-8.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, &'static str> {
    const UTF16: &str = "it is text in UTF-16: save it as UTF-8";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(UTF16);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        // Without a mark every other byte of plain text is zero.
        Ok(text) if text.contains('\0') => Err(UTF16),
        Ok(text) => Ok(text),
        Err(_) => Err("it is not text in UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        for (content, password) in [
            ("secret", "secret"),
            ("secret\n", "secret"),
            ("two words \r\nsecond line\n", "two words "),
            ("\u{feff}secret\n", "secret"),
        ] {
            std::fs::write(&path, content).expect("written");
            let source = PasswordSource::of_key(Some(path.clone()));
            assert_eq!(*source.get("a key").expect("a password"), password);
            assert_eq!(*source.choose().expect("a password"), password);
        }
    }

    #[test]
    fn empty_endless_and_missing_files_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("password");
        let source = PasswordSource::of_key(Some(path.clone()));
        let exit = |result: Result<_, Failure>| result.expect_err("refused").exit();
        assert_eq!(exit(source.get("a key")), Exit::File);
        std::fs::write(&path, "x".repeat(2000)).expect("written");
        assert_eq!(exit(source.get("a key")), Exit::File);
        for utf16 in [&b"\xff\xfep\0"[..], b"\xfe\xff\0p", b"p\0\n\0"] {
            std::fs::write(&path, utf16).expect("written");
            let refused = source.get("a key").expect_err("refused");
            assert_eq!(refused.exit(), Exit::File);
            assert!(refused.to_string().contains("UTF-16"), "{refused}");
        }
        std::fs::write(&path, [0xc3]).expect("written");
        assert_eq!(exit(source.get("a key")), Exit::File);
        std::fs::write(&path, "\n").expect("written");
        assert_eq!(exit(source.choose()), Exit::Key);
    }
}
