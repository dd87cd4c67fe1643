// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What an auditor saw, as lines of JSON appended to a file: the form is that of
//! docs/worker-audit.md, and stable.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    calibration::Published,
    committed::Gpu,
    evidence::{Hexadecimal, Place},
    verdict::{Finding, Verdict},
};
use ni_client::{keys, types::Role};

/// Version of the lines' form; a new one where a field changes its meaning or goes.
pub const VERSION: u32 = 1;

/// The file. It is opened for each write, so that it can be moved away while the auditor
/// runs.
#[derive(Clone, Debug)]
pub struct Exporter {
    path: PathBuf,
}

impl Exporter {
    /// Takes the file, creating it where there is none. A last line that was cut off, by
    /// a kill or a full disk, is removed, where the lines before it are an auditor's.
    ///
    /// # Errors
    /// Those of the file system, and [`io::ErrorKind::InvalidData`] for a file that holds
    /// something else, which stays as it is.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let length = file.metadata()?.len();
        let whole = end_of_last_line(&mut file, length)?;
        if length > 0 {
            let last = end_of_last_line(&mut file, whole.saturating_sub(1))?;
            let ours = is_ours(&mut file, 0, whole)? && is_ours(&mut file, last, whole)?;
            let torn = whole < length && first_byte(&mut file, whole)? != b'{';
            if !ours || torn {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "it holds something else than an auditor's lines: name another file",
                ));
            }
            file.set_len(whole)?;
        }
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Appends a line, all of it at once.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self, line: &Value) -> io::Result<()> {
        let mut text = line.to_string();
        text.push('\n');
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)?;
        let before = file.metadata()?.len();
        file.write_all(text.as_bytes()).inspect_err(|_| {
            // A part of a line on a full disk; what cannot be removed the next start does.
            let _ = file.set_len(before);
        })
    }
}

/// Longest line that is read again: one of a verdict lists what was found.
const LONGEST_LINE: u64 = 16 << 20;

/// Whether the line that begins at `start`, before `end`, is one of [`line`].
fn is_ours(file: &mut File, start: u64, end: u64) -> io::Result<bool> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    io::BufReader::new((&mut *file).take((end - start).min(LONGEST_LINE)))
        .read_until(b'\n', &mut bytes)?;
    Ok(serde_json::from_slice::<Value>(&bytes)
        .is_ok_and(|line| line["version"].is_u64() && line["kind"].is_string()))
}

