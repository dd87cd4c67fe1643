// SHA-256 on big-endian words. The rounds are written out, so that no table is
// indexed and every word stays in a register.

alias Hash = array<u32, 8>;

const SHA256_START = Hash(
    0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au,
    0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u,
);

fn sha256_swap_bytes(word: u32) -> u32 {
    return (word << 24u) | ((word & 0xff00u) << 8u) | ((word >> 8u) & 0xff00u) | (word >> 24u);
}

fn sha256_rotate(word: u32, bits: u32) -> u32 {
    return (word >> bits) | (word << (32u - bits));
}

// The message schedule: the word 16 places on from w, given those 1, 9 and 14 on.
fn sha256_next(w: u32, w1: u32, w9: u32, w14: u32) -> u32 {
    let s0 = sha256_rotate(w1, 7u) ^ sha256_rotate(w1, 18u) ^ (w1 >> 3u);
    let s1 = sha256_rotate(w14, 17u) ^ sha256_rotate(w14, 19u) ^ (w14 >> 10u);
    return w + s0 + w9 + s1;
}

fn sha256_round(s: Hash, addend: u32) -> Hash {
    let e = s[4];
    let a = s[0];
    let s1 = sha256_rotate(e, 6u) ^ sha256_rotate(e, 11u) ^ sha256_rotate(e, 25u);
    let choice = (e & s[5]) ^ (~e & s[6]);
    let t = s[7] + s1 + choice + addend;
    let s0 = sha256_rotate(a, 2u) ^ sha256_rotate(a, 13u) ^ sha256_rotate(a, 22u);
    let majority = (a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]);
    return Hash(t + s0 + majority, a, s[1], s[2], s[3] + t, e, s[5], s[6]);
}

