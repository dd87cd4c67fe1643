// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! TAO staked to validators: who produces blocks, and what stakers earn.

#![cfg_attr(not(feature = "std"), no_std)]
