// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Deeds that no prover can do: calls made by hand, at the wrong time or of what belongs
//! to others. Each try is a line of JSON on the standard output; what the chain made of
//! it is in its events.

use codec::Decode;
use ni_client::{
    Chain, ChainError, View, calls,
    events::Event,
    types::{Bytes32, Phase, Role, WalkCommit, Window},
};
use ni_worker::exit::{Exit, Failure, OrExit};
use proof_of_gpu_primitives::{Hash, MAX_ROUNDS, Opening};
use subxt::{ext::scale_encode::EncodeAsFields, transactions::DynamicPayload};
use subxt_signer::sr25519::Keypair;

/// A deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Commits to the first commitment that somebody else has made, and reveals the first
    /// reveal of it.
    Copy,
    /// Reveals before the samples are drawn, and commits after the deadline.
    Late,
    /// Sends so many calls that must fail in each phase of a window.
    Spam(u32),
}

/// Who does it.
pub(crate) struct Doer {
    pub(crate) chain: Chain,
    pub(crate) hotkey: Keypair,
    pub(crate) owner: Keypair,
}

/// What somebody else has committed to, and whether this one has made use of it.
struct Taken {
    window: u32,
    from: Bytes32,
    gpu: u32,
}

impl Doer {
    /// Does it once, registered for it, and ends.
    ///
    /// # Errors
    /// Where the node is gone, or the owner cannot register.
    pub(crate) async fn run(&self, deed: Deed) -> Result<(), Failure> {
        self.register().await?;
        let mut heads = self
            .chain
            .best_blocks()
            .await
            .or_exit(Exit::Node, "cannot follow the chain")?;
        let mut taken = None;
        let mut done = Vec::new();
        while let Some(head) = heads.next().await {
            let head = head.or_exit(Exit::Node, "cannot follow the chain")?;
            let view = self.at(head.hash()).await?;
            let Some(window) = view.window().await.or_exit(Exit::Node, "no window")? else {
                continue;
            };
            let ended = match deed {
                Deed::Copy => self.copy(&view, &window, &mut taken).await?,
                Deed::Late => self.late(&window).await?,
                Deed::Spam(count) => self.spam(&window, count, &mut done).await?,
            };
            if ended {
                return Ok(());
            }
        }
        Err(Failure::new(Exit::Node, "the node is gone"))
    }

    fn account(&self) -> Bytes32 {
        self.hotkey.public_key().0
    }

    async fn at(&self, hash: subxt::utils::H256) -> Result<View, Failure> {
        self.chain
            .at(hash)
            .await
            .or_exit(Exit::Node, "no such block")
    }

    async fn register(&self) -> Result<(), Failure> {
        let call = calls::register(self.account(), Role::Miner, 1, u128::MAX);
        let called = self.chain.call(&call, &self.owner).await;
        called.or_exit(Exit::Account, "cannot register")?;
        Ok(())
    }

    /// Makes a call, and tells what the pool or the chain said; returns whether it was
    /// taken.
    async fn attempt<Fields: EncodeAsFields>(
        &self,
        what: &str,
        window: u32,
        call: &DynamicPayload<Fields>,
    ) -> Result<bool, Failure> {
        let refused = match self.chain.submit(call, &self.hotkey).await {
            Ok(submitted) => match submitted.included().await {
                Ok(_) => None,
                Err(error) => Some(said(error)?),
            },
            Err(error) => Some(said(error)?),
        };
        let line = serde_json::json!({ "tried": what, "window": window, "refused": refused });
        println!("{line}");
        Ok(refused.is_none())
    }

    async fn copy(
        &self,
        view: &View,
        window: &Window,
        taken: &mut Option<Taken>,
    ) -> Result<bool, Failure> {
        let events = view.events().await.or_exit(Exit::Node, "no events")?;
        for event in events {
            match (event, &taken) {
                (
                    Event::Committed {
                        hotkey: from, gpu, ..
                    },
                    None,
                ) if from != self.account() && window.phase == Phase::Open => {
                    let state = view
                        .gpu(&from, gpu)
                        .await
                        .or_exit(Exit::Node, "no commit")?;
                    let Some(commit) = state.commit else {
                        continue;
                    };
                    let claim = calls::GpuClaim {
                        gpu: 0,
                        rounds: commit.rounds,
                        root: commit.root,
                        walk: commit.walk,
                    };
                    let call = calls::commit(window.id, window.beacon, vec![claim]);
                    // In the last block for it a copy comes too late: then in the next
                    // window.
                    if self
                        .attempt("a copied commitment", window.id, &call)
                        .await?
                    {
                        *taken = Some(Taken {
                            window: window.id,
                            from,
                            gpu,
                        });
                    }
                }
                (Event::Verified { hotkey, gpu, .. }, Some(copied))
                    if (hotkey, gpu, window.id) == (copied.from, copied.gpu, copied.window) =>
                {
                    let Some(reveal) = shown(view, copied).await? else {
                        continue;
                    };
                    let call = reveal.again(window.id);
                    self.attempt("a copied reveal", window.id, &call).await?;
                    return Ok(true);
                }
                _ => {}
            }
        }
        Ok(false)
    }

