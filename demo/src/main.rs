// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The main job, end to end, in one command: a new chain, two honest miners of
//! different power and a cheat; beside them revenue that buys NI back, a delegator
//! and a referendum; every block's events in a live table; and after two full
//! rounds who was paid, who was slashed, what was bought and burned, what was
//! decided, and whether the supply adds up. Ends with 0 only if all of it held.

mod acts;
mod board;
mod economy;
mod show;
mod summary;

use std::{process::ExitCode, time::Duration};

use anyhow::{Context, bail};
use clap::Parser;
use ni_client::{ChainError, Included, calls, keys};
use test_network::{Follower, Miner, Node, Process, Prover, patience, stopped};
use tokio::task::JoinHandle;

use board::Board;
use show::Show;
use summary::{State, Summary};

/// Full rounds after which it ends, or one more: in one of 256 windows all samples
/// of who skips half of its tiles fall on the other half, and who was not paid for
/// its stake in the last round is in the next.
const ROUNDS: usize = 2;

/// Blocks of a second each within which they have to be done.
const LIMIT: u64 = 160;

/// Blocks within which the last pay has to arrive.
const PAY_LIMIT: u64 = 10;

/// Longest wait for a claim.
const CLAIM: Duration = Duration::from_secs(30);

/// Exit code after being interrupted, as shells have it.
const INTERRUPTED: u8 = 130;

/// Runs a chain with honest miners and a cheat, revenue, a delegator and a
/// referendum, and shows who is paid, what is burned and what is decided.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    /// Leave the chain running at the end, until Ctrl-C.
    #[arg(long, env = "KEEP", value_parser = clap::builder::FalseyValueParser::new())]
    keep: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Returning, and not exiting, ends the node and the miners with their handles.
    let outcome = tokio::select! {
        outcome = run() => outcome,
        stopped = stopped() => match stopped {
            Ok(()) => {
                eprintln!("stopped; the node and the miners are ended");
                return INTERRUPTED.into();
            }
            Err(error) => Err(error),
        },
    };
    let (held, node) = match outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            eprintln!("ni-demo: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    if arguments.keep {
        let url = node.url();
        println!(
            "The chain goes on at {url} until Ctrl-C. Look at it with polkadot.js:\n  \
             https://polkadot.js.org/apps/?rpc={url}#/explorer\nor with\n  \
             ni-worker status --url {url} --dev --key {}",
            cast()[0].hotkey
        );
        if let Err(error) = stopped().await {
            eprintln!("ni-demo: cannot wait for Ctrl-C: {error:#}");
        }
    }
    if held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Who takes part. All but the first compute on the CPU, so that two cores
/// serve them all.
fn cast() -> [Miner; 3] {
    [
        Miner::new("ada", "//Bob", Prover::Gpu(0)),
        Miner::new("ben", "//Charlie", Prover::Cpu).at_load(45),
        Miner::new("mallory", "//Dave", Prover::Skipping(50)).at_load(35),
    ]
}

/// Runs it all; whether everything held, and the node, which still runs.
async fn run() -> anyhow::Result<(bool, Node)> {
    let miners = cast();
    println!("starting a development chain");
    let mut node = Node::start().await?;
    println!(
        "chain at {}, logs in {}",
        node.url(),
        node.folder().display()
    );
    let mut processes = Vec::new();
    for miner in &miners {
        processes.push(miner.start(&node)?);
    }
    let mut follower = Follower::start(node.connect().await?).await?;
    let mut board = Board::new(&miners)?;
    let show = Show::start();
    let mut acts = tokio::spawn(acts::perform(follower.chain().clone()));
    let mut stage = Stage {
        node: &mut node,
        processes: &mut processes,
        acts: &mut acts,
    };
    let played = play(&mut follower, &mut board, &show, &mut stage).await;
    if let Err(error) = played {
        show.end();
        print_logs(&processes);
        return Err(error);
    }
    for process in &mut processes {
        process.kill().await?;
    }
    collect_pay(&mut follower, &mut board, &show, &miners).await?;
    show.end();
    let last = follower.chain().at(follower.last().hash).await?;
    let state = State {
        buyback: last.buyback().await?,
        base: last.hyperparameters().await?.emission_base(),
    };
    let summary = Summary::new(&follower, &board, ROUNDS, state)?;
    println!("{summary}");
    Ok((summary.holds(), node))
}

