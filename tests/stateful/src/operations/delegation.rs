// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Validators who stand for election, those who stake to them, and who equivocates.

use super::Operation;
use crate::{Actor, World};
use frame_support::traits::Get;
use ni_runtime::{
    AccountId, Assets, Balance, Delegation, Governance, Offences, Runtime, Session, SessionKeys,
    System, TAO_UNIT, configs::market::TAO, settings::parameters,
};
use pallet_babe::EquivocationOffence;
use pallet_delegation::{Call, Ranked, Stakers, ValidatorRecords};
use pallet_registration::{Hotkeys, Role};
use sp_consensus_babe::Slot;
use sp_core::{Pair, ed25519};
use sp_runtime::{Perbill, traits::Zero};
use sp_staking::offence::ReportOffence;

/// What happens to stake.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "join",
        weight: 12,
        run: join,
    },
    Operation {
        name: "leave the candidates",
        weight: 7,
        run: leave,
    },
    Operation {
        name: "stake",
        weight: 16,
        run: stake,
    },
    Operation {
        name: "unstake",
        weight: 14,
        run: unstake,
    },
    Operation {
        name: "withdraw stake",
        weight: 8,
        run: withdraw,
    },
    Operation {
        name: "claim a staker's reward",
        weight: 10,
        run: claim,
    },
    Operation {
        name: "set commission",
        weight: 7,
        run: set_commission,
    },
    Operation {
        name: "claim commission",
        weight: 7,
        run: claim_commission,
    },
    Operation {
        name: "equivocate",
        weight: 4,
        run: equivocate,
    },
];

impl World {
    /// Gives every hotkey session keys, with which it can author blocks.
    pub(crate) fn set_session_keys(&mut self) {
        for hotkey in &self.hotkeys {
            let keys = SessionKeys {
                babe: hotkey.key.public().into(),
                grandpa: ed25519::Pair::from_seed(hotkey.account.as_ref())
                    .public()
                    .into(),
            };
            pallet_session::NextKeys::<Runtime>::insert(&hotkey.account, keys);
            self.chain.add_author(hotkey.key.clone());
        }
    }
}

/// Candidates now.
fn candidates() -> Vec<AccountId> {
    Ranked::<Runtime>::get()
        .candidates
        .into_iter()
        .map(|candidate| candidate.hotkey)
        .collect()
}

/// Validators known to delegation, with their owners.
fn validators() -> Vec<(AccountId, AccountId)> {
    ValidatorRecords::<Runtime>::iter()
        .map(|(hotkey, record)| (hotkey, record.owner))
        .collect()
}

/// As a rule the owner, sometimes another.
fn owner(world: &mut World, owner: &AccountId) -> Actor {
    if world.rng.percent(5) {
        return world.any_owner();
    }
    match world.actor(owner) {
        Some(actor) => actor,
        None => world.any_owner(),
    }
}

fn join(world: &mut World) -> bool {
    let now = System::block_number();
    let standing = candidates();
    let strict = !world.rng.percent(4);
    let ready: Vec<(AccountId, AccountId)> = Hotkeys::<Runtime>::iter()
        .filter(|(hotkey, registration)| {
            !strict
                || registration.role == Role::Validator
                    && registration.can_validate(now)
                    && !standing.contains(hotkey)
        })
        .map(|(hotkey, registration)| (hotkey, registration.owner))
        .collect();
    let Some((hotkey, owned_by)) = world.rng.pick(&ready).cloned() else {
        return false;
    };
    let who = owner(world, &owned_by);
    let parameters = parameters::Delegation::get();
    let self_stake = match world.rng.below(12) {
        0 => 0,
        1 => TAO_UNIT,
        _ => parameters.self_stake + world.rng.below(100) * TAO_UNIT,
    };
    // One that was a candidate before cannot raise its commission by standing anew.
    let before = ValidatorRecords::<Runtime>::get(&hotkey).map(|record| record.commission);
    let commission = before.unwrap_or_else(|| Perbill::from_percent(world.rng.within(0, 26)));
    world.call(
        &who,
        Call::join {
            hotkey,
            self_stake,
            commission,
        },
    );
    true
}

fn leave(world: &mut World) -> bool {
    // Somebody has to author blocks.
    let standing = candidates();
    if standing.len() < 3 && !world.rng.percent(3) {
        return false;
    }
    let all = validators();
    let strict = !world.rng.percent(10);
    let ready: Vec<_> = all
        .into_iter()
        .filter(|(hotkey, _)| !strict || standing.contains(hotkey))
        .collect();
    let Some((hotkey, owned_by)) = world.rng.pick(&ready).cloned() else {
        return false;
    };
    let who = owner(world, &owned_by);
    world.call(&who, Call::leave { hotkey });
    true
}

/// An amount from one unit to `most`, of every magnitude.
fn amount(world: &mut World, most: Balance) -> Balance {
    let magnitude = world.rng.within(0, 3);
    1 + world.rng.below((most >> (4 * magnitude)).max(1))
}

