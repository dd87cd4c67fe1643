// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Keys in the addresses of nodes, which are not for everybody who reads a log.
//!
//! Providers of nodes put a customer's key into the path or the query of an address, or
//! before its host. [`hide`] learns the addresses that are in use; what is printed, logged
//! or served then has `…` in the place of those parts, also where a message of the
//! transport repeats them.

use std::{
    borrow::Cow,
    io::{self, Write},
    sync::{PoisonError, RwLock},
};

use tracing_subscriber::fmt::MakeWriter;

/// Texts that are not shown, the longest first, and what is shown in their place.
static HIDDEN: RwLock<Vec<(String, String)>> = RwLock::new(Vec::new());

/// Shortest part of an address that is hidden where it stands alone: a shorter one, such as
/// `/ws`, could be anything.
const TELLING: usize = 16;

/// Hides the keys that may be in these addresses from now on.
pub fn hide<'a>(addresses: impl IntoIterator<Item = &'a str>) {
    let mut hidden = HIDDEN.write().unwrap_or_else(PoisonError::into_inner);
    hidden.extend(addresses.into_iter().flat_map(parts));
    hidden.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    hidden.dedup();
}

/// A text without the keys that [`hide`] was told of.
#[must_use]
pub fn redacted(text: &str) -> Cow<'_, str> {
    let hidden = HIDDEN.read().unwrap_or_else(PoisonError::into_inner);
    without(text, &hidden)
}

fn without<'a>(text: &'a str, hidden: &[(String, String)]) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    for (secret, shown) in hidden {
        if text.contains(secret) {
            text = Cow::Owned(text.replace(secret, shown));
        }
    }
    text
}

/// What is hidden of an address, and what is shown in its place: the whole of it, and its
/// parts where they can be told from other text.
fn parts(address: &str) -> Vec<(String, String)> {
    let Some((scheme, rest)) = address.split_once("://") else {
        return Vec::new();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    let path = Some(path).filter(|path| !matches!(*path, "" | "/"));
    if user.is_none() && path.is_none() {
        return Vec::new();
    }
    let shown_user = user.map_or("", |_| "…@");
    let shown_path = path.map_or("", |_| "/…");
    let mut parts = vec![(
        address.to_owned(),
        format!("{scheme}://{shown_user}{host}{shown_path}"),
    )];
    let alone = |text: &str| text.len() >= TELLING;
    if let Some(path) = path {
        parts.push((format!("{host}{path}"), format!("{host}{shown_path}")));
        if alone(path) {
            parts.push((path.to_owned(), shown_path.to_owned()));
        }
    }
    if let Some(user) = user {
        parts.push((format!("{user}@"), shown_user.to_owned()));
    }
    parts
}

/// Standard error for the log, without keys.
#[derive(Clone, Copy, Debug)]
pub struct Stderr;

impl MakeWriter<'_> for Stderr {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

/// The log writes an event at once.
impl Write for Stderr {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        io::stderr()
            .lock()
            .write_all(redacted(&text).as_bytes())
            .map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_addresses_are_hidden_wherever_they_are_repeated() {
        for (address, said, shown) in [
            (
                "wss://node.example/v3/0123456789abcdef",
                "cannot reach wss://node.example/v3/0123456789abcdef: no host",
                "cannot reach wss://node.example/…: no host",
            ),
            (
                "wss://node.example:443?apikey=0123456789abcdef",
                "GET node.example:443?apikey=0123456789abcdef",
                "GET node.example:443/…",
            ),
            (
                "wss://node.example/v3/0123456789abcdef",
                "the path /v3/0123456789abcdef is not found",
                "the path /… is not found",
            ),
            (
                "wss://me:secret@node.example",
                "me:secret@node.example hung up, wss://me:secret@node.example/ too",
                "…@node.example hung up, wss://…@node.example/ too",
            ),
            // Nothing to hide.
            (
                "ws://127.0.0.1:9944",
                "ws://127.0.0.1:9944 /",
                "ws://127.0.0.1:9944 /",
            ),
            (
                "ws://127.0.0.1:9944/",
                "ws://127.0.0.1:9944/",
                "ws://127.0.0.1:9944/",
            ),
            (
                "light:/a/chain.json",
                "light:/a/chain.json",
                "light:/a/chain.json",
            ),
            ("wss://node.example/ws", "on /ws, say", "on /ws, say"),
        ] {
            assert_eq!(without(said, &parts(address)), shown);
        }
    }
}