/// What must keep running.
struct Stage<'a> {
    node: &'a mut Node,
    processes: &'a mut [Process],
    acts: &'a mut JoinHandle<anyhow::Result<()>>,
}

/// Follows the chain until there are enough full rounds and all else is done.
async fn play(
    follower: &mut Follower,
    board: &mut Board,
    show: &Show,
    stage: &mut Stage<'_>,
) -> anyhow::Result<()> {
    let mut acted = false;
    loop {
        next_block(follower, board, show).await?;
        if !acted && stage.acts.is_finished() {
            (&mut *stage.acts).await??;
            acted = true;
        }
        let rounds = board.full_rounds().len();
        let economy = &board.economy;
        if rounds > ROUNDS
            || rounds == ROUNDS
                && acted
                && board.all_refused()
                && economy.has_bought()
                && economy.enacted
                && earnings(follower).await? > 0
        {
            return Ok(());
        }
        if follower.last().number > LIMIT {
            bail!("{rounds} of {ROUNDS} full rounds within {LIMIT} blocks, or the rest not done");
        }
        for process in std::iter::once(stage.node.process()).chain(&mut *stage.processes) {
            if let Some(status) = process.ended()? {
                bail!("{} ended with {status}{}", process.name(), process.tail());
            }
        }
    }
}

/// What the delegator could claim at the last block read.
async fn earnings(follower: &Follower) -> anyhow::Result<u128> {
    let last = follower.chain().at(follower.last().hash).await?;
    let delegations = last.delegations(&acts::delegator()?).await?;
    Ok(delegations
        .first()
        .map_or(0, |delegation| delegation.claimable))
}

/// Reads the next block and shows what it brought.
async fn next_block(follower: &mut Follower, board: &mut Board, show: &Show) -> anyhow::Result<()> {
    follower.advance().await?;
    let lines = board.read(follower);
    show.update(board, follower, &lines);
    Ok(())
}

/// Waits for the claim of what somebody has earned.
async fn take(
    claim: impl Future<Output = Result<Included, ChainError>>,
    who: &str,
) -> anyhow::Result<()> {
    tokio::time::timeout(patience(CLAIM), claim)
        .await
        .context("a claim is not taken")?
        .with_context(|| format!("{who} cannot claim what it has earned"))?;
    Ok(())
}

/// The pay of one round comes with the commit to the next; that of the last
/// one, and that of stake, is claimed here.
async fn collect_pay(
    follower: &mut Follower,
    board: &mut Board,
    show: &Show,
    miners: &[Miner],
) -> anyhow::Result<()> {
    for miner in miners.iter().filter(|miner| board::is_honest(miner)) {
        let owner = keys::development(&miner.owner)?;
        let call = calls::claim(miner.account()?, 0);
        take(follower.chain().call(&call, &owner), &miner.name).await?;
    }
    let delegator = keys::development(acts::DELEGATOR)?;
    let earns = earnings(follower).await? > 0;
    if earns {
        let call = calls::claim_rewards(acts::validator()?);
        take(follower.chain().call(&call, &delegator), "the delegator").await?;
    }
    let account = delegator.public_key().0;
    let limit = follower.last().number + PAY_LIMIT;
    while follower.last().number < limit
        && !(board.all_paid(ROUNDS) && earns == board.economy.claimed.contains_key(&account))
    {
        next_block(follower, board, show).await?;
    }
    Ok(())
}

fn print_logs(processes: &[Process]) {
    for process in processes {
        eprintln!("{}{}\n", process.name(), process.tail());
    }
}
