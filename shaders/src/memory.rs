// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Remembers which kernel was the fastest on a device, so that only the first start
//! times them all.
//!
//! The file only saves time: whatever it holds, the kernel is tested before it is used,
//! and a file that cannot be read is one that remembers nothing.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use proof_of_gpu_primitives::{Sha256, SoftwareSha256};
use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::adapter::Adapter;
use crate::kernel::{Kernel, KernelPath};
use crate::source::Shader;

/// Devices remembered; the one longest unseen makes room.
const MOST: usize = 32;

/// Bytes of the file that are read at most: more than [`MOST`] devices take.
const MOST_BYTES: u64 = 64 << 10;

/// What a choice depends on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    device: String,
    backend: String,
    driver: String,
    /// The path asked for, or `auto`.
    path: String,
    /// Which kernels there were: a hash of their text.
    kernels: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    key: Key,
    kernel: String,
}

/// A file of choices.
#[derive(Debug)]
pub(crate) struct Memory<'a> {
    file: &'a Path,
    key: Key,
}

/// Where choices are remembered unless told otherwise: in the user's cache folder.
/// `None` if the environment names none.
#[must_use]
pub fn default_memory() -> Option<PathBuf> {
    // A relative folder counts as unset, as an empty one does.
    let folder = |name: &str| {
        let folder = PathBuf::from(std::env::var_os(name)?);
        folder.is_absolute().then_some(folder)
    };
    folder("XDG_CACHE_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".cache")))
        .or_else(|| folder("LOCALAPPDATA"))
        .map(|cache| cache.join("ni-tokenomics").join("kernels.json"))
}

impl<'a> Memory<'a> {
    pub(crate) fn new(file: &'a Path, adapter: &Adapter, path: Option<KernelPath>) -> Self {
        let mut texts = Vec::new();
        for kernel in adapter.usable_kernels() {
            texts.extend_from_slice(Shader::Multiply(kernel).wgsl().as_bytes());
        }
        let hash = SoftwareSha256::hash(&texts);
        let key = Key {
            device: adapter.name.clone(),
            backend: adapter.backend.clone(),
            driver: adapter.driver.clone(),
            path: path.map_or("auto", KernelPath::name).into(),
            kernels: hash[..8].iter().map(|byte| format!("{byte:02x}")).collect(),
        };
        Self { file, key }
    }

    /// The kernel that was chosen among these, if one was.
    pub(crate) fn recall(&self, kernels: impl Iterator<Item = Kernel>) -> Option<Kernel> {
        let entries = self.entries();
        let entry = entries.iter().find(|entry| entry.key == self.key)?;
        let mut kernels = kernels;
        kernels.find(|kernel| kernel.to_string() == entry.kernel)
    }

    /// Remembers a choice; a file that cannot be written is only logged.
    pub(crate) fn keep(&self, kernel: Kernel) {
        let mut entries = self.entries();
        entries.retain(|entry| entry.key != self.key);
        entries.insert(
            0,
            Entry {
                key: self.key.clone(),
                kernel: kernel.to_string(),
            },
        );
        entries.truncate(MOST);
        if let Err(error) = self.write(&entries) {
            warn!(file = %self.file.display(), %error, "cannot remember the fastest kernel");
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let read = || -> io::Result<Vec<Entry>> {
            let mut text = Vec::new();
            File::open(self.file)?
                .take(MOST_BYTES)
                .read_to_end(&mut text)?;
            Ok(serde_json::from_slice(&text)?)
        };
        match read() {
            Ok(mut entries) => {
                entries.truncate(MOST);
                entries
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                warn!(
                    file = %self.file.display(), %error,
                    "ignoring what is remembered of the fastest kernels: it cannot be read"
                );
                Vec::new()
            }
        }
    }

    /// Replaces the file as a whole, so that no reader sees a part of it.
    fn write(&self, entries: &[Entry]) -> io::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut name = self.file.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}", std::process::id()));
        let new = folder.join(name);
        let written = File::create(&new)
            .and_then(|mut file| file.write_all(&serde_json::to_vec_pretty(entries)?))
            .and_then(|()| fs::rename(&new, self.file));
        if written.is_err() {
            // What is left is of no use to anybody.
            let _ = fs::remove_file(&new);
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::adapters;
    use crate::kernel::Direct;

    const KERNEL: Kernel = Kernel::Direct(Direct::TALL);

    fn adapter() -> Adapter {
        let adapters = adapters().expect("an adapter; `make setup` installs a software one");
        adapters.into_iter().next().expect("the list is not empty")
    }

    fn recalled(memory: &Memory<'_>) -> Option<Kernel> {
        memory.recall(Kernel::PORTABLE.into_iter())
    }

    #[test]
    fn a_choice_is_recalled_for_the_same_driver_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("new/kernels.json");
        let mut adapter = adapter();
        let memory = Memory::new(&file, &adapter, None);
        assert_eq!(recalled(&memory), None);
        memory.keep(KERNEL);
        assert_eq!(recalled(&memory), Some(KERNEL));
        assert_eq!(memory.recall([Kernel::Tiled].into_iter()), None);

        let portable = Memory::new(&file, &adapter, Some(KernelPath::Portable));
        assert_eq!(recalled(&portable), None);
        adapter.driver.push_str(" updated");
        assert_eq!(recalled(&Memory::new(&file, &adapter, None)), None);
    }

    #[test]
    fn a_damaged_file_remembers_nothing_and_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("kernels.json");
        let adapter = adapter();
        let memory = Memory::new(&file, &adapter, None);
        for damaged in [&b""[..], b"[{]", b"{}", b"\xff\xfe", b"[1]"] {
            fs::write(&file, damaged).expect("writes");
            assert_eq!(recalled(&memory), None);
            memory.keep(KERNEL);
            assert_eq!(recalled(&memory), Some(KERNEL));
        }
        fs::write(&file, vec![b' '; 1 << 20]).expect("writes");
        assert_eq!(recalled(&memory), None);
    }

    #[test]
    fn the_file_stays_small_and_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("kernels.json");
        let mut adapter = adapter();
        for number in 0..=MOST {
            adapter.name = format!("device {number}");
            Memory::new(&file, &adapter, None).keep(KERNEL);
        }
        let size = fs::metadata(&file).expect("the file").len();
        assert!(size < MOST_BYTES, "{size} bytes");
        // The first one made room for the last.
        assert_eq!(recalled(&Memory::new(&file, &adapter, None)), Some(KERNEL));
        adapter.name = "device 0".into();
        assert_eq!(recalled(&Memory::new(&file, &adapter, None)), None);
        let files = fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(files, 1, "a temporary file was left");
    }

    #[test]
    fn a_place_that_cannot_be_written_is_no_failure() {
        let folder = tempfile::tempdir().expect("a folder");
        let adapter = adapter();
        let memory = Memory::new(folder.path(), &adapter, None);
        memory.keep(KERNEL);
        assert_eq!(recalled(&memory), None);
    }
}
