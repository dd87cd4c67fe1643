// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The arithmetic of the NI economy, pure and exact.
//!
//! Functions over plain values, without state, floats or panics: what cannot be
//! computed is `None` or a typed error. Every division says which way it rounds.

#![cfg_attr(not(feature = "std"), no_std)]

pub mod math;
pub mod price;
