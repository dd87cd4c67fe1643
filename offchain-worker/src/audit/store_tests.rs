// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Tests of the auditor's store.

use std::path::Path;

use super::{
    committed::Gpu,
    fabricated::{self, Lie},
    reveal::Revealed,
    store::{AuditStore, AuditStoreError, Bounds, Reported, Taken},
    verdict::{Finding, Verdict},
};

const GENESIS: [u8; 32] = [1; 32];

const FEW: Bounds = Bounds {
    pending: 4,
    commits: 8,
    verdicts: 8,
};

fn open(path: &Path) -> AuditStore {
    AuditStore::open(path, &GENESIS, FEW).expect("a store")
}

/// A reveal of so many to tell apart.
fn revealed(number: u64) -> Revealed {
    let window = u32::try_from(number).expect("a small number");
    Revealed {
        window,
        block: number,
        ..fabricated::empty()
    }
}

fn gpu(window: u32) -> Gpu {
    Gpu {
        window,
        account: [5; 32],
        gpu: 2,
    }
}

fn block(number: u64, revealed: Vec<Revealed>) -> Taken {
    Taken {
        number,
        hash: [9; 32],
        revealed,
        ..Taken::default()
    }
}

#[test]
fn what_was_taken_outlives_the_process() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("of/an/audit.redb");
    let store = open(&path);
    assert_eq!(store.cursor().expect("readable"), None);
    let whole = fabricated::revealed(Lie::None);
    let taken = Taken {
        committed: vec![gpu(3), gpu(4), gpu(5)],
        settled: vec![gpu(4)],
        ..block(7, vec![whole.clone()])
    };
    assert_eq!(store.take(&taken).expect("writable"), []);
    let sent = Reported {
        noted: true,
        attempts: 1,
        at: 7,
    };
    store.reporting(&gpu(3), sent).expect("writable");
    drop(store);

    let store = open(&path);
    assert_eq!(store.cursor().expect("readable"), Some((7, [9; 32])));
    assert_eq!(store.next().expect("readable"), Some((0, whole)));
    assert_eq!(store.unsettled(5, 9).expect("readable"), [(gpu(3), sent)]);
    let both = store.unsettled(6, 9).expect("readable");
    assert_eq!(both[1], (gpu(5), Reported::default()));
    store.settle(&gpu(3)).expect("writable");
    assert_eq!(store.unsettled(5, 9).expect("readable"), []);
}

#[test]
fn a_reveal_waits_until_its_verdict_is_kept() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.redb");
    let store = open(&path);
    store
        .take(&block(1, vec![revealed(1), revealed(2)]))
        .expect("writable");
    let (number, first) = store.next().expect("readable").expect("one waits");
    drop(store);
    // Killed while judging: it is judged again.
    let store = open(&path);
    assert_eq!(
        store.next().expect("readable"),
        Some((number, first.clone()))
    );
    let verdict = Verdict::without_work(&first, Finding::Honest);
    store.judged(number, &verdict).expect("writable");
    drop(store);
    let store = open(&path);
    assert_eq!(store.verdicts(9).expect("readable"), [verdict]);
    assert_eq!(store.waiting().expect("readable"), 1);
    let (_, second) = store.next().expect("readable").expect("one waits");
    assert_eq!(second, revealed(2));
}

#[test]
fn nothing_grows_past_its_bound() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.redb");
    let store = open(&path);
    let mut skipped = 0;
    let mut sizes = Vec::new();
    for number in 0..200 {
        let window = u32::try_from(number).expect("small");
        let taken = Taken {
            committed: vec![gpu(window)],
            ..block(number, vec![revealed(number)])
        };
        let given_up = store.take(&taken).expect("writable");
        assert!(
            given_up
                .iter()
                .all(|one| matches!(one.finding, Finding::Skipped(_)))
        );
        skipped += given_up.len();
        sizes.push(std::fs::metadata(&path).expect("a file").len());
    }
    assert_eq!(store.waiting().expect("readable"), FEW.pending);
    assert_eq!(skipped, 200 - 4);
    assert_eq!(store.verdicts(99).expect("readable").len(), 8);
    let left = store.unsettled(u32::MAX, 99).expect("readable");
    let oldest: Vec<_> = left.iter().map(|(gpu, _)| gpu.window).collect();
    assert_eq!(oldest, (192..200).collect::<Vec<_>>());
    // And the file does not grow with what passed through it.
    assert_eq!(sizes[100], sizes[199]);
}

#[test]
fn whom_to_give_up_is_left_to_chance() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = open(&folder.path().join("a.redb"));
    let mut victims = Vec::new();
    for number in 0..64 {
        let taken = block(number, vec![revealed(number)]);
        let given_up = store.take(&taken).expect("writable");
        victims.extend(given_up.iter().map(|one| number - one.block));
    }
    // Neither always the oldest, nor always the newest.
    assert!(victims.iter().any(|age| *age != victims[0]), "{victims:?}");
}

#[test]
fn one_process_and_one_chain() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.redb");
    let first = open(&path);
    let second = AuditStore::open(&path, &GENESIS, FEW);
    assert!(matches!(second, Err(AuditStoreError::InUse(_))));
    drop(first);
    let other = AuditStore::open(&path, &[2; 32], FEW);
    assert!(matches!(other, Err(AuditStoreError::OtherChain(_))));
    drop(other);
    open(&path);
}

#[test]
fn a_chain_that_began_anew_is_read_from_its_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = open(&folder.path().join("a.redb"));
    let taken = Taken {
        committed: vec![gpu(1)],
        ..block(7, vec![revealed(1)])
    };
    store.take(&taken).expect("writable");
    store.begin_anew().expect("writable");
    assert_eq!(store.cursor().expect("readable"), None);
    assert_eq!(store.waiting().expect("readable"), 0);
    assert_eq!(store.unsettled(u32::MAX, 9).expect("readable"), []);
}

/// As after a disk's fault: it is told by name, and by no panic.
#[test]
fn a_store_damaged_anywhere_is_told_of() {
    const PAGE: usize = 4096;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("audit.redb");
    let store = open(&path);
    for number in 0..3 {
        let taken = Taken {
            committed: vec![gpu(1)],
            ..block(number, vec![revealed(number)])
        };
        store.take(&taken).expect("writable");
    }
    let waiting = store.waiting().expect("readable");
    drop(store);
    let whole = std::fs::read(&path).expect("there");
    let pages = (0..whole.len()).step_by(PAGE);
    let zeroed = pages.clone().map(|start| {
        let mut damaged = whole.clone();
        damaged[start..whole.len().min(start + PAGE)].fill(0);
        damaged
    });
    let cut = pages.skip(1).map(|length| whole[..length].to_vec());
    let mut told = 0;
    for damaged in zeroed.chain(cut) {
        std::fs::write(&path, &damaged).expect("written");
        match AuditStore::open(&path, &GENESIS, FEW) {
            // What was altered is not in use.
            Ok(store) => assert_eq!(store.waiting().expect("readable"), waiting),
            Err(AuditStoreError::Broken { cause, .. }) => {
                assert!(!cause.is_empty());
                told += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(told > 3, "{told}");
}
