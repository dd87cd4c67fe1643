// Copyright the NI tokenomics developers.
// SPDX-License-Identifier: Apache-2.0

//! What the module exports and imports.
//!
//! - export `input() -> address`: where the host writes a reveal, at most 64 KiB.
//! - export `verify(length, times) -> status`: decodes the reveal of that many
//!   bytes and verifies it so many times; 0 if it was valid every time, 1 if it was
//!   not, 2 if it cannot be decoded.
//! - export `verify_walk(length, times) -> status`: the same of a memory walk's reveal.
//! - import `host.sha256(data, length, digest)`.
#![allow(
    unsafe_code,
    reason = "a wasm module's memory, imports and exports are raw addresses"
)]

extern crate alloc;

use alloc::vec::Vec;
use core::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    sync::atomic::{AtomicUsize, Ordering},
};

use codec::Decode;
use proof_of_gpu_primitives::{
    Claim, Hash, Opening, Sha256, Workload, verify_reveal,
    walk::{WalkClaim, WalkParameters, verify_walk as verify_walk_reveal},
};

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    fn sha256(data: *const u8, length: usize, digest: *mut u8);
}

/// SHA-256 by the host.
struct HostSha256;

impl Sha256 for HostSha256 {
    fn hash(data: &[u8]) -> Hash {
        let mut digest = [0; 32];
        // SAFETY: the host reads `length` bytes and writes 32, all of them ours.
        unsafe { sha256(data.as_ptr(), data.len(), digest.as_mut_ptr()) };
        digest
    }
}

/// Bytes at a fixed place; the module has one thread.
#[repr(align(16))]
struct Fixed<const N: usize>(UnsafeCell<[u8; N]>);

// SAFETY: the module has one thread.
unsafe impl<const N: usize> Sync for Fixed<N> {}

static INPUT: Fixed<65_536> = Fixed(UnsafeCell::new([0; 65_536]));
static HEAP: Fixed<1_048_576> = Fixed(UnsafeCell::new([0; 1_048_576]));

/// Hands out the heap from its start on and takes nothing back; each verification
/// starts over.
struct Bump(AtomicUsize);

#[global_allocator]
static ALLOCATOR: Bump = Bump(AtomicUsize::new(0));

// SAFETY: pieces are aligned, inside the heap and apart from each other until the
// counter is reset, which happens when none is in use.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self
            .0
            .load(Ordering::Relaxed)
            .next_multiple_of(layout.align());
        let end = start.saturating_add(layout.size());
        if layout.align() > 16 || end > 1_048_576 {
            return core::ptr::null_mut();
        }
        self.0.store(end, Ordering::Relaxed);
        HEAP.0.get().cast::<u8>().wrapping_add(start)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// What the host encodes, decoded and verified.
trait Reveal: Decode {
    fn is_valid(&self) -> bool;
}

/// What either reveal opens.
#[derive(Decode)]
struct Opened {
    sampling_beacon: Hash,
    peaks: Vec<Hash>,
    openings: Vec<Opening>,
}

impl Opened {
    /// Verifies as many samples as there are openings.
    fn holds(&self, verify: impl FnOnce(&Hash, &[Hash], &[Opening], u32) -> bool) -> bool {
        u32::try_from(self.openings.len()).is_ok_and(|samples| {
            verify(&self.sampling_beacon, &self.peaks, &self.openings, samples)
        })
    }
}

/// A reveal of the product and what it is checked against.
#[derive(Decode)]
struct ProductReveal {
    challenge: Hash,
    workload: Workload,
    rounds: u32,
    root: Hash,
    opened: Opened,
}

impl Reveal for ProductReveal {
    fn is_valid(&self) -> bool {
        let claim = Claim {
            challenge: self.challenge,
            workload: self.workload,
            rounds: self.rounds,
            root: self.root,
        };
        self.opened.holds(|beacon, peaks, openings, samples| {
            verify_reveal::<HostSha256>(&claim, beacon, peaks, openings, samples).is_ok()
        })
    }
}

/// A reveal of a memory walk and what it is checked against.
#[derive(Decode)]
struct WalkReveal {
    challenge: Hash,
    parameters: WalkParameters,
    batches: u32,
    root: Hash,
    opened: Opened,
}

impl Reveal for WalkReveal {
    fn is_valid(&self) -> bool {
        let claim = WalkClaim {
            challenge: self.challenge,
            parameters: self.parameters,
            batches: self.batches,
            root: self.root,
        };
        self.opened.holds(|beacon, peaks, openings, samples| {
            verify_walk_reveal::<HostSha256>(&claim, beacon, peaks, openings, samples).is_ok()
        })
    }
}

#[unsafe(no_mangle)]
extern "C" fn input() -> *mut u8 {
    INPUT.0.get().cast()
}

#[unsafe(no_mangle)]
extern "C" fn verify(length: usize, times: u32) -> u32 {
    run::<ProductReveal>(length, times)
}

#[unsafe(no_mangle)]
extern "C" fn verify_walk(length: usize, times: u32) -> u32 {
    run::<WalkReveal>(length, times)
}

fn run<R: Reveal>(length: usize, times: u32) -> u32 {
    // SAFETY: nothing writes the input while the module runs.
    let input = unsafe { &*INPUT.0.get() };
    for _ in 0..times {
        ALLOCATOR.0.store(0, Ordering::Relaxed);
        let Some(Ok(reveal)) = input.get(..length).map(|mut bytes| R::decode(&mut bytes)) else {
            return 2;
        };
        if !reveal.is_valid() {
            return 1;
        }
    }
    0
}
