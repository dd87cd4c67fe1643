// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A WebSocket proxy on the loopback interface that injects faults.
//!
//! What both send is read message by message, so that a fault can answer a request in the
//! node's place, or change what the node answers.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, bail};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Mutex as AsyncMutex, watch},
};

/// Heads that are remembered, to be shown again.
const HEADS: usize = 64;

/// Requests that are remembered, so that their answers can be told apart.
const REQUESTS: usize = 1024;

/// The requests that put a call into the node's pool.
const SUBMISSIONS: [&str; 2] = ["author_submitExtrinsic", "author_submitAndWatchExtrinsic"];

/// The prefix of the keys under which the chain stores registrations.
const HOTKEYS: &str = "0x1f07d662f5cf98aef1f1580c695ee73c12553bda93e4d966fa20291daa1ae159";

/// Longest message of the node's; metadata is the longest.
const LONGEST: u64 = 64 << 20;

/// What is wrong with the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It takes connections and requests, and never answers. A connection that
    /// was open stays dead after that.
    Hang,
    /// It closes every connection.
    Close,
    /// It sends bytes that are no WebSocket message.
    Noise,
    /// Its answers hold other values.
    Nonsense,
    /// Its head stands still: it shows the same one again and again.
    OldHead,
    /// Its head is far ahead, and no such block exists.
    FarHead,
    /// Its head went back, to a block that exists.
    BackHead,
    /// It takes calls and tells nobody of them.
    Drops,
    /// It takes no call.
    Refuses,
    /// It tells accounts' numbers that are too high, and a runtime's version that there is
    /// not.
    Lies,
    /// It knows of no registration.
    Forgets,
}

impl Fault {
    /// What the node does, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "does what it should",
            Self::Hang => "never answers",
            Self::Close => "closes every connection",
            Self::Noise => "sends what is no message",
            Self::Nonsense => "answers with other values",
            Self::OldHead => "stands still",
            Self::FarHead => "shows a head far ahead",
            Self::BackHead => "went back",
            Self::Drops => "drops calls that it took",
            Self::Refuses => "takes no call",
            Self::Lies => "lies about numbers and versions",
            Self::Forgets => "knows of no registration",
        }
    }
}

/// The proxy. Ends with this value.
pub struct Proxy {
    url: String,
    fault: watch::Sender<Fault>,
    altered: Arc<AtomicU64>,
    accepts: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepts.abort();
    }
}

/// The heads that the node has shown, by number.
type Heads = Arc<Mutex<BTreeMap<u64, Value>>>;

/// What was asked, by the request's number: the method, and its first parameter.
type Requests = Arc<Mutex<BTreeMap<u64, (String, String)>>>;

/// The way to the client, of which both directions make use.
type Client = Arc<AsyncMutex<OwnedWriteHalf>>;

#[derive(Clone)]
struct Link {
    fault: watch::Receiver<Fault>,
    altered: Arc<AtomicU64>,
    heads: Heads,
    requests: Requests,
}

impl Proxy {
    /// Starts one in front of a node at `ws://HOST:PORT`, without a fault.
    ///
    /// # Errors
    /// Where the address is no such, or no port is free.
    pub async fn start(node: &str) -> anyhow::Result<Self> {
        let to: SocketAddr = node
            .strip_prefix("ws://")
            .context("not a ws:// address")?
            .parse()?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("ws://{}", listener.local_addr()?);
        let (fault, seen) = watch::channel(Fault::None);
        let altered = Arc::new(AtomicU64::new(0));
        let heads = Heads::default();
        let counter = Arc::clone(&altered);
        let accepts = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let link = Link {
                    fault: seen.clone(),
                    altered: Arc::clone(&counter),
                    heads: Arc::clone(&heads),
                    requests: Requests::default(),
                };
                // A connection that fails is what this is for.
                tokio::spawn(async move {
                    let _ = link.connect(client, to).await;
                });
            }
        });
        Ok(Self {
            url,
            fault,
            altered,
            accepts,
        })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on the node has this fault, and no other.
    pub fn inject(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// How many messages were changed or withheld so far.
    pub fn altered(&self) -> u64 {
        self.altered.load(Ordering::Relaxed)
    }
}

