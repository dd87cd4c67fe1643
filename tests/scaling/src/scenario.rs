// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Every call and every kind of block, once.

use crate::{
    Counts, Size,
    count::{counted, leave_out_what_is_at_hand},
    crowd,
};
use codec::Encode;
use frame_support::traits::{Bounded, Get, schedule::DispatchTime};
use frame_support::traits::{OnUnbalanced, fungible::Balanced};
use ni_runtime::{
    AccountId, Babe, Balances, Delegation, NI, Registration, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, SessionKeys, Settings, System, TAO_UNIT, bridge,
    configs::{
        consensus::EpochSlots,
        market::{AssetKind, TAO, USD},
    },
    settings as settings_pallet,
    settings::{WindowParameters, parameters},
};
use pallet_buyback::RevenueSource;
use pallet_delegation::Call as StakeCall;
use pallet_emission::{Call as EmissionCall, Tiers};
use pallet_governance::{Call as VoteCall, Origin, Side};
use pallet_proof_of_gpu::{Call as ProofCall, CurrentWindow, GpuClaim, IdleSince, Phase};
use pallet_referenda::{Call as PollCall, ReferendumInfo, ReferendumInfoFor};
use pallet_registration::{Call as RegistrationCall, Role};
use proof_of_gpu_primitives::{
    Hash,
    prover::{CpuEngine, Proof, open},
};
use sp_core::{ed25519, sr25519};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{BoundedVec, Perbill, traits::Dispatchable};
use stateful::{
    chain::Chain,
    memory::Memory,
    proof::{CurrentWindowOf, compute, rounds_for},
    settings,
};
use std::collections::BTreeMap;

/// Who owns, and who proves.
#[derive(Clone, Copy)]
enum Who {
    /// Signs and pays for all.
    Owner,
    /// Has a bystander's account.
    Other,
    /// Proves and is verified.
    Honest,
    /// Proves with a bit altered.
    Liar,
    /// Is not called.
    Uncalled,
    /// Is called, says nothing and is reported.
    Reported,
    /// Is called, says nothing and commits again.
    Silent,
    /// Is registered last.
    Late,
    /// Is registered as a validator.
    Validator,
}

impl Who {
    fn account(self) -> AccountId {
        AccountId::new([0x10 + self as u8; 32])
    }
}

/// Slots of an epoch: more than what is counted takes, but for its last part.
const EPOCH: u64 = 600;

/// The hotkeys that there are from the beginning.
const MINERS: [Who; 5] = [
    Who::Honest,
    Who::Liar,
    Who::Uncalled,
    Who::Reported,
    Who::Silent,
];

/// What each call and block reads and writes on a chain of that size.
///
/// # Panics
///
/// When a call that is measured fails.
#[must_use]
pub fn measure(size: Size) -> BTreeMap<&'static str, Counts> {
    Memory::default().execute_with(|| {
        let mut scenario = Scenario::new(size);
        scenario.first_window();
        crowd::register(size, &Who::Honest.account());
        scenario.second_window();
        scenario.third_window();
        scenario.leases();
        scenario.stakes();
        scenario.votes();
        scenario.revenue();
        scenario.rest();
        scenario.counts
    })
}

struct Scenario {
    size: Size,
    chain: Chain,
    counts: BTreeMap<&'static str, Counts>,
}

impl Scenario {
    fn new(size: Size) -> Self {
        let funded = [Who::Owner, Who::Other].map(|who| (who.account(), 1_000_000 * NI));
        let mut chain = Chain::new(settings::genesis(&funded, EPOCH));
        settings::begin();
        // Windows open after the longest gap, not by a draw: every block is what its row
        // says, whatever the beacons are.
        let drawn_never = WindowParameters {
            open_chance: Perbill::zero(),
            ..settings::window()
        };
        Settings::begin_with(drawn_never.into()).expect("good parameters");
        leave_out_what_is_at_hand();
        chain.begin(1);
        Self {
            size,
            chain,
            counts: BTreeMap::new(),
        }
    }

    /// Makes a call that must succeed.
    fn call(&mut self, who: Who, call: impl Into<RuntimeCall>) {
        self.dispatch(RuntimeOrigin::signed(who.account()), call.into());
    }

    fn dispatch(&mut self, origin: RuntimeOrigin, call: RuntimeCall) {
        let result = call.clone().dispatch(origin);
        assert!(result.is_ok(), "{call:?}: {result:?}");
    }

