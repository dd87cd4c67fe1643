// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Random revenue, swaps, freezes, faults, terms and blocks keep every invariant,
//! lose no unit, and buy nothing outside the tolerance or above the depth.

use crate::{Event, RevenueSource, mock::*};
use frame_support::{
    storage::with_storage_layer,
    traits::{fungibles::Mutate, tokens::Preservation},
};
use pallet_asset_conversion::Swap;
use proptest::prelude::*;
use sp_runtime::DispatchError;
use tokenomics_primitives::buyback::{depth, least};

#[derive(Clone, Debug)]
enum Step {
    /// A payment with the next receipt, or that many beside it.
    Deposit(Kind, Balance, u64),
    /// A transfer to the pot, of which so many parts of 100 are noted.
    Note(Kind, Balance, u128),
    Swap(Kind, bool, Balance),
    Freeze(Kind, bool),
    FreezePot(Kind, bool),
    Enable(Kind),
    Disable(Kind),
    Break(Option<Fault>),
    Liquidity(Kind, bool),
    Forward(u32),
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(TAO), Just(USD)]
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![4 => kind(), 1 => Just(NATIVE)]
}

/// From a unit to thousands of whole ones.
fn amount() -> impl Strategy<Value = Balance> {
    (0u32..44).prop_map(|bits| 1 << bits)
}

fn rarely() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.25)
}

fn step() -> impl Strategy<Value = Step> {
    let fault = prop_oneof![
        Just(Fault::FailsLate),
        Just(Fault::Overstates),
        Just(Fault::Underpays),
        Just(Fault::TakesLess),
    ];
    prop_oneof![
        4 => (any_kind(), amount(), prop_oneof![5 => Just(0u64), 1 => 1u64..3])
            .prop_map(|(kind, amount, off)| Step::Deposit(kind, amount, off)),
        1 => (any_kind(), amount(), 1u128..150)
            .prop_map(|(kind, amount, percent)| Step::Note(kind, amount, percent)),
        4 => (kind(), any::<bool>(), amount())
            .prop_map(|(kind, buys, amount)| Step::Swap(kind, buys, amount >> 6)),
        1 => (kind(), rarely()).prop_map(|(kind, on)| Step::Freeze(kind, on)),
        1 => (kind(), rarely()).prop_map(|(kind, on)| Step::FreezePot(kind, on)),
        2 => kind().prop_map(Step::Enable),
        1 => kind().prop_map(Step::Disable),
        2 => prop::option::weighted(0.2, fault).prop_map(Step::Break),
        1 => (kind(), prop::bool::weighted(0.55)).prop_map(|(kind, more)| Step::Liquidity(kind, more)),
        8 => (1..3 * PERIOD).prop_map(Step::Forward),
    ]
}

