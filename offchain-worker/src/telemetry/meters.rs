// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The worker's metrics.
//!
//! Counters of windows and pay go on where they stood before a restart: they
//! are the history's sums.

use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use crate::history::{Reason, Totals};

/// Windows seen since the worker started.
pub const WINDOWS_SEEN: &str = "ni_worker_windows_seen_total";
/// Commits in a block since the worker started, by GPU.
pub const COMMITTED: &str = "ni_worker_windows_committed_total";
/// Valid reveals in a block since the worker started, by GPU.
pub const REVEALED: &str = "ni_worker_windows_revealed_total";
/// Confirmations in a block since the worker started, by GPU.
pub const CONFIRMED: &str = "ni_worker_windows_confirmed_total";
/// Windows that counted, by GPU, ever.
pub const CREDITED: &str = "ni_worker_windows_credited_total";
/// Windows that brought nothing, by GPU and reason, ever.
pub const MISSED: &str = "ni_worker_windows_missed_total";
/// Pay in the smallest unit, by GPU, ever.
pub const REWARDS: &str = "ni_worker_rewards_units_total";
/// Rounds computed since the worker started, by GPU.
pub const ROUNDS: &str = "ni_worker_rounds_total";
/// Throughput of the last window that counted, by GPU.
pub const MOPS: &str = "ni_worker_mops";
/// Time of a stage, by stage.
pub const STAGE_SECONDS: &str = "ni_worker_stage_seconds";
/// Share of the last window's work time that a GPU did not compute.
pub const GPU_IDLE: &str = "ni_worker_gpu_idle_ratio";
/// Whether a GPU is in service.
pub const GPU_UP: &str = "ni_worker_gpu_up";
/// The best block.
pub const BEST_BLOCK: &str = "ni_worker_best_block";
/// Whether a node is connected.
pub const CONNECTED: &str = "ni_worker_node_connected";
/// Requests that a node failed.
pub const RPC_ERRORS: &str = "ni_worker_rpc_errors_total";
/// Connections taken up again.
pub const RECONNECTS: &str = "ni_worker_reconnects_total";
/// Health as `/healthz` tells it.
pub const HEALTHY: &str = "ni_worker_healthy";

/// Every metric's name.
pub const ALL: [&str; 17] = [
    WINDOWS_SEEN,
    COMMITTED,
    REVEALED,
    CONFIRMED,
    CREDITED,
    MISSED,
    REWARDS,
    ROUNDS,
    MOPS,
    STAGE_SECONDS,
    GPU_IDLE,
    GPU_UP,
    BEST_BLOCK,
    CONNECTED,
    RPC_ERRORS,
    RECONNECTS,
    HEALTHY,
];

/// Upper bounds of the stages' times, in seconds.
const BUCKETS: [f64; 12] = [
    0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0,
];

/// What takes time in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Computing rounds.
    Work,
    /// From sending the commit to its block.
    Commit,
    /// Opening the samples.
    Open,
    /// From sending the reveal, or the confirmation, to its block.
    Reveal,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 4] = [Self::Work, Self::Commit, Self::Open, Self::Reveal];

    /// The label's value.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Commit => "commit",
            Self::Open => "open",
            Self::Reveal => "reveal",
        }
    }
}

/// A recorder for these metrics, to be installed once a process.
fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets(&BUCKETS)
}

/// Starts recording. Without it, everything else here does nothing.
///
/// # Errors
/// Where something records already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = builder()?.install_recorder()?;
    describe();
    Ok(handle)
}

fn describe() {
    describe_counter!(WINDOWS_SEEN, "Windows seen since the worker started");
    describe_counter!(COMMITTED, "Commits in a block since the worker started");
    describe_counter!(REVEALED, "Valid reveals since the worker started");
    describe_counter!(CONFIRMED, "Confirmations since the worker started");
    describe_counter!(CREDITED, "Windows that counted, restarts included");
    describe_counter!(MISSED, "Windows that brought nothing, restarts included");
    describe_counter!(REWARDS, "Pay in the smallest unit, restarts included");
    describe_counter!(ROUNDS, "Rounds computed since the worker started");
    describe_gauge!(MOPS, "Throughput of the last window that counted");
    describe_histogram!(STAGE_SECONDS, "Time of a stage of a window");
    describe_gauge!(
        GPU_IDLE,
        "Share of the last window's work time that the GPU did not compute"
    );
    describe_gauge!(GPU_UP, "1 while the GPU is in service");
    describe_gauge!(BEST_BLOCK, "The best block's number");
    describe_gauge!(CONNECTED, "1 while a node is connected");
    describe_counter!(RPC_ERRORS, "Requests that a node failed or did not answer");
    describe_counter!(RECONNECTS, "Connections taken up again");
    describe_gauge!(HEALTHY, "1 while /healthz answers 200");
}

