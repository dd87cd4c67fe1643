// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Prints the production chain's terms and the relations between them. Ends with 1 where
//! one does not hold.

use std::{
    io::{Write, stdout},
    process::ExitCode,
};

use terms::{Relation, Terms};

fn main() -> ExitCode {
    let terms = Terms::production();
    // A closed pipe has seen enough.
    let _ = stdout().write_all(terms.page().as_bytes());
    if terms.relations().iter().all(Relation::holds) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
