// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A miner as the guide has it: an encrypted hotkey without a balance on the
//! machine with the GPU, and the owner's key elsewhere, against the real node.
//! Every step is a command of the worker, with its exit code.

use std::{path::Path, process::Output, time::Duration};

use anyhow::{Context, ensure};
use ni_client::{Chain, keys};
use serde_json::Value;
use test_network::{Binary, Node, locate, patience};
use tokio::process::Command;

const DONE: i32 = 0;
const FILE: i32 = 5;
const ACCOUNT: i32 = 6;

/// Longest that one command may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Blocks within which a window closes: a development window takes 23.
const WINDOW: u32 = 60;

/// Longest wait for a block.
const NEXT_BLOCK: Duration = Duration::from_secs(60);

struct Machine<'a> {
    node: &'a Node,
    password: String,
}

impl Machine<'_> {
    /// Runs the worker and returns what it printed, after checking its code.
    async fn run(&self, exit: i32, arguments: &[&str]) -> anyhow::Result<(String, String)> {
        let mut command = Command::new(locate(Binary::Worker)?);
        command
            .args(arguments)
            .env("NI_URL", self.node.url())
            .env("NI_PASSWORD_FILE", &self.password)
            .env("XDG_DATA_HOME", self.node.folder())
            .env_remove("NI_CONFIG")
            .env_remove("NI_KEY")
            .env_remove("NI_OWNER")
            .kill_on_drop(true);
        let output = tokio::time::timeout(patience(PATIENCE), command.output());
        let Output {
            status,
            stdout,
            stderr,
        } = output.await.context("it goes on for too long")??;
        let (out, err) = (String::from_utf8(stdout)?, String::from_utf8(stderr)?);
        assert_eq!(status.code(), Some(exit), "{arguments:?}\n{out}\n{err}");
        Ok((out, err))
    }
}

