// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! A chain with real referenda, whose voters have a stake that only knows how to be
//! asked. What it takes to tie this pallet to `pallet-referenda` is all here:
//! [`Moments`], [`Tracks`] and the three configurations.

use crate::{
    self as pallet_governance, EnactmentTime, EnsureParameters, EnsureUpgrade,
    GovernanceParameters, Origin, Pallet, Settled, Side, Tally, VoteOf, Votes,
};
use alloc::borrow::Cow;
use frame_support::{
    Twox64Concat, assert_ok, derive_impl,
    pallet_prelude::ValueQuery,
    parameter_types,
    traits::{
        ConstU32, ConstU64, ConstU128, EqualPrivilegeOnly, OnInitialize, OriginTrait,
        ReservableCurrency, StorePreimage, schedule::DispatchTime,
    },
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned};
use pallet_referenda::{Curve, ReferendumInfo, ReferendumInfoFor, Track, TrackInfo, TracksInfo};
use sp_runtime::{BuildStorage, Perbill, str_array, traits::IdentityLookup};

pub(crate) type AccountId = u64;
pub(crate) type Balance = u128;
pub(crate) type BlockNumber = u64;

pub(crate) const ALICE: AccountId = 1;
pub(crate) const BOB: AccountId = 2;
pub(crate) const CAROL: AccountId = 3;
/// Submits referenda and places their deposits.
pub(crate) const PROPOSER: AccountId = 4;
/// Has never staked.
pub(crate) const NOBODY: AccountId = 5;
/// What each of the first three has staked before anything happens.
pub(crate) const STAKE: Balance = 1_000;
pub(crate) const SUPPORT_FLOOR: Balance = 1_000;
pub(crate) const MAX_VOTES: u32 = 4;
pub(crate) const MAX_ENACTMENT: BlockNumber = 50;

/// The track of [`Origin::Parameters`].
pub(crate) const PARAMETERS_TRACK: u8 = 0;
/// The track of [`Origin::Upgrade`].
pub(crate) const UPGRADE_TRACK: u8 = 1;
pub(crate) const PREPARE: BlockNumber = 2;
pub(crate) const DECISION: BlockNumber = 20;
pub(crate) const CONFIRM: BlockNumber = 3;
pub(crate) const MIN_ENACTMENT: BlockNumber = 5;
/// The block tests begin in; the stakes are older.
pub(crate) const START: BlockNumber = 10;

/// A pallet with one governed value.
// The macro's expansion qualifies names that are in scope here, and numbers calls by
// casts.
#[allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::cast_possible_truncation
)]
#[frame_support::pallet(dev_mode)]
pub(crate) mod governed {
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {
        type SetOrigin: EnsureOrigin<Self::RuntimeOrigin>;
    }

    #[pallet::storage]
    pub type Value<T> = StorageValue<_, u32, ValueQuery>;

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        #[pallet::call_index(0)]
        pub fn set(origin: OriginFor<T>, value: u32) -> DispatchResult {
            T::SetOrigin::ensure_origin(origin)?;
            Value::<T>::put(value);
            Ok(())
        }
    }
}

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(2)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(3)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(4)]
    pub type Referenda = pallet_referenda;
    #[runtime::pallet_index(5)]
    pub type Governance = pallet_governance;
    #[runtime::pallet_index(6)]
    pub type Governed = governed;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type AccountStore = System;
    type ExistentialDeposit = ConstU128<1>;
}

parameter_types! {
    pub MaximumSchedulerWeight: Weight = Weight::from_parts(2_000_000_000_000, u64::MAX);
    pub static Parameters: GovernanceParameters<Balance> = GovernanceParameters {
        support_floor: SUPPORT_FLOOR,
    };
}

impl pallet_scheduler::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = MaximumSchedulerWeight;
    type ScheduleOrigin = EnsureRoot<AccountId>;
    type OriginPrivilegeCmp = EqualPrivilegeOnly;
    type MaxScheduledPerBlock = ConstU32<100>;
    type WeightInfo = ();
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

impl pallet_preimage::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type Currency = Balances;
    type ManagerOrigin = EnsureRoot<AccountId>;
    type Consideration = ();
}

/// A track for each origin that anything is done with here; none for root.
pub struct Tracks;

impl TracksInfo<Balance, BlockNumber> for Tracks {
    type Id = u8;
    type RuntimeOrigin = <RuntimeOrigin as OriginTrait>::PalletsOrigin;