impl Link {
    fn now(&self) -> Fault {
        *self.fault.borrow()
    }

    fn count(&self) {
        self.altered.fetch_add(1, Ordering::Relaxed);
    }

    async fn connect(self, client: TcpStream, to: SocketAddr) -> anyhow::Result<()> {
        match self.now() {
            Fault::Close => {
                self.count();
                return Ok(());
            }
            Fault::Hang => {
                self.count();
                return swallow(client).await;
            }
            _ => {}
        }
        let node = TcpStream::connect(to).await?;
        let (from_client, to_client) = client.into_split();
        let (from_node, to_node) = node.into_split();
        let closing = self.fault.clone();
        let to_client = Arc::new(AsyncMutex::new(to_client));
        tokio::select! {
            // Whichever way ends, the other ends with it.
            ended = self.up(from_client, to_node, Arc::clone(&to_client)) => ended,
            ended = self.down(from_node, to_client) => ended,
            ended = closed(closing, &self.altered) => ended,
        }
    }

    /// Passes the client's messages on, but those that the fault of the moment answers.
    async fn up(
        &self,
        mut client: OwnedReadHalf,
        mut node: OwnedWriteHalf,
        answers: Client,
    ) -> anyhow::Result<()> {
        node.write_all(&head(&mut client).await?).await?;
        let mut dead = false;
        loop {
            let (raw, first, payload) = request(&mut client).await?;
            let fault = self.now();
            dead |= fault == Fault::Hang;
            if dead {
                continue;
            }
            let asked: Option<Value> = (first & 0x0f == 1)
                .then(|| serde_json::from_slice(&payload).ok())
                .flatten();
            if let Some(asked) = &asked {
                self.note(asked);
                if let Some(answer) = instead(asked, fault) {
                    self.count();
                    let mut client = answers.lock().await;
                    write(&mut client, 0x81, answer.to_string().as_bytes()).await?;
                    continue;
                }
            }
            node.write_all(&raw).await?;
        }
    }

    fn note(&self, asked: &Value) {
        if let (Some(id), Some(method)) = (asked["id"].as_u64(), asked["method"].as_str()) {
            let parameter = asked["params"][0].as_str().unwrap_or_default();
            let parameter = parameter.get(..80).unwrap_or(parameter);
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            requests.insert(id, (method.to_owned(), parameter.to_owned()));
            while requests.len() > REQUESTS {
                requests.pop_first();
            }
        }
    }

    /// Passes the node's messages on, each as the fault of the moment has it.
    async fn down(&self, mut node: OwnedReadHalf, client: Client) -> anyhow::Result<()> {
        let upgraded = head(&mut node).await?;
        client.lock().await.write_all(&upgraded).await?;
        loop {
            let (first, payload) = message(&mut node).await?;
            let text = first & 0x0f == 1;
            let value: Option<Value> = text
                .then(|| serde_json::from_slice(&payload).ok())
                .flatten();
            if let Some((number, head)) = value.as_ref().and_then(head_of) {
                self.remember(number, head);
            }
            let changed = match self.now() {
                Fault::None | Fault::Close => None,
                Fault::Hang => {
                    self.count();
                    // Dead from here on, whatever comes after.
                    std::future::pending::<()>().await;
                    return Ok(());
                }
                Fault::Noise => {
                    self.count();
                    // Reserved bits and a reserved opcode: no WebSocket message.
                    client.lock().await.write_all(&[0x7f; 256]).await?;
                    continue;
                }
                fault => value.and_then(|value| self.alter(value, fault)),
            };
            let mut client = client.lock().await;
            match changed {
                Some(changed) => {
                    self.count();
                    write(&mut client, first, changed.to_string().as_bytes()).await?;
                }
                None => write(&mut client, first, &payload).await?,
            }
        }
    }

