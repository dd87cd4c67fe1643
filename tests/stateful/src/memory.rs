// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A state in memory that can count what is read and written.
//!
//! It has no trie: its root is a constant, which nothing in the runtime reads, so a
//! million entries cost no more than their bytes and a block ends at once.

use codec::{Compact, Decode, Encode};
use sp_externalities::{Error, Extension, ExtensionStore, Externalities, MultiRemovalResults};
use sp_runtime::traits::{BlakeTwo256, Hash};
use sp_storage::{ChildInfo, StateVersion, TrackedStorageKey};
use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, BTreeSet, HashSet},
    ops::Bound,
};

/// What a key held before.
type Undo = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// The state.
#[derive(Clone, Default)]
pub struct Memory {
    values: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What takes each open transaction back, innermost last.
    undo: Vec<Undo>,
    /// Keys that every block reads and writes anyway and keeps at hand.
    free: HashSet<Vec<u8>>,
    /// Whether anything is counted: from a reset of the counts to a commit.
    counting: bool,
    read: BTreeSet<Vec<u8>>,
    written: BTreeSet<Vec<u8>>,
    again: [u32; 2],
}

impl Memory {
    /// Runs `f` on this state.
    pub fn execute_with<R>(&mut self, f: impl FnOnce() -> R) -> R {
        sp_externalities::set_and_run_with_externalities(self, f)
    }

    /// A key that was written is at hand: it is not read from below again.
    fn note_read(&mut self, key: &[u8]) {
        if !self.counting || self.free.contains(key) {
            return;
        }
        if self.written.contains(key) || !self.read.insert(key.to_vec()) {
            self.again[0] += 1;
        }
    }

    fn note_write(&mut self, key: &[u8]) {
        if self.counting && !self.free.contains(key) && !self.written.insert(key.to_vec()) {
            self.again[1] += 1;
        }
    }

    fn place(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        let before = match value {
            Some(value) => self.values.insert(key.clone(), value),
            None => self.values.remove(&key),
        };
        if let Some(undo) = self.undo.last_mut() {
            undo.push((key, before));
        }
    }

    /// The first key above `key`, without a count.
    fn above(&self, key: &[u8]) -> Option<&Vec<u8>> {
        let range = (Bound::Excluded(key), Bound::Unbounded);
        self.values
            .range::<[u8], _>(range)
            .next()
            .map(|(key, _)| key)
    }
}

/// An encoded list with one more element.
fn appended(list: &[u8], element: &[u8]) -> Vec<u8> {
    let mut rest = list;
    let length = Compact::<u32>::decode(&mut rest).map_or(0, |length| length.0);
    if length == 0 {
        rest = &[];
    }
    let mut longer = Compact(length + 1).encode();
    longer.extend_from_slice(rest);
    longer.extend_from_slice(element);
    longer
}

/// There are none.
impl ExtensionStore for Memory {
    fn extension_by_type_id(&mut self, _: TypeId) -> Option<&mut dyn Any> {
        None
    }

    fn register_extension_with_type_id(
        &mut self,
        _: TypeId,
        _: Box<dyn Extension>,
    ) -> Result<(), Error> {
        Err(Error::ExtensionsAreNotSupported)
    }

    fn deregister_extension_by_type_id(&mut self, _: TypeId) -> Result<(), Error> {
        Err(Error::ExtensionsAreNotSupported)
    }
}

/// The runtime has no child tries: nothing is in them, and what is put there is
/// a mistake.
impl Externalities for Memory {
    fn set_offchain_storage(&mut self, _: &[u8], _: Option<&[u8]>) {}

    fn storage(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.note_read(key);
        self.values.get(key).cloned()
    }

    fn storage_hash(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        self.storage(key)
            .map(|value| BlakeTwo256::hash(&value).encode())
    }

