// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Calls that do not succeed by chance when every call is made with random arguments:
//! why not, and where they are made instead.

use super::chain::{Chain, check_issuance};
use crate::{
    Runtime, RuntimeCall, TAO_UNIT,
    configs::{market::TAO, system::ProxyType},
};
use codec::Encode;
use pallet_assets::Instance1;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Eve, Ferdie, Two};
use sp_runtime::traits::{BlakeTwo256, Hash as _};

/// Calls that nobody can make here: Root's, or the filter's, or of a pool or a pure proxy
/// that is not there.
const NOBODYS: &[&str] = &[
    "AssetConversion::create_pool",
    "AssetConversion::create_pool_with_fee",
    "AssetConversion::set_pool_fee",
    "Balances::burn",
    "Proxy::kill_pure",
    "Referenda::nudge_referendum",
    "Referenda::one_fewer_deciding",
    "Referenda::refund_decision_deposit",
    "Referenda::refund_submission_deposit",
    "Scheduler::cancel_named",
    "Scheduler::cancel_retry",
    "Scheduler::cancel_retry_named",
    "Scheduler::schedule_named_after",
    "Scheduler::set_retry",
    "Scheduler::set_retry_named",
];

/// Powers of an asset's owner or team, whom no asset has, and deposits for accounts that
/// are none. A refund that burns is filtered: see `bridge`.
const ASSET_OWNERS: &[&str] = &[
    "Assets::block",
    "Assets::clear_metadata",
    "Assets::destroy_accounts",
    "Assets::destroy_approvals",
    "Assets::finish_destroy",
    "Assets::force_cancel_approval",
    "Assets::freeze",
    "Assets::freeze_asset",
    "Assets::refund",
    "Assets::refund_other",
    "Assets::set_metadata",
    "Assets::set_min_balance",
    "Assets::set_reserves",
    "Assets::set_team",
    "Assets::start_destroy",
    "Assets::thaw",
    "Assets::thaw_asset",
    "Assets::touch",
    "Assets::transfer_ownership",
    "PoolAssets::block",
    "PoolAssets::clear_metadata",
    "PoolAssets::destroy_accounts",
    "PoolAssets::destroy_approvals",
    "PoolAssets::finish_destroy",
    "PoolAssets::force_cancel_approval",
    "PoolAssets::force_transfer",
    "PoolAssets::freeze",
    "PoolAssets::freeze_asset",
    "PoolAssets::refund_other",
    "PoolAssets::set_metadata",
    "PoolAssets::set_min_balance",
    "PoolAssets::set_reserves",
    "PoolAssets::set_team",
    "PoolAssets::start_destroy",
    "PoolAssets::thaw",
    "PoolAssets::thaw_asset",
    "PoolAssets::transfer_ownership",
];

/// Reports of what chance does not sign: `equivocation` and `equivocation_of_votes`.
const REPORTS: &[&str] = &[
    "Babe::report_equivocation",
    "Babe::report_equivocation_unsigned",
    "Grandpa::report_equivocation",
    "Grandpa::report_equivocation_unsigned",
];

/// Calls that want the right moment: the stateful test makes each, hundreds of times, and
/// looks at every pallet's invariants after each.
const RANDOM_RUN: &[&str] = &[
    "AssetConversion::add_liquidity",
    "AssetConversion::remove_liquidity",
    "AssetConversion::swap_exact_tokens_for_tokens",
    "Bridge::mint",
    "Buyback::deposit_revenue",
    "Buyback::enable_asset",
    "Delegation::claim",
    "Delegation::claim_commission",
    "Delegation::join",
    "Delegation::leave",
    "Delegation::set_commission",
    "Delegation::unstake",
    "Delegation::withdraw",
    "Emission::claim",
    "Emission::set_tiers",
    "Governance::clear_expired",
    "Governance::settle_deposits",
    "ProofOfGpu::commit",
    "ProofOfGpu::confirm",
    "ProofOfGpu::report_missed",
    "ProofOfGpu::reveal",
    "Referenda::place_decision_deposit",
    "Referenda::submit",
    "Registration::leave",
    "Registration::renew",
    "Registration::shrink",
    "Registration::top_up",
    "Registration::withdraw",
    "Settings::set",
];

/// Calls made by hand: below, in `issuance`, `sessions`, `referendum` and `filter`.
const BY_HAND: &[&str] = &[
    "AssetConversion::swap_tokens_for_exact_tokens",
    "Assets::cancel_approval",
    "Assets::transfer_approved",
    "Multisig::cancel_as_multi",
    "Multisig::poke_deposit",
    "PoolAssets::cancel_approval",
    "PoolAssets::transfer_approved",
    "Preimage::unnote_preimage",
    "Proxy::proxy",
    "Proxy::proxy_announced",
    "Proxy::reject_announcement",
    "Proxy::remove_announcement",
    "Proxy::remove_proxy",
    "Session::set_keys",
    "System::apply_authorized_upgrade",
];