/// Does the step; what is refused must have changed nothing, which the storage
/// layer of a call sees to.
fn take(step: Step) -> Result<(), DispatchError> {
    let admin = RuntimeOrigin::signed(ADMIN);
    let id = |kind| match kind {
        Kind::WithId(id) => id,
        Kind::Native => 0,
    };
    with_storage_layer(|| match step {
        Step::Deposit(kind, amount, off) => {
            let nonce = crate::Receipts::<Test>::get(GATEWAY) + off;
            let origin = RuntimeOrigin::signed(GATEWAY);
            Buyback::deposit_revenue(origin, nonce, kind, amount, RevenueSource::Asset)
        }
        Step::Note(kind, amount, percent) => {
            let to = pot();
            NativeAndAssets::transfer(
                kind.clone(),
                &ATTACKER,
                &to,
                amount,
                Preservation::Preserve,
            )?;
            Buyback::note_revenue(kind, amount * percent / 100)
        }
        Step::Swap(kind, buys, amount) => {
            let path = if buys {
                vec![kind, NATIVE]
            } else {
                vec![NATIVE, kind]
            };
            <AssetConversion as Swap<AccountId>>::swap_exact_tokens_for_tokens(
                ATTACKER, path, amount, None, ATTACKER, true,
            )
            .map(|_| ())
        }
        Step::Freeze(kind, true) => Assets::freeze_asset(admin, id(kind)),
        Step::Freeze(kind, false) => Assets::thaw_asset(admin, id(kind)),
        Step::FreezePot(kind, true) => Assets::freeze(admin, id(kind), pot()),
        Step::FreezePot(kind, false) => Assets::thaw(admin, id(kind), pot()),
        Step::Enable(kind) => {
            let terms = if kind == TAO {
                tao_terms()
            } else {
                usd_terms()
            };
            Buyback::enable_asset(RuntimeOrigin::root(), kind, terms)
        }
        Step::Disable(kind) => Buyback::disable_asset(RuntimeOrigin::root(), kind),
        Step::Break(fault) => {
            Broken::set(fault);
            Ok(())
        }
        Step::Liquidity(kind, true) => {
            let (asset, native) = reserves(kind.clone());
            AssetConversion::add_liquidity(
                RuntimeOrigin::signed(PROVIDER),
                Box::new(NATIVE),
                Box::new(kind),
                native,
                asset,
                1,
                1,
                PROVIDER,
            )
        }
        Step::Liquidity(kind, false) => {
            let lp = PoolAssets::balance(id(kind.clone()) - 1, PROVIDER);
            AssetConversion::remove_liquidity(
                RuntimeOrigin::signed(PROVIDER),
                Box::new(NATIVE),
                Box::new(kind),
                lp / 2,
                1,
                1,
                PROVIDER,
            )
        }
        Step::Forward(_) => Ok(()),
    })
}

/// Begins a block and holds every slice in it against the state before.
fn checked_block() {
    let before = [TAO, USD].map(reserves);
    System::reset_events();
    next_block();
    for event in events() {
        if let Event::SliceBought {
            asset,
            spent,
            bought,
            average,
            pending,
        } = event
        {
            let reserve = before[usize::from(asset == USD)].0;
            assert!(spent <= depth(reserve, parameters().depth_limit));
            let least = least(spent, average, parameters().tolerance);
            assert!(Some(bought) >= least);
            assert!(Broken::get().is_none());
            assert_eq!(pending, Buyback::pending(&asset));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn random_steps_keep_every_invariant(
        seed in any::<u64>(), steps in prop::collection::vec(step(), 1..60),
    ) {
        Broken::set(None);
        Seed::set(Some(seed));
        build_and_execute(|| {
            for step in steps {
                if let Step::Forward(blocks) = step {
                    for _ in 0..blocks {
                        checked_block();
                    }
                } else {
                    let _ = take(step);
                }
                Buyback::do_try_state().expect("the invariants hold after each step");
                prop_assert!(balance(NATIVE, pot()) >= ED);
                prop_assert_eq!(
                    Buyback::totals().burned,
                    [NATIVE, TAO, USD].map(|kind| Buyback::ledger(kind).burned).iter().sum()
                );
            }
            Ok::<_, TestCaseError>(())
        })?;
    }
}

#[test]
fn the_steps_reach_slices_and_refusals() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut bought, mut skipped, mut taken, mut refused) = (0, 0, 0, 0);
    build_and_execute(|| {
        for _ in 0..1_500 {
            let step = step()
                .new_tree(&mut runner)
                .expect("a step can be drawn")
                .current();
            let forward = match step {
                Step::Forward(blocks) => blocks,
                _ => 0,
            };
            match take(step) {
                Ok(()) => taken += 1,
                Err(_) => refused += 1,
            }
            System::reset_events();
            forward_counting(forward, &mut bought, &mut skipped);
        }
        Broken::set(None);
    });
    assert!(taken > refused, "{taken} taken, {refused} refused");
    assert!(
        bought > 50 && skipped > 50 && refused > 50,
        "{bought} bought, {skipped} skipped, {refused} refused"
    );
}

fn forward_counting(blocks: u32, bought: &mut u32, skipped: &mut u32) {
    forward(blocks);
    for event in events() {
        match event {
            Event::SliceBought { .. } => *bought += 1,
            Event::SliceSkipped { .. } => *skipped += 1,
            _ => {}
        }
    }
}
