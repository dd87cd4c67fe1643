// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! One of four loses its disk, and is set up again from a copy that was made before.

use std::{fs, path::Path};

use anyhow::{Context, ensure};

use super::completed;
use crate::lab::Lab;

/// Who loses its disk.
const VICTIM: usize = 3;

pub(super) async fn run(lab: &mut Lab) -> anyhow::Result<Vec<String>> {
    let base = lab.network.validator(VICTIM).base().to_owned();
    let copy = base.with_extension("copy");
    lab.network.kill(VICTIM).await?;
    copy_folder(&base, &copy)?;
    lab.start_again(VICTIM, &[]).await?;
    let (copied_at, _) = lab.best(VICTIM).await?;
    // It goes on, and votes on blocks that the copy knows nothing of.
    let (window, _) = lab.opening().await?;
    completed(lab, window).await?;
    let (lost_at, _) = lab.best(0).await?;
    lab.all_final(&[VICTIM], lost_at).await?;
    lab.network.kill(VICTIM).await?;
    fs::remove_dir_all(&base)?;
    fs::rename(&copy, &base)?;
    lab.start_again(VICTIM, &[]).await?;
    let (woke_at, _) = lab.finalized(VICTIM).await?;
    ensure!(
        woke_at < lost_at,
        "the copy knows block {woke_at}, which it was made before"
    );
    lab.all_final(&[VICTIM], lost_at).await?;
    lab.connected(&[0, 1, 2, 3], 3).await?;
    lab.paid(window).await?;
    Ok(vec![format!(
        "Copied at block {copied_at}; its disk was lost at block {lost_at}, which it held final. \
         From the copy it knew block {woke_at} as final, took what came after, and holds the same \
         chain final as before. Window {window} was completed meanwhile; every worker was credited \
         in it and paid."
    )])
}

/// Copies a folder with all that is in it.
pub(super) fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_everything() {
        let folder = tempfile::tempdir().expect("a folder");
        let from = folder.path().join("from");
        fs::create_dir_all(from.join("deep/er")).expect("folders");
        fs::write(from.join("deep/er/file"), "x").expect("a file");
        let to = folder.path().join("to");
        copy_folder(&from, &to).expect("copied");
        assert_eq!(fs::read(to.join("deep/er/file")).expect("there"), b"x");
        assert!(copy_folder(&folder.path().join("none"), &to).is_err());
    }
}
