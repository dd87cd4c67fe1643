// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! An auditor: follows a chain's finalized blocks, computes reveals again far beyond what
//! the chain samples, reports reveals that were missed, and publishes what its own device
//! reaches.
//!
//! [`collect`] reads blocks, [`store`] keeps what must not be lost, [`device`] computes on
//! a thread of its own ([`recompute`], [`lanes`], [`verdict`]), [`evidence`] writes what convinces
//! others, [`missed`], [`calibration`] and [`lease`] are what is sent to the chain, [`export`]
//! and [`alert`] what is told outside of it, [`meters`] what is counted.

pub mod alert;
pub mod calibration;
pub mod collect;
pub mod committed;
pub mod device;
pub mod evidence;
pub mod export;
#[cfg(test)]
pub(crate) mod fabricated;
pub mod lanes;
pub mod lease;
mod measure;
pub mod meters;
pub mod missed;
pub mod proven;
pub mod recompute;
mod report;
pub mod reveal;
mod run;
mod stop;
pub mod store;
#[cfg(test)]
mod store_tests;
mod tell;
pub mod verdict;

use std::{path::PathBuf, sync::Arc};

use subxt_signer::sr25519::Keypair;

use crate::telemetry::health::Health;

pub use run::run;

/// How to audit.
pub struct Settings {
    /// Addresses of nodes, tried in turn.
    pub urls: Vec<String>,
    /// Signs and pays for reports and calibrations; without it the auditor only watches.
    pub signer: Option<Keypair>,
    /// Whose lease is looked after; none where the hotkey is not known.
    pub lease: Option<lease::Watched>,
    /// The store's file; `None` for one named after chain and signer in the user's data
    /// folder.
    pub store: Option<PathBuf>,
    /// The folder for evidence; `None` for one beside the store.
    pub evidence: Option<PathBuf>,
    /// Files of evidence that are kept.
    pub kept_evidence: usize,
    /// Opened rounds of each reveal that are computed again, whole, at most.
    pub rounds: usize,
    /// The share of the time that the device works, in percent.
    pub share: u8,
    /// Whether missed reveals are reported.
    pub report: bool,
    /// The device is measured once in so many windows; 0 never.
    pub calibrate_every: u32,
    /// How long it is measured, in seconds.
    pub calibrate_seconds: u32,
    /// The file that lines of JSON are appended to.
    pub export: Option<PathBuf>,
    /// The program that is run with the path of each piece of evidence.
    pub alert: Option<PathBuf>,
    /// The block to begin at where the store knows none; `None` for the beginning of the
    /// window in progress.
    pub from: Option<u64>,
    /// Windows after which to stop; 0 never stops.
    pub windows: u32,
    /// Where it says how it does.
    pub health: Arc<Health>,
}

/// What came of auditing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Windows that ended.
    pub windows: u32,
    /// Reveals that were found honest.
    pub honest: u32,
    /// Reveals that the chain accepted although they are wrong, or that chain and verifier
    /// disagree about.
    pub alarming: u32,
    /// Missed reveals.
    pub missed: u32,
}
