// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Revenue in any asset buys NI, which is burned.

#![cfg_attr(not(feature = "std"), no_std)]
