// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call and hook, and one for the invariants.
