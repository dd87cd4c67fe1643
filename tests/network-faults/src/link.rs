// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A connection between two nodes on the loopback interface that can be cut, slowed
//! and healed.
//!
//! Nodes know each other by these alone. Cutting one closes its connections, as a
//! network does whose end answers that nobody is there, and refuses new ones.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    task::JoinHandle,
    time::Instant,
};

/// Pieces that are under way at most: what is sent faster waits, as on a real line.
const UNDER_WAY: usize = 256;

/// What a piece holds at most, in bytes.
const PIECE: usize = 16 << 10;

/// How a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// What is sent arrives this much later, each way.
    Up(Duration),
    /// Nothing passes.
    Cut,
}

impl State {
    /// A link without a fault.
    pub const SOUND: Self = Self::Up(Duration::ZERO);
}

/// One way for a node to reach another. Ends with this value.
#[derive(Debug)]
pub struct Link {
    port: u16,
    state: watch::Sender<State>,
    accepts: JoinHandle<()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.accepts.abort();
        // Ends what is open.
        self.state.send_replace(State::Cut);
    }
}

impl Link {
    /// Opens one to a port of the loopback interface, without a fault, for who calls
    /// from the port `from`, where one is given. Nodes call from the port on which they
    /// listen; they also tell each other where others can be reached, and so find links
    /// that are not theirs.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn open(from: Option<u16>, to: u16) -> anyhow::Result<Self> {
        let to = SocketAddr::from(([127, 0, 0, 1], to));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let (state, seen) = watch::channel(State::SOUND);
        let accepts = tokio::spawn(async move {
            while let Ok((client, caller)) = listener.accept().await {
                if from.is_some_and(|from| from != caller.port()) {
                    continue;
                }
                let state = seen.clone();
                // A connection that fails is what this is for.
                tokio::spawn(async move {
                    let _ = connect(client, to, state).await;
                });
            }
        });
        Ok(Self {
            port,
            state,
            accepts,
        })
    }

    /// Where the one end reaches the other.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on the link is so.
    pub fn set(&self, state: State) {
        self.state.send_replace(state);
    }
}

async fn connect(
    client: TcpStream,
    to: SocketAddr,
    mut state: watch::Receiver<State>,
) -> std::io::Result<()> {
    if *state.borrow() == State::Cut {
        return Ok(());
    }
    let node = TcpStream::connect(to).await?;
    client.set_nodelay(true)?;
    node.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_node, to_node) = node.into_split();
    let (up, down) = (state.clone(), state.clone());
    tokio::select! {
        // Whichever way ends, the other ends with it.
        ended = carry(from_client, to_node, up) => ended,
        ended = carry(from_node, to_client, down) => ended,
        _ = state.wait_for(|state| *state == State::Cut) => Ok(()),
    }
}

/// Passes bytes on, each as late as the link was slow when it was sent.
async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: watch::Receiver<State>,
) -> std::io::Result<()> {
    let (send, mut sent) = mpsc::channel::<(Instant, Vec<u8>)>(UNDER_WAY);
    let read = async {
        let mut buffer = vec![0; PIECE];
        loop {
            let count = from.read(&mut buffer).await?;
            let delay = match *state.borrow() {
                State::Up(delay) => delay,
                State::Cut => return Ok(()),
            };
            let piece = (Instant::now() + delay, buffer[..count].to_vec());
            if count == 0 || send.send(piece).await.is_err() {
                return Ok(());
            }
        }
    };
    let write = async {
        while let Some((due, piece)) = sent.recv().await {
            tokio::time::sleep_until(due).await;
            to.write_all(&piece).await?;
        }
        Ok(())
    };
    tokio::select! {
        ended = read => ended,
        ended = write => ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link, both ends of a connection through it, and where it leads.
    async fn connected() -> anyhow::Result<(Link, TcpStream, TcpStream, TcpListener)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let link = Link::open(None, listener.local_addr()?.port()).await?;
        let near = TcpStream::connect(("127.0.0.1", link.port())).await?;
        let (far, _) = listener.accept().await?;
        Ok((link, near, far, listener))
    }

    async fn pass(from: &mut TcpStream, to: &mut TcpStream) -> anyhow::Result<Vec<u8>> {
        from.write_all(b"block").await?;
        let mut read = vec![0; 5];
        to.read_exact(&mut read).await?;
        Ok(read)
    }

    #[tokio::test]
    async fn a_sound_link_passes_bytes_both_ways() -> anyhow::Result<()> {
        let (_link, mut near, mut far, _listener) = connected().await?;
        assert_eq!(pass(&mut near, &mut far).await?, b"block");
        assert_eq!(pass(&mut far, &mut near).await?, b"block");
        Ok(())
    }

    #[tokio::test]
    async fn a_cut_link_ends_its_connections_and_refuses_new_ones_until_it_heals()
    -> anyhow::Result<()> {
        let (link, mut near, mut far, listener) = connected().await?;
        link.set(State::Cut);
        assert_eq!(near.read(&mut [0; 8]).await?, 0);
        assert_eq!(far.read(&mut [0; 8]).await?, 0);
        let mut refused = TcpStream::connect(("127.0.0.1", link.port())).await?;
        assert_eq!(refused.read(&mut [0; 8]).await?, 0);
        link.set(State::SOUND);
        let mut near = TcpStream::connect(("127.0.0.1", link.port())).await?;
        let (mut far, _) = listener.accept().await?;
        assert_eq!(pass(&mut near, &mut far).await?, b"block");
        Ok(())
    }

    #[tokio::test]
    async fn a_link_is_of_no_use_to_others() -> anyhow::Result<()> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        // Port 1 is nobody's here.
        let link = Link::open(Some(1), listener.local_addr()?.port()).await?;
        let mut refused = TcpStream::connect(("127.0.0.1", link.port())).await?;
        assert_eq!(refused.read(&mut [0; 8]).await?, 0);
        Ok(())
    }

    #[tokio::test]
    async fn a_slow_link_is_late_and_loses_nothing() -> anyhow::Result<()> {
        let (link, mut near, mut far, _listener) = connected().await?;
        let delay = Duration::from_millis(100);
        link.set(State::Up(delay));
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(pass(&mut near, &mut far).await?, b"block");
        }
        // Each was sent when the last had arrived. A bound from below: no machine is
        // too slow for it.
        assert!(start.elapsed() >= 3 * delay);
        Ok(())
    }
}