/// Shows every metric from the start, each GPU's with its sums so far.
pub fn start(gpus: &[(u32, Totals)]) {
    for name in [WINDOWS_SEEN, RPC_ERRORS, RECONNECTS] {
        counter!(name).absolute(0);
    }
    for name in [BEST_BLOCK, CONNECTED, HEALTHY] {
        gauge!(name).set(0);
    }
    for (gpu, totals) in gpus {
        let label = gpu.to_string();
        for name in [COMMITTED, REVEALED, CONFIRMED, ROUNDS] {
            counter!(name, "gpu" => label.clone()).absolute(0);
        }
        gauge!(GPU_UP, "gpu" => label.clone()).set(1);
        sums(*gpu, totals);
    }
}

/// Shows the sums of a GPU.
pub fn sums(gpu: u32, totals: &Totals) {
    let label = gpu.to_string();
    counter!(CREDITED, "gpu" => label.clone()).absolute(totals.credited);
    let pay = u64::try_from(totals.pay).unwrap_or(u64::MAX);
    counter!(REWARDS, "gpu" => label.clone()).absolute(pay);
    for reason in Reason::ALL {
        let missed = totals.missed.get(&reason).copied().unwrap_or_default();
        counter!(MISSED, "gpu" => label.clone(), "reason" => reason.name()).absolute(missed);
    }
}

/// Adds one to a counter without labels.
pub fn count(name: &'static str) {
    counter!(name).increment(1);
}

/// Adds to a GPU's counter.
pub fn count_gpu(name: &'static str, gpu: u32, by: u64) {
    counter!(name, "gpu" => gpu.to_string()).increment(by);
}

/// Sets a gauge without labels.
pub fn set(name: &'static str, value: f64) {
    gauge!(name).set(value);
}

/// Sets a GPU's gauge.
pub fn set_gpu(name: &'static str, gpu: u32, value: f64) {
    gauge!(name, "gpu" => gpu.to_string()).set(value);
}

/// Notes how long a stage took.
pub fn stage(stage: Stage, time: Duration) {
    histogram!(STAGE_SECONDS, "stage" => stage.name()).record(time);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The board that is delivered with the worker.
    const BOARD: &str = include_str!("../../../packaging/grafana.json");

    /// Everything that a worker with one GPU shows.
    fn shown(record: impl FnOnce()) -> String {
        let recorder = builder().expect("buckets").build_recorder();
        metrics::with_local_recorder(&recorder, record);
        recorder.handle().render()
    }

    fn everything() {
        describe();
        start(&[(0, Totals::default())]);
        for each in Stage::ALL {
            stage(each, Duration::from_millis(300));
        }
        set_gpu(MOPS, 0, 7.0);
        set_gpu(GPU_IDLE, 0, 0.03);
    }

    /// The worker's metrics that a text names.
    fn named(text: &str) -> BTreeSet<String> {
        text.match_indices("ni_worker_")
            .map(|(at, _)| {
                text[at..]
                    .chars()
                    .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                    .collect()
            })
            .collect()
    }

    #[test]
    fn every_metric_is_shown_and_described() {
        let text = shown(everything);
        let names = named(&text);
        for name in ALL {
            assert!(
                names.iter().any(|shown| shown.starts_with(name)),
                "{name} is not in\n{text}"
            );
            assert!(text.contains(&format!("# HELP {name} ")), "{name}");
        }
        // Nothing is shown before it is recorded.
        assert_eq!(shown(|| {}), "");
    }

    #[test]
    fn the_board_names_only_what_is_exported_and_leaves_nothing_out() {
        let exported = named(&shown(everything));
        let on_board = named(BOARD);
        assert!(on_board.len() > 10, "{on_board:?}");
        for name in &on_board {
            assert!(exported.contains(name), "the board asks for {name}");
        }
        for name in ALL {
            assert!(
                on_board.iter().any(|shown| shown.starts_with(name)),
                "the board lacks {name}"
            );
        }
        // The check can fail.
        assert!(!exported.contains("ni_worker_windows_total"));
    }

    #[test]
    fn the_board_is_json_with_panels() {
        let board: serde_json::Value = serde_json::from_str(BOARD).expect("JSON");
        let panels = board["panels"].as_array().expect("panels");
        assert!(panels.len() >= 8);
        for panel in panels {
            assert!(panel["targets"][0]["expr"].is_string(), "{panel}");
        }
    }

    #[test]
    fn sums_go_on_after_a_restart() {
        let totals = Totals {
            credited: 41,
            missed: [(Reason::Late, 2)].into(),
            pay: 7,
        };
        let text = shown(|| start(&[(3, totals)]));
        for line in [
            "ni_worker_windows_credited_total{gpu=\"3\"} 41",
            "ni_worker_windows_missed_total{gpu=\"3\",reason=\"late\"} 2",
            "ni_worker_windows_missed_total{gpu=\"3\",reason=\"device\"} 0",
            "ni_worker_rewards_units_total{gpu=\"3\"} 7",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
