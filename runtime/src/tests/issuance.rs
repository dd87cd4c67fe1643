// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! No call changes the issuance of NI past `Supply`, whoever makes it: every call of
//! the runtime, from every origin there is without new code, with arguments that fit
//! the chain; and by hand those by which NI is known to go astray elsewhere.

use super::{
    calls_by_hand::not_by_chance,
    chain::{Chain, check_invariants, check_issuance, signed},
};
use crate::{
    AccountId, Balance, Balances, Buyback, EXISTENTIAL_DEPOSIT, Emission, NI, Runtime, RuntimeCall,
    RuntimeOrigin, Supply, TAO_UNIT,
    configs::{
        economy::CAP,
        market::{AssetKind, TAO, USD},
        system::ProxyType,
    },
};
use codec::{Decode, Encode, Error as CodecError, Input};
use frame_support::{
    assert_ok,
    dispatch::{DispatchResult, GetDispatchInfo},
    traits::{Bounded, GetCallIndex, GetCallMetadata, fungible::Inspect, schedule::DispatchTime},
};
use pallet_governance::Origin;
use pallet_supply::{BurnSource, Event as SupplyEvent};
use random::Random;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie, Two};
use sp_runtime::{
    DispatchError,
    traits::{BlakeTwo256, Dispatchable, Hash as _},
};

/// What makes choices, the same ones every time.
pub(super) mod random {
    /// Xorshift, seeded.
    pub(in crate::tests) struct Random(u64);

    impl Random {
        pub(in crate::tests) fn new(seed: u64) -> Self {
            Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
        }

        pub(in crate::tests) fn next(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }

        pub(in crate::tests) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
            let length = u64::try_from(from.len()).unwrap();
            from[usize::try_from(self.next() % length).unwrap()].clone()
        }
    }
}

/// The pallet's and the call's name.
pub(super) fn name(call: &RuntimeCall) -> String {
    let metadata = call.get_call_metadata();
    format!("{}::{}", metadata.pallet_name, metadata.function_name)
}

/// Every call there is, by its pallet's and its own index. A pallet that is added to
/// the runtime has to be added here: the match below no longer compiles.
pub(super) fn every_call() -> Vec<(u8, u8)> {
    // Never made: it only has the compiler look at every pallet.
    fn pallet(call: &RuntimeCall) -> u8 {
        match call {
            RuntimeCall::System(_) => 0,
            RuntimeCall::Timestamp(_) => 1,
            RuntimeCall::Babe(_) => 2,
            RuntimeCall::Session(_) => 4,
            RuntimeCall::Grandpa(_) => 7,
            RuntimeCall::Settings(_) => 8,
            RuntimeCall::Parameters(_) => 9,
            RuntimeCall::Balances(_) => 10,
            RuntimeCall::Assets(_) => 13,
            RuntimeCall::PoolAssets(_) => 15,
            RuntimeCall::AssetConversion(_) => 16,
            RuntimeCall::Bridge(_) => 17,
            RuntimeCall::Registration(_) => 21,
            RuntimeCall::ProofOfGpu(_) => 22,
            RuntimeCall::Emission(_) => 23,
            RuntimeCall::Buyback(_) => 25,
            RuntimeCall::Delegation(_) => 26,
            RuntimeCall::Governance(_) => 27,
            RuntimeCall::Supply(_) => 28,
            RuntimeCall::Utility(_) => 30,
            RuntimeCall::Proxy(_) => 31,
            RuntimeCall::Multisig(_) => 32,
            RuntimeCall::Preimage(_) => 41,
            RuntimeCall::Scheduler(_) => 42,
            RuntimeCall::Referenda(_) => 43,
        }
    }
    let remark = frame_system::Call::remark { remark: vec![] }.into();
    assert_eq!(pallet(&remark), 0);
    macro_rules! calls {
        ($($index:literal: $call:ty),* $(,)?) => {
            [$(
                <$call>::get_call_indices()
                    .iter()
                    .map(|call| ($index, *call))
                    .collect::<Vec<(u8, u8)>>(),
            )*]
            .concat()
        };
    }
    calls![
        0: frame_system::Call<Runtime>,
        1: pallet_timestamp::Call<Runtime>,
        2: pallet_babe::Call<Runtime>,
        4: pallet_session::Call<Runtime>,
        7: pallet_grandpa::Call<Runtime>,
        8: crate::settings::Call<Runtime>,
        9: pallet_parameters::Call<Runtime>,
        10: pallet_balances::Call<Runtime>,
        13: pallet_assets::Call<Runtime>,
        15: pallet_assets::Call<Runtime, crate::configs::market::PoolAssetsInstance>,
        16: pallet_asset_conversion::Call<Runtime>,
        17: crate::bridge::Call<Runtime>,
        21: pallet_registration::Call<Runtime>,
        22: pallet_proof_of_gpu::Call<Runtime>,
        23: pallet_emission::Call<Runtime>,
        25: pallet_buyback::Call<Runtime>,
        26: pallet_delegation::Call<Runtime>,
        27: pallet_governance::Call<Runtime>,
        28: pallet_supply::Call<Runtime>,
        30: pallet_utility::Call<Runtime>,
        31: pallet_proxy::Call<Runtime>,
        32: pallet_multisig::Call<Runtime>,
        41: pallet_preimage::Call<Runtime>,
        42: pallet_scheduler::Call<Runtime>,
        43: pallet_referenda::Call<Runtime>,
    ]
}

