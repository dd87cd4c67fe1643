// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What goes on beside the mining: a gateway brings revenue, a delegator stakes,
//! and stakers change a parameter by referendum.

use anyhow::Context;
use ni_client::{
    Chain,
    amount::NI,
    calls::{self, RevenueSource, Side},
    events::Event,
    keys,
    reports::{AssetKind, TAO, USD},
};

/// Mints nothing, and brings the revenue.
const GATEWAY: &str = "//One";
/// The validator that the delegator stakes to: its hotkey.
const VALIDATOR: &str = "//Alice";
/// Its owner, who proposes and votes.
const OWNER: &str = "//Alice//stash";
/// Stakes, votes and earns.
pub(crate) const DELEGATOR: &str = "//Eve";

/// What the delegator stakes: half of what the validator itself has.
const STAKE: u128 = 500 * NI;

/// Revenue in TAO: 1 TAO, of nine decimals as NI.
const REVENUE_TAO: u128 = NI;
/// Revenue in fiat, in the currency's smallest unit: 100 dollars.
const REVENUE_CENTS: u128 = 10_000;
/// Units of the stablecoin in a cent.
const USD_A_CENT: u128 = 10_000;

/// What the referendum makes the base reward of a block: it was 1 NI.
pub(crate) const NEW_BASE: u128 = 3 * NI / 2;

/// The delegator's account.
pub(crate) fn delegator() -> anyhow::Result<[u8; 32]> {
    Ok(keys::development(DELEGATOR)?.public_key().0)
}

/// The validator's account.
pub(crate) fn validator() -> anyhow::Result<[u8; 32]> {
    Ok(keys::development(VALIDATOR)?.public_key().0)
}

/// Makes every call of it; what they do is read off the chain's events.
pub(crate) async fn perform(chain: Chain) -> anyhow::Result<()> {
    tokio::try_join!(bring_revenue(&chain), stake_and_decide(&chain))?;
    Ok(())
}

async fn bring_revenue(chain: &Chain) -> anyhow::Result<()> {
    let gateway = keys::development(GATEWAY)?;
    let in_tao =
        calls::deposit_revenue(0, AssetKind::WithId(TAO), REVENUE_TAO, RevenueSource::Asset);
    let in_dollars = calls::deposit_revenue(
        1,
        AssetKind::WithId(USD),
        REVENUE_CENTS * USD_A_CENT,
        RevenueSource::Fiat {
            currency: *b"USD",
            minor_units: REVENUE_CENTS,
            reference: [7; 32],
        },
    );
    for call in [in_tao, in_dollars] {
        chain
            .call(&call, &gateway)
            .await
            .context("the gateway cannot bring revenue")?;
    }
    Ok(())
}

/// Stake counts in referenda that begin after it was staked.
async fn stake_and_decide(chain: &Chain) -> anyhow::Result<()> {
    let delegator = keys::development(DELEGATOR)?;
    let owner = keys::development(OWNER)?;
    chain
        .call(&calls::stake(validator()?, STAKE), &delegator)
        .await
        .context("the delegator cannot stake")?;

    let best = chain.best().await?;
    let emission = best
        .hyperparameters()
        .await?
        .emission_with_base(NEW_BASE)
        .context("the emission has no base reward")?;
    let proposal = best.encode_call(&calls::set_emission(emission))?;
    let length = u32::try_from(proposal.len())?;
    let noted = chain
        .call(&calls::note_preimage(proposal), &owner)
        .await
        .context("the proposal cannot be stored")?;
    let hash = noted
        .events
        .iter()
        .find_map(|event| match event {
            Event::Noted { hash } => Some(*hash),
            _ => None,
        })
        .context("no event of the proposal's hash")?;
    let submitted = chain
        .call(&calls::submit_referendum(hash, length), &owner)
        .await
        .context("the referendum cannot be submitted")?;
    let poll = submitted
        .events
        .iter()
        .find_map(|event| match event {
            Event::Submitted { index } => Some(*index),
            _ => None,
        })
        .context("no event of the referendum")?;
    let deposit = calls::place_decision_deposit(poll);
    chain
        .call(&deposit, &owner)
        .await
        .context("the decision deposit cannot be placed")?;
    let aye = calls::vote(poll, Side::Aye);
    tokio::try_join!(chain.call(&aye, &owner), chain.call(&aye, &delegator))
        .context("the stakers cannot vote")?;
    Ok(())
}
