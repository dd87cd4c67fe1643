// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain in memory on which miners prove, honest or not: the assembled runtime, its
//! own blocks, windows, randomness, bonds and pay, twelve blocks a window.
//!
//! Nothing here knows what a miner did: only what the chain says of it. What somebody
//! has gained is what its accounts hold, bonds included, afterwards and before.

use frame_support::{
    BoundedVec,
    traits::{Get, fungible::Inspect},
};
use ni_runtime::{
    AccountId, Balance, Balances, Executive, NI, Registration, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, Settings, System,
    settings::{
        EmissionParameters, RegistrationParameters, RuntimeParameters, WindowParameters, defaults,
        parameters,
    },
};
use pallet_proof_of_gpu::{Call, CurrentWindow, Event, GpuClaim, Phase, Reason};
use pallet_registration::Role;
use proof_of_gpu_primitives::{ChallengeInput, Hash, Opening, SoftwareSha256, Workload, challenge};
use sp_externalities::with_externalities;
use sp_runtime::{
    DispatchError, Perbill,
    traits::Dispatchable,
    transaction_validity::{TransactionSource, TransactionValidityError, ValidTransaction},
};
use stateful::{
    Actor, chain::Chain, chain::GENESIS_HASH, memory::Memory, proof::CurrentWindowOf, settings,
    transaction,
};

/// Miners that there can be, each with an owner who has [`ENDOWMENT`].
const PEOPLE: u8 = 16;
/// What each owner has: enough to be slashed in a thousand windows.
const ENDOWMENT: Balance = 500_000 * NI;
/// Slots of an epoch.
const EPOCH: u64 = 600;
/// Blocks that a phase may take here before something is wrong.
const PATIENCE: u32 = 200;
/// Kinds of [`Actor`].
const OWNER: u8 = 11;
const HOTKEY: u8 = 12;

/// Share of the bond that an offence costs, as on the production chain.
pub const SLASH: Perbill = Perbill::from_percent(50);
/// Share of that which a reporter gets, as on the production chain.
pub const BOUNTY: Perbill = Perbill::from_percent(10);

/// How a chain's windows go, and what they pay.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Shape of a round.
    pub workload: Workload,
    /// Openings in a reveal.
    pub samples: u32,
    /// Blocks in which commits are taken, at least five: the last of them is grace.
    pub open: u32,
    /// Blocks in which reveals are taken.
    pub reveal: u32,
    /// Bond of a GPU.
    pub bond: Balance,
    /// NI a block.
    pub base: Balance,
    /// The weight that earns all of it, in MOPS of a tier worth one.
    pub reference: u128,
}

impl Default for Terms {
    /// The smallest shape, five blocks for commits, two for reveals, and so much to earn
    /// that a GPU's pay does not depend on how many others there are.
    fn default() -> Self {
        Self {
            workload: Workload::new(64, 64, 64),
            samples: 16,
            open: 5,
            reveal: 2,
            bond: 10_000 * NI,
            base: 10 * NI,
            reference: 200_000,
        }
    }
}

/// A hotkey with one GPU or more, and its owner.
#[derive(Clone)]
pub struct Miner {
    /// Pays the bonds, and is paid.
    pub owner: Actor,
    /// Signs the proof calls, and holds nothing.
    pub hotkey: Actor,
}

impl Miner {
    /// The miner of this number, below 16.
    #[must_use]
    pub fn number(number: u8) -> Self {
        Self {
            owner: Actor::new(OWNER, number),
            hotkey: Actor::new(HOTKEY, number),
        }
    }
}

/// What became of a reveal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was verified.
    Verified {
        /// Throughput.
        mops: u64,
    },
    /// It was refused, and the bond slashed.
    Refused {
        /// Why.
        reason: Reason,
        /// What it cost.
        slashed: Balance,
    },
    /// It was not even looked at, and cost nothing.
    NotTaken(String),
}

/// The chain.
pub struct Arena {
    chain: Chain,
    terms: Terms,
}

impl Arena {
    /// Runs `act` on a new chain of these terms.
    ///
    /// # Panics
    ///
    /// When the runtime refuses the terms.
    pub fn run<R>(terms: &Terms, act: impl FnOnce(&mut Self) -> R) -> R {
        Memory::default().execute_with(|| act(&mut Self::new(*terms)))
    }

