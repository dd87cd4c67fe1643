// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain, those who act on it, and what they know.

use crate::{
    Report, Rng,
    chain::Chain,
    ledger::{self, Ledger},
    operations::{self, proof::Work},
};
use frame_support::{dispatch::GetDispatchInfo, traits::GetCallMetadata};
use ni_runtime::{
    AccountId, Balance, Buyback, Delegation, Emission, Executive, Governance, NI, ProofOfGpu,
    Registration, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, Settings, SignedPayload,
    Supply, System, TxExtension, UncheckedExtrinsic,
};
use sp_core::{Pair, sr25519};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    DispatchError, TryRuntimeError,
    generic::Era,
    traits::{Dispatchable, IdentifyAccount, Verify},
    transaction_validity::TransactionValidityError,
};
use std::{
    collections::{BTreeMap, VecDeque},
    fmt::{Display, Formatter},
};

/// Accounts that own hotkeys.
const OWNERS: u8 = 10;
/// Accounts that can be registered as hotkeys.
const HOTKEYS: u8 = 24;
/// What each owner has at genesis: with all of them the first halving is near.
const ENDOWMENT: Balance = 890_000 * NI;
/// Slots of an epoch: so few that stake becomes active while somebody watches.
const EPOCH: u64 = 6;
/// The calls that a violation tells of.
const REMEMBERED: usize = 24;
/// Every so many steps the issuance is summed up over all accounts.
const AUDIT: u64 = 100;

/// An account with its key.
#[derive(Clone)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    pub(crate) key: sr25519::Pair,
}

impl Actor {
    /// An account of its own for each kind and number.
    #[must_use]
    pub fn new(kind: u8, number: u8) -> Self {
        let mut seed = [kind; 32];
        seed[0] = number;
        let key = sr25519::Pair::from_seed(&seed);
        let account = <<ni_runtime::Signature as Verify>::Signer as From<_>>::from(key.public())
            .into_account();
        Self { account, key }
    }

    /// A well-known account.
    pub(crate) fn known(who: Sr25519Keyring) -> Self {
        Self {
            account: who.to_account_id(),
            key: who.pair(),
        }
    }
}

/// What did not hold, and how to see it again.
#[derive(Debug)]
pub struct Violation {
    /// The run's seed.
    pub seed: u64,
    /// The step after which it did not hold.
    pub step: u64,
    /// What did not hold.
    pub what: String,
    /// The last calls, with what became of them.
    pub recent: Vec<String>,
}

