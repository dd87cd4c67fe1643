// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The work is the same with ten miners as with ten thousand; and the counts would
//! show it if it were not.

use frame_support::traits::GetCallMetadata;
use ni_runtime::{Emission, Runtime, RuntimeCall};
use scaling::{Size, counted, measure};
use stateful::{DRIVEN, memory::Memory};

const FEW: Size = Size {
    miners: 10,
    commits: 10,
};

#[test]
fn ten_thousand_miners_are_no_more_work_than_ten() {
    let few = measure(FEW);
    for commits in [10, 10_000] {
        let many = measure(Size {
            miners: 10_000,
            commits,
        });
        for (what, counts) in &few {
            assert_eq!(many.get(what), Some(counts), "{what}, {commits} commits");
        }
        assert_eq!(many.len(), few.len());
    }
}

#[test]
fn claims_and_registrations_keep_to_what_is_asked_for() {
    let measured = measure(FEW);
    for (call, reads, writes) in [
        ("emission.claim", 6, 4),
        ("delegation.claim", 6, 4),
        ("delegation.stake, the first", 10, 8),
        ("registration.register, as a miner", 10, 8),
        ("registration.register, as a validator", 10, 8),
    ] {
        let counts = &measured[call];
        assert!(
            counts.reads <= reads && counts.writes <= writes,
            "{call}: {counts:?}"
        );
    }
}

/// Every call of the project's pallets has a row.
#[test]
fn every_call_is_measured() {
    let measured = measure(FEW);
    let missing: Vec<String> = DRIVEN
        .iter()
        .flat_map(|pallet| {
            RuntimeCall::get_call_names(pallet)
                .iter()
                .map(move |call| format!("{}.{call}", kebab(pallet)))
        })
        .filter(|call| !measured.keys().any(|row| row.starts_with(call.as_str())))
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// `ProofOfGpu` as `proof-of-gpu`.
fn kebab(pallet: &str) -> String {
    let mut name = String::new();
    for letter in pallet.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// A hook that walked the results would be seen.
#[test]
fn a_walk_over_all_is_counted() {
    let walk = |results: u8| {
        Memory::default().execute_with(|| {
            let owner = ni_runtime::AccountId::new([0; 32]);
            for number in 0..results {
                pallet_emission::Results::<Runtime>::insert(
                    ni_runtime::AccountId::new([number; 32]),
                    0,
                    pallet_emission::UnpaidResult {
                        window: 0,
                        tier: 0,
                        mops: 1,
                        base: 0,
                        rest: 0,
                        owner: owner.clone(),
                        cap: 1,
                    },
                );
            }
            let (_, counts) = counted(|| pallet_emission::Results::<Runtime>::iter().count());
            let (_, one) = counted(|| Emission::pending_pay(&owner, 0));
            (counts.reads, one.reads)
        })
    };
    let (ten, one) = walk(10);
    let (hundred, still_one) = walk(100);
    assert!(hundred >= ten + 90);
    assert_eq!(one, still_one);
}
