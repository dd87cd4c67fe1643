// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Stake-weighted votes on the chain's hyperparameters.

#![cfg_attr(not(feature = "std"), no_std)]
