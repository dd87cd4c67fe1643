// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Random sequences of calls, slashes, time and parameter changes keep every
//! invariant, lose no unit, and move only what a call says.

use crate::{Role, mock::*};
use frame_support::traits::fungible::Inspect;
use proptest::prelude::*;
use sp_runtime::Perbill;

#[derive(Clone, Debug)]
enum Step {
    Register {
        owner: AccountId,
        hotkey: AccountId,
        role: Role,
        slots: u32,
    },
    Renew {
        owner: AccountId,
        hotkey: AccountId,
    },
    TopUp {
        owner: AccountId,
        hotkey: AccountId,
        gpu: u32,
    },
    Shrink {
        owner: AccountId,
        hotkey: AccountId,
        keep: u32,
    },
    Leave {
        owner: AccountId,
        hotkey: AccountId,
    },
    Withdraw {
        owner: AccountId,
        hotkey: AccountId,
    },
    Slash {
        hotkey: AccountId,
        gpu: u32,
        share: u32,
        bounty: Option<u32>,
    },
    Spend {
        owner: AccountId,
        share: u32,
    },
    Bond(Balance),
    Forward(BlockNumber),
}

fn owner() -> impl Strategy<Value = AccountId> {
    ALICE..BOB + 1
}

/// Two that are nothing else, and the owners themselves.
fn hotkey() -> impl Strategy<Value = AccountId> {
    prop_oneof![10..12u64, ALICE..BOB + 1]
}

fn step() -> impl Strategy<Value = Step> {
    let role = prop_oneof![3 => Just(Role::Miner), 1 => Just(Role::Validator)];
    let billion = 0..=1_000_000_000u32;
    prop_oneof![
        4 => (owner(), hotkey(), role, 0..6u32).prop_map(|(owner, hotkey, role, slots)| {
            Step::Register { owner, hotkey, role, slots }
        }),
        2 => (owner(), hotkey()).prop_map(|(owner, hotkey)| Step::Renew { owner, hotkey }),
        2 => (owner(), hotkey(), 0..5u32)
            .prop_map(|(owner, hotkey, gpu)| Step::TopUp { owner, hotkey, gpu }),
        2 => (owner(), hotkey(), 0..5u32)
            .prop_map(|(owner, hotkey, keep)| Step::Shrink { owner, hotkey, keep }),
        2 => (owner(), hotkey()).prop_map(|(owner, hotkey)| Step::Leave { owner, hotkey }),
        4 => (owner(), hotkey()).prop_map(|(owner, hotkey)| Step::Withdraw { owner, hotkey }),
        4 => (hotkey(), 0..5u32, billion.clone(), prop::option::of(billion.clone())).prop_map(
            |(hotkey, gpu, share, bounty)| Step::Slash { hotkey, gpu, share, bounty }
        ),
        1 => (owner(), billion).prop_map(|(owner, share)| Step::Spend { owner, share }),
        1 => prop_oneof![1..3 * BOND, Just(1)].prop_map(Step::Bond),
        4 => prop_oneof![0..COOL_DOWN * 2, Just(TERM)].prop_map(Step::Forward),
    ]
}

fn apply(step: Step) {
    match step {
        // Refusals are part of the sequence; a refused call leaves nothing behind.
        Step::Register {
            owner,
            hotkey,
            role,
            slots,
        } => {
            let quote = Registration::quote(role, slots);
            let before = Balances::balance(&FEES);
            if Registration::register(signed(owner), hotkey, role, slots, Balance::MAX).is_ok() {
                assert_eq!(Some(Balances::balance(&FEES) - before), quote);
            }
        }
        Step::Renew { owner, hotkey } => {
            let _ = Registration::renew(signed(owner), hotkey, Balance::MAX);
        }
        Step::TopUp { owner, hotkey, gpu } => {
            let _ = Registration::top_up(signed(owner), hotkey, gpu);
        }
        Step::Shrink {
            owner,
            hotkey,
            keep,
        } => {
            let _ = Registration::shrink(signed(owner), hotkey, keep);
        }
        Step::Leave { owner, hotkey } => {
            let _ = Registration::leave(signed(owner), hotkey);
        }
        Step::Withdraw { owner, hotkey } => {
            let _ = Registration::withdraw(signed(owner), hotkey);
        }
        Step::Slash {
            hotkey,
            gpu,
            share,
            bounty,
        } => {
            let bond = Registration::bond_of(&hotkey, gpu);
            let share = Perbill::from_parts(share);
            let taken = Registration::slash(
                &hotkey,
                gpu,
                share,
                bounty.map(|part| (&REPORTER, Perbill::from_parts(part))),
            );
            assert_eq!(taken, share.mul_ceil(bond));
            assert_eq!(Registration::bond_of(&hotkey, gpu), bond - taken);
        }
        Step::Spend { owner, share } => {
            let free = Balances::balance(&owner);
            let amount = Perbill::from_parts(share).mul_floor(free);
            let _ = Balances::transfer_allow_death(signed(owner), REPORTER, amount);
        }
        Step::Bond(bond) => Parameters::mutate(|parameters| parameters.bond = bond),
        Step::Forward(blocks) => forward(blocks),
    }
}

proptest! {
    #[test]
    fn every_sequence_keeps_every_invariant(steps in prop::collection::vec(step(), 1..60)) {
        Parameters::mutate(|parameters| parameters.bond = BOND);
        build_and_execute(|| {
            for step in steps {
                apply(step);
                Registration::do_try_state().expect("the invariants hold after every step");
            }
        });
    }
}