    async fn late(&self, window: &Window) -> Result<bool, Failure> {
        if !matches!(window.phase, Phase::Sampling { .. }) {
            return Ok(false);
        }
        let call = reveal(window.id, [0; 32]);
        self.attempt("a reveal too early", window.id, &call).await?;
        let call = calls::commit(window.id, window.beacon, vec![claim(window, [1; 32])]);
        self.attempt("a commit too late", window.id, &call).await?;
        Ok(true)
    }

    /// In each phase once; `done` are those done.
    async fn spam(
        &self,
        window: &Window,
        count: u32,
        done: &mut Vec<&'static str>,
    ) -> Result<bool, Failure> {
        let phase = match window.phase {
            Phase::Open => "open",
            Phase::Sampling { .. } => "sampling",
            Phase::Revealing { .. } => "revealing",
        };
        if done.contains(&phase) {
            return Ok(false);
        }
        done.push(phase);
        for number in 0..count {
            let mut root = [0; 32];
            root[..4].copy_from_slice(&number.to_le_bytes());
            match number % 3 {
                0 => {
                    // Another fork's beacon.
                    let call = calls::commit(window.id, root, vec![claim(window, root)]);
                    self.attempt("spam", window.id, &call).await?;
                }
                1 => {
                    let call = reveal(window.id, root);
                    self.attempt("spam", window.id, &call).await?;
                }
                _ => {
                    let call = calls::confirm(window.id, vec![0]);
                    self.attempt("spam", window.id, &call).await?;
                }
            }
        }
        Ok(done.len() == 3)
    }
}

/// A claim of what nobody has computed, with a walk where the window asks for one: so that
/// it is refused for when it comes, and not for what it lacks.
fn claim(window: &Window, root: Bytes32) -> calls::GpuClaim {
    calls::GpuClaim {
        gpu: 0,
        rounds: 1_000_000,
        root,
        walk: window.parameters.walk.map(|_| WalkCommit {
            pages: 1,
            batches: MAX_ROUNDS,
            root,
        }),
    }
}

/// A reveal of nothing.
fn reveal(window: u32, sampling_beacon: Hash) -> DynamicPayload<calls::Reveal> {
    let product = calls::Shown {
        peaks: &[sampling_beacon],
        openings: &[],
    };
    calls::reveal(window, sampling_beacon, 0, product, calls::Shown::default())
}

/// Why a call was refused; any other trouble ends the program.
fn said(error: ChainError) -> Result<String, Failure> {
    match error {
        ChainError::Refused { reason, .. } => Ok(reason.to_string()),
        ChainError::Dropped { message, .. } | ChainError::Failed { message, .. } => Ok(message),
        error => Err(error).or_exit(Exit::Node, "the node failed"),
    }
}

/// Fields of somebody's reveal.
#[derive(Decode)]
struct Revealed {
    window: u32,
    sampling_beacon: Hash,
    gpu: u32,
    peaks: Vec<Hash>,
    openings: Vec<Opening>,
    walk_peaks: Vec<Hash>,
    walk_openings: Vec<Opening>,
}

impl Revealed {
    /// The same, as one's own.
    fn again(&self, window: u32) -> DynamicPayload<calls::Reveal> {
        let product = calls::Shown {
            peaks: &self.peaks,
            openings: &self.openings,
        };
        let walk = calls::Shown {
            peaks: &self.walk_peaks,
            openings: &self.walk_openings,
        };
        calls::reveal(window, self.sampling_beacon, 0, product, walk)
    }
}

/// The reveal that a block has verified.
async fn shown(view: &View, copied: &Taken) -> Result<Option<Revealed>, Failure> {
    let calls = view.extrinsics().await.or_exit(Exit::Node, "no body")?;
    Ok(calls
        .iter()
        .filter(|call| call.signer == Some(copied.from) && call.call == "reveal")
        .find_map(|call| {
            let reveal = Revealed::decode(&mut &call.fields[..]).ok()?;
            ((reveal.window, reveal.gpu) == (copied.window, copied.gpu)).then_some(reveal)
        }))
}
