// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! From a real older runtime's state to this one's.
//!
//! `state/version-2.scale` is the state of a chain of spec version 2 after 152 blocks, all
//! its keys with their values: `state/version-2.md` says how it was made. It was taken at
//! the worst block: a window takes reveals, of two called GPUs one has revealed; results
//! wait for their pay; one referendum is voted on, another waits for its deposit; stake is
//! pending and stake is leaving.

use super::chain::{Chain, check_invariants};
use crate::{
    Balance, Delegation, Emission, Runtime, RuntimeEvent, Settings, System,
    settings::{BaseCeiling, parameters},
};
use codec::{Decode, DecodeAll, Encode};
use frame_support::{
    assert_ok,
    storage::{KeyPrefixIterator, StoragePrefixedMap},
    traits::{Get, GetStorageVersion, PalletInfoAccess, StorageVersion},
};
use pallet_emission::{NextTiers, Results, Rounds, Running, Tiers};
use pallet_proof_of_gpu::{CurrentWindow, Gpus, Phase};
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor};
use sp_runtime::{FixedU128, Perbill};

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

fn pairs() -> Pairs {
    Pairs::decode_all(&mut &include_bytes!("state/version-2.scale")[..]).unwrap()
}

fn old() -> Chain {
    Chain::of(pairs())
}

/// Events of the latest block that say something went wrong.
fn faults(chain: &mut Chain) -> Vec<RuntimeEvent> {
    chain
        .events()
        .into_iter()
        .filter(|event| {
            matches!(
                event,
                RuntimeEvent::Emission(pallet_emission::Event::RoundFailed { .. })
                    | RuntimeEvent::Settings(crate::settings::Event::DefaultsInForce)
            )
        })
        .collect()
}

/// What a stored value of one of the older types is, field after field.
fn at<Value: Decode>(key: &[u8]) -> Value {
    let bytes = sp_io::storage::get(key).unwrap();
    Value::decode_all(&mut &bytes[..]).unwrap()
}

#[test]
fn the_state_is_of_the_runtime_before() {
    let mut chain = old();
    chain.with(|| {
        assert_eq!(chain_version(), 2);
        let stored = [
            Settings::on_chain_storage_version(),
            crate::ProofOfGpu::on_chain_storage_version(),
            Emission::on_chain_storage_version(),
            Delegation::on_chain_storage_version(),
            crate::Governance::on_chain_storage_version(),
        ];
        assert_eq!(stored, [1, 2, 2, 2, 1].map(StorageVersion::new));
        // Read by this code's types it is nonsense: that is what the migration is for.
        assert!(Emission::do_try_state().is_err());
    });
    chain.leave_broken();
}

fn chain_version() -> u32 {
    let last = frame_system::LastRuntimeUpgrade::<Runtime>::get();
    last.unwrap().spec_version.0
}

#[test]
fn an_older_chain_goes_on_by_this_code() {
    let mut chain = old();
    let (rates, gops, caps): (Vec<u128>, Vec<u64>, Vec<Balance>) = chain.with(|| {
        let unpaid: Vec<(u32, u8, u64, [u8; 32], Balance)> =
            keys(&Results::<Runtime>::final_prefix())
                .iter()
                .map(|key| at(key))
                .collect();
        assert!(!unpaid.is_empty());
        let rates = unpaid
            .iter()
            .map(|(window, tier, ..)| {
                Emission::round(*window).map_or(0, |round| round.rates[usize::from(*tier)])
            })
            .collect();
        (
            rates,
            unpaid.iter().map(|unpaid| unpaid.2).collect(),
            unpaid.iter().map(|unpaid| unpaid.4).collect(),
        )
    });
    let base = chain.with(|| parameters::Emission::get().base);
    let commits = chain.with(|| {
        let window = CurrentWindow::<Runtime>::get().unwrap();
        assert!(matches!(window.phase, Phase::Revealing { .. }));
        window.commits
    });
    assert_eq!(commits, 2);
    // A table that waits, as the older runtime stored one.
    type Row = ((u64, u32, u32), FixedU128, Perbill, u64, u128);
    let row: Row = (
        (1, 0, 0),
        FixedU128::from_u32(2),
        Perbill::from_percent(1),
        0,
        3,
    );
    chain.with(|| sp_io::storage::set(&NextTiers::<Runtime>::hashed_key(), &vec![row].encode()));

    // The first block by the new code takes every step.
    chain.empty();
    assert_eq!(faults(&mut chain), []);
    chain.with(|| {
        assert_eq!(chain_version(), crate::VERSION.spec_version);
        check_versions();
        check_invariants();
        check_decoded();
        // Hyperparameters are what they were, but for the grace of windows.
        assert_eq!(parameters::Emission::get().base, base);
        assert_eq!(BaseCeiling::<Runtime>::get(), 2 * base);
        let window = parameters::Window::get();
        assert_eq!((window.work, window.grace), (4, 1));
        assert_eq!(window.min_gap, 2);
        // Throughput is a thousand times the number, and worth the same.
        let results: Vec<_> = Results::<Runtime>::iter_values().collect();
        for (((result, rate), gops), cap) in results.iter().zip(rates).zip(gops).zip(caps) {
            assert_eq!((result.mops, result.rest), (1_000 * gops, 0));
            assert_eq!(result.cap, cap);
            let before = (rate * u128::from(gops)) >> 64;
            let after = Emission::round(result.window).map_or(0, |round| {
                (round.rates[usize::from(result.tier)] * u128::from(result.mops)) >> 64
            });
            assert!(after <= before && before - after <= 1);
        }
        let rows: Vec<_> = Tiers::<Runtime>::get()
            .into_iter()
            .map(|state| state.tier)
            .collect();
        let floors: Vec<_> = rows.iter().map(|tier| tier.floor.mops).collect();
        assert_eq!(floors, [1_000, 4_000, 16_000]);
        let one = FixedU128::from_u32(1);
        assert!(
            rows.iter()
                .all(|tier| tier.multiplier == one && !tier.asks_for_memory())
        );
        let next = NextTiers::<Runtime>::get().unwrap();
        assert_eq!((next[0].floor.mops, next[0].target), (1_000, 3_000));
        assert_eq!(next[0].multiplier, FixedU128::from_u32(2));
        assert_eq!(Emission::lowest_floor(), 1_000);
        // A commit risks the bond that stands behind it.
        for (hotkey, gpu, state) in Gpus::<Runtime>::iter() {
            let bond = crate::Registration::bond_of(&hotkey, gpu);
            assert_eq!(state.commit.unwrap().bond, bond);
            assert!(bond > 0);
        }
        // A poll that was going on is measured against what is staked.
        let ongoing: Vec<_> = ReferendumInfoFor::<Runtime>::iter_values()
            .filter_map(|info| match info {
                ReferendumInfo::Ongoing(status) => Some(status.tally),
                _ => None,
            })
            .collect();
        assert_eq!(ongoing.len(), 2);
        assert!(
            ongoing
                .iter()
                .all(|tally| tally.staked == Delegation::total_staked())
        );
        assert!(ongoing.iter().any(|tally| tally.ayes > 0 && tally.nays > 0));
    });

    // The window that was taking reveals closes and its round is settled,
    let mut settled = 0;
    for _ in 0..60 {
        chain.empty();
        assert_eq!(faults(&mut chain), []);
        settled += chain
            .events()
            .iter()
            .filter(|event| {
                matches!(
                    event,
                    RuntimeEvent::Emission(pallet_emission::Event::RoundSettled { .. })
                )
            })
            .count();
        chain.with(check_invariants);
    }
    assert!(settled > 1);
    chain.with(|| {
        // the table has taken its place, and what was proven before is paid.
        assert!(NextTiers::<Runtime>::get().is_none());
        assert_eq!(Tiers::<Runtime>::get().len(), 1);
        let due: Vec<_> = Results::<Runtime>::iter_keys()
            .map(|(hotkey, gpu)| (Emission::pending_pay(&hotkey, gpu), hotkey, gpu))
            .collect();
        assert!(due.iter().any(|(amount, ..)| *amount > 0));
        for (_, hotkey, gpu) in due {
            let by = crate::RuntimeOrigin::signed(hotkey.clone());
            assert_ok!(Emission::claim(by, hotkey, gpu));
        }
    });
}

