// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Exit codes, and the failure that carries one.

use std::fmt;
use std::process::ExitCode;

/// What the process's exit code says. Zero is success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// 1: a check said no: the bundle, or what `bench` measured, is refused.
    Refused = 1,
    /// 2: the command line is wrong.
    Usage = 2,
    /// 3: no such device, no driver, or the device or its self-test failed.
    Device = 3,
    /// 4: the node cannot be reached, or is not the chain asked for.
    Node = 4,
    /// 5: a file cannot be read or written, or an address not listened at.
    File = 5,
    /// 6: an account is missing, unregistered or has no funds.
    Account = 6,
    /// 7: a key cannot be opened: a wrong password, or no keystore.
    Key = 7,
    /// 70: a fault of the worker itself.
    Internal = 70,
    /// 130: a signal stopped it before it was done.
    Stopped = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A failed command: what happened, and the exit code it ends with.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    error: anyhow::Error,
}

impl Failure {
    /// A failure with a message of its own.
    pub fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self {
            exit,
            error: anyhow::anyhow!("{message}"),
        }
    }

    /// The exit code.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        self.exit
    }
}

/// The message, followed by its causes.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

/// Gives an error an exit code and says what was being done.
pub trait OrExit<T> {
    /// Turns an error into a [`Failure`]; `doing` is put before its message.
    ///
    /// # Errors
    /// The error, with the code and the context.
    fn or_exit(
        self,
        exit: Exit,
        doing: impl fmt::Display + Send + Sync + 'static,
    ) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> OrExit<T> for Result<T, E> {
    fn or_exit(
        self,
        exit: Exit,
        doing: impl fmt::Display + Send + Sync + 'static,
    ) -> Result<T, Failure> {
        self.map_err(|error| Failure {
            exit,
            error: error.into().context(doing),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_tells_what_was_done_and_why_it_failed() {
        let failure = Err::<(), _>(std::io::Error::other("disk on fire"))
            .or_exit(Exit::File, "cannot write proof.json")
            .expect_err("the error stays");
        assert_eq!(failure.exit(), Exit::File);
        assert_eq!(failure.to_string(), "cannot write proof.json: disk on fire");
    }
}