    /// Makes a call that must succeed, and counts.
    fn count(&mut self, what: &'static str, who: Who, call: impl Into<RuntimeCall>) {
        self.count_from(what, RuntimeOrigin::signed(who.account()), call);
    }

    fn count_from(
        &mut self,
        what: &'static str,
        origin: RuntimeOrigin,
        call: impl Into<RuntimeCall>,
    ) {
        let call = call.into();
        let ((), counts) = counted(|| self.dispatch(origin, call));
        self.counts.insert(what, counts);
    }

    fn block(&mut self, ahead: u32) {
        self.chain.end();
        self.chain.begin(ahead);
    }

    /// Ends the block and begins one, and counts the hooks of both.
    fn count_block(&mut self, what: &'static str, ahead: u32) {
        let ((), counts) = counted(|| self.block(ahead));
        self.counts.insert(what, counts);
    }

    /// Lets time pass to the last block of the phase.
    fn end_the_phase(&mut self) {
        let last = match CurrentWindow::<Runtime>::get() {
            None => IdleSince::<Runtime>::get() + settings::window().max_gap - 1,
            Some(window) => match window.phase {
                Phase::Open => window.deadline,
                Phase::Sampling { .. } => window.deadline + window.parameters.sampling,
                Phase::Revealing { until, .. } => until,
            },
        };
        if let Some(ahead) = last.checked_sub(self.chain.number())
            && ahead > 0
        {
            self.block(ahead);
        }
    }

    fn next_phase(&mut self) {
        self.end_the_phase();
        self.block(1);
    }

    fn window(&self) -> CurrentWindowOf {
        CurrentWindow::<Runtime>::get().expect("a window is going on")
    }

    fn sampling_beacon(&self) -> Hash {
        match self.window().phase {
            Phase::Revealing {
                sampling_beacon, ..
            } => sampling_beacon,
            phase => panic!("not revealing but {phase:?}"),
        }
    }

    fn compute(&self, who: Who) -> Proof {
        let window = self.window();
        compute(&window, &who.account(), 0, rounds_for(&window, 1_000) + 2).expect("a proof")
    }

    fn commit(&self, proof: &Proof) -> RuntimeCall {
        let window = self.window();
        let claim = GpuClaim {
            gpu: 0,
            rounds: proof.rounds(),
            root: proof.root(),
            walk: None,
        };
        ProofCall::commit {
            window: window.id,
            beacon: window.beacon,
            claims: BoundedVec::truncate_from(vec![claim]),
        }
        .into()
    }

    fn reveal(&self, proof: &Proof) -> ProofCall<Runtime> {
        let window = self.window();
        let beacon = self.sampling_beacon();
        let samples = window.parameters.samples;
        let openings = open(&mut CpuEngine::default(), proof, &beacon, samples).expect("openings");
        ProofCall::reveal {
            window: window.id,
            sampling_beacon: beacon,
            gpu: 0,
            peaks: BoundedVec::truncate_from(proof.peaks().to_vec()),
            openings: BoundedVec::truncate_from(openings),
            walk_peaks: Default::default(),
            walk_openings: Default::default(),
        }
    }

    /// Room for so many reveals in the running window.
    fn set_capacity(&mut self, capacity: u32) {
        CurrentWindow::<Runtime>::mutate(|window| {
            if let Some(window) = window {
                window.parameters.capacity = capacity;
            }
        });
    }

    /// All of them are verified once.
    fn first_window(&mut self) {
        for who in MINERS {
            self.call(Who::Owner, register(who, Role::Miner, 2));
        }
        self.next_phase();
        let proofs = MINERS.map(|who| (who, self.compute(who)));
        for (who, proof) in &proofs {
            self.call(*who, self.commit(proof));
        }
        self.next_phase();
        self.next_phase();
        for (who, proof) in &proofs {
            self.call(*who, self.reveal(proof));
        }
        self.next_phase();
    }

