// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The main job with the real node and real workers: one chain, run once, and
//! a test for each thing that must hold of it. Every wait is bounded by a
//! number of blocks.

mod flood;
mod run;

use ni_client::{events::Event, types::variant_with_fields};

use run::{Evidence, evidence};

/// What a hotkey's owner was paid for a window.
fn pay(evidence: &Evidence, hotkey: [u8; 32], of: u32) -> u128 {
    evidence
        .events()
        .filter_map(|(_, event)| match event {
            Event::Paid {
                hotkey: paid,
                window,
                amount,
                ..
            } if (*paid, *window) == (hotkey, of) => Some(*amount),
            _ => None,
        })
        .sum()
}

fn slashed(evidence: &Evidence, hotkey: [u8; 32]) -> u128 {
    evidence
        .events()
        .map(|(_, event)| match event {
            Event::Refused {
                hotkey: whose,
                slashed,
                ..
            }
            | Event::Missed {
                hotkey: whose,
                slashed,
                ..
            } if *whose == hotkey => *slashed,
            _ => 0,
        })
        .sum()
}

#[test]
fn honest_work_is_paid_in_two_rounds() {
    let evidence = evidence();
    assert_ne!(evidence.first, evidence.second);
    for window in [evidence.first, evidence.second] {
        for hotkey in [evidence.honest, evidence.careful] {
            assert!(
                evidence.verified(hotkey, window).is_some(),
                "window {window}"
            );
            assert!(pay(evidence, hotkey, window) > 0, "window {window}");
        }
        // Those who did not work are not paid, in the same rounds.
        for hotkey in [evidence.cheat, evidence.vanished] {
            assert_eq!(evidence.verified(hotkey, window), None);
            assert_eq!(pay(evidence, hotkey, window), 0);
        }
    }
}

#[test]
fn every_commit_is_of_both_proofs() {
    let evidence = evidence();
    let mut walked = 0;
    for (block, event) in evidence.events() {
        let Event::Committed { walk, .. } = event else {
            continue;
        };
        let walk = walk.unwrap_or_else(|| panic!("a commit without a walk in block {block}"));
        assert!(walk.pages > 0 && walk.batches > 0, "{walk:?}");
        walked += 1;
    }
    // Four miners, two of them in two windows.
    assert!(walked >= 6, "{walked}");
}

#[test]
fn pay_goes_to_the_owner_and_comes_from_the_round() {
    let evidence = evidence();
    for (_, event) in evidence.events() {
        let Event::Paid {
            hotkey,
            owner,
            window,
            ..
        } = event
        else {
            continue;
        };
        let expected = if *hotkey == evidence.honest {
            evidence.honest_owner
        } else {
            evidence.careful_owner
        };
        assert_eq!(*owner, expected);
        let miners = evidence.events().find_map(|(_, event)| match event {
            Event::RoundSettled {
                window: settled,
                miners,
                ..
            } if settled == window => Some(*miners),
            _ => None,
        });
        let paid =
            pay(evidence, evidence.honest, *window) + pay(evidence, evidence.careful, *window);
        assert!(
            miners.is_some_and(|miners| paid <= miners),
            "window {window}"
        );
    }
}

#[test]
fn a_cheat_that_skips_half_its_tiles_is_slashed() {
    let evidence = evidence();
    let reasons: Vec<_> = evidence
        .events()
        .filter_map(|(_, event)| match event {
            Event::Refused { hotkey, reason, .. } => Some((*hotkey, variant_with_fields(reason))),
            _ => None,
        })
        .collect();
    assert!(!reasons.is_empty());
    for (hotkey, reason) in reasons {
        assert_eq!(
            hotkey, evidence.cheat,
            "an honest miner was refused: {reason}"
        );
        // The product, and of it the sampled sub-tile: the walk before it is honest.
        assert_eq!(
            reason.matches("Product").count(),
            2,
            "refused for another reason: {reason}"
        );
    }
    assert!(slashed(evidence, evidence.cheat) > 0);
    assert_eq!(slashed(evidence, evidence.honest), 0);
}

#[test]
fn a_miner_that_commits_and_vanishes_is_reported_and_slashed() {
    let evidence = evidence();
    let missed: Vec<_> = evidence
        .events()
        .filter_map(|(_, event)| match event {
            Event::Missed {
                hotkey,
                window,
                slashed,
                reporter,
                ..
            } => Some((*hotkey, *window, *slashed > 0, *reporter)),
            _ => None,
        })
        .collect();
    let expected = (
        evidence.vanished,
        evidence.first,
        true,
        Some(evidence.reporter),
    );
    assert_eq!(missed, [expected]);
    // Not before the window is over, not twice, and not of somebody honest.
    for (what, refused) in &evidence.reports_refused {
        assert!(*refused, "a report {what} was taken");
    }
}

