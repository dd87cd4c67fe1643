// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! `ni-worker register` and `ni-worker claim`: what the owner signs, from
//! wherever its key is.

use subxt_signer::sr25519::Keypair;

use crate::{
    cli::{ClaimArgs, OwnerArgs, RegisterArgs},
    exit::{Exit, Failure, OrExit},
    keystore,
    miner::account::{self, Registering},
    output,
};
use ni_client::{
    Chain, ChainError,
    amount::Amount,
    calls,
    events::Event,
    keys,
    types::{Bytes32, Registration, Role},
};

/// Runs `register`: buys slots, renews a lease or tops up bonds.
///
/// # Errors
/// [`Exit::Account`] where the owner cannot pay, the hotkey is another's, or
/// there is nothing to do; [`Exit::Node`], and those of the keys.
pub async fn register(args: RegisterArgs) -> Result<(), Failure> {
    let hotkey = keystore::address(&args.account.hotkey, args.account.dev)?;
    let owner = owner(&args.account.owner, args.account.dev)?;
    let chain = connect(&args.account.node.url).await?;
    let registration = registration(&chain, &hotkey).await?;
    let role = match &registration {
        // What is renewed has the price of what it is.
        Some(registration) => registration.role,
        None if args.validator => Role::Validator,
        None => Role::Miner,
    };
    let wish = Wish {
        how: Registering {
            slots: Some(args.slots),
            max_price: args.max_price.map(|price| price.0),
        },
        hotkey,
        role,
    };
    match (registration, args.renew, args.top_up) {
        (None, false, false) => wish.register(&chain, &owner).await,
        (None, ..) => Err(not_registered(&hotkey)),
        (Some(registration), renew, top_up) => {
            check_owner(&registration, &owner)?;
            if top_up {
                wish.top_up(&chain, &owner, &registration).await
            } else if renew {
                wish.renew(&chain, &owner, &registration).await
            } else {
                Err(Failure::new(
                    Exit::Account,
                    format!(
                        "the hotkey is registered already, until block {}: --renew extends its \
                         lease, --top-up restores bonds that were slashed, and more GPU slots \
                         take another hotkey",
                        registration.expires_at
                    ),
                ))
            }
        }
    }
}

/// Runs `claim`.
///
/// # Errors
/// [`Exit::Account`] where the hotkey is not registered or the signer cannot
/// pay the fee; [`Exit::Node`], and those of the keys.
pub async fn claim(args: ClaimArgs) -> Result<(), Failure> {
    let hotkey = keystore::address(&args.account.hotkey, args.account.dev)?;
    let signer = owner(&args.account.owner, args.account.dev)?;
    let chain = connect(&args.account.node.url).await?;
    let best = chain.best().await.or_exit(Exit::Node, READ)?;
    let gpus = best.gpu_reports(&hotkey).await.or_exit(Exit::Node, READ)?;
    if gpus.is_empty() {
        return Err(not_registered(&hotkey));
    }
    let mut paid = 0_u128;
    for gpu in gpus {
        match gpu.pending {
            None => output::line(format_args!("GPU slot {}: nothing to claim", gpu.gpu)),
            Some(pending) if pending.amount.is_none() => output::line(format_args!(
                "GPU slot {}: window {} is not settled yet; it is when the window is over",
                gpu.gpu, pending.window
            )),
            Some(_) => {
                let events = account::claim(&chain, &hotkey, gpu.gpu, &signer)
                    .await
                    .map_err(|cause| refused(cause, &signer))?;
                for event in events {
                    if let Event::Paid { window, amount, .. } = event {
                        paid = paid.saturating_add(amount);
                        output::line(format_args!(
                            "GPU slot {}: {} for window {window}",
                            gpu.gpu,
                            Amount(amount)
                        ));
                    }
                }
            }
        }
    }
    output::line(format_args!("paid to the owner: {}", Amount(paid)));
    Ok(())
}

const READ: &str = "cannot read the registration";

/// What is to be bought, and for whom.
struct Wish {
    hotkey: Bytes32,
    role: Role,
    how: Registering,
}

impl Wish {
    async fn register(&self, chain: &Chain, owner: &Keypair) -> Result<(), Failure> {
        let slots = match self.role {
            Role::Miner => self.how.slots.unwrap_or(1),
            Role::Validator => 1,
        };
        let bonds = match self.role {
            Role::Miner => {
                let best = chain.best().await.or_exit(Exit::Node, READ)?;
                let prices = best.slot_prices().await.or_exit(Exit::Node, READ)?;
                prices.bond.saturating_mul(slots.into())
            }
            Role::Validator => 0,
        };
        self.check_funds(chain, owner, slots, bonds).await?;
        self.buy(chain, owner, None, slots).await
    }

    async fn renew(
        &self,
        chain: &Chain,
        owner: &Keypair,
        registration: &Registration,
    ) -> Result<(), Failure> {
        let slots = registration.bonds.len().max(1);
        let count = u32::try_from(slots).unwrap_or(u32::MAX);
        self.check_funds(chain, owner, count, 0).await?;
        self.buy(chain, owner, Some(slots), count).await
    }