async fn balance(chain: &Chain, account: &[u8; 32]) -> anyhow::Result<u128> {
    Ok(chain.best().await?.account(account).await?.data.free)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_key_need_not_be_where_the_gpus_are() -> anyhow::Result<()> {
    let node = Node::start().await?;
    let chain = node.connect().await?;
    let file = |name: &str| node.folder().join(name).display().to_string();
    std::fs::write(file("password"), "a password\n")?;
    let machine = Machine {
        node: &node,
        password: file("password"),
    };
    let key = file("hotkey.json");
    let (out, _) = machine.run(DONE, &["keys", "new", &key]).await?;
    let hotkey = out.trim();
    let account = keys::account(hotkey)?;

    // Unregistered: nothing mines, and what is said leads on.
    let check = ["check", "--key", &key, "--device=0"];
    let (out, _) = machine.run(ACCOUNT, &check).await?;
    let next = format!("ni-worker register --hotkey {hotkey}");
    assert!(
        out.contains("FAIL  hotkey:") && out.contains(&next),
        "{out}"
    );
    let mine = ["mine", "--key", &key, "--device=0", "--windows=1"];
    let (_, err) = machine.run(ACCOUNT, &mine).await?;
    assert!(err.contains(&next), "{err}");

    // An owner without funds is told how much it takes.
    let poor = file("poor.json");
    machine.run(DONE, &["keys", "new", &poor]).await?;
    let owner = ["--owner", &poor, "--owner-password-file", &machine.password];
    let register = [&["register", "--hotkey", hotkey], owner.as_slice()].concat();
    let (_, err) = machine.run(ACCOUNT, &register).await?;
    assert!(err.contains("has 0 NI and needs"), "{err}");

    // Somewhere else, the owner registers the hotkey by its address alone.
    let by_bob = ["--hotkey", hotkey, "--dev", "--owner", "//Bob"];
    let register = [&["register"], by_bob.as_slice()].concat();
    let (out, _) = machine.run(DONE, &register).await?;
    assert!(out.contains("is registered until block"), "{out}");
    let (_, err) = machine.run(ACCOUNT, &register).await?;
    assert!(err.contains("--renew"), "{err}");
    let before = chain.best().await?.registration(&account).await?;
    let before = before.context("it is registered")?;
    let renew = [&["register", "--renew"], by_bob.as_slice()].concat();
    machine.run(DONE, &renew).await?;
    let after = chain.best().await?.registration(&account).await?;
    let after = after.context("it is registered")?;
    assert!(after.expires_at > before.expires_at);
    let stranger = ["--hotkey", hotkey, "--dev", "--owner", "//Charlie"];
    let renew = [&["register", "--renew"], stranger.as_slice()].concat();
    let (_, err) = machine.run(ACCOUNT, &renew).await?;
    assert!(err.contains("only that account"), "{err}");

    // The machine with the GPU: only the hotkey, which owns nothing.
    let (out, _) = machine.run(DONE, &check).await?;
    assert!(out.contains("ready"), "{out}");
    machine.run(DONE, &mine).await?;
    assert_eq!(balance(&chain, &account).await?, 0);
    let missing = ["mine", "--key", "no-such-key.json", "--device=0"];
    machine.run(FILE, &missing).await?;

    // What it earned is known when the window closes.
    let mut blocks = chain.best_blocks().await?;
    for block in 0_u32.. {
        if chain.best().await?.window().await?.is_none() {
            break;
        }
        ensure!(block < WINDOW, "the window does not close");
        let next = tokio::time::timeout(patience(NEXT_BLOCK), blocks.next()).await?;
        next.context("the node ended the subscription")??;
    }

    // Anybody may have the owner paid.
    let bob = keys::development("//Bob")?.public_key().0;
    let had = balance(&chain, &bob).await?;
    let claim = [&["claim"], stranger.as_slice()].concat();
    let (out, _) = machine.run(DONE, &claim).await?;
    let paid = out
        .lines()
        .find_map(|line| line.strip_prefix("paid to the owner: "));
    let paid = paid
        .and_then(|paid| paid.strip_suffix(" NI"))
        .context("an amount")?;
    let paid: ni_client::amount::Amount = paid.parse().map_err(anyhow::Error::msg)?;
    assert!(paid.0 > 0, "{out}");
    assert_eq!(balance(&chain, &bob).await?, had + paid.0);
    let (out, _) = machine.run(DONE, &claim).await?;
    assert!(out.contains("nothing to claim"), "{out}");

    shape(&machine, hotkey).await
}

/// The JSON of `status`, as docs/worker-json.md has it.
async fn shape(machine: &Machine<'_>, hotkey: &str) -> anyhow::Result<()> {
    let (out, _) = machine
        .run(DONE, &["status", "--json", "--hotkey", hotkey])
        .await?;
    let status: Value = serde_json::from_str(&out)?;
    let text = Value::is_string as fn(&Value) -> bool;
    let number = Value::is_u64 as fn(&Value) -> bool;
    let fraction = Value::is_number as fn(&Value) -> bool;
    let truth = Value::is_boolean as fn(&Value) -> bool;
    let list = Value::is_array as fn(&Value) -> bool;
    let object = Value::is_object as fn(&Value) -> bool;
    let amount: fn(&Value) -> bool = |value| {
        value
            .as_str()
            .is_some_and(|text| text.parse::<u128>().is_ok())
    };
    for (pointer, is) in [
        ("/url", text),
        ("/genesis", text),
        ("/block", number),
        ("/price", amount),
        ("/validator_price", amount),
        ("/bond", amount),
        ("/supply/issuance", amount),
        ("/supply/cap", amount),
        ("/supply/minted", amount),
        ("/supply/burned", amount),
        ("/supply/burned_by", object),
        ("/supply/recycled", amount),
        ("/supply/recycled_by", object),
        ("/supply/drawn", amount),
        ("/supply/pool", amount),
        ("/rounds", list),
        ("/rounds/0/window", number),
        ("/rounds/0/blocks", number),
        ("/rounds/0/minted", amount),
        ("/rounds/0/drawn", amount),
        ("/rounds/0/credited", amount),
        ("/rounds/0/claimed", amount),
        ("/tiers/0/floor_mops", number),
        ("/tiers/0/floor_gib", number),
        ("/tiers/0/floor_gbps", number),
        ("/tiers/0/multiplier", fraction),
        ("/tiers/0/availability", fraction),
        ("/tiers/0/effective", fraction),
        ("/tiers/0/average_mops", amount),
        ("/tiers/0/target_mops", amount),
        ("/validators/0/hotkey", text),
        ("/validators/0/owner", text),
        ("/validators/0/stake", amount),
        ("/validators/0/active", amount),
        ("/validators/0/commission", fraction),
        ("/validators/0/elected", truth),
        ("/buyback/bought", amount),
        ("/buyback/burned", amount),
        ("/buyback/assets", list),
        ("/hotkey", text),
        ("/owner", text),
        ("/expires_at", number),
        ("/gpus/0/gpu", number),
        ("/gpus/0/bond", amount),
        ("/gpus/0/can_prove", truth),
        ("/gpus/0/committed_in", number),
        ("/gpus/0/resolved", truth),
        ("/gpus/0/last_verified_mops", number),
        ("/gpus/0/last_verified_gib", number),
        ("/gpus/0/last_verified_gbps", number),
    ] {
        let value = status
            .pointer(pointer)
            .with_context(|| format!("no {pointer}"))?;
        assert!(is(value), "{pointer} is {value}");
    }
    for pointer in [
        "/window",
        "/round",
        "/gpus/0/pending_window",
        "/gpus/0/pending_pay",
    ] {
        status
            .pointer(pointer)
            .with_context(|| format!("no {pointer}"))?;
    }
    let page = include_str!("../../../docs/worker-json.md");
    documented(page, &status, Path::new("/"))
}

/// Every key that is printed stands in the page.
fn documented(page: &str, value: &Value, at: &Path) -> anyhow::Result<()> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| documented(page, item, at)),
        // What burned and recycled is by source, which the chain names.
        Value::Object(_) if at.ends_with("burned_by") || at.ends_with("recycled_by") => Ok(()),
        Value::Object(fields) => fields.iter().try_for_each(|(key, value)| {
            let at = at.join(key);
            anyhow::ensure!(
                page.contains(&format!("`{key}`")),
                "{} is undocumented",
                at.display()
            );
            documented(page, value, &at)
        }),
        _ => Ok(()),
    }
}
