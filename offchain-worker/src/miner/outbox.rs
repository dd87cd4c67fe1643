// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A miner's calls on their way: each is sent to every node once, and again with every
//! block in which it might stand and does not.
//!
//! What one node refuses is counted against that node alone.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Instant,
};

use subxt::{ext::scale_encode::EncodeAsFields, transactions::DynamicPayload};
use subxt_signer::sr25519::Keypair;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::{debug, warn};

use super::plan;
use crate::telemetry::meters::{self, Stage};
use ni_client::{ChainError, Courier, Fate, Letter, events::Event};

/// Blocks that a sent call is given before it is sent again.
const RESEND_AFTER: u32 = 1;

/// Times that one node may refuse a call before it is left out.
const REFUSALS: u32 = 5;

/// A call that is sent once, unless it gets lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Call {
    /// Of GPUs, of which this is the first.
    Commit { window: u32, gpu: u32 },
    /// Of a GPU.
    Reveal { window: u32, gpu: u32 },
    /// Of GPUs, of which this is the first.
    Confirm { window: u32, gpu: u32 },
}

impl Call {
    const fn stage(&self) -> Stage {
        match self {
            Self::Commit { .. } => Stage::Commit,
            Self::Reveal { .. } | Self::Confirm { .. } => Stage::Reveal,
        }
    }
}

/// A call that was sent.
struct Sent {
    /// The best block when it was sent last.
    at: u32,
    times: u32,
    /// When it was sent first.
    when: Instant,
    letter: Arc<Letter>,
    /// The GPUs that it is about.
    gpus: Vec<u32>,
    /// Refusals by node.
    refusals: BTreeMap<String, u32>,
    included: bool,
}

/// What became of a call at a node.
pub(super) struct News {
    call: Call,
    url: String,
    fate: Fate,
}

/// What a miner does about news.
#[derive(Debug)]
pub(super) enum Heard {
    /// Nothing.
    Nothing,
    /// It stands in a block, where it has emitted these events.
    Included(Vec<Event>),
    /// The node refused it.
    Refused,
}

/// The calls of the window in progress.
pub(super) struct Outbox {
    signer: Keypair,
    sent: HashMap<Call, Sent>,
    news: UnboundedSender<News>,
    received: UnboundedReceiver<News>,
}

impl Outbox {
    /// Of calls that this key signs.
    pub(super) fn new(signer: Keypair) -> Self {
        let (news, received) = unbounded_channel();
        Self {
            signer,
            sent: HashMap::new(),
            news,
            received,
        }
    }

    /// Forgets all: the chain has seen none of them.
    pub(super) fn clear(&mut self) {
        self.sent.clear();
    }

    /// Whether a call is to be sent now: the first time, and again where the chain shows
    /// nothing of it.
    pub(super) fn may_send(&self, call: Call, best: u32) -> bool {
        self.sent
            .get(&call)
            .is_none_or(|sent| best.saturating_sub(sent.at) >= RESEND_AFTER)
    }

    /// Whether a commit to this window was sent.
    pub(super) fn has_commit(&self, window: u32) -> bool {
        let mut calls = self.sent.keys();
        calls.any(|call| matches!(call, Call::Commit { window: of, .. } if *of == window))
    }

    /// The commits to a window for these GPUs, of at most so many each. Those that were sent
    /// together stay together, and apart from the others: a pool that holds a GPU's commit
    /// takes no other call about it.
    pub(super) fn commits(&self, window: u32, gpus: &[u32], most: u32) -> Vec<Vec<u32>> {
        let mut sent: Vec<_> = self
            .sent
            .iter()
            .filter_map(|(call, sent)| match call {
                Call::Commit { window: of, gpu } if *of == window => {
                    Some((Reverse(sent.at), *gpu, &sent.gpus))
                }
                _ => None,
            })
            .collect();
        // Of a GPU that is in several the last counts.
        sent.sort_unstable();
        let mut rest = gpus.to_vec();
        let mut commits = Vec::new();
        for (_, _, together) in sent {
            let (again, others): (Vec<_>, Vec<_>) =
                rest.into_iter().partition(|gpu| together.contains(gpu));
            rest = others;
            if !again.is_empty() {
                commits.push(again);
            }
        }
        commits.extend(plan::calls(&rest, most).map(<[u32]>::to_vec));
        commits
    }

