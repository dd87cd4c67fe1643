// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Carries calls to every node that a program knows, so that one which drops them, refuses
//! them or does not answer keeps none of them from the chain.
//!
//! Each node has a task with a connection of its own and takes calls in the order in which
//! they were sent: a node that hangs holds up nobody else's. A light client is used only
//! where it is the node in use.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::debug;

use super::{Chain, ChainError, Included, Letter, is_light};

/// How long a node may take to accept a connection before its calls are given up.
const CONNECTING: Duration = Duration::from_secs(5);

/// What became of a call at one node.
#[derive(Debug)]
pub enum Fate {
    /// The node did not take it.
    NotTaken(ChainError),
    /// The node took it; what came of that.
    Ended(Result<Included, ChainError>),
}

/// Who is told what became of a call, and at which node.
type Tell = Box<dyn FnMut(&str, Fate) + Send>;

enum Order {
    /// Connect, so that the first call finds a connection.
    Warm,
    Deliver(Arc<Letter>, Tell),
}

/// A node's connection: made by its task, or the one in use.
type Held = Arc<Mutex<Option<Chain>>>;

#[derive(Debug)]
struct Route {
    url: String,
    held: Held,
    orders: UnboundedSender<Order>,
}

/// The way to every node. Ends with its last clone.
#[derive(Clone, Debug)]
pub struct Courier {
    routes: Arc<[Route]>,
}

impl Courier {
    /// To the nodes at these addresses. Has to be called within a Tokio runtime.
    pub fn new(urls: &[String]) -> Self {
        let mut known = BTreeMap::new();
        let first = urls.iter().filter(|url| known.insert(*url, ()).is_none());
        let routes = first.map(|url| {
            let held = Held::default();
            let (orders, received) = unbounded_channel();
            tokio::spawn(carry(url.clone(), Arc::clone(&held), received));
            Route {
                url: url.clone(),
                held,
                orders,
            }
        });
        Self {
            routes: routes.collect(),
        }
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.routes.len()
    }

    /// Takes calls to a node over this connection, too.
    pub fn uses(&self, chain: &Chain) {
        self.put(chain.url(), Some(chain.alone()));
    }

    /// Forgets the connection to a node: the next call makes another.
    pub fn forget(&self, url: &str) {
        self.put(url, None);
    }

    /// The connection that there is to a node.
    pub fn held(&self, url: &str) -> Option<Chain> {
        let route = self.routes.iter().find(|route| route.url == url)?;
        lock(&route.held).clone()
    }

    /// Connections to all of them, as far as they can be reached.
    pub(crate) async fn connections(&self) -> Vec<Chain> {
        let mut connections = Vec::new();
        for route in self.routes.iter() {
            match connected(&route.url, &route.held).await {
                Ok(chain) => connections.push(chain),
                Err(cause) => debug!(url = route.url, %cause, "cannot be asked"),
            }
        }
        connections
    }

    fn put(&self, url: &str, chain: Option<Chain>) {
        for route in self.routes.iter().filter(|route| route.url == url) {
            lock(&route.held).clone_from(&chain);
        }
    }

    /// Connects to every node that there is no connection to, beside everything else.
    pub fn warm(&self) {
        for route in self.routes.iter() {
            // Its task ends after this value.
            let _ = route.orders.send(Order::Warm);
        }
    }

    /// Sends a call to every node that `to` names, and tells of each what became of it.
    pub fn send(
        &self,
        letter: &Arc<Letter>,
        to: impl Fn(&str) -> bool,
        tell: impl FnMut(&str, Fate) + Clone + Send + 'static,
    ) {
        for route in self.routes.iter().filter(|route| to(&route.url)) {
            let order = Order::Deliver(Arc::clone(letter), Box::new(tell.clone()));
            // Its task ends after this value.
            let _ = route.orders.send(order);
        }
    }
}

fn lock(held: &Held) -> std::sync::MutexGuard<'_, Option<Chain>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A node's task: one order after the other.
async fn carry(url: String, held: Held, mut orders: UnboundedReceiver<Order>) {
    while let Some(order) = orders.recv().await {
        let connected = connected(&url, &held).await;
        match (connected, order) {
            (Ok(chain), Order::Deliver(letter, tell)) => {
                deliver(&chain, &held, &letter, tell).await
            }
            (Ok(_), Order::Warm) => {}
            (Err(cause), order) => {
                debug!(url, %cause, "no connection to send calls over");
                // What waits behind it would find none either.
                let mut waiting = vec![order];
                while let Ok(order) = orders.try_recv() {
                    waiting.push(order);
                }
                for order in waiting {
                    if let Order::Deliver(_, mut tell) = order {
                        let cause = ChainError::Unreachable {
                            url: url.clone(),
                            cause: cause.to_string(),
                        };
                        tell(&url, Fate::NotTaken(cause));
                    }
                }
            }
        }
    }
}

async fn connected(url: &str, held: &Held) -> Result<Chain, ChainError> {
    if let Some(chain) = lock(held).clone() {
        return Ok(chain);
    }
    if is_light(url) {
        return Err(ChainError::Light("it is not in use".into()));
    }
    let chain = tokio::time::timeout(CONNECTING, Chain::connect(url))
        .await
        .map_err(|_| ChainError::Timeout)??;
    Ok(lock(held).get_or_insert(chain).clone())
}

async fn deliver(chain: &Chain, held: &Held, letter: &Letter, mut tell: Tell) {
    let url = chain.url().to_owned();
    match letter.deliver(chain).await {
        Ok(Some(submitted)) => {
            tokio::spawn(async move { tell(&url, Fate::Ended(submitted.included().await)) });
        }
        // Whoever brought it there is told.
        Ok(None) => {}
        Err(cause) => {
            if !matches!(cause, ChainError::Refused { .. }) {
                // Not a newer connection.
                lock(held).take_if(|held| held.is_same_connection(chain));
            }
            tell(&url, Fate::NotTaken(cause));
        }
    }
}