// The state after one more block of 16 words.
fn sha256_block(state: Hash, block: array<u32, 16>) -> Hash {
    var s = state;
    var w = block;
    s = sha256_round(s, 0x428a2f98u + w[0]);
    s = sha256_round(s, 0x71374491u + w[1]);
    s = sha256_round(s, 0xb5c0fbcfu + w[2]);
    s = sha256_round(s, 0xe9b5dba5u + w[3]);
    s = sha256_round(s, 0x3956c25bu + w[4]);
    s = sha256_round(s, 0x59f111f1u + w[5]);
    s = sha256_round(s, 0x923f82a4u + w[6]);
    s = sha256_round(s, 0xab1c5ed5u + w[7]);
    s = sha256_round(s, 0xd807aa98u + w[8]);
    s = sha256_round(s, 0x12835b01u + w[9]);
    s = sha256_round(s, 0x243185beu + w[10]);
    s = sha256_round(s, 0x550c7dc3u + w[11]);
    s = sha256_round(s, 0x72be5d74u + w[12]);
    s = sha256_round(s, 0x80deb1feu + w[13]);
    s = sha256_round(s, 0x9bdc06a7u + w[14]);
    s = sha256_round(s, 0xc19bf174u + w[15]);
    w[0] = sha256_next(w[0], w[1], w[9], w[14]); s = sha256_round(s, 0xe49b69c1u + w[0]);
    w[1] = sha256_next(w[1], w[2], w[10], w[15]); s = sha256_round(s, 0xefbe4786u + w[1]);
    w[2] = sha256_next(w[2], w[3], w[11], w[0]); s = sha256_round(s, 0x0fc19dc6u + w[2]);
    w[3] = sha256_next(w[3], w[4], w[12], w[1]); s = sha256_round(s, 0x240ca1ccu + w[3]);
    w[4] = sha256_next(w[4], w[5], w[13], w[2]); s = sha256_round(s, 0x2de92c6fu + w[4]);
    w[5] = sha256_next(w[5], w[6], w[14], w[3]); s = sha256_round(s, 0x4a7484aau + w[5]);
    w[6] = sha256_next(w[6], w[7], w[15], w[4]); s = sha256_round(s, 0x5cb0a9dcu + w[6]);
    w[7] = sha256_next(w[7], w[8], w[0], w[5]); s = sha256_round(s, 0x76f988dau + w[7]);
    w[8] = sha256_next(w[8], w[9], w[1], w[6]); s = sha256_round(s, 0x983e5152u + w[8]);
    w[9] = sha256_next(w[9], w[10], w[2], w[7]); s = sha256_round(s, 0xa831c66du + w[9]);
    w[10] = sha256_next(w[10], w[11], w[3], w[8]); s = sha256_round(s, 0xb00327c8u + w[10]);
    w[11] = sha256_next(w[11], w[12], w[4], w[9]); s = sha256_round(s, 0xbf597fc7u + w[11]);
    w[12] = sha256_next(w[12], w[13], w[5], w[10]); s = sha256_round(s, 0xc6e00bf3u + w[12]);
    w[13] = sha256_next(w[13], w[14], w[6], w[11]); s = sha256_round(s, 0xd5a79147u + w[13]);
    w[14] = sha256_next(w[14], w[15], w[7], w[12]); s = sha256_round(s, 0x06ca6351u + w[14]);
    w[15] = sha256_next(w[15], w[0], w[8], w[13]); s = sha256_round(s, 0x14292967u + w[15]);
    w[0] = sha256_next(w[0], w[1], w[9], w[14]); s = sha256_round(s, 0x27b70a85u + w[0]);
    w[1] = sha256_next(w[1], w[2], w[10], w[15]); s = sha256_round(s, 0x2e1b2138u + w[1]);
    w[2] = sha256_next(w[2], w[3], w[11], w[0]); s = sha256_round(s, 0x4d2c6dfcu + w[2]);
    w[3] = sha256_next(w[3], w[4], w[12], w[1]); s = sha256_round(s, 0x53380d13u + w[3]);
    w[4] = sha256_next(w[4], w[5], w[13], w[2]); s = sha256_round(s, 0x650a7354u + w[4]);
    w[5] = sha256_next(w[5], w[6], w[14], w[3]); s = sha256_round(s, 0x766a0abbu + w[5]);
    w[6] = sha256_next(w[6], w[7], w[15], w[4]); s = sha256_round(s, 0x81c2c92eu + w[6]);
    w[7] = sha256_next(w[7], w[8], w[0], w[5]); s = sha256_round(s, 0x92722c85u + w[7]);
    w[8] = sha256_next(w[8], w[9], w[1], w[6]); s = sha256_round(s, 0xa2bfe8a1u + w[8]);
    w[9] = sha256_next(w[9], w[10], w[2], w[7]); s = sha256_round(s, 0xa81a664bu + w[9]);
    w[10] = sha256_next(w[10], w[11], w[3], w[8]); s = sha256_round(s, 0xc24b8b70u + w[10]);
    w[11] = sha256_next(w[11], w[12], w[4], w[9]); s = sha256_round(s, 0xc76c51a3u + w[11]);
    w[12] = sha256_next(w[12], w[13], w[5], w[10]); s = sha256_round(s, 0xd192e819u + w[12]);
    w[13] = sha256_next(w[13], w[14], w[6], w[11]); s = sha256_round(s, 0xd6990624u + w[13]);
    w[14] = sha256_next(w[14], w[15], w[7], w[12]); s = sha256_round(s, 0xf40e3585u + w[14]);
    w[15] = sha256_next(w[15], w[0], w[8], w[13]); s = sha256_round(s, 0x106aa070u + w[15]);
    w[0] = sha256_next(w[0], w[1], w[9], w[14]); s = sha256_round(s, 0x19a4c116u + w[0]);
    w[1] = sha256_next(w[1], w[2], w[10], w[15]); s = sha256_round(s, 0x1e376c08u + w[1]);
    w[2] = sha256_next(w[2], w[3], w[11], w[0]); s = sha256_round(s, 0x2748774cu + w[2]);
    w[3] = sha256_next(w[3], w[4], w[12], w[1]); s = sha256_round(s, 0x34b0bcb5u + w[3]);
    w[4] = sha256_next(w[4], w[5], w[13], w[2]); s = sha256_round(s, 0x391c0cb3u + w[4]);
    w[5] = sha256_next(w[5], w[6], w[14], w[3]); s = sha256_round(s, 0x4ed8aa4au + w[5]);
    w[6] = sha256_next(w[6], w[7], w[15], w[4]); s = sha256_round(s, 0x5b9cca4fu + w[6]);
    w[7] = sha256_next(w[7], w[8], w[0], w[5]); s = sha256_round(s, 0x682e6ff3u + w[7]);
    w[8] = sha256_next(w[8], w[9], w[1], w[6]); s = sha256_round(s, 0x748f82eeu + w[8]);
    w[9] = sha256_next(w[9], w[10], w[2], w[7]); s = sha256_round(s, 0x78a5636fu + w[9]);
    w[10] = sha256_next(w[10], w[11], w[3], w[8]); s = sha256_round(s, 0x84c87814u + w[10]);
    w[11] = sha256_next(w[11], w[12], w[4], w[9]); s = sha256_round(s, 0x8cc70208u + w[11]);
    w[12] = sha256_next(w[12], w[13], w[5], w[10]); s = sha256_round(s, 0x90befffau + w[12]);
    w[13] = sha256_next(w[13], w[14], w[6], w[11]); s = sha256_round(s, 0xa4506cebu + w[13]);
    w[14] = sha256_next(w[14], w[15], w[7], w[12]); s = sha256_round(s, 0xbef9a3f7u + w[14]);
    w[15] = sha256_next(w[15], w[0], w[8], w[13]); s = sha256_round(s, 0xc67178f2u + w[15]);
    return Hash(
        state[0] + s[0], state[1] + s[1], state[2] + s[2], state[3] + s[3],
        state[4] + s[4], state[5] + s[5], state[6] + s[6], state[7] + s[7],
    );
}

// The hash of a four-byte tag and two hashes: a node of a tree.
fn sha256_node(tag: u32, left: Hash, right: Hash) -> Hash {
    let first = sha256_block(SHA256_START, array(
        tag, left[0], left[1], left[2], left[3], left[4], left[5], left[6], left[7],
        right[0], right[1], right[2], right[3], right[4], right[5], right[6],
    ));
    return sha256_block(first, array(
        right[7], 0x80000000u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 68u * 8u,
    ));
}
