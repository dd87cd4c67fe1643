// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Tricks against the real node, beside a real worker that proves honestly: one chain,
//! run once, and a test for each trick.

mod run;

use ni_client::{events::Event, types::variant_with_fields};
use proof_of_gpu_primitives::Refusal;

use run::{CALLS, evidence};

#[test]
fn a_copied_commitment_is_slashed_and_its_original_paid_for() {
    let evidence = evidence();
    let (window, rounds) = evidence
        .committed(evidence.copying)
        .expect("the copy was committed to");
    let honest = evidence.events().find_map(|event| match event {
        Event::Committed {
            hotkey,
            window: of,
            rounds,
            ..
        } if (*hotkey, *of) == (evidence.honest, window) => Some(*rounds),
        _ => None,
    });
    assert_eq!(honest, Some(rounds), "it is a copy");
    assert!(evidence.verified(evidence.honest, window));
    assert!(!evidence.verified(evidence.copying, window));
    // Its commit is taken. A reveal of what was copied is of the size that was drawn for the
    // original: by chance that is the copy's size too, and slashed; else the pool refuses
    // it, and the copy has missed its reveal.
    let tried = &evidence.copied;
    assert!(tried.iter().any(|line| line["refused"].is_null()));
    let refused = evidence.events().find_map(|event| match event {
        Event::Refused {
            hotkey,
            reason,
            slashed,
            ..
        } if *hotkey == evidence.copying => Some((variant_with_fields(reason), *slashed)),
        _ => None,
    });
    match refused {
        Some((reason, slashed)) => {
            assert!(reason.contains("Root"), "{reason}");
            assert!(slashed > 0);
        }
        None => {
            let last = tried.last().expect("it was revealed");
            let why = last["refused"].as_str().expect("it was refused");
            assert!(why.contains(Refusal::WrongSize.text()), "{why}");
        }
    }
}

#[test]
fn what_comes_at_the_wrong_time_reaches_no_block() {
    let evidence = evidence();
    assert_eq!(evidence.late_lines.len(), 2);
    for line in &evidence.late_lines {
        assert!(line["refused"].is_string(), "{line}");
    }
    assert_eq!(evidence.committed(evidence.late), None);
    assert!(!evidence.is_punished(evidence.late));
}

#[test]
fn spam_is_refused_and_keeps_nobody_from_proving() {
    let evidence = evidence();
    assert_eq!(evidence.spam_lines.len(), 3 * CALLS as usize);
    for line in &evidence.spam_lines {
        assert!(line["refused"].is_string(), "{line}");
    }
    assert_eq!(evidence.committed(evidence.spamming), None);
    assert!(!evidence.is_punished(evidence.spamming));
    let spammed = evidence
        .spam_lines
        .last()
        .and_then(|line| line["window"].as_u64())
        .and_then(|window| u32::try_from(window).ok())
        .expect("a window");
    assert!(evidence.verified(evidence.honest, spammed));
}
