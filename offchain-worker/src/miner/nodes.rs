// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The nodes that a worker may use, one at a time.

use std::time::Duration;

use tracing::warn;

use ni_client::{Chain, ChainError, is_light};

/// Furthest that a head may go back, or lie behind what another node showed.
/// No reorganisation of a live chain is as deep.
const DEEPEST: u32 = 16;

/// Times in a row that a node must show no chain that the worker knows before
/// that is believed: it may answer garbage for a while.
const DOUBTS: u32 = 10;

/// Longest pause between two rounds; a slot where that is shorter, since a window may
/// have no more than a few to spare.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Shortest pause.
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);

/// How long a node that hangs holds up the worker before another is tried, or the same
/// again: at first, and in the end where none answers in time.
const PATIENCE: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(20)];

/// The nodes' addresses, and what is known of the chain.
pub(super) struct Nodes {
    urls: Vec<String>,
    next: usize,
    genesis: Option<[u8; 32]>,
    highest: u32,
    doubts: u32,
    slot: Duration,
    pause: Duration,
    patience: Duration,
}

impl Nodes {
    /// Nodes to be tried in this order.
    pub(super) fn new(urls: Vec<String>) -> Self {
        Self {
            urls,
            next: 0,
            genesis: None,
            highest: 0,
            doubts: 0,
            slot: LONGEST_PAUSE,
            pause: SHORTEST_PAUSE,
            patience: PATIENCE[1],
        }
    }

    /// Goes by the length of the chain's slots.
    pub(super) fn go_by(&mut self, slot: Duration) {
        self.slot = slot;
        self.patience = PATIENCE[0];
    }

    /// Connects to the first node that serves the chain and is not behind; to
    /// the least behind where all are.
    ///
    /// # Errors
    /// That of the last node tried.
    pub(super) async fn connect(&mut self) -> Result<Chain, ChainError> {
        let mut last = ChainError::Rpc("no address of a node was given".into());
        let mut behind: Option<(u32, usize, Chain)> = None;
        let mut wrong = 0;
        for turn in 0..self.urls.len() {
            let index = (self.next + turn) % self.urls.len();
            let url = &self.urls[index];
            match self.look_at(url).await {
                Ok((head, chain)) if !self.is_behind(head) => {
                    return Ok(self.took(index, chain));
                }
                Ok((head, chain)) => {
                    warn!(url, head, seen = self.highest, "a node is behind");
                    if behind.as_ref().is_none_or(|(best, ..)| *best < head) {
                        behind = Some((head, index, chain));
                    }
                }
                Err(cause) => {
                    if self.urls.len() > 1 {
                        warn!(url, %cause, "cannot use a node");
                    }
                    wrong += usize::from(matches!(cause, ChainError::WrongChain(_)));
                    last = cause;
                }
            }
        }
        if let Some((head, index, chain)) = behind {
            warn!(
                url = chain.url(),
                head,
                seen = self.highest,
                "no node has the blocks that were seen: going on with the best there is"
            );
            self.highest = head;
            return Ok(self.took(index, chain));
        }
        if wrong == self.urls.len() {
            self.doubts += 1;
        }
        Err(last)
    }

    async fn look_at(&self, url: &str) -> Result<(u32, Chain), ChainError> {
        let connecting = Chain::connect(url);
        let chain = if is_light(url) {
            connecting.await?
        } else {
            tokio::time::timeout(self.patience, connecting)
                .await
                .map_err(|_| ChainError::Unreachable {
                    url: url.to_owned(),
                    cause: format!("no answer in {} s", self.patience.as_secs()),
                })??
        };
        if self
            .genesis
            .is_some_and(|genesis| genesis != chain.genesis_hash())
        {
            return Err(ChainError::WrongChain(format!(
                "{url} now serves another chain"
            )));
        }
        let head = chain.best().await?.number();
        Ok((u32::try_from(head).unwrap_or(u32::MAX), chain))
    }

    fn took(&mut self, index: usize, chain: Chain) -> Chain {
        self.next = index;
        self.genesis.get_or_insert(chain.genesis_hash());
        chain
    }

    /// The node in use is to be left for the next, for this reason.
    pub(super) fn leave(&mut self, cause: &ChainError) {
        self.doubts += u32::from(matches!(cause, ChainError::WrongChain(_)));
        self.next = (self.next + 1) % self.urls.len().max(1);
    }

    /// Takes note of a head. True where it is higher than every one before.
    ///
    /// # Errors
    /// Where it lies further back than any reorganisation reaches.
    pub(super) fn saw(&mut self, head: u32) -> Result<bool, ChainError> {
        if self.is_behind(head) {
            return Err(ChainError::Rpc(format!(
                "the node's head went back from block {} to block {head}",
                self.highest
            )));
        }
        let higher = head > self.highest;
        if higher {
            self.highest = head;
            self.pause = SHORTEST_PAUSE;
            self.patience = PATIENCE[0];
            self.doubts = 0;
        }
        Ok(higher)
    }

