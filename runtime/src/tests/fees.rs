// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

use super::chain::{Chain, signed, sum_of_balances};
use crate::{
    AccountId, Balance, Balances, EXISTENTIAL_DEPOSIT, NI, RuntimeCall, RuntimeEvent, Supply,
    TransactionPayment,
    configs::{economy::ComputeFee, system::BlockWeights},
};
use frame_support::{
    assert_ok,
    dispatch::DispatchClass,
    weights::{Weight, WeightToFee},
};
use pallet_supply::{BurnSource, Event as SupplyEvent};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};
use sp_runtime::FixedPointNumber;

fn free(account: AccountId) -> Balance {
    Balances::free_balance(account)
}

fn transfer(value: Balance) -> RuntimeCall {
    pallet_balances::Call::transfer_allow_death {
        dest: Charlie.to_account_id().into(),
        value,
    }
    .into()
}

/// What the latest block burned from `source`.
fn burned(chain: &mut Chain, source: BurnSource) -> Balance {
    chain
        .events()
        .into_iter()
        .map(|event| match event {
            RuntimeEvent::Supply(SupplyEvent::Burned { source: of, amount }) if of == source => {
                amount
            }
            _ => 0,
        })
        .sum()
}

#[test]
fn the_fee_is_burned_and_the_tip_goes_to_the_author() {
    let mut chain = Chain::new("development");
    let tip = 3 * NI;
    let (author, payer) = chain.with(|| (free(Alice.to_account_id()), free(Bob.to_account_id())));
    assert_eq!(
        chain.block(|| vec![signed(Bob, 0, tip, transfer(NI))]),
        [Ok(Ok(()))]
    );
    let fee = burned(&mut chain, BurnSource::TransactionFees);
    chain.with(|| {
        assert!(fee > 0);
        assert_eq!(free(Alice.to_account_id()), author + tip);
        assert_eq!(free(Bob.to_account_id()), payer - tip - fee - NI);
        assert_eq!(Supply::burned(), fee);
        assert_eq!(Balances::total_issuance(), Supply::minted() - fee);
        assert_eq!(sum_of_balances(), Balances::total_issuance());
    });
}

#[test]
fn without_a_tip_the_author_gets_nothing() {
    let mut chain = Chain::new("development");
    let author = chain.with(|| free(Alice.to_account_id()));
    assert_eq!(
        chain.block(|| vec![signed(Bob, 0, 0, transfer(NI))]),
        [Ok(Ok(()))]
    );
    chain.with(|| assert_eq!(free(Alice.to_account_id()), author));
}

#[test]
fn dust_is_burned_as_dust() {
    let mut chain = Chain::new("development");
    let poor = AccountId::new([7; 32]);
    let fund = pallet_balances::Call::transfer_keep_alive {
        dest: poor.clone().into(),
        value: EXISTENTIAL_DEPOSIT,
    };
    assert_eq!(chain.block(|| vec![signed(Bob, 0, 0, fund)]), [Ok(Ok(()))]);
    let before = chain.with(Balances::total_issuance);
    chain.with(|| {
        frame_system::Pallet::<crate::Runtime>::reset_events();
        // One unit leaves the account, and the rest is too little to keep.
        assert_ok!(Balances::transfer_allow_death(
            crate::RuntimeOrigin::signed(poor),
            Charlie.to_account_id().into(),
            1
        ));
        assert_eq!(
            Balances::total_issuance(),
            before - (EXISTENTIAL_DEPOSIT - 1)
        );
    });
    assert_eq!(
        burned(&mut chain, BurnSource::Dust),
        EXISTENTIAL_DEPOSIT - 1
    );
}

#[test]
fn a_second_of_compute_costs_one_ni_rounded_up() {
    let second = 1_000_000_000_000;
    assert_eq!(
        ComputeFee::weight_to_fee(&Weight::from_parts(second, 0)),
        NI
    );
    assert_eq!(ComputeFee::weight_to_fee(&Weight::from_parts(1, 0)), 1);
    assert_eq!(ComputeFee::weight_to_fee(&Weight::zero()), 0);
}

#[test]
fn fees_rise_in_full_blocks_and_never_fall_below_the_base() {
    use sp_runtime::traits::Convert;
    type Update = <crate::Runtime as pallet_transaction_payment::Config>::FeeMultiplierUpdate;
    let mut chain = Chain::new("development");
    chain.with(|| {
        let one = TransactionPayment::next_fee_multiplier();
        assert_eq!(one, pallet_transaction_payment::Multiplier::from_u32(1));
        assert_eq!(Update::convert(one), one, "an empty block");
        let normal = BlockWeights::get()
            .get(DispatchClass::Normal)
            .max_total
            .unwrap();
        frame_system::Pallet::<crate::Runtime>::set_block_consumed_resources(normal, 0);
        assert!(Update::convert(one) > one, "a full block");
        assert!(Update::convert(one) - one < FixedPointNumber::saturating_from_rational(1, 1_000));
    });
}