    fn second_window(&mut self) {
        self.count_block("block: nothing goes on", 1);
        self.count(
            "emission.claim",
            Who::Other,
            EmissionCall::claim {
                hotkey: Who::Silent.account(),
                gpu: 0,
            },
        );
        self.end_the_phase();
        self.count_block("block: a window opens", 1);
        let proofs = MINERS.map(|who| (who, self.compute(who)));
        let [honest, liar, others @ ..] = &proofs;
        self.count(
            "proof-of-gpu.commit, which pays an earlier result",
            honest.0,
            self.commit(&honest.1),
        );
        for (who, proof) in [liar].into_iter().chain(others) {
            self.call(*who, self.commit(proof));
        }
        crowd::commit(self.size);
        self.count_block("block: commits are taken", 1);
        self.end_the_phase();
        self.count_block("block: the deadline has passed", 1);
        self.end_the_phase();
        self.count_block("block: the samples are drawn", 1);

        self.set_capacity(u32::MAX);
        self.count(
            "proof-of-gpu.reveal, verified",
            honest.0,
            self.reveal(&honest.1),
        );
        let mut altered = self.reveal(&liar.1);
        if let ProofCall::reveal { peaks, .. } = &mut altered {
            peaks[0][0] ^= 1;
        }
        self.count("proof-of-gpu.reveal, refused and slashed", liar.0, altered);
        self.set_capacity(0);
        self.count(
            "proof-of-gpu.confirm",
            Who::Uncalled,
            ProofCall::confirm {
                window: self.window().id,
                gpus: BoundedVec::truncate_from(vec![0]),
            },
        );
        self.set_capacity(u32::MAX);
        self.end_the_phase();
        self.count_block("block: a window closes and its round is settled", 1);
    }

    fn third_window(&mut self) {
        let missed = pallet_proof_of_gpu::NextWindow::<Runtime>::get() - 1;
        self.count(
            "proof-of-gpu.report_missed",
            Who::Other,
            ProofCall::report_missed {
                hotkey: Who::Reported.account(),
                gpu: 0,
                window: missed,
            },
        );
        self.next_phase();
        let proof = self.compute(Who::Silent);
        self.count(
            "proof-of-gpu.commit, which settles a missed reveal",
            Who::Silent,
            self.commit(&proof),
        );
        for _ in 0..3 {
            self.next_phase();
        }
        // One more, after which the commits of the second stand against nobody.
        for _ in 0..4 {
            self.next_phase();
        }
    }

    fn leases(&mut self) {
        self.count(
            "registration.register, as a miner",
            Who::Owner,
            register(Who::Late, Role::Miner, 1),
        );
        self.count(
            "registration.register, as a validator",
            Who::Owner,
            register(Who::Validator, Role::Validator, 1),
        );
        self.count(
            "registration.top_up",
            Who::Owner,
            RegistrationCall::top_up {
                hotkey: Who::Reported.account(),
                gpu: 0,
            },
        );
        self.count(
            "registration.renew",
            Who::Owner,
            RegistrationCall::renew {
                hotkey: Who::Honest.account(),
                max_price: 10_000 * NI,
            },
        );
        self.count(
            "registration.shrink",
            Who::Owner,
            RegistrationCall::shrink {
                hotkey: Who::Uncalled.account(),
                keep: 1,
            },
        );
        let hotkey = Who::Liar.account();
        self.count(
            "registration.leave",
            Who::Owner,
            RegistrationCall::leave {
                hotkey: hotkey.clone(),
            },
        );
        self.block(settings::registration().cool_down);
        assert!(Registration::owner_of(&hotkey).is_some());
        self.count(
            "registration.withdraw, of two slots",
            Who::Owner,
            RegistrationCall::withdraw { hotkey },
        );
    }

    /// Alice is a candidate from genesis on.
    fn stakes(&mut self) {
        let alice = Sr25519Keyring::Alice.to_account_id();
        let hotkey = Who::Validator.account();
        let keys = SessionKeys {
            babe: sr25519::Public::from([7; 32]).into(),
            grandpa: ed25519::Public::from([7; 32]).into(),
        };
        pallet_session::NextKeys::<Runtime>::insert(&hotkey, keys);
        self.count(
            "delegation.join",
            Who::Owner,
            StakeCall::join {
                hotkey: hotkey.clone(),
                self_stake: 200 * TAO_UNIT,
                commission: Perbill::from_percent(10),
            },
        );
        self.block(parameters::Delegation::get().commission_interval);
        self.count(
            "delegation.set_commission",
            Who::Owner,
            StakeCall::set_commission {
                hotkey: hotkey.clone(),
                commission: Perbill::from_percent(5),
            },
        );
        for what in [
            "delegation.stake, the first",
            "delegation.stake, more of it",
        ] {
            self.count(
                what,
                Who::Other,
                StakeCall::stake {
                    validator: alice.clone(),
                    amount: 100 * TAO_UNIT,
                },
            );
        }
        crowd::stake(self.size, &Who::Other.account());
    }

