// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The auditor against a real chain with real miners: one run, and a test for each thing
//! that must hold of it. Every wait is bounded by a number of blocks.

mod run;

use ni_client::{events::Event, keys};
use serde_json::Value;

use run::{Evidence, evidence};

const DONE: i32 = 0;
const REFUSED: i32 = 1;
const FILE: i32 = 5;

/// Windows in which the chain verified a hotkey's reveal.
fn verified(evidence: &Evidence, who: [u8; 32]) -> Vec<u32> {
    evidence
        .events()
        .filter_map(|event| match event {
            Event::Verified { hotkey, window, .. } if *hotkey == who => Some(*window),
            _ => None,
        })
        .collect()
}

/// The auditor's verdicts on a hotkey, as window and line.
fn verdicts(evidence: &Evidence, who: [u8; 32]) -> Vec<(u32, &Value)> {
    let who = keys::address(&who);
    evidence
        .lines("verdict")
        .filter(|line| line["account"] == who)
        .map(|line| (window(line), line))
        .collect()
}

fn window(line: &Value) -> u32 {
    let window = line["window"].as_u64().expect("a window");
    u32::try_from(window).expect("a window's number")
}

#[test]
fn honest_reveals_are_found_honest() {
    let evidence = evidence();
    let verdicts = verdicts(evidence, evidence.honest);
    assert!(!verdicts.is_empty());
    for (window, line) in verdicts {
        assert_eq!(line["finding"], "honest", "{line}");
        assert!(verified(evidence, evidence.honest).contains(&window));
        // Eight samples: every opened tile, and every opened round, whole.
        assert_eq!(line["checked_tiles"], 8, "{line}");
        assert_ne!(line["opened_rounds"], 0, "{line}");
        assert_eq!(line["recomputed_rounds"], line["opened_rounds"], "{line}");
        assert_eq!(line["evidence"], Value::Null);
    }
}

#[test]
fn what_the_chain_was_taken_in_by_is_found() {
    let evidence = evidence();
    let mut accepted = 0;
    for cheat in evidence.cheats {
        for (window, line) in verdicts(evidence, cheat) {
            let expected = if verified(evidence, cheat).contains(&window) {
                accepted += 1;
                "dishonest"
            } else {
                "refused"
            };
            assert_eq!(line["finding"], expected, "{line}");
        }
    }
    assert!(accepted > 0, "the chain saw through everything");
    // Nobody else is accused.
    let addresses = evidence.cheats.map(|cheat| keys::address(&cheat));
    for line in evidence.lines("verdict") {
        let account = line["account"].as_str().expect("an account");
        let accused = line["finding"] == "dishonest" || line["finding"] == "disputed";
        assert!(
            !accused || addresses.iter().any(|address| address == account),
            "{line}"
        );
    }
}

#[test]
fn evidence_convinces_whoever_verifies_it() {
    let evidence = evidence();
    assert!(!evidence.bundles.is_empty());
    for bundle in &evidence.bundles {
        // As it was left: refused, saying where.
        let (code, text) = &bundle.as_left;
        assert_eq!(*code, Some(REFUSED), "{text}");
        assert!(text.contains("round ") && text.contains("tile"), "{text}");
        if bundle.names_sub_tile {
            assert!(text.contains("sub-tile 37: the reveal says fold"), "{text}");
        }
        // The reveal alone is what the chain accepted. Looked at closely it is not.
        assert_eq!(bundle.plain.0, Some(DONE), "{}", bundle.plain.1);
        assert_eq!(bundle.plain_in_full.0, Some(REFUSED));
        // Pinned on somebody else it falls apart.
        let (code, text) = &bundle.of_another;
        assert_eq!(*code, Some(REFUSED));
        assert!(text.contains("its evidence names"), "{text}");
    }
}

#[test]
fn the_alert_program_is_told_of_each_piece() {
    let evidence = evidence();
    let mut written: Vec<_> = evidence
        .lines("verdict")
        .filter_map(|line| line["evidence"].as_str())
        .collect();
    let mut told: Vec<_> = evidence.told.lines().collect();
    // Killed between the two, it does both again.
    for paths in [&mut written, &mut told] {
        paths.sort_unstable();
        paths.dedup();
    }
    assert!(!told.is_empty());
    assert_eq!(told, written);
}

