// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A real chain and real miners in a temporary folder.
//!
//! [`Node`] and [`Process`] run the project's own binaries and end them when
//! they are dropped. [`Reader`] reads every block from genesis on, keeps the books
//! of the supply outside the chain ([`Ledger`]), and compares them with the chain's
//! state at every block; [`Follower`] does so as blocks come. [`Starter`] is a program
//! that starts processes itself, for a look at what it leaves running.

mod binaries;
mod evidence;
mod follower;
mod ledger;
mod machine;
mod node;
mod process;
mod specification;
mod starter;
mod stop;
mod worker;

pub use binaries::{Binary, locate};
pub use evidence::{Evidence, evidence};
pub use follower::{Block, Follower, Reader};
pub use ledger::{Ledger, Mismatch};
pub use machine::{patience, slot_ms, slowness};
pub use node::{Node, answering, free_ports};
pub use process::Process;
pub use specification::{adapted, change, export};
pub use starter::Starter;
pub use stop::{stopped, until_stopped};
pub use worker::{Miner, Prover};
