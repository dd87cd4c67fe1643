// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Tells what was found: in the log, the metrics, the summary, the export and evidence.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tracing::{error, info};

use super::{
    Settings, Summary,
    alert::Alerts,
    evidence::Folder,
    export::{self, Exporter},
    meters,
    reveal::Revealed,
    stop::Stop,
    verdict::{Finding, Verdict},
};
use crate::exit::{Exit, Failure, OrExit};
use ni_client::keys;

/// Whoever is told what was found.
pub(super) struct Teller {
    evidence: Folder,
    exporter: Option<Exporter>,
    alerts: Alerts,
    summary: Summary,
}

impl Teller {
    /// As these settings have it, evidence in a folder beside the store at `path` where
    /// they name none.
    pub(super) fn new(settings: &Settings, path: &Path) -> Result<(Self, PathBuf), Failure> {
        let folder = settings
            .evidence
            .clone()
            .unwrap_or_else(|| path.with_extension("evidence"));
        let evidence = Folder::open(&folder, settings.kept_evidence).or_exit(
            Exit::File,
            format!("cannot keep evidence in {}", folder.display()),
        )?;
        let exporter = settings
            .export
            .as_deref()
            .map(|path| {
                let cannot = format!("cannot export to {}", path.display());
                Exporter::open(path).or_exit(Exit::File, cannot)
            })
            .transpose()?;
        let teller = Self {
            evidence,
            exporter,
            alerts: Alerts::start(settings.alert.clone()),
            summary: Summary::default(),
        };
        Ok((teller, folder))
    }

    /// What came of auditing so far.
    pub(super) fn summary(&self) -> Summary {
        self.summary
    }

    /// A window is over.
    pub(super) fn window_over(&mut self) {
        self.summary.windows += 1;
    }

    /// Tells of a verdict on a reveal that was judged: evidence first, where somebody has
    /// to be told at once.
    pub(super) fn judged(&mut self, revealed: &Revealed, verdict: &Verdict) -> Result<(), Stop> {
        let mut evidence = None;
        if verdict.finding.is_alarming() {
            let path = self.evidence.keep(revealed, verdict).or_exit(
                Exit::File,
                format!("cannot write evidence of \"{verdict}\""),
            );
            let path = path.map_err(Stop::Failed)?;
            error!(
                window = verdict.window,
                hotkey = keys::address(&verdict.account),
                gpu = verdict.gpu,
                block = verdict.block,
                evidence = %path.display(),
                "THE CHAIN IS CONTRADICTED: {verdict}; show it with `ni-worker verify {}`",
                path.display()
            );
            self.alerts.tell(&path);
            evidence = Some(path);
        }
        meters::judged(verdict);
        self.tell(verdict, evidence.as_deref())
    }

    /// Tells of a verdict in log, metrics, summary and export.
    pub(super) fn tell(&mut self, verdict: &Verdict, evidence: Option<&Path>) -> Result<(), Stop> {
        meters::verdict(verdict.finding.name());
        match &verdict.finding {
            Finding::Honest => self.summary.honest += 1,
            Finding::Dishonest(_) | Finding::Disputed(_) => self.summary.alarming += 1,
            Finding::Missed => self.summary.missed += 1,
            Finding::Refused(_) | Finding::Skipped(_) => {}
        }
        info!(
            window = verdict.window,
            hotkey = keys::address(&verdict.account),
            gpu = verdict.gpu,
            tiles = verdict.checked_tiles,
            rounds = verdict.recomputed_rounds,
            "{verdict}"
        );
        self.export(&export::verdict(verdict, evidence))
    }

    /// Appends a line to the export, where there is one.
    pub(super) fn export(&self, line: &Value) -> Result<(), Stop> {
        let Some(exporter) = &self.exporter else {
            return Ok(());
        };
        exporter
            .write(line)
            .or_exit(Exit::File, "cannot export what was seen")
            .map_err(Stop::Failed)
    }
}
