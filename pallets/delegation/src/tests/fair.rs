// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Stake is paid by its amount and by the rounds it was there for, and by nothing else:
//! not by where sessions begin, and not by when it came and left.

use crate::{Balance, mock::*};
use frame_support::assert_ok;
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use sp_core::U256;
use sp_runtime::Perbill;
use std::collections::BTreeMap;

/// Two validators author one block after the other, and a reward comes every ten blocks,
/// at each distance from the session's beginning. Were points counted from that on, the
/// small validator's stakers would get up to nine times as much for a unit.
#[test]
fn where_sessions_begin_moves_no_pay_between_validators() {
    for distance in 0..10 {
        let candidates = vec![
            (VAL_A, OWNER_A, SELF_STAKE, Perbill::zero()),
            (VAL_B, OWNER_B, 9 * SELF_STAKE, Perbill::zero()),
        ];
        genesis(candidates).execute_with(|| {
            for block in 0..400 {
                if block % 10 == 0 {
                    next_session();
                }
                author([VAL_A, VAL_B][block % 2], 1);
                if block == distance {
                    next_round();
                } else if block % 10 == distance {
                    reward(10_000_000);
                }
            }
            let pay = [claim(OWNER_A, VAL_A), claim(OWNER_B, VAL_B)];
            assert_eq!(pay[1], 9 * pay[0], "{distance} blocks after");
            check();
        });
    }
}

/// Who has the same stake with `VAL_A` all the time.
const STEADY: AccountId = ALICE;
const STEADY_STAKE: Balance = 10u128.pow(12);

#[derive(Clone, Debug)]
enum Step {
    Author(usize, u32),
    Session,
    Reward(Balance),
    Enter(AccountId, Balance),
    Exit(AccountId),
}

fn step() -> impl Strategy<Value = Step> {
    let rival = 5u64..=8;
    prop_oneof![
        5 => (0usize..2, 1u32..4).prop_map(|(who, blocks)| Step::Author(who, blocks)),
        3 => Just(Step::Session),
        4 => (10u128.pow(12)..10u128.pow(15)).prop_map(Step::Reward),
        4 => (rival.clone(), 1..STEADY_STAKE).prop_map(|(who, amount)| Step::Enter(who, amount)),
        2 => rival.prop_map(Step::Exit),
    ]
}

/// What somebody has with `VAL_A`, who comes and leaves as it likes.
#[derive(Default)]
struct Rival {
    /// Amounts, each with the session in which the round began that it came in.
    stakes: Vec<(Balance, u32)>,
    /// What the steady staker would have got, times its stake.
    expected: U256,
    /// How far rounding may have moved that, in units.
    slack: u128,
}

/// What everybody gets, beside the steady staker in the rounds that they were there for.
#[derive(Default)]
struct Field {
    rivals: BTreeMap<AccountId, Rival>,
    session: u32,
    began: u32,
    before: Balance,
}

impl Field {
    fn step(&mut self, step: Step) {
        match step {
            Step::Author(who, blocks) => author([VAL_A, VAL_B][who], blocks),
            Step::Session => {
                next_session();
                self.session += 1;
            }
            Step::Enter(who, amount) => {
                forward(UNBONDING);
                let _ = Delegation::withdraw(signed(who));
                stake(who, VAL_A, amount);
                let rival = self.rivals.entry(who).or_default();
                rival.stakes.push((amount, self.began));
            }
            Step::Exit(who) => {
                let rival = self.rivals.entry(who).or_default();
                let all: Balance = rival.stakes.drain(..).map(|(amount, _)| amount).sum();
                // With its record goes what is less than a unit.
                rival.slack += 1;
                if all > 0 {
                    forward(UNBONDING);
                    let _ = Delegation::withdraw(signed(who));
                    unstake(who, VAL_A, all);
                }
            }
            Step::Reward(amount) => {
                reward(amount);
                let earned = Delegation::claimable(STEADY, VAL_A);
                let gained = earned - self.before;
                self.before = earned;
                for rival in self.rivals.values_mut() {
                    let there = rival.stakes.iter().filter(|(_, came)| *came < self.began);
                    let all: Balance = there.map(|(amount, _)| amount).sum();
                    rival.expected += U256::from(all) * U256::from(gained);
                    // The steady staker's gain is rounded, at both ends.
                    rival.slack += all / STEADY_STAKE + 1;
                }
                self.began = self.session;
            }
        }
    }

    fn check(&self) -> Result<(), TestCaseError> {
        for (who, rival) in &self.rivals {
            let got = U256::from(Delegation::claimable(*who, VAL_A));
            let stake = U256::from(STEADY_STAKE);
            let off = (got * stake).max(rival.expected) - (got * stake).min(rival.expected);
            prop_assert!(
                off <= U256::from(rival.slack + 1) * stake,
                "{who} got {got}, and a steady staker {} for its stake and rounds",
                rival.expected / stake
            );
        }
        Ok(())
    }
}

fn field() -> sp_io::TestExternalities {
    let mut ext = genesis(two());
    ext.execute_with(|| {
        stake(STEADY, VAL_A, STEADY_STAKE);
        activate();
    });
    ext
}

#[test]
fn a_unit_of_stake_gets_the_same_as_any_other_in_each_round_it_was_there_for() {
    // The same sequences at each run.
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig::with_cases(256),
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let run = |steps: Vec<Step>| {
        field().execute_with(|| {
            let mut field = Field {
                session: 1,
                began: 1,
                ..Field::default()
            };
            for step in steps {
                field.step(step);
            }
            field.check()?;
            assert_ok!(Delegation::do_try_state());
            Ok(())
        })
    };
    runner
        .run(&prop::collection::vec(step(), 50..150), run)
        .expect("nobody gains by its timing");
}

/// The rival is there only while a reward comes: from just before it, to just after.
#[test]
fn stake_that_comes_for_a_reward_gets_nothing_of_it() {
    field().execute_with(|| {
        let mut paid = 0;
        for _ in 0..10 {
            author(VAL_A, 4);
            next_session();
            author(VAL_A, 4);
            stake(BOB, VAL_A, STEADY_STAKE);
            reward(10u128.pow(12));
            unstake(BOB, VAL_A, STEADY_STAKE);
            paid += claim(BOB, VAL_A);
            forward(UNBONDING);
            assert_ok!(Delegation::withdraw(signed(BOB)));
        }
        assert_eq!(paid, 0);
        // The twin: who stays for a whole round is paid for it.
        stake(BOB, VAL_A, STEADY_STAKE);
        next_session();
        reward(1);
        author(VAL_A, 1);
        reward(10u128.pow(12));
        let own = claim(BOB, VAL_A);
        assert!(own.abs_diff(10u128.pow(12) / 2) < 1_000, "{own}");
    });
}
