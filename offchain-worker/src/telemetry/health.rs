// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whether a worker does its job, and what hinders it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// Longest time without a new block before a worker counts as unhealthy.
const SILENCE: Duration = Duration::from_secs(120);

/// One GPU.
#[derive(Clone, Debug)]
struct GpuHealth {
    name: String,
    fault: Option<String>,
    hindrance: Option<String>,
}

impl GpuHealth {
    fn is_in_service(&self) -> bool {
        self.fault.is_none() && self.hindrance.is_none()
    }
}

#[derive(Debug)]
struct State {
    node: Option<String>,
    lost: Option<String>,
    best: Option<(u32, Instant)>,
    window: Option<u32>,
    gpus: Vec<GpuHealth>,
}

/// What a worker knows of its own state, written by its tasks and read by the
/// server.
#[derive(Debug)]
pub struct Health {
    started: Instant,
    state: Mutex<State>,
}

/// What [`Health`] says at one moment.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Whether the worker does its job.
    pub healthy: bool,
    /// The same with its reasons, as `/healthz` answers.
    pub body: Value,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            state: Mutex::new(State {
                node: None,
                lost: None,
                best: None,
                window: None,
                gpus: Vec::new(),
            }),
        }
    }
}

impl Health {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The GPUs, by name, all in service.
    pub fn start(&self, gpus: impl IntoIterator<Item = String>) {
        let gpus = gpus.into_iter().map(|name| GpuHealth {
            name,
            fault: None,
            hindrance: None,
        });
        self.change(|state| state.gpus = gpus.collect());
    }

    /// A node is connected.
    pub fn connected(&self, url: &str) {
        self.change(|state| {
            state.node = Some(url.to_owned());
            state.lost = None;
        });
    }

    /// The node is lost, for this reason.
    pub fn disconnected(&self, cause: &str) {
        self.change(|state| {
            state.node = None;
            state.lost = Some(cause.to_owned());
        });
    }

    /// A new best block was seen, in this window.
    pub fn block(&self, number: u32, window: Option<u32>) {
        self.change(|state| {
            state.best = Some((number, Instant::now()));
            state.window = window;
        });
    }

    /// A GPU was taken out of service.
    pub fn gpu_lost(&self, gpu: u32, cause: &str) {
        self.change(|state| {
            let gpu = usize::try_from(gpu).ok();
            if let Some(gpu) = gpu.and_then(|gpu| state.gpus.get_mut(gpu)) {
                gpu.fault = Some(cause.to_owned());
            }
        });
    }

    /// Why the chain takes nothing of a GPU; `None` where it does.
    pub fn gpu_hindered(&self, gpu: u32, hindrance: Option<&str>) {
        self.change(|state| {
            let gpu = usize::try_from(gpu).ok();
            if let Some(gpu) = gpu.and_then(|gpu| state.gpus.get_mut(gpu)) {
                gpu.hindrance = hindrance.map(str::to_owned);
            }
        });
    }

    /// How things stand now.
    pub fn verdict(&self) -> Verdict {
        self.verdict_at(Instant::now())
    }

    fn verdict_at(&self, now: Instant) -> Verdict {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut problems = Vec::new();
        if state.node.is_none() {
            problems.push(match &state.lost {
                Some(cause) => format!("no node: {cause}"),
                None => "no node is connected yet".to_owned(),
            });
        }
        let silent_since = state.best.map_or(self.started, |(_, at)| at);
        let silence = now.saturating_duration_since(silent_since);
        if silence > SILENCE {
            problems.push(format!("no new block for {} s", silence.as_secs()));
        }
        let working = state.gpus.iter().filter(|gpu| gpu.is_in_service()).count();
        if working == 0 {
            problems.push("no GPU is in service".to_owned());
        }
        let gpus: Vec<_> = (0_u32..)
            .zip(&state.gpus)
            .map(|(number, gpu)| {
                json!({
                    "gpu": number,
                    "device": gpu.name,
                    "in_service": gpu.is_in_service(),
                    "fault": gpu.fault,
                    "hindrance": gpu.hindrance,
                })
            })
            .collect();
        Verdict {
            healthy: problems.is_empty(),
            body: json!({
                "healthy": problems.is_empty(),
                "degraded": working < state.gpus.len(),
                "problems": problems,
                "node": state.node,
                "best": state.best.map(|(number, _)| number),
                "seconds_since_block": silence.as_secs(),
                "window": state.window,
                "gpus": gpus,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> Health {
        let health = Health::default();
        health.start(["first".to_owned(), "second".to_owned()]);
        health.connected("ws://127.0.0.1:9944");
        health.block(7, Some(2));
        health
    }

    fn problems(health: &Health, after: Duration) -> Vec<String> {
        let verdict = health.verdict_at(Instant::now() + after);
        let problems: Vec<String> = verdict.body["problems"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|problem| problem.as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(verdict.healthy, problems.is_empty());
        assert_eq!(verdict.body["healthy"], verdict.healthy);
        problems
    }

    #[test]
    fn a_worker_that_follows_its_chain_is_healthy() {
        let health = healthy();
        assert_eq!(problems(&health, Duration::ZERO), [""; 0]);
        let body = health.verdict().body;
        assert_eq!((&body["best"], &body["window"]), (&json!(7), &json!(2)));
        assert_eq!(body["degraded"], false);
    }

    #[test]
    fn each_hindrance_is_told() {
        let told = problems(&Health::default(), Duration::ZERO);
        assert_eq!(told, ["no node is connected yet", "no GPU is in service"]);

        let health = healthy();
        health.disconnected("it hung up");
        assert_eq!(problems(&health, Duration::ZERO), ["no node: it hung up"]);
        health.connected("ws://127.0.0.1:9945");
        assert!(problems(&health, Duration::ZERO).is_empty());

        let told = problems(&health, SILENCE + Duration::from_secs(5));
        assert!(told[0].starts_with("no new block for 12"), "{told:?}");
    }

    #[test]
    fn a_gpu_that_the_chain_takes_nothing_of_is_out_of_service_until_it_does() {
        let health = healthy();
        health.gpu_hindered(0, Some("its bond is short"));
        assert!(problems(&health, Duration::ZERO).is_empty());
        let body = health.verdict().body;
        assert_eq!(body["degraded"], true);
        assert_eq!(body["gpus"][0]["in_service"], false);
        assert_eq!(body["gpus"][0]["hindrance"], "its bond is short");
        health.gpu_hindered(1, Some("its bond is short"));
        assert_eq!(problems(&health, Duration::ZERO), ["no GPU is in service"]);
        health.gpu_hindered(0, None);
        assert!(problems(&health, Duration::ZERO).is_empty());
    }

    #[test]
    fn a_lost_gpu_degrades_and_the_last_one_ends_health() {
        let health = healthy();
        health.gpu_lost(1, "device lost");
        assert!(problems(&health, Duration::ZERO).is_empty());
        let body = health.verdict().body;
        assert_eq!(body["degraded"], true);
        assert_eq!(body["gpus"][1]["fault"], "device lost");
        assert_eq!(body["gpus"][0]["in_service"], true);
        health.gpu_lost(0, "hung");
        health.gpu_lost(9, "no such GPU");
        health.gpu_hindered(9, Some("no such GPU"));
        assert_eq!(problems(&health, Duration::ZERO), ["no GPU is in service"]);
    }
}
