// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Random steps through the pallet, every invariant checked after each, and at the
//! end that all that was paid in is paid out or in the pot.

use crate::{Balance, CurrentState, Stakers, ValidatorRecords, mock::*};
use frame_support::{storage::with_storage_layer, traits::fungible::Inspect};
use proptest::{
    prelude::*,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use sp_runtime::Perbill;
use std::{cell::RefCell, collections::BTreeMap};

/// One thing that can happen.
#[derive(Clone, Debug)]
enum Step {
    Join {
        owner: AccountId,
        amount: Balance,
        percent: u32,
    },
    Leave {
        owner: AccountId,
    },
    Stake {
        who: AccountId,
        hotkey: AccountId,
        amount: Balance,
    },
    Unstake {
        who: AccountId,
        hotkey: AccountId,
        part: u32,
    },
    Withdraw {
        who: AccountId,
    },
    Claim {
        who: AccountId,
        hotkey: AccountId,
    },
    Commission {
        owner: AccountId,
        percent: u32,
    },
    ClaimCommission {
        owner: AccountId,
    },
    Author {
        hotkey: AccountId,
        blocks: u32,
    },
    Session,
    Reward {
        amount: Balance,
    },
    Slash {
        hotkey: AccountId,
        percent: u32,
    },
    Forward {
        blocks: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let who = 1u64..=7;
    let hotkey = 11u64..=14;
    let amount = (0u32..=18, 1u128..10).prop_map(|(zeros, digit)| digit * 10u128.pow(zeros));
    prop_oneof![
        2 => (1u64..=4, 900u128..3_000, 0u32..16).prop_map(|(owner, amount, percent)| Step::Join { owner, amount, percent }),
        1 => (1u64..=4).prop_map(|owner| Step::Leave { owner }),
        8 => (who.clone(), hotkey.clone(), amount).prop_map(|(who, hotkey, amount)| Step::Stake { who, hotkey, amount }),
        7 => (who.clone(), hotkey.clone(), 1u32..=110).prop_map(|(who, hotkey, part)| Step::Unstake { who, hotkey, part }),
        2 => who.clone().prop_map(|who| Step::Withdraw { who }),
        5 => (who, hotkey.clone()).prop_map(|(who, hotkey)| Step::Claim { who, hotkey }),
        1 => (1u64..=2, 0u32..17).prop_map(|(owner, percent)| Step::Commission { owner, percent }),
        2 => (1u64..=2).prop_map(|owner| Step::ClaimCommission { owner }),
        8 => (hotkey.clone(), 1u32..5).prop_map(|(hotkey, blocks)| Step::Author { hotkey, blocks }),
        4 => Just(Step::Session),
        5 => prop_oneof![1u128..10, 1u128..10u128.pow(17)].prop_map(|amount| Step::Reward { amount }),
        1 => (hotkey, 0u32..=100).prop_map(|(hotkey, percent)| Step::Slash { hotkey, percent }),
        3 => (1u64..200).prop_map(|blocks| Step::Forward { blocks }),
    ]
}

thread_local! {
    /// How often each step was tried, and how often it did something.
    static COUNTS: RefCell<BTreeMap<&'static str, (u32, u32)>> = const { RefCell::new(BTreeMap::new()) };
}

fn count(name: &'static str, done: bool) {
    COUNTS.with_borrow_mut(|counts| {
        let (tried, did) = counts.entry(name).or_default();
        *tried += 1;
        *did += u32::from(done);
    });
}

/// Does a step; what was paid in by it.
fn run(step: Step) -> Balance {
    let call = |name, call: &dyn Fn() -> sp_runtime::DispatchResult| {
        count(name, with_storage_layer(call).is_ok());
        0
    };
    match step {
        Step::Join {
            owner,
            amount,
            percent,
        } => call("join", &|| {
            let percent = Perbill::from_percent(percent);
            Delegation::join(signed(owner), owner + 10, amount, percent)
        }),
        Step::Leave { owner } => call("leave", &|| Delegation::leave(signed(owner), owner + 10)),
        Step::Stake {
            who,
            hotkey,
            amount,
        } => call("stake", &|| Delegation::stake(signed(who), hotkey, amount)),
        Step::Unstake { who, hotkey, part } => call("unstake", &|| {
            let staker = Stakers::<Test>::get(who);
            let staked = Delegation::staked_to(&staker, &hotkey)?;
            Delegation::unstake(
                signed(who),
                hotkey,
                (staked * u128::from(part)).div_ceil(100),
            )
        }),
        Step::Withdraw { who } => call("withdraw", &|| {
            Delegation::withdraw(signed(who))
                .map(|_| ())
                .map_err(|error| error.error)
        }),
        Step::Claim { who, hotkey } => {
            let claimable = Delegation::claimable(who, hotkey);
            let before = Balances::balance(&who);
            call("claim", &|| Delegation::claim(signed(who), hotkey));
            assert_eq!(Balances::balance(&who) - before, claimable);
            0
        }
        Step::Commission { owner, percent } => call("set_commission", &|| {
            let percent = Perbill::from_percent(percent);
            Delegation::set_commission(signed(owner), owner + 10, percent)
        }),
        Step::ClaimCommission { owner } => call("claim_commission", &|| {
            Delegation::claim_commission(signed(owner), owner + 10)
        }),
        Step::Author { hotkey, blocks } => {
            count("author", ValidatorRecords::<Test>::contains_key(hotkey));
            author(hotkey, blocks);
            0
        }
        Step::Session => {
            next_session();
            0
        }
        Step::Reward { amount } => {
            reward(amount);
            amount
        }
        Step::Slash { hotkey, percent } => {
            let session = CurrentState::<Test>::get().session;
            let taken = Delegation::slash(&hotkey, session, Perbill::from_percent(percent));
            count("slash", taken > 0);
            0
        }
        Step::Forward { blocks } => {
            forward(blocks);
            0
        }
    }
}

fn sequence(steps: Vec<Step>) {
    let candidates = two()
        .into_iter()
        .map(|(hotkey, owner, self_stake, _)| {
            (hotkey, owner, self_stake, Perbill::from_percent(10))
        })
        .collect();
    genesis(candidates).execute_with(|| {
        let mut paid_in = 0;
        for step in steps {
            let named = format!("{step:?}");
            paid_in += run(step);
            if let Err(error) = Delegation::do_try_state() {
                panic!("after {named}: {error:?}");
            }
        }
        let paid = || {
            (1..=9)
                .map(|who| Balances::balance(&who) - ED)
                .sum::<Balance>()
        };
        assert_eq!(paid() + pot(), paid_in, "all is paid out or in the pot");
        // Everybody settles and claims: what is left is less than a unit for each
        // delegation and what nobody had points for.
        for hotkey in 11..=14 {
            author(hotkey, 1);
        }
        for who in 1..=7 {
            for hotkey in 11..=14 {
                claim(who, hotkey);
            }
        }
        for owner in 1..=7 {
            let _ = with_storage_layer(|| Delegation::claim_commission(signed(owner), owner + 10));
        }
        let commissions: Balance = ValidatorRecords::<Test>::iter_values()
            .map(|record| record.commission_due)
            .sum();
        let open: Balance = crate::Rounds::<Test>::iter_values()
            .map(|round| round.amount_left)
            .sum();
        let owed = commissions + open + Delegation::state().carried;
        assert!(pot() >= owed, "never insolvent");
        assert!(pot() - owed <= 200, "{} is owed to nobody", pot() - owed);
        check();
    });
}

#[test]
fn random_sequences_keep_every_invariant() {
    let cases = std::env::var("SEQUENCES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(32);
    // The same sequences at each run; SEQUENCES asks for more of them.
    let mut runner = TestRunner::new_with_rng(
        ProptestConfig::with_cases(cases),
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    runner
        .run(&prop::collection::vec(step(), 100..200), |steps| {
            sequence(steps);
            Ok(())
        })
        .expect("every sequence keeps the invariants");
    COUNTS.with_borrow(|counts| {
        println!("{counts:?}");
        for (name, (tried, did)) in counts {
            assert!(*did > 0, "{name} never did anything in {tried} times");
        }
        assert_eq!(counts.len(), 10);
    });
}