#[test]
fn no_step_is_taken_twice() {
    let mut chain = old();
    chain.empty();
    let once = chain.with(|| sp_io::storage::root(sp_runtime::StateVersion::V1));
    chain.with(|| {
        use frame_support::traits::OnRuntimeUpgrade;
        <crate::migrations::Migrations as OnRuntimeUpgrade>::on_runtime_upgrade();
    });
    let twice = chain.with(|| sp_io::storage::root(sp_runtime::StateVersion::V1));
    assert_eq!(once, twice);
}

/// Every pallet of ours stores what its code is of.
fn check_versions() {
    macro_rules! versions {
        ($($pallet:ident)*) => {$(
            assert_eq!(
                crate::$pallet::on_chain_storage_version(),
                crate::$pallet::in_code_storage_version(),
                "{}", crate::$pallet::name()
            );
        )*};
    }
    versions! {
        Settings Bridge Supply Registration ProofOfGpu Emission Buyback Delegation Governance
    }
}

fn keys(prefix: &[u8]) -> Vec<Vec<u8>> {
    KeyPrefixIterator::new(prefix.to_vec(), prefix.to_vec(), |rest| Ok(rest.to_vec()))
        .map(|rest| [prefix, &rest[..]].concat())
        .collect()
}

/// Every value of these maps decodes as what this code takes it for: one that does not would
/// be passed over, or read as the default.
fn check_decoded() {
    macro_rules! decoded {
        ($($pallet:ident: $($map:ident)*;)*) => {$($(
            assert_eq!(
                $pallet::$map::<Runtime>::iter_values().count(),
                keys(&$pallet::$map::<Runtime>::final_prefix()).len(),
                "{}::{}", stringify!($pallet), stringify!($map)
            );
        )*)*};
    }
    decoded! {
        pallet_buyback: Ledgers Receipts;
        pallet_delegation: Rounds ValidatorRecords Cohorts Stakers;
        pallet_emission: Rounds Results;
        pallet_governance: Votes;
        pallet_proof_of_gpu: Records Gpus;
        pallet_referenda: ReferendumInfoFor;
        pallet_registration: Hotkeys Markets;
    }
    macro_rules! single {
        ($($pallet:ident: $($value:ident)*;)*) => {$($(
            let key = $pallet::$value::<Runtime>::hashed_key();
            let stored = sp_io::storage::get(&key);
            assert!(
                stored.is_none() || $pallet::$value::<Runtime>::try_get().is_ok(),
                "{}::{}", stringify!($pallet), stringify!($value)
            );
        )*)*};
    }
    single! {
        pallet_buyback: Markets Totals;
        pallet_delegation: CurrentState Ranked Elected;
        pallet_emission: Tiers NextTiers LowestFloor Running LastClose;
        pallet_proof_of_gpu: Beacon CurrentWindow NextWindow IdleSince ProofCalls;
        pallet_supply: Totals;
    }
    let _ = (Running::<Runtime>::get(), Rounds::<Runtime>::iter().count());
    assert!(System::block_number() > 150);
}
