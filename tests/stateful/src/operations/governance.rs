// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Whole referenda: submitted, decided on by stake, and enacted.

use super::Operation;
use crate::World;
use frame_support::traits::{Bounded, Get, schedule::DispatchTime};
use ni_runtime::{
    AccountId, OriginCaller, Referenda, Runtime, RuntimeCall, System, settings,
    settings::parameters,
};
use pallet_governance::{Call, Origin, Side, Votes};
use pallet_referenda::{Call as PollCall, ReferendumCount, ReferendumInfo, ReferendumInfoFor};
use sp_core::H256;

/// What happens to votes.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "submit",
        weight: 10,
        run: submit,
    },
    Operation {
        name: "place a decision deposit",
        weight: 12,
        run: place_deposit,
    },
    Operation {
        name: "vote",
        weight: 26,
        run: vote,
    },
    Operation {
        name: "remove a vote",
        weight: 8,
        run: remove_vote,
    },
    Operation {
        name: "clear expired votes",
        weight: 7,
        run: clear_expired,
    },
    Operation {
        name: "refund deposits",
        weight: 10,
        run: refund,
    },
    Operation {
        name: "authorize an upgrade",
        weight: 4,
        run: authorize_upgrade,
    },
];

/// Referenda that are going on.
fn ongoing() -> Vec<u32> {
    ReferendumInfoFor::<Runtime>::iter()
        .filter(|(_, info)| matches!(info, ReferendumInfo::Ongoing(_)))
        .map(|(poll, _)| poll)
        .collect()
}

/// What is proposed: new support floors, prices and pay.
fn proposal(world: &mut World) -> (Origin, RuntimeCall) {
    let set = |parameters| settings::Call::<Runtime>::set { parameters }.into();
    match world.rng.below(4) {
        0 => {
            let mut emission = parameters::Emission::get();
            let base = emission.base;
            emission.base = 2 * base / 3 + 1 + world.rng.below(5 * base / 6);
            (Origin::Upgrade, set(emission.into()))
        }
        1 => {
            let mut governance = parameters::Governance::get();
            let floor = governance.support_floor;
            let most = floor.max(ni_runtime::Delegation::total_staked());
            // Also one too many, now and then, which is refused.
            governance.support_floor = floor / 2 + world.rng.below(most - floor / 2 + 2);
            (Origin::Upgrade, set(governance.into()))
        }
        2 => (
            Origin::Assets,
            ni_runtime::bridge::Call::<Runtime>::set_limit {
                asset: ni_runtime::configs::market::TAO,
                limit: world.rng.below(20_000) * ni_runtime::TAO_UNIT,
            }
            .into(),
        ),
        _ => (
            // Not this track's to decide: enacted, it is refused.
            Origin::Tiers,
            Call::<Runtime>::authorize_upgrade {
                code_hash: H256::repeat_byte(6),
            }
            .into(),
        ),
    }
}

fn submit(world: &mut World) -> bool {
    if ongoing().len() >= 6 {
        return false;
    }
    let who = world.any_owner();
    let (origin, call) = proposal(world);
    // No track is for Root.
    let proposal_origin = if world.rng.percent(6) {
        OriginCaller::system(frame_system::RawOrigin::Root)
    } else {
        OriginCaller::Governance(origin)
    };
    let encoded = codec::Encode::encode(&call);
    let Ok(inline) = encoded.try_into() else {
        return false;
    };
    let enactment_moment = DispatchTime::After(world.rng.within(0, 8));
    world.call(
        &who,
        PollCall::submit {
            proposal_origin: Box::new(proposal_origin),
            proposal: Bounded::Inline(inline),
            enactment_moment,
        },
    );
    true
}

fn place_deposit(world: &mut World) -> bool {
    let any = world.rng.percent(5);
    let open: Vec<u32> = ongoing()
        .into_iter()
        .filter(|poll| {
            any || Referenda::ensure_ongoing(*poll)
                .is_ok_and(|status| status.decision_deposit.is_none())
        })
        .collect();
    let Some(index) = world.rng.pick(&open).copied() else {
        return false;
    };
    let who = world.any_owner();
    world.call(&who, PollCall::place_decision_deposit { index });
    true
}

