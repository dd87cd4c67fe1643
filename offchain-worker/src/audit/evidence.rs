// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Evidence of a dishonest reveal: a bundle as `ni-worker verify` reads it, with a
//! section that says where to look and where on the chain it comes from.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use proof_of_gpu_primitives::{
    ChallengeInput, Hash, SoftwareSha256, bundle::BundleError, challenge,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

pub use super::proven::Proven;
use super::{
    recompute::Contradiction,
    reveal::Revealed,
    verdict::{Finding, MOST_CONTRADICTIONS, Verdict},
};
use ni_client::keys;

/// The field of a bundle that holds the section.
const SECTION: &str = "evidence";

/// What an auditor says about a reveal. Not believed: `verify` derives the challenge and
/// computes the contradictions again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Block 0's hash.
    pub genesis_hash: Hexadecimal,
    /// The window.
    pub window: u32,
    /// The window's beacon.
    pub beacon: Hexadecimal,
    /// The miner's hotkey.
    pub account: Hexadecimal,
    /// The same in SS58, for the reader.
    pub address: String,
    /// Its GPU.
    pub gpu: u32,
    /// Whether the chain accepted the reveal.
    pub accepted: bool,
    /// The block that holds the reveal.
    pub block: u64,
    /// That block's hash.
    pub block_hash: Hexadecimal,
    /// The call's place in the block.
    pub extrinsic: u32,
    /// What was found, in words.
    pub finding: String,
    /// What is contradicted.
    pub contradictions: Vec<Place>,
}

/// A place where the reveal is said to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// A sub-tile of an opened tile.
    SubTile {
        /// The round.
        round: u32,
        /// The tile in the round.
        tile: u32,
        /// The sub-tile in the tile.
        sub_tile: u32,
        /// The fold revealed.
        claimed: u32,
        /// The fold of the product.
        computed: u32,
    },
    /// Tiles beside an opened one.
    Tiles {
        /// The round.
        round: u32,
        /// The first of the tiles.
        first_tile: u32,
        /// The last of them.
        last_tile: u32,
        /// Their hash as revealed.
        claimed: Hexadecimal,
        /// Their hash by the product.
        computed: Hexadecimal,
    },
}

impl From<&Contradiction> for Place {
    fn from(found: &Contradiction) -> Self {
        match *found {
            Contradiction::SubTile {
                round,
                tile,
                sub_tile,
                claimed,
                computed,
            } => Self::SubTile {
                round,
                tile,
                sub_tile,
                claimed,
                computed,
            },
            Contradiction::Tiles {
                round,
                first,
                last,
                claimed,
                computed,
            } => Self::Tiles {
                round,
                first_tile: first,
                last_tile: last,
                claimed: Hexadecimal(claimed),
                computed: Hexadecimal(computed),
            },
        }
    }
}

impl Place {
    /// The round, and the opened tile where it is of one.
    pub const fn round_and_tile(&self) -> (u32, Option<u32>) {
        match *self {
            Self::SubTile { round, tile, .. } => (round, Some(tile)),
            Self::Tiles { round, .. } => (round, None),
        }
    }
}

/// 32 bytes as 0x-prefixed hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hexadecimal(pub Hash);

impl Serialize for Hexadecimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("0x{}", hex::encode(self.0)))
    }
}

impl<'de> Deserialize<'de> for Hexadecimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut hash = Hash::default();
        text.strip_prefix("0x")
            .filter(|digits| hex::decode_to_slice(digits, &mut hash).is_ok())
            .map(|_| Self(hash))
            .ok_or_else(|| D::Error::custom("expected 0x and 64 hexadecimal digits"))
    }
}

/// A bundle of a reveal, with what was found about it.
///
/// # Errors
/// None that is known: what is written is texts, numbers and lists.
pub fn document(revealed: &Revealed, verdict: &Verdict) -> Result<String, serde_json::Error> {
    let found: &[_] = match &verdict.finding {
        Finding::Dishonest(found) => found,
        _ => &[],
    };
    let evidence = Evidence {
        genesis_hash: Hexadecimal(revealed.genesis_hash),
        window: revealed.window,
        beacon: Hexadecimal(revealed.beacon),
        account: Hexadecimal(revealed.account),
        address: keys::address(&revealed.account),
        gpu: revealed.gpu,
        accepted: revealed.accepted,
        block: revealed.block,
        block_hash: Hexadecimal(revealed.block_hash),
        extrinsic: revealed.extrinsic,
        finding: verdict.to_string(),
        contradictions: found.iter().map(Place::from).collect(),
    };
    let mut document: Value = serde_json::from_str(&revealed.proven().to_json())?;
    document[SECTION] = serde_json::to_value(evidence)?;
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// Reads a bundle and its section of evidence, where it has one.
///
/// # Errors
/// Those of [`Proven::from_json`]; [`BundleError::Malformed`] too where the section is
/// not of its form, or names more places than an auditor does.
pub fn read(text: &[u8]) -> Result<(Proven, Option<Evidence>), BundleError> {
    #[derive(Deserialize)]
    struct Section {
        evidence: Option<Evidence>,
    }
    // First: it bounds the text.
    let proven = Proven::from_json(text)?;
    let malformed = |cause: String| BundleError::Malformed(cause);
    let section: Section =
        serde_json::from_slice(text).map_err(|error| malformed(error.to_string()))?;
    match &section.evidence {
        Some(evidence) if evidence.contradictions.len() > MOST_CONTRADICTIONS => Err(malformed(
            format!("evidence of more than {MOST_CONTRADICTIONS} contradictions"),
        )),
        _ => Ok((proven, section.evidence)),
    }
}

impl Evidence {
    /// Whether the bundle's challenge is that of the account, GPU and window named. Without
    /// a product there is nothing that evidence is about.
    pub fn is_of(&self, proven: &Proven) -> bool {
        proven.product().is_some_and(|product| {
            let derived = challenge::<SoftwareSha256>(&ChallengeInput {
                genesis_hash: self.genesis_hash.0,
                window: self.window,
                beacon: self.beacon.0,
                account: self.account.0,
                gpu: self.gpu,
                workload: product.claim.workload,
            });
            derived == proven.challenge()
        })
    }
}

/// A folder of evidence, of which the newest so many files are kept.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    kept: usize,
}

