// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0
