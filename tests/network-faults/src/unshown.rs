// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Runs that say nothing, for or against.

use std::{
    error::Error,
    fmt::{Display, Formatter, Result},
};

/// Why a run could not show what it is for: chance, or a machine that was too busy for
/// honest work. It is no proof that something holds, and none that it does not; whoever
/// runs it does so again, a bounded number of times, and then says that it was not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unshown(pub String);

impl Unshown {
    /// The reason, where an error is one of these.
    pub fn of(error: &anyhow::Error) -> Option<&Self> {
        error.downcast_ref()
    }
}

impl Display for Unshown {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&self.0)
    }
}

impl Error for Unshown {}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn it_is_known_under_what_was_said_of_it_and_other_errors_are_none() {
        let busy = Err::<(), _>(Unshown("busy".to_owned()))
            .context("window 3")
            .context("two and two")
            .expect_err("an error");
        assert_eq!(Unshown::of(&busy), Some(&Unshown("busy".to_owned())));
        assert_eq!(Unshown::of(&anyhow::anyhow!("two chains")), None);
    }
}
