// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! One run of a network, which several tests look at.

use std::sync::OnceLock;

/// What the first caller's run left, for all tests of a process.
pub type Evidence<T> = OnceLock<Result<T, String>>;

/// Runs a network, once a process, and gives what it left.
///
/// # Panics
/// Where it could not be run to its end: with the same words in every test.
pub fn evidence<T, R>(left: &'static Evidence<T>, run: impl FnOnce() -> R) -> &'static T
where
    R: Future<Output = anyhow::Result<T>>,
{
    let left = left.get_or_init(|| {
        tokio::runtime::Runtime::new()
            .map_err(|error| error.to_string())?
            .block_on(run())
            .map_err(|error| format!("{error:#}"))
    });
    match left {
        Ok(left) => left,
        Err(error) => panic!("the run failed: {error}"),
    }
}
