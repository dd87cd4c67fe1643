// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Why a chain's pool refuses a proof call.

use core::fmt;

/// Why a proof call is refused before it reaches a block, by the number that a pool
/// answers with. Nobody is punished for a call that is refused.
///
/// A number never changes its meaning; new reasons come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// No window of the call's id is going on.
    NotCurrentWindow,
    /// The window takes no commits, or no more.
    NotOpen,
    /// The beacon is another fork's.
    WrongBeacon,
    /// The list of GPUs is empty.
    NoGpus,
    /// The GPUs are not in strictly ascending order.
    NotAscending,
    /// The number of rounds is not one that a range can hold.
    RoundsOutOfRange,
    /// The claim is below the lowest tier's floor, whatever time is left.
    BelowFloor,
    /// The hotkey has no such GPU slot, or no bond for it.
    NotRegistered,
    /// This GPU has committed to this window.
    AlreadyCommitted,
    /// The window counts as many commits as it can.
    TooManyCommits,
    /// The window takes no reveals and confirmations, or no more.
    NotRevealing,
    /// This GPU has no commit to this window.
    NoCommit,
    /// The commit has been verified, refused, confirmed or reported.
    AlreadyResolved,
    /// The lottery did not call this GPU.
    NotCalled,
    /// The lottery called this GPU.
    Called,
    /// Nothing of this GPU was ever verified.
    NothingVerified,
    /// The window has not closed. Of a report only.
    NotClosed,
    /// The window is off the records. Of a report only.
    NoRecord,
    /// The window asks for a memory walk, and the claim has none.
    WalkMissing,
    /// The window asks for no memory walk, and the call has one.
    WalkNotAsked,
    /// The walk is of a size that is not allowed, or has too few batches.
    WalkOutOfRange,
    /// The rounds, or the batches of a walk, are more than the window has time for.
    TooManyRounds,
    /// The reveal is not exactly of the size that its commit and the samples ask for.
    WrongSize,
}

impl Refusal {
    /// All of them, by number.
    pub const ALL: [Self; 23] = [
        Self::NotCurrentWindow,
        Self::NotOpen,
        Self::WrongBeacon,
        Self::NoGpus,
        Self::NotAscending,
        Self::RoundsOutOfRange,
        Self::BelowFloor,
        Self::NotRegistered,
        Self::AlreadyCommitted,
        Self::TooManyCommits,
        Self::NotRevealing,
        Self::NoCommit,
        Self::AlreadyResolved,
        Self::NotCalled,
        Self::Called,
        Self::NothingVerified,
        Self::NotClosed,
        Self::NoRecord,
        Self::WalkMissing,
        Self::WalkNotAsked,
        Self::WalkOutOfRange,
        Self::TooManyRounds,
        Self::WrongSize,
    ];

    /// The number of this reason, from 1 on.
    pub const fn number(self) -> u8 {
        match self {
            Self::NotCurrentWindow => 1,
            Self::NotOpen => 2,
            Self::WrongBeacon => 3,
            Self::NoGpus => 4,
            Self::NotAscending => 5,
            Self::RoundsOutOfRange => 6,
            Self::BelowFloor => 7,
            Self::NotRegistered => 8,
            Self::AlreadyCommitted => 9,
            Self::TooManyCommits => 10,
            Self::NotRevealing => 11,
            Self::NoCommit => 12,
            Self::AlreadyResolved => 13,
            Self::NotCalled => 14,
            Self::Called => 15,
            Self::NothingVerified => 16,
            Self::NotClosed => 17,
            Self::NoRecord => 18,
            Self::WalkMissing => 19,
            Self::WalkNotAsked => 20,
            Self::WalkOutOfRange => 21,
            Self::TooManyRounds => 22,
            Self::WrongSize => 23,
        }
    }

    /// The reason of a number; `None` for a number that this version does not know.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|refusal| refusal.number() == number)
    }

    /// The reason in words, without a full stop.
    pub const fn text(self) -> &'static str {
        match self {
            Self::NotCurrentWindow => "the window is not the current one",
            Self::NotOpen => "the window does not take commits any more",
            Self::WrongBeacon => "the beacon is that of another fork",
            Self::NoGpus => "it names no GPU",
            Self::NotAscending => "its GPUs are not in ascending order",
            Self::RoundsOutOfRange => "its number of rounds is out of range",
            Self::BelowFloor => "its throughput is below the lowest tier's floor",
            Self::NotRegistered => {
                "the hotkey has no such GPU slot, its lease is over, or its bond was slashed"
            }
            Self::AlreadyCommitted => "this GPU has already committed in this window",
            Self::TooManyCommits => "the window holds the most commits that it can",
            Self::NotRevealing => "reveals are not taken now",
            Self::NoCommit => "there is no commit of this GPU in the window",
            Self::AlreadyResolved => "the commit is already resolved",
            Self::NotCalled => "this GPU is not called to reveal",
            Self::Called => "this GPU is called to reveal, not to confirm",
            Self::NothingVerified => "nothing of this GPU was ever verified",
            Self::NotClosed => "the window has not closed",
            Self::NoRecord => "the window closed too long ago",
            Self::WalkMissing => "the window asks for a memory walk before the product",
            Self::WalkNotAsked => "the window asks for no memory walk",
            Self::WalkOutOfRange => {
                "the memory walk is of a size that the protocol does not allow, or has too few batches"
            }
            Self::TooManyRounds => {
                "its rounds, or the batches of its walk, are more than the window has time for"
            }
            Self::WrongSize => {
                "the reveal is not exactly as long as its commit and the drawn samples ask for"
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn numbers_count_from_one_and_lead_back() {
        for (number, refusal) in (1..).zip(Refusal::ALL) {
            assert_eq!(refusal.number(), number);
            assert_eq!(Refusal::from_number(number), Some(refusal));
        }
        assert_eq!(Refusal::from_number(0), None);
        assert_eq!(Refusal::from_number(24), None);
        assert_eq!(Refusal::from_number(u8::MAX), None);
    }

    #[test]
    fn every_reason_has_a_text_of_its_own() {
        for (index, refusal) in Refusal::ALL.into_iter().enumerate() {
            assert!(!refusal.text().is_empty() && !refusal.text().ends_with('.'));
            assert_eq!(refusal.to_string(), refusal.text());
            for other in &Refusal::ALL[index + 1..] {
                assert_ne!(refusal.text(), other.text());
            }
        }
    }
}
