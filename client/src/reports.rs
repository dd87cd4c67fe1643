// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the chain's `TokenomicsApi` answers, each with the fields that are used.
//!
//! Amounts are in the smallest unit of what they are of; prices are NI for a unit
//! of an asset, both in their smallest units, times 10¹⁸.

use std::collections::BTreeMap;

use subxt::ext::{
    scale_decode::DecodeAsType,
    scale_encode::EncodeAsType,
    scale_value::{Composite, Primitive, Value, ValueDef},
};

use super::types::{Bytes32, Commit, Role, Score, TierState};

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Page<Item> {
    /// The items.
    pub items: Vec<Item>,
    /// Where the next page begins; `None` where this is the last.
    pub next: Option<u32>,
}

/// Every unit of NI.
#[derive(Clone, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct SupplyReport {
    /// What there is.
    pub issuance: u128,
    /// The most that is ever minted.
    pub cap: u128,
    /// Ever minted, genesis included.
    pub minted: u128,
    /// Ever burned.
    pub burned: u128,
    /// The same by source.
    pub burned_by: BTreeMap<String, u128>,
    /// Ever put into the recycle pool.
    pub recycled: u128,
    /// The same by source.
    pub recycled_by: BTreeMap<String, u128>,
    /// Ever taken out of it.
    pub drawn: u128,
    /// What it can pay.
    pub pool: u128,
}

/// What a place in the network costs now.
#[derive(Clone, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct SlotPrices {
    /// One GPU slot, without its bond; `None` where none is for sale.
    pub miner: Option<u128>,
    /// A validator's place; `None` where none is for sale.
    pub validator: Option<u128>,
    /// What is held for each GPU slot.
    pub bond: u128,
}

/// A row of the tier table, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct TierReport {
    /// The row, and how scarce it is.
    pub state: TierState,
    /// What a MOPS of it weighs now, times 10¹⁸.
    pub effective: u128,
}

/// What the running window has verified so far.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct RunningRound {
    /// The window.
    pub window: u32,
    /// MOPS verified, by tier.
    pub mops: Vec<u128>,
}

/// A settled round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct RoundRecord {
    /// Its window.
    pub window: u32,
    /// The blocks it was paid for.
    pub blocks: u32,
    /// Drawn from the recycle pool, stakers' part included.
    pub drawn: u128,
    /// Newly minted, stakers' part included.
    pub minted: u128,
    /// What the miners were credited with.
    pub credited: u128,
    /// What they have been paid of it.
    pub claimed: u128,
}

/// How a hotkey is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct RegistrationReport {
    /// Who pays, bonds and is paid.
    pub owner: Bytes32,
    /// As what.
    pub role: Role,
    /// The first block in which the lease is over.
    pub expires_at: u32,
}

/// A result that waits for its pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct PendingPay {
    /// The window it was verified in.
    pub window: u32,
    /// Its row in the table that window had.
    pub tier: u32,
    /// What it was verified at, in MOPS.
    pub mops: u64,
    /// How much; `None` until the round is settled.
    pub amount: Option<u128>,
}

/// One GPU of a hotkey.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct GpuReport {
    /// Its number among the hotkey's slots.
    pub gpu: u32,
    /// What is held for it.
    pub bond: u128,
    /// Whether it may prove now.
    pub can_prove: bool,
    /// Its last commit.
    pub commit: Option<Commit>,
    /// What its last valid reveal has shown.
    pub last_verified: Option<Score>,
    /// What it is still to be paid.
    pub pending: Option<PendingPay>,
}

/// A candidate for validating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct ValidatorReport {
    /// Its hotkey, which authors.
    pub hotkey: Bytes32,
    /// Who holds the self-stake and gets the commission.
    pub owner: Bytes32,
    /// All that is staked to it, of TAO.
    pub total: u128,
    /// The part of it that earns.
    pub active: u128,
    /// The owner's part of its rewards, in billionths.
    pub commission: u32,
    /// Whether it validates in the running session.
    pub elected: bool,
}

/// What an account has staked to one validator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct DelegationReport {
    /// The validator's hotkey.
    pub validator: Bytes32,
    /// How much, of TAO.
    pub amount: u128,
    /// The part of it that earns.
    pub active: u128,
    /// What a claim pays now, of NI.
    pub claimable: u128,
}

/// NI, or another asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, DecodeAsType, EncodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub enum AssetKind {
    /// NI.
    Native,
    /// Another, by its number.
    WithId(u32),
}

/// TAO's number.
pub const TAO: u32 = 1;
/// The stablecoin's number.
pub const USD: u32 = 2;

impl AssetKind {
    /// What people call it, and how many decimals it has.
    pub fn name(self) -> (String, u32) {
        match self {
            Self::Native => ("NI".to_owned(), 9),
            Self::WithId(TAO) => ("TAO".to_owned(), 9),
            Self::WithId(USD) => ("USD".to_owned(), 6),
            Self::WithId(other) => (format!("of asset {other}"), 0),
        }
    }