/// What only Root could do, and so nobody.
const ROOTS: [&str; 36] = [
    "System::set_heap_pages",
    "System::set_code",
    "System::set_code_without_checks",
    "System::set_storage",
    "System::kill_storage",
    "System::kill_prefix",
    "System::authorize_upgrade",
    "System::authorize_upgrade_without_checks",
    "Babe::plan_config_change",
    "Grandpa::note_stalled",
    "Parameters::set_parameter",
    "Balances::force_transfer",
    "Balances::force_unreserve",
    "Balances::force_set_balance",
    "Balances::force_adjust_total_issuance",
    "Assets::create",
    "Assets::force_create",
    "Assets::force_set_metadata",
    "Assets::force_clear_metadata",
    "Assets::force_asset_status",
    "PoolAssets::create",
    "PoolAssets::force_create",
    "PoolAssets::force_set_metadata",
    "PoolAssets::force_clear_metadata",
    "PoolAssets::force_asset_status",
    "Utility::dispatch_as",
    "Utility::dispatch_as_fallible",
    "Utility::with_weight",
    "Preimage::request_preimage",
    "Preimage::unrequest_preimage",
    "Scheduler::schedule",
    "Scheduler::schedule_named",
    "Scheduler::schedule_after",
    "Scheduler::cancel",
    "Referenda::cancel",
    "Referenda::kill",
];

/// What a call is decoded from: an answer to each read by its length, which for most
/// types says what is meant. Accounts are known ones, numbers small ones or amounts.
struct Arguments<'a> {
    random: &'a mut Random,
    begin: Vec<u8>,
    depth: u32,
    /// How many bytes may be read yet: a list that would be longer is none.
    left: usize,
}

impl Input for Arguments<'_> {
    fn remaining_len(&mut self) -> Result<Option<usize>, CodecError> {
        Ok(None)
    }

    fn read(&mut self, into: &mut [u8]) -> Result<(), CodecError> {
        if into.len() == 1 && !self.begin.is_empty() {
            into[0] = self.begin.remove(0);
            return Ok(());
        }
        self.left = self.left.checked_sub(into.len()).ok_or("too long")?;
        match into.len() {
            // A variant, a flag, or how a number or a length begins: short ones, those
            // of four bytes, and of eight.
            1 => {
                into[0] = self
                    .random
                    .pick(&[0, 0, 0, 1, 1, 2, 3, 4, 4, 5, 8, 10, 30, 7, 19])
            }
            4 => {
                let number = self
                    .random
                    .pick(&[0u32, 0, 1, 1, 2, 7, 50, 1_000, u32::MAX]);
                into.copy_from_slice(&number.to_le_bytes());
            }
            8 => {
                let number = self.random.pick(&[0u64, 1, 2, 1 << 60, u64::MAX]);
                into.copy_from_slice(&number.to_le_bytes());
            }
            16 => {
                let amount: Balance = self.random.pick(&[
                    0,
                    1,
                    EXISTENTIAL_DEPOSIT - 1,
                    EXISTENTIAL_DEPOSIT,
                    NI,
                    100 * NI,
                    100_000 * NI,
                    CAP,
                    Balance::MAX,
                ]);
                into.copy_from_slice(&amount.to_le_bytes());
            }
            32 => {
                let account: AccountId = self.random.pick(&known_accounts());
                into.copy_from_slice(account.as_ref());
            }
            _ => {
                for byte in into {
                    *byte = u8::try_from(self.random.next() % 256).unwrap();
                }
            }
        }
        Ok(())
    }

    fn descend_ref(&mut self) -> Result<(), CodecError> {
        self.depth += 1;
        if self.depth > 6 {
            return Err("too deep".into());
        }
        Ok(())
    }

    fn ascend_ref(&mut self) {
        self.depth -= 1;
    }
}

