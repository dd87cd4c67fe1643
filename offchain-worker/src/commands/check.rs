// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker check`: whether everything is in place to mine.

use crate::{
    cli::CheckArgs,
    exit::{Exit, Failure, OrExit},
    output,
    preflight::{self, Line, Outcome, Plan},
};

/// Runs the command.
///
/// # Errors
/// The first check that failed, with its exit code, after all were made.
pub async fn run(args: CheckArgs, config: Option<std::path::PathBuf>) -> Result<(), Failure> {
    let plan = Plan {
        config: config.as_deref(),
        urls: &args.node.url,
        devices: &args.device,
        register: args.register,
        slots: args.slots,
    };
    let mut lines = Vec::new();
    let show = |lines: &mut Vec<Line>, more: Vec<Line>| {
        if !args.json {
            for line in &more {
                output::line(line);
            }
        }
        lines.extend(more);
    };
    let machine = tokio::task::block_in_place(|| preflight::of_machine(&plan));
    show(&mut lines, machine);

    let hotkey = tokio::task::block_in_place(|| args.key.open());
    let owner = tokio::task::block_in_place(|| args.owner.open(args.key.dev));
    let account = |key: &subxt_signer::sr25519::Keypair| key.public_key().0;
    let (hotkey, owner, opened) = match (hotkey, owner) {
        (Ok(hotkey), Ok(owner)) => {
            let text = "the hotkey's, and the owner's where it is named, open".to_owned();
            (
                Some(account(&hotkey)),
                owner.as_ref().map(account),
                Outcome::Well(text),
            )
        }
        (Err(failure), owner) => {
            let owner = owner.ok().flatten().as_ref().map(account);
            (None, owner, Outcome::Failed(failure))
        }
        (Ok(hotkey), Err(failure)) => (Some(account(&hotkey)), None, Outcome::Failed(failure)),
    };
    show(
        &mut lines,
        vec![Line {
            what: "keys",
            outcome: opened,
        }],
    );
    let chain = preflight::of_chain(&plan, hotkey.as_ref(), owner.as_ref()).await;
    show(&mut lines, chain);

    if args.json {
        let json: Vec<_> = lines.iter().map(Line::json).collect();
        let json = serde_json::to_string_pretty(&json);
        output::line(json.or_exit(Exit::Internal, "cannot write JSON")?);
    }
    let mut failures = lines.into_iter().filter_map(|line| match line.outcome {
        Outcome::Failed(failure) => Some((line.what, failure)),
        _ => None,
    });
    match failures.next() {
        None => {
            if !args.json {
                output::line("ready: `ni-worker mine` can run");
            }
            Ok(())
        }
        Some((what, failure)) => Err(Failure::new(
            failure.exit(),
            format!("not ready to mine yet: do what the line about {what} says, then check again"),
        )),
    }
}
