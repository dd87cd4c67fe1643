// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the node says when it cannot go on, and how it ends; and the lines of the
//! validators' guide, run.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use anyhow::{Context, ensure};
use ni_client::{Chain, ChainError, keys::development};
use serde_json::Value;
use subxt::{dynamic, ext::scale_encode::EncodeAsType, rpcs::rpc_params};
use test_network::{Binary, Node, Process, answering, free_ports, locate};

/// Longest that a node may take to end.
const END: Duration = Duration::from_secs(120);

/// Runs the node until it ends by itself.
fn node(arguments: &[&str]) -> anyhow::Result<Output> {
    Ok(Command::new(locate(Binary::Node)?)
        .args(arguments)
        .output()?)
}

/// What it says about why it cannot go on: the last lines of its output, from `Error:` on.
fn refusal(output: &Output) -> anyhow::Result<String> {
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "it ended well: {text}");
    let at = text.rfind("Error: ").with_context(|| text.to_string())?;
    Ok(text[at..].to_owned())
}

/// Asks a running node to end, as a service manager does.
fn terminate(process: &Process) -> anyhow::Result<()> {
    let id = process.id().context("it has ended")?.to_string();
    let status = Command::new("kill").args(["-TERM", &id]).status()?;
    ensure!(status.success(), "the signal was not sent");
    Ok(())
}

#[tokio::test]
async fn a_validator_without_a_network_key_is_told_the_command_that_makes_one() -> anyhow::Result<()>
{
    let folder = folder_for("key")?;
    let base = folder.join("new");
    let base = base.to_str().context("the path is text")?;
    let [rpc, p2p] = free_ports()?;
    let arguments = [
        "--chain=local",
        "--validator",
        &format!("--base-path={base}"),
        &format!("--rpc-port={rpc}"),
        &format!("--port={p2p}"),
        "--no-prometheus",
        "--no-telemetry",
    ];
    let told = refusal(&node(&arguments)?)?;
    assert!(!told.contains("NetworkKeyNotFound"), "{told}");
    let command = told
        .lines()
        .map(str::trim)
        .find_map(|line| line.strip_prefix("ni-node "))
        .with_context(|| told.clone())?;
    assert_eq!(
        command,
        format!("key generate-node-key --base-path {base} --chain local")
    );
    let made = node(&command.split(' ').collect::<Vec<_>>())?;
    assert!(made.status.success(), "{made:?}");
    let again = refusal(&node(&command.split(' ').collect::<Vec<_>>())?)?;
    assert!(again.contains("left as it is"), "{again}");

    let binary = locate(Binary::Node)?;
    let mut process = Process::start("node", &binary, arguments, &folder, false)?;
    answering(&mut process, &format!("ws://127.0.0.1:{rpc}")).await?;
    terminate(&process)?;
    process.finished(END).await
}

/// A folder for a test, removed when it is made anew.
fn folder_for(name: &str) -> anyhow::Result<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("node-errors-{name}"));
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[test]
fn an_occupied_port_is_an_error_that_names_the_flag() -> anyhow::Result<()> {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let taken = taken.local_addr()?.port();
    for (flag, names) in [
        ("--rpc-port", "--rpc-port"),
        ("--port", "--port"),
        ("--prometheus-port", "--no-prometheus"),
    ] {
        let _held = TcpListener::bind((Ipv4Addr::LOCALHOST, taken)).ok();
        let [rpc, p2p, metrics] = free_ports()?;
        let port = |name: &str, free: u16| {
            let port = if name == flag { taken } else { free };
            format!("{name}={port}")
        };
        let told = refusal(&node(&[
            "--dev",
            "--tmp",
            "--no-telemetry",
            &port("--rpc-port", rpc),
            &port("--port", p2p),
            &port("--prometheus-port", metrics),
        ])?)?;
        assert!(
            told.contains(&format!("127.0.0.1:{taken}"))
                || told.contains(&format!("0.0.0.0:{taken}"))
                || told.contains(&format!("[::]:{taken}")),
            "{told}"
        );
        assert!(told.contains(names), "{told}");
    }
    Ok(())
}