#[test]
fn a_worker_killed_between_commit_and_reveal_still_reveals() {
    let evidence = evidence();
    let killed = evidence.killed_at;
    let revealed = evidence.verified(evidence.careful, evidence.first);
    let committed = evidence.committed(evidence.careful, evidence.first);
    assert!(committed.is_some_and(|block| block <= killed));
    assert!(revealed.is_some_and(|block| block > killed));
    // The one that never came back did not.
    assert_eq!(evidence.verified(evidence.vanished, evidence.first), None);
}

#[test]
fn a_worker_restarted_between_windows_goes_on() {
    let evidence = evidence();
    let restarted = evidence.restarted_at;
    let closed = evidence.closed(evidence.first);
    assert!(closed.is_some_and(|block| block <= restarted));
    let committed = evidence.committed(evidence.careful, evidence.second);
    assert!(committed.is_some_and(|block| block >= restarted));
    assert!(
        evidence
            .verified(evidence.careful, evidence.second)
            .is_some()
    );
}

#[test]
fn the_supply_adds_up_at_every_block() {
    let evidence = evidence();
    // Reading a block compares it, and fails the run where it does not add up.
    let numbers: Vec<_> = evidence.blocks.iter().map(|block| block.number).collect();
    let every: Vec<_> = (0..numbers.len() as u64).collect();
    assert_eq!(numbers, every);
    // And there was something to add up, of every kind.
    let ledger = &evidence.blocks[evidence.blocks.len() - 1].ledger;
    for source in ["TransactionFees", "Slashes"] {
        assert!(
            ledger.burned.get(source).is_some_and(|amount| *amount > 0),
            "{source}"
        );
    }
    assert!(
        ledger
            .recycled
            .get("RegistrationFees")
            .is_some_and(|amount| *amount > 0)
    );
    assert!(ledger.drawn > 0);
}

#[test]
fn status_shows_what_the_blocks_add_up_to() {
    let evidence = evidence();
    let status = &evidence.status;
    let shown = status["block"].as_u64().expect("a block");
    let block = evidence
        .blocks
        .iter()
        .find(|block| block.number == shown)
        .expect("the block was followed");
    let ledger = &block.ledger;
    let supply = &status["supply"];
    for (what, amount) in [
        ("issuance", ledger.issuance()),
        ("minted", ledger.genesis + ledger.minted),
        ("burned", ledger.total_burned()),
        ("recycled", ledger.total_recycled()),
        ("drawn", ledger.drawn),
        ("pool", ledger.total_recycled() - ledger.drawn),
    ] {
        assert_eq!(supply[what], amount.to_string(), "{what}");
    }
    // Both rounds are there, with what was paid of them.
    for window in [evidence.first, evidence.second] {
        let rounds = status["rounds"].as_array().expect("rounds");
        let round = rounds.iter().find(|round| round["window"] == window);
        let credited = round.and_then(|round| round["credited"].as_str()?.parse::<u128>().ok());
        let paid = pay(evidence, evidence.honest, window) + pay(evidence, evidence.careful, window);
        assert!(
            credited.is_some_and(|credited| credited >= paid),
            "{window}"
        );
    }
    assert_eq!(status["gpus"][0]["resolved"], true);
    assert!(status["gpus"][0]["last_verified_mops"].as_u64() > Some(0));
    assert_eq!(status["gpus"][0]["pending_pay"], serde_json::Value::Null);
    let tiers = status["tiers"].as_array().expect("tiers");
    assert!(!tiers.is_empty());
}

#[test]
fn bench_names_the_tier_that_the_chains_table_gives() {
    let evidence = evidence();
    let mops = evidence.bench["mops"].as_f64().expect("a throughput");
    let tiers = evidence.status["tiers"].as_array().expect("tiers");
    let floor = |tier: &serde_json::Value| tier["floor_mops"].as_f64().expect("a floor");
    let reached = tiers.iter().rposition(|tier| floor(tier) <= mops);
    let tier = evidence.bench.get("tier").expect("the node was asked");
    assert_eq!(tier["number"].as_u64(), reached.map(|row| row as u64));
    let none = serde_json::Value::Null;
    let row = reached.map_or(&none, |row| &tiers[row]);
    for key in ["floor_mops", "floor_gib", "floor_gbps"] {
        assert_eq!(tier[key], row[key], "{tier}");
    }
}

#[test]
fn commits_land_while_the_pool_is_full_of_tipped_calls() {
    let evidence = evidence();
    for hotkey in [evidence.honest, evidence.careful] {
        let committed = evidence
            .committed(hotkey, evidence.second)
            .expect("a commit");
        // Calls with a tip were there before the commit's block was made, and it
        // had no room for all of them.
        let flood = &evidence.flood;
        assert!(flood.overtaken_by(committed) > 0, "{committed}: {flood:?}");
    }
}
