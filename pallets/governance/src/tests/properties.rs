// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Any sequence of calls, slashes and blocks keeps every invariant.

use crate::{Error, Origin, Side, mock::*};
use frame_support::traits::schedule::DispatchTime;
use proptest::prelude::*;
use sp_runtime::DispatchError;

#[derive(Clone, Debug)]
enum Step {
    Propose {
        upgrade: bool,
        enactment: DispatchTime<BlockNumber>,
    },
    Vote {
        who: AccountId,
        back: u32,
        side: Side,
        amount: Option<Balance>,
    },
    RemoveVote {
        who: AccountId,
        back: u32,
    },
    ClearExpired {
        who: AccountId,
    },
    Cancel {
        back: u32,
    },
    Stake {
        who: AccountId,
        amount: Balance,
    },
    Unbond {
        who: AccountId,
        share: Balance,
    },
    Slash {
        who: AccountId,
        amount: Balance,
    },
    Forward(BlockNumber),
}

fn who() -> impl Strategy<Value = AccountId> {
    prop_oneof![ALICE..CAROL + 1, Just(NOBODY)]
}

fn step() -> impl Strategy<Value = Step> {
    let enactment = prop_oneof![
        4 => (0..MAX_ENACTMENT).prop_map(DispatchTime::After),
        1 => Just(DispatchTime::After(MAX_ENACTMENT + 1)),
        1 => (0..200u64).prop_map(DispatchTime::At),
    ];
    let side = prop_oneof![2 => Just(Side::Aye), 1 => Just(Side::Nay)];
    let amount = prop_oneof![2 => Just(None), 1 => (0..2 * STAKE).prop_map(Some)];
    prop_oneof![
        3 => (any::<bool>(), enactment)
            .prop_map(|(upgrade, enactment)| Step::Propose { upgrade, enactment }),
        8 => (who(), 0..5u32, side, amount)
            .prop_map(|(who, back, side, amount)| Step::Vote { who, back, side, amount }),
        3 => (who(), 0..5u32).prop_map(|(who, back)| Step::RemoveVote { who, back }),
        1 => who().prop_map(|who| Step::ClearExpired { who }),
        1 => (0..5u32).prop_map(|back| Step::Cancel { back }),
        2 => (who(), 0..STAKE).prop_map(|(who, amount)| Step::Stake { who, amount }),
        2 => (who(), 0..101u128).prop_map(|(who, share)| Step::Unbond { who, share }),
        2 => (who(), 0..STAKE).prop_map(|(who, amount)| Step::Slash { who, amount }),
        4 => (0..12u64).prop_map(Step::Forward),
    ]
}

/// As a transaction is: a refusal leaves nothing behind.
fn dispatch<R, E: From<DispatchError>>(call: impl FnOnce() -> Result<R, E>) -> Result<R, E> {
    frame_support::storage::with_storage_layer(call)
}

/// One of the latest referenda.
fn recent(back: u32) -> u32 {
    pallet_referenda::ReferendumCount::<Test>::get().saturating_sub(back + 1)
}

fn apply(step: Step) {
    match step {
        // Refusals are part of the sequence; a refused call leaves nothing behind.
        Step::Propose { upgrade, enactment } => {
            let origin = if upgrade {
                Origin::Upgrade
            } else {
                Origin::Parameters
            };
            submit(origin, governed::Call::set { value: 1 }, enactment);
        }
        Step::Vote {
            who,
            back,
            side,
            amount,
        } => {
            let poll = recent(back);
            let ongoing = Referenda::ensure_ongoing(poll).is_ok();
            let before = stake(who);
            match dispatch(|| Governance::vote(signed(who), poll, side, amount)) {
                Ok(_) => {
                    assert!(ongoing, "no vote is counted after the end");
                    let weight = Governance::votes_of(who)
                        .into_iter()
                        .find(|vote| vote.poll == poll)
                        .map(|vote| vote.weight);
                    assert!(weight.is_some_and(|weight| 0 < weight && weight <= before));
                    assert!(Some(Governance::locked(&who)) >= weight);
                }
                Err(error) => assert!(
                    ongoing || error.error == Error::<Test>::NotOngoing.into(),
                    "{error:?}"
                ),
            }
        }
        Step::RemoveVote { who, back } => {
            let _ = dispatch(|| Governance::remove_vote(signed(who), recent(back)));
        }
        Step::ClearExpired { who } => {
            let before = Governance::locked(&who);
            let _ = dispatch(|| Governance::clear_expired(signed(BOB), who));
            assert_eq!(Governance::locked(&who), before);
        }
        Step::Cancel { back } => {
            let _ = dispatch(|| Referenda::cancel(RuntimeOrigin::root(), recent(back)));
        }
        Step::Stake { who, amount } => add_stake(who, amount),
        Step::Unbond { who, share } => {
            let before = stake(who);
            let amount = before * share / 100;
            let free = before - Governance::locked(&who);
            assert_eq!(unbond(who, amount).is_ok(), amount <= free);
        }
        Step::Slash { who, amount } => slash(who, amount),
        Step::Forward(blocks) => forward(blocks),
    }
}

proptest! {
    #[test]
    fn every_sequence_keeps_every_invariant(steps in prop::collection::vec(step(), 1..80)) {
        build_and_execute(|| {
            for step in steps {
                apply(step);
                Governance::do_try_state().expect("the invariants hold after every step");
            }
        });
    }
}