    fn remember(&self, number: u64, head: Value) {
        let mut heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        let fault = self.now();
        // While it lies about the head, what it shows stays what it was; where it has
        // shown none yet, the first.
        if heads.is_empty() || !matches!(fault, Fault::OldHead | Fault::BackHead) {
            heads.insert(number, head);
            while heads.len() > HEADS {
                heads.pop_first();
            }
        }
    }

    fn alter(&self, mut message: Value, fault: Fault) -> Option<Value> {
        let heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        let is_head = head_of(&message).is_some();
        match fault {
            Fault::OldHead | Fault::BackHead if is_head => {
                let shown = if fault == Fault::OldHead {
                    heads.last_key_value()
                } else {
                    heads.first_key_value()
                };
                message["params"]["result"] = shown?.1.clone();
                Some(message)
            }
            Fault::FarHead if is_head => {
                let (number, _) = head_of(&message)?;
                message["params"]["result"]["number"] =
                    Value::String(format!("{:#x}", number + 1_000));
                Some(message)
            }
            Fault::Lies => {
                let (method, parameter) = self.asked(&message)?;
                let result = &mut message["result"];
                *result = match (method.as_str(), parameter.as_str()) {
                    ("system_accountNextIndex", _) => Value::from(result.as_u64()? + 1),
                    ("state_call", "Core_version") => Value::from(next_version(result.as_str()?)?),
                    _ => return None,
                };
                Some(message)
            }
            Fault::Forgets => {
                let (method, parameter) = self.asked(&message)?;
                if !method.starts_with("state_getStorage") || !parameter.starts_with(HOTKEYS) {
                    return None;
                }
                message["result"] = Value::Null;
                Some(message)
            }
            Fault::Nonsense => {
                let result = message.get_mut("result")?;
                if !result.is_string() {
                    return None;
                }
                *result = Value::String("0xdeadbeef".to_owned());
                Some(message)
            }
            _ => None,
        }
    }
}

impl Link {
    /// What this is the answer to.
    fn asked(&self, answer: &Value) -> Option<(String, String)> {
        let id = answer.get("id")?.as_u64()?;
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.remove(&id)
    }
}

/// What the node answers to a request without having done anything about it.
fn instead(asked: &Value, fault: Fault) -> Option<Value> {
    let method = asked["method"].as_str()?;
    if !SUBMISSIONS.contains(&method) {
        return None;
    }
    let result = match fault {
        // A subscription, or a hash, that nothing comes of.
        Fault::Drops => json!(format!("never {}", asked["id"])),
        Fault::Refuses => {
            return Some(json!({
                "jsonrpc": "2.0",
                "id": asked["id"],
                "error": {
                    "code": 1010,
                    "message": "Invalid Transaction",
                    "data": "Transaction call is not expected",
                },
            }));
        }
        _ => return None,
    };
    Some(json!({ "jsonrpc": "2.0", "id": asked["id"], "result": result }))
}

/// A runtime's version in SCALE, with the next number of its specification.
fn next_version(answer: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let digits = answer.strip_prefix("0x")?.as_bytes();
    for pair in digits.chunks(2) {
        bytes.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
    }
    // Two names, each behind its length times four, and the version of authoring.
    let first = 1 + usize::from(*bytes.first()? >> 2);
    let second = first + 1 + usize::from(*bytes.get(first)? >> 2);
    let version = bytes.get_mut(second + 4..second + 8)?;
    let number = u32::from_le_bytes((&*version).try_into().ok()?);
    version.copy_from_slice(&number.wrapping_add(1).to_le_bytes());
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("0x{hexadecimal}"))
}

/// The head of a request or an answer of HTTP.
async fn head(from: &mut OwnedReadHalf) -> anyhow::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(from.read_u8().await?);
        if head.len() > 64 << 10 {
            bail!("the head of the upgrade does not end");
        }
    }
    Ok(head)
}

