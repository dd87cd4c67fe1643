// Rounds of CubeHash on 1024 bits held as eight rows of four words. Exchanges of
// words are exchanges of rows' names and swizzles.

struct Block {
    a0: vec4<u32>, a1: vec4<u32>, a2: vec4<u32>, a3: vec4<u32>,
    b0: vec4<u32>, b1: vec4<u32>, b2: vec4<u32>, b3: vec4<u32>,
}

fn cubehash_rotate(row: vec4<u32>, bits: u32) -> vec4<u32> {
    return (row << vec4(bits)) | (row >> vec4(32u - bits));
}

fn cubehash(start: Block, rounds: u32) -> Block {
    var s = start;
    for (var round = 0u; round < rounds; round++) {
        s.b0 += s.a0; s.b1 += s.a1; s.b2 += s.a2; s.b3 += s.a3;
        let c0 = cubehash_rotate(s.a2, 7u) ^ s.b0;
        let c1 = cubehash_rotate(s.a3, 7u) ^ s.b1;
        let c2 = cubehash_rotate(s.a0, 7u) ^ s.b2;
        let c3 = cubehash_rotate(s.a1, 7u) ^ s.b3;
        let d0 = s.b0.zwxy + c0;
        let d1 = s.b1.zwxy + c1;
        let d2 = s.b2.zwxy + c2;
        let d3 = s.b3.zwxy + c3;
        s.a0 = cubehash_rotate(c1, 11u) ^ d0;
        s.a1 = cubehash_rotate(c0, 11u) ^ d1;
        s.a2 = cubehash_rotate(c3, 11u) ^ d2;
        s.a3 = cubehash_rotate(c2, 11u) ^ d3;
        s.b0 = d0.yxwz; s.b1 = d1.yxwz; s.b2 = d2.yxwz; s.b3 = d3.yxwz;
    }
    return s;
}

// A key, a number and a tag, the rest zero.
fn cubehash_seeded(key_low: vec4<u32>, key_high: vec4<u32>, number: u32, tag: u32) -> Block {
    let zero = vec4(0u);
    return Block(key_low, key_high, vec4(number, tag, 0u, 0u), zero, zero, zero, zero, zero);
}