/// Those that sign, those that nobody has the key of, and one that is new.
fn known_accounts() -> Vec<AccountId> {
    Sr25519Keyring::iter()
        .take(6)
        .map(|who| who.to_account_id())
        .chain([
            Two.to_account_id(),
            Supply::pool_account(),
            Buyback::account(),
            Emission::pot(),
            poor(),
            AccountId::new([0x55; 32]),
        ])
        .collect()
}

/// An account with just the existential deposit.
fn poor() -> AccountId {
    AccountId::new([0x44; 32])
}

/// A call of this kind, if one comes out in some tries.
pub(super) fn make(kind: (u8, u8), random: &mut Random) -> Option<RuntimeCall> {
    (0..1_000).find_map(|_| {
        let mut arguments = Arguments {
            random: &mut *random,
            begin: vec![kind.0, kind.1],
            depth: 0,
            left: 2_000,
        };
        RuntimeCall::decode(&mut arguments).ok()
    })
}

/// The origins that anybody or a referendum can come by.
fn origins() -> Vec<RuntimeOrigin> {
    [Alice, Bob, Charlie, Dave, Eve, Ferdie, Two]
        .map(|who| RuntimeOrigin::signed(who.to_account_id()))
        .into_iter()
        .chain(
            [
                Origin::Parameters,
                Origin::Tiers,
                Origin::Assets,
                Origin::Upgrade,
                Origin::Revoke,
            ]
            .map(RuntimeOrigin::from),
        )
        .collect()
}

/// A chain with something of everything: stake, votes, a referendum, proxies,
/// approvals, revenue, a registered miner and an account that dust would come of.
pub(super) fn furnished() -> Chain {
    let mut chain = Chain::new("development");
    let bytes = RuntimeCall::from(frame_system::Call::remark { remark: vec![1] }).encode();
    let hash = BlakeTwo256::hash(&bytes);
    let len = u32::try_from(bytes.len()).unwrap();
    let calls: Vec<(Sr25519Keyring, RuntimeCall)> = vec![
        (
            Bob,
            pallet_balances::Call::transfer_keep_alive {
                dest: poor().into(),
                value: EXISTENTIAL_DEPOSIT,
            }
            .into(),
        ),
        (
            Bob,
            pallet_registration::Call::register {
                hotkey: Charlie.to_account_id(),
                role: pallet_registration::Role::Miner,
                slots: 2,
                max_price: 100 * NI,
            }
            .into(),
        ),
        (
            Dave,
            pallet_delegation::Call::stake {
                validator: Alice.to_account_id(),
                amount: 2_000 * TAO_UNIT,
            }
            .into(),
        ),
        (
            Bob,
            pallet_proxy::Call::add_proxy {
                delegate: Alice.to_account_id().into(),
                proxy_type: ProxyType::Any,
                delay: 0,
            }
            .into(),
        ),
        (
            Bob,
            pallet_assets::Call::<Runtime>::approve_transfer {
                id: TAO,
                delegate: Alice.to_account_id().into(),
                amount: 1_000,
            }
            .into(),
        ),
        (Eve, pallet_preimage::Call::note_preimage { bytes }.into()),
        (
            Eve,
            pallet_referenda::Call::submit {
                proposal_origin: Box::new(Origin::Parameters.into()),
                proposal: Bounded::Lookup { hash, len },
                enactment_moment: DispatchTime::After(0),
            }
            .into(),
        ),
        (
            Eve,
            pallet_referenda::Call::place_decision_deposit { index: 0 }.into(),
        ),
        (
            Dave,
            pallet_governance::Call::vote {
                poll: 0,
                side: pallet_governance::Side::Aye,
                amount: None,
            }
            .into(),
        ),
        (
            Sr25519Keyring::One,
            pallet_buyback::Call::deposit_revenue {
                nonce: 0,
                asset: AssetKind::WithId(USD),
                amount: 1_000_000,
                source: pallet_buyback::RevenueSource::Asset,
            }
            .into(),
        ),
    ];
    for (who, call) in calls {
        assert_ok!(chain.send(who, call));
    }
    chain
}

