// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A worker's process, and what it tells of itself.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use ni_client::types::GpuState;
use ni_worker::{
    history::{Entry, History, Outcome, beside},
    store::{Record, Store},
};
use serde_json::Value;
use test_network::{Follower, Miner, Process, patience};

use crate::books::Books;

/// What the log says where a GPU's work has ended.
const WORK_DONE: &str = "work done";

/// Time between two looks at a log.
const POLL: Duration = Duration::from_millis(100);

/// A worker that serves its metrics.
pub struct Worker {
    miner: Miner,
    process: Process,
    folder: PathBuf,
    urls: Vec<String>,
}

impl Worker {
    /// Starts it against these nodes, its files in this folder.
    ///
    /// # Errors
    /// Where its binary is missing.
    pub fn start(miner: Miner, urls: &[&str], folder: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            process: launch(&miner, urls, folder)?,
            miner,
            folder: folder.to_owned(),
            urls: urls.iter().map(|&url| url.to_owned()).collect(),
        })
    }

    /// What it was started as.
    pub fn miner(&self) -> &Miner {
        &self.miner
    }

    /// Its process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Kills it at once.
    ///
    /// # Errors
    /// Where the system refuses.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().await
    }

    /// Kills it at once and starts it again.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.kill().await?;
        let urls: Vec<_> = self.urls.iter().map(String::as_str).collect();
        self.process = launch(&self.miner, &urls, &self.folder)?;
        Ok(())
    }

    /// Everything that it has logged, over all its starts.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.process.log()).unwrap_or_default()
    }

    /// How many lines of its log hold `text`.
    pub fn said(&self, text: &str) -> usize {
        self.log()
            .lines()
            .filter(|line| line.contains(text))
            .count()
    }

    /// Waits until more than `before` lines of its log hold `text`.
    ///
    /// # Errors
    /// Where that does not happen in time, with the end of the log.
    pub async fn says(&self, text: &str, before: usize, within: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + patience(within);
        while self.said(text) <= before {
            if Instant::now() > deadline {
                bail!(
                    "{} does not say {text:?} within {within:?}{}",
                    self.miner.name,
                    self.process.tail()
                );
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// What became of its windows, as it has written down.
    ///
    /// # Errors
    /// Where its history cannot be read.
    pub fn history(&self) -> anyhow::Result<Vec<Entry>> {
        Ok(History::at(self.history_file()).entries()?)
    }

    /// Where it keeps its history.
    pub fn history_file(&self) -> PathBuf {
        beside(&self.store())
    }

    /// Where it keeps its commits.
    pub fn store(&self) -> PathBuf {
        self.miner.store(&self.folder)
    }

    /// The number of its process.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Asks its HTTP server for a page.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn page(&self, path: &str) -> anyhow::Result<String> {
        self.process.page(path).await
    }

    /// Kills it and looks at what it leaves.
    ///
    /// # Errors
    /// Where its files cannot be read, or the node does not answer.
    pub async fn end(mut self, follower: &Follower) -> anyhow::Result<Remains> {
        self.kill().await?;
        let account = self.miner.account()?;
        Ok(Remains {
            name: self.miner.name.clone(),
            books: Books::read(follower.blocks(), account),
            log: self.log(),
            history: self.history()?,
            stored: Store::open(&self.store())?.last(0)?,
            on_chain: follower.chain().best().await?.gpu(&account, 0).await?,
        })
    }

    /// The value of a metric with exactly these labels, as `{gpu="0"}`.
    ///
    /// # Errors
    /// Where it shows no such metric.
    pub async fn metric(&self, name: &str, labels: &str) -> anyhow::Result<f64> {
        let page = self.page("/metrics").await?;
        value(&page, name, labels).with_context(|| format!("it shows no {name}{labels} in\n{page}"))
    }
}

/// What a worker that has ended leaves, and what the chain says of it.
#[derive(Debug)]
pub struct Remains {
    /// What it was called.
    pub name: String,
    /// What the chain's events say.
    pub books: Books,
    /// All that it has logged.
    pub log: String,
    /// What became of its windows, as it has written down.
    pub history: Vec<Entry>,
    /// The last work in its store.
    pub stored: Option<Record>,
    /// What the chain's state says of its first GPU.
    pub on_chain: GpuState,
}

impl Remains {
    /// Whether each window is accounted for, and as the chain has it; in words
    /// what is not.
    pub fn differences(&self) -> Vec<String> {
        let mut differences = self.books.differences(0, &self.history);
        for entry in &self.history {
            let window = entry.window;
            let on_chain = self.books.gpus.get(&(window, 0));
            let paid = on_chain.map_or(0, |on_chain| on_chain.paid);
            match entry.outcome {
                Outcome::Credited { pay: Some(pay), .. } if paid > 0 && pay != paid => {
                    differences.push(format!("window {window}: {pay} noted, {paid} paid"));
                }
                Outcome::Credited { .. } => {}
                Outcome::Missed(reason) => {
                    let said = self
                        .log
                        .lines()
                        .any(|line| line.contains("missed: ") && line.contains(reason.name()));
                    if !said {
                        differences.push(format!("window {window}: {reason:?} is not in the log"));
                    }
                }
            }
        }
        differences
    }

    /// The share of the counted time that its first GPU has worked, by window, in
    /// thousandths: the rounds that it has shown, of those that it would have computed in
    /// all of that time as fast as it did. Of windows that were credited.
    pub fn worked_permille(&self) -> BTreeMap<u32, u64> {
        let mut worked = BTreeMap::new();
        for line in self.log.lines().filter(|line| line.contains(WORK_DONE)) {
            let Ok(line) = serde_json::from_str::<Value>(line) else {
                continue;
            };
            let number = |name: &str| line["fields"][name].as_u64();
            let (Some(window), Some(0), Some(busy_ms)) =
                (number("window"), number("gpu"), number("busy_ms"))
            else {
                continue;
            };
            let Ok(window) = u32::try_from(window) else {
                continue;
            };
            let counted = self.books.counted_ms.get(&window).filter(|ms| **ms > 0);
            if let Some(counted_ms) = counted.filter(|_| self.is_credited(window)) {
                worked.insert(window, busy_ms * 1_000 / counted_ms);
            }
        }
        worked
    }

    /// Whether a window was credited.
    pub fn is_credited(&self, window: u32) -> bool {
        let on_chain = self.books.gpus.get(&(window, 0));
        on_chain.is_some_and(|on_chain| !on_chain.credits.is_empty())
    }
}

/// The value of a metric on a page.
pub fn value(page: &str, name: &str, labels: &str) -> Option<f64> {
    page.lines()
        .find_map(|line| {
            line.strip_prefix(name)?
                .strip_prefix(labels)?
                .strip_prefix(' ')
        })?
        .trim()
        .parse()
        .ok()
}

fn launch(miner: &Miner, urls: &[&str], folder: &Path) -> anyhow::Result<Process> {
    miner.start_with(urls, folder, &["--metrics=127.0.0.1:0"])
}

#[cfg(test)]
mod tests {
    use ni_client::events::Event;

    use super::*;

    #[test]
    fn the_share_worked_is_told_of_windows_that_were_credited() {
        let hotkey = [1; 32];
        let block = |number, events| test_network::Block {
            number,
            hash: Default::default(),
            events,
            ledger: test_network::Ledger::new(0),
        };
        let sampling = |window| Event::WindowSampling {
            window,
            elapsed_ms: 44_000,
        };
        let verified = Event::Verified {
            hotkey,
            gpu: 0,
            window: 4,
            mops: 3,
            gib: 0,
            gbps: 0,
        };
        let done = |window: u32, gpu: u32, busy: u32| {
            format!(
                r#"{{"fields":{{"message":"work done","window":{window},"gpu":{gpu},"rounds":9,"busy_ms":{busy}}}}}"#
            )
        };
        let log = [done(4, 0, 41_800), done(4, 1, 1), done(5, 0, 40_000)].join("\n");
        let remains = Remains {
            name: "steady".into(),
            books: Books::read(
                &[block(1, vec![sampling(4), verified, sampling(5)])],
                hotkey,
            ),
            log: format!("{log}\nwork done, but not in JSON\n"),
            history: Vec::new(),
            stored: None,
            on_chain: GpuState::default(),
        };
        assert_eq!(remains.worked_permille(), BTreeMap::from([(4, 950)]));
    }

    #[test]
    fn metrics_are_read_by_name_and_labels() {
        let page = "HTTP/1.1 200 OK\n\n# HELP a_total x\na_total{gpu=\"0\"} 7\na 2.5\n";
        assert_eq!(value(page, "a_total", "{gpu=\"0\"}"), Some(7.0));
        assert_eq!(value(page, "a", ""), Some(2.5));
        assert_eq!(value(page, "a_total", ""), None);
        assert_eq!(value(page, "b", ""), None);
    }
}
