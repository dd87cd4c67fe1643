// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A file for each call and function, one for what an attacker can do, one for the
//! invariants and one for a whole month.

mod deposit_revenue;
