// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What stakers earn over random stakes, blocks, sessions and rewards, against a
//! model that goes through every staker at every block.

use crate::{Balance, Stakers, mock::*};
use frame_support::assert_ok;
use proptest::prelude::*;
use sp_core::U256;
use sp_runtime::Perbill;
use std::collections::BTreeMap;

const VALIDATORS: [AccountId; 2] = [VAL_A, VAL_B];
/// The model counts in this part of a unit, rounding each share down to it.
const SCALE: u32 = 64;

#[derive(Clone, Debug)]
enum Step {
    Stake(AccountId, usize, Balance),
    Unstake(AccountId, usize, u32),
    Author(usize, u32),
    Session,
    Reward(Balance),
}

fn step() -> impl Strategy<Value = Step> {
    let amount = (0u32..=18, 1u128..10).prop_map(|(zeros, digit)| digit * 10u128.pow(zeros));
    prop_oneof![
        4 => (4u64..=8, 0usize..2, amount).prop_map(|(who, to, amount)| Step::Stake(who, to, amount)),
        2 => (4u64..=8, 0usize..2, 1u32..=100).prop_map(|(who, to, part)| Step::Unstake(who, to, part)),
        4 => (0usize..2, 1u32..4).prop_map(|(who, blocks)| Step::Author(who, blocks)),
        2 => Just(Step::Session),
        3 => (1u128..10u128.pow(17)).prop_map(Step::Reward),
    ]
}

/// By validator and account what is active and what is pending, the blocks of the
/// running round, and what everybody earned, in units of 2⁻⁶⁴.
#[derive(Default)]
struct Model {
    active: [BTreeMap<AccountId, Balance>; 2],
    pending: [BTreeMap<AccountId, Balance>; 2],
    blocks: [u128; 2],
    carried: Balance,
    earned: BTreeMap<(AccountId, usize), U256>,
}

impl Model {
    fn staked(&self, who: AccountId, to: usize) -> Balance {
        let of = |stakes: &BTreeMap<_, _>| stakes.get(&who).copied().unwrap_or(0);
        of(&self.active[to]) + of(&self.pending[to])
    }

    fn unstake(&mut self, who: AccountId, to: usize, amount: Balance) {
        let pending = self.pending[to].entry(who).or_default();
        let first = amount.min(*pending);
        *pending -= first;
        *self.active[to].entry(who).or_default() -= amount - first;
    }

    fn session(&mut self) {
        for to in 0..2 {
            for (who, amount) in std::mem::take(&mut self.pending[to]) {
                *self.active[to].entry(who).or_default() += amount;
            }
        }
        self.blocks = [0; 2];
    }

    fn reward(&mut self, amount: Balance) {
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
            for (who, stake) in &self.active[to] {
                if points[to] > 0 {
                    let share = (parts[to] << SCALE) * U256::from(*stake) / U256::from(all(to));
                    let earned = self.earned.entry((*who, to)).or_default();
                    *earned += share;
                }
            }
        }
        self.blocks = [0; 2];
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_an_account_claims_is_less_than_a_unit_below_the_model(
        steps in prop::collection::vec(step(), 20..60),
    ) {
        let candidates = vec![
            (VAL_A, OWNER_A, SELF_STAKE, Perbill::zero()),
            (VAL_B, OWNER_B, SELF_STAKE * 7, Perbill::zero()),
        ];
        genesis(candidates).execute_with(|| {
            let mut model = Model::default();
            model.active[0].insert(OWNER_A, SELF_STAKE);
            model.active[1].insert(OWNER_B, SELF_STAKE * 7);
            let mut rewards = 0u32;
            // Whose record went, and with it what was less than a unit.
            let mut forgotten = BTreeMap::<AccountId, u32>::new();
            for step in steps {
                match step {
                    Step::Stake(who, to, amount) => {
                        // All that has unbonded leaves, and its record with the last.
                        forward(UNBONDING);
                        let withdrawn = Delegation::withdraw(signed(who));
                        if withdrawn.is_ok() && !Stakers::<Test>::contains_key(who) {
                            *forgotten.entry(who).or_default() += 1;
                        }
                        stake(who, VALIDATORS[to], amount);
                        *model.pending[to].entry(who).or_default() += amount;
                    }
                    Step::Unstake(who, to, part) => {
                        let amount = (model.staked(who, to) * u128::from(part)).div_ceil(100);
                        if amount > 0 {
                            // It still has stake, so its record stays.
                            forward(UNBONDING);
                            let _ = Delegation::withdraw(signed(who));
                            unstake(who, VALIDATORS[to], amount);
                            model.unstake(who, to, amount);
                        }
                    }
                    Step::Author(to, blocks) => {
                        author(VALIDATORS[to], blocks);
                        model.blocks[to] += u128::from(blocks);
                    }
                    Step::Session => {
                        next_session();
                        model.session();
                    }
                    Step::Reward(amount) => {
                        reward(amount);
                        model.reward(amount);
                        rewards += 1;
                        // The first of the round is touched before the last.
                        for (to, validator) in VALIDATORS.into_iter().enumerate() {
                            author(validator, 1);
                            model.blocks[to] += 1;
                        }
                    }
                }
            }
            let mut owed: BTreeMap<AccountId, U256> = BTreeMap::new();
            for ((who, _), earned) in &model.earned {
                let sum = owed.entry(*who).or_default();
                *sum += *earned;
            }
            for (who, earned) in owed {
                // Fractions from both validators may come to a unit only with the
                // third claim.
                let got: Balance = [VAL_A, VAL_B, VAL_A]
                    .map(|validator| claim(who, validator))
                    .into_iter()
                    .sum();
                let scaled = U256::from(got) << SCALE;
                // The model itself lost less than this to rounding.
                let slack = U256::from(rewards * 2 + 2);
                prop_assert!(scaled <= earned + slack, "{} got more than {} / 2^64", who, earned);
                let units = 1 + forgotten.get(&who).copied().unwrap_or(0);
                prop_assert!(
                    scaled + (U256::from(units) << SCALE) + slack > earned,
                    "{} lost a unit of {} / 2^64", who, earned
                );
            }
            assert_ok!(Delegation::do_try_state());
            Ok(())
        })?;
    }
}
