// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! Inputs read as choices.

/// Reads an input from the front. Past its end everything is zero.
#[derive(Clone, Debug)]
pub struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// From the front of `input`.
    #[must_use]
    pub const fn new(input: &'a [u8]) -> Self {
        Self(input)
    }

    /// Whether nothing is left.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub const fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        core::array::from_fn(|_| self.byte())
    }

    /// An index of a list of `length`, which has at most 256 elements that can be
    /// chosen; zero where it is empty.
    pub fn index(&mut self, length: usize) -> usize {
        usize::from(self.byte()).checked_rem(length).unwrap_or(0)
    }

    /// The next `length` bytes, or as many as there are.
    pub fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// What is left, which stays.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.0
    }
}

/// Longest piece that one edit inserts or copies, in bytes.
const PIECE: usize = 64;

/// Alterations of something that is well formed. They leave most of it as it is, so
/// what they make comes further than any bytes would, and a small input stands for a
/// large file.
pub struct Edits<'a, 'b>(pub &'b mut Cursor<'a>);

impl Edits<'_, '_> {
    /// Makes one edit, at a place among the first `reach` bytes, or all bytes where
    /// `reach` is zero.
    pub fn edit(&mut self, bytes: &mut Vec<u8>, reach: usize) {
        let cursor = &mut *self.0;
        let kind = cursor.byte();
        let place = usize::try_from(u32::from_le_bytes(cursor.bytes())).unwrap_or(0);
        let reach = if reach == 0 {
            bytes.len()
        } else {
            reach.min(bytes.len())
        };
        let Some(at) = place.checked_rem(reach) else {
            bytes.push(cursor.byte());
            return;
        };
        match kind % 7 {
            0 => bytes[at] ^= 1 << (cursor.byte() % 8),
            1 => bytes[at] = cursor.byte(),
            2 => {
                let length = 1 + usize::from(cursor.byte()) % PIECE;
                let value = cursor.byte();
                for byte in bytes.iter_mut().skip(at).take(length) {
                    *byte = value;
                }
            }
            3 => {
                let value: [u8; 8] = cursor.bytes();
                for (byte, value) in bytes.iter_mut().skip(at).zip(value) {
                    *byte = value;
                }
            }
            4 => bytes.truncate(at),
            5 => {
                let length = (1 + usize::from(cursor.byte()) % PIECE).min(bytes.len() - at);
                drop(bytes.drain(at..at + length));
            }
            _ => {
                let length = 1 + usize::from(cursor.byte()) % PIECE;
                let piece = cursor.take(length).to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
}
