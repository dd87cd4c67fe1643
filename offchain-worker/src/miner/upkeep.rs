// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Keeps a miner's registration fit to prove, window after window: its lease is
//! renewed before it ends, and a bond that was slashed is restored.
//!
//! The owner pays for both, so both are done only where the miner was started to
//! register, with the owner's key. Without, the log says what to do; and no GPU
//! computes what the chain would not take.

use std::{sync::Arc, time::Duration};

use subxt_signer::sr25519::Keypair;
use tokio::task::JoinHandle;
use tracing::{error, info, warn};

use super::{Registering, Settings, account, seen::Seen};
use crate::{
    history::{Entry, History, Outcome, Reason},
    telemetry::health::Health,
};
use ni_client::{
    Chain, ChainError,
    amount::Amount,
    calls, keys,
    types::{Bytes32, Registration, Role},
};

/// Reveals missed in a row, with nothing credited between, after which a bond is not
/// restored any more: each costs a share of it, and something else is wrong.
const MISSES: usize = 3;

/// What a registration lacks, or soon will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// Its lease ends in this block.
    Lease { ends: u32 },
    /// A GPU's bond is short by so much.
    Bond { gpu: u32, missing: u128 },
}

/// Watches over the registration.
pub(super) struct Upkeep {
    account: Bytes32,
    /// Pays, where its key is at hand.
    payer: Keypair,
    register: Option<Registering>,
    slot: Duration,
    health: Arc<Health>,
    registration: Option<Registration>,
    /// The window in progress when the registration was last read.
    read_in: Option<Option<u32>>,
    /// What the log last said to be lacking.
    told: Vec<Need>,
    /// The owner's calls on their way, and in the end whether all of them went well.
    calls: Option<JoinHandle<bool>>,
}

impl Upkeep {
    /// Of the hotkey of these settings, on a chain whose slots last this long.
    pub(super) fn new(settings: &Settings, slot: Duration) -> Self {
        Self {
            account: settings.hotkey.public_key().0,
            payer: settings
                .owner
                .clone()
                .unwrap_or_else(|| settings.hotkey.clone()),
            register: settings.register,
            slot,
            health: Arc::clone(&settings.health),
            registration: None,
            read_in: None,
            told: Vec::new(),
            calls: None,
        }
    }

    /// Has the registration read again with the next block.
    pub(super) fn look_again(&mut self) {
        self.read_in = None;
    }

    /// Why the chain would not take a commit of this GPU in block `now`.
    pub(super) fn hindrance(&self, gpu: u32, now: u32) -> Option<Reason> {
        // Before it is known nothing speaks against it.
        let registration = self.registration.as_ref()?;
        let slot = usize::try_from(gpu).ok();
        let bond = slot.and_then(|slot| registration.bonds.get(slot));
        match bond {
            Some(bond) if registration.is_staying(gpu) && now < registration.expires_at => {
                (*bond < registration.bond).then_some(Reason::Bond)
            }
            _ => Some(Reason::Unregistered),
        }
    }

    /// Looks after the registration of so many GPUs whenever a window opens or is over, and
    /// where something was just done to it. What failed is tried again by then, not before:
    /// an owner without funds has none a block later either.
    pub(super) async fn keep_up(
        &mut self,
        chain: &Chain,
        seen: &Seen,
        gpus: usize,
        history: &History,
    ) -> Result<(), ChainError> {
        let window = seen.window.as_ref().map(|window| window.id);
        if let Some(calls) = self.calls.take_if(|calls| calls.is_finished())
            && calls.await.unwrap_or_default()
        {
            self.look_again();
        }
        if self.calls.is_some() || self.read_in == Some(window) {
            return Ok(());
        }
        self.registration = seen.view.registration(&self.account).await?;
        self.read_in = Some(window);
        for (gpu, _) in (0..).zip(0..gpus) {
            let hindrance = self.hindrance(gpu, seen.number);
            self.health
                .gpu_hindered(gpu, hindrance.map(Reason::meaning));
        }
        let Some(registration) = &self.registration else {
            return Ok(());
        };
        let ahead = account::renewed_before(self.slot);
        let needs = needs(registration, seen.number, ahead, gpus);
        if needs.is_empty() {
            self.told.clear();
            return Ok(());
        }
        let slots = registration.bonds.len();
        let pays = self.payer.public_key().0 == registration.owner;
        match self.register.filter(|_| pays) {
            Some(how) => {
                let needs = self.worth_paying(needs, history);
                if !needs.is_empty() {
                    self.pay(chain, needs, slots, how);
                }
            }
            None if self.told != needs => {
                self.tell(&needs);
                self.told = needs;
            }
            None => {}
        }
        Ok(())
    }

