// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What each track reaches, searched for: every call of the runtime in the name of each
//! track's origin, alone and in whatever wraps calls, and then every call again after each
//! that changed something; and whatever a rival can sign then that it could not before.
//!
//! Everything a decision changes is told apart as one of [`ABILITIES`], or the search
//! fails. Which tracks have which is the table of `docs/trust.md`.
//!
//! That two steps stand for any number is checked as well: after every first step the
//! track's origin reaches the abilities it had and no other. A third step begins where
//! such a second one could have.

use super::{
    chain::Chain,
    issuance::{every_call, furnished, make, name, random::Random},
};
use crate::{
    AccountId, AllPalletsWithSystem, OriginCaller, Runtime, RuntimeCall, RuntimeOrigin, Settings,
    TAO_UNIT, bridge,
    configs::market::{AssetKind, TAO, USD},
    settings::{self, RuntimeParameters, bounds::Authority, defaults, parameters},
};
use codec::{Decode, Encode};
use frame_support::{
    storage::storage_prefix,
    traits::{Bounded, Get, PalletsInfoAccess, schedule::DispatchTime},
};
use pallet_governance::Origin;
use sp_keyring::Sr25519Keyring::{Bob, Charlie, Eve};
use sp_runtime::{
    DispatchResult,
    traits::{BlakeTwo256, Dispatchable, Hash as _},
};
use std::collections::{BTreeMap, BTreeSet};

/// The tracks' names, in the table's order, and their origins.
const TRACKS: [(&str, Origin); 5] = [
    ("parameters", Origin::Parameters),
    ("tiers", Origin::Tiers),
    ("assets", Origin::Assets),
    ("upgrade", Origin::Upgrade),
    ("revoke", Origin::Revoke),
];

const SETS: &str = "set a hyperparameter";
const SETS_GUARDED: &str = "set a guarded hyperparameter";
const SETS_TIERS: &str = "set the tier table";
const ENABLES: &str = "enable or disable an asset for revenue";
const NAMES_GATEWAY: &str = "name a gateway";
const SETS_LIMIT: &str = "set a limit above nothing";
const NAMES_OPERATOR: &str = "name an operator";
const AUTHORISES: &str = "authorise new code";
const TAKES_OPERATOR: &str = "leave the bridge without an operator";
const TAKES_GATEWAY: &str = "leave the chain without a gateway";
const TAKES_LIMIT: &str = "set a limit to nothing";

/// All that any track can do, in the table's order.
const ABILITIES: [&str; 11] = [
    SETS,
    SETS_GUARDED,
    SETS_TIERS,
    ENABLES,
    NAMES_GATEWAY,
    SETS_LIMIT,
    NAMES_OPERATOR,
    AUTHORISES,
    TAKES_OPERATOR,
    TAKES_GATEWAY,
    TAKES_LIMIT,
];

/// Random calls of each kind that are tried.
const TRIES: usize = 3;

type State = BTreeMap<Vec<u8>, Vec<u8>>;

/// All of the chain's state but what every dispatch changes: events.
fn state() -> State {
    let mut state = State::new();
    let mut key = Vec::new();
    while let Some(next) = sp_io::storage::next_key(&key) {
        let value = sp_io::storage::get(&next).unwrap().to_vec();
        state.insert(next.clone(), value);
        key = next;
    }
    for item in ["Events", "EventCount"] {
        state.remove(storage_prefix(b"System", item.as_bytes()).as_slice());
    }
    state
}

/// A key, what was there and what is.
type Change = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

/// What differs.
fn changes(before: &State, after: &State) -> Vec<Change> {
    before
        .keys()
        .chain(after.keys())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| {
            (
                key.clone(),
                before.get(key).cloned(),
                after.get(key).cloned(),
            )
        })
        .collect()
}

/// Hyperparameters by their names.
fn fields() -> BTreeMap<&'static str, (Option<u128>, Authority)> {
    Settings::fields()
        .into_iter()
        .map(|field| (field.name, (field.value, field.authority)))
        .collect()
}

fn is_of(key: &[u8], pallet: &str, item: &str) -> bool {
    key.starts_with(&storage_prefix(pallet.as_bytes(), item.as_bytes()))
}

