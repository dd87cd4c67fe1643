// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Real workers on a real chain, killed at twenty points. One run, and a test for
//! each thing that must hold of it.

mod run;

use std::collections::BTreeSet;

use ni_client::types::WalkCommit;

use run::evidence;

const NONE: [&str; 0] = [];

#[test]
fn killed_at_twenty_points_it_reveals_what_it_committed_and_is_paid() {
    let evidence = evidence();
    assert_eq!(evidence.kills.len(), 20);
    // A development window: the block that opens it and seven of work, two of grace,
    // eight of sampling, and six of which reveals are in five.
    for phase in [0..8, 8..10, 10..18, 18..24] {
        let within = evidence
            .kills
            .iter()
            .filter(|kill| phase.contains(&kill.offset))
            .count();
        assert!(
            within >= 2,
            "{within} kills in {phase:?}: {:?}",
            evidence.kills
        );
    }
    let windows: BTreeSet<_> = evidence.kills.iter().map(|kill| kill.window).collect();
    assert_eq!(windows.len(), 3);
    for worker in &evidence.killed {
        assert_eq!(worker.books.faults(0), NONE, "{}", worker.name);
        assert!(worker.books.paid(0) > 0, "{} was not paid", worker.name);
        assert!(worker.is_credited(evidence.last), "{}", worker.name);
    }
}

#[test]
fn store_and_chain_agree_after_a_kill() {
    for worker in &evidence().killed {
        assert!(
            !worker.log.contains("does not know"),
            "{} lost what it committed",
            worker.name
        );
        let stored = worker.stored.as_ref().expect("it has worked");
        let commit = worker.on_chain.commit.as_ref().expect("it has committed");
        assert!(stored.window >= commit.window, "{}", worker.name);
        if stored.window == commit.window {
            let work = stored.proof().expect("a proof");
            assert_eq!(work.product.root(), commit.root, "{}", worker.name);
            let walk = work.walk.map(|walk| WalkCommit::from(walk.claim()));
            assert!(walk.is_some(), "{} has walked", worker.name);
            assert_eq!(walk, commit.walk, "{}", worker.name);
        }
    }
}

#[test]
fn a_second_worker_with_the_same_key_refuses() {
    let (code, log) = &evidence().twin;
    assert_eq!(*code, Some(5), "{log}");
    assert!(log.contains("another worker mines with this key"), "{log}");
    assert!(log.contains("stop it, or use another key"), "{log}");
    // The first one went on.
    assert!(!evidence().killed.is_empty());
}

#[test]
fn every_window_is_accounted_for_as_the_chain_has_it() {
    for worker in &evidence().killed {
        assert_eq!(
            worker.differences(),
            NONE,
            "{}\n{}",
            worker.name,
            worker.log
        );
    }
}
