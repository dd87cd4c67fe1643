// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The protocol's tests: against the golden vectors, check by check, and by
//! properties.

mod support;
mod vectors;