    fn tracks() -> impl Iterator<Item = Cow<'static, Track<u8, Balance, BlockNumber>>> {
        [
            (PARAMETERS_TRACK, "parameters", 10),
            (UPGRADE_TRACK, "upgrade", 40),
        ]
        .into_iter()
        .map(|(id, name, support)| {
            let mut track_name = str_array("");
            track_name[..name.len()].copy_from_slice(name.as_bytes());
            Cow::Owned(Track {
                id,
                info: TrackInfo {
                    name: track_name,
                    max_deciding: 5,
                    decision_deposit: 10,
                    prepare_period: PREPARE,
                    decision_period: DECISION,
                    confirm_period: CONFIRM,
                    min_enactment_period: MIN_ENACTMENT,
                    min_approval: constant(50),
                    min_support: constant(support),
                },
            })
        })
    }

    fn track_for(origin: &Self::RuntimeOrigin) -> Result<u8, ()> {
        match origin {
            OriginCaller::Governance(Origin::Parameters) => Ok(PARAMETERS_TRACK),
            OriginCaller::Governance(Origin::Upgrade) => Ok(UPGRADE_TRACK),
            _ => Err(()),
        }
    }
}

/// The same requirement for the whole decision period.
fn constant(percent: u32) -> Curve {
    Curve::LinearDecreasing {
        length: Perbill::one(),
        floor: Perbill::from_percent(percent),
        ceil: Perbill::from_percent(percent),
    }
}

impl pallet_referenda::Config for Test {
    type WeightInfo = ();
    type RuntimeCall = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type Scheduler = Scheduler;
    type Currency = Balances;
    type SubmitOrigin = EnsureSigned<AccountId>;
    type CancelOrigin = EnsureRoot<AccountId>;
    type KillOrigin = EnsureRoot<AccountId>;
    type Slash = ();
    type Votes = Balance;
    type Tally = Tally<Test>;
    type SubmissionDeposit = ConstU128<2>;
    type MaxQueued = ConstU32<10>;
    type UndecidingTimeout = ConstU64<40>;
    type AlarmInterval = ConstU64<1>;
    type Tracks = Tracks;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

/// Reads from the referenda when they began and when they are enacted.
pub struct Moments;

impl pallet_governance::Started<u32, BlockNumber> for Moments {
    fn started(poll: u32) -> Option<BlockNumber> {
        Referenda::ensure_ongoing(poll)
            .ok()
            .map(|status| status.submitted)
    }

    #[cfg(any(feature = "std", feature = "try-runtime"))]
    fn ongoing() -> Vec<u32> {
        ReferendumInfoFor::<Test>::iter()
            .filter(|(_, info)| matches!(info, ReferendumInfo::Ongoing(_)))
            .map(|(poll, _)| poll)
            .collect()
    }
}

impl pallet_governance::Enactment<u32, BlockNumber> for Moments {
    fn enactment(poll: u32) -> Option<EnactmentTime<BlockNumber>> {
        let status = Referenda::ensure_ongoing(poll).ok()?;
        let track = Tracks::info(status.track)?;
        Some(EnactmentTime::of(
            status.enactment,
            track.min_enactment_period,
        ))
    }
}

impl pallet_governance::Config for Test {
    type Polls = Referenda;
    type Started = Moments;
    type Enactment = Moments;
    type Stakes = MockStakes;
    type Deposits = Held;
    type Backing = Backing;
    type Parameters = Parameters;
    type UpgradeOrigin = EnsureUpgrade;
    type MaxVotes = ConstU32<MAX_VOTES>;
    type MaxEnactment = ConstU64<MAX_ENACTMENT>;
    type BlockNumberProvider = System;
    type WeightInfo = ();
}

impl governed::Config for Test {
    type SetOrigin = EnsureParameters;
}

parameter_types! {
    pub const Backing: Perbill = Perbill::from_percent(1);
}

/// What the referenda hold.
pub struct Held;

impl pallet_governance::Deposits<u32> for Held {
    type Balance = Balance;