    /// Has the owner pay for what is lacking, beside everything else.
    fn pay(&mut self, chain: &Chain, needs: Vec<Need>, slots: usize, how: Registering) {
        let (chain, hotkey, owner) = (chain.clone(), self.account, self.payer.clone());
        self.calls = Some(tokio::spawn(async move {
            let mut met = true;
            for need in needs {
                if let Err(cause) = meet(&chain, &hotkey, &owner, slots, how, need).await {
                    met = false;
                    let owner = keys::address(&owner.public_key().0);
                    warn!(%cause, ?need, owner, "could not be paid for; trying again");
                }
            }
            met
        }));
    }

    /// Leaves out the bonds of GPUs that would lose them again.
    fn worth_paying(&mut self, needs: Vec<Need>, history: &History) -> Vec<Need> {
        let bonds = needs.iter().any(|need| matches!(need, Need::Bond { .. }));
        let history = match history.entries() {
            Ok(history) if bonds => history,
            Ok(_) => return needs,
            Err(cause) => {
                warn!(%cause, "cannot read the history");
                Vec::new()
            }
        };
        let (unworthy, worth): (Vec<_>, Vec<_>) = needs.into_iter().partition(
            |need| matches!(need, Need::Bond { gpu, .. } if loses_again(&history, *gpu).is_some()),
        );
        if self.told != unworthy {
            for need in &unworthy {
                if let Need::Bond { gpu, missing } = need {
                    let why = loses_again(&history, *gpu).unwrap_or_default();
                    error!(
                        gpu,
                        missing = %Amount(*missing),
                        "the bond is not restored, for it would be lost again: {why}; then \
                         `ni-worker register --hotkey {} --owner FILE --top-up`",
                        keys::address(&self.account)
                    );
                }
            }
            self.told = unworthy;
        }
        worth
    }

    /// Says what the owner has to do.
    fn tell(&self, needs: &[Need]) {
        let register = format!(
            "`ni-worker register --hotkey {} --owner FILE",
            keys::address(&self.account)
        );
        for need in needs {
            match need {
                Need::Lease { ends } => warn!(
                    ends,
                    "the lease ends within a day: {register} --renew`, or mine with --register \
                     and --owner"
                ),
                Need::Bond { gpu, missing } => error!(
                    gpu,
                    missing = %Amount(*missing),
                    "the bond was slashed, and the GPU cannot prove: {register} --top-up`, or mine \
                     with --register and --owner"
                ),
            }
        }
    }
}

/// What the registration lacks in block `now`, or will within `ahead` blocks, as far as
/// the first `gpus` of its slots need it.
fn needs(registration: &Registration, now: u32, ahead: u32, gpus: usize) -> Vec<Need> {
    if registration.role != Role::Miner {
        return Vec::new();
    }
    let mut needs = Vec::new();
    // It also restores every bond.
    if registration.is_staying(0) && registration.expires_at <= now.saturating_add(ahead) {
        needs.push(Need::Lease {
            ends: registration.expires_at,
        });
    }
    for (gpu, bond) in (0..).zip(registration.bonds.iter().take(gpus)) {
        if *bond < registration.bond && registration.is_staying(gpu) {
            needs.push(Need::Bond {
                gpu,
                missing: registration.bond - bond,
            });
        }
    }
    needs
}

/// Why a GPU's bond, once restored, would be slashed again; `None` where nothing speaks
/// for that. The history's entries are in the order of the windows.
fn loses_again(history: &[Entry], gpu: u32) -> Option<&'static str> {
    let mut missed = 0;
    for entry in history.iter().rev().filter(|entry| entry.gpu == gpu) {
        match entry.outcome {
            Outcome::Credited { .. } => return None,
            Outcome::Missed(Reason::Refused) => {
                return Some("it computes wrong results; see whether `ni-worker bench` passes");
            }
            Outcome::Missed(Reason::NotRevealed) => missed += 1,
            Outcome::Missed(_) => {}
        }
        if missed == MISSES {
            return Some("it missed one reveal after the other; see the log for why");
        }
    }
    None
}