fn dispatch(call: RuntimeCall, origin: RuntimeOrigin) -> DispatchResult {
    call.dispatch(origin)
        .map(|_| ())
        .map_err(|refused| refused.error)
}

/// How often each call is made from each origin.
const TRIES: u32 = 12;

#[test]
fn no_call_changes_the_issuance_past_supply() {
    let mut chain = furnished();
    let kinds = every_call();
    assert!(kinds.len() > 150, "{} calls", kinds.len());
    let (mut made, mut done, mut roots) = (0, std::collections::BTreeSet::new(), 0);
    let mut unmade = Vec::new();
    let mut every = std::collections::BTreeSet::new();
    chain.with(|| {
        for kind in kinds {
            let seed = u64::from(kind.0) << 8 | u64::from(kind.1);
            let mut random = Random::new(seed + 1);
            // The inherent: no transaction, and it panics where it is made twice.
            if kind.0 == 1 {
                continue;
            }
            if make(kind, &mut random).is_none() {
                unmade.push(kind);
                continue;
            }
            for origin in origins() {
                for _ in 0..TRIES {
                    let Some(call) = make(kind, &mut random) else {
                        continue;
                    };
                    let name = name(&call);
                    every.insert(name.clone());
                    let shown = format!("{call:?}");
                    sp_io::storage::start_transaction();
                    let result = dispatch(call, origin.clone());
                    let left = Supply::minted().checked_sub(Supply::burned());
                    assert_eq!(left, Some(Balances::total_issuance()), "{shown}");
                    assert_ok!(Supply::do_try_state());
                    if ROOTS.contains(&name.as_str()) {
                        assert_eq!(result, Err(DispatchError::BadOrigin), "{shown}");
                        roots += 1;
                    } else if result.is_ok() && done.insert(name) {
                        check_invariants();
                    }
                    sp_io::storage::rollback_transaction();
                    made += 1;
                }
            }
        }
    });
    assert!(roots > 0 && made > 10_000);
    // But for reports of equivocations, which do not come out by chance: those that
    // prove something are in `equivocation`.
    let by_chance = unmade
        .iter()
        .all(|(pallet, call)| [2, 7].contains(pallet) && *call < 2);
    assert!(by_chance, "{unmade:?} are not made");
    // What does not come out by chance is known, and where it is done instead.
    let undone: Vec<_> = every
        .difference(&done)
        .map(String::as_str)
        .filter(|name| !ROOTS.contains(name))
        .collect();
    assert_eq!(undone, not_by_chance());
}

#[test]
fn every_root_call_is_one_of_the_runtimes() {
    let mut random = Random::new(1);
    Chain::new("development").with(|| {
        let names: Vec<_> = every_call()
            .into_iter()
            .filter_map(|kind| make(kind, &mut random))
            .map(|call| name(&call))
            .collect();
        for root in ROOTS {
            assert!(names.iter().any(|name| name == root), "{root}");
        }
        // There is no sudo, under whatever name its calls would come.
        assert!(
            names
                .iter()
                .all(|name| !name.to_lowercase().contains("sudo"))
        );
    });
}

/// The twin: with Root, issuance would change, so the check above sees it.
#[test]
fn root_would_change_it() {
    let mut chain = Chain::new("development");
    chain.with(|| {
        let call = pallet_balances::Call::<Runtime>::force_set_balance {
            who: Bob.to_account_id().into(),
            new_free: CAP,
        };
        assert_ok!(dispatch(call.into(), RuntimeOrigin::root()));
        assert!(Supply::do_try_state().is_err());
    });
    chain.leave_broken();
}

