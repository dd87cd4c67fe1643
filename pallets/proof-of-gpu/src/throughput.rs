// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! From rounds and time to throughput.

use proof_of_gpu_primitives::Workload;

/// Throughput of `rounds` rounds in `elapsed_ms` milliseconds, in MOPS:
/// ⌊rounds · 2mnk / (ms · 10³)⌋.
///
/// Zero where no time has passed, so a clock that stands still earns nothing.
pub fn throughput(rounds: u32, workload: &Workload, elapsed_ms: u64) -> u64 {
    // At most 2³¹ · 2⁴¹ operations over at most 2⁶⁴ · 10³: all within u128,
    // and below 2⁶³ MOPS at one millisecond.
    u128::from(rounds)
        .checked_mul(workload.operations())
        .zip(u128::from(elapsed_ms).checked_mul(1_000))
        .and_then(|(operations, time)| operations.checked_div(time))
        .and_then(|mops| u64::try_from(mops).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_down() {
        let workload = Workload::new(64, 64, 64);
        // 2 · 64³ = 524,288 operations a round.
        assert_eq!(throughput(2, &workload, 1), 1_048);
        assert_eq!(throughput(1, &workload, 1), 524);
        assert_eq!(throughput(1, &workload, 524), 1);
        assert_eq!(throughput(1, &workload, 525), 0);
    }

    #[test]
    fn largest_inputs_do_not_overflow() {
        let workload = Workload::new(16_384, 16_384, 4_096);
        assert_eq!(
            throughput((1 << 31) - 1, &workload, 1),
            u64::try_from(((1u128 << 31) - 1) * (1u128 << 41) / 1_000).unwrap()
        );
        assert_eq!(throughput(1, &workload, u64::MAX), 0);
    }

    #[test]
    fn no_time_is_no_throughput() {
        assert_eq!(throughput(1_000, &Workload::new(64, 64, 64), 0), 0);
    }
}
