// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Results that are claimed, and new tier tables.

use super::{Operation, settings};
use crate::World;
use frame_support::traits::Get;
use ni_runtime::{AccountId, Emission, Runtime, settings::parameters::Window};
use pallet_emission::{Call, Floor, Results, Tier};
use pallet_governance::Origin;
use sp_runtime::{FixedU128, Perbill};

/// What happens to the emission.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "claim",
        weight: 14,
        run: claim,
    },
    Operation {
        name: "set tiers",
        weight: 3,
        run: set_tiers,
    },
];

fn claim(world: &mut World) -> bool {
    let unpaid: Vec<(AccountId, u32)> = Results::<Runtime>::iter()
        .filter(|(_, _, result)| Emission::round(result.window).is_some())
        .map(|(hotkey, gpu, _)| (hotkey, gpu))
        .collect();
    let picked = world.rng.pick(&unpaid).cloned();
    let (hotkey, gpu) = match picked {
        Some(unpaid) if !world.rng.percent(10) => unpaid,
        None if !world.rng.percent(5) => return false,
        _ => (world.any_hotkey().account, world.rng.within(0, 4)),
    };
    let anybody = world.any_owner();
    world.call(&anybody, Call::claim { hotkey, gpu });
    true
}

/// Rows of the software GPUs that [`super::proof`] has, sometimes in no order. Most tables
/// differ in their multipliers only where windows ask for a walk.
fn set_tiers(world: &mut World) -> bool {
    let now = u64::from(world.chain.number());
    let rows = world.rng.within(1, 5);
    let mut tiers = Vec::new();
    let mut floor = 1_000;
    let mut multiplier = 100 + world.rng.within(0, 50);
    let walked = Window::get().walk.is_some();
    let differ = walked != world.rng.percent(10);
    let mut ratio = 0;
    let mut decay = 60;
    let mut introduced_at = now.saturating_sub(2_000);
    for _ in 0..rows {
        tiers.push(Tier {
            floor: Floor {
                mops: floor,
                gib: 0,
                gbps: 0,
            },
            multiplier: FixedU128::from_rational(u128::from(multiplier), 100),
            mops_per_gbps: ratio,
            decay: Perbill::from_parts(decay * 1_000_000),
            introduced_at,
            target: 1_000 * (1 + world.rng.below(40)),
        });
        floor += u64::from(world.rng.within(500, 2_000));
        if differ {
            multiplier += world.rng.within(0, 60);
            ratio += world.rng.within(1, 4_000);
        }
        decay -= world.rng.within(1, 10);
        introduced_at = now.min(introduced_at + u64::from(world.rng.within(0, 800)));
    }
    match world.rng.below(6) {
        0 => tiers.reverse(),
        1 => tiers.clear(),
        _ => {}
    }
    let Ok(tiers) = tiers.try_into() else {
        return false;
    };
    settings::govern(world, Origin::Tiers, Call::set_tiers { tiers });
    true
}