/// Whatever is wrapped around it, a call stays its maker's.
#[test]
fn no_wrapper_gives_root() {
    let mut chain = furnished();
    let root: RuntimeCall = pallet_balances::Call::force_set_balance {
        who: Bob.to_account_id().into(),
        new_free: CAP,
    }
    .into();
    let burn: RuntimeCall = pallet_balances::Call::burn {
        value: NI,
        keep_alive: true,
    }
    .into();
    let mut others = [Bob, Charlie].map(|who| who.to_account_id());
    others.sort();
    for call in [root, burn] {
        let inner = || Box::new(call.clone());
        let wrapped: Vec<RuntimeCall> = vec![
            pallet_utility::Call::batch {
                calls: vec![call.clone()],
            }
            .into(),
            pallet_utility::Call::batch_all {
                calls: vec![call.clone()],
            }
            .into(),
            pallet_utility::Call::force_batch {
                calls: vec![call.clone()],
            }
            .into(),
            pallet_utility::Call::as_derivative {
                index: 0,
                call: inner(),
            }
            .into(),
            pallet_utility::Call::if_else {
                main: inner(),
                fallback: inner(),
            }
            .into(),
            pallet_utility::Call::dispatch_as {
                as_origin: Box::new(frame_system::RawOrigin::Root.into()),
                call: inner(),
            }
            .into(),
            pallet_utility::Call::with_weight {
                call: inner(),
                weight: Default::default(),
            }
            .into(),
            pallet_proxy::Call::proxy {
                real: Bob.to_account_id().into(),
                force_proxy_type: None,
                call: inner(),
            }
            .into(),
            pallet_multisig::Call::as_multi_threshold_1 {
                other_signatories: others.to_vec(),
                call: inner(),
            }
            .into(),
            pallet_scheduler::Call::schedule {
                when: 100,
                maybe_periodic: None,
                priority: 0,
                call: inner(),
            }
            .into(),
        ];
        for call in wrapped {
            let before = chain.with(|| Balances::free_balance(Bob.to_account_id()));
            // A batch and a proxy succeed where what is in them does not.
            let _ = chain.send(Alice, call);
            chain.with(|| {
                assert_eq!(Balances::free_balance(Bob.to_account_id()), before);
                check_issuance();
            });
        }
    }
}

/// What the latest block burned from `source`.
fn burned(chain: &mut Chain, of: BurnSource) -> Balance {
    chain
        .events()
        .into_iter()
        .filter_map(|event| match event {
            crate::RuntimeEvent::Supply(SupplyEvent::Burned { source, amount }) if source == of => {
                Some(amount)
            }
            _ => None,
        })
        .sum()
}

#[test]
fn an_account_that_is_reaped_leaves_dust_that_is_burned() {
    let mut chain = Chain::new("development");
    let value = EXISTENTIAL_DEPOSIT;
    let all = chain.with(|| Balances::free_balance(Bob.to_account_id()));
    let fee = chain.with(|| {
        let call = transfer(Charlie, all - value / 2);
        let info = call.get_dispatch_info();
        let length = signed(Bob, 0, 0, call).encoded_size();
        crate::TransactionPayment::compute_fee(u32::try_from(length).unwrap(), &info, 0)
    });
    assert_ok!(chain.send(Bob, transfer(Charlie, all - fee - value / 2)));
    // A little of the fee may have come back.
    let dust = burned(&mut chain, BurnSource::Dust);
    assert!((1..value).contains(&dust), "{dust}");
    chain.with(|| assert_eq!(Balances::total_balance(&Bob.to_account_id()), 0));
}

fn transfer(dest: Sr25519Keyring, value: Balance) -> RuntimeCall {
    pallet_balances::Call::transfer_allow_death {
        dest: dest.to_account_id().into(),
        value,
    }
    .into()
}

