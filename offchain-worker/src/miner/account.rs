// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A miner's registration, its pay, and where it keeps its store.

use std::{path::PathBuf, time::Duration};

use subxt_signer::sr25519::Keypair;
use tracing::{info, warn};

pub(crate) use super::Registering;
use super::Settings;
use crate::{
    environment,
    exit::{Exit, Failure, OrExit},
};
use ni_client::{
    Chain, ChainError, Reason,
    amount::Amount,
    calls,
    events::Event,
    keys,
    types::{Bytes32, Registration, Role},
};

/// Times that a registration is tried, each at the price of the moment.
const ATTEMPTS: u32 = 5;

/// Time before a lease's end from which on it is renewed: enough to send the owner
/// what is missing.
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

/// The same in blocks, one a slot.
pub(crate) fn renewed_before(slot: Duration) -> u32 {
    u32::try_from(AHEAD.as_millis() / slot.as_millis().max(1)).unwrap_or(u32::MAX)
}

/// Makes sure that the hotkey may prove with so many GPUs, registering it or
/// renewing its lease where the settings ask for it. Returns the node to go on with: that
/// one node knows nothing of the registration is not believed where another knows it.
pub(super) async fn ensure_registered(
    chain: Chain,
    settings: &Settings,
    gpus: usize,
) -> Result<Chain, Failure> {
    let hotkey = settings.hotkey.public_key().0;
    let owner = settings.owner.as_ref().unwrap_or(&settings.hotkey);
    let gpus = u32::try_from(gpus).or_exit(Exit::Usage, "too many devices")?;
    let mut attempts = 0;
    loop {
        let (standing, by) = standing(&chain, &hotkey)
            .await
            .or_exit(Exit::Node, "cannot read the registration")?;
        let (missing, slots) = match &standing {
            Standing::None => ("not registered", None),
            Standing::Lease(registration) | Standing::Over(registration) => {
                check(registration, settings.owner.as_ref(), gpus)?;
                if matches!(standing, Standing::Lease(_)) {
                    return Ok(by.unwrap_or(chain));
                }
                (
                    "no longer registered: its lease is over",
                    Some(registration.bonds.len()),
                )
            }
        };
        let address = keys::address(&hotkey);
        let Some(how) = settings.register else {
            return Err(Failure::new(
                Exit::Account,
                format!(
                    "the hotkey {address} is {missing}: run again with --register, and --owner \
                     naming the account that pays"
                ),
            ));
        };
        attempts += 1;
        match register(&chain, &hotkey, owner, Role::Miner, slots, how, gpus).await {
            Ok(_) => {}
            // Somebody else bought in between, and the price rose.
            Err(cause @ (ChainError::Failed { .. } | ChainError::Dropped { .. }))
                if attempts < ATTEMPTS =>
            {
                warn!(%cause, "trying again");
            }
            Err(cause) => {
                let exit = if cause.is_transient() {
                    Exit::Node
                } else {
                    Exit::Account
                };
                return Err(Failure::new(
                    exit,
                    format!(
                        "{cause}; the owner {} pays the fee and the bonds: see `ni-worker status`",
                        keys::address(&owner.public_key().0)
                    ),
                ));
            }
        }
    }
}

/// How a hotkey stands.
enum Standing {
    /// It is not registered.
    None,
    /// Its lease goes on.
    Lease(Registration),
    /// Its lease is over.
    Over(Registration),
}

/// How a hotkey stands, by the node that knows most of it; and which that is, where it is
/// another than the one in use.
async fn standing(
    chain: &Chain,
    hotkey: &Bytes32,
) -> Result<(Standing, Option<Chain>), ChainError> {
    let mut found = standing_at(chain, hotkey).await?;
    if matches!(found, Standing::Lease(_)) {
        return Ok((found, None));
    }
    for other in chain.all().await.into_iter().skip(1) {
        match standing_at(&other, hotkey).await {
            Ok(lease @ Standing::Lease(_)) => {
                warn!(
                    node = chain.url(),
                    other = other.url(),
                    "a node does not know the registration that another knows: leaving it"
                );
                return Ok((lease, Some(chain.same_way_as(other))));
            }
            Ok(over @ Standing::Over(_)) if matches!(found, Standing::None) => found = over,
            Ok(_) => {}
            Err(cause) => warn!(%cause, node = other.url(), "cannot be asked"),
        }
    }
    Ok((found, None))
}

/// The node that knows of a hotkey's lease, where the one in use does not and another does.
pub(crate) async fn node_that_knows(chain: Chain, hotkey: &Bytes32) -> Chain {
    match standing(&chain, hotkey).await {
        Ok((_, Some(other))) => other,
        _ => chain,
    }
}

async fn standing_at(chain: &Chain, hotkey: &Bytes32) -> Result<Standing, ChainError> {
    let best = chain.best().await?;
    Ok(match best.registration(hotkey).await? {
        None => Standing::None,
        Some(registration) if u64::from(registration.expires_at) > best.number() => {
            Standing::Lease(registration)
        }
        Some(registration) => Standing::Over(registration),
    })
}

