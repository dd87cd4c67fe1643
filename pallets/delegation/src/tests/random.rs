// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Random steps through the pallet, beside a model that goes through every staker at
//! every reward.
//!
//! After each step every invariant holds and everybody has staked what the model says. A
//! claim, whenever it is made, is never above the model, and below it by less than a unit
//! for each validator staked to. At the end all that was paid in is paid out or in the pot.

use crate::{Balance, Rounds, Stakers, mock::*};
use frame_support::{assert_ok, storage::with_storage_layer, traits::fungible::Inspect};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use sp_core::U256;
use sp_runtime::{DispatchResult, Perbill};
use std::{cell::RefCell, collections::BTreeMap};

/// One more than can be candidates.
const HOTKEYS: [AccountId; 4] = [VAL_A, VAL_B, VAL_C, 14];
/// The owners, and four who only stake.
const STAKERS: core::ops::RangeInclusive<AccountId> = 1..=8;
/// The model counts in this part of a unit, rounding each share down to it.
const SCALE: u32 = 64;

/// One thing that can happen.
#[derive(Clone, Debug)]
enum Step {
    /// By the hotkey's owner.
    Join(AccountId, Balance, u32),
    Leave(AccountId),
    Stake(AccountId, AccountId, Balance),
    /// So many hundredths of what is staked.
    Unstake(AccountId, AccountId, u32),
    Withdraw(AccountId),
    Claim(AccountId),
    SetCommission(AccountId, u32),
    ClaimCommission(AccountId),
    Author(AccountId, u32),
    Session,
    Reward(Balance),
    Slash(AccountId, u32),
    Forward(BlockNumber),
}

fn step() -> impl Strategy<Value = Step> {
    let who = STAKERS;
    let hotkey = prop_oneof![4 => 11u64..=12, 1 => 13u64..=14];
    let amount = (0u32..=18, 1u128..10).prop_map(|(zeros, digit)| digit * 10u128.pow(zeros));
    let reward = prop_oneof![1u128..10, 1u128..10u128.pow(17)];
    prop_oneof![
        2 => (11u64..=14, 0u128..3_000, 0u32..16).prop_map(|(of, amount, percent)| Step::Join(of, amount, percent)),
        1 => (11u64..=14).prop_map(Step::Leave),
        9 => (who.clone(), hotkey.clone(), amount).prop_map(|(who, to, amount)| Step::Stake(who, to, amount)),
        6 => (who.clone(), hotkey.clone(), 1u32..=110).prop_map(|(who, of, part)| Step::Unstake(who, of, part)),
        4 => who.clone().prop_map(Step::Withdraw),
        4 => who.prop_map(Step::Claim),
        2 => (hotkey.clone(), 0u32..=20).prop_map(|(of, percent)| Step::SetCommission(of, percent)),
        2 => hotkey.clone().prop_map(Step::ClaimCommission),
        8 => (hotkey.clone(), 1u32..5).prop_map(|(of, blocks)| Step::Author(of, blocks)),
        4 => Just(Step::Session),
        5 => reward.prop_map(Step::Reward),
        1 => (hotkey, 0u32..=100).prop_map(|(of, percent)| Step::Slash(of, percent)),
        4 => (1u64..200).prop_map(Step::Forward),
    ]
}

thread_local! {
    /// How often each step did something.
    static DONE: RefCell<BTreeMap<&'static str, u32>> = const { RefCell::new(BTreeMap::new()) };
}

fn count(name: &'static str, done: bool) {
    DONE.with_borrow_mut(|counts| *counts.entry(name).or_default() += u32::from(done));
}

/// Whether a call was made, and counts it if so.
fn made(name: &'static str, call: impl FnOnce() -> DispatchResult) -> bool {
    let made = with_storage_layer(call).is_ok();
    count(name, made);
    made
}

/// Who owns a hotkey, registered or not.
fn owner_of(hotkey: AccountId) -> AccountId {
    hotkey - 10
}

/// What the model knows of a validator: by account what is active and what is pending,
/// the blocks of the running round, the commission and what it brought.
#[derive(Default)]
struct Place {
    active: BTreeMap<AccountId, Balance>,
    pending: BTreeMap<AccountId, Balance>,
    blocks: u128,
    commission: Perbill,
    commissions: Balance,
}

