// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Every call is signed: neither root nor nobody makes one, whatever it says.

use crate::{Call, mock::*};
use frame_support::{
    assert_noop,
    traits::{GetCallName, UnfilteredDispatchable},
};
use sp_runtime::{DispatchError, Perbill};

/// One of each call, which its signer could make.
fn calls() -> Vec<(AccountId, Call<Test>)> {
    let (hotkey, validator) = (VAL_A, VAL_A);
    let commission = Perbill::from_percent(1);
    vec![
        (
            OWNER_C,
            Call::join {
                hotkey: VAL_C,
                self_stake: SELF_STAKE,
                commission,
            },
        ),
        (OWNER_B, Call::leave { hotkey: VAL_B }),
        (
            ALICE,
            Call::stake {
                validator,
                amount: 10,
            },
        ),
        (
            BOB,
            Call::unstake {
                validator,
                amount: 10,
            },
        ),
        (BOB, Call::withdraw {}),
        (BOB, Call::claim { validator }),
        (OWNER_A, Call::set_commission { hotkey, commission }),
        (OWNER_A, Call::claim_commission { hotkey }),
    ]
}

/// Something earned and due, something that has unbonded, and time enough since.
fn prepared(test: impl FnOnce()) {
    let candidates = vec![
        (VAL_A, OWNER_A, SELF_STAKE, Perbill::from_percent(10)),
        (VAL_B, OWNER_B, SELF_STAKE, Perbill::zero()),
    ];
    genesis(candidates).execute_with(|| {
        stake(BOB, VAL_A, 1_000);
        activate();
        author(VAL_A, 1);
        reward(1_000_000);
        author(VAL_A, 1);
        unstake(BOB, VAL_A, 100);
        forward(UNBONDING);
        test();
        check();
    });
}

#[test]
fn neither_root_nor_nobody_makes_a_call() {
    let names: Vec<_> = calls()
        .iter()
        .map(|(_, call)| call.get_call_name())
        .collect();
    assert_eq!(names, Call::<Test>::get_call_names(), "each call is here");
    prepared(|| {
        for (_, call) in calls() {
            for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
                assert_noop!(
                    call.clone().dispatch_bypass_filter(origin),
                    DispatchError::BadOrigin
                );
            }
        }
    });
}

#[test]
fn each_of_them_is_fit_to_be_made_by_its_signer() {
    // The twin: what was refused above was refused for its origin alone.
    for (who, call) in calls() {
        prepared(|| {
            let name = call.get_call_name();
            let done = call.dispatch_bypass_filter(signed(who));
            assert!(done.is_ok(), "{name}: {done:?}");
        });
    }
}