/// All of them, in order.
pub(super) fn not_by_chance() -> Vec<&'static str> {
    let mut all = [NOBODYS, ASSET_OWNERS, REPORTS, RANDOM_RUN, BY_HAND].concat();
    all.sort_unstable();
    all
}

/// Makes calls one after the other, which must succeed, and looks at the issuance after
/// each.
fn make(chain: &mut Chain, calls: Vec<(Sr25519Keyring, RuntimeCall)>) {
    for (who, call) in calls {
        let told = format!("{call:?}");
        assert_eq!(chain.send(who, call), Ok(()), "{told}");
        chain.with(check_issuance);
    }
}

#[test]
fn approved_transfers_move_no_ni() {
    let mut chain = Chain::new("development");
    let to = |who: Sr25519Keyring| who.to_account_id().into();
    // The liquidity provider of the preset holds tokens of the first pool.
    make(
        &mut chain,
        vec![
            (
                Bob,
                pallet_assets::Call::<Runtime>::approve_transfer {
                    id: TAO,
                    delegate: to(Alice),
                    amount: 10 * TAO_UNIT,
                }
                .into(),
            ),
            (
                Alice,
                pallet_assets::Call::<Runtime>::transfer_approved {
                    id: TAO,
                    owner: to(Bob),
                    destination: to(Eve),
                    amount: 4 * TAO_UNIT,
                }
                .into(),
            ),
            (
                Bob,
                pallet_assets::Call::<Runtime>::cancel_approval {
                    id: TAO,
                    delegate: to(Alice),
                }
                .into(),
            ),
            (
                Two,
                pallet_assets::Call::<Runtime, Instance1>::approve_transfer {
                    id: 0,
                    delegate: to(Alice),
                    amount: 1_000_000,
                }
                .into(),
            ),
            (
                Alice,
                pallet_assets::Call::<Runtime, Instance1>::transfer_approved {
                    id: 0,
                    owner: to(Two),
                    destination: to(Bob),
                    amount: 400_000,
                }
                .into(),
            ),
            (
                Two,
                pallet_assets::Call::<Runtime, Instance1>::cancel_approval {
                    id: 0,
                    delegate: to(Alice),
                }
                .into(),
            ),
        ],
    );
}

#[test]
fn announcements_and_deposits_move_no_ni_out_of_the_books() {
    let mut chain = Chain::new("development");
    let remark = |byte: u8| RuntimeCall::from(frame_system::Call::remark { remark: vec![byte] });
    let hash = |byte: u8| BlakeTwo256::hash_of(&remark(byte));
    let announce = |byte: u8| -> (Sr25519Keyring, RuntimeCall) {
        let call = pallet_proxy::Call::announce {
            real: Eve.to_account_id().into(),
            call_hash: hash(byte),
        };
        (Ferdie, call.into())
    };
    let others: Vec<_> = {
        let mut others = [Bob, Charlie].map(|who| who.to_account_id());
        others.sort();
        others.to_vec()
    };
    let call_hash: [u8; 32] = BlakeTwo256::hash(&remark(9).encode()).into();
    make(
        &mut chain,
        vec![
            (
                Eve,
                pallet_proxy::Call::add_proxy {
                    delegate: Ferdie.to_account_id().into(),
                    proxy_type: ProxyType::Any,
                    delay: 1,
                }
                .into(),
            ),
            announce(1),
            announce(2),
            announce(3),
            (
                Bob,
                pallet_proxy::Call::proxy_announced {
                    delegate: Ferdie.to_account_id().into(),
                    real: Eve.to_account_id().into(),
                    force_proxy_type: None,
                    call: Box::new(remark(1)),
                }
                .into(),
            ),
            (
                Ferdie,
                pallet_proxy::Call::remove_announcement {
                    real: Eve.to_account_id().into(),
                    call_hash: hash(2),
                }
                .into(),
            ),
            (
                Eve,
                pallet_proxy::Call::reject_announcement {
                    delegate: Ferdie.to_account_id().into(),
                    call_hash: hash(3),
                }
                .into(),
            ),
            (
                Eve,
                pallet_proxy::Call::remove_proxy {
                    delegate: Ferdie.to_account_id().into(),
                    proxy_type: ProxyType::Any,
                    delay: 1,
                }
                .into(),
            ),
            (
                Eve,
                pallet_multisig::Call::approve_as_multi {
                    threshold: 2,
                    other_signatories: others.clone(),
                    maybe_timepoint: None,
                    call_hash,
                    max_weight: Default::default(),
                }
                .into(),
            ),
            (
                Eve,
                pallet_multisig::Call::poke_deposit {
                    threshold: 2,
                    other_signatories: others,
                    call_hash,
                }
                .into(),
            ),
        ],
    );
}
