// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Four validators as processes of their own, real workers, and a network that is
//! broken on purpose.
//!
//! [`spec`] makes the chain, [`link`] the connections that can be cut, slowed and
//! healed, [`network`] the validators. [`lab`] adds workers and looks at everything;
//! [`agree`] is what must hold after each of the [`scenarios`], [`figures`] what is
//! measured meanwhile, and [`report`] writes down what was seen. A run that could show
//! nothing is [`unshown`].

pub mod agree;
pub mod figures;
pub mod lab;
pub mod link;
pub mod network;
pub mod report;
pub mod scenarios;
pub mod spec;
pub mod unshown;
