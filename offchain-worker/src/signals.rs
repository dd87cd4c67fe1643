// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Interrupt, terminate and hang-up, which all ask for the same: to stop.
//!
//! [`install`] takes them from the first moment on, in every command, so that the worker
//! can be stopped as the first process of a container too, which no signal ends by itself.
//! A command that goes on until it is stopped holds [`graceful`] while it waits for
//! [`stopped`]: it says what it did, and ends well. Else, and at a second signal, the
//! process ends at once with [`Exit::Stopped`]: whatever it writes is whole at any moment.

use std::{
    io, process,
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use tokio::{runtime, sync::watch};

use crate::{exit::Exit, output};

/// What signals ask of the process, and who heeds it.
struct Switch {
    stop: watch::Sender<bool>,
    /// How many wait for [`stopped`].
    graceful: AtomicUsize,
}

static SWITCH: LazyLock<Switch> = LazyLock::new(Switch::new);

impl Switch {
    fn new() -> Self {
        Self {
            stop: watch::Sender::new(false),
            graceful: AtomicUsize::new(0),
        }
    }

    /// A signal was taken: whether the process is to end at once.
    fn taken(&self) -> bool {
        self.stop.send_replace(true) || self.graceful.load(Ordering::SeqCst) == 0
    }

    async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        if stop.wait_for(|stop| *stop).await.is_err() {
            // The sender lives as long as the process.
            std::future::pending::<()>().await;
        }
    }
}

/// While it is held, a signal ends [`stopped`] and not the process.
#[derive(Debug)]
pub struct Graceful(());

impl Drop for Graceful {
    fn drop(&mut self) {
        SWITCH.graceful.fetch_sub(1, Ordering::SeqCst);
    }
}

/// From now on, until this is dropped, somebody waits for [`stopped`].
#[must_use]
pub fn graceful() -> Graceful {
    SWITCH.graceful.fetch_add(1, Ordering::SeqCst);
    Graceful(())
}

/// Ends once the process is asked to stop, also where that was before.
pub async fn stopped() {
    SWITCH.stopped().await;
}

fn taken() {
    if SWITCH.taken() {
        output::note("ni-worker: stopped before it was done");
        process::exit((Exit::Stopped as u8).into());
    }
}

/// Takes the signals, on a thread of its own. A hang-up that whoever started the process
/// has it ignore, as `nohup` does, stays ignored.
///
/// # Errors
/// Those of the operating system.
pub fn install() -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_io().build()?;
    let signals = {
        let _inside = runtime.enter();
        Signals::take()?
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || runtime.block_on(signals.serve()))?;
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn take() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: if hang_up_is_ignored() {
                None
            } else {
                Some(signal(SignalKind::hangup())?)
            },
        })
    }

    async fn serve(mut self) {
        loop {
            let hung_up = async {
                match &mut self.hang_up {
                    Some(signal) => signal.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = self.interrupt.recv() => taken(),
                _ = self.terminate.recv() => taken(),
                _ = hung_up => taken(),
            }
        }
    }
}

/// Whether the process was started with hang-ups ignored; not known where there is no
/// `/proc`.
#[cfg(unix)]
fn hang_up_is_ignored() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hang_up(&status))
}

/// The same of a process's status: hang-up is the first signal.
#[cfg(unix)]
fn ignores_hang_up(status: &str) -> bool {
    status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn take() -> io::Result<Self> {
        Ok(Self)
    }

    async fn serve(self) {
        while tokio::signal::ctrl_c().await.is_ok() {
            taken();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nohup_is_seen() {
        assert!(ignores_hang_up("Name:\tx\nSigIgn:\t0000000000001001\n"));
        for other in ["SigIgn:\t0000000000001000\n", "SigIgn:\tx\n", ""] {
            assert!(!ignores_hang_up(other), "{other}");
        }
    }

    #[tokio::test]
    async fn who_waits_is_told_and_the_process_goes_on_until_asked_again() {
        let switch = Switch::new();
        switch.graceful.store(1, Ordering::SeqCst);
        assert!(!switch.taken());
        switch.stopped().await;
        assert!(switch.taken());
        // Whoever asks later is told too.
        switch.stopped().await;
    }

    /// Sent to this very process, which goes on.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_signal_ends_what_waits_for_it() {
        let _waiting = graceful();
        install().expect("it takes them");
        let sent = process::Command::new("kill")
            .args(["-s", "TERM", &process::id().to_string()])
            .status();
        assert!(sent.expect("there is a `kill`").success());
        stopped().await;
    }

    #[test]
    fn where_nobody_waits_the_process_ends() {
        assert!(Switch::new().taken());
    }
}