    async fn buy(
        &self,
        chain: &Chain,
        owner: &Keypair,
        leased: Option<usize>,
        slots: u32,
    ) -> Result<(), Failure> {
        let events = account::register(
            chain,
            &self.hotkey,
            owner,
            self.role,
            leased,
            self.how,
            slots,
        )
        .await
        .map_err(|cause| refused(cause, owner))?;
        for event in events {
            if let Event::Registered {
                fee,
                bond,
                expires_at,
                ..
            } = event
            {
                output::line(format_args!(
                    "{} is registered until block {expires_at}: {slots} slots, fee {}, bond {} \
                     each",
                    keys::address(&self.hotkey),
                    Amount(fee),
                    Amount(bond)
                ));
            }
        }
        if leased.is_some() {
            let best = chain.best().await.or_exit(Exit::Node, READ)?;
            let renewed = best
                .registration(&self.hotkey)
                .await
                .or_exit(Exit::Node, READ)?;
            if let Some(renewed) = renewed {
                output::line(format_args!(
                    "{} is registered until block {}",
                    keys::address(&self.hotkey),
                    renewed.expires_at
                ));
            }
        }
        Ok(())
    }

    async fn top_up(
        &self,
        chain: &Chain,
        owner: &Keypair,
        registration: &Registration,
    ) -> Result<(), Failure> {
        let mut added = 0_u32;
        for (gpu, bond) in (0_u32..).zip(&registration.bonds) {
            let missing = registration.bond.saturating_sub(*bond);
            if missing == 0 {
                continue;
            }
            chain
                .call(&calls::top_up(self.hotkey, gpu), owner)
                .await
                .map_err(|cause| refused(cause, owner))?;
            output::line(format_args!(
                "GPU slot {gpu}: bond restored with {}",
                Amount(missing)
            ));
            added = added.saturating_add(1);
        }
        if added == 0 {
            output::line("every bond is whole: nothing to do");
        }
        Ok(())
    }

    /// Refuses before anything is signed where the owner cannot pay.
    async fn check_funds(
        &self,
        chain: &Chain,
        owner: &Keypair,
        slots: u32,
        bonds: u128,
    ) -> Result<(), Failure> {
        let best = chain.best().await.or_exit(Exit::Node, READ)?;
        let quote = best
            .quote(self.role, slots)
            .await
            .or_exit(Exit::Node, READ)?;
        let fee = quote.ok_or_else(|| {
            Failure::new(
                Exit::Account,
                format!("{slots} slots cannot be bought at once: ask for fewer with --slots"),
            )
        })?;
        let account = owner.public_key().0;
        let free = best
            .account(&account)
            .await
            .or_exit(Exit::Node, READ)?
            .data
            .free;
        let needed = fee.saturating_add(bonds);
        if free < needed {
            return Err(Failure::new(
                Exit::Account,
                format!(
                    "the owner {} has {} and needs {} (fee {}, bonds {}), and a little for the \
                     transaction: send NI to it",
                    keys::address(&account),
                    Amount(free),
                    Amount(needed),
                    Amount(fee),
                    Amount(bonds)
                ),
            ));
        }
        Ok(())
    }
}

fn owner(args: &OwnerArgs, dev: bool) -> Result<Keypair, Failure> {
    args.open(dev)?.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "who signs? Name the owner's key with --owner FILE (`ni-worker keys new` makes one)",
        )
    })
}

async fn connect(urls: &[String]) -> Result<Chain, Failure> {
    Chain::connect_to_any(urls)
        .await
        .or_exit(Exit::Node, "cannot ask the chain")
}

async fn registration(chain: &Chain, hotkey: &Bytes32) -> Result<Option<Registration>, Failure> {
    let best = chain.best().await.or_exit(Exit::Node, READ)?;
    best.registration(hotkey).await.or_exit(Exit::Node, READ)
}

fn not_registered(hotkey: &Bytes32) -> Failure {
    let address = keys::address(hotkey);
    Failure::new(
        Exit::Account,
        format!(
            "the hotkey {address} is not registered: `ni-worker register --hotkey {address} \
             --owner FILE` registers it"
        ),
    )
}

fn check_owner(registration: &Registration, owner: &Keypair) -> Result<(), Failure> {
    if registration.owner == owner.public_key().0 {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Account,
        format!(
            "the hotkey was registered by {}, and only that account can change it: name its key \
             with --owner, or register another hotkey",
            keys::address(&registration.owner)
        ),
    ))
}

fn refused(cause: ChainError, signer: &Keypair) -> Failure {
    let exit = if cause.is_transient() {
        Exit::Node
    } else {
        Exit::Account
    };
    let signer = keys::address(&signer.public_key().0);
    Failure::new(exit, format!("{cause}; {signer} signed and pays"))
}