/// Which ability shows in each change. What is none is named as what it is.
fn abilities(
    before: &State,
    hyper: &BTreeMap<&str, (Option<u128>, Authority)>,
) -> BTreeSet<String> {
    let now = fields();
    let guarded = now.iter().any(|(name, (value, authority))| {
        *authority == Authority::Upgrade && hyper[name].0 != *value
    });
    changes(before, &state())
        .into_iter()
        .flat_map(|(key, was, is)| -> Vec<String> {
            let ability = if is_of(&key, "Parameters", "Parameters") {
                if guarded { SETS_GUARDED } else { SETS }
            } else if is_of(&key, "Settings", "LastChange") {
                // When a set was changed, with the set.
                return vec![];
            } else if is_of(&key, "Emission", "NextTiers") {
                SETS_TIERS
            } else if is_of(&key, "Buyback", "Markets") {
                ENABLES
            } else if is_of(&key, "Bridge", "Operator") {
                is.map_or(TAKES_OPERATOR, |_| NAMES_OPERATOR)
            } else if is_of(&key, "Bridge", "Gateway") {
                is.map_or(TAKES_GATEWAY, |_| NAMES_GATEWAY)
            } else if is_of(&key, "Bridge", "Assets") {
                return limits(was, is);
            } else if is_of(&key, "System", "AuthorizedUpgrade") {
                AUTHORISES
            } else {
                return vec![format!("beyond: {}", place(&key))];
            };
            vec![ability.into()]
        })
        .collect()
}

/// What was done to a bridged asset: nothing but its limit may move.
fn limits(was: Option<Vec<u8>>, is: Option<Vec<u8>>) -> Vec<String> {
    let decode = |bytes: Option<Vec<u8>>| {
        bytes.and_then(|bytes| bridge::Bridged::decode(&mut bytes.as_slice()).ok())
    };
    let (Some(was), Some(is)) = (decode(was), decode(is)) else {
        return vec!["beyond: an asset is bridged anew, or no more".into()];
    };
    let same = bridge::Bridged {
        limit: was.limit,
        highest: was.highest,
        raised: was.raised,
        ..is
    };
    if same != was {
        return vec!["beyond: the bridge's books".into()];
    }
    if is.limit > was.limit && (is.limit > was.limit * 2 && is.limit > was.highest) {
        return vec!["beyond: a limit is raised too far".into()];
    }
    vec![
        if is.limit == 0 {
            TAKES_LIMIT
        } else {
            SETS_LIMIT
        }
        .into(),
    ]
}

/// The pallet that a key is of.
fn place(key: &[u8]) -> String {
    AllPalletsWithSystem::infos()
        .into_iter()
        .map(|pallet| pallet.name)
        .find(|pallet| key.starts_with(&sp_io::hashing::twox_128(pallet.as_bytes())))
        .map_or_else(|| format!("{key:?}"), Into::into)
}

fn dispatch(call: RuntimeCall, origin: impl Into<RuntimeOrigin>) -> DispatchResult {
    call.dispatch(origin.into())
        .map(|_| ())
        .map_err(|refused| refused.error)
}

/// Tries something and leaves no trace of it.
fn trying<R>(attempt: impl FnOnce() -> R) -> R {
    sp_io::storage::start_transaction();
    let result = attempt();
    sp_io::storage::rollback_transaction();
    result
}

/// Who wants more than its votes are good for.
fn rival() -> AccountId {
    Eve.to_account_id()
}

fn set(parameters: impl Into<RuntimeParameters>) -> RuntimeCall {
    let parameters = parameters.into();
    settings::Call::<Runtime>::set { parameters }.into()
}

