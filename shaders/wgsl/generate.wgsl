// Fills A and B of a round with nine-bit entries from ChaCha8, a stream per row of A and column of B.
#import chacha8
#import sha256
#import state

struct Parameters {
    m: u32,
    n: u32,
    k: u32,
    // The first group of 512 entries along k of this dispatch.
    first: u32,
}

@group(0) @binding(0) var<storage, read> state: State;
// Vector (k / 8) * m + i holds eight entries of row i, from k on, in f16: so
// neighbouring threads write, and `multiply` reads, neighbouring vectors.
@group(0) @binding(1) var<storage, read_write> a: array<vec4<u32>>;
// The same for the columns of B.
@group(0) @binding(2) var<storage, read_write> b: array<vec4<u32>>;
var<immediate> parameters: Parameters;

const WORKGROUP = 64u;
const STREAM_OF_A = 0x41u;
const STREAM_OF_B = 0x42u;

// Two entries: bytes 0 and 1 of `bytes` and bits 0 and 1 of `bits`.
fn pack_entries(bytes: u32, bits: u32) -> u32 {
    let low = i32((bytes & 0xffu) | ((bits & 1u) << 8u)) - 256;
    let high = i32(((bytes >> 8u) & 0xffu) | ((bits & 2u) << 7u)) - 256;
    return pack2x16float(vec2(f32(low), f32(high)));
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let thread = workgroup.x * WORKGROUP + local.x;
    let group = parameters.first + workgroup.y;
    let is_a = thread < parameters.m;
    let rows = select(parameters.n, parameters.m, is_a);
    let row = select(thread - parameters.m, thread, is_a);
    let nonce = vec3(select(STREAM_OF_B, STREAM_OF_A, is_a), row, 0u);

    let key_low = vec4(
        sha256_swap_bytes(state.key[0]), sha256_swap_bytes(state.key[1]),
        sha256_swap_bytes(state.key[2]), sha256_swap_bytes(state.key[3]),
    );
    let key_high = vec4(
        sha256_swap_bytes(state.key[4]), sha256_swap_bytes(state.key[5]),
        sha256_swap_bytes(state.key[6]), sha256_swap_bytes(state.key[7]),
    );

    // One block holds the ninth bits of eight blocks of entries.
    let blocks = parameters.k / 64u;
    var ninth_bits = chacha8_block(key_low, key_high, blocks + group, nonce);
    let first_block = group * 8u;
    let last_block = min(first_block + 8u, blocks);
    for (var block = first_block; block < last_block; block++) {
        var bytes = chacha8_block(key_low, key_high, block, nonce);
        let within = block - first_block;
        // 64 bits: the ninth ones of the block's entries.
        let half = (within & 1u) << 1u;
        let row_of_bits = ninth_bits[within >> 1u];
        for (var group_of_eight = 0u; group_of_eight < 8u; group_of_eight++) {
            let bits = row_of_bits[half + (group_of_eight >> 2u)] >> ((group_of_eight & 3u) * 8u);
            let words = bytes[group_of_eight >> 1u];
            let first_word = (group_of_eight & 1u) << 1u;
            let low = words[first_word];
            let high = words[first_word + 1u];
            let entries = vec4(
                pack_entries(low, bits), pack_entries(low >> 16u, bits >> 2u),
                pack_entries(high, bits >> 4u), pack_entries(high >> 16u, bits >> 6u),
            );
            let place = (block * 8u + group_of_eight) * rows + row;
            if is_a {
                a[place] = entries;
            } else {
                b[place] = entries;
            }
        }
    }
}