    /// Sends a call about these GPUs to every node that has not refused it too often. True
    /// where it was sent before, once, and is in no block.
    pub(super) fn send<Fields: EncodeAsFields + Send + Sync + 'static>(
        &mut self,
        courier: &Courier,
        call: Call,
        gpus: &[u32],
        payload: DynamicPayload<Fields>,
        best: u32,
    ) -> bool {
        let (signer, news) = (self.signer.clone(), self.news.clone());
        let sent = self.note(call, gpus, best, || Letter::new(payload, &signer));
        courier.send(
            &sent.letter,
            |url| sent.refusals.get(url).is_none_or(|times| *times < REFUSALS),
            move |url, fate| {
                // Nobody listens any more once the miner has ended.
                let _ = news.send(News {
                    call,
                    url: url.to_owned(),
                    fate,
                });
            },
        );
        sent.times == 2
    }

    /// Notes that a call is sent: as it was signed before, unless it is about other GPUs.
    fn note(
        &mut self,
        call: Call,
        gpus: &[u32],
        best: u32,
        letter: impl FnOnce() -> Letter,
    ) -> &Sent {
        let before = self.sent.remove(&call).filter(|sent| sent.gpus == gpus);
        let sent = match before {
            Some(sent) => Sent {
                at: best,
                times: sent.times + 1,
                ..sent
            },
            None => Sent {
                at: best,
                times: 1,
                when: Instant::now(),
                letter: Arc::new(letter()),
                gpus: gpus.to_vec(),
                refusals: BTreeMap::new(),
                included: false,
            },
        };
        self.sent.entry(call).or_insert(sent)
    }

    /// What becomes of a call next.
    pub(super) async fn news(&mut self) -> News {
        match self.received.recv().await {
            Some(news) => news,
            // This value holds a sender.
            None => std::future::pending().await,
        }
    }

    /// Takes note of what became of a call. Of several nodes that tell of the same block
    /// the first counts.
    pub(super) fn hear(&mut self, News { call, url, fate }: News) -> Heard {
        let Some(sent) = self.sent.get_mut(&call) else {
            return Heard::Nothing;
        };
        match fate {
            Fate::Ended(Ok(included)) => {
                if sent.included {
                    return Heard::Nothing;
                }
                sent.included = true;
                meters::stage(call.stage(), sent.when.elapsed());
                Heard::Included(included.events)
            }
            Fate::Ended(Err(cause)) | Fate::NotTaken(cause) if sent.included => {
                debug!(%cause, ?call, url, "in a block by way of another node");
                Heard::Nothing
            }
            Fate::Ended(Err(cause)) => {
                meters::count(meters::RPC_ERRORS);
                warn!(%cause, ?call, url, "a call was lost");
                Heard::Nothing
            }
            Fate::NotTaken(cause @ ChainError::Refused { .. }) => {
                let refusals = sent.refusals.entry(url.clone()).or_default();
                *refusals += 1;
                warn!(%cause, url, attempt = refusals, "the node did not take a call");
                Heard::Refused
            }
            // Whether the node in use is gone its blocks tell: this may be of a connection
            // that was left long ago.
            Fate::NotTaken(cause) => {
                meters::count(meters::RPC_ERRORS);
                warn!(%cause, ?call, url, "a call could not be sent");
                Heard::Nothing
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ni_client::{Included, Reason, calls, keys};

    const CALL: Call = Call::Commit { window: 4, gpu: 0 };

    fn outbox() -> Outbox {
        Outbox::new(keys::development("//Alice").expect("a development key"))
    }

    fn send(outbox: &mut Outbox, gpus: &[u32], best: u32) -> u32 {
        let signer = outbox.signer.clone();
        let payload = calls::confirm(4, gpus.to_vec());
        let sent = outbox.note(CALL, gpus, best, || Letter::new(payload, &signer));
        sent.times
    }

    fn news(url: &str, fate: Fate) -> News {
        News {
            call: CALL,
            url: url.to_owned(),
            fate,
        }
    }

    fn refused() -> Fate {
        Fate::NotTaken(ChainError::Refused {
            call: "ProofOfGpu.commit".into(),
            reason: Reason::Outdated,
        })
    }

    #[test]
    fn a_call_is_sent_again_with_the_next_block_and_as_it_was_signed() {
        let mut outbox = outbox();
        assert!(outbox.may_send(CALL, 100));
        assert_eq!(send(&mut outbox, &[0, 1], 100), 1);
        let letter = Arc::clone(&outbox.sent[&CALL].letter);
        assert!(!outbox.may_send(CALL, 100));
        assert!(outbox.may_send(CALL, 101));
        assert_eq!(send(&mut outbox, &[0, 1], 101), 2);
        assert!(Arc::ptr_eq(&letter, &outbox.sent[&CALL].letter));
        // About other GPUs it is another call.
        assert_eq!(send(&mut outbox, &[1], 102), 1);
        assert!(!Arc::ptr_eq(&letter, &outbox.sent[&CALL].letter));
        outbox.clear();
        assert!(outbox.may_send(CALL, 102));
    }

    /// Sends the commits that are due, as the miner does; those that went out.
    fn commit(outbox: &mut Outbox, gpus: &[u32], best: u32) -> Vec<Vec<u32>> {
        let mut out = Vec::new();
        for gpus in outbox.commits(4, gpus, 16) {
            let call = Call::Commit {
                window: 4,
                gpu: gpus[0],
            };
            if outbox.may_send(call, best) {
                let (signer, of) = (outbox.signer.clone(), gpus.clone());
                outbox.note(call, &gpus, best, || {
                    Letter::new(calls::confirm(4, of), &signer)
                });
                out.push(gpus);
            }
        }
        out
    }

    #[test]
    fn a_gpu_that_ends_after_another_in_the_same_block_is_committed_in_a_call_of_its_own() {
        for [first, second] in [[0, 1], [1, 0]] {
            let mut outbox = outbox();
            assert!(!outbox.has_commit(4));
            assert_eq!(commit(&mut outbox, &[first], 100), [[first]]);
            assert_eq!(commit(&mut outbox, &[0, 1], 100), [[second]]);
            assert!(commit(&mut outbox, &[0, 1], 100).is_empty());
            assert!(outbox.has_commit(4) && !outbox.has_commit(5));
            // Both were lost: each is sent again as it was, since a pool may hold it.
            let again = commit(&mut outbox, &[0, 1], 101);
            assert_eq!(again, [[0], [1]]);
            assert!(outbox.sent.values().all(|sent| sent.times == 2));
            // One stands in a block.
            assert_eq!(commit(&mut outbox, &[1], 102), [[1]]);
        }
    }

    #[test]
    fn gpus_that_were_sent_together_stay_together() {
        let mut outbox = outbox();
        let all: Vec<u32> = (0..18).collect();
        let sent = commit(&mut outbox, &all[..17], 100);
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[1], [16]);
        assert_eq!(commit(&mut outbox, &all, 100), [[17]]);
        // Of the first call some are not to be committed any more.
        let again = commit(&mut outbox, &all[9..], 101);
        assert_eq!(again, [all[9..16].to_vec(), vec![16], vec![17]]);
        let again = commit(&mut outbox, &all[9..], 102);
        assert_eq!(again, [all[9..16].to_vec(), vec![16], vec![17]]);
    }

    #[test]
    fn calls_that_an_old_connection_loses_are_no_trouble_of_the_new_one() {
        let mut outbox = outbox();
        send(&mut outbox, &[0], 100);
        for _ in 0..16 {
            let lost = Fate::NotTaken(ChainError::Timeout);
            assert!(matches!(outbox.hear(news("one", lost)), Heard::Nothing));
        }
        assert!(outbox.sent[&CALL].refusals.is_empty());
    }

    #[test]
    fn what_one_node_refuses_is_not_counted_against_another() {
        let mut outbox = outbox();
        send(&mut outbox, &[0], 100);
        for _ in 0..REFUSALS {
            assert!(matches!(
                outbox.hear(news("liar", refused())),
                Heard::Refused
            ));
        }
        let refusals = &outbox.sent[&CALL].refusals;
        assert_eq!(refusals.get("liar"), Some(&REFUSALS));
        assert_eq!(refusals.get("honest"), None);
        // It goes on being sent, whatever the one says.
        assert!(outbox.may_send(CALL, 101));
    }

    #[test]
    fn the_first_node_that_tells_of_a_block_counts_and_later_troubles_do_not() {
        let mut outbox = outbox();
        send(&mut outbox, &[0], 100);
        let included = || {
            Fate::Ended(Ok(Included {
                block: Default::default(),
                events: vec![Event::WindowOpened { window: 4 }],
            }))
        };
        assert!(matches!(
            outbox.hear(news("one", included())),
            Heard::Included(events) if events.len() == 1
        ));
        assert!(matches!(
            outbox.hear(news("other", included())),
            Heard::Nothing
        ));
        assert!(matches!(
            outbox.hear(news("liar", refused())),
            Heard::Nothing
        ));
        // Of a window that is over there is nothing to be done.
        outbox.clear();
        assert!(matches!(
            outbox.hear(news("one", included())),
            Heard::Nothing
        ));
    }
}