impl Folder {
    /// Opens the folder, creating it where there is none.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn open(path: &Path, kept: usize) -> std::io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self {
            path: path.to_owned(),
            kept: kept.max(1),
        })
    }

    /// Writes a bundle with its evidence and returns its path. Never half a file: it gets
    /// its name once it is on disk. The oldest make room.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn keep(&self, revealed: &Revealed, verdict: &Verdict) -> std::io::Result<PathBuf> {
        let name = format!(
            "window-{:010}-{}-{}.json",
            revealed.window,
            keys::address(&revealed.account),
            revealed.gpu
        );
        let path = self.path.join(name);
        let unfinished = path.with_extension("part");
        let mut file = File::create(&unfinished)?;
        file.write_all(document(revealed, verdict)?.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        self.make_room()?;
        Ok(path)
    }

    /// Names begin with the window, so the oldest are first in their order.
    fn make_room(&self) -> std::io::Result<()> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let text = name.to_string_lossy();
            if text.starts_with("window-") && text.ends_with(".json") {
                names.push(name);
            }
        }
        names.sort_unstable();
        for name in names.iter().take(names.len().saturating_sub(self.kept)) {
            tracing::warn!(file = %name.display(), "removing the oldest evidence to make room");
            fs::remove_file(self.path.join(name))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{
        fabricated::{self, Lie},
        verdict::judge,
    };
    use proof_of_gpu_primitives::prover::CpuEngine;

    fn judged(lie: Lie) -> (Revealed, Verdict) {
        let revealed = fabricated::revealed(lie);
        let verdict = judge(&revealed, &mut CpuEngine::new(), true, 16).expect("it computes");
        (revealed, verdict)
    }

    #[test]
    fn a_document_is_a_bundle_and_says_what_of() {
        for lie in [Lie::None, Lie::SubTile, Lie::Tile] {
            let (revealed, verdict) = judged(lie);
            let text = document(&revealed, &verdict).expect("it is written");
            let (bundle, evidence) = read(text.as_bytes()).expect("it is read");
            assert_eq!(bundle, Proven::Product(revealed.bundle()));
            assert_eq!(revealed.bundle().verify(), Ok(()));
            let mut evidence = evidence.expect("it has the section");
            assert!(evidence.is_of(&bundle));
            assert_eq!(evidence.block, revealed.block);
            assert_eq!(evidence.contradictions.is_empty(), lie == Lie::None);
            evidence.account.0[0] ^= 1;
            assert!(!evidence.is_of(&bundle));
        }
    }

    #[test]
    fn a_document_of_a_walk_is_a_bundle_of_both() {
        let revealed = fabricated::walked();
        let verdict = judge(&revealed, &mut CpuEngine::new(), true, 16).expect("it computes");
        assert_eq!(verdict.finding, Finding::Honest);
        let text = document(&revealed, &verdict).expect("it is written");
        let (proven, evidence) = read(text.as_bytes()).expect("it is read");
        assert_eq!(proven, revealed.proven());
        let mut evidence = evidence.expect("it has the section");
        assert!(evidence.is_of(&proven));
        evidence.gpu += 1;
        assert!(!evidence.is_of(&proven));
    }

    #[test]
    fn a_bundle_without_the_section_has_none_and_too_long_a_one_is_refused() {
        let (revealed, verdict) = judged(Lie::SubTile);
        let plain = revealed.bundle().to_json();
        assert_eq!(read(plain.as_bytes()).expect("a bundle").1, None);

        let text = document(&revealed, &verdict).expect("it is written");
        let mut long: Value = serde_json::from_str(&text).expect("JSON");
        let one = long[SECTION]["contradictions"][0].clone();
        long[SECTION]["contradictions"] = vec![one; MOST_CONTRADICTIONS + 1].into();
        let mut broken: Value = serde_json::from_str(&text).expect("JSON");
        broken[SECTION]["account"] = "0x12".into();
        for wrong in [long, broken] {
            let refused = read(wrong.to_string().as_bytes());
            assert!(matches!(refused, Err(BundleError::Malformed(_))));
        }
    }

    #[test]
    fn the_oldest_make_room() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("evidence");
        let kept = Folder::open(&path, 2).expect("a folder");
        let (mut revealed, verdict) = judged(Lie::None);
        fs::write(path.join("notes.txt"), "mine").expect("a file of the user's");
        let mut written = Vec::new();
        for window in [9, 10, 1_000] {
            revealed.window = window;
            written.push(kept.keep(&revealed, &verdict).expect("written"));
        }
        assert_eq!(
            written
                .iter()
                .map(|file| file.is_file())
                .collect::<Vec<_>>(),
            [false, true, true]
        );
        assert!(path.join("notes.txt").is_file());
        assert_eq!(fs::read_dir(&path).expect("readable").count(), 3);
    }
}