/// What a rival would want done, each by what is said to do it and by what might.
fn wanted() -> Vec<RuntimeCall> {
    let mut calls: Vec<RuntimeCall> = Vec::new();
    for who in [Some(rival()), None] {
        calls.push(
            bridge::Call::<Runtime>::set_operator {
                operator: who.clone(),
            }
            .into(),
        );
        calls.push(bridge::Call::<Runtime>::set_gateway { gateway: who }.into());
    }
    for asset in [TAO, USD] {
        let now = bridge::Assets::<Runtime>::get(asset).unwrap().limit;
        for limit in [0, 1, now, now * 2, now * 2 + 1, u128::MAX] {
            calls.push(bridge::Call::<Runtime>::set_limit { asset, limit }.into());
        }
        let amount = TAO_UNIT;
        calls.push(
            bridge::Call::<Runtime>::mint {
                asset,
                nonce: 0,
                to: rival(),
                amount,
            }
            .into(),
        );
        calls.push(
            pallet_buyback::Call::<Runtime>::deposit_revenue {
                nonce: 0,
                asset: AssetKind::WithId(asset),
                amount,
                source: pallet_buyback::RevenueSource::Asset,
            }
            .into(),
        );
        let asset = AssetKind::WithId(asset);
        let market = pallet_buyback::Markets::<Runtime>::get()
            .into_iter()
            .find(|market| market.asset == asset);
        calls.push(
            pallet_buyback::Call::<Runtime>::disable_asset {
                asset: asset.clone(),
            }
            .into(),
        );
        if let Some(market) = market {
            let terms = market.terms;
            calls.push(pallet_buyback::Call::<Runtime>::enable_asset { asset, terms }.into());
        }
    }
    let rows: Vec<_> = pallet_emission::Tiers::<Runtime>::get()
        .into_iter()
        .skip(1)
        .map(|state| state.tier)
        .collect();
    let tiers = rows.try_into().unwrap();
    calls.push(pallet_emission::Call::<Runtime>::set_tiers { tiers }.into());
    calls.extend(hyperparameters());
    let code_hash = BlakeTwo256::hash(b"the rival's code");
    calls.push(pallet_governance::Call::<Runtime>::authorize_upgrade { code_hash }.into());
    let key = storage_prefix(b"Bridge", b"Operator").to_vec();
    // Code that is applied is run, which there is nothing for here: see `referendum`.
    let system: [frame_system::Call<Runtime>; 3] = [
        frame_system::Call::authorize_upgrade { code_hash },
        frame_system::Call::set_storage {
            items: vec![(key.clone(), rival().encode())],
        },
        frame_system::Call::kill_storage { keys: vec![key] },
    ];
    calls.extend(system.map(RuntimeCall::from));
    let balances: [pallet_balances::Call<Runtime>; 3] = [
        pallet_balances::Call::force_transfer {
            source: Bob.to_account_id().into(),
            dest: rival().into(),
            value: crate::NI,
        },
        pallet_balances::Call::force_set_balance {
            who: rival().into(),
            new_free: crate::configs::economy::CAP,
        },
        pallet_balances::Call::transfer_allow_death {
            dest: rival().into(),
            value: crate::NI,
        },
    ];
    calls.extend(balances.map(RuntimeCall::from));
    calls
}

/// Each set with a field or two moved by a little, guarded ones among them, and written
/// past its check.
fn hyperparameters() -> Vec<RuntimeCall> {
    let mut window = parameters::Window::get();
    window.capacity -= 1;
    let mut registration = parameters::Registration::get();
    registration.bond += 1;
    let mut cheaper = parameters::Registration::get();
    cheaper.miner.floor -= 1;
    let mut emission = parameters::Emission::get();
    emission.reference_weight += 1;
    let mut dearer = parameters::Emission::get();
    dearer.base += 1;
    let mut all = parameters::Emission::get();
    all.base = crate::configs::economy::CAP;
    let mut buyback = parameters::Buyback::get();
    buyback.averaged_blocks += 1;
    let mut delegation = parameters::Delegation::get();
    delegation.min_stake += 1;
    let mut governance = parameters::Governance::get();
    governance.support_floor -= 1;
    let past = pallet_parameters::Call::<Runtime>::set_parameter {
        key_value: dearer.into(),
    };
    vec![
        set(window),
        set(registration),
        set(cheaper),
        set(emission),
        set(dearer),
        set(all),
        set(buyback),
        set(delegation),
        set(governance),
        past.into(),
    ]
}

/// Everything that there is to call, by chance; the inherent panics where it is made
/// twice.
fn by_chance() -> Vec<RuntimeCall> {
    let mut random = Random::new(4_711);
    let kinds = every_call();
    let mut missing = Vec::new();
    let mut calls = Vec::new();
    for kind in kinds.into_iter().filter(|kind| kind.0 != 1) {
        let made: Vec<_> = (0..TRIES).filter_map(|_| make(kind, &mut random)).collect();
        if made.is_empty() {
            missing.push(kind);
        }
        calls.extend(made);
    }
    // But for reports of equivocations, which want evidence.
    let reports = |(pallet, call): &(u8, u8)| [2, 7].contains(pallet) && *call < 2;
    assert!(missing.iter().all(reports), "{missing:?}");
    calls
}

