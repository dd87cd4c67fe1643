// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Called commits that were never revealed: which they are, and whether reporting one
//! is worth its fee.

use proof_of_gpu_primitives::{SoftwareSha256, sampling::is_called};
use subxt::ext::scale_decode::DecodeAsType;

use super::committed::Gpu;
use ni_client::{
    ChainError, View,
    types::{Bytes32, GpuState, Registration},
};

/// 10⁹ parts: what shares are written in.
const WHOLE: u128 = 1_000_000_000;

/// The largest share of a slash that a reporter gets, in parts of 10⁹.
const MOST_BOUNTY: u32 = 100_000_000;

/// What the chain keeps of a closed window.
#[derive(Clone, Debug, PartialEq, Eq, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct WindowRecord {
    /// The window.
    pub id: u32,
    /// Drew whom the lottery called.
    pub sampling_beacon: Bytes32,
    /// GPUs that had committed.
    pub commits: u32,
    /// Reveals that it had room for.
    pub capacity: u32,
    /// Share of the bond that a missed reveal costs, in parts of 10⁹.
    pub slash_share: u32,
    /// Share of that slash that the reporter gets, in parts of 10⁹.
    pub bounty_share: u32,
}

/// What has become of a commit to a closed window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing can come of it any more.
    Over,
    /// It was called and never revealed. Who reports it gets this much, in the smallest
    /// unit.
    Missed {
        /// The bounty.
        bounty: u128,
    },
}

/// Where a commit to a closed window stands.
pub fn standing(
    gpu: &Gpu,
    state: &GpuState,
    record: Option<&WindowRecord>,
    registration: Option<&Registration>,
) -> Standing {
    let open = state
        .commit
        .as_ref()
        .is_some_and(|commit| commit.window == gpu.window && !commit.resolved);
    let Some(record) = record.filter(|record| open && record.id == gpu.window) else {
        return Standing::Over;
    };
    let called = is_called::<SoftwareSha256>(
        &record.sampling_beacon,
        &gpu.account,
        gpu.gpu,
        record.commits,
        record.capacity,
    );
    if !called {
        return Standing::Over;
    }
    let bond = registration
        .and_then(|registration| registration.bonds.get(gpu.gpu as usize))
        .copied()
        .unwrap_or_default();
    Standing::Missed {
        bounty: bounty(bond, record.slash_share, record.bounty_share),
    }
}

/// What the reporter gets of a bond: the slash is rounded up, the bounty down.
fn bounty(bond: u128, slash_share: u32, bounty_share: u32) -> u128 {
    let share = |amount: u128, parts: u32, spare: u128| {
        let parts = u128::from(parts);
        // In two steps, so that no bond is too large.
        (amount / WHOLE)
            .saturating_mul(parts)
            .saturating_add(((amount % WHOLE) * parts + spare) / WHOLE)
    };
    let slash = share(bond, slash_share, WHOLE - 1).min(bond);
    share(slash, bounty_share.min(MOST_BOUNTY), 0)
}

/// Where a commit to a closed window stands in a block's state.
///
/// # Errors
/// [`ChainError::Rpc`], or [`ChainError::WrongChain`] where the state has another shape.
pub async fn read(view: &View, gpu: &Gpu) -> Result<Standing, ChainError> {
    let rounds: u32 = view.constant("ProofOfGpu", "ClaimRounds")?;
    let state = view.gpu(&gpu.account, gpu.gpu).await?;
    let record: Option<WindowRecord> = match gpu.window.checked_rem(rounds) {
        Some(slot) => view.read("ProofOfGpu", "Records", (slot,)).await?,
        None => None,
    };
    let registration = view.registration(&gpu.account).await?;
    Ok(standing(
        gpu,
        &state,
        record.as_ref(),
        registration.as_ref(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ni_client::types::{Commit, Role};

    const GPU: Gpu = Gpu {
        window: 9,
        account: [3; 32],
        gpu: 1,
    };

    fn state(window: u32, resolved: bool) -> GpuState {
        GpuState {
            commit: Some(Commit {
                window,
                rounds: 5,
                root: [0; 32],
                walk: None,
                resolved,
            }),
            last_verified: None,
        }
    }

    fn record() -> WindowRecord {
        WindowRecord {
            id: 9,
            sampling_beacon: [4; 32],
            commits: 10,
            capacity: 10,
            slash_share: 500_000_000,
            bounty_share: 100_000_000,
        }
    }

    fn registration() -> Registration {
        Registration {
            departure: None,
            owner: [5; 32],
            role: Role::Miner,
            expires_at: 0,
            bond: 0,
            bonds: vec![7, 1_000],
        }
    }

    #[test]
    fn called_and_never_revealed_is_missed_and_has_its_price() {
        let found = standing(
            &GPU,
            &state(9, false),
            Some(&record()),
            Some(&registration()),
        );
        assert_eq!(found, Standing::Missed { bounty: 50 });
        // Of a slot without a bond there is nothing to be had.
        let found = standing(&GPU, &state(9, false), Some(&record()), None);
        assert_eq!(found, Standing::Missed { bounty: 0 });
    }

    #[test]
    fn what_is_resolved_replaced_forgotten_or_was_not_called_is_over() {
        let off_record = WindowRecord { id: 10, ..record() };
        // One of so many is called: not this one.
        let not_called = WindowRecord {
            commits: u32::MAX,
            capacity: 1,
            ..record()
        };
        let cases = [
            (state(9, true), Some(record())),
            (state(10, false), Some(record())),
            (GpuState::default(), Some(record())),
            (state(9, false), Some(off_record)),
            (state(9, false), None),
            (state(9, false), Some(not_called)),
        ];
        for (state, record) in cases {
            let found = standing(&GPU, &state, record.as_ref(), Some(&registration()));
            assert_eq!(found, Standing::Over, "{state:?} {record:?}");
        }
    }

    #[test]
    fn the_slash_is_rounded_up_the_bounty_down_and_no_bond_is_too_large() {
        assert_eq!(bounty(3, 500_000_000, 100_000_000), 0);
        assert_eq!(bounty(19, 500_000_000, 100_000_000), 1);
        assert_eq!(bounty(1_000, 500_000_000, 1_000_000_000), 50);
        let most = bounty(u128::MAX, 1_000_000_000, 100_000_000);
        assert_eq!(most, u128::MAX / 10);
    }
}
