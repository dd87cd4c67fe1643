// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The memory walk's tests: against the golden vectors, check by check, by what
//! keeping less than the fill costs, and by properties.

mod bundles;
mod parameters;
mod properties;
mod prover;
mod support;
mod vectors;
mod verify;