    /// An amount of it, for people.
    pub fn show(self, amount: u128) -> String {
        let (name, decimals) = self.name();
        let unit = 10_u128.pow(decimals);
        let whole = amount / unit;
        let digits = usize::try_from(decimals).unwrap_or_default();
        let fraction = format!("{:0digits$}", amount % unit);
        match fraction.trim_end_matches('0') {
            "" => format!("{whole} {name}"),
            fraction => format!("{whole}.{fraction} {name}"),
        }
    }
}

/// What happened to the revenue of one asset since genesis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct RevenueLedger {
    /// What came in, of the asset.
    pub received: u128,
    /// What was spent on NI, of the asset.
    pub spent: u128,
    /// What it bought, of NI.
    pub bought: u128,
    /// What of that was burned.
    pub burned: u128,
}

/// What a slice would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Slice {
    /// What is spent, of the asset.
    pub amount: u128,
    /// What the pool pays for it, of NI.
    pub expected: u128,
}

/// A slice, or why there would be none.
#[derive(Clone, Debug, PartialEq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Due {
    /// It would be this.
    Ok(Slice),
    /// There would be none, for this reason.
    Err(Value<()>),
}

/// How things stand with an enabled asset.
#[derive(Clone, Debug, PartialEq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct RevenueQuote {
    /// What is pending, of the asset.
    pub pending: u128,
    /// The average price.
    pub average: u128,
    /// The pool's price now, when it can be swapped in.
    pub price: Option<u128>,
    /// What a slice would be if it were due now.
    pub slice: Due,
}

/// An enabled asset.
#[derive(Clone, Debug, PartialEq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct RevenueReport {
    /// The asset.
    pub asset: AssetKind,
    /// Its revenue since genesis.
    pub ledger: RevenueLedger,
    /// What was bought on average for a unit of it.
    pub average_paid: Option<u128>,
    /// The next slice.
    pub quote: RevenueQuote,
}

/// Bought and burned over all assets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct BuybackTotals {
    /// Bought, of NI.
    pub bought: u128,
    /// Burned, of NI.
    pub burned: u128,
}

/// Revenue, and what it bought.
#[derive(Clone, Debug, Default, PartialEq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct BuybackReport {
    /// Over all assets.
    pub totals: BuybackTotals,
    /// Every enabled asset.
    pub assets: Vec<RevenueReport>,
}

/// What referenda can set, of which the emission's part is used.
#[derive(Clone, Debug, PartialEq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Hyperparameters {
    /// What is paid, and out of what, with all its fields.
    pub emission: Value<()>,
}

impl Hyperparameters {
    /// What is scheduled a block before the first halving.
    pub fn emission_base(&self) -> Option<u128> {
        let ValueDef::Composite(Composite::Named(fields)) = &self.emission.value else {
            return None;
        };
        let (_, base) = fields.iter().find(|(name, _)| name == BASE)?;
        base.as_u128()
    }

    /// The emission's part, with another base and all else as it is; `None` where it
    /// has none.
    pub fn emission_with_base(&self, base: u128) -> Option<Value<()>> {
        let mut emission = self.emission.clone();
        let ValueDef::Composite(Composite::Named(fields)) = &mut emission.value else {
            return None;
        };
        let (_, value) = fields.iter_mut().find(|(name, _)| name == BASE)?;
        value.value = ValueDef::Primitive(Primitive::U128(base));
        Some(emission)
    }
}

/// The field of the emission's parameters that says what a block earns.
const BASE: &str = "base";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_changes_and_nothing_else() {
        let emission = |base: u128| {
            Value::named_composite([("base", Value::u128(base)), ("day", Value::u128(9))])
        };
        let set = Hyperparameters {
            emission: emission(5),
        };
        assert_eq!(set.emission_base(), Some(5));
        assert_eq!(set.emission_with_base(7), Some(emission(7)));
        let other = Hyperparameters {
            emission: Value::u128(5),
        };
        assert_eq!(other.emission_base(), None);
        assert_eq!(other.emission_with_base(7), None);
    }

    #[test]
    fn amounts_of_assets_are_shown_in_their_own_unit() {
        for (asset, amount, shown) in [
            (AssetKind::WithId(TAO), 1_500_000_000, "1.5 TAO"),
            (AssetKind::WithId(USD), 150_000_000, "150 USD"),
            (AssetKind::WithId(USD), 1, "0.000001 USD"),
            (AssetKind::Native, 0, "0 NI"),
            (AssetKind::WithId(9), 7, "7 of asset 9"),
        ] {
            assert_eq!(asset.show(amount), shown);
        }
    }
}
