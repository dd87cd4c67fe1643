// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Waits for events, each for a bounded number of blocks.

use ni_client::events::Event;
use test_network::Follower;

/// Blocks within which calls are in a block, or a window opens or closes: three
/// times what a development window takes.
pub const SOON: u64 = 80;

/// Waits until all of these hotkeys are registered.
///
/// # Errors
/// Where they are not, soon.
pub async fn registered(follower: &mut Follower, who: &[[u8; 32]]) -> anyhow::Result<()> {
    let is_registered = |follower: &Follower, who: [u8; 32]| {
        follower
            .events()
            .any(|(_, event)| matches!(event, Event::Registered { hotkey, .. } if *hotkey == who))
    };
    follower
        .wait_for("registration", SOON, |follower| {
            who.iter()
                .all(|who| is_registered(follower, *who))
                .then_some(())
        })
        .await
}

/// Waits for the next window that opens. Returns it, and its first block.
///
/// # Errors
/// Where none opens soon.
pub async fn opening(follower: &mut Follower) -> anyhow::Result<(u32, u64)> {
    let now = follower.last().number;
    follower
        .wait_for("opening of a window", SOON, |follower| {
            follower.events().find_map(|(at, event)| match event {
                Event::WindowOpened { window } if at > now => Some((*window, at)),
                _ => None,
            })
        })
        .await
}

/// Waits for a window's close.
///
/// # Errors
/// Where it does not close soon.
pub async fn closing(follower: &mut Follower, of: u32) -> anyhow::Result<()> {
    follower
        .wait_for("close of a window", SOON, |follower| {
            follower
                .events()
                .any(|(_, event)| matches!(event, Event::WindowClosed { window } if *window == of))
                .then_some(())
        })
        .await
}

/// Waits for a block.
///
/// # Errors
/// Where it does not come soon.
pub async fn block(follower: &mut Follower, number: u64) -> anyhow::Result<()> {
    follower
        .wait_for("block", SOON, |follower| {
            (follower.last().number >= number).then_some(())
        })
        .await
}