impl Display for Violation {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "after step {} of seed {}: {}",
            self.step, self.seed, self.what
        )?;
        for call in &self.recent {
            writeln!(f, "    {call}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violation {}

/// A chain, those who act on it, and what they know.
pub struct World {
    /// What decides.
    pub rng: Rng,
    /// The chain.
    pub chain: Chain,
    /// Accounts that own hotkeys.
    pub owners: Vec<Actor>,
    /// Accounts that can be registered as hotkeys.
    pub hotkeys: Vec<Actor>,
    /// What GPUs have computed and committed to, by hotkey and index.
    pub(crate) work: BTreeMap<(AccountId, u32), Work>,
    /// Reveals that were due and did not come: hotkey, GPU, window.
    pub(crate) missed: Vec<(AccountId, u32, u32)>,
    pub(crate) report: Report,
    /// The signed calls made so far, for who asks for them by putting a list here.
    pub calls: Option<Vec<(Actor, RuntimeCall)>>,
    seed: u64,
    ledger: Ledger,
    recent: VecDeque<String>,
}

impl World {
    /// A chain at its genesis, in its first block.
    ///
    /// # Panics
    ///
    /// When the genesis is refused.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let owners: Vec<_> = (0..OWNERS).map(|number| Actor::new(1, number)).collect();
        let hotkeys: Vec<_> = (0..HOTKEYS).map(|number| Actor::new(2, number)).collect();
        let balances: Vec<_> = owners
            .iter()
            .map(|owner| (owner.account.clone(), ENDOWMENT))
            .collect();
        let mut world = Self {
            rng: Rng::new(seed),
            chain: Chain::new(operations::settings::genesis(&balances, EPOCH)),
            owners,
            hotkeys,
            work: BTreeMap::new(),
            missed: Vec::new(),
            report: Report::default(),
            calls: None,
            seed,
            ledger: Ledger::new(),
            recent: VecDeque::new(),
        };
        operations::settings::begin();
        world.set_session_keys();
        world.begin_block(1);
        world
    }

    /// One step: something is done that can be done now.
    pub fn act(&mut self) {
        let table = operations::table();
        let total = table
            .iter()
            .map(|operation| u128::from(operation.weight))
            .sum();
        loop {
            let mut ticket = self.rng.below(total);
            let drawn = table.iter().find(|operation| {
                let weight = u128::from(operation.weight);
                let found = ticket < weight;
                ticket = ticket.saturating_sub(weight);
                found
            });
            if drawn.is_some_and(|operation| (operation.run)(self)) {
                return;
            }
        }
    }

    /// An owner.
    pub(crate) fn any_owner(&mut self) -> Actor {
        let index = self.rng.index(self.owners.len());
        self.owners[index].clone()
    }

    /// A hotkey, registered or not.
    pub(crate) fn any_hotkey(&mut self) -> Actor {
        let index = self.rng.index(self.hotkeys.len());
        self.hotkeys[index].clone()
    }

    /// The actor of an account.
    pub(crate) fn actor(&self, account: &AccountId) -> Option<Actor> {
        self.owners
            .iter()
            .chain(&self.hotkeys)
            .find(|actor| actor.account == *account)
            .cloned()
            .or_else(|| {
                Sr25519Keyring::iter()
                    .find(|who| who.to_account_id() == *account)
                    .map(Actor::known)
            })
    }

    /// Makes a call as `who`: as a rule by dispatching it, now and then as a signed
    /// transaction or within a batch. Returns whether it succeeded.
    pub(crate) fn call(&mut self, who: &Actor, call: impl Into<RuntimeCall>) -> bool {
        let call = call.into();
        if let Some(calls) = &mut self.calls {
            calls.push((who.clone(), call.clone()));
        }
        match self.rng.below(16) {
            0 | 1 => self.send(who, call),
            2 => {
                let batch = pallet_utility::Call::batch_all {
                    calls: vec![call.clone()],
                };
                let result = RuntimeCall::from(batch).dispatch(self.signed(who));
                self.settle(
                    &call,
                    result.map(drop).map_err(|refused| name(refused.error)),
                )
            }
            _ => self.dispatch(self.signed(who), call),
        }
    }

    /// Makes a call by any origin.
    pub(crate) fn dispatch(&mut self, origin: RuntimeOrigin, call: RuntimeCall) -> bool {
        let result = call.clone().dispatch(origin);
        self.settle(
            &call,
            result.map(drop).map_err(|refused| name(refused.error)),
        )
    }

    /// Sends a call as a signed transaction.
    fn send(&mut self, who: &Actor, call: RuntimeCall) -> bool {
        let nonce = System::account_nonce(&who.account);
        let tip = if self.rng.percent(30) {
            self.rng.below(NI / 100)
        } else {
            0
        };
        let feeless = matches!(call, RuntimeCall::ProofOfGpu(_))
            && !matches!(
                call,
                RuntimeCall::ProofOfGpu(pallet_proof_of_gpu::Call::report_missed { .. })
            );
        // A block that is full is no refusal of the call.
        if !room_for(&call) {
            return self.dispatch(self.signed(who), call);
        }
        let applied = Executive::apply_extrinsic(transaction(who, nonce, tip, call.clone()));
        let outcome = match applied {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(name(error)),
            Err(TransactionValidityError::Invalid(invalid)) => {
                if feeless {
                    self.report.reach("the pool refuses a proof call");
                }
                Err(format!("transaction {invalid:?}"))
            }
            Err(TransactionValidityError::Unknown(unknown)) => {
                Err(format!("transaction {unknown:?}"))
            }
        };
        if feeless && outcome.is_ok() {
            self.report.reach("a proof call is free");
        }
        self.settle(&call, outcome)
    }

    fn signed(&self, who: &Actor) -> RuntimeOrigin {
        RuntimeOrigin::signed(who.account.clone())
    }

    fn settle(&mut self, call: &RuntimeCall, outcome: Result<(), String>) -> bool {
        let metadata = call.get_call_metadata();
        let called = format!("{}::{}", metadata.pallet_name, metadata.function_name);
        let mut told = format!("{} {call:?}", self.chain.number());
        // A proof's openings would fill a page.
        told.truncate(400);
        self.recall(format!("{told} -> {outcome:?}"));
        let succeeded = outcome.is_ok();
        self.report.note(called, outcome);
        succeeded
    }

    pub(crate) fn recall(&mut self, told: String) {
        self.recent.push_back(told);
        if self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
    }

    /// Ends the block and begins the one `ahead` after it.
    pub fn next_block(&mut self, ahead: u32) {
        self.chain.end();
        self.take_events();
        self.begin_block(ahead);
        if ahead > 1 {
            self.recall(format!("{} jumped {ahead}", self.chain.number()));
        }
    }

    fn begin_block(&mut self, ahead: u32) {
        self.chain.begin(ahead);
        self.report.blocks += 1;
        self.take_events();
        self.forget_work();
    }

    /// Takes in the events since it was last asked.
    fn take_events(&mut self) {
        let events: Vec<RuntimeEvent> = System::read_events_no_consensus()
            .map(|record| record.event)
            .collect();
        System::reset_events();
        for event in &events {
            self.ledger.take(event);
            operations::note_paths(&mut self.report, event);
        }
    }

    /// Checks that everything holds.
    pub(crate) fn check(&mut self, step: u64) -> Result<(), Box<Violation>> {
        self.take_events();
        let holds = self.holds(step);
        holds.map_err(|what| {
            Box::new(Violation {
                seed: self.seed,
                step,
                what,
                recent: self.recent.iter().cloned().collect(),
            })
        })
    }

    fn holds(&mut self, step: u64) -> Result<(), String> {
        check_pallets()?;
        self.ledger.check()?;
        if step.is_multiple_of(AUDIT) {
            ledger::check_accounts()?;
        }
        Ok(())
    }

    /// The report of a run that is over.
    pub(crate) fn finish(mut self, steps: u64) -> Report {
        self.report.steps = steps;
        self.report
    }
}

/// Checks the invariants of all our pallets on the present state.
///
/// # Errors
///
/// The first that does not hold.
pub fn check_pallets() -> Result<(), String> {
    type Check = fn() -> Result<(), TryRuntimeError>;
    let pallets: [(&str, Check); 8] = [
        ("Supply", Supply::do_try_state),
        ("Registration", Registration::do_try_state),
        ("ProofOfGpu", ProofOfGpu::do_try_state),
        ("Emission", Emission::do_try_state),
        ("Buyback", Buyback::do_try_state),
        ("Delegation", Delegation::do_try_state),
        ("Governance", Governance::do_try_state),
        ("Settings", Settings::do_try_state),
    ];
    for (pallet, check) in pallets {
        check().map_err(|broken| format!("{pallet}: {}", name(broken)))?;
    }
    operations::buyback::check()
}

/// An error by its name.
fn name(error: DispatchError) -> String {
    match error {
        DispatchError::Module(module) => module
            .message
            .map_or_else(|| format!("{module:?}"), Into::into),
        DispatchError::Other(what) => what.into(),
        other => format!("{other:?}"),
    }
}

/// Whether the block still holds a transaction of this call, as far as its weight
/// is concerned.
fn room_for(call: &RuntimeCall) -> bool {
    let limits = <Runtime as frame_system::Config>::BlockWeights::get();
    let info = call.get_dispatch_info();
    let class = info.class;
    let needed = info
        .call_weight
        .saturating_add(limits.get(class).base_extrinsic)
        .saturating_mul(2);
    let used = System::block_weight();
    // A block in which a session ends is full from the beginning.
    used.total()
        .saturating_add(needed)
        .all_lte(limits.max_block)
        && limits
            .get(class)
            .max_total
            .is_none_or(|most| used.get(class).saturating_add(needed).all_lte(most))
}

/// `call` as a transaction signed by `who`.
///
/// # Panics
///
/// Where there is no genesis hash to sign over.
#[must_use]
pub fn transaction(who: &Actor, nonce: u32, tip: Balance, call: RuntimeCall) -> UncheckedExtrinsic {
    let extension: TxExtension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_proof_of_gpu::extension::CheckProofCall::new(),
        pallet_skip_feeless_payment::SkipCheckIfFeeless::from(
            pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        ),
        frame_system::WeightReclaim::new(),
    );
    let payload =
        SignedPayload::new(call, extension).expect("the extensions' implicit parts are known");
    let signature = codec::Encode::using_encoded(&payload, |bytes| who.key.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(
        call,
        who.account.clone().into(),
        signature.into(),
        extension,
    )
}
