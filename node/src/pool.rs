// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! The tasks of the transaction pool. One of them ends only where the pool is gone: at
//! the end of the node. As the SDK's essential task it would then be logged as failed.

use futures::{FutureExt, future::BoxFuture};
use sc_service::{SpawnEssentialTaskHandle, SpawnTaskHandle, TaskManager};
use sp_core::traits::SpawnEssentialNamed;
use std::panic::AssertUnwindSafe;

/// Spawns tasks that end the node where they end before it.
#[derive(Clone)]
pub(crate) struct Spawner {
    tasks: SpawnTaskHandle,
    essential: SpawnEssentialTaskHandle,
}

impl Spawner {
    pub(crate) fn new(task_manager: &TaskManager) -> Self {
        Self {
            tasks: task_manager.spawn_handle(),
            essential: task_manager.spawn_essential_handle(),
        }
    }

    /// The task, and then an essential one that ends at once. While the node runs that is
    /// a failure, which ends it. When it ends nothing is spawned any more.
    fn watched(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        task: BoxFuture<'static, ()>,
    ) -> BoxFuture<'static, ()> {
        let essential = self.essential.clone();
        // A panic was told by its hook, and nothing of the task is used after it.
        AssertUnwindSafe(task)
            .catch_unwind()
            .map(move |_| essential.spawn(name, group, futures::future::ready(())))
            .boxed()
    }
}

impl SpawnEssentialNamed for Spawner {
    fn spawn_essential_blocking(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        task: BoxFuture<'static, ()>,
    ) {
        let task = self.watched(name, group, task);
        self.tasks.spawn_blocking(name, group, task);
    }

    fn spawn_essential(
        &self,
        name: &'static str,
        group: Option<&'static str>,
        task: BoxFuture<'static, ()>,
    ) {
        let task = self.watched(name, group, task);
        self.tasks.spawn(name, group, task);
    }
}
