// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The disk of one of four is full: a small file system in memory, which only root
//! can make, filled to the last byte.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
};

use anyhow::{Context, bail, ensure};
use test_network::patience;
use tokio::time::Instant;

use super::{Outcome, completed, snapshot::copy_folder};
use crate::{
    lab::{Lab, PATIENCE, POLL, WITNESS},
    network::others,
};

/// Whose disk it is.
const VICTIM: usize = 3;

/// Its size, in MiB: more than a database begins with.
const SIZE: u64 = 512;

/// What a node says that cannot write, one of these.
const COMPLAINTS: [&str; 3] = ["No space left", "StorageFull", "storage full"];

/// A file system in memory. Gone with this value.
struct Disk {
    at: PathBuf,
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whoever still has a file open keeps it until then.
        let _ = Command::new("umount").arg("--lazy").arg(&self.at).status();
    }
}

impl Disk {
    /// Makes one in this folder; `None` where the system does not let us.
    fn mount(at: &Path) -> anyhow::Result<Option<Self>> {
        let output = Command::new("mount")
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={SIZE}m"))
            .arg("ni-network-faults")
            .arg(at)
            .output()?;
        Ok(output.status.success().then(|| Self { at: at.to_owned() }))
    }

    /// The file that takes all the room.
    fn ballast(&self) -> PathBuf {
        self.at.join("ballast")
    }

    /// Fills it. Returns how many bytes that took.
    fn fill(&self) -> anyhow::Result<u64> {
        let mut file = File::create(self.ballast())?;
        // In ever smaller pieces, so that nothing is left.
        for piece in [1 << 20, 1 << 12, 1] {
            let zeros = vec![0; piece];
            loop {
                match file.write(&zeros) {
                    Ok(0) => break,
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => bail!("the disk cannot be filled: {error}"),
                }
            }
        }
        Ok(file.metadata()?.len())
    }
}

pub(super) async fn run(lab: &mut Lab) -> anyhow::Result<Outcome> {
    let base = lab.network.validator(VICTIM).base().to_owned();
    let saved = base.with_extension("saved");
    lab.network.kill(VICTIM).await?;
    fs::rename(&base, &saved)?;
    fs::create_dir(&base)?;
    let Some(disk) = Disk::mount(&base)? else {
        fs::remove_dir(&base)?;
        fs::rename(&saved, &base)?;
        lab.start_again(VICTIM, &[]).await?;
        return Ok(Outcome::Skipped(
            "a small file system in memory can only be mounted by root".to_owned(),
        ));
    };
    copy_folder(&saved, &base)?;
    fs::remove_dir_all(&saved)?;
    lab.start_again(VICTIM, &[]).await?;
    lab.connected(&[0, 1, 2, 3], 3).await?;

    let (window, _) = lab.opening().await?;
    lab.all_work_on(window).await?;
    let before = lab.network.log(VICTIM).len();
    let filled = disk.fill()?;
    let (full_at, _) = lab.best(WITNESS).await?;
    let deadline = Instant::now() + patience(PATIENCE);
    while fate(lab, before)? == (None, None) && Instant::now() < deadline {
        tokio::time::sleep(POLL).await;
    }
    completed(lab, window).await?;
    let (closed_at, _) = lab.best(WITNESS).await?;
    lab.all_final(&others(&[VICTIM]), closed_at).await?;
    let (ended, complaint) = fate(lab, before)?;
    ensure!(
        ended.is_some() || complaint.is_some(),
        "the node with a full disk says nothing and goes on"
    );
    // Space is given.
    lab.network.kill(VICTIM).await?;
    fs::remove_file(disk.ballast())?;
    lab.start_again(VICTIM, &[]).await?;
    lab.connected(&[0, 1, 2, 3], 3).await?;
    lab.paid(window).await?;
    let (back_at, _) = lab.best(WITNESS).await?;
    lab.all_final(&[VICTIM], back_at).await?;
    // Its database moves to where it was, for what comes after.
    lab.network.kill(VICTIM).await?;
    copy_folder(&base, &saved)?;
    drop(disk);
    fs::remove_dir(&base).context("the file system in memory is still there")?;
    fs::rename(&saved, &base)?;
    lab.start_again(VICTIM, &[]).await?;
    lab.connected(&[0, 1, 2, 3], 3).await?;
    let fate = match ended {
        Some(status) => format!("the node ended ({status})"),
        None => "the node stayed, without taking part".to_owned(),
    };
    Ok(Outcome::Held(vec![
        format!(
            "Full at block {full_at}, with {} MiB of ballast: {fate}, having said: {}.",
            filled >> 20,
            complaint.unwrap_or_else(|| "nothing".to_owned())
        ),
        format!(
            "The others completed window {window} by block {closed_at} and hold that final; every \
             worker was credited in it and paid."
        ),
        format!(
            "With space again and started again, its database was sound: it took what it had \
             missed, and holds block {back_at} final as the others do."
        ),
    ]))
}

/// Whether the node has ended, and what it has complained of since its log was so long.
fn fate(lab: &mut Lab, logged: usize) -> anyhow::Result<(Option<ExitStatus>, Option<String>)> {
    let ended = match lab.network.validator(VICTIM).process() {
        Some(process) => process.ended()?,
        None => None,
    };
    let log = lab.network.log(VICTIM);
    Ok((ended, complaint(log.get(logged..).unwrap_or_default())))
}

/// The first line that complains.
fn complaint(log: &str) -> Option<String> {
    log.lines()
        .find(|line| COMPLAINTS.iter().any(|text| line.contains(text)))
        .map(|line| format!("`{}`", line.trim().replace('`', "'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_found_among_other_lines() {
        let log = "imported block 3\nerror: No space left on device (os error 28)\n";
        assert_eq!(
            complaint(log).expect("it complains"),
            "`error: No space left on device (os error 28)`"
        );
        assert_eq!(complaint("imported block 3"), None);
    }
}
