// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What stakers earn over random stakes, blocks, sessions, rewards, commissions and
//! slashes, against a model that goes through every staker at every reward. Each
//! claim, whenever it is made, is less than a unit below the model and never above.

use crate::{Balance, Stakers, mock::*};
use frame_support::{assert_ok, storage::with_storage_layer};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use sp_core::U256;
use sp_runtime::{DispatchResult, Perbill};
use std::{cell::RefCell, collections::BTreeMap};

const VALIDATORS: [AccountId; 2] = [VAL_A, VAL_B];
const OWNERS: [AccountId; 2] = [OWNER_A, OWNER_B];
/// The model counts in this part of a unit, rounding each share down to it.
const SCALE: u32 = 64;

#[derive(Clone, Debug)]
enum Step {
    Stake(AccountId, usize, Balance),
    Unstake(AccountId, usize, u32),
    Author(usize, u32),
    Session,
    Reward(Balance),
    Claim(AccountId),
    SetCommission(usize, u32),
    ClaimCommission(usize),
    Slash(usize, u32),
    Join(usize),
}

/// The owners, and five who only stake.
fn anybody() -> impl Strategy<Value = AccountId> {
    prop_oneof![1 => 1u64..=2, 4 => 4u64..=8]
}

fn step() -> impl Strategy<Value = Step> {
    let amount = (0u32..=18, 1u128..10).prop_map(|(zeros, digit)| digit * 10u128.pow(zeros));
    prop_oneof![
        6 => (anybody(), 0usize..2, amount).prop_map(|(who, to, amount)| Step::Stake(who, to, amount)),
        3 => (anybody(), 0usize..2, 1u32..=100).prop_map(|(who, to, part)| Step::Unstake(who, to, part)),
        5 => (0usize..2, 1u32..4).prop_map(|(who, blocks)| Step::Author(who, blocks)),
        3 => Just(Step::Session),
        4 => (1u128..10u128.pow(17)).prop_map(Step::Reward),
        4 => anybody().prop_map(Step::Claim),
        3 => (0usize..2, 0u32..=50).prop_map(|(of, percent)| Step::SetCommission(of, percent)),
        1 => (0usize..2).prop_map(Step::ClaimCommission),
        1 => (0usize..2, 0u32..=100).prop_map(|(of, percent)| Step::Slash(of, percent)),
        2 => (0usize..2).prop_map(Step::Join),
    ]
}

thread_local! {
    /// How often each step did something.
    static DONE: RefCell<BTreeMap<&'static str, u32>> = const { RefCell::new(BTreeMap::new()) };
}

/// Whether a call was made, and counts it if so.
fn made(name: &'static str, call: impl FnOnce() -> DispatchResult) -> bool {
    let made = with_storage_layer(call).is_ok();
    DONE.with_borrow_mut(|done| *done.entry(name).or_default() += u32::from(made));
    made
}

/// By validator and account what is active and what is pending, the session and the one
/// in which the round began, the blocks of the round, the commission and what it brought,
/// and what everybody earned, in units of 2⁻⁶⁴.
#[derive(Default)]
struct Model {
    session: u32,
    began: u32,
    active: [BTreeMap<AccountId, Balance>; 2],
    pending: [BTreeMap<AccountId, Balance>; 2],
    blocks: [u128; 2],
    carried: Balance,
    commission: [Perbill; 2],
    commissions: [Balance; 2],
    earned: BTreeMap<AccountId, U256>,
}

impl Model {
    fn staked(&self, who: AccountId, to: usize) -> Balance {
        let of = |stakes: &BTreeMap<_, _>| stakes.get(&who).copied().unwrap_or(0);
        of(&self.active[to]) + of(&self.pending[to])
    }

    fn stake(&mut self, who: AccountId, to: usize, amount: Balance) {
        *self.pending[to].entry(who).or_default() += amount;
    }

    fn unstake(&mut self, who: AccountId, to: usize, amount: Balance) {
        let pending = self.pending[to].entry(who).or_default();
        let first = amount.min(*pending);
        *pending -= first;
        *self.active[to].entry(who).or_default() -= amount - first;
    }

    /// Of the required self-stake so much, rounded up, and a tenth at least.
    fn slash(&mut self, of: usize, share: Perbill) {
        let parts = u128::from(share.max(Perbill::from_percent(10)).deconstruct());
        let asked = (SELF_STAKE * parts).div_ceil(1_000_000_000);
        let staked = self.staked(OWNERS[of], of);
        self.unstake(OWNERS[of], of, asked.min(staked));
    }