impl Place {
    fn active(&self) -> Balance {
        self.active.values().sum()
    }

    fn points(&self) -> u128 {
        self.active() * self.blocks
    }

    fn staked(&self, who: AccountId) -> Balance {
        let of = |stakes: &BTreeMap<_, _>| stakes.get(&who).copied().unwrap_or(0);
        of(&self.active) + of(&self.pending)
    }

    fn stake(&mut self, who: AccountId, amount: Balance) {
        *self.pending.entry(who).or_default() += amount;
    }

    fn unstake(&mut self, who: AccountId, amount: Balance) {
        let pending = self.pending.entry(who).or_default();
        let first = amount.min(*pending);
        *pending -= first;
        *self.active.entry(who).or_default() -= amount - first;
    }

    /// Of the required self-stake so much, rounded up, and a tenth at least.
    fn slash(&mut self, owner: AccountId, share: Perbill) {
        let parts = u128::from(share.max(Perbill::from_percent(10)).deconstruct());
        let asked = (SELF_STAKE * parts).div_ceil(1_000_000_000);
        self.unstake(owner, asked.min(self.staked(owner)));
    }

    fn begin_round(&mut self, activate: bool) {
        if activate {
            for (who, amount) in std::mem::take(&mut self.pending) {
                *self.active.entry(who).or_default() += amount;
            }
        }
        self.blocks = 0;
    }
}

/// The session and the one in which the running round began, the validators in the order
/// in which they are touched, and what everybody earned, in units of 2⁻⁶⁴.
struct Model {
    session: u32,
    began: u32,
    places: BTreeMap<AccountId, Place>,
    carried: Balance,
    earned: BTreeMap<AccountId, U256>,
}

impl Model {
    fn of(&mut self, hotkey: AccountId) -> &mut Place {
        self.places.get_mut(&hotkey).expect("all are known")
    }

    fn reward(&mut self, amount: Balance) {
        self.share(amount);
        let activate = self.session > self.began;
        for place in self.places.values_mut() {
            place.begin_round(activate);
        }
        self.began = self.session;
    }

    fn share(&mut self, amount: Balance) {
        let amount = amount + std::mem::take(&mut self.carried);
        let total: u128 = self.places.values().map(Place::points).sum();
        if total == 0 {
            self.carried = amount;
            return;
        }
        let (mut left, mut points_left) = (U256::from(amount), total);
        for place in self.places.values_mut() {
            let points = place.points();
            if points == 0 {
                continue;
            }
            points_left -= points;
            // Who is touched last gets what rounding down has left.
            let part = match points_left {
                0 => left,
                _ => U256::from(amount) * U256::from(points) / U256::from(total),
            };
            left -= part;
            // Rounded down: what cannot be divided is the stakers'.
            let rate = U256::from(place.commission.deconstruct());
            let cut = part * rate / U256::from(1_000_000_000);
            place.commissions += cut.as_u128();
            let all = U256::from(place.active());
            for (who, stake) in &place.active {
                let share = ((part - cut) << SCALE) * U256::from(*stake) / all;
                *self.earned.entry(*who).or_default() += share;
            }
        }
    }
}

/// The pallet beside the model.
struct Pair {
    model: Model,
    paid_in: Balance,
    rewards: u32,
    /// Each of another session.
    offences: u32,
    claimed: BTreeMap<AccountId, Balance>,
    claimed_commissions: BTreeMap<AccountId, Balance>,
    /// How often somebody's record went, and with it what was less than a unit.
    forgotten: BTreeMap<AccountId, usize>,
}

impl Pair {
    /// Beside a genesis of these candidates, with their stake and commission.
    fn new(candidates: &[(AccountId, AccountId, Balance, Perbill)]) -> Self {
        let mut model = Model {
            session: 0,
            began: 0,
            places: HOTKEYS
                .into_iter()
                .map(|hotkey| (hotkey, Place::default()))
                .collect(),
            carried: 0,
            earned: BTreeMap::new(),
        };
        for (hotkey, owner, stake, commission) in candidates {
            let place = model.of(*hotkey);
            place.active.insert(*owner, *stake);
            place.commission = *commission;
        }
        Self {
            model,
            paid_in: 0,
            rewards: 0,
            offences: 0,
            claimed: BTreeMap::new(),
            claimed_commissions: BTreeMap::new(),
            forgotten: BTreeMap::new(),
        }
    }

