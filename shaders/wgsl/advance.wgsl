// Appends the round's root to the mountain range, keeps it for the host and derives the next round's key.
#import sha256
#import state

struct Parameters {
    // Which node is the round's root.
    source: u32,
    // Where among the kept roots it goes.
    destination: u32,
}

@group(0) @binding(0) var<storage, read_write> state: State;
@group(0) @binding(1) var<storage, read> nodes: array<Hash>;
@group(0) @binding(2) var<storage, read_write> roots: array<Hash>;
var<immediate> parameters: Parameters;

const MMRN = 0x4d4d524eu;
const SEED = 0x53454544u;

// A hash over words that come one by one.
struct Hasher {
    hash: Hash,
    block: array<u32, 16>,
    words: u32,
}

fn absorb(hasher: ptr<function, Hasher>, word: u32) {
    (*hasher).block[(*hasher).words % 16u] = word;
    (*hasher).words += 1u;
    if (*hasher).words % 16u == 0u {
        (*hasher).hash = sha256_block((*hasher).hash, (*hasher).block);
    }
}

@compute @workgroup_size(1)
fn main() {
    let root = nodes[parameters.source];
    roots[parameters.destination] = root;

    var peak = root;
    var height = 0u;
    let round = state.round;
    while ((round >> height) & 1u) == 1u {
        peak = sha256_node(MMRN, state.peaks[height], peak);
        height++;
    }
    state.peaks[height] = peak;
    let next = round + 1u;
    state.round = next;

    var hasher = Hasher(SHA256_START, array<u32, 16>(), 0u);
    absorb(&hasher, SEED);
    for (var word = 0u; word < 8u; word++) {
        absorb(&hasher, state.challenge[word]);
    }
    absorb(&hasher, sha256_swap_bytes(next));
    for (var mountain = 31u; mountain > 0u; mountain--) {
        if ((next >> (mountain - 1u)) & 1u) == 1u {
            for (var word = 0u; word < 8u; word++) {
                absorb(&hasher, state.peaks[mountain - 1u][word]);
            }
        }
    }
    let bits = hasher.words * 32u;
    absorb(&hasher, 0x80000000u);
    while hasher.words % 16u != 15u {
        absorb(&hasher, 0u);
    }
    absorb(&hasher, bits);
    state.key = hasher.hash;
}
