// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The one writer of what commands print.
//!
//! A command's work is not undone by a reader that has gone or a disk that is full: it
//! goes on, and its end tells. A closed pipe is no failure, whoever read it has seen
//! enough; any other trouble is [`Exit::File`].

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    sync::{Mutex, PoisonError},
};

use comfy_table::{ContentArrangement, Table, presets::UTF8_HORIZONTAL_ONLY};

use crate::{
    exit::{Exit, Failure, OrExit},
    redaction::redacted,
};

/// What befell standard output first.
static TROUBLE: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints a line, or several, on standard output. Nothing more is printed once a write
/// has failed.
pub fn line(text: impl Display) {
    print(redacted(&format!("{text}\n")).as_bytes());
}

/// Prints bytes as they are, as [`line`] does.
pub fn print(bytes: &[u8]) {
    let mut trouble = TROUBLE.lock().unwrap_or_else(PoisonError::into_inner);
    if trouble.is_none() {
        *trouble = write(&mut io::stdout().lock(), bytes).err();
    }
}

/// Prints a line that must not be lost.
///
/// # Errors
/// [`Exit::File`] where it was not printed, whatever the reason.
pub fn shown(text: impl Display) -> Result<(), Failure> {
    write(&mut io::stdout().lock(), format!("{text}\n").as_bytes())
        .or_exit(Exit::File, CANNOT_WRITE)
}

/// Tells people something on standard error, if it is there.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{}", redacted(&text.to_string()));
}

/// Whether all was printed that anybody wanted to read.
///
/// # Errors
/// [`Exit::File`].
pub fn finish() -> Result<(), Failure> {
    let trouble = TROUBLE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    judge(trouble)
}

const CANNOT_WRITE: &str = "cannot write to standard output";

fn judge(trouble: Option<io::Error>) -> Result<(), Failure> {
    match trouble {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).or_exit(Exit::File, CANNOT_WRITE)
        }
        _ => Ok(()),
    }
}

fn write(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes)?;
    to.flush()
}

/// A table that is no wider than the terminal, where there is one.
pub fn table<const COLUMNS: usize>(header: [&str; COLUMNS]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_has_gone_is_no_failure_and_a_full_disk_is() {
        assert!(judge(None).is_ok());
        assert!(judge(Some(ErrorKind::BrokenPipe.into())).is_ok());
        let failure = judge(Some(ErrorKind::StorageFull.into())).expect_err("told");
        assert_eq!(failure.exit(), Exit::File);
    }

    #[test]
    fn a_table_is_no_wider_than_it_may_be() {
        let mut table = table(["name", "value"]);
        table.add_row(["a name of some length", &"a long value ".repeat(20)]);
        table.set_width(60);
        for line in table.to_string().lines() {
            assert!(line.chars().count() <= 60, "{line}");
        }
    }
}
