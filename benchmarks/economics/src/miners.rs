// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Who registers which GPU, what they pay for it, and when they leave.
//!
//! A lease is worth what the GPU will be paid in it at present rates, less what it would
//! bring elsewhere: its rent for one that comes, a part of that for one that is there.
//! Who enters bids at most 80% of that for the slot, who renews 90%.

use crate::{
    Pace, Who,
    accounts::{call, give, spendable},
    from_ni,
    hardware::{GENERATIONS, Generation, known},
    in_ni,
    scenario::Scenario,
    setting::backed_a_day,
};
use ni_runtime::{
    AccountId, Balance, NI, Registration, Runtime, System,
    configs::proof::NoteResult,
    settings::defaults::{self, DAY},
};
use pallet_proof_of_gpu::{OnVerified, VerifiedResult, Window};
use pallet_registration::{Call, Hotkeys, Role};
use sp_runtime::traits::{BlakeTwo256, Hash};
use std::collections::BTreeMap;

/// What of a lease's worth is bid for a new slot, and for a renewal.
const BID: (f64, f64) = (0.8, 0.9);
/// GPUs of a generation that somebody might bring in a day.
const OFFERED: u32 = 3;

/// Why somebody has a GPU in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// To be paid.
    Honest,
    /// To be paid, and where there is collusion to make its tier scarce.
    Cartel,
    /// A Sybil's GPU as it is.
    Whole,
    /// A quarter of a Sybil's GPU.
    Sliced,
    /// Nothing is behind it but a slot that nobody else can buy.
    Squat,
}

/// A registered slot.
#[derive(Clone, Debug)]
struct Slot {
    hotkey: AccountId,
    generation: Generation,
    mops: u64,
    group: Group,
}

/// What a group had in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Paid to it, in NI.
    pub paid: f64,
    /// Fees for slots and renewals, in NI.
    pub fees: f64,
    /// Slots times days.
    pub slot_days: f64,
    /// Slots bought.
    pub bought: u32,
}

/// What miners know when they decide.
pub(crate) struct Outlook {
    pub(crate) scenario: Scenario,
    pub(crate) pace: Pace,
    pub(crate) day: u32,
    /// Dollars for an NI.
    pub(crate) price: f64,
    /// NI a day for a MOPS, by row of the table, with the row's floor in MOPS.
    pub(crate) rates: Vec<(u64, f64)>,
    /// NI a day for all miners together when everything is earned.
    pub(crate) full: f64,
}

impl Outlook {
    fn year(&self) -> f64 {
        f64::from(self.day) / f64::from(crate::YEAR)
    }

    /// NI that a lease of this GPU is worth.
    fn worth(&self, generation: &Generation, mops: u64, bought: bool) -> f64 {
        let reached = self.rates.iter().rfind(|(floor, _)| *floor <= mops);
        let rate = reached.map_or(0.0, |(_, rate)| *rate);
        #[allow(clippy::cast_precision_loss)]
        let paid = (rate * mops as f64).min(backed_a_day()).min(self.full);
        let elsewhere = if bought {
            generation.rent(self.day)
        } else {
            generation.stays_for(self.day)
        };
        lease() * (paid - elsewhere / self.price)
    }
}

/// Days of a lease.
fn lease() -> f64 {
    f64::from(defaults::registration().term) / f64::from(DAY)
}

/// All slots.
#[derive(Default)]
pub struct Fleet {
    slots: Vec<Slot>,
    /// Every hotkey there ever was.
    known: BTreeMap<AccountId, (usize, Group)>,
    registered: u32,
    /// By group and year.
    pub tallies: BTreeMap<(Group, u32), Tally>,
}

impl Group {
    fn owner(self) -> Who {
        match self {
            Self::Honest => Who::Miners,
            Self::Cartel => Who::Cartel,
            Self::Whole | Self::Sliced | Self::Squat => Who::Sybil,
        }
    }
}

/// What an owner keeps to pay fees and bonds with; the rest is sold.
const RESERVE: Balance = 30_000 * NI;

impl Fleet {
    /// The generation and group of a hotkey.
    pub(crate) fn of(&self, hotkey: &AccountId) -> Option<(usize, Group)> {
        self.known.get(hotkey).copied()
    }

    pub(crate) fn tally(&mut self, group: Group, year: u32) -> &mut Tally {
        self.tallies.entry((group, year)).or_default()
    }

    /// Adds to what groups were paid and paid.
    pub(crate) fn note(&mut self, year: u32, groups: Vec<(Group, Tally)>) {
        for (group, Tally { paid, fees, .. }) in groups {
            let to = self.tally(group, year);
            to.paid += paid;
            to.fees += fees;
        }
    }

    /// Slots by generation.
    pub(crate) fn by_generation(&self) -> [u32; GENERATIONS] {
        let mut all = [0; GENERATIONS];
        for slot in &self.slots {
            if slot.group != Group::Squat {
                all[slot.generation.number] += 1;
            }
        }
        all
    }

