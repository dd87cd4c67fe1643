// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What an account can do: make a call, and give NI away.

use ni_runtime::{AccountId, Balance, Balances, RuntimeCall, RuntimeOrigin};
use pallet_balances::Call as BalancesCall;
use sp_runtime::traits::Dispatchable;

/// Makes a call as `who`, and says whether it succeeded.
pub(crate) fn call(who: &AccountId, call: impl Into<RuntimeCall>) -> bool {
    call.into()
        .dispatch(RuntimeOrigin::signed(who.clone()))
        .is_ok()
}

/// What an account can give away and stay alive.
pub(crate) fn spendable(who: &AccountId) -> Balance {
    Balances::usable_balance(who).saturating_sub(ni_runtime::EXISTENTIAL_DEPOSIT)
}

/// Gives `amount` of NI away.
pub(crate) fn give(from: &AccountId, to: &AccountId, amount: Balance) -> bool {
    call(
        from,
        BalancesCall::transfer_keep_alive {
            dest: to.clone().into(),
            value: amount,
        },
    )
}