/// Whatever makes a call in its own or in another's name, now or later.
fn wrapped(call: &RuntimeCall) -> Vec<RuntimeCall> {
    let inner = || Box::new(call.clone());
    let calls = || vec![call.clone()];
    let real = || Bob.to_account_id().into();
    let others = vec![Charlie.to_account_id()];
    let mut all: Vec<RuntimeCall> = vec![
        pallet_utility::Call::batch { calls: calls() }.into(),
        pallet_utility::Call::batch_all { calls: calls() }.into(),
        pallet_utility::Call::force_batch { calls: calls() }.into(),
        pallet_utility::Call::if_else {
            main: inner(),
            fallback: inner(),
        }
        .into(),
        pallet_utility::Call::as_derivative {
            index: 0,
            call: inner(),
        }
        .into(),
        pallet_utility::Call::with_weight {
            call: inner(),
            weight: Default::default(),
        }
        .into(),
        pallet_proxy::Call::proxy {
            real: real(),
            force_proxy_type: None,
            call: inner(),
        }
        .into(),
        pallet_proxy::Call::proxy_announced {
            delegate: real(),
            real: real(),
            force_proxy_type: None,
            call: inner(),
        }
        .into(),
        pallet_multisig::Call::as_multi_threshold_1 {
            other_signatories: others.clone(),
            call: inner(),
        }
        .into(),
        pallet_multisig::Call::as_multi {
            threshold: 2,
            other_signatories: others,
            maybe_timepoint: None,
            call: inner(),
            max_weight: Default::default(),
        }
        .into(),
        pallet_scheduler::Call::schedule {
            when: 1_000,
            maybe_periodic: None,
            priority: 0,
            call: inner(),
        }
        .into(),
        pallet_scheduler::Call::schedule_named {
            id: [1; 32],
            when: 1_000,
            maybe_periodic: None,
            priority: 0,
            call: inner(),
        }
        .into(),
        pallet_scheduler::Call::schedule_after {
            after: 1,
            maybe_periodic: None,
            priority: 0,
            call: inner(),
        }
        .into(),
        pallet_scheduler::Call::schedule_named_after {
            id: [1; 32],
            after: 1,
            maybe_periodic: None,
            priority: 0,
            call: inner(),
        }
        .into(),
        pallet_preimage::Call::note_preimage {
            bytes: call.encode(),
        }
        .into(),
    ];
    let bytes = call.encode();
    let proposal = Bounded::Lookup {
        hash: BlakeTwo256::hash(&bytes),
        len: u32::try_from(bytes.len()).unwrap(),
    };
    for origin in origins() {
        let named = Box::new(origin);
        all.extend([
            RuntimeCall::from(pallet_utility::Call::dispatch_as {
                as_origin: named.clone(),
                call: inner(),
            }),
            pallet_utility::Call::dispatch_as_fallible {
                as_origin: named.clone(),
                call: inner(),
            }
            .into(),
            pallet_referenda::Call::submit {
                proposal_origin: named,
                proposal: proposal.clone(),
                enactment_moment: DispatchTime::After(0),
            }
            .into(),
        ]);
    }
    all
}

/// In whose name a rival would like to be heard.
fn origins() -> Vec<OriginCaller> {
    let system = [
        frame_system::RawOrigin::Root,
        frame_system::RawOrigin::None,
        frame_system::RawOrigin::Signed(Bob.to_account_id()),
    ]
    .map(OriginCaller::from);
    TRACKS
        .into_iter()
        .map(|(_, origin)| origin.into())
        .chain(system)
        .chain([settings::Origin::Checked.into()])
        .collect()
}

/// What one decision of `origin` shows of abilities, with the first decision that led to
/// each new state.
fn step(origin: Origin, calls: &[RuntimeCall]) -> (BTreeSet<String>, Vec<RuntimeCall>) {
    let before = state();
    let hyper = fields();
    let mut shown = BTreeSet::new();
    let mut states = BTreeSet::new();
    let mut led = Vec::new();
    for call in calls {
        let (abilities, after) = trying(|| {
            if dispatch(call.clone(), origin).is_err() {
                return Default::default();
            }
            (abilities(&before, &hyper), changes(&before, &state()))
        });
        for ability in &abilities {
            assert!(!ability.starts_with("beyond"), "{ability}: {call:?}");
        }
        if !abilities.is_empty() && states.insert(after) {
            led.push(call.clone());
        }
        shown.extend(abilities);
    }
    (shown, led)
}

/// The names of the calls that a rival can make, by what it would like to make.
fn signed(calls: &[RuntimeCall]) -> BTreeSet<String> {
    let origin = || RuntimeOrigin::signed(rival());
    calls
        .iter()
        .filter(|call| trying(|| dispatch((*call).clone(), origin()).is_ok()))
        .map(name)
        .collect()
}

/// A chain on which limits can be raised, as one decision period is over.
fn chain() -> Chain {
    let mut chain = furnished();
    chain.jump(defaults::DAY);
    chain
}

