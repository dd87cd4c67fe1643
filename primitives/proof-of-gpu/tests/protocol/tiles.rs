// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Folds, leaves and trees, against their definitions.

use proof_of_gpu_primitives::{
    Hash, Sha256, SoftwareSha256,
    tile::{fold, leaf, node, tree, tree_path},
};

#[test]
fn a_fold_hashes_the_entries_in_little_endian() {
    let entries = core::array::from_fn(|e| match i32::try_from(e) {
        Ok(e) if e % 2 == 1 => -e,
        _ => 1 << 28,
    });
    let bytes: Vec<u8> = entries
        .iter()
        .flat_map(|entry: &i32| entry.to_le_bytes())
        .collect();
    assert_eq!(fold(&entries), xxhash_rust::xxh32::xxh32(&bytes, 0));
    let mut other = entries;
    other[63] += 1;
    assert_ne!(fold(&other), fold(&entries));
    other.swap(0, 2);
    assert_ne!(fold(&other), fold(&entries));
}

#[test]
fn a_leaf_names_its_place_and_folds() {
    let folds = core::array::from_fn(|fold| 0xf000_0000 + u32::try_from(fold).expect("small"));
    let mut bytes = b"LEAF".to_vec();
    bytes.extend(3_u32.to_le_bytes());
    bytes.extend(70_000_u32.to_le_bytes());
    bytes.extend(folds.iter().flat_map(|fold| fold.to_le_bytes()));
    assert_eq!(bytes.len(), 268);
    assert_eq!(
        leaf::<SoftwareSha256>(3, 70_000, &folds),
        SoftwareSha256::hash(&bytes)
    );
}

fn leaves(count: u8) -> Vec<Hash> {
    (0..count).map(|leaf| [leaf; 32]).collect()
}

#[test]
fn a_tree_has_its_leaves_in_order() {
    let levels = tree::<SoftwareSha256>(leaves(4)).expect("a power of two");
    let left = SoftwareSha256::hash(&[b"NODE".as_slice(), &[0; 32], &[1; 32]].concat());
    let right = node::<SoftwareSha256>(&[2; 32], &[3; 32]);
    let root = node::<SoftwareSha256>(&left, &right);
    assert_eq!(levels, vec![leaves(4), vec![left, right], vec![root]]);
    assert_eq!(tree_path(&levels, 0), vec![[1; 32], right]);
    assert_eq!(tree_path(&levels, 3), vec![[2; 32], left]);
    assert_eq!(tree_path(&levels, 4), Vec::<Hash>::new());
}

#[test]
fn one_leaf_is_its_own_tree() {
    let levels = tree::<SoftwareSha256>(leaves(1)).expect("a power of two");
    assert_eq!(levels, vec![leaves(1)]);
    assert!(tree_path(&levels, 0).is_empty());
}

#[test]
fn only_powers_of_two_make_a_tree() {
    for count in [0, 3, 5, 6, 7, 12, 255] {
        assert_eq!(tree::<SoftwareSha256>(leaves(count)), None);
    }
}

#[test]
fn a_tree_of_one_leaf_has_no_path_whatever_is_asked_for() {
    let levels = tree::<SoftwareSha256>(vec![[1; 32]]).expect("a power of two");
    for index in 0..4 {
        assert_eq!(tree_path(&levels, index), Vec::<Hash>::new(), "{index}");
    }
}