#[tokio::test]
async fn errors_are_words_and_say_what_to_do() -> anyhow::Result<()> {
    let running = Node::start().await?;
    let chain = running.folder().join("chain");
    let base = format!("--base-path={}", chain.display());
    let [rpc, p2p] = free_ports()?;
    let ports = [format!("--rpc-port={rpc}"), format!("--port={p2p}")];
    let cases: [(&[&str], &str); 4] = [
        (&["--validator"], "--chain"),
        (&["--chain=/nowhere.json"], "nowhere"),
        (
            &["--dev", &base, "--no-prometheus", &ports[0], &ports[1]],
            "--base-path",
        ),
        (
            &[
                "key",
                "insert",
                "--chain=dev",
                "--scheme=sr25519",
                "--suri=//Alice",
                "--key-type=?",
            ],
            "key --help",
        ),
    ];
    for (arguments, says) in cases {
        let told = refusal(&node(arguments)?)?;
        assert!(told.contains(says), "{arguments:?}: {told}");
        for debug in ["Input(", "Service(", "Client(", "Backend(", "Io(", "\\\""] {
            assert!(!told.contains(debug), "{arguments:?}: {told}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_node_that_is_told_to_end_logs_no_failure() -> anyhow::Result<()> {
    let mut node = Node::start().await?;
    terminate(node.process())?;
    node.process().finished(END).await?;
    let log = std::fs::read_to_string(node.process().log())?;
    assert!(!log.contains("failed") && !log.contains("ERROR"), "{log}");
    Ok(())
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
struct Keys {
    babe: [u8; 32],
    grandpa: [u8; 32],
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
struct SetKeys {
    keys: Keys,
    proof: Vec<u8>,
}

fn bytes(hex: &Value) -> anyhow::Result<Vec<u8>> {
    let text = hex.as_str().and_then(|text| text.strip_prefix("0x"));
    let text = text.context("it is hex")?;
    (0..text.len())
        .step_by(2)
        .map(|at| Ok(u8::from_str_radix(&text[at..at + 2], 16)?))
        .collect()
}

/// New session keys of the node, made for this owner or for none, given to the chain by
/// Alice.
async fn set_keys(chain: &Chain, method: &str, owner: Option<[u8; 32]>) -> anyhow::Result<()> {
    let made: Value = match owner {
        Some(owner) => {
            let hex: String = owner.iter().map(|byte| format!("{byte:02x}")).collect();
            chain
                .rpc()
                .request(method, rpc_params![format!("0x{hex}")])
                .await?
        }
        None => chain.rpc().request(method, rpc_params![]).await?,
    };
    let (keys, proof) = match &made {
        Value::Object(made) => (bytes(&made["keys"])?, bytes(&made["proof"])?),
        keys => (bytes(keys)?, Vec::new()),
    };
    let keys = Keys {
        babe: keys[..32].try_into()?,
        grandpa: keys[32..].try_into()?,
    };
    let call = dynamic::transaction("Session", "set_keys", SetKeys { keys, proof });
    chain.call(&call, &development("//Alice")?).await?;
    Ok(())
}

#[tokio::test]
async fn session_keys_need_the_proof_of_the_hotkey_that_sets_them() -> anyhow::Result<()> {
    let node = Node::start().await?;
    let chain = node.connect().await?;
    let alice = development("//Alice")?.public_key().0;
    let with_owner = "author_rotateKeysWithOwner";
    for (method, owner) in [
        ("author_rotateKeys", None),
        (with_owner, Some(development("//Bob")?.public_key().0)),
    ] {
        let refused = set_keys(&chain, method, owner).await.err();
        let failed = refused.as_ref().and_then(|error| error.downcast_ref());
        assert!(
            matches!(failed, Some(ChainError::Failed { .. })),
            "{refused:?}"
        );
    }
    set_keys(&chain, with_owner, Some(alice)).await
}
