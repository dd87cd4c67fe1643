// Walks lanes through the fill, one a thread, and writes their marks.
#import cubehash
#import fill

const LANE = 0x454e414cu;
const START_ROUNDS = 8u;
const HOP_ROUNDS = 4u;

// The upper half of x * n, n being at most 2^16.
fn scale(x: u32, n: u32) -> u32 {
    return ((x >> 16u) * n + (((x & 0xffffu) * n) >> 16u)) >> 16u;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= parameters.count {
        return;
    }
    let lane = parameters.first + id.x;
    var s = cubehash(cubehash_seeded(walk.key_low, walk.key_high, lane, LANE), START_ROUNDS);
    let slots = (1u << walk.page_bits) - 1u;
    for (var hop = 0u; hop < walk.hops; hop++) {
        let number = (scale(s.a0.x, walk.pages) << walk.page_bits) | (s.a0.y & slots);
        let entry = fill_load(fill_chunk(number), fill_row(number));
        s.a0 ^= entry.a0; s.a1 ^= entry.a1; s.a2 ^= entry.a2; s.a3 ^= entry.a3;
        s.b0 ^= entry.b0; s.b1 ^= entry.b1; s.b2 ^= entry.b2; s.b3 ^= entry.b3;
        s = cubehash(s, HOP_ROUNDS);
    }
    marks[lane] = cubehash(s, HOP_ROUNDS).a0.x;
}
