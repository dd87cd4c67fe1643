// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Random steps through the pallet, every invariant checked after each.

use crate::{ByTier, Tier, VerifiedResult, mock::*};
use proptest::prelude::*;
use sp_runtime::{FixedU128, Perbill};

/// One thing that can happen.
#[derive(Clone, Debug)]
enum Step {
    Note {
        hotkey: AccountId,
        gpu: u32,
        mops: u64,
        confirmed: bool,
    },
    Pay {
        hotkey: AccountId,
        gpu: u32,
    },
    Claim {
        hotkey: AccountId,
        gpu: u32,
    },
    Settle {
        blocks: u64,
    },
    Fees {
        amount: Balance,
    },
    Bonds {
        amount: Balance,
    },
    Cap {
        left: Balance,
    },
    Stakers {
        percent: u32,
    },
    Reference {
        mops: u128,
    },
    Table {
        first: u64,
        rows: u32,
    },
    Source {
        works: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let gpu = (0u64..6, 0u32..2);
    prop_oneof![
        8 => (gpu.clone(), 1u64..60_000, any::<bool>()).prop_map(
            |((hotkey, gpu), mops, confirmed)| Step::Note { hotkey, gpu, mops, confirmed }
        ),
        2 => gpu.clone().prop_map(|(hotkey, gpu)| Step::Pay { hotkey, gpu }),
        2 => gpu.prop_map(|(hotkey, gpu)| Step::Claim { hotkey, gpu }),
        4 => prop_oneof![0u64..2_000, 0u64..10_000_000].prop_map(|blocks| Step::Settle { blocks }),
        1 => (0..10_000 * NI).prop_map(|amount| Step::Fees { amount }),
        1 => prop_oneof![0..1_000u128, 0..1_000_000 * NI].prop_map(|amount| Step::Bonds { amount }),
        1 => (0..2_000 * NI).prop_map(|left| Step::Cap { left }),
        1 => (0u32..=100).prop_map(|percent| Step::Stakers { percent }),
        1 => (1u128..1_000_000).prop_map(|mops| Step::Reference { mops }),
        1 => (1u64..5_000, 1u32..=4).prop_map(|(first, rows)| Step::Table { first, rows }),
        1 => prop::bool::weighted(0.8).prop_map(|works| Step::Source { works }),
    ]
}

fn table(first: u64, rows: u32) -> ByTier<Tier> {
    let rows = (0..rows).map(|row| Tier {
        introduced_at: System::block_number(),
        multiplier: FixedU128::from_rational(u128::from(row) + 1, 2),
        mops_per_gbps: if row == 0 { 0 } else { 10 + row },
        ..tier(first * (1 + u64::from(row)), 1, 40 - row, 30_000)
    });
    rows.collect::<Vec<_>>()
        .try_into()
        .expect("at most four rows")
}

fn take(step: Step, window: &mut u32) {
    match step {
        Step::Note {
            hotkey,
            gpu,
            mops,
            confirmed,
        } => {
            let result = revealed(hotkey, *window, mops);
            Emission::note_result(&VerifiedResult {
                gpu,
                confirmed,
                ..result
            });
        }
        Step::Pay { hotkey, gpu } => Emission::pay_pending(&hotkey, gpu),
        Step::Claim { hotkey, gpu } => {
            let due = Emission::pending_pay(&hotkey, gpu);
            let before = earned(hotkey);
            let claimed = Emission::claim(RuntimeOrigin::signed(ANYBODY), hotkey, gpu);
            let got = earned(hotkey) - before;
            assert_eq!(got, if claimed.is_ok() { due } else { 0 }, "{claimed:?}");
        }
        Step::Settle { blocks } => {
            let minted = Minted::get();
            settle_after(*window, blocks);
            let failed = KeptBack::get().is_err();
            assert!(!failed || Minted::get() == minted);
            assert!(Minted::get() <= Cap::get());
            *window += 1;
        }
        Step::Fees { amount } => {
            let left = Cap::get() - Minted::get();
            fund_pool(amount.min(left));
        }
        Step::Bonds { amount } => Bond::set(amount),
        Step::Cap { left } => Cap::set(Minted::get() + left),
        Step::Stakers { percent } => {
            Parameters::mutate(|all| all.stakers_share = Perbill::from_percent(percent));
        }
        Step::Reference { mops } => Parameters::mutate(|all| all.reference_weight = mops * MOPS),
        Step::Table { first, rows } => {
            Emission::set_tiers(RuntimeOrigin::root(), table(first, rows)).expect("in order");
        }
        Step::Source { works } => {
            let refused = Err(sp_runtime::DispatchError::Unavailable);
            KeptBack::set(if works { Ok(0) } else { refused });
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_invariant_holds_after_every_step(steps in prop::collection::vec(step(), 1..150)) {
        genesis(tiers()).execute_with(|| {
            let mut window = 1;
            for step in steps {
                take(step, &mut window);
                check();
            }
        });
    }
}