    fn settle(poll: u32, backed: bool) -> Option<Settled<Balance>> {
        let mut info = ReferendumInfoFor::<Test>::get(poll)?;
        let (submission, decision, burns) = match &mut info {
            ReferendumInfo::Approved(_, submission, decision)
            | ReferendumInfo::Cancelled(_, submission, decision)
            | ReferendumInfo::TimedOut(_, submission, decision) => {
                (submission.take(), decision.take(), false)
            }
            ReferendumInfo::Rejected(_, submission, decision) => {
                (submission.take(), decision.take(), !backed)
            }
            ReferendumInfo::Ongoing(_) | ReferendumInfo::Killed(_) => return None,
        };
        if submission.is_none() && decision.is_none() {
            return None;
        }
        let mut settled = Settled::default();
        for (deposit, burns) in [(submission, false), (decision, burns)] {
            let Some(deposit) = deposit else { continue };
            if burns {
                let _ = Balances::slash_reserved(&deposit.who, deposit.amount);
                settled.burned += deposit.amount;
            } else {
                Balances::unreserve(&deposit.who, deposit.amount);
                settled.returned += deposit.amount;
            }
        }
        ReferendumInfoFor::<Test>::insert(poll, info);
        Some(settled)
    }

    #[cfg(any(feature = "std", feature = "try-runtime"))]
    fn is_held(poll: u32) -> bool {
        match ReferendumInfoFor::<Test>::get(poll) {
            Some(ReferendumInfo::Ongoing(_)) => true,
            Some(
                ReferendumInfo::Approved(_, submission, decision)
                | ReferendumInfo::Cancelled(_, submission, decision)
                | ReferendumInfo::TimedOut(_, submission, decision)
                | ReferendumInfo::Rejected(_, submission, decision),
            ) => submission.is_some() || decision.is_some(),
            // Slashed by who killed it, and never settled.
            Some(ReferendumInfo::Killed(_)) => true,
            None => false,
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn reject(poll: u32) {
        let deposit = |amount| pallet_referenda::Deposit {
            who: PROPOSER,
            amount,
        };
        <Balances as frame_support::traits::fungible::Mutate<_>>::set_balance(&PROPOSER, 1_000);
        Balances::reserve(&PROPOSER, 12).expect("a benchmark's account can deposit");
        let info = ReferendumInfo::Rejected(0, Some(deposit(2)), Some(deposit(10)));
        ReferendumInfoFor::<Test>::insert(poll, info);
    }
}

/// What an account had staked and not unbonding from a block on, oldest first.
#[frame_support::storage_alias]
type Book = StorageMap<Governed, Twox64Concat, AccountId, Vec<(BlockNumber, Balance)>, ValueQuery>;

/// A staking pallet, as far as votes are concerned.
pub struct MockStakes;

impl pallet_governance::Stakes<AccountId, BlockNumber> for MockStakes {
    type Balance = Balance;

    fn voting_stake(who: &AccountId, since: BlockNumber) -> Balance {
        let book = Book::get(who);
        let at_its_beginning = book
            .iter()
            .rev()
            .find(|(block, _)| *block < since)
            .map_or(0, |(_, stake)| *stake);
        book.iter()
            .filter(|(block, _)| *block >= since)
            .map(|(_, stake)| *stake)
            .fold(at_its_beginning, Balance::min)
    }

    fn total() -> Balance {
        Book::iter_values()
            .filter_map(|book| book.last().map(|(_, stake)| *stake))
            .sum()
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_voting_stake(who: &AccountId, stake: Balance) {
        force_stake(*who, stake);
    }
}

/// What an account has staked and not unbonding.
pub(crate) fn stake(who: AccountId) -> Balance {
    Book::get(who).last().map_or(0, |(_, stake)| *stake)
}

/// Changes a stake without asking anybody.
pub(crate) fn force_stake(who: AccountId, stake: Balance) {
    Book::mutate(who, |book| book.push((System::block_number(), stake)));
}

pub(crate) fn add_stake(who: AccountId, amount: Balance) {
    force_stake(who, stake(who) + amount);
}

/// Begins to unbond, as a staking pallet does it: not what is locked.
pub(crate) fn unbond(who: AccountId, amount: Balance) -> Result<(), &'static str> {
    let left = stake(who).checked_sub(amount).ok_or("not staked")?;
    if left < Governance::locked(&who) {
        return Err("locked");
    }
    force_stake(who, left);
    Ok(())
}

/// Takes stake, locked or not, and says so.
pub(crate) fn slash(who: AccountId, amount: Balance) {
    let left = stake(who).saturating_sub(amount);
    force_stake(who, left);
    Governance::on_stake_reduced(&who, left);
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let config = RuntimeGenesisConfig {
        system: Default::default(),
        balances: pallet_balances::GenesisConfig {
            balances: vec![(PROPOSER, 1_000_000)],
            dev_accounts: None,
        },
    };
    let mut ext: sp_io::TestExternalities = config
        .build_storage()
        .expect("the mock's genesis is valid")
        .into();
    ext.execute_with(|| {
        Parameters::set(GovernanceParameters {
            support_floor: SUPPORT_FLOOR,
        });
        System::set_block_number(1);
        for who in [ALICE, BOB, CAROL] {
            force_stake(who, STAKE);
        }
        System::set_block_number(START);
    });
    ext
}

/// Runs a test from genesis and checks every invariant after it.
pub(crate) fn build_and_execute<R>(test: impl FnOnce() -> R) -> R {
    new_test_ext().execute_with(|| {
        let result = test();
        Pallet::<Test>::do_try_state().expect("the invariants hold after the test");
        result
    })
}

pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// Runs the scheduler until this block.
pub(crate) fn run_to(block: BlockNumber) {
    while System::block_number() < block {
        System::set_block_number(System::block_number() + 1);
        <Scheduler as OnInitialize<BlockNumber>>::on_initialize(System::block_number());
    }
}

pub(crate) fn forward(blocks: BlockNumber) {
    run_to(System::block_number() + blocks);
}

/// Submits what [`propose`] does, without a deposit for its decision.
pub(crate) fn submit_only(value: u32) -> u32 {
    let poll = pallet_referenda::ReferendumCount::<Test>::get();
    let call = RuntimeCall::from(governed::Call::set { value });
    let proposal = <Preimage as StorePreimage>::bound(call).expect("the call is short");
    assert_ok!(Referenda::submit(
        signed(PROPOSER),
        Box::new(Origin::Parameters.into()),
        proposal,
        DispatchTime::After(0)
    ));
    poll
}

/// Submits a referendum with its deposits and returns its index.
pub(crate) fn submit(
    origin: impl Into<OriginCaller>,
    call: impl Into<RuntimeCall>,
    enactment: DispatchTime<BlockNumber>,
) -> u32 {
    let poll = pallet_referenda::ReferendumCount::<Test>::get();
    let proposal = <Preimage as StorePreimage>::bound(call.into()).expect("the call is short");
    assert_ok!(Referenda::submit(
        signed(PROPOSER),
        Box::new(origin.into()),
        proposal,
        enactment
    ));
    assert_ok!(Referenda::place_decision_deposit(signed(PROPOSER), poll));
    poll
}

/// Submits that the governed value be `value`, as soon as the track allows.
pub(crate) fn propose(value: u32) -> u32 {
    submit(
        Origin::Parameters,
        governed::Call::set { value },
        DispatchTime::After(0),
    )
}

/// Votes with everything.
pub(crate) fn vote(who: AccountId, poll: u32, side: Side) {
    assert_ok!(Governance::vote(signed(who), poll, side, None));
}

/// Runs until the referendum is over, and returns the block of its end.
pub(crate) fn run_to_end(poll: u32) -> BlockNumber {
    while Referenda::ensure_ongoing(poll).is_ok() {
        forward(1);
    }
    System::block_number()
}

/// The ayes and nays of an ongoing referendum.
pub(crate) fn tally(poll: u32) -> (Balance, Balance) {
    let tally = Referenda::ensure_ongoing(poll)
        .expect("it is ongoing")
        .tally;
    (tally.ayes, tally.nays)
}

pub(crate) fn approved(poll: u32) -> bool {
    matches!(
        ReferendumInfoFor::<Test>::get(poll),
        Some(ReferendumInfo::Approved(..))
    )
}

/// The polls `who` has votes on.
pub(crate) fn polls_of(who: AccountId) -> Vec<u32> {
    Votes::<Test>::get(who)
        .iter()
        .map(|vote| vote.poll)
        .collect()
}

/// Changes what is stored of a vote, by force.
pub(crate) fn poke(who: AccountId, poll: u32, change: impl FnOnce(&mut VoteOf<Test>)) {
    Votes::<Test>::mutate(who, |votes| {
        change(
            votes
                .iter_mut()
                .find(|vote| vote.poll == poll)
                .expect("there is a vote"),
        );
    });
}

/// This pallet's events since the last call.
pub(crate) fn events() -> Vec<pallet_governance::Event<Test>> {
    let events = System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Governance(event) => Some(event),
            _ => None,
        })
        .collect();
    System::reset_events();
    events
}

/// What the referenda have decided.
pub(crate) fn governed_value() -> u32 {
    governed::Value::<Test>::get()
}