    fn votes(&mut self) {
        self.block(1);
        let mut governance = parameters::Governance::get();
        governance.support_floor -= 1;
        let set: RuntimeCall = settings_pallet::Call::set {
            parameters: governance.into(),
        }
        .into();
        self.count_from("settings.set", Origin::Upgrade.into(), set.clone());
        self.count(
            "referenda.submit",
            Who::Other,
            PollCall::submit {
                proposal_origin: Box::new(Origin::Parameters.into()),
                proposal: Bounded::Inline(set.encode().try_into().expect("a short call")),
                enactment_moment: DispatchTime::After(1),
            },
        );
        self.count(
            "governance.vote",
            Who::Other,
            VoteCall::vote {
                poll: 0,
                side: Side::Aye,
                amount: None,
            },
        );
        self.count(
            "governance.remove_vote",
            Who::Other,
            VoteCall::remove_vote { poll: 0 },
        );
        self.call(
            Who::Other,
            VoteCall::vote {
                poll: 0,
                side: Side::Aye,
                amount: None,
            },
        );
        // Rejected at once, which ends the aye's lock. Its deposits are settled.
        if let Some(ReferendumInfo::Ongoing(status)) = ReferendumInfoFor::<Runtime>::get(0) {
            let rejected = ReferendumInfo::Rejected(
                1,
                Some(status.submission_deposit),
                status.decision_deposit,
            );
            ReferendumInfoFor::<Runtime>::insert(0, rejected);
        }
        self.count(
            "governance.settle_deposits",
            Who::Owner,
            VoteCall::settle_deposits { poll: 0 },
        );
        self.count(
            "governance.clear_expired",
            Who::Owner,
            VoteCall::clear_expired {
                who: Who::Other.account(),
            },
        );
        self.count_from(
            "governance.authorize_upgrade",
            Origin::Upgrade.into(),
            VoteCall::authorize_upgrade {
                code_hash: Default::default(),
            },
        );
    }

    fn revenue(&mut self) {
        // The preset's gateway.
        let gateway = Sr25519Keyring::One.to_account_id();
        self.count_from(
            "buyback.deposit_revenue, in TAO",
            RuntimeOrigin::signed(gateway.clone()),
            pallet_buyback::Call::deposit_revenue {
                nonce: 0,
                asset: AssetKind::WithId(TAO),
                amount: TAO_UNIT,
                source: RevenueSource::Asset,
            },
        );
        self.count_from(
            "buyback.deposit_revenue, in NI",
            RuntimeOrigin::signed(gateway),
            pallet_buyback::Call::deposit_revenue {
                nonce: 1,
                asset: AssetKind::Native,
                amount: NI,
                source: RevenueSource::Asset,
            },
        );
        self.assets();
        // Within two periods one is bought.
        for _ in 0..2 * parameters::Buyback::get().period {
            System::reset_events();
            let ((), counts) = counted(|| self.block(1));
            let bought = System::read_events_no_consensus().any(|record| {
                matches!(
                    record.event,
                    RuntimeEvent::Buyback(pallet_buyback::Event::SliceBought { .. })
                )
            });
            if bought {
                self.counts
                    .insert("block: a slice is bought and burned", counts);
                return;
            }
        }
        panic!("no slice was bought in two periods");
    }

