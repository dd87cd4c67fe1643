// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Notices a GPU that does not come back: a driver that hangs answers nothing,
//! and no thread can be made to leave it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use super::pace::Pace;

/// Shortest silence that counts as a hang. A driver's own watchdog resets a
/// device after seconds.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// How many times longer than the longest batch so far a batch may take.
const LONGER: u32 = 8;

/// What a GPU's thread is doing.
struct Task {
    since: Instant,
    pace: Option<Arc<Pace>>,
    batches: u32,
    told: bool,
}

/// Shared by a GPU's thread and its watchdog.
#[derive(Default)]
pub(super) struct Watch {
    task: Mutex<Option<Task>>,
    longest: Mutex<Duration>,
}

impl Watch {
    /// The thread begins a task of so many batches; with `pace`, each of them
    /// gives a sign.
    pub(super) fn begin(&self, pace: Option<Arc<Pace>>, batches: u32) {
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(Task {
            since: Instant::now(),
            pace,
            batches,
            told: false,
        });
    }

    /// The thread is done with it.
    pub(super) fn end(&self) {
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(pace) = task.and_then(|task| task.pace) {
            let mut longest = self.longest.lock().unwrap_or_else(PoisonError::into_inner);
            *longest = longest.max(pace.signs().longest);
        }
    }

    /// For how long the thread has been silent, once that is too long; told
    /// once a task.
    fn overdue(&self, patience: Duration) -> Option<Duration> {
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        let task = task.as_mut().filter(|task| !task.told)?;
        let signs = task.pace.as_ref().map(|pace| pace.signs());
        let last = signs.map_or(task.since, |signs| signs.last.max(task.since));
        let mut longest = *self.longest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signs) = signs {
            longest = longest.max(signs.longest);
        }
        let allowed = patience.max(longest * LONGER * task.batches.max(1));
        let silence = last.elapsed();
        if silence <= allowed {
            return None;
        }
        task.told = true;
        Some(silence)
    }
}

/// Starts the watchdog of one GPU, which ends when `alive` is closed. It calls
/// `tell` with the length of the silence.
pub(super) fn start(
    gpu: u32,
    watch: Arc<Watch>,
    patience: Duration,
    alive: Receiver<()>,
    tell: impl Fn(Duration) + Send + 'static,
) -> std::io::Result<()> {
    let poll = (patience / 8).min(Duration::from_secs(1));
    thread::Builder::new()
        .name(format!("watchdog-{gpu}"))
        .spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = alive.recv_timeout(poll) {
                if let Some(silence) = watch.overdue(patience) {
                    tell(silence);
                }
            }
        })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(20);

    #[test]
    fn silence_is_told_once_a_task_and_signs_are_not() {
        let watch = Watch::default();
        assert_eq!(watch.overdue(Duration::ZERO), None, "nothing is being done");
        let pace = Arc::new(Pace::until(Instant::now()));
        watch.begin(Some(Arc::clone(&pace)), 1);
        assert_eq!(watch.overdue(Duration::from_secs(3600)), None);
        thread::sleep(SHORT);
        assert!(
            watch
                .overdue(Duration::ZERO)
                .is_some_and(|silence| silence >= SHORT)
        );
        assert_eq!(watch.overdue(Duration::ZERO), None, "told twice");
        watch.end();
        assert_eq!(watch.overdue(Duration::ZERO), None);
    }

    #[test]
    fn a_slow_gpu_is_given_what_it_was_seen_to_need() {
        let watch = Watch::default();
        let pace = Arc::new(Pace::until(Instant::now()));
        watch.begin(Some(Arc::clone(&pace)), 1);
        pace.ran(Duration::from_secs(3600));
        thread::sleep(SHORT);
        assert_eq!(watch.overdue(Duration::ZERO), None);
        // It is remembered for the next task, that gives no signs.
        watch.end();
        watch.begin(None, 1);
        thread::sleep(SHORT);
        assert_eq!(watch.overdue(Duration::ZERO), None);
    }

    #[test]
    fn the_thread_tells_and_ends_with_its_gpu() {
        let watch = Arc::new(Watch::default());
        watch.begin(None, 1);
        let (keep, alive) = std::sync::mpsc::channel();
        let (told, hears) = std::sync::mpsc::channel();
        start(0, watch, SHORT, alive, move |silence| {
            let _ = told.send(silence);
        })
        .expect("a thread");
        let silence = hears.recv_timeout(Duration::from_secs(60)).expect("told");
        assert!(silence > SHORT);
        drop(keep);
        // The thread has ended, and dropped its end.
        assert!(hears.recv().is_err());
    }
}
