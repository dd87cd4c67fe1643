// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Fills A and B of a round with nine-bit entries from ChaCha8.

use proof_of_gpu_primitives::{Hash, Workload, matrix};

use crate::layout::pack;

/// A and B under a round's key, as [`pack`] lays them out.
#[must_use]
pub fn generate(key: &Hash, workload: &Workload) -> (Vec<u32>, Vec<u32>) {
    let lines = |count: u32, fill: fn(&Hash, u32, &mut [i16])| {
        let lines: Vec<_> = (0..count)
            .map(|number| {
                let mut line = vec![0; workload.k as usize];
                fill(key, number, &mut line);
                line
            })
            .collect();
        pack(&lines)
    };
    (
        lines(workload.m, matrix::fill_row),
        lines(workload.n, matrix::fill_column),
    )
}