fn first_byte(file: &mut File, at: u64) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// Bytes up to the end of the last whole line of a file's first `end` bytes.
fn end_of_last_line(file: &mut File, mut end: u64) -> io::Result<u64> {
    const STEP: u64 = 4096;
    while end > 0 {
        let start = end.saturating_sub(STEP);
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        (&mut *file).take(end - start).read_to_end(&mut bytes)?;
        if let Some(place) = bytes.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + place as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn line(kind: &str, mut fields: Value) -> Value {
    fields["version"] = VERSION.into();
    fields["kind"] = kind.into();
    fields
}

#[derive(Serialize)]
struct VerdictFields<'a> {
    block: u64,
    window: u32,
    account: String,
    gpu: u32,
    finding: &'a str,
    reason: Option<&'a str>,
    rounds: u32,
    opened_rounds: u32,
    checked_tiles: u32,
    recomputed_rounds: u32,
    contradictions: Vec<Place>,
    evidence: Option<String>,
}

/// The line of a verdict; `evidence` is the file written for it.
pub fn verdict(verdict: &Verdict, evidence: Option<&Path>) -> Value {
    let (reason, found): (_, &[_]) = match &verdict.finding {
        Finding::Dishonest(found) => (None, found),
        Finding::Refused(reason) | Finding::Disputed(reason) | Finding::Skipped(reason) => {
            (Some(reason.as_str()), &[])
        }
        Finding::Honest | Finding::Missed => (None, &[]),
    };
    let fields = VerdictFields {
        block: verdict.block,
        window: verdict.window,
        account: keys::address(&verdict.account),
        gpu: verdict.gpu,
        finding: verdict.finding.name(),
        reason,
        rounds: verdict.rounds,
        opened_rounds: verdict.opened_rounds,
        checked_tiles: verdict.checked_tiles,
        recomputed_rounds: verdict.recomputed_rounds,
        contradictions: found.iter().map(Place::from).collect(),
        evidence: evidence.map(|path| path.display().to_string()),
    };
    line("verdict", json!(fields))
}

/// The line of a report, and what came of it: `sent`, `failed` or `unprofitable`. Amounts
/// are in the smallest unit.
pub fn report(gpu: &Gpu, outcome: &str, bounty: u128, fee: Option<u128>) -> Value {
    line(
        "report",
        json!({
            "window": gpu.window,
            "account": keys::address(&gpu.account),
            "gpu": gpu.gpu,
            "outcome": outcome,
            "bounty": bounty.to_string(),
            "fee": fee.map(|fee| fee.to_string()),
        }),
    )
}

/// The line of a slash for a missed reveal that the chain has made.
pub fn slashed(gpu: &Gpu, block: u64, slashed: u128, reporter: Option<&[u8; 32]>) -> Value {
    line(
        "slashed",
        json!({
            "block": block,
            "window": gpu.window,
            "account": keys::address(&gpu.account),
            "gpu": gpu.gpu,
            "slashed": slashed.to_string(),
            "reporter": reporter.map(keys::address),
        }),
    )
}

/// The line of a window's end.
pub fn window(window: u32, block: u64) -> Value {
    line("window", json!({ "window": window, "block": block }))
}

/// The line of blocks that could not be read.
pub fn gap(from: u64, to: u64) -> Value {
    line("gap", json!({ "from": from, "to": to }))
}

/// The line of a calibration, published or to be.
pub fn calibration(published: &Published) -> Value {
    let one = &published.calibration;
    line(
        "calibration",
        json!({
            "block": published.block,
            "account": keys::address(&published.signer),
            "role": published.role.map(|role| match role {
                Role::Miner => "miner",
                Role::Validator => "validator",
            }),
            "window": one.window,
            "device": one.device.as_str(),
            "driver": one.driver.as_str(),
            "kernel": one.kernel.as_str(),
            "workload": one.workload.to_string(),
            "rounds": one.rounds,
            "ms": one.ms,
            "mops": one.mops,
            "root": Hexadecimal(one.root),
        }),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::audit::{
        calibration::{Calibration, Name},
        fabricated::{self, Lie},
        recompute::Contradiction,
        verdict::Verdict,
    };
    use proof_of_gpu_primitives::Workload;

    /// The form that others read: this test changes only with [`VERSION`], or where a
    /// field is added.
    #[test]
    fn lines_have_the_documented_form() {
        let revealed = fabricated::revealed(Lie::None);
        let found = Finding::Dishonest(vec![Contradiction::SubTile {
            round: 3,
            tile: 5,
            sub_tile: 42,
            claimed: 1,
            computed: 2,
        }]);
        let account = keys::address(&[3; 32]);
        let dishonest = Verdict {
            opened_rounds: 7,
            checked_tiles: 8,
            recomputed_rounds: 4,
            ..Verdict::without_work(&revealed, found)
        };
        assert_eq!(
            verdict(&dishonest, Some(Path::new("/e/w.json"))),
            json!({
                "version": 1, "kind": "verdict", "block": 99, "window": 7,
                "account": account, "gpu": 1, "finding": "dishonest", "reason": null,
                "rounds": 13, "opened_rounds": 7, "checked_tiles": 8, "recomputed_rounds": 4,
                "contradictions": [
                    {"round": 3, "tile": 5, "sub_tile": 42, "claimed": 1, "computed": 2}
                ],
                "evidence": "/e/w.json",
            })
        );
        let gpu = Gpu {
            window: 7,
            account: [3; 32],
            gpu: 1,
        };
        assert_eq!(
            report(&gpu, "sent", 50, Some(2)),
            json!({
                "version": 1, "kind": "report", "window": 7, "account": account, "gpu": 1,
                "outcome": "sent", "bounty": "50", "fee": "2",
            })
        );
        assert_eq!(
            slashed(&gpu, 9, 500, Some(&[3; 32])),
            json!({
                "version": 1, "kind": "slashed", "block": 9, "window": 7, "account": account,
                "gpu": 1, "slashed": "500", "reporter": account,
            })
        );
        assert_eq!(
            window(7, 9),
            json!({"version": 1, "kind": "window", "window": 7, "block": 9})
        );
        assert_eq!(
            gap(7, 9),
            json!({"version": 1, "kind": "gap", "from": 7, "to": 9})
        );
        let published = Published {
            block: 9,
            signer: [3; 32],
            role: Some(Role::Validator),
            calibration: Calibration {
                window: 7,
                device: Name::of("d"),
                driver: Name::of("v"),
                kernel: Name::of("k"),
                workload: Workload::new(64, 64, 128),
                rounds: 5,
                ms: 6,
                mops: 0,
                root: [0xab; 32],
            },
        };
        assert_eq!(
            calibration(&published),
            json!({
                "version": 1, "kind": "calibration", "block": 9, "account": account,
                "role": "validator", "window": 7, "device": "d", "driver": "v",
                "kernel": "k", "workload": "64x64x128", "rounds": 5, "ms": 6, "mops": 0,
                "root": format!("0x{}", "ab".repeat(32)),
            })
        );
    }

    #[test]
    fn a_file_of_another_program_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("seen.jsonl");
        let own = window(1, 1);
        for foreign in [
            // A list of one line without its end, as other programs write JSON.
            "{\"accounts\": [1, 2, 3]}".to_owned(),
            own.to_string(),
            "{\"accounts\": 1}\n{\"accounts\": 2".to_owned(),
            "notes\n".to_owned(),
            "\n".to_owned(),
            format!("{own}\nnotes\n"),
            format!("notes\n{own}\n"),
            format!("{own}\nnotes"),
            format!("\u{feff}{own}\n"),
        ] {
            fs::write(&path, &foreign).expect("written");
            let refused = Exporter::open(&path).expect_err("refused");
            assert_eq!(refused.kind(), io::ErrorKind::InvalidData, "{foreign}");
            assert_eq!(fs::read_to_string(&path).expect("readable"), foreign);
        }
        for own in [
            String::new(),
            format!("{own}\n"),
            format!("{own}\n{own}\n{{"),
        ] {
            fs::write(&path, &own).expect("written");
            Exporter::open(&path).expect("its own");
        }
    }

    #[test]
    fn lines_are_appended_and_a_torn_one_is_removed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("seen.jsonl");
        let exporter = Exporter::open(&path).expect("a new file");
        for number in 0..3 {
            exporter.write(&window(number, 1)).expect("written");
        }
        drop(exporter);
        let whole = fs::read_to_string(&path).expect("readable");
        assert_eq!(whole.lines().count(), 3);

        // Cut off in the middle of a line, also of one longer than what is read at once.
        let next = format!("{{\"account\":\"{}\"}}", "x".repeat(6_000));
        for torn in [1, 9, 5_000] {
            let mut text = whole.clone();
            text.push_str(&next[..torn]);
            fs::write(&path, &text).expect("written");
            let exporter = Exporter::open(&path).expect("the same file");
            assert_eq!(fs::read_to_string(&path).expect("readable"), whole);
            drop(exporter);
        }

        // Moved away while it runs: the next line begins a new file.
        let exporter = Exporter::open(&path).expect("the same file");
        fs::rename(&path, folder.path().join("seen.1")).expect("moved");
        exporter.write(&window(4, 1)).expect("written");
        let text = fs::read_to_string(&path).expect("readable");
        assert_eq!(text.lines().count(), 1);
    }
}
