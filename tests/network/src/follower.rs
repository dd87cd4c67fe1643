// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Reads every block from genesis on, and compares the books with the chain.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use ni_client::{
    Chain, NiConfig, View,
    events::Event,
    reports::{TAO, USD},
    types::Bytes32,
};
use subxt::{client::Blocks, ext::scale_decode::DecodeAsType, utils::H256};

use crate::{Ledger, patience};

/// Most accounts that are summed up; a development chain has a few dozen.
const ACCOUNTS: usize = 10_000;

/// Longest wait for one block. Bounds every wait of the tests, whose limits
/// are numbers of blocks.
const NEXT_BLOCK: Duration = Duration::from_secs(60);

/// A block of the best chain, read and checked.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: H256,
    /// Its events, of those that the worker knows.
    pub events: Vec<Event>,
    /// The books after it.
    pub ledger: Ledger,
}

/// Reads a chain from genesis on, block by block, as far as it is told to.
pub struct Reader {
    chain: Chain,
    blocks: Vec<Block>,
}

impl Reader {
    /// Starts at genesis.
    ///
    /// # Errors
    /// Where the node does not answer, or genesis itself does not add up.
    pub async fn start(chain: Chain) -> anyhow::Result<Self> {
        let genesis = chain.at_number(0).await?;
        let ledger = Ledger::new(genesis.total_issuance().await?);
        check(&genesis, &ledger).await?;
        let block = Block {
            number: 0,
            hash: genesis.hash(),
            events: Vec::new(),
            ledger,
        };
        Ok(Self {
            chain,
            blocks: vec![block],
        })
    }

    /// Goes on with another connection, after the node was started again.
    pub fn reconnect(&mut self, chain: Chain) {
        self.chain = chain;
    }

    /// The chain that it reads.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Every block read so far, from genesis on.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The last block read. There is always one: genesis.
    pub fn last(&self) -> &Block {
        &self.blocks[self.blocks.len() - 1]
    }

    /// Every event so far, with the number of its block.
    pub fn events(&self) -> impl Iterator<Item = (u64, &Event)> {
        self.blocks
            .iter()
            .flat_map(|block| block.events.iter().map(|event| (block.number, event)))
    }

    /// Reads all blocks up to the one with this hash, and returns how many of the
    /// blocks known before still stand.
    ///
    /// # Errors
    /// Where the node does not answer, or where in one of them the supply's figures
    /// are not what the events since genesis add up to.
    pub async fn read_to(&mut self, hash: H256) -> anyhow::Result<usize> {
        // The ancestors that are not known yet, the newest first.
        let mut missing = Vec::new();
        let mut view = self.chain.at(hash).await?;
        let kept = loop {
            if let Some(known) = self
                .blocks
                .iter()
                .rposition(|block| block.hash == view.hash())
            {
                break known + 1;
            }
            ensure!(view.number() > 0, "the node changed to another chain");
            let parent = view.parent().await?;
            missing.push(view);
            view = self.chain.at(parent).await?;
        };
        self.blocks.truncate(kept);
        for view in missing.into_iter().rev() {
            let events = view.events().await?;
            let mut ledger = self.last().ledger.clone();
            events.iter().for_each(|event| ledger.note(event));
            check(&view, &ledger).await?;
            self.blocks.push(Block {
                number: view.number(),
                hash: view.hash(),
                events,
                ledger,
            });
        }
        Ok(kept)
    }
}

/// Follows the best chain from genesis on.
pub struct Follower {
    reader: Reader,
    heads: Blocks<NiConfig>,
}

impl Follower {
    /// Starts at genesis.
    ///
    /// # Errors
    /// As [`Reader::start`].
    pub async fn start(chain: Chain) -> anyhow::Result<Self> {
        let heads = chain.best_blocks().await?;
        let reader = Reader::start(chain).await?;
        Ok(Self { reader, heads })
    }

    /// Goes on with another connection, after the node was started again.
    ///
    /// # Errors
    /// Where the node does not answer.
    pub async fn follow(&mut self, chain: Chain) -> anyhow::Result<()> {
        self.heads = chain.best_blocks().await?;
        self.reader.reconnect(chain);
        Ok(())
    }