fn stake(world: &mut World) -> bool {
    let who = world.any_owner();
    let standing = candidates();
    let validator = match world.rng.pick(&standing).cloned() {
        Some(validator) if !world.rng.percent(4) => validator,
        _ => world.any_hotkey().account,
    };
    let free = Assets::balance(TAO, &who.account);
    let least = parameters::Delegation::get().min_stake;
    let amount = match world.rng.below(16) {
        0 => 0,
        1 => 1,
        2 => free + 1,
        _ => least + amount(world, free / 8),
    };
    world.call(&who, Call::stake { validator, amount });
    true
}

/// Somebody's stake to a validator: who, to whom, how much.
fn staked(world: &mut World) -> Option<(Actor, AccountId, Balance)> {
    let all: Vec<(AccountId, AccountId, Balance)> = Stakers::<Runtime>::iter()
        .flat_map(|(who, staker)| {
            staker.delegations.into_iter().map(move |delegation| {
                let amount = delegation.amount().unwrap_or(0);
                (who.clone(), delegation.validator, amount)
            })
        })
        .collect();
    let (who, validator, amount) = world.rng.pick(&all).cloned()?;
    Some((world.actor(&who)?, validator, amount))
}

fn unstake(world: &mut World) -> bool {
    let Some((who, validator, staked)) = staked(world) else {
        return false;
    };
    let unbonding = Stakers::<Runtime>::get(&who.account).unbonding.len();
    if unbonding >= 16 && !world.rng.percent(3) {
        return false;
    }
    // What has to stay: the candidate's own, and the least there may be.
    let own = ValidatorRecords::<Runtime>::get(&validator)
        .filter(|record| record.owner == who.account && candidates().contains(&validator))
        .map(|record| record.required);
    let least = own.unwrap_or(parameters::Delegation::get().min_stake);
    let locked = Governance::locked(&who.account);
    if !locked.is_zero() && !world.rng.percent(30) {
        return false;
    }
    let amount = match world.rng.below(24) {
        0 => 0,
        1 => staked + 1,
        2 => staked.saturating_sub(least) + 1,
        // All of it, or so little that more than the minimum stays.
        3..=12 if own.is_none() => staked,
        _ => 1 + world.rng.below(staked.saturating_sub(least) / 3),
    };
    let unstaked = world.call(&who, Call::unstake { validator, amount });
    if !unstaked && !locked.is_zero() {
        world.report.reach("stake that has voted stays");
    }
    true
}

fn withdraw(world: &mut World) -> bool {
    let now = System::block_number();
    let due: Vec<AccountId> = Stakers::<Runtime>::iter()
        .filter(|(_, staker)| staker.unbonding.iter().any(|entry| entry.at <= now))
        .map(|(who, _)| who)
        .collect();
    let who = match world.rng.pick(&due).and_then(|who| world.actor(who)) {
        Some(who) => who,
        None if world.rng.percent(6) => world.any_owner(),
        None => return false,
    };
    world.call(&who, Call::withdraw {});
    true
}

fn claim(world: &mut World) -> bool {
    let Some((who, validator, _)) = staked(world) else {
        return false;
    };
    let due = Delegation::claimable(who.account.clone(), validator.clone());
    if due.is_zero() && !world.rng.percent(8) {
        return false;
    }
    world.call(&who, Call::claim { validator });
    true
}

fn set_commission(world: &mut World) -> bool {
    let all = validators();
    let Some((hotkey, owned_by)) = world.rng.pick(&all).cloned() else {
        return false;
    };
    let Some(record) = ValidatorRecords::<Runtime>::get(&hotkey) else {
        return false;
    };
    let parameters = parameters::Delegation::get();
    let rests = record.commission_changed + parameters.commission_interval > System::block_number();
    if rests && !world.rng.percent(5) {
        return false;
    }
    let who = owner(world, &owned_by);
    let commission = match world.rng.below(10) {
        0 => Perbill::from_percent(90),
        1..=4 => record.commission.min(parameters.max_commission) / 2,
        _ => (record.commission + parameters.max_commission_rise).min(parameters.max_commission),
    };
    world.call(&who, Call::set_commission { hotkey, commission });
    true
}

fn claim_commission(world: &mut World) -> bool {
    let any = world.rng.percent(5);
    let due: Vec<(AccountId, AccountId)> = ValidatorRecords::<Runtime>::iter()
        .filter(|(_, record)| any || record.commission_due > 0)
        .map(|(hotkey, record)| (hotkey, record.owner))
        .collect();
    let Some((hotkey, owned_by)) = world.rng.pick(&due).cloned() else {
        return false;
    };
    let who = owner(world, &owned_by);
    world.call(&who, Call::claim_commission { hotkey });
    true
}

/// A validator has signed two blocks of one slot, and it is proven: from there on.
fn equivocate(world: &mut World) -> bool {
    let set = Session::validators();
    if set.len() < 3 || !world.rng.percent(40) {
        return false;
    }
    let Some(offender) = world.rng.pick(&set).cloned() else {
        return false;
    };
    let offence = EquivocationOffence {
        slot: Slot::from(u64::from(System::block_number())),
        session_index: Session::current_index(),
        validator_set_count: u32::try_from(set.len()).unwrap_or(1),
        offender: (offender, ()),
    };
    let reported = Offences::report_offence(Vec::new(), offence);
    world.recall(format!("an equivocation: {reported:?}"));
    true
}