    fn is_behind(&self, head: u32) -> bool {
        head.saturating_add(DEEPEST) < self.highest
    }

    /// Whether every node has said for some time that it does not serve a
    /// chain that this worker knows.
    pub(super) fn is_hopeless(&self) -> bool {
        self.doubts >= DOUBTS
    }

    /// How long to wait before the next round: longer each time, until a new
    /// block is seen. Nodes get more time to answer in it, too.
    pub(super) fn pause(&mut self) -> Duration {
        let pause = self.pause;
        let longest = self.slot.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        self.pause = (pause * 2).min(longest);
        if pause > SHORTEST_PAUSE {
            self.patience = (self.patience * 2).min(PATIENCE[1]);
        }
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes() -> Nodes {
        Nodes::new(vec!["first".into(), "second".into()])
    }

    #[test]
    fn a_head_may_go_back_a_little_and_no_further() {
        let mut nodes = nodes();
        assert!(nodes.saw(100).expect("higher"));
        assert!(!nodes.saw(100).expect("the same"));
        assert!(!nodes.saw(84).expect("a deep reorganisation"));
        let error = nodes.saw(83).expect_err("too deep");
        assert!(error.to_string().contains("from block 100 to block 83"));
        assert!(nodes.saw(101).expect("higher again"));
    }

    #[test]
    fn leaving_goes_round() {
        let mut nodes = nodes();
        let cause = ChainError::Rpc("it hung up".into());
        nodes.leave(&cause);
        assert_eq!(nodes.next, 1);
        nodes.leave(&cause);
        assert_eq!(nodes.next, 0);
        assert!(!nodes.is_hopeless());
    }

    #[test]
    fn a_strange_chain_is_believed_in_the_end_unless_blocks_come_between() {
        let mut nodes = nodes();
        let strange = ChainError::WrongChain("it has no windows".into());
        for _ in 1..DOUBTS {
            nodes.leave(&strange);
        }
        assert!(!nodes.is_hopeless());
        assert!(nodes.saw(1).expect("higher"));
        nodes.leave(&strange);
        assert!(!nodes.is_hopeless());
        for _ in 1..DOUBTS {
            nodes.leave(&strange);
        }
        assert!(nodes.is_hopeless());
    }

    #[test]
    fn pauses_grow_to_a_bound_and_a_new_block_ends_them() {
        let mut nodes = nodes();
        let pauses: Vec<_> = (0..6).map(|_| nodes.pause().as_millis()).collect();
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 5_000, 5_000]);
        assert!(nodes.saw(7).expect("higher"));
        assert_eq!(nodes.pause(), SHORTEST_PAUSE);
        // On a chain of fast blocks there is less time.
        nodes.go_by(Duration::from_secs(1));
        let pauses: Vec<_> = (0..3).map(|_| nodes.pause().as_millis()).collect();
        assert_eq!(pauses, [1_000, 1_000, 1_000]);
    }

    #[tokio::test]
    async fn a_node_that_hangs_is_given_a_little_time_and_then_more() -> std::io::Result<()> {
        // It takes connections, and nothing else.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let mut nodes = Nodes::new(vec![format!("ws://{}", silent.local_addr()?)]);
        nodes.go_by(Duration::from_secs(1));
        let mut seconds = Vec::new();
        for _ in 0..4 {
            nodes.pause();
            seconds.push(nodes.patience.as_secs());
        }
        assert_eq!(seconds, [5, 10, 20, 20]);
        nodes.patience = Duration::from_millis(20);
        let error = nodes.connect().await.expect_err("it does not answer");
        assert!(error.to_string().contains("no answer in"), "{error}");
        assert!(nodes.saw(1).expect("higher"));
        assert_eq!(nodes.patience, PATIENCE[0]);
        Ok(())
    }

    #[tokio::test]
    async fn nothing_at_any_address_is_an_error_and_no_reason_to_give_up() {
        let mut nodes = Nodes::new(vec!["ws://127.0.0.1:1".into(); 2]);
        for _ in 0..=DOUBTS {
            let error = nodes.connect().await.expect_err("nobody listens there");
            assert!(matches!(error, ChainError::Unreachable { .. }), "{error}");
        }
        assert!(!nodes.is_hopeless());
        let error = Nodes::new(Vec::new())
            .connect()
            .await
            .expect_err("no address");
        assert!(error.to_string().contains("no address"));
    }
}
