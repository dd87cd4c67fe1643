// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A real network parted two and two across the opening of a window, with a real
//! worker on each side. One run, and a test for each thing that must hold of it.

use anyhow::Context;
use network_faults::{
    agree::{self, Agreement},
    lab::Lab,
    scenarios::{Sides, partition},
    unshown::Unshown,
};
use test_network::{Evidence, slot_ms};

/// How often it is tried, where a machine is so busy that nothing can be shown.
const ATTEMPTS: u32 = 3;

fn evidence() -> &'static (Sides, Agreement) {
    static EVIDENCE: Evidence<(Sides, Agreement)> = Evidence::new();
    test_network::evidence(&EVIDENCE, run)
}

async fn run() -> anyhow::Result<(Sides, Agreement)> {
    let mut attempt = 1;
    loop {
        match once().await {
            Err(error) if Unshown::of(&error).is_some() && attempt < ATTEMPTS => {
                eprintln!("run {attempt} of at most {ATTEMPTS} shows nothing: {error:#}");
                attempt += 1;
            }
            other => return other.context("the partition"),
        }
    }
}

async fn once() -> anyhow::Result<(Sides, Agreement)> {
    let mut lab = Lab::start(slot_ms()).await?;
    let sides = partition(&mut lab).await?;
    let agreement = agree::check(&mut lab).await?;
    Ok((sides, agreement))
}

#[test]
fn nothing_is_final_while_neither_side_has_the_votes() {
    let (sides, _) = evidence();
    assert!(sides.final_while_parted <= sides.parted_at, "{sides:?}");
}

#[test]
fn both_sides_open_the_window_and_one_opening_stands() {
    let (sides, _) = evidence();
    assert_ne!(sides.beacons[0], sides.beacons[1]);
    assert!(sides.beacons.contains(&sides.right), "{sides:?}");
}

#[test]
fn the_worker_of_the_side_that_lost_gives_up_and_proves_the_right_challenge() {
    let (sides, _) = evidence();
    let lost = sides.lost().expect("one side lost");
    // That it proved the right one is its credit, without which the run fails.
    assert!(sides.given_up[lost] >= 1, "{sides:?}");
    // Two authors of one slot can have either side open the window twice by itself.
    for side in 0..2 {
        assert_eq!(sides.begun[side], sides.given_up[side] + 1, "{sides:?}");
    }
}

#[test]
fn healed_all_four_agree_and_nothing_is_paid_twice() {
    let (sides, agreement) = evidence();
    assert!(agreement.number > sides.parted_at, "{agreement:?}");
    // Two workers, paid for the window before by their commits in this one.
    assert!(agreement.payments >= 2, "{agreement:?}");
    assert!(agreement.compared > 0, "{agreement:?}");
}
