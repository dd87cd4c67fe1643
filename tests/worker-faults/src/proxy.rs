// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A WebSocket proxy on the loopback interface that injects faults.
//!
//! What the worker sends is passed on as it is; what the node sends is read
//! message by message, so that a fault can change it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// Heads that are remembered, to be shown again.
const HEADS: usize = 64;

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

struct Link {
    fault: watch::Receiver<Fault>,
    altered: Arc<AtomicU64>,
    heads: Heads,
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

    async fn connect(mut self, client: TcpStream, to: SocketAddr) -> anyhow::Result<()> {
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
        let altered = Arc::clone(&self.altered);
        tokio::select! {
            // Whichever way ends, the other ends with it.
            ended = copy(from_client, to_node, self.fault.clone()) => ended,
            ended = self.down(from_node, to_client) => ended,
            ended = closed(closing, &altered) => ended,
        }
    }

    /// Passes the node's messages on, each as the fault of the moment has it.
    async fn down(
        &mut self,
        mut node: OwnedReadHalf,
        mut client: OwnedWriteHalf,
    ) -> anyhow::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(node.read_u8().await?);
            if head.len() > 64 << 10 {
                bail!("the node's answer to the upgrade does not end");
            }
        }
        client.write_all(&head).await?;
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
                    client.write_all(&[0x7f; 256]).await?;
                    continue;
                }
                fault => value.and_then(|value| self.alter(value, fault)),
            };
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

/// Passes the worker's bytes on, until the node hangs.
async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    fault: watch::Receiver<Fault>,
) -> anyhow::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    let mut dead = false;
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        dead |= *fault.borrow() == Fault::Hang;
        if !dead {
            to.write_all(&buffer[..read]).await?;
        }
    }
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