    /// The next round begins, with all active that was staked in an earlier session.
    fn round(&mut self) {
        if self.session > self.began {
            for to in 0..2 {
                for (who, amount) in std::mem::take(&mut self.pending[to]) {
                    *self.active[to].entry(who).or_default() += amount;
                }
            }
        }
        self.began = self.session;
        self.blocks = [0; 2];
    }

    fn reward(&mut self, amount: Balance) {
        self.share(amount);
        self.round();
    }

    fn share(&mut self, amount: Balance) {
        let all = |to: usize| self.active[to].values().sum::<Balance>();
        let points = [0, 1].map(|to| all(to) * self.blocks[to]);
        let amount = amount + std::mem::take(&mut self.carried);
        let total = points[0] + points[1];
        if total == 0 {
            self.carried = amount;
            return;
        }
        // The first to be touched is rounded down, the last gets the rest.
        let first = U256::from(amount) * U256::from(points[0]) / U256::from(total);
        let parts = [first, U256::from(amount) - first];
        for to in 0..2 {
            if points[to] == 0 {
                continue;
            }
            // Rounded down: what cannot be divided is the stakers'.
            let rate = U256::from(self.commission[to].deconstruct());
            let cut = parts[to] * rate / U256::from(1_000_000_000);
            self.commissions[to] += cut.as_u128();
            for (who, stake) in &self.active[to] {
                let share = ((parts[to] - cut) << SCALE) * U256::from(*stake) / U256::from(all(to));
                *self.earned.entry(*who).or_default() += share;
            }
        }
    }
}

/// The pallet beside the model.
#[derive(Default)]
struct Pair {
    model: Model,
    rewards: u32,
    /// Each of another session.
    offences: u32,
    claimed: BTreeMap<AccountId, Balance>,
    claimed_commissions: [Balance; 2],
    /// How often somebody's record went, and with it what was less than a unit.
    forgotten: BTreeMap<AccountId, u32>,
}

impl Pair {
    /// Does something that may remove the record of `who`.
    fn remembering<R>(&mut self, who: AccountId, act: impl FnOnce(&mut Self) -> R) -> R {
        let before = Stakers::<Test>::contains_key(who);
        let result = act(self);
        if before && !Stakers::<Test>::contains_key(who) {
            *self.forgotten.entry(who).or_default() += 1;
        }
        result
    }

    /// Lets time pass and all leave that has unbonded.
    fn withdraw(&mut self, who: AccountId) {
        forward(UNBONDING);
        self.remembering(who, |_| {
            let _ = with_storage_layer(|| Delegation::withdraw(signed(who)).map_err(|e| e.error));
        });
    }

    /// Claims all that `who` can and holds what it has ever claimed against the model.
    fn claim(&mut self, who: AccountId) -> Result<(), TestCaseError> {
        // Fractions from both validators may come to a unit only with the third.
        let got: Balance = self.remembering(who, |_| {
            [VAL_A, VAL_B, VAL_A]
                .map(|validator| claim(who, validator))
                .into_iter()
                .sum()
        });
        let claimed = self.claimed.entry(who).or_default();
        *claimed += got;
        let claimed = *claimed;
        let earned = self.model.earned.get(&who).copied().unwrap_or_default();
        let scaled = U256::from(claimed) << SCALE;
        // The model itself lost less than this to rounding.
        let slack = U256::from(self.rewards * 2 + 2);
        prop_assert!(
            scaled <= earned + slack,
            "{who} got more than {earned} / 2^64: {claimed}"
        );
        let units = 1 + self.forgotten.get(&who).copied().unwrap_or(0);
        prop_assert!(
            scaled + (U256::from(units) << SCALE) + slack > earned,
            "{who} lost a unit of {earned} / 2^64: {claimed}"
        );
        Ok(())
    }

    fn claim_commission(&mut self, of: usize) -> Result<(), TestCaseError> {
        let owner = OWNERS[of];
        let due = self.model.commissions[of] - self.claimed_commissions[of];
        let made = made("claim_commission", || {
            Delegation::claim_commission(signed(owner), VALIDATORS[of])
        });
        prop_assert_eq!(made, due > 0, "a commission is exact");
        if made {
            self.claimed_commissions[of] += due;
        }
        Ok(())
    }

    fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Stake(who, to, amount) => {
                self.withdraw(who);
                if made("stake", || {
                    Delegation::stake(signed(who), VALIDATORS[to], amount)
                }) {
                    self.model.stake(who, to, amount);
                }
            }
            Step::Unstake(who, to, part) => {
                let amount = (self.model.staked(who, to) * u128::from(part)).div_ceil(100);
                // It stays unbonding until its account is next in such a step.
                self.withdraw(who);
                if made("unstake", || {
                    Delegation::unstake(signed(who), VALIDATORS[to], amount)
                }) {
                    self.model.unstake(who, to, amount);
                }
            }
            Step::Author(to, blocks) => {
                author(VALIDATORS[to], blocks);
                self.model.blocks[to] += u128::from(blocks);
            }
            Step::Session => {
                next_session();
                self.model.session += 1;
            }
            Step::Reward(amount) => {
                reward(amount);
                self.model.reward(amount);
                self.rewards += 1;
                // The first of the round is touched before the last.
                for (to, validator) in VALIDATORS.into_iter().enumerate() {
                    author(validator, 1);
                    self.model.blocks[to] += 1;
                }
            }
            Step::Claim(who) => self.claim(who)?,
            Step::SetCommission(of, percent) => {
                let commission = Perbill::from_percent(percent);
                if made("set_commission", || {
                    Delegation::set_commission(signed(OWNERS[of]), VALIDATORS[of], commission)
                }) {
                    self.model.commission[of] = commission;
                }
            }
            Step::ClaimCommission(of) => self.claim_commission(of)?,
            Step::Slash(of, percent) => {
                let share = Perbill::from_percent(percent);
                self.offences += 1;
                let session = self.offences;
                self.remembering(OWNERS[of], |pair| {
                    made("slash", || {
                        match Delegation::slash(&VALIDATORS[of], session, share) {
                            0 => Err(sp_runtime::DispatchError::Unavailable),
                            _ => Ok(()),
                        }
                    });
                    pair.model.slash(of, share);
                });
            }
            Step::Join(of) => {
                let owner = OWNERS[of];
                let missing = SELF_STAKE.saturating_sub(self.model.staked(owner, of));
                let commission = self.model.commission[of];
                if made("join", || {
                    Delegation::join(signed(owner), VALIDATORS[of], missing, commission)
                }) {
                    self.model.stake(owner, of, missing);
                }
            }
        }
        for who in OWNERS.into_iter().chain(4..=8) {
            for (to, validator) in VALIDATORS.iter().enumerate() {
                let staked = Delegation::staked_to(&Stakers::<Test>::get(who), validator);
                prop_assert_eq!(staked, Ok(self.model.staked(who, to)));
            }
        }
        Ok(())
    }
}

fn sequence(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let commission = [Perbill::from_percent(10), Perbill::zero()];
    let candidates = vec![
        (VAL_A, OWNER_A, SELF_STAKE, commission[0]),
        (VAL_B, OWNER_B, SELF_STAKE * 7, commission[1]),
    ];
    genesis(candidates).execute_with(|| {
        let mut pair = Pair::default();
        pair.model.commission = commission;
        pair.model.active[0].insert(OWNER_A, SELF_STAKE);
        pair.model.active[1].insert(OWNER_B, SELF_STAKE * 7);
        for step in steps {
            pair.step(step)?;
        }
        for who in OWNERS.into_iter().chain(4..=8) {
            pair.claim(who)?;
        }
        for of in 0..2 {
            pair.claim_commission(of)?;
        }
        assert_ok!(Delegation::do_try_state());
        Ok(())
    })
}

#[test]
fn what_an_account_claims_is_less_than_a_unit_below_the_model() {
    // The same sequences at each run.
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig::with_cases(512),
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    runner
        .run(&prop::collection::vec(step(), 20..100), sequence)
        .expect("every claim agrees with the model");
    DONE.with_borrow(|done| {
        println!("{done:?}");
        assert!(
            done.len() == 6 && done.values().all(|done| *done > 100),
            "each call was made: {done:?}"
        );
    });
}

/// The twin: a model that forgets a commission, or a slash, is found out.
#[test]
fn the_model_tells_a_unit_from_none() {
    genesis(two()).execute_with(|| {
        let mut pair = Pair::default();
        pair.model.active[0].insert(OWNER_A, SELF_STAKE);
        pair.model.active[1].insert(OWNER_B, SELF_STAKE);
        for step in [
            Step::Stake(ALICE, 0, 333),
            Step::Session,
            Step::Reward(1),
            Step::Author(0, 1),
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