    /// Does something that may remove the record of `who`.
    fn remembering<R>(&mut self, who: AccountId, act: impl FnOnce(&mut Self) -> R) -> R {
        let before = Stakers::<Test>::contains_key(who);
        let result = act(self);
        if before && !Stakers::<Test>::contains_key(who) {
            *self.forgotten.entry(who).or_default() += 1;
        }
        result
    }

    /// Claims all that `who` can, each time what the view says, and holds what it has ever
    /// claimed against the model.
    fn claim(&mut self, who: AccountId) -> Result<(), TestCaseError> {
        let mut got = 0;
        // Fractions from several may come to a unit only with one more.
        for hotkey in HOTKEYS.into_iter().chain(HOTKEYS) {
            let claimable = Delegation::claimable(who, hotkey);
            let paid = self.remembering(who, |_| claim(who, hotkey));
            prop_assert_eq!(paid, claimable);
            count("claim", paid > 0);
            got += paid;
        }
        let claimed = self.claimed.entry(who).or_default();
        *claimed += got;
        let claimed = *claimed;
        let earned = self.model.earned.get(&who).copied().unwrap_or_default();
        let scaled = U256::from(claimed) << SCALE;
        // The model itself lost less than this to rounding.
        let slack = U256::from(self.rewards * 4 + 4);
        prop_assert!(
            scaled <= earned + slack,
            "{who} got more than {earned} / 2^64: {claimed}"
        );
        let staked_to = Stakers::<Test>::get(who).delegations.len().max(1);
        let units = staked_to + self.forgotten.get(&who).copied().unwrap_or(0);
        prop_assert!(
            scaled + (U256::from(units) << SCALE) + slack > earned,
            "{who} lost {units} units of {earned} / 2^64: {claimed}"
        );
        Ok(())
    }

    fn claim_commission(&mut self, of: AccountId) -> Result<(), TestCaseError> {
        let owner = owner_of(of);
        let claimed = self.claimed_commissions.entry(of).or_default();
        let due = self.model.of(of).commissions - *claimed;
        let before = Balances::balance(&owner);
        let made = made("claim_commission", || {
            Delegation::claim_commission(signed(owner), of)
        });
        prop_assert_eq!(made, due > 0, "a commission is exact");
        prop_assert_eq!(Balances::balance(&owner) - before, due);
        *claimed += due;
        Ok(())
    }

    fn reward(&mut self, amount: Balance) {
        reward(amount);
        self.model.reward(amount);
        self.paid_in += amount;
        self.rewards += 1;
        // All are settled, the first of the round before the last.
        for hotkey in HOTKEYS {
            self.author(hotkey, 1);
        }
    }

    fn author(&mut self, of: AccountId, blocks: u32) {
        author(of, blocks);
        self.model.of(of).blocks += u128::from(blocks);
    }

    fn slash(&mut self, of: AccountId, percent: u32) {
        let share = Perbill::from_percent(percent);
        self.offences += 1;
        let session = self.offences;
        let owner = owner_of(of);
        let taken = self.remembering(owner, |_| Delegation::slash(&of, session, share));
        count("slash", taken > 0);
        self.model.of(of).slash(owner, share);
    }

    fn call(&mut self, step: Step) {
        match step {
            Step::Join(of, amount, percent) => {
                let commission = Perbill::from_percent(percent);
                let owner = owner_of(of);
                if made("join", || {
                    Delegation::join(signed(owner), of, amount, commission)
                }) {
                    let place = self.model.of(of);
                    place.stake(owner, amount);
                    place.commission = commission;
                }
            }
            Step::Leave(of) => {
                made("leave", || Delegation::leave(signed(owner_of(of)), of));
            }
            Step::Stake(who, to, amount) => {
                if made("stake", || Delegation::stake(signed(who), to, amount)) {
                    self.model.of(to).stake(who, amount);
                }
            }
            Step::Unstake(who, of, part) => {
                let staked = self.model.of(of).staked(who);
                let amount = (staked * u128::from(part)).div_ceil(100);
                if made("unstake", || Delegation::unstake(signed(who), of, amount)) {
                    self.model.of(of).unstake(who, amount);
                }
            }
            Step::Withdraw(who) => {
                self.remembering(who, |_| {
                    made("withdraw", || {
                        Delegation::withdraw(signed(who))
                            .map(|_| ())
                            .map_err(|error| error.error)
                    })
                });
            }
            Step::SetCommission(of, percent) => {
                let commission = Perbill::from_percent(percent);
                if made("set_commission", || {
                    Delegation::set_commission(signed(owner_of(of)), of, commission)
                }) {
                    self.model.of(of).commission = commission;
                }
            }
            Step::Author(of, blocks) => self.author(of, blocks),
            Step::Session => {
                next_session();
                self.model.session += 1;
            }
            Step::Reward(amount) => self.reward(amount),
            Step::Slash(of, percent) => self.slash(of, percent),
            Step::Forward(blocks) => forward(blocks),
            Step::Claim(_) | Step::ClaimCommission(_) => (),
        }
    }

    fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Claim(who) => self.claim(who)?,
            Step::ClaimCommission(of) => self.claim_commission(of)?,
            step => self.call(step),
        }
        prop_assert_eq!(Delegation::do_try_state(), Ok(()));
        for who in STAKERS {
            for hotkey in HOTKEYS {
                let staked = Delegation::staked_to(&Stakers::<Test>::get(who), &hotkey);
                prop_assert_eq!(staked, Ok(self.model.of(hotkey).staked(who)));
            }
        }
        Ok(())
    }

    /// Everybody is paid: what is left is less than a unit for each delegation, and what
    /// nobody had points for.
    fn end(&mut self) -> Result<(), TestCaseError> {
        for who in STAKERS {
            self.claim(who)?;
        }
        for hotkey in HOTKEYS {
            self.claim_commission(hotkey)?;
        }
        let paid: Balance = (1..=9).map(|who| Balances::balance(&who) - ED).sum();
        prop_assert_eq!(paid + pot(), self.paid_in, "all is paid out or in the pot");
        let open: Balance = Rounds::<Test>::iter_values()
            .map(|round| round.amount_left)
            .sum();
        let owed = open + Delegation::state().carried;
        prop_assert!(pot() >= owed, "never insolvent");
        prop_assert!(pot() - owed <= 200, "{} is owed to nobody", pot() - owed);
        check();
        Ok(())
    }
}

fn sequence(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let candidates = vec![
        (VAL_A, OWNER_A, SELF_STAKE, Perbill::from_percent(10)),
        (VAL_B, OWNER_B, SELF_STAKE * 7, Perbill::zero()),
    ];
    let mut pair = Pair::new(&candidates);
    genesis(candidates).execute_with(|| {
        for step in steps {
            let named = format!("{step:?}");
            pair.step(step)
                .map_err(|error| TestCaseError::fail(format!("after {named}: {error}")))?;
        }
        pair.end()
    })
}

#[test]
fn random_sequences_keep_every_invariant_and_pay_what_the_model_says() {
    let cases = std::env::var("SEQUENCES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(192);
    // The same sequences at each run; SEQUENCES asks for more of them.
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig::with_cases(cases),
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    runner
        .run(&prop::collection::vec(step(), 50..150), sequence)
        .expect("every sequence keeps the invariants and agrees with the model");
    DONE.with_borrow(|done| {
        println!("{done:?}");
        assert!(
            done.len() == 9 && done.values().all(|done| *done > 20),
            "each was done: {done:?}"
        );
    });
}

/// The twin: a model that forgets a commission, or a slash, is found out.
#[test]
fn the_model_tells_a_unit_from_none() {
    let candidates = two();
    let mut pair = Pair::new(&candidates);
    genesis(candidates).execute_with(|| {
        for step in [
            Step::Stake(ALICE, VAL_A, 333),
            Step::Session,
            Step::Reward(1),
            Step::Author(VAL_A, 1),
            Step::Reward(1_000_000),
            Step::Claim(ALICE),
        ] {
            assert_ok!(pair.step(step));
        }
        for units in [-1i32, 1] {
            let unit = U256::one() << SCALE;
            let earned = pair.model.earned.entry(ALICE).or_default();
            *earned = if units < 0 {
                // What she has claimed is her share less a fraction.
                *earned - unit
            } else {
                *earned + unit + unit
            };
            assert!(pair.claim(ALICE).is_err(), "{units} more");
        }
    });
}