/// Has the owner pay for what is lacking.
async fn meet(
    chain: &Chain,
    hotkey: &Bytes32,
    owner: &Keypair,
    slots: usize,
    how: Registering,
    need: Need,
) -> Result<(), ChainError> {
    match need {
        Need::Lease { ends } => {
            account::register(chain, hotkey, owner, Role::Miner, Some(slots), how, 0).await?;
            info!(was_to_end = ends, "lease renewed");
        }
        Need::Bond { gpu, .. } => {
            // A renewal may have restored it.
            let now = chain.best().await?.registration(hotkey).await?;
            let missing = now.map(|now| needs(&now, 0, 0, slots));
            let missing = missing.unwrap_or_default().into_iter();
            for need in missing {
                if let Need::Bond {
                    gpu: short,
                    missing,
                } = need
                    && short == gpu
                {
                    chain.call(&calls::top_up(*hotkey, gpu), owner).await?;
                    info!(gpu, added = %Amount(missing), "bond restored");
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ni_client::types::Departure;

    fn settings() -> Settings {
        Settings {
            urls: Vec::new(),
            hotkey: keys::development("//Alice").expect("a development key"),
            owner: None,
            register: None,
            store: None,
            windows: 0,
            hang_after: Duration::from_secs(60),
            health: Arc::default(),
        }
    }

    fn registration() -> Registration {
        Registration {
            owner: [1; 32],
            role: Role::Miner,
            expires_at: 1_000,
            departure: None,
            bond: 50,
            bonds: vec![50, 25, 60],
        }
    }

    const SHORT: Need = Need::Bond {
        gpu: 1,
        missing: 25,
    };

    #[test]
    fn a_lease_is_renewed_before_it_ends_and_a_bond_restored_when_it_is_short() {
        let needs = |registration: &Registration, now| needs(registration, now, 100, 3);
        let whole = Registration {
            bonds: vec![50, 50, 60],
            ..registration()
        };
        assert_eq!(needs(&whole, 899), []);
        assert_eq!(needs(&whole, 900), [Need::Lease { ends: 1_000 }]);
        assert_eq!(needs(&whole, 5_000), [Need::Lease { ends: 1_000 }]);
        assert_eq!(needs(&registration(), 0), [SHORT]);
        assert_eq!(
            needs(&registration(), 950),
            [Need::Lease { ends: 1_000 }, SHORT]
        );
    }

    #[test]
    fn slots_that_no_gpu_uses_that_leave_or_that_are_a_validators_need_nothing() {
        assert_eq!(needs(&registration(), 0, 100, 1), []);
        let leaving = |keep| Registration {
            departure: Some(Departure { keep, at: 70 }),
            ..registration()
        };
        assert_eq!(needs(&leaving(1), 0, 100, 3), []);
        assert_eq!(needs(&leaving(2), 0, 100, 3), [SHORT]);
        assert_eq!(needs(&leaving(0), 999, 100, 3), []);
        let validator = Registration {
            role: Role::Validator,
            ..registration()
        };
        assert_eq!(needs(&validator, 999, 100, 3), []);
    }

    #[test]
    fn what_the_chain_would_not_take_is_known_before_it_is_computed() {
        let mut upkeep = Upkeep::new(&settings(), Duration::from_secs(6));
        assert_eq!(upkeep.hindrance(1, 999), None);
        upkeep.registration = Some(registration());
        assert_eq!(upkeep.hindrance(0, 999), None);
        assert_eq!(upkeep.hindrance(1, 999), Some(Reason::Bond));
        assert_eq!(upkeep.hindrance(2, 999), None);
        assert_eq!(upkeep.hindrance(3, 999), Some(Reason::Unregistered));
        assert_eq!(upkeep.hindrance(0, 1_000), Some(Reason::Unregistered));
        upkeep.registration = Some(Registration {
            departure: Some(Departure { keep: 2, at: 70 }),
            ..registration()
        });
        assert_eq!(upkeep.hindrance(2, 999), Some(Reason::Unregistered));
    }

    #[test]
    fn bonds_that_would_be_lost_again_are_not_restored() {
        let history = |outcomes: &[Outcome]| -> Vec<Entry> {
            (0..)
                .zip(outcomes)
                .map(|(window, outcome)| Entry {
                    window,
                    gpu: 0,
                    at: 0,
                    rounds: 0,
                    idle_permille: None,
                    outcome: *outcome,
                })
                .collect()
        };
        let lost = |outcomes: &[Outcome]| loses_again(&history(outcomes), 0).is_some();
        let credited = Outcome::Credited {
            mops: 1,
            tier: None,
            pay: None,
        };
        let missed = Outcome::Missed(Reason::NotRevealed);
        let refused = Outcome::Missed(Reason::Refused);
        let short = Outcome::Missed(Reason::Bond);
        let offline = Outcome::Missed(Reason::Offline);
        assert!(!lost(&[]));
        assert!(!lost(&[credited, missed, offline, missed]));
        assert!(lost(&[missed, offline, missed, missed, short]));
        assert!(!lost(&[missed, missed, credited, missed]));
        assert!(!lost(&[offline, offline, offline, offline]));
        assert!(lost(&[credited, refused, short, short]));
        assert!(!lost(&[refused, credited]));
        // Another GPU's.
        assert!(loses_again(&history(&[refused]), 1).is_none());
    }
}