#[test]
fn a_miner_that_vanished_is_reported_once_by_the_auditor() {
    let evidence = evidence();
    let missed: Vec<_> = evidence
        .events()
        .filter_map(|event| match event {
            Event::Missed {
                hotkey,
                window,
                reporter,
                slashed,
                ..
            } => Some((*hotkey, *window, *reporter, *slashed > 0)),
            _ => None,
        })
        .collect();
    let [(hotkey, window, reporter, slashed)] = missed[..] else {
        panic!("{missed:?}");
    };
    assert_eq!(hotkey, evidence.vanished);
    assert_eq!(reporter, Some(evidence.auditor));
    assert!(slashed);
    let sent: Vec<_> = evidence.lines("report").collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert_eq!(sent[0]["outcome"], "sent");
    assert_eq!(sent[0]["window"], window);
    let amount = |name: &str| sent[0][name].as_str().and_then(|text| text.parse().ok());
    let (bounty, fee): (Option<u128>, Option<u128>) = (amount("bounty"), amount("fee"));
    assert!(bounty > fee && fee > Some(0), "{bounty:?} for {fee:?}");
    let line = evidence
        .lines("verdict")
        .find(|line| line["finding"] == "missed");
    let line = line.expect("a verdict");
    assert_eq!(line["account"], keys::address(&evidence.vanished));
}

#[test]
fn what_the_auditors_device_reaches_stands_on_the_chain() {
    let evidence = evidence();
    let own: Vec<_> = evidence.lines("calibration").collect();
    assert!(!own.is_empty());
    let read = evidence.calibrations.as_array().expect("a list");
    for line in own {
        assert!(read.contains(line), "{line} is not in {read:?}");
        assert_eq!(line["account"], keys::address(&evidence.auditor));
        assert_eq!(line["device"], "cpu");
        assert_eq!(line["workload"], "256x256x256");
        let rounds = line["rounds"].as_u64().expect("a number");
        let ms = line["ms"].as_u64().expect("a number");
        let operations = u128::from(rounds) * 2 * 256 * 256 * 256;
        assert_eq!(
            line["mops"].as_u64().map(u128::from),
            Some(operations / (u128::from(ms) * 1_000))
        );
    }
}

#[test]
fn its_metrics_and_its_health_can_be_read() {
    let evidence = evidence();
    assert!(
        evidence.health.starts_with("HTTP/1.1 200"),
        "{}",
        evidence.health
    );
    let counted: usize = evidence
        .metrics
        .lines()
        .filter(|line| line.starts_with("ni_audit_verdicts_total{"))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok())
        .sum();
    // It counts one and then exports it.
    let [before, after] = evidence.verdicts;
    assert!(
        counted > 0 && (before..=after + 1).contains(&counted),
        "{counted} counted, {before} to {after} exported\n{}",
        evidence.metrics
    );
}

#[test]
fn a_second_auditor_on_the_same_store_refuses() {
    let (code, text) = &evidence().second;
    assert_eq!(*code, Some(FILE), "{text}");
    assert!(
        text.contains("in use") && text.contains("--store"),
        "{text}"
    );
}

#[test]
fn killed_and_started_again_it_goes_on_where_it_was() {
    let evidence = evidence();
    // Every window of the chain since it began is there, in order; what it was writing
    // when it was killed may be there twice.
    let mut windows: Vec<_> = evidence.lines("window").map(window).collect();
    assert!(
        windows.len() > evidence.killed_at,
        "none since it was killed"
    );
    windows.dedup();
    let first = windows.first().copied().expect("a window");
    let expected: Vec<_> = (first..).take(windows.len()).collect();
    assert_eq!(windows, expected);
    let mut judged: Vec<_> = evidence
        .lines("verdict")
        .map(|line| {
            let what = [&line["account"], &line["gpu"], &line["finding"]];
            (window(line), what.map(Value::to_string))
        })
        .collect();
    let count = judged.len();
    judged.sort();
    judged.dedup();
    assert!(count - judged.len() <= 1, "{} of {count}", judged.len());
    // And of nothing were there two verdicts.
    let mut of: Vec<_> = judged
        .iter()
        .map(|(window, [account, gpu, _])| (window, account, gpu))
        .collect();
    of.dedup();
    assert_eq!(of.len(), judged.len());
}