/// Deposits of every sort come back to the last unit.
#[test]
fn deposits_come_back_whole() {
    let mut chain = Chain::new("development");
    let total = |chain: &mut Chain, who: Sr25519Keyring| {
        chain.with(|| Balances::total_balance(&who.to_account_id()))
    };
    let hash = BlakeTwo256::hash(&[1, 2, 3]);
    let mut others = [Bob, Charlie].map(|who| who.to_account_id());
    others.sort();
    let remark: RuntimeCall = frame_system::Call::remark { remark: vec![1] }.into();
    let call_hash = BlakeTwo256::hash(&remark.encode()).into();
    let before = total(&mut chain, Dave);
    let mut fees = 0;
    let mut done = |chain: &mut Chain, call: RuntimeCall| {
        assert_ok!(chain.send(Dave, call));
        fees += burned(chain, BurnSource::TransactionFees);
    };
    done(
        &mut chain,
        pallet_preimage::Call::note_preimage {
            bytes: vec![1, 2, 3],
        }
        .into(),
    );
    done(
        &mut chain,
        pallet_preimage::Call::unnote_preimage { hash }.into(),
    );
    let proxy = |delegate: Sr25519Keyring| pallet_proxy::Call::add_proxy {
        delegate: delegate.to_account_id().into(),
        proxy_type: ProxyType::Any,
        delay: 0,
    };
    done(&mut chain, proxy(Eve).into());
    done(&mut chain, proxy(Ferdie).into());
    done(&mut chain, pallet_proxy::Call::remove_proxies {}.into());
    done(
        &mut chain,
        pallet_multisig::Call::approve_as_multi {
            threshold: 2,
            other_signatories: others.to_vec(),
            maybe_timepoint: None,
            call_hash,
            max_weight: Default::default(),
        }
        .into(),
    );
    // Behind the timestamp.
    let timepoint = pallet_multisig::Timepoint {
        height: chain.number(),
        index: 1,
    };
    chain.with(|| assert!(Balances::reserved_balance(Dave.to_account_id()) > 0));
    done(
        &mut chain,
        pallet_multisig::Call::cancel_as_multi {
            threshold: 2,
            other_signatories: others.to_vec(),
            timepoint,
            call_hash,
        }
        .into(),
    );
    let delegate = || Eve.to_account_id().into();
    done(
        &mut chain,
        pallet_assets::Call::<Runtime>::approve_transfer {
            id: TAO,
            delegate: delegate(),
            amount: 5,
        }
        .into(),
    );
    done(
        &mut chain,
        pallet_assets::Call::<Runtime>::cancel_approval {
            id: TAO,
            delegate: delegate(),
        }
        .into(),
    );
    assert_eq!(total(&mut chain, Dave), before - fees);
    chain.with(|| assert_eq!(Balances::reserved_balance(Dave.to_account_id()), 0));
}

#[test]
fn pools_neither_make_nor_lose_ni() {
    let mut chain = Chain::new("development");
    let ni = || Box::new(AssetKind::Native);
    let tao = || Box::new(AssetKind::WithId(TAO));
    let dave = Dave.to_account_id();
    let calls: Vec<RuntimeCall> = vec![
        pallet_asset_conversion::Call::add_liquidity {
            asset1: ni(),
            asset2: tao(),
            amount1_desired: 500 * NI,
            amount2_desired: 10 * TAO_UNIT,
            amount1_min: 1,
            amount2_min: 1,
            mint_to: dave.clone(),
        }
        .into(),
        pallet_asset_conversion::Call::swap_exact_tokens_for_tokens {
            path: vec![ni(), tao()],
            amount_in: 33 * NI + 7,
            amount_out_min: 1,
            send_to: dave.clone(),
            keep_alive: true,
        }
        .into(),
        pallet_asset_conversion::Call::swap_tokens_for_exact_tokens {
            path: vec![tao(), ni()],
            amount_out: 11 * NI + 3,
            amount_in_max: 10 * TAO_UNIT,
            send_to: dave.clone(),
            keep_alive: true,
        }
        .into(),
        pallet_asset_conversion::Call::remove_liquidity {
            asset1: ni(),
            asset2: tao(),
            lp_token_burn: TAO_UNIT,
            amount1_min_receive: 1,
            amount2_min_receive: 1,
            withdraw_to: dave.clone(),
        }
        .into(),
    ];
    for call in calls {
        assert_ok!(chain.send(Dave, call));
        chain.with(check_issuance);
    }
    // No other pool can be made: there is no other asset.
    let create = pallet_asset_conversion::Call::create_pool {
        asset1: ni(),
        asset2: Box::new(AssetKind::WithId(9)),
    };
    assert!(chain.send(Dave, create).is_err());
}