fn vote(world: &mut World) -> bool {
    let open = ongoing();
    let poll = match world.rng.pick(&open).copied() {
        Some(poll) if !world.rng.percent(3) => poll,
        None if !world.rng.percent(1) => return false,
        _ => world.rng.within(0, ReferendumCount::<Runtime>::get() + 1),
    };
    let who = world.any_owner();
    let since = Referenda::ensure_ongoing(poll).map_or(0, |status| status.submitted);
    let weight = ni_runtime::Delegation::voting_stake(&who.account, since);
    if weight == 0 && !world.rng.percent(8) {
        return false;
    }
    let side = if world.rng.percent(80) {
        Side::Aye
    } else {
        Side::Nay
    };
    let amount = match world.rng.below(10) {
        0 => Some(weight + 1),
        1 => Some(0),
        2..=4 => Some(1 + world.rng.below(weight)),
        _ => None,
    };
    world.call(&who, Call::vote { poll, side, amount });
    true
}

/// Somebody's vote.
fn cast(world: &mut World) -> Option<(AccountId, u32)> {
    let all: Vec<(AccountId, u32)> = Votes::<Runtime>::iter()
        .flat_map(|(who, votes)| votes.into_iter().map(move |vote| (who.clone(), vote.poll)))
        .collect();
    world.rng.pick(&all).cloned()
}

fn remove_vote(world: &mut World) -> bool {
    let Some((who, poll)) = cast(world) else {
        return false;
    };
    let Some(who) = world.actor(&who) else {
        return false;
    };
    let poll = if world.rng.percent(4) { poll + 1 } else { poll };
    world.call(&who, Call::remove_vote { poll });
    true
}

/// Whether a referendum is over and what it decided enacted.
fn is_over(poll: u32, now: u32) -> bool {
    // Longer than any referendum here waits for its enactment.
    const ENACTED: u32 = 12;
    match ReferendumInfoFor::<Runtime>::get(poll) {
        Some(ReferendumInfo::Approved(end, ..)) => now > end + ENACTED,
        Some(ReferendumInfo::Ongoing(_)) => false,
        _ => true,
    }
}

fn clear_expired(world: &mut World) -> bool {
    let now = System::block_number();
    let strict = !world.rng.percent(4);
    let expired: Vec<AccountId> = Votes::<Runtime>::iter()
        .filter(|(_, votes)| !strict || votes.iter().any(|vote| is_over(vote.poll, now)))
        .map(|(who, _)| who)
        .collect();
    let Some(who) = world.rng.pick(&expired).cloned() else {
        return false;
    };
    let anybody = world.any_owner();
    world.call(&anybody, Call::clear_expired { who });
    true
}

/// Deposits of referenda that are over go back, or are burned.
fn refund(world: &mut World) -> bool {
    let any = world.rng.percent(5);
    let over: Vec<u32> = ReferendumInfoFor::<Runtime>::iter()
        .filter_map(|(poll, info)| match info {
            ReferendumInfo::Approved(_, submission, decision)
            | ReferendumInfo::Rejected(_, submission, decision)
            | ReferendumInfo::TimedOut(_, submission, decision)
                if submission.is_some() || decision.is_some() =>
            {
                Some(poll)
            }
            _ => any.then_some(poll),
        })
        .collect();
    let Some(poll) = world.rng.pick(&over).copied() else {
        return false;
    };
    let who = world.any_owner();
    world.call(&who, Call::settle_deposits { poll });
    true
}

/// As if a referendum on code had been won; and by those who have won none.
fn authorize_upgrade(world: &mut World) -> bool {
    let code_hash = H256::from_low_u64_be(world.rng.bits());
    let call = Call::authorize_upgrade { code_hash };
    if world.rng.percent(20) {
        let who = world.any_owner();
        world.call(&who, call);
    } else {
        super::settings::govern(world, Origin::Upgrade, call);
    }
    true
}