    fn child_storage_hash(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn child_storage(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn next_storage_key(&mut self, key: &[u8]) -> Option<Vec<u8>> {
        let next = self.above(key).cloned();
        self.note_read(next.as_deref().unwrap_or(key));
        next
    }

    fn next_child_storage_key(&mut self, _: &ChildInfo, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn kill_child_storage(
        &mut self,
        _: &ChildInfo,
        _: Option<u32>,
        _: Option<&[u8]>,
    ) -> MultiRemovalResults {
        removed(0)
    }

    fn clear_prefix(
        &mut self,
        prefix: &[u8],
        limit: Option<u32>,
        _: Option<&[u8]>,
    ) -> MultiRemovalResults {
        let most = limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        let keys: Vec<Vec<u8>> = self
            .values
            .range::<[u8], _>((Bound::Included(prefix), Bound::Unbounded))
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(prefix))
            .take(most)
            .cloned()
            .collect();
        let count = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        for key in keys {
            self.note_read(&key);
            self.note_write(&key);
            self.place(key, None);
        }
        let rest = self
            .above(prefix)
            .filter(|key| key.starts_with(prefix))
            .cloned();
        MultiRemovalResults {
            maybe_cursor: rest,
            ..removed(count)
        }
    }

    fn clear_child_prefix(
        &mut self,
        _: &ChildInfo,
        _: &[u8],
        _: Option<u32>,
        _: Option<&[u8]>,
    ) -> MultiRemovalResults {
        removed(0)
    }

    fn place_storage(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.note_write(&key);
        self.place(key, value);
    }

    fn place_child_storage(&mut self, _: &ChildInfo, _: Vec<u8>, _: Option<Vec<u8>>) {
        panic!("the runtime has no child tries");
    }

    fn storage_root(&mut self, _: StateVersion) -> Vec<u8> {
        [0; 32].encode()
    }

    fn child_storage_root(&mut self, _: &ChildInfo, _: StateVersion) -> Vec<u8> {
        [0; 32].encode()
    }

    fn storage_append(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.note_write(&key);
        let list = self.values.get(&key).map_or(&[][..], Vec::as_slice);
        let longer = appended(list, &value);
        self.place(key, Some(longer));
    }

    fn storage_start_transaction(&mut self) {
        self.undo.push(Undo::new());
    }

    fn storage_rollback_transaction(&mut self) -> Result<(), ()> {
        for (key, before) in self.undo.pop().ok_or(())?.into_iter().rev() {
            match before {
                Some(value) => self.values.insert(key, value),
                None => self.values.remove(&key),
            };
        }
        Ok(())
    }

    fn storage_commit_transaction(&mut self) -> Result<(), ()> {
        let undo = self.undo.pop().ok_or(())?;
        if let Some(outer) = self.undo.last_mut() {
            outer.extend(undo);
        }
        Ok(())
    }

    fn wipe(&mut self) {
        self.values.clear();
    }

    fn commit(&mut self) {
        self.reset_read_write_count();
        self.counting = false;
    }

    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        let count = |keys: &BTreeSet<_>| u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let [read_again, written_again] = self.again;
        (
            count(&self.read),
            read_again,
            count(&self.written),
            written_again,
        )
    }

    fn reset_read_write_count(&mut self) {
        self.read.clear();
        self.written.clear();
        self.again = [0; 2];
        self.counting = true;
    }

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        self.free
            .iter()
            .cloned()
            .map(TrackedStorageKey::new)
            .collect()
    }

    fn set_whitelist(&mut self, new: Vec<TrackedStorageKey>) {
        self.free = new.into_iter().map(|tracked| tracked.key).collect();
    }

    fn get_read_and_written_keys(&self) -> Vec<(Vec<u8>, u32, u32, bool)> {
        self.read
            .union(&self.written)
            .map(|key| {
                let reads = u32::from(self.read.contains(key));
                let writes = u32::from(self.written.contains(key));
                (key.clone(), reads, writes, false)
            })
            .collect()
    }
}

fn removed(count: u32) -> MultiRemovalResults {
    MultiRemovalResults {
        maybe_cursor: None,
        backend: count,
        unique: count,
        loops: count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> Memory {
        let mut state = Memory::default();
        for key in [b"a", b"b", b"c"] {
            state.set_storage(key.to_vec(), key.to_vec());
        }
        state.reset_read_write_count();
        state
    }

    #[test]
    fn a_rolled_back_transaction_leaves_nothing() {
        let mut state = state();
        let before = state.values.clone();
        state.storage_start_transaction();
        state.set_storage(b"a".to_vec(), b"1".to_vec());
        state.storage_start_transaction();
        state.clear_storage(b"b");
        state.set_storage(b"a".to_vec(), b"2".to_vec());
        state.storage_commit_transaction().unwrap();
        state.storage_append(b"d".to_vec(), vec![7]);
        assert_eq!(state.storage(b"a"), Some(b"2".to_vec()));
        state.storage_rollback_transaction().unwrap();
        assert_eq!(state.values, before);
        assert_eq!(state.storage_rollback_transaction(), Err(()));
    }

    #[test]
    fn keys_are_counted_once_and_a_written_one_is_not_read() {
        let mut state = state();
        state.storage(b"a");
        state.storage(b"a");
        state.set_storage(b"b".to_vec(), vec![]);
        state.storage(b"b");
        assert_eq!(state.read_write_count(), (1, 2, 1, 0));
        state.set_whitelist(vec![TrackedStorageKey::new(b"c".to_vec())]);
        state.storage(b"c");
        assert_eq!(state.read_write_count(), (1, 2, 1, 0));
        assert_eq!(state.next_storage_key(b"a"), Some(b"b".to_vec()));
        assert_eq!(state.next_storage_key(b"c"), None);
    }

    #[test]
    fn an_appended_list_decodes() {
        let mut list = Vec::new();
        for element in 0..70u32 {
            list = appended(&list, &element.encode());
        }
        assert_eq!(
            Vec::<u32>::decode(&mut &list[..]),
            Ok((0..70).collect::<Vec<_>>())
        );
    }

    #[test]
    fn a_prefix_is_cleared_up_to_a_limit() {
        let mut state = state();
        state.set_storage(b"aa".to_vec(), vec![]);
        assert_eq!(
            state.clear_prefix(b"a", Some(1), None).deconstruct().0,
            Some(b"aa".to_vec())
        );
        assert_eq!(state.clear_prefix(b"a", None, None).unique, 1);
        assert_eq!(state.values.len(), 2);
    }
}