    /// Gives the runtime's hook the result of every GPU that proves in this window, and
    /// returns the MOPS by generation.
    pub(crate) fn prove(
        &self,
        window: &Window<ni_runtime::BlockNumber>,
        outlook: &Outlook,
        mut each: impl FnMut(),
    ) -> [f64; GENERATIONS] {
        let mut mops = [0.0; GENERATIONS];
        let year = outlook.year();
        // Months in which the cartel is off.
        let off = outlook.scenario == Scenario::Collusion
            && (6.0..10.0).contains(&year)
            && (outlook.day / 30).is_multiple_of(2);
        for slot in &self.slots {
            let idle = slot.group == Group::Squat || off && slot.group == Group::Cartel;
            if idle || !Registration::can_prove(&slot.hotkey, 0) {
                continue;
            }
            NoteResult::on_verified(&VerifiedResult {
                window: window.id,
                hotkey: slot.hotkey.clone(),
                gpu: 0,
                mops: slot.mops,
                gib: 0,
                gbps: 0,
                confirmed: false,
                samples: window.parameters.samples,
                slash_share: window.parameters.slash_share,
                bounty_share: window.parameters.bounty_share,
                capacity: window.parameters.capacity,
                commits: window.commits,
            });
            #[allow(clippy::cast_precision_loss)]
            let verified = slot.mops as f64;
            mops[slot.generation.number] += verified * f64::from(outlook.pace.days);
            each();
        }
        mops
    }

    /// A round's decisions: who renews and who leaves.
    pub(crate) fn decide(&mut self, outlook: &Outlook) {
        self.renew(outlook);
        if outlook.scenario == Scenario::Sybil {
            self.slice_and_squat(outlook);
        }
        for who in [Who::Miners, Who::Cartel, Who::Sybil] {
            let account = who.account();
            let spare = spendable(&account).saturating_sub(RESERVE);
            if spare > 0 {
                give(&account, &Who::Maker.account(), spare);
            }
        }
        let (days, year) = (f64::from(outlook.pace.days), outlook.day / crate::YEAR);
        for index in 0..self.slots.len() {
            let group = self.slots[index].group;
            self.tally(group, year).slot_days += days;
        }
    }

    fn renew(&mut self, outlook: &Outlook) {
        let now = System::block_number();
        let soon = now + 2 * outlook.pace.round();
        let year = outlook.year();
        let mut slots = std::mem::take(&mut self.slots);
        slots.retain(|slot| {
            let Some(registration) = Hotkeys::<Runtime>::get(&slot.hotkey) else {
                return false;
            };
            if registration.expires_at > soon {
                return true;
            }
            let owner = slot.group.owner().account();
            let most = match slot.group {
                // Its GPUs are compared for two years, whatever it costs.
                Group::Whole | Group::Sliced if year < 4.0 => 2_000.0,
                Group::Squat if year < 10.5 => 2_000.0,
                Group::Squat => 0.0,
                _ => BID.1 * outlook.worth(&slot.generation, slot.mops, false),
            };
            let renewed = most > 0.0
                && call(
                    &owner,
                    Call::renew {
                        hotkey: slot.hotkey.clone(),
                        max_price: from_ni(most),
                    },
                );
            // A lapsed lease may be begun anew for ten days more; then the bond returns.
            if renewed || registration.expires_at + 10 * DAY * outlook.pace.days > now {
                return true;
            }
            !call(
                &owner,
                Call::withdraw {
                    hotkey: slot.hotkey.clone(),
                },
            )
        });
        self.slots = slots;
    }

    /// Who comes in a day.
    pub(crate) fn enter(&mut self, outlook: &Outlook) {
        let mut bids: Vec<(f64, Generation)> = known(outlook.day)
            .map(|generation| {
                let worth = outlook.worth(&generation, generation.mops, true);
                (BID.0 * worth, generation)
            })
            .collect();
        bids.sort_by(|one, other| other.0.total_cmp(&one.0));
        for (bid, generation) in bids {
            for _ in 0..OFFERED {
                // Three in five belong to those who could collude.
                let group = if self.registered % 5 < 3 {
                    Group::Cartel
                } else {
                    Group::Honest
                };
                if !self.register(outlook, generation, generation.mops, group, bid) {
                    break;
                }
            }
        }
    }

    /// Registers a slot for at most `bid` NI.
    fn register(
        &mut self,
        outlook: &Outlook,
        generation: Generation,
        mops: u64,
        group: Group,
        bid: f64,
    ) -> bool {
        let price = Registration::price(Role::Miner).map_or(f64::MAX, in_ni);
        if bid < price {
            return false;
        }
        let hotkey = AccountId::new(BlakeTwo256::hash_of(&(b"slot", self.registered)).0);
        self.known
            .insert(hotkey.clone(), (generation.number, group));
        let bought = call(
            &group.owner().account(),
            Call::register {
                hotkey: hotkey.clone(),
                role: Role::Miner,
                slots: 1,
                max_price: from_ni(bid),
            },
        );
        if bought {
            self.registered += 1;
            self.slots.push(Slot {
                hotkey,
                generation,
                mops,
                group,
            });
            self.tally(group, outlook.day / crate::YEAR).bought += 1;
        }
        bought
    }

    /// In the third year eight GPUs as they are and eight in quarters, at any price; in
    /// the eleventh two months of four slots a day that nobody uses.
    fn slice_and_squat(&mut self, outlook: &Outlook) {
        let year = outlook.year();
        let Some(newest) = known(outlook.day).last() else {
            return;
        };
        if (2.0..4.0).contains(&year) {
            let count = |slots: &[Slot], group| slots.iter().filter(|s| s.group == group).count();
            for _ in 0..3 {
                if count(&self.slots, Group::Whole) < 8 {
                    self.register(outlook, newest, newest.mops, Group::Whole, 1_000.0);
                } else if count(&self.slots, Group::Sliced) < 32 {
                    let quarter = newest.mops / 4;
                    self.register(outlook, newest, quarter, Group::Sliced, 1_000.0);
                }
            }
        } else if (10.0..10.0 + 60.0 / 365.0).contains(&year) {
            for _ in 0..4 {
                self.register(outlook, newest, 0, Group::Squat, 1_000.0);
            }
        }
    }
}