/// What each track reaches.
fn searched(chain: &mut Chain) -> BTreeMap<&'static str, BTreeSet<String>> {
    chain.with(|| {
        let wanted = wanted();
        let direct: Vec<_> = wanted.iter().cloned().chain(by_chance()).collect();
        let calls: Vec<_> = direct
            .iter()
            .cloned()
            .chain(wanted.iter().flat_map(wrapped))
            .collect();
        let hoped = signed(&direct);
        TRACKS
            .into_iter()
            .map(|(track, origin)| {
                let (first, led) = step(origin, &calls);
                for call in led {
                    trying(|| {
                        assert_eq!(dispatch(call.clone(), origin), Ok(()));
                        let (second, _) = step(origin, &calls);
                        let new: Vec<_> = second.difference(&first).collect();
                        assert!(new.is_empty(), "{track}, after {call:?}: {new:?}");
                        let gained: BTreeSet<_> =
                            signed(&direct).difference(&hoped).cloned().collect();
                        check_gain(track, &call, &gained);
                    });
                }
                (track, first)
            })
            .collect()
    })
}

/// What a rival that is named may do then: mint as the operator, and bring revenue as the
/// gateway. Nothing else comes of any decision.
fn check_gain(track: &str, call: &RuntimeCall, gained: &BTreeSet<String>) {
    let allowed: &[&str] = match track {
        "upgrade" => &["Bridge::mint"],
        "assets" => &["Buyback::deposit_revenue"],
        _ => &[],
    };
    let more: Vec<_> = gained
        .iter()
        .filter(|name| !allowed.contains(&name.as_str()))
        .collect();
    assert!(
        more.is_empty(),
        "{track}, after {call:?}: a rival may {more:?}"
    );
}

/// The table of `docs/trust.md`.
fn table(reached: &BTreeMap<&str, BTreeSet<String>>) -> String {
    let names = TRACKS.map(|(track, _)| track);
    let mut lines = vec![
        format!("| can | {} |", names.join(" | ")),
        format!("|---|{}", "---|".repeat(names.len())),
    ];
    for ability in ABILITIES {
        let cells = names.map(|track| {
            if reached[track].contains(ability) {
                "yes"
            } else {
                "no"
            }
        });
        lines.push(format!("| {ability} | {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

#[test]
fn each_track_reaches_what_its_table_says_and_nothing_else() {
    let mut chain = chain();
    let reached = searched(&mut chain);
    let table = table(&reached);
    let page = include_str!("../../../docs/trust.md");
    assert!(
        page.contains(&table),
        "docs/trust.md does not have\n{table}"
    );
}

/// The twin: what Root could do is beyond every ability, and the search sees it.
#[test]
fn what_is_beyond_every_track_is_seen() {
    let mut chain = chain();
    chain.with(|| {
        let before = state();
        let hyper = fields();
        let mut seen = BTreeSet::new();
        for call in wanted().iter().flat_map(|call| {
            let mut all = wrapped(call);
            all.push(call.clone());
            all
        }) {
            trying(|| {
                if dispatch(call.clone(), RuntimeOrigin::root()).is_ok() {
                    seen.extend(abilities(&before, &hyper));
                }
            });
        }
        for beyond in ["System", "Balances", "Scheduler", "Preimage"] {
            let told = format!("beyond: {beyond}");
            assert!(seen.contains(&told), "{told}: {seen:?}");
        }
        // Root may dispatch as any origin, and so has all that the tracks have.
        for ability in ABILITIES {
            assert!(seen.contains(ability), "{ability}: {seen:?}");
        }
    });
}

/// Books that a decision alters without a call that is meant to.
#[test]
fn a_limit_that_takes_the_books_with_it_is_seen() {
    let was = bridge::Bridged {
        limit: 5,
        highest: 5,
        ..Default::default()
    };
    let told = |is: bridge::Bridged| limits(Some(was.encode()), Some(is.encode()));
    let minted = bridge::Bridged { minted: 1, ..was };
    assert_eq!(told(minted), ["beyond: the bridge's books"]);
    let raised = bridge::Bridged { limit: 11, ..was };
    assert_eq!(told(raised), ["beyond: a limit is raised too far"]);
    assert_eq!(told(bridge::Bridged { limit: 10, ..was }), [SETS_LIMIT]);
    assert_eq!(told(bridge::Bridged { limit: 0, ..was }), [TAKES_LIMIT]);
    assert_eq!(
        limits(None, Some(was.encode())),
        ["beyond: an asset is bridged anew, or no more"]
    );
}
