// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Any sequence of calls, slashes and blocks keeps every invariant.

use crate::{Origin, Side, mock::*};
use frame_support::traits::schedule::DispatchTime;
use pallet_referenda::{ReferendumInfo, ReferendumInfoFor};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sp_runtime::DispatchError;
use std::collections::BTreeSet;

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
        5 => (any::<bool>(), enactment)
            .prop_map(|(upgrade, enactment)| Step::Propose { upgrade, enactment }),
        14 => (who(), 0..8u32, side, amount)
            .prop_map(|(who, back, side, amount)| Step::Vote { who, back, side, amount }),
        3 => (who(), 0..5u32).prop_map(|(who, back)| Step::RemoveVote { who, back }),
        1 => who().prop_map(|who| Step::ClearExpired { who }),
        1 => (0..8u32).prop_map(|back| Step::Cancel { back }),
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

/// What a step came to: `Ok`, or the name of the error.
fn apply(step: Step) -> &'static str {
    let name = |result: Result<(), DispatchError>| result.map_or_else(<&str>::from, |()| "Ok");
    match step {
        // Refusals are part of the sequence; a refused call leaves nothing behind.
        Step::Propose { upgrade, enactment } => {
            let origin = if upgrade {
                Origin::Upgrade
            } else {
                Origin::Parameters
            };
            submit(origin, governed::Call::set { value: 1 }, enactment);
            "Ok"
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
            let voted = dispatch(|| Governance::vote(signed(who), poll, side, amount));
            if voted.is_ok() {
                let weight = Governance::votes_of(who)
                    .into_iter()
                    .find(|vote| vote.poll == poll)
                    .map(|vote| vote.weight);
                assert!(weight.is_some_and(|weight| 0 < weight && weight <= before));
                assert!(Some(Governance::locked(&who)) >= weight);
            }
            let outcome = name(voted.map(|_| ()).map_err(|error| error.error));
            assert!(
                ongoing || outcome == "NotOngoing",
                "no vote is counted after the end, but {outcome}"
            );
            outcome
        }
        Step::RemoveVote { who, back } => name(dispatch(|| {
            Governance::remove_vote(signed(who), recent(back))
        })),
        Step::ClearExpired { who } => {
            let before = Governance::locked(&who);
            let cleared = dispatch(|| Governance::clear_expired(signed(BOB), who));
            assert_eq!(Governance::locked(&who), before);
            name(cleared.map(|_| ()).map_err(|error| error.error))
        }
        Step::Cancel { back } => {
            let _ = dispatch(|| Referenda::cancel(RuntimeOrigin::root(), recent(back)));
            "Ok"
        }
        Step::Stake { who, amount } => {
            add_stake(who, amount);
            "Ok"
        }
        Step::Unbond { who, share } => {
            let before = stake(who);
            let amount = before * share / 100;
            let free = before - Governance::locked(&who);
            let unbonded = unbond(who, amount);
            assert_eq!(unbonded.is_ok(), amount <= free);
            unbonded.map_or_else(|refused| refused, |()| "Ok")
        }
        Step::Slash { who, amount } => {
            slash(who, amount);
            "Ok"
        }
        Step::Forward(blocks) => {
            forward(blocks);
            "Ok"
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..80)
}

proptest! {
    #[test]
    fn every_sequence_keeps_every_invariant(steps in steps()) {
        build_and_execute(|| {
            for step in steps {
                apply(step);
                Governance::do_try_state().expect("the invariants hold after every step");
            }
        });
    }
}

/// Sequences that come to nothing would show nothing.
#[test]
fn the_sequences_reach_every_end_and_every_refusal() {
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..100 {
        let steps = steps()
            .new_tree(&mut runner)
            .expect("the strategy has no filter")
            .current();
        build_and_execute(|| {
            seen.extend(steps.into_iter().map(apply));
            for (_, info) in ReferendumInfoFor::<Test>::iter() {
                seen.insert(match info {
                    ReferendumInfo::Approved(..) => "approved",
                    ReferendumInfo::Rejected(..) => "rejected",
                    ReferendumInfo::Cancelled(..) => "cancelled",
                    _ => "another",
                });
            }
            if governed_value() != 0 {
                seen.insert("enacted");
            }
        });
    }
    for expected in [
        "Ok",
        "NotOngoing",
        "NoWeight",
        "AboveVotingStake",
        "TooManyVotes",
        "EnactmentTooLate",
        "NoVote",
        "NotEnacted",
        "NothingExpired",
        "locked",
        "approved",
        "rejected",
        "cancelled",
        "enacted",
    ] {
        assert!(seen.contains(expected), "no {expected} in {seen:?}");
    }
}