    /// The chain that it follows.
    pub fn chain(&self) -> &Chain {
        self.reader.chain()
    }

    /// Every block read so far, from genesis on.
    pub fn blocks(&self) -> &[Block] {
        self.reader.blocks()
    }

    /// The last block read. There is always one: genesis.
    pub fn last(&self) -> &Block {
        self.reader.last()
    }

    /// Every event so far, with the number of its block.
    pub fn events(&self) -> impl Iterator<Item = (u64, &Event)> {
        self.reader.events()
    }

    /// Waits for the next best block, reads all blocks up to it, and returns
    /// how many of the blocks known before still stand.
    ///
    /// # Errors
    /// Where no block comes, or where in one of them the supply's figures are
    /// not what the events since genesis add up to.
    pub async fn advance(&mut self) -> anyhow::Result<usize> {
        let head = tokio::time::timeout(patience(NEXT_BLOCK), self.heads.next())
            .await
            .with_context(|| {
                format!(
                    "no block for {:?} after block {}",
                    patience(NEXT_BLOCK),
                    self.last().number
                )
            })?
            .context("the node ended the subscription to its blocks")?
            .context("the node's subscription to its blocks failed")?;
        self.reader.read_to(head.hash()).await
    }

    /// Follows until `found` gives something from the blocks read so far, for
    /// at most `blocks` more blocks. Looks at what is there before it waits.
    ///
    /// # Errors
    /// Where it was not found within so many blocks, and as
    /// [`Self::advance`].
    pub async fn wait_for<T>(
        &mut self,
        what: &str,
        blocks: u64,
        mut found: impl FnMut(&Self) -> Option<T>,
    ) -> anyhow::Result<T> {
        let start = self.last().number;
        loop {
            if let Some(found) = found(self) {
                return Ok(found);
            }
            let number = self.last().number;
            if number >= start + blocks {
                bail!("no {what} from block {start} to block {number}");
            }
            self.advance().await?;
        }
    }
}

/// Compares the books with the chain's state at one block.
async fn check(view: &View, ledger: &Ledger) -> anyhow::Result<()> {
    let issuance = view.total_issuance().await?;
    let accounts = view.accounts(ACCOUNTS).await?;
    let balances = accounts
        .iter()
        .map(|(_, balance)| balance.free + balance.reserved)
        .sum();
    ledger
        .check(&view.supply().await?, issuance, balances)
        .with_context(|| format!("the supply identity fails at block {}", view.number()))?;
    for asset in [TAO, USD] {
        check_bridged(view, asset).await?;
    }
    Ok(())
}

/// What the bridge has counted.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Bridged {
    minted: u128,
    redeemed: u128,
}

/// What the chain says there is of an asset.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Asset {
    supply: u128,
}

/// What an account can spend of an asset.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Holding {
    balance: u128,
}

/// Of an asset that lives elsewhere there is what the bridge has minted less what was
/// redeemed, and all of it is somebody's, to spend or on hold as stake.
async fn check_bridged(view: &View, asset: u32) -> anyhow::Result<()> {
    let bridged: Option<Bridged> = view.read("Bridge", "Assets", (asset,)).await?;
    let details: Option<Asset> = view.read("Assets", "Asset", (asset,)).await?;
    let (Some(bridged), Some(details)) = (bridged, details) else {
        bail!("asset {asset} is not bridged at block {}", view.number());
    };
    let holdings: Vec<((u32, Bytes32), Holding)> = view
        .read_all("Assets", "Account", (asset,), ACCOUNTS)
        .await?;
    let held: Vec<((u32, Bytes32), u128)> = view
        .read_all("AssetsHolder", "BalancesOnHold", (asset,), ACCOUNTS)
        .await?;
    let spendable: u128 = holdings.iter().map(|(_, holding)| holding.balance).sum();
    let on_hold: u128 = held.iter().map(|(_, amount)| amount).sum();
    let minted = bridged.minted.checked_sub(bridged.redeemed);
    ensure!(
        minted == Some(details.supply) && spendable + on_hold == details.supply,
        "of asset {asset} there is {} at block {}, but the bridge minted {minted:?} and \
         accounts hold {spendable} and {on_hold}",
        details.supply,
        view.number()
    );
    Ok(())
}
