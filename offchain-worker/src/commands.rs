// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The subcommands, one file each; every one has a function `run`.

pub mod audit;
pub mod bench;
pub mod check;
pub mod config;
pub mod devices;
pub mod keys;
pub mod mine;
pub mod prove;
pub mod register;
pub mod status;
pub mod verify;
