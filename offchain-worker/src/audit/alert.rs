// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Runs the user's own program when something is found.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    process::Command,
    sync::mpsc::{Sender, channel},
};
use tracing::{error, info};

use super::meters;

/// Longest that the program may run.
const PATIENCE: Duration = Duration::from_secs(60);

/// Alerts that wait while the program runs.
const WAITING: usize = 64;

/// Variables that the program gets of the auditor's environment, in which there may be
/// passwords.
const PASSED_ON: [&str; 3] = ["PATH", "HOME", "LANG"];

/// Alerts, told one after the other.
#[derive(Clone, Debug)]
pub struct Alerts {
    queue: Option<Sender<PathBuf>>,
}

impl Alerts {
    /// Tells alerts by running `program` with the evidence file's path as its only
    /// argument, without a shell; by logs and metrics alone where there is none.
    pub fn start(program: Option<PathBuf>) -> Self {
        let queue = program.map(|program| {
            let (queue, mut waiting) = channel::<PathBuf>(WAITING);
            tokio::spawn(async move {
                while let Some(evidence) = waiting.recv().await {
                    let outcome = run(&program, &evidence, PATIENCE).await;
                    let told = outcome.is_ok();
                    match outcome {
                        Ok(()) => info!(evidence = %evidence.display(), "alert told"),
                        Err(cause) => error!(
                            %cause,
                            program = %program.display(),
                            evidence = %evidence.display(),
                            "the alert command failed"
                        ),
                    }
                    let outcome = if told { "told" } else { "failed" };
                    meters::alert(outcome);
                }
            });
            queue
        });
        Self { queue }
    }

    /// Tells of an evidence file, after those before it. Where too many wait, the log is
    /// all there is.
    pub fn tell(&self, evidence: &Path) {
        if let Some(queue) = &self.queue
            && queue.try_send(evidence.to_owned()).is_err()
        {
            meters::alert("dropped");
            error!(
                evidence = %evidence.display(),
                "too many alerts wait: the alert command is not run for this one"
            );
        }
    }
}

async fn run(program: &Path, evidence: &Path, patience: Duration) -> Result<(), String> {
    let kept = PASSED_ON
        .iter()
        .filter_map(|name| Some((*name, std::env::var_os(name)?)));
    let mut child = Command::new(program)
        .arg(evidence)
        .env_clear()
        .envs(kept)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("it cannot be started: {error}"))?;
    let status = tokio::time::timeout(patience, child.wait())
        .await
        .map_err(|_| format!("it was still running after {} s", patience.as_secs()))?
        .map_err(|error| error.to_string())?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("it ended with {status}"))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn script(folder: &Path, text: &str) -> PathBuf {
        let path = folder.join("alert");
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("executable");
        path
    }

    /// One test for both: a program that is being written cannot be run while another
    /// test starts one.
    #[tokio::test]
    async fn the_program_gets_the_path_and_nothing_secret_and_its_failures_are_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let evidence = folder.path().join("a file; echo $(id).json");
        let told = folder.path().join("told");
        let text = format!("printf '%s\\n' \"$#:$1\" \"$(env)\" > '{}'", told.display());
        let program = script(folder.path(), &text);
        run(&program, &evidence, PATIENCE).await.expect("it runs");
        let told = fs::read_to_string(told).expect("it was told");
        let mut lines = told.lines();
        assert_eq!(lines.next(), Some(&*format!("1:{}", evidence.display())));
        let of_the_shell = ["PWD", "OLDPWD", "SHLVL", "_"];
        for name in lines.filter_map(|line| Some(line.split_once('=')?.0)) {
            let expected = PASSED_ON.contains(&name) || of_the_shell.contains(&name);
            assert!(expected, "{name} was passed on");
        }

        let failing = script(folder.path(), "exit 3");
        let error = run(&failing, Path::new("e"), PATIENCE).await;
        assert!(error.expect_err("it fails").contains('3'));
        let hanging = script(folder.path(), "exec sleep 600");
        let error = run(&hanging, Path::new("e"), Duration::from_millis(100)).await;
        assert!(error.expect_err("it hangs").contains("still running"));
        let missing = folder.path().join("none");
        let error = run(&missing, Path::new("e"), PATIENCE).await;
        assert!(
            error
                .expect_err("there is none")
                .contains("cannot be started")
        );
    }
}
