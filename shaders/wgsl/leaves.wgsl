// Hashes each tile's 64 folds, with the round and the tile's number, into its leaf.
#import sha256
#import state

struct Parameters {
    tiles: u32,
}

@group(0) @binding(0) var<storage, read> state: State;
@group(0) @binding(1) var<storage, read> folds: array<u32>;
@group(0) @binding(2) var<storage, read_write> nodes: array<Hash>;
var<immediate> parameters: Parameters;

const WORKGROUP = 64u;
const LEAF = 0x4c454146u;
// Tag, round and tile, 64 folds, the end mark, and the length: five blocks.
const BYTES = 4u + 4u + 4u + 256u;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let tile = id.x;
    if tile >= parameters.tiles {
        return;
    }
    var hash = SHA256_START;
    for (var number = 0u; number < 5u; number++) {
        var block: array<u32, 16>;
        for (var word = 0u; word < 16u; word++) {
            let place = number * 16u + word;
            var value = 0u;
            if place >= 3u && place < 67u {
                value = sha256_swap_bytes(folds[tile * 64u + place - 3u]);
            } else if place == 0u {
                value = LEAF;
            } else if place == 1u {
                value = sha256_swap_bytes(state.round);
            } else if place == 2u {
                value = sha256_swap_bytes(tile);
            } else if place == 67u {
                value = 0x80000000u;
            } else if place == 79u {
                value = BYTES * 8u;
            }
            block[word] = value;
        }
        hash = sha256_block(hash, block);
    }
    nodes[tile] = hash;
}
