// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! How each pallet is configured, by what it is for.

pub mod consensus;
pub mod economy;
pub mod governance;
pub mod market;
pub mod proof;
pub mod settings;
pub mod staking;
pub mod system;
