// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Real workers on a real chain whose nodes are bad or killed, and whose GPUs
//! fail. One run, and a test for each thing that must hold of it.

mod fake;
mod run;

use ni_worker::history::{Outcome, Reason};
use worker_faults::{books::GRACE, proxy::Fault, worker::value};

use run::{Due, evidence};

const NONE: [&str; 0] = [];

#[test]
fn every_bad_node_is_noticed_told_and_outlived() {
    let evidence = evidence();
    assert_eq!(evidence.episodes.len(), 7);
    for episode in &evidence.episodes {
        assert!(episode.altered > 0, "nothing was done: {episode:?}");
        let expected: &[&str] = match episode.fault {
            Fault::OldHead => &["its head stands still"],
            Fault::BackHead => &["head went back from block"],
            Fault::Hang => &["its head stands still", "no answer in time"],
            _ => &["cause"],
        };
        assert!(
            expected.iter().any(|text| episode.said.contains(text)),
            "{episode:?}"
        );
    }
    assert!(
        evidence.health.starts_with("HTTP/1.1 200"),
        "{}",
        evidence.health
    );
    let errors = value(&evidence.metrics, "ni_worker_rpc_errors_total", "");
    assert!(errors.is_some_and(|errors| errors >= 7.0), "{errors:?}");
    let reconnects = value(&evidence.metrics, "ni_worker_reconnects_total", "");
    assert!(
        reconnects.is_some_and(|times| times >= 11.0),
        "{reconnects:?}"
    );
}

#[test]
fn a_node_that_stands_still_is_left_for_the_next() {
    let evidence = evidence();
    assert_eq!(evidence.went_to, evidence.second_node);
    assert!(evidence.nimble.books.credited(0) > 0);
}

#[test]
fn no_window_is_lost_to_a_node_that_is_killed_and_back_in_time() {
    let evidence = evidence();
    let phases: Vec<_> = evidence.outages.iter().map(|outage| outage.phase).collect();
    assert_eq!(phases, ["open", "idle", "sampling", "revealing"]);
    // The other one's first node goes on lying: it is not left in peace.
    let worker = &evidence.patient;
    // Without its only node the chain stands still and its clock does not: what was
    // computed may then be too little for the time it seems to have taken.
    let is_too_slow = |window: u32| {
        let too_slow = Outcome::Missed(Reason::TooSlow);
        let mut history = worker.history.iter();
        history.any(|entry| entry.window == window && entry.outcome == too_slow)
    };
    for outage in evidence.outages.iter().filter(|outage| outage.is_in_time()) {
        let on_chain = worker.books.gpus.get(&(outage.window, 0));
        let done = match outage.due {
            Due::Commit => on_chain.is_some_and(|on_chain| !on_chain.commits.is_empty()),
            Due::Reveal => worker.is_credited(outage.window),
            Due::Nothing => true,
        };
        assert!(
            done || is_too_slow(outage.window),
            "{outage:?} {on_chain:?}\n{}",
            worker.log
        );
    }
    let undisturbed = evidence.undisturbed;
    assert!(
        worker.is_credited(undisturbed) || is_too_slow(undisturbed),
        "{}",
        worker.log
    );
    // Of a machine that is too slow for slots of a second nothing can be said.
    let mut windows = evidence.outages.iter().map(|outage| outage.window);
    assert!(
        windows.any(|window| worker.is_credited(window)),
        "{:?}\n{}",
        evidence.outages,
        worker.log
    );
    assert!(worker.books.paid(0) > 0);
}

#[test]
fn work_goes_on_without_the_node_until_the_block_that_ends_it() {
    let evidence = evidence();
    let worker = &evidence.patient;
    let window = evidence.outages[0].window;
    let books = &worker.books;
    // Where the machine is too slow for slots of a second there is none.
    for (_, offset) in books.commits().filter(|(of, _)| *of == window) {
        assert!(GRACE.contains(&offset), "{offset}\n{}", worker.log);
    }
}

#[test]
fn every_window_is_accounted_for_as_the_chain_has_it() {
    let evidence = evidence();
    for worker in [&evidence.patient, &evidence.nimble] {
        assert_eq!(
            worker.differences(),
            NONE,
            "{}\n{}",
            worker.name,
            worker.log
        );
    }
}

#[test]
fn metrics_are_what_the_chain_says() {
    let evidence = evidence();
    let shown = |name: &str| value(&evidence.metrics, name, "{gpu=\"0\"}");
    let credited = shown("ni_worker_windows_credited_total");
    #[allow(clippy::cast_precision_loss)]
    let on_chain = evidence.patient.books.credited(0) as f64;
    assert_eq!(credited, Some(on_chain));
    // What is shown of pay may run ahead of what is paid by one window, whose
    // round is settled and which the next commit pays.
    let shown = shown("ni_worker_rewards_units_total").unwrap_or_default();
    #[allow(clippy::cast_precision_loss)]
    let paid = evidence.patient.books.paid(0) as f64;
    assert!(paid > 0.0 && shown >= paid, "{shown} shown, {paid} paid");
}

#[test]
fn gpus_that_hang_or_are_lost_stop_no_other() {
    let evidence = evidence();
    let books = &evidence.gpus;
    assert_eq!(books.faults(0), NONE);
    // The sound one, and the one whose samples another opened.
    let windows = |gpu| books.credited(gpu);
    assert!(windows(0) >= 1, "{books:?}");
    assert!(windows(3) >= 1, "{books:?}");
    assert_eq!((windows(1), windows(2)), (0, 0));
    let gpus = &evidence.gpus_health["gpus"];
    for (gpu, fault) in [(1, "hangs"), (2, "device lost"), (3, "device lost")] {
        let told = gpus[gpu]["fault"].as_str().unwrap_or_default();
        assert!(told.contains(fault), "GPU {gpu}: {told:?}");
        let up = value(
            &evidence.gpus_metrics,
            "ni_worker_gpu_up",
            &format!("{{gpu=\"{gpu}\"}}"),
        );
        assert_eq!(up, Some(0.0), "GPU {gpu}");
        let missed = value(
            &evidence.gpus_metrics,
            "ni_worker_windows_missed_total",
            &format!("{{gpu=\"{gpu}\",reason=\"{}\"}}", Reason::Device.name()),
        );
        assert!(missed.is_some_and(|missed| missed >= 1.0), "GPU {gpu}");
    }
    assert!(gpus[0]["fault"].is_null());
    assert_eq!(evidence.gpus_health["degraded"], true);
    let up = value(&evidence.gpus_metrics, "ni_worker_gpu_up", "{gpu=\"0\"}");
    assert_eq!(up, Some(1.0));
}
