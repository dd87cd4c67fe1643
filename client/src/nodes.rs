// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The nodes that a program may use, one at a time: the one way to connect, and to connect
//! again.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tracing::warn;

use super::{Chain, ChainError, Courier, is_light};

/// Furthest that the head of the node in use may go back.
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

/// Age of its best block up to which a node is taken at once, in seconds: ten slots.
const CURRENT_S: u64 = 60;

/// Age from which on what a node says is not of today, in seconds. Between the two the
/// node with the highest block is taken.
const STALE_S: u64 = 600;

/// How long a chain is waited for that has no block: one that was just begun has its first
/// within some slots.
const BEGINNING: Duration = Duration::from_secs(30);

/// The nodes' addresses, and what is known of the chain.
#[derive(Debug)]
pub struct Nodes {
    urls: Vec<String>,
    courier: Courier,
    next: usize,
    genesis: Option<[u8; 32]>,
    highest: u32,
    doubts: u32,
    slot: Duration,
    pause: Duration,
    patience: Duration,
}

/// What a node's best block says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Its block is of now: it is taken at once, whatever another has shown. That one may
    /// have lied, and nobody's word makes an honest node a liar.
    Current,
    /// Its block is of today.
    Behind,
    /// Its block is old by this machine's clock, which may be wrong: it has all blocks that
    /// were seen.
    Old,
    /// Its block is old.
    Stale,
}

/// A node that answers.
struct Candidate {
    index: usize,
    chain: Chain,
    head: u32,
    age_s: u64,
}