/// Number and header of a message that tells of a new head.
fn head_of(message: &Value) -> Option<(u64, Value)> {
    let head = message.get("params")?.get("result")?;
    head.get("parentHash")?;
    let number = head.get("number")?.as_str()?.strip_prefix("0x")?;
    Some((u64::from_str_radix(number, 16).ok()?, head.clone()))
}

/// Reads and forgets, for ever.
async fn swallow(mut client: TcpStream) -> anyhow::Result<()> {
    let mut buffer = [0; 4096];
    while client.read(&mut buffer).await? > 0 {}
    Ok(())
}

/// Waits until every connection is to be closed.
async fn closed(mut fault: watch::Receiver<Fault>, altered: &AtomicU64) -> anyhow::Result<()> {
    fault.wait_for(|fault| *fault == Fault::Close).await?;
    altered.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// One frame of a server: its first byte and its payload.
async fn message(from: &mut OwnedReadHalf) -> anyhow::Result<(u8, Vec<u8>)> {
    let first = from.read_u8().await?;
    let length = match from.read_u8().await? {
        masked if masked & 0x80 != 0 => bail!("a server's frame is never masked"),
        126 => u64::from(from.read_u16().await?),
        127 => from.read_u64().await?,
        length => u64::from(length),
    };
    if length > LONGEST {
        bail!("a message of {length} bytes");
    }
    let mut payload = vec![0; usize::try_from(length)?];
    from.read_exact(&mut payload).await?;
    Ok((first, payload))
}

/// One frame of a client: as it was sent, its first byte, and its payload.
async fn request(from: &mut OwnedReadHalf) -> anyhow::Result<(Vec<u8>, u8, Vec<u8>)> {
    let first = from.read_u8().await?;
    let second = from.read_u8().await?;
    if second & 0x80 == 0 {
        bail!("a client's frame is always masked");
    }
    let mut raw = vec![first, second];
    let length = match second & 0x7f {
        126 => {
            let length = from.read_u16().await?;
            raw.extend(length.to_be_bytes());
            u64::from(length)
        }
        127 => {
            let length = from.read_u64().await?;
            raw.extend(length.to_be_bytes());
            length
        }
        length => u64::from(length),
    };
    if length > LONGEST {
        bail!("a message of {length} bytes");
    }
    let mut mask = [0; 4];
    from.read_exact(&mut mask).await?;
    raw.extend(mask);
    let mut payload = vec![0; usize::try_from(length)?];
    from.read_exact(&mut payload).await?;
    raw.extend(&payload);
    for (byte, mask) in payload.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= mask;
    }
    Ok((raw, first, payload))
}

