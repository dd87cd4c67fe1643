// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The auditor's metrics. They count from its start.

use metrics::{counter, describe_counter, describe_gauge, gauge};

use super::verdict::Verdict;

/// The last finalized block that was read.
const FINALIZED: &str = "ni_audit_finalized_block";
/// Reveals that wait for the device.
const WAITING: &str = "ni_audit_waiting";
/// Verdicts, by finding.
const VERDICTS: &str = "ni_audit_verdicts_total";
/// Opened tiles computed again.
const TILES: &str = "ni_audit_tiles_checked_total";
/// Opened rounds computed again, whole.
const ROUNDS: &str = "ni_audit_rounds_recomputed_total";
/// Reports of missed reveals, by outcome.
const REPORTS: &str = "ni_audit_reports_total";
/// Throughput of the last calibration.
const CALIBRATION: &str = "ni_audit_calibration_mops";
/// Alerts, by outcome.
const ALERTS: &str = "ni_audit_alerts_total";
/// The block in which the validator's lease ends.
const LEASE: &str = "ni_audit_lease_ends_block";
/// Jobs that the device failed.
const FAILURES: &str = "ni_audit_device_failures_total";

/// Says what each is, and shows those without labels from the start.
pub fn start() {
    describe_gauge!(FINALIZED, "The last finalized block that was read");
    describe_gauge!(WAITING, "Reveals that wait for the device");
    describe_counter!(VERDICTS, "Verdicts by finding");
    describe_counter!(TILES, "Opened tiles computed again");
    describe_counter!(ROUNDS, "Opened rounds computed again, whole");
    describe_counter!(REPORTS, "Reports of missed reveals by outcome");
    describe_gauge!(CALIBRATION, "Throughput of the last calibration");
    describe_counter!(ALERTS, "Alerts by outcome");
    describe_gauge!(LEASE, "The block in which the validator's lease ends");
    describe_counter!(FAILURES, "Jobs that the device failed");
    for name in [TILES, ROUNDS, FAILURES] {
        counter!(name).absolute(0);
    }
    for name in [FINALIZED, WAITING, CALIBRATION, LEASE] {
        gauge!(name).set(0);
    }
}

/// A block was read, and so many reveals wait.
pub(super) fn read(block: u64, waiting: u64) {
    #[allow(clippy::cast_precision_loss)] // Gauges, and far below 2^53.
    for (name, value) in [(FINALIZED, block as f64), (WAITING, waiting as f64)] {
        gauge!(name).set(value);
    }
}

/// A reveal was judged.
pub(super) fn judged(verdict: &Verdict) {
    counter!(TILES).increment(verdict.checked_tiles.into());
    counter!(ROUNDS).increment(verdict.recomputed_rounds.into());
}

/// A verdict is told.
pub(super) fn verdict(finding: &'static str) {
    counter!(VERDICTS, "finding" => finding).increment(1);
}

/// This came of a report.
pub(super) fn report(outcome: &'static str) {
    counter!(REPORTS, "outcome" => outcome).increment(1);
}

/// The device was measured.
pub(super) fn calibration(mops: u64) {
    #[allow(clippy::cast_precision_loss)] // A gauge; MOPS are below 2^53.
    gauge!(CALIBRATION).set(mops as f64);
}

/// This came of an alert.
pub(super) fn alert(outcome: &'static str) {
    counter!(ALERTS, "outcome" => outcome).increment(1);
}

/// The validator's lease ends in this block; 0 for a hotkey without one.
pub(super) fn lease(ends: u32) {
    gauge!(LEASE).set(ends);
}

/// The device failed.
pub(super) fn failure() {
    counter!(FAILURES).increment(1);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;
    use crate::audit::{
        fabricated::{self, Lie},
        verdict::judge,
    };

    /// What says which metrics there are.
    const TEXT: &str = include_str!("../../../docs/worker-audit.md");

    fn named(text: &str) -> BTreeSet<&str> {
        text.match_indices("ni_audit_")
            .map(|(at, _)| {
                let rest = &text[at..];
                let end =
                    rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
                &rest[..end.unwrap_or(rest.len())]
            })
            .collect()
    }

    #[test]
    fn what_is_shown_is_what_the_text_names() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let revealed = fabricated::revealed(Lie::SubTile);
        let mut engine = proof_of_gpu_primitives::prover::CpuEngine::new();
        let found = judge(&revealed, &mut engine, true, 1).expect("the CPU does not fail");
        metrics::with_local_recorder(&recorder, || {
            start();
            read(7, 2);
            judged(&found);
            verdict(found.finding.name());
            report("sent");
            calibration(3);
            alert("told");
            lease(9);
            failure();
        });
        let page = recorder.handle().render();
        assert_eq!(named(&page), named(TEXT));
        assert!(page.contains("ni_audit_finalized_block 7"), "{page}");
        assert!(
            page.contains("ni_audit_verdicts_total{finding=\"dishonest\"} 1"),
            "{page}"
        );
        let tiles = format!("ni_audit_tiles_checked_total {}", found.checked_tiles);
        assert!(found.checked_tiles > 0 && page.contains(&tiles), "{page}");
    }
}
