// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The worker's store, its file altered while nobody had it open.
//!
//! A worker that opens the file must be told what is wrong, or work on with what it
//! wrote: an altered record that passes for a good one would cost a bond.

use std::{fs, path::PathBuf};

use codec::{DecodeAll, Encode};
use ni_worker::store::{Record, Store, WalkRecord};
use proof_of_gpu_primitives::{Workload, walk::WalkParameters};
use tempfile::TempDir;

use crate::{Cursor, Edits, Reached, Target};

/// The target. An input begins with a byte that chooses: edits of a good file, a file
/// as it is, or the bytes of one record.
pub const TARGET: Target = Target {
    name: "store",
    longest: 1024,
    run,
    seeds,
    expected: [200, 100],
};

/// What the good file holds.
pub fn records() -> [Record; 3] {
    [(0, 7, 40), (0, 8, 41), (3, 8, 3)].map(|(gpu, window, rounds)| Record {
        window,
        gpu,
        beacon: [1; 32],
        challenge: [2; 32],
        workload: Workload::new(64, 128, 64),
        round_roots: (0..rounds).map(|round| [round; 32]).collect(),
        walk: (gpu == 3).then(|| WalkRecord {
            parameters: WalkParameters {
                pages: 3,
                page_bits: 4,
                rounds: 16,
                lanes: 128,
                hops: 3,
                passes: 16,
            },
            batch_roots: vec![[6; 32], [7; 32]],
        }),
    })
}

struct Good {
    folder: TempDir,
    bytes: Vec<u8>,
    /// Where the file is not zero.
    used: Vec<usize>,
}

thread_local! {
    static GOOD: Good = {
        // In memory where there is such a folder: an engine makes a million files.
        let memory = PathBuf::from("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }
            .expect("a temporary folder");
        let path = folder.path().join("good.redb");
        let store = Store::open(&path).expect("a new store");
        for record in records() {
            store.keep(&record).expect("a record is kept");
        }
        drop(store);
        let bytes = fs::read(&path).expect("the store's file");
        let used = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
        Good { folder, bytes, used }
    };
}

fn run(input: &[u8]) -> Reached {
    let mut cursor = Cursor::new(input);
    match cursor.byte() % 8 {
        0 => record(cursor.rest()),
        1 => GOOD.with(|good| file(good, cursor.rest(), false)),
        _ => GOOD.with(|good| {
            let mut bytes = good.bytes.clone();
            while !cursor.is_empty() {
                if cursor.byte() & 3 == 0 {
                    Edits(&mut cursor).edit(&mut bytes, 0);
                } else {
                    // Where something is, and its neighbours.
                    let place = usize::try_from(u32::from_le_bytes(cursor.bytes())).unwrap_or(0);
                    let at = place.checked_rem(good.used.len()).map(|at| good.used[at]);
                    if let Some(byte) = at.and_then(|at| bytes.get_mut(at)) {
                        *byte = cursor.byte();
                    }
                }
            }
            let unaltered = bytes == good.bytes;
            file(good, &bytes, unaltered)
        }),
    }
}

/// Opens a file of these bytes and uses it as a worker does.
fn file(good: &Good, bytes: &[u8], unaltered: bool) -> Reached {
    let path = good.folder.path().join("altered.redb");
    fs::write(&path, bytes).expect("a temporary file");
    let store = match Store::open(&path) {
        Ok(store) => store,
        Err(error) => {
            assert!(!unaltered, "a good store is refused: {error}");
            return Reached::Nothing;
        }
    };
    let known = records();
    for gpu in 0..4 {
        let Ok(Some(last)) = store.last(gpu) else {
            continue;
        };
        assert!(
            known.contains(&last),
            "an altered record passes for a good one: {last:?}"
        );
    }
    let next = Record {
        window: 9,
        ..known[1].clone()
    };
    match store.keep(&next) {
        Ok(()) => {
            let kept = store.last(next.gpu).expect("what was kept is read");
            assert_eq!(kept, Some(next), "what was kept is lost");
            Reached::Accepted
        }
        Err(_) => Reached::Decoded,
    }
}

/// Decodes a record, and makes a proof of it.
fn record(bytes: &[u8]) -> Reached {
    let Ok(record) = Record::decode_all(&mut &*bytes) else {
        return Reached::Nothing;
    };
    assert_eq!(record.encode(), bytes, "one record has two encodings");
    match record.proof() {
        Ok(work) => {
            let product = &work.product;
            assert_eq!(product.round_roots(), record.round_roots);
            assert_eq!(product.round_keys().count(), record.round_roots.len());
            let walk = work.walk.as_ref().map(|walk| walk.batch_roots());
            let kept = record.walk.as_ref().map(|walk| &walk.batch_roots[..]);
            assert_eq!(walk, kept);
            Reached::Accepted
        }
        Err(_) => Reached::Decoded,
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<_> = records()
        .iter()
        .map(|record| [vec![0], record.encode()].concat())
        .collect();
    // Unaltered; one byte in use; one anywhere; cut short; no database at all.
    seeds.extend([
        vec![2],
        vec![2, 1, 9, 0, 0, 0, 0x55],
        vec![2, 0, 1, 0, 16, 0, 0, 0x55],
        vec![2, 0, 4, 0, 64, 0, 0],
        vec![1],
    ]);
    seeds
}