    fn new(terms: Terms) -> Self {
        let balances: Vec<_> = (0..PEOPLE)
            .map(|number| (Miner::number(number).owner.account, ENDOWMENT))
            .collect();
        let mut chain = Chain::new(settings::genesis(&balances, EPOCH));
        set(WindowParameters {
            workload: terms.workload,
            samples: terms.samples,
            // The tricks are with the product, which is verified alike after a walk.
            walk: None,
            min_gap: 1,
            max_gap: 1,
            open_chance: Perbill::one(),
            work: terms.open - 1,
            grace: 1,
            sampling: 8,
            reveal: terms.reveal,
            capacity: 32,
            slash_share: SLASH,
            bounty_share: BOUNTY,
        });
        set(EmissionParameters {
            base: terms.base,
            reference_weight: terms.reference * 1_000_000,
            // Long enough for no tier to fade and no availability to change.
            day: 1_000_000_000,
            ..parameters::Emission::get()
        });
        chain.begin(1);
        let mut arena = Self { chain, terms };
        arena.require(terms.bond);
        arena
    }

    /// What these windows go by.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The bond of those who register from now on.
    ///
    /// # Panics
    ///
    /// When it is zero.
    pub fn require(&mut self, bond: Balance) {
        self.terms.bond = bond;
        set(RegistrationParameters {
            bond,
            // A year, the longest there is.
            term: 365 * defaults::DAY,
            ..parameters::Registration::get()
        });
    }

    /// Registers a miner with so many GPUs, each with its bond.
    ///
    /// # Panics
    ///
    /// When the runtime refuses it.
    pub fn register(&mut self, miner: &Miner, slots: u32) {
        let call = pallet_registration::Call::register {
            hotkey: miner.hotkey.account.clone(),
            role: Role::Miner,
            slots,
            max_price: Balance::MAX,
        };
        self.by(&miner.owner, call).expect("it can be registered");
    }

    /// Restores the bond of a GPU, if something is missing of it.
    pub fn top_up(&mut self, miner: &Miner, gpu: u32) {
        let hotkey = miner.hotkey.account.clone();
        if Registration::bond_of(&hotkey, gpu) < self.terms.bond {
            let call = pallet_registration::Call::top_up { hotkey, gpu };
            self.by(&miner.owner, call).expect("the owner has enough");
        }
    }

    /// Makes a call.
    ///
    /// # Errors
    ///
    /// The runtime's, by its name.
    pub fn by(&mut self, who: &Actor, call: impl Into<RuntimeCall>) -> Result<(), String> {
        System::reset_events();
        call.into()
            .dispatch(RuntimeOrigin::signed(who.account.clone()))
            .map(drop)
            .map_err(|refused| name(refused.error))
    }

    /// Sends a call as a signed transaction. It pays its fee, if it has one.
    ///
    /// # Errors
    ///
    /// The runtime's, by its name; or why a block's author leaves it out.
    pub fn send(&mut self, who: &Actor, call: impl Into<RuntimeCall>) -> Result<(), String> {
        System::reset_events();
        let nonce = System::account_nonce(&who.account);
        match Executive::apply_extrinsic(transaction(who, nonce, 0, call.into())) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(name(error)),
            Err(invalid) => Err(format!("{invalid:?}")),
        }
    }

    /// What a node's pool says of a call that is to go into the next block.
    ///
    /// # Errors
    ///
    /// Why it is refused, with nothing paid and nothing punished.
    ///
    /// # Panics
    ///
    /// Outside of [`Self::run`].
    pub fn pooled(
        &self,
        who: &Actor,
        call: impl Into<RuntimeCall>,
    ) -> Result<ValidTransaction, TransactionValidityError> {
        let nonce = System::account_nonce(&who.account);
        let extrinsic = transaction(who, nonce, 0, call.into());
        with_externalities(|state| state.storage_start_transaction());
        let verdict =
            Executive::validate_transaction(TransactionSource::External, extrinsic, GENESIS_HASH);
        with_externalities(|state| state.storage_rollback_transaction())
            .expect("within a state")
            .expect("it was begun");
        verdict
    }

    /// Makes the next block.
    pub fn step(&mut self) {
        self.chain.end();
        self.chain.begin(1);
    }

    /// Lets `slots` slots pass without a block.
    pub const fn skip(&mut self, slots: u64) {
        self.chain.skip(slots);
    }

    /// Goes on to the next window that takes commits, or stays in the block if one does.
    ///
    /// # Panics
    ///
    /// When none opens.
    pub fn open(&mut self) -> CurrentWindowOf {
        self.until("opens", || {
            CurrentWindow::<Runtime>::get().filter(|window| window.phase == Phase::Open)
        })
    }

    /// Goes on to where the window takes reveals, and returns it with its sampling
    /// beacon.
    ///
    /// # Panics
    ///
    /// When none does.
    pub fn revealing(&mut self) -> (CurrentWindowOf, Hash) {
        self.until("takes reveals", || {
            let window = CurrentWindow::<Runtime>::get()?;
            match window.phase {
                Phase::Revealing {
                    sampling_beacon, ..
                } => Some((window, sampling_beacon)),
                _ => None,
            }
        })
    }

    /// Goes on to where the window is over and its round is settled.
    ///
    /// # Panics
    ///
    /// When it does not end.
    pub fn close(&mut self) {
        self.until("closes", || {
            (!CurrentWindow::<Runtime>::exists()).then_some(())
        });
    }

    fn until<Found>(&mut self, what: &str, found: impl Fn() -> Option<Found>) -> Found {
        for _ in 0..PATIENCE {
            if let Some(found) = found() {
                return found;
            }
            self.step();
        }
        panic!("no window {what} within {PATIENCE} blocks");
    }

    /// Commits a GPU.
    ///
    /// # Errors
    ///
    /// As [`Self::by`].
    pub fn commit(
        &mut self,
        miner: &Miner,
        gpu: u32,
        window: &CurrentWindowOf,
        (rounds, root): (u32, Hash),
    ) -> Result<(), String> {
        self.by(&miner.hotkey, commit(window, gpu, rounds, root))
    }

    /// Reveals, and returns what the chain makes of it.
    pub fn reveal(
        &mut self,
        miner: &Miner,
        gpu: u32,
        (window, beacon): (u32, Hash),
        peaks: &[Hash],
        openings: Vec<Opening>,
    ) -> Verdict {
        let call = reveal((window, beacon), gpu, peaks, openings);
        match self.by(&miner.hotkey, call) {
            Ok(()) => verdict(),
            Err(error) => Verdict::NotTaken(error),
        }
    }

    /// Pays what a GPU has earned.
    pub fn claim(&mut self, miner: &Miner, gpu: u32) {
        let hotkey = miner.hotkey.account.clone();
        // Whoever has earned nothing has nothing to claim.
        let _ = self.by(&miner.owner, pallet_emission::Call::claim { hotkey, gpu });
    }
}