async fn write(to: &mut OwnedWriteHalf, first: u8, payload: &[u8]) -> anyhow::Result<()> {
    let mut frame = vec![first];
    match u16::try_from(payload.len()) {
        Ok(short) if short < 126 => frame.push(u8::try_from(short)?),
        Ok(middle) => {
            frame.push(126);
            frame.extend(middle.to_be_bytes());
        }
        Err(_) => {
            frame.push(127);
            frame.extend(u64::try_from(payload.len())?.to_be_bytes());
        }
    }
    frame.extend(payload);
    to.write_all(&frame).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn link(fault: Fault) -> Link {
        let (_, seen) = watch::channel(fault);
        Link {
            fault: seen,
            altered: Arc::default(),
            heads: Arc::default(),
            requests: Arc::default(),
        }
    }

    fn head(number: &str) -> Value {
        json!({"method": "chain_newHead", "params": {"subscription": 1,
               "result": {"number": number, "parentHash": "0x01"}}})
    }

    #[test]
    fn heads_are_told_from_other_messages() {
        assert_eq!(head_of(&head("0x10")).map(|(number, _)| number), Some(16));
        assert_eq!(head_of(&json!({"id": 1, "result": "0x10"})), None);
        assert_eq!(head_of(&head("sixteen")), None);
    }

    #[test]
    fn each_lie_changes_what_it_is_about_and_nothing_else() {
        let honest = link(Fault::None);
        for number in 5..8 {
            let (_, header) = head_of(&head(&format!("{number:#x}"))).expect("a head");
            honest.remember(number, header);
        }
        let shown = |fault| {
            let changed = honest.alter(head("0x9"), fault)?;
            Some(changed["params"]["result"]["number"].clone())
        };
        assert_eq!(shown(Fault::OldHead), Some(json!("0x7")));
        assert_eq!(shown(Fault::BackHead), Some(json!("0x5")));
        assert_eq!(shown(Fault::FarHead), Some(json!("0x3f1")));
        assert_eq!(shown(Fault::Nonsense), None);
        let answer = json!({"id": 1, "result": "0x0102"});
        assert_eq!(honest.alter(answer.clone(), Fault::OldHead), None);
        let nonsense = honest.alter(answer, Fault::Nonsense).expect("changed");
        assert_eq!(nonsense, json!({"id": 1, "result": "0xdeadbeef"}));
    }

    #[test]
    fn lies_are_told_in_answer_to_what_they_are_about() {
        let liar = link(Fault::Lies);
        let ask = |id: u64, method: &str, parameter: &str| {
            liar.note(&json!({"id": id, "method": method, "params": [parameter]}));
        };
        ask(1, "system_accountNextIndex", "5Grw");
        ask(2, "state_call", "Core_version");
        ask(3, "state_call", "TokenomicsApi_tiers");
        let told = |id: u64, result: Value| {
            liar.alter(json!({"id": id, "result": result}), Fault::Lies)
                .map(|told| told["result"].clone())
        };
        assert_eq!(told(1, json!(5)), Some(json!(6)));
        // "a", "bc", version 1 of authoring and 7 of the specification.
        let version = "0x0461086263010000000700000008";
        let next = "0x0461086263010000000800000008";
        assert_eq!(told(2, json!(version)), Some(json!(next)));
        assert_eq!(told(3, json!("0x00")), None);
        assert_eq!(told(9, json!(5)), None);
    }

    #[test]
    fn calls_are_dropped_or_refused_and_other_requests_passed_on() {
        let call = json!({"id": 4, "method": "author_submitAndWatchExtrinsic", "params": ["0x"]});
        let dropped = instead(&call, Fault::Drops).expect("answered");
        assert_eq!(
            (&dropped["id"], &dropped["result"]),
            (&json!(4), &json!("never 4"))
        );
        let refused = instead(&call, Fault::Refuses).expect("answered");
        assert_eq!(refused["error"]["code"], json!(1010));
        assert_eq!(instead(&call, Fault::None), None);
        let other = json!({"id": 4, "method": "chain_getHeader", "params": []});
        assert_eq!(instead(&other, Fault::Drops), None);
    }

    #[test]
    fn a_head_that_stands_still_from_the_first_is_the_first() {
        let still = link(Fault::OldHead);
        for number in ["0x5", "0x6"] {
            let told = head(number);
            let (of, header) = head_of(&told).expect("a head");
            still.remember(of, header);
            let shown = still.alter(told, Fault::OldHead).expect("changed");
            assert_eq!(shown["params"]["result"]["number"], json!("0x5"));
        }
    }

    #[tokio::test]
    async fn frames_of_every_length_pass() -> anyhow::Result<()> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let sender = TcpStream::connect(listener.local_addr()?).await?;
        let (receiver, _) = listener.accept().await?;
        let (mut from, _keep) = receiver.into_split();
        let (_other, mut to) = sender.into_split();
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![7; length];
            let (written, read) = tokio::join!(write(&mut to, 0x81, &payload), message(&mut from));
            written?;
            assert_eq!(read?, (0x81, payload));
        }
        Ok(())
    }
}