/// The price of so many slots, by the node that says the most: it is what is paid at most,
/// and the chain takes what is right. `None` where every node says that no call buys them.
async fn quote(chain: &Chain, role: Role, slots: u32) -> Result<Option<u128>, ChainError> {
    let mut most = None;
    let mut failed = None;
    for node in chain.all().await {
        let asked = async { node.best().await?.quote(role, slots).await };
        match asked.await {
            Ok(quote) => most = most.max(quote),
            Err(cause) => failed = Some(cause),
        }
    }
    match (most, failed) {
        (None, Some(cause)) => Err(cause),
        (most, _) => Ok(most),
    }
}

/// Refuses a registration that is of no use to this worker.
fn check(registration: &Registration, owner: Option<&Keypair>, gpus: u32) -> Result<(), Failure> {
    let refused = |message: String| Err(Failure::new(Exit::Account, message));
    if registration.role != Role::Miner {
        return refused("the hotkey is registered as a validator: mine with another".into());
    }
    let registered_by = keys::address(&registration.owner);
    if owner.is_some_and(|owner| registration.owner != owner.public_key().0) {
        return refused(format!(
            "the hotkey was registered by {registered_by}, who would be paid for the work: name \
             that account's key with --owner, or none, if it is yours; else mine with another \
             hotkey"
        ));
    }
    let slots = registration.bonds.len();
    if u32::try_from(slots).is_ok_and(|slots| slots < gpus) {
        return refused(format!(
            "the hotkey has {slots} GPU slots, but {gpus} devices are to prove: name {slots} of \
             them with --device"
        ));
    }
    Ok(())
}

/// Registers the hotkey, or renews the lease of its `leased` slots; gives what
/// the chain said to it.
pub(crate) async fn register(
    chain: &Chain,
    hotkey: &Bytes32,
    owner: &Keypair,
    role: Role,
    leased: Option<usize>,
    how: Registering,
    gpus: u32,
) -> Result<Vec<Event>, ChainError> {
    let slots = match leased {
        Some(slots) => u32::try_from(slots).unwrap_or(u32::MAX),
        None => how.slots.unwrap_or(gpus),
    };
    let max_price = match how.max_price {
        Some(price) => price,
        None => {
            let quote = quote(chain, role, slots).await?;
            let quote = quote.ok_or_else(|| ChainError::Refused {
                call: "Registration.register".into(),
                reason: Reason::Other(format!("{slots} slots cannot be bought at once")),
            })?;
            // Room for a few sales in between; the chain takes the exact price.
            quote.saturating_mul(2)
        }
    };
    let included = match leased {
        Some(_) => chain.call(&calls::renew(*hotkey, max_price), owner).await?,
        None => {
            let call = calls::register(*hotkey, role, slots, max_price);
            chain.call(&call, owner).await?
        }
    };
    for event in &included.events {
        if let Event::Registered {
            fee,
            bond,
            expires_at,
            ..
        } = event
        {
            info!(
                hotkey = keys::address(hotkey),
                slots,
                fee = %Amount(*fee),
                bond_per_slot = %Amount(*bond),
                expires_at,
                "registered"
            );
        }
    }
    Ok(included.events)
}

/// Claims what the miner's last results are worth. The owner signs, who has a
/// balance to pay the fee; without its key on this machine the pay waits for the
/// next commit.
pub(super) async fn claim_pending(chain: &Chain, settings: &Settings, gpus: usize) {
    let hotkey = settings.hotkey.public_key().0;
    let owner = match &settings.owner {
        Some(owner) => owner,
        None if owns_itself(chain, &hotkey).await => &settings.hotkey,
        None => {
            info!("the pay comes with the next commit, or with `ni-worker claim`");
            return;
        }
    };
    for (gpu, _) in (0..).zip(0..gpus) {
        if let Err(cause) = claim(chain, &hotkey, gpu, owner).await {
            warn!(%cause, gpu, "could not claim; the pay comes with the next commit, or a claim");
        }
    }
}

/// Whether the hotkey registered itself, so that it has what an owner has.
async fn owns_itself(chain: &Chain, hotkey: &Bytes32) -> bool {
    let registration = async { chain.best().await?.registration(hotkey).await };
    matches!(registration.await, Ok(Some(registration)) if registration.owner == *hotkey)
}

/// Claims what one GPU's last result is worth; gives what the chain said to it.
pub(crate) async fn claim(
    chain: &Chain,
    hotkey: &Bytes32,
    gpu: u32,
    owner: &Keypair,
) -> Result<Vec<Event>, ChainError> {
    let report = chain.best().await?.gpu_report(hotkey, gpu).await?;
    if report.and_then(|report| report.pending).is_none() {
        return Ok(Vec::new());
    }
    let included = chain.call(&calls::claim(*hotkey, gpu), owner).await?;
    for event in &included.events {
        if let Event::Paid { window, amount, .. } = event {
            info!(window, gpu, amount = %Amount(*amount), "paid");
        }
    }
    Ok(included.events)
}

/// The store of a hotkey on a chain, in the user's data folder.
///
/// # Errors
/// [`Exit::File`] where the user has no home folder.
pub fn default_store(genesis: &Bytes32, account: &Bytes32) -> Result<PathBuf, Failure> {
    let data = environment::data_folder().ok_or_else(|| {
        Failure::new(
            Exit::File,
            "there is no home folder to keep commits in: name a file with --store",
        )
    })?;
    let chain = hex::encode(&genesis[..4]);
    let file = format!("{chain}-{}.redb", keys::address(account));
    Ok(data.join("ni-worker").join(file))
}