    /// What those who govern assets decide, and the bridge carries out.
    fn assets(&mut self) {
        let operator = Sr25519Keyring::One.to_account_id();
        let bridged = bridge::Assets::<Runtime>::get(TAO).expect("TAO is bridged");
        self.count_from(
            "bridge.mint",
            RuntimeOrigin::signed(operator.clone()),
            bridge::Call::mint {
                asset: TAO,
                nonce: bridged.nonce,
                to: Who::Other.account(),
                amount: TAO_UNIT,
            },
        );
        self.count(
            "bridge.redeem",
            Who::Other,
            bridge::Call::redeem {
                asset: TAO,
                amount: TAO_UNIT,
                destination: [9; 32],
            },
        );
        let asset = AssetKind::WithId(USD);
        let terms = pallet_buyback::Markets::<Runtime>::get()
            .into_iter()
            .find(|market| market.asset == asset)
            .expect("USD is enabled")
            .terms;
        let decisions: [(&'static str, RuntimeCall); 5] = [
            (
                "bridge.set_operator",
                bridge::Call::set_operator {
                    operator: Some(operator.clone()),
                }
                .into(),
            ),
            (
                "bridge.set_gateway",
                bridge::Call::set_gateway {
                    gateway: Some(operator),
                }
                .into(),
            ),
            (
                "bridge.set_limit",
                bridge::Call::set_limit {
                    asset: TAO,
                    limit: bridged.limit,
                }
                .into(),
            ),
            (
                "buyback.disable_asset",
                pallet_buyback::Call::disable_asset {
                    asset: asset.clone(),
                }
                .into(),
            ),
            (
                "buyback.enable_asset",
                pallet_buyback::Call::enable_asset { asset, terms }.into(),
            ),
        ];
        for (what, call) in decisions {
            let origin = if what == "bridge.set_operator" {
                Origin::Upgrade
            } else {
                Origin::Assets
            };
            self.count_from(what, origin.into(), call);
        }
    }

    /// What was staked has been active for a session that was rewarded.
    fn unstakes(&mut self) {
        let alice = Sr25519Keyring::Alice.to_account_id();
        self.chain.skip(EPOCH);
        for _ in 0..2 {
            self.block(1);
            self.reward();
        }
        self.count(
            "delegation.claim",
            Who::Other,
            StakeCall::claim {
                validator: alice.clone(),
            },
        );
        self.count_from(
            "delegation.claim_commission",
            RuntimeOrigin::signed(Sr25519Keyring::AliceStash.to_account_id()),
            StakeCall::claim_commission {
                hotkey: alice.clone(),
            },
        );
        // What came before has become active with the session that has just begun.
        let stake = StakeCall::stake {
            validator: alice.clone(),
            amount: 10 * TAO_UNIT,
        };
        self.call(Who::Other, stake.clone());
        self.chain.skip(EPOCH);
        self.block(1);
        self.reward();
        self.count(
            "delegation.stake, where earlier stake has become active",
            Who::Other,
            stake,
        );
        self.count(
            "delegation.unstake",
            Who::Other,
            StakeCall::unstake {
                validator: alice,
                amount: 50 * TAO_UNIT,
            },
        );
        self.block(parameters::Delegation::get().unbonding);
        self.count("delegation.withdraw", Who::Other, StakeCall::withdraw {});
        self.count(
            "delegation.leave",
            Who::Owner,
            StakeCall::leave {
                hotkey: Who::Validator.account(),
            },
        );
    }

    /// The stakers' part of a round.
    fn reward(&mut self) {
        Delegation::on_unbalanced(Balances::issue(1_000 * NI));
    }

    fn rest(&mut self) {
        self.count(
            "supply.burn",
            Who::Owner,
            pallet_supply::Call::burn { amount: NI },
        );
        self.count(
            "balances.transfer_keep_alive",
            Who::Owner,
            pallet_balances::Call::transfer_keep_alive {
                dest: Who::Other.account().into(),
                value: NI,
            },
        );
        let rows: Vec<_> = Tiers::<Runtime>::get()
            .into_iter()
            .map(|state| state.tier)
            .collect();
        self.count_from(
            "emission.set_tiers",
            Origin::Tiers.into(),
            EmissionCall::set_tiers {
                tiers: BoundedVec::truncate_from(rows),
            },
        );
        // To the slot before the epoch's end.
        let ends = u64::from(Babe::current_epoch_start()) + EpochSlots::get();
        let left = ends - u64::from(Babe::current_slot());
        if let Ok(ahead) = u32::try_from(left - 1)
            && ahead > 0
        {
            self.block(ahead);
        }
        let before = System::digest().encode().len();
        self.count_block("block: a session ends", 1);
        assert!(System::digest().encode().len() > before, "an epoch begins");
        self.unstakes();
    }
}

fn register(who: Who, role: Role, slots: u32) -> RegistrationCall<Runtime> {
    RegistrationCall::register {
        hotkey: who.account(),
        role,
        slots,
        max_price: 100 * NI,
    }
}
