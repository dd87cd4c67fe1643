// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What a run has tried, and where it got.

use frame_support::traits::GetCallMetadata;
use ni_runtime::RuntimeCall;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Display, Formatter, Result},
};

/// What became of one kind of call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    /// How often it was made.
    pub calls: u64,
    /// How often it succeeded.
    pub succeeded: u64,
    /// Why it did not, by the names of errors.
    pub refused: BTreeMap<String, u64>,
}

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps done.
    pub steps: u64,
    /// Blocks made.
    pub blocks: u64,
    /// By pallet and call.
    pub calls: BTreeMap<String, Tried>,
    /// How often each path of [`PATHS`] was taken.
    pub paths: BTreeMap<&'static str, u64>,
    /// Halvings at the last round, none of them once the cap is reached.
    pub(crate) halvings: Option<Option<u32>>,
}

/// Everything that a long run has to get to.
pub const PATHS: &[&str] = &[
    "the emission halves",
    "a fee displaces what would be minted",
    "a round pays from the pool alone",
    "a round mints",
    "a round of nothing verified",
    "a round expires with something left in it",
    "an unpaid result is forfeited",
    "a result earns nothing",
    "a new tier table begins",
    "a reveal is verified",
    "a reveal is refused, and the bond slashed",
    "a GPU is confirmed",
    "a missed reveal is settled by the next commit",
    "a missed reveal is reported",
    "a bounty is paid",
    "a lapsed lease is begun anew",
    "a forgotten hotkey is freed by another",
    "slots leave and the bonds return",
    "a bond is topped up",
    "dust is burned",
    "a gift to the pool is taken in",
    "a transaction's fee is burned",
    "a proof call is free",
    "the pool refuses a proof call",
    "a session ends",
    "a slice is bought and burned",
    "a slice is skipped for its price",
    "a slice is skipped for a drained pool",
    "revenue in NI is burned",
    "another set of validators is chosen",
    "a staker is paid",
    "a commission is paid",
    "stake is unbonded",
    "stake that has voted stays",
    "an equivocation is slashed",
    "a slash makes a vote weigh less",
    "a referendum is won",
    "a referendum is lost",
    "a referendum times out",
    "a referendum is enacted",
    "what was enacted is refused",
    "parameters change",
    "bad parameters are refused",
];

/// The project's pallets, every call of which a long run has to make.
pub const DRIVEN: &[&str] = &[
    "Settings",
    "Bridge",
    "Registration",
    "ProofOfGpu",
    "Emission",
    "Buyback",
    "Delegation",
    "Governance",
    "Supply",
];

impl Report {
    /// Calls of the project's pallets that were made less often than `each` times, and
    /// how often they were: those never made too.
    #[must_use]
    pub fn wanting(&self, each: u64) -> Vec<(String, u64)> {
        DRIVEN
            .iter()
            .flat_map(|pallet| {
                RuntimeCall::get_call_names(pallet)
                    .iter()
                    .map(move |call| format!("{pallet}::{call}"))
            })
            .chain(self.calls.keys().cloned())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|call| {
                let made = self.calls.get(&call).map_or(0, |tried| tried.calls);
                (call, made)
            })
            .filter(|(_, made)| *made < each)
            .collect()
    }

    /// Notes a call and what became of it.
    pub(crate) fn note(&mut self, call: String, outcome: core::result::Result<(), String>) {
        let tried = self.calls.entry(call).or_default();
        tried.calls += 1;
        match outcome {
            Ok(()) => tried.succeeded += 1,
            Err(error) => *tried.refused.entry(error).or_default() += 1,
        }
    }

    /// Notes that a path was taken.
    ///
    /// # Panics
    ///
    /// When it is not one of [`PATHS`].
    pub(crate) fn reach(&mut self, path: &'static str) {
        assert!(PATHS.contains(&path), "{path} is not in the list of paths");
        *self.paths.entry(path).or_default() += 1;
    }

    /// All calls, and those that succeeded.
    #[must_use]
    pub fn total(&self) -> (u64, u64) {
        self.calls
            .values()
            .fold((0, 0), |(calls, succeeded), tried| {
                (calls + tried.calls, succeeded + tried.succeeded)
            })
    }

    /// The paths that were never taken.
    #[must_use]
    pub fn missing(&self) -> BTreeSet<&'static str> {
        PATHS
            .iter()
            .copied()
            .filter(|path| !self.paths.contains_key(path))
            .collect()
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (calls, succeeded) = self.total();
        let percent = (100 * succeeded).checked_div(calls).unwrap_or(0);
        writeln!(
            f,
            "{} steps, {} blocks, {calls} calls, {succeeded} succeeded ({percent}%)\n",
            self.steps, self.blocks
        )?;
        writeln!(
            f,
            "{:<36} {:>8} {:>10}  refused",
            "call", "tried", "succeeded"
        )?;
        for (call, tried) in &self.calls {
            let refused: Vec<_> = tried
                .refused
                .iter()
                .map(|(error, times)| format!("{error} {times}"))
                .collect();
            writeln!(
                f,
                "{call:<36} {:>8} {:>10}  {}",
                tried.calls,
                tried.succeeded,
                refused.join(", ")
            )?;
        }
        writeln!(f, "\n{:<52} {:>8}", "path", "taken")?;
        for path in PATHS {
            let times = self.paths.get(path).copied().unwrap_or(0);
            writeln!(f, "{path:<52} {times:>8}")?;
        }
        Ok(())
    }
}