/// All that an account has, its bonds included.
#[must_use]
pub fn wealth(who: &Actor) -> i128 {
    let all = <Balances as Inspect<AccountId>>::total_balance(&who.account);
    i128::try_from(all).unwrap_or(i128::MAX)
}

/// What a GPU's challenge in a window binds it to.
#[must_use]
pub fn input(window: &CurrentWindowOf, miner: &Miner, gpu: u32) -> ChallengeInput {
    ChallengeInput {
        genesis_hash: GENESIS_HASH.0,
        window: window.id,
        beacon: window.beacon,
        account: miner.hotkey.account.clone().into(),
        gpu,
        workload: window.parameters.workload,
    }
}

/// A GPU's challenge in a window.
#[must_use]
pub fn challenged(window: &CurrentWindowOf, miner: &Miner, gpu: u32) -> Hash {
    challenge::<SoftwareSha256>(&input(window, miner, gpu))
}

/// The commit of one GPU.
#[must_use]
pub fn commit(window: &CurrentWindowOf, gpu: u32, rounds: u32, root: Hash) -> RuntimeCall {
    Call::commit {
        window: window.id,
        beacon: window.beacon,
        claims: BoundedVec::truncate_from(vec![GpuClaim {
            gpu,
            rounds,
            root,
            walk: None,
        }]),
    }
    .into()
}

/// The reveal of one GPU.
#[must_use]
pub fn reveal(
    (window, sampling_beacon): (u32, Hash),
    gpu: u32,
    peaks: &[Hash],
    openings: Vec<Opening>,
) -> RuntimeCall {
    Call::reveal {
        window,
        sampling_beacon,
        gpu,
        peaks: BoundedVec::truncate_from(peaks.to_vec()),
        openings: BoundedVec::truncate_from(openings),
        walk_peaks: BoundedVec::default(),
        walk_openings: BoundedVec::default(),
    }
    .into()
}

/// The report of a reveal that did not come.
#[must_use]
pub fn report(miner: &Miner, gpu: u32, window: u32) -> RuntimeCall {
    Call::report_missed {
        hotkey: miner.hotkey.account.clone(),
        gpu,
        window,
    }
    .into()
}

/// What the last call's events say of a reveal.
fn verdict() -> Verdict {
    System::read_events_no_consensus()
        .find_map(|record| match record.event {
            RuntimeEvent::ProofOfGpu(Event::Verified { mops, .. }) => {
                Some(Verdict::Verified { mops })
            }
            RuntimeEvent::ProofOfGpu(Event::Refused {
                reason, slashed, ..
            }) => Some(Verdict::Refused { reason, slashed }),
            _ => None,
        })
        .unwrap_or(Verdict::NotTaken("no event".into()))
}

fn set(parameters: impl Into<RuntimeParameters>) {
    Settings::begin_with(parameters.into()).expect("good parameters");
}

fn name(error: DispatchError) -> String {
    match error {
        DispatchError::Module(module) => module
            .message
            .map_or_else(|| format!("{module:?}"), Into::into),
        other => format!("{other:?}"),
    }
}