impl Nodes {
    /// Nodes to be tried in this order. Has to be called within a Tokio runtime.
    pub fn new(urls: Vec<String>) -> Self {
        Self {
            courier: Courier::new(&urls),
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
    pub fn go_by(&mut self, slot: Duration) {
        self.slot = slot;
        self.patience = PATIENCE[0];
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.urls.len()
    }

    /// The way to all of them.
    pub fn courier(&self) -> &Courier {
        &self.courier
    }

    /// As [`Self::connect`], for the first time: waits a little for a chain that has no
    /// block, since it may just have begun.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn first(&mut self) -> Result<Chain, ChainError> {
        let end = Instant::now() + BEGINNING;
        loop {
            match self.connect().await {
                Err(ChainError::Stale { number: 0, .. }) if Instant::now() < end => {
                    let pause = self.pause();
                    tokio::time::sleep(pause).await;
                }
                done => {
                    self.works();
                    return done;
                }
            }
        }
    }

    /// Connects to the first node that serves the chain and whose best block is of now; to
    /// the one with the highest where none is, as far as that is of today.
    ///
    /// # Errors
    /// [`ChainError::Stale`] where every node that answers is behind, or that of the last
    /// node tried.
    pub async fn connect(&mut self) -> Result<Chain, ChainError> {
        self.connect_to_best(false).await
    }

    /// As [`Self::connect`]; `again` where this program has followed the chain before.
    async fn connect_to_best(&mut self, again: bool) -> Result<Chain, ChainError> {
        let mut last = ChainError::Rpc("no address of a node was given".into());
        let mut behind: Option<(bool, Candidate)> = None;
        let mut stale = None;
        let mut wrong = 0;
        for turn in 0..self.urls.len() {
            let index = (self.next + turn) % self.urls.len();
            let url = &self.urls[index];
            match self.look_at(index).await {
                Ok(found) => {
                    let (head, age_s) = (found.head, found.age_s);
                    let standing = self.standing(head, age_s, again);
                    if standing == Standing::Current {
                        return Ok(self.took(found));
                    }
                    warn!(url, head, age_s, seen = self.highest, "a node is behind");
                    if standing == Standing::Stale {
                        stale = Some(ChainError::Stale {
                            url: url.clone(),
                            number: head.into(),
                            age_s,
                        });
                        continue;
                    }
                    // An old one only where there is no other.
                    let of_today = standing == Standing::Behind;
                    let is_better = behind
                        .as_ref()
                        .is_none_or(|(today, best)| (*today, best.head) < (of_today, head));
                    if is_better {
                        behind = Some((of_today, found));
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
        if let Some((_, found)) = behind {
            warn!(
                url = found.chain.url(),
                head = found.head,
                seen = self.highest,
                "no node has a block of now: going on with the best there is"
            );
            return Ok(self.took(found));
        }
        if wrong == self.urls.len() {
            self.doubts += 1;
        }
        Err(stale.unwrap_or(last))
    }

    /// Connects again, for as long as it takes, with pauses; `told` hears of each attempt
    /// that failed. Dropping it gives up. A node that has every block that was seen is
    /// taken, if there is no better one, however old they are by this machine's clock.
    ///
    /// # Errors
    /// Where every node has said for some time that it serves no chain that this program
    /// knows.
    pub async fn reconnect(&mut self, told: impl Fn(&ChainError)) -> Result<Chain, ChainError> {
        loop {
            tokio::time::sleep(self.pause()).await;
            match self.connect_to_best(true).await {
                Ok(chain) => return Ok(chain),
                Err(cause) if self.is_hopeless() => return Err(cause),
                Err(cause) => told(&cause),
            }
        }
    }

    async fn look_at(&self, index: usize) -> Result<Candidate, ChainError> {
        let url = &self.urls[index];
        let held = self.courier.held(url);
        let was_held = held.is_some();
        let looking = async {
            let chain = match held {
                Some(chain) => chain,
                None => Chain::connect(url).await?,
            };
            let best = chain.best().await?;
            if was_held {
                // A new one was asked when it was made.
                best.check_protocol()?;
            }
            let made_ms = best.timestamp_ms().await?;
            Ok((chain, best.number(), age_s(made_ms)))
        };
        let looked = if is_light(url) {
            looking.await
        } else {
            tokio::time::timeout(self.patience, looking)
                .await
                .unwrap_or_else(|_| {
                    Err(ChainError::Unreachable {
                        url: url.to_owned(),
                        cause: format!("no answer in {} s", self.patience.as_secs()),
                    })
                })
        };
        if looked.is_err() && was_held {
            self.courier.forget(url);
        }
        let (chain, head, age_s) = looked?;
        if self
            .genesis
            .is_some_and(|genesis| genesis != chain.genesis_hash())
        {
            return Err(ChainError::WrongChain(format!(
                "{url} now serves another chain"
            )));
        }
        Ok(Candidate {
            index,
            chain,
            head: u32::try_from(head).unwrap_or(u32::MAX),
            age_s,
        })
    }

    fn standing(&self, head: u32, age_s: u64, again: bool) -> Standing {
        if age_s <= CURRENT_S {
            Standing::Current
        } else if age_s <= STALE_S {
            Standing::Behind
        } else if again && head >= self.highest {
            Standing::Old
        } else {
            Standing::Stale
        }
    }

    fn took(&mut self, found: Candidate) -> Chain {
        self.next = found.index;
        self.highest = found.head;
        self.genesis.get_or_insert(found.chain.genesis_hash());
        self.with_courier(found.chain)
    }

    fn with_courier(&self, chain: Chain) -> Chain {
        self.courier.uses(&chain);
        chain.with(&self.courier)
    }

    /// The node in use is to be left for the next, for this reason.
    pub fn leave(&mut self, cause: &ChainError) {
        self.doubts += u32::from(matches!(cause, ChainError::WrongChain(_)));
        if let Some(url) = self.urls.get(self.next) {
            self.courier.forget(url);
        }
        self.turn();
    }

    /// The next node is to be tried first; nothing is said against the one in use.
    pub fn turn(&mut self) {
        self.next = (self.next + 1) % self.urls.len().max(1);
    }

    /// Takes note of a head. True where it is higher than every one before.
    ///
    /// # Errors
    /// Where it lies further back than any reorganisation reaches.
    pub fn saw(&mut self, head: u32) -> Result<bool, ChainError> {
        if self.is_behind(head) {
            return Err(ChainError::Rpc(format!(
                "the node's head went back from block {} to block {head}",
                self.highest
            )));
        }
        let higher = head > self.highest;
        if higher {
            self.highest = head;
            self.works();
        }
        Ok(higher)
    }

    /// The node in use does what it should: pauses begin anew with the next trouble.
    pub fn works(&mut self) {
        self.pause = SHORTEST_PAUSE;
        self.patience = PATIENCE[0];
        self.doubts = 0;
    }

    fn is_behind(&self, head: u32) -> bool {
        head.saturating_add(DEEPEST) < self.highest
    }

    /// Whether every node has said for some time that it does not serve a
    /// chain that this worker knows.
    pub fn is_hopeless(&self) -> bool {
        self.doubts >= DOUBTS
    }

    /// How long to wait before the next round: longer each time, until a new
    /// block is seen. Nodes get more time to answer in it, too.
    fn pause(&mut self) -> Duration {
        let pause = self.pause;
        let longest = self.slot.clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
        self.pause = (pause * 2).min(longest);
        if pause > SHORTEST_PAUSE {
            self.patience = (self.patience * 2).min(PATIENCE[1]);
        }
        pause
    }
}

/// Whether a node's best block is of today.
pub(crate) async fn is_of_today(chain: &Chain) -> bool {
    let made = async { chain.best().await?.timestamp_ms().await };
    made.await.is_ok_and(|made_ms| age_s(made_ms) <= STALE_S)
}

/// How long ago this was, by this machine's clock.
fn age_s(made_ms: u64) -> u64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    now.saturating_sub(made_ms / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes() -> Nodes {
        Nodes::new(vec!["first".into(), "second".into()])
    }

    #[tokio::test]
    async fn a_head_may_go_back_a_little_and_no_further() {
        let mut nodes = nodes();
        assert!(nodes.saw(100).expect("higher"));
        assert!(!nodes.saw(100).expect("the same"));
        assert!(!nodes.saw(84).expect("a deep reorganisation"));
        let error = nodes.saw(83).expect_err("too deep");
        assert!(error.to_string().contains("from block 100 to block 83"));
        assert!(nodes.saw(101).expect("higher again"));
    }

    #[tokio::test]
    async fn a_liar_about_its_head_makes_no_honest_node_one_that_is_behind() {
        let mut nodes = nodes();
        assert!(nodes.saw(100).expect("higher"));
        assert!(nodes.saw(1_000_100).expect("a lie"));
        for again in [false, true] {
            assert_eq!(nodes.standing(101, CURRENT_S, again), Standing::Current);
            assert_eq!(nodes.standing(101, STALE_S, again), Standing::Behind);
            assert_eq!(nodes.standing(101, STALE_S + 1, again), Standing::Stale);
        }
    }

    #[tokio::test]
    async fn a_clock_that_is_ahead_makes_nobody_reconnect_for_ever() {
        let mut nodes = nodes();
        assert!(nodes.saw(100).expect("higher"));
        let old = STALE_S + 60;
        assert_eq!(nodes.standing(100, old, true), Standing::Old);
        assert_eq!(nodes.standing(99, old, true), Standing::Stale);
        // At first there is nothing to go by but the clock.
        assert_eq!(nodes.standing(100, old, false), Standing::Stale);
    }

    #[tokio::test]
    async fn leaving_goes_round() {
        let mut nodes = nodes();
        let cause = ChainError::Rpc("it hung up".into());
        nodes.leave(&cause);
        assert_eq!(nodes.next, 1);
        nodes.leave(&cause);
        assert_eq!(nodes.next, 0);
        assert!(!nodes.is_hopeless());
    }

    #[tokio::test]
    async fn a_strange_chain_is_believed_in_the_end_unless_blocks_come_between() {
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

    #[tokio::test]
    async fn pauses_grow_to_a_bound_and_a_new_block_ends_them() {
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

    #[test]
    fn a_block_of_no_time_is_as_old_as_can_be_and_one_of_tomorrow_is_new() {
        assert!(age_s(0) > STALE_S);
        assert_eq!(age_s(u64::MAX), 0);
    }
}
